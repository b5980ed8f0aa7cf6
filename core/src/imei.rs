//! IMEIs as they are typed, scanned and pasted.
//!
//! Question answered: is this the number of a phone, and if not, what is wrong with it? Input: text. Output: fifteen
//! Latin digits, or an [`ImeiError`] that says what was expected. Assumptions: 14 digits and a check digit (3GPP TS
//! 23.003 annex B: Luhn over the first fourteen). How it fails: two digits 0 and 9 that changed places (09 and 90)
//! have the same check digit. Reference: ISO/IEC 7812-1 annex B.

use serde::{Deserialize, Serialize};

/// Digits of an IMEI.
pub const DIGITS: usize = 15;

/// Why a text is no IMEI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum ImeiError {
    /// No digit in it.
    #[error("15 digits expected, got none")]
    Empty,
    /// Something that is neither a digit nor a gap.
    #[error("15 digits expected, found {0:?}")]
    Letter(char),
    /// Too few digits or too many.
    #[error("15 digits expected, got {0}")]
    Length(usize),
    /// A digit was mistyped.
    #[error("the last digit should be {expected}, found {found}")]
    CheckDigit {
        /// As computed from the first fourteen.
        expected: u8,
        /// As written.
        found: u8,
    },
}

/// A Latin digit for a Latin, Urdu or Arabic one.
fn digit(letter: char) -> Option<char> {
    let from = match letter {
        '0'..='9' => return Some(letter),
        '۰'..='۹' => '۰',
        '٠'..='٩' => '٠',
        _ => return None,
    };
    char::from_digit(letter as u32 - from as u32, 10)
}

/// What stands between digits and means nothing: gaps, dashes, marks of direction.
fn is_gap(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(letter, '-' | '.' | '_' | '–' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The text behind a label such as "IMEI 1:".
fn unlabelled(text: &str) -> &str {
    let text = text.trim_matches(is_gap);
    let Some(rest) = text.get(..4).filter(|head| head.eq_ignore_ascii_case("imei")).map(|_| &text[4..])
    else {
        return text;
    };
    let rest = rest.trim_start_matches(is_gap);
    // "IMEI1 …": the number of the slot, where no further digit follows it.
    let mut letters = rest.chars();
    let slot =
        matches!(letters.next(), Some('1' | '2')) && letters.next().is_none_or(|it| digit(it).is_none());
    let rest = if slot { &rest[1..] } else { rest };
    rest.trim_start_matches(|letter| is_gap(letter) || matches!(letter, ':' | '=' | ')' | '#'))
}

/// The digits of a text that holds nothing else.
fn digits(text: &str) -> Result<String, ImeiError> {
    let mut out = String::with_capacity(DIGITS);
    for letter in unlabelled(text).chars() {
        match digit(letter) {
            Some(digit) => out.push(digit),
            None if is_gap(letter) => {}
            None => return Err(ImeiError::Letter(letter)),
        }
    }
    if out.is_empty() { Err(ImeiError::Empty) } else { Ok(out) }
}

/// The check digit of fourteen (or any number of) digits.
pub fn check_digit(body: &str) -> u8 {
    let worth = |(place, byte): (usize, u8)| {
        let digit = u32::from(byte.wrapping_sub(b'0')) * if place % 2 == 0 { 2 } else { 1 };
        digit / 10 + digit % 10
    };
    let sum: u32 = body.bytes().rev().enumerate().map(worth).sum();
    // Below ten.
    ((10 - sum % 10) % 10) as u8
}

/// The IMEI that a text is, in Latin digits without gaps.
pub fn read(text: &str) -> Result<String, ImeiError> {
    let digits = digits(text)?;
    if digits.len() != DIGITS {
        return Err(ImeiError::Length(digits.len()));
    }
    let (body, last) = digits.split_at(DIGITS - 1);
    let (expected, found) = (check_digit(body), last.as_bytes()[0] - b'0');
    if expected == found { Ok(digits) } else { Err(ImeiError::CheckDigit { expected, found }) }
}

/// Every sound IMEI in a running text, once, as they come.
pub fn within(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut run = String::new();
    for letter in text.chars().chain(['\n']) {
        match digit(letter) {
            Some(digit) => run.push(digit),
            None if matches!(letter, '-' | '\u{200e}' | '\u{200f}') && !run.is_empty() => {}
            None => {
                if let Ok(imei) = read(&run)
                    && !found.contains(&imei)
                {
                    found.push(imei);
                }
                run.clear();
            }
        }
    }
    found
}

/// The digits of a search: what a piece's numbers may end in; none where something else stands in it.
pub fn ending(text: &str) -> Option<String> {
    digits(text).ok().filter(|digits| (4..=DIGITS).contains(&digits.len()))
}

/// A pasted block, line by line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pasted {
    /// What can be used, in order.
    pub pieces: Vec<PastedPiece>,
    /// What cannot, each with its line.
    pub faults: Vec<Fault>,
}

/// One piece of a pasted block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastedPiece {
    /// Line from 1.
    pub line: usize,
    /// First IMEI.
    pub imei1: String,
    /// Second IMEI, where the line has two.
    pub imei2: Option<String>,
}

