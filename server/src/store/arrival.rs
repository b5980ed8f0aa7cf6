//! What is noted when an event arrives: accepted in any case, and flagged where someone should look.
//!
//! - **Oversold**: after the sale a known shelf is below zero. As in the fold, a shelf is known from its first receipt,
//!   count or other movement on, and sales before that move nothing.
//! - **UnitSoldTwice**: the piece (IMEI) belongs to another sale and did not come back since.
//! - **StalePrice**: the price charged was the shop's price once, and by the day of the sale another device had set a
//!   newer one. A price that never was one is bargained, not stale.
//! - **Clash**: a field of a product or customer was changed by another device after the version that this edit had
//!   seen, to another value. The later one in the server's order stands; the earlier event keeps what it said.
//!
//! Judged against what had arrived by then, under the lock of the event's stream.

use super::{Store, StoreError, Tx, json};
use dukandar_core::{
    fold::movements_of,
    id::{ProductId, ShopId, TenantId},
    record::{PriceKind, Record, SaleLine},
    sync::event::{Event, Flag, Stream},
};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use sqlx::Row;
use std::collections::{BTreeMap, BTreeSet};

/// Rows that bear on the events of one push; written back with them.
pub struct Arrivals {
    tenant: String,
    shelves: BTreeMap<(ShopId, ProductId), Shelf>,
    prices: BTreeMap<ProductId, Vec<Dated>>,
    /// Sales that are in the journal: a second copy under another event moves nothing.
    sales: BTreeSet<String>,
    /// Lines sold by earlier events of this push: their rows are not written yet.
    sold: Vec<(ShopId, ProductId, i64, i64)>,
}

#[derive(Clone, Copy, Default)]
struct Shelf {
    /// None while no movement was written down.
    known_from_ms: Option<i64>,
    moved_milli: i64,
    sold_milli: i64,
    is_changed: bool,
}

/// A retail price, in order of its day and then of arrival.
#[derive(Clone)]
struct Dated {
    shop: Option<ShopId>,
    from_ms: i64,
    price_paisa: i64,
    device: String,
}

impl Arrivals {
    /// Reads what bears on these events.
    pub async fn of(
        store: &dyn Store,
        tx: &mut Tx,
        tenant: TenantId,
        events: &[Event],
    ) -> Result<Self, StoreError> {
        let mut arrivals = Self {
            tenant: tenant.to_string(),
            shelves: BTreeMap::new(),
            prices: BTreeMap::new(),
            sales: BTreeSet::new(),
            sold: Vec::new(),
        };
        let (mut products, mut sales) = (BTreeSet::new(), BTreeSet::new());
        for record in events.iter().filter_map(|event| event.record().ok()) {
            products.extend(movements_of(&record).iter().map(|it| it.product));
            if let Some((sale, ..)) = receipt_of(&record) {
                sales.insert(sale);
            }
        }
        if !products.is_empty() {
            arrivals.read(store, tx, &products, &sales).await?;
        }
        Ok(arrivals)
    }

