//! Pieces by IMEI: what each record says of which piece.
//!
//! Of two records of one piece's fields the later in the journal's order stands; its steps go by time (see
//! [`crate::table::unit`]). What speaks of a piece that was never written down waits until it is.

use super::{Placed, dimension::Aliases, lines::Receipt};
use crate::{
    id::UnitId,
    money::Paisa,
    quantity::divide_half_even,
    record::{Record, SaleLine, StockLine, TransferLeg, Unit},
    table::{
        ReceiptKind,
        unit::{Happened, Place, UnitRow, UnitStep, Units},
    },
};
use std::collections::HashMap;

/// The table, from records in their order.
pub(super) fn fill(records: &[Placed<'_>], aliases: &Aliases) -> Units {
    let mut rows: Vec<UnitRow> = Vec::new();
    // Only looked up in, never walked: its order reaches nothing.
    let mut at: HashMap<UnitId, u32> = HashMap::new();
    for placed in records {
        if let Record::Unit(unit) = placed.record {
            match at.get(&unit.id) {
                Some(&row) => change(&mut rows[row as usize], unit, placed),
                None => {
                    at.insert(unit.id, rows.len() as u32);
                    rows.push(seen(unit, placed));
                }
            }
        }
    }
    if rows.is_empty() {
        return Units::default();
    }
    for placed in records {
        if let Record::TradeIn(trade) = placed.record
            && let Some(&row) = at.get(&trade.unit)
        {
            let mut trade = trade.clone();
            trade.seller = trade.seller.map(|seller| aliases.resolve(seller));
            rows[row as usize].trades.push(trade);
        }
        steps_of(placed, aliases, &mut |unit, step| {
            if let Some(&row) = at.get(&unit) {
                rows[row as usize].steps.push(step);
            }
        });
    }
    rows.sort_unstable_by_key(|row| row.unit.id);
    for row in &mut rows {
        row.settle();
        crate::order::by_key(&mut row.trades, |trade| trade.at);
    }
    let mut codes: Vec<(Box<str>, u32)> = (rows.iter().enumerate())
        .flat_map(|(position, row)| row.codes().map(move |code| (Box::from(code), position as u32)))
        .collect();
    codes.sort_unstable();
    codes.dedup();
    Units { rows, codes }
}

/// Notes what a receipt that was just appended does to pieces.
pub(super) fn append(units: &mut Units, receipt: &Receipt<'_>, aliases: &Aliases) {
    sold(receipt, aliases, &mut |unit, step| {
        if let Some(row) = units.position(unit).map(|row| &mut units.rows[row]) {
            row.steps.push(step);
            row.settle();
        }
    });
}

fn seen(unit: &Unit, placed: &Placed<'_>) -> UnitRow {
    let step = UnitStep { rank: 0, amount: unit.cost, ..step(Happened::Seen, unit, placed) };
    UnitRow {
        unit: unit.clone(),
        steps: vec![step],
        trades: Vec::new(),
        place: Place::Gone,
        repair: None,
        sold_twice: false,
    }
}

fn change(row: &mut UnitRow, unit: &Unit, placed: &Placed<'_>) {
    if row.unit.pta != unit.pta {
        row.steps.push(step(Happened::pta(unit.pta), unit, placed));
    }
    row.unit = unit.clone();
}

fn step(what: Happened, unit: &Unit, placed: &Placed<'_>) -> UnitStep {
    UnitStep {
        rank: 2,
        at: unit.at,
        document: placed.id.as_u128(),
        what,
        shop: unit.shop,
        person: None,
        staff: None,
        amount: None,
        number: None,
    }
}

type Say<'a> = &'a mut dyn FnMut(UnitId, UnitStep);

/// What a record does to pieces.
fn steps_of(placed: &Placed<'_>, aliases: &Aliases, say: Say<'_>) {
    if let Some(receipt) = Receipt::of(placed.record) {
        return sold(&receipt, aliases, say);
    }
    let plain = |what, shop, at, document| UnitStep {
        rank: 2,
        at,
        document,
        what,
        shop,
        person: None,
        staff: None,
        amount: None,
        number: None,
    };
    let mut all = |lines: &[StockLine], step: UnitStep| {
        for line in lines {
            for unit in &line.units {
                say(*unit, UnitStep { amount: line.unit_cost, ..step.clone() });
            }
        }
    };
    match placed.record {
        Record::SupplierReceipt(it) => {
            for line in &it.lines {
                // Fewer than nothing came: what was written down by mistake is taken back.
                let is_back = line.quantity.0 < 0;
                let (what, rank) = if is_back { (Happened::TakenOut, 2) } else { (Happened::Received, 1) };
                let step = plain(what, it.shop, it.at, it.id.as_u128());
                all(std::slice::from_ref(line), UnitStep { rank, ..step });
            }
        }
        Record::Transfer(it) => {
            let (what, shop) = match it.leg {
                TransferLeg::Out => (Happened::Sent, it.to),
                TransferLeg::In => (Happened::Arrived, it.to),
            };
            all(&it.lines, plain(what, shop, it.at, it.id.as_u128()));
        }
        Record::Adjustment(it) => {
            for line in &it.lines {
                let what = if line.quantity.0 < 0 { Happened::TakenOut } else { Happened::PutBack };
                all(std::slice::from_ref(line), plain(what, it.shop, it.at, it.id.as_u128()));
            }
        }
        Record::TradeIn(it) => {
            let step = plain(Happened::TradedIn, it.shop, it.at, placed.id.as_u128());
            let person = it.seller.map(|seller| aliases.resolve(seller));
            say(it.unit, UnitStep { person, amount: Some(it.value), ..step });
        }
        Record::RepairJob(it) => {
            if let Some(unit) = it.unit {
                let step = plain(Happened::repair(it.step), it.shop, it.at, it.id.as_u128());
                say(unit, UnitStep { person: it.customer.map(|who| aliases.resolve(who)), ..step });
            }
        }
        _ => {}
    }
}

fn sold(receipt: &Receipt<'_>, aliases: &Aliases, say: Say<'_>) {
    let what = match receipt.kind {
        ReceiptKind::Sale => Happened::Sold,
        ReceiptKind::Return => Happened::Returned,
    };
    for line in receipt.lines {
        for unit in &line.units {
            let step = UnitStep {
                rank: 2,
                at: receipt.at,
                document: receipt.id.as_u128(),
                what,
                shop: receipt.shop,
                person: receipt.customer.map(|customer| aliases.resolve(customer)),
                staff: receipt.staff,
                amount: Some(price_of_one(line)),
                number: Some(receipt.number.into()),
            };
            say(*unit, step);
        }
    }
}

/// What one piece of a line came to, after the discount.
fn price_of_one(line: &SaleLine) -> Paisa {
    match line.quantity.0 {
        ..=0 | 1_000 => line.amount,
        quantity => {
            let price = divide_half_even(i128::from(line.amount.0) * 1_000, i128::from(quantity));
            Paisa(i64::try_from(price).unwrap_or(i64::MAX))
        }
    }
}
