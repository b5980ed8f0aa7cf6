//! The words of the Galla screen: the drawer, the day's money, services, closings; and a closing as a message.

use super::{
    Lang,
    plural::{Plural, plural},
    typed::{parse_money, parse_pieces},
};
use dukandar_core::{
    insight::day::{Closed, Profit},
    money::{Currency, Paisa},
    record::{CashSums, Wallet},
};

type S = &'static str;

/// What records call usual expenses and movements, in the order of [`DayText::known`]: the same in every language.
pub const KNOWN: [S; 13] = [
    "Rent",
    "Electricity",
    "Tea and food",
    "Wages",
    "Transport",
    "Packing",
    "Other",
    "Withdrawn from bank",
    "Owner put in",
    "Cash in",
    "Deposited in bank",
    "Owner took out",
    "Cash out",
];

/// Pieces of one note at most: more is a slip of the finger.
const MOST_PIECES: i64 = 100_000;
/// Rupees of one entry below which there is no slip of the finger.
const MOST_RUPEES: i64 = 1_000_000_000;

/// Pieces of a note as typed; nothing is none.
pub fn typed_pieces(text: &str) -> Option<u32> {
    if text.trim().is_empty() {
        return Some(0);
    }
    let pieces = parse_pieces(text)?.0;
    (pieces % 1_000 == 0 && pieces <= MOST_PIECES * 1_000).then_some((pieces / 1_000) as u32)
}

/// An amount above zero as typed.
pub fn typed_amount(text: &str) -> Option<Paisa> {
    parse_money(text).filter(|amount| amount.0 > 0 && *amount < Paisa::rupees(MOST_RUPEES))
}

/// One language.
#[allow(missing_docs, reason = "fields are named for the sentence they hold; the English one says it")]
#[cfg_attr(test, derive(Debug))]
pub struct DayText {
    pub title: S,
    pub about: S,
    pub expected: S,
    pub why: S,
    pub began: S,
    pub never: S,
    /// `{0}` the instant.
    pub opened: S,
    pub counted_last: S,
    /// In the order of core's `CashCause`.
    pub causes: [S; 7],
    pub open: S,
    pub close: S,
    /// `{0}` the instant.
    pub closed: S,
    pub counted: S,
    /// Short, over, exact.
    pub difference: [S; 3],
    pub notes: S,
    pub bad_pieces: S,
    pub no_pieces: S,
    pub wait: S,
    /// Load, JazzCash, Easypaisa.
    pub wallets: [S; 3],
    pub looked_up: S,
    pub not_looked_up: S,
    pub note: S,
    pub same: S,
    /// `{0}` the amount.
    pub day_opened: S,
    pub day_closed: S,
    pub expense: S,
    pub cash: S,
    pub service: S,
    /// In the order of `KNOWN`.
    pub known: [S; 13],
    pub what_for: S,
    pub name: S,
    pub amount: S,
    pub bad_amount: S,
    /// Drawer, bank.
    pub paid: [S; 2],
    pub paid_from: S,
    /// Easyload, in, out, filled up.
    pub services: [S; 4],
    pub which: S,
    pub commission: S,
    pub bad_commission: S,
    /// Customer, operator.
    pub payer: [S; 2],
    pub paid_by: S,
    /// `{0}` change of the drawer, `{1}` wallet, `{2}` its change.
    pub effect: S,
    /// `{0}` wallet, `{1}` balance.
    pub too_low: S,
    pub saved: S,
    pub entries: S,
    pub no_entries: S,
    pub take_back: S,
    pub taken_back: S,
    pub profit: S,
    /// Sold, cost, commissions, expenses.
    pub profit_lines: [S; 4],
    pub unknown: Plural,
    /// `{0}` what they brought, `{1}` names.
    pub unknown_which: S,
    pub tenders: S,
    pub staff: S,
    pub nobody: S,
    pub someone: S,
    /// Receipts, sales, discounts, margin.
    pub staff_columns: [S; 4],
    /// `{0}` the time.
    pub came: S,
    pub left: S,
    /// `{0}` hours.
    pub hours: S,
    pub here: S,
    pub leaving: S,
    pub closings: S,
    pub no_closings: S,
    pub late: S,
    /// `{0}` the difference in words.
    pub with_late: S,
    pub send: S,
    /// `{0}` shop, `{1}` date.
    pub text: S,
}

impl Lang {
    /// A usual expense or movement in the reader's words, any other as it was written.
    pub fn known(self, name: &str) -> String {
        let place = KNOWN.iter().position(|known| *known == name);
        place.map_or(name, |place| self.t().day.known[place]).to_owned()
    }

