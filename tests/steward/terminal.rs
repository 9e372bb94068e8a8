//! The review in a terminal: from the first frame through a decision to the end, and the terminal
//! given back as it was found.

use std::process::Stdio;
use std::time::Duration;

use rustix::process::Signal;

use crate::screen::{HURRY, Terminal};
use crate::workspace::Workspace;

/// The lines of a screen without the blanks at their ends, which a terminal may have been sent or not.
fn trimmed(shown: &str) -> Vec<&str> {
    shown.lines().map(str::trim_end).collect()
}

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
    std::thread::sleep(HURRY);
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
fn a_review_of_a_workspace_that_is_held_says_so_on_the_terminal_as_it_was() {
    let workspace = Workspace::matched(60);
    let mut holder = workspace
        .process()
        .args(["import", "-", "--source", "crm"])
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lock = workspace.path(".steward/lock");
    let name = format!("process {}", holder.id());
    while !std::fs::read_to_string(&lock).unwrap_or_default().contains(&name) {}
    let mut terminal = Terminal::in_folder(&workspace.path("."));
    let modes = terminal.modes();
    terminal.start(&["review"]);
    terminal.until_shown(&["error:", "process"]);
    assert_eq!(terminal.ended(), 4, "refused: another holds it");
    assert_given_back(&terminal, &modes);
    drop(holder.stdin.take());
    let _ = holder.wait();
    workspace.verified();
}

