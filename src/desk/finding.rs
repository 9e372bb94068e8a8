//! What the sessions look for: the desk's finder, and the present search of each session.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use super::core::Desk;
use super::error::{Decided, DeskError};
use super::facts::Facts;
use super::finder::{Finder, Searching};
use super::label::{name_by, subject_label};
use domain::{CustomerId, FieldType, RecordId, Subject, Task, TaskId, TaskKind, TaskState, Value};
use door::views::{FinderHit, FinderReport};
use door::{Refusal, Scope, Search, SessionId, Waker};

/// The finder and its searches.
#[derive(Default)]
pub(super) struct Finding {
    searches: HashMap<SessionId, Present>,
    /// None until somebody searches, or a screen opens.
    finder: Option<Finder>,
    waker: Waker,
}

/// A session's search, and what it has found so far.
struct Present {
    number: u64,
    found: Found,
    /// Given up with this.
    _searching: Searching,
}

type Found = Arc<Mutex<Option<FinderReport>>>;

impl Finding {
    pub(super) fn wake_by(&mut self, waker: Waker) {
        self.waker = waker;
    }

    /// Lets go of every name that was read. Whatever searches reads them again.
    pub(super) fn forget(&mut self) {
        self.searches.clear();
        self.finder = None;
    }

    /// That session has left: it wants nothing more.
    pub(super) fn end(&mut self, session: SessionId) {
        self.searches.remove(&session);
    }

