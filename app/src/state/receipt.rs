//! A receipt that was made before, out of this device's journal.

use super::{AppState, Problem, Receipt};
use crate::effect::journal;
use dukandar_core::{
    id::SaleId,
    record::{Record, Sale},
};
use leptos::prelude::*;

/// Events read at once on the way back; a receipt that is asked for is nearly always among the newest.
const STEP: u32 = 500;

impl AppState {
    /// The receipt of a sale; `None` when it is not on this device. Names of products are left empty: the
    /// catalogue has them.
    pub async fn receipt(self, id: SaleId) -> Result<Option<Receipt>, Problem> {
        let db = self.inner().db()?;
        let mut end = journal::counters(&db).await?.order;
        while end > 0 {
            let start = end.saturating_sub(u64::from(STEP));
            let page = journal::events_after(&db, start, STEP).await?;
            for stored in page.into_iter().rev().filter(|stored| stored.event.kind == "sale") {
                let event = stored.event;
                let Ok(sale) = Record::decode_as::<Sale>(&event.kind, event.v, event.data) else { continue };
                if sale.id == id {
                    let shops = self.shops.get_untracked();
                    let shop = shops.iter().find(|row| row.id == sale.shop);
                    return Ok(Some(Receipt {
                        names: vec![String::new(); sale.lines.len()],
                        shop_name: shop.map(|row| row.name.clone()).unwrap_or_default(),
                        city: shop.map(|row| row.city.clone()).unwrap_or_default(),
                        currency: shop.map(|row| row.currency).unwrap_or(dukandar_core::money::Currency::PKR),
                        sale,
                    }));
                }
            }
            end = start;
        }
        Ok(None)
    }
}
