//! Sales lines one by one, for whoever keeps them elsewhere (the server's SQL): what this gives sums to the
//! same figures as the tables' columns.

use crate::{
    id::{CustomerId, ProductId, SaleId, ShopId, UserId},
    money::Paisa,
    quantity::Quantity,
    record::{Payment, Record, SaleLine},
    table::{NONE, ReceiptKind, segment::Segment},
    time::{Day, Timestamp, Zone},
};

/// One line of a sale or return, signed: lines of returns are negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SaleLineRow<'a> {
    /// Which sale or return.
    pub sale: SaleId,
    /// Which of the two.
    pub kind: ReceiptKind,
    /// Where.
    pub shop: ShopId,
    /// When.
    pub at: Timestamp,
    /// The shop's calendar day.
    pub day: Day,
    /// Printed number.
    pub number: &'a str,
    /// Who bought, as written: a later merge of customers is not applied here.
    pub customer: Option<CustomerId>,
    /// 0-based position on the receipt.
    pub line: u32,
    /// What.
    pub product: ProductId,
    /// How many.
    pub quantity: Quantity,
    /// Price of one before the discount.
    pub unit_price: Paisa,
    /// Amount after the discount.
    pub amount: Paisa,
    /// Taken off the line.
    pub discount: Paisa,
    /// What one cost, if known.
    pub unit_cost: Option<Paisa>,
}

/// What sales and returns have in common.
#[derive(Clone, Copy, Debug)]
pub(super) struct Receipt<'a> {
    pub id: SaleId,
    pub kind: ReceiptKind,
    pub shop: ShopId,
    pub at: Timestamp,
    pub zone: Zone,
    pub number: &'a str,
    pub customer: Option<CustomerId>,
    pub staff: Option<UserId>,
    /// Of a return: the sale whose goods came back.
    pub of: Option<SaleId>,
    pub lines: &'a [SaleLine],
    pub payments: &'a [Payment],
}

impl<'a> Receipt<'a> {
    /// The receipt in a record, if it is one.
    pub fn of(record: &'a Record) -> Option<Self> {
        match record {
            Record::Sale(sale) => Some(Self {
                id: sale.id,
                kind: ReceiptKind::Sale,
                shop: sale.shop,
                at: sale.at,
                zone: sale.zone,
                number: &sale.number,
                customer: sale.customer,
                staff: sale.staff,
                of: None,
                lines: &sale.lines,
                payments: &sale.payments,
            }),
            Record::Return(back) => Some(Self {
                id: back.id,
                kind: ReceiptKind::Return,
                shop: back.shop,
                at: back.at,
                zone: back.zone,
                number: &back.number,
                customer: back.customer,
                staff: back.staff,
                of: back.original,
                lines: &back.lines,
                payments: &back.payments,
            }),
            _ => None,
        }
    }

    /// −1 for returns.
    pub fn sign(&self) -> i64 {
        match self.kind {
            ReceiptKind::Sale => 1,
            ReceiptKind::Return => -1,
        }
    }

    pub fn day(&self) -> Day {
        self.at.day(self.zone)
    }
}

/// The lines of a sale or return; none for any other record.
pub fn sale_lines_of(record: &Record) -> Vec<SaleLineRow<'_>> {
    let Some(receipt) = Receipt::of(record) else { return Vec::new() };
    let sign = receipt.sign();
    let row = |(line, it): (usize, &SaleLine)| SaleLineRow {
        sale: receipt.id,
        kind: receipt.kind,
        shop: receipt.shop,
        at: receipt.at,
        day: receipt.day(),
        number: receipt.number,
        customer: receipt.customer,
        line: line as u32,
        product: it.product,
        quantity: Quantity(it.quantity.0 * sign),
        unit_price: it.unit_price,
        amount: Paisa(it.amount.0 * sign),
        discount: Paisa(it.discount.0 * sign),
        unit_cost: it.unit_cost,
    };
    receipt.lines.iter().enumerate().map(row).collect()
}

/// The lines of a segment, receipt by receipt.
pub fn lines_of_segment(segment: &Segment) -> impl Iterator<Item = SaleLineRow<'_>> {
    (0..segment.receipts()).flat_map(move |receipt| {
        let lines = segment.lines_of(receipt);
        let first = lines.start;
        lines.map(move |line| SaleLineRow {
            sale: segment.id[receipt],
            kind: segment.kind[receipt],
            shop: segment.shop,
            at: segment.at[receipt],
            day: segment.at[receipt].day(segment.zone),
            number: &segment.number[receipt],
            customer: match segment.customer[receipt] {
                NONE => None,
                customer => segment.customers.get(customer as usize).map(|row| row.id),
            },
            line: (line - first) as u32,
            product: segment.products[segment.product[line] as usize].id,
            quantity: segment.quantity[line],
            unit_price: segment.unit_price[line],
            amount: segment.amount[line],
            discount: segment.discount_of(line),
            unit_cost: segment.cost_of(line),
        })
    })
}
