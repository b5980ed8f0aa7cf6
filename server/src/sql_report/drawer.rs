//! The drawer counted again by SQL alone: each closing of the period beside what moved since the count before it.
//!
//! It reads the journal's own texts, so that a closing that a screen showed is held against every event that the server
//! has, late ones too: where `recount` is not `expected`, something arrived after the closing.

use super::{Question, SqlReportError};
use dukandar_core::{money::Paisa, time::Day};
use serde_json::{Map, Value, json};
use sqlx::Row;

impl Question<'_> {
    /// Closings, oldest first, with what moved by cause.
    pub(super) async fn closings(&self) -> Result<Vec<Value>, SqlReportError> {
        let [data, payments] = match self.store.name() {
            "postgres" => {
                ["CAST(body AS jsonb) -> 'data'", "jsonb_array_elements(data -> 'payments') AS p (value)"]
            }
            _ => ["body -> '$.data'", "json_each(data, '$.payments') AS p"],
        };
        let text = include_str!("drawer.sql").replace("{data}", data).replace("{payments}", payments);
        let rows = sqlx::query(sqlx::AssertSqlSafe(text))
            .bind(&self.tenant)
            .bind(&self.shop)
            .bind(i64::from(self.period.from.0))
            .bind(i64::from(self.period.to.0))
            .fetch_all(self.store.pool())
            .await?;
        let mut closings: Vec<(i64, Value)> = Vec::new();
        for row in rows {
            let whole = |column: &str| row.try_get::<i64, _>(column);
            let units = |paisa: i64| Paisa(paisa).as_units();
            let at = whole("at_ms")?;
            if closings.last().is_none_or(|(known, _)| *known != at) {
                let began = whole("began")?;
                let day = Day(i32::try_from(whole("day")?).unwrap_or_default());
                closings.push((
                    at,
                    json!({
                        "day": day.to_string(), "at_ms": at, "began": units(began), "moved": Map::new(),
                        "recount": began, "expected": units(whole("expected")?), "counted": units(whole("counted")?),
                    }),
                ));
            }
            let (Some((_, closing)), cause) = (closings.last_mut(), row.try_get::<String, _>("cause")?)
            else {
                continue;
            };
            if !cause.is_empty() {
                let amount = whole("amount")?;
                closing["recount"] = (closing["recount"].as_i64().unwrap_or_default() + amount).into();
                closing["moved"][cause] = json!({ "count": whole("moved")?, "amount": units(amount) });
            }
        }
        for (_, closing) in &mut closings {
            let recount = closing["recount"].as_i64().unwrap_or_default();
            closing["recount"] = Paisa(recount).as_units().into();
        }
        Ok(closings.into_iter().map(|(_, closing)| closing).collect())
    }
}
