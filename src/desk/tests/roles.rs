//! Roles: every operation, by every role and through every door, against a table of verbs that is written
//! here once more, by hand.

use std::collections::{BTreeMap, BTreeSet};

use super::bulk::pairs_of;
use super::through_the_door::{each, streams};
use super::*;
use crate::Databases;
use domain::verbs;
use domain::{CensusId, Entrance, Event};
use door::operations::{
    Access, Decide, Find, GiveGrant, History, LastDecision, ShowApproval, ShowCustomer, ShowGrant,
    SuspendGrant,
};
use door::{Asked, Keeper, Scope, Search, SessionId, Told};

/// The verbs that do something to a thing that somebody names.
const LEADING: &[&str] = &[
    "show", "find", "history", "explain", "decide", "fix", "comment", "hold", "request", "subject",
    "erase",
];

/// What a role needs of an operation, by its name: one of these; none: being in is enough.
const NEEDED: &[(&str, &[&str])] = &[
    ("Queue", &["tasks"]),
    ("QueueSince", &["tasks"]),
    ("QueueRows", &["tasks"]),
    ("TaskReasons", &["tasks"]),
    ("PrepareQueue", &["tasks"]),
    ("Patterns", &["tasks"]),
    ("CountWhere", &["tasks"]),
    ("ListTasks", &["tasks"]),
    ("TasksWhere", &["tasks"]),
    ("KnownIds", &["tasks"]),
    ("Find", &["find", "create"]),
    ("Alike", &["find", "create"]),
    ("ShowTask", &["show"]),
    ("Compare", &["show"]),
    ("KeepInClear", &["show"]),
    ("ShowRecord", &["show"]),
    ("ShowCustomer", &["show"]),
    ("ShowDecision", &["show"]),
    ("LookAt", &["show"]),
    ("Follow", LEADING),
    ("FindRecord", LEADING),
    ("History", &["history"]),
    ("Explain", &["explain"]),
    ("ExplainGroup", &["explain", "show"]),
    ("Preview", &["decide"]),
    ("Decide", &["decide"]),
    ("DecideSome", &["decide"]),
    ("DecideInBulk", &["decide"]),
    ("WholeTask", &["decide"]),
    ("FitBulk", &["decide", "fix"]),
    ("Claim", &["decide", "fix"]),
    ("Approvals", &["tasks", "approve", "grant"]),
    ("ShowApproval", &["show"]),
    ("DecisionsOf", &["history", "undo"]),
    ("Standing", &["history", "undo"]),
    ("Grants", &["grant"]),
    ("ShowGrant", &["grant"]),
    ("GiveGrant", &["grant"]),
    ("SuspendGrant", &["grant"]),
    ("Dashboard", &["dashboard", "import"]),
    ("Rules", &["rules"]),
    ("Failing", &["rules"]),
    ("Imports", &["imports", "import"]),
    ("ShowImport", &["imports"]),
    ("Quarantine", &["imports"]),
    ("Import", &["import"]),
    ("Create", &["create"]),
    ("Reread", &["reread"]),
    ("Match", &["match"]),
    ("ReadModel", &["match"]),
    ("CompareRuns", &["match"]),
    ("MatchStatus", &["match", "dashboard"]),
    ("Export", &["export"]),
    ("ExportModel", &["export"]),
    ("BeginEvents", &["export"]),
    ("EndEvents", &["export"]),
    ("Feed", &["feed"]),
    ("FeedOn", &["feed"]),
    ("EndFeed", &["feed"]),
    ("Evaluate", &["evaluate"]),
    ("Watch", &["imports", "match"]),
    ("Cancel", &["cancel"]),
    ("CountValues", &["values"]),
    ("Values", &["values"]),
    ("Holders", &["values"]),
    ("CorrectSome", &["fix"]),
    ("CountCodes", &["check"]),
    ("CodeLists", &["check"]),
    ("NoteAccess", &["otp"]),
    ("Admitted", &["sessions"]),
    ("Access", &["access"]),
    ("Keys", &["keys"]),
    ("ForeseeKeys", &["keys"]),
    ("ChangeKeys", &["keys"]),
    ("ForeseeRekey", &["rekey"]),
    ("Rekey", &["rekey"]),
    ("FindPerson", &["subject", "erase"]),
    ("ForeseeHandOver", &["subject"]),
    ("HandOver", &["subject"]),
    ("ForeseeErasure", &["erase"]),
    ("Erase", &["erase"]),
    ("Timeline", &["show"]),
    ("Card", &["show"]),
    ("Journeys", &["dashboard"]),
    ("AtStep", &["show"]),
    ("Consent", &["show"]),
    ("Measures", &["show"]),
    ("Segments", &["dashboard"]),
    ("ShowSegment", &["show"]),
    ("Holds", &["show", "hold"]),
    ("Requests", &["show", "request"]),
    ("ForeseeRetention", &["retain"]),
    ("Retain", &["retain"]),
    ("Audit", &["audit"]),
    ("DiffSettings", &["govern", "propose"]),
    ("ProposeSettings", &["govern", "propose"]),
    ("WithdrawProposal", &["govern", "propose"]),
    ("SettingsProposals", &["govern", "propose"]),
    ("ReadSettings", &["govern", "propose"]),
    ("SettingsChanges", &["govern", "propose"]),
    ("AdoptSettings", &["govern"]),
];

