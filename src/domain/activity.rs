//! What customers did, or what was done with them: purchases, page views, calls, e-mails opened.
//!
//! An activity belongs to whoever its row names, by the key of a source record or by a *handle* (an
//! e-mail address, a telephone number, a customer number): both are held as fingerprints beside it.
//! Whose it is follows from the records whenever it is asked, so that merging, unmerging and undo
//! move nothing.

use std::fmt;
use std::str::FromStr;

use compact_str::{CompactString, ToCompactString, format_compact};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Fingerprint;

/// The name of a stream of activities: `orders`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StreamName(CompactString);

impl StreamName {
    /// A name as it stands in `steward.toml`.
    #[must_use]
    pub fn new(name: impl AsRef<str>) -> Self {
        Self(CompactString::new(name))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StreamName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What kind of activity it is: `purchase`, or a name of the workspace's own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ActivityKind(CompactString);

impl ActivityKind {
    /// The kinds that steward knows the meaning of. Others are names only.
    pub const KNOWN: [&'static str; 14] = [
        "purchase",
        "refund",
        "payment",
        "page_view",
        "product_view",
        "cart_add",
        "sign_in",
        "support",
        "social",
        "survey",
        "email_sent",
        "email_opened",
        "email_clicked",
        "follow_up",
    ];

    /// The longest name, in bytes.
    pub const LONGEST: usize = 40;

    /// The kind of that name; `None` where it is not one: small letters, digits and underscores,
    /// beginning with a letter.
    #[must_use]
    pub fn new(name: &str) -> Option<Self> {
        let is_part = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
        let is_name = name.len() <= Self::LONGEST
            && name.as_bytes().first().is_some_and(u8::is_ascii_lowercase)
            && name.bytes().all(is_part);
        is_name.then(|| Self(name.into()))
    }

    /// The kind that a delivered word names, as near to it as such a name can be: `Add to Cart` is
    /// `add_to_cart`. `None` where nothing of it can be kept.
    #[must_use]
    pub fn from_delivered(word: &str) -> Option<Self> {
        let mut name = CompactString::default();
        for letter in word.trim().chars() {
            if name.len() >= Self::LONGEST {
                break;
            }
            match letter.to_ascii_lowercase() {
                letter @ ('a'..='z' | '0'..='9') => name.push(letter),
                _ if name.is_empty() || name.ends_with('_') => {}
                _ => name.push('_'),
            }
        }
        Self::new(name.trim_end_matches('_'))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ActivityKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A sum of money, or another amount, in ten-thousandths: exact to four decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Amount(pub i64);

impl Amount {
    /// How many of its units make one.
    pub const ONE: i64 = 10_000;

    /// Reads a decimal number as numbers are harmonised: `-1234.5`. `None` for what is not one, is
    /// larger than it can be, or has more than four decimals that count.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        let are_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !are_digits(whole) || !are_digits(decimals) {
            return None;
        }
        let decimals = decimals.trim_end_matches('0');
        if decimals.len() > 4 {
            return None;
        }
        let mut part: i64 = if decimals.is_empty() { 0 } else { decimals.parse().ok()? };
        for _ in decimals.len()..4 {
            part *= 10;
        }
        let units = whole.parse::<i64>().ok()?.checked_mul(Self::ONE)?.checked_add(part)?;
        Some(Self(if negative { -units } else { units }))
    }
}

impl fmt::Display for Amount {
    /// With two decimals, or as many as it has: `59.90`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (units, one) = (self.0.unsigned_abs(), Self::ONE.unsigned_abs());
        let decimals = format_compact!("{:04}", units % one);
        let shown = decimals.trim_end_matches('0').len().max(2);
        let sign = if self.0 < 0 { "-" } else { "" };
        f.pad(&format_compact!("{sign}{}.{}", units / one, &decimals[..shown]))
    }
}

/// The codes of ISO 4217, lists one (2026) and three (withdrawn since 2000).
const CURRENCIES: &str = "
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF
    CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD
    HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD
    MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN
    PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD
    TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XDR XOF XPF XSU XUA YER ZAR ZMW ZWG
    ADF ANG ATS AZM BEF BGN BYR CSD CUC CYP DEM EEK ESP FIM FRF GHC GRD HRK IEP ITL LTL LUF LVL MGF MRO MTL MZM NLG
    PTE ROL SDD SIT SKK SLL SRG STD TMM TRL VEB VEF XEU ZMK ZWD ZWL";

/// Currencies of which there is no smaller unit, as the world uses them.
const WHOLE: &str = "BIF CLP DJF GNF HUF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";

/// A currency by its three letters of ISO 4217: `EUR`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The currency of these letters, in any case; `None` where there are not three.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let letters: [u8; 3] = text.trim().as_bytes().try_into().ok()?;
        let letters = letters.map(|letter| letter.to_ascii_uppercase());
        letters.iter().all(u8::is_ascii_uppercase).then_some(Self(letters))
    }

    /// Whether ISO 4217 has it, or had it in this century.
    #[must_use]
    pub fn is_known(&self) -> bool {
        CURRENCIES.split_ascii_whitespace().any(|known| known == self.as_str())
    }

    /// Whether its sums are whole numbers: nobody writes `1000.00 JPY`.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        WHOLE.split_ascii_whitespace().any(|whole| whole == self.as_str())
    }

    /// Its letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// When an activity was: a moment with the offset in which it was told, or a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActivityTime {
    /// The moment; of a day its beginning, where the source is.
    pub at: Timestamp,
    /// Minutes east of UTC, where that was told or the source says its zone.
    pub offset: Option<i16>,
    /// Whether nothing but the day is known.
    pub is_day: bool,
}

