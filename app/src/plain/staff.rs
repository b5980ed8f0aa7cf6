//! The words of the shop's people: naming them, who stands at the counter, their month as a message and as a table.

use super::{Lang, Locale};
use dukandar_core::{
    insight::staff::StaffDay,
    money::{Currency, Paisa},
    record::Commission,
    role::Role,
    time::Period,
};

type S = &'static str;

/// One language.
#[allow(missing_docs, reason = "fields are named for the sentence they hold; the English one says it")]
pub struct StaffText {
    pub title: S,
    pub about: S,
    pub nobody: S,
    pub add: S,
    pub edit: S,
    pub name: S,
    pub need_name: S,
    pub taken: S,
    pub role: S,
    pub commission: S,
    pub rate: S,
    pub bad_rate: S,
    pub rate_help: S,
    pub pin: S,
    pub pin_same: S,
    pub gone: S,
    pub saved: S,
    pub owner_only: S,
    pub who: S,
    pub at_counter: S,
    pub owner_here: S,
    pub no_owner_pin: S,
    pub choose: S,
    pub take: S,
    pub leave: S,
    pub come: S,
    pub go: S,
    pub took: S,
    pub came: S,
    pub went: S,
    pub today: S,
    pub month: S,
    pub month_title: S,
    pub hours: S,
    pub returns: S,
    pub attendance: S,
    pub none_came: S,
    pub here: S,
    pub missing: S,
    pub took_back: S,
    pub add_hours: S,
    pub day: S,
    pub from: S,
    pub until: S,
    pub bad_hours: S,
    pub csv: S,
    pub text: S,
    /// In the order of core's `Role`.
    pub roles: [S; 4],
    /// None, of sales, of margin, a phone.
    pub kinds: [S; 4],
    /// `{0}` the rate: of sales, of margin, a phone.
    pub said: [S; 3],
}

/// English.
const EN: StaffText = StaffText {
    title: "Staff",
    about: "People at the counter need no account: each has a PIN of their own, good on every till of the shop.",
    nobody: "Nobody named yet.",
    add: "Add a person",
    edit: "Change",
    name: "Name",
    need_name: "Type the name",
    taken: "There is somebody of that name",
    role: "Role",
    commission: "Commission",
    rate: "How much",
    bad_rate: "A percentage up to 100, or rupees above zero",
    rate_help: "Counts for what is sold from now on",
    pin: "PIN of this person",
    pin_same: "Leave empty to keep the PIN",
    gone: "No longer with the shop",
    saved: "{0} is written down",
    owner_only: "Only the owner names people.",
    who: "Who sells?",
    at_counter: "At the counter: {0}",
    owner_here: "The owner is here",
    no_owner_pin: "First set the owner's PIN under Settings: it brings the owner back.",
    choose: "Choose your name",
    take: "Take the counter",
    leave: "Leave the counter",
    come: "I have come",
    go: "I am going",
    took: "{0} is at the counter",
    came: "{0} came",
    went: "{0} went",
    today: "Today",
    month: "This month",
    month_title: "Staff this month",
    hours: "Hours",
    returns: "Returns",
    attendance: "Came and went",
    none_came: "Nothing written this month.",
    here: "is here",
    missing: "Going not written: no hours counted",
    took_back: "Hours corrected",
    add_hours: "Add hours",
    day: "Day",
    from: "Came at",
    until: "Went at",
    bad_hours: "A day until today, and two times",
    csv: "CSV",
    text: "{0}: staff, {1}",
    roles: ["Owner", "Manager", "Cashier", "Accountant"],
    kinds: ["None", "Percent of sales", "Percent of margin", "Rupees a phone"],
    said: ["{0} of sales", "{0} of margin", "{0} a phone"],
};

