//! A sealed column segment: imported sales of one shop and one calendar month, immutable, named by its hash.
//!
//! Half a million lines as events of their own would take a browser minutes to read; as columns of small
//! integers they take a few megabytes without a compressor and milliseconds to read.
//!
//! Layout, version 1. `int` is LEB128; `sint` is a zigzag `int`; `text` is an `int` of length + 1 (0 = none)
//! and UTF-8 bytes; ids are 16 bytes, most significant first.
//!
//! ```text
//! "DKSG" version:u8 shop:id currency:3 bytes zone:i16 little-endian minutes
//! products:int customers:int receipts:int lines:int quantity_unit:int flags:u8 (1 discounts, 2 costs)
//! product   × products,  ascending id:     id  sku:text  name:text  category:text  brand:text
//! customer  × customers, ascending id:     id  code:text
//! receipt   × receipts,  ascending (at, id): id  at:sint (milliseconds after the receipt before)
//!           2·(customer + 1, or 0 for none) + (1 for a return):int
//!           number: shared:int (bytes in common with the number before)  rest:text  lines:int
//! line      × lines, receipt by receipt:   product:int  quantity:sint (in quantity_unit thousandths)
//!           unit price:sint (difference to this product's price before in this segment)
//!           with flag 1: discount:sint       with flag 2: 0 or (1 cost:sint)
//! ```
//!
//! Amounts are not stored: amount = quantity × unit price − discount, rounded half-even, as on every sale line.

use super::{NONE, ReceiptKind};
use crate::{
    id::{CustomerId, Id, ProductId, SaleId, ShopId},
    money::{Currency, Paisa},
    privacy::seal::to_hex,
    quantity::Quantity,
    time::{Timestamp, Zone},
};
use sha2::{Digest, Sha256};

const MAGIC: &[u8; 4] = b"DKSG";
const VERSION: u8 = 1;
const HAS_DISCOUNTS: u8 = 1;
const HAS_COSTS: u8 = 2;

/// Most thousandths of a unit in one line: ten million pieces.
pub const MAX_QUANTITY: i64 = 10_000_000_000;
/// Most paisa in one price or amount: ten billion rupees. Nine million such lines still sum within 64 bits.
pub const MAX_PAISA: i64 = 1_000_000_000_000;
/// Instants lie before the year 10000 and as far on the other side of 1970.
pub const MAX_TIME_MS: i64 = 253_402_300_800_000;

/// Imported sales of one shop as columns. Lines of returns are negative.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// Which shop.
    pub shop: ShopId,
    /// What amounts are in.
    pub currency: Currency,
    /// The shop's local time.
    pub zone: Zone,
    /// Products that occur, by id.
    pub products: Vec<SegmentProduct>,
    /// Known customers that occur, by id.
    pub customers: Vec<SegmentCustomer>,

    /// Receipt → id.
    pub id: Vec<SaleId>,
    /// Receipt → instant; ascending, then by id.
    pub at: Vec<Timestamp>,
    /// Receipt → sale or return.
    pub kind: Vec<ReceiptKind>,
    /// Receipt → position in `customers`, or [`NONE`].
    pub customer: Vec<u32>,
    /// Receipt → its number as printed.
    pub number: Vec<String>,
    /// Receipt → its first line; one more entry closes the last receipt.
    pub first_line: Vec<u32>,

    /// Line → position in `products`.
    pub product: Vec<u32>,
    /// Line → signed quantity.
    pub quantity: Vec<Quantity>,
    /// Line → price of one before the discount.
    pub unit_price: Vec<Paisa>,
    /// Line → taken off the line; empty when no line has a discount.
    pub discount: Vec<Paisa>,
    /// Line → signed amount after the discount.
    pub amount: Vec<Paisa>,
    /// Line → cost of one; empty when no cost is known.
    pub unit_cost: Vec<Option<Paisa>>,
}

