//! The words of receipts, returns, quotations and held bills; and a paper as rows, which screen, message and printer share.

use super::{Lang, Locale, Messages, paper_style::PaperStyle};
use dukandar_core::{
    money::{Currency, Grouping, Paisa},
    paper::{Document, Kind, Tender},
};

type S = &'static str;

/// One language.
#[allow(missing_docs, reason = "fields are named for the sentence they hold; the English one says it")]
#[cfg_attr(test, derive(Debug))]
pub struct PapersText {
    pub sales: S,
    pub search: S,
    pub receipts: S,
    pub quotes: S,
    pub no_sales: S,
    pub no_sales_help: S,
    pub no_quotes: S,
    pub no_quotes_help: S,
    pub quote_over: S,
    pub quote_taken: S,
    pub quote_dropped: S,
    /// Marks of a paper.
    pub copy: S,
    pub returned: S,
    pub quote: S,
    pub imei: S,
    pub discounts: S,
    pub exchanged: S,
    pub owed: S,
    pub of_bill: S,
    pub with_return: S,
    pub number: S,
    pub valid_until: S,
    pub refund: S,
    /// Buttons beside a paper.
    pub printer: S,
    pub picture: S,
    pub take_back: S,
    pub to_bill: S,
    pub drop: S,
    pub dropped: S,
    pub quote_late: S,
    /// Settings.
    pub settings: S,
    pub language: S,
    pub as_screen: S,
    pub both: S,
    pub footer: S,
    pub footer_help: S,
    pub connect_usb: S,
    pub connect_serial: S,
    pub connected: S,
    pub forget: S,
    pub no_printer: S,
    pub printed: S,
    pub refused: S,
    pub gone: S,
    pub failed: S,
    /// Returns.
    pub choose: S,
    /// `{0}` of `{1}`.
    pub left: S,
    pub nothing_left: S,
    pub value: S,
    pub lowers: S,
    pub pays: S,
    pub by: S,
    pub give: S,
    pub exchange: S,
    pub all: S,
    pub none_chosen: S,
    pub given: S,
    pub unseen: S,
    pub unseen_help: S,
    pub unseen_refused: S,
    pub given_back: S,
    pub due: S,
    pub give_rest: S,
    pub no_exchange: S,
    /// Holding.
    pub hold: S,
    pub held: S,
    pub held_name: S,
    pub held_help: S,
    pub held_said: S,
    pub none_held: S,
    pub resume: S,
    pub quote_days: S,
    pub quote_save: S,
}

