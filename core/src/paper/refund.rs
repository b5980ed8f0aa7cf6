//! Goods that come back: never more than was sold less what came back before, and for exactly what was paid for them.
//!
//! Question: what may still come back of a sale, what is it worth, and who gets it? Input: the sale, all earlier
//! returns of it that this device knows, the customer's balance. Output: [`left`], [`lines`], [`payments`]. A part of a
//! line is worth its share of the line's amount after discount, counted over all that came back so far and rounded
//! half-even, so that parts add up to the whole to the paisa. What is still owed for a sale on udhaar is lowered before
//! money is given. How it fails: what another device takes back at the same time, both without a network, is not known.

use super::is_credit;
use crate::{
    id::UnitId,
    money::Paisa,
    quantity::{Quantity, divide_half_even},
    record::{Payment, PaymentMethod, Return, Sale, SaleLine},
};

/// What came back of one line before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Before {
    quantity: i64,
    amount: i64,
    units: Vec<UnitId>,
}

/// What may still come back of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// How many.
    pub quantity: Quantity,
    /// Which pieces, where they are tracked.
    pub units: Vec<UnitId>,
}

/// What somebody brings of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought {
    /// Which line of the sale.
    pub line: usize,
    /// How many.
    pub quantity: Quantity,
    /// Which pieces, where they are tracked.
    pub units: Vec<UnitId>,
}

/// Why goods cannot come back like this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefundFault {
    /// Nothing was chosen.
    #[error("nothing comes back: at least one piece is expected")]
    Nothing,
    /// A line that the sale does not have.
    #[error("line {0} is not on the sale")]
    NoSuchLine(usize),
    /// More than is left of it.
    #[error("line {line}: at most {left:?} may still come back")]
    TooMany {
        /// Which line.
        line: usize,
        /// What is left.
        left: Quantity,
    },
    /// A piece that was not sold on that line or came back before, or as many pieces as were not counted.
    #[error("line {0}: the pieces are not those that were sold")]
    OtherPieces(usize),
}

/// Each line of the sale with what came back of it. A return that does not say which line it is of (an older device's)
/// is taken from the first lines of that product.
fn before(sale: &Sale, returns: &[Return]) -> Vec<Before> {
    let mut found = vec![Before::default(); sale.lines.len()];
    for back in returns.iter().filter(|back| back.original == Some(sale.id)) {
        for (index, line) in back.lines.iter().enumerate() {
            let named = back.of_lines.get(index).map(|&of| of as usize).filter(|&of| of < found.len());
            let mut left = line.quantity.0;
            let mut money = line.amount.0;
            let of_product = (0..found.len()).filter(|&of| sale.lines[of].product == line.product);
            let places: Vec<usize> = named.map_or_else(|| of_product.collect(), |of| vec![of]);
            for (turn, &of) in places.iter().enumerate() {
                let is_last = turn + 1 == places.len();
                let room = (sale.lines[of].quantity.0 - found[of].quantity).max(0);
                let part = if is_last { left } else { left.min(room) };
                if part == 0 {
                    continue;
                }
                let share = if part == left { money } else { share_of(money, part, left) };
                found[of].quantity += part;
                found[of].amount += share;
                (left, money) = (left - part, money - share);
            }
            if let Some(&of) = places.first() {
                found[of].units.extend(&line.units);
            }
        }
    }
    found
}

fn share_of(amount: i64, part: i64, whole: i64) -> i64 {
    // The part is at most the whole: the share fits where the amount does.
    divide_half_even(i128::from(amount) * i128::from(part), i128::from(whole)) as i64
}

/// What may still come back, line by line.
pub fn left(sale: &Sale, returns: &[Return]) -> Vec<Left> {
    let gone = before(sale, returns);
    let line = |(line, gone): (&SaleLine, Before)| Left {
        quantity: Quantity((line.quantity.0 - gone.quantity).max(0)),
        units: line.units.iter().filter(|unit| !gone.units.contains(unit)).copied().collect(),
    };
    sale.lines.iter().zip(gone).map(line).collect()
}

