//! Rows of a file → columns of numbers: every rule about a single row stands here.

use super::{
    Columns, DateOrder, Field, ImportOptions,
    csv::Tokenizer,
    intern::{Interner, MixedMap, RowSet, hash128},
    value::{self, Date},
};
use crate::{
    money::Paisa,
    quantity::{Quantity, divide_half_even},
    reject::RejectReason,
    table::{
        NONE,
        segment::{MAX_PAISA, MAX_QUANTITY, line_total},
    },
};

/// Column of no cost.
pub(super) const NO_COST: i64 = i64::MIN;
/// Longest code, number or name that is kept; more is a mistake of the file.
const MAX_TEXT: usize = 500;
/// Different spellings of one product's name that are weighed against each other.
const MAX_NAMES: usize = 64;
/// Bytes of all codes and numbers together: positions into them are 32 bits.
const MAX_INTERNED: usize = 1 << 31;

/// Which field a row was refused for, and why.
pub(super) struct RowError {
    pub field: Option<Field>,
    pub reason: RejectReason,
}

fn refuse(field: Field, reason: RejectReason) -> RowError {
    RowError { field: Some(field), reason }
}

/// One receipt as the rows gave it: a number within a day (many tills start anew each morning).
#[derive(Debug)]
pub(super) struct ReceiptRow {
    /// Interned branch and number; for rows without a receipt column the line of the file.
    pub number: u32,
    /// See [`Date::key`].
    pub date: i32,
    /// Earliest time of day of its rows.
    pub of_day_ms: i64,
    /// Position in customers, or none.
    pub customer: u32,
    /// A row says that goods came back.
    pub marked_return: bool,
    /// Some line is not negative.
    pub any_outgoing: bool,
    /// Some line has money in it.
    pub any_amount: bool,
}

/// What the rows say of one product.
#[derive(Debug, Default)]
pub(super) struct ProductParts {
    pub sku: Option<Box<[u8]>>,
    /// Spellings with their weight: rows with money count most, since write-offs carry remarks for names.
    pub names: Vec<(Box<[u8]>, u64)>,
    pub category: Box<[u8]>,
    pub brand: Box<[u8]>,
}

/// What the rows say of one customer.
#[derive(Debug, Default)]
pub(super) struct CustomerParts {
    pub code: Option<Box<[u8]>>,
    pub name: Box<[u8]>,
    pub phones: Vec<String>,
}

/// Columns of all kept rows.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub receipts: Vec<ReceiptRow>,
    pub numbers: Interner,
    pub product_keys: Interner,
    pub products: Vec<ProductParts>,
    pub customer_keys: Interner,
    pub customers: Vec<CustomerParts>,

    /// Line → line of the file.
    pub file_line: Vec<u32>,
    pub receipt: Vec<u32>,
    pub product: Vec<u32>,
    pub quantity: Vec<i64>,
    pub unit_price: Vec<i64>,
    pub discount: Vec<i64>,
    pub unit_cost: Vec<i64>,

    /// Rows whose first number must be the day, and whose second must be.
    pub day_first: u64,
    pub month_first: u64,
    pub rounded_prices: u64,

    seen: RowSet,
    receipt_of: MixedMap<u32>,
    last: Option<(u64, u32)>,
    scratch: Vec<u8>,
}

