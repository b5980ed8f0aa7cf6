//! A sale below what a role may do waits for the owner's word: the question and the answer, one kind.

use crate::{
    id::{DocumentId, ProductId, ShopId, UserId},
    money::Paisa,
    quantity::Quantity,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// A step of a question to the owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Which question; its answer names it too.
    pub id: DocumentId,
    /// Where.
    pub shop: ShopId,
    /// When.
    pub at: Timestamp,
    /// Who asked or answered, if signed in.
    pub user: Option<UserId>,
    /// What was said.
    pub step: ApprovalStep,
}

/// What was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalStep {
    /// May this bill go for that?
    Asked(Vec<AskedLine>),
    /// Yes or no.
    Answered(bool),
}

/// A line of the bill as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedLine {
    /// What.
    pub product: ProductId,
    /// As shown.
    pub name: String,
    /// How many.
    pub quantity: Quantity,
    /// For the whole line.
    pub amount: Paisa,
}
