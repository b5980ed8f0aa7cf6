//! Papers that were made before, out of this device's journal: receipts, returns, quotations.

use super::{AppState, Problem, Receipt};
use crate::effect::{
    journal::{self, events_after},
    storage::Db,
};
use dukandar_core::{
    id::{CustomerId, UnitId},
    money::Paisa,
    paper::{Search, Wanted, Written, exchanged},
    record::{Quotation, Record, Return, Sale, Unit},
    sync::event::Event,
    table::ShopRow,
};
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Events read at once on the way back; what is asked for is nearly always among the newest.
const STEP: u32 = 500;

/// A paper with what the journal says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// The record.
    pub written: Written,
    /// What came back of the sale, newest first.
    pub returns: Vec<Return>,
    /// Number of the sale that came back, or of the return that paid a part of the sale.
    pub about: Option<String>,
    /// Worth of goods that changed places.
    pub exchanged: Paisa,
    /// IMEI or serial of pieces.
    pub imeis: BTreeMap<UnitId, String>,
    /// Where.
    pub shop: Option<ShopRow>,
    /// Names of the lines' products as they stood on the bill; empty where the catalogue is asked.
    pub names: Vec<String>,
    /// Just written on this page: not a copy.
    pub is_fresh: bool,
}

impl Paper {
    /// A receipt that was just written.
    pub fn fresh(receipt: Receipt, shop: Option<ShopRow>) -> Self {
        Self { names: receipt.names, is_fresh: true, ..Self::of(Written::Sale(receipt.sale), shop) }
    }

    fn of(written: Written, shop: Option<ShopRow>) -> Self {
        Self {
            names: vec![String::new(); written.lines().len()],
            written,
            returns: Vec::new(),
            about: None,
            exchanged: Paisa::ZERO,
            imeis: BTreeMap::new(),
            shop,
            is_fresh: false,
        }
    }

    /// Pieces whose IMEI is not known yet.
    fn nameless(&self) -> bool {
        self.written.lines().iter().flat_map(|line| &line.units).any(|unit| !self.imeis.contains_key(unit))
    }
}

/// The paper in an event, if there is one that this release can read.
fn read(event: Event) -> Option<Written> {
    let Event { kind, v, data, .. } = event;
    match kind.as_str() {
        "sale" => Record::decode_as::<Sale>(&kind, v, data).ok().map(Written::Sale),
        "return" => Record::decode_as::<Return>(&kind, v, data).ok().map(Written::Return),
        "quotation" => Record::decode_as::<Quotation>(&kind, v, data).ok().map(Written::Quotation),
        _ => None,
    }
}

fn imei(event: Event) -> Option<(UnitId, String)> {
    let unit = Record::decode_as::<Unit>(&event.kind, event.v, event.data).ok()?;
    Some((unit.id, unit.imei1.or(unit.serial)?))
}

/// Gives the journal's events to `visit`, the newest first, until it has enough.
async fn walk_back(db: &Db, visit: &mut dyn FnMut(Event) -> bool) -> Result<(), Problem> {
    let mut end = journal::counters(db).await?.order;
    while end > 0 {
        let start = end.saturating_sub(u64::from(STEP));
        let count = (end - start) as u32;
        for stored in events_after(db, start, count).await?.into_iter().rev() {
            if visit(stored.event) {
                return Ok(());
            }
        }
        end = start;
    }
    Ok(())
}

impl AppState {
    /// A paper; `None` when it is not on this device.
    pub async fn paper(self, wanted: Wanted) -> Result<Option<Paper>, Problem> {
        let db = self.inner().db()?;
        let mut paper = None::<Paper>;
        let mut returns: Vec<Return> = Vec::new();
        let mut imeis = BTreeMap::new();
        // A return's sales stand before it: that of the goods, and that which they paid for.
        let (mut original, mut exchange) = (None, None);
        walk_back(&db, &mut |event| {
            if event.kind == "unit" {
                if let Some((unit, imei)) = imei(event) {
                    imeis.entry(unit).or_insert(imei);
                }
            } else if let Some(written) = read(event) {
                match &written {
                    Written::Return(back)
                        if back.original.map(Wanted::Receipt) == Some(wanted)
                            || back.exchange.map(Wanted::Receipt) == Some(wanted) =>
                    {
                        returns.push(back.clone());
                    }
                    Written::Sale(sale) if paper.is_some() => {
                        if original == Some(sale.id) {
                            original = None;
                            paper.as_mut().into_iter().for_each(|it| it.about = Some(sale.number.clone()));
                        }
                        if exchange == Some(sale.id) {
                            exchange = None;
                            if let Some(it) = &mut paper {
                                it.exchanged = exchanged(written.total(), it.written.total());
                            }
                        }
                    }
                    _ => {}
                }
                if paper.is_none() && written.is(wanted) {
                    if let Written::Return(back) = &written {
                        (original, exchange) = (back.original, back.exchange);
                    }
                    let shop = self
                        .shops
                        .with_untracked(|shops| shops.iter().find(|row| row.id == written.shop()).cloned());
                    paper = Some(Paper::of(written, shop));
                }
            }
            let Some(paper) = &mut paper else { return false };
            // The newest record of a piece stands.
            for (unit, imei) in std::mem::take(&mut imeis) {
                paper.imeis.entry(unit).or_insert(imei);
            }
            original.is_none() && exchange.is_none() && !paper.nameless()
        })
        .await?;
        let Some(mut paper) = paper else { return Ok(None) };
        if let Written::Sale(sale) = &paper.written {
            let (of, paid): (Vec<Return>, Vec<Return>) =
                returns.into_iter().partition(|back| back.original == Some(sale.id));
            if let Some(back) = paid.into_iter().find(|back| back.exchange == Some(sale.id)) {
                paper.about = Some(back.number.clone());
                paper.exchanged = exchanged(paper.written.total(), Written::Return(back).total());
            }
            paper.returns = of;
        }
        Ok(Some(paper))
    }

    /// Papers that a search finds, newest first, at most `limit`: receipts and returns, or quotations that are open.
    pub async fn papers(
        self,
        quotations: bool,
        search: Search,
        limit: usize,
    ) -> Result<Vec<Written>, Problem> {
        let db = self.inner().db()?;
        let mut found: Vec<Written> = Vec::new();
        // The newest record of a quotation says how it stands.
        let mut seen = BTreeSet::new();
        walk_back(&db, &mut |event| {
            if (event.kind == "quotation") == quotations
                && let Some(written) = read(event)
                && (!quotations || (seen.insert(written.id()) && written.is_open()))
                && search.finds(&written)
            {
                found.push(written);
            }
            found.len() == limit
        })
        .await?;
        Ok(found)
    }

    /// What was typed, with the customers and pieces that it may mean.
    pub async fn search_of(self, text: String) -> Result<Search, Problem> {
        let mut search = Search { text, ..Search::default() };
        let text = search.text.trim();
        if text.is_empty() {
            return Ok(search);
        }
        // Without its worker the list still finds numbers and amounts.
        let found = self.find_customers(text.to_owned(), 20).await.unwrap_or_default();
        search.customers = found.into_iter().map(|row| row.customer).collect::<Vec<CustomerId>>();
        let digits = text.chars().all(|it| it.is_ascii_digit());
        if digits && (6..=15).contains(&text.len()) {
            let text = text.to_owned();
            let db = self.inner().db()?;
            walk_back(&db, &mut |event| {
                if event.kind == "unit"
                    && let Some((unit, imei)) = imei(event)
                    && imei.contains(&text)
                {
                    search.units.push(unit);
                }
                false
            })
            .await?;
        }
        Ok(search)
    }
}
