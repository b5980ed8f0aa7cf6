//! Who and what: shops, products, customers, suppliers out of records and segments.
//!
//! Whatever a sale names gets a row, known or not, so that no sale is ever lost from a total for want of a
//! product's name.

use super::{Placed, lines::Receipt};
use crate::{
    id::{CustomerId, DocumentId, PersonKeyId, ProductId, ShopId, SupplierId},
    money::{Currency, Paisa},
    record::{CreditLimit, Customer, PriceKind, ProductFields, Record, SupplierReceipt},
    table::{CustomerRow, ProductRow, ShopRow, SupplierRow, Tables, segment::Segment},
    time::{Timestamp, Zone},
};
use std::collections::{BTreeMap, BTreeSet};

/// Customers that became others.
#[derive(Clone, Debug, Default)]
pub(super) struct Aliases(BTreeMap<CustomerId, CustomerId>);

impl Aliases {
    /// Merges in their order; one that would close a circle says nothing new.
    pub fn of(records: &[Placed<'_>]) -> Self {
        let mut aliases = Self::default();
        for placed in records {
            if let Record::CustomerMerge(merge) = placed.record {
                let (into, from) = (aliases.resolve(merge.into), aliases.resolve(merge.from));
                if into != from {
                    aliases.0.insert(from, into);
                }
            }
        }
        aliases
    }

    /// The entry that stays. No circle is ever stored, so this ends.
    pub fn resolve(&self, mut customer: CustomerId) -> CustomerId {
        while let Some(&into) = self.0.get(&customer) {
            customer = into;
        }
        customer
    }
}

/// Tables with every dimension filled and no facts yet.
pub(super) fn tables(segments: &[Segment], records: &[Placed<'_>], aliases: &Aliases) -> Tables {
    let mut make = Make {
        aliases,
        shops: BTreeMap::new(),
        products: BTreeMap::new(),
        customers: BTreeMap::new(),
        suppliers: BTreeMap::new(),
        erased: BTreeSet::new(),
    };
    make.segments(segments);
    for placed in records {
        make.record(placed.record);
    }
    make.lead_times(records);
    make.finish()
}

/// A value with the time it is of: later ones replace it, and at equal times the later record.
type Dated = Option<(Timestamp, Paisa)>;

fn newer(slot: &mut Dated, at: Timestamp, value: Paisa) {
    if slot.is_none_or(|(known, _)| at >= known) {
        *slot = Some((at, value));
    }
}

#[derive(Default)]
struct ProductParts {
    fields: ProductFields,
    price_everywhere: Dated,
    price_somewhere: Dated,
    cost: Dated,
    floor: Dated,
}

struct Make<'a> {
    aliases: &'a Aliases,
    shops: BTreeMap<ShopId, ShopRow>,
    products: BTreeMap<ProductId, ProductParts>,
    customers: BTreeMap<CustomerId, CustomerRow>,
    suppliers: BTreeMap<SupplierId, SupplierRow>,
    erased: BTreeSet<PersonKeyId>,
}

impl Make<'_> {
    /// Segments come before every record; among them the later one wins.
    fn segments(&mut self, segments: &[Segment]) {
        let mut order: Vec<&Segment> = segments.iter().collect();
        crate::order::by(&mut order, |a, b| {
            let key =
                |segment: &Segment| (segment.at.last().copied(), segment.at.first().copied(), segment.shop);
            key(a).cmp(&key(b)).then_with(|| a.encode().cmp(&b.encode()))
        });
        for segment in order {
            self.shop(segment.shop, Some((segment.currency, segment.zone)));
            for row in &segment.products {
                let fields = &mut self.product(row.id).fields;
                take(&mut fields.sku, &row.sku);
                take(&mut fields.name, &row.name);
                take(&mut fields.category, &row.category);
                take(&mut fields.brand, &row.brand);
            }
            for row in &segment.customers {
                take(&mut self.customer(row.id).code, &row.code);
            }
            if segment.unit_cost.is_empty() {
                continue;
            }
            for receipt in 0..segment.receipts() {
                for line in segment.lines_of(receipt) {
                    if let Some(cost) = segment.cost_of(line) {
                        let id = segment.products[segment.product[line] as usize].id;
                        newer(&mut self.product(id).cost, segment.at[receipt], cost);
                    }
                }
            }
        }
    }

