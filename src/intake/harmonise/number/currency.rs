//! What people write beside a number to say which money it is.

/// Signs and words that need no code, the longer ones first.
const SIGNS: [&str; 39] = [
    "US$", "CA$", "AU$", "NZ$", "HK$", "MX$", "R$", "C$", "A$", "S$", "$", "€", "£", "¥", "₹", "₽",
    "₴", "₺", "₪", "₩", "₫", "฿", "円", "元", "원", "kr.", "kr", "zł", "Kč", "Ft", "лв.", "лв",
    "грн.", "грн", "руб.", "руб", "lei", "Fr.", "Rs.",
];

/// The codes of ISO 4217 that are met most.
const CODES: [&str; 44] = [
    "AED", "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EGP",
    "EUR", "GBP", "HKD", "HUF", "IDR", "ILS", "INR", "ISK", "JPY", "KRW", "MAD", "MXN", "MYR",
    "NGN", "NOK", "NZD", "PEN", "PHP", "PKR", "PLN", "RMB", "RON", "RSD", "RUB", "SAR", "SEK",
    "SGD", "THB", "TRY", "UAH", "ZAR",
];

const DOLLAR: &str = "USD";

/// The text without blanks and one currency at its edge.
pub(super) fn without(text: &str) -> &str {
    let text = text.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.,'() ".contains(&byte)) {
        return text;
    }
    let sign = |text: &&str, sign: &str| text.eq_ignore_ascii_case(sign);
    for known in SIGNS.iter().chain(&CODES).chain([&DOLLAR]) {
        let front = text.get(..known.len()).filter(|front| sign(front, known));
        let behind = text.len().checked_sub(known.len()).and_then(|at| Some((at, text.get(at..)?)));
        if front.is_some() {
            return text[known.len()..].trim_start();
        }
        if let Some((at, _)) = behind.filter(|(_, behind)| sign(behind, known)) {
            return text[..at].trim_end();
        }
    }
    text
}
