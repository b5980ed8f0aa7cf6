//! The words of the khata and of paying in parts, and a statement as the text of a message.

use super::{
    Lang,
    plural::{Plural, plural},
};
use dukandar_core::{
    customer::khata::{Ledger, LedgerLine},
    money::Paisa,
    record::CreditKind,
    time::Day,
};

type S = &'static str;

/// Entries in a statement: what fits a message that somebody reads.
const STATEMENT_LINES: usize = 20;

/// One language.
#[allow(missing_docs, reason = "fields are named for the sentence they hold; the English one says it")]
#[cfg_attr(test, derive(Debug))]
pub struct KhataText {
    pub title: S,
    pub late: S,
    pub due_today: S,
    /// In the order of core's `AGE_ENDS`.
    pub ages: [S; 4],
    pub empty: S,
    pub empty_help: S,
    pub owing: Plural,
    pub since: S,
    pub find: S,
    pub find_hint: S,
    pub choose: S,
    pub new: S,
    pub phone: S,
    pub bad_phone: S,
    pub nobody: S,
    pub gave: S,
    pub got: S,
    pub amount: S,
    pub all: S,
    pub by: S,
    pub what: S,
    pub goods: S,
    pub due_day: S,
    pub bad_amount: S,
    pub bad_due: S,
    /// `{0}` more than is owed.
    pub ahead: S,
    pub gave_said: S,
    pub got_said: S,
    pub off_said: S,
    pub taken_back: S,
    pub takes_back: S,
    pub entries: S,
    pub no_entries: S,
    pub bill: S,
    /// `{0}` a method.
    pub got_by: S,
    pub gave_by: S,
    pub off: S,
    pub off_done: S,
    pub off_help: S,
    pub off_more: S,
    pub balance: S,
    pub paid_ahead: S,
    pub next_due: S,
    pub limit: S,
    pub no_limit: S,
    pub limit_help: S,
    pub limit_said: S,
    pub statement: S,
    /// `{0}` shop, `{1}` customer, `{2}` day.
    pub statement_head: S,
    pub statement_due: S,
    pub statement_clear: S,
    pub pay: S,
    /// `{0}` sum of the parts, `{1}` the bill.
    pub too_much: S,
    pub save_sale: S,
    pub need_customer: S,
    /// `{0}` limit, `{1}` owes, `{2}` would owe.
    pub over: S,
    pub over_owner: S,
    pub over_ask: S,
    pub back_in: S,
    pub one_day: S,
    pub months: Plural,
}

/// English.
pub const EN: KhataText = KhataText {
    title: "Khata",
    late: "Past due",
    due_today: "Due today",
    ages: ["0–30 days", "31–60 days", "61–90 days", "Over 90 days"],
    empty: "Nobody owes you anything.",
    empty_help: "Udhaar given at the till, or written here, stands on this page until it is paid.",
    owing: plural("{0} customer owes", "{0} customers owe"),
    since: "since {0}",
    find: "Find or add a customer",
    find_hint: "Name, phone or number",
    choose: "Choose customer",
    new: "New customer",
    phone: "Phone",
    bad_phone: "A number such as 0300 1234567 is expected",
    nobody: "Nobody found. Write them down as new.",
    gave: "Gave",
    got: "Got",
    amount: "Amount",
    all: "All: {0}",
    by: "Paid by",
    what: "What was given",
    goods: "Goods",
    due_day: "To be paid by",
    bad_amount: "An amount above zero is expected, such as 1,250",
    bad_due: "A day from today on is expected",
    ahead: "{0} more than is owed: it stays as paid ahead.",
    gave_said: "Given: {0}",
    got_said: "Received: {0}",
    off_said: "Written off: {0}",
    taken_back: "Taken back",
    takes_back: "Takes an entry back",
    entries: "Entries",
    no_entries: "Nothing is written yet.",
    bill: "Bill on udhaar",
    got_by: "Received · {0}",
    gave_by: "Given · {0}",
    off: "Write off",
    off_done: "Written off",
    off_help: "Nobody pays it: no cash comes of it, and it stays to be seen here.",
    off_more: "No more than the {0} that is owed can be written off",
    balance: "Owes",
    paid_ahead: "Paid ahead",
    next_due: "{0} on {1}",
    limit: "Limit",
    no_limit: "No limit",
    limit_help: "Empty: no limit. Zero: no udhaar.",
    limit_said: "Limit written",
    statement: "Statement",
    statement_head: "{0}: khata of {1}, {2}",
    statement_due: "To pay: {0}",
    statement_clear: "Nothing is owed. Thank you.",
    pay: "Payment",
    too_much: "The parts come to {0}, the bill is {1}",
    save_sale: "Save the sale",
    need_customer: "Udhaar needs a customer: choose one",
    over: "Over the limit of {0}: owes {1}, with this {2}.",
    over_owner: "As the owner you may go on.",
    over_ask: "Only the owner may go on.",
    back_in: "Paid back",
    one_day: "On one day",
    months: plural("In {0} monthly part", "In {0} monthly parts"),
};

