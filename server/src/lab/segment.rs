//! `lab segment`: customers by RFM scores and by k-means over the seed's seven features.

use super::{
    Common, LabError,
    csv_out::{CsvWriter, number},
    input, parse_day,
};
use dukandar_core::{
    customer::segment::SegmentParams,
    feature::customer::{PurchaseRow, SegmentFeatures},
    money::Paisa,
    reject::{Reject, RejectReason},
    time::Day,
};

/// Options of `lab segment`.
#[derive(clap::Args, Debug)]
pub struct SegmentArgs {
    #[command(flatten)]
    common: Common,
    /// As of the end of this day, YYYY-MM-DD.
    #[arg(long, value_parser = parse_day)]
    until: Day,
    /// Clusters.
    #[arg(long, default_value_t = 8)]
    k: usize,
    /// Of every random choice.
    #[arg(long, default_value_t = 42)]
    seed: u64,
}

pub(super) fn run(args: &SegmentArgs) -> Result<(), LabError> {
    let params = SegmentParams { clusters: args.k, seed: args.seed, ..SegmentParams::default() }.check()?;
    let rows = purchases(args).map_err(|error| match error {
        Fault::Lab(error) => error,
        Fault::Content(reject) => LabError::Content { path: input::name(&args.common.input), reject },
    })?;
    let features = SegmentFeatures::from_rows(&rows, args.until);
    let found = params.fit(&features)?;
    let mut out = CsvWriter::stdout();
    out.row([
        "customer_id",
        "recency_days",
        "frequency_purchases",
        "monetary_total",
        "avg_order_value",
        "brand_diversity",
        "price_sensitivity",
        "service_interactions",
        "r_score",
        "f_score",
        "m_score",
        "rfm_score",
        "cluster",
        "segment",
    ])?;
    for row in 0..features.customer_id.len() {
        let (r, f, m) = (found.scores.r_score[row], found.scores.f_score[row], found.scores.m_score[row]);
        out.row([
            features.customer_id[row].clone(),
            features.recency_days[row].to_string(),
            features.frequency_purchases[row].to_string(),
            features.monetary_total[row].as_units().to_string(),
            features.avg_order_value[row].to_string(),
            features.brand_diversity[row].to_string(),
            features.price_sensitivity[row].to_string(),
            features.service_interactions[row].to_string(),
            r.to_string(),
            f.to_string(),
            m.to_string(),
            format!("{r}{f}{m}"),
            found.partition.cluster[row].to_string(),
            found.segment[row].name().to_owned(),
        ])?;
    }
    out.finish()?;
    let it = &found.quality;
    eprintln!(
        "silhouette {}, inertia {}, inter-cluster distance {}, stability {}",
        number(it.silhouette),
        it.inertia,
        it.inter_cluster_distance,
        number(it.stability)
    );
    Ok(())
}

enum Fault {
    Lab(LabError),
    Content(Reject),
}

impl From<Reject> for Fault {
    fn from(reject: Reject) -> Self {
        Self::Content(reject)
    }
}

fn purchases(args: &SegmentArgs) -> Result<Vec<PurchaseRow>, Fault> {
    let table = input::table(&args.common.input).map_err(Fault::Lab)?;
    let (customer, date, amount) =
        (table.column("customer_id")?, table.column("date")?, table.column("amount")?);
    let [order, brand, discount, service] =
        ["order_id", "brand", "discount", "service"].map(|name| table.find(name));
    let known: Vec<usize> = [Some(customer), Some(date), Some(amount), order, brand, discount, service]
        .into_iter()
        .flatten()
        .collect();
    let ignored = (0..table.headers.len()).filter(|column| !known.contains(column));
    input::name_ignored(&ignored.map(|column| table.headers[column].clone()).collect::<Vec<_>>());
    let mut rows = Vec::with_capacity(table.rows.len());
    let mut anonymous = 0;
    for row in &table.rows {
        if row.fields[customer].is_empty() {
            anonymous += 1;
            continue;
        }
        let text = |column: Option<usize>| {
            column.map(|column| row.fields[column].clone()).filter(|text| !text.is_empty())
        };
        let service = match text(service).map(|text| text.to_ascii_lowercase()).as_deref() {
            None | Some("0" | "false" | "no") => false,
            Some("1" | "true" | "yes") => true,
            // The column is there: it has just been read.
            Some(_) => {
                return Err(table.refuse(row, service.unwrap_or(customer), RejectReason::Malformed).into());
            }
        };
        rows.push(PurchaseRow {
            customer_id: row.fields[customer].clone(),
            day: table.day(row, date)?,
            amount: table.paisa(row, amount)?,
            order_id: text(order),
            brand: text(brand),
            discount: match discount.filter(|&column| !row.fields[column].is_empty()) {
                Some(column) => table.paisa(row, column)?,
                None => Paisa::ZERO,
            },
            service,
        });
    }
    if anonymous > 0 {
        eprintln!("rejected {anonymous} rows: no customer_id");
    }
    Ok(rows)
}
