//! What a shop writes down. Every kind is declared here with its version, from the first release on;
//! the screens for some come later. A record is one whole business act and is never changed: corrections
//! are further records.
//!
//! Personal data stands only in fields of type [`Sealed`](crate::privacy::seal::Sealed).

mod admin;
mod approval;
mod context;
mod credit;
mod customer;
mod decision;
mod expense;
mod feedback;
mod product;
pub mod pta;
mod repair;
mod sale;
mod staff;
mod stock;
mod supplier;
mod unit;
pub mod validate;

pub use admin::*;
pub use approval::*;
pub use context::*;
pub use credit::*;
pub use customer::*;
pub use decision::*;
pub use expense::*;
pub use feedback::*;
pub use product::*;
pub use repair::*;
pub use sale::*;
pub use staff::*;
pub use stock::*;
pub use supplier::*;
pub use unit::*;

use serde::{Deserialize, Serialize};

/// A record of any kind. The wire form is `{"kind": …, "v": …, "data": {…}}`, see [`crate::sync::event::Event`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
// Tagged outside: an inner tag would read each record through a buffer, and be compiled twice for that.
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each variant is its struct, documented there")]
pub enum Record {
    // the business
    Shop(Shop),
    Device(Device),
    Grant(Grant),
    PersonKey(PersonKey),
    Erase(Erase),
    Import(Import),
    // selling
    Sale(Sale),
    Return(Return),
    TradeIn(TradeIn),
    Quotation(Quotation),
    // stock
    PurchaseOrder(PurchaseOrder),
    SupplierReceipt(SupplierReceipt),
    SupplierBill(SupplierBill),
    SupplierPayment(SupplierPayment),
    Supplier(Supplier),
    Count(Count),
    Adjustment(Adjustment),
    Transfer(Transfer),
    // goods
    Price(Price),
    Product(Product),
    Fit(Fit),
    Unit(Unit),
    // people
    Customer(Customer),
    CustomerMerge(CustomerMerge),
    Household(Household),
    Interaction(Interaction),
    CreditEntry(CreditEntry),
    InstalmentPlan(InstalmentPlan),
    Feedback(Feedback),
    // the day
    Expense(Expense),
    Closing(Closing),
    CashMovement(CashMovement),
    Member(Member),
    StaffAct(StaffAct),
    RepairJob(RepairJob),
    Service(Service),
    // the market
    CompetitorPrice(CompetitorPrice),
    FeedRow(FeedRow),
    CalendarCorrection(CalendarCorrection),
    // decisions and what became of them
    CampaignContact(CampaignContact),
    Recommendation(Recommendation),
    PriceDecision(PriceDecision),
    OrderDecision(OrderDecision),
    PredictionIssued(PredictionIssued),
    PredictionOutcome(PredictionOutcome),
    // the owner is asked
    Approval(Approval),
}

/// Every kind with its current version. A new version keeps an upcaster from each older one in [`lifted`].
pub const KINDS: [(&str, u16); 46] = [
    ("shop", 1),
    ("device", 1),
    ("grant", 1),
    ("person_key", 1),
    ("erase", 1),
    ("import", 1),
    ("sale", 1),
    ("return", 1),
    ("trade_in", 1),
    ("quotation", 1),
    ("purchase_order", 1),
    ("supplier_receipt", 1),
    ("supplier_bill", 1),
    ("supplier_payment", 1),
    ("supplier", 1),
    ("count", 1),
    ("adjustment", 1),
    ("transfer", 1),
    ("price", 1),
    ("product", 1),
    ("fit", 1),
    ("unit", 1),
    ("customer", 1),
    ("customer_merge", 1),
    ("household", 1),
    ("interaction", 1),
    ("credit_entry", 2),
    ("instalment_plan", 1),
    ("feedback", 1),
    ("expense", 1),
    ("closing", 1),
    ("cash_movement", 1),
    ("member", 1),
    ("staff_act", 2),
    ("repair_job", 1),
    ("service", 2),
    ("competitor_price", 1),
    ("feed_row", 1),
    ("calendar_correction", 1),
    ("campaign_contact", 1),
    ("recommendation", 1),
    ("price_decision", 1),
    ("order_decision", 1),
    ("prediction_issued", 1),
    ("prediction_outcome", 1),
    ("approval", 1),
];

