//! Laws of the table of keys.

use std::collections::BTreeSet;

use super::*;
use crate::message::Message;
use crate::story::{Steward, parsed};

#[test]
fn no_key_means_two_things_in_one_place() {
    for context in Context::ALL {
        let mut seen = Vec::new();
        for row in rows().filter(|row| row.contexts.contains(&context)) {
            for chord in row.keys {
                assert!(!seen.contains(chord), "{chord} twice in {context:?}");
                seen.push(*chord);
            }
        }
    }
}

#[test]
fn keys_that_belong_to_terminals_are_never_bound() {
    for row in rows() {
        for chord in row.keys {
            assert_eq!(chord.key.reserved(), None, "{chord}");
            assert_eq!(Chord::parse(&chord.to_string()), Ok(*chord));
        }
    }
}

/// Every name that `[keys]` knew when it knew the first ones, with the places where it meant a key.
const BEFORE: &str = include_str!("names_before.txt");

/// A person's file of keys is never broken by a better name.
#[test]
fn every_name_of_before_still_binds_its_keys() {
    for line in BEFORE.lines() {
        let (name, places) = line.split_once(": ").unwrap();
        let (map, findings) = Keymap::rebound(&[wanted(name, &[])]);
        assert_eq!(findings, [], "{name}");
        let mut freed: Vec<&str> = map.rows.iter().filter(|bound| bound.keys.is_empty()).fold(
            Vec::new(),
            |mut freed, bound| {
                freed.extend(bound.contexts.iter().map(|context| context.key()));
                freed
            },
        );
        let place = |name: &&str| Context::ALL.iter().position(|context| context.key() == *name);
        freed.sort_by_key(place);
        freed.dedup();
        assert_eq!(freed.join(", "), places, "{name}");
    }
}

fn wanted(name: &str, keys: &[&str]) -> Rebinding {
    Rebinding {
        line: 1,
        context: None,
        action: name.to_owned(),
        keys: keys.iter().map(|key| (*key).to_owned()).collect(),
    }
}

/// A key that nothing knows but its row.
static SING: Row = row(
    "sing",
    &[c('L')],
    &[Context::Queue],
    "sing of the task; {find} finds another",
    |model, press| {
        model.say(format!("la {}", press.count.unwrap_or(1)));
        Vec::new()
    },
)
.was(&["hum"])
.hint("sing")
.unless(|model| says(model.queue.filter.is_some(), "a filter is no song"));

/// One place: nothing else has to know of a new key for it to be told of, found, bound and pressed.
#[test]
fn a_new_key_is_one_row() {
    let map = Keymap::of_rows(std::iter::once(&SING).chain(rows()));
    let documented = [table::markdown(&map), table::plain(&map)];
    assert!(documented.iter().all(|table| table.contains("sing of the task; / finds another")));
    let mut sam = Steward::at(120, 40);
    sam.model.keys = map.into();
    sam.sees("L sing").presses("3L").sees("la 3");
    sam.presses("?").sees("L              sing of the task; / finds another").presses("Esc");
    sam.presses(":").types("sing").presses("Enter").sees("la 1");
    sam.presses("f").types("kind = invalid").presses("Enter").does_not_see("L sing");
    sam.presses("L").sees("L: a filter is no song");
    sam.presses(":").types("sing").sees("not now: a filter is no song").presses("Esc");
    let mut map = Keymap::of_rows(std::iter::once(&SING).chain(rows()));
    for name in ["sing", "hum"] {
        map.rebind(&wanted(name, &["y"])).unwrap();
        assert!(map.binding(Context::Queue, Chord::char('y')).is_some_and(|it| it.row.is(&SING)));
        map.rebind(&wanted(name, &[])).unwrap();
        assert!(map.binding(Context::Queue, Chord::char('y')).is_none());
    }
}