impl ActivityTime {
    /// The day it was on, where it was.
    #[must_use]
    pub fn day(&self) -> Date {
        self.local().date()
    }

    /// The same on the clock of the place where it was; of UTC where nothing is known of that.
    #[must_use]
    pub fn local(&self) -> jiff::civil::DateTime {
        let seconds = i32::from(self.offset.unwrap_or_default()) * 60;
        let offset = Offset::from_seconds(seconds).unwrap_or(Offset::UTC);
        self.at.to_zoned(TimeZone::fixed(offset)).datetime()
    }
}

impl fmt::Display for ActivityTime {
    /// `2026-03-01T09:30:00+01:00`; `Z` where no offset is known; a day as `2026-03-01`, with its offset if it has one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.local();
        let mut text = match self.is_day {
            true => local.date().to_compact_string(),
            false => local.to_compact_string(),
        };
        match self.offset {
            Some(minutes) => {
                let sign = if minutes < 0 { '-' } else { '+' };
                let minutes = minutes.unsigned_abs();
                text.push_str(&format_compact!("{sign}{:02}:{:02}", minutes / 60, minutes % 60));
            }
            None if self.is_day => {}
            None => text.push('Z'),
        }
        f.pad(&text)
    }
}

/// A text that is not the time of an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the time of an activity")]
pub struct NotATime;

impl FromStr for ActivityTime {
    type Err = NotATime;

    /// What [`Display`](fmt::Display) writes.
    fn from_str(text: &str) -> Result<Self, NotATime> {
        let (clock, offset) = match text.get(10..).and_then(|rest| rest.rfind(['+', '-'])) {
            Some(at) => {
                let (clock, offset) = text.split_at(10 + at);
                let (hours, minutes) = offset[1..].split_once(':').ok_or(NotATime)?;
                let hours: i16 = hours.parse().map_err(|_| NotATime)?;
                let minutes: i16 = minutes.parse().map_err(|_| NotATime)?;
                if !(0..26).contains(&hours) || !(0..60).contains(&minutes) {
                    return Err(NotATime);
                }
                let east = hours * 60 + minutes;
                (clock, Some(if offset.starts_with('-') { -east } else { east }))
            }
            None => (text.strip_suffix('Z').unwrap_or(text), None),
        };
        let is_day = clock.len() == 10;
        let local = match is_day {
            true => clock.parse::<Date>().map_err(|_| NotATime)?.at(0, 0, 0, 0),
            false => clock.parse::<jiff::civil::DateTime>().map_err(|_| NotATime)?,
        };
        let seconds = i32::from(offset.unwrap_or_default()) * 60;
        let zone = Offset::from_seconds(seconds).map_err(|_| NotATime)?;
        let at = zone.to_timestamp(local).map_err(|_| NotATime)?;
        Ok(Self { at, offset, is_day })
    }
}

/// A sum with its currency, where that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money {
    /// How much.
    pub amount: Amount,
    /// Of what.
    pub currency: Option<Currency>,
}

impl Money {
    /// How much, as it is written of its currency: `59.90`, `1000` of yen.
    #[must_use]
    pub fn amount_text(&self) -> CompactString {
        let whole = self.currency.is_some_and(|currency| currency.is_whole());
        if whole && self.amount.0 % Amount::ONE == 0 {
            return (self.amount.0 / Amount::ONE).to_compact_string();
        }
        self.amount.to_compact_string()
    }
}

impl fmt::Display for Money {
    /// `59.90 EUR`, `1000 JPY`, or `59.90`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.currency {
            Some(currency) => f.pad(&format_compact!("{} {currency}", self.amount_text())),
            None => self.amount.fmt(f),
        }
    }
}

impl FromStr for Money {
    type Err = NotMoney;

    fn from_str(text: &str) -> Result<Self, NotMoney> {
        let (amount, currency) = match text.split_once(' ') {
            Some((amount, letters)) => (amount, Some(Currency::parse(letters).ok_or(NotMoney)?)),
            None => (text, None),
        };
        Ok(Self { amount: Amount::parse(amount).ok_or(NotMoney)?, currency })
    }
}

/// A text that is not a sum of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a sum of money")]
pub struct NotMoney;

