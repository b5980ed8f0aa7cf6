//! Papers of the counter: what stands on a receipt, a return's slip and a quotation; what may come back; dots for a
//! thermal printer; the QR code.
//!
//! Question: what does a paper say, and in which order? Input: the record, the names that its ids stand for and what is
//! owed. Output: [`Document`], whose amounts are all worked out; words and languages are the page's. Assumption: names
//! were opened for the one who looks. How it fails: what is not known is left out, never guessed.

pub mod escpos;
pub mod qr;
pub mod refund;

use crate::{
    id::{CustomerId, DocumentId, SaleId, ShopId, UnitId},
    money::Paisa,
    quantity::Quantity,
    record::{Payment, PaymentMethod, Quotation, QuotationEnd, Return, Sale, SaleLine},
    time::{Timestamp, Zone},
};
use std::collections::BTreeMap;

/// Which paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Goods went out.
    Sale,
    /// Goods came back.
    Return,
    /// A price was promised.
    Quotation,
}

/// A record that has a paper.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each variant is its struct, documented there")]
pub enum Written {
    Sale(Sale),
    Return(Return),
    Quotation(Quotation),
}

impl Written {
    /// Which paper.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Sale(_) => Kind::Sale,
            Self::Return(_) => Kind::Return,
            Self::Quotation(_) => Kind::Quotation,
        }
    }

    /// Its lines.
    pub fn lines(&self) -> &[SaleLine] {
        match self {
            Self::Sale(it) => &it.lines,
            Self::Return(it) => &it.lines,
            Self::Quotation(it) => &it.lines,
        }
    }

    /// How it was paid, or refunded.
    pub fn payments(&self) -> &[Payment] {
        match self {
            Self::Sale(it) => &it.payments,
            Self::Return(it) => &it.payments,
            Self::Quotation(_) => &[],
        }
    }

    /// Where.
    pub fn shop(&self) -> ShopId {
        match self {
            Self::Sale(it) => it.shop,
            Self::Return(it) => it.shop,
            Self::Quotation(it) => it.shop,
        }
    }

    /// Its printed number.
    pub fn number(&self) -> &str {
        match self {
            Self::Sale(it) => &it.number,
            Self::Return(it) => &it.number,
            Self::Quotation(it) => &it.number,
        }
    }

    /// When.
    pub fn at(&self) -> Timestamp {
        match self {
            Self::Sale(it) => it.at,
            Self::Return(it) => it.at,
            Self::Quotation(it) => it.at,
        }
    }

    /// For whom, if known.
    pub fn customer(&self) -> Option<CustomerId> {
        match self {
            Self::Sale(it) => it.customer,
            Self::Return(it) => it.customer,
            Self::Quotation(it) => it.customer,
        }
    }

    /// Its id as text, as it stands in an address.
    pub fn id(&self) -> String {
        match self {
            Self::Sale(it) => it.id.to_string(),
            Self::Return(it) => it.id.to_string(),
            Self::Quotation(it) => it.id.to_string(),
        }
    }

    /// Whether it is the record that this id names.
    pub fn is(&self, id: Wanted) -> bool {
        match (self, id) {
            (Self::Sale(it), Wanted::Receipt(id)) => it.id == id,
            (Self::Return(it), Wanted::Receipt(id)) => it.id == id,
            (Self::Quotation(it), Wanted::Quotation(id)) => it.id == id,
            _ => false,
        }
    }

    /// What the lines come to.
    pub fn total(&self) -> Paisa {
        self.lines().iter().map(|line| line.amount).sum()
    }

    /// Whether a quotation still waits for an answer; of anything else nothing is waited for.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Quotation(Quotation { ended: None, .. }))
    }

    /// Whether a quotation was dropped or put on a bill.
    pub fn ended(&self) -> Option<QuotationEnd> {
        if let Self::Quotation(it) = self { it.ended } else { None }
    }
}

/// Which paper is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A sale or a return.
    Receipt(SaleId),
    /// A quotation.
    Quotation(DocumentId),
}

/// What a search among papers asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// As typed: part of a number, or an amount in whole rupees.
    pub text: String,
    /// Customers whose name or phone was meant.
    pub customers: Vec<CustomerId>,
    /// Pieces whose IMEI was meant.
    pub units: Vec<UnitId>,
}

