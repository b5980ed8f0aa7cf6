//! The reader of barcodes against codes that are drawn here from the encoding tables of EAN (GS1 general specifications,
//! 5.2) and Code 128 (ISO/IEC 15417): sharp, blurred, turned by some degrees, noisy, dim; and pictures without a code.

#[path = "../../../app/src/scan/decode.rs"]
mod decode;

use dukandar_core::rng::Rng;

/// Left digits of odd parity, seven modules each; the right ones are their complement, the even ones that reversed.
const ODD: [&str; 10] = [
    "0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111",
    "0001011",
];
/// Which of the left six digits are even, by the first digit.
const PARITY: [&str; 10] =
    ["OOOOOO", "OOEOEE", "OOEEOE", "OOEEEO", "OEOOEE", "OEEOOE", "OEEEOO", "OEOEOE", "OEOEEO", "OEEOEO"];
/// Code 128: widths of bar, space, bar, space, bar, space by value; the stop has a seventh.
const WIDTHS: &str = "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 \
    122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 \
    322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 \
    113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 \
    221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 \
    413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 \
    111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112";
const START_B: usize = 104;
const START_C: usize = 105;
const TO_B: usize = 100;
const STOP: usize = 106;

fn complement(pattern: &str) -> String {
    pattern.chars().map(|it| if it == '1' { '0' } else { '1' }).collect()
}

/// Modules of an EAN-13 or EAN-8, dark is '1'.
fn ean(code: &str) -> String {
    let digits: Vec<usize> = code.bytes().map(|it| usize::from(it - b'0')).collect();
    let (parity, from) = if digits.len() == 13 { (PARITY[digits[0]], 1) } else { ("OOOO", 0) };
    let half = parity.len();
    let left = digits[from..from + half].iter().zip(parity.chars()).map(|(digit, parity)| match parity {
        'O' => ODD[*digit].to_owned(),
        _ => complement(ODD[*digit]).chars().rev().collect(),
    });
    let right = digits[from + half..].iter().map(|digit| complement(ODD[*digit]));
    format!("101{}01010{}101", left.collect::<String>(), right.collect::<String>())
}

/// Modules of a Code 128: digits in pairs (set C) as far as they go, all else in set B.
fn code_128(text: &str) -> String {
    let is_digits = text.bytes().all(|it| it.is_ascii_digit());
    let mut values = Vec::new();
    let mut rest = text;
    if is_digits {
        values.push(START_C);
        while rest.len() >= 2 {
            values.push(rest[..2].parse().expect("two digits"));
            rest = &rest[2..];
        }
        if !rest.is_empty() {
            values.push(TO_B);
        }
    } else {
        values.push(START_B);
    }
    values.extend(rest.bytes().map(|it| usize::from(it) - 32));
    let sum: usize = values.iter().enumerate().map(|(place, value)| value * place.max(1)).sum();
    values.extend([sum % 103, STOP]);
    let widths: Vec<&str> = WIDTHS.split_whitespace().collect();
    assert_eq!(widths.len(), 107);
    let symbol = |value: &usize| {
        let bars = widths[*value].bytes().enumerate();
        bars.map(|(place, width)| ["1", "0"][place % 2].repeat(usize::from(width - b'0'))).collect::<String>()
    };
    values.iter().map(symbol).collect()
}

/// How a code lies before the camera.
#[derive(Clone, Copy)]
struct Shot {
    /// Pixels a module.
    module: f64,
    degrees: f64,
    /// Pixels over which an edge is smeared.
    blur: usize,
    /// Most that a pixel's brightness is off, of 255.
    noise: usize,
    /// Brightness of dark and light.
    ink: (f64, f64),
}

const SHARP: Shot = Shot { module: 3.0, degrees: 0.0, blur: 0, noise: 0, ink: (0.0, 255.0) };
const WIDE: usize = 720;
const HIGH: usize = 120;

