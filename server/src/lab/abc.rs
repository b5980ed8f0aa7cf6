//! `lab abc`: the products of a sales file in classes A, B and C with service level, review rhythm, features and reasons;
//! CSV, by value. Columns `product_id,date,quantity,price,cost[,lead_days]`, and where they are there `order_id` and
//! `customer_id` (what is bought together and by whom), `category`, `brand` and `storage_gb` (what stands in for what).
//! A negative quantity is a return; an empty cost is an unknown one. As of the day after the last date.

use super::{
    Common, LabError,
    csv_out::{CsvWriter, number},
    input,
};
use dukandar_core::{
    id::{CustomerId, ProductId, SaleId, ShopId, SupplierId},
    import::{TextRow, TextTable},
    inventory::abc::{AbcRow, Class, YEAR_DAYS},
    money::{Currency, Paisa},
    quantity::Quantity,
    record::ProductFields,
    reject::{Reject, RejectReason},
    table::{CustomerRow, NONE, ProductRow, ReceiptKind, ShopRow, SupplierRow, Tables},
    task::{self, Answer, Task},
    time::{Day, Zone},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

/// Longest lead time that is read.
const MOST_LEAD_DAYS: f64 = 3_650.0;

/// Options of `lab abc`.
#[derive(clap::Args, Debug)]
pub struct AbcArgs {
    #[command(flatten)]
    common: Common,
}

pub(super) fn run(args: &AbcArgs) -> Result<(), LabError> {
    let table = input::table(&args.common.input)?;
    let (tables, today) = tables(&table)
        .map_err(|reject| LabError::Content { path: input::name(&args.common.input), reject })?;
    let Answer::Abc(answer) = task::run(&Task::Abc { shop: None, today, product: None }, &tables)? else {
        return Ok(());
    };
    let mut out = CsvWriter::stdout();
    out.row([
        "product_id",
        "class",
        "service_level",
        "revenue_share",
        "value_share",
        "value_above",
        "value_class",
        "xyz",
        "profit_margin",
        "demand_variability",
        "lead_time_variability",
        "substitutability",
        "criticality_score",
        "risk",
        "review_days",
        "criteria",
        "management",
        "reasons",
    ])?;
    answer.products.iter().try_for_each(|row| line(&mut out, row))?;
    let told: BTreeSet<ProductId> = answer.products.iter().map(|row| row.product).collect();
    let mut old = 0;
    for row in tables.products.iter().filter(|row| !told.contains(&row.id)) {
        old += 1;
        out.row(old_row(&row.label()))?;
    }
    out.finish()?;
    if old > 0 {
        eprintln!("{old} products without a sale in the last {YEAR_DAYS} days stand last, as C");
    }
    Ok(())
}

fn line<W: Write>(out: &mut CsvWriter<W>, row: &AbcRow) -> io::Result<()> {
    let it = &row.features;
    let reasons: Vec<String> = row.reasons.iter().map(code).collect();
    out.row([
        row.name.clone(),
        row.class.name().to_owned(),
        row.class.service_level().to_string(),
        it.revenue_contribution.to_string(),
        row.value.0.to_string(),
        row.value.1.to_string(),
        row.value_class.name().to_owned(),
        row.xyz.map(|it| it.name()).unwrap_or_default().to_owned(),
        number(it.profit_margin),
        number(it.demand_variability),
        number(it.lead_time_variability),
        number(it.substitutability),
        number(it.criticality_score),
        number(row.risk),
        row.class.review_days().to_string(),
        row.class.criteria().to_owned(),
        row.class.management().to_owned(),
        reasons.join(" "),
    ])
}

fn old_row(name: &str) -> Vec<String> {
    let class = Class::C;
    let mut row = vec![name.to_owned(), class.name().to_owned(), class.service_level().to_string()];
    row.extend(["0", "0", "1", class.name()].map(str::to_owned));
    row.extend(std::iter::repeat_n(String::new(), 7));
    row.extend([class.review_days().to_string(), class.criteria().to_owned(), class.management().to_owned()]);
    row.push("no_sale_for_days".to_owned());
    row
}

/// A reason's name, as it stands in answers that travel as JSON.
fn code(reason: &dukandar_core::reason::Reason) -> String {
    match serde_json::to_value(reason) {
        Ok(serde_json::Value::String(name)) => name,
        Ok(serde_json::Value::Object(fields)) => fields.keys().next().cloned().unwrap_or_default(),
        _ => String::new(),
    }
}

/// The file as the tables of one shop, and the day after its last one.
fn tables(table: &TextTable) -> Result<(Tables, Day), Reject> {
    let [product, date, quantity, price, cost] =
        ["product_id", "date", "quantity", "price", "cost"].map(|name| table.column(name));
    let (product, date, quantity, price, cost) = (product?, date?, quantity?, price?, cost?);
    let optional = ["lead_days", "order_id", "customer_id", "category", "brand", "storage_gb"];
    let [lead, order, customer, category, brand, storage] = optional.map(|name| table.find(name));
    let known: Vec<usize> = [Some(product), Some(date), Some(quantity), Some(price), Some(cost)]
        .into_iter()
        .chain([lead, order, customer, category, brand, storage])
        .flatten()
        .collect();
    let ignored = (0..table.headers.len()).filter(|column| !known.contains(column));
    input::name_ignored(&ignored.map(|column| table.headers[column].clone()).collect::<Vec<_>>());

    let text = |row: &TextRow, column: Option<usize>| {
        column.map(|column| row.fields[column].clone()).filter(|text| !text.is_empty())
    };
    let amount = |row: &TextRow, column: usize| match table.paisa(row, column)? {
        amount if amount < Paisa::ZERO => Err(table.refuse(row, column, RejectReason::NegativePrice)),
        amount => Ok(amount),
    };
    let mut products: BTreeMap<ProductId, (ProductFields, Vec<u16>)> = BTreeMap::new();
    let mut customers: BTreeMap<CustomerId, String> = BTreeMap::new();
    let mut lines = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        let name = &row.fields[product];
        if name.is_empty() {
            return Err(table.refuse(row, product, RejectReason::Empty));
        }
        let id = ProductId::derived("lab-abc", &[name]);
        let (fields, leads) = products.entry(id).or_default();
        fields.name = Some(name.clone());
        fields.category = text(row, category).or(fields.category.take());
        fields.brand = text(row, brand).or(fields.brand.take());
        if let Some(column) = storage.filter(|&column| !row.fields[column].is_empty()) {
            let gigabytes = row.fields[column].parse();
            fields.storage_gb =
                Some(gigabytes.map_err(|_| table.refuse(row, column, RejectReason::NotANumber))?);
        }
        if let Some(column) = lead.filter(|&column| !row.fields[column].is_empty()) {
            match table.number(row, column)? {
                days if (0.0..=MOST_LEAD_DAYS).contains(&days) => leads.push(days.round() as u16),
                _ => return Err(table.refuse(row, column, RejectReason::OutOfRange)),
            }
        }
        let pieces = (table.number(row, quantity)? * 1_000.0).round();
        if pieces == 0.0 || pieces.abs() > 1e12 {
            return Err(table.refuse(row, quantity, RejectReason::OutOfRange));
        }
        let pieces = Quantity(pieces as i64);
        let money = pieces.times(amount(row, price)?);
        let money = money.ok_or_else(|| table.refuse(row, price, RejectReason::OutOfRange))?;
        let cost = if row.fields[cost].is_empty() { None } else { Some(amount(row, cost)?) };
        let buyer = text(row, customer).map(|code| {
            let id = CustomerId::derived("lab-abc", &[&code]);
            customers.insert(id, code);
            id
        });
        // Rows without an order are bills of their own.
        let bill = text(row, order).unwrap_or_else(|| format!("\0line {}", row.line));
        lines.push((table.day(row, date)?, bill, id, pieces, money, cost, buyer));
    }
    lines.sort_by(|a, b| (a.0, &a.1, a.2).cmp(&(b.0, &b.1, b.2)));

    let mut all = Tables::default();
    all.shops.push(ShopRow {
        id: ShopId::derived("lab", &[]),
        name: "lab".to_owned(),
        code: "L".to_owned(),
        city: String::new(),
        currency: Currency::PKR,
        zone: Zone { offset_minutes: 0 },
        bargaining: None,
    });
    all.stock.on_hand = vec![None; products.len()];
    all.stock.on_order = vec![Quantity::ZERO; products.len()];
    for (id, (fields, leads)) in products {
        let row = SupplierRow {
            id: SupplierId::from_u128(id.as_u128()),
            name: String::new(),
            lead_time_days: None,
            lead_times_seen_days: leads,
        };
        all.stock.supplier.push(all.suppliers.len() as u32);
        all.suppliers.push(row);
        all.products.push(ProductRow { id, fields, price: None, cost: None, floor: None });
    }
    let row = |(id, code)| CustomerRow { id, code: Some(code), person: None, limit: None };
    all.customers = customers.into_iter().map(row).collect();

    let sales = &mut all.sales;
    let mut bill = None;
    for (day, name, id, pieces, money, cost, buyer) in &lines {
        if bill != Some((day, name)) {
            bill = Some((day, name));
            sales.id.push(SaleId::from_u128(sales.id.len() as u128 + 1));
            sales.at.push(day.start(Zone { offset_minutes: 0 }));
            sales.day.push(*day);
            sales.shop.push(0);
            let place = buyer.and_then(|id| all.customers.binary_search_by_key(&id, |row| row.id).ok());
            sales.customer.push(place.map_or(NONE, |place| place as u32));
            sales.kind.push(ReceiptKind::Return);
            sales.number.push(String::new());
            sales.first_line.push(sales.product.len() as u32);
        }
        if let Some(kind) = sales.kind.last_mut().filter(|_| pieces.0 > 0) {
            *kind = ReceiptKind::Sale;
        }
        // Every line's product has just been written down.
        let place = all.products.binary_search_by_key(id, |row| row.id).unwrap_or_default();
        sales.product.push(place as u32);
        sales.receipt.push(sales.id.len() as u32 - 1);
        sales.quantity.push(*pieces);
        sales.amount.push(*money);
        sales.discount.push(Paisa::ZERO);
        sales.unit_cost.push(*cost);
    }
    sales.first_line.push(sales.product.len() as u32);
    // A file without rows was refused before.
    let last = sales.day.last().copied().unwrap_or_default();
    Ok((all, Day(last.0 + 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "product_id,date,quantity,price,cost,lead_days,order_id,category\n";

    fn read(rows: &str) -> Result<(Tables, Day), String> {
        let file = format!("{HEAD}{rows}");
        let table = TextTable::read(file.as_bytes()).map_err(|it| it.to_string())?;
        tables(&table).map_err(|it| it.to_string())
    }

    fn told(rows: &str) -> Vec<String> {
        let (tables, today) = read(rows).unwrap_or_else(|error| panic!("{error}"));
        let task = Task::Abc { shop: None, today, product: None };
        let Ok(Answer::Abc(answer)) = task::run(&task, &tables) else { panic!("no answer") };
        let mut bytes = Vec::new();
        let mut out = CsvWriter::new(&mut bytes);
        answer.products.iter().for_each(|row| line(&mut out, row).unwrap_or_else(|error| panic!("{error}")));
        out.finish().unwrap_or_else(|error| panic!("{error}"));
        String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect()
    }

    #[test]
    fn shares_and_classes_by_hand() {
        let told = told(
            "p,2026-01-02,2,40,20,3,a,phones\nq,2026-01-02,1,20,,,a,covers\np,2026-01-05,-1,40,20,5,b,phones\n\
             p,2026-01-06,1,40,20,7,c,phones\n",
        );
        // 80 of 100 revenue; q is given p's margin of a half. 80 stand above q: it is B.
        assert!(told[0].starts_with("p,A,0.98,0.8,0.8,0,A,,0.5,,0.4,0,"), "{}", told[0]);
        assert!(told[1].starts_with("q,B,0.95,0.2,0.2,0.8,B,,,,,"), "{}", told[1]);
        assert!(told[1].ends_with("brings_share no_stand_in cost_unknown"), "{}", told[1]);
    }

    #[test]
    fn bills_are_joined_by_their_number_and_sorted_by_day() {
        let (tables, today) =
            read("p,2026-01-05,1,40,20,,b,\nq,2026-01-05,1,20,,,b,\np,2026-01-02,1,40,20,,a,\n")
                .unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((tables.sales.receipts(), tables.sales.lines()), (2, 3));
        assert!(tables.sales.day.is_sorted());
        assert_eq!(today.to_string(), "2026-01-06");
    }

    #[test]
    fn bad_fields_are_named_with_line_and_expectation() {
        let fault = |rows: &str| read(rows).err().unwrap_or_default();
        for (rows, place) in [
            ("p,2026-01-02,x,40,20,,,\n", "line 2, column quantity: not_a_number"),
            ("p,2026-01-02,0,40,20,,,\n", "line 2, column quantity: out_of_range"),
            ("p,2026-01-02,1,40,20,,,\np,yesterday,1,40,20,,,\n", "line 3, column date: not_a_date"),
            ("p,2026-01-02,1,-40,20,,,\n", "line 2, column price: negative_price"),
            ("p,2026-01-02,1,40,-1,,,\n", "line 2, column cost: negative_price"),
            ("p,2026-01-02,1,40,20,-3,,\n", "line 2, column lead_days: out_of_range"),
            (",2026-01-02,1,40,20,3,,\n", "line 2, column product_id: empty"),
        ] {
            assert!(fault(rows).starts_with(place), "{rows}: {}", fault(rows));
        }
        let table = TextTable::read(b"product_id,date,quantity,price\np,2026-01-02,1,4\n");
        let missing =
            table.and_then(|table| tables(&table)).err().map(|it| it.to_string()).unwrap_or_default();
        assert!(missing.starts_with("line 1, column cost: missing_column"), "{missing}");
    }
}
