//! What a grant within reach asks for: second looks, and the answers that unlock it.

use super::grants::{largest, organisations, shown};
use super::second_looks::decides;
use super::*;
use door::operations::{Queue, TaskReasons};
use door::views::{OrderBy, QueueOrder, StratumState};

/// Lets the settings promise something else.
fn promise(test: &mut TestDesk, was: &str, precision: &str) {
    let file = test.workspace().settings();
    let settings = std::fs::read_to_string(&file).unwrap();
    let changed =
        settings.replace(&format!("precision = {was}"), &format!("precision = {precision}"));
    assert_ne!(changed, settings);
    std::fs::write(file, changed).unwrap();
    assert!(test.desk().adopt_settings().unwrap());
}

#[test]
fn a_no_is_asked_again_only_where_a_grant_is_in_reach_and_once_one_comes_there() {
    let mut test = organisations(60);
    promise(&mut test, "0.8", "0.99");
    let census = largest(&mut test).census;
    let next = shown(&mut test, census).next;
    assert_eq!(shown(&mut test, census).stratum.missing, None, "too few for such a promise");
    decides(&mut test, next[0], true);
    decides(&mut test, next[1], false);
    decides(&mut test, next[2], true);
    assert_eq!(test.pending(TaskKind::Second), [], "no grant would come of it");
    promise(&mut test, "0.99", "0.8");
    assert!(shown(&mut test, census).stratum.missing.is_some(), "a grant is in reach");
    assert_eq!(test.pending(TaskKind::Second), [], "nobody has decided anything since");
    decides(&mut test, next[3], true);
    assert_eq!(test.pending(TaskKind::Second).len(), 2, "the no, and a yes beside it");
    decides(&mut test, next[4], true);
    assert_eq!(test.pending(TaskKind::Second).len(), 2, "asked once");
    super::overview::verify(&mut test);
}

/// Why each task stands where it does, first to last.
fn reasons(test: &mut TestDesk) -> Vec<(TaskId, String)> {
    let order = QueueOrder { by: OrderBy::Telling, reversed: false };
    let listed: Vec<TaskId> = loop {
        let view = test.ask(Queue { filter: None, order }).unwrap();
        if view.preparing.is_none() {
            break view.listed.iter().map(|row| row.task).collect();
        }
    };
    let why = |task: TaskId| (task, test.ask(TaskReasons { task, order }).unwrap().join("; "));
    listed.into_iter().map(why).collect()
}

#[test]
fn the_telling_order_begins_with_the_answers_that_a_grant_lacks() {
    let mut test = organisations(60);
    let stratum = largest(&mut test);
    let (census, missing) = (stratum.census, stratum.missing.unwrap());
    assert!((5..60).contains(&missing), "{stratum:?}");
    let unlocks = format!(
        "after {missing} answers without a no, {census} can be granted ({} more merges)",
        stratum.waiting.joins - missing
    );
    let told = reasons(&mut test);
    let named: Vec<usize> = (0..told.len()).filter(|at| told[*at].1.contains(&unlocks)).collect();
    // Every tenth place is the oldest task's, which may be one of them and says that instead.
    let turns = told[..missing as usize]
        .iter()
        .filter(|(_, why)| why.contains("has waited longest"))
        .count();
    assert!(named.len() + turns >= missing as usize, "{told:#?}");
    assert!(named.len() <= missing as usize);
    assert!(*named.last().unwrap() < missing as usize + turns, "{told:#?}");
    let next = shown(&mut test, census).next;
    assert!(
        next[..5]
            .iter()
            .all(|task| told[..missing as usize + turns].iter().any(|(it, _)| it == task))
    );
    // Once it may be granted no answer unlocks anything.
    super::grants::answers_until_offered(&mut test, census);
    assert_eq!(shown(&mut test, census).stratum.state, StratumState::Offered);
    assert!(reasons(&mut test).iter().all(|(_, why)| !why.contains("can be granted")));
}
