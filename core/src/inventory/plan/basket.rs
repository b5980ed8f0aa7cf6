//! A whole basket under the shop's limits: which pieces, when money or space is short and suppliers have minimums.
//!
//! Question answered: how many pieces of each product are worth most together? Input: items with the worth of each
//! further piece in rupees (falling; below 0 beyond what the plan wants), the outlay and the space of one, and
//! [`Limits`]. Output ([`Allotment`]): pieces, and which limits held them back.
//!
//! Method: prices of money and of space (Lagrange multipliers) are found by bisection, each piece that is worth its price
//! is bought, and what is left of money and space goes to the best pieces that still fit. A supplier below its minimum is
//! either filled up with its best pieces or left out, whichever is worth more at those prices. Small baskets, where one
//! piece more or less shows, are searched through: branch and bound, with the multipliers' bound on what is left. So small
//! baskets are exact, and large ones lose less than about one piece.
//!
//! Assumption: one price a product. How it fails: money and space are never exceeded; a minimum that they cannot pay for
//! leaves its supplier out. References: Everett, Operations Research 11 (1963) (multipliers for allocation); Silver, Pyke
//! & Thomas (4th ed. 2017), ch. 10 (coordinated orders).

use std::{cmp::Ordering, collections::BinaryHeap};

/// One product that may be ordered.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// From whom: a number that [`Limits::minimums`] uses too.
    pub supplier: Option<usize>,
    /// Outlay of one piece, in paisa.
    pub outlay: i64,
    /// Space of one piece.
    pub space: f64,
    /// Rupees that each further piece is worth, falling.
    pub worth: Vec<f64>,
}

/// What the basket may take.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits {
    /// Paisa for all of it.
    pub budget: Option<i64>,
    /// Space for all of it.
    pub space: Option<f64>,
    /// Suppliers who deliver nothing below so many paisa.
    pub minimums: Vec<(usize, i64)>,
}

/// What held a basket back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Held {
    /// Money.
    Budget,
    /// Space.
    Space,
    /// A supplier's goods are left out, as its minimum is not worth paying.
    BelowMinimum(usize),
    /// A supplier's goods are left out, as money or space does not reach to its minimum.
    MinimumOutOfReach(usize),
    /// A supplier's goods are more than wanted, as it has a minimum.
    RaisedToMinimum(usize),
}

/// Pieces of each item.
#[derive(Clone, Debug, PartialEq)]
pub struct Allotment {
    /// In the items' order.
    pub pieces: Vec<usize>,
    /// Rupees that they are worth.
    pub worth: f64,
    /// Limits that cost something.
    pub held: Vec<Held>,
}

/// Pieces a basket may have that is searched through.
const SMALL: usize = 120;

/// Steps of such a search at most.
const MOST_STEPS: usize = 40_000;

/// Turns that prices of money and of space are found in.
const ROUNDS: usize = 3;

/// Halvings that a price is found by.
const STEPS: usize = 24;

/// Shares out money and space.
pub fn allot(items: &[Item], limits: &Limits) -> Allotment {
    let money = limits.budget.map(|budget| budget.max(0));
    let space = limits.space.map(|space| space.max(0.0));
    let problem = Problem { items, money, space, minimums: &limits.minimums };
    let wanted: Vec<usize> = items.iter().map(|it| it.worth.partition_point(|worth| *worth >= 0.0)).collect();
    if problem.fits(&wanted) {
        return Allotment { worth: problem.worth(&wanted), pieces: wanted, held: Vec::new() };
    }
    let prices = problem.prices();
    let mut best = problem.by_prices(prices);
    if items.iter().map(|it| it.worth.len()).sum::<usize>() <= SMALL {
        best = Search::new(&problem, prices, best).run();
    }
    let held = problem.held(&wanted, &best);
    Allotment { worth: problem.worth(&best), pieces: best, held }
}

/// Rupees for a paisa and for a unit of space.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Prices {
    money: f64,
    space: f64,
}

impl Prices {
    fn of(&self, item: &Item) -> f64 {
        self.money * item.outlay as f64 + self.space * item.space
    }

    /// Pieces that are worth as much.
    fn buy(&self, item: &Item) -> usize {
        let price = self.of(item);
        item.worth.partition_point(|worth| *worth >= 0.0 && *worth > price)
    }
}

struct Problem<'a> {
    items: &'a [Item],
    money: Option<i64>,
    space: Option<f64>,
    minimums: &'a [(usize, i64)],
}

