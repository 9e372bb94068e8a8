//! The column that tells a source's records apart.
//!
//! That no value stands there twice makes no key: amounts and ages of a few customers differ as well, and
//! are others a month later. So the name must say it, or the values look like nothing but identifiers,
//! which is then said to be not sure; and what counts the rows comes last.

use super::column::Column;
use super::file::FileLook;
use super::meaning::Role;
use crate::headings::{self, Meaning, Surety};

/// The column that is proposed as key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyChoice {
    /// The column.
    pub column: String,
    /// Why that one.
    pub why: String,
    /// What somebody should look at: why it is not sure to be one, and what import will do with rows that
    /// it does not tell apart.
    pub remark: Option<String>,
}

/// Why a column may be the key, the best last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Claim {
    /// It counts the rows, and its name says no more than that.
    RowNumber,
    /// A VAT number.
    VatId,
    /// Whole numbers that its name says nothing of.
    Number,
    /// Codes that its name says nothing of.
    Code,
    /// An e-mail address.
    Email,
    /// It is called an id, and counts the rows.
    CountingId,
    /// Codes in the first column.
    FirstCode,
    /// Part of its name says it.
    PartlyNamed,
    /// Its name says that it is another's, or a second one.
    Other,
    /// Its name says it, without words that say whose.
    Qualified,
    /// Its name says it.
    Named,
}

struct Candidate<'l> {
    claim: Claim,
    place: usize,
    column: &'l Column,
}

/// The column that tells the rows apart; none where no column does, or nearly.
pub(super) fn choose(look: &FileLook, roles: &[Option<Role>]) -> Option<KeyChoice> {
    let columns = look.columns.iter().zip(roles).enumerate();
    let candidates = columns.filter_map(|(place, (column, role))| {
        Some(Candidate { claim: claim(place, column, role.as_ref())?, place, column })
    });
    let candidates: Vec<Candidate<'_>> = candidates.collect();
    // The first of the best.
    let best = |is_one: &dyn Fn(&Candidate<'_>) -> bool| {
        let those = candidates.iter().filter(|it| is_one(it));
        those.max_by_key(|it| (it.claim, usize::MAX - it.place))
    };
    let tells_apart = |it: &Candidate<'_>| it.column.filled == look.rows && it.column.is_unique();
    let nearly = |it: &Candidate<'_>| {
        it.claim >= Claim::Other
            || it.column.filled * 100 >= look.rows * 95 && it.column.repeated * 50 <= look.rows
    };
    if let Some(found) = best(&|it| it.claim > Claim::RowNumber && tells_apart(it)) {
        let email = candidates.iter().find(|it| it.claim == Claim::Email);
        let email = email.map(|it| it.column).filter(|_| numbers_events(&found.column.name));
        let sound = sound(found, look.rows);
        return Some(email.map_or(sound, |email| of_events(found.column, email)));
    }
    match best(&|it| it.claim > Claim::RowNumber && nearly(it)) {
        Some(found) => Some(faulty(found.column, look.rows)),
        None => best(&tells_apart).map(|found| sound(found, look.rows)),
    }
}

/// A column that tells all rows apart.
fn sound(found: &Candidate<'_>, rows: u64) -> KeyChoice {
    let (name, remark) = (&found.column.name, doubt(found));
    let why = match rows {
        1 => "by its name: one row proves nothing".to_owned(),
        rows => format!("each of {rows} rows has its own"),
    };
    let why = if remark.is_some() { format!("not sure: {why}, and nothing more") } else { why };
    KeyChoice { column: name.to_string(), why, remark }
}

/// Whether a name says that each row is something that a customer does, not a customer: `order_id`.
fn numbers_events(name: &str) -> bool {
    const EVENTS: [&str; 18] = [
        "order",
        "invoice",
        "transaction",
        "booking",
        "reservation",
        "payment",
        "charge",
        "sale",
        "cart",
        "checkout",
        "shipment",
        "bestell",
        "auftrag",
        "rechnung",
        "buchung",
        "commande",
        "facture",
        "pedido",
    ];
    const WHOSE: [&str; 9] = [
        "customer",
        "client",
        "user",
        "member",
        "contact",
        "kunde",
        "besteller",
        "account",
        "person",
    ];
    let name = headings::folded(name);
    EVENTS.iter().any(|event| name.contains(event)) && !WHOSE.iter().any(|who| name.contains(who))
}

