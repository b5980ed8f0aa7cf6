//! Columns of a whole file → receipts with ids and instants → one sealed segment a month, and the people.

use super::{
    DateOrder, Field, ImportOutcome, Importer, SealedSegment,
    rows::{CustomerParts, NO_COST, ProductParts, Rows},
    value::Date,
};
use crate::{
    id::{CustomerId, ImportId, PersonKeyId, ProductId, SaleId},
    money::Paisa,
    privacy::seal::{SecretKey, to_hex},
    quantity::Quantity,
    record::{Customer, Import, Person, PersonKey, Record, SegmentRef},
    reject::{Reject, RejectReason},
    table::{
        NONE, ReceiptKind,
        segment::{Segment, SegmentCustomer, SegmentProduct, line_total, segment_name},
    },
    time::{Day, Period, Timestamp},
};
use chrono::Datelike;
use sha2::Digest;
use std::collections::{BTreeMap, BTreeSet};

/// A receipt that is ready to be written.
struct Sealable {
    id: SaleId,
    at: Timestamp,
    day: Day,
    /// Position among the rows' receipts.
    row: u32,
}

/// Everything an import gives; the rows are used up.
pub(super) fn outcome(mut importer: Importer) -> Result<ImportOutcome, Reject> {
    let days = days(&mut importer);
    join_equal_days(&mut importer.rows, &days);
    let rows = std::mem::take(&mut importer.rows);
    let options = &importer.options;
    let numbers: Vec<String> = (0..rows.numbers.len() as u32)
        .map(|number| String::from_utf8_lossy(rows.numbers.get(number)).into_owned())
        .collect();
    let shop = options.shop.to_string();
    let mut receipts = Vec::with_capacity(rows.receipts.len());
    for (row, receipt) in rows.receipts.iter().enumerate() {
        let Some(day) = days[row] else { continue };
        let day_text = day.to_string();
        let number = &numbers[receipt.number as usize];
        receipts.push(Sealable {
            id: SaleId::derived("import-sale", &[&shop, &options.source, number, &day_text]),
            at: Timestamp(day.start(options.zone).0 + receipt.of_day_ms),
            day,
            row: row as u32,
        });
    }
    let lines = LinesByReceipt::of(&rows, &days);
    receipts.retain(|receipt| !lines.of_receipt(receipt.row).is_empty());
    receipts.sort_unstable_by_key(|receipt| (receipt.day, receipt.at, receipt.id));

    let products = product_rows(&rows.products, &rows, &options.source);
    let people = Customers::of(&rows.customers, &rows, options);
    let mut used = Used::default();
    let mut segments = Vec::new();
    let rejected_bad =
        importer.rejected.iter().any(|(reason, count)| *reason != RejectReason::DuplicateRow && *count > 0);
    let nothing = options.all_or_nothing && rejected_bad;
    let mut rest = if nothing { &[][..] } else { &receipts[..] };
    while let Some(first) = rest.first() {
        let month = |day: Day| (day.date().year(), day.date().month());
        let end = rest.partition_point(|receipt| month(receipt.day) <= month(first.day));
        let (now, later) = rest.split_at(end);
        rest = later;
        let mut segment = Segment::empty(options.shop, options.currency, options.zone);
        fill(&mut segment, now, &rows, &lines, &numbers, &products, &people.ids, &mut used);
        segments.push(sealed(&segment, Period { from: first.day, to: now[now.len() - 1].day }));
    }
    let kept: u64 = segments.iter().map(|segment| segment.about.lines).sum();
    let period = segments.first().zip(segments.last());
    let period =
        period.map(|(first, last)| Period { from: first.about.period.from, to: last.about.period.to });
    let receipts = segments.iter().map(|segment| segment.about.receipts).sum();
    let people =
        if nothing { Vec::new() } else { people.records(&rows.customers, &used.customers, &mut importer) };
    crate::order::by_key(&mut importer.rejects, |reject| reject.line);

    let given = importer.options.file_sha256.take();
    let file_sha256 = given.unwrap_or_else(|| to_hex(&std::mem::take(&mut importer.hash).finalize()));
    let body = importer.body.as_ref();
    let mapping = body.map(|body| &body.mapping).into_iter().flatten();
    let used_columns: BTreeSet<usize> =
        body.map(|body| body.columns.index.values().copied().collect()).unwrap_or_default();
    let unused_columns = body.map(|body| {
        let unused = body.names.iter().enumerate().filter(|(index, _)| !used_columns.contains(index));
        unused.map(|(_, name)| name.clone()).collect()
    });
    let options = &importer.options;
    let import = Import {
        id: ImportId::derived("import", &[&shop, &options.source, &file_sha256]),
        shop: options.shop,
        file_name: options.file_name.clone(),
        file_sha256,
        at: options.at,
        currency: options.currency,
        zone: options.zone,
        mapping: mapping.map(|(field, header)| (field.name().to_owned(), header.clone())).collect(),
        segments: segments.iter().map(|segment| segment.about.clone()).collect(),
        rows: importer.progress.rows,
        kept,
        rejected: importer.rejected,
        rounded_prices: rows.rounded_prices,
    };
    Ok(ImportOutcome {
        import,
        segments,
        people,
        rejects: importer.rejects,
        unused_columns: unused_columns.unwrap_or_default(),
        period,
        receipts,
        returns: used.returns,
        customers: used.customers.len() as u64,
        products: used.products.len() as u64,
    })
}

