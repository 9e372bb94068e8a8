//! Who fits two customers that are not one: the task shows all three and says so.

use super::faults::kim;
use super::rematch::base;
use super::*;
use door::operations::ShowTask;
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
