//! Instants, days and zones. Core never reads a clock: the present is always an argument.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, TimeDelta};
use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// A zone with a fixed distance from UTC.
///
/// Pakistan has kept UTC+5 without summer time since 2009; sales before that in summer 2002, 2008
/// or 2009 would be an hour off, which no daily figure here notices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Zone {
    /// Minutes east of UTC.
    pub offset_minutes: i16,
}

impl Zone {
    /// Asia/Karachi.
    pub const KARACHI: Self = Self { offset_minutes: 300 };
}

impl Default for Zone {
    fn default() -> Self {
        Self::KARACHI
    }
}

/// A calendar day as days since 1970-01-01: the unit of columns and of daily series.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(pub i32);

const DAY_MS: i64 = 86_400_000;

impl Timestamp {
    /// The local calendar day.
    pub fn day(self, zone: Zone) -> Day {
        Day((self.0 + i64::from(zone.offset_minutes) * 60_000).div_euclid(DAY_MS) as i32)
    }

    /// The local hour, 0–23.
    pub fn hour(self, zone: Zone) -> u8 {
        ((self.0 + i64::from(zone.offset_minutes) * 60_000).rem_euclid(DAY_MS) / 3_600_000) as u8
    }

    /// The local minute of the hour, 0–59.
    pub fn minute(self, zone: Zone) -> u8 {
        ((self.0 + i64::from(zone.offset_minutes) * 60_000).rem_euclid(3_600_000) / 60_000) as u8
    }

    /// Local wall time, for display.
    pub fn local(self, zone: Zone) -> NaiveDateTime {
        let utc = DateTime::from_timestamp_millis(self.0).unwrap_or_default().naive_utc();
        utc + TimeDelta::minutes(i64::from(zone.offset_minutes))
    }

    /// The instant of a local wall time.
    pub fn from_local(local: NaiveDateTime, zone: Zone) -> Self {
        Self(local.and_utc().timestamp_millis() - i64::from(zone.offset_minutes) * 60_000)
    }

    /// RFC 3339 with the zone's offset.
    pub fn rfc3339(self, zone: Zone) -> String {
        let offset = FixedOffset::east_opt(i32::from(zone.offset_minutes) * 60);
        match (DateTime::from_timestamp_millis(self.0), offset) {
            (Some(utc), Some(offset)) => utc.with_timezone(&offset).to_rfc3339(),
            _ => self.0.to_string(),
        }
    }
}

impl Day {
    /// The day of a calendar date.
    pub fn from_date(date: NaiveDate) -> Self {
        // 719,163 is the common-era day number of 1970-01-01.
        Self(date.num_days_from_ce() - 719_163)
    }

    /// The calendar date.
    pub fn date(self) -> NaiveDate {
        NaiveDate::from_num_days_from_ce_opt(self.0.saturating_add(719_163)).unwrap_or_default()
    }

    /// Year, month (1–12) and day of the month.
    pub fn parts(self) -> (i32, u32, u32) {
        let date = self.date();
        (date.year(), date.month(), date.day())
    }

    /// `YYYY-MM-DD` → day.
    pub fn parse(text: &str) -> Option<Self> {
        // Not chrono's parser, for the same reason as in `Display`.
        let mut parts = text.trim().splitn(3, '-');
        let (year, month, day) = (parts.next()?.parse().ok()?, parts.next()?, parts.next()?);
        let short = |part: &str| part.len() <= 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        if !short(month) || !short(day) {
            return None;
        }
        NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?).map(Self::from_date)
    }

    /// 0 = Monday … 6 = Sunday.
    pub fn weekday(self) -> u8 {
        (self.0 + 3).rem_euclid(7) as u8
    }

    /// The same day of a later month, or its last where it is shorter.
    pub fn months_later(self, months: u32) -> Self {
        // Beyond the calendar's end lies no day.
        self.date().checked_add_months(chrono::Months::new(months)).map_or(self, Self::from_date)
    }

    /// The instant at which the day begins in `zone`.
    pub fn start(self, zone: Zone) -> Timestamp {
        Timestamp(i64::from(self.0) * DAY_MS - i64::from(zone.offset_minutes) * 60_000)
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Not chrono's `format`: the page would carry its whole formatter for this.
        let (year, month, day) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// The months' names in Urdu, as files write them and screens show them.
pub const MONTHS_URDU: [&str; 12] =
    ["جنوری", "فروری", "مارچ", "اپریل", "مئی", "جون", "جولائی", "اگست", "ستمبر", "اکتوبر", "نومبر", "دسمبر"];

/// Days from `from` to `to`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
}

impl Period {
    /// Whether the day lies within.
    pub fn contains(&self, day: Day) -> bool {
        self.from <= day && day <= self.to
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn a_date_is_read_back_as_it_is_written_and_no_other_text_is_one() {
        let leap = Day::parse("2024-02-29");
        assert_eq!(leap.map(|day| day.parts()), Some((2024, 2, 29)));
        assert_eq!(leap.map(|day| day.to_string()).as_deref(), Some("2024-02-29"));
        for wrong in [
            "",
            "2026",
            "2026-11",
            "2026-02-29",
            "2026-13-01",
            "2026-11-00",
            "2026-+1-05",
            "2026-11-023",
            "x-1-1",
        ] {
            assert_eq!(Day::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn karachi_midnight_is_seven_in_the_evening_before_in_utc() {
        let day = Day::parse("2026-11-23").unwrap_or_default();
        assert_eq!(day.start(Zone::KARACHI).rfc3339(Zone { offset_minutes: 0 }), "2026-11-22T19:00:00+00:00");
        assert_eq!(day.start(Zone::KARACHI).day(Zone::KARACHI), day);
        assert_eq!(Timestamp(day.start(Zone::KARACHI).0 - 1).day(Zone::KARACHI), Day(day.0 - 1));
        assert_eq!(day.weekday(), 0);
        assert_eq!(day.to_string(), "2026-11-23");
        assert_eq!(day.parts(), (2026, 11, 23));
        let late = Timestamp(day.start(Zone::KARACHI).0 + (15 * 60 + 4) * 60_000 + 59_999);
        assert_eq!((late.hour(Zone::KARACHI), late.minute(Zone::KARACHI)), (15, 4));
        assert_eq!(
            Timestamp::from_local(day.start(Zone::KARACHI).local(Zone::KARACHI), Zone::KARACHI),
            day.start(Zone::KARACHI)
        );
    }
}
