//! A language and its way with words, numbers, money and dates, as a reader of each expects them.

use super::{Locale, Messages, Plural, words};
use dukandar_core::{
    money::{self, CompactWords, Currency, Grouping, Paisa},
    quantity::Quantity,
    time::{Day, Timestamp, Zone},
};

/// A language and its way with digits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lang {
    /// Which language.
    pub locale: Locale,
    /// How digits are grouped.
    pub grouping: Grouping,
}

/// U+2068 and U+2069: what stands between them keeps its own direction.
const ISOLATE: (char, char) = ('\u{2068}', '\u{2069}');

impl Lang {
    /// A language's own name for itself.
    pub fn own_name(locale: Locale) -> &'static str {
        match locale {
            Locale::English => "English",
            Locale::Urdu => "اردو",
            Locale::RomanUrdu => "Roman Urdu",
        }
    }

    /// The sentences.
    pub fn t(self) -> &'static Messages {
        words::of(self.locale)
    }

    /// Puts the arguments into `{0}`, `{1}` …; in Urdu each is isolated, so that a name or an amount in
    /// Latin letters does not tear the line apart.
    pub fn fill(self, template: &str, args: &[&str]) -> String {
        let mut out = String::with_capacity(template.len() + 16);
        let mut rest = template;
        while let Some(open) = rest.find('{') {
            out.push_str(&rest[..open]);
            let index = rest.as_bytes().get(open + 1).map(|digit| usize::from(digit.wrapping_sub(b'0')));
            match index.and_then(|index| args.get(index)) {
                Some(arg) if self.locale == Locale::Urdu => {
                    out.push(ISOLATE.0);
                    out.push_str(arg);
                    out.push(ISOLATE.1);
                }
                Some(arg) => out.push_str(arg),
                None => {}
            }
            rest = rest.get(open + 3..).unwrap_or_default();
        }
        out.push_str(rest);
        out
    }

    /// A sentence with a whole number in it.
    pub fn plural(self, forms: Plural, number: u64) -> String {
        let form = if number == 1 { forms.one } else { forms.other };
        self.fill(form, &[&self.whole(number as i64)])
    }

    /// A whole number with its digits grouped.
    pub fn whole(self, number: i64) -> String {
        money::group(number, self.grouping)
    }

    /// A number with at most `decimals` places, none where they would be zeros.
    pub fn number(self, number: f64, decimals: usize) -> String {
        let text = format!("{number:.decimals$}");
        match text.split_once('.') {
            Some((_, places)) if places.bytes().any(|digit| digit != b'0') => text,
            _ => self.whole(number.round() as i64),
        }
    }

    /// Pieces, or metres of cable: whole where whole.
    pub fn quantity(self, quantity: Quantity) -> String {
        if quantity.0 % 1_000 == 0 {
            self.whole(quantity.0 / 1_000)
        } else {
            let text = format!("{:.3}", quantity.as_units());
            text.trim_end_matches('0').to_owned()
        }
    }

    /// An amount in full.
    pub fn money(self, amount: Paisa, currency: Currency) -> String {
        money::format(amount, currency, self.grouping)
    }

    /// An amount in full without its currency, for fields.
    pub fn amount(self, amount: Paisa) -> String {
        match amount.0.unsigned_abs() % 100 {
            0 => self.whole(amount.0 / 100),
            paisa => format!("{}.{paisa:02}", self.whole(amount.0 / 100)),
        }
    }

    /// An amount in full, rounded to whole rupees: for expected values, which are not that exact.
    pub fn rough(self, amount: Paisa, currency: Currency) -> String {
        money::format(Paisa::rupees((amount.0 as f64 / 100.0).round() as i64), currency, self.grouping)
    }

    /// A model's amount in whole currency units.
    pub fn units(self, units: f64, currency: Currency) -> String {
        money::format(Paisa::rupees(units.round() as i64), currency, self.grouping)
    }

    /// An amount in lakh and crore.
    pub fn compact(self, amount: Paisa, currency: Currency) -> String {
        let words = CompactWords { lakh: self.t().common.lakh, crore: self.t().common.crore };
        let text = money::format_compact(amount, currency, self.grouping, words);
        match text.rsplit_once('\u{a0}') {
            // Rs 9.4 لاکھ: read from the right, the number comes before its word.
            Some((number, word)) if self.locale == Locale::Urdu && !word.is_ascii() => {
                format!("\u{2067}\u{2066}{number}\u{2069} {word}\u{2069}")
            }
            _ => text,
        }
    }

    /// A share as whole percent.
    pub fn percent(self, share: f64) -> String {
        format!("{}%", self.whole((share * 100.0).round() as i64))
    }

    /// 05-Mar-2026; in Urdu 5 مارچ 2026.
    pub fn date(self, day: Day) -> String {
        let (year, month, day) = day.parts();
        let t = &self.t().date;
        let number = match self.locale {
            Locale::Urdu => format!("{day}"),
            _ => format!("{day:02}"),
        };
        plain(t.full, &[&number, t.months[month as usize - 1], &year.to_string()])
    }

    /// Day and month, for axes.
    pub fn short_date(self, day: Day) -> String {
        let (_, month, day) = day.parts();
        let t = &self.t().date;
        plain(t.short, &[&day.to_string(), t.months[month as usize - 1]])
    }

    /// One day, or the first and the last.
    pub fn days(self, from: Day, until: Day) -> String {
        if from == until {
            return self.date(from);
        }
        self.fill(self.t().outlook.range, &[&self.date(from), &self.date(until)])
    }

    /// The weekday's name.
    pub fn weekday(self, day: Day) -> &'static str {
        self.t().date.weekdays[usize::from(day.weekday() % 7)]
    }

    /// Monday, 23-Nov-2026.
    pub fn long_date(self, day: Day) -> String {
        plain(self.t().date.with_weekday, &[self.weekday(day), &self.date(day)])
    }

    /// 3:04 pm, local.
    pub fn time(self, at: Timestamp, zone: Zone) -> String {
        let hour = at.hour(zone);
        let half = if hour < 12 { "am" } else { "pm" };
        format!("{}:{:02} {half}", (hour + 11) % 12 + 1, at.minute(zone))
    }

    /// How long ago, in words.
    pub fn ago(self, at: Timestamp, now: Timestamp) -> String {
        let t = &self.t().date;
        match (now.0 - at.0).max(0) / 60_000 {
            0 => t.just_now.to_owned(),
            minutes @ 1..60 => self.plural(t.minutes_ago, minutes as u64),
            minutes @ 60..1_440 => self.plural(t.hours_ago, minutes as u64 / 60),
            minutes => self.plural(t.days_ago, minutes as u64 / 1_440),
        }
    }
}

