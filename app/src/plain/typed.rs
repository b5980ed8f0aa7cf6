//! Numbers as a shopkeeper types them.

use dukandar_core::{money::Paisa, quantity::Quantity};

/// Latin digits for Urdu and Arabic ones, without grouping and currency.
fn plain_digits(text: &str) -> Option<String> {
    let text = text.trim();
    // "Rs. 250": the point belongs to the word; ".5" is half a rupee.
    let text = text.strip_prefix("Rs").map_or(text, |rest| rest.strip_prefix('.').unwrap_or(rest));
    let digits = text
        .trim_start_matches([' ', '£', '$', '€'])
        .chars()
        .filter(|letter| !matches!(letter, ',' | '٬' | '،' | ' ' | '\u{a0}'))
        .map(|letter| match letter {
            '۰'..='۹' => char::from_digit(letter as u32 - '۰' as u32, 10),
            '٠'..='٩' => char::from_digit(letter as u32 - '٠' as u32, 10),
            '٫' | '.' => Some('.'),
            '0'..='9' => Some(letter),
            _ => None,
        })
        .collect::<Option<String>>()?;
    (!digits.is_empty()).then_some(digits)
}

/// A decimal number with at most `places` decimals, in units of its last place.
fn parse_scaled(text: &str, places: usize) -> Option<i64> {
    let digits = plain_digits(text)?;
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    if fraction.len() > places || fraction.contains('.') {
        return None;
    }
    format!("{whole}{fraction:0<places$}").parse().ok()
}

/// `1,250.50` → paisa.
pub fn parse_money(text: &str) -> Option<Paisa> {
    parse_scaled(text, 2).map(Paisa)
}

/// `12` or `1.5` → thousandths.
pub fn parse_pieces(text: &str) -> Option<Quantity> {
    parse_scaled(text, 3).map(Quantity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_a_shopkeeper_types_them() {
        assert_eq!(parse_money("1,250.50"), Some(Paisa(125_050)));
        assert_eq!(parse_money("Rs 2,50,000"), Some(Paisa::rupees(250_000)));
        assert_eq!(parse_money("Rs. 99.90"), Some(Paisa(9_990)));
        assert_eq!(parse_money("۱۲۵۰"), Some(Paisa::rupees(1_250)));
        assert_eq!(parse_money(".5"), Some(Paisa(50)));
        for wrong in ["", "abc", "-5", "1.234", "1.2.3", "12 abc"] {
            assert_eq!(parse_money(wrong), None, "{wrong:?}");
        }
        assert_eq!(parse_pieces("1.5"), Some(Quantity(1_500)));
    }
}
