//! Language and number form of the screen; kept on the device.

use crate::plain::Locale;
use dukandar_core::money::Grouping;
use gloo::storage::{LocalStorage, Storage};

/// Key that index.html reads before the first paint.
const LANGUAGE_KEY: &str = "dukandar.lang";
const GROUPING_KEY: &str = "dukandar.grouping";

impl Locale {
    fn kept(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Urdu => "ur",
            Self::RomanUrdu => "roman",
        }
    }

    /// The language that the page begins with.
    pub fn at_start() -> Self {
        Self::load().unwrap_or_default()
    }

    /// The language chosen on this device before, if any.
    fn load() -> Option<Self> {
        let kept = LocalStorage::raw().get_item(LANGUAGE_KEY).ok()??;
        Self::ALL.into_iter().find(|locale| locale.kept() == kept)
    }

    /// Keeps the choice and turns the document.
    pub(super) fn apply(self) {
        // Where local storage is refused the choice lives as long as the page.
        let _ = LocalStorage::raw().set_item(LANGUAGE_KEY, self.kept());
        let root =
            web_sys::window().and_then(|window| window.document()).and_then(|page| page.document_element());
        if let Some(root) = root {
            let _ = root.set_attribute("lang", self.tag());
            let _ = root.set_attribute("dir", self.direction());
        }
    }
}

/// How amounts are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// 1,234,567 or 12,34,567.
    pub grouping: Grouping,
}

impl Numbers {
    /// As chosen on this device before.
    pub(super) fn load() -> Self {
        Self { grouping: LocalStorage::get(GROUPING_KEY).unwrap_or_default() }
    }

    /// Keeps the choice.
    pub(super) fn keep(self) {
        let _ = LocalStorage::set(GROUPING_KEY, self.grouping);
    }
}
