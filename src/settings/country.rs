//! The country codes of ISO 3166-1 alpha-2.

use super::reader::{Findings, Placed};

/// Every officially assigned code, and the one that Kosovo goes by; ascending.
const CODES: &str = "\
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT \
BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH \
ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT \
HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS \
LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI \
NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG \
SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG \
UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";

/// The code that stands there, in upper case; another text is a finding.
pub(super) fn read(region: Placed<'_>, findings: &mut Findings) -> Option<String> {
    let known = code(region.text);
    if known.is_none() {
        let hint = if region.text.eq_ignore_ascii_case("uk") { " (the UK is `GB`)" } else { "" };
        let text = region.text;
        findings.add(
            region.at,
            format!("region `{text}` is not an ISO 3166-1 alpha-2 country code such as `US`{hint}"),
        );
    }
    known
}

/// The code in upper case, if it is assigned.
fn code(text: &str) -> Option<String> {
    let upper = text.to_ascii_uppercase();
    CODES.split(' ').any(|code| code == upper).then_some(upper)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assigned_codes_only() {
        assert_eq!(CODES.split(' ').count(), 250);
        assert!(CODES.split(' ').is_sorted());
        assert_eq!(code("us").as_deref(), Some("US"));
        assert_eq!(code("UK"), None);
        assert_eq!(code("USA"), None);
    }
}
