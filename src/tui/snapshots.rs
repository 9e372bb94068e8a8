//! Screens as text, compared with what stands in `snapshots/`.

use super::story::Steward;
use super::theme::{Colour, Glyphs, Theme};

/// The sizes that are looked at, from the smallest that is usable.
const SIZES: [(u16, u16); 5] = [(40, 12), (80, 23), (80, 24), (120, 40), (200, 60)];

const PLAIN: Theme = Theme { colour: Colour::None, glyphs: Glyphs::Ascii };

/// Each screen by its name and the keys that lead to it.
const SCREENS: [(&str, &str); 24] = [
    ("queue", ""),
    ("compare-two", "2j Enter"),
    ("compare-three", "j Enter jjjj"),
    ("compare-five", "4j Enter llll"),
    ("fix", "3j Enter"),
    ("challenge", "Enter"),
    ("customer", "j Enter c"),
    ("history", "g h j"),
    ("why", "j Enter w"),
    ("help", "j Enter ?"),
    ("finder", "/"),
    ("palette", "2j Enter :"),
    ("menu", "j Enter d"),
    ("which-key", "g"),
    ("queue-range", "Space v 2j"),
    ("filter", "f"),
    ("patterns", "p j"),
    ("order", "o"),
    ("bulk", "Space Space b m"),
    ("dashboard", "g d"),
    ("rules", "g r"),
    ("failing", "g r Enter"),
    ("imports", "g i j"),
    ("quarantine", "g i j Enter"),
];

#[test]
fn screens_look_as_they_did() {
    for (size, (columns, rows)) in
        [("80x24", (80, 24)), ("120x40", (120, 40)), ("200x60", (200, 60))]
    {
        for (name, keys) in SCREENS {
            let mut steward = Steward::at(columns, rows);
            steward.presses(keys);
            insta::assert_snapshot!(format!("{name}-{size}"), steward.screen());
        }
    }
}

/// Comparison, golden column and queue from the smallest terminal on, without colour and in ASCII.
#[test]
fn evidence_is_seen_at_every_size() {
    for (columns, rows) in SIZES {
        for (name, keys) in [
            ("two", "2j Enter"),
            ("golden", "2j Enter ll"),
            ("three", "j Enter jjjj"),
            ("queue", ""),
        ] {
            let mut steward = Steward::with(PLAIN, columns, rows);
            steward.presses(keys);
            let screen = steward.screen();
            assert!(screen.is_ascii(), "{name}");
            insta::assert_snapshot!(format!("evidence-{name}-{columns}x{rows}"), screen);
        }
    }
}

/// What has no room for all it says at the smallest size: every screen is there, and says what it is.
#[test]
fn every_screen_is_drawn_on_the_smallest_terminal() {
    for (name, keys) in SCREENS {
        let mut steward = Steward::at(40, 12);
        steward.presses(keys);
        insta::assert_snapshot!(format!("{name}-40x12"), steward.screen());
    }
}

#[test]
fn the_values_of_a_field_look_as_they_did() {
    for (size, theme, (columns, rows)) in [
        ("80x24", Theme { colour: Colour::Sixteen, glyphs: Glyphs::Utf8 }, (80, 24)),
        ("120x40", Theme { colour: Colour::Sixteen, glyphs: Glyphs::Utf8 }, (120, 40)),
        ("ascii", PLAIN, (80, 24)),
    ] {
        let mut steward = Steward::with(theme, columns, rows);
        steward.presses("g l c");
        super::stories::values::counted(&mut steward);
        steward.presses("j j Space");
        insta::assert_snapshot!(format!("values-{size}"), steward.screen());
        steward.presses("Enter Enter");
        insta::assert_snapshot!(format!("values-correct-{size}"), steward.screen());
    }
}

#[test]
fn grants_look_as_they_did() {
    let plain = Theme { colour: Colour::Sixteen, glyphs: Glyphs::Utf8 };
    for (size, (columns, rows)) in
        [("80x24", (80, 24)), ("120x40", (120, 40)), ("200x60", (200, 60))]
    {
        let mut steward = Steward::with(plain, columns, rows);
        super::stories::grants::shown(&mut steward);
        insta::assert_snapshot!(format!("grants-{size}"), steward.screen());
    }
}

