//! Narrowing a list of products by what is typed.

use dukandar_core::insight::catalog::{Catalog, CatalogItem};

/// Whether every word of the query stands in the product's name, code, brand or category.
fn fits(item: &CatalogItem, words: &[String]) -> bool {
    let text = format!("{} {} {} {}", item.name, item.sku, item.brand, item.category).to_lowercase();
    words.iter().all(|word| text.contains(word.as_str()))
}

/// The products that fit, in the catalogue's order.
pub fn find<'a>(catalog: &'a Catalog, query: &str) -> impl Iterator<Item = &'a CatalogItem> {
    let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    // Loose goods stand on no shelf: the till has a button for them.
    catalog.items.iter().filter(move |item| item.open.is_none() && fits(item, &words))
}

/// A code as it is compared: an UPC of twelve digits and the EAN that it is with a nought before it are the same.
fn bare(code: &str) -> &str {
    let code = code.trim();
    let is_ean = code.len() == 13 && code.bytes().all(|it| it.is_ascii_digit());
    code.strip_prefix('0').filter(|_| is_ean).unwrap_or(code)
}

/// The product with this very code.
pub fn by_code<'a>(catalog: &'a Catalog, code: &str) -> Option<&'a CatalogItem> {
    let code = bare(code);
    (!code.is_empty())
        .then(|| catalog.items.iter().find(|item| bare(&item.sku).eq_ignore_ascii_case(code)))
        .flatten()
}