impl Rows {
    /// Takes one record of the file; what is refused leaves no line.
    pub fn take(
        &mut self,
        input: &[u8],
        text: usize,
        fields: &Tokenizer,
        columns: &Columns,
        options: &ImportOptions,
        line: u64,
    ) -> Result<(), RowError> {
        let field = |field: Field| columns.of(field).map(|index| fields.field(input, index));
        let row = read(&field, options)?;
        if !options.keep_duplicates && !self.seen.insert(hash128(&input[..text])) {
            return Err(RowError { field: None, reason: RejectReason::DuplicateRow });
        }
        if self.numbers.bytes().max(self.product_keys.bytes()).max(self.customer_keys.bytes()) > MAX_INTERNED
        {
            return Err(RowError { field: None, reason: RejectReason::TooLarge });
        }
        let customer = self.customer(&field, options)?;
        let receipt = self.receipt(&field, &row, customer, line)?;
        let product = self.product(&field, row.amount)?;
        let it = &mut self.receipts[receipt as usize];
        it.of_day_ms = it.of_day_ms.min(row.of_day_ms);
        it.marked_return |= row.marked_return;
        it.any_outgoing |= row.quantity >= 0;
        it.any_amount |= row.amount != 0;
        if let Date::Open { first, second, .. } = row.date {
            self.day_first += u64::from(first > 12);
            self.month_first += u64::from(second > 12);
        }
        self.rounded_prices += u64::from(row.rounded);
        self.file_line.push(u32::try_from(line).unwrap_or(u32::MAX));
        self.receipt.push(receipt);
        self.product.push(product);
        self.quantity.push(row.quantity);
        self.unit_price.push(row.unit_price);
        self.discount.push(row.discount);
        self.unit_cost.push(row.unit_cost);
        Ok(())
    }

    /// The receipt of the row's number and day. A second known customer on it contradicts the first.
    fn receipt<'a>(
        &mut self,
        field: &impl Fn(Field) -> Option<&'a [u8]>,
        row: &Row,
        customer: u32,
        line: u64,
    ) -> Result<u32, RowError> {
        let written = match field(Field::Receipt) {
            Some([]) => return Err(refuse(Field::Receipt, RejectReason::Empty)),
            Some(number) => Some(text(number, Field::Receipt)?),
            None => None,
        };
        let number = match (written, field(Field::Shop).filter(|shop| !shop.is_empty())) {
            (Some(number), None) => self.numbers.number(number),
            (written, shop) => {
                self.scratch.clear();
                if let Some(shop) = shop {
                    self.scratch.extend_from_slice(text(shop, Field::Shop)?);
                    self.scratch.push(b'/');
                }
                match written {
                    Some(number) => self.scratch.extend_from_slice(number),
                    None => self.scratch.extend_from_slice(format!("row {line}").as_bytes()),
                }
                self.numbers.number(&self.scratch)
            }
        };
        let key = u64::from(number) << 32 | u64::from(row.date.key() as u32);
        let receipt = match self.last {
            Some((last, receipt)) if last == key => receipt,
            _ => {
                let fresh = self.receipts.len() as u32;
                let receipt = *self.receipt_of.entry(key).or_insert(fresh);
                if receipt == fresh {
                    self.receipts.push(ReceiptRow {
                        number,
                        date: row.date.key(),
                        of_day_ms: row.of_day_ms,
                        customer: NONE,
                        marked_return: false,
                        any_outgoing: false,
                        any_amount: false,
                    });
                }
                self.last = Some((key, receipt));
                receipt
            }
        };
        let known = &mut self.receipts[receipt as usize].customer;
        if customer != NONE && *known != NONE && *known != customer {
            return Err(refuse(Field::Customer, RejectReason::ContradictsReceipt));
        }
        if customer != NONE {
            *known = customer;
        }
        Ok(receipt)
    }

    /// By code, else by name.
    fn product<'a>(
        &mut self,
        field: &impl Fn(Field) -> Option<&'a [u8]>,
        amount: i64,
    ) -> Result<u32, RowError> {
        let sku = field(Field::Sku).map(without_point_zero).filter(|sku| !sku.is_empty());
        let name = field(Field::Name).filter(|name| !name.is_empty());
        let (key, of) = match (sku, name) {
            (Some(sku), _) => (text(sku, Field::Sku)?, Field::Sku),
            (None, Some(name)) => (text(name, Field::Name)?, Field::Name),
            (None, None) => return Err(refuse(Field::Sku, RejectReason::Empty)),
        };
        // A code and a name that read alike are two products.
        let product = if of == Field::Sku {
            self.product_keys.number(key)
        } else {
            self.scratch.clear();
            self.scratch.push(0);
            self.scratch.extend_from_slice(key);
            self.product_keys.number(&self.scratch)
        };
        if product as usize == self.products.len() {
            self.products.push(ProductParts { sku: sku.map(Box::from), ..ProductParts::default() });
        }
        let parts = &mut self.products[product as usize];
        if let Some(name) = name {
            let weight = if amount == 0 { 1 } else { 1 << 32 };
            match parts.names.iter().position(|(known, _)| **known == *name) {
                Some(index) => parts.names[index].1 += weight,
                None if parts.names.len() < MAX_NAMES => {
                    parts.names.push((text(name, Field::Name)?.into(), weight));
                }
                None => {}
            }
        }
        for (slot, value) in
            [(&mut parts.category, field(Field::Category)), (&mut parts.brand, field(Field::Brand))]
        {
            if let Some(value) = value.filter(|value| !value.is_empty() && **value != **slot) {
                *slot = value.get(..MAX_TEXT).unwrap_or(value).into();
            }
        }
        Ok(product)
    }

    /// By the tool's number, else by phone, else by name; none when the row knows nobody.
    fn customer<'a>(
        &mut self,
        field: &impl Fn(Field) -> Option<&'a [u8]>,
        options: &ImportOptions,
    ) -> Result<u32, RowError> {
        let code = field(Field::Customer).map(without_point_zero).filter(|code| !code.is_empty());
        let personal = |which| field(which).filter(|it| !it.is_empty() && options.personal.is_some());
        let (name, phone) = (personal(Field::CustomerName), personal(Field::CustomerPhone));
        let phone = phone.map(normal_phone).filter(|phone| !phone.is_empty());
        let customer = match (code, &phone, name) {
            (Some(code), ..) => self.customer_keys.number(text(code, Field::Customer)?),
            (None, Some(phone), _) => self.person(1, phone.as_bytes()),
            (None, None, Some(name)) => self.person(2, text(name, Field::CustomerName)?),
            (None, None, None) => return Ok(NONE),
        };
        if customer as usize == self.customers.len() {
            self.customers.push(CustomerParts { code: code.map(Box::from), ..CustomerParts::default() });
        }
        let parts = &mut self.customers[customer as usize];
        if let Some(name) = name.filter(|_| parts.name.is_empty()) {
            parts.name = text(name, Field::CustomerName)?.into();
        }
        if let Some(phone) = phone.filter(|phone| parts.phones.len() < 5 && !parts.phones.contains(phone)) {
            parts.phones.push(phone);
        }
        Ok(customer)
    }

    /// A number for someone without a code: a byte that no code begins with keeps phones and names apart from it.
    fn person(&mut self, kind: u8, key: &[u8]) -> u32 {
        self.scratch.clear();
        self.scratch.push(kind);
        self.scratch.extend_from_slice(key);
        self.customer_keys.number(&self.scratch)
    }
}