/// Nine keys of which each means another column: by their places, whichever they are.
#[test]
fn columns_are_taken_by_whatever_keys_a_person_likes() {
    let (map, findings) = Keymap::rebound(&[wanted("take", &["Q", "Y"])]);
    assert_eq!(findings, []);
    let mut sam = Steward::new();
    sam.model.keys = map.into();
    sam.presses("2j Enter ?").sees("Q, Y           take that column's value").presses("Esc");
    sam.presses("Y").sees("takes: picked").presses("m");
    let door::Action::Merge { picks, .. } = &sam.asked().action else { panic!() };
    let second = door::Pick::FromCustomer(domain::CustomerId(93));
    assert!(!picks.is_empty() && picks.values().all(|pick| *pick == second));
}

/// Nobody would press these, and no sentence holds one by chance.
fn strange() -> Keymap {
    let mut map = Keymap::default();
    let mut letters = ('\u{1200}'..='\u{135a}').filter(|letter| letter.is_alphabetic());
    let prefix = letters.next();
    for chord in map.rows.iter_mut().flat_map(|bound| &mut bound.keys) {
        let key = Key::Char(letters.next().unwrap());
        *chord = Chord { prefix: chord.prefix.and(prefix), key };
    }
    map
}

/// Presses the strange key of each row whose usual one is told, and what is no key as it is told;
/// gives what is told meanwhile.
fn presses_strangely(sam: &mut Steward, keys: &str) -> BTreeSet<String> {
    let mut told = BTreeSet::new();
    let usual = Keymap::default();
    let mut prefix = None;
    for key in parsed(keys) {
        let context = Context::of(&sam.model);
        let chord = Chord { prefix, key };
        let beside = Context::beside(&sam.model).filter(|_| context == Context::Queue);
        let own = usual.binding(context, chord);
        let bound =
            own.or_else(|| usual.with_beside(context, beside).find(|it| it.keys.contains(&chord)));
        let pressed = match (bound, key) {
            (Some(bound), _) => {
                let place = bound.keys.iter().position(|key| *key == chord).unwrap();
                let row = bound.row;
                let now = sam.model.keys.rows.iter().find(|bound| bound.row.is(row)).unwrap();
                now.keys[place].key
            }
            (None, Key::Char(letter)) if usual.is_prefix(context, letter) => {
                prefix = Some(letter);
                let all = sam.model.keys.rows.iter().flat_map(|bound| &bound.keys);
                Key::Char(all.filter_map(|chord| chord.prefix).next().unwrap())
            }
            (None, key) => key,
        };
        if bound.is_some() {
            prefix = None;
        }
        let message = Message::Key(pressed, sam.moment());
        sam.tell(message);
        sam.looks();
        told.extend(told_of_keys(sam));
    }
    told
}

/// Whether a text names a key as people would press it.
fn names_a_key(text: &str) -> Option<&str> {
    // `A` and `B` are groups of columns, `a` and `I` are words.
    let is_letter = |word: &str| {
        let mut letters = word.chars();
        matches!((letters.next(), letters.next()), (Some(letter), None)
            if letter.is_ascii_alphabetic() && !"ABaI".contains(letter))
    };
    let between = |sign: char| sign.is_whitespace() || ":;,()".contains(sign);
    text.split(between).find(|word| is_letter(word) || is_named_key(word))
}

fn is_named_key(word: &str) -> bool {
    let named =
        ["Enter", "Esc", "Tab", "S-Tab", "Space", "Backspace", "PageUp", "PageDown", "Home"];
    named.contains(&word) || word.starts_with("Ctrl-")
}

/// Every line on screen, what each key of the place does and why not, and the status.
fn told_of_keys(sam: &Steward) -> Vec<String> {
    let lines = sam.screen();
    let mut told: Vec<String> = lines.lines().map(|line| format!("{SCREEN}{line}")).collect();
    told.extend(sam.model.status.iter().map(|status| status.text.clone()));
    let (context, beside) = (Context::of(&sam.model), Context::beside(&sam.model));
    for bound in sam.model.keys.with_beside(context, beside) {
        let row = bound.row;
        told.push(sam.model.keys.does(context, row));
        told.push(row.hint.to_owned());
        told.extend(row.unavailable(&sam.model));
        told.extend(row.label.and_then(|label| label(&sam.model)));
    }
    told
}

/// A line of the screen holds data as well: in it only keys of several letters are looked for.
const SCREEN: &str = "| ";