/// Why a stored record could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// A kind or version from a newer release: stored, and replayed after an upgrade.
    #[error("record kind {kind} v{version} is not known to this release: kept for an upgrade")]
    Unknown {
        /// The kind as sent.
        kind: String,
        /// Its version.
        version: u16,
    },
    /// Known kind, wrong shape.
    #[error("record kind {kind}: {problem}")]
    Malformed {
        /// The kind as sent.
        kind: String,
        /// What the parser expected and where.
        problem: String,
    },
}

impl Record {
    /// Reads a record of `kind` in `version`, lifting older versions to the current one.
    pub fn decode(kind: &str, version: u16, data: serde_json::Value) -> Result<Self, RecordError> {
        let data = lifted(kind, version, data)?;
        serde_json::from_value([(kind.to_owned(), data)].into_iter().collect())
            .map_err(|error| RecordError::Malformed { kind: kind.to_owned(), problem: error.to_string() })
    }

    /// Reads the data of a record whose kind the caller knows, lifting older versions to the current one.
    /// A program that reads one kind need not carry the readers of all.
    pub fn decode_as<T: serde::de::DeserializeOwned>(
        kind: &str,
        version: u16,
        data: serde_json::Value,
    ) -> Result<T, RecordError> {
        serde_json::from_value(lifted(kind, version, data)?)
            .map_err(|error| RecordError::Malformed { kind: kind.to_owned(), problem: error.to_string() })
    }

    /// The version and data of a record whose kind the caller knows: the reverse of [`Record::decode_as`].
    pub fn encode_as<T: Serialize>(kind: &str, record: &T) -> Result<(u16, serde_json::Value), RecordError> {
        let malformed = |problem: String| RecordError::Malformed { kind: kind.to_owned(), problem };
        let version = KINDS.iter().find(|(name, _)| *name == kind).map(|&(_, version)| version);
        let version = version.ok_or_else(|| malformed("the kind is not in KINDS".to_owned()))?;
        Ok((version, serde_json::to_value(record).map_err(|error| malformed(error.to_string()))?))
    }

    /// The kind's name, its version and the data.
    pub fn encode(&self) -> Result<(String, u16, serde_json::Value), RecordError> {
        let malformed = |problem: String| RecordError::Malformed { kind: "record".to_owned(), problem };
        let tagged = match serde_json::to_value(self) {
            Ok(serde_json::Value::Object(tagged)) => tagged.into_iter().next(),
            Ok(_) => None,
            Err(error) => return Err(malformed(error.to_string())),
        };
        let (kind, data) = tagged.ok_or_else(|| malformed("the record has no kind".to_owned()))?;
        let version = KINDS.iter().find(|(name, _)| *name == kind).map(|&(_, version)| version);
        let version = version.ok_or_else(|| malformed(format!("{kind} is not in KINDS")))?;
        Ok((kind, version, data))
    }
}

/// Data of a known kind and version in the current shape. Version 2 of `service` added a kind and optional fields, that
/// of `credit_entry` two kinds, that of `staff_act` its counter-entry: what version 1 wrote is read as it is, so that there
/// is nothing to lift yet.
fn lifted(kind: &str, version: u16, data: serde_json::Value) -> Result<serde_json::Value, RecordError> {
    let known = KINDS.iter().any(|&(name, current)| name == kind && (1..=current).contains(&version));
    if known { Ok(data) } else { Err(RecordError::Unknown { kind: kind.to_owned(), version }) }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn unknown_kinds_and_versions_are_told_from_malformed_ones() {
        let unknown = |kind: &str, version| Record::decode(kind, version, serde_json::json!({}));
        assert!(matches!(unknown("teleport", 1), Err(RecordError::Unknown { .. })));
        assert!(matches!(unknown("sale", 2), Err(RecordError::Unknown { .. })));
        assert!(matches!(unknown("sale", 1), Err(RecordError::Malformed { .. })));
    }

    #[test]
    fn a_record_round_trips_through_its_wire_form() {
        let record = Record::Erase(Erase { key: crate::id::PersonKeyId::from_u128(7) });
        let (kind, version, data) = record.encode().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((kind.as_str(), version), ("erase", 1));
        assert_eq!(
            Record::decode_as(&kind, version, data.clone()),
            Ok(Erase { key: crate::id::PersonKeyId::from_u128(7) })
        );
        assert_eq!(Record::decode(&kind, version, data), Ok(record));
    }
}