    /// A wallet's name.
    pub fn wallet(self, wallet: Wallet) -> S {
        self.t().day.wallets[wallet as usize]
    }

    /// An amount with its sign, also where it is more.
    pub fn signed(self, amount: Paisa, currency: Currency) -> String {
        let plus = if amount.0 > 0 { "+" } else { "" };
        // Isolated in Urdu, or the sign would stand on the wrong side.
        self.fill("{0}", &[&format!("{plus}{}", self.money(amount, currency))])
    }

    /// Short, over or exact.
    pub fn difference(self, amount: Paisa, currency: Currency) -> String {
        let [short, over, exact] = self.t().day.difference;
        match amount.0 {
            0 => exact.to_owned(),
            less if less < 0 => self.fill(short, &[&self.money(-amount, currency)]),
            _ => self.fill(over, &[&self.money(amount, currency)]),
        }
    }

    /// What moved, cause by cause: words, how often, how much.
    pub fn causes(self, sums: &CashSums, currency: Currency) -> Vec<(String, String)> {
        let one = |cause, count, amount| {
            let words: S = self.t().day.causes[cause];
            (format!("{words} ({})", self.whole(count)), self.signed(amount, currency))
        };
        sums.iter().map(|(&cause, sum)| one(cause as usize, sum.count, sum.amount)).collect()
    }

    /// A closing as a message to the owner; the profit where the sender may know it.
    pub fn closing_text(
        self,
        shop: &str,
        currency: Currency,
        closed: &Closed,
        profit: Option<&Profit>,
    ) -> String {
        let t = &self.t().day;
        let mut out = vec![self.fill(t.text, &[shop, &self.date(closed.day)])];
        let mut add = |words: &str, amount: String| out.push(format!("{words}: {amount}"));
        add(t.began, self.money(closed.began, currency));
        for (words, amount) in self.causes(&closed.sums, currency) {
            add(&words, amount);
        }
        add(t.expected, self.money(closed.expected, currency));
        add(t.counted, self.money(closed.counted, currency));
        out.push(self.difference(closed.difference(), currency));
        for &(wallet, balance) in &closed.floats {
            out.push(format!("{}: {}", self.wallet(wallet), self.money(balance, currency)));
        }
        for (words, amount) in self.causes(&closed.late, currency) {
            out.push(format!("{}: {words} {amount}", t.late));
        }
        if let Some(profit) = profit {
            out.push(format!("{}: {}", t.profit, self.money(profit.total, currency)));
        }
        if !closed.note.is_empty() {
            out.push(format!("{}: {}", t.note, closed.note));
        }
        out.join("\n")
    }
}

/// English.
pub const EN: DayText = DayText {
    title: "Galla",
    about: "What should be in the drawer now, and why. Count it in the evening and send the closing to the owner.",
    expected: "Should be in the drawer",
    why: "How that comes about",
    began: "Counted before",
    never: "Never counted: it begins at 0",
    opened: "Opened {0}",
    counted_last: "Last closed {0}",
    causes: [
        "Cash sales",
        "Given back for returns",
        "Udhaar received",
        "Expenses",
        "Paid to suppliers",
        "Cash in and out",
        "Services",
    ],
    open: "Open the day",
    close: "Close the day",
    closed: "This day was closed {0}. To count once more, open it again; what is sold now belongs to the next closing.",
    counted: "Counted",
    difference: ["{0} short", "{0} over", "Exactly right"],
    notes: "How many of each",
    bad_pieces: "Whole pieces, from 0 to 100,000",
    no_pieces: "Nothing is counted yet. If the drawer is empty, type 0.",
    wait: "One moment: the last entry is still being added up.",
    wallets: ["Load balance", "JazzCash", "Easypaisa"],
    looked_up: "Balances as the wallets show them; leave empty what was not looked up",
    not_looked_up: "not looked up yet",
    note: "Note",
    same: "As the last count left it; change what differs",
    day_opened: "Day opened with {0}",
    day_closed: "Day closed: {0}",
    expense: "Expense",
    cash: "Cash in / out",
    service: "Easyload, wallets",
    known: [
        "Rent",
        "Electricity",
        "Tea, food",
        "Salaries",
        "Transport",
        "Packing",
        "Other",
        "From the bank",
        "Owner puts in",
        "Other cash in",
        "To the bank",
        "Owner takes out",
        "Other cash out",
    ],
    what_for: "What for",
    name: "In your words",
    amount: "Amount",
    bad_amount: "An amount above 0, in figures",
    paid: ["Drawer", "Bank"],
    paid_from: "Paid from",
    services: ["Easyload", "Into a wallet", "Out of a wallet", "Fill up a balance"],
    which: "Which balance",
    commission: "Commission",
    bad_commission: "An amount, not more than what is moved",
    payer: ["Customer, in cash", "Operator, into the balance"],
    paid_by: "Commission paid by",
    effect: "Drawer {0} · {1} {2}",
    too_low: "{0} would be at {1}: fill it up first",
    saved: "Written down",
    entries: "Written down today",
    no_entries: "No expense, cash or service yet.",
    take_back: "Take back",
    taken_back: "taken back",
    profit: "Profit today",
    profit_lines: ["Sold", "Cost of it", "Commissions", "Expenses"],
    unknown: plural(
        "{0} line without a known cost is left out",
        "{0} lines without a known cost are left out",
    ),
    unknown_which: "{0}: {1}",
    tenders: "Not in cash today",
    staff: "Who sold today",
    nobody: "Nobody signed in",
    someone: "Staff",
    staff_columns: ["Bills", "Sold", "Discounts", "Margin"],
    came: "came {0}",
    left: "left {0}",
    hours: "{0} h",
    here: "I am here",
    leaving: "I am leaving",
    closings: "Past closings",
    no_closings: "No closing yet.",
    late: "Arrived after closing",
    with_late: "with it: {0}",
    send: "Send on WhatsApp",
    text: "{0}, closing of {1}",
};

