//! `dukandar sql-report`: a shop's figures by SQL alone, from the rows that the server keeps beside the journal.
//!
//! A second opinion: no line of core computes anything here, so that equal figures from here, from `lab report` on
//! the file and from the browser say that import, sync and fold agree. The JSON has the names and units of
//! `lab report`; with `--series` it is the CSV that `lab forecast` reads. Customers are counted as written: a later
//! merge of two of them is not applied. Closings stand beside a recount of their drawers ([`drawer`]). The statements
//! beside this file run on SQLite and Postgres alike.

mod drawer;

use crate::store::{Store, StoreError, due};
use dukandar_core::{
    money::Paisa,
    quantity::Quantity,
    time::{Day, Period},
};
use serde_json::{Value, json};
use sqlx::{Row, any::AnyRow};
use std::collections::BTreeMap;

/// Products listed in the report.
const TOP: i64 = 10;

/// The eight segments in the order of `lab report`.
const SEGMENTS: [&str; 8] = [
    "champions",
    "loyal_customers",
    "potential_loyalists",
    "new_customers",
    "promising",
    "customers_needing_attention",
    "at_risk",
    "lost",
];

/// Options of `sql-report`.
#[derive(clap::Args, Debug, Default)]
pub struct SqlReportArgs {
    /// Which shop; may be left out where the store holds one only.
    #[arg(long)]
    pub shop: Option<String>,
    /// First day, YYYY-MM-DD; the shop's first when absent.
    #[arg(long, value_parser = parse_day)]
    pub from: Option<Day>,
    /// Last day; the shop's last when absent.
    #[arg(long, value_parser = parse_day)]
    pub to: Option<Day>,
    /// Instead of the report: daily pieces of this many products with most revenue, as CSV for `lab forecast`.
    #[arg(long, value_name = "PRODUCTS")]
    pub series: Option<u16>,
}

fn parse_day(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| "expected YYYY-MM-DD".to_owned())
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum SqlReportError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store holds no such shop, or several and none was named.
    #[error("--shop: expected one of {known:?}")]
    Shop {
        /// What the store holds.
        known: Vec<String>,
    },
    /// The shop has no receipts.
    #[error("the shop has no receipts")]
    Empty,
}

impl From<sqlx::Error> for SqlReportError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// What is asked of which rows.
struct Question<'a> {
    store: &'a dyn Store,
    tenant: String,
    shop: String,
    currency: String,
    period: Period,
}

/// The text that `dukandar sql-report` prints.
pub async fn text(store: &dyn Store, args: &SqlReportArgs) -> Result<String, SqlReportError> {
    // Rows of an import may still be due.
    due::finish(store).await?;
    let question = Question::of(store, args).await?;
    match args.series {
        Some(products) => question.series(products.into()).await,
        // A value of numbers and text always serialises.
        None => Ok(serde_json::to_string_pretty(&question.report().await?).unwrap_or_default()),
    }
}

impl<'a> Question<'a> {
    async fn of(store: &'a dyn Store, args: &SqlReportArgs) -> Result<Self, SqlReportError> {
        let shops = sqlx::query("SELECT tenant, shop, currency FROM shops ORDER BY tenant, shop");
        let mut shops = shops.fetch_all(store.pool()).await?;
        let name = |row: &AnyRow| row.try_get::<String, _>("shop");
        let known = shops.iter().map(name).collect::<Result<Vec<_>, _>>()?;
        if let Some(shop) = &args.shop {
            shops.retain(|row| name(row).is_ok_and(|name| name == *shop));
        }
        let [row] = &shops[..] else { return Err(SqlReportError::Shop { known }) };
        let (tenant, shop): (String, String) = (row.try_get("tenant")?, name(row)?);
        let currency = row.try_get("currency")?;
        let days = sqlx::query(include_str!("days.sql")).bind(&tenant).bind(&shop);
        let days = days.fetch_one(store.pool()).await?;
        let day = |column: &str| Day::parse(&days.try_get::<String, _>(column).unwrap_or_default());
        let (Some(first), Some(last)) = (day("first_day"), day("last_day")) else {
            return Err(SqlReportError::Empty);
        };
        let period = Period { from: args.from.unwrap_or(first), to: args.to.unwrap_or(last) };
        Ok(Self { store, tenant, shop, currency, period })
    }

