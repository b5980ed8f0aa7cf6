//! By their moments, by conservation of the level, and by the same seed.

#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::{COURSES, Courses, Known, whole};
use crate::rng::Rng;

fn mean(courses: &[Vec<f64>]) -> f64 {
    courses.iter().flatten().sum::<f64>() / courses.iter().map(Vec::len).sum::<usize>() as f64
}

fn pasts(level: impl Fn(usize) -> f64, steps: usize) -> Vec<Vec<f64>> {
    let mut random = Rng::seeded(8);
    (0..40).map(|good| (0..steps).map(|_| f64::from(random.poisson(level(good)))).collect()).collect()
}

fn known(pasts: &[Vec<f64>]) -> Vec<Known<'_>> {
    pasts.iter().map(|past| Known { past, forecast: None }).collect()
}

#[test]
fn counts_of_poisson_sales_keep_their_level_and_are_hardly_wider() {
    let pasts = pasts(|good| 0.5 + good as f64 * 0.1, 60);
    let goods = known(&pasts);
    let courses = Courses::learn(&goods, 1.0).of(20, 5, &[], 1);
    assert_eq!((courses.len(), courses[0].len()), (COURSES, 5));
    let (level, seen) = (mean(&courses), goods[20].average());
    assert!((level / seen - 1.0).abs() < 0.1, "{level} against {seen}");
    let variance =
        courses.iter().flatten().map(|it| (it - level).powi(2)).sum::<f64>() / (5.0 * COURSES as f64);
    assert!((0.9..1.35).contains(&(variance / level)), "{}", variance / level);
}

#[test]
fn what_was_never_sold_is_believed_to_sell_less_than_its_kind_and_more_than_nothing() {
    let mut pasts = pasts(|good| 0.1 + 0.05 * good as f64, 30);
    pasts[0].fill(0.0);
    let goods = known(&pasts);
    let learned = Courses::learn(&goods, 30.0);
    let (never, usual) = (mean(&learned.of(0, 4, &[], 1)), mean(&learned.of(10, 4, &[], 1)));
    assert!(never > 0.0 && never < 0.5 * usual, "{never} {usual}");
}

#[test]
fn where_nothing_was_ever_sold_nothing_is_expected() {
    let pasts = vec![vec![0.0; 20]; 3];
    let goods = known(&pasts);
    assert_eq!(mean(&Courses::learn(&goods, 1.0).of(1, 4, &[], 1)), 0.0);
}

#[test]
fn stretches_of_others_come_at_the_products_own_level() {
    let pasts = pasts(|good| 20.0 * (1.0 + good as f64), 80);
    let goods = known(&pasts);
    let learned = Courses::learn(&goods, 1.0);
    for good in [0, 39] {
        let level = mean(&learned.of(good, 8, &[], 1)) / goods[good].average();
        assert!((level - 1.0).abs() < 0.05, "{level}");
    }
}

#[test]
fn a_growing_shop_lifts_all_levels_and_one_odd_forecast_hardly_any() {
    let pasts = pasts(|_| 50.0, 80);
    let grown: Vec<Known<'_>> =
        known(&pasts).iter().map(|it| Known { forecast: Some(100.0), ..*it }).collect();
    let mut odd: Vec<Known<'_>> =
        known(&pasts).iter().map(|it| Known { forecast: Some(50.0), ..*it }).collect();
    odd[3].forecast = Some(100.0);
    let usual = mean(&Courses::learn(&known(&pasts), 1.0).of(3, 8, &[], 1));
    let all = mean(&Courses::learn(&grown, 1.0).of(3, 8, &[], 1));
    let own = mean(&Courses::learn(&odd, 1.0).of(3, 8, &[], 1));
    assert!(all > own && own >= usual, "{usual} {own} {all}");
}

#[test]
fn one_seed_gives_the_same_courses_and_another_one_others() {
    let pasts = pasts(|good| if good < 20 { 0.4 } else { 30.0 }, 40);
    let goods = known(&pasts);
    let learned = Courses::learn(&goods, 1.0);
    for good in [2, 30] {
        assert_eq!(learned.of(good, 6, &[], 1), learned.of(good, 6, &[], 1));
        assert_ne!(learned.of(good, 6, &[], 1), learned.of(good, 6, &[], 2));
    }
}

#[test]
fn a_past_shorter_than_the_horizon_begins_again() {
    let pasts = [vec![7.0, 9.0, 8.0]];
    let goods = known(&pasts);
    let courses = Courses::learn(&goods, 1.0).of(0, 10, &[], 1);
    assert!(courses.iter().all(|it| it.len() == 10) && (mean(&courses) - 8.0).abs() < 0.5);
}

#[test]
fn whole_pieces_lose_less_than_one() {
    let mut random = Rng::seeded(1);
    let course = [0.4, 0.4, 0.4, 2.7, 0.0, 1.1];
    for _ in 0..20 {
        let pieces = whole(&course, &mut random);
        assert!(pieces.iter().all(|it| *it >= 0.0 && it.fract() == 0.0));
        assert!((pieces.iter().sum::<f64>() - 5.0).abs() <= 1.0);
    }
}