macro_rules! as_text {
    ($($name:ident),*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = CompactString::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

as_text!(ActivityTime, Money);

/// One activity, as its row told it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// Its key in the stream, by which it is known when it is delivered again: an order's number.
    pub key: CompactString,
    /// What kind it is.
    pub kind: ActivityKind,
    /// When.
    pub at: ActivityTime,
    /// The sum it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub money: Option<Money>,
    /// The properties that `steward.toml` names, as they were harmonised, in the order of the file; absent ones are
    /// left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<(CompactString, CompactString)>,
    /// The line of its file, counted from 1.
    pub line: u64,
}

impl Activity {
    /// What an activity says beside its key: two deliveries that agree on it are one.
    #[must_use]
    pub fn content(&self, subject: &ActivitySubject) -> Vec<CompactString> {
        let mut parts = vec![self.kind.0.clone(), self.at.to_compact_string()];
        parts.push(self.money.map(|money| money.to_compact_string()).unwrap_or_default());
        for (name, value) in &self.properties {
            parts.extend([name.clone(), value.clone()]);
        }
        parts.push("\0".into());
        parts.extend(subject.key.iter().map(ToCompactString::to_compact_string));
        parts.push("\0".into());
        parts.extend(subject.handles.iter().map(ToCompactString::to_compact_string));
        parts
    }
}

/// Whom an activity names: fingerprints only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct ActivitySubject {
    /// Of the address of a source record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Fingerprint>,
    /// Of handles, in the order in which they are asked; the first that leads to somebody counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub handles: Vec<Fingerprint>,
}

impl ActivitySubject {
    /// Whether it names nobody.
    #[must_use]
    pub fn is_nobody(&self) -> bool {
        self.key.is_none() && self.handles.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_to_four_decimals() {
        let cases = [
            ("59.9", Some("59.90")),
            ("-0.05", Some("-0.05")),
            ("12", Some("12.00")),
            ("0.1234", Some("0.1234")),
            ("0.12345", None),
            ("0.123400", Some("0.1234")),
            ("1e5", None),
            (".5", None),
            ("", None),
            ("-", None),
            ("999999999999999", None),
            ("922337203685477.5807", Some("922337203685477.5807")),
        ];
        for (text, shown) in cases {
            let amount = Amount::parse(text).map(|amount| amount.to_string());
            assert_eq!(amount.as_deref(), shown, "{text}");
        }
    }

    #[test]
    fn times_are_written_as_they_are_read() {
        for text in [
            "2026-03-01T09:30:00+01:00",
            "2026-03-01T09:30:00.123456-11:30",
            "2026-03-01T09:30:00Z",
            "2026-03-01",
            "2026-03-01+02:00",
            "1969-12-31T23:59:59Z",
        ] {
            let time: ActivityTime = text.parse().unwrap();
            assert_eq!(time.to_string(), text);
        }
        let time: ActivityTime = "2026-03-01T00:30:00+01:00".parse().unwrap();
        assert_eq!(time.at.to_string(), "2026-02-28T23:30:00Z");
        assert_eq!(time.day().to_string(), "2026-03-01");
        for text in ["", "2026", "2026-13-01", "2026-03-01T25:00:00Z", "2026-03-01+99:00", "é"] {
            assert_eq!(text.parse::<ActivityTime>(), Err(NotATime), "{text}");
        }
    }

    #[test]
    fn delivered_words_become_kinds() {
        let cases = [
            ("Add to Cart", Some("add_to_cart")),
            (" page-view ", Some("page_view")),
            ("opened", Some("opened")),
            ("200 OK", None),
            ("購入", None),
            ("", None),
        ];
        for (word, kind) in cases {
            let found = ActivityKind::from_delivered(word);
            assert_eq!(found.as_ref().map(ActivityKind::as_str), kind, "{word}");
        }
        for known in ActivityKind::KNOWN {
            assert!(ActivityKind::new(known).is_some());
        }
    }

    #[test]
    fn money_names_its_currency() {
        for text in ["59.90 EUR", "59.90", "-3 JPY"] {
            assert_eq!(text.parse::<Money>().unwrap().to_string(), text);
        }
        assert!("59.90 EURO".parse::<Money>().is_err());
    }

    #[test]
    fn sums_of_currencies_without_a_smaller_unit_are_whole() {
        for (text, shown) in [
            ("1000 JPY", "1000 JPY"),
            ("1000.00 JPY", "1000 JPY"),
            ("1000.5 JPY", "1000.50 JPY"),
            ("-3 KRW", "-3 KRW"),
            ("0 VND", "0 VND"),
            ("1000 EUR", "1000.00 EUR"),
            ("1000", "1000.00"),
        ] {
            let money: Money = text.parse().unwrap();
            assert_eq!(money.to_string(), shown);
            assert_eq!(shown.parse::<Money>().unwrap(), money);
        }
    }
}
