//! The counter of a branch: what is asked for becomes receipts, as far as the shelf has it; some of it comes back.

use super::{
    branch::{Branch, Business, DEAD_DAYS, Regret},
    customers::{Buyer, Customers},
    goods::{Class, Item, Plant},
    journal::{Journal, at},
    season::{self, lognormal, negative_binomial},
    unit::Piece,
};
use crate::{
    id::SaleId,
    money::Paisa,
    quantity::Quantity,
    record::{
        CreditEntry, CreditKind, Interaction, InteractionKind, Payment, PaymentMethod, Record, Return, Sale,
        SaleLine,
    },
    rng::Rng,
    time::{Day, Zone},
};

/// Share of trade that is left on the day of the shutter-down strike.
const STRIKE: f64 = 0.12;
/// Nobody buys what costs more on that day.
const STRIKE_MOST_RUPEES: f64 = 60_000.0;
/// Share of sales of which something comes back.
const RETURNED: f64 = 0.017;

/// A day as the till sees it.
pub struct TradingDay {
    /// The day.
    pub day: Day,
    /// Whether traders strike.
    pub strike: bool,
    /// Accessory category (position of the supplier) on offer, with the share taken off.
    pub offer: Option<(usize, f64)>,
}

/// What one customer puts on the counter.
struct Basket {
    minute: i64,
    goods: Vec<(usize, i64)>,
    has_phone: bool,
}

impl Branch {
    /// Sells a day through.
    pub fn trade(
        &mut self,
        journal: &mut Journal,
        rng: &mut Rng,
        business: &Business<'_>,
        customers: &Customers,
        trading: &TradingDay,
    ) {
        let season = season::factor(trading.day, business.years)
            * lognormal(rng, 0.17)
            * if trading.strike { STRIKE } else { 1.0 };
        if season > 0.0 {
            let baskets = self.baskets(journal, rng, business, trading, season);
            for basket in baskets {
                self.ring_up(journal, rng, business, customers, trading, &basket);
            }
        }
        self.take_back(journal, rng, trading.day);
    }

    /// Draws the day's demand and packs what the shelf has of it into baskets, in order of time.
    fn baskets(
        &mut self,
        journal: &mut Journal,
        rng: &mut Rng,
        business: &Business<'_>,
        trading: &TradingDay,
        season: f64,
    ) -> Vec<Basket> {
        let ramadan = season::is_ramadan(trading.day, business.years);
        let mut left = self.on_hand.clone();
        let mut baskets: Vec<Basket> = Vec::new();
        for (index, item) in business.items.iter().enumerate() {
            let asked = self.asked(rng, business, trading, index, season);
            let sold = asked.min(left[index]);
            left[index] -= sold;
            if asked > sold && rng.chance(0.3) {
                let interaction = Interaction {
                    customer: None,
                    shop: self.shop,
                    kind: InteractionKind::NotInStock,
                    product: Some(item.product),
                    text: None,
                    minutes: None,
                    at: at(trading.day, season::minute(rng, ramadan)),
                    id: None,
                    others: Vec::new(),
                    undoes: None,
                };
                journal.push(self.stream(), interaction.at, Record::Interaction(interaction));
            }
            for _ in 0..sold {
                // A loose accessory often goes over the counter with something else.
                let joined = item.class != Class::Phone && !baskets.is_empty() && rng.chance(0.3);
                if joined {
                    let at = rng.below(baskets.len());
                    add(&mut baskets[at].goods, index);
                    continue;
                }
                let mut goods = vec![(index, 1)];
                for &fitted in &item.fitted {
                    if left[fitted] > 0 && rng.chance(0.34) {
                        left[fitted] -= 1;
                        goods.push((fitted, 1));
                    }
                }
                let minute = season::minute(rng, ramadan);
                baskets.push(Basket { minute, goods, has_phone: item.class == Class::Phone });
            }
        }
        crate::order::by_key(&mut baskets, |basket| basket.minute);
        baskets
    }

