//! Sentences that differ by number.

/// A sentence with a number in it, in both grammatical numbers.
#[derive(Clone, Copy)]
#[cfg_attr(test, derive(Debug))]
pub struct Plural {
    /// For exactly one.
    pub one: &'static str,
    /// For any other number.
    pub other: &'static str,
}

/// A form for both numbers.
pub const fn plural(one: &'static str, other: &'static str) -> Plural {
    Plural { one, other }
}
