//! The world outside: competitors, feeds, the moon; and what the shop says of its own days.

use crate::{
    id::ProductId,
    money::Paisa,
    time::{Day, Timestamp},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What another shop asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompetitorPrice {
    /// For what.
    pub product: ProductId,
    /// Who asks it.
    pub source: String,
    /// How much.
    pub price: Paisa,
    /// When it was seen.
    pub at: Timestamp,
}

/// One row of an outside feed, with its lineage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeedRow {
    /// Feed name by the seed: `weather`, `events`, `holidays`, `promotions`, `economic_indicators` …
    pub feed: String,
    /// The day it speaks of.
    pub day: Day,
    /// What is measured.
    pub name: String,
    /// The value.
    pub value: Value,
    /// Where it came from.
    pub source: String,
    /// When it was fetched.
    pub at: Timestamp,
}

/// What people enter by hand, each in a feed of its own. The newest row of a feed, day and name stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Given {
    /// Feed `holidays`: the shop's trade is another one from the row's day until this one.
    Holiday(Day),
    /// Feed `promotions`: an offer from the row's day until this one.
    Promotion(Day),
    /// Feed `marketing_spend`: paid for advertising on the row's day.
    MarketingSpend(Paisa),
    /// Feed `price_tiers`: from the row's day on, prices below the first are `budget`, below the second
    /// `mid_range`, below the third `premium`, the others `flagship`.
    PriceTiers([Paisa; 3]),
    /// Feed `weekend`: from the row's day on these weekdays, 0 = Monday, are the shop's weekend.
    Weekend(Vec<u8>),
    /// Any of these feeds: what stood under this day and name is taken back.
    TakenBack,
}

impl FeedRow {
    /// The feeds that people fill, with what their values must be.
    const GIVEN: [(&str, &str); 5] = [
        ("holidays", "the last day as YYYY-MM-DD, not before the first, or null"),
        ("promotions", "the last day as YYYY-MM-DD, not before the first, or null"),
        ("marketing_spend", "paisa, zero or more, or null"),
        ("price_tiers", "three rising amounts of paisa above zero"),
        ("weekend", "weekdays from 0 (Monday) to 6, not all seven"),
    ];

    /// Puts what was entered into a row of its feed; `feed` is needed to take something back.
    pub fn given(day: Day, name: &str, feed: &str, given: &Given, at: Timestamp) -> Self {
        let value = match given {
            Given::Holiday(until) | Given::Promotion(until) => json!(until.to_string()),
            Given::MarketingSpend(amount) => json!(amount.0),
            Given::PriceTiers(ends) => json!(ends.map(|end| end.0)),
            Given::Weekend(weekdays) => json!(weekdays),
            Given::TakenBack => Value::Null,
        };
        Self { feed: feed.to_owned(), day, name: name.to_owned(), value, source: "shop".to_owned(), at }
    }

    /// What was entered; none for the feeds of others, and for values that no such feed may hold.
    pub fn read(&self) -> Option<Given> {
        let until = || Day::parse(self.value.as_str()?).filter(|until| *until >= self.day);
        let numbers = || -> Option<Vec<i64>> { self.value.as_array()?.iter().map(Value::as_i64).collect() };
        match self.feed.as_str() {
            "holidays" | "promotions" | "marketing_spend" if self.value.is_null() => Some(Given::TakenBack),
            "holidays" => until().map(Given::Holiday),
            "promotions" => until().map(Given::Promotion),
            "marketing_spend" => self
                .value
                .as_i64()
                .filter(|paisa| *paisa >= 0)
                .map(|paisa| Given::MarketingSpend(Paisa(paisa))),
            "price_tiers" => {
                let ends: [i64; 3] = numbers()?.try_into().ok()?;
                (0 < ends[0] && ends[0] < ends[1] && ends[1] < ends[2])
                    .then(|| Given::PriceTiers(ends.map(Paisa)))
            }
            "weekend" => {
                let weekdays: Option<Vec<u8>> =
                    numbers()?.into_iter().map(|day| u8::try_from(day).ok().filter(|day| *day < 7)).collect();
                weekdays.filter(|weekdays| weekdays.len() < 7).map(Given::Weekend)
            }
            _ => None,
        }
    }

    /// What the value of this feed should have been, where it is one that people fill and the value is not that.
    pub(super) fn fault(&self) -> Option<&'static str> {
        let expected = Self::GIVEN.iter().find(|(feed, _)| *feed == self.feed)?.1;
        self.read().is_none().then_some(expected)
    }
}

/// The moon was seen: a Hijri month begins on this day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarCorrection {
    /// Hijri year.
    pub hijri_year: u16,
    /// Hijri month, 1–12.
    pub hijri_month: u8,
    /// Its first day.
    pub begins: Day,
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn row(feed: &str, value: Value) -> FeedRow {
        let (day, name, source) = (Day(100), "Eid".to_owned(), "shop".to_owned());
        FeedRow { feed: feed.to_owned(), day, name, value, source, at: Timestamp(0) }
    }

    #[test]
    fn what_is_entered_is_read_back() {
        let all = [
            ("holidays", Given::Holiday(Day(102))),
            ("promotions", Given::Promotion(Day(100))),
            ("marketing_spend", Given::MarketingSpend(Paisa(50_000))),
            ("price_tiers", Given::PriceTiers([1, 2, 3].map(Paisa::rupees))),
            ("weekend", Given::Weekend(vec![4, 6])),
            ("holidays", Given::TakenBack),
        ];
        for (feed, given) in all {
            let row = FeedRow::given(Day(100), "Eid", feed, &given, Timestamp(0));
            assert_eq!((row.read(), row.fault()), (Some(given), None), "{feed}");
        }
    }

    #[test]
    fn values_that_no_shop_can_have_are_faults_that_say_what_was_expected() {
        let wrong = [
            ("holidays", json!("1970-01-05")),
            ("promotions", json!(7)),
            ("marketing_spend", json!(-1)),
            ("price_tiers", json!([3, 2, 1])),
            ("price_tiers", json!(null)),
            ("weekend", json!([7])),
            ("weekend", json!([0, 1, 2, 3, 4, 5, 6])),
        ];
        for (feed, value) in wrong {
            assert!(row(feed, value.clone()).fault().is_some(), "{feed} {value}");
        }
        assert_eq!(row("weather", json!({ "rain_mm": 3 })).fault(), None);
    }
}
