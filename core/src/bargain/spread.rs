//! An agreed total on the lines of a bill.
//!
//! What is taken off lies on the lines in proportion to their amounts, whole rupees where they fit, and adds up exactly
//! (largest remainder). No line falls below what may be asked for it while another has room; only then do all give
//! again, in proportion to what is left of them, and none falls below nothing.

use crate::money::Paisa;
use std::cmp::Reverse;

/// A line, before any discount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Quantity × price.
    pub amount: Paisa,
    /// The least that whoever sells may take for it.
    pub lowest: Paisa,
}

/// What is taken off each line, in the order of the lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spread {
    /// Discounts; none is negative, none more than its line.
    pub discounts: Vec<Paisa>,
    /// Lines that fall below their lowest amount, as nothing else would reach the agreed total.
    pub crossed: Vec<usize>,
}

/// Why a total cannot be agreed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpreadFault {
    /// There is nothing on the bill.
    #[error("a bill: expected at least one line with an amount")]
    Empty,
    /// Nothing, or less.
    #[error("an agreed total: expected more than zero")]
    Nothing,
    /// More than the lines come to.
    #[error("an agreed total: expected no more than {total:?}")]
    Above {
        /// What they come to.
        total: Paisa,
    },
    /// The lines come to more than 64 bits hold, or one of them to less than nothing.
    #[error("a bill: expected amounts of zero or more that add up in 64 bits")]
    Unsound,
}

/// Spreads what is taken off to come to `agreed`. A line's place on the bill changes nothing: an odd paisa between two lines
/// that only their lowest amounts tell apart goes by those.
pub fn spread(lines: &[Room], agreed: Paisa) -> Result<Spread, SpreadFault> {
    let mut order: Vec<usize> = (0..lines.len()).collect();
    crate::order::by_key(&mut order, |&at| (Reverse(lines[at].amount), lines[at].lowest));
    let sorted: Vec<Room> = order.iter().map(|&at| lines[at]).collect();
    let found = spread_sorted(&sorted, agreed)?;
    let mut discounts = vec![Paisa::ZERO; lines.len()];
    for (&at, discount) in order.iter().zip(found.discounts) {
        discounts[at] = discount;
    }
    let mut crossed: Vec<usize> = found.crossed.into_iter().map(|at| order[at]).collect();
    crate::order::by_key(&mut crossed, |&at| at);
    Ok(Spread { discounts, crossed })
}

fn spread_sorted(lines: &[Room], agreed: Paisa) -> Result<Spread, SpreadFault> {
    let amounts: Vec<i64> = lines.iter().map(|line| line.amount.0).collect();
    if amounts.iter().any(|amount| *amount < 0) {
        return Err(SpreadFault::Unsound);
    }
    let total = amounts.iter().try_fold(0_i64, |sum, amount| sum.checked_add(*amount));
    let total = total.ok_or(SpreadFault::Unsound)?;
    if total == 0 {
        return Err(SpreadFault::Empty);
    }
    if agreed <= Paisa::ZERO {
        return Err(SpreadFault::Nothing);
    }
    let off = total - agreed.0;
    if off < 0 {
        return Err(SpreadFault::Above { total: Paisa(total) });
    }
    let room: Vec<i64> = lines.iter().map(|it| (it.amount.0 - it.lowest.0.max(0)).max(0)).collect();
    // No room is larger than its line, and the lines add up.
    let mut discounts = if off <= room.iter().sum() {
        allot_rupees(off, &amounts, &room)
    } else {
        // All give what they may, in whole rupees: paisa of a floor that is crossed anyway would only make odd amounts.
        room.iter().map(|room| room / 100 * 100).collect()
    };
    let given: i64 = discounts.iter().sum();
    if given < off {
        let left: Vec<i64> = amounts.iter().zip(&discounts).map(|(amount, off)| amount - off).collect();
        for (sum, more) in discounts.iter_mut().zip(allot_rupees(off - given, &left, &left)) {
            *sum += more;
        }
    }
    let crossed = (0..lines.len()).filter(|&at| discounts[at] > room[at]).collect();
    Ok(Spread { discounts: discounts.into_iter().map(Paisa).collect(), crossed })
}

/// Shares of `sum` in whole rupees where they fit; what is left in paisa goes to one line that has room for it.
fn allot_rupees(sum: i64, weights: &[i64], caps: &[i64]) -> Vec<i64> {
    let whole_caps: Vec<i64> = caps.iter().map(|cap| cap / 100).collect();
    let whole = (sum / 100).min(whole_caps.iter().sum());
    let mut shares: Vec<i64> = allot(whole, weights, &whole_caps).iter().map(|share| share * 100).collect();
    let left = sum - whole * 100;
    if left == 0 {
        return shares;
    }
    let room: Vec<i64> = caps.iter().zip(&shares).map(|(cap, share)| cap - share).collect();
    let widest = (0..room.len()).max_by_key(|&at| (room[at], weights[at], caps[at], Reverse(at)));
    match widest.filter(|&at| room[at] >= left) {
        Some(at) => shares[at] += left,
        None => {
            for (share, more) in shares.iter_mut().zip(allot(left, weights, &room)) {
                *share += more;
            }
        }
    }
    shares
}

