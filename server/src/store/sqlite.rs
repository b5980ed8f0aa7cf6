//! SQLite, bundled: the default, which needs no service at all.
//!
//! WAL with `synchronous = FULL`: what a push has acknowledged survives a power cut. Appends begin with
//! `BEGIN IMMEDIATE`, so that a writer waits at the start and never fails in the middle.

use super::{Projection, Store, StoreError};
use sqlx::{AnyPool, any::AnyPoolOptions, migrate::Migrator};
use std::path::Path;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// A SQLite file.
pub struct Sqlite {
    pool: AnyPool,
}

impl Sqlite {
    /// Opens or makes the file.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let pool = AnyPoolOptions::new()
            .max_connections(8)
            .after_connect(|connection, _| {
                Box::pin(async move {
                    for pragma in [
                        "PRAGMA busy_timeout = 15000",
                        "PRAGMA journal_mode = WAL",
                        "PRAGMA synchronous = FULL",
                        "PRAGMA foreign_keys = ON",
                        "PRAGMA cache_size = -65536",
                        "PRAGMA secure_delete = ON",
                    ] {
                        sqlx::raw_sql(pragma).execute(&mut *connection).await?;
                    }
                    Ok(())
                })
            })
            .connect(&format!("sqlite://{}?mode=rwc", path.display()))
            .await?;
        Ok(Self { pool })
    }
}

impl Store for Sqlite {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    fn pool(&self) -> &AnyPool {
        &self.pool
    }

    fn migrations(&self) -> &'static Migrator {
        &MIGRATIONS
    }

    fn begin_append(&self) -> &'static str {
        "BEGIN IMMEDIATE"
    }

    fn lock_head(&self) -> &'static str {
        "SELECT head, digest FROM streams WHERE tenant = $1 AND stream = $2"
    }

    fn events_by_id(&self) -> &'static str {
        "SELECT event_id, hash, version FROM events
         WHERE tenant = $1 AND event_id IN (SELECT value FROM json_each($2))"
    }

    fn quarantined_by_id(&self) -> &'static str {
        "SELECT event_id, hash, reason, detail FROM quarantine
         WHERE tenant = $1 AND event_id IN (SELECT value FROM json_each($2))"
    }

    fn among(&self) -> &'static str {
        "(SELECT value FROM json_each($2))"
    }

    fn lock_due(&self) -> &'static str {
        "SELECT next_line FROM due_segments WHERE tenant = $1 AND hash = $2"
    }

    fn after_erasure(&self) -> Option<&'static str> {
        Some("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    fn insert(&self, table: Projection) -> &'static str {
        match table {
            Projection::SaleLines => {
                "INSERT INTO sale_lines (tenant, sale_id, line, shop_id, at_ms, day, number, customer_id, product_id,
                     quantity_milli, unit_price_paisa, discount_paisa, amount_paisa, unit_cost_paisa, is_return)
                 SELECT $1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
                     value ->> 7, value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12, value ->> 13
                 FROM json_each($2) WHERE true ON CONFLICT DO NOTHING"
            }
            Projection::Products => {
                "INSERT INTO products (tenant, product_id, name, sku, category, brand, retired, edited)
                 SELECT $1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, 1
                 FROM json_each($2) WHERE true
                 ON CONFLICT (tenant, product_id) DO UPDATE SET
                     name = coalesce(excluded.name, name), sku = coalesce(excluded.sku, sku),
                     category = coalesce(excluded.category, category), brand = coalesce(excluded.brand, brand),
                     retired = coalesce(excluded.retired, retired), edited = 1"
            }
            Projection::ProductNames => {
                "INSERT INTO products (tenant, product_id, name, sku, category, brand, edited)
                 SELECT $1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, 0
                 FROM json_each($2) WHERE true
                 ON CONFLICT (tenant, product_id) DO UPDATE SET
                     name = CASE edited WHEN 1 THEN coalesce(name, excluded.name)
                         ELSE coalesce(excluded.name, name) END,
                     sku = CASE edited WHEN 1 THEN coalesce(sku, excluded.sku)
                         ELSE coalesce(excluded.sku, sku) END,
                     category = CASE edited WHEN 1 THEN coalesce(category, excluded.category)
                         ELSE coalesce(excluded.category, category) END,
                     brand = CASE edited WHEN 1 THEN coalesce(brand, excluded.brand)
                         ELSE coalesce(excluded.brand, brand) END"
            }
            Projection::AiModels => {
                "INSERT INTO ai_models (tenant, id, name, version, algorithm, status, accuracy_metrics, last_trained,
                     next_training, configuration)
                 SELECT $1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value -> 5, value ->> 6,
                     value ->> 7, value -> 8
                 FROM json_each($2) WHERE true ON CONFLICT DO NOTHING"
            }
            Projection::ModelPredictions => {
                "INSERT INTO model_predictions (tenant, id, model_id, shop_id, prediction_type, entity_id,
                     prediction_data, confidence_score, prediction_date, created_at)
                 SELECT $1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value -> 5, value ->> 6,
                     value ->> 7, value ->> 8
                 FROM json_each($2) WHERE true ON CONFLICT DO NOTHING"
            }
            Projection::FeatureStore => {
                "INSERT INTO feature_store (tenant, id, shop_id, entity_type, entity_id, feature_set, features,
                     computed_at, expires_at)
                 SELECT $1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value -> 5, value ->> 6,
                     value ->> 7
                 FROM json_each($2) WHERE true ON CONFLICT DO NOTHING"
            }
        }
    }

    fn judge_prediction(&self) -> &'static str {
        "UPDATE model_predictions SET actual_outcome = $3, accuracy_score = $4 WHERE tenant = $1 AND id = $2"
    }
}
