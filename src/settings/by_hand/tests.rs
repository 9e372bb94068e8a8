//! What people may insist on in matching, and how mistakes are told.

use crate::parse;

const BASE: &str = "[workspace]\nname = \"a\"\n[fields.nid]\ntype = \"national_id\"\n\
    [fields.email]\ntype = \"email\"\n[fields.mail2]\ntype = \"email\"\n[fields.born]\n\
    type = \"date_of_birth\"\n[fields.city]\ntype = \"city\"\n[fields.note]\ntype = \"text\"\n\
    [sources.crm]\nkey = \"id\"\nmap = { email = \"e\" }\n[sources.shop]\nkey = \"id\"\n\
    map = { email = \"e\" }\n";

fn findings(rest: &str) -> Vec<String> {
    let found = parse(&format!("{BASE}{rest}")).err().unwrap_or_default();
    found.into_iter().map(|finding| finding.message).collect()
}

fn said(
    source: &'static str,
    city: &'static str,
) -> impl Fn(&str) -> Option<std::borrow::Cow<'static, str>> {
    move |name| match name {
        "source" => Some(source.into()),
        "city" => Some(city.into()),
        _ => None,
    }
}

#[test]
fn what_is_insisted_on_is_read() {
    let rest = "[[matching.rules]]\nsame = [\"nid\"]\n[[matching.rules]]\nsame = [\"born\", \"city\"]\n\
        [[matching.rules]]\nnever = [\"source = crm\", \"source = shop and city = Salem\"]\n\
        [matching.weights]\nemail = { same = 9.5, different = -2 }\nborn = { different = -8 }\n";
    let settings = parse(&format!("{BASE}{rest}")).unwrap();
    let by_hand = &settings.by_hand;
    assert_eq!(by_hand.same.len(), 2);
    assert_eq!(by_hand.same[1], ["born", "city"].map(domain::FieldName::new));
    let pinned: Vec<_> =
        by_hand.weights.iter().map(|it| (it.field.as_str(), it.same, it.different)).collect();
    assert_eq!(pinned, [("email", Some(9.5), Some(-2.0)), ("born", None, Some(-8.0))]);
    let sides = |source, city| by_hand.sides(&said(source, city));
    let (crm, shop) = (sides("crm", "Salem"), sides("shop", "Salem"));
    assert!(by_hand.apart(crm, shop).is_some() && by_hand.apart(shop, crm).is_some());
    assert!(by_hand.apart(crm, crm).is_none() && by_hand.apart(shop, shop).is_none());
    assert!(by_hand.apart(crm, sides("shop", "Bern")).is_none());
}

#[test]
fn one_expression_is_meant_of_both_or_of_each_where_it_can_hold_of_none() {
    let apart = |never: &str, left: &'static str, right: &'static str| {
        let rest = format!("[[matching.rules]]\nnever = [\"{never}\"]\n");
        let by_hand = parse(&format!("{BASE}{rest}")).unwrap().by_hand;
        let sides = |source| by_hand.sides(&said(source, "Salem"));
        by_hand.apart(sides(left), sides(right)).is_some()
    };
    assert!(apart("source = crm", "crm", "crm") && !apart("source = crm", "crm", "shop"));
    let each = "source = crm and source = shop";
    assert!(apart(each, "crm", "shop") && apart(each, "shop", "crm"));
    assert!(!apart(each, "crm", "crm"));
    // What may hold of one record is asked of both.
    let both = "source = crm and city = Salem";
    assert!(apart(both, "crm", "crm") && !apart(both, "crm", "shop"));
}

#[test]
fn what_cannot_be_meant_is_said() {
    for (rest, said) in [
        ("[[matching.rules]]\n", "needs `same` or `never`"),
        (
            "[[matching.rules]]\nsame = [\"nid\"]\nnever = [\"source = crm\"]\n",
            "needs `same` or `never`",
        ),
        ("[[matching.rules]]\nsame = []\n", "should name a field"),
        (
            "[[matching.rules]]\nsame = [\"nidd\"]\n",
            "which is not a declared field; did you mean `nid`?",
        ),
        ("[[matching.rules]]\nsame = [\"nid\", \"nid\"]\n", "names `nid` twice"),
        ("[[matching.rules]]\nsame = [\"note\"]\n", "a text, which is not compared"),
        ("[[matching.rules]]\nsame = [\"city\"]\n", "rarely one customer"),
        ("[[matching.rules]]\nsame = [\"born\"]\n", "rarely one customer"),
        ("[[matching.rules]]\nsame = 7\n", "should be a text"),
        (
            "[[matching.rules]]\nnever = [\"source = crm\", \"source = crm\", \"source = shop\"]\n",
            "two expressions",
        ),
        ("[[matching.rules]]\nnever = [\"source = \"]\n", "cannot be read"),
        (
            "[[matching.rules]]\nnever = [\"sorce = crm\"]\n",
            "names `sorce`, which is not a declared field",
        ),
        (
            "[[matching.rules]]\nnever = [\"source = crn\", \"source = shop\"]\n",
            "the source `crn`, which does not exist; did you mean `crm`?",
        ),
        ("[matching.rules]\nsame = [\"nid\"]\n", "[[matching.rules]]"),
        ("[matching.weights]\ncity = { same = 3 }\n", "compared together with other fields"),
        ("[matching.weights]\nnote = { same = 3 }\n", "a text: it is not compared"),
        ("[matching.weights]\nemail = 3\n", "should be a table"),
        ("[matching.weights]\nemail = {}\n", "needs `same` or `different`"),
        ("[matching.weights]\nemail = { same = 300 }\n", "from -100 to 100"),
        ("[matching.weights]\nemail = { same = -3, different = 2 }\n", "is less than `different`"),
        ("[matching.weights]\nemail = { equal = 3 }\n", "unknown key `equal`"),
        ("[matching.weights]\nemail = { same = 3 }\nmail2 = { same = 4 }\n", "compared crosswise"),
        ("[matching.weights]\nmail = { same = 3 }\n", "not a declared field"),
    ] {
        let found = findings(rest);
        assert!(found.iter().any(|it| it.contains(said)), "{rest}: {found:?}");
    }
}
