//! Pieces by IMEI: written down, changed, bought used, taken in exchange. Each act is one commit.

use super::{AppState, Problem, khata::fresh};
use crate::{
    effect::{clock, journal::Draft, photo, storage::StorageError},
    message::{FromWorker, ToWorker},
};
use dukandar_core::{
    id::{CustomerId, DocumentId, ProductId, SaleId, ShopId, UnitId},
    insight::unit::{Piece, UnitAsk, UnitsAnswer},
    money::Paisa,
    quantity::Quantity,
    record::{
        CashMovement, Customer, PaymentMethod, Person, PersonKey, Product, ProductFields, RepairJob,
        RepairStep, StockLine, SupplierReceipt, TheftCheck, TradeIn, Unit,
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

/// What an intake writes, ready but for the sale it may belong to.
pub(super) struct Prepared {
    pub drafts: Vec<Draft>,
    pub trade: TradeIn,
    pub photos: Vec<dukandar_core::privacy::seal::Sealed>,
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

    /// Writes new pieces of one product down; as new goods they are added to the stock too.
    pub async fn add_units(self, pieces: Vec<Piece>, new_goods: bool) -> Result<(), Problem> {
        let shop = untrack(|| self.writing_shop()).ok_or(Problem::NoShop)?.id;
        let at = clock::now();
        let Some(first) = pieces.first().cloned() else { return Ok(()) };
        let units = pieces.iter().map(|piece| piece.id).collect();
        let quantity = Quantity::pieces(pieces.len() as i64);
        let mut drafts =
            pieces.into_iter().map(|piece| unit_draft(&piece.record(at))).collect::<Result<Vec<_>, _>>()?;
        if new_goods {
            let line = StockLine { product: first.product, units, quantity, unit_cost: first.cost };
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
        let Prepared { mut drafts, trade, photos } = self.prepare(&intake, shop, at).await?;
        drafts.push(trade_draft(&trade)?);
        if intake.paid == Some(PaymentMethod::Cash) && intake.value > Paisa::ZERO {
            let (id, amount, reason) = (fresh(), -intake.value, intake.cash_reason);
            let movement = CashMovement { id, shop, amount, reason, at, undoes: None };
            drafts.push(Draft::new(Stream::Shop(shop), "cash_movement", &movement)?);
        }
        self.write(drafts).await?;
        self.keep_photos(trade.unit, photos).await?;
        Ok(trade.unit)
    }

    /// Seals who sells, and makes the records of an intake.
    pub(super) async fn prepare(
        self,
        intake: &Intake,
        shop: ShopId,
        at: Timestamp,
    ) -> Result<Prepared, Problem> {
        let (mut drafts, mut photos, mut seller) = (Vec::new(), Vec::new(), intake.known_seller);
        if intake.seller.is_some() || !intake.photos.is_empty() {
            let picture = |data: &String| Person { picture: Some(data.clone()), ..Person::default() };
            let mut people = vec![intake.seller.clone().unwrap_or_default()];
            people.extend(intake.photos.iter().map(picture));
            let sealing = self.request(Box::new(move |id| ToWorker::SealAll { id, people })).await?;
            let FromWorker::LockedAll { locked: Some((wrapped, mut sealed)), .. } = sealing else {
                return Err(Problem::NoShop);
            };
            photos = sealed.split_off(1);
            // One for each that was sent: the first is the person.
            let Some(person) = sealed.pop() else { return Err(Problem::NoShop) };
            let key = PersonKey { id: person.key, wrapped: Some(wrapped), wrapped_sha256: None };
            drafts.push(Draft::new(Stream::Tenant, "person_key", &key)?);
            if let Some(known) = &intake.seller {
                let id = CustomerId::fresh(at.0.unsigned_abs(), &mut clock::entropy());
                let customer = Customer {
                    id,
                    code: None,
                    person: Some(person.clone()),
                    limit: None,
                    base_version: None,
                };
                drafts.push(Draft::new(Stream::Tenant, "customer", &customer)?);
                self.people.update(|people| _ = people.insert(id, (person, Some(known.clone()))));
                seller = Some(id);
            }
        }
        if intake.new_product {
            let fields = ProductFields {
                name: Some(intake.name.clone()),
                imei_count: Some(1 + u8::from(intake.piece.imei2.is_some())),
                ..ProductFields::default()
            };
            let product = Product { id: intake.piece.product, base_version: None, fields };
            drafts.push(Draft::new(Stream::Tenant, "product", &product)?);
        }
        let piece = Piece { shop, ..intake.piece.clone() };
        let trade = TradeIn {
            sale: None,
            shop,
            unit: piece.id,
            product: piece.product,
            value: intake.value,
            at,
            seller,
            paid: intake.paid,
            check: intake.check.clone(),
        };
        drafts.push(unit_draft(&piece.record(at))?);
        Ok(Prepared { drafts, trade, photos })
    }

    /// The records of the phone that is taken in exchange for the bill; none where none is.
    pub(super) async fn exchanged(
        self,
        sale: SaleId,
        shop: ShopId,
        at: Timestamp,
    ) -> Result<Option<(Prepared, Paisa)>, Problem> {
        let Some(intake) = self.exchange.get_untracked() else { return Ok(None) };
        let mut prepared = self.prepare(&intake, shop, at).await?;
        prepared.trade.sale = Some(sale);
        prepared.drafts.push(trade_draft(&prepared.trade)?);
        Ok(Some((prepared, intake.value)))
    }

    /// Keeps photos of a piece on this device, beside those it has.
    pub(super) async fn keep_photos(
        self,
        unit: UnitId,
        new: Vec<dukandar_core::privacy::seal::Sealed>,
    ) -> Result<(), Problem> {
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

fn unit_draft(unit: &Unit) -> Result<Draft, StorageError> {
    Draft::new(Stream::Shop(unit.shop), "unit", unit)
}

fn trade_draft(trade: &TradeIn) -> Result<Draft, StorageError> {
    Draft::new(Stream::Shop(trade.shop), "trade_in", trade)
}
