//! Pieces of one bill line that cost the shop differently, apart.
//!
//! Question: what did each sold piece cost? A bill shows one line for several phones of a model; each was bought at a
//! price of its own. Input: the line as it is charged, and for each of its pieces what it cost. Output: one line for
//! each cost, whose quantities, amounts and discounts add up to the line's own to the paisa. So a line that is written
//! down has one cost for each of its pieces, profit is exact, and what comes back takes its own cost back. How it fails:
//! pieces that were sold without their number stand at the cost of the line.

use crate::{
    money::Paisa,
    quantity::{Quantity, divide_half_even},
    record::SaleLine,
};

/// The line, parted by cost; `costs` go with `line.units`, place by place.
pub fn by_cost(line: &SaleLine, costs: &[Option<Paisa>]) -> Vec<SaleLine> {
    let one = Quantity::pieces(1);
    let mut parts: Vec<SaleLine> = Vec::new();
    let mut add = |cost: Option<Paisa>, quantity: Quantity, unit| {
        let at = parts.iter().position(|part| part.unit_cost == cost).unwrap_or(parts.len());
        if at == parts.len() {
            parts.push(SaleLine {
                units: Vec::new(),
                quantity: Quantity::ZERO,
                unit_cost: cost,
                ..line.clone()
            });
        }
        parts[at].quantity += quantity;
        parts[at].units.extend(unit);
    };
    for (place, unit) in line.units.iter().enumerate() {
        add(costs.get(place).copied().unwrap_or(line.unit_cost), one, Some(*unit));
    }
    let without = Quantity(line.quantity.0 - line.units.len() as i64 * one.0);
    if without < Quantity::ZERO {
        return vec![line.clone()];
    }
    if without > Quantity::ZERO {
        add(line.unit_cost, without, None);
    }
    if parts.len() < 2 {
        return parts.pop().map_or_else(
            || vec![line.clone()],
            |part| vec![SaleLine { discount: line.discount, amount: line.amount, ..part }],
        );
    }
    let (mut so_far, mut given) = (0, Paisa::ZERO);
    for part in &mut parts {
        so_far += part.quantity.0;
        // The part is at most the whole: the share fits where the discount does.
        let upto =
            divide_half_even(i128::from(line.discount.0) * i128::from(so_far), i128::from(line.quantity.0))
                as i64;
        part.discount = Paisa(upto) - given;
        given = Paisa(upto);
        part.amount = part.quantity.times(part.unit_price).unwrap_or_default() - part.discount;
    }
    // A price of one times a part of a piece may round: the last line takes what that leaves.
    let rest = line.amount - parts.iter().map(|part| part.amount).sum();
    if let Some(last) = parts.last_mut() {
        last.amount += rest;
        last.discount = last.discount - rest;
    }
    parts
}

/// What all of a line cost: its pieces each their own, the rest at the cost of the line; none where one is not known.
pub fn cost_of(quantity: Quantity, unit_cost: Option<Paisa>, costs: &[Option<Paisa>]) -> Option<Paisa> {
    let pieces = costs.iter().try_fold(Paisa::ZERO, |sum, cost| sum.checked_add((*cost)?))?;
    match quantity.0 - costs.len() as i64 * 1_000 {
        ..=0 => Some(pieces),
        rest => pieces.checked_add(Quantity(rest).times(unit_cost?)?),
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::id::{ProductId, UnitId};

    fn line(units: u128, pieces: i64, discount: i64) -> SaleLine {
        let (quantity, unit_price) = (Quantity::pieces(pieces), Paisa(5_000_000));
        SaleLine {
            product: ProductId::from_u128(7),
            units: (1..=units).map(UnitId::from_u128).collect(),
            quantity,
            unit_price,
            discount: Paisa(discount),
            amount: Paisa(5_000_000 * pieces - discount),
            unit_cost: Some(Paisa(4_000_001)),
        }
    }

    #[test]
    fn parts_add_up_to_the_line_and_costs_to_those_of_the_pieces() {
        let costs = [Some(Paisa(4_000_001)), Some(Paisa(3_900_000)), Some(Paisa(4_000_001)), None];
        let whole = line(4, 5, 100_001);
        let parts = by_cost(&whole, &costs);
        let pieces: Vec<_> = parts
            .iter()
            .map(|it| (it.unit_cost.map(|it| it.0), it.quantity.0 / 1_000, it.units.len()))
            .collect();
        assert_eq!(pieces, [(Some(4_000_001), 3, 2), (Some(3_900_000), 1, 1), (None, 1, 1)]);
        assert_eq!(parts.iter().map(|it| it.amount).sum::<Paisa>(), whole.amount);
        assert_eq!(parts.iter().map(|it| it.discount).sum::<Paisa>(), whole.discount);
        for part in &parts {
            let gross = part.quantity.times(part.unit_price).unwrap_or_default();
            assert_eq!(part.amount, gross - part.discount);
            assert!(part.discount >= Paisa::ZERO);
        }
        // By hand: 2 × 40,000.01 + 39,000.00 = 119,000.02; a mean of three would lose a paisa.
        let known = by_cost(&line(3, 3, 0), &costs[..3]);
        let cost: i64 =
            known.iter().map(|it| it.quantity.0 / 1_000 * it.unit_cost.map_or(0, |it| it.0)).sum();
        assert_eq!(cost, 11_900_002);
        assert_eq!(cost_of(Quantity::pieces(3), None, &costs[..3]), Some(Paisa(11_900_002)));
        assert_eq!(cost_of(Quantity::pieces(4), None, &costs[..3]), None, "of the fourth nothing is known");
        assert_eq!(cost_of(Quantity::pieces(4), Some(Paisa(1)), &costs[..3]), Some(Paisa(11_900_003)));
    }

    #[test]
    fn a_line_of_one_cost_stays_as_it_is() {
        let whole = line(2, 2, 3);
        assert_eq!(by_cost(&whole, &[Some(Paisa(4_000_001)); 2]), std::slice::from_ref(&whole));
        let plain = line(0, 3, 1);
        assert_eq!(by_cost(&plain, &[]), std::slice::from_ref(&plain));
        let one = by_cost(&line(1, 1, 3), &[Some(Paisa(9))]);
        assert_eq!((one.len(), one[0].unit_cost, one[0].discount), (1, Some(Paisa(9)), Paisa(3)));
    }
}