/// English.
pub const EN: PapersText = PapersText {
    sales: "Sales",
    search: "Number, customer, amount or IMEI",
    receipts: "Receipts",
    quotes: "Quotations",
    no_sales: "No receipt yet.",
    no_sales_help: "What is sold on this shop's devices stands here, the newest first.",
    no_quotes: "No open quotation.",
    no_quotes_help: "Write one from the open bill at the till.",
    quote_over: "Ran out",
    quote_taken: "On a bill",
    quote_dropped: "Dropped",
    copy: "COPY",
    returned: "Return",
    quote: "Quotation",
    imei: "IMEI",
    discounts: "Discount in all",
    exchanged: "Goods exchanged",
    owed: "Owes in all",
    of_bill: "Of bill",
    with_return: "With return",
    number: "Number",
    valid_until: "Valid until",
    refund: "Refund",
    printer: "Receipt printer",
    picture: "Picture",
    take_back: "Return",
    to_bill: "Make a bill",
    drop: "Drop",
    dropped: "Quotation dropped",
    quote_late: "This quotation ran out on {0}: look at the prices.",
    settings: "Receipt",
    language: "Language of receipts",
    as_screen: "As the screen",
    both: "English and Urdu",
    footer: "Words at the foot",
    footer_help: "Such as: exchange within 7 days with this receipt",
    connect_usb: "Connect by USB",
    connect_serial: "Connect by cable or Bluetooth",
    connected: "A receipt printer is connected.",
    forget: "Forget printer",
    no_printer: "This browser reaches no receipt printer by itself. Print works as always.",
    printed: "Sent to the printer",
    refused: "No printer was allowed. Choose one in the browser's list, or use Print.",
    gone: "The printer does not answer: is it on and plugged in? The receipt is safe; Print works as always.",
    failed: "The printer stopped: {0}. The receipt is safe; try once more, or use Print.",
    choose: "What comes back?",
    left: "{0} of {1} may come back",
    nothing_left: "All of it came back already.",
    value: "Worth",
    lowers: "Off the udhaar",
    pays: "Paid out",
    by: "By",
    give: "Give back",
    exchange: "Exchange: on a new bill",
    all: "All of it",
    none_chosen: "Choose what comes back",
    given: "Taken back: {0}",
    unseen: "Return without receipt",
    unseen_help: "The goods on the open bill come back, at the prices there.",
    unseen_refused: "Without a receipt only owner or manager take goods back.",
    given_back: "Goods given back",
    due: "To pay",
    give_rest: "To give back",
    no_exchange: "No exchange",
    hold: "Hold",
    held: "Held bills",
    held_name: "Whose is it? (optional)",
    held_help: "The bill waits here, after a restart too.",
    held_said: "Held. It waits under Held bills.",
    none_held: "No bill is held.",
    resume: "Resume",
    quote_days: "Valid for how many days?",
    quote_save: "Write quotation",
};

/// Urdu.
pub const UR: PapersText = PapersText {
    sales: "پرانے بل",
    search: "نمبر، گاہک، رقم یا آئی ایم ای آئی",
    receipts: "رسیدیں",
    quotes: "کوٹیشن",
    no_sales: "ابھی کوئی رسید نہیں۔",
    no_sales_help: "دکان کے فونوں پر جو بکے وہ یہاں آتا ہے، نیا سب سے اوپر۔",
    no_quotes: "کوئی کوٹیشن کھلی نہیں۔",
    no_quotes_help: "کاؤنٹر پر کھلے بل سے بنائیں۔",
    quote_over: "مدت ختم",
    quote_taken: "بل بن گیا",
    quote_dropped: "چھوڑ دی",
    copy: "نقل",
    returned: "واپسی",
    quote: "کوٹیشن",
    imei: "IMEI",
    discounts: "کل رعایت",
    exchanged: "بدلے میں دیا مال",
    owed: "کل اُدھار",
    of_bill: "بل نمبر",
    with_return: "واپسی نمبر",
    number: "نمبر",
    valid_until: "اس تاریخ تک",
    refund: "واپس رقم",
    printer: "رسید پرنٹر",
    picture: "تصویر",
    take_back: "واپسی",
    to_bill: "بل بنائیں",
    drop: "چھوڑ دیں",
    dropped: "کوٹیشن چھوڑ دی",
    quote_late: "اس کوٹیشن کی مدت {0} کو ختم ہو گئی: قیمتیں دیکھ لیں۔",
    settings: "رسید",
    language: "رسید کی زبان",
    as_screen: "جو اسکرین کی ہے",
    both: "انگریزی اور اردو",
    footer: "رسید کے آخر میں",
    footer_help: "جیسے: 7 دن میں رسید کے ساتھ تبدیلی",
    connect_usb: "USB سے جوڑیں",
    connect_serial: "تار یا بلوٹوتھ سے جوڑیں",
    connected: "رسید پرنٹر جڑا ہے۔",
    forget: "پرنٹر ہٹائیں",
    no_printer: "یہ براؤزر رسید پرنٹر تک خود نہیں پہنچتا۔ پرنٹ پہلے کی طرح چلے گا۔",
    printed: "پرنٹر کو بھیج دیا",
    refused: "کوئی پرنٹر نہیں چنا گیا۔ براؤزر کی فہرست میں سے چنیں، یا پرنٹ دبائیں۔",
    gone: "پرنٹر جواب نہیں دے رہا: چالو اور لگا ہوا ہے؟ رسید محفوظ ہے؛ پرنٹ پہلے کی طرح چلے گا۔",
    failed: "پرنٹر رک گیا: {0}۔ رسید محفوظ ہے؛ دوبارہ کوشش کریں، یا پرنٹ دبائیں۔",
    choose: "کیا واپس آ رہا ہے؟",
    left: "{1} میں سے {0} واپس ہو سکتے ہیں",
    nothing_left: "سب پہلے ہی واپس آ چکا۔",
    value: "مالیت",
    lowers: "اُدھار میں سے کم",
    pays: "رقم واپس",
    by: "کس سے",
    give: "واپس کریں",
    exchange: "بدلیں: نئے بل پر",
    all: "سب",
    none_chosen: "چنیں کیا واپس آ رہا ہے",
    given: "واپس لیا: {0}",
    unseen: "بغیر رسید واپسی",
    unseen_help: "کھلے بل کا مال اُسی قیمت پر واپس آتا ہے۔",
    unseen_refused: "بغیر رسید صرف مالک یا منیجر واپس لیتا ہے۔",
    given_back: "واپس دیا مال",
    due: "دینا ہے",
    give_rest: "واپس دینا ہے",
    no_exchange: "تبدیلی نہیں",
    hold: "روکیں",
    held: "رکے ہوئے بل",
    held_name: "کس کا ہے؟ (ضروری نہیں)",
    held_help: "بل یہیں انتظار کرتا ہے، فون بند ہو کر بھی۔",
    held_said: "روک لیا۔ رکے ہوئے بلوں میں ہے۔",
    none_held: "کوئی بل رکا ہوا نہیں۔",
    resume: "آگے چلائیں",
    quote_days: "کتنے دن کی؟",
    quote_save: "کوٹیشن بنائیں",
};