/// Urdu.
const UR: StaffText = StaffText {
    title: "عملہ",
    about: "کاؤنٹر کے لوگوں کو اکاؤنٹ نہیں چاہیے: ہر ایک کا اپنا PIN، دکان کی ہر ڈیوائس پر چلتا ہے۔",
    nobody: "ابھی کوئی نام نہیں لکھا۔",
    add: "نیا بندہ لکھیں",
    edit: "بدلیں",
    name: "نام",
    need_name: "نام لکھیں",
    taken: "اس نام کا بندہ موجود ہے",
    role: "کام",
    commission: "کمیشن",
    rate: "کتنا",
    bad_rate: "100 تک فیصد، یا 0 سے زیادہ روپے",
    rate_help: "اب سے جو بکے اس پر",
    pin: "اس بندے کا PIN",
    pin_same: "PIN وہی رکھنا ہو تو خالی چھوڑیں",
    gone: "اب دکان پر نہیں",
    saved: "{0} لکھ لیا",
    owner_only: "لوگ صرف مالک لکھتا ہے۔",
    who: "کون بیچ رہا ہے؟",
    at_counter: "کاؤنٹر پر: {0}",
    owner_here: "مالک موجود ہے",
    no_owner_pin: "پہلے سیٹنگ میں مالک کا PIN لگائیں: اسی سے مالک واپس آتا ہے۔",
    choose: "اپنا نام چنیں",
    take: "کاؤنٹر سنبھالیں",
    leave: "کاؤنٹر چھوڑیں",
    come: "میں آ گیا",
    go: "میں جا رہا ہوں",
    took: "{0} کاؤنٹر پر ہے",
    came: "{0} آ گیا",
    went: "{0} چلا گیا",
    today: "آج",
    month: "اس مہینے",
    month_title: "اس مہینے کا عملہ",
    hours: "گھنٹے",
    returns: "واپسی",
    attendance: "آنا جانا",
    none_came: "اس مہینے کچھ نہیں لکھا۔",
    here: "موجود ہے",
    missing: "جانا نہیں لکھا: گھنٹے شمار نہیں",
    took_back: "گھنٹے درست کر دیے",
    add_hours: "گھنٹے لکھیں",
    day: "دن",
    from: "کب آیا",
    until: "کب گیا",
    bad_hours: "آج تک کا دن، اور دونوں وقت",
    csv: "CSV",
    text: "{0}: عملہ، {1}",
    roles: ["مالک", "مینیجر", "کیشیئر", "منشی"],
    kinds: ["کوئی نہیں", "فروخت کا فیصد", "بچت کا فیصد", "فی فون روپے"],
    said: ["فروخت کا {0}", "بچت کا {0}", "فی فون {0}"],
};

/// Roman Urdu.
const ROMAN: StaffText = StaffText {
    title: "Amla",
    about: "Counter ke logon ko account nahi chahiye: har ek ka apna PIN, dukan ki har device par chalta hai.",
    nobody: "Abhi koi naam nahi likha.",
    add: "Naya banda likhein",
    edit: "Badlein",
    name: "Naam",
    need_name: "Naam likhein",
    taken: "Is naam ka banda maujood hai",
    role: "Kaam",
    commission: "Commission",
    rate: "Kitna",
    bad_rate: "100 tak feesad, ya 0 se zyada rupay",
    rate_help: "Ab se jo bike us par",
    pin: "Is bande ka PIN",
    pin_same: "PIN wohi rakhna ho to khali chhorein",
    gone: "Ab dukan par nahi",
    saved: "{0} likh liya",
    owner_only: "Log sirf malik likhta hai.",
    who: "Kaun bech raha hai?",
    at_counter: "Counter par: {0}",
    owner_here: "Malik maujood hai",
    no_owner_pin: "Pehle settings mein malik ka PIN lagaein: isi se malik wapas aata hai.",
    choose: "Apna naam chunein",
    take: "Counter sambhalein",
    leave: "Counter chhorein",
    come: "Main aa gaya",
    go: "Main ja raha hun",
    took: "{0} counter par hai",
    came: "{0} aa gaya",
    went: "{0} chala gaya",
    today: "Aaj",
    month: "Is mahine",
    month_title: "Is mahine ka amla",
    hours: "Ghante",
    returns: "Wapsi",
    attendance: "Aana jana",
    none_came: "Is mahine kuch nahi likha.",
    here: "maujood hai",
    missing: "Jana nahi likha: ghante shumar nahi",
    took_back: "Ghante durust kar diye",
    add_hours: "Ghante likhein",
    day: "Din",
    from: "Kab aaya",
    until: "Kab gaya",
    bad_hours: "Aaj tak ka din, aur dono waqt",
    csv: "CSV",
    text: "{0}: amla, {1}",
    roles: ["Malik", "Manager", "Cashier", "Munshi"],
    kinds: ["Koi nahi", "Farokht ka feesad", "Bachat ka feesad", "Fi phone rupay"],
    said: ["farokht ka {0}", "bachat ka {0}", "fi phone {0}"],
};

/// A row of a month's list: who, and what they did.
pub type Named = (String, StaffDay);

