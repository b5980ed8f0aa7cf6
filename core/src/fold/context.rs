//! Entered days and settings: of each feed, day and name the newest row stands.

use super::Placed;
use crate::{
    record::{Given, Record},
    table::context::{Context, Span, SpanKind, Spend},
    time::Day,
};
use std::collections::BTreeMap;

/// The table, from records in their order.
pub(super) fn table(records: &[Placed<'_>]) -> Context {
    let mut standing: BTreeMap<(&str, Day, &str), Given> = BTreeMap::new();
    for placed in records {
        if let Record::FeedRow(row) = placed.record
            && let Some(given) = row.read()
        {
            standing.insert((&row.feed, row.day, &row.name), given);
        }
    }
    let mut context = Context::default();
    // By feed, then day: of the dated settings the latest day comes last and stands.
    for ((_, day, name), given) in standing {
        let (from, name) = (day, name.to_owned());
        match given {
            Given::Holiday(until) => {
                context.spans.push(Span { from, kind: SpanKind::Holiday, name, until });
            }
            Given::Promotion(until) => {
                context.spans.push(Span { from, kind: SpanKind::Promotion, name, until });
            }
            Given::MarketingSpend(amount) => context.marketing_spend.push(Spend { day, name, amount }),
            Given::PriceTiers(ends) => context.price_tiers = ends,
            Given::Weekend(mut weekdays) => {
                crate::order::by(&mut weekdays, Ord::cmp);
                weekdays.dedup();
                context.weekend = weekdays;
            }
            Given::TakenBack => {}
        }
    }
    crate::order::by(&mut context.spans, Ord::cmp);
    context
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::super::{Fold, Order};
    use super::*;
    use crate::{id::EventId, money::Paisa, record::FeedRow, sync::event::Stream, time::Timestamp};

    #[test]
    fn the_newest_row_of_a_feed_day_and_name_stands_and_null_takes_it_back() {
        let given = [
            (Day(10), "Eid", "holidays", Given::Holiday(Day(12))),
            (Day(20), "Gala", "promotions", Given::Promotion(Day(25))),
            (Day(20), "Gala", "promotions", Given::Promotion(Day(22))),
            (Day(30), "Strike", "holidays", Given::Holiday(Day(30))),
            (Day(30), "Strike", "holidays", Given::TakenBack),
            (Day(5), "Facebook", "marketing_spend", Given::MarketingSpend(Paisa::rupees(900))),
            (Day(40), "", "price_tiers", Given::PriceTiers([4, 5, 6].map(Paisa))),
            (Day(3), "", "price_tiers", Given::PriceTiers([1, 2, 3].map(Paisa))),
            (Day(3), "", "weekend", Given::Weekend(vec![6, 4, 6])),
        ];
        let mut fold = Fold::default();
        for (version, (day, name, feed, given)) in (1..).zip(given) {
            let row = FeedRow::given(day, name, feed, &given, Timestamp(0));
            let order = Order::Confirmed { version, stream: Stream::Tenant };
            fold.record(EventId::from_u128(u128::from(version)), order, Record::FeedRow(row));
        }
        let span = |from, kind, name: &str, until| Span {
            from: Day(from),
            kind,
            name: name.to_owned(),
            until: Day(until),
        };
        let expected = Context {
            spans: vec![span(10, SpanKind::Holiday, "Eid", 12), span(20, SpanKind::Promotion, "Gala", 22)],
            marketing_spend: vec![Spend {
                day: Day(5),
                name: "Facebook".to_owned(),
                amount: Paisa::rupees(900),
            }],
            price_tiers: [4, 5, 6].map(Paisa),
            weekend: vec![4, 6],
        };
        assert_eq!(fold.tables().context, expected);
    }
}