/// The lines of a return, with what each is worth.
pub fn lines(sale: &Sale, returns: &[Return], brought: &[Brought]) -> Result<Vec<SaleLine>, RefundFault> {
    if brought.is_empty() || brought.iter().any(|it| it.quantity <= Quantity::ZERO) {
        return Err(RefundFault::Nothing);
    }
    let mut gone = before(sale, returns);
    let mut made = Vec::with_capacity(brought.len());
    for it in brought {
        let sold = sale.lines.get(it.line).ok_or(RefundFault::NoSuchLine(it.line))?;
        let gone = &mut gone[it.line];
        let left = (sold.quantity.0 - gone.quantity).max(0);
        if it.quantity.0 > left {
            return Err(RefundFault::TooMany { line: it.line, left: Quantity(left) });
        }
        let known = it.units.iter().all(|unit| sold.units.contains(unit) && !gone.units.contains(unit));
        let tracked = sold.units.len() as i64 * 1_000 == sold.quantity.0;
        if !known || (tracked && it.units.len() as i64 * 1_000 != it.quantity.0) {
            return Err(RefundFault::OtherPieces(it.line));
        }
        let so_far = gone.quantity + it.quantity.0;
        let worth = share_of(sold.amount.0, so_far, sold.quantity.0) - gone.amount;
        let amount = worth.clamp(0, (sold.amount.0 - gone.amount).max(0));
        gone.quantity = so_far;
        gone.amount += amount;
        gone.units.extend(&it.units);
        made.push(priced(sold, it, Paisa(amount)));
    }
    Ok(made)
}

/// A line worth `amount` at the price that was charged. Where rounding gave a paisa more than price times quantity, the
/// price of one is that much higher and the discount takes the rest.
fn priced(sold: &SaleLine, brought: &Brought, amount: Paisa) -> SaleLine {
    let quantity = brought.quantity;
    let gross = |price: Paisa| quantity.times(price).unwrap_or(amount);
    let mut unit_price = sold.unit_price;
    if gross(unit_price) < amount {
        let each = (i128::from(amount.0) * 1_000).div_euclid(i128::from(quantity.0)) + 1;
        unit_price = Paisa(i64::try_from(each).unwrap_or(i64::MAX));
    }
    let discount = gross(unit_price) - amount;
    SaleLine { units: brought.units.clone(), quantity, unit_price, discount, amount, ..sold.clone() }
}

/// What is still owed for the sale itself: its udhaar less what earlier returns lowered it by, and never more than the
/// customer owes in all (`balance`), as payments may have settled it.
pub fn still_owed(sale: &Sale, returns: &[Return], balance: Paisa) -> Paisa {
    let credit = |payments: &[Payment]| -> Paisa {
        payments.iter().filter(|payment| is_credit(payment.method)).map(|payment| payment.amount).sum()
    };
    let of_sale = returns.iter().filter(|back| back.original == Some(sale.id));
    let lowered: Paisa = of_sale.map(|back| credit(&back.payments)).sum();
    (credit(&sale.payments) - lowered).min(balance).max(Paisa::ZERO)
}

/// How a return is settled: against what is owed first, the rest by `way`; `exchanged` of it pays another bill and
/// stands as cash.
pub fn payments(total: Paisa, owed: Paisa, exchanged: Paisa, way: PaymentMethod) -> Vec<Payment> {
    let rest = total - exchanged;
    let lowered = owed.min(rest);
    let parts = [(PaymentMethod::Cash, exchanged), (PaymentMethod::Credit, lowered), (way, rest - lowered)];
    let parts = parts.into_iter().filter(|(_, amount)| *amount > Paisa::ZERO);
    parts.map(|(method, amount)| Payment { method, amount, tendered: None }).collect()
}
