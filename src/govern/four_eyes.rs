//! What takes two people: nobody approves their own.

use super::approvals::{author, connected};
use domain::{Actor, Author, Entrance};
use door::{Refusal, Session};
use settings::Settings;

/// The verb that adopts settings.
const GOVERN: &str = "govern";

/// Who somebody was who acted before: as the ledger has them, and as the settings know them.
#[must_use]
pub fn author_then(settings: &Settings, before: &Actor) -> Author {
    let person = settings.person(&before.person);
    let proved = before.came.as_ref().and_then(|came| came.key.clone());
    let known = person.iter().flat_map(|person| &person.keys).map(settings::PublicKey::fingerprint);
    // Whoever is nobody in the settings is called as the system calls them.
    let is_local = before.came.as_ref().is_some_and(|came| came.door == Entrance::Local);
    let unix = match person {
        Some(person) => person.unix.clone(),
        None => is_local.then(|| before.person.clone()),
    };
    Author { person: before.person.clone(), keys: proved.into_iter().chain(known).collect(), unix }
}

/// Who may adopt settings, of those whom roles bind.
#[must_use]
pub fn adopters(settings: &Settings) -> Vec<&str> {
    let may = |role: &str| settings.role(role).is_some_and(|role| role.may.contains(GOVERN));
    let people = settings.people.iter().filter(|it| it.role.as_deref().is_some_and(may));
    people.map(|person| person.id.as_str()).collect()
}

/// Whether whoever asks may adopt settings that change who may do and see what: once two people may, it takes both.
/// Whoever is at the machine itself may adopt the file without anybody, but no proposal of their own. `known` are
/// those whom any settings named: whoever is called otherwise by now is who they were.
///
/// # Errors
/// [`Refusal::NeedsAnother`], with who may.
pub fn may_adopt(
    settings: &Settings,
    who: &Session,
    proposed_by: Option<&Actor>,
    known: &[Author],
) -> Result<(), Refusal> {
    let may = adopters(settings);
    if may.len() < 2 {
        return Ok(());
    }
    let own = author(settings, who);
    let is_own = proposed_by.map_or(who.is_bound(), |by| {
        let all = connected(vec![author_then(settings, by)], known);
        all.iter().any(|author| author.is_same_as(&own))
    });
    if !is_own {
        return Ok(());
    }
    let own = [who.person.as_str(), proposed_by.map_or("", |by| by.person.as_str())];
    let others = may.into_iter().filter(|it| !own.contains(it)).map(str::to_owned).collect();
    Err(Refusal::NeedsAnother { is_proposed: proposed_by.is_some(), others })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;

    const KEYS: [&str; 2] = [
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ5Mg5l8GZ9mDNLq9W2Kc0JYkYkCNGr8RZQ0Zb4rX0bR",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g",
    ];

    fn settings(people: &str) -> Settings {
        let text = format!(
            "{}\n[roles.lead]\nmay = [\"govern\"]\n[roles.steward]\nmay = [\"propose\"]\n{people}",
            settings::starter("acme", None)
        );
        settings::parse(&text).unwrap()
    }

    fn two() -> Settings {
        settings(&format!(
            "[people.ada]\nrole = \"lead\"\nkeys = [\"{}\"]\n[people.kim]\nrole = \"lead\"\nkeys = [\"{}\"]\n\
             [people.sam]\nrole = \"steward\"\n",
            KEYS[0], KEYS[1]
        ))
    }

    fn session(person: &str, entrance: Entrance, key: Option<String>) -> Session {
        let local = Session::local(person, TimeZone::UTC);
        Session { entrance, key_fingerprint: key, ..local }
    }

    #[test]
    fn nobody_adopts_what_they_proposed_by_any_door_or_key() {
        let settings = two();
        let key = |of: usize| settings.people[of].keys[0].fingerprint();
        let by_ada = session("ada", Entrance::Ssh, Some(key(0))).actor();
        // Somebody whose key is ada's by now was ada.
        let once = session("adele", Entrance::Ssh, Some(key(0))).actor();
        let by_sam = session("sam", Entrance::Socket, None).actor();
        for (who, by, allowed) in [
            (session("ada", Entrance::Ssh, Some(key(0))), Some(&by_ada), false),
            (session("ada", Entrance::Socket, None), Some(&by_ada), false),
            (session("ada", Entrance::Local, None), Some(&by_ada), false),
            (session("ada", Entrance::Ssh, Some("SHA256:other".into())), Some(&by_ada), false),
            (session("kim", Entrance::Ssh, Some(key(0))), Some(&by_ada), false),
            (session("ada", Entrance::Socket, None), Some(&once), false),
            (session("kim", Entrance::Ssh, Some(key(1))), Some(&by_ada), true),
            (session("root", Entrance::Local, None), Some(&by_ada), true),
            (session("kim", Entrance::Ssh, Some(key(1))), Some(&by_sam), true),
            // Whose edit of the file it is, nobody knows.
            (session("kim", Entrance::Ssh, Some(key(1))), None, false),
            (session("kim", Entrance::Socket, None), None, false),
            (session("root", Entrance::Local, None), None, true),
        ] {
            assert_eq!(may_adopt(&settings, &who, by, &[]).is_ok(), allowed, "{who:?} {by:?}");
        }
    }

    #[test]
    fn it_takes_two_once_two_may() {
        let one = settings("[people.ada]\nrole = \"lead\"\n[people.sam]\nrole = \"steward\"\n");
        let ada = session("ada", Entrance::Ssh, None);
        assert_eq!(may_adopt(&one, &ada, None, &[]), Ok(()));
        assert_eq!(may_adopt(&one, &ada, Some(&ada.actor()), &[]), Ok(()));
        let why = may_adopt(&two(), &ada, Some(&ada.actor()), &[]).unwrap_err().to_string();
        assert_eq!(
            why,
            "you proposed it, and it changes who may do and see what: somebody else must adopt it (kim)"
        );
        let why = may_adopt(&two(), &ada, None, &[]).unwrap_err().to_string();
        assert!(why.contains("steward govern propose") && why.ends_with("(kim)"), "{why}");
    }
}
