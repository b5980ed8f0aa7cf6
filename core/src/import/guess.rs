//! Which column is what: guesses by header, shown with a preview before anything is imported.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a column can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Receipt, invoice or order number. Absent: each row is a receipt of its own.
    Receipt,
    /// Date, with or without the time.
    Date,
    /// Time of day, where it has a column of its own.
    Time,
    /// Product code or barcode.
    Sku,
    /// Product name.
    Name,
    /// Pieces; 1 when absent. Negative: goods came back.
    Quantity,
    /// Price of one.
    Price,
    /// Total of the line after discount; serves where there is no price.
    Amount,
    /// Taken off the line.
    Discount,
    /// What one cost the shop.
    Cost,
    /// Category.
    Category,
    /// Brand.
    Brand,
    /// The tool's own number for the customer.
    Customer,
    /// The customer's name: personal, sealed.
    CustomerName,
    /// The customer's phone: personal, sealed.
    CustomerPhone,
    /// Branch or till: keeps equal receipt numbers of two branches apart.
    Shop,
    /// `sale` or `return`, `refund`, `cancel`.
    Kind,
}

/// Field → header of its column.
pub type Mapping = BTreeMap<Field, String>;

/// Order of day and month in dates such as 03/04/2026. A four-digit year in front needs none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 23/11/2026.
    DayFirst,
    /// 11/23/2026.
    MonthFirst,
}

/// Headers that tools use, per field, most telling first. All lower case, letters and digits only.
const HEADERS: [(Field, &[&str]); 17] = [
    (
        Field::Receipt,
        &[
            "receiptnumber",
            "receiptno",
            "receipt",
            "receiptid",
            "invoiceno",
            "invoicenumber",
            "invoice",
            "invoiceid",
            "orderid",
            "ordernumber",
            "orderno",
            "order",
            "billno",
            "billnumber",
            "bill",
            "transactionid",
            "transaction",
            "saleid",
            "salenumber",
            "saleno",
            "basketid",
            "voucherno",
            "رسیدنمبر",
            "رسید",
            "بلنمبر",
            "بل",
        ],
    ),
    (
        Field::Date,
        &[
            "invoicedate",
            "datetime",
            "transactiondate",
            "transactiontimestamp",
            "orderdate",
            "saledate",
            "receiptdate",
            "billdate",
            "timestamp",
            "createdat",
            "postingdate",
            "soldat",
            "date",
            "day",
            "تاریخ",
        ],
    ),
    (Field::Time, &["invoicetime", "postingtime", "saletime", "timeofday", "time", "وقت"]),
    (
        Field::Sku,
        &[
            "sku",
            "lineitemsku",
            "stockcode",
            "productcode",
            "itemcode",
            "productid",
            "itemid",
            "barcode",
            "upc",
            "ean",
            "articlecode",
            "code",
            "کوڈ",
        ],
    ),
    (
        Field::Name,
        &[
            "productname",
            "itemname",
            "lineitemname",
            "description",
            "itemdescription",
            "product",
            "item",
            "article",
            "particulars",
            "title",
            "model",
            "name",
            "نام",
            "تفصیل",
            "چیز",
        ],
    ),
    (
        Field::Quantity,
        &[
            "quantity",
            "qty",
            "lineitemquantity",
            "quantitysold",
            "units",
            "pieces",
            "pcs",
            "qtysold",
            "تعداد",
            "مقدار",
        ],
    ),
    (
        Field::Price,
        &[
            "unitprice",
            "price",
            "lineitemprice",
            "rate",
            "sellingprice",
            "saleprice",
            "priceperunit",
            "unitrate",
            "retailprice",
            "قیمت",
            "نرخ",
        ],
    ),
    (
        Field::Amount,
        &[
            "netsales",
            "linetotal",
            "lineamount",
            "netamount",
            "amount",
            "salesvalue",
            "total",
            "totalprice",
            "value",
            "رقم",
            "کل",
        ],
    ),
    (
        Field::Discount,
        &["linediscount", "discountamount", "discounts", "discount", "lineitemdiscount", "رعایت"],
    ),
    (Field::Cost, &["unitcost", "costprice", "purchaseprice", "buyingprice", "cost", "لاگت"]),
    (Field::Category, &["category", "productcategory", "itemgroup", "department", "group", "قسم"]),
    (Field::Brand, &["brand", "manufacturer", "make", "company", "vendor", "برانڈ"]),
    (
        Field::Customer,
        &[
            "customerid",
            "customercode",
            "customernumber",
            "customerno",
            "clientid",
            "memberid",
            "householdid",
            "customer",
        ],
    ),
    (Field::CustomerName, &["customername", "clientname", "buyername", "billingname", "partyname", "گاہک"]),
    (
        Field::CustomerPhone,
        &[
            "customerphone",
            "customermobile",
            "customercontacts",
            "phonenumber",
            "mobilenumber",
            "phone",
            "mobile",
            "contact",
            "contactnumber",
            "فون",
            "موبائل",
        ],
    ),
    (
        Field::Shop,
        &["shop", "store", "branch", "outlet", "location", "storeid", "shopid", "warehouse", "دکان", "شاخ"],
    ),
    (Field::Kind, &["receipttype", "transactiontype", "invoicetype", "saletype", "eventtype", "type"]),
];