/// A product as the tool named it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentProduct {
    /// Derived from tool and code.
    pub id: ProductId,
    /// Code or barcode.
    pub sku: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// Category.
    pub category: Option<String>,
    /// Brand.
    pub brand: Option<String>,
}

/// A customer under the tool's number. Names and phones never stand here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentCustomer {
    /// Derived from tool and number.
    pub id: CustomerId,
    /// The tool's number.
    pub code: Option<String>,
}

/// The bytes are not a segment, or a damaged one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("segment, byte {at}: expected {expected}")]
pub struct SegmentError {
    /// Where.
    pub at: usize,
    /// What should stand there.
    pub expected: &'static str,
}

/// quantity × price, rounded half-even; `None` when it does not fit.
///
/// Whole pieces take 64-bit arithmetic: 128-bit division is slow in wasm and almost never needed.
pub fn line_total(quantity: Quantity, price: Paisa) -> Option<Paisa> {
    if quantity.0 % 1_000 == 0 {
        return (quantity.0 / 1_000).checked_mul(price.0).map(Paisa);
    }
    quantity.times(price)
}

/// The name of a segment with these bytes.
pub fn segment_name(bytes: &[u8]) -> String {
    to_hex(&Sha256::digest(bytes))
}

impl Segment {
    /// A segment without receipts.
    pub fn empty(shop: ShopId, currency: Currency, zone: Zone) -> Self {
        Self {
            shop,
            currency,
            zone,
            products: Vec::new(),
            customers: Vec::new(),
            id: Vec::new(),
            at: Vec::new(),
            kind: Vec::new(),
            customer: Vec::new(),
            number: Vec::new(),
            first_line: vec![0],
            product: Vec::new(),
            quantity: Vec::new(),
            unit_price: Vec::new(),
            discount: Vec::new(),
            amount: Vec::new(),
            unit_cost: Vec::new(),
        }
    }

    /// Number of receipts.
    pub fn receipts(&self) -> usize {
        self.id.len()
    }

    /// Number of lines.
    pub fn lines(&self) -> usize {
        self.product.len()
    }

    /// Lines of a receipt.
    pub fn lines_of(&self, receipt: usize) -> std::ops::Range<usize> {
        self.first_line[receipt] as usize..self.first_line[receipt + 1] as usize
    }

    /// What was taken off a line.
    pub fn discount_of(&self, line: usize) -> Paisa {
        self.discount.get(line).copied().unwrap_or_default()
    }

    /// What one piece of a line cost, if known.
    pub fn cost_of(&self, line: usize) -> Option<Paisa> {
        self.unit_cost.get(line).copied().flatten()
    }

    /// The bytes. Equal segments give equal bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.lines() * 5 + self.receipts() * 28 + self.products.len() * 64);
        out.extend_from_slice(MAGIC);
        out.push(VERSION);
        put_id(&mut out, self.shop);
        out.extend_from_slice(self.currency.code().as_bytes());
        out.extend_from_slice(&self.zone.offset_minutes.to_le_bytes());
        for count in [self.products.len(), self.customers.len(), self.receipts(), self.lines()] {
            put_int(&mut out, count as u64);
        }
        let unit = if self.quantity.iter().all(|quantity| quantity.0 % 1_000 == 0) { 1_000 } else { 1 };
        put_int(&mut out, unit as u64);
        let discounts = self.discount.iter().any(|discount| *discount != Paisa::ZERO);
        let costs = self.unit_cost.iter().any(Option::is_some);
        out.push((u8::from(discounts) * HAS_DISCOUNTS) | (u8::from(costs) * HAS_COSTS));

