//! Why the machine leaves a pair, or a task, to people.

use serde::{Deserialize, Serialize};

use domain::{CensusId, DecisionId, RuleId, counted, score, score_in};

/// What keeps the machine from merging two customers by itself.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Unmerged {
    /// Decisions of people that say they are different.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<DecisionId>,
    /// What keeps them apart whatever they score: a rule of `steward.toml`, or their own generations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept_apart: Option<String>,
    /// The rules that one customer made of them would break.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub breaks: Vec<RuleId>,
    /// Who of the task fits two of the others nearly equally well, though these two are not one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fits_two: Option<String>,
    /// What the evidence lacks or says against it, in few words: `no registered identifier agrees`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lacks: Vec<String>,
    /// Records of the two that are likelier two customers than one, though the best pair is not: the
    /// match probability of the least alike.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least_alike: Option<f64>,
    /// The match probability of their best pair, and the threshold that it lies under.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub below_auto: Option<(f64, f64)>,
    /// The stratum they are counted in: people may grant its merges once enough of it was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sampled_in: Option<CensusId>,
}

/// How the evidence says that two names differ, and by what any of its sentences about them is known.
const NAMES_DIFFER: &str = "given names differ";
const GIVEN_NAMES: &str = "given names";

/// How what contradicts is told: `date of birth contradicts`.
pub const CONTRADICTS: &str = " contradicts";

impl Unmerged {
    /// What differs that one customer has only one of.
    pub fn contradictions(&self) -> impl Iterator<Item = &String> {
        self.lacks.iter().filter(|lack| lack.ends_with(CONTRADICTS))
    }

    /// Every reason in a few words, the weightiest first.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        let mut reasons = Vec::new();
        if let Some(first) = self.decisions.first() {
            reasons.push(match self.decisions.len() as u64 {
                1 => format!("{first} says not a match"),
                all => {
                    let others = counted(all - 1, "other", "others");
                    format!("{first} and {others} say not a match")
                }
            });
        }
        reasons.extend(self.kept_apart.clone());
        reasons.extend(self.contradictions().cloned());
        if !self.breaks.is_empty() {
            let rules: Vec<&str> = self.breaks.iter().map(RuleId::as_str).collect();
            reasons.push(format!("merging them would break {}", rules.join(", ")));
        }
        if let Some(who) = &self.fits_two {
            reasons.push(format!("{who} fits two of the others about equally well"));
        }
        // What two names say is said once.
        let says_why = |lack: &String| lack != NAMES_DIFFER && lack.contains(GIVEN_NAMES);
        let two_names = self.lacks.iter().any(says_why);
        let repeats = |lack: &&String| two_names && lack.as_str() == NAMES_DIFFER;
        let others = self.lacks.iter().filter(|lack| !lack.ends_with(CONTRADICTS));
        reasons.extend(others.filter(|lack| !repeats(lack)).cloned());
        if let Some(least) = self.least_alike {
            reasons.push(format!("two of their records match only {}", score(least)));
        }
        if let Some((probability, auto)) = self.below_auto {
            reasons.push(below(probability, auto));
        }
        if let Some(census) = self.sampled_in {
            reasons.push(format!("{census} is still being sampled"));
        }
        reasons
    }

    /// The weightiest reason.
    #[must_use]
    pub fn first(&self) -> Option<String> {
        self.reasons().into_iter().next()
    }

    /// The weightiest reason of a group, in which something contradicts between any two: that weighs more than
    /// what its best pair lacks, and less than what people or rules say.
    #[must_use]
    pub fn first_beside(&self, contradiction: Option<String>) -> Option<String> {
        let is_said = !self.decisions.is_empty() || self.kept_apart.is_some();
        let own = || self.contradictions().next().cloned();
        match contradiction.filter(|_| !is_said) {
            Some(between) => Some(own().unwrap_or(between)),
            None => self.first(),
        }
    }

    /// All of them in a line; none where nothing stands against a merge.
    #[must_use]
    pub fn line(&self) -> Option<String> {
        let reasons = self.reasons();
        (!reasons.is_empty()).then(|| reasons.join("; "))
    }
}

