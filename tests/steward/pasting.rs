//! What a terminal sends that nobody pressed: pastes without an end, pastes that hold one, halves of
//! escape sequences, floods. The review goes on, and none of it decides.

use std::time::Duration;

use crate::screen::Terminal;
use crate::workspace::Workspace;

const BEGINS: &str = "\x1b[200~";
const ENDS: &str = "\x1b[201~";

/// A review with the first task open, seen for long enough to be decided.
fn with_a_task_open(workspace: &Workspace) -> Terminal {
    let mut terminal = Terminal::in_folder(&workspace.path("."));
    terminal.start(&["review"]);
    terminal.until_shown(&["order: best next", "? all"]);
    terminal.press("\r");
    terminal.until("a task", |shown| !shown.contains("order: best next"));
    terminal
}

#[test]
fn a_paste_without_an_end_frees_the_keys_after_a_second_and_decides_nothing() {
    let workspace = Workspace::matched(60);
    let mut terminal = with_a_task_open(&workspace);
    // Every letter of it is a verdict.
    terminal.press(&format!("{BEGINS}mnmn\rd1"));
    // Drawing does not wait for it.
    terminal.resize(120, 40);
    terminal.until_shown(&["today: 0 decided"]);
    terminal.until_shown(&["pasted text is never read as keys"]);
    // Silence for more than a second since.
    terminal.settled(Duration::from_millis(1200), |_| true);
    terminal.press("?");
    terminal.until_shown(&["not now: nobody was asked"]);
    terminal.press("\x1b");
    terminal.until("no help", |shown| !shown.contains("not now"));
    terminal.press(&format!("{BEGINS}x"));
    terminal.until_shown(&["pasted text is never read as keys"]);
    // The rest comes late, in bursts, and so does its end.
    terminal.press("nmnm");
    terminal.until_shown(&["today: 0 decided"]);
    terminal.press(&format!("nn{ENDS}"));
    terminal.until_shown(&["today: 0 decided"]);
    assert_eq!(workspace_decisions(&mut terminal, &workspace), 0);
}

/// Every letter that comes decides, or says yes.
#[test]
fn however_a_paste_is_cut_up_it_decides_nothing() {
    const WITHIN: Duration = Duration::from_millis(80);
    let workspace = Workspace::matched(60);
    let mut terminal = with_a_task_open(&workspace);
    let stray = b"\x1b[201~m";
    let slowly = [b"\x1b[200~h" as &[u8], b"m", b"\r", b"y"];
    let split = [b"\x1b[20" as &[u8], b"0~m\ry", b"\x1b[201~"];
    let utf8 = [b"\xc2\x9b200~m\ry\xc2\x9b201~" as &[u8]];
    for (bursts, first) in [
        (&slowly as &[&[u8]], Duration::from_millis(1300)),
        (&split, Duration::from_millis(400)),
        (&utf8, WITHIN),
        (&[stray as &[u8]], WITHIN),
    ] {
        let mut silence = first;
        for burst in bursts {
            terminal.send(burst);
            terminal.settled(silence, |_| true);
            silence = 4 * WITHIN;
        }
        terminal.until("a complaint", |shown| {
            shown.contains("pasted text is never") || shown.contains("the paste never ended")
        });
        // Soon a key works again.
        if !bursts.last().is_some_and(|last| last.ends_with(b"201~")) {
            terminal.settled(Duration::from_millis(1600), |_| true);
        }
        terminal.press("?");
        terminal.until_shown(&["not now: nobody was asked"]);
        terminal.press("\x1b");
        terminal.until("no help", |shown| !shown.contains("not now"));
    }
    assert_eq!(workspace_decisions(&mut terminal, &workspace), 0);
}

/// Leaves the review, which must still take keys, and counts what was decided.
fn workspace_decisions(terminal: &mut Terminal, workspace: &Workspace) -> usize {
    terminal.leave_by("q");
    assert_eq!(terminal.ended(), 0);
    workspace.rows("decisions").len()
}

#[test]
fn a_paste_that_holds_its_own_end_decides_nothing() {
    let workspace = Workspace::matched(60);
    let mut terminal = with_a_task_open(&workspace);
    for hidden in ["n", "\x1b[A\x1bn", "d1", "\rn\r"] {
        terminal.press(&format!("{BEGINS}harmless{ENDS}{hidden}{ENDS}"));
        terminal.until_shown(&["pasted text is never read as keys"]);
        terminal.press("t");
        terminal.until_shown(&["values as"]);
    }
    assert_eq!(workspace_decisions(&mut terminal, &workspace), 0);
}

#[test]
fn half_an_escape_sequence_keeps_nothing_waiting() {
    let workspace = Workspace::matched(60);
    let mut terminal = Terminal::in_folder(&workspace.path("."));
    terminal.start(&["review"]);
    terminal.until_shown(&["1 of ", "? all"]);
    let mut wide = false;
    for (place, half) in ["\x1b", "\x1b[", "\x1b]0;n", "\x1b[200"].into_iter().enumerate() {
        terminal.press(half);
        wide = !wide;
        let (columns, drawn) =
            if wide { (120, "today: 0 decided") } else { (80, "order: best next") };
        terminal.resize(columns, 24);
        terminal.until_shown(&[drawn]);
        terminal.press("j");
        terminal.until_shown(&[&format!("{} of ", place + 2)]);
    }
    terminal.resize(80, 24);
    terminal.until_shown(&["order: best next"]);
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn a_flood_pasted_into_a_prompt_is_text_and_ends() {
    let workspace = Workspace::matched(60);
    let mut terminal = Terminal::in_folder(&workspace.path("."));
    terminal.start(&["review"]);
    terminal.until_shown(&["order: best next", "? all"]);
    terminal.press("f");
    terminal.until("the prompt", |shown| !shown.contains("? all"));
    terminal.press(&format!("{BEGINS}kind = \x1bdup\x1b[Alicate\r{ENDS}"));
    terminal.until_shown(&["kind = dup[Alicate"]);
    terminal.press(&format!("{BEGINS}{}{ENDS}", "q\rn m".repeat(2_000_000)));
    terminal.until_shown(&["n mq n mq"]);
    terminal.press("\x1b");
    terminal.until_shown(&["order: best next", "filter: none", "? all"]);
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
    assert_eq!(workspace.rows("decisions").len(), 0);
}
