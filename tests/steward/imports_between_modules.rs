//! The import rule: which part of `src/` may use which other. Between crates Cargo holds it; here
//! stands what Cargo cannot say.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Rooms of one crate, and which others of that crate each may use, besides what lies in the crate's
/// own `lib.rs`.
const ROOMS: [(&str, &[&str], &[&str]); 10] = [
    ("intake/acquire", &INTAKE, &["headings"]),
    ("intake/harmonise", &INTAKE, &[]),
    // What is suggested must be read as a value is.
    ("intake/validate", &INTAKE, &["harmonise"]),
    ("intake/merge", &INTAKE, &[]),
    ("intake/review", &INTAKE, &[]),
    ("intake/headings", &INTAKE, &[]),
    ("intake/propose", &INTAKE, &["acquire", "harmonise", "headings"]),
    ("ledger/ports", &["keys", "ledger"], &[]),
    ("ledger/keys", &["ledger"], &["ports"]),
    ("desk/export", &["desk"], &[]),
];
const INTAKE: [&str; 7] =
    ["acquire", "harmonise", "headings", "merge", "propose", "review", "validate"];

/// Code that starts a thread, and how.
const SPAWNING: [&str; 20] = [
    // A shell does not wait.
    "cli/completing.rs",
    // It hears signals while it waits for news.
    "cli/feed/follow.rs",
    // A process: psql.
    "cli/query/postgres.rs",
    "cli/query/stream.rs",
    "cli/terminal.rs",
    "desk/finder/mod.rs",
    "door/keeper.rs",
    "desk/jobs/import/opening.rs",
    "desk/jobs/import/threads.rs",
    "desk/jobs/worker.rs",
    "desk/read_ahead.rs",
    "intake/acquire/pump.rs",
    "ledger/encode.rs",
    "serve/client/files.rs",
    "serve/client/mod.rs",
    "serve/connection.rs",
    "serve/server.rs",
    "ssh/child.rs",
    "ssh/server.rs",
    "tui/session/mod.rs",
];

