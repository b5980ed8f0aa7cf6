//! A file's amounts and a shop's books must be in one currency: sums over two would mean nothing.

use crate::{id::ShopId, money::Currency, table::Tables};

/// The file is in another currency than the shop it should go into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the file's amounts are in {}, but the shop keeps its books in {}: one currency was expected",
    .file.code(),
    .shop.code()
)]
pub struct CurrencyMismatch {
    /// What the file's amounts are said to be in.
    pub file: Currency,
    /// What the shop's amounts are in.
    pub shop: Currency,
}

/// Checks, before an [`super::Importer`] is made, that the currency chosen for a file ([`super::ImportOptions::currency`])
/// is that of the shop it goes into. Whoever starts an import calls this and starts nothing on an error. A shop that
/// the tables do not know yet takes any.
pub fn check_currency(tables: &Tables, shop: ShopId, file: Currency) -> Result<(), CurrencyMismatch> {
    let known = tables.shop(shop).map(|position| tables.shops[position].currency);
    match known.filter(|shop| *shop != file) {
        Some(shop) => Err(CurrencyMismatch { file, shop }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::{table::ShopRow, time::Zone};

    #[test]
    fn a_mismatch_names_both_currencies() {
        let shop = ShopId::from_u128(1);
        let row = ShopRow {
            id: shop,
            name: String::new(),
            code: String::new(),
            city: String::new(),
            currency: Currency::PKR,
            zone: Zone::KARACHI,
        };
        let tables = Tables { shops: vec![row], ..Tables::default() };
        let pounds = Currency::try_from("GBP".to_owned()).unwrap_or(Currency::PKR);
        assert_eq!(check_currency(&tables, shop, Currency::PKR), Ok(()));
        assert_eq!(check_currency(&tables, ShopId::from_u128(2), pounds), Ok(()));
        let error = check_currency(&tables, shop, pounds).map_err(|error| error.to_string());
        let error = error.err().unwrap_or_default();
        assert!(error.contains("GBP") && error.contains("PKR"), "{error}");
    }
}
