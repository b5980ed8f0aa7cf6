//! What was learned from orders decided before.
//!
//! Question answered: does this shop usually take more, or less, of a product than is reckoned? Input: order suggestions
//! and what was decided on them, in time's order. Output: a factor for the next suggestion, and nothing where it is near 1.
//! Method: each answer moves the factor by a [`STEP`] of its own ratio (in logarithms), so that a suggestion that was
//! taken as it was moves nothing; a refusal counts as [`REFUSED`], a decision of more than twice as much as twice. From
//! [`MIN_OWN`] answers a product's own factor counts, before that its supplier's from [`MIN_SUPPLIER`] answers on.
//!
//! Assumption: whoever changes a quantity knows something that the books do not. How it fails: refusals for want of money
//! look like those for want of need; within [`LEAST`] and [`MOST`] that does little harm.

use crate::table::{NONE, Tables, decided::DecidedRow};

/// Part of an answer's ratio that is followed.
const STEP: f64 = 0.25;

/// What a refusal counts as.
const REFUSED: f64 = 0.5;

/// Bounds of a factor.
pub const LEAST: f64 = 0.5;
/// See [`LEAST`].
pub const MOST: f64 = 2.0;

/// Answers on a product that teach.
pub const MIN_OWN: u32 = 3;

/// Answers on a supplier's products that teach.
pub const MIN_SUPPLIER: u32 = 8;

/// A factor nearer to 1 is not followed.
const NEAR: f64 = 0.1;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Learned {
    answers: u32,
    log: f64,
}

impl Learned {
    fn hear(&mut self, row: &DecidedRow) {
        let ratio = row.decided.as_units() / row.suggested.as_units();
        self.answers += 1;
        self.log = (self.log + STEP * ratio.clamp(REFUSED, MOST).ln()).clamp(LEAST.ln(), MOST.ln());
    }

    fn factor(&self, least: u32) -> Option<f64> {
        (self.answers >= least).then(|| self.log.exp())
    }
}

/// Factors by product and by supplier, in the tables' positions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Habits {
    own: Vec<Learned>,
    of_supplier: Vec<Learned>,
}

impl Habits {
    /// Hears all answers.
    pub fn learn(tables: &Tables, supplier_of: impl Fn(usize) -> Option<usize>) -> Self {
        let mut habits = Self::default();
        for row in tables.decided.iter().filter(|row| row.product != NONE && row.suggested.0 > 0) {
            let product = row.product as usize;
            hear(&mut habits.own, product, row);
            if let Some(supplier) = supplier_of(product) {
                hear(&mut habits.of_supplier, supplier, row);
            }
        }
        habits
    }

    /// What a suggestion is taken times; none where it stays.
    pub fn factor(&self, product: usize, supplier: Option<usize>) -> Option<f64> {
        let own = self.own.get(product).and_then(|it| it.factor(MIN_OWN));
        let of_supplier = || self.of_supplier.get(supplier?)?.factor(MIN_SUPPLIER);
        own.or_else(of_supplier).filter(|factor| (factor - 1.0).abs() >= NEAR)
    }
}

fn hear(all: &mut Vec<Learned>, place: usize, row: &DecidedRow) {
    if all.len() <= place {
        all.resize(place + 1, Learned::default());
    }
    all[place].hear(row);
}