    async fn read(
        &mut self,
        store: &dyn Store,
        tx: &mut Tx,
        products: &BTreeSet<ProductId>,
        sales: &BTreeSet<String>,
    ) -> Result<(), StoreError> {
        let among = store.among();
        let shelves = format!(
            "SELECT shop_id, product_id, known_from_ms, moved_milli, sold_milli FROM shelves
             WHERE tenant = $1 AND product_id IN {among}"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(shelves)).bind(&self.tenant).bind(json(products));
        for row in rows.fetch_all(&mut **tx).await? {
            let place =
                (super::read_id(&row, "shelves", "shop_id")?, super::read_id(&row, "shelves", "product_id")?);
            let shelf = Shelf {
                known_from_ms: Some(row.try_get("known_from_ms")?),
                moved_milli: row.try_get("moved_milli")?,
                sold_milli: row.try_get("sold_milli")?,
                is_changed: false,
            };
            self.shelves.insert(place, shelf);
        }
        let prices = format!(
            "SELECT product_id, shop_id, from_ms, price_paisa, device FROM prices
             WHERE tenant = $1 AND product_id IN {among} ORDER BY from_ms, version"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(prices)).bind(&self.tenant).bind(json(products));
        for row in rows.fetch_all(&mut **tx).await? {
            let shop: String = row.try_get("shop_id")?;
            let dated = Dated {
                shop: shop.parse().ok(),
                from_ms: row.try_get("from_ms")?,
                price_paisa: row.try_get("price_paisa")?,
                device: row.try_get("device")?,
            };
            self.prices.entry(super::read_id(&row, "prices", "product_id")?).or_default().push(dated);
        }
        let known =
            format!("SELECT DISTINCT sale_id FROM sale_lines WHERE tenant = $1 AND sale_id IN {among}");
        let rows = sqlx::query(sqlx::AssertSqlSafe(known)).bind(&self.tenant).bind(json(sales));
        for row in rows.fetch_all(&mut **tx).await? {
            self.sales.insert(row.try_get("sale_id")?);
        }
        Ok(())
    }

    /// Takes in sales again whose rows are written already; shelves must be counted anew afterwards.
    pub fn forget_sales(&mut self) {
        self.sales.clear();
    }

    /// Takes in an event that is being appended at `version`, and says what to note of it.
    pub async fn note(
        &mut self,
        tx: &mut Tx,
        event: &Event,
        record: &Record,
        version: u64,
    ) -> Result<Vec<Flag>, StoreError> {
        let mut flags = Vec::new();
        match record {
            Record::Sale(_) | Record::Return(_) => flags = self.note_receipt(tx, event, record).await?,
            Record::Price(price) if price.kind == PriceKind::Retail => {
                let dated = Dated {
                    shop: price.shop,
                    from_ms: price.from.0,
                    price_paisa: price.price.0,
                    device: event.device.to_string(),
                };
                self.write_price(tx, price.product, &dated, version).await?;
            }
            Record::Product(it) => {
                let (id, fields) = (it.id.to_string(), fields_of(&it.fields));
                if self.note_edit(tx, event, &id, it.base_version, fields, version).await? {
                    flags.push(Flag::Clash);
                }
            }
            Record::Customer(it) => {
                let fields = fields_of(
                    &serde_json::json!({ "code": it.code, "person": it.person, "limit": it.limit }),
                );
                if self.note_edit(tx, event, &it.id.to_string(), it.base_version, fields, version).await? {
                    flags.push(Flag::Clash);
                }
            }
            Record::TradeIn(it) => self.unit_came(tx, &it.unit.to_string()).await?,
            Record::SupplierReceipt(it) => {
                for unit in it.lines.iter().flat_map(|line| &line.units) {
                    self.unit_came(tx, &unit.to_string()).await?;
                }
            }
            _ => {}
        }
        if receipt_of(record).is_none() {
            self.note_movements(tx, record).await?;
        }
        Ok(flags)
    }

    async fn note_receipt(
        &mut self,
        tx: &mut Tx,
        event: &Event,
        record: &Record,
    ) -> Result<Vec<Flag>, StoreError> {
        let Some((id, lines, is_sale)) = receipt_of(record) else { return Ok(Vec::new()) };
        if !self.sales.insert(id.clone()) {
            return Ok(Vec::new());
        }
        let mut flags = BTreeSet::new();
        for it in movements_of(record) {
            let sold = -it.quantity.0;
            self.sold.push((it.shop, it.product, it.at.0, sold));
            let Some(shelf) = self.shelves.get_mut(&(it.shop, it.product)) else { continue };
            if shelf.known_from_ms.is_none_or(|from| from > it.at.0) {
                continue;
            }
            shelf.sold_milli += sold;
            shelf.is_changed = true;
            if is_sale && shelf.moved_milli < shelf.sold_milli {
                flags.insert(Flag::Oversold);
            }
        }
        if let Record::Sale(sale) = record
            && sale.lines.iter().any(|line| self.is_stale(event, sale.shop, sale.at.0, line))
        {
            flags.insert(Flag::StalePrice);
        }
        for unit in lines.iter().flat_map(|line| &line.units) {
            if !is_sale {
                self.unit_came(tx, &unit.to_string()).await?;
            } else if self.unit_went(tx, &unit.to_string(), &id).await? {
                flags.insert(Flag::UnitSoldTwice);
            }
        }
        Ok(flags.into_iter().collect())
    }

    fn is_stale(&self, event: &Event, shop: ShopId, at_ms: i64, line: &SaleLine) -> bool {
        let Some(prices) = self.prices.get(&line.product) else { return false };
        let here = |it: &&Dated| it.from_ms <= at_ms && it.shop.is_none_or(|other| other == shop);
        let mut valid = prices.iter().filter(here);
        let charged = line.unit_price.0;
        let Some(newest) = valid.next_back() else { return false };
        newest.price_paisa != charged
            && newest.device != event.device.to_string()
            && valid.any(|older| older.price_paisa == charged)
    }

    /// Movements other than sales. The first one, or an earlier one than the first, decides which sales count.
    async fn note_movements(&mut self, tx: &mut Tx, record: &Record) -> Result<(), StoreError> {
        for it in movements_of(record) {
            let mut shelf = self.shelves.get(&(it.shop, it.product)).copied().unwrap_or_default();
            shelf.moved_milli += it.quantity.0;
            shelf.is_changed = true;
            if shelf.known_from_ms.is_none_or(|from| it.at.0 < from) {
                shelf.known_from_ms = Some(it.at.0);
                let row = sqlx::query(
                    "SELECT CAST(coalesce(sum(quantity_milli), 0) AS BIGINT) AS sold FROM sale_lines
                     WHERE tenant = $1 AND shop_id = $2 AND product_id = $3 AND at_ms >= $4",
                )
                .bind(&self.tenant)
                .bind(it.shop.to_string())
                .bind(it.product.to_string())
                .bind(it.at.0)
                .fetch_one(&mut **tx)
                .await?;
                let of_push = self.sold.iter().filter(|(shop, product, at_ms, _)| {
                    (*shop, *product) == (it.shop, it.product) && *at_ms >= it.at.0
                });
                shelf.sold_milli =
                    row.try_get::<i64, _>("sold")? + of_push.map(|(.., sold)| sold).sum::<i64>();
            }
            self.shelves.insert((it.shop, it.product), shelf);
        }
        Ok(())
    }

    async fn write_price(
        &mut self,
        tx: &mut Tx,
        product: ProductId,
        dated: &Dated,
        version: u64,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO prices (tenant, product_id, shop_id, from_ms, version, price_paisa, device)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        )
        .bind(&self.tenant)
        .bind(product.to_string())
        .bind(dated.shop.map(|shop| shop.to_string()).unwrap_or_default())
        .bind(dated.from_ms)
        .bind(version as i64)
        .bind(dated.price_paisa)
        .bind(&dated.device)
        .execute(&mut **tx)
        .await?;
        let prices = self.prices.entry(product).or_default();
        let place = prices.partition_point(|it| it.from_ms <= dated.from_ms);
        prices.insert(place, dated.clone());
        Ok(())
    }

    /// Notes who holds a piece now; true if another sale held it. The insert comes first: of two pushes to different
    /// shops at once, the second waits for the first here.
    async fn unit_went(&self, tx: &mut Tx, unit: &str, sale: &str) -> Result<bool, StoreError> {
        let new = sqlx::query(
            "INSERT INTO sold_units (tenant, unit_id, sale_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(&self.tenant)
        .bind(unit)
        .bind(sale)
        .execute(&mut **tx)
        .await?;
        if new.rows_affected() > 0 {
            return Ok(false);
        }
        let row = sqlx::query("SELECT sale_id FROM sold_units WHERE tenant = $1 AND unit_id = $2")
            .bind(&self.tenant)
            .bind(unit)
            .fetch_one(&mut **tx)
            .await?;
        let holder: Option<String> = row.try_get("sale_id")?;
        sqlx::query("UPDATE sold_units SET sale_id = $3 WHERE tenant = $1 AND unit_id = $2")
            .bind(&self.tenant)
            .bind(unit)
            .bind(sale)
            .execute(&mut **tx)
            .await?;
        Ok(holder.is_some_and(|holder| holder != sale))
    }

    async fn unit_came(&self, tx: &mut Tx, unit: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE sold_units SET sale_id = NULL WHERE tenant = $1 AND unit_id = $2")
            .bind(&self.tenant)
            .bind(unit)
            .execute(&mut **tx)
            .await?;
        Ok(())
    }

    /// Notes who wrote these fields; true if one of them was written meanwhile by another device, and otherwise.
    async fn note_edit(
        &self,
        tx: &mut Tx,
        event: &Event,
        entity: &str,
        base_version: Option<u64>,
        fields: BTreeMap<String, String>,
        version: u64,
    ) -> Result<bool, StoreError> {
        let known = sqlx::query(
            "SELECT field, version, device, value_sha256 FROM field_writes WHERE tenant = $1 AND entity = $2",
        )
        .bind(&self.tenant)
        .bind(entity)
        .fetch_all(&mut **tx)
        .await?;
        let mut clashes = false;
        for row in known {
            let Some(value) = fields.get(&row.try_get::<String, _>("field")?) else { continue };
            let is_unseen = base_version.is_some_and(|base| {
                row.try_get::<i64, _>("version").is_ok_and(|version| version as u64 > base)
            });
            clashes |= is_unseen
                && row.try_get::<String, _>("device")? != event.device.to_string()
                && row.try_get::<String, _>("value_sha256")? != *value;
        }
        for (field, value) in &fields {
            sqlx::query(
                "INSERT INTO field_writes (tenant, entity, field, version, device, value_sha256)
                 VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (tenant, entity, field) DO UPDATE SET version = excluded.version,
                     device = excluded.device, value_sha256 = excluded.value_sha256",
            )
            .bind(&self.tenant)
            .bind(entity)
            .bind(field)
            .bind(version as i64)
            .bind(event.device.to_string())
            .bind(value)
            .execute(&mut **tx)
            .await?;
        }
        Ok(clashes)
    }

    /// Writes the shelves that changed.
    pub async fn write(self, tx: &mut Tx) -> Result<(), StoreError> {
        for ((shop, product), shelf) in self.shelves.into_iter().filter(|(_, shelf)| shelf.is_changed) {
            let Some(known_from_ms) = shelf.known_from_ms else { continue };
            sqlx::query(
                "INSERT INTO shelves (tenant, shop_id, product_id, known_from_ms, moved_milli, sold_milli)
                 VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (tenant, shop_id, product_id) DO UPDATE SET known_from_ms = excluded.known_from_ms,
                     moved_milli = excluded.moved_milli, sold_milli = excluded.sold_milli",
            )
            .bind(&self.tenant)
            .bind(shop.to_string())
            .bind(product.to_string())
            .bind(known_from_ms)
            .bind(shelf.moved_milli)
            .bind(shelf.sold_milli)
            .execute(&mut **tx)
            .await?;
        }
        Ok(())
    }
}

/// What was sold since a shelf is known, by the rows.
const SOLD: &str =
    "UPDATE shelves SET sold_milli = (SELECT CAST(coalesce(sum(l.quantity_milli), 0) AS BIGINT)
     FROM sale_lines l WHERE l.tenant = shelves.tenant AND l.shop_id = shelves.shop_id
         AND l.product_id = shelves.product_id AND l.at_ms >= shelves.known_from_ms)";

/// Counts every shelf anew.
pub async fn recount_all(tx: &mut Tx) -> Result<(), StoreError> {
    sqlx::query(SOLD).execute(&mut **tx).await?;
    Ok(())
}

/// Counts anew what was sold of these products where a shelf is known: after rows of an import came in.
pub async fn recount(
    store: &dyn Store,
    tx: &mut Tx,
    tenant: TenantId,
    shop: ShopId,
    products: &[ProductId],
) -> Result<(), StoreError> {
    // The lock under which sales move the shelves of this shop.
    let lock =
        sqlx::query(store.lock_head()).bind(tenant.to_string()).bind(super::stream_name(Stream::Shop(shop)));
    lock.fetch_optional(&mut **tx).await?;
    let sql = format!("{SOLD} WHERE tenant = $1 AND shop_id = $3 AND product_id IN {}", store.among());
    sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(tenant.to_string())
        .bind(json(&products))
        .bind(shop.to_string())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Id and lines of a receipt, and whether it is a sale.
fn receipt_of(record: &Record) -> Option<(String, &[SaleLine], bool)> {
    match record {
        Record::Sale(sale) => Some((sale.id.to_string(), &sale.lines, true)),
        Record::Return(back) => Some((back.id.to_string(), &back.lines, false)),
        _ => None,
    }
}

/// The fields that an edit sets, each with the SHA-256 of its value.
fn fields_of<T: Serialize>(fields: &T) -> BTreeMap<String, String> {
    // Plain structs always serialise.
    let Ok(Value::Object(fields)) = serde_json::to_value(fields) else { return BTreeMap::new() };
    let hash =
        |value: Value| dukandar_core::privacy::seal::to_hex(&Sha256::digest(value.to_string().as_bytes()));
    fields
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| (name, hash(value)))
        .collect()
}
