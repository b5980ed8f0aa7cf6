//! The camera as a scanner, for pages: opened for a sheet, off when that closes.

pub use crate::effect::camera::{Camera, CameraTrouble, cameras, open as open_camera};
use crate::effect::clock;

/// Milliseconds between two looks: at most eight a second.
const PAUSE_MS: u32 = 125;

/// Waits until the next look is due; gives the time by the page's own clock, in milliseconds.
pub async fn next_look() -> f64 {
    clock::sleep(PAUSE_MS).await;
    clock::elapsed_ms()
}
