//! Who may go how low. A cashier: down to the floor, and where none is set a share below the list price that the owner
//! allows. A manager: down to cost too. The owner: anywhere, with a warning below cost. What is sold at its list price
//! is always allowed.

use crate::{
    money::Paisa,
    quantity::{Quantity, divide_half_even},
    role::Role,
};

/// What is known of one piece.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Goods {
    /// Asked of customers.
    pub list: Option<Paisa>,
    /// Not to be sold below without the owner.
    pub floor: Option<Paisa>,
    /// Paid to replace one.
    pub cost: Option<Paisa>,
}

/// A line as it is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What is known of the goods.
    pub goods: Goods,
    /// How many.
    pub quantity: Quantity,
    /// For all of them, after any discount.
    pub amount: Paisa,
}

/// What is to be said of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The least that may be taken for the line.
    pub lowest: Paisa,
    /// Whether the role may sell so.
    pub allowed: bool,
    /// It goes for less than it cost.
    pub below_cost: bool,
    /// Amount less cost; none where the cost is not known.
    pub margin: Option<Paisa>,
}

/// The least that a role may take for one piece; `percent` is what the shop lets a cashier take off.
pub fn lowest(role: Role, goods: Goods, percent: u8) -> Paisa {
    if role == Role::Owner {
        return Paisa::ZERO;
    }
    let kept = i128::from(100 - i64::from(percent.min(100)));
    let by_share = goods.list.map(|list| divide_half_even(i128::from(list.0) * kept, 100));
    // A share of 64 bits fits them.
    let by_share = by_share.map(|amount| Paisa(amount as i64));
    let mut least = match (goods.floor, goods.list) {
        // A floor above the list price is a slip: at the list price anyone may sell.
        (Some(floor), Some(list)) => floor.min(list),
        (Some(floor), None) => floor,
        (None, _) => by_share.unwrap_or(Paisa::ZERO),
    };
    if role == Role::Manager
        && let Some(cost) = goods.cost
    {
        least = least.min(cost);
    }
    least
}

/// Judges a line.
pub fn judge(role: Role, percent: u8, offer: Offer) -> Judged {
    let Offer { goods, quantity, amount } = offer;
    // What does not fit 64 bits nobody may sell.
    let lowest = quantity.times(lowest(role, goods, percent)).unwrap_or(Paisa(i64::MAX));
    let cost = goods.cost.and_then(|cost| quantity.times(cost));
    let gives_away = amount <= Paisa::ZERO && role != Role::Owner;
    Judged {
        lowest,
        allowed: amount >= lowest && !gives_away,
        below_cost: cost.is_some_and(|cost| amount < cost),
        margin: cost.map(|cost| amount - cost),
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    const RUPEES: fn(i64) -> Paisa = Paisa::rupees;

    fn goods(list: i64, floor: Option<i64>, cost: Option<i64>) -> Goods {
        Goods { list: Some(RUPEES(list)), floor: floor.map(RUPEES), cost: cost.map(RUPEES) }
    }

    #[test]
    fn each_role_goes_as_low_as_the_owner_said() {
        let table = [
            // list, floor, cost → cashier, manager
            (goods(1_000, None, None), 950, 950),
            (goods(1_000, None, Some(800)), 950, 800),
            (goods(1_000, Some(900), Some(800)), 900, 800),
            (goods(1_000, Some(700), Some(800)), 700, 700),
            (goods(1_000, Some(1_200), Some(1_100)), 1_000, 1_000),
            (goods(1_000, None, Some(990)), 950, 950),
        ];
        for (goods, cashier, manager) in table {
            assert_eq!(lowest(Role::Cashier, goods, 5), RUPEES(cashier), "{goods:?}");
            assert_eq!(lowest(Role::Accountant, goods, 5), RUPEES(cashier), "{goods:?}");
            assert_eq!(lowest(Role::Manager, goods, 5), RUPEES(manager), "{goods:?}");
            assert_eq!(lowest(Role::Owner, goods, 5), Paisa::ZERO, "{goods:?}");
        }
        assert_eq!(lowest(Role::Cashier, goods(1_000, None, None), 0), RUPEES(1_000));
        assert_eq!(lowest(Role::Cashier, goods(1_000, None, None), 255), Paisa::ZERO);
        assert_eq!(lowest(Role::Cashier, Goods::default(), 5), Paisa::ZERO);
    }

    #[test]
    fn a_line_is_judged_by_its_pieces() {
        let offer = |amount| Offer {
            goods: goods(1_000, Some(900), Some(950)),
            quantity: Quantity::pieces(2),
            amount: RUPEES(amount),
        };
        let said = |role, amount| {
            let it = judge(role, 5, offer(amount));
            (it.allowed, it.below_cost, it.margin)
        };
        assert_eq!(said(Role::Cashier, 1_800), (true, true, Some(RUPEES(-100))));
        assert_eq!(said(Role::Cashier, 1_799), (false, true, Some(RUPEES(-101))));
        assert_eq!(said(Role::Owner, 1), (true, true, Some(RUPEES(-1_899))));
        assert_eq!(said(Role::Owner, 1_900), (true, false, Some(Paisa::ZERO)));
        let loose = |role, amount| {
            let offer =
                Offer { goods: Goods::default(), quantity: Quantity::pieces(1), amount: Paisa(amount) };
            judge(role, 5, offer).allowed
        };
        assert!(loose(Role::Cashier, 1) && !loose(Role::Cashier, 0) && loose(Role::Owner, 0));
    }

    #[test]
    fn no_role_may_less_than_the_one_below_it() {
        let mut rng = crate::rng::Rng::seeded(7);
        for _ in 0..2_000 {
            let mut maybe = || rng.chance(0.7).then(|| Paisa(rng.below(200_000) as i64));
            let goods = Goods { list: maybe(), floor: maybe(), cost: maybe() };
            let percent = rng.below(101) as u8;
            let least = |role| lowest(role, goods, percent);
            assert!(least(Role::Owner) <= least(Role::Manager), "{goods:?} {percent}");
            assert!(least(Role::Manager) <= least(Role::Cashier), "{goods:?} {percent}");
            assert!(goods.list.is_none_or(|list| least(Role::Cashier) <= list), "{goods:?} {percent}");
        }
    }
}
