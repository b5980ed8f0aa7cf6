//! Sorting with little code: for the many lists that are short or rarely sorted.
//!
//! Question answered: these items in this order, equal ones as they stood. Input: items and an order. Output: the items,
//! sorted in place. The standard library's sort is compiled anew for every kind of item and order, at 4 to 8 KB each:
//! a fifth of the worker was that. Here one merge sort of positions serves all; the price is a call for each
//! comparison. Where many items are sorted often, the standard library's is used.
//!
//! Assumptions: the order is a total one. How it fails: it cannot; another order gives some arrangement.
//! Reference: Knuth, "The art of computer programming" 3 (1998), 5.2.4 (list merging).

use std::cmp::Ordering;

/// Sorts by an order of two items.
pub fn by<T>(items: &mut [T], mut order: impl FnMut(&T, &T) -> Ordering) {
    let mut places = places(items.len(), &mut |a, b| order(&items[a], &items[b]));
    arrange(&mut places, &mut |a, b| items.swap(a, b));
}

/// Sorts by a key, which is asked for once for each item.
pub fn by_key<T, K: Ord>(items: &mut [T], key: impl FnMut(&T) -> K) {
    let keys: Vec<K> = items.iter().map(key).collect();
    let mut places = places(items.len(), &mut |a, b| keys[a].cmp(&keys[b]));
    arrange(&mut places, &mut |a, b| items.swap(a, b));
}

/// Sorts numbers, rising, NaN behind all others: often, so by the standard library's sort.
pub fn floats(values: &mut [f64]) {
    values.sort_unstable_by(f64::total_cmp);
}

/// For each position of the sorted items, where its item stands now.
fn places(count: usize, order: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut from: Vec<usize> = (0..count).collect();
    let mut to = from.clone();
    let mut run = 1;
    while run < count {
        for start in (0..count).step_by(2 * run) {
            let (middle, end) = ((start + run).min(count), (start + 2 * run).min(count));
            let (mut left, mut right) = (start, middle);
            for place in &mut to[start..end] {
                let takes_right =
                    left == middle || (right < end && order(from[right], from[left]) == Ordering::Less);
                let next = if takes_right { &mut right } else { &mut left };
                *place = from[*next];
                *next += 1;
            }
        }
        std::mem::swap(&mut from, &mut to);
        run *= 2;
    }
    from
}

/// Brings every item to its place, one swap for each.
fn arrange(places: &mut [usize], swap: &mut dyn FnMut(usize, usize)) {
    for start in 0..places.len() {
        let mut at = start;
        loop {
            let next = std::mem::replace(&mut places[at], at);
            if next == start || next == at {
                break;
            }
            swap(at, next);
            at = next;
        }
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::rng::Rng;

    #[test]
    fn the_standard_librarys_stable_sort_is_matched_at_every_length() {
        let mut random = Rng::seeded(6);
        for count in (0..70).chain([255, 256, 257, 1000]) {
            let items: Vec<(u8, usize)> = (0..count).map(|at| (random.below(9) as u8, at)).collect();
            let mut expected = items.clone();
            expected.sort_by_key(|it| std::cmp::Reverse(it.0));
            let (mut keyed, mut compared) = (items.clone(), items);
            by_key(&mut keyed, |it| std::cmp::Reverse(it.0));
            by(&mut compared, |a, b| b.0.cmp(&a.0));
            assert_eq!(keyed, expected);
            assert_eq!(compared, expected);
        }
    }

    #[test]
    fn sorted_reversed_and_equal_items_stay_or_turn() {
        let mut sorted: Vec<u32> = (0..100).collect();
        by_key(&mut sorted, |it| *it);
        assert!(sorted.is_sorted());
        by(&mut sorted, |a, b| b.cmp(a));
        assert!(sorted.iter().rev().is_sorted());
        let mut equal = vec!["a", "b", "c"];
        by_key(&mut equal, |_| 0);
        assert_eq!(equal, ["a", "b", "c"]);
        let mut numbers = [2.0, f64::NAN, -1.0];
        floats(&mut numbers);
        assert_eq!(numbers[..2], [-1.0, 2.0]);
    }
}
