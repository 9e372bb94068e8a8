//! What measures say of a customer, and how many are in each segment.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::core::Desk;
use crate::error::{Decided, DeskError, unknown};
use crate::facts::Facts;
use crate::label::subject_label;
use crate::measured::sight::Sight;
use crate::measured::{Standing, ask};
use domain::event::Figure;
use domain::{CustomerId, Take, nearest};
use door::Refusal;
use door::operations::ShowSegment;
use door::views::{
    MeasureView, MeasuresView, SegmentDetail, SegmentMember, SegmentView, SegmentsView,
};
use jiff::civil::Date;
use settings::Segment;

/// Days of a trend.
const TREND: usize = 30;

/// What whoever asks may be told of on a screen, and what they may never be told.
struct Sights {
    shown: Sight,
    closed: Sight,
}

impl Sights {
    fn of(desk: &Desk) -> Sights {
        let (settings, masks) = (desk.settings(), desk.masks());
        Sights {
            shown: Sight::by(settings, Some(&masks)),
            closed: Sight::by(settings, desk.closed_masks().as_deref()),
        }
    }
}

pub(crate) fn measures(desk: &Desk, asked: CustomerId) -> Decided<MeasuresView> {
    have(desk)?;
    let sights = Sights::of(desk);
    let facts = desk.facts();
    if facts.view.erased_in(asked)?.is_some() {
        return Err(facts.no_customer(asked)?.into());
    }
    let id = facts.view.follow(asked)?.ok_or_else(|| unknown(&asked))?;
    let (values, segments) = facts.told_of(id)?;
    let day = facts.today();
    let settings = facts.settings;
    let mut measures = Vec::with_capacity(settings.measures.len());
    for (measure, value) in settings.measures.iter().zip(values) {
        let masked = !sights.shown.tells(measure);
        let currency = match measure.take {
            Take::Sum(currency) => Some(currency.to_string()),
            _ => None,
        };
        let mut left_out = 0;
        if currency.is_some() {
            let ask = ask(measure, day);
            facts.each_activity_of(id, &mut |log, row| {
                left_out += activity::left_out(&ask, log.class_of(row).map(|class| (row, class)));
            })?;
        }
        measures.push(MeasureView {
            name: measure.name.clone(),
            words: measure.words(),
            description: measure.description.clone(),
            value: value.filter(|_| !masked).map(|value| value.to_string()),
            currency,
            left_out,
            masked,
        });
    }
    let segments = segments.into_iter().map(|at| &settings.segments[at]);
    let told = segments.filter(|it| sights.shown.hidden_in(settings, it).is_none());
    let segments = told.map(|segment| segment.name.clone()).collect();
    let redirected_from = (id != asked).then_some(asked);
    Ok(MeasuresView { customer: id, redirected_from, day, measures, segments })
}

/// Measures and segments without the customers about whom whoever asks is asked again: how many there are now, and in
/// what they are, is the verdict.
struct Counted<'s> {
    standing: &'s Standing,
    left_out: BTreeSet<CustomerId>,
    trend: Vec<(Date, Vec<Figure>)>,
}