/// What belongs to being in.
const FREE: [&str; 11] = [
    "About",
    "Acknowledge",
    "AskEdit",
    "Changes",
    "GiveUp",
    "KeepPlace",
    "LastDecision",
    "Leave",
    "OwnChanges",
    "Release",
    "TakeUp",
];

/// A role for each verb, one that has all, one that has none; a person each, called like their role.
fn settings() -> String {
    let mut text = String::new();
    let every: Vec<String> = verbs::names().map(|verb| format!("\"{verb}\"")).collect();
    let mut role = |name: &str, may: &str| {
        text += &format!("[roles.{name}]\nmay = [{may}]\n[people.{name}]\nrole = \"{name}\"\n");
    };
    role("all", &every.join(", "));
    role("none", "");
    // Whoever unmasks may do so of what they may see at all.
    verbs::names().for_each(|verb| role(verb, &format!("\"{verb}\", \"unmask\"")));
    format!("{text}[people.nobody]\n")
}

fn governed() -> TestDesk {
    let mut test = TestDesk::governed(Databases::default(), 1, &settings());
    pairs_of(&mut test);
    test
}

pub(super) fn person(name: &str, entrance: Entrance) -> Session {
    let id = name.bytes().fold(7, |sum, byte| sum * 31 % 65_521 + u64::from(byte));
    Session { entrance, id: SessionId(id), ..Session::local(name, TimeZone::UTC) }
}

/// What comes of an operation, as far as it is not done.
fn not_done(test: &mut TestDesk, who: &Session, asked: Asked) -> Option<NotDone> {
    fn of<O: Carry>(desk: &mut Desk, who: &Session, asked: Asked, _: &O) -> Option<NotDone> {
        let files = streams(&asked);
        let Told::Here(told) = Keeper::carry(desk, who, asked, files) else { unreachable!() };
        told.downcast::<Outcome<O::Answer>>().unwrap().err()
    }
    let of_kind = asked.clone();
    let done = door::carry!(of_kind, operation => of(test.desk(), who, asked, &operation));
    while Keeper::is_working(test.desk()) {
        std::thread::sleep(Keeper::work(test.desk()));
    }
    done
}

fn is_refused_by_role(told: Option<&NotDone>) -> bool {
    matches!(told, Some(NotDone::Refused(Refusal::NotAllowed { .. })))
}

fn name(asked: &Asked) -> String {
    format!("{asked:?}").split('(').next().unwrap().to_owned()
}

/// Those that the list of one of each leaves out.
fn others() -> Vec<Asked> {
    let census = CensusId(1);
    let search = Search { text: "Ash".to_owned(), scope: Scope::Customers, limit: 5 };
    vec![
        Find { number: 1, search, seen: 0 }.into(),
        ShowApproval { task: domain::TaskId(1), unmask: false }.into(),
        ShowGrant { census }.into(),
        GiveGrant { census, joins: 1, reason: None, note: None, bulk: None, rehearse: true }.into(),
        SuspendGrant { census, reason: None, note: None }.into(),
    ]
}

