//! The business itself: shops, devices, grants, personal keys, imports.

use crate::{
    code_word::CodeWord,
    id::{DeviceId, ImportId, PersonKeyId, ShopId, UserId},
    money::Currency,
    privacy::seal::WrappedKey,
    reject::RejectReason,
    role::Role,
    time::{Period, Timestamp, Zone},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A shop is opened or its settings change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shop {
    /// Which shop.
    pub id: ShopId,
    /// Its name on receipts.
    pub name: String,
    /// Short code in receipt numbers (`HC` in `HC-2-118`).
    pub code: String,
    /// City, for prayer times and holidays later.
    pub city: String,
    /// What amounts are in.
    pub currency: Currency,
    /// Local time.
    pub zone: Zone,
    /// How low a price may go; where absent it stays as it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bargaining: Option<Bargaining>,
}

/// What the owner allows at the counter. It crosses to the page in postcard, so that no field is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bargaining {
    /// Where a product has no floor, a cashier may take this many percent off its list price.
    pub cashier_percent: u8,
    /// Costs stand at the till in the letters of this word.
    pub code: Option<CodeWord>,
    /// Those letters are shown to staff who may not see cost.
    pub code_for_staff: bool,
}

impl Default for Bargaining {
    fn default() -> Self {
        Self { cashier_percent: 5, code: None, code_for_staff: false }
    }
}

/// A device joins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Which device.
    pub id: DeviceId,
    /// What people call it.
    pub name: String,
    /// Its number in receipt numbers, unique in the shop.
    pub number: u32,
}

/// A person is given a role in some shops.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Who.
    pub user: UserId,
    /// As what.
    pub role: Role,
    /// Where; empty means everywhere.
    pub shops: Vec<ShopId>,
    /// Counts up with each change; events carry the version they were written under.
    pub version: u32,
}

/// The key that seals one person's data, wrapped by the tenant's key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonKey {
    /// Which key.
    pub id: PersonKeyId,
    /// The key itself, sealed; none once it was destroyed.
    pub wrapped: Option<WrappedKey>,
    /// SHA-256 of what was in its place, see [`Event::without_key`](crate::sync::event::Event::without_key).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrapped_sha256: Option<String>,
}

/// A person is erased: every holder destroys the key, the journal stays whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erase {
    /// The key to destroy.
    pub key: PersonKeyId,
}

/// One sealed column segment of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentRef {
    /// Lower-case hexadecimal SHA-256 of the segment's bytes: its name everywhere.
    pub hash: String,
    /// Days it covers.
    pub period: Period,
    /// Its size.
    pub bytes: u64,
    /// Receipts in it.
    pub receipts: u64,
    /// Lines in it.
    pub lines: u64,
}

/// A file was imported: its rows stand in column segments, named by hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// Derived from shop and file, so that a second import of the file is the same import.
    pub id: ImportId,
    /// Into which shop.
    pub shop: ShopId,
    /// File name as given.
    pub file_name: String,
    /// SHA-256 of the file as it was chosen; of its unpacked text where the file was too large to hash at once.
    pub file_sha256: String,
    /// When.
    pub at: Timestamp,
    /// What amounts are in.
    pub currency: Currency,
    /// The local time of the file's dates.
    pub zone: Zone,
    /// Field → header, as confirmed by the user.
    pub mapping: BTreeMap<String, String>,
    /// The rows.
    pub segments: Vec<SegmentRef>,
    /// Data rows in the file.
    pub rows: u64,
    /// Rows kept.
    pub kept: u64,
    /// Rows rejected, by reason.
    pub rejected: BTreeMap<RejectReason, u64>,
    /// Prices that had more than two decimals and were rounded half-even.
    pub rounded_prices: u64,
}