/// Which of them name a key that is none any more.
fn usual(told: &BTreeSet<String>) -> Vec<&String> {
    let names = |told: &&String| match told.strip_prefix(SCREEN) {
        Some(line) => line.split_whitespace().any(|it| is_named_key(it.trim_matches(':'))),
        // It says what was pressed.
        None if told.contains(" does nothing here") => false,
        None => names_a_key(told).is_some(),
    };
    told.iter().filter(names).collect()
}

/// Sentences that hold a key: the ways below lead to them.
const SENTENCES: [&str; 18] = [
    "{leave} quits",
    "nothing to cancel; {close} closes, {leave} leaves",
    "no letter is on two columns: mark with {mark}",
    "the last defer cannot be repeated: {defer} asks until when",
    "the last quarantine cannot be repeated: {quarantine} asks why",
    "no suggestion for it: {edit} edits",
    "move to a member with {move-left}",
    "this is the past: go back to now with {go-later}",
    "start a range; {mark-task} marks it",
    "row down; 5{move-down}: five",
    "{complete} completes: ",
    "{complete} completes the path",
    "{confirm} yes   {close} no",
    "{move-down}: more ",
    "cut: {show-value} shows all of it",
    "{undo-bulk} undoes all of B1, {undo-entry} in the history undoes one; {close} closes",
    "{merge} merges them, {undo} takes it back.",
    "{filter} changes it; an empty filter shows everything.",
];

/// What leads to sentences that name keys: why something cannot be done, and what can be done next.
const WAYS: [&str; 41] = [
    "Ctrl-c",
    "Enter Ctrl-c",
    "v j u",
    "Space m b d 1",
    "R j v 4j Space b m 4 Enter 9 Esc",
    "f k i n d Space = Space c h e c k Enter",
    "b Esc f Enter",
    "f",
    "R j C R J K",
    "2j Enter Space m e Enter 1 . Esc",
    "2j Enter : ? Esc",
    "2j Enter d w . j Enter",
    "2j Enter ? Ctrl-d Ctrl-d Ctrl-d Ctrl-d",
    "2j Enter w w j * y Esc",
    "2j Enter * t t = = z m u",
    "2j Enter E",
    "j Enter jjjj n W . Enter",
    "j Enter c h x y",
    "j Enter c x Esc [ x [ x ] l w Esc",
    "j Enter c l l l l x w",
    "3j Enter x h i Enter",
    "3j Enter a A W j a e Enter",
    "3j Enter = 9 Esc",
    "4j Enter llll 9 0",
    "Enter a u Ctrl-r r",
    "g h U f",
    "g h j j U y",
    "/ Tab Ctrl-u Enter Esc",
    ": Ctrl-u Enter Esc",
    "p j Enter",
    "o s o s",
    "g v",
    "g d h l Tab M Ctrl-c g x",
    "g r Enter c q Enter",
    "g i a Tab Enter",
    "g i j Enter * q M g x",
    "g t 3j Enter G Enter",
    "g t Enter Enter",
    "g a Enter a",
    "g a Enter x",
    "g m g m Ctrl-c q q",
];

#[test]
fn whoever_has_other_keys_is_told_of_no_key_but_those() {
    let mut told = BTreeSet::new();
    for size in [(80, 24), (120, 40)] {
        for way in WAYS {
            let mut sam = Steward::at(size.0, size.1);
            sam.model.keys = strange().into();
            told.extend(presses_strangely(&mut sam, way));
        }
    }
    assert_eq!(usual(&told), Vec::<&String>::new());
    let map = strange();
    let is_told = |sentence: &str| {
        let mut wanted = Context::ALL.into_iter().map(|context| map.told(context, sentence));
        wanted.any(|wanted| told.iter().any(|told| told.contains(&wanted)))
    };
    let missed = SENTENCES.iter().filter(|sentence| !is_told(sentence));
    assert_eq!(missed.collect::<Vec<_>>(), Vec::<&&str>::new());
    let mut sam = Steward::at(40, 10);
    sam.model.keys = strange().into();
    let leave = sam.model.key_for(&everywhere::LEAVE);
    sam.sees(&format!("{leave} leaves."));
}

