//! Goods: products per field, dated prices, which accessory fits which phone.

use crate::{
    id::{ProductId, ShopId, TenantId},
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
    /// Stands for loose goods of a kind: sold by an amount alone, never counted, never ordered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<OpenKind>,
}

impl ProductFields {
    /// Whether these are the fields that the till writes of an open item, and no others.
    pub fn is_plain_open(&self) -> bool {
        let plain = Self {
            open: self.open,
            name: self.name.clone(),
            category: self.category.clone(),
            ..Self::default()
        };
        self.open.is_some() && *self == plain
    }
}

/// Kinds of loose goods and small services that a bill takes without a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenKind {
    /// Covers and pouches.
    Cover,
    /// Glasses and protectors.
    Glass,
    /// Chargers.
    Charger,
    /// Cables.
    Cable,
    /// Handsfree and earphones.
    Handsfree,
    /// Repairs: labour.
    Repair,
    /// All else.
    Other,
}

impl OpenKind {
    /// All of them, in the order of the screen.
    pub const ALL: [Self; 7] =
        [Self::Cover, Self::Glass, Self::Charger, Self::Cable, Self::Handsfree, Self::Repair, Self::Other];

    /// Its name in ids and as a category.
    pub fn key(self) -> &'static str {
        match self {
            Self::Cover => "cover",
            Self::Glass => "glass",
            Self::Charger => "charger",
            Self::Cable => "cable",
            Self::Handsfree => "handsfree",
            Self::Repair => "repair",
            Self::Other => "other",
        }
    }

    /// The one product of a business that stands for it: two devices that know nothing of each other name it alike.
    pub fn product(self, tenant: TenantId) -> ProductId {
        ProductId::derived("open-item", &[&tenant.to_string(), self.key()])
    }
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
