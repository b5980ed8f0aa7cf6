//! Rows for SQL beside the journal: sale lines, products, shops, grants, and the history of predictions.
//!
//! Written in the transaction that appends, so that a sum in SQL never differs from what the journal says. Only the
//! lines of an import come later, in steps ([`due`](super::due)): while `due_segments` names one of a tenant's,
//! sums over its lines are not complete. No figure is computed here: lines come from records and segments as core
//! reads them, returns count negative.

use super::{Projection, Store, StoreError, Tx, json, word};
use dukandar_core::{
    fold::{SaleLineRow, lines_of_segment, sale_lines_of},
    id::{CustomerId, ProductId, SaleId, ShopId, TenantId},
    record::{Import, PredictionIssued, PredictionOutcome, Product, Record},
    table::{ReceiptKind, segment::Segment},
    time::{Timestamp, Zone},
};
use serde::Serialize;
use serde_json::Value;

/// Lines per insert: enough to make the call's cost vanish, few enough to keep its text small.
pub(super) const ROWS_PER_INSERT: usize = 2_000;

/// A row of `sale_lines` after the tenant, in column order.
#[derive(Serialize)]
struct LineRow(
    SaleId,
    u32,
    ShopId,
    i64,
    String,
    String,
    Option<CustomerId>,
    ProductId,
    i64,
    i64,
    i64,
    i64,
    Option<i64>,
    u8,
);

impl LineRow {
    fn of(line: &SaleLineRow<'_>) -> Self {
        Self(
            line.sale,
            line.line,
            line.shop,
            line.at.0,
            line.day.to_string(),
            line.number.to_owned(),
            line.customer,
            line.product,
            line.quantity.0,
            line.unit_price.0,
            line.discount.0,
            line.amount.0,
            line.unit_cost.map(|cost| cost.0),
            u8::from(line.kind == ReceiptKind::Return),
        )
    }
}

/// A row of `products` after the tenant, in column order.
#[derive(Serialize)]
struct ProductRow(String, Option<String>, Option<String>, Option<String>, Option<String>, Option<u8>);

/// Rows of one transaction, collected and then written in bulk.
#[derive(Default)]
pub struct Rows {
    lines: Vec<LineRow>,
    products: Vec<ProductRow>,
    issued: Vec<PredictionIssued>,
    judged: Vec<PredictionOutcome>,
    imports: Vec<Import>,
    others: Vec<Record>,
}

impl Rows {
    /// Notes what an accepted record changes.
    pub fn add(&mut self, record: Record) {
        match record {
            sold @ (Record::Sale(_) | Record::Return(_)) => {
                self.lines.extend(sale_lines_of(&sold).iter().map(LineRow::of));
            }
            Record::Product(Product { id, fields, .. }) => self.products.push(ProductRow(
                id.to_string(),
                fields.name,
                fields.sku,
                fields.category,
                fields.brand,
                fields.retired.map(u8::from),
            )),
            Record::Import(import) => self.imports.push(import),
            Record::PredictionIssued(issued) => self.issued.push(issued),
            Record::PredictionOutcome(outcome) => self.judged.push(outcome),
            other @ (Record::Shop(_) | Record::Grant(_)) => self.others.push(other),
            _ => {}
        }
    }

    /// Writes everything.
    pub async fn write(
        self,
        store: &dyn Store,
        tx: &mut Tx,
        tenant: TenantId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        insert(store, tx, tenant, Projection::SaleLines, &self.lines).await?;
        for product in &self.products {
            // One by one: a statement may not touch a row twice, and later edits must win.
            insert(store, tx, tenant, Projection::Products, std::slice::from_ref(product)).await?;
        }
        let segments = self.imports.iter().flat_map(|import| &import.segments);
        for (place, segment) in segments.enumerate() {
            // Half a million lines would hold the writer for seconds: they are written in steps of their own.
            sqlx::query(
                "INSERT INTO due_segments (tenant, hash, position, next_line) VALUES ($1, $2, $3, 0)
                 ON CONFLICT DO NOTHING",
            )
            .bind(tenant.to_string())
            .bind(&segment.hash)
            .bind(now.0 * 1_000 + place.min(999) as i64)
            .execute(&mut **tx)
            .await?;
        }
        for issued in &self.issued {
            write_predictions(store, tx, tenant, issued).await?;
        }
        for outcome in &self.judged {
            sqlx::query(store.judge_prediction())
                .bind(tenant.to_string())
                .bind(outcome.prediction.to_string())
                .bind(outcome.actual_outcome.to_string())
                .bind(outcome.accuracy_score)
                .execute(&mut **tx)
                .await?;
        }
        for record in &self.others {
            match record {
                Record::Shop(shop) => write_shop(tx, tenant, shop).await?,
                Record::Grant(grant) => write_grant(tx, tenant, grant).await?,
                _ => {}
            }
        }
        Ok(())
    }
}

