//! Questions to the owner and what became of them.

use crate::{
    id::{DocumentId, SaleId, ShopId, UserId},
    record::AskedLine,
    time::Timestamp,
};
use serde::Serialize;

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ApprovalRow {
    /// Which question.
    pub id: DocumentId,
    /// Where.
    pub shop: ShopId,
    /// When it was asked.
    pub at: Timestamp,
    /// Who asked, if signed in.
    pub user: Option<UserId>,
    /// The bill.
    pub lines: Vec<AskedLine>,
    /// The newest answer.
    pub answer: Option<bool>,
    /// The sale that used it: a word holds once.
    pub used: Option<SaleId>,
}
