//! What the shop says of its own days: holidays, promotions, advertising, price tiers, the weekend.

use super::{AppState, Problem};
use crate::effect::{clock, journal::Draft};
use dukandar_core::{
    record::{FeedRow, Given},
    sync::event::Stream,
    time::Day,
};

impl AppState {
    /// Writes what was entered for a day under a name into its feed; [`Given::TakenBack`] takes it back.
    pub async fn give(self, feed: &str, day: Day, name: &str, given: &Given) -> Result<(), Problem> {
        let name = name.trim();
        if name.is_empty() && matches!(feed, "holidays" | "promotions" | "marketing_spend") {
            return Err(Problem::Invalid { field: "name", expected: "what it is" });
        }
        let row = FeedRow::given(day, name, feed, given, clock::now());
        if row.read().is_none() {
            return Err(Problem::Invalid { field: "value", expected: "days in order, amounts above zero" });
        }
        self.write(vec![Draft::new(Stream::Tenant, "feed_row", &row)?]).await
    }
}
