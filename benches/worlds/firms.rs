//! Firms: chains and their branches, sisters in one house, offices under one roof.

use sample::Dice;

use super::land::{Home, Land};
use super::people::slug;
use super::plan::Plan;

/// A firm, or one branch of a chain.
#[derive(Debug, Clone)]
pub struct Firm {
    /// Its name of today without a legal form, then those before.
    pub names: Vec<String>,
    /// The word of its name beside its trade.
    pub word: String,
    /// Its legal form.
    pub legal: Option<&'static str>,
    /// The town, where the name says which branch it is.
    pub branch: Option<&'static str>,
    /// The address of today, then those before.
    pub homes: Vec<Home>,
    /// The mailbox, then another.
    pub mails: Vec<String>,
    /// The telephone, then another.
    pub phones: Vec<String>,
    /// The number in a register.
    pub number: String,
}

/// Makes firms, some that belong together at a time.
pub struct Firms<'a> {
    plan: &'a Plan,
    land: &'a Land,
    houses: Vec<Home>,
}

impl<'a> Firms<'a> {
    /// Of a world.
    #[must_use]
    pub fn of(plan: &'a Plan, land: &'a Land) -> Firms<'a> {
        Firms { plan, land, houses: Vec::new() }
    }

    /// A firm by itself, the branches of a chain, or two sisters.
    pub fn some(&mut self, dice: &mut Dice) -> Vec<Firm> {
        let first = self.firm(dice);
        if dice.chance(self.plan.firms.chains) {
            return self.branches(first, dice);
        }
        if dice.chance(self.plan.firms.sisters) {
            let sister = self.sister(&first, dice);
            if sister.names[0] != first.names[0] {
                return vec![first, sister];
            }
        }
        vec![first]
    }

    fn firm(&mut self, dice: &mut Dice) -> Firm {
        let (trade, word) = self.land.trade_and_word(dice);
        let host = format!("{}.{}", slug(&word, dice) + &slug(trade, dice), self.ending());
        let mut mails = vec![format!("{}@{host}", self.desk(dice))];
        if dice.chance(self.plan.life.other_mail) {
            mails.push(format!("{}@{host}", slug(&self.land.given(true, dice), dice)));
        }
        let mut phones = vec![self.land.phone(false, dice)];
        if dice.chance(self.plan.life.other_phone) {
            phones.push(self.land.phone(true, dice));
        }
        let mut homes = vec![self.house(dice)];
        if dice.chance(self.plan.life.moved / 2) {
            homes.push(self.land.home(dice));
        }
        let legal = &self.land.locale.legal;
        let legal = legal[dice.index(legal.len()).min(dice.index(legal.len()))];
        let mut names = vec![self.named(trade, &word)];
        if dice.chance(self.plan.life.renamed / 2) {
            let (_, before) = self.land.trade_and_word(dice);
            names.push(self.named(trade, &before));
        }
        Firm {
            names,
            word,
            legal: dice.chance(800).then_some(legal),
            branch: None,
            homes,
            mails,
            phones,
            number: number(dice),
        }
    }

    fn named(&self, trade: &str, word: &str) -> String {
        let part = |sign| if sign == "T" { trade } else { word };
        self.land.locale.firm.split(' ').map(part).collect::<Vec<_>>().join(" ")
    }

    fn ending(&self) -> String {
        if self.land.locale.region == "US" {
            "com".into()
        } else {
            self.land.locale.region.to_lowercase()
        }
    }

    fn desk(&self, dice: &mut Dice) -> &'static str {
        ["info", "info", "contact", "office", "mail", "sales"][dice.index(6)]
    }

    fn house(&mut self, dice: &mut Dice) -> Home {
        if !self.houses.is_empty() && dice.chance(self.plan.firms.shared_houses) {
            return self.houses[dice.index(self.houses.len())].clone();
        }
        let home = self.land.home(dice);
        self.houses.push(home.clone());
        home
    }

    /// One name in many towns. A branch is a customer of its own.
    fn branches(&mut self, head: Firm, dice: &mut Dice) -> Vec<Firm> {
        let count = dice.between(2, self.plan.firms.branches.max(2));
        let host = head.mails[0].split_once('@').map_or("", |(_, host)| host).to_owned();
        let says_town = dice.chance(500);
        let branch = |_| {
            let homes = vec![self.land.home(dice)];
            let own = self.land.phone(false, dice);
            let switchboard = dice.chance(self.plan.firms.switchboard);
            let one_mail = dice.chance(400);
            let mail = if one_mail {
                head.mails[0].clone()
            } else {
                format!("{}@{host}", slug(homes[0].city, dice))
            };
            Firm {
                branch: says_town.then_some(homes[0].city),
                mails: vec![mail],
                phones: vec![if switchboard { head.phones[0].clone() } else { own }],
                number: number(dice),
                homes,
                ..head.clone()
            }
        };
        let others: Vec<Firm> = (1..count).map(branch).collect();
        let head = Firm { branch: says_town.then_some(head.homes[0].city), ..head };
        std::iter::once(head).chain(others).collect()
    }

    /// Another trade under the same word, in the same house.
    fn sister(&mut self, first: &Firm, dice: &mut Dice) -> Firm {
        let (trade, _) = self.land.trade_and_word(dice);
        let host = first.mails[0].split_once('@').map_or("", |(_, host)| host);
        let mut sister = Firm {
            names: vec![self.named(trade, &first.word)],
            mails: vec![format!("{}@{host}", slug(trade, dice))],
            number: number(dice),
            ..first.clone()
        };
        if !dice.chance(self.plan.firms.switchboard) {
            sister.phones = vec![self.land.phone(false, dice)];
        }
        sister
    }
}

fn number(dice: &mut Dice) -> String {
    super::locale::filled("A########", dice)
}
