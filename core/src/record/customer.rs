//! Buyers. Who they are stands sealed; what they did stands open under an id.

use crate::{
    id::{CustomerId, DocumentId, HouseholdId, ProductId, ShopId},
    money::Paisa,
    privacy::seal::Sealed,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// A customer is made or changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Which customer.
    pub id: CustomerId,
    /// The shop's own number for them, not personal by itself.
    pub code: Option<String>,
    /// Name, phones, CNIC, address as JSON of [`Person`], sealed under the person's key.
    pub person: Option<Sealed>,
    /// How much they may owe; unsaid leaves it as it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<CreditLimit>,
    /// Stream version the editor saw.
    pub base_version: Option<u64>,
}

/// How much a customer may owe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreditLimit {
    /// As much as they like.
    Open,
    /// Up to this; zero sells for money only.
    Upto(Paisa),
}

/// What is sealed inside [`Customer::person`] and [`Member::person`](super::Member::person).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Name.
    pub name: Option<String>,
    /// Phone numbers, a set.
    #[serde(default)]
    pub phones: Vec<String>,
    /// National identity card number.
    pub cnic: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// A picture of them or of their papers, as a data URL: sealed on the device that took it, never in an event.
    #[serde(default)]
    pub picture: Option<String>,
    /// Of a member of staff: the PIN, as it is kept.
    #[serde(default)]
    pub pin: Option<super::Pin>,
}

/// Two entries are one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerMerge {
    /// The entry that stays.
    pub into: CustomerId,
    /// The entry that becomes its alias.
    pub from: CustomerId,
}

/// Customers who decide together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Household {
    /// Which household.
    pub id: HouseholdId,
    /// Its members, as of now.
    pub members: Vec<CustomerId>,
}

/// Something that happened with a customer without a sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interaction {
    /// Who, if known.
    pub customer: Option<CustomerId>,
    /// Where.
    pub shop: ShopId,
    /// What.
    pub kind: InteractionKind,
    /// About which product, if any.
    pub product: Option<ProductId>,
    /// What was asked for, in words, where no product exists.
    pub text: Option<String>,
    /// Minutes in the shop, if noted.
    pub minutes: Option<u16>,
    /// When.
    pub at: Timestamp,
    /// Which document, so that it can be taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<DocumentId>,
    /// Of a comparison: what `product` was compared with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<ProductId>,
    /// The interaction that never was: this one takes it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<DocumentId>,
}

/// Kinds of interaction: the seed's behavioural features count them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InteractionKind {
    /// Came in.
    Visit,
    /// Compared products.
    Comparison,
    /// Bargained.
    Negotiation,
    /// Sent somebody.
    Referral,
    /// Nahi mila: asked for, and not in stock.
    NotInStock,
}