/// Urdu.
pub const UR: DayText = DayText {
    title: "گلّہ",
    about: "گلّے میں اس وقت کتنا ہونا چاہیے، اور کیوں۔ شام کو گنیں اور حساب مالک کو بھیج دیں۔",
    expected: "گلّے میں ہونا چاہیے",
    why: "یہ حساب کیسے بنا",
    began: "پہلے گنا تھا",
    never: "ابھی گنا نہیں گیا: 0 سے شروع",
    opened: "{0} کھولا",
    counted_last: "پچھلی بار {0} بند کیا",
    causes: [
        "نقد فروخت",
        "واپسی پر دیے",
        "ادھار ملا",
        "خرچہ",
        "سپلائر کو دیے",
        "نقد ڈالا / نکالا",
        "لوڈ اور والٹ",
    ],
    open: "دن کھولیں",
    close: "دن بند کریں",
    closed: "یہ دن {0} بند ہو چکا ہے۔ دوبارہ گننا ہو تو پھر کھولیں؛ اب کی فروخت اگلے حساب میں جائے گی۔",
    counted: "گنا",
    difference: ["{0} کم", "{0} زیادہ", "بالکل پورا"],
    notes: "ہر نوٹ کے کتنے",
    bad_pieces: "پورے عدد لکھیں، 0 سے 100,000 تک",
    no_pieces: "ابھی کچھ گنا نہیں۔ گلّہ خالی ہو تو 0 لکھیں۔",
    wait: "ذرا ٹھہریں: آخری اندراج جمع ہو رہا ہے۔",
    wallets: ["لوڈ بیلنس", "جاز کیش", "ایزی پیسہ"],
    looked_up: "جو والٹ میں دکھے؛ نہ دیکھا ہو تو خالی چھوڑیں",
    not_looked_up: "ابھی دیکھا نہیں",
    note: "نوٹ",
    same: "جیسا پچھلی گنتی میں تھا؛ جو فرق ہو بدل دیں",
    day_opened: "دن {0} سے کھلا",
    day_closed: "دن بند: {0}",
    expense: "خرچہ",
    cash: "نقد ڈالیں / نکالیں",
    service: "ایزی لوڈ، والٹ",
    known: [
        "کرایہ",
        "بجلی",
        "چائے، کھانا",
        "تنخواہ",
        "سواری",
        "پیکنگ",
        "اور کچھ",
        "بینک سے آیا",
        "مالک نے ڈالا",
        "اور نقد ڈالا",
        "بینک میں جمع",
        "مالک نے نکالا",
        "اور نقد نکالا",
    ],
    what_for: "کس لیے",
    name: "اپنے الفاظ میں",
    amount: "رقم",
    bad_amount: "0 سے زیادہ رقم، ہندسوں میں",
    paid: ["گلّہ", "بینک"],
    paid_from: "کہاں سے دیا",
    services: ["ایزی لوڈ", "والٹ میں ڈالا", "والٹ سے نکالا", "بیلنس بھروایا"],
    which: "کون سا بیلنس",
    commission: "کمیشن",
    bad_commission: "رقم لکھیں، بھیجی رقم سے زیادہ نہیں",
    payer: ["گاہک، نقد", "کمپنی، بیلنس میں"],
    paid_by: "کمیشن کس نے دیا",
    effect: "گلّہ {0} · {1} {2}",
    too_low: "{0} {1} رہ جائے گا: پہلے بھروائیں",
    saved: "لکھ لیا",
    entries: "آج لکھا گیا",
    no_entries: "ابھی کوئی خرچہ، نقد یا لوڈ نہیں۔",
    take_back: "واپس لیں",
    taken_back: "واپس لیا",
    profit: "آج کی بچت",
    profit_lines: ["فروخت", "مال کی لاگت", "کمیشن", "خرچہ"],
    unknown: plural("{0} چیز کی لاگت معلوم نہیں، شامل نہیں", "{0} چیزوں کی لاگت معلوم نہیں، شامل نہیں"),
    unknown_which: "{0}: {1}",
    tenders: "آج نقد کے علاوہ",
    staff: "آج کس نے بیچا",
    nobody: "کوئی سائن اِن نہیں",
    someone: "عملہ",
    staff_columns: ["بل", "فروخت", "رعایت", "بچت"],
    came: "{0} آئے",
    left: "{0} گئے",
    hours: "{0} گھنٹے",
    here: "میں آ گیا",
    leaving: "میں جا رہا ہوں",
    closings: "پچھلے حساب",
    no_closings: "ابھی کوئی دن بند نہیں ہوا۔",
    late: "بند ہونے کے بعد آیا",
    with_late: "اسے ملا کر: {0}",
    send: "واٹس ایپ پر بھیجیں",
    text: "{0}، {1} کا حساب",
};

