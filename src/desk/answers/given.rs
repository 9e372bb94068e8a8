//! What is said where one identifier agrees and the given name does not: matching says no more than that it
//! does not agree, and here it is told what is true of it.

use matching::Step;

/// The reason as matching gives it, in few words and in a sentence.
const SHORT: &str = "an identifier agrees, the given name does not";
const LONG: &str = "one identifier agrees, which a family may share, but the given name does not";

/// Comparisons of what a person is identified by.
const IDENTIFYING: [&str; 4] = ["date of birth", "e-mail", "phone", "national id"];

/// The reason in words that hold of these steps; another reason stays as it is.
pub(super) fn told(reason: String, steps: &[Step]) -> String {
    if reason != SHORT && reason != LONG {
        return reason;
    }
    let name = steps.iter().find(|step| step.comparison == "name").map(|step| step.level.as_str());
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
    match reason == SHORT {
        true => format!("{what} agrees, {given}"),
        false => format!("{what} agrees, which a family may share, but {given}"),
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
            let [short, long] = [SHORT, LONG].map(|reason| told(reason.to_owned(), steps));
            assert!(short.ends_with(said) && long.ends_with(said), "{level}: {short}, {long}");
            if said != "the given name does not" {
                assert!(
                    short.starts_with("e-mail agrees, ") && long.starts_with("e-mail"),
                    "{short}"
                );
            }
        }
        assert_eq!(told("given names differ".to_owned(), &[]), "given names differ");
    }
}
