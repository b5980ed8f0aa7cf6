//! Validated columns: what models and reports read. Facts (sales lines) are columns, small dimensions are rows.
//!
//! Rows refer to each other by position. The order of every table is canonical: dimensions by id,
//! receipts by (day, time, id), so that equal sets of records give equal tables, whatever order they arrived in.

pub mod approval;
pub mod context;
pub mod day;
pub mod decided;
pub mod interaction;
pub mod opening;
pub mod segment;
pub mod settled;
pub mod unit;

use crate::{
    id::{CustomerId, DocumentId, ProductId, SaleId, ShopId, SupplierId},
    money::{Currency, Paisa},
    privacy::seal::Sealed,
    quantity::Quantity,
    record::{Bargaining, CashCause, CreditKind, Instalment, PaymentMethod, ProductFields},
    reject::Reject,
    time::{Day, Period, Timestamp, Zone},
};
use serde::{Deserialize, Serialize};

/// Position that means "none" in index columns.
pub const NONE: u32 = u32::MAX;

/// Everything known about a business, as columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tables {
    /// Branches, by id.
    pub shops: Vec<ShopRow>,
    /// Products, by id.
    pub products: Vec<ProductRow>,
    /// Customers, by id; aliases are merged away.
    pub customers: Vec<CustomerRow>,
    /// Suppliers, by id.
    pub suppliers: Vec<SupplierRow>,
    /// Sales and returns.
    pub sales: Sales,
    /// What lies on the shelves.
    pub stock: Stock,
    /// Udhaar entries by (time, document).
    pub credit: Vec<CreditRow>,
    /// Qist: the parts of sales that are paid in parts, by sale; each by its due day.
    pub plans: Vec<(SaleId, Vec<Instalment>)>,
    /// Money owed to suppliers: bills less payments, by supplier.
    pub payable: Vec<Paisa>,
    /// Cash movements, expenses and payments in cash, per shop and day, in order.
    pub cash: Vec<CashRow>,
    /// Counts of drawers, expenses, services, coming and going.
    pub day: day::DayBook,
    /// Questions to the owner, by (time, question).
    pub approvals: Vec<approval::ApprovalRow>,
    /// Pieces by IMEI or serial.
    pub units: unit::Units,
    /// Special days, advertising, price tiers, the weekend.
    pub context: context::Context,
    /// What the books began with, beside udhaar.
    pub opening: opening::OpeningBook,
    /// What happened with customers without a sale, by (time, event); what was taken back is gone.
    pub interactions: Vec<interaction::InteractionRow>,
    /// What became of order suggestions, by (time, event).
    pub decided: Vec<decided::DecidedRow>,
    /// What people said of something unusual, by key.
    pub settled: Vec<settled::SettledRow>,
    /// Records that could not be used, with the reason.
    pub rejects: Vec<Reject>,
}

/// A branch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShopRow {
    /// Which shop.
    pub id: ShopId,
    /// Name.
    pub name: String,
    /// Short code in receipt numbers.
    pub code: String,
    /// City.
    pub city: String,
    /// Currency of its amounts.
    pub currency: Currency,
    /// Local time.
    pub zone: Zone,
    /// How low a price may go, once the owner has said so.
    #[serde(default)]
    pub bargaining: Option<Bargaining>,
}

/// A product variant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductRow {
    /// Which product.
    pub id: ProductId,
    /// Its fields as of now.
    pub fields: ProductFields,
    /// Retail price as of the newest dated price, if any was set.
    pub price: Option<Paisa>,
    /// Replacement cost as of the newest dated price, supplier receipt or imported line, if known.
    pub cost: Option<Paisa>,
    /// Not to be sold below without the owner, if set.
    #[serde(default)]
    pub floor: Option<Paisa>,
}

impl ProductRow {
    /// Name, else code, else id: never empty.
    pub fn label(&self) -> String {
        let fields = &self.fields;
        fields.name.clone().or_else(|| fields.sku.clone()).unwrap_or_else(|| self.id.to_string())
    }
}

