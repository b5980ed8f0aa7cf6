//! Keeping people's data theirs.

pub mod hex;
pub mod seal;
