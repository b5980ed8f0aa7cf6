//! Quantities in thousandths of a unit: pieces are whole, cable by the metre is not.

use serde::{Deserialize, Serialize};
use std::{iter::Sum, ops};

use crate::money::Paisa;

/// A signed amount of goods in thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Quantity(pub i64);

impl Quantity {
    /// None.
    pub const ZERO: Self = Self(0);

    /// Whole pieces.
    pub const fn pieces(pieces: i64) -> Self {
        Self(pieces * 1_000)
    }

    /// As a float of units, for models and charts.
    pub fn as_units(self) -> f64 {
        self.0 as f64 / 1_000.0
    }

    /// Quantity × price, rounded half-even to whole paisa; `None` when it does not fit.
    pub fn times(self, price: Paisa) -> Option<Paisa> {
        let product = i128::from(self.0) * i128::from(price.0);
        i64::try_from(divide_half_even(product, 1_000)).ok().map(Paisa)
    }
}

/// Integer division rounding halves to the even neighbour (the banker's rule).
pub fn divide_half_even(numerator: i128, divisor: i128) -> i128 {
    let quotient = numerator.div_euclid(divisor);
    let twice = numerator.rem_euclid(divisor) * 2;
    if twice > divisor || (twice == divisor && quotient % 2 != 0) { quotient + 1 } else { quotient }
}

impl ops::Add for Quantity {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}
impl ops::AddAssign for Quantity {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}
impl ops::Neg for Quantity {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}
impl Sum for Quantity {
    fn sum<I: Iterator<Item = Self>>(quantities: I) -> Self {
        Self(quantities.map(|quantity| quantity.0).sum())
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn halves_round_to_even() {
        let rounded: Vec<i128> = [-25, -15, -5, 5, 15, 25, 26].map(|n| divide_half_even(n, 10)).to_vec();
        assert_eq!(rounded, [-2, -2, 0, 0, 2, 2, 3]);
        assert_eq!(Quantity(1_500).times(Paisa(255)), Some(Paisa(382)));
        assert_eq!(Quantity(i64::MAX).times(Paisa(i64::MAX)), None);
    }
}
