//! The words of the opening day, and of the first days' checklist.

use super::{
    Lang,
    plural::{Plural, plural},
};
use dukandar_core::import::paste::{ImeiFault, ImeiWhy, PasteFault, PasteField, PasteWhy};

type S = &'static str;

/// One language.
#[allow(missing_docs, reason = "fields are named for the sentence they hold; the English one says it")]
#[cfg_attr(test, derive(Debug))]
pub struct OpeningText {
    pub title: S,
    pub about: S,
    /// Goods, phones, customers, suppliers, drawer.
    pub steps: [S; 5],
    /// What each step asks for.
    pub asks: [S; 5],
    /// Examples as a placeholder: goods, customers, suppliers.
    pub examples: [S; 3],
    pub enter: S,
    pub enter_more: S,
    pub not_yet: S,
    pub take_back: S,
    pub taken_back: S,
    pub put_back: S,
    /// Goods at cost, owed by customers, owed to suppliers, drawer.
    pub totals: [S; 4],
    pub pieces: Plural,
    pub people: Plural,
    pub without_cost: Plural,
    pub done: S,
    pub done_help: S,
    pub is_done: S,
    pub reopen: S,
    pub list: S,
    pub list_hint: S,
    pub good: Plural,
    pub bad: Plural,
    pub columns: S,
    pub write: Plural,
    pub written: Plural,
    /// `{0}` line, `{1}` what stood there, `{2}` what was expected.
    pub fault: S,
    /// In the order of core's `PasteField`.
    pub fields: [S; 11],
    /// What each of them expects.
    pub expected: [S; 11],
    pub future: S,
    /// `{0}` line.
    pub twice: S,
    pub sum: S,
    pub balance: S,
    pub table: S,
    /// `{0}` pieces.
    pub on_shelf: S,
    pub again: S,
    pub again_help: S,
    pub statement: S,
    pub need_name: S,
    pub model: S,
    pub imeis: S,
    pub imeis_hint: S,
    /// `{0}` digits.
    pub imei_length: S,
    pub imei_check: S,
    pub imei_known: S,
    pub phones: Plural,
    pub count_again: S,
    pub opened: S,
    pub first_days: S,
    /// Goods, sale, opening, PIN, install, account.
    pub checks: [S; 6],
    pub hide: S,
    pub ticked: S,
    pub open_link: S,
}

impl Lang {
    /// What is wrong with a pasted line.
    pub fn paste_fault(self, fault: &PasteFault) -> String {
        let t = &self.t().opening;
        let expected = match fault.why {
            PasteWhy::Value(field) => t.expected[field as usize].to_owned(),
            PasteWhy::Future => t.future.to_owned(),
            PasteWhy::Twice(line) => self.fill(t.twice, &[&self.whole(line.into())]),
            PasteWhy::Sum => t.sum.to_owned(),
            PasteWhy::Balance => t.balance.to_owned(),
            PasteWhy::Columns => t.table.to_owned(),
        };
        self.fill(t.fault, &[&self.whole(fault.line.into()), &fault.found, &expected])
    }

    /// What is wrong with a line of IMEIs.
    pub fn imei_fault(self, fault: &ImeiFault) -> String {
        let t = &self.t().opening;
        let expected = match fault.why {
            ImeiWhy::Length(digits) => self.fill(t.imei_length, &[&self.whole(digits as i64)]),
            ImeiWhy::Check => t.imei_check.to_owned(),
            ImeiWhy::Twice(line) => self.fill(t.twice, &[&self.whole(line.into())]),
            ImeiWhy::Known => t.imei_known.to_owned(),
        };
        self.fill(t.fault, &[&self.whole(fault.line.into()), &fault.found, &expected])
    }

    /// What the columns of a list were taken for.
    pub fn paste_columns(self, columns: &[Option<PasteField>]) -> String {
        let t = &self.t().opening;
        let names: Vec<&str> =
            columns.iter().map(|it| it.map_or("–", |field| t.fields[field as usize])).collect();
        self.fill(t.columns, &[&names.join(" · ")])
    }
}