/// The values of a field and a file before its import, which are told of by the desk.
#[test]
fn whoever_has_other_keys_is_told_of_those_where_the_desk_works() {
    let mut sam = Steward::at(120, 40);
    sam.model.keys = strange().into();
    let mut told = presses_strangely(&mut sam, "g l c");
    for keys in ["G m Esc j Space f Enter t", "j m t"] {
        crate::stories::values::counted(&mut sam);
        told.extend(presses_strangely(&mut sam, keys));
    }
    assert_eq!(usual(&told), Vec::<&String>::new());
}

/// A file of the interface that is no test: its name, and its code without comments and tests.
fn sources() -> Vec<(String, String)> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut folders, mut files) = (vec![root.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            let of_tests = ["stories", "story", "fixtures", "properties", "snapshots", "keys/"];
            if name.ends_with(".rs") && !of_tests.iter().any(|start| name.starts_with(start)) {
                let text = std::fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
                let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
                files.push((name, lines.collect::<Vec<_>>().join("\n")));
            }
        }
    }
    assert!(files.len() > 60, "the sources are found");
    files
}

/// Who tells one row from the others, and how often: a new key needs none of them.
const TELLS_APART: [(&str, usize); 2] = [("update/palette.rs", 1), ("widgets/bottom.rs", 2)];

#[test]
fn what_a_key_does_is_asked_of_its_row() {
    for (name, code) in sources() {
        let count = |way: &str| code.matches(way).count();
        let told = count(".is(&") + count("row.name ==") + count("row.kind ==");
        let may = TELLS_APART.iter().find(|(file, _)| *file == name).map_or(0, |(_, count)| *count);
        assert_eq!(told, may, "{name} tells rows apart");
    }
}

#[test]
fn no_text_outside_of_the_table_holds_a_key() {
    for (name, code) in sources() {
        for text in code.split('"').skip(1).step_by(2).filter(|text| text.contains(' ')) {
            let word = text.split_whitespace().find(|word| is_named_key(word.trim_matches(':')));
            assert_eq!(word, None, "{name}: {text}");
        }
    }
}

#[test]
fn what_a_role_may_not_is_neither_done_nor_hinted() {
    use door::views::BoundRole;
    let mut sam = Steward::new();
    sam.presses("2j Enter").sees("m merge").does_not_see("viewer");
    let may = ["tasks", "show", "history"].map(str::to_owned).to_vec();
    sam.model.role = Some(BoundRole { name: "viewer".to_owned(), may });
    let pressed = sam.model.status.clone();
    sam.presses("m").sees("your role (viewer) does not include `decide`").does_not_see("m merge  ");
    assert_ne!(sam.model.status, pressed);
    assert!(sam.desk.asked.is_empty());
    for (name, allowed) in
        [("show-rows", true), ("open-history", true), ("undo", false), ("comment", false)]
    {
        let row = rows().find(|row| row.is_called(name));
        let forbidden = sam.model.forbidden(row.unwrap().needs);
        assert_eq!(forbidden.is_none(), allowed, "{name}: {forbidden:?}");
    }
    sam.presses("q").sees("sam, viewer");
    // Of an empty queue it is said why, and not that nothing is left.
    let mut lee = Steward::new();
    lee.model.role = Some(BoundRole { name: "clerk".to_owned(), may: vec!["show".to_owned()] });
    lee.model.queue = crate::model::QueueState::default();
    lee.sees("your role (clerk) does not include `tasks`").does_not_see("fetching");
    // A role of none.
    sam.model.role = Some(BoundRole::default());
    sam.presses("u").sees("you have no role here");
}

/// Each verb that a key names is one that a role may have, so that no key is shut for ever.
#[test]
fn what_keys_need_is_known() {
    for row in rows() {
        assert!(row.needs.iter().all(|verb| domain::verbs::is_known(verb)), "{}", row.name);
    }
    let deciding = rows().filter(|row| row.kind == Kind::DecidesTask);
    deciding.for_each(|row| assert!(!row.needs.is_empty(), "{}", row.name));
}
