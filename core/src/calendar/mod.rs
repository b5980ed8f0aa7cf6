//! What kind of day it is: one calendar for every model and feature.
//!
//! Question answered: is this day a holiday, a promotion, payday week, Ramadan, Eid season, a day on which the shop
//! is shut? Input: events by first and last day, the shop's weekend and closed weekdays, a payday rule. Output:
//! [`DayFlags`] of any day, past or future. Holidays and promotions come from what the shop entered
//! ([`crate::table::context`]); whoever knows Ramadan and Eid adds them to [`Calendar::events`] as further kinds.
//!
//! Assumptions: seasons of the year are those of the Pakistan Meteorological Department: winter December to
//! February, spring March to May, summer (with the monsoon) June to September, autumn October and November. Payday
//! week is the first seven days of a month: government pay comes on the first working day, private pay is due by the
//! seventh (Payment of Wages Act 1936, s. 5). How it fails: a day of which nothing was entered is a plain day.

use crate::{
    table::{
        Tables,
        context::{Context, SpanKind},
    },
    time::{Day, Period},
};
use serde::{Deserialize, Serialize};

/// Days before Eid that people shop for it.
pub const EID_SEASON_DAYS: i32 = 10;

/// Weeks that closed weekdays are learned from.
const CLOSED_WEEKS: i32 = 8;

/// What an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// A public or the shop's own holiday.
    Holiday,
    /// The month of fasting.
    Ramadan,
    /// Eid-ul-Fitr or Eid-ul-Azha: its feast days.
    Eid,
    /// An offer of the shop's own.
    Promotion,
    /// Whatever else moves trade: a strike, a launch, a match.
    Other,
}

/// Days with a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CalendarEvent {
    /// What people call it.
    pub name: String,
    /// What it is.
    pub kind: EventKind,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
}

/// When salaries are paid and spent: these days of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaydayWeek {
    /// First day of the month, from 1.
    pub from: u8,
    /// Last day of the month; before `from` it is a day of the next month.
    pub to: u8,
}

impl Default for PaydayWeek {
    fn default() -> Self {
        Self { from: 1, to: 7 }
    }
}

/// Quarter of the year by the weather.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum YearSeason {
    /// March to May.
    Spring,
    /// June to September.
    Summer,
    /// October and November.
    Autumn,
    /// December to February.
    Winter,
}

/// What is known of one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayFlags {
    /// 0 = Monday.
    pub day_of_week: u8,
    /// 1–12.
    pub month: u8,
    /// By the weather.
    pub season: YearSeason,
    /// Of the shop's own weekend.
    pub is_weekend: bool,
    /// A weekday on which the shop is shut.
    pub is_closed: bool,
    /// Within a holiday, Eid included.
    pub is_holiday: bool,
    /// Within an offer.
    pub is_promotion: bool,
    /// Within the payday week.
    pub is_payday_week: bool,
    /// Within Ramadan.
    pub is_ramadan: bool,
    /// Within Eid or the [`EID_SEASON_DAYS`] before it.
    pub is_eid_season: bool,
    /// Within another event.
    pub is_other_event: bool,
}

/// Events and rules of one shop.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// In any order; they may overlap.
    pub events: Vec<CalendarEvent>,
    /// Weekdays of the weekend, 0 = Monday.
    pub weekend: Vec<u8>,
    /// Weekdays on which the shop is shut.
    pub closed: Vec<u8>,
    /// When salaries come.
    pub payday: PaydayWeek,
}

impl Calendar {
    /// The calendar of a shop, or of all: what was entered, and weekdays without a receipt in the eight weeks
    /// before `today`.
    pub fn of(tables: &Tables, shop: Option<usize>, today: Day) -> Self {
        let mut calendar = Self::entered(&tables.context);
        let sales = &tables.sales;
        let since = Day(today.0 - 7 * CLOSED_WEEKS);
        let range =
            sales.day.partition_point(|day| *day < since)..sales.day.partition_point(|day| *day < today);
        let mut receipts = [0u32; 7];
        let mut weeks = [false; CLOSED_WEEKS as usize];
        for receipt in range.filter(|it| shop.is_none_or(|shop| sales.shop[*it] as usize == shop)) {
            let day = sales.day[receipt];
            receipts[usize::from(day.weekday())] += 1;
            weeks[((day.0 - since.0) / 7) as usize] = true;
        }
        // A shop that is new, or was shut for a week, tells nothing of its weekdays.
        if weeks.iter().all(|traded| *traded) {
            calendar.closed = (0..7).filter(|weekday| receipts[usize::from(*weekday)] == 0).collect();
        }
        calendar
    }

