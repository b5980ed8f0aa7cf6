//! A second real shop: Complete Journey, 75,000 grocery lines of 2017 (R package completejourney, CC0), read from ../shared.
//!
//! Lines are few for 20,000 products, so a "product" here is one maker's goods of one type: 5,800 of them. Fuel and
//! coupons are left out: they are not sold by the piece. Even so most of what starts within the year is a slow seller
//! whose first sale in the sample is late, not a launch.

use super::online_retail::{fold, import, options};
use dukandar_core::table::Tables;
use flate2::read::GzDecoder;
use std::{collections::BTreeMap, fs::File, io::Read, path::Path};

fn text(name: &str) -> Option<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/transactions");
    let mut text = String::new();
    GzDecoder::new(File::open(folder.join(name)).ok()?).read_to_string(&mut text).ok()?;
    Some(text)
}

/// Sales with maker and type, as a tool would write them; none where ../shared is absent.
pub fn csv() -> Option<String> {
    let products = text("completejourney_products.csv.gz")?;
    let sales = text("completejourney_transactions_sample.csv.gz")?;
    // Neither file quotes a cell.
    let cells = |line: &'_ str| -> Vec<String> { line.split(',').map(str::to_owned).collect() };
    let by_id: BTreeMap<String, Vec<String>> =
        products.lines().skip(1).map(cells).map(|it| (it[0].clone(), it)).collect();
    let mut csv = String::from("date,receipt,sku,product name,brand,category,quantity,amount\n");
    for cells in sales.lines().skip(1).map(cells) {
        let Some([_, maker, department, _, category, kind, ..]) = by_id.get(&cells[3]).map(Vec::as_slice)
        else {
            continue;
        };
        if department == "FUEL" || department == "MISCELLANEOUS" || category.contains("COUPON") {
            continue;
        }
        let (day, receipt, quantity, amount) = (&cells[10], &cells[2], &cells[4], &cells[5]);
        csv += &format!(
            "{day},{receipt},{maker}/{kind},\"{kind}\",{maker},\"{category}\",{quantity},{amount}\n"
        );
    }
    Some(csv)
}

/// Its tables; none where ../shared is absent.
pub fn tables() -> Option<Tables> {
    Some(fold(&import(csv()?.as_bytes(), options())))
}
