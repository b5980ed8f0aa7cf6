//! Pieces by IMEI as screens show them.
//!
//! Question answered: which pieces are these, where is each, and what became of it? Input: the tables and what is
//! asked for. Output: [`UnitsAnswer`]. How it fails: a piece that another device wrote down and this one has not
//! heard of is not found here, so that its number can be written twice; then each shows the other.

use crate::{
    id::{CustomerId, DocumentId, ProductId, SaleId, ShopId, UnitId},
    imei,
    money::{Currency, Paisa},
    quantity::Quantity,
    record::{Condition, PaymentMethod, PtaState, TheftCheck, Unit},
    table::{
        Tables,
        unit::{Happened, Place, UnitRow},
    },
    time::{Day, Timestamp},
};
use serde::{Deserialize, Serialize};

/// Days before a tax deadline that a piece is listed as near it.
pub const NEAR_DAYS: i32 = 15;
/// Pieces of a list given at most.
const MOST: usize = 200;

/// Which pieces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UnitAsk {
    /// Those of a product: in stock first, then the newest.
    Product(ProductId),
    /// Those whose number is this, or ends in these four digits or more.
    Find(String),
    /// Those that have one of these very numbers.
    Codes(Vec<String>),
    /// Those in stock whose tax is due soon, or was.
    Due,
    /// These.
    These(Vec<UnitId>),
    /// One, with all that became of it.
    One(UnitId),
}

/// Answer to `Task::Units`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitsAnswer {
    /// What amounts are in.
    pub currency: Currency,
    /// The pieces; of a product, a search or those due at most 200.
    pub units: Vec<UnitLine>,
    /// Pieces beyond those.
    pub more: u32,
    /// Pieces in stock in the shop that was asked for: of the product, or of all where none was.
    pub in_stock: u32,
    /// Pieces of the product on the shelf there, by the books.
    pub on_hand: Option<Quantity>,
    /// Of one piece, the rest.
    pub one: Option<UnitStory>,
}

/// A piece in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitLine {
    /// As written down last.
    pub unit: Piece,
    /// Its product's name.
    pub name: String,
    /// Price asked for its product, if any.
    pub price: Option<Paisa>,
    /// Floor of its product, if the owner set one.
    pub floor: Option<Paisa>,
    /// Where it is.
    pub place: Place,
    /// Name of that shop.
    pub shop: String,
    /// It is being mended.
    pub in_repair: bool,
    /// The sale it went with.
    pub sale: Option<UnitSale>,
    /// Days until its tax is due; negative where that day has passed.
    pub days_left: Option<i32>,
}

/// The fields of a [`Unit`]. A record leaves out what is not said, which the messages between worker and page cannot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are those of the record")]
pub struct Piece {
    pub id: UnitId,
    pub product: ProductId,
    pub shop: ShopId,
    pub imei1: Option<String>,
    pub imei2: Option<String>,
    pub serial: Option<String>,
    pub pta: PtaState,
    pub pta_deadline: Option<Day>,
    pub condition: Condition,
    pub battery_health_percent: Option<u8>,
    pub cost: Option<Paisa>,
    pub warranty_months: Option<u8>,
}

impl From<&Unit> for Piece {
    fn from(unit: &Unit) -> Self {
        Self {
            id: unit.id,
            product: unit.product,
            shop: unit.shop,
            imei1: unit.imei1.clone(),
            imei2: unit.imei2.clone(),
            serial: unit.serial.clone(),
            pta: unit.pta,
            pta_deadline: unit.pta_deadline,
            condition: unit.condition,
            battery_health_percent: unit.battery_health_percent,
            cost: unit.cost,
            warranty_months: unit.warranty_months,
        }
    }
}

impl Piece {
    /// The record of it.
    pub fn record(self, at: Timestamp) -> Unit {
        Unit {
            id: self.id,
            product: self.product,
            shop: self.shop,
            imei1: self.imei1,
            imei2: self.imei2,
            serial: self.serial,
            pta: self.pta,
            pta_deadline: self.pta_deadline,
            condition: self.condition,
            battery_health_percent: self.battery_health_percent,
            cost: self.cost,
            warranty_months: self.warranty_months,
            at,
        }
    }

    /// Its numbers, one behind the other.
    pub fn codes(&self) -> String {
        let codes = [&self.imei1, &self.imei2, &self.serial].into_iter().flatten();
        codes.map(String::as_str).collect::<Vec<_>>().join(" / ")
    }
}

