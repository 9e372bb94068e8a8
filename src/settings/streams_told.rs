//! Streams of activities in plain words, for `steward check`.

use std::fmt::Write as _;

use super::{CurrencyOf, KindOf, Property, Settings, Stream};

pub(super) fn write(text: &mut String, settings: &Settings) -> std::fmt::Result {
    if settings.streams.is_empty() {
        return Ok(());
    }
    writeln!(text, "\nStreams: what customers did")?;
    for stream in &settings.streams {
        write_stream(text, stream)?;
    }
    Ok(())
}

fn write_stream(text: &mut String, stream: &Stream) -> std::fmt::Result {
    let purpose = match stream.purpose.is_empty() {
        true => String::new(),
        false => format!(", for {}", stream.purpose.join(", ")),
    };
    writeln!(text, "  {}: from {}{purpose}", stream.name, stream.source)?;
    match &stream.kind {
        KindOf::One(kind) => writeln!(text, "    each row is a {kind}")?,
        KindOf::Column { column, words } => {
            let told = words.iter().map(|(word, kind)| match kind {
                Some(kind) => format!("`{word}` is {kind}"),
                None => format!("`{word}` is left out"),
            });
            let told: Vec<String> = told.collect();
            let told =
                if told.is_empty() { String::new() } else { format!(": {}", told.join(", ")) };
            writeln!(text, "    `{column}` says the kind{told}")?;
        }
    }
    let key = match stream.key.is_empty() {
        true => "no key: a row is known by all that it says".to_owned(),
        false => format!("key from `{}`", stream.key.join("` + `")),
    };
    let several = if stream.reads().several_rows { "; several rows are one activity" } else { "" };
    writeln!(text, "    {key}{several}, time from `{}`", stream.at)?;
    if let Some(amount) = &stream.amount {
        let currency = match &stream.currency {
            CurrencyOf::Unknown => "no currency".to_owned(),
            CurrencyOf::One(currency) => currency.to_string(),
            CurrencyOf::Column(column) => format!("currency from `{column}`"),
        };
        writeln!(text, "    amount from `{amount}`, {currency}")?;
    }
    let key = stream.subject.iter().map(|column| format!("the record whose key is in `{column}`"));
    let handles = stream.handles.iter();
    let handles = handles.map(|(field, column)| format!("whoever has the {field} in `{column}`"));
    let whose: Vec<String> = key.chain(handles).collect();
    writeln!(text, "    of {}", whose.join(", else of "))?;
    if !stream.properties.is_empty() {
        let told: Vec<String> = stream.properties.iter().map(property).collect();
        writeln!(text, "    keeps {}", told.join(", "))?;
    }
    if stream.key_is_sensitive || !stream.key_of.is_empty() {
        let why: Vec<&str> = stream.key_of.iter().map(|field| field.as_str()).collect();
        let why = if why.is_empty() { "a sensitive property".to_owned() } else { why.join(", ") };
        writeln!(text, "    its keys are masked as {why} is")?;
    }
    if stream.replaces_days {
        writeln!(
            text,
            "    a file holds all of each of its days: what it lacks of them is withdrawn"
        )?;
    }
    Ok(())
}

/// `note from `Note` (masked)`.
fn property(property: &Property) -> String {
    let Property { name, column, .. } = property;
    let mut said = vec![];
    if property.sensitive {
        said.push("masked".to_owned());
    }
    if !property.of.is_empty() {
        let of: Vec<&str> = property.of.iter().map(|field| field.as_str()).collect();
        said.push(format!("masked wherever {} is", of.join(" or ")));
    }
    if property.each {
        said.push("one a row".to_owned());
    }
    let said = if said.is_empty() { String::new() } else { format!(" ({})", said.join(", ")) };
    match name.as_str() == column {
        true => format!("{name}{said}"),
        false => format!("{name} from `{column}`{said}"),
    }
}

#[cfg(test)]
mod tests {
    use crate::{explain, parse};

    #[test]
    fn a_stream_is_read_back() {
        let text = "[workspace]\nname='a'\n[fields.email]\ntype='email'\nkeep={columns=2}\n\
            [fields.city]\ntype='city'\nkeep='all'\n\
            [sources.shop]\nkey='id'\nupdated='u'\ndecay='1 year'\nmap={email='Mail'}\n\
            [streams.orders]\nsource='shop'\nkey='no'\nat='when'\namount='total'\ncurrency='EUR'\nrows='several'\n\
            kind={column='Status',paid='purchase',void=''}\nsubject={key='cust',else={email='Mail'}}\n\
            properties={items={column='Item',each=true},channel='channel',note={column='Note',sensitive=true},mail='Mail'}\n";
        let told = explain(&parse(text).unwrap());
        for line in [
            "Streams: what customers did",
            "  orders: from shop",
            "    `Status` says the kind: `paid` is purchase, `void` is left out",
            "    key from `no`; several rows are one activity, time from `when`",
            "    amount from `total`, EUR",
            "    of the record whose key is in `cust`, else of whoever has the email in `Mail`",
            "    keeps items from `Item` (one a row), channel, note from `Note` (masked), mail from `Mail` (masked wherever email is)",
            "    trusted half as much for each 1 year that a record is older than the newest of its customer",
            "  email: the other values are kept beside the golden one, 2 of them in columns of their own",
            "  city: the other values are kept beside the golden one",
        ] {
            assert!(told.lines().any(|own| own == line), "{line}\n{told}");
        }
    }
}