impl Search {
    /// Whether a paper is meant. Nothing typed means all.
    pub fn finds(&self, paper: &Written) -> bool {
        let text = self.text.trim();
        if text.is_empty() {
            return true;
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let is_amount = text.chars().all(|it| it.is_ascii_digit() || ",. Rs".contains(it));
        let amount = digits.parse::<i64>().ok().filter(|_| is_amount);
        let has_unit =
            paper.lines().iter().flat_map(|line| &line.units).any(|unit| self.units.contains(unit));
        has_unit
            || paper.number().to_ascii_lowercase().contains(&text.to_ascii_lowercase())
            || amount.is_some_and(|amount| paper.total().0 / 100 == amount)
            || paper.customer().is_some_and(|customer| self.customers.contains(&customer))
    }
}

/// One line of a paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What, as people call it.
    pub name: String,
    /// How many.
    pub quantity: Quantity,
    /// Price of one before the discount.
    pub unit_price: Paisa,
    /// Taken off the line.
    pub discount: Paisa,
    /// To be paid for it.
    pub amount: Paisa,
    /// IMEIs or serials of its pieces.
    pub imeis: Vec<String>,
}

/// A part of what was paid or refunded, as a paper says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tender {
    /// By this.
    Paid(PaymentMethod),
    /// With goods that came back, or for goods that went out in their place.
    Exchanged,
}

/// All that a paper says, in figures and names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Which paper.
    pub kind: Kind,
    /// Its number.
    pub number: String,
    /// When, and the shop's local time then.
    pub at: (Timestamp, Zone),
    /// The customer's name.
    pub customer: Option<String>,
    /// What.
    pub lines: Vec<Line>,
    /// Taken off all lines together.
    pub discount: Paisa,
    /// To be paid, or refunded.
    pub total: Paisa,
    /// In which parts; what was handed over, where it was more.
    pub tenders: Vec<(Tender, Paisa)>,
    /// Went back as change.
    pub change: Paisa,
    /// What the customer owes in all, where this paper is of udhaar and the khata is known.
    pub owed: Option<Paisa>,
    /// The number of the sale that came back, or of the return that paid for this.
    pub about: Option<String>,
    /// Until when a quotation holds.
    pub valid_until: Option<Timestamp>,
}

/// What ids on a record stand for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Of each line's product, in order.
    pub lines: Vec<String>,
    /// IMEI or serial of pieces.
    pub imeis: BTreeMap<UnitId, String>,
    /// The customer's name.
    pub customer: Option<String>,
    /// What they owe.
    pub balance: Option<Paisa>,
    /// See [`Document::about`].
    pub about: Option<String>,
    /// What was exchanged: of a sale, the value that came back for it; of a return, the bill it went to.
    pub exchanged: Paisa,
}

/// What of two papers is the same money: it left and came in one step.
pub fn exchanged(sold: Paisa, returned: Paisa) -> Paisa {
    sold.min(returned)
}

/// Works a record out for paper.
pub fn document(record: &Written, zone: Zone, names: Names) -> Document {
    let line = |(index, line): (usize, &SaleLine)| Line {
        name: names.lines.get(index).cloned().unwrap_or_default(),
        quantity: line.quantity,
        unit_price: line.unit_price,
        discount: line.discount,
        amount: line.amount,
        imeis: line.units.iter().filter_map(|unit| names.imeis.get(unit).cloned()).collect(),
    };
    let handed = |payment: &Payment| payment.tendered.unwrap_or(payment.amount);
    let mut exchanged = names.exchanged;
    let mut tenders: Vec<(Tender, Paisa)> = Vec::new();
    if exchanged > Paisa::ZERO {
        tenders.push((Tender::Exchanged, exchanged));
    }
    for payment in record.payments() {
        let mut amount = handed(payment);
        // What was exchanged stands as cash in both records, and is said once.
        if payment.method == PaymentMethod::Cash && exchanged > Paisa::ZERO {
            let part = exchanged.min(amount);
            (amount, exchanged) = (amount - part, exchanged - part);
        }
        if amount > Paisa::ZERO {
            tenders.push((Tender::Paid(payment.method), amount));
        }
    }
    let of_udhaar = record.payments().iter().any(|payment| is_credit(payment.method));
    Document {
        kind: record.kind(),
        number: record.number().to_owned(),
        at: (record.at(), zone),
        customer: names.customer.clone(),
        discount: record.lines().iter().map(|line| line.discount).sum(),
        total: record.total(),
        tenders,
        change: record.payments().iter().map(|payment| handed(payment) - payment.amount).sum(),
        owed: names.balance.filter(|_| of_udhaar),
        about: names.about.clone(),
        valid_until: if let Written::Quotation(it) = record { Some(it.valid_until) } else { None },
        lines: record.lines().iter().enumerate().map(line).collect(),
    }
}

/// Whether this is owed, not paid.
fn is_credit(method: PaymentMethod) -> bool {
    matches!(method, PaymentMethod::Credit | PaymentMethod::Instalment)
}
