//! Search as one types: products by name, code, brand; customers by name, phone, number, once opened.
//!
//! Question: which rows does the person mean? Input: one text per row, in the order that breaks ties (what sells
//! most first). Output: positions, best first. A word of the query meets a word of the text when it is equal to it,
//! begins it, lies within it, or, from four letters on, begins it but for one slip (a letter too many, too few,
//! wrong, or two changed places). Every word of the query must be met.
//!
//! Letters are brought to one form first: lower case, accents and vowel marks off, the Arabic forms of Urdu letters
//! (ي ك ه أ) to the Urdu ones, Urdu and Arabic digits to 0–9.
//!
//! How it fails: Urdu and Roman Urdu do not meet each other here, and two slips in one word are too many.

use std::collections::HashMap;

/// Shortest word that is allowed a slip: below it everything is near everything.
const SLIP_FROM: usize = 4;

const EQUAL: u32 = 8;
const BEGINS: u32 = 6;
const WITHIN: u32 = 3;
const SLIP: u32 = 1;

/// Texts ready to be searched.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// Distinct words.
    words: Vec<String>,
    /// Row → its first entry in `row_words`; one more entry closes the last row.
    first: Vec<u32>,
    /// Positions in `words`, row by row.
    row_words: Vec<u32>,
}

impl Index {
    /// Indexes one text per row.
    pub fn new<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Self {
        let mut index = Self { first: vec![0], ..Self::default() };
        let mut number_of: HashMap<String, u32> = HashMap::new();
        for text in texts {
            for word in normal(text.as_ref()).split_whitespace() {
                let number = match number_of.get(word) {
                    Some(&number) => number,
                    None => {
                        let number = index.words.len() as u32;
                        number_of.insert(word.to_owned(), number);
                        index.words.push(word.to_owned());
                        number
                    }
                };
                index.row_words.push(number);
            }
            index.first.push(index.row_words.len() as u32);
        }
        index
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.first.len().saturating_sub(1)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Positions of the rows that meet every word of the query, best first, at most `limit`. An empty query meets
    /// all rows in their own order.
    pub fn search(&self, query: &str, limit: usize) -> Vec<usize> {
        let query = normal(query);
        let found = self.rows_meeting(query.split_whitespace());
        // `note12` where the text says `note 12`.
        let found =
            if found.is_empty() { self.rows_meeting(split_digits(&query).split_whitespace()) } else { found };
        let mut found = found;
        crate::order::by_key(&mut found, |&(row, score)| (std::cmp::Reverse(score), row));
        found.into_iter().take(limit).map(|(row, _)| row).collect()
    }

    fn rows_meeting<'a>(&self, query: impl Iterator<Item = &'a str>) -> Vec<(usize, u32)> {
        let scores: Vec<Vec<u32>> = query.map(|word| self.score_words(word)).collect();
        let row_score = |row: usize| {
            let words = &self.row_words[self.first[row] as usize..self.first[row + 1] as usize];
            scores.iter().try_fold(0, |total, scores| {
                let best = words.iter().map(|&word| scores[word as usize]).max().unwrap_or(0);
                (best > 0).then_some(total + best)
            })
        };
        (0..self.len()).filter_map(|row| Some((row, row_score(row)?))).collect()
    }

    /// How well a word of the query meets each distinct word. Slips count only where nothing is met without one.
    fn score_words(&self, asked: &str) -> Vec<u32> {
        let plain = |word: &String| match word.find(asked) {
            Some(0) if word.len() == asked.len() => EQUAL,
            Some(0) => BEGINS,
            Some(_) => WITHIN,
            None => 0,
        };
        let scores: Vec<u32> = self.words.iter().map(plain).collect();
        if scores.iter().any(|score| *score > 0) || asked.chars().count() < SLIP_FROM {
            return scores;
        }
        let asked: Vec<char> = asked.chars().collect();
        let mut letters = Vec::new();
        let slip = |word: &String| {
            letters.clear();
            letters.extend(word.chars().take(asked.len() + 1));
            if begins_but_for_one_slip(&letters, &asked) { SLIP } else { 0 }
        };
        self.words.iter().map(slip).collect()
    }
}

/// Whether `word` begins with `asked` after at most one insertion, deletion, substitution or swap of neighbours.
fn begins_but_for_one_slip(word: &[char], asked: &[char]) -> bool {
    let same = word.iter().zip(asked).take_while(|(a, b)| a == b).count();
    let (word, asked) = (&word[same..], &asked[same..]);
    let begins = |word: &[char], asked: &[char]| word.starts_with(asked);
    match (word, asked) {
        (_, []) => true,
        ([], [_]) => true,
        ([], _) => false,
        ([_, word_rest @ ..], [_, asked_rest @ ..]) => {
            begins(word_rest, asked_rest)
                || begins(word, asked_rest)
                || begins(word_rest, asked)
                || matches!((word, asked), ([a, b, word @ ..], [c, d, asked @ ..])
                    if a == d && b == c && begins(word, asked))
        }
    }
}

