//! Answers kept in the database: one per question, with the task and the version of the tables behind it.
//! The page reads the last one at a cold start; the worker writes each new one.

use super::storage::{ANSWERS, Db, StorageError};
use dukandar_core::task::{Answer, Task};
use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};

/// An answer and what it answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// Version of the tables.
    pub version: u64,
    /// The task in full, with its instant.
    pub task: Task,
    /// The answer.
    pub answer: Answer,
}

/// The question behind a task: the same today as yesterday, so that a screen can show yesterday's answer
/// (marked as such) until the new one comes.
pub fn question(task: &Task) -> String {
    match task {
        Task::Today { shop, .. } => format!("today {shop:?}"),
        Task::Catalog { shop, .. } => format!("catalog {shop:?}"),
        Task::Report { shop, period } => format!("report {shop:?} {} {}", period.from, period.to),
        Task::Forecast { shop, product, horizon_days, .. } => {
            format!("forecast {shop:?} {product:?} {horizon_days}")
        }
        Task::Rfm { shop, .. } => format!("rfm {shop:?}"),
        Task::Customers { shop, segment, cell, offset, limit, .. } => {
            format!("customers {shop:?} {segment:?} {cell:?} {offset} {limit}")
        }
        Task::Customer { customer, .. } => format!("customer {customer}"),
        // Under other limits it is the same question: the list stands until the new one comes.
        Task::Reorder { shop, .. } => format!("reorder {shop:?}"),
        Task::Branches { .. } => "branches".to_owned(),
        Task::NextMonth { shop, .. } => format!("next month {shop:?}"),
        Task::Accuracy { shop, .. } => format!("accuracy {shop:?}"),
        Task::Khata { shop, limit, .. } => format!("khata {shop:?} {limit}"),
        Task::Ledger { shop, customer, .. } => format!("ledger {shop:?} {customer}"),
        Task::Day { shop, .. } => format!("day {shop}"),
        Task::Approvals { shop, .. } => format!("approvals {shop:?}"),
        Task::Units { shop, ask, .. } => format!("units {shop:?} {ask:?}"),
        Task::Anomalies { shop, .. } => format!("anomalies {shop:?}"),
        Task::Asked { shop, .. } => format!("asked {shop:?}"),
        Task::Opening { shop } => format!("opening {shop}"),
        Task::Team => "team".to_owned(),
        Task::Staff { shop, .. } => format!("staff {shop}"),
        Task::Abc { shop, product, .. } => format!("abc {shop:?} {product:?}"),
        Task::Transfers { .. } => "transfers".to_owned(),
        Task::Context => "context".to_owned(),
        Task::Aggregate(aggregation) => format!("aggregate {aggregation:?}"),
    }
}

/// Whether an answer is worth keeping over a reload: the screens that open first.
pub fn is_kept(task: &Task) -> bool {
    // A budget is a passing thought.
    let is_thought = matches!(task, Task::Reorder { limits, .. } if limits.max_investment.is_some());
    !is_thought
        && matches!(
            task,
            Task::Today { .. }
                | Task::Catalog { .. }
                | Task::Rfm { .. }
                | Task::Reorder { .. }
                | Task::NextMonth { .. }
                | Task::Accuracy { .. }
                | Task::Khata { .. }
        )
}

/// The last answer to a question. An answer of another release that cannot be read counts as none.
pub async fn read(db: &Db, question: &str) -> Result<Option<Kept>, StorageError> {
    let value = db.read(&[ANSWERS])?.get(ANSWERS, &question.into()).await?;
    let bytes = value.and_then(|value| value.dyn_into::<Uint8Array>().ok());
    Ok(bytes.and_then(|bytes| postcard::from_bytes(&bytes.to_vec()).ok()))
}

/// Forgets an answer that holds no more.
pub async fn remove(db: &Db, question: &str) -> Result<(), StorageError> {
    let tx = db.write_cache(&[ANSWERS])?;
    tx.delete(ANSWERS, &question.into())?;
    tx.commit().await
}

/// Keeps an answer in place of the one before.
pub async fn write(db: &Db, kept: &Kept) -> Result<(), StorageError> {
    let bytes = postcard::to_allocvec(kept).map_err(|error| StorageError::Damaged(error.to_string()))?;
    let tx = db.write_cache(&[ANSWERS])?;
    let bytes = JsValue::from(Uint8Array::from(bytes.as_slice()));
    tx.put(ANSWERS, &question(&kept.task).into(), &bytes)?;
    tx.commit().await
}
