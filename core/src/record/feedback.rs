//! Customers' own words.

use crate::{
    id::{CustomerId, ProductId, ShopId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// What a customer said, in any script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feedback {
    /// Where.
    pub shop: ShopId,
    /// Who, if known.
    pub customer: Option<CustomerId>,
    /// About what, if known.
    pub product: Option<ProductId>,
    /// The words.
    pub text: String,
    /// When.
    pub at: Timestamp,
}
