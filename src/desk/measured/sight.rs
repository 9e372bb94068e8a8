//! Who may be told of which measure and which segment: a value that follows from what is masked would tell it.

use std::collections::BTreeSet;

use crate::masking::Masks;
use domain::FieldName;
use settings::{Measure, Segment, Settings};

/// What is hidden from whoever asks.
pub(crate) struct Sight {
    fields: BTreeSet<FieldName>,
    properties: BTreeSet<FieldName>,
}

impl Sight {
    /// What these masks hide.
    pub(crate) fn by(settings: &Settings, masks: Option<&Masks>) -> Sight {
        let Some(masks) = masks else {
            return Sight { fields: BTreeSet::new(), properties: BTreeSet::new() };
        };
        let properties = settings.streams.iter().flat_map(|stream| &stream.properties);
        let hidden = properties.filter(|it| masks.hides_of_activities(it.name.as_str()));
        Sight {
            fields: masks.fields().cloned().collect(),
            properties: hidden.map(|it| it.name.clone()).collect(),
        }
    }

    /// What a role never sees unmasked, by the settings as somebody sees things by them.
    pub(crate) fn of_role(settings: &Settings) -> Sight {
        let acting = settings.acting.as_ref();
        let fields: BTreeSet<FieldName> =
            acting.map(|acting| acting.closed.iter().cloned().collect()).unwrap_or_default();
        let sees = acting.is_none_or(|acting| acting.sees_properties);
        let is_closed = |field: &FieldName| {
            let sensitive = || settings.field(field.as_str()).is_some_and(|it| it.sensitive);
            fields.contains(field) || !sees && sensitive()
        };
        let properties = settings.streams.iter().flat_map(|stream| &stream.properties);
        let hidden = properties.filter(|it| it.is_masked(sees, is_closed));
        let properties = hidden.map(|it| it.name.clone()).collect();
        Sight { fields, properties }
    }

    /// Whether a measure may be told.
    pub(crate) fn tells(&self, measure: &Measure) -> bool {
        !measure.take.property().is_some_and(|name| self.properties.contains(name))
    }

    /// The first thing that a segment asks for and that may not be told: a field, or a measure.
    pub(crate) fn hidden_in<'s>(
        &self,
        settings: &Settings,
        segment: &'s Segment,
    ) -> Option<&'s str> {
        segment.when.names().into_iter().find(|name| match settings.measure(name) {
            Some(measure) => !self.tells(measure),
            None => self.fields.contains(&FieldName::new(*name)),
        })
    }
}
