//! How a file writes dates and numbers, once it is known what its columns are: told by the very look
//! that an import takes first.

use jiff::civil::Date;

use crate::acquire::{AcquireError, Glance, Input, Options, Reader, Wanted};
use crate::harmonise::{Evidence, Survey};
use domain::{FieldName, Place};
use settings::{Settings, Source};

/// What a file's values tell of the way they are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Convention {
    /// What an import will assume, in words.
    pub assumed: Vec<String>,
    /// What cannot be told: the key of the source, the field, what may be said, and why nothing tells.
    pub open: Vec<OpenQuestion>,
}

/// Something that nothing tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenQuestion {
    /// The key of the source that says it: `dates`, `numbers`.
    pub key: &'static str,
    /// The field; `updated` for the time of change.
    pub field: String,
    /// What may be said.
    pub choices: Vec<&'static str>,
    /// Why nothing tells.
    pub why: String,
}

/// Looks at the columns of dates and numbers as an import does.
///
/// # Errors
/// When the file cannot be read as its source says.
pub fn conventions(
    input: &Input,
    (settings, source): (&Settings, &Source),
    options: &Options,
    today: Date,
) -> Result<Convention, AcquireError> {
    let mut survey = Survey::of(settings, source, today);
    let fields: Vec<FieldName> = survey.fields().cloned().collect();
    let wanted = Wanted { fields, updated: survey.looks_at_updated() };
    let mut reader = Reader::open(input.from_the_beginning(), source, options)?;
    if !wanted.is_empty() {
        let mut show = |it: Glance<'_>| {
            if !(it.has_decimals && it.place.is_some()) {
                survey.note(it.place, it.line, it.text, it.is_boolean);
            }
        };
        while reader.glance(&wanted, &mut show)? {}
    }
    let place = Place::of_format(reader.description());
    let region = settings.workspace.region.as_deref();
    let evidence = Evidence { source, region, begun: None, earlier: &[], place };
    Ok(match survey.decide(&evidence) {
        Ok(reading) => Convention { assumed: reading.assumptions(place), open: Vec::new() },
        Err(undecided) => {
            let open = undecided.columns.into_iter().map(|(field, doubt)| OpenQuestion {
                key: doubt.key(),
                choices: doubt.choices(),
                why: doubt.of(&field, place),
                field: field.to_string(),
            });
            Convention { assumed: Vec::new(), open: open.collect() }
        }
    })
}