/// How a used piece was bought, or taken in exchange.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bought {
    /// The day.
    pub day: Day,
    /// What was given for it.
    pub value: Paisa,
    /// By what it was paid; none in exchange.
    pub paid: Option<PaymentMethod>,
    /// Who gave it, if known.
    pub seller: Option<CustomerId>,
    /// Whether somebody asked if it was stolen.
    pub check: Option<TheftCheck>,
}

/// A sale of a piece.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitSale {
    /// Which.
    pub id: SaleId,
    /// Printed number.
    pub number: String,
    /// When.
    pub day: Day,
    /// To whom, if known.
    pub customer: Option<CustomerId>,
    /// Until when it is under warranty, where it has one.
    pub warranty: Option<Day>,
}

/// All that became of a piece.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitStory {
    /// Step by step, oldest first.
    pub steps: Vec<UnitEvent>,
    /// How it was bought used or taken in exchange last.
    pub trade: Option<Bought>,
    /// It was sold while it was not here.
    pub sold_twice: bool,
    /// Other pieces with one of its numbers.
    pub same: Vec<UnitLine>,
    /// City of the shop it is written in, for papers.
    pub city: String,
    /// Name of that shop.
    pub shop: String,
}

/// Something that happened to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitEvent {
    /// When.
    pub at: Timestamp,
    /// The shop's day.
    pub day: Day,
    /// Its document: steps of one repair carry the same.
    pub document: DocumentId,
    /// What.
    pub what: Happened,
    /// The tax state that it changed to.
    pub pta: Option<PtaState>,
    /// Name of the shop.
    pub shop: String,
    /// Receipt: number and sale.
    pub receipt: Option<(String, SaleId)>,
    /// Buyer or seller, if known.
    pub person: Option<CustomerId>,
    /// What was paid.
    pub amount: Option<Paisa>,
}

/// Answers `Task::Units`; `shop` is a position.
pub fn answer(tables: &Tables, shop: Option<usize>, ask: &UnitAsk, today: Day) -> UnitsAnswer {
    let rows = &tables.units.rows;
    let here = |row: &UnitRow| match row.place {
        Place::Stock(id) => shop.is_none_or(|shop| tables.shops[shop].id == id),
        _ => false,
    };
    let mut found: Vec<&UnitRow> = match ask {
        UnitAsk::Product(product) => rows.iter().filter(|row| row.unit.product == *product).collect(),
        UnitAsk::Find(text) => find(tables, text),
        UnitAsk::Codes(codes) => codes.iter().flat_map(|code| tables.units.with_code(code)).collect(),
        UnitAsk::Due => rows
            .iter()
            .filter(|row| here(row) && left(row, today).is_some_and(|days| days <= NEAR_DAYS))
            .collect(),
        UnitAsk::These(ids) => {
            ids.iter().filter_map(|id| tables.units.position(*id)).map(|row| &rows[row]).collect()
        }
        UnitAsk::One(id) => tables.units.position(*id).map(|row| &rows[row]).into_iter().collect(),
    };
    let stocked = found.iter().filter(|row| here(row)).count() as u32;
    match ask {
        UnitAsk::Due => crate::order::by_key(&mut found, |row| (left(row, today), row.unit.id)),
        UnitAsk::Product(_) | UnitAsk::Find(_) => {
            crate::order::by_key(&mut found, |row| {
                let in_stock = matches!(row.place, Place::Stock(_));
                let last = row.steps.last().map(|step| step.at);
                (!here(row), !in_stock, std::cmp::Reverse(last), row.unit.id)
            });
        }
        _ => {}
    }
    let product = match ask {
        UnitAsk::Product(id) => tables.product(*id),
        _ => None,
    };
    // Who asks for numbers asks for all of them.
    let most = match ask {
        UnitAsk::Codes(_) | UnitAsk::These(_) => found.len(),
        _ => MOST,
    };
    UnitsAnswer {
        currency: tables.currency(shop),
        more: found.len().saturating_sub(most) as u32,
        in_stock: stocked,
        on_hand: product.and_then(|product| tables.on_hand(shop, product)),
        one: match (ask, found.first()) {
            (UnitAsk::One(_), Some(row)) => Some(story(tables, row, today)),
            _ => None,
        },
        units: found.into_iter().take(most).map(|row| line(tables, row, today)).collect(),
    }
}

