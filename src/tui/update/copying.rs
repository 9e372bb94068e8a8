//! What leaves by the terminal's clipboard: a customer, and where a record stands in its own system.

use crate::effect::Effect;
use crate::model::{Layer, Menu, Model, Screen};
use crate::text::{clean, counted};
use crate::vcard;
use door::views::{CustomerView, MemberView};

/// Asks how the customer is copied.
pub(crate) fn ask(model: &mut Model) -> Vec<Effect> {
    model.layers.push(Layer::Menu(Menu::of_copies()));
    Vec::new()
}

/// Copies the customer on screen, as it is shown: what is masked stays so.
pub(super) fn copy(model: &mut Model, how: char) -> Vec<Effect> {
    let Some(view) = model.customer().and_then(|screen| screen.view.as_deref()) else {
        return Vec::new();
    };
    let (text, left_out) = match how {
        'v' => vcard::of(view),
        _ => (as_text(view, model), 0),
    };
    let what = if how == 'v' { "a vCard" } else { "text" };
    let masked = match left_out {
        0 => String::new(),
        some => format!(", without {}", counted(some, "masked value", "masked values")),
    };
    model.say(format!("{} sent to the terminal's clipboard as {what}{masked}", view.customer));
    vec![Effect::Copy(text)]
}

/// Its golden values, a line each, under its id and its records.
fn as_text(view: &CustomerView, model: &Model) -> String {
    let members: Vec<String> =
        view.column.members.iter().map(|member| member.address.to_string()).collect();
    let mut lines = vec![format!("{} ({})", view.customer, members.join(", "))];
    for field in &view.fields {
        if let Some(text) = view.column.golden.text(field.name.as_str()) {
            lines.push(format!("{}: {text}", field.name));
        }
    }
    let cleaned = lines.iter().map(|line| clean(line, model.theme.glyphs));
    cleaned.collect::<Vec<_>>().join("\n") + "\n"
}

/// The record that a key is about: that of a fix, of the column under the cursor, or the member.
fn record(model: &Model) -> Option<&MemberView> {
    if let Some(Screen::Customer(screen)) = model.screens.last() {
        return screen.member();
    }
    let screen = model.at_hand()?;
    let view = screen.view.as_ref()?;
    if let Some(fix) = &view.fix {
        let mut members = view.columns.iter().flat_map(|column| &column.members);
        return members.find(|member| member.address == fix.record);
    }
    let (row, _) = screen.current_field()?;
    screen.current_column()?.member_of(row)
}

/// Why there is no address to be shown.
pub(crate) fn no_link(model: &Model) -> Option<String> {
    match record(model) {
        None => Some("move to a record".to_owned()),
        Some(member) if member.link.is_none() => Some(format!(
            "no address is known for records of {}: set link in [sources.{0}]",
            member.address.source
        )),
        Some(_) => None,
    }
}

/// Shows where the record stands in its own system, and copies it. Nothing is opened here: that is for the
/// terminal, which is elsewhere.
pub(crate) fn link(model: &mut Model) -> Vec<Effect> {
    let Some(link) = record(model).and_then(|member| member.link.clone()) else {
        return Vec::new();
    };
    model.say_link("copied: ", &link);
    vec![Effect::Copy(link)]
}