/// Roman Urdu.
pub const ROMAN: PapersText = PapersText {
    sales: "Purane bill",
    search: "Number, gahak, raqam ya IMEI",
    receipts: "Raseedein",
    quotes: "Quotation",
    no_sales: "Abhi koi raseed nahi.",
    no_sales_help: "Dukan ke phones par jo bike woh yahan aata hai, naya sab se upar.",
    no_quotes: "Koi quotation khuli nahi.",
    no_quotes_help: "Counter par khule bill se banayen.",
    quote_over: "Muddat khatam",
    quote_taken: "Bill ban gaya",
    quote_dropped: "Chhor di",
    copy: "NAQAL",
    returned: "Wapsi",
    quote: "Quotation",
    imei: "IMEI",
    discounts: "Kul riayat",
    exchanged: "Badle mein diya maal",
    owed: "Kul udhaar",
    of_bill: "Bill number",
    with_return: "Wapsi number",
    number: "Number",
    valid_until: "Is tareekh tak",
    refund: "Wapas raqam",
    printer: "Raseed printer",
    picture: "Tasveer",
    take_back: "Wapsi",
    to_bill: "Bill banayen",
    drop: "Chhor dein",
    dropped: "Quotation chhor di",
    quote_late: "Is quotation ki muddat {0} ko khatam ho gayi: qeematein dekh lein.",
    settings: "Raseed",
    language: "Raseed ki zaban",
    as_screen: "Jo screen ki hai",
    both: "English aur Urdu",
    footer: "Raseed ke aakhir mein",
    footer_help: "Jaise: 7 din mein raseed ke saath tabdeeli",
    connect_usb: "USB se joren",
    connect_serial: "Taar ya Bluetooth se joren",
    connected: "Raseed printer jura hai.",
    forget: "Printer hatayen",
    no_printer: "Yeh browser raseed printer tak khud nahi pohanchta. Print pehle ki tarah chalega.",
    printed: "Printer ko bhej diya",
    refused: "Koi printer nahi chuna gaya. Browser ki fehrist mein se chunein, ya Print dabayen.",
    gone: "Printer jawab nahi de raha: chalu aur laga hua hai? Raseed mehfooz hai; Print pehle ki tarah chalega.",
    failed: "Printer ruk gaya: {0}. Raseed mehfooz hai; dobara koshish karein, ya Print dabayen.",
    choose: "Kya wapas aa raha hai?",
    left: "{1} mein se {0} wapas ho sakte hain",
    nothing_left: "Sab pehle hi wapas aa chuka.",
    value: "Maliyat",
    lowers: "Udhaar mein se kam",
    pays: "Raqam wapas",
    by: "Kis se",
    give: "Wapas karein",
    exchange: "Badlein: naye bill par",
    all: "Sab",
    none_chosen: "Chunein kya wapas aa raha hai",
    given: "Wapas liya: {0}",
    unseen: "Baghair raseed wapsi",
    unseen_help: "Khule bill ka maal usi qeemat par wapas aata hai.",
    unseen_refused: "Baghair raseed sirf malik ya manager wapas leta hai.",
    given_back: "Wapas diya maal",
    due: "Dena hai",
    give_rest: "Wapas dena hai",
    no_exchange: "Tabdeeli nahi",
    hold: "Rokein",
    held: "Ruke hue bill",
    held_name: "Kis ka hai? (zaroori nahi)",
    held_help: "Bill yahin intezar karta hai, phone band ho kar bhi.",
    held_said: "Rok liya. Ruke hue billon mein hai.",
    none_held: "Koi bill ruka hua nahi.",
    resume: "Aage chalayen",
    quote_days: "Kitne din ki?",
    quote_save: "Quotation banayen",
};