/// Urdu.
pub const UR: KhataText = KhataText {
    title: "کھاتہ",
    late: "تاریخ گزر گئی",
    due_today: "آج کی وصولی",
    ages: ["0 سے 30 دن", "31 سے 60 دن", "61 سے 90 دن", "90 دن سے زیادہ"],
    empty: "کسی کی طرف کچھ باقی نہیں۔",
    empty_help: "بل پر یا یہاں لکھا گیا اُدھار وصول ہونے تک یہیں رہتا ہے۔",
    owing: plural("{0} گاہک کی طرف باقی", "{0} گاہکوں کی طرف باقی"),
    since: "{0} سے",
    find: "گاہک ڈھونڈیں یا نیا لکھیں",
    find_hint: "نام، فون یا نمبر",
    choose: "گاہک چنیں",
    new: "نیا گاہک",
    phone: "فون",
    bad_phone: "نمبر ایسے لکھیں: 0300 1234567",
    nobody: "کوئی نہیں ملا۔ نیا گاہک لکھ لیں۔",
    gave: "دیے",
    got: "ملے",
    amount: "رقم",
    all: "پوری رقم: {0}",
    by: "کس طرح ملے",
    what: "کیا دیا",
    goods: "مال",
    due_day: "کب تک دے گا",
    bad_amount: "صفر سے زیادہ رقم لکھیں، جیسے 1,250",
    bad_due: "آج یا آگے کی تاریخ لکھیں",
    ahead: "بقایا سے {0} زیادہ: یہ پیشگی جمع رہیں گے۔",
    gave_said: "دیے: {0}",
    got_said: "ملے: {0}",
    off_said: "معاف کیے: {0}",
    taken_back: "واپس لیا گیا",
    takes_back: "پہلا اندراج واپس",
    entries: "اندراج",
    no_entries: "ابھی کچھ نہیں لکھا گیا۔",
    bill: "اُدھار بل",
    got_by: "ملے · {0}",
    gave_by: "دیے · {0}",
    off: "معاف کریں",
    off_done: "معاف کیے",
    off_help: "یہ رقم اب کوئی نہیں دے گا: گلّے میں کچھ نہیں آتا، اور یہاں لکھا رہتا ہے۔",
    off_more: "بقایا {0} سے زیادہ معاف نہیں ہو سکتا",
    balance: "بقایا",
    paid_ahead: "پیشگی جمع",
    next_due: "{1} کو {0}",
    limit: "اُدھار کی حد",
    no_limit: "کوئی حد نہیں",
    limit_help: "خالی: کوئی حد نہیں۔ صفر: اُدھار بند۔",
    limit_said: "حد لکھ لی",
    statement: "حساب بھیجیں",
    statement_head: "{0}: {1} کا کھاتہ، {2}",
    statement_due: "کل بقایا: {0}",
    statement_clear: "کچھ باقی نہیں۔ شکریہ۔",
    pay: "ادائیگی",
    too_much: "حصے ملا کر {0} بنتے ہیں، بل {1} کا ہے",
    save_sale: "بل محفوظ کریں",
    need_customer: "اُدھار کے لیے گاہک چنیں",
    over: "حد {0} سے اوپر: بقایا {1}، اس کے ساتھ {2}۔",
    over_owner: "آپ مالک ہیں، چاہیں تو آگے بڑھیں۔",
    over_ask: "صرف مالک آگے بڑھ سکتا ہے۔",
    back_in: "واپسی",
    one_day: "ایک ہی دن",
    months: plural("{0} ماہانہ قسط", "{0} ماہانہ قسطیں"),
};

