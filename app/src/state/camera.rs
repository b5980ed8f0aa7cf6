//! The camera as a scanner, for pages: opened for a sheet, off when that closes.

use super::AppState;
pub use crate::effect::camera::{Camera, CameraTrouble, cameras, open as open_camera};
use crate::effect::clock;
use dukandar_core::time::Timestamp;
use leptos::prelude::*;

/// Milliseconds between two looks: at most eight a second.
const PAUSE_MS: u32 = 125;

impl AppState {
    /// The device's clock now; tracks [`AppState::now`], which itself never goes back.
    pub fn clock(self) -> Timestamp {
        self.now.track();
        clock::now()
    }
}

/// Waits until the next look is due; gives the time by the page's own clock, in milliseconds.
pub async fn next_look() -> f64 {
    clock::sleep(PAUSE_MS).await;
    clock::elapsed_ms()
}