    /// Pieces that customers ask for, whether they are there or not.
    fn asked(
        &self,
        rng: &mut Rng,
        business: &Business<'_>,
        trading: &TradingDay,
        index: usize,
        season: f64,
    ) -> i64 {
        let item = &business.items[index];
        let left = business.today.0 - trading.day.0;
        match item.plant {
            Plant::Dead if self.index > 0 || left <= DEAD_DAYS => return 0,
            // Whoever still had one bought it by now.
            Plant::Out if left == 5 => return self.on_hand[index],
            _ => {}
        }
        let price = item.price(trading.day).0.as_units();
        if trading.strike && price > STRIKE_MOST_RUPEES {
            return 0;
        }
        let usual = item.prices.first().map_or(price, |first| first.1.as_units());
        let response = (usual / price).powf(1.3);
        let offer = match trading.offer {
            Some((supplier, off)) if supplier == item.supplier => 1.0 + 5.0 * off,
            _ => 1.0,
        };
        let mean = item.rate * self.scale * season * item.life.factor(trading.day) * response * offer;
        match item.class {
            Class::Phone => i64::from(rng.poisson(mean)),
            _ => i64::from(negative_binomial(rng, mean, 4.0)),
        }
    }

    /// One receipt: lines, payment, and udhaar where it is given.
    fn ring_up(
        &mut self,
        journal: &mut Journal,
        rng: &mut Rng,
        business: &Business<'_>,
        customers: &Customers,
        trading: &TradingDay,
        basket: &Basket,
    ) {
        let instant = at(trading.day, basket.minute);
        let id: SaleId = journal.id();
        let known = rng.chance(if basket.has_phone { 0.5 } else { 0.12 });
        let buyer = if known { customers.draw(self.index, rng) } else { None };
        let mut lines = Vec::with_capacity(basket.goods.len());
        let mut taken: Vec<(usize, Option<Piece>)> = Vec::with_capacity(basket.goods.len());
        for &(index, pieces) in &basket.goods {
            let (line, piece) = self.line(rng, &business.items[index], index, pieces, trading);
            lines.push(line);
            taken.push((index, piece));
        }
        let total: Paisa = lines.iter().map(|line| line.amount).sum();
        let payments = self.payments(rng, total, buyer);
        let credit: Paisa = payments
            .iter()
            .filter(|payment| payment.method == PaymentMethod::Credit)
            .map(|payment| payment.amount)
            .sum();
        self.drawer += payments
            .iter()
            .filter(|payment| payment.method == PaymentMethod::Cash)
            .map(|payment| payment.amount)
            .sum();
        let customer = buyer.map(|buyer| buyer.id);
        if let (Some(customer), true) = (customer, credit > Paisa::ZERO) {
            let due = Day(trading.day.0 + [7, 15, 30, 30][rng.below(4)]);
            let entry = CreditEntry {
                id: journal.id(),
                customer,
                shop: self.shop,
                amount: credit,
                sale: Some(id),
                at: instant,
                due: Some(due),
                method: None,
                kind: CreditKind::Plain,
                undoes: None,
            };
            journal.push(self.stream(), instant, Record::CreditEntry(entry));
            self.promise(rng, customer, credit, due);
        } else if rng.chance(RETURNED) {
            let pick = rng.below(lines.len());
            let (item, piece) = taken.swap_remove(pick);
            if lines[pick].quantity == Quantity::pieces(1) && business.items[item].plant == Plant::None {
                let back = Day(trading.day.0 + 1 + rng.below(7) as i32);
                let line = lines[pick].clone();
                let regret = Regret { sale: id, customer, line, item, piece };
                self.regrets.entry(back).or_default().push(regret);
            }
        }
        self.number += 1;
        let sale = Sale {
            id,
            shop: self.shop,
            number: format!("{}-1-{}", self.code, self.number),
            at: instant,
            zone: Zone::KARACHI,
            customer,
            staff: Some(self.staff[rng.below(2)]),
            lines,
            payments,
            approval: None,
        };
        journal.push(self.stream(), instant, Record::Sale(sale));
    }

    /// A line with its price: tag price, less for used and untaxed phones, less what was bargained off.
    fn line(
        &mut self,
        rng: &mut Rng,
        item: &Item,
        index: usize,
        pieces: i64,
        trading: &TradingDay,
    ) -> (SaleLine, Option<Piece>) {
        self.on_hand[index] -= pieces;
        let piece = self.pieces[index].pop_front();
        let tag = item.price(trading.day).0;
        let unit_price = match &piece {
            Some(piece) if piece.worth < 1.0 => {
                Paisa::rupees((tag.as_units() * piece.worth / 100.0).round() as i64 * 100)
            }
            _ => tag,
        };
        let full = Paisa(unit_price.0 * pieces);
        let discount = match trading.offer {
            Some((supplier, off)) if supplier == item.supplier => {
                Paisa::rupees((full.as_units() * off).round() as i64)
            }
            _ if item.class == Class::Phone && rng.chance(0.55) => {
                let most = (full.as_units() * 0.018 / 100.0) as usize;
                Paisa::rupees(100 * rng.below(most + 1) as i64)
            }
            _ if rng.chance(0.12) => Paisa::rupees((full.as_units() * 0.08 / 10.0) as i64 * 10),
            _ => Paisa::ZERO,
        };
        let cost = piece.as_ref().map_or(self.cost[index], |piece| piece.cost);
        let line = SaleLine {
            product: item.product,
            units: piece.iter().map(|piece| piece.unit).collect(),
            quantity: Quantity::pieces(pieces),
            unit_price,
            discount,
            amount: full - discount,
            unit_cost: Some(cost),
        };
        (line, piece)
    }

