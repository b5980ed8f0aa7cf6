//! The first screen: what a shopkeeper asks first, the trend with its band, at most five ranked actions.

use crate::{
    demand::DemandForecast,
    id::{CustomerId, ProductId, ShopId},
    inventory::reorder::Urgency,
    money::{Currency, Paisa},
    quantity::Quantity,
    reason::Reason,
    time::{Day, Timestamp},
};
use serde::{Deserialize, Serialize};

/// Answer to `Task::Today`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Today {
    /// Which shop; none for all.
    pub shop: Option<ShopId>,
    /// Its name, or the shops' names.
    pub shop_name: String,
    /// What amounts are in.
    pub currency: Currency,
    /// The day it was asked for.
    pub day: Day,
    /// Last day with a sale; figures of an imported past stand beside it.
    pub last_sale_day: Option<Day>,
    /// Cash in the galla, where cash is kept.
    pub cash: Option<Paisa>,
    /// Wasooli: customers owe this in all.
    pub receivable: Paisa,
    /// Of it, past its due day.
    pub overdue: Paisa,
    /// The shop owes suppliers.
    pub payable: Paisa,
    /// Sales of the day so far.
    pub sales: Compared,
    /// Bachat: profit of the day so far, where costs are known.
    pub profit: Option<Compared>,
    /// Pieces sold so far.
    pub pieces: Compared,
    /// Revenue ahead with its band; the history shown beside it.
    pub trend: DemandForecast,
    /// At most five, by rupees at stake.
    pub actions: Vec<Action>,
    /// Products, customers and receipts behind all this.
    pub counts: Counts,
    /// When the newest record was written: the age of the data.
    pub newest_record: Option<Timestamp>,
}

/// A figure beside the same weekday a week before (up to the same time of day).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// Today: paisa, or thousandths of a piece.
    pub now: i64,
    /// The same weekday last week up to the same hour.
    pub before: i64,
}

/// How much data there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Products.
    pub products: u64,
    /// Customers.
    pub customers: u64,
    /// Receipts.
    pub receipts: u64,
    /// Lines.
    pub lines: u64,
    /// Days with a sale.
    pub days: u64,
}

/// One thing to do, with its rupees and its reasons.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Action {
    /// What.
    pub kind: ActionKind,
    /// Money at stake.
    pub amount: Paisa,
    /// How urgent.
    pub urgency: Urgency,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ActionKind {
    /// Order this.
    Order {
        /// Which product.
        product: ProductId,
        /// Its name.
        name: String,
        /// How many.
        quantity: Quantity,
    },
    /// Clear this: it does not sell.
    Clear {
        /// Which product.
        product: ProductId,
        /// Its name.
        name: String,
        /// How many lie there.
        quantity: Quantity,
    },
    /// Collect this debt.
    Collect {
        /// Who.
        customer: CustomerId,
    },
    /// Call customers who are slipping away.
    WinBack {
        /// How many.
        customers: u64,
    },
    /// Count what was never counted.
    CountStock {
        /// Products.
        products: u64,
    },
    /// Look at a day that was not like others.
    LookAt {
        /// The day.
        day: Day,
    },
}
