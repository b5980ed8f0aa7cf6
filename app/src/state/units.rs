//! Pieces by IMEI: written down, changed, bought used, taken in exchange. Each act is one commit.

use super::{AppState, OpeningGoods, Problem, Taken, khata::fresh};
use crate::{
    effect::{clock, journal::Draft, photo, storage::StorageError},
    message::{FromWorker, ToWorker},
};
use dukandar_core::{
    id::{CustomerId, DocumentId, ProductId, UnitId},
    insight::unit::{Piece, UnitAsk, UnitsAnswer},
    money::Paisa,
    privacy::seal::Sealed,
    quantity::Quantity,
    record::{
        CashMovement, PaymentMethod, Person, RepairJob, RepairStep, StockLine, SupplierReceipt, TheftCheck,
        TradeIn, Unit,
    },
    sync::event::Stream,
    task::{Answer, Task},
    time::Timestamp,
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// A used phone as its form was filled.
#[derive(Clone, Debug, PartialEq)]
pub struct Intake {
    /// The piece. Its id is that of an earlier life where the shop knew it before.
    pub piece: Piece,
    /// Its product's name.
    pub name: String,
    /// The product is new: it is written down too.
    pub new_product: bool,
    /// What is given for it.
    pub value: Paisa,
    /// By what; none in exchange.
    pub paid: Option<PaymentMethod>,
    /// Why cash leaves the drawer, in words.
    pub cash_reason: String,
    /// Who sells it: somebody new.
    pub seller: Option<Person>,
    /// Who sells it, where they are known.
    pub known_seller: Option<CustomerId>,
    /// Whether somebody asked if it is stolen.
    pub check: Option<TheftCheck>,
    /// Data URLs.
    pub photos: Vec<String>,
}

impl AppState {
    /// A fresh id for a piece.
    pub fn fresh_unit(self) -> UnitId {
        UnitId::fresh(clock::now().0.unsigned_abs(), &mut clock::entropy())
    }

    /// Asks for pieces once. Their numbers are remembered, for bills and receipts.
    pub async fn units(self, ask: UnitAsk) -> Result<UnitsAnswer, Problem> {
        let (shop, today) = untrack(|| (self.writing_shop().map(|shop| shop.id), self.today()));
        let make = Box::new(move |id| ToWorker::Run { id, task: Task::Units { shop, ask, today } });
        match self.request(make).await? {
            FromWorker::Answer { answer, .. } => match *answer {
                Answer::Units(found) => {
                    self.remember_units(&found);
                    Ok(*found)
                }
                _ => Err(Problem::NoShop),
            },
            _ => Err(Problem::NoShop),
        }
    }

    /// Remembers numbers that an answer told.
    pub fn remember_units(self, found: &UnitsAnswer) {
        // Who waits for a number asks again when one comes: nothing new wakes nobody.
        let is_new = |codes: &BTreeMap<UnitId, String>| {
            found.units.iter().any(|line| codes.get(&line.unit.id) != Some(&line.unit.codes()))
        };
        if !self.codes.with_untracked(is_new) {
            return;
        }
        self.codes.update(|codes| {
            codes.extend(found.units.iter().map(|line| (line.unit.id, line.unit.codes())));
        });
    }

    /// Writes new pieces of one product down; as new goods they are added to the stock too. What is said of the product
    /// makes or prices it in the same commit.
    pub async fn add_units(
        self,
        model: OpeningGoods,
        pieces: Vec<Piece>,
        new_goods: bool,
    ) -> Result<(), Problem> {
        let shop = untrack(|| self.writing_shop()).ok_or(Problem::NoShop)?.id;
        let at = clock::now();
        let quantity = Quantity::pieces(pieces.len() as i64);
        let Some(unit_cost) = pieces.first().map(|piece| piece.cost) else { return Ok(()) };
        let mut drafts = Vec::new();
        let product = OpeningGoods { quantity: Some(quantity), ..model }.product(at, &mut drafts)?;
        let units =
            pieces_drafts(pieces.into_iter().map(|piece| Piece { product, ..piece }), at, &mut drafts)?;
        if new_goods {
            let line = StockLine { product, units, quantity, unit_cost };
            let receipt =
                SupplierReceipt { id: fresh(), order: None, shop, supplier: None, lines: vec![line], at };
            drafts.push(Draft::new(Stream::Shop(shop), "supplier_receipt", &receipt)?);
        }
        self.write(drafts).await
    }

    /// Writes down how a piece is now.
    pub async fn change_unit(self, piece: Piece) -> Result<(), Problem> {
        self.write(vec![unit_draft(&piece.record(clock::now()))?]).await
    }

    /// A piece comes for repair, or goes back; every step of one repair carries the id of the first.
    pub async fn repair_unit(
        self,
        job: Option<DocumentId>,
        unit: UnitId,
        customer: Option<CustomerId>,
        step: RepairStep,
    ) -> Result<(), Problem> {
        let shop = untrack(|| self.writing_shop()).ok_or(Problem::NoShop)?.id;
        let id = job.unwrap_or_else(fresh);
        let (unit, charge, at) = (Some(unit), Paisa::ZERO, clock::now());
        let job = RepairJob { id, shop, customer, unit, step, charge, at };
        self.write(vec![Draft::new(Stream::Shop(shop), "repair_job", &job)?]).await
    }

    /// Buys a used phone of somebody: the piece, who sold it (sealed), what was given, and the cash that left the
    /// drawer, in one commit. Photos are kept beside, on this device.
    pub async fn buy_used(self, intake: Intake) -> Result<UnitId, Problem> {
        let shop = untrack(|| self.writing_shop()).ok_or(Problem::NoShop)?.id;
        let at = clock::now();
        let (taken, photos) = self.prepare(&intake).await?;
        let mut drafts = taken.drafts(None, shop, at, intake.paid)?;
        if intake.paid == Some(PaymentMethod::Cash) && intake.value > Paisa::ZERO {
            let (id, amount, reason) = (fresh(), -intake.value, intake.cash_reason);
            let movement = CashMovement { id, shop, amount, reason, at, undoes: None };
            drafts.push(Draft::new(Stream::Shop(shop), "cash_movement", &movement)?);
        }
        self.write(drafts).await?;
        self.keep_photos(taken.piece.id, photos).await?;
        Ok(taken.piece.id)
    }

    /// Seals who sells a used phone, and its photos: under the key of that person, so that erasing them reaches both.
    /// Photos without a person are refused.
    pub(super) async fn prepare(self, intake: &Intake) -> Result<(Taken, Vec<Sealed>), Problem> {
        let (mut seller, mut new, mut photos) = (intake.known_seller, None, Vec::new());
        if intake.seller.is_some() || !intake.photos.is_empty() {
            let whose = seller.filter(|_| intake.seller.is_none());
            if intake.seller.is_none() && whose.is_none() {
                return Err(Problem::Invalid { field: "seller", expected: "whose photos these are" });
            }
            let person = intake.seller.clone().unwrap_or_default();
            let (wrapped, mut sealed) = self.seal_all(person, &intake.photos, whose).await?;
            photos = sealed.split_off(1);
            // One for each that was sent: the first is the person. Somebody whose key is there already stays as they are.
            new = sealed.pop().zip(wrapped);
            if intake.seller.is_some() {
                seller = Some(CustomerId::fresh(clock::now().0.unsigned_abs(), &mut clock::entropy()));
            }
        }
        let taken = Taken {
            piece: intake.piece.clone(),
            name: intake.name.clone(),
            new_product: intake.new_product,
            value: intake.value,
            check: intake.check.clone(),
            seller,
            sealed: new,
            photos: photos.len(),
        };
        Ok((taken, photos))
    }

    /// Keeps photos of a piece on this device, beside those it has.
    pub(super) async fn keep_photos(self, unit: UnitId, new: Vec<Sealed>) -> Result<(), Problem> {
        if new.is_empty() {
            return Ok(());
        }
        let db = self.inner().db()?;
        let mut photos = photo::read(&db, unit).await?;
        photos.extend(new);
        Ok(photo::keep(&db, unit, &photos).await?)
    }

    /// The photos of a piece that this device holds, opened; none of a person who was erased.
    pub async fn photos(self, unit: UnitId) -> Result<Vec<String>, Problem> {
        let sealed = photo::read(&self.inner().db()?, unit).await?;
        if sealed.is_empty() {
            return Ok(Vec::new());
        }
        let opened = self.unseal(sealed).await?;
        Ok(opened.into_iter().flatten().filter_map(|person| person.picture).collect())
    }

    /// Removes the photos of a piece from this device.
    pub async fn remove_photos(self, unit: UnitId) -> Result<(), Problem> {
        Ok(photo::keep(&self.inner().db()?, unit, &[]).await?)
    }

    /// A product's fresh id, for one that is made with its first piece.
    pub fn fresh_product(self) -> ProductId {
        ProductId::fresh(clock::now().0.unsigned_abs(), &mut clock::entropy())
    }
}

/// A picture made small, as a data URL with its bytes; none where it cannot be read.
pub async fn small_photo(file: web_sys::File) -> Option<(String, usize)> {
    let data = photo::shrink(&file).await?;
    let bytes = photo::bytes(&data);
    Some((data, bytes))
}

/// The records of new pieces; gives their ids.
pub(super) fn pieces_drafts(
    pieces: impl Iterator<Item = Piece>,
    at: Timestamp,
    drafts: &mut Vec<Draft>,
) -> Result<Vec<UnitId>, StorageError> {
    pieces
        .map(|piece| {
            let id = piece.id;
            drafts.push(unit_draft(&piece.record(at))?);
            Ok(id)
        })
        .collect()
}

fn unit_draft(unit: &Unit) -> Result<Draft, StorageError> {
    Draft::new(Stream::Shop(unit.shop), "unit", unit)
}

pub(super) fn trade_draft(trade: &TradeIn) -> Result<Draft, StorageError> {
    Draft::new(Stream::Shop(trade.shop), "trade_in", trade)
}