/// The numbers of one row.
struct Row {
    date: Date,
    of_day_ms: i64,
    quantity: i64,
    unit_price: i64,
    discount: i64,
    amount: i64,
    unit_cost: i64,
    rounded: bool,
    marked_return: bool,
}

fn read<'a>(field: &impl Fn(Field) -> Option<&'a [u8]>, options: &ImportOptions) -> Result<Row, RowError> {
    let (date, of_day_ms) = date_and_time(field, options)?;
    let number = |which: Field, decimals: u32, most: i64| -> Result<Option<(i64, bool)>, RowError> {
        let Some(found) = field(which).filter(|found| !found.is_empty()) else { return Ok(None) };
        let read = value::decimal(found, decimals).map_err(|reason| refuse(which, reason))?;
        if read.0.abs() > most { Err(refuse(which, RejectReason::OutOfRange)) } else { Ok(Some(read)) }
    };
    let mut quantity = match number(Field::Quantity, 3, MAX_QUANTITY)? {
        Some((quantity, _)) => quantity,
        None if field(Field::Quantity).is_some() => return Err(refuse(Field::Quantity, RejectReason::Empty)),
        None => 1_000,
    };
    let marked_return = field(Field::Kind).is_some_and(says_return);
    if marked_return {
        quantity = -quantity.abs();
    }
    // Off each hundred, or so much off the line.
    let share = field(Field::Discount).and_then(value::percent).transpose();
    let share = share.map_err(|reason| refuse(Field::Discount, reason))?;
    let mut discount = match share {
        Some(_) => 0,
        None => number(Field::Discount, 2, MAX_PAISA)?.map_or(0, |(discount, _)| discount.abs()),
    };
    if quantity < 0 {
        discount = -discount;
    }
    let (unit_price, rounded) = if field(Field::Price).is_some() {
        let price = number(Field::Price, 2, MAX_PAISA)?;
        let (price, rounded) = price.ok_or(refuse(Field::Price, RejectReason::Empty))?;
        if price < 0 {
            return Err(refuse(Field::Price, RejectReason::NegativePrice));
        }
        if let Some(share) = share {
            let gross = line_total(Quantity(quantity), Paisa(price));
            discount = share_of(gross.map_or(0, |gross| gross.0), share, value::WHOLE);
        }
        (price, rounded)
    } else {
        let total = number(Field::Amount, 2, MAX_PAISA)?;
        let (total, rounded) = total.ok_or(refuse(Field::Amount, RejectReason::Empty))?;
        let total = if marked_return { -total.abs() } else { total };
        match share {
            // Nothing is left of the price, so the total says nothing about it.
            Some(value::WHOLE) if total != 0 => {
                return Err(refuse(Field::Discount, RejectReason::OutOfRange));
            }
            Some(share) if share < value::WHOLE => discount = share_of(total, share, value::WHOLE - share),
            _ => {}
        }
        let (price, rest) = price_of_total(total, quantity, discount)?;
        discount = rest;
        (price, rounded)
    };
    let amount = line_total(Quantity(quantity), Paisa(unit_price)).and_then(|it| it.0.checked_sub(discount));
    let amount = amount.filter(|amount| amount.abs() <= MAX_PAISA);
    let amount = amount.ok_or(refuse(Field::Quantity, RejectReason::OutOfRange))?;
    let unit_cost = number(Field::Cost, 2, MAX_PAISA)?.map_or(NO_COST, |(cost, _)| cost);
    if unit_cost != NO_COST && unit_cost < 0 {
        return Err(refuse(Field::Cost, RejectReason::NegativePrice));
    }
    Ok(Row { date, of_day_ms, quantity, unit_price, discount, amount, unit_cost, rounded, marked_return })
}

