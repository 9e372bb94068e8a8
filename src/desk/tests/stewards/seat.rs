//! A steward at a screen: they know what they were told over their line, and nothing else.

use std::collections::{BTreeMap, VecDeque};

use super::super::*;
use super::plan::Wish;
use super::words::{Word, read};
use domain::{Sequence, Until};
use door::operations::{Changes, Decide, DecideSome, Queue, QueueSince, ShowTask as Show, TakeUp};
use door::views::{Begun, Place, QueueNews, QueueRow, QueueView};
use door::{BulkStep, BulkVerdict};

/// The task that is open.
#[derive(Debug, Clone)]
pub(super) struct Opened {
    pub(super) task: TaskId,
    pub(super) version: Sequence,
    pub(super) customers: Vec<CustomerId>,
    pub(super) kind: Option<TaskKind>,
}

/// A steward's session, and the line to it.
pub(super) struct Seat {
    pub(super) person: &'static str,
    /// None while they are away.
    pub(super) who: Option<Session>,
    /// Words on their way to the server.
    pub(super) says: VecDeque<Word>,
    /// Answers on their way back.
    pub(super) hears: VecDeque<(Word, Vec<u8>)>,
    /// The queue as it was told, once it was.
    pub(super) rows: Option<BTreeMap<TaskId, QueueRow>>,
    generation: u64,
    /// How much others did, as far as is known.
    pub(super) news: u64,
    erased: u64,
    pub(super) open: Option<Opened>,
    pub(super) place: Place,
    /// Decisions of theirs that stand, as far as they know.
    made: Vec<DecisionId>,
    /// They did something that nobody tells them of.
    pub(super) has_acted: bool,
}

impl Seat {
    pub(super) fn of(person: &'static str) -> Seat {
        Seat {
            person,
            who: None,
            says: VecDeque::new(),
            hears: VecDeque::new(),
            rows: None,
            generation: 0,
            news: 0,
            erased: 0,
            open: None,
            place: Place::default(),
            made: Vec::new(),
            has_acted: false,
        }
    }

    /// They come in, and say what a review says first.
    pub(super) fn enters(&mut self, number: u64, entrance: domain::Entrance) {
        let local = Session::local(self.person, TimeZone::UTC);
        let who = Session { id: door::SessionId(number), entrance, ..local };
        *self =
            Seat { who: Some(who), made: std::mem::take(&mut self.made), ..Seat::of(self.person) };
        self.says.extend([Word::Changes(0), Word::Queue, Word::TakeUp]);
    }

    /// They know where nothing is on its way.
    pub(super) fn is_quiet(&self) -> bool {
        self.who.is_some() && self.says.is_empty() && self.hears.is_empty()
    }

    fn row(&self, number: u8) -> Option<&QueueRow> {
        let rows = self.rows.as_ref()?;
        rows.values().nth(usize::from(number) % rows.len().max(1))
    }

    fn keeps(&self) -> Word {
        Word::Keep(Some(self.place.clone()), self.erased)
    }

    /// The words of a wish; none where there is nothing to do it to.
    pub(super) fn wishes(&mut self, wish: &Wish) -> Vec<Word> {
        self.words_of(wish).unwrap_or_default()
    }

    fn words_of(&mut self, wish: &Wish) -> Option<Vec<Word>> {
        Some(match wish {
            Wish::Hear => vec![Word::Changes(self.news)],
            Wish::Read => vec![Word::Queue],
            Wish::Open(number) => {
                let task = self.row(*number)?.task;
                self.open = None;
                self.place = Place { open: Some(task), draft: None, ..self.place.clone() };
                vec![Word::Look(Some(task)), Word::Show(task), self.keeps()]
            }
            Wish::Mark(number) => {
                let open = self.open.clone()?;
                let letter = |at: usize| Some(['A', 'B'][(at + usize::from(*number)) % 2]);
                let customers = open.customers.iter().enumerate();
                let marks = customers.map(|(at, customer)| (*customer, letter(at))).collect();
                let picks = Vec::new();
                self.place.draft = Some(Begun { version: open.version, marks, picks });
                vec![Word::Claim(open.task), self.keeps()]
            }
            Wish::Move(number) => {
                self.place.cursor = self.row(*number).map(|row| row.task);
                vec![self.keeps()]
            }
            Wish::Filter(number) => {
                self.place.filter = Some(format!("subject ~ \"{}\"", name(*number)));
                vec![self.keeps()]
            }
            Wish::Decide(how) | Wish::ThereAndBack(how) => {
                vec![Word::Decide(self.answer(*how)?.into())]
            }
            Wish::Bulk(first, how) => {
                let rows = self.rows.as_ref()?.values();
                let some = rows.skip(usize::from(*first) % 4).take(3);
                let tasks = some.map(|row| (row.task, Some(row.version))).collect();
                let verdict = match how % 3 {
                    0 => BulkVerdict::Merge,
                    1 => BulkVerdict::NotAMatch,
                    _ => BulkVerdict::Defer { until: Until::DataChanges },
                };
                let (reason, note, bulk) = (None, None, None);
                let step = BulkStep {
                    verdict,
                    reason,
                    note,
                    tasks,
                    bulk,
                    left: 0,
                    rehearse: false,
                    break_glass: None,
                };
                vec![Word::Bulk(step.into())]
            }
            Wish::Undo => vec![Word::Decide(undo_request(*self.made.last()?, false).into())],
            Wish::Comment => {
                let comment = Request::new(Action::Comment { customers: Vec::new() });
                vec![Word::Decide(Request { seen: None, ..self.noted(comment)? }.into())]
            }
            Wish::Assign(whom) => {
                let to = ["kim", "sam", "lead", "lee"][usize::from(*whom) % 4].to_owned();
                vec![Word::Decide(self.noted(Request::new(Action::Escalate { to }))?.into())]
            }
            Wish::Answer => vec![Word::Decide(self.noted(Request::new(Action::Answer))?.into())],
            Wish::Correct(record, value) => {
                let source = ["crm", "shop"][usize::from(*record) % 2];
                let record = format!("{source}:{}", record / 2 % 6 + 1);
                let phone = format!("+1402555{value:04}");
                let request = match value % 3 {
                    0 => clear_request(&record, "phone"),
                    _ => fix_request(&record, "phone", &phone),
                };
                vec![Word::Decide(request.into())]
            }
            Wish::Claim(number) => vec![Word::Claim(self.row(*number)?.task)],
            Wish::Release => {
                let open = self.open.take()?;
                self.place = Place { open: None, draft: None, ..self.place.clone() };
                vec![Word::Release(Some(open.task)), Word::Look(None), self.keeps()]
            }
            Wish::GiveUp(number) => vec![Word::GiveUp(self.row(*number)?.task)],
            Wish::Judge(number) => {
                let rows = self.rows.as_ref()?.values();
                let asked: Vec<&QueueRow> =
                    rows.filter(|row| row.kind == TaskKind::Approval).collect();
                // Where nothing waits, something is proposed.
                let Some(row) = asked.get(usize::from(*number) % asked.len().max(1)) else {
                    return Some(vec![Word::Decide(self.answer(0)?.into())]);
                };
                let task = Some(row.task);
                let action = match number % 4 {
                    0 => Action::Reject,
                    _ => Action::Approve { expect: None },
                };
                let note = Some("as the branch says".to_owned());
                vec![Word::Decide(Request { task, note, ..Request::new(action) }.into())]
            }
            Wish::Leave => vec![Word::Keep(None, self.erased), Word::Release(None), Word::Leave],
        })
    }

