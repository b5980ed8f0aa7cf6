//! Classes by hand and by properties, XYZ and planted substitutes.

#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::{
    class::{Class, Evidence, InventoryClassification, Placed},
    substitute::{Bought, Spec, TAKES, substitutes, together},
    variability::{MIN_WEEKS, Weeks, Xyz, variation, weeks},
};
use crate::{
    feature::{availability::ShelfDay, demand::DailySeries},
    money::Paisa,
    rng::Rng,
    time::Day,
};

fn classes(products: &[Evidence]) -> Vec<Placed> {
    InventoryClassification::default().classify(products).placed
}

fn letters(placed: &[Placed]) -> String {
    placed.iter().map(|it| it.class.name()).collect()
}

/// Revenue in rupees with nothing else known.
fn plain(rupees: i64) -> Evidence {
    Evidence { revenue: Paisa::rupees(rupees), ..Evidence::default() }
}

fn risky(rupees: i64, variation: f64, substitutability: f64, criticality: f64) -> Evidence {
    Evidence {
        demand_variability: Some(variation),
        substitutability: Some(substitutability),
        criticality_score: Some(criticality),
        ..plain(rupees)
    }
}

fn random(random: &mut Rng, count: usize) -> Vec<Evidence> {
    (0..count)
        .map(|_| {
            let revenue = random.below(1_000_000) as i64 - 50_000;
            let mut maybe = || (random.below(4) > 0).then(|| random.below(1_000) as f64 / 700.0);
            let (demand_variability, lead_time_variability) = (maybe(), maybe());
            let (substitutability, criticality_score) =
                (maybe().map(|it| it.min(1.0)), maybe().map(|it| it.min(1.0)));
            let costed = if random.below(3) > 0 { revenue } else { 0 };
            let cost = costed * random.below(120) as i64 / 100;
            Evidence {
                revenue: Paisa(revenue),
                costed: Paisa(costed),
                cost: Paisa(cost),
                demand_variability,
                lead_time_variability,
                substitutability,
                criticality_score,
            }
        })
        .collect()
}

#[test]
fn value_alone_is_the_classic_abc_by_hand() {
    // 50 + 30 = 80: the third begins where 80 % stand above, so it is B; 93 above the fifth, 97 above the sixth.
    let products = [plain(30), plain(50), plain(8), plain(5), plain(4), plain(3)];
    let placed = classes(&products);
    assert_eq!(letters(&placed), "AABBBC");
    let above: Vec<f64> = placed.iter().map(|it| it.above).collect();
    for (found, wanted) in above.iter().zip([0.5, 0.0, 0.8, 0.88, 0.93, 0.97]) {
        assert!((found - wanted).abs() < 1e-12, "{above:?}");
    }
    let found = InventoryClassification::default().classify(&products);
    assert_eq!((found.a_class.products, found.a_class.service_level), (vec![0, 1], 0.98));
    assert_eq!((found.b_class.products, found.b_class.service_level), (vec![2, 3, 4], 0.95));
    assert_eq!((found.c_class.products, found.c_class.service_level), (vec![5], 0.90));
    assert!(found.a_class.review_days < found.b_class.review_days);
    assert!(found.b_class.review_days < found.c_class.review_days);
}

#[test]
fn profit_counts_as_much_as_revenue_by_hand() {
    let sold = |rupees: i64, cost: i64| Evidence {
        costed: Paisa::rupees(rupees),
        cost: Paisa::rupees(cost),
        ..plain(rupees)
    };
    // 90 of 100 revenue with 3 of 10 profit, 10 of 100 revenue with 7 of 10 profit
    let placed = classes(&[sold(90, 87), sold(10, 3)]);
    assert!((placed[0].value - 0.6).abs() < 1e-12 && (placed[1].value - 0.4).abs() < 1e-12, "{placed:?}");
    assert_eq!(letters(&placed), "AA");
    assert_eq!(placed[1].features.profit_margin, Some(0.7));
    // An unknown cost is taken to be that of all others together: 10 of 100.
    let placed = classes(&[sold(90, 87), sold(10, 3), plain(100)]);
    assert!((placed[2].value - 0.5).abs() < 1e-12);
    assert_eq!(placed[2].features.profit_margin, None);
}

