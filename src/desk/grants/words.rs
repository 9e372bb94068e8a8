//! What the joins of a stratum have in common, in words.

use domain::Kind;
use domain::grants::{Cut, PatternPart, Stratum};
use matching::grants::probability;

/// What the joins of a stratum have in common.
pub(super) fn words(stratum: &Stratum, pattern: &[PatternPart]) -> String {
    let of = match stratum.kind {
        Kind::Person => "people",
        Kind::Organisation => "organisations",
    };
    let common = match &stratum.cut {
        Cut::Pattern(_) => levels(pattern),
        Cut::Weights { from, below } => {
            let per_cent = |weight: i32| (probability(weight) * 1000.0).round() / 10.0;
            match below {
                None => format!("match probability {} % or more", per_cent(*from)),
                Some(below) => {
                    format!("match probability {} to {} %", per_cent(*from), per_cent(*below))
                }
            }
        }
    };
    let doubt = if stratum.two_people { "; the names may be two people's" } else { "" };
    format!("{of}: {common}{doubt}")
}

/// `name, street and phone agree; e-mail missing; place: same city`.
fn levels(pattern: &[PatternPart]) -> String {
    let named = |wanted: &dyn Fn(&PatternPart) -> bool| {
        let names: Vec<&str> =
            pattern.iter().filter(|it| wanted(it)).map(|it| it.comparison.as_str()).collect();
        match names.split_last() {
            None => String::new(),
            Some((last, [])) => (*last).to_owned(),
            Some((last, others)) => format!("{} and {last}", others.join(", ")),
        }
    };
    let agree = pattern.iter().filter(|it| it.agrees).count();
    let mut parts = Vec::new();
    match agree {
        0 => {}
        1 => parts.push(format!("{} agrees", named(&|it| it.agrees))),
        _ => parts.push(format!("{} agree", named(&|it| it.agrees))),
    }
    let others = pattern.iter().filter(|it| !it.agrees);
    parts
        .extend(others.filter_map(|it| Some(format!("{}: {}", it.comparison, it.level.as_ref()?))));
    let missing = named(&|it| it.level.is_none());
    if !missing.is_empty() {
        parts.push(format!("{missing} missing"));
    }
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::grants::Maker;

    #[test]
    fn a_stratum_is_told_in_words() {
        let part = |comparison: &str, level: Option<&str>, agrees| PatternPart {
            comparison: comparison.to_owned(),
            level: level.map(str::to_owned),
            agrees,
        };
        let pattern = [
            part("name", Some("same name"), true),
            part("street", Some("same street and number"), true),
            part("place", Some("same city"), false),
            part("e-mail", None, false),
            part("phone", Some("same number"), true),
        ];
        let stratum = |cut| Stratum {
            kind: Kind::Organisation,
            maker: Maker::Nobody,
            two_people: false,
            cut,
        };
        assert_eq!(
            words(&stratum(Cut::Pattern(vec![])), &pattern),
            "organisations: name, street and phone agree; place: same city; e-mail missing"
        );
        let weights = Cut::Weights { from: 0, below: Some(2000) };
        assert_eq!(words(&stratum(weights), &[]), "organisations: match probability 50 to 80 %");
        let doubtful = Stratum {
            two_people: true,
            kind: Kind::Person,
            ..stratum(Cut::Weights { from: 10_000, below: None })
        };
        assert_eq!(
            words(&doubtful, &[]),
            "people: match probability 99.9 % or more; the names may be two people's"
        );
    }
}
