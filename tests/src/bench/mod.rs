//! What `make bench-forecast` measures: our models on the series of `../shared/data/series` beside the peers' scores on
//! the same series. [`run`] lets the models speak, [`score`] judges them case by case, [`resample`] says how sure a
//! difference is, [`counts`] and [`sums`] judge what single means cannot show, [`report`] writes the tables.

pub mod counts;
pub mod report;
pub mod resample;
pub mod run;
pub mod score;
pub mod sums;

use crate::series_sets::{CARPARTS, M3, M4, NN5, ONLINE_RETAIL, ROSSMANN, Set, TOURISM};
use score::Metric;

/// A set with what issue 3 asks of `auto` there.
pub struct Bench {
    /// The set.
    pub set: Set,
    /// Steps per season that our models are told; weeks have a year although M4's official season is 1.
    pub season: usize,
    /// The peer with the best score here, chosen in hindsight.
    pub best_peer: &'static str,
    /// Scores and what they should not exceed.
    pub aims: &'static [(Metric, f64)],
    /// Largest |bias| that is wished.
    pub bias: Option<f64>,
    /// MSIS of the best peer's bands.
    pub msis: Option<f64>,
    /// Whether the values are counts of slow movers, which quantiles judge better than bands.
    pub counts: bool,
}

const PLAIN: Bench =
    Bench { set: M3, season: 12, best_peer: "", aims: &[], bias: None, msis: None, counts: false };

/// The seven sets.
pub const BENCHES: [Bench; 7] = [
    Bench {
        best_peer: "ENS_mean_ETS_CES_DOT_LGBM",
        aims: &[(Metric::Smape, 13.1), (Metric::Mase, 0.800)],
        msis: Some(6.62),
        ..PLAIN
    },
    Bench {
        set: TOURISM,
        best_peer: "ENS_mean_CES_DOT_LGBM",
        aims: &[(Metric::Smape, 18.8), (Metric::Mase, 1.43)],
        msis: Some(15.1),
        ..PLAIN
    },
    Bench {
        set: NN5,
        season: 7,
        best_peer: "ENS_mean_CES_DOT_LGBM",
        aims: &[(Metric::Smape, 20.8), (Metric::Mase, 0.831)],
        msis: Some(7.58),
        ..PLAIN
    },
    Bench {
        set: M4,
        season: 52,
        best_peer: "ENS_med_ETS_CES_DOT",
        aims: &[(Metric::Owa, 0.85)],
        msis: Some(21.1),
        ..PLAIN
    },
    Bench {
        set: CARPARTS,
        best_peer: "IMAPA",
        aims: &[(Metric::Rmsse, 0.650)],
        bias: Some(0.10),
        counts: true,
        ..PLAIN
    },
    Bench {
        set: ONLINE_RETAIL,
        season: 7,
        best_peer: "AutoETS",
        aims: &[(Metric::Rmsse, 0.80)],
        bias: Some(0.05),
        counts: true,
        ..PLAIN
    },
    Bench {
        set: ROSSMANN,
        season: 7,
        best_peer: "ENS_L2_L1",
        aims: &[(Metric::Wape, 0.089), (Metric::Rmsse, 0.172)],
        ..PLAIN
    },
];
