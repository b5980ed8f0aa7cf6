//! What PTA says of a phone: the reply to an SMS to 8484, and how long a phone without tax still works.
//!
//! Question answered: which [`PtaState`] does this reply mean? Input: the reply's text. Output: [`Reply`]. The words:
//! "Compliant" (imported and registered), "Valid" (a genuine IMEI that is not registered) and "Non-compliant" are
//! those that PTA announced for 8484 and its page in October 2018; "Provisionally (non) compliant", "not registered"
//! and "stolen" are those of the open-source DIRBS device verification subsystem. Everything else here is a guess at
//! how a network may word the same: duplicate, blocked, not found, and the Urdu words. How it fails: "Non-compliant"
//! is said of untaxed phones and of changed IMEIs alike; it is read as untaxed, and the shopkeeper may say patched.

use super::PtaState;
use crate::{imei, time::Day};

/// Days that a phone works from its first use in the country, until its tax is paid.
pub const GRACE_DAYS: i32 = 60;

/// What a reply says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// IMEIs that stand in it.
    pub imeis: Vec<String>,
    /// The state; none where no word of it is known.
    pub state: Option<PtaState>,
}

/// Words and what they mean; the first that is met counts.
const WORDS: [(&[&str], PtaState); 6] = [
    (&["stolen", "lost device", "blacklist", "blocked", "is block", "بلاک", "چوری"], PtaState::Blocked),
    (&["duplicate", "cloned", "tampered", "نقلی"], PtaState::Patched),
    (
        &["provisionally compliant", "not found", "no record", "unknown", "invalid", "incorrect"],
        PtaState::Unknown,
    ),
    (
        &[
            "non compliant",
            "noncompliant",
            "not compliant",
            "not registered",
            "unregistered",
            "not approved",
            "non pta",
            "غیر رجسٹرڈ",
        ],
        PtaState::NonPta,
    ),
    (&["compliant", "approved", "registered", "رجسٹرڈ"], PtaState::Approved),
    (&["valid"], PtaState::NonPta),
];

/// What may yet come says nothing of what is.
const NOT_YET: [&str; 6] =
    ["will be blocked", "shall be blocked", "may be blocked", "not blocked", "not stolen", "to be blocked"];

/// Reads a reply, as copied out of the phone.
pub fn reply(text: &str) -> Reply {
    let lower = text.to_lowercase();
    let mut plain: String =
        lower.chars().map(|letter| if letter.is_alphanumeric() { letter } else { ' ' }).collect();
    plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    for later in NOT_YET {
        plain = plain.replace(later, " ");
    }
    let said = |words: &[&str]| words.iter().any(|word| plain.contains(word));
    let state = WORDS.iter().find(|(words, _)| said(words)).map(|&(_, state)| state);
    Reply { imeis: imei::within(text), state }
}

impl PtaState {
    /// Every state, in the order in which they are offered.
    pub const ALL: [Self; 7] =
        [Self::Approved, Self::NonPta, Self::Cpid, Self::Jv, Self::Patched, Self::Blocked, Self::Unknown];

    /// Until when a phone in this state works that was first used, or came into the country, on this day.
    pub fn deadline(self, first: Day) -> Option<Day> {
        matches!(self, Self::NonPta | Self::Cpid).then_some(Day(first.0 + GRACE_DAYS))
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn the_announced_words_have_their_announced_meaning() {
        let state = |text| reply(text).state;
        assert_eq!(state("IMEI 490154203237518 is Compliant"), Some(PtaState::Approved));
        assert_eq!(state("Valid"), Some(PtaState::NonPta));
        assert_eq!(state("NON-COMPLIANT"), Some(PtaState::NonPta));
        assert_eq!(state("Provisionally Compliant"), Some(PtaState::Unknown));
        assert_eq!(
            state("Provisionally non compliant: device stolen report is pending"),
            Some(PtaState::Blocked)
        );
        assert_eq!(state("Your device is not registered"), Some(PtaState::NonPta));
    }

    #[test]
    fn guessed_words_are_forgiving_and_an_unknown_reply_says_nothing() {
        let state = |text| reply(text).state;
        assert_eq!(
            state("Device IMEI is non compliant and will be blocked after 60 days"),
            Some(PtaState::NonPta)
        );
        assert_eq!(state("This IMEI is BLOCKED."), Some(PtaState::Blocked));
        assert_eq!(state("IMEI is not blocked. Compliant"), Some(PtaState::Approved));
        assert_eq!(state("Duplicate IMEI"), Some(PtaState::Patched));
        assert_eq!(state("Invalid IMEI"), Some(PtaState::Unknown));
        assert_eq!(state("Dear customer, your balance is Rs 12"), None);
        assert_eq!(reply("۴۹۰۱۵۴۲۰۳۲۳۷۵۱۸ compliant").imeis, ["490154203237518"]);
    }

    #[test]
    fn sixty_days_where_tax_is_due() {
        assert_eq!(PtaState::NonPta.deadline(Day(100)), Some(Day(160)));
        assert_eq!(PtaState::Cpid.deadline(Day(100)), Some(Day(160)));
        assert_eq!(PtaState::Approved.deadline(Day(100)), None);
    }
}
