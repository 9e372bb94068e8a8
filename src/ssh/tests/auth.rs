//! Every order of what a client can say, against what it must have said to be in.

use super::*;
use proptest::prelude::*;
use russh::keys::ssh_key::private::{Ed25519Keypair, KeypairData};
use russh::keys::ssh_key::{Algorithm, PrivateKey};

/// What a client can say, in the name of somebody, and what is found of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Say {
    Other(&'static str),
    Offer(&'static str, Whose),
    Prove(&'static str, Whose),
    AskCode(&'static str),
    TypeCode(&'static str),
    CodeWas(bool),
}

/// A key, by its number.
type Whose = u8;
const SAMS: Whose = 1;
const KIMS: Whose = 2;
const NOBODYS: Whose = 3;
/// Sam has a second factor, Kim has none, nobody knows Eve.
const USERS: [&str; 3] = ["sam", "kim", "eve"];

fn wire_key(number: Whose) -> WireKey {
    let pair = KeypairData::Ed25519(Ed25519Keypair::from_seed(&[number; 32]));
    PrivateKey::new(pair, "").unwrap().public_key().clone()
}

fn person(id: &str, key: Whose, second_factor: bool) -> Person {
    let key = wire_key(key);
    assert_eq!(key.algorithm(), Algorithm::Ed25519);
    let keys = vec![PublicKey { kind: "ssh-ed25519", blob: key.to_bytes().unwrap() }];
    let (id, name, stand_ins) = (id.to_owned(), id.to_owned(), Vec::new());
    Person { id, name, unix: None, keys, second_factor, stand_ins, role: None }
}

fn login() -> Login {
    let people = vec![person("sam", SAMS, true), person("kim", KIMS, false)];
    let known = Arc::new(Known { people, user_ca: None });
    Login::new(known, IpAddr::from([127, 0, 0, 1]))
}

struct Keys([WireKey; 3]);

impl Keys {
    fn new() -> Keys {
        Keys([SAMS, KIMS, NOBODYS].map(wire_key))
    }

    fn of(&self, whose: Whose) -> &WireKey {
        &self.0[usize::from(whose) - 1]
    }
}

fn said(login: &mut Login, say: Say, keys: &Keys) {
    match say {
        Say::Other(user) => login.other(user),
        Say::Offer(user, key) => {
            let _ = login.offered(user, keys.of(key));
        }
        Say::Prove(user, key) => {
            let _ = login.proved(user, Evidence::Key(keys.of(key)), 0);
        }
        Say::AskCode(user) => {
            let _ = login.ask_code(user);
        }
        Say::TypeCode(user) => {
            let _ = login.code_typed(user);
        }
        Say::CodeWas(right) => {
            let _ = login.code_was(right);
        }
    }
}

/// Whether somebody who is in has said what is needed, in order and in no other name.
fn is_earned(history: &[Say], admitted: &Admitted) -> bool {
    let user = |say: &Say| match *say {
        Say::Other(user)
        | Say::Offer(user, _)
        | Say::Prove(user, _)
        | Say::AskCode(user)
        | Say::TypeCode(user) => Some(user),
        Say::CodeWas(_) => None,
    };
    let who = admitted.person.as_str();
    // Until they are in; what comes after is not heard.
    let needed: &[Say] = match who {
        "kim" => &[Say::Prove("kim", KIMS)],
        "sam" => &[
            Say::Prove("sam", SAMS),
            Say::AskCode("sam"),
            Say::TypeCode("sam"),
            Say::CodeWas(true),
        ],
        _ => return false,
    };
    let mut at = 0;
    for (number, say) in history.iter().enumerate() {
        at += usize::from(needed.get(at) == Some(say));
        if at == needed.len() {
            return history[..=number].iter().filter_map(user).all(|user| user == who);
        }
    }
    false
}

fn everything() -> Vec<Say> {
    let mut all = vec![Say::CodeWas(true), Say::CodeWas(false)];
    for user in USERS {
        all.extend([Say::Other(user), Say::AskCode(user), Say::TypeCode(user)]);
        for key in [SAMS, KIMS, NOBODYS] {
            all.extend([Say::Offer(user, key), Say::Prove(user, key)]);
        }
    }
    all
}

/// Says everything that can be said, to this depth; how many sayings, and how many of them let somebody in.
fn say_all(
    login: &Login,
    history: &mut Vec<Say>,
    depth: usize,
    all: &[Say],
    keys: &Keys,
) -> (u64, u64) {
    let mut counted = (0, 0);
    for say in all {
        let mut login = login.clone();
        said(&mut login, *say, keys);
        history.push(*say);
        counted.0 += 1;
        if let Some(admitted) = login.admitted() {
            assert!(is_earned(history, admitted), "{admitted:?} after {history:?}");
            counted.1 += 1;
        } else if depth > 1 {
            let deeper = say_all(&login, history, depth - 1, all, keys);
            counted = (counted.0 + deeper.0, counted.1 + deeper.1);
        }
        history.pop();
    }
    counted
}

/// Of 695,681 orders of up to four messages those 1,112 that earn it let somebody in, and none else.
#[test]
fn no_order_of_messages_lets_anybody_in_who_has_not_earned_it() {
    let all = everything();
    let (tried, let_in) = say_all(&login(), &mut Vec::new(), 4, &all, &Keys::new());
    println!("{tried} orders of messages tried, {let_in} let in, 0 of them unearned");
    assert_eq!(all.len(), 29);
    assert!(tried > 600_000 && let_in > 800, "{tried}, {let_in}");
}

proptest! {
    // Longer ones, most of them by somebody who means to get in.
    #[test]
    fn nor_does_a_long_conversation(
        steps in proptest::collection::vec((0_usize..29, any::<bool>()), 0..60)
    ) {
        let (all, keys) = (everything(), Keys::new());
        let towards = [
            Say::Prove("sam", SAMS), Say::AskCode("sam"), Say::TypeCode("sam"), Say::CodeWas(true),
        ];
        let (mut login, mut history) = (login(), Vec::new());
        for (at, strays) in steps {
            let say = if strays { all[at] } else { towards[at % towards.len()] };
            said(&mut login, say, &keys);
            history.push(say);
            if let Some(admitted) = login.admitted() {
                prop_assert!(is_earned(&history, admitted), "{:?}", history);
            }
        }
    }
}

#[test]
fn who_says_it_in_order_is_in() {
    let keys = Keys::new();
    let mut kim = login();
    kim.other("kim");
    assert!(!kim.offered("kim", keys.of(SAMS)));
    assert!(kim.offered("kim", keys.of(KIMS)));
    assert_eq!(kim.proved("kim", Evidence::Key(keys.of(KIMS)), 0), Answer::In);
    let admitted = kim.admitted().unwrap();
    assert_eq!(admitted.person, "kim");
    assert_eq!(admitted.fingerprint, keys.of(KIMS).fingerprint(HashAlg::Sha256).to_string());

    let mut sam = login();
    assert_eq!(sam.ask_code("sam"), None, "a code before the key");
    assert_eq!(sam.proved("sam", Evidence::Key(keys.of(SAMS)), 0), Answer::CodeNeeded);
    assert_eq!(sam.code_typed("sam"), None, "a code that nobody asked for");
    for right in [false, false, true] {
        assert_eq!(sam.ask_code("sam").as_deref(), Some("sam"));
        assert_eq!(sam.code_typed("sam").as_deref(), Some("sam"));
        assert_eq!(sam.code_typed("sam"), None, "two codes for one question");
        assert_eq!(sam.code_was(right), if right { Answer::In } else { Answer::Refused });
    }
    assert_eq!(sam.admitted().map(|it| &*it.person), Some("sam"));
    assert_eq!(sam.known_name(), Some("sam"));
}

#[test]
fn a_key_of_one_person_lets_no_other_in_and_an_unknown_name_looks_like_an_unknown_key() {
    let keys = Keys::new();
    for (user, key) in [("kim", SAMS), ("sam", KIMS), ("eve", SAMS), ("eve", NOBODYS), ("", KIMS)] {
        let mut login = login();
        assert!(!login.offered(user, keys.of(key)), "{user}");
        assert_eq!(login.proved(user, Evidence::Key(keys.of(key)), 0), Answer::Refused);
        assert_eq!(login.ask_code(user), None);
    }
    let mut stranger = login();
    stranger.other("hunter2");
    assert_eq!(stranger.known_name(), None, "what may be a password is not logged");
}

#[test]
fn another_name_ends_it() {
    let keys = Keys::new();
    let mut login = login();
    login.other("sam");
    assert_eq!(login.proved("kim", Evidence::Key(keys.of(KIMS)), 0), Answer::Refused);
    assert_eq!(login.proved("sam", Evidence::Key(keys.of(SAMS)), 0), Answer::Refused);
}
