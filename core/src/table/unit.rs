//! Pieces by IMEI or serial: what each is, where it is now, and all that became of it.
//!
//! Steps of a piece stand in order of (time, document); being written down comes first and coming from a supplier
//! second, whatever a clock says, as nothing can happen to a piece before. How it fails: of two tills, one with a
//! clock far behind, a sale may stand before the return that came before it; the server flags what is sold twice.

use crate::{
    id::{CustomerId, ShopId, UnitId, UserId},
    money::Paisa,
    record::{PtaState, RepairStep, TradeIn, Unit},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// All pieces.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Units {
    /// By id.
    pub rows: Vec<UnitRow>,
    /// IMEI or serial → position in `rows`, by number; of two pieces with one number both stand here.
    pub codes: Vec<(Box<str>, u32)>,
}

/// One piece.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UnitRow {
    /// As it was written down last.
    pub unit: Unit,
    /// What became of it, in order.
    pub steps: Vec<UnitStep>,
    /// How it was bought used or taken in exchange, in order.
    pub trades: Vec<TradeIn>,
    /// Where it is.
    pub place: Place,
    /// Where it is being mended, if it is.
    pub repair: Option<ShopId>,
    /// It was sold while it was not in a shop.
    pub sold_twice: bool,
}

/// Where a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// In a shop.
    Stock(ShopId),
    /// Sold; the step says to whom.
    Sold,
    /// Between two shops.
    Way(ShopId),
    /// Taken out of the books.
    Gone,
}

/// Something that happened to a piece. The order of the fields is the order of steps.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct UnitStep {
    /// 0 written down, 1 from a supplier, 2 all else.
    pub rank: u8,
    /// When.
    pub at: Timestamp,
    /// The document, or the event where it has none.
    pub document: u128,
    /// What.
    pub what: Happened,
    /// Where.
    pub shop: ShopId,
    /// The buyer or the seller, if known.
    pub person: Option<CustomerId>,
    /// Who wrote it, if known.
    pub staff: Option<UserId>,
    /// What was paid for it.
    pub amount: Option<Paisa>,
    /// Printed number of the receipt.
    pub number: Option<Box<str>>,
}

/// What can happen to a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Happened {
    /// Written down first.
    Seen,
    /// From a supplier, or taken over.
    Received,
    /// Bought used, or taken in exchange.
    TradedIn,
    /// Sold.
    Sold,
    /// Brought back.
    Returned,
    /// Sent to another shop.
    Sent,
    /// Came from another shop.
    Arrived,
    /// Taken out by hand.
    TakenOut,
    /// Put back by hand.
    PutBack,
    /// Its tax state changed: position in [`PtaState::ALL`].
    Pta(u8),
    /// Taken in for repair.
    RepairIn,
    /// Mended.
    RepairDone,
    /// Given back.
    RepairOut,
}

impl Happened {
    /// The step of a change of tax state.
    pub fn pta(state: PtaState) -> Self {
        Self::Pta(PtaState::ALL.iter().position(|it| *it == state).unwrap_or_default() as u8)
    }

    /// The tax state that it changed to.
    pub fn state(self) -> Option<PtaState> {
        match self {
            Self::Pta(position) => PtaState::ALL.get(usize::from(position)).copied(),
            _ => None,
        }
    }

    /// The step of a repair.
    pub fn repair(step: RepairStep) -> Self {
        match step {
            RepairStep::Received => Self::RepairIn,
            RepairStep::Done => Self::RepairDone,
            RepairStep::Delivered | RepairStep::GivenUp => Self::RepairOut,
        }
    }
}

impl UnitRow {
    /// Puts the steps in order, of two copies of one document one, and says where the piece is.
    pub fn settle(&mut self) {
        self.steps.sort_unstable();
        let mut seen = std::collections::BTreeSet::new();
        self.steps.retain(|step| seen.insert((step.what, step.document)));
        (self.place, self.repair, self.sold_twice) = (Place::Stock(self.unit.shop), None, false);
        for step in &self.steps {
            match step.what {
                Happened::Seen
                | Happened::Received
                | Happened::TradedIn
                | Happened::Returned
                | Happened::Arrived
                | Happened::PutBack => self.place = Place::Stock(step.shop),
                Happened::Sold => {
                    self.sold_twice = self.place == Place::Sold;
                    self.place = Place::Sold;
                }
                Happened::Sent => self.place = Place::Way(step.shop),
                Happened::TakenOut => self.place = Place::Gone,
                Happened::RepairIn => self.repair = Some(step.shop),
                Happened::RepairOut => self.repair = None,
                Happened::RepairDone | Happened::Pta(_) => {}
            }
        }
    }

    /// The sale that it went with, where it is sold.
    pub fn sale(&self) -> Option<&UnitStep> {
        let last = self.steps.iter().rev().find(|step| step.what == Happened::Sold);
        last.filter(|_| self.place == Place::Sold)
    }

    /// Its numbers.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        [&self.unit.imei1, &self.unit.imei2, &self.unit.serial].into_iter().flatten().map(String::as_str)
    }
}

impl Units {
    /// Position of a piece.
    pub fn position(&self, id: UnitId) -> Option<usize> {
        self.rows.binary_search_by_key(&id, |row| row.unit.id).ok()
    }

    /// The pieces with this very number.
    pub fn with_code<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a UnitRow> {
        let from = self.codes.partition_point(|(known, _)| known.as_ref() < code);
        let same = self.codes[from..].iter().take_while(move |(known, _)| known.as_ref() == code);
        same.map(|(_, row)| &self.rows[*row as usize])
    }
}
