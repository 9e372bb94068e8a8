//! What is going to happen: drawn from a seed, and nothing but numbers, so that a part of it may be left out
//! and the rest still makes sense.

use super::super::together::Dice;

/// Who may be there.
const PEOPLE: [&str; 6] = ["kim", "sam", "lee", "max", "ida", "noa"];

/// What one steward wants. Numbers are taken modulo what there is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Wish {
    /// Asks what others have done, and for what changed in the queue.
    Hear,
    /// Reads the whole queue.
    Read,
    /// Opens a task.
    Open(u8),
    /// Marks on the task that is open: claims it, and keeps the draft.
    Mark(u8),
    /// Moves the cursor.
    Move(u8),
    /// Types a filter.
    Filter(u8),
    /// Decides the task that is open, as it was seen.
    Decide(u8),
    /// Decides several tasks of the queue, as they were seen.
    Bulk(u8, u8),
    /// Takes back the last decision of their own.
    Undo,
    /// Decides the task that is open, and takes that back at once: everything is as it was.
    ThereAndBack(u8),
    /// Says something about the task that is open.
    Comment,
    /// Asks somebody about it.
    Assign(u8),
    /// Answers what was asked about it.
    Answer,
    /// Corrects a record, whoever is at it.
    Correct(u8, u8),
    /// Claims a task of the queue.
    Claim(u8),
    /// Lets go of the task that is open.
    Release,
    /// Gives a claim up.
    GiveUp(u8),
    /// Leaves the review, politely.
    Leave,
    /// Approves or rejects what waits for an approval.
    Judge(u8),
}

impl Wish {
    /// The task that is opened first where none is.
    pub(super) fn needs_open(&self) -> Option<u8> {
        match self {
            Wish::Mark(number)
            | Wish::Decide(number)
            | Wish::ThereAndBack(number)
            | Wish::Assign(number) => Some(*number),
            Wish::Comment | Wish::Answer => Some(0),
            Wish::Judge(number) => Some(*number),
            _ => None,
        }
    }
}

/// What happens beside the stewards.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Beside {
    /// A file comes in, in parts.
    Import(u8, u8),
    /// Matching runs.
    Match,
    /// Somebody exports.
    Export,
    /// Somebody is erased.
    Erase(u8),
    /// All keys are replaced.
    Rekey,
    /// There is another key.
    Rotate,
    /// `steward.toml` says something else.
    Settings(u8),
}

/// How a server ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum End {
    /// It is stopped, and its store is built again.
    Rebuilt,
    /// It is killed.
    Killed,
    /// The power goes, and what was not synced is there or not, as that seed says.
    PowerCut(u64),
}

/// One thing that happens.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    /// A steward does something and waits until it is answered.
    Does(u8, Wish),
    /// A steward says something, which is on its way then.
    Says(u8, Wish),
    /// A word of theirs arrives.
    Arrives(u8),
    /// An answer arrives.
    Answered(u8),
    /// A line is cut; so many of the words on their way arrive all the same.
    Cut(u8, u8),
    /// Beside them.
    Beside(Beside),
    /// Long work goes on.
    Works,
    /// Time passes, or the clock is set back, by so many seconds.
    Clock(i64),
    /// The server ends now.
    Ends(End),
    /// The server ends at that call to its disk from now on.
    EndsAt(u8, End),
}

/// Everything that happens.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    /// Whose sessions there may be.
    pub(super) seats: Vec<&'static str>,
    /// Whether they have roles, and merges need approval.
    pub(super) governed: bool,
    pub(super) steps: Vec<Step>,
}

impl Plan {
    /// What happens by that seed.
    pub(super) fn of(seed: u64) -> Plan {
        let governed = seed.is_multiple_of(2);
        let dice = Dice(seed.wrapping_mul(0x9E37_79B9) ^ 0x51EA);
        let mut draw = Draw { dice, governed };
        let people = 3 + usize::from(draw.of(4));
        let mut seats = PEOPLE[..people].to_vec();
        // Some have a second session.
        for person in &PEOPLE[..people] {
            if draw.of(3) == 0 {
                seats.push(person);
            }
        }
        let steps = 25 + draw.of(50);
        let steps = (0..steps).map(|_| draw.step()).collect();
        Plan { seats, governed, steps }
    }
}

struct Draw {
    dice: Dice,
    governed: bool,
}

impl Draw {
    fn of(&mut self, limit: u64) -> u8 {
        u8::try_from(self.dice.below(limit)).unwrap()
    }

    fn any(&mut self) -> u8 {
        self.of(256)
    }

    fn step(&mut self) -> Step {
        let seat = self.any();
        match self.of(100) {
            0..52 => Step::Does(seat, self.wish()),
            52..64 => Step::Says(seat, self.wish()),
            64..71 => Step::Arrives(seat),
            71..76 => Step::Answered(seat),
            76..80 => Step::Cut(seat, self.of(4)),
            80..87 => Step::Beside(self.beside()),
            87..91 => Step::Works,
            91..95 => {
                let ways = [1, 60, 10 * 60, 31 * 60, 6 * 3600, 25 * 3600, -60, -40 * 60];
                Step::Clock(ways[usize::from(self.of(8))])
            }
            95..97 => Step::Ends(self.end()),
            _ => Step::EndsAt(self.of(16), self.end()),
        }
    }

    fn end(&mut self) -> End {
        match self.of(8) {
            0 => End::Rebuilt,
            1..4 => End::Killed,
            _ => End::PowerCut(self.dice.below(1 << 32)),
        }
    }

    fn wish(&mut self) -> Wish {
        match self.of(if self.governed { 64 } else { 48 }) {
            48.. => Wish::Judge(self.any()),
            0..5 => Wish::Hear,
            5 => Wish::Read,
            6 => Wish::Move(self.any()),
            7..15 => Wish::Open(self.any()),
            15..20 => Wish::Mark(self.any()),
            20..22 => Wish::Filter(self.any()),
            22..30 => Wish::Decide(self.any()),
            30..32 => Wish::Bulk(self.any(), self.any()),
            32..34 => Wish::Undo,
            34..36 => Wish::ThereAndBack(self.any()),
            36 => Wish::Comment,
            37..39 => Wish::Assign(self.any()),
            39..41 => Wish::Answer,
            41..43 => Wish::Correct(self.any(), self.any()),
            43..45 => Wish::Claim(self.any()),
            45 => Wish::Release,
            46 => Wish::GiveUp(self.any()),
            _ => Wish::Leave,
        }
    }

    fn beside(&mut self) -> Beside {
        match self.of(16) {
            0..6 => Beside::Import(self.any(), self.any()),
            6..9 => Beside::Match,
            9 => Beside::Export,
            10..12 => Beside::Erase(self.any()),
            12 => Beside::Rekey,
            13 => Beside::Rotate,
            _ => Beside::Settings(self.any()),
        }
    }
}
