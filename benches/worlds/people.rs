//! People: who lives with whom, what they are called, how they can be reached.

use std::collections::HashSet;

use sample::Dice;

use super::land::{Home, Land};
use super::plan::Plan;
use super::slips::without_marks;

/// A person.
#[derive(Debug, Clone)]
pub struct Person {
    /// Whether it is a woman.
    pub woman: bool,
    /// The given name.
    pub given: String,
    /// The second given name.
    pub second: Option<String>,
    /// The family name of today, then those before.
    pub families: Vec<String>,
    /// What tells a son from his father.
    pub suffix: Option<&'static str>,
    /// The date of birth.
    pub born: String,
    /// The address of today, then those before.
    pub homes: Vec<Home>,
    /// The mailbox, then another.
    pub mails: Vec<String>,
    /// The mailbox of the family.
    pub family_mail: Option<String>,
    /// The telephone, then another.
    pub phones: Vec<String>,
    /// The telephone of the home.
    pub home_phone: Option<String>,
    /// A number that a register has given.
    pub number: String,
    /// Whether the name is of the other country.
    pub foreign: bool,
}

/// What is common to a home.
struct Household {
    homes: Vec<Home>,
    phone: String,
    mail: Option<String>,
    foreign: bool,
}

/// Makes people, a household at a time.
pub struct People<'a> {
    plan: &'a Plan,
    lands: &'a [Land; 2],
    mails: HashSet<String>,
    known: Vec<(bool, String, String, Home)>,
}

const THIS_YEAR: u32 = 2025;