        for product in &self.products {
            put_id(&mut out, product.id);
            for text in [&product.sku, &product.name, &product.category, &product.brand] {
                put_text(&mut out, text.as_deref());
            }
        }
        for customer in &self.customers {
            put_id(&mut out, customer.id);
            put_text(&mut out, customer.code.as_deref());
        }
        self.encode_receipts(&mut out);
        self.encode_lines(&mut out, unit, discounts, costs);
        out
    }

    fn encode_receipts(&self, out: &mut Vec<u8>) {
        let mut before = (0_i64, "");
        for receipt in 0..self.receipts() {
            put_id(out, self.id[receipt]);
            put_sint(out, self.at[receipt].0 - before.0);
            let customer = match self.customer[receipt] {
                NONE => 0,
                customer => u64::from(customer) + 1,
            };
            put_int(out, customer << 1 | u64::from(self.kind[receipt] == ReceiptKind::Return));
            let number = self.number[receipt].as_str();
            let shared = shared_prefix(before.1, number);
            put_int(out, shared as u64);
            put_text(out, Some(&number[shared..]));
            put_int(out, self.lines_of(receipt).len() as u64);
            before = (self.at[receipt].0, number);
        }
    }

    fn encode_lines(&self, out: &mut Vec<u8>, unit: i64, discounts: bool, costs: bool) {
        let mut price_before = vec![0_i64; self.products.len()];
        for line in 0..self.lines() {
            let product = self.product[line];
            put_int(out, u64::from(product));
            put_sint(out, self.quantity[line].0 / unit);
            let price = self.unit_price[line].0;
            put_sint(out, price - price_before[product as usize]);
            price_before[product as usize] = price;
            if discounts {
                put_sint(out, self.discount_of(line).0);
            }
            if costs {
                match self.cost_of(line) {
                    None => out.push(0),
                    Some(cost) => {
                        out.push(1);
                        put_sint(out, cost.0);
                    }
                }
            }
        }
    }

    /// Reads a segment. Any bytes are safe: what is wrong ends as an error that names the place.
    pub fn decode(bytes: &[u8]) -> Result<Self, SegmentError> {
        let mut input = Input { bytes, at: 0 };
        if input.take(4, "the letters DKSG")? != MAGIC {
            return Err(SegmentError { at: 0, expected: "the letters DKSG" });
        }
        if input.byte()? != VERSION {
            return Err(SegmentError { at: 4, expected: "segment version 1" });
        }
        let shop = input.id()?;
        let at = input.at;
        let currency = String::from_utf8_lossy(input.take(3, "a currency code")?).into_owned();
        let currency =
            Currency::try_from(currency).map_err(|_| SegmentError { at, expected: "a currency code" })?;
        let zone = input.take(2, "a zone")?;
        let zone = Zone { offset_minutes: i16::from_le_bytes([zone[0], zone[1]]) };
        // The least bytes that one of each takes: a count beyond what is left is refused before any allocation.
        let products = input.count(20)?;
        let customers = input.count(17)?;
        let receipts = input.count(21)?;
        let lines = input.count(3)?;
        let at = input.at;
        let unit = match input.int()? {
            unit @ (1 | 1_000) => unit as i64,
            _ => return Err(SegmentError { at, expected: "a quantity unit of 1 or 1000" }),
        };
        let at = input.at;
        let flags = input.byte()?;
        if flags & !(HAS_DISCOUNTS | HAS_COSTS) != 0 {
            return Err(SegmentError { at, expected: "known flags" });
        }
        let mut segment = Self::empty(shop, currency, zone);
        segment.decode_dictionaries(&mut input, products, customers)?;
        segment.decode_receipts(&mut input, receipts, lines)?;
        segment.decode_lines(&mut input, lines, unit, flags)?;
        if input.at != bytes.len() {
            return Err(SegmentError { at: input.at, expected: "the end of the segment" });
        }
        Ok(segment)
    }

    fn decode_dictionaries(
        &mut self,
        input: &mut Input<'_>,
        products: usize,
        customers: usize,
    ) -> Result<(), SegmentError> {
        self.products.reserve_exact(products);
        for _ in 0..products {
            let at = input.at;
            let id = input.id()?;
            if self.products.last().is_some_and(|before| before.id >= id) {
                return Err(SegmentError { at, expected: "products in ascending order" });
            }
            let (sku, name) = (input.text()?, input.text()?);
            let (category, brand) = (input.text()?, input.text()?);
            self.products.push(SegmentProduct { id, sku, name, category, brand });
        }
        self.customers.reserve_exact(customers);
        for _ in 0..customers {
            let at = input.at;
            let id = input.id()?;
            if self.customers.last().is_some_and(|before| before.id >= id) {
                return Err(SegmentError { at, expected: "customers in ascending order" });
            }
            self.customers.push(SegmentCustomer { id, code: input.text()? });
        }
        Ok(())
    }

    fn decode_receipts(
        &mut self,
        input: &mut Input<'_>,
        receipts: usize,
        lines: usize,
    ) -> Result<(), SegmentError> {
        self.id.reserve_exact(receipts);
        self.at.reserve_exact(receipts);
        self.kind.reserve_exact(receipts);
        self.customer.reserve_exact(receipts);
        self.number.reserve_exact(receipts);
        self.first_line.reserve_exact(receipts);
        let (mut time, mut line) = (0_i64, 0_usize);
        for _ in 0..receipts {
            let place = input.at;
            let wrong = |expected| Err(SegmentError { at: place, expected });
            let id = input.id()?;
            time = time.saturating_add(input.sint()?);
            if time.abs() > MAX_TIME_MS {
                return wrong("a time before the year 10000");
            }
            let at = Timestamp(time);
            if self.at.last().zip(self.id.last()).is_some_and(|(&t, &i)| (t, i) >= (at, id)) {
                return wrong("receipts in ascending order of time and id");
            }
            let party = input.int()?;
            let kind = if party & 1 == 1 { ReceiptKind::Return } else { ReceiptKind::Sale };
            let customer = match party >> 1 {
                0 => NONE,
                customer if customer <= self.customers.len() as u64 => (customer - 1) as u32,
                _ => return wrong("a customer of this segment"),
            };
            let shared = input.int()? as usize;
            let before = self.number.last().map_or("", String::as_str);
            let Some(start) = before.get(..shared) else {
                return wrong("a shared start of the receipt number before");
            };
            let mut number = start.to_owned();
            number.push_str(&input.text()?.unwrap_or_default());
            // Shared starts could otherwise grow a number without bound.
            if number.len() > 1_000 {
                return wrong("a receipt number of at most 1,000 bytes");
            }
            let count = input.int()?;
            if count > (lines - line) as u64 {
                return wrong("no more lines than the segment has");
            }
            line += count as usize;
            self.id.push(id);
            self.at.push(at);
            self.kind.push(kind);
            self.customer.push(customer);
            self.number.push(number);
            self.first_line.push(line as u32);
        }
        if line != lines {
            return Err(SegmentError { at: input.at, expected: "a receipt for every line" });
        }
        Ok(())
    }

    fn decode_lines(
        &mut self,
        input: &mut Input<'_>,
        lines: usize,
        unit: i64,
        flags: u8,
    ) -> Result<(), SegmentError> {
        let mut price_before = vec![0_i64; self.products.len()];
        self.product.reserve_exact(lines);
        self.quantity.reserve_exact(lines);
        self.unit_price.reserve_exact(lines);
        self.amount.reserve_exact(lines);
        for _ in 0..lines {
            let at = input.at;
            let wrong = |expected| SegmentError { at, expected };
            let product = input.int()?;
            let before = price_before.get_mut(product as usize).ok_or(wrong("a product of this segment"))?;
            let quantity = input.sint()?.saturating_mul(unit);
            let price = before.saturating_add(input.sint()?);
            if quantity.abs() > MAX_QUANTITY || price.abs() > MAX_PAISA {
                return Err(wrong("a quantity and a price of a size that a shop can have"));
            }
            *before = price;
            let (quantity, price) = (Quantity(quantity), Paisa(price));
            let mut amount = line_total(quantity, price);
            if flags & HAS_DISCOUNTS != 0 {
                let discount = Paisa(input.sint()?);
                amount = amount.and_then(|amount| amount.0.checked_sub(discount.0)).map(Paisa);
                self.discount.push(discount);
            }
            let amount = amount.filter(|amount| amount.0.unsigned_abs() <= MAX_PAISA as u64);
            let amount = amount.ok_or(wrong("an amount of a size that a shop can have"))?;
            if flags & HAS_COSTS != 0 {
                let cost = match input.byte()? {
                    0 => None,
                    1 => Some(Paisa(input.sint()?)),
                    _ => return Err(wrong("0 or 1 before a cost")),
                };
                if cost.is_some_and(|cost| cost.0.unsigned_abs() > MAX_PAISA as u64) {
                    return Err(wrong("a cost of a size that a shop can have"));
                }
                self.unit_cost.push(cost);
            }
            self.product.push(product as u32);
            self.quantity.push(quantity);
            self.unit_price.push(price);
            self.amount.push(amount);
        }
        Ok(())
    }
}

