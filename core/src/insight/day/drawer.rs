//! The drawer between its counts, the floats, what was written down by hand, past closings.

use crate::{
    id::DocumentId,
    money::Paisa,
    record::{CashSums, Closing, PaymentMethod, Service, ServiceKind, Wallet},
    table::{CashRow, Tables},
    time::{Day, Timestamp},
};
use serde::{Deserialize, Serialize};

/// Closings listed.
const LISTED: usize = 30;
/// Until this hour the drawer's day is the one before.
const NIGHT_ENDS: u8 = 5;

/// The count that a drawer stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Base {
    /// When.
    pub at: Timestamp,
    /// Of which day.
    pub day: Day,
    /// Before the first customer, or after the last.
    pub opening: bool,
    /// What was in it.
    pub counted: Paisa,
    /// What should have been; none of a first count, which has nothing to be held against.
    pub expected: Option<Paisa>,
}

impl Base {
    fn of(it: &Closing, is_first: bool) -> Self {
        let Closing { at, day, opening, counted, expected, .. } = *it;
        Self { at, day, opening, counted, expected: (!is_first).then_some(expected) }
    }
}

/// A wallet's balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Float {
    /// Which.
    pub wallet: Wallet,
    /// What is in it; none where it was never looked up.
    pub balance: Option<Paisa>,
    /// What services moved since it was looked up.
    pub moved: Paisa,
}

/// What a hand writes down beside sales; amounts as in the records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Act {
    /// Kharcha.
    Expense {
        /// For what.
        category: String,
        /// How much.
        amount: Paisa,
        /// Out of what; none: the drawer.
        paid: Option<PaymentMethod>,
    },
    /// Cash in or out.
    Movement {
        /// Why.
        reason: String,
        /// Positive into the drawer.
        amount: Paisa,
    },
    /// Easyload and wallets.
    Service {
        /// What.
        kind: ServiceKind,
        /// Which balance.
        wallet: Option<Wallet>,
        /// Positive: the customer gave cash.
        amount: Paisa,
        /// What was earned.
        commission: Paisa,
        /// Of it over the counter.
        fee: Paisa,
        /// How it was paid; none: cash.
        paid: Option<PaymentMethod>,
    },
}

impl Act {
    /// What takes it back.
    pub fn counter(self) -> Self {
        match self {
            Self::Expense { category, amount, paid } => Self::Expense { category, amount: -amount, paid },
            Self::Movement { reason, amount } => Self::Movement { reason, amount: -amount },
            Self::Service { kind, wallet, amount, commission, fee, paid } => {
                Self::Service { kind, wallet, amount: -amount, commission: -commission, fee: -fee, paid }
            }
        }
    }
}

/// Something that was written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Which document.
    pub id: DocumentId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub act: Act,
    /// What it did to the drawer.
    pub cash: Paisa,
    /// It was taken back, or takes one back itself.
    pub undone: bool,
}

/// A closing and what has become of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// Which day.
    pub day: Day,
    /// When.
    pub at: Timestamp,
    /// What the drawer began with.
    pub began: Paisa,
    /// What moved, as the counting device knew it; empty where it did not say.
    pub sums: CashSums,
    /// What should have been there.
    pub expected: Paisa,
    /// What was.
    pub counted: Paisa,
    /// What was said to it.
    pub note: String,
    /// Balances that were looked up.
    pub floats: Vec<(Wallet, Paisa)>,
    /// What was written down for its time and was not known to it: more than in `sums`, by cause.
    pub late: CashSums,
}

impl Closed {
    /// More than expected, or less.
    pub fn difference(&self) -> Paisa {
        self.counted - self.expected
    }

    /// What arrived later, in all.
    pub fn late_amount(&self) -> Paisa {
        self.late.values().map(|sum| sum.amount).sum()
    }
}

/// A shop's drawer as of now.
pub struct Drawer {
    pub day: Day,
    pub base: Option<Base>,
    pub notes: Vec<(u32, u32)>,
    pub since: Timestamp,
    pub until: Timestamp,
    pub sums: CashSums,
}

impl Drawer {
    /// The newest count of the days until now, and what moved after it.
    pub fn of(tables: &Tables, shop: usize, now: Timestamp) -> Self {
        let zone = tables.zone(Some(shop));
        let today = now.day(zone);
        let midnight = Day(today.0 + 1).start(zone);
        let mut known = counts(tables, shop).rev().filter(|it| it.at < midnight);
        let (count, before) = (known.next(), known.next());
        let base = count.map(|it| Base::of(it, before.is_none()));
        let yesterday = Day(today.0 - 1);
        let is_night = now.hour(zone) < NIGHT_ENDS
            && base.is_some_and(
                |base| {
                    if base.opening { base.day == yesterday } else { base.day < yesterday }
                },
            );
        // Nobody knows what lay in a drawer that was never counted: it begins with the day.
        let since = base.map_or(Timestamp(today.start(zone).0 - 1), |base| base.at);
        let until = Timestamp(midnight.0 - 1);
        let newest = moved(tables, shop, since, until).map(|row| row.at).max().unwrap_or(since);
        Self {
            day: if is_night { yesterday } else { today },
            base,
            notes: count
                .map(|it| it.denominations.iter().map(|(&note, &pieces)| (note, pieces)).collect())
                .unwrap_or_default(),
            since,
            until: newest,
            sums: sums(tables, shop, since, until),
        }
    }

