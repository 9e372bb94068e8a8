//! More agreement never weighs less than less: not where a slip was never seen among unrelated
//! records, and not where a value is common.

use super::*;

/// Organisations, half of them delivered twice.
fn branches() -> Vec<(u32, Values)> {
    let mut records = Vec::new();
    for number in 0..100_u32 {
        let draw = |seed, most: u64| hash::mix(seed, u64::from(number)) % most;
        let part = |seed, parts: [&'static str; 8]| parts[draw(seed, 8) as usize];
        let first =
            part(1, ["Alder", "Cinder", "Ember", "Gorse", "Ivory", "Marlow", "Quill", "Rush"]);
        let second = part(2, ["brook", "dale", "fell", "gate", "holm", "lea", "mere", "wick"]);
        let trade =
            part(3, ["Bakery", "Freight", "Glass", "Optics", "Paper", "Seeds", "Sound", "Tools"]);
        // Each of the four is shared by four that have nothing else in common.
        let of = |seed| {
            let is_shared = u64::from(number % 4) + 4 == seed && number / 4 < 4;
            if is_shared { 700 } else { draw(seed, 9_000_000) }
        };
        let email = format!("info@company{}.example", of(4));
        let phone = format!("+1217{:07}", 2_000_000 + of(5) % 7_000_000);
        let street = format!("{} Mill Lane", of(6) % 9_000 + 10);
        let vat = format!("US{:09}", of(7) * 93);
        for _ in 0..=number % 2 {
            let name = format!("{first}{second} {trade}");
            let own = ["", "", &name, "", &email, &phone, &street, "62701", &vat];
            records.push((records.len() as u32, values(&own)));
        }
    }
    records
}

#[test]
fn a_slip_weighs_no_more_than_the_same_value_however_common_it_is() {
    let records = branches();
    let mut model = matched(&columns(&records), &Constraints::default(), &[]).model;
    // As among very many organisations, where what a few share is far commoner than the average value.
    for table in &mut model.kinds[0].frequencies {
        table.concentration /= 100.0;
    }
    let weight = |field: usize, names: [&str; 2], pair: [&str; 2]| {
        let [a, b] = [0, 1].map(|at| {
            let mut own = ["", "", names[at], "", "", "", "", "62701", ""];
            own[field] = pair[at];
            values(&own)
        });
        explain(&model, &settings(), &fingerprinter(), &a, &b).match_weight
    };
    let slips = |value: &str| {
        let swapped = |at: usize| {
            let mut letters: Vec<char> = value.chars().collect();
            letters.swap(at, at + 1);
            letters.into_iter().collect::<String>()
        };
        let mut slips: Vec<String> = (0..value.len() - 1).map(swapped).collect();
        slips.extend(["1", "7", "x", " Unit 4", ".org"].map(|more| format!("{value}{more}")));
        slips.extend(["1", "7", "x"].map(|more| format!("{more}{value}")));
        slips.extend(
            value.char_indices().map(|(at, _)| format!("{}{}", &value[..at], &value[at + 1..])),
        );
        slips
    };
    // What four share, each in its own row, what one record has, and what nobody has.
    let with = |at: usize| records[at].1.clone();
    let nobodys = values(&[
        "",
        "",
        "",
        "",
        "hello@quarry.example",
        "+13129998877",
        "41 Quarry Row",
        "",
        "US001234567",
    ]);
    for own in [with(0), with(1), with(3), with(4), with(80), nobodys] {
        for (field, name) in [(4, "email"), (5, "mobile"), (6, "street"), (8, "vat")] {
            let value = own.get(name).map(|it| it.shown().to_owned()).unwrap();
            for names in
                [["Quarry Hill Works", "Quarry Hill Works"], ["Quarry Hill Works", "Sombre Inks"]]
            {
                let whole = weight(field, names, [&value, &value]);
                for slip in slips(&value) {
                    let less = weight(field, names, [&value, &slip]);
                    assert!(less <= whole + 1e-9, "{value} / {slip}: {less} > {whole}");
                }
            }
        }
    }
}
