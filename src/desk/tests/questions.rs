//! What is asked of someone comes back answered.

use super::bulk::{pairs, queue};
use super::*;
use domain::Urgency;
use door::operations::TaskReasons;

fn ask_of(to: &str, task: TaskId, question: &str) -> Request {
    let action = Action::Escalate { to: to.to_owned() };
    Request { task: Some(task), note: Some(question.to_owned()), ..Request::new(action) }
}

fn answer(task: TaskId, text: &str) -> Request {
    let note = (!text.is_empty()).then(|| text.to_owned());
    Request { task: Some(task), note, ..Request::new(Action::Answer) }
}

fn becomes(test: &mut TestDesk, actor: &str) {
    test.desk().environment.actor = actor.to_owned();
}

#[test]
fn an_escalation_goes_to_whom_was_asked_and_comes_back_answered() {
    let mut test = pairs();
    let task = test.pending(TaskKind::Duplicate)[4];
    test.does(ask_of("kim", task, "one household?"));
    becomes(&mut test, "kim");
    let asked = queue(&mut test, Some("mine = yes"));
    assert_eq!((asked.listed.len(), asked.counts.mine, asked.counts.escalated), (1, 1, 1));
    assert_eq!(asked.rows[0].state, "escalated to kim");
    assert_eq!(test.task(task).asked, ["sam asked kim (D1): one household?"]);
    test.does(answer(task, "no, two people: I called"));
    assert_eq!(queue(&mut test, Some("mine = yes")).listed.len(), 0, "it is not kim's any more");
    becomes(&mut test, "sam");
    let view = queue(&mut test, None);
    assert_eq!((view.counts.answered, view.counts.escalated, view.counts.mine), (1, 0, 1));
    let first = &view.rows[0];
    assert_eq!((first.task, first.urgency), (task, Urgency::Answered), "it comes first");
    assert_eq!(first.state, "answered by kim");
    assert!(view.listed[0].waits);
    for filter in ["state = answered", "assignee = sam and to = kim", "mine = yes"] {
        assert_eq!(queue(&mut test, Some(filter)).listed.len(), 1, "{filter}");
    }
    let told =
        ["sam asked kim (D1): one household?", "kim answered sam (D2): no, two people: I called"];
    assert_eq!(test.task(task).asked, told);
    let lines = test.ask(TaskReasons { task, order: Default::default() }).unwrap();
    assert_eq!(&lines[lines.len() - 2..], told);
    super::overview::verify(&mut test);
    let view = test.task(task);
    let groups: Vec<Vec<CustomerId>> = view.columns.iter().map(|it| vec![it.customer]).collect();
    let apart = Request::new(Action::NotAMatch { groups });
    test.does(apart.for_task(task, view.version));
    assert_eq!(queue(&mut test, Some("state = answered")).listed.len(), 0);
    super::overview::verify(&mut test);
}

#[test]
fn an_answer_is_taken_back_asked_on_or_put_off_as_any_other_task() {
    let mut test = pairs();
    let task = test.pending(TaskKind::Duplicate)[0];
    test.does(ask_of("legal", task, "may we?"));
    let answered = test.does(answer(task, "yes")).decision;
    test.undo(answered);
    assert_eq!(queue(&mut test, Some("state = escalated and to = legal")).listed.len(), 1);
    assert_eq!(test.task(task).asked, ["sam asked legal (D1): may we?"]);
    test.does(answer(task, "yes, since May"));
    test.does(ask_of("kim", task, "since May?"));
    assert_eq!(queue(&mut test, Some("assignee = kim")).listed.len(), 1);
    assert_eq!(test.task(task).asked.len(), 1, "the latest question");
    super::overview::verify(&mut test);
}

#[test]
fn nothing_is_answered_that_was_not_asked_and_no_answer_is_empty() {
    let mut test = pairs();
    let task = test.pending(TaskKind::Duplicate)[0];
    let refusal = test.is_refused(answer(task, "yes"));
    assert!(refusal.to_string().contains("nobody was asked"), "{refusal}");
    test.does(ask_of("kim", task, "one person?"));
    for empty in ["", "  "] {
        let refusal = test.is_refused(answer(task, empty));
        assert!(refusal.to_string().contains("an answer needs text"), "{refusal}");
    }
    test.does(answer(task, "yes"));
    let refusal = test.is_refused(answer(task, "yes"));
    assert!(refusal.to_string().contains("nobody was asked"), "{refusal}");
}

#[test]
fn a_question_is_answered_by_whom_it_was_asked_or_who_stands_in() {
    let mut test = pairs();
    let people =
        "\n[people.kim]\nunix = \"kim\"\nstand_ins = [\"ada\"]\n[people.ada]\n[people.sam]\n";
    let path = test.workspace().settings();
    let settings = std::fs::read_to_string(&path).unwrap();
    test.adopts(&(settings + people));
    let tasks = test.pending(TaskKind::Duplicate);
    for (task, to) in [(tasks[0], "kim"), (tasks[1], "sam"), (tasks[2], "the lead")] {
        test.does(ask_of(to, task, "one household?"));
    }
    let refused = |test: &mut TestDesk, actor: &str, task: TaskId| {
        becomes(test, actor);
        test.is_refused(answer(task, "two")).to_string()
    };
    let why = refused(&mut test, "sam", tasks[0]);
    assert_eq!(why, format!("{} was asked of kim, so kim answers it, or ada instead", tasks[0]));
    let why = refused(&mut test, "kim", tasks[1]);
    assert!(why.contains("so sam answers it; to let others, list them in `stand_ins`"), "{why}");
    for (actor, task) in [("ada", tasks[0]), ("sam", tasks[1]), ("kim", tasks[2])] {
        becomes(&mut test, actor);
        test.does(answer(task, "two people"));
    }
    // It is the answer that is theirs: whoever can decide it may.
    test.does(ask_of("kim", tasks[3], "one household?"));
    becomes(&mut test, "sam");
    let view = test.task(tasks[3]);
    let groups: Vec<Vec<CustomerId>> = view.columns.iter().map(|it| vec![it.customer]).collect();
    test.does(Request::new(Action::NotAMatch { groups }).for_task(tasks[3], view.version));
}