async fn insert<T: Serialize>(
    store: &dyn Store,
    tx: &mut Tx,
    tenant: TenantId,
    table: Projection,
    rows: &[T],
) -> Result<(), StoreError> {
    for rows in rows.chunks(ROWS_PER_INSERT) {
        sqlx::query(store.insert(table))
            .bind(tenant.to_string())
            .bind(json(&rows))
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// The product names of a segment.
pub(super) async fn write_names(
    store: &dyn Store,
    tx: &mut Tx,
    tenant: TenantId,
    segment: &Segment,
) -> Result<(), StoreError> {
    let names: Vec<_> = segment
        .products
        .iter()
        .map(|product| {
            (product.id.to_string(), &product.name, &product.sku, &product.category, &product.brand)
        })
        .collect();
    insert(store, tx, tenant, Projection::ProductNames, &names).await
}

/// Some lines of a segment.
pub(super) async fn write_lines(
    store: &dyn Store,
    tx: &mut Tx,
    tenant: TenantId,
    segment: &Segment,
    lines: std::ops::Range<usize>,
) -> Result<(), StoreError> {
    let rows: Vec<LineRow> = lines_of_segment(segment)
        .skip(lines.start)
        .take(lines.len())
        .map(|line| LineRow::of(&line))
        .collect();
    insert(store, tx, tenant, Projection::SaleLines, &rows).await
}

async fn write_predictions(
    store: &dyn Store,
    tx: &mut Tx,
    tenant: TenantId,
    issued: &PredictionIssued,
) -> Result<(), StoreError> {
    let time = |at: Timestamp| at.rfc3339(Zone { offset_minutes: 0 });
    let model = &issued.model;
    let model = (
        model.id,
        &model.name,
        &model.version,
        &model.algorithm,
        &model.status,
        &model.accuracy_metrics,
        model.last_trained.map(time),
        model.next_training.map(time),
        &model.configuration,
    );
    insert(store, tx, tenant, Projection::AiModels, &[model]).await?;
    let predictions: Vec<_> = issued
        .predictions
        .iter()
        .map(|row| {
            let (kind, data, score) = (&row.prediction_type, &row.prediction_data, row.confidence_score);
            let (day, at) = (row.prediction_date.to_string(), time(row.created_at));
            (row.id, row.model_id, row.shop_id, kind, &row.entity_id, data, score, day, at)
        })
        .collect();
    insert(store, tx, tenant, Projection::ModelPredictions, &predictions).await?;
    let features: Vec<_> = issued
        .features
        .iter()
        .map(|row| {
            let (at, until) = (time(row.computed_at), row.expires_at.map(time));
            let (kind, set, values): (_, _, &Value) = (&row.entity_type, &row.feature_set, &row.features);
            (row.id, row.shop_id, kind, &row.entity_id, set, values, at, until)
        })
        .collect();
    insert(store, tx, tenant, Projection::FeatureStore, &features).await
}

async fn write_shop(
    tx: &mut Tx,
    tenant: TenantId,
    shop: &dukandar_core::record::Shop,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO shops (tenant, shop, name, code, city, currency, offset_minutes)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (tenant, shop) DO UPDATE SET name = excluded.name, code = excluded.code, city = excluded.city,
             currency = excluded.currency, offset_minutes = excluded.offset_minutes",
    )
    .bind(tenant.to_string())
    .bind(shop.id.to_string())
    .bind(&shop.name)
    .bind(&shop.code)
    .bind(&shop.city)
    .bind(shop.currency.code())
    .bind(i64::from(shop.zone.offset_minutes))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A grant reaches only people of this business; an older version changes nothing.
async fn write_grant(
    tx: &mut Tx,
    tenant: TenantId,
    grant: &dukandar_core::record::Grant,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE grants SET role = $3, shops = $4, version = $5
         WHERE tenant = $1 AND user_id = $2 AND version < $5",
    )
    .bind(tenant.to_string())
    .bind(grant.user.to_string())
    .bind(word(&grant.role))
    .bind(json(&grant.shops))
    .bind(i64::from(grant.version))
    .execute(&mut **tx)
    .await?;
    Ok(())
}