impl Problem<'_> {
    fn spent(&self, pieces: &[usize]) -> i64 {
        self.items.iter().zip(pieces).map(|(it, pieces)| it.outlay.saturating_mul(*pieces as i64)).sum()
    }

    fn filled(&self, pieces: &[usize]) -> f64 {
        self.items.iter().zip(pieces).map(|(it, pieces)| it.space * *pieces as f64).sum()
    }

    fn worth(&self, pieces: &[usize]) -> f64 {
        self.items.iter().zip(pieces).map(|(it, pieces)| it.worth[..*pieces].iter().sum::<f64>()).sum()
    }

    fn of_supplier(&self, supplier: usize, pieces: &[usize]) -> i64 {
        let own = self.items.iter().zip(pieces).filter(|(it, _)| it.supplier == Some(supplier));
        own.map(|(it, pieces)| it.outlay.saturating_mul(*pieces as i64)).sum()
    }

    fn within(&self, spent: i64, filled: f64) -> bool {
        self.money.is_none_or(|money| spent <= money) && self.space.is_none_or(|space| filled <= space + 1e-9)
    }

    fn fits(&self, pieces: &[usize]) -> bool {
        let reached = |&(supplier, least): &(usize, i64)| {
            let spent = self.of_supplier(supplier, pieces);
            spent == 0 || spent >= least
        };
        self.within(self.spent(pieces), self.filled(pieces)) && self.minimums.iter().all(reached)
    }

    /// Pieces that are worth their price.
    fn bought(&self, prices: Prices) -> Vec<usize> {
        self.items.iter().map(|it| prices.buy(it)).collect()
    }

    /// What those take of money or room, by what one takes.
    fn taken(&self, prices: Prices, one: impl Fn(&Item) -> f64) -> f64 {
        self.items.iter().map(|it| prices.buy(it) as f64 * one(it)).sum()
    }

    /// The least prices at which money and space suffice, as near as alternating bisections come.
    fn prices(&self) -> Prices {
        let mut prices = Prices::default();
        let per = |weight: &dyn Fn(&Item) -> f64| {
            let of = |it: &Item| {
                let (worth, weight) = (it.worth.first().copied().unwrap_or(0.0), weight(it));
                if weight > 0.0 { worth / weight } else { 0.0 }
            };
            self.items.iter().map(of).fold(0.0, f64::max)
        };
        let (most_money, most_space) = (per(&|it| it.outlay as f64), per(&|it| it.space));
        for _ in 0..ROUNDS {
            let before = prices;
            if let Some(money) = self.money {
                prices.money = least(most_money, |price| {
                    self.taken(Prices { money: price, ..prices }, |it| it.outlay as f64) <= money as f64
                });
            }
            if let Some(space) = self.space {
                prices.space = least(most_space, |price| {
                    self.taken(Prices { space: price, ..prices }, |it| it.space) <= space + 1e-9
                });
            }
            if before == prices {
                break;
            }
        }
        prices
    }

    /// What is worth its price, then what fits; suppliers below their minimums are filled up or left out.
    fn by_prices(&self, prices: Prices) -> Vec<usize> {
        let mut floor: Vec<usize> = vec![0; self.items.len()];
        let mut shut: Vec<usize> = Vec::new();
        for _ in 0..=self.minimums.len() {
            let pieces = self.fill(prices, &floor, &shut);
            let below = self.minimums.iter().filter(|(supplier, least)| {
                let spent = self.of_supplier(*supplier, &pieces);
                spent > 0 && spent < *least
            });
            // the one that may gain most decides first, as the others' money depends on it
            let judged = below.map(|&(supplier, least)| {
                let filled = self.fill_up(supplier, least, &floor);
                let gain = filled.as_ref().map_or(f64::NEG_INFINITY, |own| self.gain(supplier, own, prices));
                (supplier, filled, gain)
            });
            let Some((supplier, filled, gain)) = judged.max_by(|a, b| a.2.total_cmp(&b.2)) else {
                return pieces;
            };
            match filled.filter(|own| gain > 0.0 && self.within(self.spent(own), self.filled(own))) {
                Some(own) => floor = own,
                None => shut.push(supplier),
            }
        }
        // each round settles a supplier: this is where none of them could be kept
        let all = self.minimums.iter().map(|it| it.0).collect::<Vec<_>>();
        self.fill(prices, &vec![0; self.items.len()], &all)
    }

    /// `floor` with so much more of a supplier that its minimum is reached: its best pieces for their money.
    fn fill_up(&self, supplier: usize, least: i64, floor: &[usize]) -> Option<Vec<usize>> {
        let mut pieces = floor.to_vec();
        let mut spent = self.of_supplier(supplier, &pieces);
        let next = |at: usize, pieces: &[usize]| {
            let it = &self.items[at];
            let worth = it.worth.get(pieces[at]).filter(|_| it.outlay > 0)?;
            Some(Next { ratio: worth / it.outlay as f64, at })
        };
        let own = (0..pieces.len()).filter(|at| self.items[*at].supplier == Some(supplier));
        let mut best: BinaryHeap<Next> = own.filter_map(|at| next(at, &pieces)).collect();
        while spent < least {
            let at = best.pop()?.at;
            pieces[at] += 1;
            spent += self.items[at].outlay;
            best.extend(next(at, &pieces));
        }
        Some(pieces)
    }

    /// What a supplier's pieces are worth above the price of what they take.
    fn gain(&self, supplier: usize, pieces: &[usize], prices: Prices) -> f64 {
        let own = self.items.iter().zip(pieces).filter(|(it, _)| it.supplier == Some(supplier));
        own.map(|(it, pieces)| it.worth[..*pieces].iter().sum::<f64>() - *pieces as f64 * prices.of(it)).sum()
    }

    /// At least `floor`, nothing of those in `shut`, else what is worth its price and fits, best first.
    fn fill(&self, prices: Prices, floor: &[usize], shut: &[usize]) -> Vec<usize> {
        let is_shut = |it: &Item| it.supplier.is_some_and(|supplier| shut.contains(&supplier));
        let mut pieces: Vec<usize> = (self.bought(prices).into_iter().zip(floor).zip(self.items))
            .map(|((bought, floor), it)| if is_shut(it) { 0 } else { bought.max(*floor) })
            .collect();
        let ratio = |at: usize, piece: usize| {
            let (it, worth) = (&self.items[at], self.items[at].worth[piece]);
            // where a limit has no price yet, its use counts all the same
            let price = prices.of(it) + 1e-9 * it.outlay as f64 + 1e-9 * it.space;
            if price > 0.0 { worth / price } else { f64::INFINITY }
        };
        // too much, as floors take what others were promised: the worst go
        let (mut spent, mut filled) = (self.spent(&pieces), self.filled(&pieces));
        if !self.within(spent, filled) {
            let last = |at: usize, pieces: &[usize]| Next { ratio: -ratio(at, pieces[at] - 1), at };
            let mut worst: BinaryHeap<Next> =
                (0..pieces.len()).filter(|&at| pieces[at] > floor[at]).map(|at| last(at, &pieces)).collect();
            while let Some(Next { at, .. }) = worst.pop() {
                if self.within(spent, filled) {
                    break;
                }
                pieces[at] -= 1;
                spent -= self.items[at].outlay;
                filled -= self.items[at].space;
                if pieces[at] > floor[at] {
                    worst.push(last(at, &pieces));
                }
            }
        }
        let next = |at: usize, pieces: &[usize]| {
            let wanted = self.items[at].worth.get(pieces[at]).is_some_and(|worth| *worth >= 0.0);
            wanted.then(|| Next { ratio: ratio(at, pieces[at]), at })
        };
        let open = (0..pieces.len()).filter(|at| !is_shut(&self.items[*at]));
        let mut best: BinaryHeap<Next> = open.filter_map(|at| next(at, &pieces)).collect();
        while let Some(Next { at, .. }) = best.pop() {
            let it = &self.items[at];
            if self.within(spent.saturating_add(it.outlay), filled + it.space) {
                pieces[at] += 1;
                spent += it.outlay;
                filled += it.space;
                best.extend(next(at, &pieces));
            }
        }
        pieces
    }

    fn held(&self, wanted: &[usize], got: &[usize]) -> Vec<Held> {
        let mut held = Vec::new();
        for &(supplier, least) in self.minimums {
            let (asked, spent) = (self.of_supplier(supplier, wanted), self.of_supplier(supplier, got));
            let own =
                || self.items.iter().zip(wanted.iter().zip(got)).filter(|it| it.0.supplier == Some(supplier));
            if own().any(|(_, (wanted, got))| got > wanted) {
                held.push(Held::RaisedToMinimum(supplier));
            } else if asked > 0 && spent == 0 {
                let full = self.fill_up(supplier, least, &vec![0; self.items.len()]);
                // more than anybody would want of it at all is not worth it, whatever money there is
                let fits = full.is_none_or(|own| self.within(self.spent(&own), self.filled(&own)));
                let is_near = fits && self.money.is_none_or(|money| least <= money);
                held.push(if is_near {
                    Held::BelowMinimum(supplier)
                } else {
                    Held::MinimumOutOfReach(supplier)
                });
            }
        }
        // a limit held something back where one piece more that is wanted would break it
        let (spent, filled) = (self.spent(got), self.filled(got));
        let left_out = |it: &Item| {
            let of = |held: &Held| matches!(held, Held::BelowMinimum(at) | Held::MinimumOutOfReach(at) if it.supplier == Some(*at));
            held.iter().any(of)
        };
        let short = self.items.iter().zip(wanted.iter().zip(got));
        let short: Vec<&Item> =
            short.filter(|(it, (wanted, got))| got < wanted && !left_out(it)).map(|it| it.0).collect();
        if self.money.is_some_and(|money| short.iter().any(|it| spent.saturating_add(it.outlay) > money)) {
            held.push(Held::Budget);
        }
        if self.space.is_some_and(|space| short.iter().any(|it| filled + it.space > space + 1e-9)) {
            held.push(Held::Space);
        }
        held
    }
}