#[test]
fn journeys_look_as_they_did() {
    let plain = Theme { colour: Colour::Sixteen, glyphs: Glyphs::Utf8 };
    for (size, theme, (columns, rows)) in
        [("80x23", plain, (80, 23)), ("120x40", plain, (120, 40)), ("ascii", PLAIN, (80, 24))]
    {
        let mut steward = Steward::with(theme, columns, rows);
        steward.presses("g j");
        insta::assert_snapshot!(format!("journeys-{size}"), steward.screen());
        steward.presses("Tab j j");
        insta::assert_snapshot!(format!("journeys-segment-{size}"), steward.screen());
        steward.presses("Enter Tab");
        insta::assert_snapshot!(format!("at-step-{size}"), steward.screen());
    }
}

#[test]
fn segments_look_as_they_did() {
    let plain = Theme { colour: Colour::Sixteen, glyphs: Glyphs::Utf8 };
    for (size, (columns, rows)) in [("80x23", (80, 23)), ("120x40", (120, 40))] {
        let mut steward = Steward::with(plain, columns, rows);
        steward.presses("g s");
        insta::assert_snapshot!(format!("segments-{size}"), steward.screen());
        steward.presses("Enter Tab");
        insta::assert_snapshot!(format!("segment-{size}"), steward.screen());
    }
}

#[test]
fn approvals_look_as_they_did() {
    let plain = Theme { colour: Colour::Sixteen, glyphs: Glyphs::Utf8 };
    for (size, theme, (columns, rows)) in
        [("80x24", plain, (80, 24)), ("120x40", plain, (120, 40)), ("ascii", PLAIN, (80, 24))]
    {
        let mut steward = Steward::with(theme, columns, rows);
        steward.presses("g a");
        insta::assert_snapshot!(format!("approvals-{size}"), steward.screen());
        steward.presses("Enter");
        insta::assert_snapshot!(format!("approval-{size}"), steward.screen());
    }
}

#[test]
fn runs_beside_one_another_look_as_they_did() {
    let plain = Theme { colour: Colour::Sixteen, glyphs: Glyphs::Utf8 };
    for (size, theme, (columns, rows)) in
        [("80x24", plain, (80, 24)), ("120x40", plain, (120, 40)), ("ascii", PLAIN, (80, 24))]
    {
        let mut steward = Steward::with(theme, columns, rows);
        super::stories::overview::compared(&mut steward);
        insta::assert_snapshot!(format!("runs-{size}"), steward.screen());
    }
}

#[test]
fn tasks_in_every_state_look_as_they_did() {
    for (size, theme, (columns, rows)) in [
        ("80x24", Theme { colour: Colour::Sixteen, glyphs: Glyphs::Utf8 }, (80, 24)),
        ("120x40", Theme { colour: Colour::Sixteen, glyphs: Glyphs::Utf8 }, (120, 40)),
        ("ascii", PLAIN, (80, 24)),
    ] {
        let mut steward = Steward::with(theme, columns, rows);
        steward.desk.queue = super::fixtures::every_state();
        steward.presses("R j C");
        insta::assert_snapshot!(format!("queue-states-{size}"), steward.screen());
    }
}

#[test]
fn screens_look_as_they_did_in_ascii() {
    for (name, keys) in SCREENS {
        let mut steward = Steward::with(PLAIN, 80, 24);
        steward.presses(keys);
        let screen = steward.screen();
        assert!(screen.is_ascii(), "{name}");
        let is_kept = [
            "queue",
            "compare-three",
            "fix",
            "why",
            "queue-range",
            "bulk",
            "patterns",
            "dashboard",
            "rules",
        ]
        .contains(&name);
        if is_kept {
            insta::assert_snapshot!(format!("{name}-ascii"), screen);
        }
    }
}

#[test]
fn without_colour_no_cell_has_one() {
    use ratatui::style::Color;
    for (name, keys) in SCREENS {
        let mut steward = Steward::with(PLAIN, 120, 40);
        steward.presses(keys);
        let frame = steward.frame();
        let plain = |color: Color| color == Color::Reset;
        assert!(frame.content.iter().all(|cell| plain(cell.fg) && plain(cell.bg)), "{name}");
    }
}

#[test]
fn a_small_terminal_is_told_how_much_is_needed() {
    insta::assert_snapshot!("too-small", Steward::at(40, 10).screen());
}
