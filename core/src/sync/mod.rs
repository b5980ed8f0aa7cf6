//! The journal and its synchronisation as pure state machines: no transport, no clock.
//!
//! Server-authoritative operation log, one stream per shop and one for the tenant. Devices write events
//! offline; the server orders them; every holder folds the same set into the same tables.

pub mod client;
pub mod event;
pub mod journal;
pub mod protocol;
pub mod stamp;
