//! How a shop's papers look: width, language, foot.

use super::{Lang, Locale};
use dukandar_core::money::Grouping;
use serde::{Deserialize, Serialize};

/// In which language papers are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PaperLanguage {
    /// That of the screen.
    #[default]
    Screen,
    /// English.
    English,
    /// Urdu.
    Urdu,
    /// English, with the Urdu word beside each English one.
    Both,
}

/// How this shop's papers look; kept on the device.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PaperStyle {
    /// 58 mm, not 80.
    pub narrow: bool,
    /// In which language.
    pub language: PaperLanguage,
    /// Words at the foot.
    pub footer: String,
}

impl PaperStyle {
    /// Dots of a line: 8 dots a millimetre on 48 or 72 printable millimetres.
    pub fn dots(&self) -> usize {
        if self.narrow { 384 } else { 576 }
    }

    /// The languages on the paper: the one that leads, and one beside it.
    pub fn langs(&self, screen: Lang) -> (Lang, Option<Lang>) {
        let of = |locale, grouping: Grouping| Lang { locale, grouping };
        match self.language {
            PaperLanguage::Screen => (screen, None),
            PaperLanguage::English => (of(Locale::English, screen.grouping), None),
            PaperLanguage::Urdu => (of(Locale::Urdu, screen.grouping), None),
            PaperLanguage::Both => {
                (of(Locale::English, screen.grouping), Some(of(Locale::Urdu, screen.grouping)))
            }
        }
    }
}