/// The day of each receipt, once the whole column has shown its order of day and month. Rows that fit the
/// other order only are rejected.
fn days(importer: &mut Importer) -> Vec<Option<Day>> {
    let rows = &importer.rows;
    let order = if rows.day_first >= rows.month_first { DateOrder::DayFirst } else { DateOrder::MonthFirst };
    let days: Vec<Option<Day>> =
        rows.receipts.iter().map(|receipt| Date::from_key(receipt.date).resolve(order)).collect();
    if days.iter().any(Option::is_none) {
        let column = importer.body.as_ref().and_then(|body| body.mapping.get(&Field::Date).cloned());
        let mut rejects = Vec::new();
        for (line, &receipt) in rows.receipt.iter().enumerate() {
            if days[receipt as usize].is_some() {
                continue;
            }
            let found = match Date::from_key(rows.receipts[receipt as usize].date) {
                Date::Open { first, second, year } => format!("{first}/{second}/{year}"),
                Date::Known(day) => day.to_string(),
            };
            let (line, reason) = (u64::from(rows.file_line[line]), RejectReason::MixedDateOrder);
            rejects.push(Reject { line, column: column.clone(), reason, found });
        }
        rejects.into_iter().for_each(|reject| importer.reject(reject));
    }
    days
}

/// One day may be written in two ways (2026-04-03 and 3/4/2026): a receipt found twice becomes one.
fn join_equal_days(rows: &mut Rows, days: &[Option<Day>]) {
    let is_open =
        |receipt: &super::rows::ReceiptRow| matches!(Date::from_key(receipt.date), Date::Open { .. });
    if rows.receipts.iter().all(is_open) || !rows.receipts.iter().any(is_open) {
        return;
    }
    let mut first_of = BTreeMap::new();
    let mut becomes: Vec<u32> = (0..rows.receipts.len() as u32).collect();
    for (index, day) in days.iter().enumerate() {
        let Some(day) = day else { continue };
        let first = *first_of.entry((rows.receipts[index].number, *day)).or_insert(index as u32);
        if first != index as u32 {
            becomes[index] = first;
            let (before, after) = rows.receipts.split_at_mut(index);
            let (into, from) = (&mut before[first as usize], &after[0]);
            into.of_day_ms = into.of_day_ms.min(from.of_day_ms);
            into.marked_return |= from.marked_return;
            into.any_outgoing |= from.any_outgoing;
            into.any_amount |= from.any_amount;
            into.customer = if into.customer == NONE { from.customer } else { into.customer };
        }
    }
    rows.receipt.iter_mut().for_each(|receipt| *receipt = becomes[*receipt as usize]);
}

/// Lines of each receipt in the order of the file: rows of one receipt need not stand together.
struct LinesByReceipt {
    first: Vec<u32>,
    lines: Vec<u32>,
}

