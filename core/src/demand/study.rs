//! Long work in pieces: plain data that a helper without a database can do, one after the other, and that need not be
//! done again while nothing in it has changed.
//!
//! A [`Piece`] is what one answer needs of one product's past, or of one kind of goods; [`Piece::hash`] stands for all of
//! it. [`Studies`] keeps what was found. An answer that finds a piece missing leaves that part out and says how much it
//! rests on.

use super::{
    Batch,
    by_product::{GoodsLearned, GoodsWork, TooFew},
    past::PastForecast,
    sales_forecast::{DailyLearned, DailyWork, TooFewDays},
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Piece {
    /// Forecasts of one series from past days.
    Past(Batch),
    /// The next month of a kind of goods from the seed's eight inputs.
    Goods(GoodsWork),
    /// The next four weeks of all products from the seed's daily columns.
    Daily(DailyWork),
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Found {
    /// In the order of the works; none where the models found the history too short.
    Past(Vec<Option<PastForecast>>),
    /// Of a kind of goods.
    Goods(Result<GoodsLearned, TooFew>),
    /// Of all products.
    Daily(Result<DailyLearned, TooFewDays>),
}

impl Piece {
    /// Equal for equal pieces, on every machine.
    pub fn hash(&self) -> u64 {
        // plain data always serialises
        let bytes = postcard::to_allocvec(self).unwrap_or_default();
        let add = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        bytes.iter().fold(0xcbf2_9ce4_8422_2325, add)
    }

    /// Does it.
    pub fn work(&self) -> Found {
        match self {
            Self::Past(batch) => {
                let made = batch.forecasts(None).map(|made| made.ahead.as_ref().map(PastForecast::of));
                Found::Past(made.collect())
            }
            Self::Goods(work) => Found::Goods(work.learn()),
            Self::Daily(work) => Found::Daily(work.learn()),
        }
    }
}

/// What was found before.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Studies(BTreeMap<u64, Found>);

impl Studies {
    /// All of it done now.
    pub fn of(pieces: &[Piece]) -> Self {
        Self(pieces.iter().map(|piece| (piece.hash(), piece.work())).collect())
    }

    /// Of the pieces those that are not done.
    pub fn due(&self, pieces: Vec<Piece>) -> Vec<Piece> {
        pieces.into_iter().filter(|piece| !self.0.contains_key(&piece.hash())).collect()
    }

    /// Forgets what was found for pieces of the same kind that are not among these.
    pub fn retain(&mut self, pieces: &[Piece]) {
        let Some(first) = pieces.first() else { return };
        let is_past = matches!(first, Piece::Past(_));
        let asked: BTreeSet<u64> = pieces.iter().map(Piece::hash).collect();
        self.0.retain(|hash, found| matches!(found, Found::Past(_)) != is_past || asked.contains(hash));
    }

    /// Keeps what was found.
    pub fn keep(&mut self, piece: &Piece, found: Found) {
        self.0.insert(piece.hash(), found);
    }

    /// What was found for a piece.
    pub fn found(&self, piece: &Piece) -> Option<&Found> {
        self.0.get(&piece.hash())
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::{
        calendar::Calendar,
        demand::{SeriesKey, SeriesWork},
        feature::demand::DailySeries,
        time::Day,
    };

    fn piece(days: usize) -> Piece {
        let net = (0..days).map(|day| [0.0, 2.0, 1.0, 3.0, 2.0, 6.0, 4.0][day % 7]).collect();
        let (key, calendar) = (SeriesKey { shop: None, product: None }, Calendar::default());
        let work = SeriesWork::new(key, &DailySeries { from: Day(100), net }, &[], 7, None, &calendar);
        Piece::Past(Batch { calendar, works: vec![work] })
    }

    #[test]
    fn only_what_changed_is_due_and_what_has_travelled_is_the_same() {
        let mut known = Studies::of(&[piece(60)]);
        assert_eq!(known.due(vec![piece(60), piece(61)]), [piece(61)]);
        let bytes = postcard::to_allocvec(&piece(61)).unwrap();
        let arrived: Piece = postcard::from_bytes(&bytes).unwrap();
        known.keep(&arrived, arrived.work());
        assert_eq!(known.found(&piece(61)), Some(&piece(61).work()));
        let Some(Found::Past(made)) = known.found(&piece(60)) else { panic!("a forecast") };
        let made = made[0].as_ref().unwrap();
        assert_eq!((made.mean.len(), made.bands.len()), (7, 2));
        assert!(made.stock.unwrap() >= made.mean.iter().sum());
        known.retain(&[piece(61)]);
        assert_eq!(known.due(vec![piece(60), piece(61)]), [piece(60)]);
    }
}