/// The picture of these modules, in RGBA.
fn drawn(modules: &str, shot: Shot, seed: u64) -> Vec<u8> {
    let modules = modules.as_bytes();
    let length = modules.len() as f64 * shot.module;
    let (sin, cos) = shot.degrees.to_radians().sin_cos();
    // Each pixel is the mean of sixteen points in it, as a lens gives it.
    let point = |x: f64, y: f64| {
        let (dx, dy) = (x - WIDE as f64 / 2.0, y - HIGH as f64 / 2.0);
        let along = dx * cos + dy * sin + length / 2.0;
        let dark = along >= 0.0 && along < length && modules[(along / shot.module) as usize] == b'1';
        if dark { shot.ink.0 } else { shot.ink.1 }
    };
    let pixel = |x: usize, y: usize| {
        let points =
            (0..16).map(|at| point(x as f64 + f64::from(at % 4) / 4.0, y as f64 + f64::from(at / 4) / 4.0));
        points.sum::<f64>() / 16.0
    };
    let sharp: Vec<f64> = (0..WIDE * HIGH).map(|at| pixel(at % WIDE, at / WIDE)).collect();
    let mut rng = Rng::seeded(seed);
    let mut picture = Vec::with_capacity(WIDE * HIGH * 4);
    for at in 0..WIDE * HIGH {
        let (x, row) = (at % WIDE, at / WIDE * WIDE);
        let near = x.saturating_sub(shot.blur)..(x + shot.blur + 1).min(WIDE);
        let count = near.len() as f64;
        let mean = near.map(|x| sharp[row + x]).sum::<f64>() / count;
        let off = rng.below(2 * shot.noise + 1) as f64 - shot.noise as f64;
        let bright = (mean + off).clamp(0.0, 255.0) as u8;
        picture.extend([bright, bright, bright, 255]);
    }
    picture
}

fn read(modules: &str, shot: Shot) -> Option<String> {
    decode::read(&drawn(modules, shot, 7), WIDE as u32, HIGH as u32)
}

const IMEI: &str = "356938035643809";
const GOODS: [&str; 3] = ["8964000123454", "4006381333931", "0036000291452"];

/// What a shop holds before its camera.
fn shots() -> Vec<Shot> {
    let mut shots = vec![SHARP];
    shots.extend([-7.0, -3.0, 4.0, 8.0].map(|degrees| Shot { degrees, ..SHARP }));
    shots.extend([(1, 3.4), (2, 5.0)].map(|(blur, module)| Shot { blur, module, ..SHARP }));
    shots.push(Shot { noise: 40, ..SHARP });
    shots.push(Shot { ink: (90.0, 150.0), noise: 4, ..SHARP });
    shots.push(Shot { degrees: -3.0, blur: 1, noise: 15, ink: (40.0, 200.0), module: 3.3 });
    shots.push(Shot { degrees: 180.0, ..SHARP });
    shots
}

#[test]
fn codes_drawn_by_their_tables_are_read_blurred_turned_noisy_and_upside_down() {
    for (at, shot) in shots().into_iter().enumerate() {
        for code in GOODS {
            let as_read = code.strip_prefix('0').unwrap_or(code);
            assert_eq!(read(&ean(code), shot).as_deref(), Some(as_read), "shot {at}");
        }
        assert_eq!(read(&code_128(IMEI), shot).as_deref(), Some(IMEI), "shot {at}");
    }
    assert_eq!(read(&ean("96385074"), SHARP).as_deref(), Some("96385074"));
    assert_eq!(read(&code_128("RZ8T70ABC1K"), SHARP).as_deref(), Some("RZ8T70ABC1K"));
}

#[test]
fn a_code_with_a_wrong_check_digit_is_no_code() {
    for wrong in ["8964000123450", "4006381333932"] {
        assert_eq!(read(&ean(wrong), SHARP), None);
    }
    let right = code_128(IMEI);
    // One symbol of eleven modules in place of another: the sum does not hold.
    let wrong = format!("{}{}{}", &right[..22], &right[33..44], &right[33..]);
    assert_eq!(read(&wrong, SHARP), None);
}

#[test]
fn stripes_noise_and_pictures_of_a_wrong_size_hold_no_code() {
    let noise = Shot { noise: 120, ink: (128.0, 128.0), ..SHARP };
    for seed in 0..40 {
        assert_eq!(decode::read(&drawn("1", noise, seed), WIDE as u32, HIGH as u32), None, "seed {seed}");
    }
    assert_eq!(read(&"10".repeat(60), SHARP), None);
    assert_eq!(read(&"1100".repeat(30), SHARP), None);
    let picture = drawn(&ean(GOODS[0]), SHARP, 1);
    assert_eq!(decode::read(&picture, WIDE as u32, HIGH as u32 + 1), None);
    assert_eq!(decode::read(&[], 0, 0), None);
    assert_eq!(decode::read(&picture[..4], 1, 1), None);
}