/// Fills without isolation: the parts of a date belong together.
fn plain(template: &str, args: &[&str]) -> String {
    Lang { locale: Locale::English, grouping: Grouping::Thousands }.fill(template, args)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: Lang = Lang { locale: Locale::English, grouping: Grouping::Thousands };
    const URDU: Lang = Lang { locale: Locale::Urdu, grouping: Grouping::Lakh };

    #[test]
    fn dates_read_as_written_in_the_design() {
        let day = Day::parse("2026-03-05").unwrap_or_default();
        assert_eq!(ENGLISH.date(day), "05-Mar-2026");
        assert_eq!(URDU.date(day), "5 مارچ 2026");
        assert_eq!(ENGLISH.long_date(day), "Thursday, 05-Mar-2026");
        let at = Timestamp(day.start(Zone::KARACHI).0 + (15 * 60 + 4) * 60_000);
        assert_eq!(ENGLISH.time(at, Zone::KARACHI), "3:04 pm");
        assert_eq!(ENGLISH.time(day.start(Zone::KARACHI), Zone::KARACHI), "12:00 am");
    }

    #[test]
    fn arguments_stand_isolated_in_urdu_only() {
        assert_eq!(ENGLISH.fill("{1} of {0}", &["a", "b"]), "b of a");
        assert_eq!(URDU.fill("{0} دن", &["3"]), "\u{2068}3\u{2069} دن");
        assert_eq!(ENGLISH.fill("no argument {7}", &[]), "no argument ");
    }

    #[test]
    fn numbers_show_places_only_where_there_are_any() {
        assert_eq!(ENGLISH.number(3.0, 1), "3");
        assert_eq!(ENGLISH.number(3.25, 1), "3.2");
        assert_eq!(ENGLISH.quantity(Quantity(1_500)), "1.5");
        assert_eq!(URDU.whole(1_234_567), "12,34,567");
    }

    /// The placeholders of each sentence, in the order of the struct's fields.
    fn placeholders(messages: &Messages) -> Vec<String> {
        let sentences = format!("{messages:?}");
        let quoted = sentences.split('"').skip(1).step_by(2);
        quoted
            .map(|sentence| {
                let mut found: Vec<&str> = sentence.matches(|letter: char| letter.is_ascii_digit()).collect();
                found.retain(|digit| sentence.contains(&format!("{{{digit}}}")));
                found.sort_unstable();
                found.dedup();
                found.join("")
            })
            .collect()
    }

    #[test]
    fn every_language_fills_the_same_arguments_into_a_sentence() {
        let english = placeholders(words::of(Locale::English));
        assert!(english.len() > 300, "{} sentences found", english.len());
        for (name, other) in [("Urdu", Locale::Urdu), ("Roman Urdu", Locale::RomanUrdu)] {
            let other = placeholders(words::of(other));
            assert_eq!(english.len(), other.len(), "{name}");
            for (index, (ours, theirs)) in english.iter().zip(&other).enumerate() {
                assert_eq!(ours, theirs, "{name}, sentence {index}");
            }
        }
    }
}