impl<'a> People<'a> {
    /// Of a world, whose own country is the first.
    #[must_use]
    pub fn of(plan: &'a Plan, lands: &'a [Land; 2]) -> People<'a> {
        People { plan, lands, mails: HashSet::new(), known: Vec::new() }
    }

    /// The people of one home.
    pub fn household(&mut self, dice: &mut Dice) -> Vec<Person> {
        let foreign = dice.chance(self.plan.foreign.1);
        let family = self.names(foreign).family(dice);
        let mut homes = vec![self.lands[0].home(dice)];
        if dice.chance(self.plan.life.moved / 2) {
            homes.push(self.lands[0].home(dice));
        }
        let is_family = dice.chance(self.plan.homes.families);
        let mail = (is_family && dice.chance(self.plan.homes.shared_mail))
            .then(|| self.mailbox(&["family", &family], dice));
        let household = Household { homes, phone: self.lands[0].phone(false, dice), mail, foreign };
        let woman = dice.chance(500);
        let year = THIS_YEAR - 20 - dice.below(65);
        let first = self.person(&household, woman, &family, year, dice);
        if !is_family {
            return vec![first];
        }
        let mut members = vec![first];
        if dice.chance(800) {
            // Most have one name, some keep their own.
            let own = self.names(foreign).family(dice);
            let name = if dice.chance(800) { family.clone() } else { own };
            let other = if dice.chance(950) { !woman } else { woman };
            let born = (year + dice.below(13)).saturating_sub(6).min(THIS_YEAR - 18);
            members.push(self.person(&household, other, &name, born, dice));
        }
        let youngest = THIS_YEAR - 16;
        for _ in 0..dice.below(4) {
            let born = year + 20 + dice.below(20);
            if born > youngest {
                break;
            }
            let child = self.child(&household, &members, &family, born, dice);
            members.push(child);
        }
        members
    }

    /// A child of the first: with the same name at times, or a twin of the one before.
    fn child(
        &mut self,
        household: &Household,
        members: &[Person],
        family: &str,
        born: u32,
        dice: &mut Dice,
    ) -> Person {
        let woman = dice.chance(500);
        let mut child = self.person(household, woman, family, born, dice);
        let parent = members.iter().take(2).find(|it| it.woman == woman);
        if let Some(parent) = parent
            && dice.chance(self.plan.homes.juniors)
        {
            child.given = parent.given.clone();
            child.suffix = (self.lands[0].locale.region == "US" && !woman).then_some("Jr");
        }
        if let Some(sibling) = members.get(2)
            && dice.chance(self.plan.homes.twins)
        {
            child.born = sibling.born.clone();
        }
        child
    }

    fn names(&self, foreign: bool) -> &'a Land {
        &self.lands[usize::from(foreign)]
    }

    fn person(
        &mut self,
        household: &Household,
        woman: bool,
        family: &str,
        year: u32,
        dice: &mut Dice,
    ) -> Person {
        let names = self.names(household.foreign);
        let (mut given, mut family) = (names.given(woman, dice), family.to_owned());
        let mut homes = household.homes.clone();
        if self.known.len() > 10 && dice.chance(self.plan.names.namesakes) {
            let (sex, first, last, home) = &self.known[dice.index(self.known.len())];
            if *sex == woman {
                (given, family) = (first.clone(), last.clone());
                if dice.chance(400) {
                    homes = vec![self.lands[0].home_near(home, dice)];
                }
            }
        }
        self.known.push((woman, given.clone(), family.clone(), homes[0].clone()));
        if dice.chance(self.plan.life.moved / 2) {
            homes.insert(0, self.lands[0].home(dice));
        }
        let second = dice.chance(self.plan.names.second).then(|| names.given(woman, dice));
        let mut families = vec![family];
        if woman && dice.chance(self.plan.life.renamed) {
            let before = names.family(dice);
            if dice.chance(150) {
                families.push(format!("{before}-{}", families[0]));
            }
            families.push(before);
        }
        if woman {
            families = families.iter().map(|name| names.locale.of_a_woman(name)).collect();
        }
        let born = format!("{year}-{:02}-{:02}", dice.between(1, 12), dice.between(1, 28));
        let mails = self.mailboxes(&given, &families, &born, dice);
        let mut phones = vec![self.lands[0].phone(true, dice)];
        if dice.chance(self.plan.life.other_phone) {
            phones.push(self.lands[0].phone(true, dice));
        }
        Person {
            woman,
            given,
            second,
            families,
            suffix: None,
            born,
            homes,
            mails,
            family_mail: household.mail.clone(),
            phones,
            home_phone: dice.chance(self.plan.homes.shared_phone).then(|| household.phone.clone()),
            number: super::locale::filled("A##########", dice),
            foreign: household.foreign,
        }
    }

    fn mailboxes(
        &mut self,
        given: &str,
        families: &[String],
        born: &str,
        dice: &mut Dice,
    ) -> Vec<String> {
        let family = families.last().map_or("", String::as_str);
        let mut mails = vec![match dice.below(6) {
            0 | 1 => self.mailbox(&[given, family], dice),
            2 => self.mailbox(&[&super::slips::cut(given, 1), family], dice),
            3 => self.mailbox(&[given, &born[2..4]], dice),
            4 => self.mailbox(&[family, given], dice),
            // What somebody liked when they were young.
            _ => self.mailbox(&[self.lands[0].locale.brands[dice.index(30)], &born[2..4]], dice),
        }];
        if dice.chance(self.plan.life.other_mail) {
            mails.push(self.mailbox(&[given, &families[0]], dice));
        }
        mails
    }

    /// A mailbox that nobody has yet.
    fn mailbox(&mut self, parts: &[&str], dice: &mut Dice) -> String {
        let between = [".", "", "_", "-"][[0, 0, 0, 1, 1, 2, 3][dice.index(7)]];
        let user: Vec<String> = parts.iter().map(|part| slug(part, dice)).collect();
        let user = user.join(between);
        let hosts = &self.lands[0].locale.mails;
        let host = hosts[dice.index(hosts.len()).min(dice.index(hosts.len()))];
        let mut mail = format!("{user}@{host}");
        while !self.mails.insert(mail.clone()) {
            mail = format!("{user}{}@{host}", dice.below(1_000));
        }
        mail
    }
}

/// The letters and digits of a text, as mailboxes and names of hosts have them.
pub fn slug(text: &str, dice: &mut Dice) -> String {
    let plain = without_marks(text, dice).to_lowercase();
    plain.chars().filter(char::is_ascii_alphanumeric).collect()
}
