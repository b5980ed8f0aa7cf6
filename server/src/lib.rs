//! What the app calls over the network. Without the feature `ssr` these are client stubs; with it the
//! package is the server: accounts, the ordered journal, sync, and the binary `dukandar`.

pub mod api;
pub mod login;

#[cfg(feature = "ssr")]
pub mod auth;
#[cfg(feature = "ssr")]
pub mod http;
#[cfg(feature = "ssr")]
pub mod lab;
#[cfg(feature = "ssr")]
pub mod lan;
#[cfg(feature = "ssr")]
pub mod server;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub mod sql_report;
#[cfg(feature = "ssr")]
pub mod store;