    /// Cash mostly; wallets, cards and transfers for more; udhaar for those who are known.
    fn payments(&self, rng: &mut Rng, total: Paisa, buyer: Option<&Buyer>) -> Vec<Payment> {
        let one = |method| vec![Payment { method, amount: total, tendered: None }];
        let split = |first: Paisa, method| {
            vec![
                Payment { method: PaymentMethod::Cash, amount: first, tendered: None },
                Payment { method, amount: total - first, tendered: None },
            ]
        };
        let part = |share: f64| Paisa::rupees((total.as_units() * share / 500.0).round() as i64 * 500);
        let large = total > Paisa::rupees(3_000);
        let trusted = buyer.map_or(0.0, |buyer| if buyer.regular { 0.16 } else { 0.03 });
        if large && rng.chance(trusted) {
            return split(part(0.3 + 0.4 * rng.uniform()), PaymentMethod::Credit);
        }
        let methods = [
            (PaymentMethod::Cash, if large { 0.60 } else { 0.84 }),
            (PaymentMethod::JazzCash, 0.08),
            (PaymentMethod::Easypaisa, 0.07),
            (PaymentMethod::Card, if large { 0.12 } else { 0.01 }),
            (PaymentMethod::Bank, if large { 0.10 } else { 0.0 }),
        ];
        let method = methods[rng.weighted(&methods.map(|method| method.1))].0;
        match method {
            PaymentMethod::JazzCash | PaymentMethod::Easypaisa if large && rng.chance(0.4) => {
                split(part(0.5), method)
            }
            method => one(method),
        }
    }

    /// When a debt will be paid: by most in parts around its day, by some late, by a few never.
    fn promise(&mut self, rng: &mut Rng, customer: crate::id::CustomerId, debt: Paisa, due: Day) {
        let half = Paisa(debt.0 / 200 * 100);
        let parts: Vec<(i32, Paisa)> = match rng.uniform() {
            ..0.35 => vec![(rng.below(12) as i32 - 4, debt)],
            0.35..0.70 => vec![(-(rng.below(6) as i32), half), (8 + rng.below(25) as i32, debt - half)],
            0.70..0.92 => vec![(10 + rng.below(30) as i32, half), (80 + rng.below(90) as i32, debt - half)],
            0.92..0.97 => vec![(rng.below(40) as i32, half)],
            _ => Vec::new(),
        };
        for (delay, amount) in parts {
            self.repayments.entry(Day(due.0 + delay)).or_default().push((customer, amount));
        }
    }

    /// Goods come back in the afternoon; they are for sale again the next morning.
    fn take_back(&mut self, journal: &mut Journal, rng: &mut Rng, day: Day) {
        for regret in self.regrets.remove(&day).unwrap_or_default() {
            let instant = at(day, 22 * 60 + 31 + rng.below(5) as i64);
            self.on_hand[regret.item] += 1;
            if let Some(piece) = regret.piece {
                self.pieces[regret.item].push_back(piece);
            }
            self.number += 1;
            self.drawer += -regret.line.amount;
            let payments =
                vec![Payment { method: PaymentMethod::Cash, amount: regret.line.amount, tendered: None }];
            let back = Return {
                id: journal.id(),
                original: Some(regret.sale),
                shop: self.shop,
                number: format!("{}-1-{}", self.code, self.number),
                at: instant,
                zone: Zone::KARACHI,
                customer: regret.customer,
                staff: Some(self.staff[rng.below(2)]),
                lines: vec![regret.line],
                payments,
                of_lines: Vec::new(),
                exchange: None,
            };
            journal.push(self.stream(), instant, Record::Return(back));
        }
    }
}

fn add(goods: &mut Vec<(usize, i64)>, index: usize) {
    match goods.iter_mut().find(|(item, _)| *item == index) {
        Some((_, pieces)) => *pieces += 1,
        None => goods.push((index, 1)),
    }
}
