//! Approving and rejecting what somebody else proposed.

use super::{decide, layers, overview};
use crate::effect::Effect;
use crate::model::{After, Confirm, Confirmed, Intent, Layer, Model, PromptKind};
use crate::pages::{ApprovalPage, ApprovalsPage};
use domain::{TaskId, Verdict};
use door::views::ApprovalView;
use door::{Action, Request};

pub(crate) fn go(model: &mut Model) -> Vec<Effect> {
    overview::go(model, Box::<ApprovalsPage>::default())
}

/// Opens a task that asks for an approval.
pub(super) fn open(model: &mut Model, task: TaskId) -> Vec<Effect> {
    overview::push(model, Box::new(ApprovalPage::new(task)))
}

/// The approval on screen.
pub(super) fn shown(model: &Model) -> Option<&ApprovalView> {
    let page: &dyn std::any::Any = model.overview()?.page.as_ref();
    page.downcast_ref::<ApprovalPage>()?.view()
}

/// Why the approval on screen cannot be given or refused here.
pub(crate) fn not_to_be_judged(model: &Model) -> Option<String> {
    let Some(view) = shown(model) else { return Some("it is being fetched".to_owned()) };
    if !view.waits {
        return Some(view.ended.clone().unwrap_or_else(|| "it does not wait any more".to_owned()));
    }
    view.row.not_yours.clone()
}

/// Why it cannot be approved.
pub(crate) fn not_to_be_approved(model: &Model) -> Option<String> {
    not_to_be_judged(model).or_else(|| {
        let preview = shown(model)?.preview.as_ref()?;
        preview.refusal.as_ref().map(|refusal| format!("it would be refused: {refusal}"))
    })
}

/// Approves what is on screen, and nothing else that it may come to.
pub(crate) fn approve(model: &mut Model) -> Vec<Effect> {
    let Some(view) = shown(model) else { return Vec::new() };
    let mut request = Request::new(Action::Approve { expect: view.digest.clone() });
    request.task = Some(view.row.task);
    let (differs, lines) = (view.differs, view.since.clone());
    let intent = Intent::new(request, Verdict::Approve).then(After::Listed);
    if differs {
        let question =
            "It comes to something else than when it was proposed: approve it as it is now?";
        let then = Confirmed::Decide(Box::new(intent));
        model.layers.push(Layer::Confirm(Confirm { question: question.to_owned(), lines, then }));
        return Vec::new();
    }
    decide::send(model, intent)
}

/// Asks why it is rejected.
pub(crate) fn reject(model: &mut Model) -> Vec<Effect> {
    let Some(view) = shown(model) else { return Vec::new() };
    let task = view.row.task;
    layers::prompt(model, PromptKind::RejectWhy { task }, "")
}

/// It was said why.
pub(super) fn rejected(model: &mut Model, task: TaskId, why: String) -> Vec<Effect> {
    let mut request = Request::new(Action::Reject);
    request.task = Some(task);
    request.note = Some(why);
    decide::send(model, Intent::new(request, Verdict::Reject).then(After::Listed))
}