/// A line that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Line from 1.
    pub line: usize,
    /// As it was pasted.
    pub text: String,
    /// Why.
    pub problem: Problem,
}

/// Why a line was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// No IMEI, or a wrong one.
    Bad(ImeiError),
    /// An IMEI of it stands in this earlier line (or twice in its own).
    Repeats(usize),
    /// More numbers than one piece has.
    TooMany,
    /// A number of it is in the books already.
    Known,
}

/// Reads a pasted block: a line for each piece, with one IMEI or two in it (parted by a comma, semicolon, tab, slash,
/// bar or gap), other words and short numbers beside them left out. `known` holds the numbers in the books, ascending,
/// as far as the caller has them. Lines that are sound are kept whatever the others are.
pub fn pasted(text: &str, known: &[String]) -> Pasted {
    let mut out = Pasted::default();
    let mut seen: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for (index, written) in text.lines().enumerate() {
        let line = index + 1;
        if written.trim_matches(is_gap).is_empty() {
            continue;
        }
        let taken = line_of(written).and_then(|(imei1, imei2)| {
            let twice = imei2.as_ref() == Some(&imei1);
            let both = || [Some(&imei1), imei2.as_ref()].into_iter().flatten();
            let before = both().find_map(|imei| seen.get(imei)).copied().or(twice.then_some(line));
            if let Some(earlier) = before {
                Err(Problem::Repeats(earlier))
            } else if both().any(|imei| known.binary_search(imei).is_ok()) {
                Err(Problem::Known)
            } else {
                Ok(PastedPiece { line, imei1, imei2 })
            }
        });
        match taken {
            Ok(piece) => {
                seen.extend(
                    [Some(&piece.imei1), piece.imei2.as_ref()]
                        .into_iter()
                        .flatten()
                        .cloned()
                        .map(|it| (it, line)),
                );
                out.pieces.push(piece);
            }
            Err(problem) => out.faults.push(Fault { line, text: written.trim().to_owned(), problem }),
        }
    }
    out
}

/// The same where every two lines are one piece. Faults name the first of its two lines.
pub fn pasted_in_pairs(text: &str) -> Pasted {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim_matches(is_gap).is_empty()).collect();
    let joined: Vec<String> = lines.chunks(2).map(|pair| pair.join(",")).collect();
    let mut out = pasted(&joined.join("\n"), &[]);
    let first = |line: &mut usize| *line = *line * 2 - 1;
    out.pieces.iter_mut().for_each(|piece| first(&mut piece.line));
    for fault in &mut out.faults {
        first(&mut fault.line);
        fault.text = fault.text.replace(',', "\n");
        if let Problem::Repeats(line) = &mut fault.problem {
            first(line);
        }
    }
    out
}

