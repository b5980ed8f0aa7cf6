//! The day at the counter: what should lie in the drawer and why, floats, profit, staff, past closings.
//!
//! Question answered: if the drawer were counted now, what would it hold? Input: the tables, the shop, the instant.
//! Output: [`DayAnswer`], exact to the paisa. A drawer is what its last count found and what moved since
//! ([`Tables::cash`]); a shop has one drawer, whichever till takes the money. A closing says what the counting device
//! knew; what was written down for its time and arrived later is shown beside it ([`Closed::late`]) and changes neither
//! the closing nor the drawer. Profit counts lines whose cost is known; the others are named, not guessed.
//!
//! Days are the shop's calendar days; only the drawer's day goes on until five in the morning, for shops that close
//! after midnight. How it fails: records dated after the present day wait until it has come.

mod drawer;
mod profit;

pub use super::staff::StaffDay;
pub(super) use drawer::closed;
pub use drawer::{Act, Base, Closed, Entry, Float};
pub use profit::{Profit, Unknown};

use crate::{
    id::{DocumentId, ShopId},
    money::{Currency, Paisa},
    record::{CashSums, Closing, PaymentMethod},
    table::Tables,
    time::{Day, Period, Timestamp, Zone},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Answer to `Task::Day`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DayAnswer {
    /// Which shop.
    pub shop: ShopId,
    /// Its name.
    pub shop_name: String,
    /// What amounts are in.
    pub currency: Currency,
    /// Its local time.
    pub zone: Zone,
    /// The day that a closing made now would close.
    pub day: Day,
    /// The count that the drawer stands on, if it was ever counted.
    pub base: Option<Base>,
    /// The notes it found: denomination in rupees and pieces.
    pub notes: Vec<(u32, u32)>,
    /// What moved after this instant is in `sums`.
    pub since: Timestamp,
    /// The newest of what is in `sums`: a count made now is not dated before it.
    pub until: Timestamp,
    /// What moved since the count, by cause.
    pub sums: CashSums,
    /// What should lie in the drawer.
    pub expected: Paisa,
    /// Balances of wallets.
    pub floats: Vec<Float>,
    /// What was written down by hand today, newest first.
    pub entries: Vec<Entry>,
    /// Tenders other than cash today, net.
    pub tenders: Vec<(PaymentMethod, Paisa)>,
    /// Today's profit.
    pub profit: Profit,
    /// Today's expenses by category, most first.
    pub expenses: Vec<(String, Paisa)>,
    /// Who sold and who came today.
    pub staff: Vec<StaffDay>,
    /// Past closings, newest first.
    pub closings: Vec<Closed>,
}

impl DayAnswer {
    /// The closing that the drawer stands on, where this day has been closed already.
    pub fn closed(&self) -> Option<&Closed> {
        let base = self.base.filter(|base| !base.opening && base.day == self.day)?;
        self.closings.first().filter(|closed| closed.at == base.at)
    }

    /// The record of a count made now: it says what this answer knew.
    pub fn count(
        &self,
        id: DocumentId,
        now: Timestamp,
        opening: bool,
        denominations: BTreeMap<u32, u32>,
    ) -> Closing {
        let rupees = |(&note, &pieces): (&u32, &u32)| Paisa::rupees(i64::from(note) * i64::from(pieces));
        Closing {
            id,
            shop: self.shop,
            day: self.day,
            expected: self.expected,
            counted: denominations.iter().map(rupees).sum(),
            denominations,
            staff: None,
            // Another till's clock may run ahead: what it wrote is counted already.
            at: now.max(self.until),
            opening,
            since: Some(self.since),
            sums: Some(self.sums.clone()),
            floats: BTreeMap::new(),
            note: String::new(),
        }
    }
}

/// Answers `Task::Day`; `shop` is a position.
pub fn answer(tables: &Tables, shop: usize, now: Timestamp) -> DayAnswer {
    let row = &tables.shops[shop];
    let drawer = drawer::Drawer::of(tables, shop, now);
    let day = drawer.day;
    let (expected, expenses) = (drawer.expected(), profit::expenses(tables, shop, day));
    DayAnswer {
        shop: row.id,
        shop_name: row.name.clone(),
        currency: row.currency,
        zone: row.zone,
        day,
        base: drawer.base,
        notes: drawer.notes,
        since: drawer.since,
        until: drawer.until,
        expected,
        sums: drawer.sums,
        floats: drawer::floats(tables, shop),
        entries: drawer::entries(tables, shop, day),
        tenders: profit::tenders(tables, shop, day),
        profit: profit::profit(tables, shop, day, &expenses),
        expenses,
        staff: super::staff::figures(tables, shop, Period { from: day, to: day }),
        closings: drawer::closings(tables, shop),
    }
}