/// The least price from 0 to `most` at which `holds`; it holds at `most`.
fn least(most: f64, holds: impl Fn(f64) -> bool) -> f64 {
    if holds(0.0) {
        return 0.0;
    }
    let (mut lo, mut hi) = (0.0, most);
    for _ in 0..STEPS {
        let middle = 0.5 * (lo + hi);
        if holds(middle) { hi = middle } else { lo = middle }
    }
    hi
}

#[derive(PartialEq)]
struct Next {
    ratio: f64,
    at: usize,
}

impl Eq for Next {}
impl PartialOrd for Next {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Next {
    /// Equal ones: the earlier item first.
    fn cmp(&self, other: &Self) -> Ordering {
        self.ratio.total_cmp(&other.ratio).then_with(|| other.at.cmp(&self.at))
    }
}

/// Branch and bound over items, those of dear pieces first.
struct Search<'a> {
    problem: &'a Problem<'a>,
    order: Vec<usize>,
    prices: Prices,
    /// Most that the items from each place on can be worth above the price of what they take.
    rest: Vec<f64>,
    best: Vec<usize>,
    best_worth: f64,
    steps: usize,
}

impl<'a> Search<'a> {
    fn new(problem: &'a Problem<'a>, prices: Prices, start: Vec<usize>) -> Self {
        let mut order: Vec<usize> = (0..problem.items.len()).collect();
        crate::order::by_key(&mut order, |at| std::cmp::Reverse(problem.items[*at].outlay));
        let mut rest = vec![0.0; order.len() + 1];
        for place in (0..order.len()).rev() {
            let it = &problem.items[order[place]];
            let net = it.worth.iter().map(|worth| (worth - prices.of(it)).max(0.0)).sum::<f64>();
            rest[place] = rest[place + 1] + net;
        }
        let best_worth = problem.worth(&start);
        Self { problem, order, prices, rest, best: start, best_worth, steps: 0 }
    }