/// One row of a paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// Large, in the middle.
    Title(String),
    /// In the middle.
    Centre(String),
    /// A dashed line.
    Rule,
    /// Something and its value; `id` names it for tests, the total is large.
    Pair {
        /// What.
        label: String,
        /// How much.
        value: String,
        /// Name of the row.
        id: &'static str,
    },
    /// A line of the bill.
    Item {
        /// What.
        name: String,
        /// How many at which price.
        each: String,
        /// To be paid for it.
        amount: String,
        /// IMEIs and discount, each with its label.
        below: Vec<(String, String)>,
    },
}

/// The name of the total's row.
pub const TOTAL: &str = "receipt-total";

/// What the head of a paper says.
pub struct Head<'a> {
    /// The shop.
    pub shop: &'a str,
    /// Its city.
    pub city: &'a str,
    /// What amounts are in.
    pub currency: Currency,
    /// It was printed before.
    pub is_copy: bool,
}

struct Words {
    first: Lang,
    second: Option<Lang>,
}

impl Words {
    fn say(&self, of: impl Fn(&'static Messages) -> S) -> String {
        let first = of(self.first.t());
        match self.second.map(|lang| of(lang.t())).filter(|second| *second != first) {
            Some(second) => format!("{first} · {second}"),
            None => first.to_owned(),
        }
    }
}

/// A paper, row by row.
pub fn rows(style: &PaperStyle, screen: Lang, head: &Head<'_>, paper: &Document) -> Vec<Row> {
    let (first, second) = style.langs(screen);
    let words = Words { first, second };
    let money = |amount: Paisa| first.money(amount, head.currency);
    let pair = |label: String, value: String, id| Row::Pair { label, value, id };
    let mut out = vec![Row::Title(head.shop.to_owned())];
    if !head.city.is_empty() {
        out.push(Row::Centre(head.city.to_owned()));
    }
    match paper.kind {
        Kind::Sale => {}
        Kind::Return => out.push(Row::Title(words.say(|t| t.papers.returned))),
        Kind::Quotation => out.push(Row::Title(words.say(|t| t.papers.quote))),
    }
    if head.is_copy {
        out.push(Row::Centre(format!("** {} **", words.say(|t| t.papers.copy))));
    }
    out.push(Row::Rule);
    let (at, zone) = paper.at;
    let number = words.say(|t| if paper.kind == Kind::Sale { t.receipt.number } else { t.papers.number });
    out.push(pair(number, paper.number.clone(), "receipt-number"));
    out.push(pair(first.date(at.day(zone)), first.time(at, zone), "receipt-date"));
    if let Some(about) = &paper.about {
        let label = if paper.kind == Kind::Return {
            words.say(|t| t.papers.of_bill)
        } else {
            words.say(|t| t.papers.with_return)
        };
        out.push(pair(label, about.clone(), "receipt-about"));
    }
    if let Some(customer) = &paper.customer {
        out.push(pair(words.say(|t| t.sell.customer), customer.clone(), "receipt-customer"));
    }
    out.push(Row::Rule);
    for line in &paper.lines {
        let mut below: Vec<(String, String)> =
            line.imeis.iter().map(|imei| (words.say(|t| t.papers.imei), imei.clone())).collect();
        if line.discount != Paisa::ZERO {
            below.push((words.say(|t| t.receipt.discount), money(-line.discount)));
        }
        out.push(Row::Item {
            name: line.name.clone(),
            each: format!("{} × {}", first.quantity(line.quantity), money(line.unit_price)),
            amount: money(line.amount),
            below,
        });
    }
    out.push(Row::Rule);
    if paper.discount != Paisa::ZERO && paper.lines.len() > 1 {
        out.push(pair(words.say(|t| t.papers.discounts), money(-paper.discount), "receipt-discount"));
    }
    let total = if paper.kind == Kind::Return {
        words.say(|t| t.papers.refund)
    } else {
        words.say(|t| t.receipt.total)
    };
    out.push(pair(total, money(paper.total), TOTAL));
    for &(tender, amount) in &paper.tenders {
        let label = match tender {
            Tender::Exchanged => words.say(|t| t.papers.exchanged),
            Tender::Paid(method) => words.say(|t| t.receipt.methods[method as usize]),
        };
        out.push(pair(label, money(amount), "receipt-tender"));
    }
    if paper.change > Paisa::ZERO {
        out.push(pair(words.say(|t| t.receipt.change), money(paper.change), "receipt-change"));
    }
    if let Some(owed) = paper.owed {
        out.push(pair(words.say(|t| t.papers.owed), money(owed), "receipt-owed"));
    }
    if let Some(until) = paper.valid_until {
        let day = first.date(until.day(zone));
        out.push(pair(words.say(|t| t.papers.valid_until), day, "receipt-valid"));
    }
    out.push(Row::Rule);
    if !style.footer.trim().is_empty() {
        out.push(Row::Centre(style.footer.trim().to_owned()));
    }
    out.push(Row::Centre(words.say(|t| t.receipt.thanks)));
    out
}

/// The rows as the text of a message.
pub fn text(rows: &[Row]) -> String {
    let lines = rows.iter().map(|row| match row {
        Row::Title(words) => format!("*{words}*"),
        Row::Centre(words) => words.clone(),
        Row::Rule => "----------".to_owned(),
        Row::Pair { label, value, id } if *id == TOTAL => format!("*{label}: {value}*"),
        Row::Pair { label, value, .. } => format!("{label}: {value}"),
        Row::Item { name, each, amount, below } => {
            let below: String = below.iter().map(|(label, value)| format!("\n  {label}: {value}")).collect();
            format!("{name}\n  {each} = {amount}{below}")
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What the code on a paper says: enough to find it again, in signs that every reader shows.
pub fn code_text(shop: &str, paper: &Document, currency: Currency) -> String {
    let english = Lang { locale: Locale::English, grouping: Grouping::Thousands };
    let (at, zone) = paper.at;
    let text =
        format!("{}\n{}\n{}", paper.number, english.date(at.day(zone)), english.money(paper.total, currency));
    // As much of the name as fits beside the rest.
    let mut name = shop.to_owned();
    while name.len() + text.len() > 100 {
        name.pop();
    }
    format!("{name}\n{text}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plain::paper_style::PaperLanguage;
    use dukandar_core::{
        paper::Line,
        quantity::Quantity,
        record::PaymentMethod,
        time::{Day, Timestamp, Zone},
    };

    const URDU: Lang = Lang { locale: Locale::Urdu, grouping: Grouping::Thousands };
    const ENGLISH: Lang = Lang { locale: Locale::English, grouping: Grouping::Thousands };

    fn paper() -> Document {
        let day = Day::parse("2026-03-05").unwrap_or_default();
        Document {
            kind: Kind::Sale,
            number: "HC-1-7".into(),
            at: (Timestamp(day.start(Zone::KARACHI).0 + 15 * 3_600_000), Zone::KARACHI),
            customer: Some("Ali".into()),
            lines: vec![Line {
                name: "Redmi Note 13".into(),
                quantity: Quantity::pieces(2),
                unit_price: Paisa::rupees(50_000),
                discount: Paisa::rupees(500),
                amount: Paisa::rupees(99_500),
                imeis: vec!["356938035643809".into()],
            }],
            discount: Paisa::rupees(500),
            total: Paisa::rupees(99_500),
            tenders: vec![
                (Tender::Paid(PaymentMethod::Cash), Paisa::rupees(70_000)),
                (Tender::Paid(PaymentMethod::Credit), Paisa::rupees(30_000)),
            ],
            change: Paisa::rupees(500),
            owed: Some(Paisa::rupees(42_000)),
            about: None,
            valid_until: None,
        }
    }

    fn head(is_copy: bool) -> Head<'static> {
        Head { shop: "Hafeez Centre", city: "Lahore", currency: Currency::PKR, is_copy }
    }

    #[test]
    fn an_english_receipt_reads_as_one_written_by_hand() {
        let style = PaperStyle { footer: "No return without receipt".into(), ..PaperStyle::default() };
        let expected = "*Hafeez Centre*\nLahore\n----------\nBill: HC-1-7\n05-Mar-2026: 3:00 pm\nCustomer: Ali\n----------\n\
            Redmi Note 13\n  2 × Rs\u{a0}50,000 = Rs\u{a0}99,500\n  IMEI: 356938035643809\n  Discount: -Rs\u{a0}500\n\
            ----------\n*Total: Rs\u{a0}99,500*\nCash: Rs\u{a0}70,000\nUdhaar: Rs\u{a0}30,000\nChange: Rs\u{a0}500\n\
            Owes in all: Rs\u{a0}42,000\n----------\nNo return without receipt\nThank you, come again";
        let found = text(&rows(&style, ENGLISH, &head(false), &paper()));
        assert_eq!(found, expected);
    }

    #[test]
    fn an_urdu_copy_says_so_and_has_urdu_months() {
        let found = text(&rows(&PaperStyle::default(), URDU, &head(true), &paper()));
        assert!(found.contains("نقل") && found.contains("5 مارچ 2026") && found.contains("کل"), "{found}");
        let both = PaperStyle { language: PaperLanguage::Both, ..PaperStyle::default() };
        let found = text(&rows(&both, URDU, &head(false), &paper()));
        assert!(found.contains("Total · کل") && found.contains("05-Mar-2026"), "{found}");
    }

    #[test]
    fn the_code_fits_however_long_the_shops_name_is() {
        for shop in ["Hafeez", &"ح".repeat(200)] {
            let text = code_text(shop, &paper(), Currency::PKR);
            assert!(text.ends_with("HC-1-7\n05-Mar-2026\nRs\u{a0}99,500"), "{text}");
            assert!(dukandar_core::paper::qr::code(&text).is_some());
        }
    }
}
