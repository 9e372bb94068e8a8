//! Presets of streams: what is known of the files in which common programs export what customers did.

/// Each with its name: text of a `steward.toml`, below a line that says which files they are.
const STREAM_PRESETS: [(&str, &str); 5] = [
    ("shopify-order-stream", include_str!("../../presets/streams/shopify-orders.toml")),
    ("stripe-payments", include_str!("../../presets/streams/stripe-payments.toml")),
    ("ga4-events", include_str!("../../presets/streams/ga4-events.toml")),
    ("sendgrid-events", include_str!("../../presets/streams/sendgrid-events.toml")),
    ("zendesk-tickets", include_str!("../../presets/streams/zendesk-tickets.toml")),
];

/// Stands in the text where the name of the source goes.
const SOURCE: &str = "SOURCE";

/// What is known of the files of one program that say what customers did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamPreset {
    /// Its name.
    pub name: &'static str,
    text: &'static str,
}

impl StreamPreset {
    /// All that steward brings.
    pub fn all() -> impl Iterator<Item = StreamPreset> + Clone {
        STREAM_PRESETS.into_iter().map(|(name, text)| StreamPreset { name, text })
    }

    /// The one of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<StreamPreset> {
        StreamPreset::all().find(|preset| preset.name == name)
    }

    /// Which files it is for.
    #[must_use]
    pub fn title(&self) -> &'static str {
        let first = self.text.lines().next().unwrap_or_default();
        let title = first.trim_start_matches(['#', ' ']);
        title.split_once(':').map_or(title, |(title, _)| title)
    }

    /// What its stream is called.
    #[must_use]
    pub fn stream(&self) -> &'static str {
        let head = self.text.lines().find_map(|line| line.strip_prefix("[streams."));
        head.map_or("", |name| name.trim_end_matches(']'))
    }

    /// Lines for a `steward.toml`, for a stream of that source.
    #[must_use]
    pub fn lines(&self, source: &str) -> String {
        self.text.replace(&format!("\"{SOURCE}\""), &super::quoted(source))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    #[test]
    fn each_is_sound_under_any_source_and_says_where_its_columns_are_from() {
        for preset in StreamPreset::all() {
            let text = format!(
                "[workspace]\nname=\"p\"\n[fields.email]\ntype=\"email\"\n[sources.my-shop]\nkey=\"id\"\n\
                 map={{email=\"e\"}}\n{}",
                preset.lines("my-shop")
            );
            let settings =
                parse(&text).unwrap_or_else(|error| panic!("{error:?}: {}", preset.name));
            let stream = &settings.streams[0];
            assert_eq!(stream.name.as_str(), preset.stream());
            assert_eq!(stream.source.as_str(), "my-shop");
            assert!(text.contains("# Columns: "), "{}", preset.name);
            assert!(!preset.title().is_empty() && !preset.title().contains('#'), "{}", preset.name);
        }
    }
}
