//! A QR code drawn with half blocks, black on white whatever the theme of the terminal.

use qrcodegen::{QrCode, QrCodeEcc};

/// White modules around it. The standard has four; telephones are content with two, and two more rows fit.
const QUIET: i32 = 2;
/// Black on white of the fixed colours, which no theme changes, and back.
const COLOURS: &str = "\x1b[38;5;16;48;5;231m";
const PLAIN: &str = "\x1b[0m";

/// The lines of a code; none where the text is too long for one.
pub(super) fn qr(text: &str) -> Option<Vec<String>> {
    let code = QrCode::encode_text(text, QrCodeEcc::Low).ok()?;
    let size = code.size();
    let line = |row: i32| {
        let sign = |column: i32| {
            // Outside of the code it is white.
            match (code.get_module(column, row), code.get_module(column, row + 1)) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            }
        };
        let signs: String = (-QUIET..size + QUIET).map(sign).collect();
        format!("{COLOURS}{signs}{PLAIN}")
    };
    Some((-QUIET..size + QUIET).step_by(2).map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_fits_a_small_terminal_and_is_what_was_encoded() {
        let text =
            "otpauth://totp/steward:sam?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=steward";
        let lines = qr(text).unwrap();
        assert!(lines.len() <= 22, "{}", lines.len());
        let code = QrCode::encode_text(text, QrCodeEcc::Low).unwrap();
        for (number, line) in (0..).zip(&lines) {
            let signs = line.strip_prefix(COLOURS).unwrap().strip_suffix(PLAIN).unwrap();
            assert_eq!(signs.chars().count(), usize::try_from(code.size()).unwrap() + 4);
            for (column, sign) in (-QUIET..).zip(signs.chars()) {
                let row = number * 2 - QUIET;
                let drawn = (matches!(sign, '█' | '▀'), matches!(sign, '█' | '▄'));
                let meant = (code.get_module(column, row), code.get_module(column, row + 1));
                assert_eq!(drawn, meant);
            }
        }
        assert_eq!(qr(&"x".repeat(4_000)), None);
    }
}
