//! What the sample shop sells: real phone models with their retail price in Pakistan as of 6 June 2024.
//!
//! Source: the facts table `reference/phone_prices_pk.csv` (rows without a price left out). Prices are facts of
//! that day and will have changed since; the sample lets them drift from there. Accessories stand in
//! [`super::accessory`].

/// A phone as it stands in the price list.
#[derive(Clone, Copy, Debug)]
pub struct Phone {
    /// Brand.
    pub brand: &'static str,
    /// Model with its brand, as printed on the box.
    pub model: &'static str,
    /// Working memory; 0 where the list names none.
    pub ram_gb: u16,
    /// Storage; 0 where the list names none.
    pub storage_gb: u16,
    /// 5G or not.
    pub has_5g: bool,
    /// Retail price.
    pub rupees: i64,
}

const fn phone(
    brand: &'static str,
    model: &'static str,
    ram_gb: u16,
    storage_gb: u16,
    has_5g: bool,
    rupees: i64,
) -> Phone {
    Phone { brand, model, ram_gb, storage_gb, has_5g, rupees }
}

/// Price tiers from keypad phones to foldables.
pub const PHONES: [Phone; 72] = [
    phone("itel", "itel Power 120", 0, 0, false, 2_799),
    phone("GFive", "GFive Rocky", 0, 0, false, 2_999),
    phone("XMobile", "XMobile X4 Plus", 0, 0, false, 3_749),
    phone("Nokia", "Nokia 105 2023", 0, 0, false, 3_999),
    phone("VGO TEL", "VGO TEL i12", 0, 0, false, 4_749),
    phone("Nokia", "Nokia 130", 0, 0, false, 5_399),
    phone("Nokia", "Nokia 110 2023", 0, 0, false, 5_699),
    phone("Nokia", "Nokia 150 (2023)", 0, 0, false, 6_849),
    phone("Digit", "Digit 4G Energy Max", 0, 0, false, 8_199),
    phone("itel", "itel A17", 1, 16, false, 9_799),
    phone("ZTE", "ZTE Blade A31 Plus", 2, 32, false, 11_699),
    phone("ZTE", "ZTE Blade A54", 4, 64, false, 16_299),
    phone("Tecno", "Tecno Pop 7", 2, 64, false, 16_999),
    phone("Sparx", "Sparx Neo 7 Plus", 4, 64, false, 18_499),
    phone("itel", "itel A70", 4, 128, false, 18_299),
    phone("Xiaomi", "Xiaomi Redmi A3x", 3, 64, false, 17_699),
    phone("Xiaomi", "Xiaomi Redmi A3", 4, 64, false, 19_499),
    phone("Xiaomi", "Xiaomi Redmi A3", 4, 128, false, 20_999),
    phone("Infinix", "Infinix Smart 8", 4, 64, false, 20_949),
    phone("Tecno", "Tecno Spark Go 2024", 4, 64, false, 20_499),
    phone("Realme", "Realme Note 50", 4, 64, false, 21_499),
    phone("Samsung", "Samsung Galaxy A05", 4, 64, false, 22_099),
    phone("HONOR", "HONOR X6", 4, 64, false, 22_299),
    phone("Vivo", "Vivo Y03", 4, 64, false, 22_499),
    phone("Tecno", "Tecno Spark 20C", 4, 128, false, 23_099),
    phone("Realme", "Realme Note 50", 4, 128, false, 23_499),
    phone("Xiaomi", "Xiaomi Redmi 13C", 4, 128, false, 23_999),
    phone("Vivo", "Vivo Y03", 4, 128, false, 24_599),
    phone("Realme", "Realme C51", 4, 128, false, 25_599),
    phone("OPPO", "OPPO A18", 4, 128, false, 26_099),
    phone("Samsung", "Samsung Galaxy A05", 4, 128, false, 26_099),
    phone("Xiaomi", "Xiaomi Redmi 13C", 6, 128, false, 26_699),
    phone("Tecno", "Tecno Spark 20", 8, 128, false, 26_849),
    phone("Infinix", "Infinix Hot 40i", 8, 128, false, 27_099),
    phone("HONOR", "HONOR X6a", 4, 128, false, 27_199),
    phone("itel", "itel S24", 16, 128, false, 28_999),
    phone("Samsung", "Samsung Galaxy A05", 6, 128, false, 29_099),
    phone("Infinix", "Infinix Hot 40i", 8, 256, false, 30_249),
    phone("Vivo", "Vivo Y17s", 4, 128, false, 30_699),
    phone("Infinix", "Infinix Hot 40", 8, 256, false, 31_999),
    phone("Xiaomi", "Xiaomi Redmi 12", 8, 128, false, 31_999),
    phone("OPPO", "OPPO A38", 6, 128, false, 33_199),
    phone("Xiaomi", "Xiaomi Redmi 12", 8, 256, false, 34_299),
    phone("Realme", "Realme C67", 8, 128, false, 36_199),
    phone("Tecno", "Tecno Spark 20 Pro", 8, 256, false, 37_799),
    phone("Infinix", "Infinix Hot 40 Pro", 8, 256, false, 39_599),
    phone("Vivo", "Vivo Y27s", 8, 128, false, 41_799),
    phone("Samsung", "Samsung Galaxy A15", 6, 128, false, 44_299),
    phone("OPPO", "OPPO A58", 8, 128, false, 44_999),
    phone("Xiaomi", "Xiaomi Redmi Note 13", 8, 128, false, 46_299),
    phone("Vivo", "Vivo Y100", 8, 128, false, 48_999),
    phone("Xiaomi", "Xiaomi Redmi Note 13", 8, 256, false, 49_899),
    phone("Infinix", "Infinix Note 40", 8, 256, false, 50_000),
    phone("Samsung", "Samsung Galaxy A15", 8, 256, false, 50_499),
    phone("OPPO", "OPPO A60", 8, 256, false, 50_699),
    phone("Tecno", "Tecno Camon 30", 12, 256, false, 51_499),
    phone("HONOR", "HONOR X7b", 8, 256, false, 54_899),
    phone("Xiaomi", "Xiaomi Redmi Note 13 Pro", 8, 256, false, 62_999),
    phone("Infinix", "Infinix Note 40 Pro", 12, 256, false, 66_299),
    phone("HONOR", "HONOR X8b", 8, 512, false, 72_699),
    phone("OPPO", "OPPO Reno 11F 5G", 8, 256, true, 74_499),
    phone("Samsung", "Samsung Galaxy A25", 8, 256, true, 75_999),
    phone("Vivo", "Vivo V30e", 8, 256, true, 81_999),
    phone("Samsung", "Samsung Galaxy A35 5G", 8, 256, true, 103_999),
    phone("Samsung", "Samsung Galaxy A55 5G", 8, 256, true, 123_999),
    phone("Apple", "Apple iPhone 11", 0, 128, false, 161_999),
    phone("Apple", "Apple iPhone 12", 0, 128, true, 189_999),
    phone("Apple", "Apple iPhone 13", 0, 128, true, 237_999),
    phone("Samsung", "Samsung Galaxy S24", 8, 256, true, 244_999),
    phone("Samsung", "Samsung Galaxy Z Flip 5", 8, 512, true, 316_799),
    phone("Apple", "Apple iPhone 15", 0, 128, true, 329_050),
    phone("Apple", "Apple iPhone 15 Pro Max", 0, 256, true, 479_350),
];

/// The phone that lies on the shelf unsold: expensive, and out of fashion.
pub const DEAD_STOCK: &str = "Samsung Galaxy Z Flip 5";

/// The good seller that has run out.
pub const STOCKOUT: &str = "Xiaomi Redmi 13C 6GB/128GB";

/// Good sellers whose last order was too small: they run out within days.
pub const RUNNING_OUT: [&str; 6] = [
    "Samsung Galaxy A05 4GB/128GB",
    "Infinix Hot 40i 8GB/256GB",
    "Tecno Spark 20 8GB/128GB",
    "Airox 20W Fast Wall Charger (AD-15)",
    "Airox Type-C 3.0A Data Cable (CB-07)",
    "SanDisk Ultra microSD 64GB",
];

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn no_variant_is_listed_twice_and_none_is_free() {
        let mut names: Vec<_> = PHONES.iter().map(|p| (p.model, p.ram_gb, p.storage_gb)).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), PHONES.len());
        assert!(PHONES.iter().all(|phone| phone.rupees > 0 && phone.model.starts_with(phone.brand)));
    }
}
