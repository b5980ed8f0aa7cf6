//! Each smoothing model against the peer of its name on the same series. Needs `../shared`; says so and passes without
//! it, as that data may not be copied into this repository.
//!
//! `cargo test --release -p dukandar-tests --test models forecast_models:: -- --ignored --nocapture` prints every model on every
//! set with its CPU time: the figures that documents quote come from there.

use dukandar_core::forecast::{FitError, Fitted, aggregate, ces, croston, ets, theta};
use dukandar_tests::series_sets::{
    CARPARTS, Cases, M3, M4, NN5, ONLINE_RETAIL, Scores, Set, TOURISM, cases, mean, paired, peers,
    point_scores,
};

type Fit = fn(&[f64], usize) -> Result<Box<dyn Fitted>, FitError>;

fn boxed<T: Fitted + 'static>(fitted: Result<T, FitError>) -> Result<Box<dyn Fitted>, FitError> {
    fitted.map(|it| Box::new(it) as Box<dyn Fitted>)
}

const ETS: Fit = |y, season| boxed(ets::fit(y, season));
const THETA: Fit = |y, season| boxed(theta::fit(y, season));
const DYNAMIC_THETA: Fit = |y, season| boxed(theta::fit_dynamic(y, season));
const CES: Fit = |y, season| boxed(ces::fit(y, season));
const CROSTON: Fit = |y, _| boxed(croston::fit(y));
const SBA: Fit = |y, _| boxed(croston::fit_sba(y));
const TSB: Fit = |y, _| boxed(croston::fit_tsb(y));
const ADIDA: Fit = |y, _| boxed(aggregate::fit_adida(y));
const IMAPA: Fit = |y, _| boxed(aggregate::fit_imapa(y));

/// sMAPE, MASE and RMSSE by case; CPU milliseconds per case for fit and forecast.
struct Scored {
    scores: [Scores; 3],
    cpu_ms: f64,
}

/// CPU time of this thread in milliseconds, where the system tells; 0 elsewhere.
fn cpu_ms() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|it| it.parse::<f64>().ok()).unwrap_or(0.0) * 1e-6
}

fn score(set: Set, cases: &Cases, fit: Fit) -> Scored {
    let mut scored = Scored { scores: Default::default(), cpu_ms: 0.0 };
    for (id, case) in cases {
        let before = cpu_ms();
        let mut means = fit(&case.known, set.season).expect("enough history").predict(case.actual.len());
        scored.cpu_ms += (cpu_ms() - before) / cases.len() as f64;
        means.iter_mut().for_each(|m| *m = m.max(0.0));
        for (by_case, score) in scored.scores.iter_mut().zip(point_scores(set, case, &means)) {
            by_case.extend(score.map(|score| (id.clone(), score)));
        }
    }
    scored
}

#[test]
fn dynamic_theta_on_m3_months_is_as_good_as_statsforecasts() {
    let (Some(cases), Some(peers)) = (cases(M3), peers(M3)) else { return };
    let [_, mase, _] = score(M3, &cases, DYNAMIC_THETA).scores;
    let (difference, lo, _) = paired(&mase, &peers["DOT"].mase);
    assert!(lo <= 0.0 && difference < 0.002, "{difference:+.4} to DOT's {:.4}", mean(&peers["DOT"].mase));
}

#[test]
fn standard_theta_on_m3_months_is_as_good_as_statsforecasts() {
    let Some(cases) = cases(M3) else { return };
    let [_, mase, _] = score(M3, &cases, THETA).scores;
    // statsforecast's Theta on the same 723 series, from peers/forecast_scores.csv
    assert!(mean(&mase) < 0.8514 + 0.002, "{}", mean(&mase));
}

#[test]
fn complex_smoothing_is_as_good_as_statsforecasts() {
    for set in [M3, NN5] {
        let (Some(cases), Some(peers)) = (cases(set), peers(set)) else { return };
        let [_, mase, _] = score(set, &cases, CES).scores;
        let (difference, lo, _) = paired(&mase, &peers["AutoCES"].mase);
        assert!(lo <= 0.0 && difference < 0.005, "{}: {difference:+.4}", set.name);
    }
}

#[test]
fn intermittent_models_on_car_parts_are_as_good_as_statsforecasts() {
    let (Some(cases), Some(peers)) = (cases(CARPARTS), peers(CARPARTS)) else { return };
    for (name, fit) in [("IMAPA", IMAPA), ("ADIDA", ADIDA), ("TSB", TSB)] {
        let [.., rmsse] = score(CARPARTS, &cases, fit).scores;
        let (difference, ..) = paired(&rmsse, &peers[name].rmsse);
        assert!(difference < 0.005, "{name}: {difference:+.4}");
    }
    // statsforecast's CrostonOptimized and CrostonSBA on the same 1,336 series, from peers/forecast_scores.csv
    for (peer, fit) in [(0.7637, CROSTON), (0.7910, SBA)] {
        let [.., rmsse] = score(CARPARTS, &cases, fit).scores;
        assert!(mean(&rmsse) < peer, "{} against {peer}", mean(&rmsse));
    }
}

#[test]
#[ignore = "prints figures; checks run above"]
fn scores_and_cpu_of_each_smoothing_model() {
    let smooth = [("ets", ETS), ("theta", THETA), ("dynamic_theta", DYNAMIC_THETA), ("ces", CES)];
    let intermittent = [("croston", CROSTON), ("sba", SBA), ("tsb", TSB), ("adida", ADIDA), ("imapa", IMAPA)];
    for set in [M3, TOURISM, NN5, M4, Set { season: 52, ..M4 }, ONLINE_RETAIL, CARPARTS] {
        let (Some(cases), Some(peers)) = (cases(set), peers(set)) else { return };
        println!("\n{}, {} forecasts, season {}", set.name, cases.len(), set.season);
        println!("{:<28} {:>8} {:>7} {:>7} {:>8}", "model", "sMAPE", "MASE", "RMSSE", "CPU ms");
        let dense = set.name != CARPARTS.name;
        let counts = !dense || set.panel;
        let models = smooth.iter().filter(|_| dense).chain(intermittent.iter().filter(|_| counts));
        for (name, fit) in models {
            let Scored { scores, cpu_ms } = score(set, &cases, *fit);
            let [smape, mase, rmsse] = scores.each_ref().map(mean);
            println!("dukandar {name:<19} {smape:>8.3} {mase:>7.4} {rmsse:>7.4} {cpu_ms:>8.3}");
        }
        for (name, peer) in &peers {
            let [smape, mase, rmsse] = [&peer.smape, &peer.mase, &peer.rmsse].map(mean);
            println!("{name:<28} {smape:>8.3} {mase:>7.4} {rmsse:>7.4}");
        }
    }
}
