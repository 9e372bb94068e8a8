//! Who may: asked once, before anything is carried out, whichever door it came through.

use std::sync::Arc;

use super::core::Desk;
use super::error::Decided;
use domain::{FieldName, RefusedByRole};
use door::{Asked, Needs, Refusal, Session};
use settings::Settings;

/// A session and a verb that were refused are recorded once; so many verbs of a session at most.
const RECORDED: usize = 64;

impl Desk {
    /// Refuses what a person's role may not. The first time in a session, it is recorded.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`].
    pub(super) fn admit(&mut self, who: &Session, asked: impl FnOnce() -> Asked) -> Decided<()> {
        if !self.binds(who) {
            return Ok(());
        }
        let needs = self.needs_of(who, &asked());
        self.allowed(govern::may(&self.settings, who, &needs))
    }

    /// Refuses what needs a verb that a person's role does not have, and records it as [`Desk::admit`] does.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`].
    pub(super) fn must_have(&mut self, verb: &str) -> Decided<()> {
        let verdict = govern::may_verb(&self.settings, &self.acting, verb);
        self.allowed(verdict)
    }

    /// Whether whoever asks would be admitted; nothing is recorded.
    pub(super) fn would_admit(&self, who: &Session, asked: impl FnOnce() -> Asked) -> bool {
        !self.binds(who) || {
            let needs = self.needs_of(who, &asked());
            govern::may(&self.settings, who, &needs).is_ok()
        }
    }

    fn binds(&self, who: &Session) -> bool {
        who.is_bound() && !self.settings.roles.is_empty()
    }

    fn needs_of(&self, who: &Session, asked: &Asked) -> Needs {
        let needs = asked.needs();
        let job = match asked {
            Asked::Watch(it) => it.job,
            Asked::Cancel(it) => it.job,
            _ => None,
        };
        match needs.own_job && self.jobs.is_of(job, who) {
            true => Needs::nothing(),
            false => needs,
        }
    }

    /// Hands on what was judged of whoever asks; a refusal by role is recorded, once in a session.
    ///
    /// # Errors
    /// The refusal.
    pub(super) fn allowed(&mut self, verdict: Result<(), Refusal>) -> Decided<()> {
        let Err(refusal) = verdict else { return Ok(()) };
        let of_role = match &refusal {
            Refusal::NotAllowed { role, verb, .. } => Some((role.clone(), verb.clone())),
            Refusal::NeedsAnother { .. } => {
                let role = self.settings.person(&self.acting.person).and_then(|it| it.role.clone());
                Some((role, RefusedByRole::ALONE.to_owned()))
            }
            _ => None,
        };
        if let Some((role, verb)) = of_role {
            self.note_refused(role, verb);
        }
        Err(refusal.into())
    }

    /// Records that somebody tried to approve or reject what is for somebody else to judge, once in a session.
    pub(super) fn note_not_theirs(&mut self) {
        let role = self.settings.person(&self.acting.person).and_then(|it| it.role.clone());
        self.note_refused(role, RefusedByRole::NOT_THEIRS.to_owned());
    }

    fn note_refused(&mut self, role: Option<String>, verb: String) {
        let refused = self.sessions.refused(self.acting.id);
        if refused.len() < RECORDED && refused.insert(verb.clone()) {
            let event = RefusedByRole { verb: verb.clone(), role };
            // It is refused all the same where that cannot be written.
            if let Err(error) = self.commit(vec![event.into()]) {
                tracing::warn!(%error, verb, "a refusal was not recorded");
            }
        }
    }

    /// Has whoever the desk works for see things as their role does.
    pub(super) fn veil(&mut self) {
        if !self.binds(&self.acting) {
            self.veiled = None;
            return;
        }
        let mut acting = govern::acting(&self.settings, &self.acting);
        if let Some(acting) = &mut acting {
            // What the file calls sensitive is masked before that is adopted.
            let role = self.settings.roles.iter().find(|role| role.name == acting.role);
            let waiting = super::masking::sensitive_in_file(self);
            let waits = waiting.iter().filter(|field| {
                role.is_none_or(|role| !role.may_unmask(field))
                    && self.settings.field(field.as_str()).is_some()
            });
            acting.closed.extend(waits.cloned());
        }
        let is_so = |veiled: &Arc<Settings>| {
            veiled.acting == acting && veiled.fingerprint == self.settings.fingerprint
        };
        if self.veiled.as_ref().is_none_or(|veiled| !is_so(veiled)) {
            self.veiled = Some(Arc::new(Settings { acting, ..(*self.settings).clone() }));
        }
    }

    /// Whether whoever the desk works for never sees a field unmasked.
    pub(super) fn is_closed(&self, field: &FieldName) -> bool {
        self.settings().acting.as_ref().is_some_and(|acting| acting.closed.contains(field))
    }

    /// Refuses what would tell values of a field that is never unmasked for whoever the desk works for.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`].
    pub(super) fn must_not_be_closed(&mut self, field: &FieldName) -> Decided<()> {
        if !self.is_closed(field) {
            return Ok(());
        }
        let fields = door::Unmasks::Fields(vec![field.clone()]);
        let needs = Needs { unmask: fields, ..Needs::nothing() };
        let verdict = govern::may(&self.settings, &self.acting, &needs);
        self.allowed(verdict)
    }

    /// The same of what the rules of retention ask: whom they list tells it.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`].
    pub(super) fn must_see_what_retention_reads(&mut self) -> Decided<()> {
        let settings = Arc::clone(&self.settings);
        let asked = settings.retention.iter().filter_map(|rule| rule.when.as_ref());
        let mut fields = asked.flat_map(|when| when.names()).map(FieldName::new);
        fields.try_for_each(|field| self.must_not_be_closed(&field))
    }

    /// The same of all fields that are never unmasked for them, for what may hold values of any.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`].
    pub(super) fn must_see_all(&mut self) -> Decided<()> {
        let acting = self.settings().acting.as_ref();
        let first = acting.and_then(|acting| acting.closed.first().cloned());
        first.map_or(Ok(()), |field| self.must_not_be_closed(&field))
    }
}
