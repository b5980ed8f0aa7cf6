//! Reads a barcode out of a picture of it: EAN-13, EAN-8, UPC-A, UPC-E (what goods carry) and Code 128 (IMEIs on boxes).
//! Nothing else is looked for: codes without a check digit are read out of any stripes. A code that is turned by more than
//! some degrees is not found; the hand turns the phone.

use rxing::{
    BinaryBitmap, DecodeHints, Luma8LuminanceSource, RXingResult,
    common::GlobalHistogramBinarizer,
    oned::{Code128Reader, MultiFormatUPCEANReader, OneDReader},
};

/// Narrower pictures hold no code.
const NARROWEST: u32 = 64;

/// The code that lies nearest to the picture's middle line; the picture in RGBA. An EAN-13 that begins
/// with a nought is an UPC-A and comes as such, with twelve digits.
pub fn read(rgba: &[u8], width: u32, height: u32) -> Option<String> {
    let pixels = (width as usize).checked_mul(height as usize)?;
    if width < NARROWEST || height == 0 || rgba.len() != pixels.checked_mul(4)? {
        return None;
    }
    // The weights of red, green and blue in brightness (ITU-R BT.601), in 1024ths.
    let bright = |it: &[u8]| (306 * u32::from(it[0]) + 601 * u32::from(it[1]) + 117 * u32::from(it[2])) >> 10;
    let grey = rgba.chunks_exact(4).map(|pixel| bright(pixel) as u8).collect();
    let mut picture = BinaryBitmap::new(GlobalHistogramBinarizer::new(
        Luma8LuminanceSource::new(grey, width, height).ok()?,
    ));
    // Every line from the middle outwards, each forwards and backwards.
    let hints = DecodeHints { TryHarder: Some(true), ..DecodeHints::default() };
    let text = |found: RXingResult| found.getText().trim().to_owned();
    let long = Code128Reader._do_decode(&mut picture, &hints).map(text).ok();
    long.or_else(|| MultiFormatUPCEANReader::new(&hints)._do_decode(&mut picture, &hints).map(text).ok())
        .filter(|code| !code.is_empty())
}
