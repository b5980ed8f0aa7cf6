//! What a model sees beside the sales: entered holidays and promotions, as known columns for the models and as
//! spans for whoever reads the chart.

use crate::{
    calendar::{Calendar, EventKind},
    time::{Day, Period},
};
use serde::{Deserialize, Serialize};

/// What a span of days on a chart is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeenKind {
    /// A holiday, a feast, or whatever else moves trade.
    Holiday,
    /// An offer of the shop's own.
    Promotion,
    /// The shelf was empty: what was sold is not what was wanted.
    NoStock,
}

/// Days that were not like others, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Seen {
    /// First day.
    pub from: Day,
    /// Last day.
    pub until: Day,
    /// What it was.
    pub kind: SeenKind,
    /// As entered; empty for days without stock.
    pub name: String,
}

/// Days of the calendar that touch `from..=until`, by day.
pub(super) fn spans(calendar: &Calendar, from: Day, until: Day) -> Vec<Seen> {
    let touching = calendar.events_within(Period { from, to: until }).into_iter();
    let seen = touching.map(|event| Seen {
        from: event.from,
        until: event.to,
        kind: match event.kind {
            EventKind::Promotion => SeenKind::Promotion,
            EventKind::Holiday | EventKind::Ramadan | EventKind::Eid | EventKind::Other => SeenKind::Holiday,
        },
        name: event.name.clone(),
    });
    seen.collect()
}

/// Runs of days with an empty shelf, from flags that start on `from`.
pub(super) fn empty_shelves(censored: &[bool], from: Day) -> Vec<Seen> {
    let mut runs: Vec<Seen> = Vec::new();
    for (day, _) in (from.0..).zip(censored).filter(|(_, is_censored)| **is_censored) {
        match runs.last_mut() {
            Some(run) if run.until.0 + 1 == day => run.until = Day(day),
            _ => runs.push(Seen {
                from: Day(day),
                until: Day(day),
                kind: SeenKind::NoStock,
                name: String::new(),
            }),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::calendar::CalendarEvent;

    fn calendar(events: &[(EventKind, i32, i32)]) -> Calendar {
        let event = |(kind, from, to): &(EventKind, i32, i32)| CalendarEvent {
            name: "Gala".to_owned(),
            kind: *kind,
            from: Day(*from),
            to: Day(*to),
        };
        Calendar { events: events.iter().map(event).collect(), ..Calendar::default() }
    }

    #[test]
    fn an_entered_promotion_is_a_column_of_its_days_in_past_and_future() {
        let given = calendar(&[
            (EventKind::Promotion, 9, 11),
            (EventKind::Promotion, 15, 90),
            (EventKind::Holiday, 16, 16),
        ]);
        let columns = given.regressors(Day(10), 5, 3);
        // the only holiday lies ahead: nothing to learn it from
        assert!(columns.iter().all(|column| column.name != "is_holiday"));
        let promotion = columns.iter().find(|column| column.name == "is_promotion");
        let values = promotion.map(|column| &column.values[..]);
        assert_eq!(values, Some(&[1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0][..]));
    }

    #[test]
    fn days_with_an_empty_shelf_are_told_as_runs() {
        let runs = empty_shelves(&[true, true, false, true, false], Day(10));
        assert_eq!(
            runs.iter().map(|run| (run.from.0, run.until.0)).collect::<Vec<_>>(),
            [(10, 11), (13, 13)]
        );
    }

    #[test]
    fn a_chart_shows_what_touches_its_days() {
        let given = calendar(&[
            (EventKind::Holiday, 1, 9),
            (EventKind::Holiday, 1, 10),
            (EventKind::Promotion, 20, 30),
            (EventKind::Promotion, 21, 30),
        ]);
        let seen = spans(&given, Day(10), Day(20));
        assert_eq!(
            seen.iter().map(|seen| (seen.from.0, seen.until.0)).collect::<Vec<_>>(),
            [(1, 10), (20, 30)]
        );
    }
}
