//! A shop gone over, product by product, and what was found kept.
//!
//! [`ReorderRun`] looks at products one after the other (a forecast takes a millisecond, so a worker can step and report)
//! and ends as [`Prepared`]: what each product wishes and what its pieces are worth. From that [`Prepared::plan`] shares
//! out money and room without another look at any product, and [`ReorderRun::again`] looks only at those that an event
//! of stock touched; both give what a run from scratch gives.

use super::{
    habit::Habits,
    limits::{Limits, Wish, keep_to, order},
    look::Look,
    substitute::Substitutes,
    touched::Touched,
};
use crate::{
    calendar::Calendar,
    demand::{Forecasts, LifeBook, LifeCycle, SELLING_DAYS, by_product::Goods},
    feature::{availability::Availability, demand::SalesByProduct},
    id::{ProductId, SupplierId},
    inventory::{
        dead_stock::{DeadStock, dead_stock},
        lead_time::LeadTime,
        open_order::{OpenOrder, open_orders},
        reorder::{MOST_UNCOUNTED, ReorderPlan, ReorderSuggestion, Scope, prices},
    },
    money::{Currency, Paisa},
    table::Tables,
    time::Day,
};
use std::{collections::BTreeMap, ops::Range};

/// A plan in the making.
#[derive(Debug)]
pub struct ReorderRun<'a> {
    pub(super) tables: &'a Tables,
    pub(super) shop: Option<usize>,
    pub(super) known: &'a Forecasts,
    pub(super) sales: SalesByProduct,
    pub(super) shelves: Availability,
    pub(super) calendar: Calendar,
    pub(super) prices: Vec<Option<Paisa>>,
    pub(super) habits: Habits,
    pub(super) substitutes: Substitutes,
    candidates: Vec<usize>,
    uncounted: u64,
    unplanned: u64,
    books: BTreeMap<Goods, Option<LifeBook<'a>>>,
    looks: Vec<(ProductId, Look)>,
}

/// What a run found, without any limit.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    today: Day,
    currency: Currency,
    looks: Vec<(ProductId, Look)>,
    uncounted: u64,
    unplanned: u64,
    dead_stock: Vec<DeadStock>,
    open_orders: Vec<OpenOrder>,
    /// Pieces that lie there or are on their way.
    stored: f64,
    suppliers: Vec<(SupplierId, String)>,
}

impl<'a> ReorderRun<'a> {
    /// Finds the products to look at.
    pub fn new(
        tables: &'a Tables,
        shop: Option<usize>,
        today: Day,
        scope: Scope,
        known: &'a Forecasts,
    ) -> Self {
        let sales = SalesByProduct::build(tables, shop, today);
        let selling = |product: &usize| {
            let recent = sales.last_sale(*product).is_some_and(|last| today.0 - last.0 <= SELLING_DAYS);
            let fields = &tables.products[*product].fields;
            // Loose goods have no shelf: nobody can say what is left of them.
            recent && fields.retired != Some(true) && fields.open.is_none()
        };
        let selling: Vec<usize> = (0..tables.products.len()).filter(selling).collect();
        let counted = |product: &usize| tables.on_hand(shop, *product).is_some();
        let (mut candidates, mut others): (Vec<usize>, Vec<usize>) = selling.into_iter().partition(counted);
        let uncounted = others.len() as u64;
        let prices = prices(tables, shop, today);
        let mut unplanned = 0;
        if scope == Scope::Selling {
            let earned = |product: usize| {
                let pieces = sales.series(product).map_or(0.0, |series| series.recent(SELLING_DAYS as usize));
                (pieces * prices[product].map_or(0.0, |price| price.as_units())) as i64
            };
            // Stable: equals stay in the order of their ids.
            crate::order::by_key(&mut others, |&product| std::cmp::Reverse(earned(product)));
            unplanned = others.len().saturating_sub(MOST_UNCOUNTED) as u64;
            candidates.extend(others.into_iter().take(MOST_UNCOUNTED));
        }
        let shelves = Availability::build(tables, shop, today);
        let substitutes = Substitutes::learn(tables, shop, &sales, &shelves, &prices);
        let habits = Habits::learn(tables, |product| tables.supplier(shop, product));
        Self {
            tables,
            shop,
            known,
            shelves,
            calendar: Calendar::of(tables, shop, today),
            sales,
            prices,
            habits,
            substitutes,
            candidates,
            uncounted,
            unplanned,
            books: BTreeMap::new(),
            looks: Vec::new(),
        }
    }

    /// The same, with what `before` found of all products but those that were `touched` since by an event of stock:
    /// goods sold or come in today, counted, moved, ordered, decided on. What such an event changes for others is looked
    /// at too: a supplier's lead time, who sends customers on and who takes them. Only these are then left to step over.
    pub fn again(mut self, before: &Prepared, touched: &Touched) -> Self {
        let Touched::Products(touched) = touched else { return self };
        if before.today != self.sales.today() {
            return self;
        }
        let near = |product: usize| touched.contains(&self.tables.products[product].id);
        let mut suppliers = vec![false; self.tables.suppliers.len()];
        for product in (0..self.tables.products.len()).filter(|product| near(*product)) {
            if let Some(supplier) = self.supplier(product) {
                suppliers[supplier] = true;
            }
        }
        let (mut open, mut looks) = (Vec::new(), Vec::new());
        for product in self.candidates {
            let id = self.tables.products[product].id;
            let own = self.tables.supplier(self.shop, product);
            let is_open = near(product)
                || own.is_some_and(|own| suppliers[own])
                || self.substitutes.givers(product).any(|(from, _)| near(*from))
                || self.substitutes.takers(product).any(|moved| near(moved.to));
            match before.look(id).filter(|_| !is_open) {
                Some(look) => looks.push((id, look.clone())),
                None => open.push(product),
            }
        }
        self.candidates = open;
        self.looks = looks;
        self
    }

