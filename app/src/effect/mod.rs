//! Everything that touches the browser: storage, network, the worker's handle, clock and entropy.
//! Pages never come here; they read `state`.

pub mod answers;
mod by_name;
pub mod camera;
pub mod clock;
pub mod forecasts;
pub mod gzip;
pub mod history;
pub mod journal;
pub mod ledger;
pub mod lock;
pub mod network;
pub mod photo;
pub mod port;
pub mod printer;
pub mod secret;
pub mod storage;
pub mod studies;
pub mod sync;
pub mod tabs;