impl LinesByReceipt {
    fn of(rows: &Rows, days: &[Option<Day>]) -> Self {
        let mut first = vec![0_u32; rows.receipts.len() + 1];
        let kept = |receipt: u32| days[receipt as usize].is_some();
        for &receipt in rows.receipt.iter().filter(|receipt| kept(**receipt)) {
            first[receipt as usize + 1] += 1;
        }
        for receipt in 0..rows.receipts.len() {
            first[receipt + 1] += first[receipt];
        }
        let mut next = first.clone();
        let mut lines = vec![0; first[rows.receipts.len()] as usize];
        for (line, &receipt) in rows.receipt.iter().enumerate().filter(|(_, receipt)| kept(**receipt)) {
            lines[next[receipt as usize] as usize] = line as u32;
            next[receipt as usize] += 1;
        }
        Self { first, lines }
    }

    fn of_receipt(&self, receipt: u32) -> &[u32] {
        &self.lines[self.first[receipt as usize] as usize..self.first[receipt as usize + 1] as usize]
    }
}

fn owned(text: &[u8]) -> Option<String> {
    (!text.is_empty()).then(|| String::from_utf8_lossy(text).into_owned())
}

fn product_rows(products: &[ProductParts], rows: &Rows, source: &str) -> Vec<SegmentProduct> {
    let row = |(number, parts): (usize, &ProductParts)| {
        let key = String::from_utf8_lossy(rows.product_keys.get(number as u32));
        // The spelling with the greatest weight; among equals the first by letter.
        let name = parts.names.iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)));
        SegmentProduct {
            id: ProductId::derived("import-product", &[source, &key]),
            sku: parts.sku.as_deref().and_then(owned),
            name: name.and_then(|(name, _)| owned(name)),
            category: owned(&parts.category),
            brand: owned(&parts.brand),
        }
    };
    products.iter().enumerate().map(row).collect()
}

/// Products and customers that stand on a kept receipt.
#[derive(Default)]
struct Used {
    products: BTreeSet<u32>,
    customers: BTreeSet<u32>,
    returns: u64,
}

#[expect(
    clippy::too_many_arguments,
    reason = "each is one part of the file; a struct would only rename them"
)]
fn fill(
    segment: &mut Segment,
    receipts: &[Sealable],
    rows: &Rows,
    lines: &LinesByReceipt,
    numbers: &[String],
    products: &[SegmentProduct],
    customers: &[CustomerId],
    used: &mut Used,
) {
    let here = |positions: &[u32], total: usize| -> Vec<u32> {
        let mut position_of = vec![NONE; total];
        for (position, &it) in positions.iter().enumerate() {
            position_of[it as usize] = position as u32;
        }
        position_of
    };
    let (mut of_products, mut of_customers) = (vec![false; products.len()], vec![false; customers.len()]);
    for receipt in receipts {
        let customer = rows.receipts[receipt.row as usize].customer;
        if customer != NONE {
            of_customers[customer as usize] = true;
        }
        for &line in lines.of_receipt(receipt.row) {
            of_products[rows.product[line as usize] as usize] = true;
        }
    }
    let marked = |marks: &[bool]| -> Vec<u32> {
        marks.iter().enumerate().filter(|(_, mark)| **mark).map(|(index, _)| index as u32).collect()
    };
    let (mut of_products, mut of_customers) = (marked(&of_products), marked(&of_customers));
    crate::order::by_key(&mut of_products, |&product| products[product as usize].id);
    crate::order::by_key(&mut of_customers, |&customer| customers[customer as usize]);
    let product_position = here(&of_products, products.len());
    let customer_position = here(&of_customers, customers.len());
    segment.products = of_products.iter().map(|&product| products[product as usize].clone()).collect();
    segment.customers = (of_customers.iter())
        .map(|&customer| SegmentCustomer {
            id: customers[customer as usize],
            code: rows.customers[customer as usize].code.as_deref().and_then(owned),
        })
        .collect();
    used.products.extend(of_products);
    used.customers.extend(of_customers);

    let discounts = rows.discount.iter().any(|discount| *discount != 0);
    let costs = rows.unit_cost.iter().any(|cost| *cost != NO_COST);
    for receipt in receipts {
        let row = &rows.receipts[receipt.row as usize];
        let number = &numbers[row.number as usize];
        let is_return = row.marked_return || (!row.any_outgoing && (row.any_amount || says_cancel(number)));
        used.returns += u64::from(is_return);
        segment.id.push(receipt.id);
        segment.at.push(receipt.at);
        segment.kind.push(if is_return { ReceiptKind::Return } else { ReceiptKind::Sale });
        segment.customer.push(match row.customer {
            NONE => NONE,
            customer => customer_position[customer as usize],
        });
        segment.number.push(number.clone());
        for &line in lines.of_receipt(receipt.row) {
            let line = line as usize;
            let (quantity, price) = (Quantity(rows.quantity[line]), Paisa(rows.unit_price[line]));
            let discount = Paisa(rows.discount[line]);
            // Each row was checked to fit when it was read.
            let amount = line_total(quantity, price).unwrap_or_default() - discount;
            segment.product.push(product_position[rows.product[line] as usize]);
            segment.quantity.push(quantity);
            segment.unit_price.push(price);
            segment.amount.push(amount);
            if discounts {
                segment.discount.push(discount);
            }
            if costs {
                segment.unit_cost.push(Some(rows.unit_cost[line]).filter(|cost| *cost != NO_COST).map(Paisa));
            }
        }
        segment.first_line.push(segment.product.len() as u32);
    }
}

