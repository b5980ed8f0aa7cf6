//! Ramadan and the two Eids in Pakistan, as far as the sample shop's demand needs them (2022–2037).
//!
//! Source: the project's own reference tables `reference/pakistan/islamic_dates.csv` (observed, to 1447 AH) and
//! `pk_hijri_pred_1436_1470.csv` (predicted from 1448 AH on; a sighting may still move a month by a day).

use crate::time::Day;
use chrono::NaiveDate;

type Ymd = (i32, u32, u32);

/// First days of Ramadan, Shawwal and Dhul-Hijja, by Hijri year from 1443.
#[rustfmt::skip]
const MONTHS: [[Ymd; 3]; 16] = [
    [(2022, 4, 3), (2022, 5, 3), (2022, 7, 1)], // 1443
    [(2023, 3, 23), (2023, 4, 22), (2023, 6, 20)], // 1444
    [(2024, 3, 12), (2024, 4, 10), (2024, 6, 8)], // 1445
    [(2025, 3, 2), (2025, 3, 31), (2025, 5, 29)], // 1446
    [(2026, 2, 19), (2026, 3, 21), (2026, 5, 18)], // 1447
    [(2027, 2, 9), (2027, 3, 10), (2027, 5, 8)], // 1448
    [(2028, 1, 29), (2028, 2, 27), (2028, 4, 27)], // 1449
    [(2029, 1, 17), (2029, 2, 15), (2029, 4, 16)], // 1450
    [(2030, 1, 6), (2030, 2, 4), (2030, 4, 5)], // 1451
    [(2030, 12, 26), (2031, 1, 25), (2031, 3, 25)], // 1452
    [(2031, 12, 16), (2032, 1, 15), (2032, 3, 13)], // 1453
    [(2032, 12, 5), (2033, 1, 3), (2033, 3, 3)], // 1454
    [(2033, 11, 24), (2033, 12, 24), (2034, 2, 21)], // 1455
    [(2034, 11, 13), (2034, 12, 13), (2035, 2, 10)], // 1456
    [(2035, 11, 2), (2035, 12, 2), (2036, 1, 30)], // 1457
    [(2036, 10, 21), (2036, 11, 20), (2037, 1, 18)], // 1458
];

/// One year's season.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EidYear {
    /// 1 Ramadan.
    pub ramadan: Day,
    /// Eid-ul-Fitr: 1 Shawwal.
    pub fitr: Day,
    /// Eid-ul-Azha: 10 Dhul-Hijja.
    pub azha: Day,
}

/// Every season of the table, in order.
pub fn years() -> Vec<EidYear> {
    let day = |(year, month, day): Ymd| {
        Day::from_date(NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default())
    };
    MONTHS
        .iter()
        .map(|&[ramadan, fitr, hajj]| EidYear {
            ramadan: day(ramadan),
            fitr: day(fitr),
            azha: Day(day(hajj).0 + 9),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn months_are_29_or_30_days_long_and_years_lunar() {
        for pair in years().windows(2) {
            let [year, next] = [pair[0], pair[1]];
            assert!(matches!(year.fitr.0 - year.ramadan.0, 29 | 30));
            assert!(matches!(next.fitr.0 - year.fitr.0, 353..=356), "{year:?}");
            assert!(matches!(year.azha.0 - year.fitr.0, 67..=70), "{year:?}");
        }
        assert_eq!(years()[3].azha.to_string(), "2025-06-07");
    }
}
