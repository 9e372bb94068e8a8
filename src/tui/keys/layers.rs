//! The keys of what lies over a screen: what is read, typed, chosen or confirmed.

use super::{Kind, Row, c, fetching, k, overview, place, row, says, task};
use crate::context::Context;
use crate::keys::{Chord, Key};
use crate::model::{Input, Layer, Model, Phase};
use crate::update::{bulk, finder, imports, layers, masks, movement, navigate, palette, queue};
use door::DependantChoice;

const READING: &[Context] = &[Context::Reading];
const FINDER: &[Context] = &[Context::Finder];
const PROMPT: &[Context] = &[Context::Prompt];
const MENU: &[Context] = &[Context::Menu];
const CONFIRM: &[Context] = &[Context::Confirm];
const LOOK: &[Context] = &[Context::Look];
const PALETTE: &[Context] = &[Context::Palette];
const DEPENDANTS: &[Context] = &[Context::Dependants];
const GROUPS: &[Context] = &[Context::Groups];
const BULK: &[Context] = &[Context::Bulk];
const READ: &[Context] = &[Context::Reading, Context::Look];
const SCROLLED: &[Context] = &[Context::Groups, Context::Bulk];
const LISTS: &[Context] = &[Context::Finder, Context::Menu, Context::Palette];
const TYPED: &[Context] = &[Context::Finder, Context::Prompt, Context::Palette];

place! {
    LINE_DOWN = row("move-down", &[c('j'), k(Key::Down)], READ, "line down", movement::down)
        .was(&["down"]).kind(Kind::Moves);
    LINE_UP = row("move-up", &[c('k'), k(Key::Up)], READ, "line up", movement::up)
        .was(&["up"]).kind(Kind::Moves);
    PAGE_DOWN = row("move-half-down", &[Chord::ctrl('d'), k(Key::PageDown), c(' ')], READ, "page down",
        movement::half_down).was(&["half-down"]).kind(Kind::Moves);
    PAGE_UP = row("move-half-up", &[Chord::ctrl('u'), k(Key::PageUp)], READ, "page up", movement::half_up)
        .was(&["half-up"]).kind(Kind::Moves);
    NEXT_PAIR = row("explain-next", &[c('w')], READING, "the next pair, if it explains one",
        |model, _| layers::why(model)).was(&["next-pair"]).unless(no_pair);
    UNMASK = row("unmask", &[c('*')], READING, "show sensitive values, or mask them again",
        |model, _| masks::unmask(model))
        .needs(&["unmask"]).unless(|model| fetching(model).or_else(|| overview::counting(model)));
    COPY = row("copy", &[c('y')], READING, "copy it as text to the terminal's clipboard",
        |model, _| layers::copy(model));
    CLOSE = row("close", &[c('q'), c('?'), k(Key::Enter)], READING, "close", |model, _| navigate::close(model))
        .kind(Kind::Looks);
    OPEN_FOUND = row("submit", &[k(Key::Enter)], FINDER, "open what is under the cursor",
        |model, _| finder::submit(model)).hint("open");
    SCOPE = row("change-scope", &[k(Key::Tab)], FINDER, "tasks, customers, records by id",
        |model, _| finder::next_scope(model)).was(&["scope"]).hint("scope");
    MARK_FOUND = row("mark-found", &[Chord::ctrl('t')], FINDER, "mark the customer, or not", |model, _| finder::mark(model))
        .hint("mark").unless(finder::no_customer);
    ASK_FOUND = row("ask-about", &[Chord::ctrl('e')], FINDER, "ask about the marked customers in a new task",
        |model, _| finder::ask_about(model)).needs(&["decide"]).hint("ask").unless(finder::too_few_marked);
    DO_IT = row("submit", &[k(Key::Enter)], PALETTE, "run the action under the cursor",
        |model, _| palette::submit(model)).hint("do it");
    DECISION_DOWN = row("move-down", &[c('j'), k(Key::Down)], DEPENDANTS, "decision down", movement::down)
        .was(&["down"]).kind(Kind::Moves);
    DECISION_UP = row("move-up", &[c('k'), k(Key::Up)], DEPENDANTS, "decision up", movement::up)
        .was(&["up"]).kind(Kind::Moves);
    UNDO_TOO = row("undo-too", &[c('t')], DEPENDANTS, "undo this one too",
        |model, _| layers::choose_for(model, DependantChoice::UndoToo)).hint("undo too");
    STAY = row("stay", &[c('s')], DEPENDANTS, "keep it: what it brought stays with the survivor",
        |model, _| layers::choose_for(model, DependantChoice::Stay)).hint("stays");
    MOVE_BACK = row("move-back", &[c('b')], DEPENDANTS,
        "keep it: what it brought moves with the restored customer",
        |model, _| layers::choose_for(model, DependantChoice::MoveBack)).hint("moves back");
    UNDO_SO = row("confirm", &[k(Key::Enter), c('y')], DEPENDANTS, "undo with these choices",
        |model, _| layers::undo_so(model)).was(&["yes"]).hint("undo");
    TAKE_TEXT = row("submit", &[k(Key::Enter)], PROMPT, "enter the text", |model, _| layers::submit_prompt(model))
        .hint("enter");
    TAKE_CHOICE = row("submit", &[k(Key::Enter)], MENU, "take the choice under the cursor (the last used)",
        |model, _| layers::submit_menu(model)).hint("take");
    ROW_DOWN = row("move-down", &[c('j'), k(Key::Down)], SCROLLED, "row down", movement::down)
        .was(&["down"]).kind(Kind::Moves);
    ROW_UP = row("move-up", &[c('k'), k(Key::Up)], SCROLLED, "row up", movement::up)
        .was(&["up"]).kind(Kind::Moves);
    ROWS_DOWN = row("move-half-down", &[Chord::ctrl('d'), k(Key::PageDown)], SCROLLED, "page down",
        movement::half_down).was(&["half-down"]).kind(Kind::Moves);
    ROWS_UP = row("move-half-up", &[Chord::ctrl('u'), k(Key::PageUp)], SCROLLED, "page up", movement::half_up)
        .was(&["half-up"]).kind(Kind::Moves);
    FILTER_BY_IT = row("submit", &[k(Key::Enter)], GROUPS, "filter by this pattern",
        |model, _| queue::filter_by_pattern(model)).hint("filter by it");
    DECIDE = row("submit", &[k(Key::Enter)], BULK,
        "decide, once the count is typed; with nothing typed, open the task under the cursor",
        |model, _| bulk::submit(model)).hint("open it, or decide").label(bulk_enter);
    LEAVE_OUT = row("leave-out", &[c(' ')], BULK, "leave the task under the cursor out, or take it in again",
        |model, _| bulk::leave_out(model)).hint("leave out").unless(not_asking);
    UNDO_BULK = row("undo-bulk", &[c('u')], BULK, "undo the whole bulk, once it is decided",
        |model, _| bulk::undo(model)).hint("undo all of it").unless(not_decided);
    DELETE_DIGIT = row("delete-before", &[k(Key::Backspace), Chord::ctrl('h')], BULK, "delete the last digit",
        |model, _| layers::edit(model, Input::backspace)).was(&["backspace"]);
    COMPLETE = row("complete", &[k(Key::Tab)], PROMPT, "complete the name of a column or a person, or the path of a file",
        |model, _| queue::complete(model));
    CHOICE_DOWN = row("move-down", &[k(Key::Down), Chord::ctrl('n')], LISTS, "row down", movement::down)
        .was(&["down"]).kind(Kind::Moves);
    CHOICE_UP = row("move-up", &[k(Key::Up), Chord::ctrl('p')], LISTS, "row up", movement::up)
        .was(&["up"]).kind(Kind::Moves);
    CURSOR_LEFT = row("move-cursor-left", &[k(Key::Left)], TYPED, "cursor to the left",
        |model, _| layers::edit(model, |input| input.step(-1))).was(&["cursor-left"]);
    CURSOR_RIGHT = row("move-cursor-right", &[k(Key::Right)], TYPED, "cursor to the right",
        |model, _| layers::edit(model, |input| input.step(1))).was(&["cursor-right"]);
    DELETE_BEFORE = row("delete-before", &[k(Key::Backspace), Chord::ctrl('h')], TYPED, "delete before the cursor",
        |model, _| layers::edit(model, Input::backspace)).was(&["backspace"]);
    DELETE = row("delete", &[k(Key::Delete)], TYPED, "delete under the cursor",
        |model, _| layers::edit(model, Input::delete));
    DELETE_WORD = row("delete-word", &[Chord::ctrl('w')], TYPED, "delete a word",
        |model, _| layers::edit(model, Input::delete_word));
    DELETE_LINE = row("delete-line", &[Chord::ctrl('u')], TYPED, "delete the line",
        |model, _| layers::delete_line(model));
    YES = row("confirm", &[c('y')], CONFIRM, "yes, do it", |model, _| layers::confirmed(model))
        .was(&["yes"]).hint("yes");
    IMPORT = row("import", &[c('y')], LOOK, "import it as shown", |model, _| imports::import(model)).hint("import it");
    WHOLE = row("declare-complete", &[c('c')], LOOK,
        "complete file, yes or no: records it lacks have vanished",
        |model, _| imports::switch_complete(model)).was(&["complete"]).hint("complete");
    OLDER = row("accept-older", &[c('o')], LOOK, "import rows older than the data held, yes or no",
        |model, _| imports::switch_older(model)).hint("older rows");
    SURELY = row("accept-vanished", &[c('v')], LOOK, "accept the file however much it lacks, yes or no",
        |model, _| imports::switch_vanished(model)).hint("really gone").unless(nothing_lacks);
}

