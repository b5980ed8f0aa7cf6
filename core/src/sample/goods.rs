//! The sample's shelf: every product with its demand, supplier, life and dated prices.

use super::{
    accessory::{ACCESSORIES, FITTED_RUPEES, Kind, fitted_rupees},
    catalog::{DEAD_STOCK, PHONES, Phone, RUNNING_OUT, STOCKOUT},
    journal::{Journal, at},
    season::{Life, lognormal},
};
use crate::{
    id::ProductId,
    money::Paisa,
    record::{Fit, Price, PriceKind, Product, ProductFields, Record},
    rng::Rng,
    sync::event::Stream,
    time::{Day, Period},
};

/// Phones that one branch sells on a plain day.
const PHONES_A_DAY: f64 = 9.6;

/// Who supplies what: position in [`super::supplier::SUPPLIERS`].
const LEADING_BRANDS: usize = 0;
const VALUE_BRANDS: usize = 1;
const BBK_BRANDS: usize = 2;
const IMPORTS: usize = 3;
const SHELF: usize = 4;
const FITTED: usize = 5;

/// What a product is to the till.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Carries IMEIs.
    Phone,
    /// Fits many phones.
    Loose,
    /// A cover or glass: mostly sold with its phone.
    Fitted,
}

/// What the owner forgot, or forgot to sell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plant {
    /// Nothing special.
    None,
    /// Lies unsold for months.
    Dead,
    /// Sold out, and not ordered.
    Out,
    /// Ordered too little: runs out within days.
    RunningOut,
}

/// One product of the sample.
pub struct Item {
    /// Its id.
    pub product: ProductId,
    /// Phone, accessory or fitted accessory.
    pub class: Class,
    /// Mean pieces on a plain day in the larger branch.
    pub rate: f64,
    /// Who supplies it.
    pub supplier: usize,
    /// When it is on sale.
    pub life: Life,
    /// From day, retail, cost; ascending.
    pub prices: Vec<(Day, Paisa, Paisa)>,
    /// Cover and glass of a phone.
    pub fitted: Vec<usize>,
    /// Often comes used or without tax paid.
    pub grey: bool,
    /// Planted for the insights to find.
    pub plant: Plant,
}

impl Item {
    /// Retail price and cost on a day.
    pub fn price(&self, day: Day) -> (Paisa, Paisa) {
        let step = self.prices.iter().rfind(|(from, ..)| *from <= day).or(self.prices.first());
        step.map_or((Paisa::ZERO, Paisa::ZERO), |&(_, retail, cost)| (retail, cost))
    }
}

/// Name on the shelf: model with its memory.
pub fn phone_name(phone: &Phone) -> String {
    match (phone.ram_gb, phone.storage_gb) {
        (_, 0) => phone.model.to_owned(),
        (0, storage) => format!("{} {storage}GB", phone.model),
        (ram, storage) => format!("{} {ram}GB/{storage}GB", phone.model),
    }
}

/// Makes all products and writes them, their fits and their dated prices.
pub fn stock_the_shelf(journal: &mut Journal, rng: &mut Rng, period: Period) -> Vec<Item> {
    let mut items = phones(journal, rng, period);
    fitted(journal, rng, period, &mut items);
    loose(journal, rng, period, &mut items);
    for item in &items {
        for &(from, retail, cost) in &item.prices {
            for (kind, price) in [(PriceKind::Retail, retail), (PriceKind::Cost, cost)] {
                let from = at(from, 9 * 60 + 5);
                let price = Price { product: item.product, shop: None, kind, price, from };
                journal.push(Stream::Tenant, from, Record::Price(price));
            }
        }
    }
    items
}

fn write(journal: &mut Journal, day: Day, fields: ProductFields) -> ProductId {
    let id = journal.id();
    let product = Product { id, base_version: None, fields };
    journal.push(Stream::Tenant, at(day, 9 * 60), Record::Product(product));
    id
}

