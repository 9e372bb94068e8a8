//! What stands in a list becomes one text: JSON, so that nothing is lost, and its elements under their
//! places where the settings ask for those (`tags.0`), as with JSON.

use compact_str::CompactString;
use intake::acquire::Cell;

/// The text of a list.
pub(crate) fn as_json(elements: &[Cell]) -> Cell {
    if elements.is_empty() {
        return Cell::Empty;
    }
    let mut json = CompactString::const_new("[");
    for (at, element) in elements.iter().enumerate() {
        if at > 0 {
            json.push(',');
        }
        match element {
            Cell::Empty => json.push_str("null"),
            Cell::Whole(_) | Cell::Bool(_) | Cell::Decimal(_) => json.push_str(&element.shown()),
            Cell::Float(number) if number.is_finite() => json.push_str(&element.shown()),
            // A text has no error.
            element => {
                json.push_str(&serde_json::Value::from(element.shown().as_str()).to_string())
            }
        }
    }
    json.push(']');
    Cell::Text(json)
}

/// The places in a list that are asked for under its name.
pub(crate) fn places(list: &str, named: &[String]) -> Vec<usize> {
    let place = |name: &String| name.strip_prefix(list)?.strip_prefix('.')?.parse().ok();
    let mut places: Vec<usize> = named.iter().filter_map(place).collect();
    places.sort_unstable();
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_json_and_its_places_can_be_asked_for() {
        let text = |text: &str| Cell::Text(text.into());
        let elements = [text("a \"b\""), Cell::Empty, Cell::Whole(3), Cell::Float(f64::NAN)];
        assert_eq!(as_json(&elements), text(r#"["a \"b\"",null,3,"NaN"]"#));
        assert_eq!(as_json(&[]), Cell::Empty);
        let named = ["tags.1", "tags.0", "tags", "tags.x", "tagsx.2"].map(str::to_owned);
        assert_eq!(places("tags", &named), [0, 1]);
    }
}