fn shared_prefix(a: &str, b: &str) -> usize {
    let mut shared = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    while !b.is_char_boundary(shared) {
        shared -= 1;
    }
    shared
}

fn put_id<T>(out: &mut Vec<u8>, id: Id<T>) {
    out.extend_from_slice(&id.as_u128().to_be_bytes());
}

fn put_int(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn put_sint(out: &mut Vec<u8>, value: i64) {
    put_int(out, ((value << 1) ^ (value >> 63)) as u64);
}

fn put_text(out: &mut Vec<u8>, text: Option<&str>) {
    match text {
        None => out.push(0),
        Some(text) => {
            put_int(out, text.len() as u64 + 1);
            out.extend_from_slice(text.as_bytes());
        }
    }
}

/// A reader that knows where it is.
struct Input<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Input<'a> {
    fn take(&mut self, length: usize, expected: &'static str) -> Result<&'a [u8], SegmentError> {
        let end = self.at.checked_add(length).filter(|&end| end <= self.bytes.len());
        let end = end.ok_or(SegmentError { at: self.at, expected })?;
        let taken = &self.bytes[self.at..end];
        self.at = end;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, SegmentError> {
        let byte = self.bytes.get(self.at).copied();
        let byte = byte.ok_or(SegmentError { at: self.at, expected: "more bytes" })?;
        self.at += 1;
        Ok(byte)
    }

    fn id<T>(&mut self) -> Result<Id<T>, SegmentError> {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(self.take(16, "an id of 16 bytes")?);
        Ok(Id::from_u128(u128::from_be_bytes(bytes)))
    }

    fn int(&mut self) -> Result<u64, SegmentError> {
        let start = self.at;
        let first = self.byte()?;
        if first < 0x80 {
            return Ok(u64::from(first));
        }
        let mut value = u64::from(first & 0x7f);
        for shift in 1..10 {
            let byte = self.byte()?;
            if shift == 9 && byte > 1 {
                break;
            }
            value |= u64::from(byte & 0x7f) << (7 * shift);
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(SegmentError { at: start, expected: "an integer of at most 64 bits" })
    }

    fn sint(&mut self) -> Result<i64, SegmentError> {
        let value = self.int()?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    fn count(&mut self, least_bytes_each: usize) -> Result<usize, SegmentError> {
        let at = self.at;
        let count = self.int()?;
        let room = (self.bytes.len() - self.at) / least_bytes_each;
        if count > room as u64 {
            return Err(SegmentError { at, expected: "a count that fits the bytes that follow" });
        }
        Ok(count as usize)
    }

    fn text(&mut self) -> Result<Option<String>, SegmentError> {
        let at = self.at;
        let length = match self.int()? {
            0 => return Ok(None),
            length => usize::try_from(length - 1).unwrap_or(usize::MAX),
        };
        let bytes = self.take(length, "a text of this length")?;
        let text = std::str::from_utf8(bytes).map_err(|_| SegmentError { at, expected: "text in UTF-8" })?;
        Ok(Some(text.to_owned()))
    }
}
