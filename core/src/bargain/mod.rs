//! Bargaining at the counter: how an agreed total lies on the lines of a bill, how low who may go, and what the owner
//! was asked.
//!
//! Input: the bill as it stands, the catalogue's list price, floor and cost of each product, the seller's role, the
//! shop's rules. Output: discounts to the paisa, a verdict for each line, the questions that wait. How it fails: where
//! neither list price nor floor is known (loose goods), any amount above zero is allowed, as there is nothing to hold
//! it against.

pub mod pieces;
mod policy;
mod request;
mod spread;

pub use policy::{Goods, Judged, Offer, judge, lowest};
pub use request::{Approvals, HOLDS_MS, Request, RequestLine, approvals, covers, same_bill};
pub use spread::{Room, Spread, SpreadFault, spread};

use crate::{money::Paisa, quantity::Quantity};

/// Beyond this a line of a phone shop's bill is a slip of the finger.
pub const MOST: Paisa = Paisa::rupees(100_000_000);
/// So are more pieces than this.
pub const MOST_PIECES: Quantity = Quantity::pieces(100_000);
