//! Receipts and lines as columns, from segments and records alike.

use super::{Placed, dimension::Aliases, lines::Receipt};
use crate::{
    id::SaleId,
    money::Paisa,
    quantity::Quantity,
    table::{NONE, ReceiptKind, Sales, Tables, segment::Segment},
    time::{Day, Timestamp},
};

/// Where a receipt stands.
#[derive(Clone, Copy)]
enum Source<'a> {
    Record(Receipt<'a>),
    Segment { segment: usize, receipt: usize },
}

struct Candidate<'a> {
    id: SaleId,
    at: Timestamp,
    day: Day,
    source: Source<'a>,
}

/// The columns of all sales; each sale once.
pub(super) fn columns(
    tables: &Tables,
    segments: &[Segment],
    records: &[Placed<'_>],
    aliases: &Aliases,
) -> Sales {
    let mut candidates = Vec::new();
    let mut lines = 0;
    for (index, segment) in segments.iter().enumerate() {
        lines += segment.lines();
        candidates.extend((0..segment.receipts()).map(|receipt| Candidate {
            id: segment.id[receipt],
            at: segment.at[receipt],
            day: segment.at[receipt].day(segment.zone),
            source: Source::Segment { segment: index, receipt },
        }));
    }
    for placed in records {
        if let Some(receipt) = Receipt::of(placed.record) {
            lines += receipt.lines.len();
            candidates.push(Candidate {
                id: receipt.id,
                at: receipt.at,
                day: receipt.day(),
                source: Source::Record(receipt),
            });
        }
    }
    keep_each_once(&mut candidates, segments);
    candidates.sort_unstable_by_key(|it| (it.day, it.at, it.id));

    let maps: Vec<Positions> =
        segments.iter().map(|segment| Positions::of(segment, tables, aliases)).collect();
    let mut sales = with_capacity(candidates.len(), lines);
    for candidate in &candidates {
        match candidate.source {
            Source::Segment { segment, receipt } => {
                push_from_segment(&mut sales, &segments[segment], &maps[segment], receipt, candidate.day);
            }
            // Every id that a record names has a row: see `dimension`.
            Source::Record(receipt) => _ = push_from_record(&mut sales, tables, &receipt, aliases),
        }
    }
    sales
}

fn with_capacity(receipts: usize, lines: usize) -> Sales {
    Sales {
        id: Vec::with_capacity(receipts),
        at: Vec::with_capacity(receipts),
        day: Vec::with_capacity(receipts),
        shop: Vec::with_capacity(receipts),
        customer: Vec::with_capacity(receipts),
        kind: Vec::with_capacity(receipts),
        number: Vec::with_capacity(receipts),
        first_line: {
            let mut first_line = Vec::with_capacity(receipts + 1);
            first_line.push(0);
            first_line
        },
        product: Vec::with_capacity(lines),
        receipt: Vec::with_capacity(lines),
        quantity: Vec::with_capacity(lines),
        amount: Vec::with_capacity(lines),
        discount: Vec::with_capacity(lines),
        unit_cost: Vec::with_capacity(lines),
    }
}

/// Of several receipts with one id (two exports that overlap) the one with most lines stays; among equals
/// the greatest by content, so that the order of arrival decides nothing.
fn keep_each_once(candidates: &mut Vec<Candidate<'_>>, segments: &[Segment]) {
    candidates.sort_unstable_by_key(|it| it.id);
    if !candidates.windows(2).any(|pair| pair[0].id == pair[1].id) {
        return;
    }
    crate::order::by(candidates, |a, b| {
        a.id.cmp(&b.id).then_with(|| content(b, segments).cmp(&content(a, segments)))
    });
    candidates.dedup_by_key(|it| it.id);
}

type Content =
    (usize, Timestamp, bool, String, Option<u128>, u128, Vec<(u128, i64, i64, i64, Option<Paisa>)>);

fn content(candidate: &Candidate<'_>, segments: &[Segment]) -> Content {
    match candidate.source {
        Source::Record(receipt) => {
            let sign = receipt.sign();
            let lines: Vec<_> = receipt
                .lines
                .iter()
                .map(|line| {
                    let (quantity, amount) = (line.quantity.0 * sign, line.amount.0 * sign);
                    (line.product.as_u128(), quantity, amount, line.discount.0 * sign, line.unit_cost)
                })
                .collect();
            let customer = receipt.customer.map(|id| id.as_u128());
            let is_return = receipt.kind == ReceiptKind::Return;
            (
                lines.len(),
                receipt.at,
                is_return,
                receipt.number.to_owned(),
                customer,
                receipt.shop.as_u128(),
                lines,
            )
        }
        Source::Segment { segment, receipt } => {
            let it = &segments[segment];
            let lines: Vec<_> = it
                .lines_of(receipt)
                .map(|line| {
                    let product = it.products[it.product[line] as usize].id.as_u128();
                    (
                        product,
                        it.quantity[line].0,
                        it.amount[line].0,
                        it.discount_of(line).0,
                        it.cost_of(line),
                    )
                })
                .collect();
            let customer = it.customers.get(it.customer[receipt] as usize).map(|row| row.id.as_u128());
            let is_return = it.kind[receipt] == ReceiptKind::Return;
            (
                lines.len(),
                it.at[receipt],
                is_return,
                it.number[receipt].clone(),
                customer,
                it.shop.as_u128(),
                lines,
            )
        }
    }
}

/// Positions in the tables of what a segment's dictionaries hold.
struct Positions {
    shop: u32,
    products: Vec<u32>,
    customers: Vec<u32>,
}

impl Positions {
    fn of(segment: &Segment, tables: &Tables, aliases: &Aliases) -> Self {
        let position = |found: Option<usize>| found.map_or(NONE, |position| position as u32);
        Self {
            shop: position(tables.shop(segment.shop)),
            products: segment.products.iter().map(|row| position(tables.product(row.id))).collect(),
            customers: (segment.customers.iter())
                .map(|row| position(tables.customer(aliases.resolve(row.id))))
                .collect(),
        }
    }
}

fn push_from_segment(sales: &mut Sales, segment: &Segment, maps: &Positions, receipt: usize, day: Day) {
    let index = sales.id.len() as u32;
    sales.id.push(segment.id[receipt]);
    sales.at.push(segment.at[receipt]);
    sales.day.push(day);
    sales.shop.push(maps.shop);
    sales.customer.push(maps.customers.get(segment.customer[receipt] as usize).copied().unwrap_or(NONE));
    sales.kind.push(segment.kind[receipt]);
    sales.number.push(segment.number[receipt].clone());
    let lines = segment.lines_of(receipt);
    sales
        .product
        .extend(segment.product[lines.clone()].iter().map(|&product| maps.products[product as usize]));
    sales.receipt.resize(sales.product.len(), index);
    sales.quantity.extend_from_slice(&segment.quantity[lines.clone()]);
    sales.amount.extend_from_slice(&segment.amount[lines.clone()]);
    match segment.discount.get(lines.clone()) {
        Some(discounts) => sales.discount.extend_from_slice(discounts),
        None => sales.discount.resize(sales.product.len(), Paisa::ZERO),
    }
    match segment.unit_cost.get(lines) {
        Some(costs) => sales.unit_cost.extend_from_slice(costs),
        None => sales.unit_cost.resize(sales.product.len(), None),
    }
    sales.first_line.push(sales.product.len() as u32);
}

/// False, and nothing pushed, when the receipt names something that has no row.
fn push_from_record(sales: &mut Sales, tables: &Tables, receipt: &Receipt<'_>, aliases: &Aliases) -> bool {
    let Some(shop) = tables.shop(receipt.shop) else { return false };
    let customer = match receipt.customer {
        None => NONE,
        Some(id) => match tables.customer(aliases.resolve(id)) {
            Some(position) => position as u32,
            None => return false,
        },
    };
    let products: Option<Vec<usize>> =
        receipt.lines.iter().map(|line| tables.product(line.product)).collect();
    let Some(products) = products else { return false };
    let index = sales.id.len() as u32;
    let sign = receipt.sign();
    sales.id.push(receipt.id);
    sales.at.push(receipt.at);
    sales.day.push(receipt.day());
    sales.shop.push(shop as u32);
    sales.customer.push(customer);
    sales.kind.push(receipt.kind);
    sales.number.push(receipt.number.to_owned());
    for (line, product) in receipt.lines.iter().zip(products) {
        sales.product.push(product as u32);
        sales.receipt.push(index);
        sales.quantity.push(Quantity(line.quantity.0 * sign));
        sales.amount.push(Paisa(line.amount.0 * sign));
        sales.discount.push(Paisa(line.discount.0 * sign));
        sales.unit_cost.push(line.unit_cost);
    }
    if sales.first_line.is_empty() {
        sales.first_line.push(0);
    }
    sales.first_line.push(sales.product.len() as u32);
    true
}

/// Puts a receipt at the end; false, and nothing changed, when it is not newer than the last one or names
/// something without a row.
pub(super) fn append(tables: &mut Tables, receipt: &Receipt<'_>, aliases: &Aliases) -> bool {
    let sales = &tables.sales;
    let last = sales.day.last().zip(sales.at.last()).zip(sales.id.last());
    if last.is_some_and(|((&day, &at), &id)| (day, at, id) >= (receipt.day(), receipt.at, receipt.id)) {
        return false;
    }
    let mut sales = std::mem::take(&mut tables.sales);
    let done = push_from_record(&mut sales, tables, receipt, aliases);
    tables.sales = sales;
    done
}
