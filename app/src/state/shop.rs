//! The business's branches: a further one, and the currency of the books while they are empty.

use super::{
    AppState, Problem,
    boot::{shop_code, shop_draft},
};
use crate::effect::clock;
use dukandar_core::{id::ShopId, money::Currency, table::ShopRow};
use leptos::prelude::*;

impl AppState {
    /// Opens a further branch, in the currency and local time of the first.
    pub async fn add_shop(self, name: &str, city: &str) -> Result<(), Problem> {
        let name = name.trim();
        if name.is_empty() {
            return Err(Problem::Invalid { field: "name", expected: "the shop's name" });
        }
        let shops = self.shops.get_untracked();
        let first = shops.first().ok_or(Problem::NoShop)?;
        let row = ShopRow {
            id: ShopId::fresh(clock::now().0.unsigned_abs(), &mut clock::entropy()),
            name: name.to_owned(),
            code: shop_code(name, &shops),
            city: city.trim().to_owned(),
            currency: first.currency,
            zone: first.zone,
            bargaining: first.bargaining.clone(),
        };
        self.write(vec![shop_draft(&row)?]).await
    }

    /// Whether the books hold no sale yet; tracked. Unknown until the tables were read.
    pub fn has_no_sales(self) -> bool {
        self.lines.get() == Some(0)
    }

    /// Changes the currency of all branches. Only before the first sale: amounts are never exchanged.
    pub async fn change_currency(self, currency: Currency) -> Result<(), Problem> {
        if !untrack(|| self.has_no_sales()) {
            return Err(Problem::Invalid { field: "currency", expected: "books without a sale" });
        }
        let others = self.shops.get_untracked().into_iter().filter(|shop| shop.currency != currency);
        let drafts =
            others.map(|shop| shop_draft(&ShopRow { currency, ..shop })).collect::<Result<_, _>>()?;
        self.write(drafts).await
    }
}