/// `0.97 is below auto 0.99`, with as many decimals as tell the two apart.
fn below(probability: f64, auto: f64) -> String {
    let told = |decimals: usize| (score_in(probability, decimals), score_in(auto, decimals));
    let (own, threshold) =
        (2..6).map(told).find(|(own, threshold)| own != threshold).unwrap_or_else(|| told(6));
    format!("{own} is below auto {threshold}")
}

/// What competes with two records' being one customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Competing {
    /// In one word: `household`.
    pub class: String,
    /// How probable it is.
    pub probability: f64,
}

impl Competing {
    /// What is less probable than this competes with nothing.
    const LEAST: f64 = 0.005;

    /// `household 0.13`; none where it is as good as impossible.
    #[must_use]
    pub fn told(&self) -> Option<String> {
        (self.probability >= Self::LEAST)
            .then(|| format!("{} {}", self.class, score(self.probability)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_told_the_weightiest_first() {
        let unmerged = Unmerged {
            decisions: vec![DecisionId(12)],
            kept_apart: None,
            breaks: vec![RuleId::new("customer-after-birth")],
            fits_two: Some("J. Gromwell".to_owned()),
            lacks: vec!["date of birth contradicts".to_owned()],
            least_alike: Some(0.001),
            below_auto: Some((0.871, 0.99)),
            sampled_in: Some(CensusId(4)),
        };
        assert_eq!(
            unmerged.line().as_deref(),
            Some(
                "D12 says not a match; date of birth contradicts; merging them would break \
                 customer-after-birth; J. Gromwell fits two of the others about equally well; \
                 two of their records match only <0.01; \
                 0.87 is below auto 0.99; S4 is still being sampled"
            )
        );
        assert_eq!(unmerged.first().as_deref(), Some("D12 says not a match"));
        assert_eq!(Unmerged::default().line(), None);
        let of = |unmerged: &Unmerged, between: Option<&str>| {
            unmerged.first_beside(between.map(str::to_owned)).unwrap_or_default()
        };
        let below = Unmerged { below_auto: Some((0.97, 0.99)), ..Unmerged::default() };
        assert_eq!(of(&below, None), "0.97 is below auto 0.99");
        assert_eq!(of(&below, Some("date of birth contradicts")), "date of birth contradicts");
        assert_eq!(of(&unmerged, Some("national id contradicts")), "D12 says not a match");
        let several = Unmerged {
            decisions: vec![DecisionId(1), DecisionId(2), DecisionId(3)],
            ..Unmerged::default()
        };
        assert_eq!(several.first().as_deref(), Some("D1 and 2 others say not a match"));
        let lacks = |lacks: &[&str]| {
            let lacks = lacks.iter().map(|lack| (*lack).to_owned()).collect();
            Unmerged { lacks, ..Unmerged::default() }.line().unwrap()
        };
        let two = "two given names, not one in two spellings";
        assert_eq!(lacks(&[two, "given names differ"]), two);
        assert_eq!(lacks(&["given names differ"]), "given names differ");
    }

    #[test]
    fn what_is_just_below_a_threshold_is_not_told_as_equal_to_it() {
        assert_eq!(below(0.97, 0.99), "0.97 is below auto 0.99");
        assert_eq!(below(0.988, 0.99), "0.988 is below auto 0.990");
        assert_eq!(below(0.996, 0.999), "0.996 is below auto 0.999");
        assert_eq!(below(0.0001, 0.99), "<0.01 is below auto 0.99");
    }

    #[test]
    fn what_is_as_good_as_impossible_does_not_compete() {
        let told = |probability| Competing { class: "household".to_owned(), probability }.told();
        assert_eq!(told(0.13).as_deref(), Some("household 0.13"));
        assert_eq!(told(0.001), None);
        assert_eq!(told(0.9999).as_deref(), Some("household >0.99"));
    }
}