/// One person, two windows, and a command beside them: all of one workspace.
#[test]
fn what_comes_beside_a_review_attaches_to_it_and_is_told_when_it_closes() {
    let workspace = Workspace::matched(60);
    let mut first = Terminal::in_folder(&workspace.path("."));
    first.start(&["review"]);
    first.until_shown(&["sample customers"]);
    let mut second = Terminal::in_folder(&workspace.path("."));
    let modes = second.modes();
    second.start(&["review"]);
    second.until_shown(&["sample customers", "in the workspace that process"]);
    // What writes does not wait either.
    workspace.export("golden");
    let sessions = workspace.done(&["sessions", "--json"]).objects();
    let doing: Vec<&str> = sessions.iter().map(|it| it["doing"].as_str().unwrap()).collect();
    assert_eq!(doing[..2], ["review", "review"], "{doing:?}");
    workspace.done(&["wall", "lunch", "at", "one"]);
    first.until_shown(&[": lunch at one"]);
    second.until_shown(&[": lunch at one"]);
    first.press("q");
    assert_eq!(first.ended(), 0);
    second.until_shown(&["the review that had the workspace open was closed"]);
    assert_eq!(second.ended(), 1);
    assert_given_back(&second, &modes);
    assert!(!workspace.path(".steward/socket").exists());
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
fn a_closed_terminal_ends_the_review_and_nothing_is_lost() {
    let workspace = Workspace::of_sample();
    let tasks = workspace.tasks("duplicate");
    let pair = tasks.iter().find(|task| task["subjects"].as_array().unwrap().len() == 2).unwrap();
    let id = pair["id"].as_str().unwrap();
    for signal in [Signal::HUP, Signal::KILL] {
        let mut terminal = Terminal::in_folder(&workspace.path("."));
        let modes = terminal.modes();
        terminal.start(&["review"]);
        // The queue, or the task that was open when the line was cut.
        terminal.until_shown(&["duplicate"]);
        terminal.press("/");
        terminal.until_shown(&["[tasks]"]);
        terminal.press(&format!("{id} "));
        terminal.until_shown(&[&format!("> {id} duplicate")]);
        terminal.press("\r");
        terminal.until_shown(&["m merge 1+2"]);
        terminal.press("m");
        terminal.until_shown(&["merged"]);
        // A draft is no decision: it goes with the session.
        terminal.signal(signal);
        terminal.ended();
        if signal == Signal::HUP {
            assert_given_back(&terminal, &modes);
        }
        let log = workspace.rows("decisions");
        assert_eq!(log.last().unwrap()["verdict"], "merge", "confirmed is kept");
        workspace.verified();
        let last = log.last().unwrap()["decision"].as_str().unwrap().to_owned();
        workspace.done(&["undo", &last]);
    }
}

#[test]
fn a_resized_terminal_is_drawn_anew_at_any_size() {
    let workspace = Workspace::matched(60);
    let mut terminal = Terminal::in_folder(&workspace.path("."));
    let modes = terminal.modes();
    terminal.start(&["review"]);
    terminal.until_shown(&["order: best next", "? all"]);
    terminal.resize(120, 40);
    terminal.until_shown(&["today: 0 decided", "Enter open"]);
    terminal.resize(20, 5);
    terminal.until_shown(&["steward needs 40", "columns"]);
    // Keys and resizes that come together: none of them may hide another.
    for _ in 0..20 {
        terminal.press("m");
        terminal.resize(1, 1);
        terminal.resize(80, 24);
    }
    terminal.until_shown(&["order: best next", "? all"]);
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
    assert_given_back(&terminal, &modes);
}

#[test]
fn over_a_slow_line_a_task_is_decided_only_after_the_terminal_has_shown_it() {
    let answer = "\x1b[1;1R";
    let workspace = Workspace::matched(60);
    let mut terminal = Terminal::in_folder(&workspace.path(".")).far_away();
    terminal.start(&["review"]);
    terminal.until_shown(&["order: best next", "? all"]);
    terminal.press("\r");
    terminal.until_asked();
    // Longer than a task must not be empty near by.
    std::thread::sleep(Duration::from_millis(300));
    terminal.press(&format!("n{answer}"));
    terminal.until_shown(&["n ignored: T", "was not shown yet"]);
    terminal.press("n");
    terminal.until_asked();
    terminal.press(answer);
    terminal.until_shown(&["D1"]);
    terminal.leave_by("q");
    assert_eq!(terminal.ended(), 0);
    assert_eq!(workspace.rows("decisions").len(), 1);
}

#[test]
fn a_suspended_review_gives_the_shell_its_terminal_and_goes_on_where_it_was() {
    let workspace = Workspace::matched(60);
    let mut terminal = Terminal::in_folder(&workspace.path("."));
    terminal.start_shell();
    terminal.until_shown(&["ready>"]);
    terminal.press("steward review\r");
    terminal.until_shown(&["order: best next", "? all"]);
    terminal.press("\r");
    let task = terminal.until("a task", |shown| !shown.contains("order: best next"));
    for _ in 0..2 {
        terminal.press("\x1a");
        terminal.until_shown(&["Stopped", "ready>"]);
        let screen = terminal.screen();
        assert!(!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste());
        terminal.press("echo the shell is $((6 * 7))\r");
        terminal.until_shown(&["the shell is 42"]);
        terminal.press("fg\r");
        let again = terminal.until("the task", |shown| shown.lines().next() == task.lines().next());
        assert_eq!(trimmed(&again), trimmed(&task), "nothing of the shell is left on it");
        assert!(terminal.screen().alternate_screen());
    }
    terminal.leave_by("q");
    terminal.until("the shell", |shown| !shown.contains("order: best next"));
    assert!(!terminal.screen().alternate_screen() && !terminal.screen().hide_cursor());
    terminal.press("exit\r");
    terminal.ended();
    workspace.verified();
}

#[test]
fn own_keys_theme_and_mouse_come_from_the_persons_configuration() {
    let workspace = Workspace::matched(60);
    let folder = workspace.path(".config/steward");
    std::fs::create_dir_all(&folder).unwrap();
    let write = |text: &str| std::fs::write(folder.join("config.toml"), text).unwrap();
    write("[keys]\nleave = \"Z\"\nmerge = \"u\"\n[theme]\nmouse = true\nglyphs = \"ascii\"\n");
    let mut terminal = Terminal::in_folder(&workspace.path("."));
    let modes = terminal.modes();
    terminal.start(&["review", "--theme", "light"]);
    // Wide enough for the hint that tells how to leave, and for one pane.
    terminal.resize(96, 24);
    let shown = terminal.until_shown(&["line 3", "steward check", "Z leave"]);
    assert!(shown.is_ascii(), "{shown}");
    assert_ne!(terminal.screen().mouse_protocol_mode(), vt100::MouseProtocolMode::None);
    // A click on the second row puts the cursor there, a second one opens it.
    terminal.press("\x1b[<0;10;5M\x1b[<0;10;5m");
    terminal.until_shown(&["2 of"]);
    terminal.press("\x1b[<0;10;5M\x1b[<0;10;5m");
    terminal.until("a task", |shown| !shown.contains("order: best next"));
    terminal.leave_by("Z");
    assert_eq!(terminal.ended(), 0);
    assert_given_back(&terminal, &modes);

    let mut check = workspace.command();
    check.env("XDG_CONFIG_HOME", workspace.path(".config")).arg("check");
    let ran: crate::workspace::Ran = check.output().unwrap().into();
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    for said in ["config.toml:", "line 3: `u` is already bound to undo: give undo another key"] {
        assert!(ran.err.contains(said), "{}", ran.err);
    }
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
    terminal.until_shown(&["lesson 1 of 6", &first, "m merge 1+2"]);
    terminal.press("m");
    terminal.until_shown(&["D2", "lesson 2 of 6", &second]);
    terminal.leave_by("q");
    assert_eq!(terminal.ended(), 0);
    assert_given_back(&terminal, &modes);
    terminal.until_shown(&["1 of 6 lessons done"]);
    // It goes on where one was.
    terminal.start(&["demo"]);
    terminal.until_shown(&["lesson 2 of 6", &second]);
    terminal.leave_by("q");
    assert_eq!(terminal.ended(), 0);
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
fn a_list_within_an_object_of_json_is_imported_from_within_the_review() {
    let workspace = crate::people::nobody();
    let row = |id: u32| format!(r#"{{"id":"{id}","given":"Given{id}","family":"Family{id}"}}"#);
    let text = format!(r#"{{"data":{{"people":[{},{}]}}}}"#, row(1), row(2));
    workspace.write("people.json", &text);
    let mut terminal = Terminal::in_folder(&workspace.path("."));
    terminal.start(&["review"]);
    terminal.until_shown(&["? all"]);
    terminal.press("gi");
    terminal.until_shown(&["Nothing has been imported yet: a adds a file."]);
    terminal.press("apeople.json\r");
    terminal.until_shown(&["Which source is people.json from?"]);
    terminal.press("c");
    terminal.until_shown(&["Where in people.json are its records?", "data.people"]);
    terminal.press("\r");
    terminal.until_shown(&["import people.json as crm?", "Given1"]);
    terminal.press("y");
    terminal.until_shown(&["I1: 2 rows read"]);
    terminal.leave_by("q");
    assert_eq!(terminal.ended(), 0);
    assert_eq!(workspace.rows("records").len(), 2);
}

#[test]
fn a_file_is_imported_from_within_the_review() {
    let workspace = Workspace::empty();
    std::fs::copy(crate::workspace::sample("crm.csv"), workspace.path("more.csv")).unwrap();
    let mut terminal = Terminal::in_folder(&workspace.path("."));
    terminal.start(&["review"]);
    terminal.until_shown(&["sample customers"]);
    terminal.press("gi");
    terminal.until_shown(&["Nothing has been imported yet: a adds a file."]);
    terminal.press("amore.csv\r");
    terminal.until_shown(&["Which source is more.csv from?"]);
    terminal.press("c");
    terminal.until_shown(&["import more.csv as crm?", "y import it"]);
    terminal.press("y");
    let rows = std::fs::read_to_string(workspace.path("more.csv")).unwrap().lines().count() - 1;
    terminal.until_shown(&[&format!("I1: {rows} rows read"), "took"]);
    // What it found to ask waits until it is taken in.
    terminal.press("gq");
    terminal.until_shown(&["new", ": R"]);
    terminal.press("R");
    terminal.until_shown(&["1 of "]);
    terminal.press("gd");
    terminal.until_shown(&["invalid", "No scores yet"]);
    terminal.leave_by("q");
    assert_eq!(terminal.ended(), 0);
    workspace.verified();
    let again = workspace.import_file(&workspace.path("more.csv"), "crm");
    assert_eq!(again["unchanged"].as_u64(), Some(rows as u64), "{again}");
}