/// A column that numbers what customers do, in a file that has their addresses.
fn of_events(column: &Column, email: &Column) -> KeyChoice {
    let (name, email) = (&column.name, &email.name);
    KeyChoice {
        column: name.to_string(),
        why: "not sure: by its name it tells rows apart, not customers".to_owned(),
        remark: Some(format!(
            "with the key `{name}` each of these becomes a customer of its own: if one customer may have \
             several, set key = \"{email}\" and rows = \"several\" for the source"
        )),
    }
}

/// A column that tells most rows apart.
fn faulty(column: &Column, rows: u64) -> KeyChoice {
    let mut faults = Vec::new();
    let without = (rows - column.filled) + column.looks.absent;
    if without > 0 {
        let (word, have, them) =
            if without == 1 { ("row", "has", "it") } else { ("rows", "have", "them") };
        faults.push(format!(
            "{without} {word} of {rows} {have} none there, and import sets {them} aside"
        ));
    }
    if column.repeated > 0 {
        let (word, repeat) =
            if column.repeated == 1 { ("row", "repeats") } else { ("rows", "repeat") };
        faults.push(format!(
            "{} {word} {repeat} one: import takes identical rows once, otherwise the latest by \
             `updated`, otherwise none",
            column.repeated
        ));
    }
    let remark = format!("`{}` does not tell all rows apart: {}", column.name, faults.join("; "));
    let why = "not sure: the column that comes closest to telling rows apart".to_owned();
    KeyChoice { column: column.name.to_string(), why, remark: Some(remark) }
}

/// Why a column whose values tell the rows apart may be no key all the same.
fn doubt(found: &Candidate<'_>) -> Option<String> {
    let name = &found.column.name;
    let way_out = "have the file exported with the number that its own system gives each customer";
    match found.claim {
        Claim::RowNumber | Claim::CountingId if found.column.counts() => Some(format!(
            "the key `{name}` counts 1, 2, 3 in the order of the file: if it numbers rows, not \
             customers, another customer will have the same number in the next delivery; in that case {way_out}"
        )),
        Claim::Code | Claim::FirstCode | Claim::Number | Claim::VatId | Claim::PartlyNamed => {
            Some(format!(
                "`{name}` is the key only because no value occurs twice, and its name does not say \
                 that it tells customers apart: if a value can change, or be another customer's later, \
                 {way_out}"
            ))
        }
        _ => None,
    }
}

/// Why it may be a key; none where it cannot be one: what is secret or sensitive, and what is measured.
fn claim(place: usize, column: &Column, role: Option<&Role>) -> Option<Claim> {
    let claim = match role {
        None => of_values(place, column)?,
        Some(role) => match (role.meaning, role.surety) {
            (Meaning::Key, Some(Surety::Whole)) if role.is_other => Claim::Other,
            (Meaning::Key, Some(Surety::Whole)) => Claim::Named,
            (Meaning::Key, Some(Surety::Qualified)) => Claim::Qualified,
            (Meaning::Key, _) => Claim::PartlyNamed,
            (Meaning::Email, _) => Claim::Email,
            (Meaning::VatId, _) => Claim::VatId,
            _ => return None,
        },
    };
    Some(if column.may_count() { counting(&column.name, claim) } else { claim })
}

/// One word with digits, or a whole number: the likelier a key the further ahead it stands.
fn of_values(place: usize, column: &Column) -> Option<Claim> {
    let looks = &column.looks;
    let is_code = column.share(looks.code) >= 90 && column.share(looks.words) == 0;
    if !is_code || column.share(looks.measured) >= 5 {
        return None;
    }
    Some(match (column.share(looks.whole_number) >= 90, place) {
        (true, _) => Claim::Number,
        (false, 0) => Claim::FirstCode,
        (false, _) => Claim::Code,
    })
}

