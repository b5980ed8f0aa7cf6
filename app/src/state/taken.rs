//! The used phone that is taken in exchange for the open bill. It is part of the bill: held with it, there after a
//! reload. Who gives it stands in it sealed, never in clear; its photos lie sealed in the database from the start.

use super::{
    AppState, Intake, Problem,
    khata::{customer_draft, key_draft},
    units::trade_draft,
};
use crate::effect::{journal::Draft, photo, storage::StorageError};
use dukandar_core::{
    id::{CustomerId, SaleId, ShopId},
    insight::unit::Piece,
    money::Paisa,
    privacy::seal::{Sealed, WrappedKey},
    record::{PaymentMethod, Product, ProductFields, TheftCheck, TradeIn},
    sync::event::Stream,
    time::Timestamp,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A used phone, ready to be written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// The piece.
    pub piece: Piece,
    /// Its product's name.
    pub name: String,
    /// The product is new: it is written down too.
    pub new_product: bool,
    /// What is given for it.
    pub value: Paisa,
    /// Whether somebody asked if it is stolen.
    pub check: Option<TheftCheck>,
    /// Who gives it, if known.
    pub seller: Option<CustomerId>,
    /// What is new of the seller, sealed, with the key's record. Photos lie under the same key.
    pub sealed: Option<(Sealed, WrappedKey)>,
    /// Photos that were kept for it.
    pub photos: usize,
}

impl Taken {
    /// The records of it; `paid` where it is bought and not taken for a sale. Whoever buys is taken for the seller where
    /// nobody else is named.
    pub(super) fn drafts(
        &self,
        sale: Option<(SaleId, Option<CustomerId>)>,
        shop: ShopId,
        at: Timestamp,
        paid: Option<PaymentMethod>,
    ) -> Result<Vec<Draft>, StorageError> {
        let mut drafts = Vec::new();
        if let Some((sealed, wrapped)) = &self.sealed {
            drafts.push(key_draft(sealed, wrapped.clone())?);
            if let Some(id) = self.seller {
                drafts.push(customer_draft(id, sealed)?);
            }
        }
        if self.new_product {
            let fields = ProductFields {
                name: Some(self.name.clone()),
                imei_count: Some(1 + u8::from(self.piece.imei2.is_some())),
                ..ProductFields::default()
            };
            let product = Product { id: self.piece.product, base_version: None, fields };
            drafts.push(Draft::new(Stream::Tenant, "product", &product)?);
        }
        let piece = Piece { shop, ..self.piece.clone() };
        let trade = TradeIn {
            sale: sale.map(|(sale, _)| sale),
            shop,
            unit: piece.id,
            product: piece.product,
            value: self.value,
            at,
            seller: self.seller.or(sale.and_then(|(_, buyer)| buyer)),
            paid,
            check: self.check.clone(),
        };
        drafts.push(Draft::new(Stream::Shop(shop), "unit", &piece.record(at))?);
        drafts.push(trade_draft(&trade)?);
        Ok(drafts)
    }
}

impl AppState {
    /// Takes a used phone in exchange for the open bill; nothing is written to the books before the bill is charged.
    pub async fn take_in(self, intake: Intake) -> Result<(), Problem> {
        let (taken, photos) = self.prepare(&intake).await?;
        // One phone a bill: an earlier one goes, with what was kept for it.
        self.leave_exchange().await?;
        // Durable before the bill says so: a bill never names photos that are not there.
        self.keep_photos(taken.piece.id, photos).await?;
        self.cart.update(|cart| cart.taken = Some(taken));
        Ok(())
    }

    /// Leaves the exchange: the photos that were made for it go too.
    pub async fn leave_exchange(self) -> Result<(), Problem> {
        let before = self.cart.try_update(|cart| cart.taken.take()).flatten();
        self.forget_photos(before).await
    }

    /// Removes the last photos of a piece that is not taken after all; those of an earlier life of it stay.
    async fn forget_photos(self, taken: Option<Taken>) -> Result<(), Problem> {
        let Some(taken) = taken.filter(|taken| taken.photos > 0) else { return Ok(()) };
        let db = self.inner().db()?;
        let mut photos = photo::read(&db, taken.piece.id).await?;
        photos.truncate(photos.len().saturating_sub(taken.photos));
        Ok(photo::keep(&db, taken.piece.id, &photos).await?)
    }
}
