//! What the app calls over the network. Without the feature `ssr` these are client stubs; with it the
//! package is the server: accounts, the ordered journal, sync, and the binary `dukandar`.

pub mod api;
