//! Cash over the counter.

use dukandar_core::money::Paisa;

/// Amounts that a hand holds out for a total: the next round ones in notes.
pub fn quick_cash(total: Paisa) -> Vec<Paisa> {
    let mut all: Vec<Paisa> = [100, 500, 1_000, 5_000]
        .map(|note: i64| Paisa(total.0.div_euclid(note * 100) * note * 100 + note * 100))
        .into_iter()
        .filter(|amount| amount.0 > total.0)
        .collect();
    dukandar_core::order::by(&mut all, Ord::cmp);
    all.dedup();
    all.truncate(3);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quick_cash_is_what_a_hand_holds_out() {
        let rupees =
            |total| quick_cash(Paisa::rupees(total)).iter().map(|amount| amount.0 / 100).collect::<Vec<_>>();
        assert_eq!(rupees(1_250), [1_300, 1_500, 2_000]);
        assert_eq!(rupees(54_999), [55_000]);
        assert_eq!(rupees(5_000), [5_100, 5_500, 6_000]);
    }
}
