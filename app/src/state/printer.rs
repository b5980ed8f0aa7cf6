//! How papers look, and the receipt printer of this device.

use super::AppState;
use crate::{
    effect::printer::{self, Way},
    plain::paper_style::PaperStyle,
};
use dukandar_core::paper::escpos::{Bitmap, stream};
use gloo::storage::{LocalStorage, Storage};
use leptos::prelude::*;

pub use crate::effect::printer::{PrinterTrouble, Way as Printer};

const STYLE_KEY: &str = "dukandar.receipt";
/// Kept by earlier releases: 58 mm or not.
const NARROW_KEY: &str = "dukandar.paper";
const PRINTER_KEY: &str = "dukandar.printer";
const WAYS: [(Way, &str); 2] = [(Way::Usb, "usb"), (Way::Serial, "serial")];

/// As chosen on this device before.
pub(super) fn kept_style() -> PaperStyle {
    let narrow = LocalStorage::get(NARROW_KEY).unwrap_or(false);
    LocalStorage::get(STYLE_KEY).unwrap_or(PaperStyle { narrow, ..PaperStyle::default() })
}

pub(super) fn kept() -> Option<Printer> {
    let kept: String = LocalStorage::get(PRINTER_KEY).ok()?;
    WAYS.into_iter().find(|(_, name)| *name == kept).map(|(way, _)| way)
}

impl AppState {
    /// Changes how papers look; kept where the browser keeps anything, else for this page.
    pub fn set_paper_style(self, change: impl FnOnce(&mut PaperStyle)) {
        self.paper_style.update(change);
        let _ = self.paper_style.with_untracked(|style| LocalStorage::set(STYLE_KEY, style));
    }

    /// The ways to a receipt printer that this browser has.
    pub fn printer_ways(self) -> Vec<Printer> {
        WAYS.into_iter().map(|(way, _)| way).filter(|way| printer::is_here(*way)).collect()
    }

    /// Lets the shopkeeper choose a printer.
    pub async fn connect_printer(self, way: Printer) -> Result<(), PrinterTrouble> {
        printer::choose(way).await?;
        let name = WAYS.into_iter().find(|(it, _)| *it == way).map_or("", |(_, name)| name);
        let _ = LocalStorage::set(PRINTER_KEY, name);
        self.printer.set(Some(way));
        Ok(())
    }

    /// Forgets the printer.
    pub async fn forget_printer(self) {
        LocalStorage::delete(PRINTER_KEY);
        if let Some(way) = self.printer.get_untracked() {
            self.printer.set(None);
            printer::forget(way).await;
        }
    }

    /// Prints a picture, given in RGBA and as wide as the paper.
    pub async fn print_dots(self, rgba: &[u8], width: usize) -> Result<(), PrinterTrouble> {
        let way = self.printer.get_untracked().ok_or(PrinterTrouble::Refused)?;
        printer::send(way, &stream(&Bitmap::from_rgba(rgba, width))).await
    }
}
