//! Which verdicts somebody else has to approve, and who that may be.

use super::standing::Standing;
use domain::expression::Asked;
use domain::{Approver, Author, Entrance};
use door::Session;
use settings::Settings;

/// What is asked of a verdict before it is carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeededApproval {
    /// Who may approve it.
    pub by: Approver,
    /// The rule, as it is written; empty where the rule is that of grants.
    pub rule: String,
    /// The days within which it is to be approved.
    pub due: Option<u32>,
}

/// The verb that grants merging.
const GRANT: &str = "grant";

/// Who has to approve a verdict of which `lookup` tells what a rule may ask; `is_grant`: it grants merging.
#[must_use]
pub fn needed<'a>(
    settings: &Settings,
    is_grant: bool,
    lookup: &dyn Fn(&str) -> Asked<'a>,
) -> Option<NeededApproval> {
    if let Some(rule) = settings.approvals.iter().find(|rule| rule.when.holds_of(lookup)) {
        let by = Approver::Role(rule.by.clone());
        return Some(NeededApproval { by, rule: rule.when.text().to_owned(), due: rule.due });
    }
    let by = Approver::Verb(GRANT.to_owned());
    let may_two = !settings.roles.is_empty() && settings.approvers(&by).nth(1).is_some();
    (is_grant && may_two).then_some(NeededApproval { by, rule: String::new(), due: None })
}

/// Who somebody is, by all that tells.
#[must_use]
pub fn author(settings: &Settings, who: &Session) -> Author {
    let person = settings.person(&who.person);
    let mut keys: Vec<String> = who.key_fingerprint.iter().cloned().collect();
    for key in person.iter().flat_map(|person| &person.keys) {
        let key = key.fingerprint();
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    // Whoever is nobody in the settings is called as the system calls them.
    let own_name = || (who.entrance == Entrance::Local).then(|| who.person.clone());
    let unix = match person {
        Some(person) => person.unix.clone(),
        None => own_name(),
    };
    Author { person: who.person.clone(), keys, unix }
}

/// Everybody whom settings name, by all that tells.
pub fn named(settings: &Settings) -> impl Iterator<Item = Author> + '_ {
    settings.people.iter().map(author_of)
}

fn author_of(person: &settings::Person) -> Author {
    let keys = person.keys.iter().map(settings::PublicKey::fingerprint).collect();
    Author { person: person.id.clone(), keys, unix: person.unix.clone() }
}

/// These people, and all that they were ever called: `known` are those whom any settings name. Whoever changes their
/// name after their key is the same person all the same.
#[must_use]
pub fn connected(mut authors: Vec<Author>, known: &[Author]) -> Vec<Author> {
    let mut others: Vec<&Author> = known.iter().filter(|it| !authors.contains(it)).collect();
    loop {
        let is_one = |it: &&Author| authors.iter().any(|author| author.is_same_as(it));
        let (same, rest): (Vec<&Author>, Vec<&Author>) = others.into_iter().partition(is_one);
        if same.is_empty() {
            return authors;
        }
        authors.extend(same.into_iter().cloned());
        others = rest;
    }
}

/// Who may approve something.
#[derive(Debug, Clone, Copy)]
pub struct Sought<'a> {
    /// Those who were asked.
    pub by: &'a Approver,
    /// Those whom the rules ask today, where those of then are no longer there.
    pub instead: Option<&'a Approver>,
    /// Whoever had a hand in it.
    pub authors: &'a [Author],
}