/// Roman Urdu.
pub const ROMAN: DayText = DayText {
    title: "Galla",
    about: "Galle mein is waqt kitna hona chahiye, aur kyun. Shaam ko ginein aur hisaab malik ko bhej dein.",
    expected: "Galle mein hona chahiye",
    why: "Yeh hisaab kaise bana",
    began: "Pehle gina tha",
    never: "Abhi gina nahi gaya: 0 se shuru",
    opened: "{0} khola",
    counted_last: "Pichli baar {0} band kiya",
    causes: [
        "Naqad farokht",
        "Wapsi par diye",
        "Udhaar mila",
        "Kharcha",
        "Supplier ko diye",
        "Naqad dala / nikala",
        "Load aur wallet",
    ],
    open: "Din kholein",
    close: "Din band karein",
    closed: "Yeh din {0} band ho chuka hai. Dobara ginna ho to phir kholein; ab ki farokht agle hisaab mein jaye gi.",
    counted: "Gina",
    difference: ["{0} kam", "{0} zyada", "Bilkul poora"],
    notes: "Har note ke kitne",
    bad_pieces: "Poore adad likhein, 0 se 100,000 tak",
    no_pieces: "Abhi kuch gina nahi. Galla khali ho to 0 likhein.",
    wait: "Zara thehrein: aakhri indraj jama ho raha hai.",
    wallets: ["Load balance", "JazzCash", "Easypaisa"],
    looked_up: "Jo wallet mein dikhe; na dekha ho to khali chhorein",
    not_looked_up: "abhi dekha nahi",
    note: "Note",
    same: "Jaisa pichli ginti mein tha; jo farq ho badal dein",
    day_opened: "Din {0} se khula",
    day_closed: "Din band: {0}",
    expense: "Kharcha",
    cash: "Naqad dalein / nikalein",
    service: "Easyload, wallet",
    known: [
        "Kiraya",
        "Bijli",
        "Chai, khana",
        "Tankhwah",
        "Sawari",
        "Packing",
        "Aur kuch",
        "Bank se aaya",
        "Malik ne dala",
        "Aur naqad dala",
        "Bank mein jama",
        "Malik ne nikala",
        "Aur naqad nikala",
    ],
    what_for: "Kis liye",
    name: "Apne alfaaz mein",
    amount: "Raqam",
    bad_amount: "0 se zyada raqam, hindson mein",
    paid: ["Galla", "Bank"],
    paid_from: "Kahan se diya",
    services: ["Easyload", "Wallet mein dala", "Wallet se nikala", "Balance bharwaya"],
    which: "Kaun sa balance",
    commission: "Commission",
    bad_commission: "Raqam likhein, bheji raqam se zyada nahi",
    payer: ["Gahak, naqad", "Company, balance mein"],
    paid_by: "Commission kis ne diya",
    effect: "Galla {0} · {1} {2}",
    too_low: "{0} {1} reh jaye ga: pehle bharwayein",
    saved: "Likh liya",
    entries: "Aaj likha gaya",
    no_entries: "Abhi koi kharcha, naqad ya load nahi.",
    take_back: "Wapas lein",
    taken_back: "wapas liya",
    profit: "Aaj ki bachat",
    profit_lines: ["Farokht", "Maal ki laagat", "Commission", "Kharcha"],
    unknown: plural(
        "{0} cheez ki laagat maloom nahi, shamil nahi",
        "{0} cheezon ki laagat maloom nahi, shamil nahi",
    ),
    unknown_which: "{0}: {1}",
    tenders: "Aaj naqad ke ilawa",
    staff: "Aaj kis ne becha",
    nobody: "Koi sign in nahi",
    someone: "Amla",
    staff_columns: ["Bill", "Farokht", "Riayat", "Bachat"],
    came: "{0} aaye",
    left: "{0} gaye",
    hours: "{0} ghante",
    here: "Main aa gaya",
    leaving: "Main ja raha hun",
    closings: "Pichle hisaab",
    no_closings: "Abhi koi din band nahi hua.",
    late: "Band hone ke baad aaya",
    with_late: "ise mila kar: {0}",
    send: "WhatsApp par bhejein",
    text: "{0}, {1} ka hisaab",
};

