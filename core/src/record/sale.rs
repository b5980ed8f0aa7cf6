//! Selling: immutable once written; a refund is a new record.

use crate::{
    id::{CustomerId, DocumentId, ProductId, SaleId, ShopId, UnitId, UserId},
    money::Paisa,
    quantity::Quantity,
    time::{Day, Timestamp, Zone},
};
use serde::{Deserialize, Serialize};

/// A sale with its lines, payments and stock movements: one business act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    /// Which sale.
    pub id: SaleId,
    /// Where.
    pub shop: ShopId,
    /// SHOP-DEVICE-n, for people only.
    pub number: String,
    /// When, by the device's clock.
    pub at: Timestamp,
    /// The shop's local time then.
    pub zone: Zone,
    /// Who bought, if known.
    pub customer: Option<CustomerId>,
    /// Who sold, if known.
    pub staff: Option<UserId>,
    /// What.
    pub lines: Vec<SaleLine>,
    /// How it was paid; the sum equals the lines' amounts.
    pub payments: Vec<Payment>,
    /// The owner's word that allowed its price, where one was needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<DocumentId>,
}

/// Goods come back: lines carry positive quantities and amounts, which count negative.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Return {
    /// Which return.
    pub id: SaleId,
    /// The sale it undoes, if known.
    pub original: Option<SaleId>,
    /// Where.
    pub shop: ShopId,
    /// SHOP-DEVICE-n.
    pub number: String,
    /// When.
    pub at: Timestamp,
    /// Local time.
    pub zone: Zone,
    /// Who brought it back.
    pub customer: Option<CustomerId>,
    /// Who took it.
    pub staff: Option<UserId>,
    /// What came back.
    pub lines: Vec<SaleLine>,
    /// How it was refunded.
    pub payments: Vec<Payment>,
    /// Which line of the sale each line here is of, where there is a sale.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub of_lines: Vec<u32>,
    /// The sale that the value went to, where goods were exchanged: what both have in common stands as cash in both,
    /// so that the drawer holds the difference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange: Option<SaleId>,
}

/// One line of a sale or return.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleLine {
    /// What.
    pub product: ProductId,
    /// Which pieces, where they are tracked by IMEI.
    #[serde(default)]
    pub units: Vec<UnitId>,
    /// How many.
    pub quantity: Quantity,
    /// Price charged for one, before the discount.
    pub unit_price: Paisa,
    /// Taken off the whole line.
    #[serde(default)]
    pub discount: Paisa,
    /// quantity × unit_price − discount, in paisa.
    pub amount: Paisa,
    /// What one cost the shop then, if known.
    #[serde(default)]
    pub unit_cost: Option<Paisa>,
}

/// Part of what was paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// By what.
    pub method: PaymentMethod,
    /// How much.
    pub amount: Paisa,
    /// What was handed over for it, where that was more: the rest went back as change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tendered: Option<Paisa>,
}

/// The tenders of a Pakistani counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentMethod {
    /// Into the galla.
    Cash,
    /// Debit or credit card.
    Card,
    /// JazzCash wallet.
    JazzCash,
    /// Easypaisa wallet.
    Easypaisa,
    /// Bank transfer or Raast.
    Bank,
    /// Udhaar: on credit, see [`super::CreditEntry`].
    Credit,
    /// Qist: see [`super::InstalmentPlan`].
    Instalment,
    /// A used phone given in part payment, see [`TradeIn`].
    TradeIn,
}

/// A used phone is taken in part payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TradeIn {
    /// The sale it pays for, if any.
    pub sale: Option<SaleId>,
    /// Where.
    pub shop: ShopId,
    /// The piece taken in.
    pub unit: UnitId,
    /// Its product.
    pub product: ProductId,
    /// What was allowed for it.
    pub value: Paisa,
    /// When.
    pub at: Timestamp,
    /// Who gave it, if known: name, phone and CNIC stand sealed in the entry of that customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seller: Option<CustomerId>,
    /// By what it was paid, where it was bought and not taken for a sale. Cash out of the drawer is a
    /// [`super::CashMovement`] of the same commit: this field moves nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid: Option<PaymentMethod>,
    /// Whether somebody asked if it was stolen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<TheftCheck>,
}

/// A look into a register of stolen phones before one is bought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TheftCheck {
    /// CPLC, e-Gadget …, as written.
    pub register: String,
    /// When it was asked.
    pub on: Day,
    /// Nothing was found there.
    pub clear: bool,
    /// The answer's number or other proof.
    pub reference: String,
}

/// A price promised until a date. A further record with the same id says what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quotation {
    /// Which document.
    pub id: DocumentId,
    /// Where.
    pub shop: ShopId,
    /// For whom, if known.
    pub customer: Option<CustomerId>,
    /// What.
    pub lines: Vec<SaleLine>,
    /// When.
    pub at: Timestamp,
    /// Until when it holds.
    pub valid_until: Timestamp,
    /// SHOP-DEVICE-Qn, for people only.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub number: String,
    /// What became of it; nothing while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<QuotationEnd>,
}

/// What became of a quotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuotationEnd {
    /// It was put on a bill.
    Taken,
    /// Nobody wants it any more.
    Dropped,
}
