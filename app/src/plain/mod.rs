//! What needs neither browser nor Leptos: the words of three languages, numbers as they are typed and shown, a
//! scanner's burst. It knows core only, so that its tests run natively without building the page: the house tests
//! include this folder (`tests/tests/house/main.rs`).

pub mod abc;
pub mod bargain;
pub mod camera;
pub mod cash;
pub mod cnic;
pub mod counter;
pub mod csv;
pub mod day;
mod en;
pub mod help;
pub mod imei_words;
pub mod khata;
mod lang;
mod locale;
mod messages;
pub mod mistake;
pub mod opening;
pub mod outlook;
pub mod paper_style;
pub mod papers;
pub mod plan;
mod plural;
pub mod quality;
pub mod receive;
mod roman;
pub mod scale;
pub mod scan;
pub mod staff;
pub mod typed;
pub mod units;
pub mod unusual;
mod ur;
pub mod words;

pub use lang::Lang;
pub use locale::Locale;
pub use messages::{Messages, Plural};
pub use roman::ROMAN;
pub use ur::UR;