impl<'s> Counted<'s> {
    fn of(desk: &Desk, standing: &'s Standing) -> Result<Counted<'s>, DeskError> {
        let facts = desk.facts();
        let mut left_out = BTreeSet::new();
        for id in desk.withheld()?.asked_about() {
            left_out.insert(id);
            left_out.extend(facts.view.follow(id)?);
        }
        // What was recorded of days before counts them.
        let trend = if left_out.is_empty() { trend(facts)? } else { Vec::new() };
        Ok(Counted { standing, left_out, trend })
    }

    fn customers(&self) -> u64 {
        let own = self.left_out.iter().filter(|id| self.standing.is_golden(**id)).count();
        self.standing.customers().saturating_sub(own as u64)
    }

    fn count(&self, segment: usize) -> u64 {
        let own = self.left_out.iter().filter(|id| self.standing.is_in(segment, **id)).count();
        self.standing.count(segment).saturating_sub(own as u64)
    }

    fn in_both(&self, one: usize, other: usize) -> u64 {
        let is_in =
            |id: &&CustomerId| self.standing.is_in(one, **id) && self.standing.is_in(other, **id);
        let own = self.left_out.iter().filter(is_in).count();
        self.standing.in_both(one, other).saturating_sub(own as u64)
    }
}

pub(crate) fn segments(desk: &Desk) -> Decided<SegmentsView> {
    have(desk)?;
    let sights = Sights::of(desk);
    let facts = desk.facts();
    let standing = facts.standing()?;
    let counted = Counted::of(desk, &standing)?;
    let segments = facts.settings.segments.iter().enumerate();
    let segments = segments.map(|of| view(facts, of, &counted, &sights)).collect();
    Ok(SegmentsView { day: facts.today(), customers: counted.customers(), segments })
}

pub(crate) fn segment(desk: &Desk, asked: &ShowSegment) -> Decided<SegmentDetail> {
    have(desk)?;
    let sights = Sights::of(desk);
    let facts = desk.facts();
    let (at, segment) = named(facts, &asked.segment)?;
    let other = asked.overlap.as_ref().map(|name| named(facts, name)).transpose()?;
    let standing = facts.standing()?;
    let counted = Counted::of(desk, &standing)?;
    let told = &counted;
    let hidden = |sight: &Sight| {
        let of = std::iter::once(segment).chain(other.map(|(_, other)| other));
        of.filter_map(|it| sight.hidden_in(facts.settings, it)).next().map(str::to_owned)
    };
    let is_in = |id: &CustomerId| {
        other.is_none_or(|(other, _)| standing.is_in(other, *id)) && !counted.left_out.contains(id)
    };
    let is_closed = hidden(&sights.closed).is_some();
    let masked = hidden(&sights.shown);
    let mut members = Vec::new();
    if masked.is_none() {
        for id in standing.members(at).filter(is_in).take(asked.limit) {
            members.push(SegmentMember { customer: id, name: subject_label(facts, id)? });
        }
    }
    let both = other.map(|(other, _)| counted.in_both(at, other));
    let of = if is_closed { 0 } else { both.unwrap_or_else(|| counted.count(at)) };
    Ok(SegmentDetail {
        segment: view(facts, (at, segment), told, &sights),
        customers: counted.customers(),
        overlap: other.map(|it| (view(facts, it, told, &sights), if is_closed { 0 } else { of })),
        members,
        of,
        masked,
    })
}

/// A segment by whose members something else is counted: refused where what it asks for is masked for whoever asks,
/// since each count would tell of it.
pub(crate) fn segment_to_count(desk: &Desk, name: &str) -> Decided<(usize, Arc<Standing>)> {
    have(desk)?;
    let facts = desk.facts();
    let (at, segment) = named(facts, name)?;
    if let Some(hidden) = Sights::of(desk).closed.hidden_in(facts.settings, segment) {
        let why = format!("the segment {name} asks for {hidden}, which is masked for you");
        return Err(Refusal::DoesNotApply { why }.into());
    }
    Ok((at, facts.standing()?))
}

/// All by whose members whoever asks may have something counted.
pub(crate) fn segments_to_count(desk: &Desk) -> Vec<String> {
    let (sights, settings) = (Sights::of(desk), desk.settings());
    let segments = settings.segments.iter();
    let open = segments.filter(|it| sights.closed.hidden_in(settings, it).is_none());
    open.map(|segment| segment.name.clone()).collect()
}

/// Has activities at hand where measures ask for them.
fn have(desk: &Desk) -> Result<(), DeskError> {
    if desk.settings().measures.is_empty() { Ok(()) } else { desk.have_activities() }
}

fn named<'f>(facts: Facts<'f>, name: &str) -> Decided<(usize, &'f Segment)> {
    let segments = &facts.settings.segments;
    let mut all = segments.iter().enumerate();
    if let Some(found) = all.find(|(_, segment)| segment.name == name) {
        return Ok(found);
    }
    let known: Vec<&str> = segments.iter().map(|segment| segment.name.as_str()).collect();
    let meant = match nearest::name(name, known.iter().copied()) {
        Some(name) => format!(": did you mean {name}?"),
        None if known.is_empty() => ": add [segments.*] to steward.toml".to_owned(),
        None => format!(": there are {}", known.join(", ")),
    };
    Err(Refusal::Unknown { subject: format!("segment {name}{meant}") }.into())
}

/// What was recorded of days before today, the earliest first.
fn trend(facts: Facts<'_>) -> Result<Vec<(Date, Vec<Figure>)>, DeskError> {
    let today = facts.today();
    let mut told = facts.figures(TREND + 1)?;
    told.retain(|(day, _)| *day < today);
    told.reverse();
    Ok(told)
}

fn view(
    facts: Facts<'_>,
    (at, segment): (usize, &Segment),
    counted: &Counted<'_>,
    sights: &Sights,
) -> SegmentView {
    let is_closed = sights.closed.hidden_in(facts.settings, segment).is_some();
    let days = counted.trend.iter().filter(|_| !is_closed);
    let days = days.filter_map(|(day, figures)| {
        let own = |it: &&Figure| it.what == Figure::SEGMENT && it.name == segment.name;
        Some((*day, figures.iter().find(own)?.count))
    });
    SegmentView {
        name: segment.name.clone(),
        // A value that is compared with a masked field may be somebody's.
        when: if is_closed { segment.when.shape(&|_| false) } else { segment.when.to_string() },
        description: segment.description.clone(),
        owner: segment.owner.clone(),
        count: (!is_closed).then(|| counted.count(at)),
        trend: days.collect(),
    }
}
