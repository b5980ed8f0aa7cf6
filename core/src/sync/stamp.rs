//! A hybrid logical clock for display: near the wall clock where that is sane, never before what was seen,
//! never more than a minute ahead of the server. Order never depends on it once the server has spoken.
//!
//! Kulkarni, Demirbas, Madappa, Avva, Leone: "Logical Physical Clocks" (OPODIS 2014), algorithm of figure 5, with
//! the clamp as its bound on drift. A device whose clock is years off still shows days that make sense together.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Furthest ahead of the server's clock.
pub const MAX_AHEAD_MS: i64 = 60_000;

/// An instant with a count, so that equal milliseconds still have an order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Stamp {
    /// Physical part, milliseconds since 1970.
    pub at: Timestamp,
    /// Logical part.
    pub count: u32,
}

/// The clock of one device. `wall` is its wall clock, `steady_ms` any clock that only goes forward.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clock {
    last: Stamp,
    /// The server's time, and the steady clock when it was heard.
    server: Option<(Timestamp, u64)>,
}

impl Clock {
    /// The server said what time it is.
    pub fn heard_server(&mut self, server: Timestamp, steady_ms: u64) {
        self.server = Some((server, steady_ms));
        self.last = self.last.min(Stamp { at: self.bound(steady_ms), count: u32::MAX });
    }

    /// A stamp for something that happens here now.
    pub fn now(&mut self, wall: Timestamp, steady_ms: u64) -> Stamp {
        self.advance(wall.min(self.bound(steady_ms)), Stamp::default())
    }

    /// A stamp after having seen another device's.
    pub fn saw(&mut self, other: Stamp, wall: Timestamp, steady_ms: u64) -> Stamp {
        let bound = self.bound(steady_ms);
        let other = Stamp { at: other.at.min(bound), ..other };
        self.advance(wall.min(bound), other)
    }

    /// The server's time as far as is known, if it was ever heard.
    pub fn server_now(&self, steady_ms: u64) -> Option<Timestamp> {
        let (server, heard_ms) = self.server?;
        Some(Timestamp(server.0.saturating_add(steady_ms.saturating_sub(heard_ms) as i64)))
    }

    fn bound(&self, steady_ms: u64) -> Timestamp {
        let server = self.server_now(steady_ms);
        server.map_or(Timestamp(i64::MAX), |server| Timestamp(server.0.saturating_add(MAX_AHEAD_MS)))
    }

    fn advance(&mut self, physical: Timestamp, other: Stamp) -> Stamp {
        let seen = self.last.max(other);
        self.last = match physical > seen.at {
            true => Stamp { at: physical, count: 0 },
            false => Stamp { at: seen.at, count: seen.count.saturating_add(1) },
        };
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const YEAR_MS: i64 = 365 * 86_400_000;

    #[test]
    fn stamps_only_grow_though_the_wall_clock_jumps_back() {
        let mut clock = Clock::default();
        let walls = [10, 11, 11, 3, -YEAR_MS, 12];
        let stamps: Vec<Stamp> = walls.map(|wall| clock.now(Timestamp(wall), 0)).to_vec();
        assert!(stamps.is_sorted() && stamps.windows(2).all(|pair| pair[0] < pair[1]), "{stamps:?}");
        assert_eq!(stamps[5], Stamp { at: Timestamp(12), count: 0 });
    }

    #[test]
    fn a_clock_years_ahead_is_held_to_a_minute_after_the_server() {
        let mut clock = Clock::default();
        clock.now(Timestamp(9 * YEAR_MS), 0);
        clock.heard_server(Timestamp(1_000_000), 500);
        let stamp = clock.now(Timestamp(9 * YEAR_MS), 700);
        assert_eq!(stamp.at, Timestamp(1_000_000 + 200 + MAX_AHEAD_MS));
        let other = Stamp { at: Timestamp(20 * YEAR_MS), count: 4 };
        assert!(clock.saw(other, Timestamp(0), 800).at.0 <= 1_000_000 + 300 + MAX_AHEAD_MS);
    }

    #[test]
    fn a_clock_behind_follows_what_it_has_seen() {
        let mut clock = Clock::default();
        let other = Stamp { at: Timestamp(5_000), count: 2 };
        assert_eq!(clock.saw(other, Timestamp(10), 0), Stamp { at: Timestamp(5_000), count: 3 });
        assert_eq!(clock.now(Timestamp(11), 1), Stamp { at: Timestamp(5_000), count: 4 });
    }
}