impl Lang {
    /// The words of the shop's people.
    pub fn staff(self) -> &'static StaffText {
        match self.locale {
            Locale::English => &EN,
            Locale::Urdu => &UR,
            Locale::RomanUrdu => &ROMAN,
        }
    }

    /// What a role is called.
    pub fn role(self, role: Role) -> S {
        self.staff().roles[role as usize]
    }

    /// Minutes as hours.
    pub fn hours(self, minutes: i64) -> String {
        self.fill(self.t().day.hours, &[&self.number(minutes as f64 / 60.0, 1)])
    }

    /// A commission in words.
    pub fn commission(self, commission: Commission, currency: Currency) -> String {
        let percent = |hundredths: u32| {
            let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
            format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
        };
        let (place, rate) = match commission {
            Commission::OfSales(share) => (0, percent(share)),
            Commission::OfMargin(share) => (1, percent(share)),
            Commission::PerPhone(each) => (2, self.money(each, currency)),
        };
        self.fill(self.staff().said[place], &[&rate])
    }

    /// What there is to say of a person over some days, without what was sold.
    pub fn staff_about(
        self,
        it: &StaffDay,
        currency: Currency,
        sees_margin: bool,
        sees_commission: bool,
    ) -> Vec<String> {
        let [bills, _, discounts, margin] = self.t().day.staff_columns;
        let t = self.staff();
        let amount = |words: S, amount: Paisa| format!("{words} {}", self.money(amount, currency));
        let mut about = vec![format!("{bills} {}", self.whole(it.receipts as i64))];
        if it.discounts.0 != 0 {
            about.push(amount(discounts, it.discounts));
        }
        if it.returns.0 != 0 {
            about.push(amount(t.returns, it.returns));
        }
        if sees_margin {
            about.push(amount(margin, it.margin));
        }
        if sees_commission && it.commission.0 != 0 {
            about.push(amount(t.commission, it.commission));
        }
        if it.minutes > 0 {
            about.push(self.hours(it.minutes));
        }
        about
    }

    /// A month's list as a message to the owner.
    pub fn staff_text(self, shop: &str, month: Period, currency: Currency, rows: &[Named]) -> String {
        let mut lines = vec![self.fill(self.staff().text, &[shop, &self.days(month.from, month.to)])];
        let sold = self.t().day.staff_columns[1];
        lines.extend(rows.iter().map(|(name, it)| {
            let about = self.staff_about(it, currency, true, true).join(" · ");
            self.fill("{0}: {1} {2} · {3}", &[name, sold, &self.money(it.sales, currency), &about])
        }));
        lines.join("\n")
    }

    /// A month's list as a table, amounts in whole units and hundredths.
    pub fn staff_rows(self, rows: &[Named]) -> Vec<Vec<String>> {
        let [bills, sold, discounts, margin] = self.t().day.staff_columns;
        let t = self.staff();
        let heads = [t.name, bills, sold, t.returns, discounts, margin, t.commission, t.hours];
        let plain = |amount: Paisa| format!("{:.2}", amount.as_units());
        let row = |(name, it): &Named| {
            let mut row = vec![name.clone(), it.receipts.to_string()];
            row.extend([it.sales, it.returns, it.discounts, it.margin, it.commission].map(plain));
            row.push(format!("{:.2}", it.minutes as f64 / 60.0));
            row
        };
        std::iter::once(heads.map(str::to_owned).to_vec()).chain(rows.iter().map(row)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dukandar_core::{money::Grouping, time::Day};

    #[test]
    fn a_month_reads_as_the_owner_would_say_it() {
        let english = Lang { locale: Locale::English, grouping: Grouping::Thousands };
        let it = StaffDay {
            receipts: 3,
            sales: Paisa::rupees(4_350),
            returns: Paisa::rupees(1_450),
            commission: Paisa::rupees(87),
            margin: Paisa::rupees(1_350),
            minutes: 510,
            ..StaffDay::default()
        };
        let day = |text| Day::parse(text).unwrap_or_default();
        let month = Period { from: day("2026-11-01"), to: day("2026-11-28") };
        let rows = [("Bilal".to_owned(), it)];
        let text = english.staff_text("Hafeez Centre", month, Currency::PKR, &rows).replace('\u{a0}', " ");
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("Hafeez Centre: staff, 01-Nov-2026"), "{}", lines[0]);
        assert_eq!(
            lines[1],
            "Bilal: Sold Rs 4,350 · Bills 3 · Returns Rs 1,450 · Margin Rs 1,350 · Commission Rs 87 · 8.5 h"
        );
        let table = english.staff_rows(&rows);
        assert_eq!(table[1], ["Bilal", "3", "4350.00", "1450.00", "0.00", "1350.00", "87.00", "8.50"]);
    }

    #[test]
    fn a_rate_is_said_without_zeros_that_say_nothing() {
        let english = Lang { locale: Locale::English, grouping: Grouping::Thousands };
        let said = |rate| english.commission(rate, Currency::PKR).replace('\u{a0}', " ");
        assert_eq!(said(Commission::OfSales(200)), "2% of sales");
        assert_eq!(said(Commission::OfMargin(1_050)), "10.5% of margin");
        assert_eq!(said(Commission::OfSales(5)), "0.05% of sales");
        assert_eq!(said(Commission::PerPhone(Paisa::rupees(150))), "Rs 150 a phone");
    }
}
