//! What is said of given names that do not agree: matching says no more than that, and here it is told what is true
//! of them, so that the reason and the mark beside it are one.

use matching::{Lacking, Step};

/// How the sentence about names that no list knows begins.
const DIFFER: &str = "the given names differ";

/// Comparisons of what a person is identified by.
const IDENTIFYING: [&str; 4] = ["date of birth", "e-mail", "phone", "national id"];

/// The reason in words that hold of these steps; another reason stays as it is.
pub(super) fn told(reason: String, called: Lacking, steps: &[Step]) -> String {
    let name = steps.iter().find(|step| step.comparison == "name").map(|step| step.level.as_str());
    match called {
        Lacking::Other => return reason,
        Lacking::KnownNames => return unknown(reason, name.unwrap_or_default()),
        Lacking::GivenName => {}
    }
    let given = match name {
        Some(level) if level.starts_with("initial of") => "the given name is only an initial",
        Some(level) if level.starts_with("given names alike") => "the given names are only alike",
        Some(level) if !level.contains("given name") => "there is no given name to compare",
        None => "there is no given name to compare",
        Some(_) => return reason,
    };
    let agreeing = steps
        .iter()
        .filter(|step| step.weight > 0.0 && IDENTIFYING.contains(&step.comparison.as_str()));
    let best = agreeing.reduce(|best, step| if step.weight > best.weight { step } else { best });
    let what = best.map_or("one identifier", |step| step.comparison.as_str());
    match reason.contains("which a family may share") {
        false => format!("{what} agrees, {given}"),
        true => format!("{what} agrees, which a family may share, but {given}"),
    }
}

/// The reason for two given names that no list knows, as their level says how they differ.
fn unknown(reason: String, level: &str) -> String {
    let short = if level.starts_with("given name differs by a slip") {
        "given names a slip apart"
    } else if level.starts_with("given names alike") {
        "given names only alike"
    } else {
        return reason;
    };
    match reason.strip_prefix(DIFFER) {
        Some(rest) => {
            let how = short.trim_start_matches("given names ");
            format!("the given names are {how}{rest}")
        }
        None => short.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_given_name_that_does_not_agree_is_told_as_what_it_is() {
        let step = |comparison: &str, level: &str, weight| Step {
            comparison: comparison.to_owned(),
            fields: Vec::new(),
            left: String::new(),
            right: String::new(),
            level: level.to_owned(),
            weight,
            note: None,
        };
        for (level, said) in [
            ("initial of the given name, same family name", "the given name is only an initial"),
            ("initial of the given name", "the given name is only an initial"),
            ("given names alike, same family name", "the given names are only alike"),
            ("same family name", "there is no given name to compare"),
            ("", "there is no given name to compare"),
            ("given names differ, same family name", "the given name does not"),
        ] {
            let steps = [
                step("name", level, 10.0),
                step("phone", "same number", 3.0),
                step("e-mail", "same address", 6.0),
                step("occupation", "same value", 9.0),
            ];
            let steps = if level.is_empty() { &steps[1..] } else { &steps[..] };
            let [short, long] = [
                "an identifier agrees, the given name does not",
                "one identifier agrees, which a family may share, but the given name does not",
            ]
            .map(|reason| told(reason.to_owned(), Lacking::GivenName, steps));
            assert!(short.ends_with(said) && long.ends_with(said), "{level}: {short}, {long}");
            if said != "the given name does not" {
                assert!(
                    short.starts_with("e-mail agrees, ") && long.starts_with("e-mail"),
                    "{short}"
                );
            }
        }
        let other = told("given names differ".to_owned(), Lacking::Other, &[]);
        assert_eq!(other, "given names differ");
        let few = "unknown given names differ";
        let long = "the given names differ, and no list says whether they are one name";
        for (level, said, in_full) in [
            (
                "given name differs by a slip, same family name",
                "given names a slip apart",
                "the given names are a slip apart, and no list says whether they are one name",
            ),
            (
                "given names alike, same family name",
                "given names only alike",
                "the given names are only alike, and no list says whether they are one name",
            ),
            ("given names differ, same family name", few, long),
        ] {
            let steps = [step("name", level, 10.0)];
            assert_eq!(told(few.to_owned(), Lacking::KnownNames, &steps), said, "{level}");
            assert_eq!(told(long.to_owned(), Lacking::KnownNames, &steps), in_full, "{level}");
        }
    }
}
