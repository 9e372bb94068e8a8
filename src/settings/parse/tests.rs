//! What a `steward.toml` may say, and how its mistakes are told.

use super::*;
use crate::{Check, DateBound, RangeBounds, Strategy, VanishedPolicy};
use domain::{Dimension, FieldName, FieldType, Severity, Verdict};

const BASE: &str = r#"[workspace]
name = "acme"
region = "us"
[fields.zip]
type = "postcode"
[fields.email]
type = "email"
[fields.born]
type = "date_of_birth"
sensitive = true
[fields.since]
type = "date"
[fields.visits]
type = "number"
[fields.consent]
type = "consent"
"#;

/// Findings of BASE followed by `rest`, lines counted within `rest`.
fn findings(rest: &str) -> Vec<(usize, String)> {
    let base = BASE.lines().count();
    let text = format!("{BASE}{rest}");
    match parse(&text) {
        Ok(_) => Vec::new(),
        Err(findings) => {
            findings.into_iter().map(|finding| (finding.line - base, finding.message)).collect()
        }
    }
}

fn sound(rest: &str) -> Settings {
    parse(&format!("{BASE}{rest}")).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

#[test]
fn reads_everything_in_the_order_of_the_file() {
    let settings = sound(
        r#"
        [sources.webshop]
        key = "id"
        map = { zip = ["zip", "zip4"], email = "contact.email", born = "b" }
        [sources.crm]
        trust = { default = 90, email = 60 }
        owner = "crm team"
        key = "customer_id"
        updated = "modified_at"
        map.email = "mail"
        required = ["email"]
        vanished = "close"
        [[rules]]
        id = "z"
        field = "zip"
        check = "required"
        when = "email is not empty"
        [[rules]]
        id = "a"
        field = "born"
        check = "range"
        min = 1900-01-01
        max = "today-18y"
        severity = "error"
        dimension = "accuracy"
        message = "too young"
        remedy = "ask"
        [matching]
        auto = 1
        [survivorship]
        address = { fields = ["zip", "email"] }
        consent = "strictest"
        default = ["longest"]
        [decisions]
        reason_required = ["waive"]
        reasons = [{ code = "household", for = ["not-a-match"] }, { code = "other" }]
        "#,
    );
    assert_eq!(settings.workspace.region.as_deref(), Some("US"));
    let fields: Vec<&str> = settings.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(fields, ["zip", "email", "born", "since", "visits", "consent"]);
    assert_eq!(settings.field("born").unwrap().field_type, FieldType::DateOfBirth);
    assert!(settings.field("born").unwrap().sensitive);
    let [webshop, crm] = settings.sources.as_slice() else { panic!("two sources") };
    assert_eq!(webshop.trust.default, 50);
    let map: Vec<(&str, String)> =
        webshop.map.iter().map(|(field, columns)| (field.as_str(), columns.join("+"))).collect();
    assert_eq!(
        map,
        [
            ("zip", "zip+zip4".to_owned()),
            ("email", "contact.email".to_owned()),
            ("born", "b".to_owned())
        ]
    );
    assert_eq!((crm.trust.of("email"), crm.trust.of("zip")), (60, 90));
    assert_eq!(crm.required, [FieldName::new("email")]);
    assert_eq!((webshop.vanished, crm.vanished), (VanishedPolicy::Task, VanishedPolicy::Close));
    let [z, a] = settings.rules.as_slice() else { panic!("two rules") };
    assert_eq!((z.severity, z.dimension), (Severity::Warn, Dimension::Completeness));
    assert_eq!(z.message, "zip is missing");
    assert_eq!((a.severity, a.dimension), (Severity::Error, Dimension::Accuracy));
    let bounds = RangeBounds::Dates {
        min: Some(DateBound::On(jiff::civil::date(1900, 1, 1))),
        max: Some(DateBound::Today { years: -18 }),
    };
    assert_eq!(a.check, Check::Range(bounds));
    assert_eq!((settings.matching.auto, settings.matching.review), (1.0, 0.5));
    assert_eq!(settings.survivorship.default, [Strategy::Longest]);
    assert_eq!(settings.survivorship.groups[0].strategy, [Strategy::Longest]);
    assert_eq!(settings.survivorship.fields["consent"], [Strategy::Strictest]);
    assert_eq!(settings.decisions.reasons_for(Verdict::NotAMatch).count(), 2);
    assert_eq!(settings.decisions.reasons_for(Verdict::Merge).count(), 1);
    assert_eq!(settings.fingerprint, blake3::hash(settings.text.as_bytes()).to_hex().to_string());
}

#[test]
fn checks_bring_their_dimension_and_a_message_in_words() {
    for (check, dimension, message) in [
        ("field='email'\ncheck='format'", Dimension::Validity, "not an e-mail address"),
        (
            "field='zip'\ncheck='one_of'\nvalues=['1', 2]",
            Dimension::Validity,
            "zip is not one of 1 or 2",
        ),
        ("field='visits'\ncheck='range'\nmin=1", Dimension::Validity, "visits is not 1 or more"),
        (
            "field='zip'\ncheck='pattern'\npattern='[0-9]+'",
            Dimension::Validity,
            "zip does not have the required format",
        ),
        (
            "field='email'\ncheck='unique'",
            Dimension::Uniqueness,
            "another customer has the same email",
        ),
        (
            "field='born'\ncheck='compare'\nother='since'\ncomparison='<'",
            Dimension::Consistency,
            "born is not before since",
        ),
        ("field='born'\ncheck='not_default'", Dimension::Validity, "born is a placeholder"),
        (
            "field='email'\ncheck='fresh'\ndays=365",
            Dimension::Timeliness,
            "not updated for more than 365 days",
        ),
    ] {
        let settings = sound(&format!("[[rules]]\nid='r'\n{check}\n"));
        let rule = &settings.rules[0];
        assert_eq!((rule.dimension, rule.message.as_str()), (dimension, message), "{check}");
    }
}

#[test]
fn a_pattern_matches_the_whole_value() {
    let settings = sound("[[rules]]\nid='r'\nfield='zip'\ncheck='pattern'\npattern='a|b'\n");
    let Check::Pattern(regex) = &settings.rules[0].check else { panic!("a pattern") };
    assert!(regex.is_match("a") && regex.is_match("b"));
    assert!(!regex.is_match("ab") && !regex.is_match("a\n"));
}

#[test]
fn each_mistake_is_named_with_its_line() {
    let rule = |body: &str| format!("[[rules]]\nid='r'\nfield='born'\n{body}\n");
    let source = |body: &str| format!("[sources.crm]\nmap={{zip='z'}}\n{body}\n");
    for (rest, line, message) in [
        ("[matchin]".to_owned(), 1, "unknown section [matchin]; did you mean `matching`?"),
        (
            "[masking]".to_owned(),
            1,
            "[masking] is not supported by this version of steward; remove it",
        ),
        (
            "[keys]".to_owned(),
            1,
            "[keys] is a personal setting, not one of the workspace: move it to ~/.config/steward/config.toml",
        ),
        ("[matching]\nauto=1.5".to_owned(), 2, "`auto` is a probability: from 0 to 1"),
        (
            "[matching]\nauto=0.4\nreview=0.6".to_owned(),
            3,
            "`review` (0.6) is above `auto` (0.4): lower `review` or raise `auto`",
        ),
        ("[matching]\nreview='high'".to_owned(), 2, "`review` should be a number, not a text"),
        (
            "[fields.mail]\ntype='emial'".to_owned(),
            2,
            "unknown field type `emial`; did you mean `email`?",
        ),
        ("[fields.mail]\nsensitive=true".to_owned(), 1, "[fields.mail] needs `type`"),
        (
            "[fields.'a b']\ntype='text'".to_owned(),
            1,
            "the field name `a b` must not contain colons or spaces",
        ),
        (
            "[fields.and]\ntype='text'".to_owned(),
            1,
            "the field name `and` cannot be used in `when` and `--where`; use letters, digits and _",
        ),
        (source("trust=90"), 1, "[sources.crm] needs `key`"),
        (
            source("key='id'\ntrsut=9"),
            4,
            "unknown key `trsut` in [sources.crm]; did you mean `trust`?",
        ),
        (source("key='id'\ntrust=101"), 4, "`trust` should be from 0 to 100"),
        (
            source("key='id'\ntrust={emial=3}"),
            4,
            "[sources.crm] trust names `emial`, which is not a declared field; did you mean `email`?",
        ),
        (source("key=7"), 3, "`key` should be a text, not a number"),
        (
            source("key='id'\nrequired=['z']"),
            4,
            "`z` is not a field in the map of [sources.crm]: name the field read from it, `zip`",
        ),
        (
            source("key='id'\nrequired='email'"),
            4,
            "`email` is not a field in the map of [sources.crm]",
        ),
        (
            source("key='id'\nvanished='delete'"),
            4,
            "`vanished` must be \"task\" or \"close\", not `delete`",
        ),
        (
            "[sources.'a:b']\nkey='id'\nmap={zip='z'}".to_owned(),
            1,
            "the source name `a:b` must not contain colons or spaces",
        ),
        (
            "[sources.crm]\nkey='id'\n[sources.crm.map]\nzap='z'".to_owned(),
            4,
            "[sources.crm] map names `zap`, which is not a declared field; did you mean `zip`?",
        ),
        ("[sources.crm]\nkey='id'".to_owned(), 1, "[sources.crm] needs `map`"),
        (rule("check='requird'"), 4, "unknown check `requird`; did you mean `required`?"),
        (
            rule("check='required'\nseverity='fatal'"),
            5,
            "unknown severity `fatal`; known are warn and error",
        ),
        (
            rule("check='required'\ndimension='validty'"),
            5,
            "unknown dimension `validty`; did you mean `validity`?",
        ),
        (
            rule("check='required'\ndays=3"),
            5,
            "unknown key `days` in [[rules]]; known are id, field, check, when, severity, dimension, message and remedy",
        ),
        (
            rule("check='required'\nwhen='email ='"),
            5,
            "`when` of the rule `r` cannot be read: column 8: expected a value",
        ),
        (
            rule("check='required'\nwhen='emial = x'"),
            5,
            "`when` of the rule `r` names `emial`, which is not a declared field; did you mean `email`?",
        ),
        (
            rule("check='pattern'\npattern='(a'"),
            5,
            "`pattern` is not a regular expression: unclosed group",
        ),
        (rule("check='range'"), 1, "the rule `r` needs `min`, `max` or both"),
        (
            rule("check='range'\nmin='soon'"),
            5,
            "`min` should be a date such as 1900-01-31, `today` or `today-18y`",
        ),
        (
            rule("check='range'\nmin='2000-01-01'\nmax='1999-01-01'"),
            5,
            "the rule `r` allows no value: `min` is above `max`",
        ),
        (
            rule("check='compare'\nother='born'\ncomparison='<'"),
            5,
            "the rule `r` compares `born` with itself",
        ),
        (
            rule("check='compare'\nother='since'\ncomparison='=<'"),
            6,
            "unknown comparison `=<`; did you mean `=`?",
        ),
        (
            rule("check='compare'\nother='visits'\ncomparison='<'"),
            5,
            "the rule `r` compares date_of_birth with number",
        ),
        (rule("check='fresh'\ndays=0"), 5, "`days` should be from 1 to 100000"),
        (rule("check='one_of'"), 1, "[[rules]] needs `values`"),
        (
            "[[rules]]\nid='r'\nfield='zip'\ncheck='range'\nmin=1".to_owned(),
            4,
            "`range` works on numbers and dates; `zip` has type postcode",
        ),
        (
            "[[rules]]\nid='r'\nfield='bron'\ncheck='required'".to_owned(),
            3,
            "the rule `r` names `bron`, which is not a declared field; did you mean `born`?",
        ),
        (format!("{0}{0}", rule("check='required'")), 6, "the rule id `r` appears twice"),
        (
            "[survivorship]\nzip=['longst']".to_owned(),
            2,
            "unknown strategy `longst`; did you mean `longest`?",
        ),
        (
            "[survivorship]\nzap=['longest']".to_owned(),
            2,
            "[survivorship] names `zap`, which is not a declared field; did you mean `zip`?",
        ),
        (
            "[survivorship]\nzip=['strictest']".to_owned(),
            2,
            "`strictest` works on consent; `zip` has type postcode",
        ),
        (
            "[survivorship]\na={fields=['zip']}".to_owned(),
            2,
            "the group `a` needs at least two fields",
        ),
        (
            "[survivorship]\nzip=['longest']\na={fields=['zip','email']}".to_owned(),
            2,
            "`zip` survives with the group `a`; it cannot have its own strategies",
        ),
        (
            "[survivorship]\na={fields=['zip','email']}\nb={fields=['zip','born']}".to_owned(),
            3,
            "`zip` is in two groups, or twice in one",
        ),
        ("[queue]\nstake='zipp'".to_owned(), 2, "unknown field `zipp`; did you mean `zip`?"),
        ("[queue]\nstake='zip'".to_owned(), 2, "`stake` adds up numbers; `zip` has type postcode"),
        ("[queue]\nclaim=0".to_owned(), 2, "`claim` should be from 1 to 1440"),
        (
            "[views]\ntwins='kind == duplicate'".to_owned(),
            2,
            "the view `twins`: column 7: expected a value",
        ),
        (
            "[decisions]\nconfirm_over=3".to_owned(),
            2,
            "`confirm_over` is not supported by this version of steward; remove it",
        ),
        ("[decisions]\nbulk_max=0".to_owned(), 2, "`bulk_max` should be from 1 to 1000000"),
        ("[review]\nsecond=1.5".to_owned(), 2, "`second` is a share: from 0 to 1: 1.5 % is 0.015"),
        ("[review]\nsecond=5".to_owned(), 2, "`second` is a share: from 0 to 1: 5 % is 0.05"),
        ("[review]\nsecond=-0.1".to_owned(), 2, "`second` is a share: from 0 to 1"),
        ("[review]\nsecond='5 %'".to_owned(), 2, "`second` should be a number, not a text"),
        (
            "[review]\nfirst=0.1".to_owned(),
            2,
            "unknown key `first` in [review]; known are second, second_by, elusion, ask_reason and acknowledge",
        ),
        ("[queue]\norder='scor'".to_owned(), 2, "unknown order `scor`; did you mean `score`?"),
        (
            "[queue]\norder='-stake'".to_owned(),
            2,
            "`order` cannot be by stake unless `stake` names a field",
        ),
        ("[queue]\ndue=0".to_owned(), 2, "`due` should be from 1 to 3650"),
        ("[queue]\ndue='soon'".to_owned(), 2, "`due` should be a whole number, not a text"),
        (
            "[queue]\ndue={ challenge = 3 }".to_owned(),
            2,
            "unknown key `challenge` in [queue.due]; known are duplicate and invalid",
        ),
        (
            "[decisions]\nreason_required=['wave']".to_owned(),
            2,
            "unknown verdict `wave`; did you mean `waive`?",
        ),
        (
            "[[decisions.reasons]]\ncode='a b'".to_owned(),
            2,
            "the reason code `a b` must not contain colons or spaces",
        ),
        ("[[decisions.reasons]]\nfor='merge'".to_owned(), 1, "[[decisions.reasons]] needs `code`"),
    ] {
        assert_eq!(findings(&rest), [(line, message.to_owned())], "{rest}");
    }
}

#[test]
fn the_queue_says_what_is_at_stake_and_which_views_are_saved() {
    let settings = sound(
        "[queue]\nstake='worth'\nclaim=5\n[views]\n'near misses'='score < 0.7'\nmine='mine = yes'\n\
         [fields.worth]\ntype='number'\n",
    );
    assert_eq!(settings.queue.stake.as_ref().map(|field| field.as_str()), Some("worth"));
    assert_eq!(settings.queue.claim.as_secs(), 300);
    let views = settings.queue.views.iter();
    let views: Vec<_> = views.map(|view| (view.name.as_str(), view.filter.text())).collect();
    assert_eq!(views, [("near misses", "score < 0.7"), ("mine", "mine = yes")]);
    assert_eq!(sound("").queue.claim.as_secs(), 1_800);
}

#[test]
fn the_workspace_is_demanded() {
    let message = |text: &str| {
        parse(text).unwrap_err().iter().map(Finding::to_string).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(
        message(""),
        "line 1: [workspace] is missing; it needs `name` and should have `region`"
    );
    assert_eq!(
        message("[workspace]\nregion='UK'"),
        "line 1: [workspace] needs `name`; line 2: region `UK` is not an ISO 3166-1 alpha-2 \
         country code such as `US` (the UK is `GB`)"
    );
}

#[test]
fn all_mistakes_come_at_once_in_the_order_of_lines() {
    let found = findings(
        "[matching]\nauto=2\n[[rules]]\nid='r'\nfield='x'\ncheck='y'\n[fields.q]\ntype='z'\n",
    );
    let lines: Vec<usize> = found.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [2, 5, 6, 8]);
}

#[test]
fn text_that_is_no_toml_names_every_broken_line() {
    let found = parse("[workspace]\nname =\n[matching]\nauto = 0.9.9\n").unwrap_err();
    let lines: Vec<usize> = found.iter().map(|finding| finding.line).collect();
    assert_eq!(lines, [2, 4], "{found:?}");
    assert!(found.iter().all(|finding| finding.message.starts_with("not TOML: ")), "{found:?}");
    assert_eq!(parse("[workspace]\nname = \"acme\"\nregion = US\n").unwrap_err()[0].line, 3);
}

proptest::proptest! {
    #[test]
    fn no_text_panics(lines in proptest::collection::vec(0..40_usize, 0..20), cut in 0..600_usize) {
        let starter = crate::starter("a", Some("US"));
        let all: Vec<&str> = starter.lines().filter(|line| !line.starts_with('#')).collect();
        let mixed: Vec<&str> = lines.iter().filter_map(|at| all.get(*at).copied()).collect();
        let _ = parse(&mixed.join("\n"));
        let _ = parse(&starter.chars().skip(cut * 5).collect::<String>());
    }
}
