//! A barcode scanner types fast and ends in Enter: that burst is told apart from a hand on the keys. A camera sees the
//! same code many times a second: when it counts, and when it counts once more.

/// Most milliseconds between two keys of a scanner.
const GAP_MS: f64 = 45.0;
/// Fewest characters of a code: shorter ones a hand could have typed.
const FEWEST: usize = 12;

/// The keys that came in a row without a pause.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Burst {
    text: String,
    last_ms: f64,
}

impl Burst {
    /// The next key. Gives the code when it was a burst that ends here.
    pub fn key(&mut self, key: &str, at_ms: f64) -> Option<String> {
        if at_ms - self.last_ms > GAP_MS {
            self.text.clear();
        }
        self.last_ms = at_ms;
        if key == "Enter" {
            let code = std::mem::take(&mut self.text);
            return (code.chars().count() >= FEWEST).then_some(code);
        }
        // Shift and its like have longer names; they come between the letters of a code.
        if key.chars().count() == 1 {
            self.text.push_str(key);
        }
        None
    }
}

/// The code that was scanned into a field. A page that is busy can hold up a key of a burst, whose head then stands in the
/// field alone: what the field holds is the code if it ends in the burst and somebody knows it.
pub fn whole<'a>(burst: &'a str, field: &'a str, is_known: impl FnOnce(&str) -> bool) -> &'a str {
    let field = field.trim();
    if field.len() > burst.len() && field.ends_with(burst) && is_known(field) { field } else { burst }
}

/// A code counts when it was read twice within so many milliseconds: one look may be wrong.
const TWICE_MS: f64 = 1_000.0;
/// It counts once more when it was out of sight for so long …
const AWAY_MS: f64 = 700.0;
/// … and was counted so long ago.
const AGAIN_MS: f64 = 1_500.0;

/// What a camera has read lately.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sightings {
    /// Read once, and when.
    maybe: Option<(String, f64)>,
    /// Counted: when, and when it was last in sight.
    counted: Vec<(String, f64, f64)>,
}

impl Sightings {
    /// A code was read; whether it counts. One that lies before the camera counts once, however long it lies there.
    pub fn counts(&mut self, code: &str, at_ms: f64) -> bool {
        let known = self.counted.iter().position(|(known, ..)| known == code);
        if let Some((_, counted_ms, seen_ms)) = known.and_then(|at| self.counted.get_mut(at))
            && (at_ms - *seen_ms < AWAY_MS || at_ms - *counted_ms < AGAIN_MS)
        {
            *seen_ms = at_ms;
            return false;
        }
        let twice = self.maybe.as_ref().is_some_and(|(it, once)| it == code && at_ms - once <= TWICE_MS);
        if !twice {
            self.maybe = Some((code.to_owned(), at_ms));
            return false;
        }
        self.maybe = None;
        if let Some(at) = known {
            self.counted.swap_remove(at);
        }
        self.counted.push((code.to_owned(), at_ms, at_ms));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks eight times a second at what lies there; gives the times when something counted.
    fn watched(sight: impl Fn(f64) -> Option<&'static str>) -> Vec<(f64, &'static str)> {
        let mut seen = Sightings::default();
        let looks = (0..80).map(|look| f64::from(look) * 125.0);
        looks.filter_map(|at| sight(at).filter(|code| seen.counts(code, at)).map(|code| (at, code))).collect()
    }

    #[test]
    fn what_lies_before_the_camera_counts_once_and_again_when_it_comes_back() {
        assert_eq!(watched(|_| Some("A")), [(125.0, "A")]);
        // One look is no reading.
        assert_eq!(watched(|at| (at == 500.0).then_some("A")), []);
        // Away for less than it takes to bring another: the same piece.
        assert_eq!(watched(|at| (!(2_000.0..2_500.0).contains(&at)).then_some("A")), [(125.0, "A")]);
        let twice = watched(|at| (!(2_000.0..3_000.0).contains(&at)).then_some("A"));
        assert_eq!(twice, [(125.0, "A"), (3_125.0, "A")]);
    }

    #[test]
    fn two_codes_in_turn_count_once_each() {
        let turns = watched(|at| Some(if (at / 250.0) as i64 % 2 == 0 { "A" } else { "B" }));
        assert_eq!(turns, [(125.0, "A"), (375.0, "B")]);
    }

    fn typed(code: &str, gap_ms: f64) -> Option<String> {
        let mut burst = Burst::default();
        let mut at = 1_000.0;
        for letter in code.chars() {
            at += gap_ms;
            assert_eq!(burst.key(&letter.to_string(), at), None);
            assert_eq!(burst.key("Shift", at), None);
        }
        burst.key("Enter", at + gap_ms)
    }

    #[test]
    fn a_code_is_whole_though_the_page_held_up_a_key_of_it() {
        let known = |code: &str| code == "356938035643809";
        assert_eq!(whole("938035643809", "356938035643809", known), "356938035643809");
        // Words that were typed before the scan are no part of it.
        assert_eq!(whole("356938035643809", "sam356938035643809", known), "356938035643809");
        assert_eq!(whole("356938035643809", "", known), "356938035643809");
        assert_eq!(whole("356938035643809", "356938035643809", known), "356938035643809");
    }

    #[test]
    fn a_scanner_is_told_from_a_hand() {
        assert_eq!(typed("356938035643809", 8.0).as_deref(), Some("356938035643809"));
        assert_eq!(typed("RN13-8-256-BLK", 44.0).as_deref(), Some("RN13-8-256-BLK"));
        assert_eq!(typed("356938035643809", 90.0), None);
        assert_eq!(typed("12345678901", 8.0), None);
    }
}
