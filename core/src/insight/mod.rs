//! What is shown: figures, reports and ranked actions, made of tables and decisions.

pub mod accuracy;
pub mod action;
pub mod aggregate;
pub mod anomalies;
pub mod branches;
pub mod catalog;
pub mod day;
pub mod next_month;
pub mod opening;
pub mod predictions;
pub mod report;
pub mod staff;
pub mod today;
pub mod unit;