/// `amount` × `share` ÷ `of`, rounded half-even; `of` is positive.
fn share_of(amount: i64, share: i64, of: i64) -> i64 {
    let discount = divide_half_even(i128::from(amount) * i128::from(share), i128::from(of));
    // Too large a discount is found with the line's amount.
    i64::try_from(discount).unwrap_or(i64::MAX / 2)
}

/// Price and discount such that quantity × price − discount is the line's total to the paisa.
fn price_of_total(total: i64, quantity: i64, discount: i64) -> Result<(i64, i64), RowError> {
    if quantity == 0 {
        return if total == 0 { Ok((0, 0)) } else { Err(refuse(Field::Quantity, RejectReason::OutOfRange)) };
    }
    let gross = i128::from(total) + i128::from(discount);
    // The sign goes to the numerator: rounding half-even needs a positive divisor.
    let price = divide_half_even(gross * 1_000 * i128::from(quantity.signum()), i128::from(quantity.abs()));
    if price < 0 {
        return Err(refuse(Field::Amount, RejectReason::NegativePrice));
    }
    let price = i64::try_from(price).ok().filter(|price| *price <= MAX_PAISA);
    let price = price.ok_or(refuse(Field::Amount, RejectReason::OutOfRange))?;
    let charged = line_total(Quantity(quantity), Paisa(price));
    let charged = charged.ok_or(refuse(Field::Amount, RejectReason::OutOfRange))?;
    Ok((price, charged.0 - total))
}

