//! A QR code for a receipt: short text in byte mode, error correction L, versions 1 to 5 (one block of up to 106 bytes).
//!
//! Question: which modules are dark? Input: bytes. Output: a square of modules without its quiet zone. Ours and not a
//! crate's, as the page's budget of bytes is tight and a receipt needs a tenth of what the standard offers: `qrcode` (which
//! the server uses, and which the test holds this against), `fast_qr` and `qrcodegen` carry tables of 40 versions,
//! further modes and the choice among eight masks. One mask is used here; a reader finds it in the format bits. How it
//! fails: longer text has no code, and the paper goes without. Reference: ISO/IEC 18004:2015.

/// Data and error correction codewords of versions 1 to 5 at level L.
const CODEWORDS: [(usize, usize); 5] = [(19, 7), (34, 10), (55, 15), (80, 20), (108, 26)];
/// The mask that is used.
const MASK: u8 = 0;

/// A square of modules, row by row; true is dark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// Modules of a side.
    pub size: usize,
    /// The modules.
    pub dark: Vec<bool>,
}

/// The code of a text; none when it is too long.
pub fn code(text: &str) -> Option<Code> {
    masked(text.as_bytes(), MASK)
}

/// The same with one of the eight masks.
pub fn masked(data: &[u8], mask: u8) -> Option<Code> {
    let version = CODEWORDS.iter().position(|(words, _)| data.len() + 2 <= *words)? + 1;
    let words = codewords(data, CODEWORDS[version - 1]);
    let mut square = Square::new(17 + 4 * version);
    square.patterns(version);
    square.format(mask);
    square.place(&words, mask);
    Some(Code { size: square.size, dark: square.dark })
}

/// Mode 4, length, bytes, end, padding; then what corrects errors.
fn codewords(data: &[u8], (room, correction): (usize, usize)) -> Vec<u8> {
    // At most 106 bytes, as the caller has found a version for them.
    let nibbles = [4, data.len() as u8 >> 4, data.len() as u8 & 15];
    let nibbles = nibbles.into_iter().chain(data.iter().flat_map(|byte| [byte >> 4, byte & 15])).chain([0]);
    let nibbles: Vec<u8> = nibbles.collect();
    let mut words: Vec<u8> = nibbles.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    let padding = [0xEC, 0x11].into_iter().cycle().take(room - words.len());
    words.extend(padding.collect::<Vec<u8>>());
    let rest = remainder(&words, correction);
    words.extend(rest);
    words
}

/// The product in GF(256) over x⁸+x⁴+x³+x²+1.
fn times(a: u8, b: u8) -> u8 {
    (0..8).rev().fold(0, |sum: u8, bit| {
        let doubled = (sum << 1) ^ ((sum >> 7) * 0x1D);
        doubled ^ ((b >> bit & 1) * a)
    })
}

/// Reed–Solomon: the remainder of the words by the generator of that degree.
fn remainder(words: &[u8], degree: usize) -> Vec<u8> {
    let mut generator = vec![0; degree];
    generator[degree - 1] = 1;
    let mut root = 1;
    for _ in 0..degree {
        for index in 0..degree {
            let next = generator.get(index + 1).copied().unwrap_or(0);
            generator[index] = times(generator[index], root) ^ next;
        }
        root = times(root, 2);
    }
    let mut rest = vec![0; degree];
    for word in words {
        let factor = word ^ rest.remove(0);
        rest.push(0);
        rest.iter_mut().zip(&generator).for_each(|(rest, by)| *rest ^= times(*by, factor));
    }
    rest
}

struct Square {
    size: usize,
    dark: Vec<bool>,
    /// Where patterns stand and no data goes.
    taken: Vec<bool>,
}

impl Square {
    fn new(size: usize) -> Self {
        Self { size, dark: vec![false; size * size], taken: vec![false; size * size] }
    }

    fn set(&mut self, x: usize, y: usize, dark: bool) {
        self.dark[y * self.size + x] = dark;
        self.taken[y * self.size + x] = true;
    }