/// What a column that counts the rows may be.
fn counting(name: &str, claim: Claim) -> Claim {
    // What an id is called that says of nothing what it identifies, as names are compared.
    const ID: [&str; 14] = [
        "id",
        "key",
        "uid",
        "recordid",
        "uniqueid",
        "code",
        "codigo",
        "codice",
        "identifier",
        "identifiant",
        "identificador",
        "код",
        "ид",
        "ref",
    ];
    // And what the number of a row is called.
    const OF_ROW: [&str; 14] = [
        "lfdnr",
        "lfdnummer",
        "laufendenummer",
        "rowid",
        "rowno",
        "rownumber",
        "sno",
        "srno",
        "slno",
        "serialno",
        "serialnumber",
        "volgnummer",
        "progressivo",
        "sirano",
    ];
    let name = headings::folded(name);
    if claim < Claim::PartlyNamed
        || headings::is_number_alone(&name)
        || OF_ROW.contains(&name.as_str())
    {
        return Claim::RowNumber;
    }
    let says_whose = claim > Claim::PartlyNamed && !ID.contains(&name.as_str());
    if says_whose { claim } else { Claim::CountingId }
}

#[cfg(test)]
mod tests {
    use super::super::tests::proposed;

    /// The key that is proposed, and whether that is not sure; none where there is none.
    fn key(text: &str) -> Option<(String, bool)> {
        let (proposal, _, written) = proposed(&[("a.csv", text)]);
        let source = &proposal.sources[0];
        let key = source.key.as_ref()?;
        let is_first = key.remark.is_some() && source.remarks.first() == key.remark.as_ref();
        let line = written.lines().find(|line| line.starts_with("key = ")).unwrap();
        assert_eq!(is_first, line.contains("# not sure: "), "{written}");
        Some((key.column.clone(), key.remark.is_some()))
    }

    fn with(name: &str, values: [&str; 4]) -> String {
        let people = ["Ann Hill", "Ben Frost", "Cat Ives", "Dan Poe"];
        let rows = people.iter().zip(values).map(|(who, it)| format!("{who};Leeds;open;{it}\n"));
        format!("Name;City;Status;{name}\n{}", rows.collect::<String>())
    }

    #[test]
    fn what_numbers_orders_is_not_sure_to_number_customers() {
        for name in [
            "order_id",
            "Order ID",
            "invoice_number",
            "Transaction ID",
            "booking id",
            "payment_id",
            "charge_id",
            "Bestellnummer",
            "Rechnungsnummer",
            "sale_id",
        ] {
            let text = format!(
                "{name},email,name\n11,a@x.com,Ann Hill\n12,a@x.com,Ann Hill\n14,b@x.com,Bo Lee\n"
            );
            let (proposal, _, _) = proposed(&[("a.csv", &text)]);
            let key = proposal.sources[0].key.clone().unwrap();
            let remark = key.remark.unwrap_or_default();
            assert!(key.column != name || remark.contains("rows = \"several\""), "{name} {remark}");
        }
        for name in ["customer_id", "client_id", "Kundennummer", "id"] {
            let text = format!(
                "{name},email,name\n11,a@x.com,Ann Hill\n12,a@x.com,Ann Hill\n14,b@x.com,Bo Lee\n"
            );
            assert!(!key(&text).is_some_and(|(_, unsure)| unsure), "{name}");
        }
    }

    #[test]
    fn what_is_measured_or_secret_is_no_key() {
        for (name, values) in [
            ("Balance", ["1234.50", "12.00", "99.10", "5"]),
            ("Age", ["23", "45", "31", "52"]),
            ("Score", ["0.91", "0.12", "0.33", "0.4"]),
            ("Latitude", ["51.501", "52.1", "53.2", "50.9"]),
            ("Total Spend", ["$1,234.50", "$12.00", "$0.99", "$5.00"]),
            ("Orders", ["3", "1", "2", "7"]),
            ("Number of orders", ["3", "1", "2", "7"]),
            ("Points", ["100", "250", "380", "90"]),
            ("Year", ["1980", "1991", "1975", "2001"]),
            ("Geburtsjahr", ["1980", "1991", "1975", "2001"]),
            ("Guthaben", ["1.234,50", "12,00", "0,99", "5,00"]),
            ("Umsatz 2024", ["1234", "12", "99", "5"]),
            ("Discount", ["5%", "7%", "9%", "11%"]),
            ("Employees", ["10", "20", "35", "47"]),
            ("Rank", ["1", "2", "3", "4"]),
            ("IP", ["1.2.3.4", "1.2.3.5", "1.2.3.6", "1.2.3.7"]),
            ("host", ["1.2.3.4", "1.2.3.5", "1.2.3.6", "1.2.3.7"]),
            ("xyz", ["1.5", "2", "3.5", "4"]),
            ("token", ["a8f3", "b9c2", "c001", "d77a"]),
            ("Reset token", ["a8f3", "b9c2", "c001", "d77a"]),
            ("Password", ["hunter2x", "s3cret99", "pa55word", "q4q4q4"]),
            ("Mot de passe", ["hunter2x", "s3cret99", "pa55word", "q4q4q4"]),
            ("SSN", ["219-09-9998", "219-09-9997", "219-09-9996", "219-09-9995"]),
            ("Member ID", ["219-09-9998", "219-09-9997", "219-09-9996", "219-09-9995"]),
            ("House no", ["1", "2", "3", "4"]),
            (
                "Last login",
                ["2024-01-02 10:11", "2024-01-03 10:11", "2024-01-04 10:11", "2024-01-05 10:11"],
            ),
        ] {
            assert_eq!(key(&with(name, values)), None, "{name}");
        }
        let streets =
            "Name;Straße;Nr;PLZ;Ort\nAnn Hill;Oakweg;12;50667;Köln\nBen Tal;Elmweg;14;50668;Köln\n";
        assert_eq!(key(streets), None);
    }