    fn record(&mut self, record: &Record) {
        if let Some(receipt) = Receipt::of(record) {
            self.shop(receipt.shop, None);
            receipt.customer.map(|id| self.customer(id));
            for line in receipt.lines {
                self.product(line.product);
            }
            return;
        }
        match record {
            Record::Shop(shop) => {
                let row = self.shop(shop.id, Some((shop.currency, shop.zone)));
                row.name.clone_from(&shop.name);
                row.code.clone_from(&shop.code);
                row.city.clone_from(&shop.city);
                take(&mut row.bargaining, &shop.bargaining);
            }
            Record::Product(product) => merge(&mut self.product(product.id).fields, &product.fields),
            Record::Price(price) => {
                let product = self.product(price.product);
                let slot = match (price.kind, price.shop) {
                    (PriceKind::Retail, None) => &mut product.price_everywhere,
                    (PriceKind::Retail, Some(_)) => &mut product.price_somewhere,
                    (PriceKind::Cost, _) => &mut product.cost,
                    (PriceKind::Floor, _) => &mut product.floor,
                };
                newer(slot, price.from, price.price);
            }
            Record::Customer(customer) => self.person(customer),
            Record::Erase(erase) => {
                self.erased.insert(erase.key);
            }
            Record::Supplier(supplier) => {
                let row = self.supplier(supplier.id);
                row.name.clone_from(&supplier.name);
                row.lead_time_days = supplier.lead_time_days.or(row.lead_time_days);
            }
            Record::SupplierReceipt(receipt) => {
                self.shop(receipt.shop, None);
                receipt.supplier.map(|id| self.supplier(id));
                for line in &receipt.lines {
                    let product = self.product(line.product);
                    if let Some(cost) = line.unit_cost {
                        newer(&mut product.cost, receipt.at, cost);
                    }
                }
            }
            _ => self.references(record),
        }
    }

    /// Rows for whatever the remaining kinds refer to.
    fn references(&mut self, record: &Record) {
        match record {
            Record::PurchaseOrder(order) => {
                self.shop(order.shop, None);
                order.supplier.map(|id| self.supplier(id));
                order.lines.iter().for_each(|line| _ = self.product(line.product));
            }
            Record::Count(count) => {
                self.shop(count.shop, None);
                count.lines.iter().for_each(|line| _ = self.product(line.product));
            }
            Record::Adjustment(adjustment) => {
                self.shop(adjustment.shop, None);
                adjustment.lines.iter().for_each(|line| _ = self.product(line.product));
            }
            Record::Transfer(transfer) => {
                self.shop(transfer.from, None);
                self.shop(transfer.to, None);
                transfer.lines.iter().for_each(|line| _ = self.product(line.product));
            }
            Record::TradeIn(trade) => {
                self.shop(trade.shop, None);
                self.product(trade.product);
                trade.seller.map(|id| self.customer(id));
            }
            Record::Unit(unit) => {
                self.shop(unit.shop, None);
                self.product(unit.product);
            }
            Record::CreditEntry(entry) => {
                self.shop(entry.shop, None);
                self.customer(entry.customer);
            }
            Record::SupplierBill(bill) => _ = self.supplier(bill.supplier),
            Record::SupplierPayment(payment) => {
                self.shop(payment.shop, None);
                self.supplier(payment.supplier);
            }
            Record::Approval(approval) => _ = self.shop(approval.shop, None),
            Record::Interaction(it) => {
                self.shop(it.shop, None);
                it.customer.map(|id| self.customer(id));
                it.product.iter().chain(&it.others).for_each(|id| _ = self.product(*id));
            }
            Record::Expense(expense) => _ = self.shop(expense.shop, None),
            Record::CashMovement(movement) => _ = self.shop(movement.shop, None),
            Record::Closing(closing) => _ = self.shop(closing.shop, None),
            Record::Service(service) => _ = self.shop(service.shop, None),
            _ => {}
        }
    }

    fn shop(&mut self, id: ShopId, settings: Option<(Currency, Zone)>) -> &mut ShopRow {
        let row = self.shops.entry(id).or_insert_with(|| ShopRow {
            id,
            name: String::new(),
            code: String::new(),
            city: String::new(),
            currency: Currency::PKR,
            zone: Zone::KARACHI,
            bargaining: None,
        });
        if let Some((currency, zone)) = settings {
            (row.currency, row.zone) = (currency, zone);
        }
        row
    }