#[cfg(test)]
mod tests {
    use super::super::Locale;
    use super::*;
    use dukandar_core::{
        money::Grouping,
        record::{CashCause, CashSum},
        time::{Day, Timestamp},
    };

    #[test]
    fn pieces_and_amounts_that_no_drawer_holds_are_refused() {
        assert_eq!(["", "0", " 12 ", "۷", "100,000"].map(typed_pieces), [0, 0, 12, 7, 100_000].map(Some));
        assert_eq!(["-1", "1.5", "100001", "x", "99999999999999999999"].map(typed_pieces), [None; 5]);
        assert_eq!(typed_amount("1,250.50"), Some(Paisa(125_050)));
        assert_eq!(["", "0", "0.00", "-5", "1000000000", "1e5"].map(typed_amount), [None; 6]);
    }

    #[test]
    fn a_closing_reads_as_the_owner_would_say_it() {
        let sum = |count, rupees| CashSum { count, amount: Paisa::rupees(rupees) };
        let closed = Closed {
            day: Day::parse("2026-11-27").unwrap_or_default(),
            at: Timestamp(0),
            began: Paisa::rupees(5_000),
            sums: [(CashCause::Sale, sum(12, 41_250)), (CashCause::Expense, sum(2, -900))].into(),
            expected: Paisa::rupees(45_350),
            counted: Paisa::rupees(45_300),
            note: "Ali counted".to_owned(),
            floats: vec![(Wallet::JazzCash, Paisa::rupees(7_000))],
            late: [(CashCause::Sale, sum(1, 50))].into(),
        };
        let english = Lang { locale: Locale::English, grouping: Grouping::Thousands };
        let profit = Profit { total: Paisa::rupees(6_100), ..Profit::default() };
        let text = english.closing_text("Hafeez Centre", Currency::PKR, &closed, Some(&profit));
        assert_eq!(
            text.replace('\u{a0}', " ").lines().collect::<Vec<_>>(),
            [
                "Hafeez Centre, closing of 27-Nov-2026",
                "Counted before: Rs 5,000",
                "Cash sales (12): +Rs 41,250",
                "Expenses (2): -Rs 900",
                "Should be in the drawer: Rs 45,350",
                "Counted: Rs 45,300",
                "Rs 50 short",
                "JazzCash: Rs 7,000",
                "Arrived after closing: Cash sales (1) +Rs 50",
                "Profit today: Rs 6,100",
                "Note: Ali counted",
            ]
        );
        let without = english.closing_text("Hafeez Centre", Currency::PKR, &closed, None);
        assert!(!without.contains("Profit"), "a cashier's message tells no profit");
        let urdu = Lang { locale: Locale::Urdu, grouping: Grouping::Thousands };
        assert!(urdu.closing_text("Hafeez Centre", Currency::PKR, &closed, None).contains("کم"));
    }
}