impl Sought<'_> {
    /// Who counts today; none: only whoever no role binds.
    fn today(&self, settings: &Settings) -> Option<&Approver> {
        match self.by {
            Approver::Role(role) if settings.role(role).is_none() => self.instead,
            by => Some(by),
        }
    }

    /// Whether whoever asks may approve it.
    ///
    /// # Errors
    /// Why not, in a sentence.
    pub fn may(&self, settings: &Settings, who: &Session) -> Result<(), String> {
        let own = author(settings, who);
        if let Some(author) = self.authors.iter().find(|author| author.is_same_as(&own)) {
            return Err(match author.person == own.person {
                true => "you proposed it: somebody else has to approve it".to_owned(),
                false => format!(
                    "{}, who proposed it, is known by the same key or Unix user as you: somebody else has to \
                     approve it",
                    author.person
                ),
            });
        }
        let by = self.today(settings);
        match (Standing::of(settings, who), by) {
            (Standing::Free, _) => Ok(()),
            (Standing::In(role), Some(by)) if role.approves(by) => Ok(()),
            (_, Some(by)) => {
                Err(format!("it is for {by} to approve{}", listed(&self.people(settings))))
            }
            (_, None) => Err(format!(
                "the role {by} that was to approve it is no longer in the settings: add [roles.{by}] again and give \
                 it to somebody, or ask whoever owns the workspace to approve it at the machine",
                by = self.by
            )),
        }
    }

    /// The people of the settings who may, in the order of the file.
    #[must_use]
    pub fn people(&self, settings: &Settings) -> Vec<String> {
        let Some(by) = self.today(settings) else { return Vec::new() };
        let people = settings.approvers(by).filter(|person| {
            let own = author_of(person);
            self.authors.iter().all(|author| !author.is_same_as(&own))
        });
        people.map(|person| person.id.clone()).collect()
    }

    /// That nobody of the settings may, and the way out; none where somebody may.
    #[must_use]
    pub fn stuck(&self, settings: &Settings) -> Option<String> {
        if !self.people(settings).is_empty() {
            return None;
        }
        let Some(by) = self.today(settings) else {
            return Some(format!(
                "nobody in [people] may approve it, because the role {by} is no longer in the settings: add \
                 [roles.{by}] again and give it to somebody, or undo the proposal",
                by = self.by
            ));
        };
        Some(format!(
            "nobody in [people] may approve it: make somebody else {}, or reject or undo it",
            means(by)
        ))
    }
}

fn listed(people: &[String]) -> String {
    if people.is_empty() { String::new() } else { format!(" ({})", people.join(", ")) }
}