/// Roman Urdu.
pub const ROMAN: KhataText = KhataText {
    title: "Khata",
    late: "Tareekh guzar gayi",
    due_today: "Aaj ki wasooli",
    ages: ["0–30 din", "31–60 din", "61–90 din", "90 din se zyada"],
    empty: "Kisi ki taraf kuch baqi nahi.",
    empty_help: "Bill par ya yahan likha gaya udhaar wasool hone tak yahin rehta hai.",
    owing: plural("{0} gahak ki taraf baqi", "{0} gahakon ki taraf baqi"),
    since: "{0} se",
    find: "Gahak dhoondein ya naya likhein",
    find_hint: "Naam, phone ya number",
    choose: "Gahak chunein",
    new: "Naya gahak",
    phone: "Phone",
    bad_phone: "Number aise likhein: 0300 1234567",
    nobody: "Koi nahi mila. Naya gahak likh lein.",
    gave: "Diye",
    got: "Mile",
    amount: "Raqam",
    all: "Poori raqam: {0}",
    by: "Kis tarah mile",
    what: "Kya diya",
    goods: "Maal",
    due_day: "Kab tak dega",
    bad_amount: "Zero se zyada raqam likhein, jaise 1,250",
    bad_due: "Aaj ya aagay ki tareekh likhein",
    ahead: "Baqaye se {0} zyada: yeh peshgi jama rahenge.",
    gave_said: "Diye: {0}",
    got_said: "Mile: {0}",
    off_said: "Maaf kiye: {0}",
    taken_back: "Wapas liya gaya",
    takes_back: "Pehla indraj wapas",
    entries: "Indraj",
    no_entries: "Abhi kuch nahi likha gaya.",
    bill: "Udhaar bill",
    got_by: "Mile · {0}",
    gave_by: "Diye · {0}",
    off: "Maaf karein",
    off_done: "Maaf kiye",
    off_help: "Yeh raqam ab koi nahi dega: galle mein kuch nahi aata, aur yahan likha rehta hai.",
    off_more: "Baqaye {0} se zyada maaf nahi ho sakta",
    balance: "Baqaya",
    paid_ahead: "Peshgi jama",
    next_due: "{1} ko {0}",
    limit: "Udhaar ki hadd",
    no_limit: "Koi hadd nahi",
    limit_help: "Khali: koi hadd nahi. Zero: udhaar band.",
    limit_said: "Hadd likh li",
    statement: "Hisaab bhejein",
    statement_head: "{0}: {1} ka khata, {2}",
    statement_due: "Kul baqaya: {0}",
    statement_clear: "Kuch baqi nahi. Shukriya.",
    pay: "Adaigi",
    too_much: "Hisse mila kar {0} bante hain, bill {1} ka hai",
    save_sale: "Bill mehfooz karein",
    need_customer: "Udhaar ke liye gahak chunein",
    over: "Hadd {0} se upar: baqaya {1}, is ke saath {2}.",
    over_owner: "Aap malik hain, chahein to aagay barhein.",
    over_ask: "Sirf malik aagay barh sakta hai.",
    back_in: "Wapsi",
    one_day: "Aik hi din",
    months: plural("{0} mahana qist", "{0} mahana qistein"),
};

/// What an entry is, in words.
pub fn entry_words(lang: Lang, line: &LedgerLine) -> String {
    let t = &lang.t().khata;
    let entry = &line.entry;
    let by = |words: S| {
        let method = entry.method.map_or(t.goods, |method| lang.t().receipt.methods[method as usize]);
        lang.fill(words, &[method])
    };
    if entry.undoes.is_some() {
        return t.takes_back.to_owned();
    }
    match entry.kind {
        CreditKind::WriteOff => t.off_done.to_owned(),
        CreditKind::Returned => lang.t().papers.returned.to_owned(),
        CreditKind::Opening => lang.t().opening.opened.to_owned(),
        CreditKind::Plain if entry.sale.is_some() => t.bill.to_owned(),
        CreditKind::Plain if entry.amount > Paisa::ZERO => by(t.gave_by),
        // Where nothing is said it was cash.
        CreditKind::Plain if entry.method.is_none() => lang.fill(t.got_by, &[lang.t().receipt.methods[0]]),
        CreditKind::Plain => by(t.got_by),
    }
}

/// A customer's khata as the text of a message: the newest entries in the order they came, what is owed.
pub fn statement(lang: Lang, shop: &str, customer: &str, today: Day, ledger: &Ledger) -> String {
    let t = &lang.t().khata;
    let money = |amount| lang.money(amount, ledger.currency);
    let mut out = vec![lang.fill(t.statement_head, &[shop, customer, &lang.date(today)])];
    let told = ledger.lines.iter().filter(|line| !line.is_undone).take(STATEMENT_LINES);
    let mut lines: Vec<String> = told
        .map(|line| {
            let words = entry_words(lang, line);
            format!(
                "{} · {words}: {} → {}",
                lang.date(line.day),
                money(line.entry.amount),
                money(line.balance)
            )
        })
        .collect();
    lines.reverse();
    out.append(&mut lines);
    out.push(match ledger.row.account.balance {
        Paisa::ZERO => t.statement_clear.to_owned(),
        owed if owed > Paisa::ZERO => lang.fill(t.statement_due, &[&money(owed)]),
        ahead => format!("{}: {}", t.paid_ahead, money(-ahead)),
    });
    out.join("\n")
}

