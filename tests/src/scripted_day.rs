//! A scripted random day of one shop on two tills, and its drawer counted by a sum over the records alone.
//!
//! The recount knows nothing of the product's rules but what stands here in words: it is the tests' second opinion.

use dukandar_core::{
    id::{CustomerId, DocumentId, EventId, ProductId, SaleId, ShopId, SupplierId, UserId},
    money::{Currency, Paisa},
    quantity::Quantity,
    record::*,
    rng::Rng,
    time::{Day, Timestamp, Zone},
};
use std::collections::BTreeMap;

/// The shop of the day.
pub const SHOP: ShopId = ShopId::from_u128(0x51);

/// A record that a till writes during the day.
#[derive(Clone, Debug)]
pub struct Written {
    /// Its event.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// The counting till knows of it when it closes.
    pub known: bool,
    /// What.
    pub record: Record,
}

/// The shop itself.
pub fn shop() -> Record {
    Record::Shop(Shop {
        id: SHOP,
        name: "Hafeez Centre".to_owned(),
        code: "HC".to_owned(),
        city: "Lahore".to_owned(),
        currency: Currency::PKR,
        zone: Zone::KARACHI,
        bargaining: None,
    })
}

/// An instant of a day, in minutes after midnight.
pub fn at(day: Day, minute: i64) -> Timestamp {
    Timestamp(day.start(Zone::KARACHI).0 + minute * 60_000)
}

/// `count` acts between two minutes of a day, each in a minute of its own.
pub fn acts(rng: &mut Rng, day: Day, minutes: std::ops::Range<i64>, count: usize) -> Vec<Written> {
    let mut all = BTreeMap::new();
    while all.len() < count {
        let minute = minutes.start + below(rng, minutes.end - minutes.start);
        // Ids do not follow time; small ones are the caller's.
        let id = 1_000_000 + below(rng, 1 << 50) as u128;
        let at = at(day, minute);
        let known = rng.chance(0.8);
        let record = act(rng, id, at);
        all.entry(minute).or_insert(Written { id: EventId::from_u128(id), at, known, record });
    }
    all.into_values().collect()
}

/// The same goods and money on their way back.
pub fn returned(sale: Sale) -> Return {
    let Sale { id, shop, number, at, zone, customer, staff, lines, payments, .. } = sale;
    let (original, of_lines, exchange) = (None, Vec::new(), None);
    Return { id, original, shop, number, at, zone, customer, staff, lines, payments, of_lines, exchange }
}

fn below(rng: &mut Rng, n: i64) -> i64 {
    rng.below(n as usize) as i64
}

fn act(rng: &mut Rng, id: u128, at: Timestamp) -> Record {
    let document = DocumentId::from_u128(id);
    let amount = Paisa(1 + below(rng, 5_000_000));
    // One in five takes an earlier one back: its amounts have the other sign.
    let (undoes, sign) = if rng.chance(0.2) { (Some(DocumentId::from_u128(9)), -1) } else { (None, 1) };
    let bank = rng.chance(0.25).then_some(PaymentMethod::Bank);
    match rng.below(12) {
        0..5 => Record::Sale(sale(rng, id, at)),
        5 => Record::Return(returned(sale(rng, id, at))),
        6 => Record::Expense(Expense {
            id: document,
            shop: SHOP,
            category: ["Rent", "Tea and food"][rng.below(2)].to_owned(),
            amount: Paisa(amount.0 * sign),
            at,
            paid: bank,
            undoes,
        }),
        7 => Record::CashMovement(CashMovement {
            id: document,
            shop: SHOP,
            amount: if rng.chance(0.5) { amount } else { -amount },
            reason: "Owner".to_owned(),
            at,
            undoes,
        }),
        8 => Record::SupplierPayment(SupplierPayment {
            id: document,
            supplier: SupplierId::from_u128(1),
            shop: SHOP,
            amount,
            at,
        }),
        9 => Record::CreditEntry(credit(rng, document, amount, at)),
        _ => {
            let kinds =
                [ServiceKind::Easyload, ServiceKind::WalletIn, ServiceKind::WalletOut, ServiceKind::TopUp];
            let kind = kinds[rng.below(4)];
            let commission = Paisa(below(rng, 10_000) * sign);
            Record::Service(Service {
                id: document,
                shop: SHOP,
                kind,
                customer: None,
                amount: Paisa(amount.0 * kind.sign() * sign),
                commission,
                at,
                wallet: (kind != ServiceKind::Easyload).then_some(Wallet::ALL[rng.below(3)]),
                fee: if rng.chance(0.5) { commission } else { Paisa::ZERO },
                paid: bank,
                undoes,
            })
        }
    }
}

