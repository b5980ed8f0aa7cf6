//! An agreed total on the lines of a bill, against every way there is to spread it on small bills, and by what must
//! hold on any bill.

use dukandar_core::{
    bargain::{Room, Spread, spread},
    money::Paisa,
    rng::Rng,
};
use proptest::prelude::*;

fn bill(lines: &[(i64, i64)]) -> Vec<Room> {
    lines.iter().map(|&(amount, lowest)| Room { amount: Paisa(amount), lowest: Paisa(lowest) }).collect()
}

fn off(spread: &Spread) -> Vec<i64> {
    spread.discounts.iter().map(|off| off.0).collect()
}

/// Every way to take `sum` off lines with these caps.
fn ways(sum: i64, caps: &[i64]) -> Vec<Vec<i64>> {
    let Some((&cap, rest)) = caps.split_first() else {
        return if sum == 0 { vec![vec![]] } else { vec![] };
    };
    (0..=cap.min(sum))
        .flat_map(|first| {
            ways(sum - first, rest).into_iter().map(move |mut way| {
                way.insert(0, first);
                way
            })
        })
        .collect()
}

/// Shares in proportion to the weights, each at most its cap, not rounded: by bisection on the common factor.
fn ideal(sum: i64, weights: &[i64], caps: &[i64]) -> Vec<f64> {
    let at = |factor: f64| -> Vec<f64> {
        weights.iter().zip(caps).map(|(&weight, &cap)| (factor * weight as f64).min(cap as f64)).collect()
    };
    let (mut low, mut high) = (0.0, 2.0);
    for _ in 0..200 {
        let middle = (low + high) / 2.0;
        if at(middle).iter().sum::<f64>() < sum as f64 { low = middle } else { high = middle }
    }
    at(high)
}

fn distance(way: &[i64], ideal: &[f64]) -> f64 {
    way.iter().zip(ideal).map(|(&way, ideal)| (way as f64 - ideal).powi(2)).sum()
}

#[test]
fn of_all_ways_to_spread_a_small_discount_the_nearest_to_proportion_is_taken() {
    let mut rng = Rng::seeded(43);
    for _ in 0..600 {
        // In whole rupees, so that enumerating rupees is enumerating all.
        let lines: Vec<(i64, i64)> = (0..1 + rng.below(4))
            .map(|_| (1 + rng.below(9) as i64, rng.below(8) as i64))
            .map(|(amount, lowest)| (amount, lowest.min(amount)))
            .collect();
        let (weights, caps): (Vec<i64>, Vec<i64>) = lines.iter().map(|&(it, low)| (it, it - low)).unzip();
        let room: i64 = caps.iter().sum();
        if room == 0 {
            continue;
        }
        let sum = 1 + rng.below(room as usize) as i64;
        let total: i64 = weights.iter().sum();
        if sum == total {
            continue;
        }
        let rupees: Vec<(i64, i64)> = lines.iter().map(|&(it, low)| (it * 100, low * 100)).collect();
        let found = spread(&bill(&rupees), Paisa::rupees(total - sum)).unwrap();
        assert!(found.crossed.is_empty(), "{lines:?} less {sum}");
        let found: Vec<i64> = off(&found).iter().map(|off| off / 100).collect();
        let ideal = ideal(sum, &weights, &caps);
        let nearest = ways(sum, &caps).iter().map(|way| distance(way, &ideal)).fold(f64::MAX, f64::min);
        assert!(distance(&found, &ideal) <= nearest + 1e-6, "{lines:?} less {sum}: {found:?} of {ideal:?}");
    }
}

