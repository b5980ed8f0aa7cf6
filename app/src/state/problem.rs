//! What can go wrong in an action, as data; the page finds the words.

use crate::{effect::storage::StorageError, message::Failure};
use dukandar_server::api::ApiError;

/// Why an action did not succeed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The device's storage refused; nothing was acknowledged.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The worker has no answer.
    #[error(transparent)]
    Worker(#[from] Failure),
    /// The server refused, or was not reached.
    #[error(transparent)]
    Server(#[from] ApiError),
    /// What was entered is not what is expected.
    #[error("{field}: expected {expected}")]
    Invalid {
        /// Which field.
        field: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// Lines of the bill are below what whoever is here may sell at.
    #[error("below what the owner allows: {names}")]
    BelowAllowed {
        /// Their names.
        names: String,
    },
    /// This device holds records of another business than the account's: they are never mixed in silence.
    #[error("this device holds the records of another business")]
    OtherBusiness,
    /// The counter is locked: the owner's PIN opens it.
    #[error("the counter is locked")]
    Locked,
    /// Whoever is here may not do that.
    #[error("not allowed to whoever is here")]
    NotAllowed,
    /// This page has no cryptography of the browser's to keep a PIN with.
    #[error("no WebCrypto on this page")]
    NoCrypto,
    /// There is no shop to write to.
    #[error("no shop is open")]
    NoShop,
}
