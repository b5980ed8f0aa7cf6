//! Money in integer paisa (1/100 of the currency's unit) and its one formatter.

use serde::{Deserialize, Serialize};
use std::{iter::Sum, ops};

/// An amount in paisa. Negative amounts are refunds or losses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Paisa(pub i64);

impl Paisa {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Whole rupees (or the currency's unit).
    pub const fn rupees(rupees: i64) -> Self {
        Self(rupees * 100)
    }

    /// The amount as a float of whole units, for models and charts only.
    pub fn as_units(self) -> f64 {
        self.0 as f64 / 100.0
    }

    /// Nothing moved.
    pub fn is_zero(&self) -> bool {
        self.0 == 0
    }

    /// Adds, or `None` when it does not fit 64 bits.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }
}

impl ops::Add for Paisa {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}
impl ops::AddAssign for Paisa {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}
impl ops::Sub for Paisa {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}
impl ops::Neg for Paisa {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}
impl Sum for Paisa {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        Self(amounts.map(|amount| amount.0).sum())
    }
}

/// An ISO 4217 code: `PKR`, `GBP`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

/// A currency code must be three ASCII letters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("currency {0:?}: expected three letters such as PKR")]
pub struct CurrencyError(pub String);

impl Currency {
    /// The Pakistani rupee.
    pub const PKR: Self = Self(*b"PKR");

    /// The code.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("PKR")
    }

    /// What stands before an amount: `Rs`, `£`, else the code.
    pub fn symbol(&self) -> &str {
        match &self.0 {
            b"PKR" => "Rs",
            b"GBP" => "£",
            b"USD" => "$",
            b"EUR" => "€",
            _ => self.code(),
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = CurrencyError;
    fn try_from(text: String) -> Result<Self, CurrencyError> {
        match text.trim().as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|letter| letter.is_ascii_alphabetic()) => {
                Ok(Self([a.to_ascii_uppercase(), b.to_ascii_uppercase(), c.to_ascii_uppercase()]))
            }
            _ => Err(CurrencyError(text)),
        }
    }
}
impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

/// How digits are grouped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Grouping {
    /// 1,234,567
    #[default]
    Thousands,
    /// 12,34,567
    Lakh,
}

/// Words for compact amounts, in the reader's language.
#[derive(Clone, Copy, Debug)]
pub struct CompactWords {
    /// 100,000: `lakh`, `لاکھ`.
    pub lakh: &'static str,
    /// 10,000,000: `crore`, `کروڑ`.
    pub crore: &'static str,
}

/// Groups the digits of a whole number, with its sign.
pub fn group(number: i64, grouping: Grouping) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + 6);
    if number < 0 {
        out.push('-');
    }
    for (index, digit) in digits.chars().enumerate() {
        let left = digits.len() - index;
        let comma = match grouping {
            Grouping::Thousands => left.is_multiple_of(3),
            Grouping::Lakh => left == 3 || (left > 3 && left % 2 == 1),
        };
        if index > 0 && comma {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// An amount in full, such as `Rs 412,500` or `£2.55`: paisa only where there are any.
pub fn format(amount: Paisa, currency: Currency, grouping: Grouping) -> String {
    let symbol = currency.symbol();
    let space = if symbol.is_ascii() && symbol.len() > 1 { "\u{a0}" } else { "" };
    let sign = if amount.0 < 0 { "-" } else { "" };
    let whole = group((amount.0.unsigned_abs() / 100) as i64, grouping);
    match amount.0.unsigned_abs() % 100 {
        0 => format!("{sign}{symbol}{space}{whole}"),
        paisa => format!("{sign}{symbol}{space}{whole}.{paisa:02}"),
    }
}

/// An amount in round words, such as `Rs 9.4 lakh`: from one lakh on; below it, whole units.
pub fn format_compact(amount: Paisa, currency: Currency, grouping: Grouping, words: CompactWords) -> String {
    let units = amount.0 / 100;
    let (step, word) = match units.unsigned_abs() {
        0..100_000 => return format(Paisa::rupees(units), currency, grouping),
        100_000..10_000_000 => (100_000.0, words.lakh),
        _ => (10_000_000.0, words.crore),
    };
    let symbol = currency.symbol();
    let space = if symbol.is_ascii() && symbol.len() > 1 { "\u{a0}" } else { "" };
    let sign = if units < 0 { "-" } else { "" };
    format!("{sign}{symbol}{space}{:.1}\u{a0}{word}", units.unsigned_abs() as f64 / step)
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn grouping_by_thousands_and_lakhs() {
        assert_eq!(group(1_234_567, Grouping::Thousands), "1,234,567");
        assert_eq!(group(1_234_567, Grouping::Lakh), "12,34,567");
        assert_eq!(group(-999, Grouping::Lakh), "-999");
        assert_eq!(group(123_456_789, Grouping::Lakh), "12,34,56,789");
    }

    #[test]
    fn amounts_read_as_on_a_receipt() {
        let pkr = |paisa| format(Paisa(paisa), Currency::PKR, Grouping::Thousands).replace('\u{a0}', " ");
        assert_eq!(pkr(41_250_000), "Rs 412,500");
        assert_eq!(pkr(-255), "-Rs 2.55");
        let words = CompactWords { lakh: "lakh", crore: "crore" };
        let compact =
            |rupees| format_compact(Paisa::rupees(rupees), Currency::PKR, Grouping::Thousands, words);
        assert_eq!(compact(941_000).replace('\u{a0}', " "), "Rs 9.4 lakh");
        assert_eq!(compact(23_000_000).replace('\u{a0}', " "), "Rs 2.3 crore");
        assert_eq!(compact(99_999).replace('\u{a0}', " "), "Rs 99,999");
    }
}