    fn patterns(&mut self, version: usize) {
        let size = self.size;
        for index in 0..size {
            self.set(6, index, index % 2 == 0);
            self.set(index, 6, index % 2 == 0);
        }
        // Rings around three corners: dark at distance 0, 1 and 3, light at 2 and 4.
        for (x, y) in [(3, 3), (size - 4, 3), (3, size - 4)] {
            self.rings(x, y, 4, [true, true, false, true, false]);
        }
        if version > 1 {
            self.rings(size - 7, size - 7, 2, [true, false, true, false, false]);
        }
    }

    fn rings(&mut self, x: usize, y: usize, reach: usize, dark: [bool; 5]) {
        for row in y.saturating_sub(reach)..=(y + reach).min(self.size - 1) {
            for column in x.saturating_sub(reach)..=(x + reach).min(self.size - 1) {
                self.set(column, row, dark[column.abs_diff(x).max(row.abs_diff(y))]);
            }
        }
    }

    /// Level L and the mask, twice, guarded by a BCH code.
    fn format(&mut self, mask: u8) {
        let data = 8 | u32::from(mask);
        let guard = (0..10).fold(data, |rest, _| (rest << 1) ^ ((rest >> 9) * 0x537));
        let bits = (data << 10 | guard) ^ 0x5412;
        let size = self.size;
        for index in 0..15 {
            let dark = bits >> index & 1 == 1;
            let (x, y) = match index {
                0..6 => (8, index),
                6 | 7 => (8, index + 1),
                8 => (7, 8),
                _ => (14 - index, 8),
            };
            self.set(x, y, dark);
            let (x, y) = if index < 8 { (size - 1 - index, 8) } else { (8, size - 15 + index) };
            self.set(x, y, dark);
        }
        self.set(8, size - 8, true);
    }

    /// Two columns at a time from the right, upwards and downwards in turn.
    fn place(&mut self, words: &[u8], mask: u8) {
        let mut bits = words.iter().flat_map(|word| (0..8).rev().map(move |bit| word >> bit & 1 == 1));
        let size = self.size;
        for pair in 0..size / 2 {
            let right = size - 1 - 2 * pair;
            // The column of the timing pattern is skipped.
            let right = if right <= 6 { right - 1 } else { right };
            for step in 0..size {
                let y = if pair % 2 == 0 { size - 1 - step } else { step };
                for x in [right, right - 1] {
                    if !self.taken[y * size + x] {
                        let bit = bits.next().unwrap_or(false);
                        self.dark[y * size + x] = bit ^ flips(mask, x, y);
                    }
                }
            }
        }
    }
}

fn flips(mask: u8, x: usize, y: usize) -> bool {
    0 == match mask {
        0 => (x + y) % 2,
        1 => y % 2,
        2 => x % 3,
        3 => (x + y) % 3,
        4 => (x / 3 + y / 2) % 2,
        5 => x * y % 2 + x * y % 3,
        6 => (x * y % 2 + x * y % 3) % 2,
        _ => ((x + y) % 2 + x * y % 3) % 2,
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    /// ISO/IEC 18004, annex I works this out for "01234567" in numeric mode; the generator is the same for bytes.
    #[test]
    fn error_correction_words_are_those_of_the_standards_example() {
        let words =
            [0x10, 0x20, 0x0C, 0x56, 0x61, 0x80, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11];
        let expected = [0xA5, 0x24, 0xD4, 0xC1, 0xED, 0x36, 0xC7, 0x87, 0x2C, 0x55];
        assert_eq!(remainder(&words, 10), expected);
    }

    #[test]
    fn a_text_takes_the_smallest_square_that_holds_it() {
        let size = |length: usize| code(&"x".repeat(length)).map(|code| code.size);
        assert_eq!([0, 17, 18, 106, 107].map(size), [Some(21), Some(21), Some(25), Some(37), None]);
    }
}