/// Shares of `sum` in proportion to the weights, none above its cap: who would get more gets the cap, and the others
/// share the rest. `sum` is no more than the caps together; a weight of zero has a cap of zero.
fn allot(sum: i64, weights: &[i64], caps: &[i64]) -> Vec<i64> {
    let mut shares = vec![0; weights.len()];
    let mut open: Vec<usize> = (0..weights.len()).filter(|&at| caps[at] > 0).collect();
    let mut left = i128::from(sum);
    loop {
        let weight: i128 = open.iter().map(|&at| i128::from(weights[at])).sum();
        let (full, others): (Vec<usize>, Vec<usize>) =
            (open.iter()).partition(|&&at| left * i128::from(weights[at]) > i128::from(caps[at]) * weight);
        if full.is_empty() {
            break;
        }
        for at in full {
            shares[at] = caps[at];
            left -= i128::from(caps[at]);
        }
        open = others;
    }
    let weight: i128 = open.iter().map(|&at| i128::from(weights[at])).sum();
    if weight == 0 {
        return shares;
    }
    let mut given = 0;
    for &at in &open {
        // At most the cap, which fits.
        shares[at] = (left * i128::from(weights[at]) / weight) as i64;
        given += i128::from(shares[at]);
    }
    let remainder = |at: usize| left * i128::from(weights[at]) % weight;
    crate::order::by_key(&mut open, |&at| (Reverse((remainder(at), weights[at], caps[at])), at));
    for at in open.into_iter().take((left - given) as usize) {
        shares[at] += 1;
    }
    shares
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn lines(of: &[(i64, i64)]) -> Vec<Room> {
        of.iter().map(|&(amount, lowest)| Room { amount: Paisa(amount), lowest: Paisa(lowest) }).collect()
    }

    fn off(of: &[(i64, i64)], agreed: i64) -> Vec<i64> {
        let spread = spread(&lines(of), Paisa(agreed)).unwrap_or_else(|fault| panic!("{fault}"));
        spread.discounts.iter().map(|off| off.0).collect()
    }

    #[test]
    fn a_phone_with_its_cover_gives_in_whole_rupees_by_hand() {
        // 51,000 to 50,000: of 1,000 off 980.39 and 19.61, the larger remainder is the cover's.
        assert_eq!(off(&[(5_000_000, 0), (100_000, 0)], 5_000_000), [98_000, 2_000]);
        // The phone may give 500 only: the cover gives the rest.
        assert_eq!(off(&[(5_000_000, 4_950_000), (100_000, 0)], 5_000_000), [50_000, 50_000]);
        // Paisa go to one line.
        assert_eq!(off(&[(10_050, 0), (10_000, 0)], 19_000), [550, 500]);
    }

    #[test]
    fn floors_are_crossed_only_when_no_line_has_room() {
        let bill = lines(&[(10_000, 9_000), (10_000, 8_000)]);
        let fits = spread(&bill, Paisa(17_000)).unwrap_or_else(|fault| panic!("{fault}"));
        assert_eq!((fits.discounts, fits.crossed), (vec![Paisa(1_000), Paisa(2_000)], vec![]));
        let crosses = spread(&bill, Paisa(16_000)).unwrap_or_else(|fault| panic!("{fault}"));
        assert_eq!(crosses.crossed, [0, 1]);
        assert_eq!(crosses.discounts.iter().copied().sum::<Paisa>(), Paisa(4_000));
    }

    #[test]
    fn what_is_no_agreement_is_refused() {
        let bill = lines(&[(10_000, 0), (5_000, 0)]);
        assert_eq!(spread(&bill, Paisa(15_001)), Err(SpreadFault::Above { total: Paisa(15_000) }));
        assert_eq!(spread(&bill, Paisa(0)), Err(SpreadFault::Nothing));
        assert_eq!(spread(&bill, Paisa(-5)), Err(SpreadFault::Nothing));
        assert_eq!(spread(&[], Paisa(5)), Err(SpreadFault::Empty));
        assert_eq!(spread(&lines(&[(0, 0)]), Paisa(5)), Err(SpreadFault::Empty));
        assert_eq!(spread(&lines(&[(i64::MAX, 0), (1, 0)]), Paisa(5)), Err(SpreadFault::Unsound));
        assert_eq!(spread(&lines(&[(-1, 0)]), Paisa(5)), Err(SpreadFault::Unsound));
        assert_eq!(off(&[(i64::MAX - 1, 0), (1, 0)], 1).iter().sum::<i64>(), i64::MAX - 1);
    }
}