#[test]
fn every_operation_is_refused_to_every_role_that_lacks_its_verb_and_to_no_other() {
    let mut test = governed();
    let mut asked = each(&mut test);
    asked.extend(others());
    let listed: BTreeSet<&str> = NEEDED.iter().map(|(name, _)| *name).chain(FREE).collect();
    let there: BTreeSet<&str> = door::OPERATIONS.iter().map(|(name, ..)| *name).collect();
    assert_eq!(listed, there, "each is in one of the tables");
    let roles: Vec<&str> = verbs::names().chain(["all", "none", "nobody"]).collect();
    let doors = [Entrance::Socket, Entrance::Ssh];
    let (mut judged, before) = (0, test.desk().reader.head().unwrap().sequence);
    for (asked, job) in asked.iter().flat_map(|asked| [(asked, false), (asked, true)]) {
        let name = name(asked);
        let needed = NEEDED.iter().find(|(known, _)| *known == name).map(|(_, verbs)| *verbs);
        for role in &roles {
            let may = needed.is_none_or(|verbs| verbs.contains(role)) || *role == "all";
            for entrance in doors {
                let who = Session { job, ..person(role, entrance) };
                judged += 1;
                let admitted = test.desk().would_admit(&who, || asked.clone());
                // Of this one it is asked, and the answer refuses.
                assert_eq!(admitted, may || name == "Admitted", "{name} {role}");
            }
            // Whoever has the files is bound by none.
            let owner = Session { owns_files: true, ..person(role, Entrance::Socket) };
            for who in [owner, person(role, Entrance::Local)] {
                assert!(test.desk().would_admit(&who, || asked.clone()), "{name} {role}");
            }
        }
        // What is said is done: asked by whoever may not, it is refused and changes nothing.
        let refused = needed.map(|verbs| roles.iter().find(|role| !verbs.contains(role)));
        for role in refused.flatten().into_iter().chain(["none", "nobody"].iter()) {
            if needed.is_none() {
                continue;
            }
            let who = Session { job, ..person(role, doors[usize::from(job)]) };
            let told = not_done(&mut test, &who, asked.clone());
            assert!(is_refused_by_role(told.as_ref()), "{name} {role}: {told:?}");
        }
    }
    assert!(judged > 10_000, "{judged}");
    // Nothing was done but to record that.
    let after = test.desk().reader.head().unwrap().sequence;
    assert!(after > before);
    for sequence in (before.0 + 1..=after.0).map(domain::Sequence) {
        let events = test.desk().facts().commit(sequence).unwrap().events;
        assert!(events.iter().all(|it| matches!(it, Event::RefusedByRole(_))), "{events:?}");
    }
}

#[test]
fn whoever_has_every_verb_is_refused_nothing() {
    let mut test = governed();
    for asked in each(&mut test) {
        let named = name(&asked);
        let told = not_done(&mut test, &person("all", Entrance::Ssh), asked);
        assert!(!is_refused_by_role(told.as_ref()), "{named}: {told:?}");
    }
}

#[test]
fn a_refusal_is_recorded_once_a_session_and_verb_and_shown() {
    let mut test = governed();
    let who = person("show", Entrance::Ssh);
    let customer = test.customer("crm:1");
    for _ in 0..3 {
        let told = not_done(&mut test, &who, History { of: None, unmask: false }.into());
        let Some(NotDone::Refused(refusal)) = told else { panic!("{told:?}") };
        assert_eq!(
            refusal.to_string(),
            "show (show) may not history: roles that may: all (all), history (history)"
        );
    }
    let told = not_done(&mut test, &who, ShowCustomer { customer, at: None, unmask: true }.into());
    assert_eq!(told, None, "that role may");
    let history = test.ask(History { of: None, unmask: false }).unwrap();
    let told: Vec<_> = history.iter().filter(|it| it.what.contains("was refused")).collect();
    assert_eq!(told.len(), 1, "{history:?}");
    assert_eq!(told[0].what, "was refused history: the role show may not");
    let access = test.ask(Access {}).unwrap();
    let of = |id: &str| access.people.iter().find(|it| it.person == id).unwrap();
    assert_eq!((of("show").refused, of("show").unmasked), (1, 1));
    assert_eq!((of("erase").refused, of("erase").last_seen), (0, None));
    assert!(of("show").last_seen.is_some() && access.has_roles);
    assert_eq!(of("nobody").may, Vec::<String>::new());
    assert!(access.unused.is_empty());
    test.reopen();
    assert_eq!(test.ask(Access {}).unwrap(), access, "it is read from the ledger");
}

#[test]
fn a_decision_is_recorded_with_the_role_it_was_made_in() {
    let mut test = governed();
    let comment = |customer: CustomerId| {
        let action = Action::Comment { customers: vec![customer] };
        Decide { request: Request { note: Some("called".to_owned()), ..Request::new(action) } }
    };
    let customer = test.customer("crm:1");
    let who = person("comment", Entrance::Ssh);
    let made = test.desk().act(&who, comment(customer), Streams::default()).unwrap();
    let own = test.ask(comment(customer)).unwrap();
    for (sequence, role) in [(made.sequence, "comment"), (own.sequence, "steward")] {
        let commit = test.desk().facts().commit(sequence).unwrap();
        let decided = commit.events.iter().find_map(|event| match event {
            Event::DecisionMade(made) => Some(made.role.clone()),
            _ => None,
        });
        assert_eq!(decided.as_deref(), Some(role));
    }
    // Somebody else's last decision is nobody's business, and one's own is.
    let last = test.desk().act(&who, LastDecision { undone: false }, Streams::default()).unwrap();
    assert_eq!(last.map(|it| it.decision), Some(made.decision));
}

