//! Accessories of the sample shop. Chargers, cables, power banks, earbuds, speakers and watches carry the price
//! that the reference list names for 6 June 2024; covers, glass, wired handsfree and memory cards are not in that
//! list and carry a usual counter price.

/// What a thing is: decides margin, demand and who supplies it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Wall charger.
    Charger,
    /// Data cable.
    Cable,
    /// Wired earphones.
    Handsfree,
    /// Wireless earbuds or neckband.
    Earbuds,
    /// Power bank.
    PowerBank,
    /// microSD card or USB stick.
    Memory,
    /// Charger for the car.
    CarCharger,
    /// Bluetooth speaker.
    Speaker,
    /// Smart watch.
    Watch,
}

impl Kind {
    /// The category on the shelf.
    pub fn category(self) -> &'static str {
        match self {
            Self::Charger => "Chargers",
            Self::Cable => "Cables",
            Self::Handsfree => "Handsfree",
            Self::Earbuds => "Earbuds",
            Self::PowerBank => "Power banks",
            Self::Memory => "Memory cards",
            Self::CarCharger => "Car chargers",
            Self::Speaker => "Speakers",
            Self::Watch => "Smart watches",
        }
    }

    /// Pieces of the whole category that one branch sells on a plain day.
    pub fn pieces_a_day(self) -> f64 {
        match self {
            Self::Charger => 6.5,
            Self::Cable => 8.0,
            Self::Handsfree => 6.0,
            Self::Earbuds => 2.6,
            Self::PowerBank => 1.4,
            Self::Memory => 3.4,
            Self::CarCharger => 0.7,
            Self::Speaker => 0.5,
            Self::Watch => 0.9,
        }
    }
}

/// An accessory: kind, brand, name, rupees.
pub type Accessory = (Kind, &'static str, &'static str, i64);

