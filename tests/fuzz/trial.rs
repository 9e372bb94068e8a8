//! One trial: bytes are read as steward reads a file, in both passes, and every value is harmonised.

use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use domain::Reading;
use intake::acquire::{Delivered, Input, Options, Reader, TimeOf, Unpacked, unpack};
use intake::harmonise::Records;
use jiff::civil::Date;
use settings::Settings;

/// No few kilobytes take longer to read than this.
const PATIENCE: Duration = Duration::from_secs(20);

/// What became of some bytes.
pub enum Outcome {
    /// So many rows were delivered, quarantined ones among them.
    Read(u64),
    /// The file was refused, or its reading ended early, with a reason.
    Refused,
}

/// A field of every kind that import reads, each from a column of its name.
static SETTINGS: LazyLock<Settings> = LazyLock::new(|| {
    let kinds = [
        "given_name",
        "family_name",
        "full_name",
        "organisation_name",
        "date_of_birth",
        "email",
        "phone",
        "street",
        "city",
        "postcode",
        "region",
        "country",
        "address",
        "national_id",
        "identifier",
        "gender",
        "category",
        "number",
        "date",
        "consent",
        "text",
    ];
    let mut text = "[workspace]\nname = \"fuzz\"\nregion = \"DE\"\n".to_owned();
    for kind in kinds {
        text.push_str(&format!("[fields.{kind}]\ntype = \"{kind}\"\n"));
    }
    let map: Vec<String> = kinds.iter().map(|kind| format!("{kind} = \"{kind}\"")).collect();
    let map = map.join(", ");
    text.push_str(&format!(
        "[sources.crm]\ntrust = 50\nkey = \"id\"\nupdated = \"changed\"\nmap = {{ {map} }}\n"
    ));
    settings::parse(&text).unwrap_or_else(|findings| panic!("{findings:?}"))
});

/// Reads the bytes; what goes wrong is said.
pub fn read(bytes: &[u8], file: &str) -> Result<Outcome, String> {
    let begun = Instant::now();
    let outcome = catch_unwind(AssertUnwindSafe(|| attempt(bytes.to_vec(), file)));
    let took = begun.elapsed();
    match outcome {
        Err(_) => Err("it panicked".to_owned()),
        Ok(_) if took > PATIENCE => Err(format!("it took {} s", took.as_secs())),
        Ok(outcome) => Ok(outcome),
    }
}

fn attempt(bytes: Vec<u8>, file: &str) -> Outcome {
    let (bytes, file) = match unpack(Cursor::new(bytes.clone()), file) {
        Err(_) => return Outcome::Refused,
        Ok(Unpacked::Plain(_)) => (bytes, file.to_owned()),
        Ok(Unpacked::Packed { mut content, name }) => {
            let mut unpacked = Vec::new();
            if content.read_to_end(&mut unpacked).is_err() {
                return Outcome::Refused;
            }
            (unpacked, name)
        }
    };
    let source = &SETTINGS.sources[0];
    let options = Options { file, ..Options::default() };
    let input = Input::of(bytes);
    let Ok(mut first) = Reader::open(input.from_the_beginning(), source, &options) else {
        return Outcome::Refused;
    };
    if first.by_ref().any(|delivered| delivered.is_err()) {
        return Outcome::Refused;
    }
    let repeated = first.repeated_keys();
    let Ok(second) = Reader::open(input, source, &options) else { return Outcome::Refused };
    let time: TimeOf = Arc::new(|text: &str| text.parse().ok());
    let mut rows = 0;
    for delivered in second.settling(repeated, time) {
        match delivered {
            Ok(Delivered::Row(row)) => {
                rows += 1;
                let day = Date::constant(2026, 11, 29);
                let reading = Reading::default();
                drop(Records::of(&SETTINGS, "crm", &reading, day).read(row.fields));
            }
            Ok(Delivered::Quarantined(_)) => rows += 1,
            Ok(Delivered::Skipped(_)) => {}
            Err(_) => return Outcome::Refused,
        }
    }
    Outcome::Read(rows)
}
