//! Keeping people's data theirs.

pub mod seal;
