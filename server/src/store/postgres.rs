//! Postgres: the store in production. Stateless servers may share one; a stream's head row is the only lock.

use super::{Projection, Store, StoreError};
use sqlx::{AnyPool, any::AnyPoolOptions, migrate::Migrator};
use std::time::Duration;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// A Postgres database.
pub struct Postgres {
    pool: AnyPool,
}

impl Postgres {
    /// Connects.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let pool = AnyPoolOptions::new()
            .max_connections(16)
            .acquire_timeout(Duration::from_secs(10))
            .connect(url)
            .await?;
        Ok(Self { pool })
    }
}

impl Store for Postgres {
    fn name(&self) -> &'static str {
        "postgres"
    }

    fn pool(&self) -> &AnyPool {
        &self.pool
    }

    fn migrations(&self) -> &'static Migrator {
        &MIGRATIONS
    }

    fn begin_append(&self) -> &'static str {
        "BEGIN"
    }

    fn lock_head(&self) -> &'static str {
        "SELECT head, digest FROM streams WHERE tenant = $1 AND stream = $2 FOR UPDATE"
    }

    fn events_by_id(&self) -> &'static str {
        "SELECT event_id, hash, version FROM events
         WHERE tenant = $1 AND event_id IN (SELECT json_array_elements_text(CAST($2 AS json)))"
    }

    fn quarantined_by_id(&self) -> &'static str {
        "SELECT event_id, hash, reason, detail FROM quarantine
         WHERE tenant = $1 AND event_id IN (SELECT json_array_elements_text(CAST($2 AS json)))"
    }

    fn among(&self) -> &'static str {
        "(SELECT json_array_elements_text(CAST($2 AS json)))"
    }

    fn lock_due(&self) -> &'static str {
        "SELECT next_line FROM due_segments WHERE tenant = $1 AND hash = $2 FOR UPDATE SKIP LOCKED"
    }

    fn after_erasure(&self) -> Option<&'static str> {
        None
    }

    fn insert(&self, table: Projection) -> &'static str {
        match table {
            Projection::SaleLines => {
                "INSERT INTO sale_lines (tenant, sale_id, line, shop_id, at_ms, day, number, customer_id, product_id,
                     quantity_milli, unit_price_paisa, discount_paisa, amount_paisa, unit_cost_paisa, is_return)
                 SELECT $1, r ->> 0, (r ->> 1)::bigint, r ->> 2, (r ->> 3)::bigint, (r ->> 4)::date, r ->> 5, r ->> 6,
                     r ->> 7, (r ->> 8)::bigint, (r ->> 9)::bigint, (r ->> 10)::bigint, (r ->> 11)::bigint,
                     (r ->> 12)::bigint, (r ->> 13)::bigint
                 FROM jsonb_array_elements(CAST($2 AS jsonb)) AS rows (r) ON CONFLICT DO NOTHING"
            }
            Projection::Products => {
                "INSERT INTO products (tenant, product_id, name, sku, category, brand, retired, edited)
                 SELECT $1, r ->> 0, r ->> 1, r ->> 2, r ->> 3, r ->> 4, (r ->> 5)::bigint, 1
                 FROM jsonb_array_elements(CAST($2 AS jsonb)) AS rows (r)
                 ON CONFLICT (tenant, product_id) DO UPDATE SET
                     name = coalesce(excluded.name, products.name), sku = coalesce(excluded.sku, products.sku),
                     category = coalesce(excluded.category, products.category),
                     brand = coalesce(excluded.brand, products.brand), retired = coalesce(excluded.retired, products.retired), edited = 1"
            }
            Projection::ProductNames => {
                "INSERT INTO products (tenant, product_id, name, sku, category, brand, edited)
                 SELECT $1, r ->> 0, r ->> 1, r ->> 2, r ->> 3, r ->> 4, 0
                 FROM jsonb_array_elements(CAST($2 AS jsonb)) AS rows (r)
                 ON CONFLICT (tenant, product_id) DO UPDATE SET
                     name = CASE products.edited WHEN 1 THEN coalesce(products.name, excluded.name)
                         ELSE coalesce(excluded.name, products.name) END,
                     sku = CASE products.edited WHEN 1 THEN coalesce(products.sku, excluded.sku)
                         ELSE coalesce(excluded.sku, products.sku) END,
                     category = CASE products.edited WHEN 1 THEN coalesce(products.category, excluded.category)
                         ELSE coalesce(excluded.category, products.category) END,
                     brand = CASE products.edited WHEN 1 THEN coalesce(products.brand, excluded.brand)
                         ELSE coalesce(excluded.brand, products.brand) END"
            }
            Projection::AiModels => {
                "INSERT INTO ai_models (tenant, id, name, version, algorithm, status, accuracy_metrics, last_trained,
                     next_training, configuration)
                 SELECT $1, r ->> 0, r ->> 1, r ->> 2, r ->> 3, r ->> 4, r -> 5, (r ->> 6)::timestamptz,
                     (r ->> 7)::timestamptz, r -> 8
                 FROM jsonb_array_elements(CAST($2 AS jsonb)) AS rows (r) ON CONFLICT DO NOTHING"
            }
            Projection::ModelPredictions => {
                "INSERT INTO model_predictions (tenant, id, model_id, shop_id, prediction_type, entity_id,
                     prediction_data, confidence_score, prediction_date, created_at)
                 SELECT $1, r ->> 0, r ->> 1, r ->> 2, r ->> 3, r ->> 4, r -> 5, (r ->> 6)::numeric,
                     (r ->> 7)::date, (r ->> 8)::timestamptz
                 FROM jsonb_array_elements(CAST($2 AS jsonb)) AS rows (r) ON CONFLICT DO NOTHING"
            }
            Projection::FeatureStore => {
                "INSERT INTO feature_store (tenant, id, shop_id, entity_type, entity_id, feature_set, features,
                     computed_at, expires_at)
                 SELECT $1, r ->> 0, r ->> 1, r ->> 2, r ->> 3, r ->> 4, r -> 5, (r ->> 6)::timestamptz,
                     (r ->> 7)::timestamptz
                 FROM jsonb_array_elements(CAST($2 AS jsonb)) AS rows (r) ON CONFLICT DO NOTHING"
            }
        }
    }

    fn judge_prediction(&self) -> &'static str {
        "UPDATE model_predictions SET actual_outcome = CAST($3 AS jsonb), accuracy_score = CAST($4 AS numeric)
         WHERE tenant = $1 AND id = $2"
    }
}
