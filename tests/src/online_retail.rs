//! The standard real input: Online Retail, 541,909 lines (UCI, CC0), read once per test binary.

use dukandar_core::{
    fold::Fold,
    id::ShopId,
    import::{ImportOptions, ImportOutcome, Importer},
    money::Currency,
    table::{Tables, segment::Segment},
    time::{Timestamp, Zone},
};
use flate2::read::GzDecoder;
use std::{fs::File, io::Read, path::Path, sync::OnceLock};

/// The file's text.
pub fn text() -> &'static [u8] {
    static TEXT: OnceLock<Vec<u8>> = OnceLock::new();
    TEXT.get_or_init(|| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/online_retail_2010_2011.csv.gz");
        let file = File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut text = Vec::new();
        GzDecoder::new(file).read_to_end(&mut text).unwrap_or_else(|error| panic!("{error}"));
        text
    })
}

/// The shop it goes into.
pub const SHOP: ShopId = ShopId::from_u128(0x0195_0000_0000_7000_8000_0000_0000_0001);

/// What a user confirms on the import screen.
pub fn options() -> ImportOptions {
    let pounds = Currency::try_from("GBP".to_owned()).unwrap_or(Currency::PKR);
    ImportOptions::new(SHOP, "online_retail_2010_2011.csv", Timestamp(0), pounds, Zone { offset_minutes: 0 })
}

/// Imports bytes in chunks of 64 KB, as a browser's stream gives them.
pub fn import(text: &[u8], options: ImportOptions) -> ImportOutcome {
    let mut importer = Importer::new(options);
    for chunk in text.chunks(65_536) {
        importer.push(chunk).unwrap_or_else(|reject| panic!("{reject}"));
    }
    importer.finish().unwrap_or_else(|reject| panic!("{reject}"))
}

/// The import of the whole file.
pub fn outcome() -> &'static ImportOutcome {
    static OUTCOME: OnceLock<ImportOutcome> = OnceLock::new();
    OUTCOME.get_or_init(|| import(text(), options()))
}

/// The segments of an import, decoded.
pub fn segments(outcome: &ImportOutcome) -> Vec<Segment> {
    let decode = |bytes: &Vec<u8>| Segment::decode(bytes).unwrap_or_else(|error| panic!("{error}"));
    outcome.segments.iter().map(|segment| decode(&segment.bytes)).collect()
}

/// The tables of an import.
pub fn fold(outcome: &ImportOutcome) -> Tables {
    let mut fold = Fold::default();
    segments(outcome).into_iter().for_each(|segment| fold.segment(segment));
    fold.into_tables()
}

/// The tables of the whole file.
pub fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| fold(outcome()))
}
