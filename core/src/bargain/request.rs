//! What the owner was asked, with what the owner has to know to say yes or no.

use crate::{
    id::{DocumentId, ShopId, UserId},
    money::{Currency, Paisa},
    quantity::Quantity,
    record::AskedLine,
    table::Tables,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// The owner's word holds for half an hour from the question on.
pub const HOLDS_MS: i64 = 30 * 60 * 1_000;

/// Answer to `Task::Approvals`: questions of the last half hour, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approvals {
    /// The questions.
    pub requests: Vec<Request>,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Which question.
    pub id: DocumentId,
    /// Where.
    pub shop: ShopId,
    /// Its name.
    pub shop_name: String,
    /// What amounts are in.
    pub currency: Currency,
    /// When it was asked.
    pub at: Timestamp,
    /// Until when an answer is of use.
    pub until: Timestamp,
    /// Who asked, if signed in.
    pub user: Option<UserId>,
    /// The bill.
    pub lines: Vec<RequestLine>,
    /// What it is to come to.
    pub total: Paisa,
    /// Total less cost, of the lines whose cost is known.
    pub margin: Paisa,
    /// Lines whose cost is not known.
    pub unknown: u64,
    /// The owner's answer.
    pub answer: Option<bool>,
    /// Some sale has used it.
    pub used: bool,
}

/// A line of the bill, with what is known of its goods now; amounts are the whole line's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestLine {
    /// As it was asked.
    pub asked: AskedLine,
    /// At the list price.
    pub list: Option<Paisa>,
    /// At the floor.
    pub floor: Option<Paisa>,
    /// What it cost.
    pub cost: Option<Paisa>,
}

impl Request {
    /// Whether this is the owner's yes to this very bill, not used and still of use.
    pub fn allows(&self, bill: &[AskedLine], now: Timestamp) -> bool {
        self.answer == Some(true) && !self.used && now <= self.until && covers(self, bill)
    }

    /// Whether the owner's word is awaited.
    pub fn waits(&self, now: Timestamp) -> bool {
        self.answer.is_none() && !self.used && now <= self.until
    }
}

/// Whether a question was about this very bill.
pub fn covers(request: &Request, bill: &[AskedLine]) -> bool {
    same_bill(request.lines.iter().map(|line| &line.asked), bill.iter())
}

/// Whether two bills have the same goods at the same amounts, in whatever order and under whatever names.
pub fn same_bill<'a>(
    one: impl Iterator<Item = &'a AskedLine>,
    other: impl Iterator<Item = &'a AskedLine>,
) -> bool {
    type Key = (u128, Quantity, Paisa);
    let key = |line: &AskedLine| (line.product.as_u128(), line.quantity, line.amount);
    let (mut one, mut other): (Vec<Key>, Vec<Key>) = (one.map(key).collect(), other.map(key).collect());
    crate::order::by(&mut one, Ord::cmp);
    crate::order::by(&mut other, Ord::cmp);
    one == other
}

/// Answers `Task::Approvals`; `shop` is a position.
pub fn approvals(tables: &Tables, shop: Option<usize>, now: Timestamp) -> Approvals {
    let here = shop.map(|shop| tables.shops[shop].id);
    let rows = (tables.approvals.iter())
        .filter(|row| here.is_none_or(|here| row.shop == here) && row.at.0.saturating_add(HOLDS_MS) >= now.0);
    let request = |row: &crate::table::approval::ApprovalRow| {
        let position = tables.shop(row.shop);
        let lines: Vec<RequestLine> = row.lines.iter().map(|asked| known(tables, asked)).collect();
        let margin = |line: &RequestLine| line.cost.map(|cost| line.asked.amount - cost);
        Request {
            id: row.id,
            shop: row.shop,
            shop_name: position.map(|shop| tables.shops[shop].name.clone()).unwrap_or_default(),
            currency: tables.currency(position),
            at: row.at,
            until: Timestamp(row.at.0.saturating_add(HOLDS_MS)),
            user: row.user,
            total: lines.iter().map(|line| line.asked.amount).sum(),
            margin: lines.iter().filter_map(margin).sum(),
            unknown: lines.iter().filter(|line| line.cost.is_none()).count() as u64,
            lines,
            answer: row.answer,
            used: row.used.is_some(),
        }
    };
    Approvals { requests: rows.map(request).collect() }
}

fn known(tables: &Tables, asked: &AskedLine) -> RequestLine {
    let row = tables.product(asked.product).map(|product| &tables.products[product]);
    let whole = |each: Option<Paisa>| each.and_then(|each| asked.quantity.times(each));
    RequestLine {
        list: whole(row.and_then(|row| row.price)),
        floor: whole(row.and_then(|row| row.floor)),
        cost: whole(row.and_then(|row| row.cost)),
        asked: asked.clone(),
    }
}