#[test]
fn whoever_may_not_hold_does_not_undo_a_hold() {
    let mut test = governed();
    let customer = test.customer("crm:1");
    let reason = Some(domain::ReasonCode::new("checked"));
    let hold = Request { reason, ..Request::new(Action::Hold { customer, until: None }) };
    let (all, undoes) = (person("all", Entrance::Socket), person("undo", Entrance::Socket));
    let held = test.desk().act(&all, Decide { request: hold }, Streams::default()).unwrap();
    let (decisions, choices) = (vec![held.decision], BTreeMap::new());
    let undo = Request::new(Action::Undo { decisions, with_dependents: false, choices });
    let undo = || Decide { request: undo.clone() };
    let refused = test.desk().act(&undoes, undo(), Streams::default()).unwrap_err();
    assert!(is_refused_by_role(Some(&refused)), "{refused:?}");
    assert!(
        matches!(&refused, NotDone::Refused(Refusal::NotAllowed { verb, .. }) if verb == "hold")
    );
    test.desk().act(&all, undo(), Streams::default()).unwrap();
}

/// Two people who may adopt settings, one who may only propose them, and what the second edit of people says.
const FOUR_EYES: &str = "[roles.lead]\nmay = [\"govern\"]\n[roles.helper]\nmay = [\"propose\"]\n\
    [people.ada]\nrole = \"lead\"\n[people.kim]\nrole = \"lead\"\n[people.sam]\nrole = \"helper\"\n";

#[test]
fn what_changes_who_may_what_takes_two_people() {
    use door::operations::{AdoptSettings, ProposeSettings, SettingsProposals};
    let mut test = TestDesk::governed(Databases::default(), 1, FOUR_EYES);
    pairs_of(&mut test);
    let text = test.desk().settings().text.clone();
    let more = text.replace("may = [\"propose\"]", "may = [\"propose\", \"erase\"]");
    let trust = text.replace("trust = 90", "trust = 80");
    assert!(more != text && trust != text);
    let [ada, kim, sam] = ["ada", "kim", "sam"].map(|it| person(it, Entrance::Ssh));
    let adopt = |proposal| AdoptSettings { proposal, ..AdoptSettings::default() };
    let propose = |text: &str| ProposeSettings { text: text.to_owned(), note: None };
    let needs_another = |told: Outcome<door::views::AdoptedView>| {
        matches!(told, Err(NotDone::Refused(Refusal::NeedsAnother { .. })))
    };
    // The file's edit may be anybody's, so neither of those who come from elsewhere adopts it alone.
    std::fs::write(test.workspace().settings(), &more).unwrap();
    for who in [&ada, &kim] {
        assert!(needs_another(test.desk().act(who, adopt(None), Streams::default())));
    }
    let by_ada = test.desk().act(&ada, propose(&more), Streams::default()).unwrap();
    assert_eq!(by_ada.asked, ["kim"]);
    let line = by_ada.line();
    assert!(line.contains("needs somebody else to adopt it (kim)"), "{line}");
    let id = Some(by_ada.proposal);
    let locally = Session::local("ada", TimeZone::UTC);
    for who in [&ada, &person("ada", Entrance::Socket), &locally] {
        assert!(needs_another(test.desk().act(who, adopt(id), Streams::default())));
    }
    let told = test.desk().act(&sam, adopt(id), Streams::default());
    assert!(is_refused_by_role(told.as_ref().err()), "{told:?}");
    test.desk().act(&kim, adopt(id), Streams::default()).unwrap();
    assert_eq!(test.desk().settings().text, more);
    // Of anything else one person is enough, and of what somebody with another verb proposed.
    std::fs::write(test.workspace().settings(), &trust).unwrap();
    let both = test.desk().act(&sam, propose(&trust), Streams::default()).unwrap();
    assert_eq!(both.asked, ["ada", "kim"]);
    test.desk().act(&ada, adopt(Some(both.proposal)), Streams::default()).unwrap();
    let only = trust.replace("trust = 80", "trust = 70");
    std::fs::write(test.workspace().settings(), &only).unwrap();
    test.desk().act(&ada, adopt(None), Streams::default()).unwrap();
    let listed = test.desk().act(&ada, SettingsProposals {}, Streams::default()).unwrap();
    assert_eq!(listed.len(), 2);
    // Whoever is at the machine itself has the files.
    std::fs::write(test.workspace().settings(), &more).unwrap();
    test.desk().act(&locally, adopt(None), Streams::default()).unwrap();
    let refused = (1..=test.desk().reader.head().unwrap().sequence.0)
        .flat_map(|it| test.desk().facts().commit(domain::Sequence(it)).unwrap().events)
        .filter(
            |it| matches!(it, Event::RefusedByRole(refused) if refused.verb.starts_with("adopt")),
        )
        .count();
    assert_eq!(refused, 3, "once a session: ada, kim, ada at the machine");
}

