//! Who fits two customers that are not one: the task shows all three and says so.

use super::faults::kim;
use super::rematch::base;
use super::*;
use door::operations::{Extent, ShowTask};
use door::views::TaskView;

/// Three of one home, and the task about the third.
fn task_of(rows: &[(u32, &str)]) -> TaskView {
    let mut test = base(5);
    let row =
        |(id, name): &(u32, &str)| format!("{id},{name},,+12175550999,,99 Alder Lane,Salem,,,\n");
    test.import("crm", &rows.iter().map(row).collect::<String>());
    test.match_records();
    let torn = test.customer(&format!("crm:{}", rows[2].0));
    let tasks = test.desk().facts().view.pending_tasks().unwrap();
    let task = tasks.iter().find(|entry| entry.task.customers.contains(&torn));
    let show = ShowTask { task: task.expect("a task").task.id, unmask: false };
    test.desk().act(&kim(), show, Streams::default()).unwrap()
}

#[test]
fn a_task_shows_all_whom_somebody_fits_and_says_why() {
    let homes = [
        ([(901, "John,Gromwell"), (902, "Jane,Gromwell"), (903, "J.,Gromwell")], "J. Gromwell"),
        ([(903, "John,Gromwell"), (902, "J.,Gromwell"), (901, "Jane,Gromwell")], "J. Gromwell"),
        (
            [(901, "Edward,Cravenor Sr"), (902, "Edward,Cravenor Jr"), (903, "Edward,Cravenor")],
            "Edward Cravenor",
        ),
    ];
    for (rows, who) in homes {
        let view = task_of(&rows);
        assert_eq!(view.columns.len(), 3, "{rows:?}");
        let why = format!("{who} fits two of the others about equally well");
        assert_eq!(view.summary.unwrap().not_merged, Some(why.clone()), "{rows:?}");
        let told = view.pairs.iter().filter(|pair| pair.unmerged.reasons().contains(&why));
        assert_eq!(told.count(), 2, "{rows:?}");
    }
}

/// A desk where the machine has merged two of a home before the third comes; gives the third's run.
fn comes_later(rows: &[(u32, &str)]) -> (TestDesk, MatchOutcome) {
    let mut test = base(5);
    let row =
        |(id, name): &(u32, &str)| format!("{id},{name},,+12175550999,,99 Alder Lane,Salem,,,\n");
    test.import("crm", &rows[..2].iter().map(row).collect::<String>());
    test.match_records();
    let [one, other] = [0, 1].map(|at| test.customer(&format!("crm:{}", rows[at].0)));
    assert_eq!(one, other, "{rows:?}");
    test.import("shop", &row(&rows[2]));
    let outcome = test.match_records();
    (test, outcome)
}

const LATER: [[(u32, &str); 3]; 4] = [
    [(901, "Robert,Gromwell"), (902, "Rob,Gromwell"), (903, "Roberta,Gromwell")],
    [(901, "Alexander,Gromwell"), (902, "Alex,Gromwell"), (903, "Alexandra,Gromwell")],
    [(901, "Juan Carlos,Gromwell"), (902, "Juan,Gromwell"), (903, "Juan Pablo,Gromwell")],
    [(901, "Susan,Gromwell"), (902, "Susan,Gromwell-Tanner"), (903, "Susan,Tanner")],
];

#[test]
fn a_merge_by_the_machine_is_asked_about_when_the_second_of_two_comes_later() {
    for rows in LATER {
        let (mut test, outcome) = comes_later(&rows);
        assert_eq!(outcome.challenges, 1, "{rows:?}");
        let [task] = test.pending(TaskKind::Challenge)[..] else { unreachable!("{rows:?}") };
        let view = test.task(task);
        let members: usize = view.columns.iter().map(|column| column.members.len()).sum();
        assert_eq!((view.columns.len(), members), (2, 3), "it shows all three: {rows:?}");
        assert!(view.reasons[1].contains("about equally well"), "{:?}", view.reasons);
        // A run over everything asks the same, and no second time.
        assert_eq!(test.match_to(Extent::Full).challenges, 0, "{rows:?}");
        assert_eq!(test.pending(TaskKind::Challenge), [task]);
    }
}

#[test]
fn whether_the_merge_stands_is_asked_once() {
    for accepts in [false, true] {
        let (mut test, _) = comes_later(&LATER[0]);
        let [task] = test.pending(TaskKind::Challenge)[..] else { unreachable!() };
        let version = test.task(task).version;
        let action = if accepts { Action::Accept } else { Action::Keep };
        let answered = test.does(Request::new(action).for_task(task, version));
        let [robert, rob] = ["crm:901", "crm:902"].map(|it| test.customer(it));
        assert_eq!(robert != rob, accepts);
        test.match_to(Extent::Full);
        assert_eq!(test.pending(TaskKind::Challenge), [], "{accepts}");
        test.undo(answered.decision);
        test.match_records();
        assert_eq!(test.pending(TaskKind::Challenge).len(), 1, "{accepts}");
    }
}

#[test]
fn a_merge_that_a_person_made_is_not_asked_about() {
    let mut test = base(5);
    let row =
        |(id, name): &(u32, &str)| format!("{id},{name},,+12175550999,,99 Alder Lane,Salem,,,\n");
    test.import("crm", &LATER[0][..2].iter().map(row).collect::<String>());
    let ids = ["crm:901", "crm:902"].map(|it| test.customer(it));
    test.does(merge_request(&[&ids]));
    test.import("shop", &row(&LATER[0][2]));
    assert_eq!(test.match_records().challenges, 0);
}

#[test]
fn a_merge_by_the_machine_is_asked_about_when_a_record_of_it_changes_into_somebody_else() {
    let row = |id: u32, name: &str| format!("{id},{name},,+12175550999,,99 Alder Lane,Salem,,,\n");
    for (was, now, is_another) in [
        ("Martin,Gromwell", "Martina,Gromwell", true),
        ("Lena,Gromwell", "Lina,Gromwell", true),
        ("Barbara,Gromwell", "Thomas,Gromwell", true),
        ("Karen,Gromwell", "Paul and Karen,Gromwell", true),
        ("Daniel,Gromwell", "Daniela,Gromwell", true),
        ("Juan Carlos,Gromwell", "Juan Pablo,Gromwell", true),
        // The same person in other words.
        ("Thomas,Gromwell", "Tom,Gromwell", false),
        ("Karen,Gromwell", "Karen Ann,Gromwell", false),
        ("Karen,Gromwell", "Karen,Gromwell-Tanner", false),
    ] {
        let mut test = base(5);
        test.import("crm", &row(901, was));
        test.import("shop", &row(902, was));
        test.match_records();
        let [one, other] = ["crm:901", "shop:902"].map(|it| test.customer(it));
        assert_eq!(one, other, "{was}");
        test.import("shop", &row(902, now));
        test.match_records();
        let asked = test.pending(TaskKind::Challenge);
        assert_eq!(asked.len(), usize::from(is_another), "{was} {now}");
        test.match_to(Extent::Full);
        assert_eq!(test.pending(TaskKind::Challenge), asked, "{was} {now}");
        if let [task] = asked[..] {
            let view = test.task(task);
            assert!(view.reasons[1].contains("they look different now"), "{:?}", view.reasons);
            test.import("shop", &row(902, was));
            test.match_records();
            assert_eq!(test.pending(TaskKind::Challenge), [], "it goes with its cause: {now}");
        }
    }
}
