//! The keys of what is looked at: the records of a task, a customer, a history.

use super::{Kind, Row, c, fetching, k, place, row, says};
use crate::context::Context;
use crate::keys::Key;
use crate::model::Model;
use crate::update::{
    card, comments, copying, decide, drafts, finder, layers, masks, movement, navigate, requests,
    timeline,
};

const TASKS: &[Context] = &[Context::Compare, Context::Challenge, Context::Fix];
const SIDE_BY_SIDE: &[Context] = &[Context::Compare, Context::Challenge];
const GRIDS: &[Context] = &[Context::Compare, Context::Challenge, Context::Customer];
const RECORDS: &[Context] =
    &[Context::Compare, Context::Challenge, Context::Fix, Context::Customer];
const COMMENTED: &[Context] =
    &[Context::Compare, Context::Challenge, Context::Fix, Context::Customer, Context::Approval];
const MASKED: &[Context] = &[
    Context::Compare,
    Context::Challenge,
    Context::Fix,
    Context::Customer,
    Context::History,
    Context::Quarantine,
];
const CUSTOMER: &[Context] = &[Context::Customer];
const HISTORY: &[Context] = &[Context::History];

place! {
    ROWS_SHOWN = row("show-rows", &[c('=')], SIDE_BY_SIDE, "equal values as =, all values, differing rows",
        |model, _| drafts::rows(model)).was(&["rows"]).unless(fetching);
    RAW = row("show-delivered", &[c('t')], RECORDS, "values as delivered, or as read",
        |model, _| drafts::show_raw(model)).was(&["raw"]).unless(fetching);
    UNFOLD = row("unfold", &[c('z')], SIDE_BY_SIDE, "unfold customers into their members",
        |model, _| drafts::unfold(model)).unless(fetching);
    UNMASK = row("unmask", &[c('*')], MASKED,
        "show sensitive values; again: keep this field unmasked, or mask all",
        |model, _| masks::unmask(model)).needs(&["unmask"]).unless(fetching);
    OPEN_CUSTOMER = row("open-customer", &[c('c')], TASKS, "the customer under the cursor",
        |model, _| navigate::open_customer(model)).was(&["customer"]).unless(fetching);
    UNMERGE = row("unmerge", &[c('x')], CUSTOMER, "unmerge the member under the cursor: they differ",
        |model, _| decide::confirm_unmerge(model))
        .needs(&["decide"]).hint("unmerge member").kind(Kind::Decides).unless(no_unmerge);
    REQUEST = row("record-request", &[c('r')], CUSTOMER, "record what the person asks for: access, erasure, objection",
        |model, _| requests::record(model)).needs(&["request"]).unless(in_the_past);
    TIMELINE = row("open-timeline", &[c('v')], CUSTOMER, "what the customer did, and what was done about it, by time",
        |model, _| timeline::open(model)).hint("timeline").unless(fetching_customer);
    CARD = row("open-card", &[c('V')], CUSTOMER, "the customer on one page: how to reach them, what they allow, what they did last",
        |model, _| card::open(model)).hint("card").unless(fetching_customer);
    EARLIER = row("go-earlier", &[c('[')], CUSTOMER, "one change earlier", |model, _| navigate::travel(model, true))
        .was(&["earlier"]).hint("earlier").unless(at_beginning);
    LATER = row("go-later", &[c(']')], CUSTOMER, "one change later", |model, _| navigate::travel(model, false))
        .was(&["later"]).hint("later").unless(at_end);
    WHY_NOT = row("explain-record", &[c('w')], CUSTOMER,
        "why the member is (or is not) the same as another record", |model, _| finder::why_not(model))
        .needs(&["explain"])
        .was(&["why-not"]).unless(no_member);
    COPY = row("copy-customer", &[c('y')], CUSTOMER,
        "copy the customer to the terminal's clipboard, as text or as a vCard; masked values stay masked",
        |model, _| copying::ask(model)).unless(fetching_customer);
    OPEN_SOURCE = row("open-in-source", &[c('o')], RECORDS,
        "show the record's address in its own system, and copy it to the terminal's clipboard",
        |model, _| copying::link(model)).unless(copying::no_link);
    FILTER = row("filter", &[c('f')], HISTORY, "filter by words: who, what, when",
        |model, _| layers::filter_history(model)).hint("filter");
    UNDO_ENTRY = row("undo-entry", &[c('U')], HISTORY, "undo this entry", |model, _| decide::undo_entry(model))
        .needs(&["undo"])
        .hint("undo this entry").kind(Kind::Decides).unless(no_undo);
    OPEN_HISTORY = row("open-history", &[c('H')], RECORDS, "history of what is under the cursor",
        |model, _| navigate::open_own_history(model))
        .needs(&["history"]).was(&["history"]).hint("history").unless(fetching);
    COMMENT = row("comment", &[c(';')], COMMENTED, "comment on it, for everybody who comes to it",
        |model, _| comments::begin(model)).needs(&["comment"]).unless(fetching);
    LEFT = row("move-left", &[c('h'), k(Key::Left)], GRIDS, "column to the left",
        |model, _| movement::column(model, -1)).was(&["left"]).kind(Kind::Moves).unless(fetching);
    RIGHT = row("move-right", &[c('l'), k(Key::Right)], GRIDS, "column to the right, the golden one last",
        |model, _| movement::column(model, 1)).was(&["right"]).kind(Kind::Moves).unless(fetching);
    WHOLE = row("show-value", &[k(Key::Enter)], RECORDS, "the value under the cursor in full",
        |model, _| layers::whole_value(model)).was(&["whole-value"]).kind(Kind::Looks);
}

fn fetching_customer(model: &Model) -> Option<String> {
    let none = model.customer().is_none_or(|screen| screen.view.is_none());
    says(none, "the customer is being fetched")
}

fn in_the_past(model: &Model) -> Option<String> {
    fetching_customer(model).or_else(|| {
        let view = model.customer()?.view.as_ref()?;
        let later = model.key_for(&LATER);
        view.at.map(|_| format!("this is the past: go back to now with {later}"))
    })
}

fn no_member(model: &Model) -> Option<String> {
    let none = model.customer().is_none_or(|screen| screen.member().is_none());
    none.then(|| format!("move to a member with {}", model.key_for(&LEFT)))
}

fn no_unmerge(model: &Model) -> Option<String> {
    let screen = model.customer()?;
    let Some(view) = &screen.view else { return Some("the customer is being fetched".to_owned()) };
    if view.at.is_some() {
        let later = model.key_for(&LATER);
        return Some(format!("this is the past: go back to now with {later}"));
    }
    if view.column.members.len() < 2 {
        return Some(format!("{} has only one member", view.customer));
    }
    no_member(model)
}

fn at_beginning(model: &Model) -> Option<String> {
    let earlier = model.customer().and_then(|screen| screen.earlier());
    says(earlier.is_none(), "this is the first version")
}

fn at_end(model: &Model) -> Option<String> {
    let later = model.customer().and_then(|screen| screen.later());
    says(later.is_none(), "this is the latest version")
}

fn no_undo(model: &Model) -> Option<String> {
    let Some(entry) = model.history().and_then(|screen| screen.current()) else {
        return Some("there is no entry".to_owned());
    };
    match entry.decision {
        None => Some("this entry is not a decision: only decisions can be undone".to_owned()),
        Some(decision) if !entry.stands => Some(format!("{decision} is already undone")),
        Some(_) => None,
    }
}