    /// What should lie in it.
    pub fn expected(&self) -> Paisa {
        self.base.map_or(Paisa::ZERO, |base| base.counted) + self.sums.values().map(|sum| sum.amount).sum()
    }
}

fn counts(tables: &Tables, shop: usize) -> impl DoubleEndedIterator<Item = &Closing> {
    let id = tables.shops[shop].id;
    tables.day.counts.iter().filter(move |it| it.shop == id)
}

/// What moved in a drawer after an instant, until another.
fn moved(tables: &Tables, shop: usize, since: Timestamp, until: Timestamp) -> impl Iterator<Item = &CashRow> {
    let place = |at: Timestamp| tables.cash.partition_point(|row| (row.shop as usize, row.at) <= (shop, at));
    // A count may say that it builds on a later one.
    let range = place(since.min(until))..place(until);
    tables.cash[range].iter().filter(|row| !row.counted())
}

fn sums(tables: &Tables, shop: usize, since: Timestamp, until: Timestamp) -> CashSums {
    let mut sums = CashSums::new();
    for row in moved(tables, shop, since, until) {
        let Some(cause) = row.cause else { continue };
        let sum = sums.entry(cause).or_default();
        sum.count += 1;
        sum.amount += row.amount;
    }
    sums
}

/// Balances: what was looked up last, and what services moved since.
pub fn floats(tables: &Tables, shop: usize) -> Vec<Float> {
    let id = tables.shops[shop].id;
    let one = |wallet: Wallet| {
        let known = counts(tables, shop).rev().find_map(|it| Some((it.at, *it.floats.get(&wallet)?)));
        let moved = tables.day.services.iter().filter(|it| it.shop == id && it.moves() == Some(wallet));
        let moved: Paisa =
            moved.filter(|it| known.is_none_or(|(at, _)| it.at > at)).map(Service::float).sum();
        Float { wallet, balance: known.map(|(_, balance)| balance + moved), moved }
    };
    Wallet::ALL.map(one).to_vec()
}

/// What was written down by hand on a day or after it, newest first.
pub fn entries(tables: &Tables, shop: usize, day: Day) -> Vec<Entry> {
    let (id, book) = (tables.shops[shop].id, &tables.day);
    let from = day.start(tables.zone(Some(shop)));
    let mut all = Vec::new();
    let mut taken_back = Vec::new();
    let mut add = |of, at, document, undoes: Option<DocumentId>, cash, act| {
        taken_back.extend(undoes);
        if of == id && at >= from {
            all.push(Entry { id: document, at, act, cash, undone: undoes.is_some() });
        }
    };
    for it in &book.expenses {
        let (category, amount, paid) = (it.category.clone(), it.amount, it.paid);
        add(it.shop, it.at, it.id, it.undoes, it.cash(), Act::Expense { category, amount, paid });
    }
    for it in &book.movements {
        let (reason, amount) = (it.reason.clone(), it.amount);
        add(it.shop, it.at, it.id, it.undoes, amount, Act::Movement { reason, amount });
    }
    for it in &book.services {
        let &Service { kind, wallet, amount, commission, fee, paid, .. } = it;
        let act = Act::Service { kind, wallet, amount, commission, fee, paid };
        add(it.shop, it.at, it.id, it.undoes, it.cash(), act);
    }
    for entry in &mut all {
        entry.undone |= taken_back.contains(&entry.id);
    }
    crate::order::by_key(&mut all, |entry| (std::cmp::Reverse(entry.at), entry.id));
    all
}

/// Past closings, newest first.
pub fn closings(tables: &Tables, shop: usize) -> Vec<Closed> {
    let closings = counts(tables, shop).rev().filter(|it| !it.opening).take(LISTED);
    closings.map(|it| closed(tables, shop, it)).collect()
}

pub(in crate::insight) fn closed(tables: &Tables, shop: usize, it: &Closing) -> Closed {
    let known = it.sums.clone().unwrap_or_default();
    let mut late = CashSums::new();
    if let Some(since) = it.since {
        late = sums(tables, shop, since, it.at);
        for (cause, known) in &known {
            let sum = late.entry(*cause).or_default();
            sum.count -= known.count;
            sum.amount = sum.amount - known.amount;
        }
        late.retain(|_, sum| sum.count != 0 || sum.amount != Paisa::ZERO);
    }
    Closed {
        day: it.day,
        at: it.at,
        began: it.expected - known.values().map(|sum| sum.amount).sum(),
        sums: known,
        expected: it.expected,
        counted: it.counted,
        note: it.note.clone(),
        floats: it.floats.iter().map(|(&wallet, &balance)| (wallet, balance)).collect(),
        late,
    }
}