    /// What was entered by hand.
    fn entered(context: &Context) -> Self {
        let event = |span: &crate::table::context::Span| CalendarEvent {
            name: span.name.clone(),
            kind: match span.kind {
                SpanKind::Holiday => EventKind::Holiday,
                SpanKind::Promotion => EventKind::Promotion,
            },
            from: span.from,
            to: span.until,
        };
        Self {
            events: context.spans.iter().map(event).collect(),
            weekend: context.weekend.clone(),
            ..Self::default()
        }
    }

    /// What kind of day this is.
    pub fn day(&self, day: Day) -> DayFlags {
        let within = |kind: EventKind, lead_days: i32| {
            let covers = |it: &CalendarEvent| it.from.0 - lead_days <= day.0 && day <= it.to;
            self.events.iter().any(|it| it.kind == kind && covers(it))
        };
        let (_, month, day_of_month) = day.parts();
        let PaydayWeek { from, to } = self.payday;
        let (from, to) = (u32::from(from), u32::from(to));
        DayFlags {
            day_of_week: day.weekday(),
            month: month as u8,
            season: match month {
                3..=5 => YearSeason::Spring,
                6..=9 => YearSeason::Summer,
                10 | 11 => YearSeason::Autumn,
                _ => YearSeason::Winter,
            },
            is_weekend: self.weekend.contains(&day.weekday()),
            is_closed: self.closed.contains(&day.weekday()),
            is_holiday: within(EventKind::Holiday, 0) || within(EventKind::Eid, 0),
            is_promotion: within(EventKind::Promotion, 0),
            is_payday_week: if from <= to {
                (from..=to).contains(&day_of_month)
            } else {
                day_of_month >= from || day_of_month <= to
            },
            is_ramadan: within(EventKind::Ramadan, 0),
            is_eid_season: within(EventKind::Eid, EID_SEASON_DAYS),
            is_other_event: within(EventKind::Other, 0),
        }
    }

    /// Names of the events that touch a period, for reasons in words; by first day.
    pub fn events_within(&self, period: Period) -> Vec<&CalendarEvent> {
        let mut found: Vec<_> =
            self.events.iter().filter(|it| it.from <= period.to && it.to >= period.from).collect();
        crate::order::by_key(&mut found, |it| (it.from, it.kind, &it.name));
        found
    }

    /// 0/1 columns by name for `days` days from `from` on. Weekends and closed weekdays are left to the weekly season
    /// of the models. A column that stays the same within the first `history_days` could teach nothing: left out.
    pub fn columns(&self, from: Day, days: usize, history_days: usize) -> Vec<(&'static str, Vec<f64>)> {
        let mut columns = self.flags(from, days);
        columns
            .retain(|(_, values)| values[..history_days.min(days)].windows(2).any(|pair| pair[0] != pair[1]));
        columns
    }

