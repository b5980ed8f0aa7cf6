//! A barcode scanner types fast and ends in Enter: that burst is told apart from a hand on the keys.

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

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_scanner_is_told_from_a_hand() {
        assert_eq!(typed("356938035643809", 8.0).as_deref(), Some("356938035643809"));
        assert_eq!(typed("RN13-8-256-BLK", 44.0).as_deref(), Some("RN13-8-256-BLK"));
        assert_eq!(typed("356938035643809", 90.0), None);
        assert_eq!(typed("12345678901", 8.0), None);
    }
}
