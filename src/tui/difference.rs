//! Where a value differs from another one: what is seen inside of it.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

/// Graphemes of one value up to which all ways to lay two beside each other are tried.
const LONGEST: usize = 160;

/// The places, counted in graphemes, at which `text` differs from `other`; none where they are the same
/// or have so little in common that all of it differs.
///
/// Where `text` only lacks something, the sign behind the gap is named, else the last one.
#[must_use]
pub fn differing(text: &str, other: &str) -> Vec<Range<usize>> {
    let here: Vec<&str> = text.graphemes(true).collect();
    let there: Vec<&str> = other.graphemes(true).collect();
    if here == there || here.is_empty() || there.is_empty() {
        return Vec::new();
    }
    let start = here.iter().zip(&there).take_while(|(one, two)| one == two).count();
    let rest = here.len().min(there.len()) - start;
    let backwards = here.iter().rev().zip(there.iter().rev());
    let end = backwards.take(rest).take_while(|(one, two)| one == two).count();
    let (inner, outer) = (&here[start..here.len() - end], &there[start..there.len() - end]);
    let kept = if inner.len().max(outer.len()) > LONGEST {
        vec![None; inner.len()]
    } else {
        common(inner, outer)
    };
    let mut found = kept.iter().flatten().count();
    // A few signs that happen to be the same between others only disturb.
    let kept = if found * 2 < inner.len() {
        found = 0;
        vec![None; inner.len()]
    } else {
        kept
    };
    if (start + end + found) * 2 < here.len().max(there.len()) {
        return Vec::new();
    }
    // Where something is there that the other has not, that is what is seen.
    let only_lacks = kept.iter().all(Option::is_some);
    let mut differs = vec![false; here.len()];
    let mut expected = 0;
    for (at, place) in kept.iter().enumerate() {
        match place {
            // Something stands before it that is missing here.
            Some(place) => {
                differs[start + at] = only_lacks && *place > expected;
                expected = place + 1;
            }
            None => differs[start + at] = true,
        }
    }
    if only_lacks && outer.len() > expected {
        differs[(start + inner.len()).min(here.len() - 1)] = true;
    }
    ranges(&differs)
}

fn ranges(differs: &[bool]) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for at in (0..differs.len()).filter(|at| differs[*at]) {
        match ranges.last_mut().filter(|last| last.end == at) {
            Some(last) => last.end = at + 1,
            None => ranges.push(at..at + 1),
        }
    }
    ranges
}

/// For each sign of `here` its place in a longest common subsequence with `there`.
fn common(here: &[&str], there: &[&str]) -> Vec<Option<usize>> {
    let columns = there.len() + 1;
    let mut longest = vec![0_u16; (here.len() + 1) * columns];
    for one in (0..here.len()).rev() {
        for two in (0..there.len()).rev() {
            longest[one * columns + two] = if here[one] == there[two] {
                longest[(one + 1) * columns + two + 1] + 1
            } else {
                longest[(one + 1) * columns + two].max(longest[one * columns + two + 1])
            };
        }
    }
    let mut kept = vec![None; here.len()];
    let (mut one, mut two) = (0, 0);
    while one < here.len() && two < there.len() {
        if here[one] == there[two] {
            kept[one] = Some(two);
            one += 1;
            two += 1;
        } else if longest[(one + 1) * columns + two] >= longest[one * columns + two + 1] {
            one += 1;
        } else {
            two += 1;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with what differs in brackets.
    fn shown(text: &str, other: &str) -> String {
        let ranges = differing(text, other);
        let mut shown = String::new();
        for (at, grapheme) in text.graphemes(true).enumerate() {
            if ranges.iter().any(|range| range.start == at) {
                shown.push('[');
            }
            shown.push_str(grapheme);
            if ranges.iter().any(|range| range.end == at + 1) {
                shown.push(']');
            }
        }
        shown
    }

    #[test]
    fn what_differs_is_found_inside_the_value() {
        for (text, other, expected) in [
            ("gsmoth05", "gsmith05", "gsm[o]th05"),
            ("gsmith05", "gsmoth05", "gsm[i]th05"),
            ("gsmth05", "gsmith05", "gsm[t]h05"),
            ("gsmiith05", "gsmith05", "gsmi[i]th05"),
            ("smith0", "smith05", "smith[0]"),
            ("1984-12-03", "1984-03-12", "1984-[12-03]"),
            ("Jonh Smiht", "John Smith", "Jo[n]h Smi[h]t"),
            ("Pace", "Pace", "Pace"),
            ("Springfield", "Decatur", "Springfield"),
            ("e\u{301}a", "ea", "[e\u{301}]a"),
            ("東京都千代", "東京都千葉", "東京都千[代]"),
            ("", "x", ""),
        ] {
            assert_eq!(shown(text, other), expected, "{text} {other}");
        }
    }

    proptest::proptest! {
        #[test]
        fn places_are_inside_the_text_and_in_order(text in "[ab1é東e\u{301} ]{0,20}", other in "[ab1é東e\u{301} ]{0,20}") {
            let length = text.graphemes(true).count();
            let ranges = differing(&text, &other);
            let mut last = 0;
            for range in &ranges {
                proptest::prop_assert!(range.start >= last && range.start < range.end);
                last = range.end;
            }
            proptest::prop_assert!(last <= length);
            if text == other {
                proptest::prop_assert!(ranges.is_empty());
            }
        }
    }
}