    /// Products to look at.
    pub fn len(&self) -> usize {
        self.candidates.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.candidates.is_empty()
    }

    /// Looks at a slice of them; each must be looked at once.
    pub fn step(&mut self, slice: Range<usize>) {
        for at in slice {
            let product = self.candidates[at];
            let life = self.life(product);
            let look = self.look(product, life.as_ref());
            self.looks.push((self.tables.products[product].id, look));
        }
    }

    /// What was found.
    pub fn finish(mut self) -> Prepared {
        crate::order::by_key(&mut self.looks, |it| it.0);
        let (tables, today) = (self.tables, self.sales.today());
        let products = 0..tables.products.len();
        let on_hand = |product| tables.on_hand(self.shop, product).unwrap_or_default().as_units().max(0.0);
        let stored = products.map(|product| on_hand(product) + self.on_order(product)).sum();
        Prepared {
            today,
            currency: tables.currency(self.shop),
            uncounted: self.uncounted,
            unplanned: self.unplanned,
            dead_stock: dead_stock(tables, self.shop, today, &self.sales, &self.prices),
            open_orders: open_orders(tables, self.shop),
            stored,
            suppliers: tables.suppliers.iter().map(|row| (row.id, row.name.clone())).collect(),
            looks: self.looks,
        }
    }

    /// Where in its life a model stands; phones are looked up among phones, all else among all else.
    fn life(&mut self, product: usize) -> Option<LifeCycle> {
        let goods = Goods::of(self.tables, product);
        let (tables, sales, shelves) = (self.tables, &self.sales, &self.shelves);
        let cold_start = self.known.cold_start();
        let learn = || LifeBook::new(tables, goods, sales, shelves, cold_start);
        let book = self.books.entry(goods).or_insert_with(learn);
        book.as_ref()?.of(product)
    }

    pub(super) fn supplier(&self, product: usize) -> Option<usize> {
        self.tables.supplier(self.shop, product)
    }

    pub(super) fn lead(&self, product: usize) -> LeadTime {
        LeadTime::of(self.supplier(product).map(|supplier| &self.tables.suppliers[supplier]))
    }

    pub(super) fn on_order(&self, product: usize) -> f64 {
        self.tables.on_order(self.shop, product).as_units().max(0.0)
    }
}

impl Prepared {
    /// The day that it is of.
    pub fn today(&self) -> Day {
        self.today
    }

    /// The plan within limits: most at risk first, then by id.
    pub fn plan(&self, limits: &Limits) -> ReorderPlan {
        let wished = self.looks.iter().filter_map(|look| match &look.1 {
            Look::Wish(wish) => Some(Wish::clone(wish)),
            _ => None,
        });
        let mut wishes: Vec<Wish> = wished.collect();
        crate::order::by_key(&mut wishes, |wish| {
            (std::cmp::Reverse(wish.suggestion.at_risk), wish.suggestion.product)
        });
        wishes.iter_mut().for_each(|wish| order(&mut wish.suggestion, wish.pieces));
        let cost_of =
            |wishes: &[Wish]| -> Paisa { wishes.iter().filter_map(|wish| wish.suggestion.order_cost).sum() };
        let wanted_cost = cost_of(&wishes);
        let name = |id: SupplierId| {
            let found = self.suppliers.iter().find(|it| it.0 == id).map(|it| it.1.clone());
            found.filter(|name| !name.is_empty()).unwrap_or_else(|| id.to_string())
        };
        let mut suppliers: Vec<(SupplierId, String)> = Vec::new();
        for id in wishes.iter().filter_map(|wish| wish.suggestion.supplier) {
            if suppliers.iter().all(|it| it.0 != id) {
                suppliers.push((id, name(id)));
            }
        }
        crate::order::by(&mut suppliers, |one, other| one.1.cmp(&other.1));
        let gave_way = keep_to(limits, &mut wishes, self.stored, name);
        ReorderPlan {
            today: self.today,
            currency: self.currency,
            total_cost: cost_of(&wishes),
            wanted_cost,
            uncounted: self.uncounted,
            unplanned: self.unplanned,
            too_new: self.looks.iter().filter(|look| matches!(look.1, Look::TooNew)).count() as u64,
            dead_stock: self.dead_stock.clone(),
            open_orders: self.open_orders.clone(),
            gave_way,
            suppliers,
            suggestions: wishes.into_iter().map(|wish| wish.suggestion).collect(),
        }
    }

    fn look(&self, product: ProductId) -> Option<&Look> {
        let place = self.looks.binary_search_by(|it| it.0.cmp(&product)).ok()?;
        Some(&self.looks[place].1)
    }

    /// What is told of one product, before any limit.
    pub fn suggestion(&self, product: ProductId) -> Option<&ReorderSuggestion> {
        match self.look(product)? {
            Look::Wish(wish) => Some(&wish.suggestion),
            _ => None,
        }
    }
}