#[test]
fn whoever_may_not_record_requests_closes_none_and_undoes_no_restriction() {
    let mut test = governed();
    let customer = test.customer("crm:1");
    let requested = domain::Requested {
        kind: domain::RequestKind::Objection,
        received: "2026-01-01".parse().unwrap(),
        by: None,
        purposes: Vec::new(),
        channels: Vec::new(),
        fields: Vec::new(),
    };
    let record = Decide { request: Request::new(Action::Record { customer, requested }) };
    let refusal = |test: &mut TestDesk, who: &str, asked: Decide| {
        let who = person(who, Entrance::Socket);
        match test.desk().act(&who, asked, Streams::default()) {
            Err(NotDone::Refused(Refusal::NotAllowed { verb, .. })) => Some(verb),
            other => {
                other.unwrap();
                None
            }
        }
    };
    assert_eq!(refusal(&mut test, "decide", record.clone()).as_deref(), Some("request"));
    let all = person("all", Entrance::Socket);
    let recorded = test.desk().act(&all, record, Streams::default()).unwrap();
    let accept = Request { task: recorded.task, ..Request::new(Action::Accept) };
    let accept = Decide { request: accept };
    assert_eq!(refusal(&mut test, "decide", accept.clone()).as_deref(), Some("request"));
    let (decisions, choices) = (vec![recorded.decision], BTreeMap::new());
    let undo = Request::new(Action::Undo { decisions, with_dependents: true, choices });
    let undo = Decide { request: undo };
    assert_eq!(refusal(&mut test, "undo", undo.clone()).as_deref(), Some("request"));
    assert_eq!(refusal(&mut test, "all", accept), None);
    assert_eq!(refusal(&mut test, "request", record_of(customer)), None);
    assert_eq!(refusal(&mut test, "all", undo), None);
}

fn record_of(customer: CustomerId) -> Decide {
    let requested = domain::Requested {
        kind: domain::RequestKind::Access,
        received: "2026-01-01".parse().unwrap(),
        by: None,
        purposes: Vec::new(),
        channels: Vec::new(),
        fields: Vec::new(),
    };
    Decide { request: Request::new(Action::Record { customer, requested }) }
}

/// Somebody who may feed and retain, and sees neither cities nor consent.
const BLIND: &str = "[fields.optin]\ntype = \"consent\"\n[roles.blind]\nmay = [\"feed\", \"retain\", \"show\"]\n\
    mask = { city = \"hide\", optin = \"hide\" }\n[people.kim]\nrole = \"blind\"\n\
    [[retention]]\nof = \"customers\"\nafter = \"1 month\"\nfrom = \"created\"\nwhere = \"city = Omaha\"\nthen = \"erase\"\n";

#[test]
fn neither_a_feed_nor_retention_tells_what_is_masked() {
    use door::operations::{Feed, ForeseeRetention, Retain};
    let mut test = TestDesk::governed(Databases::default(), 1, BLIND);
    pairs_of(&mut test);
    let warn = domain::Lapse::days(60);
    let feed = || {
        let found = each(&mut governed()).into_iter().find(|it| matches!(it, Asked::Feed(_)));
        let Some(Asked::Feed(feed)) = found else { unreachable!() };
        Feed { values: false, ..feed }
    };
    let asked: [Asked; 3] = [
        ForeseeRetention { warn }.into(),
        Retain { listed: None, reason: None }.into(),
        feed().into(),
    ];
    for asked in asked {
        let named = name(&asked);
        let told = not_done(&mut test, &person("kim", Entrance::Socket), asked.clone());
        let Some(NotDone::Refused(Refusal::NotAllowed { verb, .. })) = told else {
            panic!("{named}: {told:?}")
        };
        assert!(verb.starts_with("unmask:"), "{named}: {verb}");
        // Whoever is at the machine sees all.
        let told = not_done(&mut test, &person("kim", Entrance::Local), asked);
        assert!(!is_refused_by_role(told.as_ref()), "{named}: {told:?}");
    }
}