/// `C536379`: the letter that some tools put before the number of a cancelled invoice.
fn says_cancel(number: &str) -> bool {
    matches!(number.as_bytes(), [b'C' | b'c', digit, ..] if digit.is_ascii_digit())
}

fn sealed(segment: &Segment, period: Period) -> SealedSegment {
    let bytes = segment.encode();
    let about = SegmentRef {
        hash: segment_name(&bytes),
        period,
        bytes: bytes.len() as u64,
        receipts: segment.receipts() as u64,
        lines: segment.lines() as u64,
    };
    SealedSegment { about, bytes }
}

/// Ids of the file's customers.
struct Customers {
    ids: Vec<CustomerId>,
}

impl Customers {
    /// From the tool's number; from phone or name only under the tenant's key, since anyone could try all
    /// phone numbers against a plain hash.
    fn of(customers: &[CustomerParts], rows: &Rows, options: &super::ImportOptions) -> Self {
        let secret =
            options.personal.as_ref().map(|personal| personal.tenant_key.to_hex()).unwrap_or_default();
        let id = |(number, parts): (usize, &CustomerParts)| {
            let key = String::from_utf8_lossy(rows.customer_keys.get(number as u32)).into_owned();
            match parts.code {
                Some(_) => CustomerId::derived("import-customer", &[&options.source, &key]),
                None => CustomerId::derived("import-person", &[&secret, &key]),
            }
        };
        Self { ids: customers.iter().enumerate().map(id).collect() }
    }

    /// A key and a sealed person for each customer with a name or phone that is not on record yet.
    fn records(
        &self,
        customers: &[CustomerParts],
        used: &BTreeSet<u32>,
        importer: &mut Importer,
    ) -> Vec<Record> {
        let at = importer.options.at;
        let Some(personal) = importer.options.personal.as_mut() else { return Vec::new() };
        let mut by_id: BTreeMap<CustomerId, &CustomerParts> = BTreeMap::new();
        for &customer in used {
            by_id.insert(self.ids[customer as usize], &customers[customer as usize]);
        }
        let mut records = Vec::new();
        for (id, parts) in by_id {
            if personal.known.contains(&id) || (parts.name.is_empty() && parts.phones.is_empty()) {
                continue;
            }
            let person =
                Person { name: owned(&parts.name), phones: parts.phones.clone(), ..Person::default() };
            let key_id = PersonKeyId::fresh(at.0.unsigned_abs(), &mut personal.rng);
            let key = SecretKey::fresh(&mut personal.rng);
            // A plain struct always serialises, so sealing it cannot fail.
            let Ok(sealed) = key.seal(key_id, &person, &mut personal.rng) else { continue };
            let wrapped = personal.tenant_key.wrap(key_id, &key, &mut personal.rng);
            let wrapped = Some(wrapped);
            records.push(Record::PersonKey(PersonKey { id: key_id, wrapped, wrapped_sha256: None }));
            let code = parts.code.as_deref().and_then(owned);
            records.push(Record::Customer(Customer {
                id,
                code,
                person: Some(sealed),
                limit: None,
                base_version: None,
            }));
        }
        records
    }
}