    fn run(mut self) -> Vec<usize> {
        let mut pieces = vec![0; self.order.len()];
        self.step(0, &mut pieces, 0.0, 0, 0.0);
        self.best
    }

    fn step(&mut self, place: usize, pieces: &mut Vec<usize>, worth: f64, spent: i64, filled: f64) {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return;
        }
        let money = self.problem.money.map_or(0.0, |money| self.prices.money * (money - spent) as f64);
        let space = self.problem.space.map_or(0.0, |space| self.prices.space * (space - filled));
        if worth + self.rest[place] + money + space <= self.best_worth + 1e-9 {
            return;
        }
        let Some(&at) = self.order.get(place) else {
            if worth > self.best_worth && self.problem.fits(pieces) {
                self.best.clone_from(pieces);
                self.best_worth = worth;
            }
            return;
        };
        let it = &self.problem.items[at];
        let mut totals = vec![(worth, spent, filled)];
        for more in &it.worth {
            let (worth, spent, filled) = totals[totals.len() - 1];
            let next = (worth + more, spent.saturating_add(it.outlay), filled + it.space);
            if !self.problem.within(next.1, next.2) {
                break;
            }
            totals.push(next);
        }
        for count in (0..totals.len()).rev() {
            pieces[at] = count;
            let (worth, spent, filled) = totals[count];
            self.step(place + 1, pieces, worth, spent, filled);
        }
        pieces[at] = 0;
    }
}