#[test]
fn risk_moves_by_one_class_by_hand() {
    // fails ½·1 + hurts ½·½·(0.9 + 0.7) = 0.9; and ½·0.2 + ½·½·(0.1 + 0.1) = 0.15
    let (high, low) = (|rupees| risky(rupees, 1.4, 0.1, 0.7), |rupees| risky(rupees, 0.2, 0.9, 0.1));
    let placed = classes(&[low(60), plain(25), high(11), low(2), high(2)]);
    assert!((placed[2].risk.unwrap_or(0.0) - 0.9).abs() < 1e-12);
    assert!((placed[0].risk.unwrap_or(0.0) - 0.15).abs() < 1e-12);
    let by_value: String = placed.iter().map(|it| it.value_class.name()).collect();
    assert_eq!((by_value.as_str(), letters(&placed).as_str()), ("AABCC", "BAACB"));
    // Even sales alone lower nothing: fails 0, hurts ½ · (1 + 0).
    let missed = risky(60, 0.0, 0.0, 0.0);
    assert_eq!((classes(&[missed])[0].risk, letters(&classes(&[missed])).as_str()), (Some(0.25), "A"));
    // Both sides of the damage must be known.
    let half = Evidence { substitutability: None, ..low(60) };
    assert_eq!((classes(&[half])[0].risk, letters(&classes(&[half])).as_str()), (None, "A"));
}

#[test]
fn classes_know_neither_currency_nor_order() {
    let mut dice = Rng::seeded(11);
    for round in 0..200 {
        let products = random(&mut dice, 1 + round % 40);
        let placed = classes(&products);
        let scaled: Vec<Evidence> = (products.iter())
            .map(|it| Evidence {
                revenue: Paisa(it.revenue.0 * 277),
                costed: Paisa(it.costed.0 * 277),
                cost: Paisa(it.cost.0 * 277),
                ..*it
            })
            .collect();
        assert_eq!(letters(&classes(&scaled)), letters(&placed), "{products:?}");
        let mut order: Vec<usize> = (0..products.len()).collect();
        for at in (1..order.len()).rev() {
            order.swap(at, dice.below(at + 1));
        }
        let turned: Vec<Evidence> = order.iter().map(|&at| products[at]).collect();
        let found = classes(&turned);
        assert!(order.iter().zip(&found).all(|(&at, it)| *it == placed[at]), "{products:?}");
    }
}

#[test]
fn more_value_or_more_risk_never_means_less_care() {
    let mut dice = Rng::seeded(12);
    for _ in 0..200 {
        let products = random(&mut dice, 12);
        let placed = classes(&products);
        for a in &placed {
            for b in &placed {
                if a.value > b.value {
                    assert!(a.value_class <= b.value_class);
                }
            }
        }
        assert!(placed.iter().all(|it| (it.class as i8 - it.value_class as i8).abs() <= 1));
        assert!(placed.iter().all(|it| it.value > 0.0 || it.class == Class::C));
        let mut riskier = products.clone();
        riskier[0].criticality_score = riskier[0].criticality_score.map(|it| (it + 0.4).min(1.0));
        assert!(classes(&riskier)[0].class <= placed[0].class);
    }
}

#[test]
fn one_product_none_and_losses_break_nothing() {
    assert_eq!(letters(&classes(&[plain(7)])), "A");
    assert_eq!(letters(&classes(&[])), "");
    assert_eq!(letters(&classes(&[plain(0), plain(-5)])), "CC");
    assert_eq!(letters(&classes(&[plain(5), plain(5)])), "AA", "equals stand alike");
    // Sold below cost: all profit is negative, so revenue alone counts.
    let loss = Evidence { costed: Paisa::rupees(9), cost: Paisa::rupees(20), ..plain(9) };
    let placed = classes(&[loss, plain(1)]);
    assert_eq!(placed[0].value, 0.9);
    assert!(placed[0].features.profit_margin < Some(-1.0));
}