/// Digits in a text.
fn count(text: &str) -> usize {
    text.chars().filter(|letter| digit(*letter).is_some()).count()
}

/// What in a part of a line is meant as a number: the part itself, written with gaps; both halves of two without one;
/// else each of its words that has more than four digits, as shorter ones count (`1.`) or name (`IMEI2`, `A15`).
fn numbers_of(part: &str) -> Vec<String> {
    match digits(part) {
        Ok(found) if found.len() == DIGITS => return vec![found],
        Ok(found) if found.len() == 2 * DIGITS => {
            return vec![found[..DIGITS].to_owned(), found[DIGITS..].to_owned()];
        }
        _ => {}
    }
    let words: Vec<String> =
        part.split_whitespace().filter(|word| count(word) > 4).map(str::to_owned).collect();
    if words.is_empty() { vec![part.to_owned()] } else { words }
}

/// The one or two IMEIs of a line.
fn line_of(line: &str) -> Result<(String, Option<String>), Problem> {
    let (mut good, mut worst): (Vec<String>, Option<(usize, ImeiError)>) = (Vec::new(), None);
    for part in line.split([',', ';', '\t', '/', '|', '،', '؛']) {
        for number in numbers_of(part) {
            match read(&number) {
                Ok(imei) => good.push(imei),
                Err(error) => {
                    let length = count(&number);
                    if worst.is_none_or(|(longest, _)| length > longest) {
                        worst = Some((length, error));
                    }
                }
            }
        }
    }
    match (good.len(), worst) {
        // A long number beside a sound one is a mistyped IMEI; a short one is a price or a place in a list.
        (_, Some((length, error))) if good.is_empty() || length >= DIGITS - 2 => Err(Problem::Bad(error)),
        (0, None) => Err(Problem::Bad(ImeiError::Empty)),
        (1 | 2, _) => {
            let mut good = good.into_iter();
            good.next().map(|first| (first, good.next())).ok_or(Problem::Bad(ImeiError::Empty))
        }
        _ => Err(Problem::TooMany),
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    /// Published: the example of the GSMA's and 3GPP's texts, of Wikipedia's article on the IMEI, and ISO/IEC 7812's.
    const PUBLISHED: [&str; 3] = ["490154203237518", "356938035643809", "352099001761481"];

    #[test]
    fn published_numbers_pass_and_each_other_last_digit_is_named() {
        assert_eq!(check_digit("7992739871"), 3, "the example of every text on Luhn's formula");
        for imei in PUBLISHED {
            assert_eq!(read(imei).as_deref(), Ok(imei));
            let last = imei.as_bytes()[14] - b'0';
            for found in (0..10).filter(|digit| *digit != last) {
                let wrong = format!("{}{found}", &imei[..14]);
                assert_eq!(read(&wrong), Err(ImeiError::CheckDigit { expected: last, found }));
            }
        }
    }

    #[test]
    fn any_single_mistyped_digit_is_seen() {
        for place in 0..15 {
            for other in b'0'..=b'9' {
                let mut bytes = PUBLISHED[0].as_bytes().to_vec();
                if bytes[place] != other {
                    bytes[place] = other;
                    assert!(read(std::str::from_utf8(&bytes).unwrap()).is_err(), "{place} {other}");
                }
            }
        }
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for text in [
            "49-015420-323751-8",
            " 4901 5420 3237 518 ",
            "۴۹۰۱۵۴۲۰۳۲۳۷۵۱۸",
            "٤٩٠١٥٤٢٠٣٢٣٧٥١٨",
            "IMEI: 490154203237518",
            "imei1 490154203237518",
            "IMEI 2 : 490154203237518",
            "\u{2068}490154203237518\u{2069}",
        ] {
            assert_eq!(read(text).as_deref(), Ok("490154203237518"), "{text:?}");
        }
        assert_eq!(read(""), Err(ImeiError::Empty));
        assert_eq!(read("49015420323751"), Err(ImeiError::Length(14)));
        assert_eq!(read("4901542032375180"), Err(ImeiError::Length(16)));
        assert_eq!(read("49015420323751X"), Err(ImeiError::Letter('X')));
        assert_eq!(ImeiError::Length(14).to_string(), "15 digits expected, got 14");
    }

    #[test]
    fn a_pasted_block_keeps_what_is_sound_and_names_the_other_lines() {
        let text = "IMEI1: 490154203237518, IMEI2: 356938035643809\n\n352099001761481 / 01\n490154203237518\n\
                    12345\n3, Galaxy A15, 352099001761482\n490154203237518356938035643809\nhello";
        let found = pasted(text, &[]);
        let piece = |line, imei1: &str, imei2: Option<&str>| PastedPiece {
            line,
            imei1: imei1.to_owned(),
            imei2: imei2.map(str::to_owned),
        };
        assert_eq!(found.pieces, [piece(1, PUBLISHED[0], Some(PUBLISHED[1])), piece(3, PUBLISHED[2], None)]);
        let faults: Vec<_> = found.faults.iter().map(|fault| (fault.line, fault.problem)).collect();
        assert_eq!(
            faults,
            [
                (4, Problem::Repeats(1)),
                (5, Problem::Bad(ImeiError::Length(5))),
                (6, Problem::Bad(ImeiError::CheckDigit { expected: 1, found: 2 })),
                (7, Problem::Repeats(1)),
                (8, Problem::Bad(ImeiError::Letter('h'))),
            ]
        );
        let pairs = pasted_in_pairs(
            "490154203237518\n356938035643809\n352099001761481\n12345678901234\n490154203237518",
        );
        assert_eq!(pairs.pieces, [piece(1, PUBLISHED[0], Some(PUBLISHED[1]))]);
        let faults: Vec<_> = pairs.faults.iter().map(|fault| (fault.line, fault.problem)).collect();
        assert_eq!(faults, [(3, Problem::Bad(ImeiError::Length(14))), (5, Problem::Repeats(1))]);
        assert_eq!(pasted("490154203237518,490154203237518", &[]).faults[0].problem, Problem::Repeats(1));
    }

    #[test]
    fn counters_labels_and_words_beside_a_number_are_no_numbers_and_what_is_known_is_told() {
        let text = "1. 356938035643809 / 352099001761481\nIMEI1: 490154203237518 IMEI2: 356938035643817\nGalaxy A15 black \
                    490154203237526\n٤٩٠١٥٤٢٠٣٢٣٧٥٢\n868686868686863";
        let found = pasted(text, &["868686868686863".to_owned()]);
        let pieces: Vec<_> =
            found.pieces.iter().map(|it| (it.line, it.imei1.as_str(), it.imei2.is_some())).collect();
        assert_eq!(
            pieces,
            [(1, PUBLISHED[1], true), (2, PUBLISHED[0], true), (3, "490154203237526", false)],
            "{:?}",
            found.faults
        );
        let faults: Vec<_> = found.faults.iter().map(|fault| (fault.line, fault.problem)).collect();
        assert_eq!(faults, [(4, Problem::Bad(ImeiError::Length(14))), (5, Problem::Known)]);
    }

    #[test]
    fn numbers_in_running_text_and_endings_for_a_search() {
        assert_eq!(within("IMEI 490154203237518 is Compliant. 0300-1234567"), [PUBLISHED[0]]);
        assert_eq!(ending("7518").as_deref(), Some("7518"));
        assert_eq!(ending("۷۵۱۸").as_deref(), Some("7518"));
        assert_eq!(ending("518"), None);
        assert_eq!(ending("A54 7518"), None);
    }
}