impl Field {
    /// Every field, in the order of a form.
    pub fn all() -> impl Iterator<Item = Self> {
        HEADERS.iter().map(|(field, _)| *field)
    }

    /// Stable name: as serialised, and on the lab's command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Date => "date",
            Self::Time => "time",
            Self::Sku => "sku",
            Self::Name => "name",
            Self::Quantity => "quantity",
            Self::Price => "price",
            Self::Amount => "amount",
            Self::Discount => "discount",
            Self::Cost => "cost",
            Self::Category => "category",
            Self::Brand => "brand",
            Self::Customer => "customer",
            Self::CustomerName => "customer_name",
            Self::CustomerPhone => "customer_phone",
            Self::Shop => "shop",
            Self::Kind => "kind",
        }
    }

    /// The field of a name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::all().find(|field| field.name() == name)
    }
}

/// Letters and digits in lower case: `Invoice No.` and `invoice_no` are one.
pub(super) fn plain(header: &str) -> String {
    header.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The likeliest meaning of each column. A header that no list names stays unused: the user may still choose it.
pub fn guess_mapping(headers: &[String]) -> Mapping {
    let plain: Vec<String> = headers.iter().map(|header| plain(header)).collect();
    let mut mapping = Mapping::new();
    for (field, names) in HEADERS {
        let found = names.iter().find_map(|name| plain.iter().position(|header| header == name));
        if let Some(index) = found {
            mapping.insert(field, headers[index].clone());
        }
    }
    // With a price the total says nothing new, and is often that of the whole receipt.
    if mapping.contains_key(&Field::Price) {
        mapping.remove(&Field::Amount);
    }
    mapping
}

/// The guess with some columns chosen by hand: a column has one meaning, the chosen one.
pub fn correct_mapping(guess: Mapping, chosen: &Mapping) -> Mapping {
    let mut mapping = chosen.clone();
    for (field, header) in guess {
        if !chosen.values().any(|taken| taken.trim().eq_ignore_ascii_case(header.trim())) {
            mapping.entry(field).or_insert(header);
        }
    }
    if mapping.contains_key(&Field::Price) && !chosen.contains_key(&Field::Amount) {
        mapping.remove(&Field::Amount);
    }
    mapping
}

/// Fields without which nothing can be imported, and that the mapping lacks. `Sku` stands for code or name,
/// `Price` for price or amount.
pub fn missing_fields(mapping: &Mapping) -> Vec<Field> {
    let has = |field| mapping.contains_key(&field);
    let mut missing = Vec::new();
    if !has(Field::Date) {
        missing.push(Field::Date);
    }
    if !has(Field::Sku) && !has(Field::Name) {
        missing.push(Field::Sku);
    }
    if !has(Field::Price) && !has(Field::Amount) {
        missing.push(Field::Price);
    }
    missing
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn guessed(headers: &str) -> Vec<(Field, String)> {
        let headers: Vec<String> = headers.split(',').map(str::to_owned).collect();
        guess_mapping(&headers).into_iter().collect()
    }

    #[test]
    fn headers_of_the_standard_input_and_of_two_other_tools() {
        use Field::*;
        let expect = |headers, fields: &[(Field, &str)]| {
            let fields: Vec<_> = fields.iter().map(|(field, name)| (*field, (*name).to_owned())).collect();
            assert_eq!(guessed(headers), fields, "{headers}");
        };
        expect(
            "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
            &[
                (Receipt, "InvoiceNo"),
                (Date, "InvoiceDate"),
                (Sku, "StockCode"),
                (Name, "Description"),
                (Quantity, "Quantity"),
                (Price, "UnitPrice"),
                (Customer, "CustomerID"),
            ],
        );
        expect(
            "Date,Receipt number,Receipt type,Category,SKU,Item,Quantity,Net sales,Discounts,Store,Cashier name",
            &[
                (Receipt, "Receipt number"),
                (Date, "Date"),
                (Sku, "SKU"),
                (Name, "Item"),
                (Quantity, "Quantity"),
                (Amount, "Net sales"),
                (Discount, "Discounts"),
                (Category, "Category"),
                (Shop, "Store"),
                (Kind, "Receipt type"),
            ],
        );
        expect(
            "تاریخ,بل نمبر,نام,تعداد,قیمت",
            &[(Receipt, "بل نمبر"), (Date, "تاریخ"), (Name, "نام"), (Quantity, "تعداد"), (Price, "قیمت")],
        );
    }

    #[test]
    fn a_chosen_column_corrects_the_guess_and_leaves_the_rest() {
        let headers = ["Date", "Item", "Price", "Rate X"].map(str::to_owned);
        let chosen = Mapping::from([(Field::Price, "rate x".to_owned()), (Field::Name, "Price".to_owned())]);
        let mapping = correct_mapping(guess_mapping(&headers), &chosen);
        let expected = [(Field::Date, "Date"), (Field::Name, "Price"), (Field::Price, "rate x")];
        assert_eq!(mapping, expected.map(|(field, header)| (field, header.to_owned())).into());
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(missing_fields(&guess_mapping(&["Date".into(), "Amount".into()])), [Field::Sku]);
        assert_eq!(missing_fields(&Mapping::new()), [Field::Date, Field::Sku, Field::Price]);
        for field in Field::all() {
            assert_eq!(serde_json::to_value(field).ok(), Some(field.name().into()));
            assert_eq!(Field::by_name(field.name()), Some(field));
        }
    }
}