/// A Pakistani number as WhatsApp's links want it: `0300 1234567` → `923001234567`. Others stay as they are.
pub fn whatsapp_number(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix('0') {
        Some(abroad) if abroad.starts_with('0') => abroad[1..].to_owned(),
        Some(national) => format!("92{national}"),
        None => digits,
    }
}

/// Whether this can be a phone's number: digits with what people put between them, as many as numbers have.
pub fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (7..=15).contains(&digits) && text.chars().all(|it| it.is_ascii_digit() || "+-() ".contains(it))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plain::Locale;
    use dukandar_core::{
        customer::{credit::Account, khata::KhataRow},
        id::{CustomerId, DocumentId, SaleId},
        money::{Currency, Grouping},
        record::PaymentMethod,
        table::CreditRow,
        time::Timestamp,
    };

    fn ledger() -> Ledger {
        let row = |id: u128, rupees| CreditRow {
            id: DocumentId::from_u128(id),
            customer: 0,
            shop: 0,
            amount: Paisa::rupees(rupees),
            at: Timestamp(0),
            due: None,
            sale: None,
            method: None,
            kind: CreditKind::Plain,
            undoes: None,
        };
        let line = |day, balance, is_undone, entry| LedgerLine {
            entry,
            day: Day::parse(day).unwrap_or_default(),
            balance: Paisa::rupees(balance),
            is_undone,
        };
        let sold = CreditRow { sale: Some(SaleId::from_u128(9)), ..row(1, 5_000) };
        let paid = CreditRow { method: Some(PaymentMethod::Easypaisa), ..row(2, -2_000) };
        let slip = row(3, -7);
        let back = CreditRow { undoes: Some(slip.id), ..row(4, 7) };
        let off = CreditRow { kind: CreditKind::WriteOff, ..row(5, -1_000) };
        let account = Account { balance: Paisa::rupees(2_000), ..Account::default() };
        let customer = CustomerId::from_u128(1);
        Ledger {
            currency: Currency::PKR,
            row: KhataRow { customer, code: None, person: None, limit: None, account },
            lines: vec![
                line("2026-11-05", 2_000, false, off),
                line("2026-11-04", 3_000, true, back),
                line("2026-11-04", 2_993, true, slip),
                line("2026-11-03", 3_000, false, paid),
                line("2026-11-01", 5_000, false, sold),
            ],
        }
    }

    #[test]
    fn a_statement_tells_entries_in_their_order_without_what_was_taken_back() {
        let lang = Lang { locale: Locale::English, grouping: Grouping::Thousands };
        let day = Day::parse("2026-11-27").unwrap_or_default();
        assert_eq!(
            statement(lang, "Hafeez", "Ali", day, &ledger()).replace('\u{a0}', " "),
            "Hafeez: khata of Ali, 27-Nov-2026\n\
             01-Nov-2026 · Bill on udhaar: Rs 5,000 → Rs 5,000\n\
             03-Nov-2026 · Received · Easypaisa: -Rs 2,000 → Rs 3,000\n\
             05-Nov-2026 · Written off: -Rs 1,000 → Rs 2,000\n\
             To pay: Rs 2,000"
        );
        let mut clear = ledger();
        clear.lines.clear();
        clear.row.account.balance = Paisa::ZERO;
        let urdu = Lang { locale: Locale::Urdu, grouping: Grouping::Thousands };
        assert!(statement(urdu, "حفیظ", "علی", day, &clear).ends_with("کچھ باقی نہیں۔ شکریہ۔"));
    }

    #[test]
    fn numbers_reach_whatsapp_with_their_country() {
        assert_eq!(whatsapp_number("0300 1234567"), "923001234567");
        assert_eq!(whatsapp_number("+92 300-1234567"), "923001234567");
        assert_eq!(whatsapp_number("0092 300 1234567"), "923001234567");
        for (text, holds) in
            [("0300 1234567", true), ("+92-300-1234567", true), ("12", false), ("Ali 0300123", false)]
        {
            assert_eq!(is_phone(text), holds, "{text}");
        }
    }
}
