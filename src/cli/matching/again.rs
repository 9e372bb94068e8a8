//! How far people say the same again, and how far others say what they said.

use super::super::text::{Table, clean, counted};
use door::views::{AgreementView, SecondLooksView};

/// Nothing where nobody was asked.
pub(super) fn second_looks(second: &SecondLooksView) -> Vec<String> {
    let between = &second.between;
    if second.all.pairs == 0 && between.all.pairs == 0 && second.waiting == 0 {
        return Vec::new();
    }
    let least = second.least;
    let to_come = counted(second.waiting, "second look", "second looks");
    let mut lines = vec![String::new()];
    if second.all.pairs > 0 || between.all.pairs == 0 {
        lines.push(format!("asked again, blind: {}; {to_come} to come", second.all.told(least)));
    } else {
        lines.push(format!("asked again, blind: {to_come} to come"));
    }
    // Of one person or one reason alone the first line says all.
    lines.extend(table(least, &[(&second.people, "", 2), (&second.reasons, "reason ", 2)]));
    if between.all.pairs > 0 {
        lines.push(format!("second opinions, blind: {}", between.all.told(least)));
        // Who answered is said even of a single pair; of two people, each against the others says no more.
        let each = if between.pairs.len() > 1 { 2 } else { usize::MAX };
        lines.extend(table(
            least,
            &[
                (&between.pairs, "", 1),
                (&between.people, "against all others: ", each),
                (&between.reasons, "reason ", 2),
            ],
        ));
    }
    lines
}

/// Lines of what is told from so many on.
fn table(least: u64, parts: &[(&Vec<AgreementView>, &str, usize)]) -> Vec<String> {
    let mut table = Table::default();
    for (agreements, of, from) in parts {
        for agreement in agreements.iter().filter(|_| agreements.len() >= *from) {
            let name = if agreement.name == "-" { "none" } else { &agreement.name };
            table.row([format!("{of}{}", clean(name)), agreement.told(least)]);
        }
    }
    table.lines().into_iter().map(|line| format!("    {line}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use door::views::BetweenView;

    fn agreement(name: &str, pairs: u64, same: u64) -> AgreementView {
        AgreementView { name: name.to_owned(), pairs, same, kappa: None }
    }

    #[test]
    fn second_opinions_are_told_by_pair_and_each_against_the_others() {
        let between = BetweenView {
            all: agreement("", 5, 4),
            pairs: vec![agreement("ada, kim", 3, 3), agreement("kim, sam", 2, 1)],
            people: vec![agreement("ada", 3, 3), agreement("kim", 5, 4), agreement("sam", 2, 1)],
            reasons: vec![agreement("-", 5, 4)],
        };
        let view = SecondLooksView { least: 20, waiting: 1, between, ..Default::default() };
        let told = second_looks(&view).join("\n");
        for line in [
            "asked again, blind: 1 second look to come",
            "second opinions, blind: 4 of 5 the same, too few to say",
            "    kim, sam                 1 of 2 the same, too few to say",
            "    against all others: kim  4 of 5 the same, too few to say",
        ] {
            assert!(told.contains(line), "{told}");
        }
        assert!(!told.contains("reason"), "{told}");
        assert_eq!(second_looks(&SecondLooksView::default()), Vec::<String>::new());
    }
}