    /// All columns, whether they vary or not.
    pub fn flags(&self, from: Day, days: usize) -> Vec<(&'static str, Vec<f64>)> {
        type Flag = fn(&DayFlags) -> bool;
        const FLAGS: [(&str, Flag); 6] = [
            ("is_holiday", |it| it.is_holiday),
            ("is_promotion", |it| it.is_promotion),
            ("is_payday_week", |it| it.is_payday_week),
            ("is_ramadan", |it| it.is_ramadan),
            ("is_eid_season", |it| it.is_eid_season),
            ("is_other_event", |it| it.is_other_event),
        ];
        let flags: Vec<DayFlags> = (0..days as i32).map(|offset| self.day(Day(from.0 + offset))).collect();
        let column = |flag: Flag| flags.iter().map(|day| f64::from(u8::from(flag(day)))).collect();
        FLAGS.into_iter().map(|(name, flag)| (name, column(flag))).collect()
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn event(kind: EventKind, from: &str, to: &str) -> CalendarEvent {
        CalendarEvent { name: format!("{kind:?}"), kind, from: day(from), to: day(to) }
    }

    /// 2025 as it was: 1 Ramadan on 2 March, Eid-ul-Fitr on 31 March.
    fn calendar() -> Calendar {
        Calendar {
            events: vec![
                event(EventKind::Ramadan, "2025-03-02", "2025-03-30"),
                event(EventKind::Eid, "2025-03-31", "2025-04-02"),
                event(EventKind::Promotion, "2025-02-10", "2025-02-12"),
            ],
            weekend: vec![4, 6],
            closed: vec![6],
            payday: PaydayWeek::default(),
        }
    }

    #[test]
    fn days_of_2025_are_what_they_were() {
        let flags = |text| calendar().day(day(text));
        let first = flags("2025-03-02");
        assert!(first.is_ramadan && first.is_payday_week && first.is_weekend && first.is_closed);
        assert_eq!((first.day_of_week, first.month, first.season), (6, 3, YearSeason::Spring));
        assert!(!first.is_eid_season && !first.is_holiday);
        assert!(!flags("2025-03-20").is_eid_season && flags("2025-03-21").is_eid_season);
        let feast = flags("2025-04-02");
        assert!(feast.is_eid_season && feast.is_holiday && !feast.is_ramadan);
        assert!(!flags("2025-04-03").is_eid_season);
        assert!(flags("2025-02-12").is_promotion && !flags("2025-02-13").is_promotion);
        assert!(!flags("2025-02-08").is_payday_week);
        let seasons = ["2025-01-01", "2025-05-31", "2025-06-01", "2025-09-30", "2025-11-30", "2025-12-01"];
        use YearSeason::{Autumn, Spring, Summer, Winter};
        assert_eq!(seasons.map(|it| flags(it).season), [Winter, Spring, Summer, Summer, Autumn, Winter]);
    }

    #[test]
    fn a_payday_week_may_span_the_end_of_the_month() {
        let calendar = Calendar { payday: PaydayWeek { from: 28, to: 3 }, ..Calendar::default() };
        let payday = |text| calendar.day(day(text)).is_payday_week;
        assert_eq!(
            ["2025-01-27", "2025-01-28", "2025-02-03", "2025-02-04"].map(payday),
            [false, true, true, false]
        );
    }

    #[test]
    fn columns_cover_history_and_future_and_leave_out_what_teaches_nothing() {
        let columns = calendar().columns(day("2025-02-01"), 70, 42);
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        // Eid lies in the future only: nothing could be learned of it.
        assert_eq!(names, ["is_promotion", "is_payday_week", "is_ramadan"]);
        assert!(columns.iter().all(|(_, values)| values.len() == 70));
        assert_eq!(columns[0].1.iter().sum::<f64>(), 3.0);
        assert_eq!(columns[2].1[28..31], [0.0, 1.0, 1.0]);
        assert!(calendar().columns(day("2025-02-01"), 5, 0).is_empty());
    }

    #[test]
    fn what_was_entered_and_where_no_receipt_stands_is_the_shops_calendar() {
        let mut tables = Tables::default();
        tables.context.weekend = vec![4];
        tables.context.spans.push(crate::table::context::Span {
            from: day("2025-03-23"),
            kind: SpanKind::Holiday,
            name: "Pakistan Day".to_owned(),
            until: day("2025-03-23"),
        });
        let today = day("2025-04-01");
        for offset in (1..=56).rev().map(|back| Day(today.0 - back)).filter(|day| day.weekday() != 6) {
            tables.sales.day.push(offset);
            tables.sales.shop.push(0);
        }
        let calendar = Calendar::of(&tables, None, today);
        assert_eq!((calendar.weekend.as_slice(), calendar.closed.as_slice()), (&[4][..], &[6][..]));
        assert!(calendar.day(day("2025-03-23")).is_holiday);
        let month = Period { from: day("2025-03-01"), to: day("2025-03-31") };
        assert_eq!(calendar.events_within(month)[0].name, "Pakistan Day");
        assert!(
            Calendar::of(&tables, Some(1), today).closed.is_empty(),
            "a shop without receipts is not shut"
        );
    }
}
