//! Which column is what: guesses by header, shown with a preview before anything is imported.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a column can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Receipt, invoice or order number. Absent: each row is a receipt of its own.
    Receipt,
    /// Date, with or without the time.
    Date,
    /// Time of day, where it has a column of its own.
    Time,
    /// Product code or barcode.
    Sku,
    /// Product name.
    Name,
    /// Pieces; 1 when absent. Negative: goods came back.
    Quantity,
    /// Price of one.
    Price,
    /// Total of the line after discount; serves where there is no price.
    Amount,
    /// Taken off the line.
    Discount,
    /// What one cost the shop.
    Cost,
    /// Category.
    Category,
    /// Brand.
    Brand,
    /// The tool's own number for the customer.
    Customer,
    /// The customer's name: personal, sealed.
    CustomerName,
    /// The customer's phone: personal, sealed.
    CustomerPhone,
    /// Branch or till: keeps equal receipt numbers of two branches apart.
    Shop,
    /// `sale` or `return`, `refund`, `cancel`.
    Kind,
}

/// Field → header of its column.
pub type Mapping = BTreeMap<Field, String>;

/// Order of day and month in dates such as 03/04/2026. A four-digit year in front needs none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 23/11/2026.
    DayFirst,
    /// 11/23/2026.
    MonthFirst,
}