/// English.
pub const EN: OpeningText = OpeningText {
    title: "Opening day",
    about: "Bring the shop as it stands today into the books: in any order, over as many days as it takes.",
    steps: [
        "Goods on the shelf",
        "Phones by IMEI",
        "What customers owe",
        "What suppliers are owed",
        "Drawer and balances",
    ],
    asks: [
        "Type or paste name, pieces, price and cost, one product a line.",
        "One model at a time: scan each box or paste its IMEIs.",
        "Name, phone, amount and since when; or a Digi Khata statement.",
        "Supplier, amount and since when.",
        "Count the notes, and look up load, JazzCash and Easypaisa.",
    ],
    examples: [
        "Name, Pieces, Price, Cost\nCharger 20W, 12, 1500, 1000\nGlass A15, 40, 250, 90",
        "Name, Phone, Amount, Since\nAli Raza, 0300 1234567, 12500, 5-Oct-2026",
        "Supplier, Amount, Since\nHall Road Traders, 120000, 1-Nov-2026",
    ],
    enter: "Enter",
    enter_more: "Enter more",
    not_yet: "not yet",
    take_back: "Take back",
    taken_back: "Taken back. Names and prices stay in the lists.",
    put_back: "Take everything of this step back?",
    totals: ["Goods at cost", "Customers owe", "Owed to suppliers", "Drawer as counted"],
    pieces: plural("{0} piece", "{0} pieces"),
    people: plural("{0} entry", "{0} entries"),
    without_cost: plural("{0} line without a cost", "{0} lines without a cost"),
    done: "All is entered",
    done_help: "Hold these sums against your own papers. You can still enter more afterwards.",
    is_done: "The opening is complete",
    reopen: "Not complete yet",
    list: "Your list",
    list_hint: "From Excel, WhatsApp or by hand. The order of the columns does not matter.",
    good: plural("{0} row can be written down", "{0} rows can be written down"),
    bad: plural("{0} line to mend", "{0} lines to mend"),
    columns: "Columns: {0}",
    write: plural("Write {0} row down", "Write {0} rows down"),
    written: plural("{0} row written down", "{0} rows written down"),
    fault: "Line {0}, “{1}”: {2}",
    fields: [
        "Name", "Phone", "Code", "Pieces", "Price", "Cost", "Amount", "Given", "Received", "Balance", "Since",
    ],
    expected: [
        "a name is expected",
        "a phone number is expected",
        "a code is expected",
        "pieces are expected, such as 12",
        "a price is expected, such as 1,500",
        "a cost is expected, such as 1,000",
        "an amount other than 0 is expected, such as 12,500",
        "what was given is expected, such as 1,500",
        "what was received is expected, such as 500",
        "a balance is expected, such as 1,000",
        "a date is expected, such as 5-Oct-2026",
    ],
    future: "a day that has come is expected",
    twice: "stands in line {0} already",
    sum: "this is a sum, not a row",
    balance: "given or received is expected, so that the balance beside it comes out",
    table: "a row is expected below the headings",
    on_shelf: "{0} on the shelf already",
    again: "entered already",
    again_help: "Rows that are in the books already are left out. Tick one to enter it all the same.",
    statement: "This is one customer's statement: whose?",
    need_name: "Whose statement is it? A name is needed.",
    model: "Model",
    imeis: "IMEIs",
    imeis_hint: "One phone a line; both numbers of a dual-SIM phone in one line.",
    imei_length: "15 digits are expected, {0} stand there",
    imei_check: "the last digit does not fit: look again",
    imei_known: "this phone is in the books already",
    phones: plural("{0} phone", "{0} phones"),
    count_again: "Count again",
    opened: "Owed from before",
    first_days: "First steps",
    checks: [
        "Add your goods",
        "Make the first bill",
        "Opening day: stock, udhaar, cash",
        "Set the owner's PIN",
        "Install the app",
        "Open an account: that is the backup",
    ],
    hide: "Hide this",
    ticked: "done",
    open_link: "Open",
};

