//! Which joins belong together, and the list of them that is drawn from.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::super::hexadecimal;
use super::super::ids::CensusId;
use super::super::{Fingerprint, Fingerprinter, Kind, MatchRunId, RecordId, Sequence};

/// Who makes the joins of a stratum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Maker {
    /// Nobody yet: they wait for a person, or for a grant.
    Nobody,
    /// The machine, because they are earned: a starting stratum. They are made when the census is taken.
    Rules,
    /// The machine, in a run after the grant of that census: what is asked of them is a check. They
    /// are made when the census is taken.
    Grant(CensusId),
}

/// What joins of a stratum have in common beside kind and maker.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cut {
    /// The level of each comparison of the model, counted from 1; 0 where a value is missing.
    Pattern(Vec<u8>),
    /// The weight under the model, in thousandths of a bit.
    Weights {
        /// From here on.
        from: i32,
        /// And below; no limit where there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        below: Option<i32>,
    },
}

/// One comparison's part of a pattern, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatternPart {
    /// What is compared: `e-mail`.
    pub comparison: String,
    /// The level, in words; none where a value is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Whether it is the highest: the values agree.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub agrees: bool,
}

/// Joins that are asked about, and granted, together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Stratum {
    /// What their records are about.
    pub kind: Kind,
    /// Who makes them.
    pub maker: Maker,
    /// Whether something about their names says that they are two people (brother and sister, father
    /// and son): never in one stratum with those of whom nothing says so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub two_people: bool,
    /// What else they have in common.
    pub cut: Cut,
}

impl Stratum {
    /// Whether a join is of this kind of doubt and within the cut, whoever makes it.
    #[must_use]
    pub fn holds(&self, kind: Kind, two_people: bool, levels: &[u8], weight: i32) -> bool {
        let within = match &self.cut {
            Cut::Pattern(pattern) => pattern == levels,
            Cut::Weights { from, below } => {
                *from <= weight && below.is_none_or(|below| weight < below)
            }
        };
        within && self.kind == kind && self.two_people == two_people
    }
}

/// What the order of a census hangs on: 32 random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seed(pub [u8; 32]);

impl Seed {
    /// What a join goes by: its two units, each with all its records, in either order. A unit that
    /// gains or loses a record makes another join.
    #[must_use]
    pub fn join(&self, left: &[RecordId], right: &[RecordId]) -> Fingerprint {
        let unit = |records: &[RecordId]| {
            let mut numbers: Vec<u32> = records.iter().map(|record| record.0).collect();
            numbers.sort_unstable();
            numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(",")
        };
        let mut units = [unit(left), unit(right)];
        units.sort_unstable();
        self.fingerprinter().of(units.iter().map(String::as_str))
    }

    /// Another order of joins, to draw from those that were answered.
    #[must_use]
    pub fn again(&self, join: Fingerprint) -> Fingerprint {
        self.fingerprinter().of(["again", &join.to_string()])
    }

    /// One fingerprint of many joins.
    #[must_use]
    pub fn all(&self, joins: &[Fingerprint]) -> Fingerprint {
        let texts: Vec<String> = joins.iter().map(Fingerprint::to_string).collect();
        self.fingerprinter().of(texts.iter().map(String::as_str))
    }

    fn fingerprinter(&self) -> Fingerprinter {
        Fingerprinter::new(self.0)
    }
}

impl Serialize for Seed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hexadecimal::encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Seed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = hexadecimal::decode_array(&text);
        bytes.map(Seed).ok_or_else(|| serde::de::Error::custom("a seed has 64 hexadecimal digits"))
    }
}

/// The frozen list of one stratum's joins at one matching run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Census {
    /// Its id.
    pub id: CensusId,
    /// How many times censuses had been taken in this workspace, this time included: each time has its
    /// own part of the risk.
    pub taking: u32,
    /// Whose joins they are.
    pub stratum: Stratum,
    /// The run whose model gave them levels and weights.
    pub model: MatchRunId,
    /// The last commit it knows of: joins whose records changed since are changed.
    pub read_up_to: Sequence,
    /// What the order hangs on.
    pub seed: Seed,
    /// The chance that its bound may turn out false at any look.
    pub risk: f64,
    /// What the joins go by, ascending: the order in which they are asked.
    pub joins: Vec<Fingerprint>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records<const COUNT: usize>(numbers: [u32; COUNT]) -> [RecordId; COUNT] {
        numbers.map(RecordId)
    }

    #[test]
    fn a_join_is_its_two_units_in_any_order_and_no_others() {
        let seed = Seed([3; 32]);
        let join = seed.join(&records([1, 5]), &records([9]));
        assert_eq!(join, seed.join(&records([9]), &records([5, 1])));
        let others = [
            seed.join(&records([1]), &records([5, 9])),
            seed.join(&records([1, 5]), &records([9, 10])),
            seed.join(&records([15]), &records([9])),
            Seed([4; 32]).join(&records([1, 5]), &records([9])),
            seed.again(join),
        ];
        assert!(others.iter().all(|other| *other != join), "{others:?}");
    }

    #[test]
    fn a_census_is_read_back_as_it_was_written() {
        let seed = Seed(std::array::from_fn(|at| at as u8));
        let census = Census {
            id: CensusId(4),
            taking: 2,
            stratum: Stratum {
                kind: Kind::Organisation,
                maker: Maker::Grant(CensusId(1)),
                two_people: false,
                cut: Cut::Weights { from: 2000, below: None },
            },
            model: MatchRunId(7),
            read_up_to: Sequence(99),
            seed,
            risk: 0.05 / 6.0,
            joins: vec![Fingerprint(1), Fingerprint(u64::MAX)],
        };
        let text = serde_json::to_string(&census).unwrap();
        assert_eq!(serde_json::from_str::<Census>(&text).unwrap(), census, "{text}");
        assert!(serde_json::from_str::<Seed>("\"00ff\"").is_err());
    }

    #[test]
    fn a_stratum_holds_what_lies_within_its_cut() {
        let cut = Cut::Weights { from: -500, below: Some(2000) };
        let stratum = Stratum { kind: Kind::Person, maker: Maker::Nobody, two_people: false, cut };
        for (weight, held) in [(-501, false), (-500, true), (1999, true), (2000, false)] {
            assert_eq!(stratum.holds(Kind::Person, false, &[1], weight), held, "{weight}");
        }
        assert!(!stratum.holds(Kind::Organisation, false, &[1], 0));
        assert!(!stratum.holds(Kind::Person, true, &[1], 0));
        let pattern = Stratum { cut: Cut::Pattern(vec![1, 0, 2]), ..stratum };
        assert!(pattern.holds(Kind::Person, false, &[1, 0, 2], i32::MIN));
        assert!(!pattern.holds(Kind::Person, false, &[1, 1, 2], 0));
    }
}
