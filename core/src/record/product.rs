//! Goods: products per field, dated prices, which accessory fits which phone.

use crate::{
    id::{ProductId, ShopId},
    money::Paisa,
    time::{Day, Timestamp},
};
use serde::{Deserialize, Serialize};

/// A product is made or some of its fields change: a field that is `None` stays as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductFields {
    /// Full name as on the shelf.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Shop's own code or barcode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// Category: `Mobiles`, `Accessories` …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Brand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// Memory for data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_gb: Option<u16>,
    /// Working memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ram_gb: Option<u16>,
    /// Main camera.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub camera_megapixels: Option<u16>,
    /// 5G or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub has_5g: Option<bool>,
    /// First sold in the country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub launched: Option<Day>,
    /// IMEIs a piece carries: 0 for accessories, 2 for dual-SIM phones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imei_count: Option<u8>,
    /// No longer sold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired: Option<bool>,
}

/// An edit of a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Which product.
    pub id: ProductId,
    /// Stream version the editor saw; an edit of the same field after it is a clash, shown to the owner.
    pub base_version: Option<u64>,
    /// What changes.
    pub fields: ProductFields,
}

/// A dated price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// Of what.
    pub product: ProductId,
    /// Where; everywhere when absent.
    pub shop: Option<ShopId>,
    /// Retail, cost or floor.
    pub kind: PriceKind,
    /// How much for one.
    pub price: Paisa,
    /// From when on.
    pub from: Timestamp,
}

/// Which price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceKind {
    /// Asked of customers.
    Retail,
    /// Paid to replace one.
    Cost,
    /// Not to be sold below without the owner.
    Floor,
}

/// An accessory fits a phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fit {
    /// The cover, glass or charger.
    pub accessory: ProductId,
    /// The phone.
    pub model: ProductId,
    /// False takes an earlier statement back.
    pub fits: bool,
}