/// What somebody must be who approves.
fn means(by: &Approver) -> String {
    match by {
        Approver::Role(role) => format!("a {role} who may approve"),
        Approver::Verb(verb) => format!("a person who may {verb}"),
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use door::SessionId;

    fn settings(more: &str) -> Settings {
        let text = format!(
            "{}[roles.lead]\nmay=['approve','grant']\n[roles.steward]\nmay=['decide','grant']\n\
             [roles.viewer]\nmay=['show']\n[people.ada]\nrole='lead'\nunix='ada'\n[people.lee]\nrole='lead'\n\
             [people.sam]\nrole='steward'\n[people.vic]\nrole='viewer'\n{more}",
            settings::starter("acme", None)
        );
        settings::parse(&text).unwrap()
    }

    fn over_ssh(person: &str) -> Session {
        Session {
            id: SessionId(7),
            entrance: Entrance::Ssh,
            key_fingerprint: Some(format!("SHA256:{person}")),
            ..Session::local(person, TimeZone::UTC)
        }
    }

    #[test]
    fn nobody_approves_what_they_had_a_hand_in_under_whatever_name_or_key() {
        let settings = settings("");
        let by = Approver::Role("lead".to_owned());
        let authors = [author(&settings, &over_ssh("ada")), author(&settings, &over_ssh("sam"))];
        let sought = Sought { by: &by, instead: None, authors: &authors };
        let second_key = Session { key_fingerprint: Some("SHA256:ada".into()), ..over_ssh("lee") };
        let at_the_machine = Session::local("ada", TimeZone::UTC);
        for (who, may) in [
            (over_ssh("lee"), true),
            (Session::local("root", TimeZone::UTC), true),
            (over_ssh("ada"), false),
            (second_key, false),
            (at_the_machine, false),
            (over_ssh("sam"), false),
            (over_ssh("vic"), false),
            (over_ssh("stranger"), false),
        ] {
            assert_eq!(
                sought.may(&settings, &who).is_ok(),
                may,
                "{} {:?}",
                who.person,
                who.entrance
            );
        }
        assert_eq!(sought.people(&settings), ["lee"]);
        assert_eq!(sought.stuck(&settings), None);
    }

    #[test]
    fn whoever_changed_key_and_name_one_after_the_other_is_the_same_person() {
        let is = |person: &str, keys: &[&str], unix: Option<&str>| Author {
            person: person.to_owned(),
            keys: keys.iter().map(|key| (*key).to_owned()).collect(),
            unix: unix.map(ToOwned::to_owned),
        };
        let known = [
            is("mary", &["K3"], Some("u-mary")),
            is("ann", &["K2"], Some("u-max")),
            is("lee", &["K1"], Some("u-max")),
            is("lee", &["K1"], Some("u-lee")),
            is("mary", &["K2"], None),
            is("sam", &["K9"], Some("u-sam")),
        ];
        let all = connected(vec![is("lee", &["K1"], Some("u-lee"))], &known);
        let own = |author: &Author| all.iter().any(|it| it.is_same_as(author));
        for author in &known {
            assert_eq!(own(author), author.person != "sam", "{author:?}");
        }
        assert_eq!(connected(vec![is("kim", &[], None)], &known).len(), 1);
    }

    #[test]
    fn a_role_that_is_gone_leaves_it_to_todays_rule_or_to_whoever_no_role_binds() {
        let settings = settings("");
        let (gone, today) = (Approver::Role("board".into()), Approver::Role("lead".into()));
        let instead = Sought { by: &gone, instead: Some(&today), authors: &[] };
        assert!(instead.may(&settings, &over_ssh("lee")).is_ok());
        let nobody = Sought { instead: None, ..instead };
        assert!(nobody.may(&settings, &over_ssh("lee")).is_err());
        assert!(nobody.may(&settings, &Session::local("root", TimeZone::UTC)).is_ok());
        assert!(nobody.stuck(&settings).unwrap().contains("add [roles.board] again"));
        let why = nobody.may(&settings, &over_ssh("lee")).unwrap_err();
        assert!(why.contains("add [roles.board] again") && why.contains("at the machine"), "{why}");
    }

    #[test]
    fn a_grant_needs_somebody_else_where_two_may_grant() {
        let nothing = |_: &str| Asked::Nothing;
        let needs = needed(&settings(""), true, &nothing).unwrap();
        assert_eq!(needs.by, Approver::Verb("grant".to_owned()));
        assert_eq!(needed(&settings(""), false, &nothing), None);
        let alone = "[roles.lead]\nmay=['grant']\n[people.ada]\nrole='lead'\n";
        let alone = format!("{}{alone}", settings::starter("acme", None));
        assert_eq!(needed(&settings::parse(&alone).unwrap(), true, &nothing), None);
        let free = settings::parse(&settings::starter("acme", None)).unwrap();
        assert_eq!(needed(&free, true, &nothing), None);
    }

    #[test]
    fn the_first_rule_that_holds_decides() {
        let settings = settings(
            "[[approvals]]\nwhen='verdict = merge and stake >= 100'\nby='lead'\ndue=2\n\
             [[approvals]]\nwhen='verdict = grant'\nby='steward'\n",
        );
        let of = |verdict: &'static str, stake: &'static str| {
            let lookup = move |name: &str| match name {
                "verdict" => Asked::Each(vec!["accept".into(), verdict.into()]),
                "stake" => Asked::One(stake.into()),
                _ => Asked::Nothing,
            };
            let needed = needed(&settings, verdict == "grant", &lookup);
            needed.map(|it| (it.by.to_string(), it.due))
        };
        assert_eq!(of("merge", "100"), Some(("lead".to_owned(), Some(2))));
        assert_eq!(of("merge", "99.9"), None);
        assert_eq!(of("pin", "100"), None);
        assert_eq!(of("grant", "0"), Some(("steward".to_owned(), None)));
    }
}