/// Pieces whose number is this text, or ends in its digits; each once.
fn find<'a>(tables: &'a Tables, text: &str) -> Vec<&'a UnitRow> {
    let (text, ending) = (text.trim(), imei::ending(text));
    let fits = |code: &str| match &ending {
        Some(digits) => code.ends_with(digits.as_str()),
        None => code.len() >= 4 && code.eq_ignore_ascii_case(text),
    };
    let mut rows: Vec<u32> =
        tables.units.codes.iter().filter(|(code, _)| fits(code)).map(|(_, row)| *row).collect();
    crate::order::by(&mut rows, Ord::cmp);
    rows.dedup();
    rows.into_iter().map(|row| &tables.units.rows[row as usize]).collect()
}

/// Pieces in stock for each product, by position.
pub fn in_stock(tables: &Tables, shop: Option<usize>) -> Vec<u32> {
    let mut all = vec![0; tables.products.len()];
    let shop = shop.map(|shop| tables.shops[shop].id);
    for row in &tables.units.rows {
        if let (Place::Stock(id), Some(product)) = (row.place, tables.product(row.unit.product))
            && shop.is_none_or(|shop| shop == id)
        {
            all[product] += 1;
        }
    }
    all
}

fn left(row: &UnitRow, today: Day) -> Option<i32> {
    row.unit
        .pta_deadline
        .filter(|_| matches!(row.unit.pta, PtaState::NonPta | PtaState::Cpid))
        .map(|day| day.0 - today.0)
}

fn shop_name(tables: &Tables, id: ShopId) -> String {
    tables.shop(id).map(|shop| tables.shops[shop].name.clone()).unwrap_or_default()
}

fn line(tables: &Tables, row: &UnitRow, today: Day) -> UnitLine {
    let product = tables.product(row.unit.product).map(|product| &tables.products[product]);
    let sale = row.sale().map(|step| {
        let day = step.at.day(tables.zone(tables.shop(step.shop)));
        UnitSale {
            id: SaleId::from_u128(step.document),
            number: step.number.as_deref().unwrap_or_default().to_owned(),
            day,
            customer: step.person,
            warranty: row.unit.warranty_months.map(|months| day.months_later(months.into())),
        }
    });
    let shop = match row.place {
        Place::Stock(shop) | Place::Way(shop) => shop,
        Place::Sold | Place::Gone => row.steps.last().map_or(row.unit.shop, |step| step.shop),
    };
    UnitLine {
        name: product.map(|product| product.label()).unwrap_or_default(),
        price: product.and_then(|product| product.price),
        floor: product.and_then(|product| product.floor),
        place: row.place,
        shop: shop_name(tables, shop),
        in_repair: row.repair.is_some(),
        sale,
        days_left: left(row, today),
        unit: Piece::from(&row.unit),
    }
}

fn story(tables: &Tables, row: &UnitRow, today: Day) -> UnitStory {
    // That a piece was written down says nothing where how it came was written in the same moment.
    let came = |at| {
        let how = |what| matches!(what, Happened::Received | Happened::TradedIn);
        row.steps.iter().any(|step| how(step.what) && step.at == at)
    };
    let events =
        row.steps.iter().filter(|step| step.what != Happened::Seen || !came(step.at)).map(|step| UnitEvent {
            at: step.at,
            day: step.at.day(tables.zone(tables.shop(step.shop))),
            document: DocumentId::from_u128(step.document),
            what: step.what,
            pta: step.what.state(),
            shop: shop_name(tables, step.shop),
            receipt: step
                .number
                .as_deref()
                .map(|number| (number.to_owned(), SaleId::from_u128(step.document))),
            person: step.person,
            amount: step.amount,
        });
    let mut same: Vec<u32> = (row.codes())
        .flat_map(|code| tables.units.with_code(code))
        .filter(|other| other.unit.id != row.unit.id)
        .filter_map(|other| tables.units.position(other.unit.id).map(|position| position as u32))
        .collect();
    crate::order::by(&mut same, Ord::cmp);
    same.dedup();
    let shop = tables.shop(row.unit.shop).map(|shop| &tables.shops[shop]);
    UnitStory {
        steps: events.collect(),
        trade: row.trades.last().map(|trade| Bought {
            day: trade.at.day(tables.zone(tables.shop(trade.shop))),
            value: trade.value,
            paid: trade.paid,
            seller: trade.seller,
            check: trade.check.clone(),
        }),
        sold_twice: row.sold_twice,
        same: same.into_iter().map(|other| line(tables, &tables.units.rows[other as usize], today)).collect(),
        city: shop.map(|shop| shop.city.clone()).unwrap_or_default(),
        shop: shop.map(|shop| shop.name.clone()).unwrap_or_default(),
    }
}