/// A buyer. Name and phone stay sealed here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerRow {
    /// Which customer.
    pub id: CustomerId,
    /// The shop's own number for them.
    pub code: Option<String>,
    /// Sealed name, phones, address.
    pub person: Option<Sealed>,
    /// May owe up to this; none: as much as they like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Paisa>,
}

/// A supplier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplierRow {
    /// Which supplier.
    pub id: SupplierId,
    /// The firm.
    pub name: String,
    /// Promised days from order to arrival.
    pub lead_time_days: Option<u16>,
    /// Days from order to arrival of each order that arrived.
    pub lead_times_seen_days: Vec<u16>,
}

/// Sale or return.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReceiptKind {
    /// Goods went out.
    Sale,
    /// Goods came back: quantities and amounts of its lines are negative.
    Return,
}

/// Receipts and their lines as columns. `lines_of(r)` gives the line range of receipt `r`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sales {
    /// Receipt → id.
    pub id: Vec<SaleId>,
    /// Receipt → instant.
    pub at: Vec<Timestamp>,
    /// Receipt → local calendar day; ascending.
    pub day: Vec<Day>,
    /// Receipt → position in `shops`.
    pub shop: Vec<u32>,
    /// Receipt → position in `customers`, or [`NONE`].
    pub customer: Vec<u32>,
    /// Receipt → sale or return.
    pub kind: Vec<ReceiptKind>,
    /// Receipt → its printed number.
    pub number: Vec<String>,
    /// Receipt → its first line; one more entry closes the last receipt.
    pub first_line: Vec<u32>,

    /// Line → position in `products`.
    pub product: Vec<u32>,
    /// Line → receipt.
    pub receipt: Vec<u32>,
    /// Line → signed quantity (returns negative).
    pub quantity: Vec<Quantity>,
    /// Line → signed amount after discount.
    pub amount: Vec<Paisa>,
    /// Line → discount that was taken off.
    pub discount: Vec<Paisa>,
    /// Line → cost of one, if known.
    pub unit_cost: Vec<Option<Paisa>>,
}

impl Sales {
    /// Number of receipts.
    pub fn receipts(&self) -> usize {
        self.id.len()
    }

    /// Number of lines.
    pub fn lines(&self) -> usize {
        self.product.len()
    }

    /// Lines of a receipt.
    pub fn lines_of(&self, receipt: usize) -> std::ops::Range<usize> {
        self.first_line[receipt] as usize..self.first_line[receipt + 1] as usize
    }

    /// First and last day with a receipt.
    pub fn period(&self) -> Option<Period> {
        Some(Period { from: *self.day.first()?, to: *self.day.last()? })
    }
}

/// On-hand stock per shop and product.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stock {
    /// `[shop × products + product]` → pieces on the shelf; `None` where nothing was ever received or counted,
    /// so that "unknown" is never mistaken for "none left".
    pub on_hand: Vec<Option<Quantity>>,
    /// Same positions → pieces ordered and not yet arrived.
    pub on_order: Vec<Quantity>,
    /// What those pieces are: orders that lack something, by (time, order, product).
    pub orders: Vec<OpenOrderLine>,
    /// Same positions → supplier of the newest receipt (position in `suppliers`), or [`NONE`].
    pub supplier: Vec<u32>,
    /// Every movement in order of (time, record id): history of a shelf, censoring of stockouts. A shelf is
    /// known from its first movement that is not a sale; sales before that moved goods nobody wrote down.
    pub movements: Vec<Movement>,
}

/// One product of an order that has not all arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenOrderLine {
    /// Which order.
    pub order: DocumentId,
    /// When it was written.
    pub at: Timestamp,
    /// Position in `shops`.
    pub shop: u32,
    /// Position in `suppliers`, or [`NONE`].
    pub supplier: u32,
    /// When it should arrive, if said.
    pub expected: Option<Day>,
    /// Position in `products`.
    pub product: u32,
    /// Pieces that have not arrived; more than zero.
    pub left: Quantity,
    /// What one costs, if said.
    pub unit_cost: Option<Paisa>,
}