fn no_pair(model: &Model) -> Option<String> {
    let explains = matches!(model.layers.last(), Some(Layer::Why { .. }));
    says(!explains, "it does not explain a pair").or_else(|| task::no_pair(model))
}

fn bulk_enter(model: &Model) -> Option<String> {
    let Some(Layer::Bulk(bulk)) = model.layers.last() else { return None };
    let said = match bulk.phase {
        Phase::Asking if bulk.typed.text().is_empty() => "open it",
        Phase::Asking => "decide",
        Phase::Done => "close",
        Phase::Judging | Phase::Deciding => return None,
    };
    Some(said.to_owned())
}

fn not_asking(model: &Model) -> Option<String> {
    let is_asking =
        matches!(model.layers.last(), Some(Layer::Bulk(bulk)) if bulk.phase == Phase::Asking);
    says(!is_asking, "each is being checked, or is already decided")
}

fn not_decided(model: &Model) -> Option<String> {
    let is_done = matches!(model.layers.last(),
        Some(Layer::Bulk(bulk)) if bulk.phase == Phase::Done && !bulk.decided.is_empty());
    says(!is_done, "nothing has been decided yet")
}

fn nothing_lacks(model: &Model) -> Option<String> {
    match model.layers.last() {
        Some(Layer::Look(look)) if look.outcome.held_back.is_some() => None,
        Some(Layer::Look(look)) if look.file.request.delivery.complete => {
            Some("nothing is held back for confirmation".to_owned())
        }
        _ => Some("only a complete file can lack records".to_owned()),
    }
}
