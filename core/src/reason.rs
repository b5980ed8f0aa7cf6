//! Why a decision was made, as data. The app puts it into English, Urdu or Roman Urdu; core never makes a sentence.

use crate::{money::Paisa, time::Day};
use serde::{Deserialize, Serialize};

/// One fact that a decision rests on.
///
/// Externally tagged: answers travel as postcard, which cannot read serde's internal tags.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Sells this many a week.
    SellsPerWeek {
        /// Pieces.
        units: f64,
    },
    /// Stock lasts this long, 80 of 100 times within the range.
    RunsOutInDays {
        /// Soonest.
        lo: f64,
        /// Most likely.
        mid: f64,
        /// Latest; none when beyond the horizon.
        hi: Option<f64>,
    },
    /// Nothing is left.
    OutOfStock,
    /// The supplier takes this long.
    SupplierTakesDays {
        /// Days.
        days: f64,
        /// Learned from arrivals, or only assumed.
        learned: bool,
    },
    /// Already on the way.
    OnOrder {
        /// Pieces.
        units: f64,
    },
    /// No sale for this long: phansa maal.
    NoSaleForDays {
        /// Days.
        days: u32,
    },
    /// Money tied up in it.
    TiedUp {
        /// At cost.
        amount: Paisa,
    },
    /// The shelf was never counted.
    StockUnknown,
    /// Too little history; this many more days unlock an answer.
    TooLittleData {
        /// Days.
        more_days: u32,
    },
    /// Sales run above or below what is usual for this weekday.
    UnusualSales {
        /// The day.
        day: Day,
        /// What was sold.
        actual: Paisa,
        /// What was expected.
        expected: Paisa,
    },
    /// Bought last this long ago, and usually comes this often.
    LastBoughtDays {
        /// Days since.
        days: u32,
        /// Usual gap, if known.
        usual_gap_days: Option<u32>,
    },
    /// Owes this since a day.
    Owes {
        /// Balance.
        amount: Paisa,
        /// Oldest unpaid entry.
        since: Day,
    },
    /// Too new for a forecast of its own: judged by so many products like it.
    JudgedByAlike {
        /// Products.
        products: u32,
    },
    /// The model is near its end, or its successor is out: no more is ordered than will still be sold.
    LifeEnds {
        /// Pieces.
        units_left: f64,
    },
    /// Cut so that the budget holds.
    BudgetCut {
        /// What was suggested before the cut.
        units: f64,
    },
    /// Brings in this share of a year's value (revenue and profit alike).
    BringsShare {
        /// Its own.
        share: f64,
        /// Of those that bring in more.
        above: f64,
    },
    /// Brought in nothing: never sold, or as much came back.
    NothingEarned {
        /// Whether it ever sold.
        sold: bool,
    },
    /// Stands one class higher or lower than by value alone, as its absence would hurt much or little.
    ClassMoved {
        /// Higher.
        up: bool,
    },
    /// Others can stand in for it.
    StandIns {
        /// So many.
        products: u32,
        /// Chance that one of them is taken.
        share: f64,
    },
    /// Nothing on the shelf is like it.
    NoStandIn,
    /// Other goods are bought with each piece.
    PullsGoods {
        /// Worth this much.
        amount: Paisa,
    },
    /// Was asked for and not there.
    AskedInVain {
        /// So often.
        times: u32,
    },
    /// Its weeks differ.
    WeeksSwing {
        /// Standard deviation ÷ mean, season taken out.
        share: f64,
    },
    /// The supplier's days differ.
    SupplierSwings {
        /// Mean.
        days: f64,
        /// Standard deviation.
        sd_days: f64,
    },
    /// What it costs was never written down.
    CostUnknown,
    /// The books say that less than nothing is there.
    BelowZero {
        /// Pieces, negative.
        units: f64,
    },
    /// The shop that lends keeps enough for itself.
    LenderKeeps {
        /// Pieces that stay there.
        units: f64,
        /// What it sells.
        per_week: f64,
    },
    /// A shop sells another amount a day than it used to.
    SalesShifted {
        /// Since this day.
        since: Day,
        /// A day, before.
        before: Paisa,
        /// A day, since then.
        now: Paisa,
    },
    /// A product sold far more or less on a day than was to be expected.
    UnusualPieces {
        /// The day.
        day: Day,
        /// Pieces.
        actual: f64,
        /// Pieces.
        expected: f64,
    },
    /// A product sells at another pace than it used to.
    PiecesShifted {
        /// Since this day.
        since: Day,
        /// Pieces a week, before.
        before: f64,
        /// Pieces a week, since then.
        now: f64,
    },
    /// A count differs from the books.
    CountedOff {
        /// Pieces found.
        counted: f64,
        /// Pieces by the books.
        book: f64,
    },
    /// Goods went at another price than they usually do.
    PriceOff {
        /// For one.
        price: Paisa,
        /// The middle of their own prices of late.
        usual: Paisa,
    },
    /// Somebody gave more discount than they, and others, usually do.
    DiscountsOff {
        /// Share of the day's bills.
        share: f64,
        /// Usual share.
        usual: f64,
    },
    /// A drawer held another sum than it should have.
    DrawerOff {
        /// Found.
        counted: Paisa,
        /// By the books, with what arrived later.
        expected: Paisa,
    },
    /// Cut so that the goods have room.
    StorageCut {
        /// What was suggested before the cut.
        units: f64,
    },
    /// More than wanted, so that the supplier's least order is reached.
    RaisedToMinimum {
        /// What was wanted.
        units: f64,
        /// The least order.
        minimum: Paisa,
    },
    /// Nothing is ordered of a supplier, as its least order is not worth it, or out of reach of money or room.
    BelowMinimum {
        /// The supplier.
        supplier: String,
        /// The least order.
        minimum: Paisa,
        /// Money or room do not reach to it.
        out_of_reach: bool,
    },
    /// Money gave way: so much was wanted, so much is there.
    BudgetShort {
        /// Wanted.
        wanted: Paisa,
        /// There.
        budget: Paisa,
    },
    /// Room gave way: so many pieces were wanted, so many have room.
    StorageShort {
        /// Wanted.
        wanted: f64,
        /// Room.
        room: f64,
    },
    /// An event comes on which more or less than usual is sold.
    EventAhead {
        /// Its name.
        name: String,
        /// Days until it begins.
        days: u32,
    },
    /// What is ordered lasts so long.
    LastsDays {
        /// Days.
        days: f64,
    },
    /// It is sold below its cost: the usual service is kept in place of weighing costs.
    SellsAtLoss,
    /// A successor is likely to come soon: no more is bought at once than until the next look.
    SuccessorNear {
        /// Chance within 91 days.
        chance: f64,
    },
    /// Another product is out, and some of its customers take this one.
    TakesOver {
        /// The other one's name.
        name: String,
        /// Pieces until it is back.
        units: f64,
    },
    /// Such suggestions were changed before, in one direction: this one follows.
    AsYouDecide {
        /// Of what is reckoned.
        share: f64,
    },
    /// Sell it off at this price.
    ClearAt {
        /// Price of one.
        price: Paisa,
        /// What lying here for as long again costs, as a part of the price; not below the least price.
        share: f64,
    },
    /// Offer it together with what is bought most.
    SellWith {
        /// That one's name.
        name: String,
    },
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn reasons_survive_the_workers_wire_form() {
        let reasons = vec![
            Reason::OutOfStock,
            Reason::RunsOutInDays { lo: 1.0, mid: 2.5, hi: None },
            Reason::TiedUp { amount: Paisa(7) },
        ];
        let bytes = postcard::to_allocvec(&reasons).unwrap_or_default();
        assert_eq!(postcard::from_bytes(&bytes), Ok(reasons));
    }
}