/// One signed movement of stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Movement {
    /// When.
    pub at: Timestamp,
    /// Position in `shops`.
    pub shop: u32,
    /// Position in `products`.
    pub product: u32,
    /// Signed change.
    pub quantity: Quantity,
    /// Why.
    pub cause: MovementCause,
}

/// What moved stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MovementCause {
    /// From a supplier, or taken over on the opening day.
    Received,
    /// Sold (negative) or returned (positive).
    Sold,
    /// Counted: the difference.
    Counted,
    /// Corrected.
    Adjusted,
    /// To or from another shop.
    Transferred,
    /// Taken in part payment.
    TradedIn,
}

/// One entry of the khata.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditRow {
    /// Which document.
    pub id: DocumentId,
    /// Position in `customers`.
    pub customer: u32,
    /// Position in `shops`.
    pub shop: u32,
    /// Signed: positive means the customer owes more.
    pub amount: Paisa,
    /// When.
    pub at: Timestamp,
    /// When it should be paid.
    pub due: Option<Day>,
    /// The sale behind it, if any.
    pub sale: Option<SaleId>,
    /// By what it changed hands, if said.
    pub method: Option<PaymentMethod>,
    /// What the entry is.
    pub kind: CreditKind,
    /// The entry that this one takes back.
    pub undoes: Option<DocumentId>,
}

/// Cash into (positive) or out of (negative) a drawer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CashRow {
    /// Position in `shops`.
    pub shop: u32,
    /// Signed amount.
    pub amount: Paisa,
    /// When.
    pub at: Timestamp,
    /// Why; none where the drawer was counted: then `amount` is that sum, and the drawer is reset to it.
    pub cause: Option<CashCause>,
}

impl CashRow {
    /// Whether this is a count of the drawer.
    pub fn counted(&self) -> bool {
        self.cause.is_none()
    }
}

impl Tables {
    /// Position of a shop.
    pub fn shop(&self, id: ShopId) -> Option<usize> {
        self.shops.binary_search_by_key(&id, |row| row.id).ok()
    }

    /// Position of a product.
    pub fn product(&self, id: ProductId) -> Option<usize> {
        self.products.binary_search_by_key(&id, |row| row.id).ok()
    }

    /// Position of a customer.
    pub fn customer(&self, id: CustomerId) -> Option<usize> {
        self.customers.binary_search_by_key(&id, |row| row.id).ok()
    }

    /// Currency of the shop, or of the first one, or rupees.
    pub fn currency(&self, shop: Option<usize>) -> Currency {
        self.shops.get(shop.unwrap_or(0)).map_or(Currency::PKR, |row| row.currency)
    }

    /// Local time of the shop, or of the first one.
    pub fn zone(&self, shop: Option<usize>) -> Zone {
        self.shops.get(shop.unwrap_or(0)).map_or(Zone::KARACHI, |row| row.zone)
    }

    /// Pieces on the shelf of one shop, or of all shops (`None` where no shop knows).
    pub fn on_hand(&self, shop: Option<usize>, product: usize) -> Option<Quantity> {
        let known = |shelf: usize| self.stock.on_hand.get(shelf).copied().flatten();
        self.shelves(shop, product).filter_map(known).reduce(|a, b| a + b)
    }

    /// Pieces on their way to one shop, or to all shops.
    pub fn on_order(&self, shop: Option<usize>, product: usize) -> Quantity {
        self.shelves(shop, product).filter_map(|shelf| self.stock.on_order.get(shelf)).copied().sum()
    }

    /// Who delivered a product last, to one shop or to any.
    pub fn supplier(&self, shop: Option<usize>, product: usize) -> Option<usize> {
        let of_shelf = |shelf: usize| self.stock.supplier.get(shelf).copied();
        let found = self.shelves(shop, product).filter_map(of_shelf).find(|supplier| *supplier != NONE);
        found.map(|supplier| supplier as usize)
    }

    /// Positions of a product in [`Stock`], of one shop or of all.
    fn shelves(&self, shop: Option<usize>, product: usize) -> impl Iterator<Item = usize> {
        let (shops, products) = (self.shops.len(), self.products.len());
        shop.map_or(0..shops, |shop| shop..shop + 1).map(move |shop| shop * products + product)
    }
}
