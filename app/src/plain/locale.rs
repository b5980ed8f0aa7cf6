//! Which language the screen speaks.

/// Languages of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    /// English.
    #[default]
    English,
    /// Urdu in Urdu script, right to left.
    Urdu,
    /// Urdu in Latin letters.
    RomanUrdu,
}

impl Locale {
    /// All of them, in the order of the switch.
    pub const ALL: [Self; 3] = [Self::English, Self::Urdu, Self::RomanUrdu];

    /// Value of `<html lang>`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Urdu => "ur",
            Self::RomanUrdu => "ur-Latn",
        }
    }

    /// Value of `<html dir>`.
    pub fn direction(self) -> &'static str {
        match self {
            Self::Urdu => "rtl",
            Self::English | Self::RomanUrdu => "ltr",
        }
    }
}