#[test]
fn rooms_of_one_crate_use_only_what_they_may() {
    let files = sources();
    let mut wrong = Vec::new();
    for (room, others, allowed) in ROOMS {
        let (_, own) = room.split_once('/').unwrap();
        let inside: Vec<_> =
            files.iter().filter(|file| file.name.starts_with(&format!("{room}/"))).collect();
        assert!(!inside.is_empty(), "{room} is in the table and not there");
        let whole_crate = others.iter().any(|other| room.starts_with(&format!("{other}/")));
        for file in inside {
            for used in used_modules(&file.code) {
                let is_other = whole_crate || others.contains(&&*used);
                if used != own && is_other && !allowed.contains(&&*used) {
                    wrong.push(format!("{} uses crate::{used}", file.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A new comparison is one file and one row of the table, and nothing else knows which there are.
#[test]
fn a_comparison_is_named_in_its_own_file_and_in_the_table() {
    let files = sources();
    let shared = ["mod", "spec", "subject", "grading"];
    let own = |file: &SourceFile| {
        let rest = file.name.strip_prefix("matching/compare/")?;
        let module = rest.split('/').next()?.trim_end_matches(".rs").to_owned();
        (!shared.contains(&&*module)).then_some(module)
    };
    let comparisons: BTreeSet<String> = files.iter().filter_map(own).collect();
    assert!(comparisons.len() >= 9, "{comparisons:?}");
    let mut outside = Vec::new();
    let mut rows = BTreeSet::new();
    for file in files.iter().filter(|file| file.name.starts_with("matching/")) {
        for module in comparisons.iter().filter(|module| own(file).as_ref() != Some(*module)) {
            let is_imported = names_after("compare", &file.code).contains(module);
            let named = !names_after(module, &file.code).is_empty();
            if file.name == "matching/compare/mod.rs" {
                rows.extend(named.then(|| module.clone()));
            } else if is_imported || named {
                outside.push(format!("{} names {module}", file.name));
            }
        }
    }
    assert_eq!(rows, comparisons, "each has its row");
    assert!(outside.is_empty(), "{outside:#?}");
}

/// Which screens about the workspace as a whole open from where. Its own keys' file may, too.
const OPENS: [(&str, &str); 13] = [
    ("tui/pages/imports.rs", "QuarantinePage"),
    ("tui/pages/rules.rs", "FailingPage"),
    ("tui/update/overview.rs", "DashboardPage"),
    ("tui/update/overview.rs", "GrantsPage"),
    ("tui/update/overview.rs", "ImportsPage"),
    ("tui/update/overview.rs", "RulesPage"),
    ("tui/update/overview.rs", "RunsPage"),
    ("tui/pages/approvals.rs", "ApprovalPage"),
    ("tui/pages/journeys.rs", "AtStepPage"),
    ("tui/update/journeys.rs", "AtStepPage"),
    ("tui/pages/segments.rs", "SegmentPage"),
    ("tui/update/segments.rs", "SegmentPage"),
    // A task that asks for an approval opens there, wherever it is come to.
    ("tui/update/approvals.rs", "ApprovalPage"),
];

/// A new screen about the workspace as a whole is its own file, a row in the table of contexts, and
/// what opens it: nothing else knows which there are.
#[test]
fn a_page_is_named_in_its_own_file_and_by_what_opens_it() {
    let files = sources();
    let own = |file: &SourceFile, room: &str| {
        let rest = file.name.strip_prefix(room)?;
        let module = rest.split('/').next()?.trim_end_matches(".rs").to_owned();
        (module != "mod").then_some(module)
    };
    let pages: BTreeSet<String> = files.iter().filter_map(|file| own(file, "tui/pages/")).collect();
    assert!(pages.len() >= 8, "{pages:?}");
    let (mut opens, mut rows, mut contexts) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let is_shipped =
        |file: &&SourceFile| file.name.starts_with("tui/") && !file.name.starts_with("tui/stories");
    for file in files.iter().filter(is_shipped) {
        let is_table = is_among(&file.name, &["tui/context.rs", "tui/keys/"]);
        for page in &pages {
            let (context, kind) = (capitalised(page), format!("{}Page", capitalised(page)));
            let rooms = ["tui/pages/", "tui/update/"];
            let is_own = rooms.iter().any(|room| own(file, room).as_ref() == Some(page));
            if !is_own && names_after("Context", &file.code).contains(&context) && !is_table {
                contexts.insert(format!("{} names Context::{context}", file.name));
            }
            if is_own || !words(&file.code).any(|word| word == kind) {
                continue;
            }
            if file.name == "tui/pages/mod.rs" {
                rows.insert(page.clone());
            } else {
                opens.insert((file.name.clone(), kind));
            }
        }
    }
    assert_eq!(rows, pages, "each is made known once");
    let listed = OPENS.map(|(file, kind)| (file.to_owned(), kind.to_owned()));
    assert_eq!(opens, BTreeSet::from(listed), "what names a page, and what may");
    assert!(contexts.is_empty(), "{contexts:#?}");
}

/// `runs`: `Runs`.
fn capitalised(module: &str) -> String {
    let parts = module.split('_').map(|part| part[..1].to_uppercase() + &part[1..]);
    parts.collect()
}

/// A dependency that nothing uses is a permission that nobody asked for.
#[test]
fn every_dependency_is_used() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut unused = Vec::new();
    for folder in packages() {
        let manifest = fs::read_to_string(root.join(&folder).join("Cargo.toml")).unwrap();
        let code = if folder == "." {
            let places = ["src/main.rs", "src/cli", "tests", "benches"];
            places.map(|place| all_code(&root.join(place))).concat()
        } else {
            all_code(&root.join(&folder))
        };
        let used: BTreeSet<&str> = words(&code).collect();
        for name in dependencies(&manifest) {
            let crate_name = name.replace('-', "_");
            let word = crate_name.strip_prefix("steward_").unwrap_or(&crate_name);
            if !used.contains(crate_name.as_str()) && !used.contains(word) {
                unused.push(format!("{folder} depends on {name}"));
            }
        }
    }
    assert!(unused.is_empty(), "{unused:#?}");
}

/// The folders with a `Cargo.toml`, as the root lists them.
fn packages() -> Vec<String> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let manifest = fs::read_to_string(manifest).unwrap();
    let list = manifest.split("\nmembers = [").nth(1).unwrap().split(']').next().unwrap();
    let mut packages: Vec<String> = list.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    packages.push(".".to_owned());
    assert!(packages.len() > 5, "{packages:?}");
    packages
}

/// The names in the tables of dependencies.
fn dependencies(manifest: &str) -> Vec<&str> {
    let mut inside = false;
    let mut names = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = matches!(line, "[dependencies]" | "[dev-dependencies]");
        } else if inside
            && let Some(name) = line.split(['.', ' ', '=']).next().filter(|it| !it.is_empty())
        {
            names.push(name);
        }
    }
    names
}

fn all_code(place: &Path) -> String {
    if place.is_dir() {
        let entries = fs::read_dir(place).unwrap().map(|entry| entry.unwrap().path());
        return entries.map(|path| all_code(&path)).collect();
    }
    let is_code = place.extension().is_some_and(|extension| extension == "rs");
    if is_code { without_comments(&fs::read_to_string(place).unwrap()) } else { String::new() }
}

#[test]
fn only_the_store_names_its_library() {
    for file in sources() {
        let names = words(&file.code).any(|word| word == "sled");
        assert!(!names || file.name.starts_with("store/"), "{} names sled", file.name);
    }
}

#[test]
fn threads_are_started_in_few_places() {
    for file in sources() {
        let starts = words(&file.code).any(|word| word == "spawn");
        let may = SPAWNING.contains(&&*file.name);
        assert_eq!(starts, may, "{}: whether it starts a thread, whether it may", file.name);
    }
}

/// Who of the command line has a desk beside the door, and what for: a closed list. A sample, the man
/// page and completions know of no workspace.
const BESIDE_THE_DOOR: [(&str, &str); 24] = [
    ("cli/backup.rs", "a backup takes no lock"),
    ("cli/check.rs", "steward.toml may be wrong"),
    ("cli/demo.rs", "the demo is made"),
    ("cli/demo/coach.rs", "its lessons are found before it is handed on"),
    ("cli/entry.rs", "the door is put before it"),
    ("cli/export_events.rs", "the ledger may be damaged"),
    ("cli/factors.rs", "second factors are sealed with a key of its own"),
    ("cli/inbox/mod.rs", "its source is looked for before a file comes"),
    ("cli/init.rs", "there is none yet"),
    ("cli/invocation.rs", "it is opened, and its keys are unlocked"),
    ("cli/otp.rs", "who has a second factor is no data of the workspace"),
    ("cli/presets.rs", "steward.toml is added to"),
    ("cli/ready_made.rs", "demo and training are made"),
    ("cli/rebuild.rs", "the view may be wrong"),
    ("cli/restore.rs", "there is none yet"),
    ("cli/review.rs", "it is handed to the thread that keeps it"),
    ("cli/review/sessions.rs", "a test makes one for many reviews"),
    ("cli/serve/listening.rs", "who may come in stands in steward.toml"),
    ("cli/serve/mod.rs", "it is handed to the thread that keeps it"),
    ("cli/serve/ssh_door.rs", "who may come in stands in steward.toml"),
    ("cli/train.rs", "its tasks are found before it is handed on"),
    ("cli/train/choosing.rs", "the training is made"),
    ("cli/train/course.rs", "its tasks are found before it is handed on"),
    ("cli/verify.rs", "it may be damaged"),
];

/// What of the desk's crate works on a workspace.
const WORKS: [&str; 5] = ["Desk", "back_up", "list_backups", "read_settings", "restore"];

#[test]
fn the_command_line_goes_through_the_door() {
    let has_desk = |file: &SourceFile| {
        let named = names_after("desk", &file.code);
        let of_jobs = names_after("desk::jobs", &file.code).contains("export_events");
        let taken_out = words(&file.code).any(|word| word == "into_desk");
        taken_out || of_jobs || WORKS.iter().any(|name| named.contains(*name))
    };
    let found = sources().into_iter().filter(|it| it.name.starts_with("cli/") && has_desk(it));
    let found: BTreeSet<String> = found.map(|file| file.name).collect();
    let listed = BESIDE_THE_DOOR.iter().map(|(file, _)| (*file).to_owned());
    let listed: BTreeSet<String> = listed.collect();
    assert_eq!(found, listed, "what has a desk, and what may");
}

/// How much of a sensitive value may be seen is said in the domain, and whose it is in the desk: what
/// leaves the desk is masked already.
#[test]
fn only_domain_and_desk_name_the_mask() {
    for file in sources() {
        let names = names_after("domain", &file.code).contains("mask");
        let may = is_among(&file.name, &["domain/", "desk/"]);
        assert!(!names || may, "{} names the mask", file.name);
    }
}

/// A review is shown wherever its line leads: it knows nothing of this process's terminal, environment and
/// panics.
#[test]
fn a_review_knows_no_terminal_but_its_line() {
    let of_process = [
        "crossterm",
        "stdin",
        "stdout",
        "stderr",
        "env",
        "home_dir",
        "set_hook",
        "rustix",
        "signal",
    ];
    // A measurement that runs by name takes its samples from the environment.
    let measures = |name: &str| name.starts_with("tui/stories/seen");
    let is_review = |name: &str| name.starts_with("tui/") && !measures(name);
    for file in sources().into_iter().filter(|file| is_review(&file.name)) {
        let named = words(&file.code).find(|word| of_process.contains(word));
        assert_eq!(named, None, "{}", file.name);
    }
}

/// What draws the review.
const DRAWING: [&str; 5] = ["frame", "layers", "screens", "view", "widgets"];

/// A change of the model asks what is drawn of whoever draws it (`tui/model/drawn.rs`). It holds pages
/// (`tui/pages/`), which can draw themselves; that takes a painter, and only the view makes one.
#[test]
fn what_changes_the_model_imports_no_drawing_code() {
    let changes = ["tui/context.rs", "tui/keys/", "tui/model/", "tui/update/"];
    let files = sources();
    let files = files.iter().filter(|file| is_among(&file.name, &changes));
    let mut seen = 0;
    for file in files {
        let mut used = names_after("tui", &file.code);
        if file.name.ends_with("/mod.rs") || file.name == "tui/context.rs" {
            used.extend(names_after("super", &file.code));
        }
        let drawing = DRAWING.iter().find(|name| used.contains(**name));
        assert_eq!(drawing, None, "{} draws", file.name);
        assert!(words(&file.code).all(|word| word != "ratatui"), "{} draws", file.name);
        seen += 1;
    }
    assert!(seen > 20, "the files are found");
}

#[test]
fn only_the_view_makes_a_painter() {
    let makes = |file: &SourceFile| names_after("Painter", &file.code).contains("new");
    let found: Vec<String> = sources().into_iter().filter(makes).map(|file| file.name).collect();
    assert_eq!(found, ["tui/view.rs"]);
}

/// A box, a frame and a list are drawn and pointed at in one place each: a screen that counted its
/// lines by itself was a line off sooner or later.
#[test]
fn where_the_rows_of_a_list_stand_is_asked_of_the_list() {
    // What is fetched of the queue is around its window.
    let by_itself = ["tui/widgets/list.rs", "tui/model/"];
    for file in sources().into_iter().filter(|file| file.name.starts_with("tui/")) {
        let windows = file.code.contains("scroll.window(");
        let may = is_among(&file.name, &by_itself);
        assert!(!windows || may, "{} draws a list by itself", file.name);
        let boxes = file.code.contains(".boxed(");
        assert!(!boxes || file.name == "tui/layers/frame.rs", "{} draws a frame", file.name);
    }
}

/// Who may know of a truth: what measures against it, and what makes one up.
const KNOWS_TRUTH: [&str; 10] = [
    "matching/evaluate.rs",
    "matching/evaluate/",
    "desk/jobs/evaluate.rs",
    "desk/jobs/evaluate/",
    "cli/evaluate.rs",
    // People are measured there, who ask for it.
    "cli/train.rs",
    "cli/train/",
    "sample/",
    // A steward of the tests.
    "tui/stories/seen.rs",
    "tui/stories/seen/clerk.rs",
];

/// Who may reach `evaluate`: those, and who makes its module and its subcommand known.
const KNOWS_EVALUATION: [&str; 5] =
    ["matching/mod.rs", "desk/jobs/mod.rs", "cli/mod.rs", "cli/arguments.rs", "cli/dispatch.rs"];

fn is_among(name: &str, list: &[&str]) -> bool {
    list.iter().any(|own| name == *own || own.ends_with('/') && name.starts_with(own))
}

/// A truth that leaks into learning makes every figure too good: nothing else may read one, by
/// whatever name, nor reach the code that does.
#[test]
fn a_truth_is_read_only_to_evaluate() {
    let mut wrong = Vec::new();
    for file in sources() {
        // The command line lists the files a sample consists of.
        let tells = file.name == "cli/sample.rs";
        if !is_among(&file.name, &KNOWS_TRUTH) && !tells {
            let named = words(&file.code).filter(|word| is_about_truth(word));
            wrong.extend(named.map(|word| format!("{} names {word}", file.name)));
        }
        let may = is_among(&file.name, &KNOWS_TRUTH) || is_among(&file.name, &KNOWS_EVALUATION);
        let reaches = ["evaluate::", "::evaluate", ".evaluate("];
        if !may && reaches.iter().any(|way| file.code.contains(way)) {
            wrong.push(format!("{} reaches evaluate", file.name));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// `truth`, `Truth`, `read_truth`, `TruthTable`.
fn is_about_truth(word: &str) -> bool {
    word.split('_').any(|part| {
        part.eq_ignore_ascii_case("truth") || part.starts_with("Truth") || part.ends_with("Truth")
    })
}

#[test]
fn a_truth_is_recognised_by_its_names() {
    for (word, expected) in [
        ("truth", true),
        ("Truth", true),
        ("TRUTH", true),
        ("read_truth", true),
        ("TruthTable", true),
        ("truthful", false),
        ("source", false),
    ] {
        assert_eq!(is_about_truth(word), expected, "{word}");
    }
}

#[test]
fn the_pure_folders_do_no_input_or_output() {
    let pure = [
        "domain/",
        "settings/",
        "matching/",
        "door/",
        "intake/harmonise/",
        "intake/validate/",
        "intake/merge/",
        "intake/review/",
    ];
    for file in sources() {
        if !is_among(&file.name, &pure) {
            continue;
        }
        for forbidden in ["std::fs", "std::net", "std::env", "SystemTime", "Timestamp::now"] {
            assert!(!file.code.contains(forbidden), "{} uses {forbidden}", file.name);
        }
    }
}

#[test]
fn the_scanner_sees_every_way_of_naming_a_module() {
    for (code, expected) in [
        ("use crate::domain::Event;", &["domain"][..]),
        ("use crate::{desk::{Desk, Action}, domain};", &["desk", "domain"]),
        ("use crate::{\n    store,\n    ledger::Ledger as It,\n};", &["ledger", "store"]),
        ("let it = crate::settings::parse(text);", &["settings"]),
        ("pub(crate) fn f(it: crate :: tui::Model) {}", &["tui"]),
        ("// crate::cli is told of here\nuse crate::desk;", &["desk"]),
        ("/// [`crate::cli`]\nfn f() {}", &[]),
        ("mycrate::cli::run()", &[]),
    ] {
        let used = used_modules(&without_comments(code));
        assert_eq!(used.iter().map(String::as_str).collect::<Vec<_>>(), expected, "{code}");
    }
}

/// A file of `src/`: its path below it, and its code without comments and without tests.
pub(crate) struct SourceFile {
    pub(crate) name: String,
    pub(crate) code: String,
}

/// The import rule is about what is shipped: a test may set two parts side by side.
pub(crate) fn sources() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    let read = |path: PathBuf| {
        let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
        let code = without_comments(&fs::read_to_string(&path).unwrap());
        let code = code.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
        SourceFile { name, code }
    };
    let mut files: Vec<SourceFile> = files.into_iter().map(read).collect();
    assert!(files.len() > 100, "the sources are found");
    files.retain(|file| !is_test(&file.name));
    files
}

fn is_test(name: &str) -> bool {
    let is_named = |part: &str| part == "tests" || part.trim_end_matches(".rs").ends_with("tests");
    name.split('/').any(is_named)
}

fn without_comments(code: &str) -> String {
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
}

/// The first names after every `crate::`.
fn used_modules(code: &str) -> BTreeSet<String> {
    names_after("crate", code)
}

/// The first names after a module's, groups taken apart.
pub(crate) fn names_after(module: &str, code: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for (at, _) in code.match_indices(module) {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_') {
            continue;
        }
        let Some(rest) = code[at + module.len()..].trim_start().strip_prefix("::") else {
            continue;
        };
        let rest = rest.trim_start();
        match rest.strip_prefix('{') {
            None => used.extend(first_name(rest)),
            Some(group) => used.extend(members(group).into_iter().filter_map(first_name)),
        }
    }
    used
}

/// The members of a group whose brace was just opened.
fn members(group: &str) -> Vec<&str> {
    let (mut depth, mut start) = (0, 0);
    let mut members = Vec::new();
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => {
                members.push(&group[start..at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                members.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    members
}

/// A module's name; none for macros and types of the crate's root.
fn first_name(text: &str) -> Option<String> {
    let text = text.trim_start();
    let end = text.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
    let name = &text[..end.unwrap_or(text.len())];
    (!name.is_empty()).then(|| name.to_owned())
}
