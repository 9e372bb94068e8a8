//! The review in a terminal: from the first frame through a decision to the end, and the terminal
//! given back as it was found.

use crate::screen::Terminal;
use crate::workspace::Workspace;

/// Says so where the terminal is not as it was found.
#[track_caller]
fn assert_given_back(terminal: &Terminal, modes: &str) {
    let screen = terminal.screen();
    assert!(!screen.alternate_screen(), "the alternate screen is left");
    assert!(!screen.hide_cursor(), "the cursor is shown");
    assert!(!screen.bracketed_paste(), "bracketed paste is off");
    assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
    assert_eq!(terminal.modes(), modes, "the line is cooked again");
}

#[test]
fn a_review_from_the_first_frame_to_the_end() {
    let workspace = Workspace::of_sample();
    let tasks = workspace.tasks("duplicate");
    let pending = workspace.done(&["tasks", "--json"]).objects().len();
    let before = workspace.picture();
    let mut terminal = Terminal::in_folder(&workspace.path("."));
    let modes = terminal.modes();
    terminal.start(&["review"]);
    let queue = terminal.until_shown(&["sample customers", &format!("open {pending}"), "? all"]);
    assert!(terminal.screen().alternate_screen() && terminal.screen().hide_cursor());
    assert_ne!(terminal.modes(), modes, "keys are read one by one");
    assert!(queue.contains(tasks[0]["id"].as_str().unwrap()), "{queue}");

    // The first duplicate of two, by its id.
    let pair = tasks.iter().find(|task| task["subjects"].as_array().unwrap().len() == 2).unwrap();
    let id = pair["id"].as_str().unwrap();
    terminal.press("/");
    terminal.until("the finder", |shown| shown != queue);
    terminal.press(id);
    terminal.until_shown(&[id]);
    terminal.press("\r");
    terminal.until_shown(&[&format!("{id} duplicate"), "m merge 1+2"]);
    terminal.press("m");
    terminal.until_shown(&["D1", "merged"]);
    terminal.press("u");
    terminal.until_shown(&["D2", "undid D1"]);
    terminal.press("q");
    terminal.until_shown(&["order: best next", &format!("open {pending}")]);
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
    assert_given_back(&terminal, &modes);

    assert_eq!(workspace.picture(), before);
    let log = workspace.rows("decisions");
    let verdicts: Vec<&str> = log.iter().map(|row| row["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["merge", "undo"]);
    workspace.verified();
}

#[test]
fn a_review_that_is_told_to_end_gives_the_terminal_back() {
    let workspace = Workspace::matched(60);
    let mut terminal = Terminal::in_folder(&workspace.path("."));
    let modes = terminal.modes();
    terminal.start(&["review"]);
    terminal.until_shown(&["sample customers"]);
    terminal.ask_to_end();
    terminal.ended();
    assert_given_back(&terminal, &modes);
    workspace.verified();
    workspace.done(&["tasks"]);
}

#[test]
fn the_demo_needs_nothing_and_begins_with_its_first_lesson() {
    let folder = Workspace::bare();
    let mut command = folder.command();
    command.env("XDG_DATA_HOME", folder.path(".data")).arg("demo");
    let ran: crate::workspace::Ran = command.output().unwrap().into();
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.lines().count() > 6, "the queue: {}", ran.out);
    for way in ["steward show T", "steward decide T", "--workspace"] {
        assert!(ran.err.contains(way), "how to go on: {}", ran.err);
    }
    let mut terminal = Terminal::in_folder(&folder.path("."));
    let modes = terminal.modes();
    terminal.start(&["demo"]);
    let [first, second] = lessons();
    terminal.until_shown(&[&first, "m merge 1+2"]);
    terminal.press("m");
    terminal.until_shown(&["D2", &second]);
    terminal.press("q");
    terminal.until_shown(&["order: best next"]);
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
    assert_given_back(&terminal, &modes);
}

/// How the first two coach lines begin; the rest may stand on a second line.
fn lessons() -> [String; 2] {
    let coach = std::fs::read_to_string(crate::workspace::sample("demo/coach.toml")).unwrap();
    let coach: toml::Table = coach.parse().unwrap();
    [0, 1].map(|at| {
        let line = coach["tasks"][at]["line"].as_str().unwrap();
        line.chars().take(30).collect()
    })
}

#[test]
fn a_file_is_imported_from_within_the_review() {
    let workspace = Workspace::empty();
    std::fs::copy(crate::workspace::sample("crm.csv"), workspace.path("more.csv")).unwrap();
    let mut terminal = Terminal::in_folder(&workspace.path("."));
    terminal.start(&["review"]);
    terminal.until_shown(&["sample customers"]);
    terminal.press("gi");
    terminal.until_shown(&["Nothing was imported yet: a adds a file."]);
    terminal.press("amore.csv\r");
    terminal.until_shown(&["more.csv is of which source"]);
    terminal.press("c");
    let rows = std::fs::read_to_string(workspace.path("more.csv")).unwrap().lines().count() - 1;
    terminal.until_shown(&[&format!("I1: {rows} rows read"), "took"]);
    // What it found to ask waits until it is taken in.
    terminal.press("gq");
    terminal.until_shown(&["new", ": R"]);
    terminal.press("R");
    terminal.until_shown(&["1 of "]);
    terminal.press("gd");
    terminal.until_shown(&["invalid", "No matching run has counted its scores yet"]);
    terminal.press("qq");
    assert_eq!(terminal.ended(), 0);
    workspace.verified();
    let again = workspace.import_file(&workspace.path("more.csv"), "crm");
    assert_eq!(again["unchanged"].as_u64(), Some(rows as u64), "{again}");
}