fn phones(journal: &mut Journal, rng: &mut Rng, period: Period) -> Vec<Item> {
    let days = (period.to.0 - period.from.0) as usize;
    // Most buyers look around Rs 27,000; keypad phones sell to everyone's parents.
    let popularity: Vec<f64> = PHONES
        .iter()
        .map(|phone| {
            let distance = (phone.rupees as f64 / 27_000.0).ln() / 0.75;
            let keypad = if phone.rupees < 8_000 { 0.55 } else { 0.0 };
            let name = phone_name(phone);
            if name == STOCKOUT || RUNNING_OUT.contains(&name.as_str()) {
                return 5.0;
            }
            ((-0.5 * distance * distance).exp() + keypad + 0.05) * lognormal(rng, 0.45)
        })
        .collect();
    let total: f64 = popularity.iter().sum();
    let mut items = Vec::with_capacity(PHONES.len());
    for (index, (phone, share)) in PHONES.iter().zip(&popularity).enumerate() {
        let name = phone_name(phone);
        let plant = plant_of(&name);
        // Every sixth model is launched within the history, every seventh ends within it.
        let life = match plant {
            Plant::None if index % 6 == 2 => {
                Life { launch: Some(Day(period.from.0 + 40 + rng.below(days - 100) as i32)), end: None }
            }
            Plant::None if index % 7 == 3 => {
                Life { launch: None, end: Some(Day(period.from.0 + 150 + rng.below(days - 200) as i32)) }
            }
            _ => Life { launch: None, end: None },
        };
        let first = life.launch.unwrap_or(period.from);
        let margin = 0.045 + 0.05 * rng.uniform();
        let grey = phone.brand == "Apple";
        let fields = ProductFields {
            name: Some(name),
            sku: Some(format!("PH-{:03}", index + 1)),
            category: Some("Mobiles".to_owned()),
            brand: Some(phone.brand.to_owned()),
            storage_gb: (phone.storage_gb > 0).then_some(phone.storage_gb),
            ram_gb: (phone.ram_gb > 0).then_some(phone.ram_gb),
            has_5g: Some(phone.has_5g),
            launched: life.launch,
            imei_count: Some(2),
            ..ProductFields::default()
        };
        items.push(Item {
            product: write(journal, first, fields),
            class: Class::Phone,
            rate: if plant == Plant::Dead { 0.02 } else { PHONES_A_DAY * share / total },
            supplier: phone_supplier(phone.brand, phone.rupees),
            life,
            prices: price_path(rng, phone.rupees, margin, first, period.to, (-0.055, 0.03)),
            fitted: Vec::new(),
            grey,
            plant,
        });
    }
    items
}

fn plant_of(name: &str) -> Plant {
    if name.starts_with(DEAD_STOCK) {
        Plant::Dead
    } else if name == STOCKOUT {
        Plant::Out
    } else if RUNNING_OUT.contains(&name) {
        Plant::RunningOut
    } else {
        Plant::None
    }
}

fn phone_supplier(brand: &str, rupees: i64) -> usize {
    match brand {
        "Apple" => IMPORTS,
        _ if rupees > 150_000 => IMPORTS,
        "Samsung" | "Xiaomi" | "Nokia" => LEADING_BRANDS,
        "Vivo" | "OPPO" | "Realme" | "HONOR" => BBK_BRANDS,
        _ => VALUE_BRANDS,
    }
}