/// Urdu.
pub const UR: OpeningText = OpeningText {
    title: "پہلا دن",
    about: "دکان آج جیسی ہے ویسی کھاتے میں لے آئیں: جس ترتیب سے چاہیں، جتنے دن لگیں۔",
    steps: ["دکان میں پڑا مال", "موبائل، IMEI سے", "گاہکوں سے لینا ہے", "سپلائرز کو دینا ہے", "گلّہ اور بیلنس"],
    asks: [
        "نام، تعداد، قیمت اور خرید لکھیں یا پیسٹ کریں، ہر لائن میں ایک چیز۔",
        "ایک وقت میں ایک ماڈل: ہر ڈبہ سکین کریں یا IMEI پیسٹ کریں۔",
        "نام، فون، رقم اور کب سے؛ یا ڈیجی کھاتہ کی سٹیٹمنٹ۔",
        "سپلائر، رقم اور کب سے۔",
        "نوٹ گنیں، اور لوڈ، جاز کیش اور ایزی پیسہ کا بیلنس دیکھیں۔",
    ],
    examples: [
        "نام، تعداد، قیمت، خرید\nCharger 20W، 12، 1500، 1000\nGlass A15، 40، 250، 90",
        "نام، فون، رقم، تاریخ\nعلی رضا، 03001234567، 12500، 5-Oct-2026",
        "سپلائر، رقم، تاریخ\nہال روڈ ٹریڈرز، 120000، 1-Nov-2026",
    ],
    enter: "لکھیں",
    enter_more: "اور لکھیں",
    not_yet: "ابھی نہیں",
    take_back: "واپس لیں",
    taken_back: "واپس لے لیا۔ نام اور قیمتیں فہرست میں رہیں گی۔",
    put_back: "اس حصے کا سب کچھ واپس لیں؟",
    totals: ["مال، خرید پر", "گاہکوں سے لینا", "سپلائرز کو دینا", "گلّہ، جتنا گنا"],
    pieces: plural("{0} عدد", "{0} عدد"),
    people: plural("{0} اندراج", "{0} اندراج"),
    without_cost: plural("{0} لائن کی خرید نہیں لکھی", "{0} لائنوں کی خرید نہیں لکھی"),
    done: "سب لکھ دیا",
    done_help: "یہ رقمیں اپنے کاغذ سے ملا لیں۔ بعد میں بھی اور لکھ سکتے ہیں۔",
    is_done: "پہلا دن مکمل ہے",
    reopen: "ابھی مکمل نہیں",
    list: "آپ کی فہرست",
    list_hint: "ایکسل سے، واٹس ایپ سے یا ہاتھ سے۔ خانوں کی ترتیب کوئی بھی ہو۔",
    good: plural("{0} لائن لکھی جا سکتی ہے", "{0} لائنیں لکھی جا سکتی ہیں"),
    bad: plural("{0} لائن ٹھیک کرنی ہے", "{0} لائنیں ٹھیک کرنی ہیں"),
    columns: "خانے: {0}",
    write: plural("{0} لائن لکھ دیں", "{0} لائنیں لکھ دیں"),
    written: plural("{0} لائن لکھ دی", "{0} لائنیں لکھ دیں"),
    fault: "لائن {0}، “{1}”: {2}",
    fields: ["نام", "فون", "کوڈ", "تعداد", "قیمت", "خرید", "رقم", "دیے", "ملے", "بقایا", "کب سے"],
    expected: [
        "نام چاہیے",
        "فون نمبر چاہیے",
        "کوڈ چاہیے",
        "تعداد چاہیے، جیسے 12",
        "قیمت چاہیے، جیسے 1,500",
        "خرید چاہیے، جیسے 1,000",
        "رقم چاہیے جو 0 نہ ہو، جیسے 12,500",
        "دی ہوئی رقم چاہیے، جیسے 1,500",
        "ملی ہوئی رقم چاہیے، جیسے 500",
        "بقایا چاہیے، جیسے 1,000",
        "تاریخ چاہیے، جیسے 5-Oct-2026",
    ],
    future: "وہ دن چاہیے جو آ چکا ہو",
    twice: "لائن {0} میں پہلے سے ہے",
    sum: "یہ جمع ہے، لائن نہیں",
    balance: "دیے یا ملے چاہیے، تاکہ ساتھ کا بقایا درست نکلے",
    table: "لائن عنوان کے نیچے چاہیے",
    on_shelf: "{0} پہلے سے دکان میں",
    again: "پہلے سے لکھا ہے",
    again_help: "جو کھاتے میں پہلے سے ہے وہ چھوڑ دیا گیا۔ پھر بھی لکھنا ہو تو نشان لگائیں۔",
    statement: "یہ ایک گاہک کی سٹیٹمنٹ ہے: کس کی؟",
    need_name: "سٹیٹمنٹ کس کی ہے؟ نام لکھیں۔",
    model: "ماڈل",
    imeis: "IMEI نمبر",
    imeis_hint: "ہر لائن میں ایک موبائل؛ دو سم والے کے دونوں نمبر ایک ہی لائن میں۔",
    imei_length: "15 ہندسے چاہییں، یہاں {0} ہیں",
    imei_check: "آخری ہندسہ نہیں ملتا: دوبارہ دیکھیں",
    imei_known: "یہ موبائل کھاتے میں پہلے سے ہے",
    phones: plural("{0} موبائل", "{0} موبائل"),
    count_again: "دوبارہ گنیں",
    opened: "پہلے کا بقایا",
    first_days: "پہلے قدم",
    checks: [
        "اپنا مال ڈالیں",
        "پہلا بل بنائیں",
        "پہلا دن: مال، ادھار، نقد",
        "مالک کا PIN لگائیں",
        "ایپ انسٹال کریں",
        "اکاؤنٹ کھولیں: یہی بیک اپ ہے",
    ],
    hide: "چھپا دیں",
    ticked: "ہو گیا",
    open_link: "کھولیں",
};

