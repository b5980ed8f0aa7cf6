//! The directory of a zip archive: which parts lie where in its bytes. Unpacking them is the caller's.
//!
//! Reference: PKWARE APPNOTE 6.3.10, 4.3.7, 4.3.12 and 4.3.16. Not read: archives over several disks and zip64, which no
//! workbook of a size that is taken here needs.

use super::broken;
use crate::reject::{Reject, RejectReason};
use std::ops::Range;

/// One file in the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its path.
    pub name: String,
    /// Where its bytes lie.
    pub packed: Range<usize>,
    /// They are a raw deflate stream; else they are the file.
    pub is_deflated: bool,
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<usize> {
    let field = bytes.get(at..at.checked_add(N)?)?;
    Some(field.iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte)))
}

/// The parts of an archive, in the order of its directory.
pub fn parts(bytes: &[u8]) -> Result<Vec<Part>, Reject> {
    // Behind the last record stands at most a comment of 65,535 bytes.
    let tail = bytes.len().saturating_sub(22 + 65_535);
    let end = bytes[tail..].windows(4).rposition(|it| it == b"PK\x05\x06").map(|at| tail + at);
    let end = end.filter(|end| end + 22 <= bytes.len());
    let end = end.ok_or_else(|| broken("the file ends before the directory of its parts"))?;
    let cut = || broken("its directory of parts is damaged");
    let count = number::<2>(bytes, end + 10).ok_or_else(cut)?;
    let mut at = number::<4>(bytes, end + 16).ok_or_else(cut)?;
    let mut found = Vec::new();
    for _ in 0..count {
        if bytes.get(at..at.saturating_add(4)) != Some(b"PK\x01\x02") {
            return Err(cut());
        }
        let short = |offset| number::<2>(bytes, at + offset).ok_or_else(cut);
        let long = |offset| number::<4>(bytes, at + offset).ok_or_else(cut);
        let (flags, method, name_length) = (short(8)?, short(10)?, short(28)?);
        let (packed, local) = (long(20)?, long(42)?);
        let name = bytes.get(at + 46..at + 46 + name_length).ok_or_else(cut)?;
        let name = String::from_utf8_lossy(name).trim_start_matches('/').to_owned();
        if flags & 1 != 0 {
            return Err(super::whole_file(RejectReason::LockedWorkbook, None, name.as_bytes()));
        }
        let from = local
            + 30
            + number::<2>(bytes, local + 26).ok_or_else(cut)?
            + number::<2>(bytes, local + 28).ok_or_else(cut)?;
        if from + packed > bytes.len() || !matches!(method, 0 | 8) {
            return Err(broken(&format!("{name} cannot be unpacked")));
        }
        found.push(Part { name, packed: from..from + packed, is_deflated: method == 8 });
        at += 46 + name_length + short(30)? + short(32)?;
    }
    Ok(found)
}