/// One form for texts and queries: words of letters and digits in lower case, parted by single blanks.
pub fn normal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match plain(character) {
            Plain::Letter(letter) if letter.is_ascii() => out.push(letter.to_ascii_lowercase()),
            Plain::Letter(letter) => out.extend(letter.to_lowercase()),
            Plain::Mark => {}
            Plain::Gap => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
        }
    }
    out
}

enum Plain {
    Letter(char),
    /// Carries no meaning for a search: it is dropped and does not part words.
    Mark,
    Gap,
}

fn plain(character: char) -> Plain {
    let letter = match character {
        'a'..='z' | 'A'..='Z' | '0'..='9' => character,
        // Vowel marks, superscript alef, tatweel, joiners, combining accents, apostrophes.
        '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{640}' | '\u{200b}'..='\u{200d}' | '\u{300}'..='\u{36f}' => {
            return Plain::Mark;
        }
        '\'' | '’' | '`' => return Plain::Mark,
        'ي' | 'ى' | 'ئ' => 'ی',
        'ك' => 'ک',
        'ه' | 'ة' | 'ۂ' | 'ۃ' | 'ھ' => 'ہ',
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ؤ' => 'و',
        '٠'..='٩' => char::from_digit(character as u32 - '٠' as u32, 10).unwrap_or(character),
        '۰'..='۹' => char::from_digit(character as u32 - '۰' as u32, 10).unwrap_or(character),
        'À'..='Å' | 'à'..='å' => 'a',
        'Ç' | 'ç' => 'c',
        'È'..='Ë' | 'è'..='ë' => 'e',
        'Ì'..='Ï' | 'ì'..='ï' => 'i',
        'Ñ' | 'ñ' => 'n',
        'Ò'..='Ö' | 'ò'..='ö' => 'o',
        'Ù'..='Ü' | 'ù'..='ü' => 'u',
        other if other.is_alphanumeric() => other,
        _ => return Plain::Gap,
    };
    Plain::Letter(letter)
}

/// A blank wherever letters and digits meet.
fn split_digits(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    let mut before = None;
    for character in text.chars() {
        let digit = character.is_ascii_digit();
        if before.is_some_and(|before| before != digit) && !out.ends_with(' ') && character != ' ' {
            out.push(' ');
        }
        before = Some(digit);
        out.push(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn index() -> Index {
        Index::new([
            "Samsung Galaxy S23 Ultra 256GB",
            "Samsung Galaxy A54",
            "Redmi Note 12 Pro",
            "USB-C cable 1m 85123A",
            "سام سنگ گلیکسی کور",
            "آئی فون ١٥",
        ])
    }

    #[test]
    fn words_are_met_in_any_order_from_their_beginning_or_within() {
        let index = index();
        assert_eq!(index.search("galaxy", 9), [0, 1]);
        assert_eq!(index.search("ultra sam", 9), [0]);
        assert_eq!(index.search("5123", 9), [3]);
        assert_eq!(index.search("usb-c", 9), [3]);
        assert_eq!(index.search("note12", 9), [2]);
        assert!(index.search("galaxy note", 9).is_empty());
        assert_eq!(index.search("", 2), [0, 1]);
    }

    #[test]
    fn one_slip_is_forgiven_and_two_are_not() {
        let index = index();
        for query in ["samsnug", "samung", "sammsung", "samzung", "galxy s23"] {
            assert_eq!(index.search(query, 9).first(), Some(&0), "{query}");
        }
        assert!(index.search("samzunk", 9).is_empty());
        assert!(index.search("usn", 9).is_empty(), "three letters are too few for a slip");
    }

    #[test]
    fn urdu_letters_and_digits_have_one_form() {
        let index = index();
        assert_eq!(index.search("گليكسي", 9), [4]);
        assert_eq!(index.search("ائی فون 15", 9), [5]);
        assert_eq!(index.search("فون ۱۵", 9), [5]);
        assert_eq!(normal("Café—KHAN’S"), "cafe khans");
    }

    #[test]
    fn an_equal_word_stands_before_a_longer_one() {
        let index = Index::new(["chargers", "charger", "supercharger"]);
        assert_eq!(index.search("charger", 9), [1, 0, 2]);
    }
}