/// Everything that fits many phones.
pub const ACCESSORIES: [Accessory; 54] = [
    (Kind::Charger, "Ronin", "Ronin R-788 Smart Charger", 599),
    (Kind::Charger, "Airox", "Airox 20W Fast Wall Charger (AD-15)", 649),
    (Kind::Charger, "Login", "Login LT-PD10 Wall Charger", 799),
    (Kind::Charger, "Airox", "Airox 22.5W VOOC and QC Fast Adapter (AD31)", 849),
    (Kind::Charger, "itel", "itel CW-181E Wall Charger", 999),
    (Kind::Charger, "Airox", "Airox PD03 30W Super Fast PD Adapter", 1_299),
    (Kind::Charger, "Infinix", "Infinix XC05 Kit 20W Wall Charger", 2_149),
    (Kind::Charger, "Xiaomi", "Mi Type-C Charger (20W)", 2_549),
    (Kind::Charger, "Samsung", "Samsung 3 Pin Fast Charging Travel Adapter (25W)", 3_399),
    (Kind::Charger, "Anker", "Anker PowerPort III USB-C Charger (20W)", 3_699),
    (Kind::Cable, "Login", "Login LT-1947 Micro Charging Cable", 249),
    (Kind::Cable, "Login", "Login LT-D125 Charging Cable", 349),
    (Kind::Cable, "Airox", "Airox V8 120W Super Fast Data Cable (CB-50)", 449),
    (Kind::Cable, "itel", "itel ICD-L21s iPhone Charging Cable", 499),
    (Kind::Cable, "Airox", "Airox Type-C 3.0A Data Cable (CB-07)", 599),
    (Kind::Cable, "Hottu", "Hottu 3 in 1 Data Cable SF03", 699),
    (Kind::Cable, "Joyroom", "Joyroom 3A USB-A to Micro Cable (S-1030M12)", 849),
    (Kind::Cable, "Joyroom", "Joyroom Type-C Data Cable (S-2030M8)", 1_099),
    (Kind::Cable, "Xiaomi", "Mi USB-C Cable", 1_499),
    (Kind::Cable, "Anker", "Anker 322 USB-C to USB-C Cable 6ft", 2_399),
    (Kind::Handsfree, "Assorted", "Handsfree 3.5 mm (loose)", 250),
    (Kind::Handsfree, "Login", "Login Stereo Handsfree 3.5 mm", 450),
    (Kind::Handsfree, "Airox", "Airox Bass Handsfree 3.5 mm", 650),
    (Kind::Handsfree, "Samsung", "Samsung EHS64 Handsfree", 750),
    (Kind::Handsfree, "Ronin", "Ronin Type-C Handsfree", 999),
    (Kind::Handsfree, "Audionic", "Audionic Stereo Handsfree", 1_150),
    (Kind::Earbuds, "Assorted", "M28 TWS Wireless Earbuds", 1_179),
    (Kind::Earbuds, "Airox", "Airox Energy Booster Neckband NB05", 1_699),
    (Kind::Earbuds, "Infinix", "Infinix XE20 Wireless Earbuds", 1_999),
    (Kind::Earbuds, "Airox", "Airox E7 Wireless Earbuds", 2_499),
    (Kind::Earbuds, "Audionic", "Audionic Airbud 450 Wireless Earbuds", 2_999),
    (Kind::Earbuds, "Lenovo", "Lenovo LP1 Pro Earbuds", 3_299),
    (Kind::Earbuds, "Ronin", "Ronin R-175 Wireless Earbuds", 4_499),
    (Kind::Earbuds, "Xiaomi", "Redmi Buds 3 Pro", 7_799),
    (Kind::PowerBank, "Airox", "Airox PB12 10000mAh Strong Powerbank", 2_499),
    (Kind::PowerBank, "Dany", "Dany Alpha X200 Power Bank 10000mAh", 2_899),
    (Kind::PowerBank, "Audionic", "Audionic Spark S-10 Power Bank 10000mAh 22.5W", 3_499),
    (Kind::PowerBank, "Aspor", "Aspor A396PD Power Bank 20000mAh", 3_999),
    (Kind::PowerBank, "Xiaomi", "Mi Power Bank 3 (20000mAh)", 6_149),
    (Kind::PowerBank, "Anker", "Anker PowerCore Select 10000mAh (12W)", 6_499),
    (Kind::Memory, "Kingston", "Kingston Canvas microSD 32GB", 1_150),
    (Kind::Memory, "SanDisk", "SanDisk Ultra microSD 32GB", 1_250),
    (Kind::Memory, "SanDisk", "SanDisk Ultra microSD 64GB", 1_850),
    (Kind::Memory, "SanDisk", "SanDisk Ultra microSD 128GB", 3_200),
    (Kind::Memory, "Kingston", "Kingston DataTraveler USB 64GB", 1_650),
    (Kind::CarCharger, "Login", "Login LT-CR2 Car Charger", 699),
    (Kind::CarCharger, "Airox", "Airox 38W PD Plus Car Charger (CA-03)", 899),
    (Kind::CarCharger, "Xiaomi", "Mi Car Charger Pro (18W)", 1_900),
    (Kind::Speaker, "Audionic", "Audionic Milan Mobile Speaker", 1_299),
    (Kind::Speaker, "itel", "itel Bluetooth Speaker (S31)", 2_899),
    (Kind::Watch, "Assorted", "T500 Plus Max Series 7 Smart Watch", 1_799),
    (Kind::Watch, "Assorted", "T55 Plus Smart Watch Series 6 (44mm)", 2_999),
    (Kind::Watch, "Zero", "Zero Drip Smartwatch", 7_149),
    (Kind::Watch, "Xiaomi", "Xiaomi Smart Band 8 (Global)", 8_799),
];

/// Covers and glass are kept for phones of these prices, and for every iPhone.
pub const FITTED_RUPEES: std::ops::Range<i64> = 21_000..60_000;

/// Price of a silicone cover and of a tempered glass for a phone of this price.
pub fn fitted_rupees(phone_rupees: i64) -> (i64, i64) {
    match phone_rupees {
        0..30_000 => (350, 200),
        30_000..70_000 => (500, 300),
        70_000..150_000 => (850, 600),
        _ => (1_500, 1_200),
    }
}