    async fn report(&self) -> Result<Value, SqlReportError> {
        let (from, to) = (self.period.from.to_string(), self.period.to.to_string());
        let row = sqlx::query(include_str!("summary.sql"))
            .bind(&self.tenant)
            .bind(&self.shop)
            .bind(&from)
            .bind(&to)
            .fetch_one(self.store.pool())
            .await?;
        let whole = |column: &str| row.try_get::<i64, _>(column);
        let mut segments = BTreeMap::new();
        let rfm = sqlx::query(include_str!("rfm.sql")).bind(&self.tenant).bind(&self.shop).bind(&to);
        for row in rfm.fetch_all(self.store.pool()).await? {
            let count: (i64, i64) = (row.try_get("customers")?, row.try_get("spend_paisa")?);
            segments.insert(row.try_get::<String, _>("segment")?, count);
        }
        let segment = |name: &str| {
            let (customers, spend) = segments.get(name).copied().unwrap_or_default();
            json!({ "segment": name, "customers": customers, "spend": Paisa(spend).as_units() })
        };
        Ok(json!({
            "currency": self.currency,
            "period": { "from": from, "to": to },
            "summary": {
                "revenue": Paisa(whole("revenue_paisa")?).as_units(),
                "quantity": Quantity(whole("quantity_milli")?).as_units(),
                "sales": whole("sales")?,
                "returns": whole("returns")?,
                "returned": Paisa(whole("returned_paisa")?).as_units(),
                "lines": whole("lines")?,
                "customers": whole("customers")?,
                "products": whole("products")?,
            },
            "top_products": self.top(TOP).await?,
            "rfm": SEGMENTS.map(segment),
            "closings": self.closings().await?,
        }))
    }

    async fn top(&self, count: i64) -> Result<Vec<Value>, SqlReportError> {
        let rows = sqlx::query(include_str!("top_products.sql"))
            .bind(&self.tenant)
            .bind(&self.shop)
            .bind(self.period.from.to_string())
            .bind(self.period.to.to_string())
            .bind(count)
            .fetch_all(self.store.pool())
            .await?;
        let product = |row: &AnyRow| {
            Ok(json!({
                "product_id": row.try_get::<String, _>("product_id")?,
                "sku": row.try_get::<String, _>("sku")?,
                "name": row.try_get::<String, _>("name")?,
                "revenue": Paisa(row.try_get("revenue_paisa")?).as_units(),
                "quantity": Quantity(row.try_get("quantity_milli")?).as_units(),
            }))
        };
        rows.iter().map(product).collect()
    }

    /// `series_id,t,value`: net pieces a day from the first sale to the last day of the period, days without a sale
    /// 0, negative days 0, as the app's models learn them.
    async fn series(&self, products: i64) -> Result<String, SqlReportError> {
        let mut csv = "series_id,t,value\n".to_owned();
        for product in self.top(products).await? {
            let product = product["product_id"].as_str().unwrap_or_default();
            let rows = sqlx::query(include_str!("daily.sql"))
                .bind(&self.tenant)
                .bind(&self.shop)
                .bind(product)
                .bind(self.period.to.to_string())
                .fetch_all(self.store.pool())
                .await?;
            let mut sold = BTreeMap::new();
            for row in rows {
                let pieces = Quantity(row.try_get("quantity_milli")?).as_units();
                sold.extend(Day::parse(&row.try_get::<String, _>("day")?).map(|day| (day, pieces)));
            }
            let first = sold.keys().next().map_or(self.period.to.0 + 1, |day| day.0);
            for day in (first..=self.period.to.0).map(Day) {
                let pieces = sold.get(&day).copied().unwrap_or_default().max(0.0);
                csv += &format!("{product},{day},{pieces}\n");
            }
        }
        Ok(csv)
    }
}
