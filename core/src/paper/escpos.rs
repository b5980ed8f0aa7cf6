//! Dots for a thermal printer: a picture becomes a stream of ESC/POS commands.
//!
//! Urdu letters join and stack, which no receipt printer does by itself: so the page draws the paper and the printer gets
//! dots. Question: which bytes print this picture? Input: RGBA pixels, as wide as the paper has dots (384 on 58 mm, 576 on
//! 80 mm, at 8 dots a millimetre). Output: bytes: `ESC @`, the picture as `GS v 0` rasters in bands, `ESC d` to feed,
//! `GS V` to cut. Assumption: a printer that knows these commands, as nearly all sold in the bazaar do. How it fails: one
//! that does not prints nothing or signs; it cannot say so. Reference: Epson, ESC/POS Command Reference (ESC @, GS v 0,
//! ESC d, GS V).

/// Rows of a picture sent at once: small printers hold little in memory.
pub const BAND: usize = 128;
/// Lines fed at the end, so that the cutter does not cut through the words.
pub const FEED: u8 = 4;
/// Below this brightness (of 255) a dot is burnt.
const THRESHOLD: u32 = 160;

/// A picture of dots: each row in whole bytes, the leftmost dot in the highest bit, 1 is black.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bitmap {
    /// Bytes of a row.
    pub row_bytes: usize,
    /// The rows, one after the other.
    pub bits: Vec<u8>,
}

impl Bitmap {
    /// Black where a pixel is dark, white where it is light or transparent. Pixels that do not fill a row are left out.
    pub fn from_rgba(rgba: &[u8], width: usize) -> Self {
        let row_bytes = width.div_ceil(8);
        let mut bits = Vec::with_capacity(rgba.len() / 32 + row_bytes);
        for row in rgba.chunks_exact(width.max(1) * 4) {
            let start = bits.len();
            bits.resize(start + row_bytes, 0);
            for (x, pixel) in row.chunks_exact(4).enumerate() {
                if is_dark(pixel) {
                    bits[start + x / 8] |= 0x80 >> (x % 8);
                }
            }
        }
        Self { row_bytes, bits }
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        self.bits.len().checked_div(self.row_bytes).unwrap_or(0)
    }
}

/// By the eye's weights of red, green and blue (ITU-R BT.601), over white paper.
fn is_dark(pixel: &[u8]) -> bool {
    let [red, green, blue, alpha] = [pixel[0], pixel[1], pixel[2], pixel[3]].map(u32::from);
    let ink = (299 * red + 587 * green + 114 * blue) / 1_000;
    (ink * alpha + 255 * (255 - alpha)) / 255 < THRESHOLD
}

/// All bytes that print the picture, from the printer's reset to the cut.
pub fn stream(bitmap: &Bitmap) -> Vec<u8> {
    let mut out = vec![0x1B, b'@'];
    let band = BAND * bitmap.row_bytes.max(1);
    for bits in bitmap.bits.chunks(band) {
        let rows = bits.len() / bitmap.row_bytes.max(1);
        // Paper is at most 72 bytes wide and a band 128 rows high: both fit 16 bits.
        let [width, height] = [bitmap.row_bytes, rows].map(|size| (size as u16).to_le_bytes());
        out.extend([0x1D, b'v', b'0', 0]);
        out.extend(width);
        out.extend(height);
        out.extend(bits);
    }
    out.extend([0x1B, b'd', FEED, 0x1D, b'V', 66, 0]);
    out
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn pixels(rows: &[&str]) -> Vec<u8> {
        let dot = |dot| if dot == '#' { [0, 0, 0, 255] } else { [255, 255, 255, 255] };
        rows.iter().flat_map(|row| row.chars()).flat_map(dot).collect()
    }

    #[test]
    fn a_small_picture_has_the_bytes_of_the_command_reference() {
        let picture = pixels(&["#.......##", ".#.#.#.#..", "##########"]);
        let bitmap = Bitmap::from_rgba(&picture, 10);
        assert_eq!(bitmap.bits, [0x80, 0xC0, 0x55, 0x00, 0xFF, 0xC0]);
        let expected = [
            0x1B, 0x40, // ESC @
            0x1D, 0x76, 0x30, 0x00, 0x02, 0x00, 0x03, 0x00, // GS v 0, normal, 2 bytes wide, 3 rows
            0x80, 0xC0, 0x55, 0x00, 0xFF, 0xC0, // dots
            0x1B, 0x64, 0x04, // ESC d 4
            0x1D, 0x56, 0x42, 0x00, // GS V 66 0
        ];
        assert_eq!(stream(&bitmap), expected);
    }

    #[test]
    fn grey_is_ink_where_it_is_dark_and_what_is_transparent_is_paper() {
        let picture = [[0, 0, 0, 0], [200, 200, 200, 255], [90, 90, 90, 255], [0, 0, 0, 255]].concat();
        assert_eq!(Bitmap::from_rgba(&picture, 4).bits, [0x30]);
    }

    /// Reads a stream as a printer would.
    fn printed(mut bytes: &[u8]) -> Bitmap {
        let mut found = Bitmap { row_bytes: 0, bits: Vec::new() };
        while let [first, rest @ ..] = bytes {
            bytes = match (first, rest) {
                (0x1B, [b'@', rest @ ..]) | (0x1B, [b'd', _, rest @ ..]) => rest,
                (0x1D, [b'V', 66, _, rest @ ..]) => rest,
                (0x1D, [b'v', b'0', 0, xl, xh, yl, yh, rest @ ..]) => {
                    let size = |low: &u8, high: &u8| usize::from(u16::from_le_bytes([*low, *high]));
                    let (width, rows) = (size(xl, xh), size(yl, yh));
                    assert!(rows <= BAND);
                    found.row_bytes = width;
                    found.bits.extend(&rest[..width * rows]);
                    &rest[width * rows..]
                }
                other => panic!("no such command: {other:?}"),
            };
        }
        found
    }

    #[test]
    fn a_printer_that_reads_the_bands_has_the_picture() {
        let mut rng = crate::rng::Rng::seeded(7);
        for (width, rows) in [(384, 1), (384, 128), (384, 129), (576, 700), (9, 3)] {
            let picture: Vec<u8> =
                (0..width * rows).flat_map(|_| [[0, 0, 0, 255], [255; 4]][rng.below(2)]).collect();
            let bitmap = Bitmap::from_rgba(&picture, width);
            assert_eq!(bitmap.rows(), rows);
            assert_eq!(printed(&stream(&bitmap)), bitmap);
        }
        let nothing = Bitmap::from_rgba(&[], 384);
        assert!(printed(&stream(&nothing)).bits.is_empty());
    }
}