    fn product(&mut self, id: ProductId) -> &mut ProductParts {
        self.products.entry(id).or_default()
    }

    fn customer(&mut self, id: CustomerId) -> &mut CustomerRow {
        let id = self.aliases.resolve(id);
        self.customers.entry(id).or_insert(CustomerRow { id, code: None, person: None, limit: None })
    }

    /// What a merged-away entry said stays only where the entry that took its place says nothing.
    fn person(&mut self, customer: &Customer) {
        let merged_away = self.aliases.resolve(customer.id) != customer.id;
        let row = self.customer(customer.id);
        match customer.limit {
            Some(CreditLimit::Upto(limit)) if !merged_away || row.limit.is_none() => row.limit = Some(limit),
            Some(CreditLimit::Open) if !merged_away => row.limit = None,
            _ => {}
        }
        if merged_away {
            row.code = row.code.take().or_else(|| customer.code.clone());
            row.person = row.person.take().or_else(|| customer.person.clone());
        } else {
            take(&mut row.code, &customer.code);
            take(&mut row.person, &customer.person);
        }
    }

    fn supplier(&mut self, id: SupplierId) -> &mut SupplierRow {
        self.suppliers.entry(id).or_insert_with(|| SupplierRow {
            id,
            name: String::new(),
            lead_time_days: None,
            lead_times_seen_days: Vec::new(),
        })
    }

    /// Days from an order to its first arrival, by time of arrival.
    fn lead_times(&mut self, records: &[Placed<'_>]) {
        let mut orders = BTreeMap::new();
        let mut arrivals: Vec<&SupplierReceipt> = Vec::new();
        for placed in records {
            match placed.record {
                Record::PurchaseOrder(order) => _ = orders.insert(order.id, order),
                Record::SupplierReceipt(receipt) if receipt.order.is_some() => arrivals.push(receipt),
                _ => {}
            }
        }
        crate::order::by_key(&mut arrivals, |receipt| (receipt.at, receipt.id));
        let mut seen: BTreeSet<DocumentId> = BTreeSet::new();
        for receipt in arrivals {
            let Some(order) = receipt.order.and_then(|id| orders.get(&id)) else { continue };
            let Some(supplier) = receipt.supplier.or(order.supplier) else { continue };
            let zone = self.shop(receipt.shop, None).zone;
            let days = receipt.at.day(zone).0 - order.at.day(zone).0;
            if seen.insert(order.id) {
                // An arrival before its order is a wrong clock, not a lead time.
                if let Ok(days) = u16::try_from(days) {
                    self.supplier(supplier).lead_times_seen_days.push(days);
                }
            }
        }
    }

    fn finish(self) -> Tables {
        let erased = self.erased;
        let product = |(id, parts): (ProductId, ProductParts)| ProductRow {
            id,
            fields: parts.fields,
            price: parts.price_everywhere.or(parts.price_somewhere).map(|(_, price)| price),
            cost: parts.cost.map(|(_, cost)| cost),
            // A floor of nothing is how the owner takes one off.
            floor: parts.floor.map(|(_, floor)| floor).filter(|floor| *floor > Paisa::ZERO),
        };
        let customer = |mut row: CustomerRow| {
            row.person = row.person.filter(|person| !erased.contains(&person.key));
            row
        };
        Tables {
            shops: self.shops.into_values().collect(),
            products: self.products.into_iter().map(product).collect(),
            customers: self.customers.into_values().map(customer).collect(),
            suppliers: self.suppliers.into_values().collect(),
            ..Tables::default()
        }
    }
}

fn take<T: Clone>(slot: &mut Option<T>, value: &Option<T>) {
    if value.is_some() {
        slot.clone_from(value);
    }
}

/// A field that is `None` stays as it was.
fn merge(into: &mut ProductFields, from: &ProductFields) {
    take(&mut into.name, &from.name);
    take(&mut into.sku, &from.sku);
    take(&mut into.category, &from.category);
    take(&mut into.brand, &from.brand);
    take(&mut into.storage_gb, &from.storage_gb);
    take(&mut into.ram_gb, &from.ram_gb);
    take(&mut into.camera_megapixels, &from.camera_megapixels);
    take(&mut into.has_5g, &from.has_5g);
    take(&mut into.launched, &from.launched);
    take(&mut into.imei_count, &from.imei_count);
    take(&mut into.retired, &from.retired);
    take(&mut into.open, &from.open);
}