#[test]
fn weeks_are_whole_end_yesterday_and_leave_empty_shelves_out() {
    let series = DailySeries { from: Day(100), net: (0..17).map(f64::from).collect() };
    // the newest 7 of 17 days are 10 to 16, then 3 to 9; 0 to 2 are no whole week
    assert_eq!(weeks(&series, &[], Day(117)), [Some(91.0), Some(42.0)]);
    let mut shelf = vec![ShelfDay::Stocked; 17];
    shelf[3..7].fill(ShelfDay::Empty);
    assert_eq!(weeks(&series, &shelf, Day(117)), [Some(91.0), None]);
    let returned = DailySeries { from: Day(0), net: vec![-1.0; 7] };
    assert_eq!(weeks(&returned, &[], Day(7)), [Some(0.0)]);
}

#[test]
fn a_season_of_the_category_is_no_variation_by_hand() {
    let season = |week: usize| if week.is_multiple_of(4) { 3.0 } else { 1.0 };
    let weeks = |level: f64, own: fn(usize) -> f64| -> Weeks {
        (0..52).map(|week| Some(level * season(week) * own(week))).collect()
    };
    let products = [weeks(10.0, |_| 1.0), weeks(1_000.0, |_| 1.0), weeks(10.0, |week| (week % 2) as f64)];
    let found = variation(&products, &["phones"; 3]);
    assert!(found[0] < Some(0.05), "{found:?}");
    let alone = variation(&products[..1], &["phones"]);
    // Nobody else tells the season: 3, 1, 1, 1 with mean 1.5 and variance 0.75 · 52 ÷ 51.
    assert!((alone[0].unwrap_or(0.0) - (0.75f64 * 52.0 / 51.0).sqrt() / 1.5).abs() < 1e-12, "{alone:?}");
    assert!(found[2] > Some(0.9), "its own swing stays: {found:?}");
}

#[test]
fn chance_among_few_others_is_taken_for_no_season() {
    let mut dice = Rng::seeded(3);
    let steady: Weeks = vec![Some(20.0); 52];
    let few: Weeks = (0..52).map(|_| Some(dice.below(3) as f64)).collect();
    let found = variation(&[steady, few], &["covers"; 2]);
    assert!(found[0] < Some(0.1), "{found:?}");
}

#[test]
fn too_few_weeks_and_no_demand_say_nothing() {
    let of = |weeks: Weeks| variation(&[weeks], &[""])[0];
    assert_eq!(of(vec![Some(1.0); MIN_WEEKS - 1]), None);
    assert_eq!(of(vec![Some(1.0); MIN_WEEKS]), Some(0.0));
    assert_eq!(of(vec![Some(0.0); 20]), None);
    assert_eq!(of(vec![None; 20]), None);
    assert_eq!([0.5, 0.51, 1.0, 1.01].map(Xyz::of), [Xyz::X, Xyz::Y, Xyz::Y, Xyz::Z]);
}

fn spec(category: &str, brand: &str, price: f64) -> Spec {
    let (category, brand) = (category.into(), brand.into());
    Spec { category, brand, fits: String::new(), price, storage_gb: None, ram_gb: None }
}

#[test]
fn planted_substitutes_are_found_among_what_goes_together() {
    // 0 and 1: phones alike, bought by the same forty people, never on one bill. 2: a phone twice as dear. 3 and 4:
    // cover and glass at one price, always on one bill. 5: a cover like 3, on other bills, with the same buyers.
    let specs = [
        spec("mobiles", "samsung", 30_000.0),
        spec("mobiles", "samsung", 31_000.0),
        spec("mobiles", "samsung", 62_000.0),
        spec("accessories", "x", 500.0),
        spec("accessories", "x", 500.0),
        spec("accessories", "x", 500.0),
    ];
    let span = |from: u32, to: u32| (from..to).collect::<Vec<u32>>();
    let bills = [span(0, 40), span(40, 80), span(80, 120), span(120, 160), span(120, 160), span(160, 200)];
    let buyers = [span(0, 40), span(0, 40), span(0, 40), span(40, 80), span(40, 80), span(40, 80)];
    let bought = Bought { bills: &bills, buyers: &buyers, all_bills: 200, all_buyers: 80 };
    let found: Vec<Vec<_>> = substitutes(&specs, bought).into_iter().map(Option::unwrap_or_default).collect();
    let names = |at: usize| found[at].iter().map(|it| it.product).collect::<Vec<_>>();
    assert_eq!((names(0), names(1), names(2)), (vec![1], vec![0], vec![]));
    assert_eq!(names(3), [5], "glass and cover go together");
    assert_eq!(names(5), [3, 4]);
    assert!(together(&found[0]) > 0.9 * TAKES, "{:?}", found[0]);
    assert!(together(&found[3]) > 0.9 * TAKES, "{:?}", found[3]);
}

