//! Small numbers for repeated texts, and 128-bit hashes of rows: no string is made per row.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

const K1: u64 = 0x9e37_79b9_7f4a_7c15;
const K2: u64 = 0xc2b2_ae3d_27d4_eb4f;

/// Two independent 64-bit lanes of multiply and rotate, each closed by the finaliser of MurmurHash3 (Appleby).
/// At half a million rows the chance that two different rows share all 128 bits is below 10⁻²⁷.
pub(super) fn hash128(bytes: &[u8]) -> u128 {
    let (mut a, mut b) = (K1 ^ bytes.len() as u64, K2);
    let mut words = bytes.chunks_exact(8);
    for word in &mut words {
        let mut buffer = [0; 8];
        buffer.copy_from_slice(word);
        let word = u64::from_le_bytes(buffer);
        a = (a ^ word).wrapping_mul(K1).rotate_left(31);
        b = (b.rotate_left(27) ^ word).wrapping_mul(K2).wrapping_add(a);
    }
    let mut buffer = [0; 8];
    buffer[..words.remainder().len()].copy_from_slice(words.remainder());
    let word = u64::from_le_bytes(buffer);
    a = (a ^ word).wrapping_mul(K1);
    b = (b.rotate_left(27) ^ word).wrapping_mul(K2);
    u128::from(finish(a ^ b.rotate_left(17))) << 64 | u128::from(finish(b.wrapping_add(a)))
}

fn finish(mut hash: u64) -> u64 {
    hash = (hash ^ hash >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ hash >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ hash >> 33
}

/// For keys that are hashes already, or small integers.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash128(bytes) as u64;
    }
    fn write_u64(&mut self, value: u64) {
        self.0 = finish(value);
    }
}

/// Map with integer keys.
pub(super) type MixedMap<V> = HashMap<u64, V, BuildHasherDefault<Mixed>>;

/// Row hashes. One look-up touches one place in memory, which is what a set of this size costs.
#[derive(Debug, Default)]
pub(super) struct RowSet {
    /// Open addressing; 0 is empty, the length is a power of two.
    slots: Vec<u128>,
    len: usize,
}

impl RowSet {
    /// False when the hash is in the set already.
    pub fn insert(&mut self, hash: u128) -> bool {
        if (self.len + 1) * 2 > self.slots.len() {
            self.grow();
        }
        let added = Self::put(&mut self.slots, hash.max(1));
        self.len += usize::from(added);
        added
    }

    fn put(slots: &mut [u128], hash: u128) -> bool {
        let mask = slots.len() - 1;
        let mut slot = hash as usize & mask;
        while slots[slot] != 0 {
            if slots[slot] == hash {
                return false;
            }
            slot = (slot + 1) & mask;
        }
        slots[slot] = hash;
        true
    }

    /// By four: moving every hash is the dear part.
    fn grow(&mut self) {
        let old = std::mem::take(&mut self.slots);
        self.slots = vec![0; (old.len() * 4).max(1 << 12)];
        for hash in old.into_iter().filter(|hash| *hash != 0) {
            Self::put(&mut self.slots, hash);
        }
    }
}

/// Texts numbered 0, 1, 2 … in order of first sight.
#[derive(Debug, Default)]
pub(super) struct Interner {
    text: Vec<u8>,
    ends: Vec<u32>,
    hashes: Vec<u64>,
    /// Open addressing: number + 1, or 0; the length is a power of two.
    slots: Vec<u32>,
    /// The number given last: rows of one receipt stand together.
    last: u32,
}

impl Interner {
    /// The number of a text.
    pub fn number(&mut self, bytes: &[u8]) -> u32 {
        if !self.ends.is_empty() && self.get(self.last) == bytes {
            return self.last;
        }
        self.last = self.find_or_add(bytes);
        self.last
    }

    fn find_or_add(&mut self, bytes: &[u8]) -> u32 {
        if (self.ends.len() + 1) * 2 > self.slots.len() {
            self.grow();
        }
        let hash = hash128(bytes) as u64;
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            match self.slots[slot] {
                0 => break,
                found => {
                    let number = found - 1;
                    if self.hashes[number as usize] == hash && self.get(number) == bytes {
                        return number;
                    }
                }
            }
            slot = (slot + 1) & mask;
        }
        let number = self.ends.len() as u32;
        self.slots[slot] = number + 1;
        self.hashes.push(hash);
        self.text.extend_from_slice(bytes);
        self.ends.push(self.text.len() as u32);
        number
    }

    /// The text of a number.
    pub fn get(&self, number: u32) -> &[u8] {
        let start = if number == 0 { 0 } else { self.ends[number as usize - 1] as usize };
        &self.text[start..self.ends[number as usize] as usize]
    }

    /// How many texts.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Bytes of all texts: the caller keeps them below 2³².
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    fn grow(&mut self) {
        let length = (self.slots.len() * 2).max(64);
        self.slots.clear();
        self.slots.resize(length, 0);
        for (number, &hash) in self.hashes.iter().enumerate() {
            let mut slot = hash as usize & (length - 1);
            while self.slots[slot] != 0 {
                slot = (slot + 1) & (length - 1);
            }
            self.slots[slot] = number as u32 + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn numbers_follow_first_sight() {
        let mut interner = Interner::default();
        for round in 0..2 {
            for number in 0..1_000_u32 {
                assert_eq!(interner.number(format!("receipt {number}").as_bytes()), number, "round {round}");
            }
        }
        assert_eq!((interner.len(), interner.get(7)), (1_000, b"receipt 7".as_slice()));
    }

    #[test]
    fn a_set_of_rows_knows_each_hash_once() {
        let mut set = RowSet::default();
        let hashes: Vec<u128> = (0..20_000_u32).map(|row| hash128(&row.to_le_bytes())).collect();
        assert!(hashes.iter().all(|hash| set.insert(*hash)));
        assert!(!hashes.iter().any(|hash| set.insert(*hash)));
        // Only the lower bits choose the place: neighbours must still be told apart.
        assert!(set.insert(1 << 100) && set.insert(2 << 100) && !set.insert(1 << 100));
    }

    #[test]
    fn every_flipped_bit_changes_both_halves_of_a_hash() {
        let row = b"536365,85123A,WHITE HANGING HEART T-LIGHT HOLDER,6.0";
        let hash = hash128(row);
        for bit in 0..row.len() * 8 {
            let mut other = *row;
            other[bit / 8] ^= 1 << (bit % 8);
            let changed = hash ^ hash128(&other);
            for half in [changed as u64, (changed >> 64) as u64] {
                assert!(
                    (12..=52).contains(&half.count_ones()),
                    "bit {bit} changed {} bits",
                    half.count_ones()
                );
            }
        }
        assert_ne!(hash128(b"a"), hash128(b"a\0"));
    }
}
