//! `lab import`: a tool's CSV through the app's importer.

use super::{Common, LabError, csv_out::CsvWriter, input};
use dukandar_core::{
    fold::Fold,
    id::{ShopId, TenantId},
    import::{DateOrder, Field, ImportOptions, ImportOutcome, Importer, Mapping, Personal},
    money::{Currency, Paisa},
    privacy::seal::SecretKey,
    reject::Reject,
    rng::Rng,
    table::{NONE, ReceiptKind, Tables, segment::Segment},
    time::{Timestamp, Zone},
};
use serde_json::json;
use std::{
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

/// Options of `lab import`.
#[derive(clap::Args, Debug)]
pub struct ImportArgs {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    how: How,
    /// Folder for the canonical tables as CSV.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// How a file is to be read.
#[derive(clap::Args, Debug)]
pub struct How {
    /// Which tool wrote it: `guess` looks at the header; `generic` is any tool's columns by their headers, and all
    /// that there is so far.
    #[arg(long, default_value = "guess")]
    format: String,
    /// Field=header pairs where the guess is wrong: `date=Sold at,price=Rate`.
    #[arg(long, value_delimiter = ',')]
    map: Vec<String>,
    /// What amounts are in.
    #[arg(long, default_value = "PKR")]
    currency: String,
    /// Minutes east of UTC of the file's times.
    #[arg(long, default_value_t = 300, allow_negative_numbers = true)]
    zone_minutes: i16,
    /// `day` or `month` first in dates such as 03/04/2026; else the column decides.
    #[arg(long)]
    date_order: Option<String>,
    /// Keep rows that equal an earlier row in every field.
    #[arg(long)]
    keep_duplicates: bool,
}

/// Names that `--format` takes.
const FORMATS: [&str; 2] = ["guess", "generic"];

/// A file as tables, with what happened on the way.
pub(super) struct Imported {
    pub outcome: ImportOutcome,
    pub tables: Tables,
}

/// Reads a file as the app would.
pub(super) fn read(common: &Common, how: &How) -> Result<Imported, LabError> {
    let path = input::name(&common.input);
    let content = |reject: Reject| LabError::Content { path: path.clone(), reject };
    let mut importer = Importer::new(options(common, how)?);
    input::each_chunk(&common.input, |chunk| importer.push(chunk).map_err(content))?;
    let outcome = importer.finish().map_err(content)?;
    let mut fold = Fold::default();
    for segment in &outcome.segments {
        let segment = Segment::decode(&segment.bytes)
            .map_err(|error| LabError::File { path: path.clone(), error: std::io::Error::other(error) })?;
        fold.segment(segment);
    }
    input::name_ignored(&outcome.unused_columns);
    for (reason, count) in &outcome.import.rejected {
        let first = outcome.rejects.iter().find(|reject| reject.reason == *reason);
        let first = first.map(|reject| format!("; first: {reject}")).unwrap_or_default();
        eprintln!("rejected {count} rows: {}{first}", reason.name());
    }
    Ok(Imported { outcome, tables: fold.into_tables() })
}

fn options(common: &Common, how: &How) -> Result<ImportOptions, LabError> {
    if !FORMATS.contains(&how.format.as_str()) {
        let expected = format!("one of {} (the header decides; --map corrects it)", FORMATS.join(", "));
        return Err(LabError::Option { option: "format", given: how.format.clone(), expected });
    }
    let currency = Currency::try_from(how.currency.clone()).map_err(|_| LabError::Option {
        option: "currency",
        given: how.currency.clone(),
        expected: "three letters such as PKR".to_owned(),
    })?;
    let date_order = match how.date_order.as_deref() {
        None => None,
        Some("day") => Some(DateOrder::DayFirst),
        Some("month") => Some(DateOrder::MonthFirst),
        Some(other) => {
            let expected = "day or month".to_owned();
            return Err(LabError::Option { option: "date-order", given: other.to_owned(), expected });
        }
    };
    // The lab has no business and keeps no person: a key made up for the run lets names tell customers apart.
    let mut rng = Rng::seeded(0);
    let personal = Personal { tenant_key: SecretKey::fresh(&mut rng), rng, known: Default::default() };
    let shop = ShopId::from_u128(TenantId::derived("lab", &[]).as_u128());
    let name = common.input.display().to_string();
    let zone = Zone { offset_minutes: how.zone_minutes };
    Ok(ImportOptions {
        corrections: corrections(how)?,
        date_order,
        keep_duplicates: how.keep_duplicates,
        personal: Some(personal),
        max_bytes: u64::MAX,
        max_rows: 50_000_000,
        ..ImportOptions::new(shop, &name, Timestamp(0), currency, zone)
    })
}

/// What `--map` says.
fn corrections(how: &How) -> Result<Mapping, LabError> {
    let mut mapping = Mapping::new();
    for pair in &how.map {
        let wrong = |expected: String| LabError::Option { option: "map", given: pair.clone(), expected };
        let (name, header) =
            pair.split_once('=').ok_or_else(|| wrong("field=header, such as price=Rate".to_owned()))?;
        let names = || Field::all().map(Field::name).collect::<Vec<_>>().join(", ");
        let field = Field::by_name(name.trim()).ok_or_else(|| wrong(format!("a field: {}", names())))?;
        mapping.insert(field, header.trim().to_owned());
    }
    Ok(mapping)
}

pub(super) fn run(args: &ImportArgs) -> Result<(), LabError> {
    let Imported { outcome, tables } = read(&args.common, &args.how)?;
    if let Some(folder) = &args.out {
        write_tables(folder, &tables, &outcome.rejects)
            .map_err(|error| LabError::File { path: folder.display().to_string(), error })?;
    }
    let import = &outcome.import;
    let rejected: serde_json::Map<String, serde_json::Value> =
        import.rejected.iter().map(|(reason, count)| (reason.name(), json!(count))).collect();
    let answer = json!({
        "rows": import.rows,
        "kept": import.kept,
        "rejected": rejected,
        "rounded_prices": import.rounded_prices,
        "from": outcome.period.map(|period| period.from.to_string()),
        "to": outcome.period.map(|period| period.to.to_string()),
        "receipts": outcome.receipts,
        "returns": outcome.returns,
        "customers": outcome.customers,
        "products": outcome.products,
        "currency": import.currency,
        "mapping": import.mapping,
        "unused_columns": outcome.unused_columns,
        "file_sha256": import.file_sha256,
        "segments": outcome.segments.len(),
        "segment_bytes": outcome.segments.iter().map(|segment| segment.about.bytes).sum::<u64>(),
    });
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &answer)?;
    writeln!(out)?;
    Ok(())
}

/// Amounts and prices with two decimals.
fn money(amount: Paisa) -> String {
    let sign = if amount.0 < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", amount.0.unsigned_abs() / 100, amount.0.unsigned_abs() % 100)
}

fn write_tables(folder: &Path, tables: &Tables, rejects: &[Reject]) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let create = |name: &str| {
        Ok::<_, std::io::Error>(CsvWriter::new(BufWriter::new(File::create(folder.join(name))?)))
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let price = |value: Option<Paisa>| value.map(money).unwrap_or_default();

    let mut out = create("shops.csv")?;
    out.row(["shop_id", "currency", "zone_minutes"])?;
    for row in &tables.shops {
        out.row([row.id.to_string(), row.currency.code().to_owned(), row.zone.offset_minutes.to_string()])?;
    }
    out.finish()?;

    let mut out = create("products.csv")?;
    out.row(["product_id", "sku", "name", "category", "brand", "price", "cost"])?;
    for row in &tables.products {
        let fields = &row.fields;
        let (sku, name) = (text(&fields.sku), text(&fields.name));
        let (category, brand) = (text(&fields.category), text(&fields.brand));
        out.row([row.id.to_string(), sku, name, category, brand, price(row.price), price(row.cost)])?;
    }
    out.finish()?;

    let mut out = create("customers.csv")?;
    out.row(["customer_id", "code"])?;
    for row in &tables.customers {
        out.row([row.id.to_string(), text(&row.code)])?;
    }
    out.finish()?;

    let sales = &tables.sales;
    let mut out = create("sales.csv")?;
    out.row([
        "receipt_id",
        "kind",
        "number",
        "at",
        "day",
        "shop_id",
        "customer_id",
        "line",
        "product_id",
        "quantity",
        "amount",
        "discount",
        "unit_cost",
    ])?;
    for receipt in 0..sales.receipts() {
        let shop = &tables.shops[sales.shop[receipt] as usize];
        let customer = match sales.customer[receipt] {
            NONE => String::new(),
            customer => tables.customers[customer as usize].id.to_string(),
        };
        let kind = if sales.kind[receipt] == ReceiptKind::Return { "return" } else { "sale" };
        let (id, day, shop_id) =
            (sales.id[receipt].to_string(), sales.day[receipt].to_string(), shop.id.to_string());
        let at = sales.at[receipt].rfc3339(shop.zone);
        for (number, line) in sales.lines_of(receipt).enumerate() {
            out.row([
                &id,
                kind,
                &sales.number[receipt],
                &at,
                &day,
                &shop_id,
                &customer,
                &number.to_string(),
                &tables.products[sales.product[line] as usize].id.to_string(),
                &sales.quantity[line].as_units().to_string(),
                &money(sales.amount[line]),
                &money(sales.discount[line]),
                &price(sales.unit_cost[line]),
            ])?;
        }
    }
    out.finish()?;

    let mut out = create("rejects.csv")?;
    out.row(["line", "column", "reason", "found", "expected"])?;
    for it in rejects {
        let column = it.column.clone().unwrap_or_default();
        out.row([&it.line.to_string(), &column, &it.reason.name(), &it.found, it.reason.expected()])?;
    }
    out.finish()
}