    #[test]
    fn what_no_name_says_is_not_sure() {
        for (name, values, is_unsure) in [
            ("Depot", ["10", "20", "35", "47"], true),
            ("x", ["A1", "B2", "C7", "D9"], true),
            ("Coupon code", ["A1", "B2", "C7", "D9"], true),
            ("VAT ID", ["DE136695976", "GB123456782", "FR12345678901", "IT12345678901"], true),
            ("id", ["1", "2", "3", "4"], true),
            ("Nr", ["1", "2", "3", "4"], true),
            ("id", ["17", "22", "99", "100"], false),
            ("Konto", ["10001", "10002", "10003", "10004"], false),
            ("CustomerID", ["1", "2", "3", "4"], false),
            ("Kundennummer", ["K-17", "K-22", "K-99", "K-100"], false),
            ("E-Mail", ["a@x.example", "b@x.example", "c@x.example", "d@x.example"], false),
        ] {
            assert_eq!(key(&with(name, values)), Some((name.to_owned(), is_unsure)), "{name}");
        }
    }

    #[test]
    fn what_counts_the_rows_loses_to_whatever_identifies() {
        let counters = [
            "#",
            "No.",
            "Row",
            "Line",
            "lfd. Nr.",
            "Pos.",
            "Nr",
            "Zeile",
            "S.No",
            "Index",
            "",
            "Unnamed: 0",
            "id",
        ];
        for counter in counters {
            for name in [
                "Customer Number",
                "Kundennummer",
                "CustomerNo",
                "Client ID",
                "Reference",
                "customer_code",
            ] {
                for values in [["K-17", "K-22", "K-99"], ["1017", "1022", "1099"]] {
                    let row = |(at, value): (usize, &str)| format!("{at},Ann Hill,Leeds,{value}\n");
                    let rows: String = (1..).zip(values).map(row).collect();
                    let text = format!("{counter},Name,City,{name}\n{rows}");
                    assert_eq!(key(&text), Some((name.to_owned(), false)), "{counter} {name}");
                    // Two rows are enough, and one.
                    for rows in 1..3 {
                        let text: Vec<&str> = text.lines().take(1 + rows).collect();
                        assert_eq!(key(&text.join("\n")).map(|it| it.0).as_deref(), Some(name));
                    }
                }
            }
        }
        for counter in counters.into_iter().filter(|it| *it != "id") {
            for (name, values) in
                [("Account", ["K-17", "K-22"]), ("Email", ["a@x.example", "b@x.example"])]
            {
                let [one, two] = values;
                let text =
                    format!("{counter},Name,City,{name}\n1,Ann,Leeds,{one}\n2,Bo,York,{two}\n");
                assert_eq!(key(&text).map(|it| it.0).as_deref(), Some(name), "{counter}");
            }
        }
        // A customer who stands there twice does not make the row's number the key.
        let text = "lfd. Nr.;Name;Kundennummer\n1;Ann;K1\n2;Bo;K2\n3;Ann;K1\n";
        assert_eq!(key(text).map(|it| it.0).as_deref(), Some("Kundennummer"));
    }
}
