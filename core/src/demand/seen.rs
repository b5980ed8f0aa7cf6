//! What a model sees beside the sales: entered holidays and promotions, as known columns for the models and as
//! spans for whoever reads the chart.

use crate::{
    forecast::Regressor,
    table::context::{Context, SpanKind},
    time::Day,
};
use serde::{Deserialize, Serialize};

/// What a span of days on a chart is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeenKind {
    /// A holiday.
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

/// The columns of `history` days from `from` on and `horizon` further ones: 1 on days of the kind, else 0. A kind
/// without a day in the history has no column: nothing could be learned of it.
pub(super) fn regressors(context: &Context, from: Day, history: usize, horizon: usize) -> Vec<Regressor> {
    let column = |(kind, name): (SpanKind, &str)| {
        let mut values = vec![0.0; history + horizon];
        for span in context.spans.iter().filter(|span| span.kind == kind) {
            let first = (span.from.0 - from.0).max(0) as usize;
            let after = usize::try_from(span.until.0 - from.0 + 1).unwrap_or_default().min(values.len());
            values.iter_mut().take(after).skip(first).for_each(|value| *value = 1.0);
        }
        let learned = values[..history].contains(&1.0);
        learned.then(|| Regressor { name: name.to_owned(), values })
    };
    [(SpanKind::Holiday, "holiday"), (SpanKind::Promotion, "promotion")]
        .into_iter()
        .filter_map(column)
        .collect()
}

/// Entered days that touch `from..=until`, by day.
pub(super) fn spans(context: &Context, from: Day, until: Day) -> Vec<Seen> {
    let touching = context.spans.iter().filter(|span| span.from <= until && span.until >= from);
    let seen = touching.map(|span| Seen {
        from: span.from,
        until: span.until,
        kind: match span.kind {
            SpanKind::Holiday => SeenKind::Holiday,
            SpanKind::Promotion => SeenKind::Promotion,
        },
        name: span.name.clone(),
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
    use crate::table::context::Span;

    fn context(spans: &[(SpanKind, i32, i32)]) -> Context {
        let span = |(kind, from, until): &(SpanKind, i32, i32)| Span {
            from: Day(*from),
            kind: *kind,
            name: "Gala".to_owned(),
            until: Day(*until),
        };
        Context { spans: spans.iter().map(span).collect(), ..Context::default() }
    }

    #[test]
    fn an_entered_promotion_is_a_column_of_its_days_in_past_and_future() {
        let given = context(&[
            (SpanKind::Promotion, 9, 11),
            (SpanKind::Promotion, 15, 90),
            (SpanKind::Holiday, 16, 16),
        ]);
        let columns = regressors(&given, Day(10), 5, 3);
        // the only holiday lies ahead: nothing to learn it from
        assert_eq!(columns.len(), 1);
        assert_eq!(
            (columns[0].name.as_str(), &columns[0].values[..]),
            ("promotion", &[1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0][..])
        );
        assert!(regressors(&context(&[(SpanKind::Holiday, 1, 9)]), Day(10), 5, 3).is_empty());
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
        let given = context(&[
            (SpanKind::Holiday, 1, 9),
            (SpanKind::Holiday, 1, 10),
            (SpanKind::Promotion, 20, 30),
            (SpanKind::Promotion, 21, 30),
        ]);
        let seen = spans(&given, Day(10), Day(20));
        assert_eq!(
            seen.iter().map(|seen| (seen.from.0, seen.until.0)).collect::<Vec<_>>(),
            [(1, 10), (20, 30)]
        );
    }
}
