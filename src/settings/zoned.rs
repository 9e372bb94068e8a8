//! Names of columns that say the zone of their times: `Last Modified Date (GMT+1)`. Programs write the zone
//! of whoever exports, so that the same column is called another in summer.

/// What programs abbreviate zones to, beside those that begin with GMT or UTC, and the offset; none where
/// several zones are called that.
const ZONES: [(&str, Option<&str>); 34] = [
    ("EST", Some("-05:00")),
    ("EDT", Some("-04:00")),
    ("CST", Some("-06:00")),
    ("CDT", Some("-05:00")),
    ("MST", Some("-07:00")),
    ("MDT", Some("-06:00")),
    ("PST", Some("-08:00")),
    ("PDT", Some("-07:00")),
    ("AKST", Some("-09:00")),
    ("AKDT", Some("-08:00")),
    ("HST", Some("-10:00")),
    ("AST", None),
    ("ADT", Some("-03:00")),
    ("NST", Some("-03:30")),
    ("NDT", Some("-02:30")),
    ("BST", None),
    ("IST", None),
    ("WET", Some("+00:00")),
    ("WEST", Some("+01:00")),
    ("CET", Some("+01:00")),
    ("CEST", Some("+02:00")),
    ("EET", Some("+02:00")),
    ("EEST", Some("+03:00")),
    ("MSK", Some("+03:00")),
    ("SAST", Some("+02:00")),
    ("JST", Some("+09:00")),
    ("KST", Some("+09:00")),
    ("SGT", Some("+08:00")),
    ("HKT", Some("+08:00")),
    ("AEST", Some("+10:00")),
    ("AEDT", Some("+11:00")),
    ("AWST", Some("+08:00")),
    ("NZST", Some("+12:00")),
    ("NZDT", Some("+13:00")),
];

/// The name without the zone that it ends in.
#[must_use]
pub fn without_zone(name: &str) -> &str {
    let inner = name.trim_end().strip_suffix(')').and_then(|name| name.rsplit_once('('));
    let Some((rest, zone)) = inner else { return name };
    let is_zone = offset(zone).is_some() || ZONES.iter().any(|(known, _)| *known == zone.trim());
    if is_zone && !rest.trim().is_empty() { rest.trim_end() } else { name }
}

/// The zone of the times of a column, as the header's line writes it behind the column's name: `+01:00` of
/// `Last Modified Date (GMT+1)`. None where it says none, or one of several that are called so.
#[must_use]
pub fn zone_in_header(header: &str, column: &str) -> Option<String> {
    let (header, plain) = (header.to_lowercase(), without_zone(column.trim()).to_lowercase());
    let mut zones = header.match_indices(&plain).filter_map(|(at, _)| {
        // Not `Contact Last Modified Date`.
        let is_whole = !header[..at].trim_end().ends_with(char::is_alphanumeric);
        let inner = header[at + plain.len()..].trim_start().strip_prefix('(')?;
        let zone = inner.split_once(')')?.0.trim().to_uppercase();
        let known = || ZONES.iter().find(|(known, _)| *known == zone)?.1.map(str::to_owned);
        offset(&zone).or_else(known).filter(|_| is_whole)
    });
    zones.next()
}

/// What is added to `GMT` or `UTC`: `+01:00`.
fn offset(zone: &str) -> Option<String> {
    let offset = ["GMT", "UTC"].iter().find_map(|zero| zone.trim().strip_prefix(zero))?;
    let Some(sign) = offset.chars().next() else { return Some("+00:00".to_owned()) };
    let digits = offset.strip_prefix(['+', '-', '\u{2212}'])?;
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() > 2 => digits.split_at_checked(digits.len() - 2)?,
        None => (digits, "0"),
    };
    let number = |text: &str, most: u8| text.parse::<u8>().ok().filter(|it| *it <= most);
    let (hours, minutes) = (number(hours, 14)?, number(minutes, 59)?);
    Some(format!("{}{hours:02}:{minutes:02}", if sign == '+' { '+' } else { '-' }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zone_of_a_column_is_what_its_name_says() {
        let column = "Last Modified Date";
        for (header, zone) in [
            ("Record ID,Last Modified Date (GMT+1),Email", Some("+01:00")),
            ("Record ID,\"Last Modified Date (GMT-03:30)\"", Some("-03:30")),
            ("id;last modified date (UTC+0530)", Some("+05:30")),
            ("id,Last Modified Date (GMT)", Some("+00:00")),
            ("id,Last Modified Date (EDT)", Some("-04:00")),
            ("id,Last Modified Date (CEST)", Some("+02:00")),
            ("id,Contact Last Modified Date (EDT),Last Modified Date (PST)", Some("-08:00")),
            ("id,Last Modified Date", None),
            ("id,Last Modified Date (IST)", None),
            ("id,Last Modified Date (GMT+99)", None),
            ("id,Last Modified Date (by whom)", None),
        ] {
            assert_eq!(zone_in_header(header, column).as_deref(), zone, "{header}");
        }
        let of_winter = "Last Modified Date (GMT+1)";
        assert_eq!(
            zone_in_header("Last Modified Date (GMT+2)", of_winter).as_deref(),
            Some("+02:00")
        );
    }

    #[test]
    fn a_zone_at_the_end_is_no_part_of_a_name() {
        for zone in ["GMT+1", "GMT", "UTC", "UTC-03:30", "EDT", "EST", "CEST", "GMT+10:00", "NZDT"]
        {
            assert_eq!(without_zone(&format!("Last Modified Date ({zone})")), "Last Modified Date");
        }
        for name in ["Price (EUR)", "Phone (home)", "(GMT)", "Name", "Size (GMT x)", "a (UTC+x)"] {
            assert_eq!(without_zone(name), name);
        }
    }
}