fn date_and_time<'a>(
    field: &impl Fn(Field) -> Option<&'a [u8]>,
    options: &ImportOptions,
) -> Result<(Date, i64), RowError> {
    let text = field(Field::Date).unwrap_or_default();
    if text.is_empty() {
        return Err(refuse(Field::Date, RejectReason::Empty));
    }
    let wrong = || refuse(Field::Date, RejectReason::NotADate);
    let (mut date, mut of_day_ms) = value::instant(text, options.zone).ok_or_else(wrong)?;
    if let Some(time) = field(Field::Time).filter(|time| !time.is_empty()) {
        of_day_ms = value::time_of_day(time).ok_or(refuse(Field::Time, RejectReason::NotADate))?;
    }
    match options.date_order {
        Some(order) => date = Date::Known(date.resolve(order).ok_or_else(wrong)?),
        // 31/04/2026 is no day in either order.
        None => {
            let possible = date.resolve(DateOrder::DayFirst).or_else(|| date.resolve(DateOrder::MonthFirst));
            possible.ok_or_else(wrong)?;
        }
    }
    Ok((date, of_day_ms))
}

fn says_return(kind: &[u8]) -> bool {
    let kind = kind.to_ascii_lowercase();
    let says = |word: &[u8]| kind.windows(word.len()).any(|part| part == word);
    says(b"return") || says(b"refund") || says(b"cancel") || says("واپس".as_bytes())
}

/// `17850.0` is how tables write the number 17850 when the column has gaps.
fn without_point_zero(text: &[u8]) -> &[u8] {
    match text.strip_suffix(b".0") {
        Some(number) if !number.is_empty() && number.iter().all(u8::is_ascii_digit) => number,
        _ => text,
    }
}

/// Text of a sensible length in UTF-8.
fn text(bytes: &[u8], field: Field) -> Result<&[u8], RowError> {
    if bytes.len() > MAX_TEXT {
        return Err(refuse(field, RejectReason::OutOfRange));
    }
    if !bytes.is_ascii() && std::str::from_utf8(bytes).is_err() {
        return Err(refuse(field, RejectReason::NotUtf8));
    }
    Ok(bytes)
}

/// Digits only, in the international form for Pakistan: 0300… and +92 300… are one phone.
fn normal_phone(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let digits: String =
        text.chars().filter_map(value::digit_of).filter_map(|digit| char::from_digit(digit, 10)).collect();
    let national =
        digits.strip_prefix("0092").or_else(|| digits.strip_prefix("92").filter(|it| it.len() == 10));
    match national.or_else(|| digits.strip_prefix('0').filter(|it| it.len() == 10)) {
        Some(national) => format!("+92{national}"),
        None => digits,
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn price_and_discount_of_a_total_give_the_total_again() {
        for (total, quantity, discount) in
            [(999, 3_000, 0), (-999, -3_000, -1), (1, 7_000, 0), (12_345, 333, 45), (0, 5_000, 0)]
        {
            let found = price_of_total(total, quantity, discount)
                .unwrap_or_else(|error| panic!("{:?}", error.reason));
            let charged = line_total(Quantity(quantity), Paisa(found.0)).unwrap_or_default();
            assert_eq!(charged.0 - found.1, total, "{total} for {quantity}");
        }
        assert!(price_of_total(5, 0, 0).is_err(), "money for nothing");
    }

    #[test]
    fn one_phone_in_all_its_spellings() {
        for text in ["0300 1234567", "+92 300 1234567", "0092-300-1234567", "۰۳۰۰۱۲۳۴۵۶۷"] {
            assert_eq!(normal_phone(text.as_bytes()), "+923001234567", "{text}");
        }
    }

    #[test]
    fn a_share_is_rounded_half_even_on_either_side_of_zero() {
        let shares = [5, 15, 25, -5, -15].map(|amount| share_of(amount, 5_000, value::WHOLE));
        assert_eq!(shares, [2, 8, 12, -2, -8]);
    }
}