    fn noted(&self, request: Request) -> Option<Request> {
        let open = self.open.as_ref()?;
        let note = Some("as said on the telephone".to_owned());
        Some(Request { note, ..request.for_task(open.task, open.version) })
    }

    fn answer(&self, how: u8) -> Option<Request> {
        let Opened { task, version, customers, kind } = self.open.as_ref()?;
        let request = match (kind, how % 6) {
            (Some(TaskKind::Duplicate), 0 | 1) if customers.len() > 1 => {
                merge_request(&[customers])
            }
            (Some(TaskKind::Duplicate), 2 | 3) if customers.len() > 1 => {
                apart_request(&[&customers[..1], &customers[1..]])
            }
            (Some(TaskKind::Challenge), 0 | 1) => Request::new(Action::Keep),
            (Some(TaskKind::Challenge), 2 | 3) => Request::new(Action::Accept),
            _ => Request::new(Action::Defer { until: Until::DataChanges }),
        };
        Some(request.for_task(*task, *version))
    }

    /// An answer arrives; whatever it makes them say at once is said.
    pub(super) fn hears(&mut self) {
        let Some((word, bytes)) = self.hears.pop_front() else { return };
        match word {
            Word::Changes(_) => {
                let Ok(changed) = read::<Changes>(&bytes) else { return };
                if std::mem::replace(&mut self.erased, changed.erased) != changed.erased {
                    (self.place.filter, self.place.draft) = (None, None);
                    self.says.push_back(self.keeps());
                }
                if std::mem::replace(&mut self.news, changed.at) != changed.at {
                    self.says.push_back(Word::Since(self.generation));
                }
            }
            Word::Queue => {
                if let Ok(view) = read::<Queue>(&bytes) {
                    self.sees(view);
                }
            }
            Word::Since(_) => match read::<QueueSince>(&bytes) {
                Ok(QueueNews::Whole(view)) => self.sees(view),
                Ok(QueueNews::Changed(changes)) => {
                    self.generation = changes.generation;
                    let rows = self.rows.get_or_insert_default();
                    changes.gone.iter().for_each(|task| {
                        rows.remove(task);
                    });
                    rows.extend(changes.kept.into_iter().map(|row| (row.task, row)));
                }
                Err(_) => {}
            },
            Word::Show(task) => {
                let Ok(view) = read::<Show>(&bytes) else { return };
                let customers = view.columns.iter().map(|column| column.customer).collect();
                let kind = view.task.as_ref().map(|task| task.kind);
                self.open = Some(Opened { task, version: view.version, customers, kind });
            }
            Word::TakeUp => {
                if let Ok(Some(place)) = read::<TakeUp>(&bytes) {
                    self.says.extend(place.open.map(Word::Show));
                    self.place = place;
                }
            }
            Word::Decide(_) => {
                if let Ok(receipt) = read::<Decide>(&bytes) {
                    self.made.push(receipt.decision);
                    self.says.push_back(Word::Since(self.generation));
                }
            }
            Word::Bulk(_) => {
                if let Ok(outcome) = read::<DecideSome>(&bytes) {
                    self.made.extend(outcome.results.iter().filter_map(|it| it.decision));
                    self.says.push_back(Word::Since(self.generation));
                }
            }
            Word::Look(_)
            | Word::Claim(_)
            | Word::Keep(..)
            | Word::Release(_)
            | Word::GiveUp(_)
            | Word::Leave => {}
        }
    }

    fn sees(&mut self, view: QueueView) {
        self.generation = view.generation;
        self.rows = Some(view.rows.into_iter().map(|row| (row.task, row)).collect());
    }
}

/// A name that somebody may look for.
fn name(number: u8) -> &'static str {
    ["Ashgrove", "Birchwood", "Cedarling", "Dunmore", "Elmhurst", "Fernhill"]
        [usize::from(number) % 6]
}
