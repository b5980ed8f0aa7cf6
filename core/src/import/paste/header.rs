//! What a pasted list's columns are: by their headers, else by what stands in them.

use super::{Line, PasteField, PasteKind, day, is_phone, number};
use crate::import::guess::plain;

type Names = &'static [(PasteField, &'static [&'static str])];

/// Headers of a list of goods: lower case, letters and digits only.
const GOODS: Names = &[
    (
        PasteField::Name,
        &[
            "name",
            "product",
            "productname",
            "item",
            "itemname",
            "items",
            "model",
            "mobile",
            "phone",
            "description",
            "particulars",
            "naam",
            "maal",
            "cheez",
            "نام",
            "مال",
            "چیز",
            "ماڈل",
            "پروڈکٹ",
            "موبائل",
            "آئٹم",
        ],
    ),
    (PasteField::Code, &["sku", "code", "barcode", "itemcode", "productcode", "کوڈ", "بارکوڈ"]),
    (
        PasteField::Quantity,
        &[
            "qty",
            "quantity",
            "pieces",
            "pcs",
            "stock",
            "count",
            "onhand",
            "instock",
            "closingstock",
            "balanceqty",
            "adad",
            "tadad",
            "tadaad",
            "ginti",
            "تعداد",
            "عدد",
            "مقدار",
            "سٹاک",
            "اسٹاک",
            "پیس",
        ],
    ),
    (
        PasteField::Cost,
        &[
            "cost",
            "costprice",
            "unitcost",
            "purchase",
            "purchaseprice",
            "purchaserate",
            "buyprice",
            "buying",
            "buyingprice",
            "kharid",
            "khareed",
            "kharidprice",
            "lagat",
            "خرید",
            "قیمتخرید",
            "خریدقیمت",
            "لاگت",
        ],
    ),
    (
        PasteField::Price,
        &[
            "price",
            "saleprice",
            "sellingprice",
            "sellprice",
            "salerate",
            "retail",
            "retailprice",
            "rate",
            "mrp",
            "unitprice",
            "qeemat",
            "qimat",
            "keemat",
            "farokht",
            "bechne",
            "قیمت",
            "فروخت",
            "قیمتفروخت",
            "ریٹ",
            "ریٹیل",
        ],
    ),
];

/// Headers of what customers owe. Those of a statement are guesses at what Digi Khata and its like print: none was at
/// hand to look at.
const DUES: Names = &[
    (
        PasteField::Name,
        &[
            "name",
            "customer",
            "customername",
            "party",
            "partyname",
            "account",
            "naam",
            "gahak",
            "grahak",
            "نام",
            "گاہک",
            "گاہککانام",
            "کھاتہ",
            "پارٹی",
        ],
    ),
    (
        PasteField::Phone,
        &[
            "phone",
            "phoneno",
            "phonenumber",
            "mobile",
            "mobileno",
            "mobilenumber",
            "contact",
            "contactno",
            "number",
            "cell",
            "فون",
            "فوننمبر",
            "موبائل",
            "موبائلنمبر",
            "نمبر",
            "رابطہ",
        ],
    ),
    (
        PasteField::Date,
        &["date", "since", "from", "entrydate", "tareekh", "tarikh", "kabse", "تاریخ", "کبسے"],
    ),
    (
        PasteField::Gave,
        &[
            "yougave",
            "gave",
            "given",
            "debit",
            "dr",
            "debitrs",
            "diye",
            "mainediye",
            "maenediye",
            "udhaardiye",
            "maindiye",
            "دیے",
            "میںنےدیے",
            "دئیے",
            "نام ڈالے",
            "ادھاردیے",
        ],
    ),
    (
        PasteField::Got,
        &[
            "yougot",
            "got",
            "received",
            "credit",
            "cr",
            "creditrs",
            "liye",
            "mile",
            "maineliye",
            "wasool",
            "wasooli",
            "jama",
            "لیے",
            "میںنےلیے",
            "ملے",
            "وصول",
            "وصولی",
            "جمع",
        ],
    ),
    (PasteField::Balance, &["runningbalance", "closingbalance", "بیلنس"]),
    (
        PasteField::Amount,
        &[
            "amount",
            "balance",
            "due",
            "dues",
            "owes",
            "owed",
            "outstanding",
            "remaining",
            "receivable",
            "youllget",
            "youwillget",
            "udhaar",
            "udhar",
            "baqaya",
            "baqi",
            "baki",
            "raqam",
            "lenehain",
            "رقم",
            "بقایا",
            "باقی",
            "ادھار",
            "لینےہیں",
            "واجبات",
        ],
    ),
];

/// Headers of what suppliers are owed.
const SUPPLIERS: Names = &[
    (
        PasteField::Name,
        &[
            "name",
            "supplier",
            "suppliername",
            "vendor",
            "dealer",
            "party",
            "company",
            "distributor",
            "naam",
            "نام",
            "سپلائر",
            "کمپنی",
            "ڈیلر",
            "پارٹی",
        ],
    ),
    (PasteField::Phone, &["phone", "mobile", "contact", "number", "فون", "موبائل", "نمبر"]),
    (PasteField::Date, &["date", "since", "billdate", "tareekh", "تاریخ", "کبسے"]),
    (
        PasteField::Amount,
        &[
            "amount",
            "balance",
            "due",
            "payable",
            "owed",
            "outstanding",
            "remaining",
            "bill",
            "youllgive",
            "raqam",
            "baqaya",
            "baqi",
            "denehain",
            "رقم",
            "بقایا",
            "باقی",
            "دینےہیں",
            "بل",
        ],
    ),
];

/// Lines looked at for a header: above it stand the shop's name and the like.
const DEEPEST: usize = 15;

/// Most pieces that a column without a header is taken to count; what is larger is money.
const MOST_COUNTED: i64 = 200;

fn names(kind: PasteKind) -> Names {
    match kind {
        PasteKind::Goods => GOODS,
        PasteKind::Dues => DUES,
        PasteKind::Suppliers => SUPPLIERS,
    }
}

/// What a header means; of one that no list names, nothing.
fn meaning(kind: PasteKind, cell: &str) -> Option<PasteField> {
    let word = plain(cell);
    let is = |(_, names): &&(PasteField, &[&str])| names.iter().any(|name| *name == word);
    names(kind).iter().find(is).map(|(field, _)| *field)
}

/// Whether a name is the foot of a list.
pub fn is_sum(name: &str) -> bool {
    ["total", "grandtotal", "sum", "kul", "meezan", "کل", "میزان", "ٹوٹل"].contains(&plain(name).as_str())
}

/// Which of a statement's two columns of money a word means, if it does.
pub fn side(word: &str) -> Option<PasteField> {
    meaning(PasteKind::Dues, word).filter(|field| matches!(field, PasteField::Gave | PasteField::Got))
}

/// The line that names the columns, and what each is.
pub fn find(kind: PasteKind, lines: &[Line]) -> Option<(usize, Vec<Option<PasteField>>)> {
    for (at, (_, cells)) in lines.iter().enumerate().take(DEEPEST) {
        let mut columns: Vec<Option<PasteField>> = cells.iter().map(|cell| meaning(kind, cell)).collect();
        let known = columns.iter().flatten().count();
        let has_figures = cells.iter().any(|cell| number(cell, 3, i64::MAX).is_some());
        // One word that could be a header stands in many names; two do not, nor does a line of nothing else.
        if has_figures || known == 0 || (known < 2 && cells.len() > 1) {
            continue;
        }
        let both = |a, b| columns.contains(&Some(a)) || columns.contains(&Some(b));
        if both(PasteField::Gave, PasteField::Got) {
            for column in &mut columns {
                // Beside what was given and received, the balance is the running one.
                if *column == Some(PasteField::Amount) {
                    *column = Some(PasteField::Balance);
                }
            }
        }
        once(&mut columns);
        return Some((at, columns));
    }
    None
}

/// Of two columns of one meaning the first stands.
fn once(columns: &mut [Option<PasteField>]) {
    for place in 1..columns.len() {
        if columns[..place].contains(&columns[place]) {
            columns[place] = None;
        }
    }
}

/// Columns by what stands in them.
pub fn guess(kind: PasteKind, lines: &[Line]) -> Vec<Option<PasteField>> {
    let width = lines.iter().map(|(_, cells)| cells.len()).max().unwrap_or_default();
    let mut columns = vec![None; width];
    let mut figures: Vec<(usize, i64)> = Vec::new();
    for (place, column) in columns.iter_mut().enumerate() {
        let filled = lines.iter().filter_map(|(_, cells)| cells.get(place)).filter(|cell| !cell.is_empty());
        let filled: Vec<&String> = filled.collect();
        let most =
            |is: &dyn Fn(&str) -> bool| 2 * filled.iter().filter(|cell| is(cell)).count() > filled.len();
        let is_code = |cell: &str| cell.len() >= 8 && cell.bytes().all(|it| it.is_ascii_digit());
        if filled.is_empty() {
            continue;
        } else if kind != PasteKind::Goods && most(&is_phone) {
            *column = Some(PasteField::Phone);
        } else if kind != PasteKind::Goods && most(&|cell| day(cell).is_some()) {
            *column = Some(PasteField::Date);
        } else if kind == PasteKind::Goods && most(&is_code) {
            *column = Some(PasteField::Code);
        } else if most(&|cell| number(cell, 2, i64::MAX).is_some()) {
            let mut values: Vec<i64> = filled.iter().filter_map(|cell| number(cell, 2, i64::MAX)).collect();
            crate::order::by(&mut values, Ord::cmp);
            figures.push((place, values[values.len() / 2] / 100));
        } else {
            *column = Some(PasteField::Name);
        }
    }
    let fields: &[PasteField] = match (kind, figures.as_slice()) {
        (PasteKind::Dues | PasteKind::Suppliers, _) => &[PasteField::Amount],
        (_, [(_, only)]) if *only > MOST_COUNTED => &[PasteField::Price],
        (_, [(_, first), (_, second)]) if first.min(second) > &MOST_COUNTED => {
            &[PasteField::Cost, PasteField::Price]
        }
        (_, [_] | [_, _]) => &[PasteField::Quantity, PasteField::Price],
        _ => &[PasteField::Quantity, PasteField::Cost, PasteField::Price],
    };
    if kind == PasteKind::Goods {
        // Pieces are fewer than rupees, and a thing costs less than it is sold for. Stable: equals keep their order.
        crate::order::by_key(&mut figures, |(_, middle)| *middle);
    }
    for ((place, _), field) in figures.into_iter().zip(fields) {
        columns[place] = Some(*field);
    }
    once(&mut columns);
    columns
}