#[test]
fn brand_storage_and_buyers_lower_a_score_by_hand() {
    let mut specs = [spec("m", "a", 100.0), spec("m", "b", 100.0)];
    (specs[0].storage_gb, specs[1].storage_gb) = (Some(64), Some(128));
    let none = [Vec::new(), Vec::new()];
    let bought = Bought { bills: &none, buyers: &none, all_bills: 0, all_buyers: 0 };
    let score = |bought: Bought<'_>| substitutes(&specs, bought)[0].as_ref().map_or(0.0, |it| it[0].score);
    assert!((score(bought) - 0.75 * 0.8).abs() < 1e-12);
    // Nine buyers each of ten, none in common: 8.1 expected, so ½ + ½ · 1 ÷ 9.1.
    let apart = [(0..9).collect(), (9..18).collect()];
    let bought = Bought { buyers: &apart, all_buyers: 10, ..bought };
    assert!((score(bought) - 0.6 * (0.5 + 0.5 / 9.1)).abs() < 1e-12);
}

#[test]
fn a_glass_for_one_phone_is_none_for_another() {
    let glass = |fits: &str| Spec { fits: fits.into(), ..spec("glass", "", 300.0) };
    let specs = [glass("a05"), glass("a15"), glass("a05"), glass("")];
    let none = vec![Vec::new(); 4];
    let bought = Bought { bills: &none, buyers: &none, all_bills: 0, all_buyers: 0 };
    let found = substitutes(&specs, bought);
    let names = |at: usize| found[at].iter().flatten().map(|it| it.product).collect::<Vec<_>>();
    assert_eq!((names(0), names(1), names(2)), (vec![2, 3], vec![3], vec![0, 3]));
}

#[test]
fn what_has_no_category_or_price_is_not_judged() {
    let specs = [spec("", "a", 100.0), spec("m", "a", 0.0), spec("m", "a", 100.0)];
    let none = [Vec::new(), Vec::new(), Vec::new()];
    let bought = Bought { bills: &none, buyers: &none, all_bills: 0, all_buyers: 0 };
    assert_eq!(substitutes(&specs, bought), [None, None, Some(Vec::new())]);
}

#[test]
fn the_nearest_of_many_are_found_as_by_looking_at_all() {
    let mut dice = Rng::seeded(5);
    let specs: Vec<Spec> = (0..300)
        .map(|_| {
            let brand = ["a", "b", "c"][dice.below(3)];
            let mut spec = spec(["m", "n"][dice.below(2)], brand, 100.0 + dice.below(400) as f64);
            spec.storage_gb = [None, Some(64), Some(128), Some(256)][dice.below(4)];
            spec
        })
        .collect();
    let none = vec![Vec::new(); specs.len()];
    let bought = Bought { bills: &none, buyers: &none, all_bills: 0, all_buyers: 0 };
    let found = substitutes(&specs, bought);
    for (own, matches) in found.iter().enumerate() {
        // One against one finds what stands first among all.
        let pair = |other: usize| {
            let two = [specs[own].clone(), specs[other].clone()];
            let bought = Bought { bills: &none[..2], buyers: &none[..2], ..bought };
            substitutes(&two, bought)[0].as_ref().and_then(|it| it.first().map(|it| it.score)).unwrap_or(0.0)
        };
        let mut all: Vec<f64> = (0..specs.len()).filter(|&other| other != own).map(pair).collect();
        all.retain(|score| *score > 0.0);
        all.sort_by(|a, b| b.total_cmp(a));
        all.truncate(3);
        let scores: Vec<f64> = matches.iter().flatten().map(|it| it.score).collect();
        assert_eq!(scores, all);
    }
}
