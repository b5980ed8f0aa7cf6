//! Phones by IMEI. The numbers have a valid check digit and stand in a test range (TAC 00101…), so that no
//! customer's phone carries one of them.

use super::{
    goods::Item,
    journal::{Journal, at},
};
use crate::{
    id::{ShopId, UnitId},
    money::Paisa,
    record::{Condition, PtaState, Record, Unit},
    rng::Rng,
    sync::event::Stream,
    time::Day,
};

/// A phone on the shelf.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Its id.
    pub unit: UnitId,
    /// Price against a new, taxed one.
    pub worth: f64,
    /// What it cost.
    pub cost: Paisa,
}

/// A phone is taken out of the carton: written with both IMEIs and its tax state.
pub fn unbox(
    journal: &mut Journal,
    rng: &mut Rng,
    item: &Item,
    model: usize,
    shop: ShopId,
    list_cost: Paisa,
    day: Day,
) -> Piece {
    let instant = at(day, 10 * 60 + 59);
    let (pta, condition) = state(rng, item.grey);
    let worth = worth(pta, condition);
    let cost = match worth < 1.0 {
        true => Paisa::rupees((list_cost.as_units() * worth / 100.0).round() as i64 * 100),
        false => list_cost,
    };
    let id: UnitId = journal.id();
    // The id's counter makes the two serial numbers unique within the sample.
    let serial = (id.as_u128() & 0xffff_ffff_ffff) as u64 * 2 % 1_000_000;
    let unit = Unit {
        id,
        product: item.product,
        shop,
        imei1: Some(imei(model, serial)),
        imei2: Some(imei(model, serial + 1)),
        serial: None,
        pta,
        pta_deadline: (pta == PtaState::NonPta && condition != Condition::New)
            .then(|| Day(day.0 + 10 + rng.below(50) as i32)),
        condition,
        battery_health_percent: (condition == Condition::Used).then(|| 78 + rng.below(19) as u8),
        cost: Some(cost),
        warranty_months: (condition == Condition::New).then_some(12),
        at: instant,
    };
    journal.push(Stream::Shop(shop), instant, Record::Unit(unit));
    Piece { unit: id, worth, cost }
}

/// Sealed boxes of local brands are taxed; iPhones come in every state of the bazaar.
fn state(rng: &mut Rng, grey: bool) -> (PtaState, Condition) {
    if !grey {
        let boxed = if rng.chance(0.015) { Condition::BoxOpened } else { Condition::New };
        return (PtaState::Approved, boxed);
    }
    let states = [
        (PtaState::Approved, Condition::New, 0.30),
        (PtaState::Approved, Condition::Used, 0.28),
        (PtaState::NonPta, Condition::BoxOpened, 0.16),
        (PtaState::NonPta, Condition::Used, 0.12),
        (PtaState::Jv, Condition::Used, 0.09),
        (PtaState::Cpid, Condition::Used, 0.03),
        (PtaState::Patched, Condition::Used, 0.02),
    ];
    let drawn = rng.weighted(&states.map(|state| state.2));
    (states[drawn].0, states[drawn].1)
}

fn worth(pta: PtaState, condition: Condition) -> f64 {
    let tax = match pta {
        PtaState::Approved => 1.0,
        PtaState::NonPta => 0.72,
        PtaState::Cpid => 0.66,
        PtaState::Jv => 0.55,
        _ => 0.48,
    };
    let wear = match condition {
        Condition::New => 1.0,
        Condition::BoxOpened => 0.95,
        Condition::Used => 0.82,
    };
    tax * wear
}

/// Fifteen digits: test TAC with the model's number, serial, Luhn check digit (ISO/IEC 7812-1 annex B).
pub fn imei(model: usize, serial: u64) -> String {
    let body = format!("00101{model:03}{serial:06}");
    let sum: u32 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0') * if place % 2 == 0 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn check_digit_by_a_second_luhn_over_all_fifteen_digits() {
        for serial in [0, 1, 999_999, 123_456] {
            let text = imei(42, serial);
            assert_eq!(text.len(), 15);
            // From the left: with 15 digits, every second one (2nd, 4th …) is doubled.
            let sum: u32 = text
                .chars()
                .enumerate()
                .map(|(place, digit)| match (place % 2, digit.to_digit(10).unwrap()) {
                    (1, digit @ 5..) => digit * 2 - 9,
                    (1, digit) => digit * 2,
                    (_, digit) => digit,
                })
                .sum();
            assert_eq!(sum % 10, 0, "{text}");
        }
    }
}
