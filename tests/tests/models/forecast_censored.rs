//! Real series cut at a known stock: is demand found again behind empty shelves? Needs `../shared`; says so and passes
//! without it.
//!
//! `cargo test --release -p dukandar-tests --test models forecast_censored:: -- --nocapture` prints the figures.

use dukandar_core::forecast::censored::unconstrain;
use dukandar_tests::series_sets::{ONLINE_RETAIL, cases};

/// A shop that orders up to a level every week; goods come four days later. Returns what it could sell, and on which
/// days its shelf was empty or sold out.
fn sell_from_a_shelf(demand: &[f64], order_up_to: f64) -> (Vec<f64>, Vec<bool>) {
    let (mut shelf, mut under_way) = (order_up_to, 0.0);
    let (mut sold, mut censored) = (Vec::new(), Vec::new());
    for (t, demand) in demand.iter().enumerate() {
        if t % 7 == 4 {
            shelf += under_way;
            under_way = 0.0;
        }
        let sale = demand.min(shelf);
        let opened_with = shelf;
        shelf -= sale;
        sold.push(sale);
        censored.push(shelf == 0.0 && (sale > 0.0 || opened_with == 0.0));
        if t % 7 == 0 {
            under_way = order_up_to - shelf;
        }
    }
    (sold, censored)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Mean relative errors of mean demand over all series: imputed, days dropped, zeros believed; and how many days
/// were censored.
fn errors(weeks_of_stock: f64) -> Option<[f64; 4]> {
    let cases = cases(ONLINE_RETAIL)?;
    // The last origin with what followed is the whole series; one for each product.
    let whole = cases.iter().filter_map(|(id, case)| {
        let (name, origin) = id.split_once('@')?;
        let longest =
            cases.keys().filter_map(|it| it.strip_prefix(name)?.strip_prefix('@')?.parse::<usize>().ok());
        (origin.parse() == Ok(longest.max()?)).then(|| [&case.known[..], &case.actual[..]].concat())
    });
    let (mut sums, mut series) = ([0.0; 4], 0.0);
    for demand in whole {
        let demand: Vec<f64> = demand.iter().map(|it| it.max(0.0).round()).collect();
        let truth = mean(&demand);
        let (sold, censored) = sell_from_a_shelf(&demand, (weeks_of_stock * 7.0 * truth).ceil());
        let kept: Vec<f64> = sold.iter().zip(&censored).filter(|it| !it.1).map(|it| *it.0).collect();
        let found = unconstrain(&sold, &censored, 7).expect("finite values and a flag for each");
        let estimates = [mean(&found.values), mean(&kept), mean(&sold)];
        for (sum, estimate) in sums.iter_mut().zip(estimates) {
            *sum += (estimate / truth - 1.0).abs();
        }
        sums[3] += censored.iter().filter(|it| **it).count() as f64 / censored.len() as f64;
        series += 1.0;
    }
    Some(sums.map(|sum| sum / series))
}

#[test]
fn mean_demand_of_real_series_is_found_behind_empty_shelves_better_than_by_zeros_or_dropped_days() {
    for weeks in [1.0, 1.3, 1.8] {
        let Some([imputed, dropped, believed, share]) = errors(weeks) else { return };
        println!(
            "order up to {weeks} weeks: {:.0} % of days censored; mean |error| of mean demand: imputed {imputed:.3}, \
             days dropped {dropped:.3}, zeros believed {believed:.3}",
            100.0 * share
        );
        assert!(imputed < 0.75 * believed, "{weeks}: {imputed} {believed}");
        assert!(imputed < 0.85 * dropped, "{weeks}: {imputed} {dropped}");
    }
}