    fn report(&self, session: SessionId, number: u64) -> Option<Option<FinderReport>> {
        let present = self.searches.get(&session).filter(|search| search.number == number)?;
        Some(present.found.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

impl Desk {
    /// Starts to read the names that are searched, so that they are there when somebody searches.
    ///
    /// # Errors
    /// When the store is damaged, or the system starts no thread.
    pub fn start_finder(&mut self) -> Result<(), DeskError> {
        if self.finding.finder.is_none() {
            self.finding.finder = Some(self.finder()?);
        }
        Ok(())
    }

    /// Begins a search, and gives the session's search before it up.
    pub(super) fn begin_search(
        &mut self,
        session: SessionId,
        number: u64,
        search: &Search,
    ) -> Result<(), DeskError> {
        let before = self.finding.searches.get(&session);
        if before.is_some_and(|before| before.number >= number) {
            return Ok(());
        }
        if self.masks_names() {
            return Ok(());
        }
        self.start_finder()?;
        let Some(finder) = &self.finding.finder else { return Ok(()) };
        let found = Found::default();
        let (told, waker) = (Arc::clone(&found), self.finding.waker.clone());
        let reply = Box::new(move |report| {
            *told.lock().unwrap_or_else(PoisonError::into_inner) = Some(report);
            waker.wake();
        });
        let searching = match self.masks_any_of(&[FieldType::Email]) {
            true => finder.search_without_mail(search.clone(), reply),
            false => finder.search(search.clone(), reply),
        };
        let present = Present { number, found, _searching: searching };
        self.finding.searches.insert(session, present);
        Ok(())
    }

    /// Whether a search has found more than that, or nothing more will come of it.
    pub(super) fn has_found(&self, session: SessionId, number: u64, seen: u64) -> bool {
        match self.finding.report(session, number) {
            Some(Some(report)) => report.finished || report.searched > seen,
            Some(None) => false,
            None => true,
        }
    }

    /// What a search has found so far, for whoever the desk is working for.
    pub(super) fn found(&mut self, number: u64, search: &Search) -> Decided<FinderReport> {
        let session = self.acting.id;
        self.begin_search(session, number, search)?;
        let why = || Refusal::DoesNotApply { why: "another search has started since".to_owned() };
        let mut report = match self.masks_names() {
            true => FinderReport { finished: true, ..FinderReport::default() },
            false => self.finding.report(session, number).ok_or_else(why)?.unwrap_or_default(),
        };
        let is_id = by_id(self.facts(), search, &mut report)?;
        if report.finished && !is_id && !self.masks_names() {
            self.find_held_back(search, &mut report)?;
        }
        for hit in &mut report.hits {
            hit.closed = is_closed(self.facts(), &hit.subject)?;
        }
        if report.hits.is_empty() && !is_id && self.masks_names() {
            let role = self.settings().acting_role();
            let why = format!("{role} sees names masked, so it cannot search for them: type an id");
            return Err(Refusal::DoesNotApply { why }.into());
        }
        Ok(report)
    }

    /// Adds those who were delivered under the key of a record that is somebody else's still: what is held back, or was not
    /// believed, is in no index, and nobody is to say that nothing is held on them.
    fn find_held_back(&self, search: &Search, report: &mut FinderReport) -> Result<(), DeskError> {
        let words: Vec<String> =
            search.text.split_whitespace().map(|word| word.to_lowercase()).collect();
        if words.is_empty() || search.scope == Scope::Tasks {
            return Ok(());
        }
        let facts = self.facts();
        let mut asked: Vec<Task> = Vec::new();
        facts.view.each_task(&mut |entry| {
            asked.extend((entry.task.kind == TaskKind::Overlay).then_some(entry.task));
            Ok(true)
        })?;
        // The last that asked of each record.
        let asked: BTreeMap<RecordId, Task> =
            asked.into_iter().filter_map(|task| Some((task.record?, task))).collect();
        for (record, task) in asked {
            let row = facts.view.record(record)?;
            if row.erased || facts.view.latest(record)?.0 == row.body {
                continue;
            }
            let body = facts.delivered(record)?.body;
            let shown = |field: &str| body.values.get(field).map(Value::shown);
            let name = name_by(facts.settings, |field| shown(field.name.as_str()));
            let Some(name) = name.filter(|name| {
                let name = name.to_lowercase();
                words.iter().all(|word| name.contains(word.as_str()))
            }) else {
                continue;
            };
            let customer = facts.view.customer_of(record)?;
            let (address, by) = (body.address, task.id);
            let how = match task.state.is_pending() {
                true => format!("held back, {by}"),
                false => format!("not believed, {by}"),
            };
            let (subject, id) = match search.scope {
                Scope::Records => (Subject::Record(address.clone()), String::new()),
                _ => (Subject::Customer(customer), format!("{customer} ")),
            };
            report.hits.push(FinderHit {
                line: format!("{id}{name} ({how})  {address}"),
                subject,
                customer: Some(customer),
                positions: Vec::new(),
                closed: false,
                settled: None,
            });
        }
        report.hits.truncate(search.limit.max(1));
        Ok(())
    }

    /// Whether a role masks, for whoever the desk works for, the names that are searched.
    pub(super) fn masks_names(&self) -> bool {
        use FieldType::{FamilyName, FullName, GivenName, OrganisationName};
        self.masks_any_of(&[GivenName, FamilyName, FullName, OrganisationName])
    }

    fn masks_any_of(&self, types: &[FieldType]) -> bool {
        let Some(acting) = &self.settings().acting else { return false };
        let mut fields = self.settings().fields.iter();
        fields.any(|it| types.contains(&it.field_type) && acting.mask.contains_key(&it.name))
    }
}

/// Puts first whose id was typed, and nothing else: an id never leads to what only looks like it. One that
/// nobody has leads nowhere. Says whether it was one.
fn by_id(facts: Facts<'_>, search: &Search, report: &mut FinderReport) -> Decided<bool> {
    let id = search.text.trim().to_ascii_uppercase();
    let hit = match search.scope {
        // A record's key may look like any id.
        Scope::Records => return by_address(facts, search, report),
        _ => match (id.parse::<TaskId>(), id.parse::<CustomerId>()) {
            (Ok(task), _) => task_by_id(facts, task)?,
            (_, Ok(customer)) => customer_by_id(facts, customer)?,
            _ => return by_address(facts, search, report),
        },
    };
    let Some(hit) = hit else {
        report.hits.clear();
        return Ok(true);
    };
    put_first(hit, search, report);
    Ok(true)
}

/// The same of a whole address, for whom names or mail addresses are masked: those are not searched.
fn by_address(facts: Facts<'_>, search: &Search, report: &mut FinderReport) -> Decided<bool> {
    if facts.settings.acting.is_none() {
        return Ok(false);
    }
    let Ok(Subject::Record(address)) = search.text.trim().parse::<Subject>() else {
        return Ok(false);
    };
    let is_of_source = facts.settings.sources.iter().any(|it| it.name == address.source);
    if !report.hits.is_empty() || !is_of_source || search.scope == Scope::Tasks {
        return Ok(is_of_source);
    }
    let Some(record) = facts.find(&address)? else { return Ok(true) };
    let customer = facts.view.customer_of(record)?;
    let hit = match search.scope {
        Scope::Records => Some(FinderHit {
            line: address.to_string(),
            subject: Subject::Record(address),
            customer: Some(customer),
            positions: Vec::new(),
            closed: false,
            settled: None,
        }),
        _ => customer_by_id(facts, customer)?,
    };
    if let Some(hit) = hit {
        put_first(hit, search, report);
    }
    Ok(true)
}

fn put_first(hit: FinderHit, search: &Search, report: &mut FinderReport) {
    let known = report.hits.iter().position(|known| known.subject == hit.subject);
    let hit = known.map_or(hit, |at| report.hits.remove(at));
    report.hits.insert(0, hit);
    report.hits.truncate(search.limit.max(1));
}

fn task_by_id(facts: Facts<'_>, id: TaskId) -> Decided<Option<FinderHit>> {
    let Some(entry) = facts.view.task(id)? else { return Ok(None) };
    let task = entry.task;
    let mut live = None;
    for customer in &task.customers {
        live = live.or(facts.view.follow(*customer)?);
    }
    let whom = live.map(|live| named(facts, live)).transpose()?.unwrap_or_default();
    let settled = match &task.state {
        TaskState::Decided { decision } => Some(format!("settled by {decision}")),
        TaskState::Settled => Some("settled".to_owned()),
        _ => None,
    };
    Ok(Some(FinderHit {
        subject: Subject::Task(id),
        customer: live,
        line: format!("{id} {} {whom}", task.kind.name()),
        positions: (0..id.to_string().len()).collect(),
        closed: false,
        settled,
    }))
}

fn customer_by_id(facts: Facts<'_>, id: CustomerId) -> Decided<Option<FinderHit>> {
    let Some(live) = facts.view.follow(id)? else { return Ok(None) };
    let whom = named(facts, live)?;
    let merged = if live == id { String::new() } else { format!(", now {live}") };
    Ok(Some(FinderHit {
        subject: Subject::Customer(id),
        customer: Some(live),
        line: format!("{id}{merged}  {whom}"),
        positions: (0..id.to_string().len()).collect(),
        closed: false,
        settled: None,
    }))
}

/// `Pace, Thomas  crm:1042`, as the finder tells a customer.
fn named(facts: Facts<'_>, customer: CustomerId) -> Decided<String> {
    let label = subject_label(facts, customer)?;
    let state = facts.view.customer(customer)?;
    let first = state.and_then(|state| state.members.first().copied());
    let address = first.map(|record| facts.body(record)).transpose()?.map(|body| body.address);
    Ok(match address.map(|address| address.to_string()) {
        Some(address) if address != label => format!("{label}  {address}"),
        _ => label,
    })
}

/// Whether it is a closed record, or a customer all of whose records are closed.
fn is_closed(facts: Facts<'_>, subject: &Subject) -> Result<bool, DeskError> {
    let of_record = |record| -> Result<bool, DeskError> {
        let is_touched = facts.view.record(record)?.touched;
        Ok(is_touched && facts.view.record_state(record)?.is_closed())
    };
    match subject {
        Subject::Record(address) => facts.find(address)?.map_or(Ok(false), of_record),
        Subject::Customer(customer) => {
            let state = facts.view.customer(*customer)?;
            let members = state.map(|state| state.members).unwrap_or_default();
            let closed = members.iter().map(|record| of_record(*record));
            let closed = closed.collect::<Result<Vec<_>, _>>()?;
            Ok(!closed.is_empty() && closed.into_iter().all(|closed| closed))
        }
        _ => Ok(false),
    }
}