/// Udhaar given or received, by some way or an unsaid one, given up, or taken back.
fn credit(rng: &mut Rng, id: DocumentId, amount: Paisa, at: Timestamp) -> CreditEntry {
    let methods = [None, None, Some(PaymentMethod::Cash), Some(PaymentMethod::Easypaisa)];
    let written_off = rng.chance(0.1);
    CreditEntry {
        id,
        customer: CustomerId::from_u128(1),
        shop: SHOP,
        amount: if written_off || rng.chance(0.5) { -amount } else { amount },
        sale: None,
        at,
        due: None,
        method: if written_off { None } else { methods[rng.below(4)] },
        kind: if written_off { CreditKind::WriteOff } else { CreditKind::Plain },
        undoes: rng.chance(0.1).then(|| DocumentId::from_u128(1)),
    }
}

fn sale(rng: &mut Rng, id: u128, at: Timestamp) -> Sale {
    let lines: Vec<SaleLine> = (0..1 + rng.below(3))
        .map(|_| {
            let (pieces, price) = (1 + below(rng, 3), Paisa(100 + below(rng, 900_000)));
            let discount = Paisa(if rng.chance(0.3) { below(rng, 100) } else { 0 });
            SaleLine {
                product: ProductId::from_u128(rng.below(5) as u128 + 1),
                units: vec![],
                quantity: Quantity::pieces(pieces),
                unit_price: price,
                discount,
                amount: Paisa(price.0 * pieces) - discount,
                unit_cost: rng.chance(0.7).then(|| Paisa(below(rng, 600_000))),
            }
        })
        .collect();
    let total: Paisa = lines.iter().map(|line| line.amount).sum();
    // A part in cash, the rest some other way.
    let cash = if rng.chance(0.5) { total } else { Paisa(below(rng, total.0)) };
    let others = [PaymentMethod::Card, PaymentMethod::JazzCash, PaymentMethod::Credit];
    let parts = [(PaymentMethod::Cash, cash), (others[rng.below(3)], total - cash)];
    let payments = parts.into_iter().filter(|(_, amount)| amount.0 > 0);
    Sale {
        id: SaleId::from_u128(id),
        shop: SHOP,
        number: format!("HC-1-{id}"),
        at,
        zone: Zone::KARACHI,
        customer: None,
        staff: rng.chance(0.5).then(|| UserId::from_u128(rng.below(2) as u128 + 1)),
        lines,
        payments: payments.map(|(method, amount)| Payment { method, amount, tendered: None }).collect(),
        approval: None,
    }
}

/// What moved in the drawer, in paisa: a sum over records, each rule said once more in plain numbers.
pub fn recount<'a>(records: impl Iterator<Item = &'a Record>) -> i64 {
    let in_cash = |payments: &[Payment]| -> i64 {
        payments.iter().filter(|it| it.method == PaymentMethod::Cash).map(|it| it.amount.0).sum()
    };
    records
        .map(|record| match record {
            Record::Sale(it) => in_cash(&it.payments),
            Record::Return(it) => -in_cash(&it.payments),
            Record::Expense(it) if it.paid.is_none() => -it.amount.0,
            Record::CashMovement(it) => it.amount.0,
            Record::SupplierPayment(it) => -it.amount.0,
            // An older till says no method: what was paid back was cash, given up or taken back was not.
            Record::CreditEntry(it) => match it.method {
                Some(PaymentMethod::Cash) => -it.amount.0,
                None if it.kind == CreditKind::Plain && it.undoes.is_none() => (-it.amount.0).max(0),
                _ => 0,
            },
            // The customer's cash (the shop's, where it is less than zero) and the fee on the counter.
            Record::Service(it) if it.paid.is_none() => it.amount.0 + it.fee.0,
            _ => 0,
        })
        .sum()
}

/// What is earned on the records' goods and services, less expenses; lines without a cost are no part of it.
pub fn profit<'a>(records: impl Iterator<Item = &'a Record>) -> i64 {
    let margin = |lines: &[SaleLine]| -> i64 {
        let one =
            |line: &SaleLine| line.unit_cost.map(|cost| line.amount.0 - line.quantity.0 / 1_000 * cost.0);
        lines.iter().filter_map(one).sum()
    };
    records
        .map(|record| match record {
            Record::Sale(it) => margin(&it.lines),
            Record::Return(it) => -margin(&it.lines),
            Record::Expense(it) => -it.amount.0,
            Record::Service(it) => it.commission.0,
            _ => 0,
        })
        .sum()
}

/// What moved in a wallet.
pub fn float<'a>(records: impl Iterator<Item = &'a Record>, wallet: Wallet) -> i64 {
    records
        .map(|record| match record {
            Record::Service(it) if it.wallet.unwrap_or(Wallet::Load) == wallet => {
                -it.amount.0 + it.commission.0 - it.fee.0
            }
            _ => 0,
        })
        .sum()
}

/// Notes that come to so many rupees.
pub fn notes(rupees: i64) -> BTreeMap<u32, u32> {
    let mut left = rupees;
    let mut notes = BTreeMap::new();
    for note in DENOMINATIONS {
        let pieces = left / i64::from(note);
        left %= i64::from(note);
        if pieces > 0 {
            notes.insert(note, pieces as u32);
        }
    }
    notes
}