#[test]
fn floors_stand_whenever_any_way_keeps_them() {
    let mut rng = Rng::seeded(44);
    for _ in 0..600 {
        let lines: Vec<(i64, i64)> =
            (0..1 + rng.below(3)).map(|_| (1 + rng.below(12) as i64, rng.below(14) as i64)).collect();
        let total: i64 = lines.iter().map(|line| line.0).sum();
        let agreed = 1 + rng.below(total as usize) as i64;
        let found = spread(&bill(&lines), Paisa(agreed)).unwrap();
        let caps: Vec<i64> = lines.iter().map(|&(amount, lowest)| (amount - lowest).max(0)).collect();
        let is_possible = !ways(total - agreed, &caps).is_empty();
        assert_eq!(found.crossed.is_empty(), is_possible, "{lines:?} for {agreed}: {found:?}");
    }
}

fn line() -> impl Strategy<Value = (i64, i64)> {
    prop_oneof![
        (0_i64..3_000, 0_i64..3_000),
        (0_i64..300_000_000, 0_i64..300_000_000),
        (0_i64..3_000_000, 0_i64..3_000_000).prop_map(|(amount, lowest)| (amount * 100, lowest * 100)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(dukandar_tests::cases(1_500)))]

    #[test]
    fn any_bill_comes_to_what_was_agreed(lines in prop::collection::vec(line(), 1..12), part in 0.0_f64..1.0, seed: u64) {
        let total: i64 = lines.iter().map(|line| line.0).sum();
        prop_assume!(total > 0);
        let agreed = ((total as f64 * part) as i64).clamp(1, total);
        let found = spread(&bill(&lines), Paisa(agreed)).unwrap();
        let discounts = off(&found);

        // exact, and no line below nothing
        prop_assert_eq!(discounts.iter().sum::<i64>(), total - agreed);
        for (off, line) in discounts.iter().zip(&lines) {
            prop_assert!((0..=line.0).contains(off));
        }

        // a line that is dearer and has as much room gives no less, but for the paisa that one line takes
        for (at, one) in lines.iter().enumerate() {
            for (to, other) in lines.iter().enumerate() {
                let (room, less) = ((one.0 - one.1).max(0), (other.0 - other.1).max(0));
                if one.0 >= other.0 && room >= less && found.crossed.is_empty() {
                    prop_assert!(discounts[at] + 100 > discounts[to] - 100, "{:?}", discounts);
                }
            }
        }

        // a lower total takes no less off any line, but for the rounding of one rupee and the paisa
        let lower = (agreed - 1 - (total / 7)).max(1);
        if lower < agreed {
            let more = off(&spread(&bill(&lines), Paisa(lower)).unwrap());
            for (less, more) in discounts.iter().zip(&more) {
                prop_assert!(*more >= less - 200, "{:?} then {:?}", discounts, more);
            }
        }

        // in another order the same lines give the same
        let mut order: Vec<usize> = (0..lines.len()).collect();
        let mut rng = Rng::seeded(seed);
        for at in (1..order.len()).rev() {
            order.swap(at, rng.below(at + 1));
        }
        let shuffled: Vec<(i64, i64)> = order.iter().map(|&at| lines[at]).collect();
        let again = off(&spread(&bill(&shuffled), Paisa(agreed)).unwrap());
        let mut one: Vec<((i64, i64), i64)> = lines.iter().copied().zip(discounts).collect();
        let mut other: Vec<((i64, i64), i64)> = shuffled.into_iter().zip(again).collect();
        one.sort_unstable();
        other.sort_unstable();
        prop_assert_eq!(one, other);
    }

    #[test]
    fn whole_rupees_stay_whole(lines in prop::collection::vec((1_i64..300_000, 0_i64..300_000), 1..8), part in 0.0_f64..1.0) {
        let rupees: Vec<(i64, i64)> = lines.iter().map(|&(amount, lowest)| (amount * 100, lowest * 100)).collect();
        let total: i64 = lines.iter().map(|line| line.0).sum();
        let agreed = ((total as f64 * part) as i64).clamp(1, total);
        let found = spread(&bill(&rupees), Paisa::rupees(agreed)).unwrap();
        prop_assert!(found.discounts.iter().all(|off| off.0 % 100 == 0), "{:?}", found);
    }
}