/// Roman Urdu.
pub const ROMAN: OpeningText = OpeningText {
    title: "Pehla din",
    about: "Dukan aaj jaisi hai waisi khate mein le aaein: jis tarteeb se chahein, jitne din lagein.",
    steps: [
        "Dukan mein para maal",
        "Mobile, IMEI se",
        "Gahakon se lena hai",
        "Suppliers ko dena hai",
        "Galla aur balance",
    ],
    asks: [
        "Naam, tadaad, qeemat aur kharid likhein ya paste karein, har line mein ek cheez.",
        "Ek waqt mein ek model: har dabba scan karein ya IMEI paste karein.",
        "Naam, phone, raqam aur kab se; ya Digi Khata ki statement.",
        "Supplier, raqam aur kab se.",
        "Note ginein, aur load, JazzCash aur Easypaisa ka balance dekhein.",
    ],
    examples: [
        "Naam, Tadaad, Qeemat, Kharid\nCharger 20W, 12, 1500, 1000\nGlass A15, 40, 250, 90",
        "Naam, Phone, Raqam, Tareekh\nAli Raza, 0300 1234567, 12500, 5-Oct-2026",
        "Supplier, Raqam, Tareekh\nHall Road Traders, 120000, 1-Nov-2026",
    ],
    enter: "Likhein",
    enter_more: "Aur likhein",
    not_yet: "abhi nahi",
    take_back: "Wapas lein",
    taken_back: "Wapas le liya. Naam aur qeematein list mein rahengi.",
    put_back: "Is hisse ka sab kuch wapas lein?",
    totals: ["Maal, kharid par", "Gahakon se lena", "Suppliers ko dena", "Galla, jitna gina"],
    pieces: plural("{0} adad", "{0} adad"),
    people: plural("{0} indraj", "{0} indraj"),
    without_cost: plural("{0} line ki kharid nahi likhi", "{0} lines ki kharid nahi likhi"),
    done: "Sab likh diya",
    done_help: "Yeh raqmein apne kaghaz se mila lein. Baad mein bhi aur likh sakte hain.",
    is_done: "Pehla din mukammal hai",
    reopen: "Abhi mukammal nahi",
    list: "Aap ki list",
    list_hint: "Excel se, WhatsApp se ya haath se. Khanon ki tarteeb koi bhi ho.",
    good: plural("{0} line likhi ja sakti hai", "{0} lines likhi ja sakti hain"),
    bad: plural("{0} line theek karni hai", "{0} lines theek karni hain"),
    columns: "Khane: {0}",
    write: plural("{0} line likh dein", "{0} lines likh dein"),
    written: plural("{0} line likh di", "{0} lines likh dein"),
    fault: "Line {0}, “{1}”: {2}",
    fields: [
        "Naam", "Phone", "Code", "Tadaad", "Qeemat", "Kharid", "Raqam", "Diye", "Mile", "Baqaya", "Kab se",
    ],
    expected: [
        "naam chahiye",
        "phone number chahiye",
        "code chahiye",
        "tadaad chahiye, jaise 12",
        "qeemat chahiye, jaise 1,500",
        "kharid chahiye, jaise 1,000",
        "raqam chahiye jo 0 na ho, jaise 12,500",
        "di hui raqam chahiye, jaise 1,500",
        "mili hui raqam chahiye, jaise 500",
        "baqaya chahiye, jaise 1,000",
        "tareekh chahiye, jaise 5-Oct-2026",
    ],
    future: "woh din chahiye jo aa chuka ho",
    twice: "line {0} mein pehle se hai",
    sum: "yeh jama hai, line nahi",
    balance: "diye ya mile chahiye, taake saath ka baqaya durust nikle",
    table: "line unwaan ke neeche chahiye",
    on_shelf: "{0} pehle se dukan mein",
    again: "pehle se likha hai",
    again_help: "Jo khate mein pehle se hai woh chhor diya gaya. Phir bhi likhna ho to nishan lagaein.",
    statement: "Yeh ek gahak ki statement hai: kis ki?",
    need_name: "Statement kis ki hai? Naam likhein.",
    model: "Model",
    imeis: "IMEI number",
    imeis_hint: "Har line mein ek mobile; do SIM wale ke dono number ek hi line mein.",
    imei_length: "15 hindse chahiyen, yahan {0} hain",
    imei_check: "aakhri hindsa nahi milta: dobara dekhein",
    imei_known: "yeh mobile khate mein pehle se hai",
    phones: plural("{0} mobile", "{0} mobile"),
    count_again: "Dobara ginein",
    opened: "Pehle ka baqaya",
    first_days: "Pehle qadam",
    checks: [
        "Apna maal dalein",
        "Pehla bill banaein",
        "Pehla din: maal, udhaar, naqad",
        "Malik ka PIN lagaein",
        "App install karein",
        "Account kholein: yehi backup hai",
    ],
    hide: "Chhupa dein",
    ticked: "ho gaya",
    open_link: "Kholein",
};