/// A cover and a glass for each model that sells; variants of one model share them.
fn fitted(journal: &mut Journal, rng: &mut Rng, period: Period, items: &mut Vec<Item>) {
    let mut models: Vec<(&str, Vec<usize>)> = Vec::new();
    for (index, phone) in PHONES.iter().enumerate() {
        if !FITTED_RUPEES.contains(&phone.rupees) && phone.brand != "Apple" {
            continue;
        }
        match models.iter_mut().find(|(model, _)| *model == phone.model) {
            Some((_, variants)) => variants.push(index),
            None => models.push((phone.model, vec![index])),
        }
    }
    for (number, (model, variants)) in models.into_iter().enumerate() {
        let (cover, glass) = fitted_rupees(PHONES[variants[0]].rupees);
        let life = Life { launch: items[variants[0]].life.launch, end: None };
        let first = life.launch.unwrap_or(period.from);
        for (what, code, category, rupees) in
            [("Silicone Cover", "CV", "Covers", cover), ("Tempered Glass", "GL", "Glass protectors", glass)]
        {
            let fields = ProductFields {
                name: Some(format!("{what} for {model}")),
                sku: Some(format!("{code}-{:03}", number + 1)),
                category: Some(category.to_owned()),
                brand: Some("Assorted".to_owned()),
                launched: life.launch,
                imei_count: Some(0),
                ..ProductFields::default()
            };
            let product = write(journal, first, fields);
            let position = items.len();
            for &variant in &variants {
                items[variant].fitted.push(position);
                let fit = Fit { accessory: product, model: items[variant].product, fits: true };
                journal.push(Stream::Tenant, at(first, 9 * 60 + 1), Record::Fit(fit));
            }
            let margin = 0.45 + 0.2 * rng.uniform();
            items.push(Item {
                product,
                class: Class::Fitted,
                // Beside those that go with a new phone: replacements.
                rate: variants.iter().map(|&variant| items[variant].rate).sum::<f64>() * 0.45 + 0.04,
                supplier: FITTED,
                life,
                prices: price_path(rng, rupees, margin, first, period.to, (-0.02, 0.08)),
                fitted: Vec::new(),
                grey: false,
                plant: Plant::None,
            });
        }
    }
}

fn loose(journal: &mut Journal, rng: &mut Rng, period: Period, items: &mut Vec<Item>) {
    let weights: Vec<f64> = ACCESSORIES
        .iter()
        .map(|&(_, _, name, rupees)| match plant_of(name) {
            Plant::None => lognormal(rng, 0.5) / (rupees as f64).powf(0.35),
            _ => 1.6 / (rupees as f64).powf(0.35),
        })
        .collect();
    let total = |kind: Kind| -> f64 {
        ACCESSORIES.iter().zip(&weights).filter(|(row, _)| row.0 == kind).map(|(_, weight)| weight).sum()
    };
    for (index, (&(kind, brand, name, rupees), weight)) in ACCESSORIES.iter().zip(&weights).enumerate() {
        let fields = ProductFields {
            name: Some(name.to_owned()),
            sku: Some(format!("AC-{:03}", index + 1)),
            category: Some(kind.category().to_owned()),
            brand: Some(brand.to_owned()),
            imei_count: Some(0),
            ..ProductFields::default()
        };
        let margin = 0.24 + 0.16 * rng.uniform();
        items.push(Item {
            product: write(journal, period.from, fields),
            class: Class::Loose,
            rate: kind.pieces_a_day() * weight / total(kind),
            supplier: SHELF,
            life: Life { launch: None, end: None },
            prices: price_path(rng, rupees, margin, period.from, period.to, (-0.02, 0.06)),
            fitted: Vec::new(),
            grey: false,
            plant: plant_of(name),
        });
    }
}

/// Dated prices: a step every two to five months, drawn between the two bounds.
fn price_path(
    rng: &mut Rng,
    rupees: i64,
    margin: f64,
    from: Day,
    to: Day,
    step: (f64, f64),
) -> Vec<(Day, Paisa, Paisa)> {
    let mut path = Vec::new();
    let (mut day, mut level) = (from, rupees as f64);
    while day <= to {
        let margin = margin + 0.01 * (rng.uniform() - 0.5);
        path.push((
            day,
            round_price(level),
            Paisa::rupees((level * (1.0 - margin) / 5.0).round() as i64 * 5),
        ));
        level *= 1.0 + step.0 + (step.1 - step.0) * rng.uniform();
        day = Day(day.0 + 60 + rng.below(90) as i32);
    }
    path
}

/// As price tags read: 24,499, 649, 350.
fn round_price(rupees: f64) -> Paisa {
    let rupees = match rupees {
        ..500.0 => (rupees / 10.0).round() as i64 * 10,
        500.0..3_000.0 => (rupees / 50.0).round() as i64 * 50 - 1,
        _ => (rupees / 500.0).round() as i64 * 500 - 1,
    };
    Paisa::rupees(rupees)
}
