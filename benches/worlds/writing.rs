//! A world as files: one CSV a source, the truth, `steward.toml`, and everything in one layout for a peer.

use std::fmt::Write as _;

use super::field::{Cells, Field};
use super::locale::Locale;
use super::plan::{About, NameForm, Plan, Source};
use super::world::World;

/// A file's name and what is in it.
pub type File = (String, Vec<u8>);

/// A column of a source, and the field it is mapped to.
struct Column {
    name: &'static str,
    kind: &'static str,
    of: fn(&Cells) -> String,
}

impl World {
    /// The files of its sources, in the order of the plan.
    ///
    /// # Errors
    /// When a row cannot be written, which memory always can.
    pub fn files(&self) -> csv::Result<Vec<File>> {
        let file = |(at, source): (usize, &Source)| {
            let columns = columns(source, self.plan.about);
            let header = std::iter::once("id").chain(columns.iter().map(|column| column.name));
            let mut out = csv::Writer::from_writer(Vec::new());
            out.write_record(header)?;
            for row in self.rows.iter().filter(|row| row.source == at) {
                let cells = columns.iter().map(|column| (column.of)(&row.cells));
                out.write_record(std::iter::once(row.key.clone()).chain(cells))?;
            }
            Ok((format!("{}.csv", source.name), finished(out)?))
        };
        self.plan.sources.iter().enumerate().map(file).collect()
    }

    /// `id,cluster`: who is who, as `steward evaluate` reads it.
    ///
    /// # Errors
    /// As [`World::files`].
    pub fn truth(&self) -> csv::Result<Vec<u8>> {
        let mut out = csv::Writer::from_writer(Vec::new());
        out.write_record(["id", "cluster"])?;
        for row in &self.rows {
            out.write_record([self.address(row), row.entity.to_string()])?;
        }
        finished(out)
    }

    /// Every record in one layout: names in two columns, addresses in three, as they were before a source
    /// put them together.
    ///
    /// # Errors
    /// As [`World::files`].
    pub fn in_one_layout(&self) -> csv::Result<Vec<u8>> {
        let mut out = csv::Writer::from_writer(Vec::new());
        out.write_record(["id", "source"].into_iter().chain(Field::ALL.map(Field::name)))?;
        for row in &self.rows {
            let before = [self.address(row), self.plan.sources[row.source].name.to_owned()];
            out.write_record(before.iter().chain(&row.cells))?;
        }
        finished(out)
    }
}

fn finished(out: csv::Writer<Vec<u8>>) -> csv::Result<Vec<u8>> {
    out.into_inner().map_err(|error| error.into_error().into())
}

macro_rules! cell {
    ($field:expr) => {
        Column {
            name: $field.name(),
            kind: $field.kind(),
            of: |cells| cells[$field.place()].clone(),
        }
    };
}

/// The columns of a source beside its key.
fn columns(source: &Source, about: About) -> Vec<Column> {
    let mut columns = Vec::new();
    if about != About::Organisations {
        match source.names {
            NameForm::Split => columns.extend([cell!(Field::Given), cell!(Field::Family)]),
            NameForm::Whole => columns.push(full_name(given_first)),
            NameForm::FamilyFirst => columns.push(full_name(family_first)),
        }
    }
    if about != About::People {
        columns.push(cell!(Field::Organisation));
    }
    let others = [
        (Field::Birth, cell!(Field::Birth)),
        (Field::Gender, cell!(Field::Gender)),
        (Field::Email, cell!(Field::Email)),
        (Field::Phone, cell!(Field::Phone)),
        (Field::Number, cell!(Field::Number)),
        (Field::Street, cell!(Field::Street)),
        (Field::City, cell!(Field::City)),
        (Field::Postcode, cell!(Field::Postcode)),
    ];
    for (field, column) in others {
        let in_one = matches!(field, Field::Street | Field::City | Field::Postcode);
        if source.missing[field.place()] < 1_000 && !(source.one_line && in_one) {
            columns.push(column);
        }
    }
    if source.one_line {
        columns.push(Column { name: "address", kind: "address", of: one_line });
    }
    columns
}

fn full_name(of: fn(&Cells) -> String) -> Column {
    Column { name: "full_name", kind: "full_name", of }
}

fn joined(parts: [&str; 2], between: &str) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(between)
}

fn given_first(cells: &Cells) -> String {
    joined([&cells[Field::Given.place()], &cells[Field::Family.place()]], " ")
}

fn family_first(cells: &Cells) -> String {
    joined([&cells[Field::Family.place()], &cells[Field::Given.place()]], ", ")
}

fn one_line(cells: &Cells) -> String {
    let [street, city, code] =
        [Field::Street, Field::City, Field::Postcode].map(|field| cells[field.place()].as_str());
    joined([street, &joined([code, city], " ")], ", ")
}

/// `steward.toml`: typed, mapped fields and nothing else.
#[must_use]
pub fn settings(plan: &Plan) -> String {
    let region = Locale::of(plan.country).region;
    let mut text = format!(
        "# World {}: made up.\n\n[workspace]\nname = \"world {}\"\nregion = \"{region}\"\n",
        plan.seed, plan.seed
    );
    let all: Vec<Vec<Column>> =
        plan.sources.iter().map(|source| columns(source, plan.about)).collect();
    let mut told: Vec<&str> = Vec::new();
    for column in all.iter().flatten() {
        if !told.contains(&column.name) {
            told.push(column.name);
            let _ = write!(text, "\n[fields.{}]\ntype = \"{}\"", column.name, column.kind);
        }
    }
    text.push('\n');
    for (source, columns) in plan.sources.iter().zip(&all) {
        let map = columns.iter().map(|it| format!("{0} = \"{0}\"", it.name)).collect::<Vec<_>>();
        let name = source.name;
        let _ = writeln!(text, "\n[sources.{name}]\nkey = \"id\"\nmap = {{ {} }}", map.join(", "));
    }
    text
}
