//! The words of classes (A B C, X Y Z) and of goods that go from one shop to another, with the reasons for both.

use super::{Lang, Locale, Plural, plural::plural};
use dukandar_core::{
    inventory::abc::{Class, Xyz},
    money::Currency,
    reason::Reason,
};

type S = &'static str;

/// One language.
#[cfg_attr(test, derive(Debug))]
#[allow(missing_docs, reason = "fields are named for the sentence they hold; the English one says it")]
pub struct AbcText {
    pub title: S,
    pub open: S,
    pub grid: S,
    pub grid_help: S,
    pub none: S,
    pub none_help: S,
    pub nothing_here: S,
    pub all: S,
    pub in_year: S,
    pub on_shelf: S,
    pub instead: S,
    pub class: S,
    /// Steady, swings, cannot be told, not known yet.
    pub columns: [S; 4],
    /// What to do about A, B and C.
    pub classes: [S; 3],
    /// And about the four columns.
    pub swings: [S; 4],
    /// `{0}` days, `{1}` times of a hundred.
    pub rule: S,
    /// `{0}` products, `{1}` sold in a year, `{2}` on the shelf, `{3}` and `{4}` the names of row and column.
    pub cell: S,
    pub brings: S,
    pub brings_most: S,
    pub never_sold: S,
    pub nothing_earned: S,
    pub moved_up: S,
    pub moved_down: S,
    pub stand_ins: Plural,
    pub no_stand_in: S,
    pub pulls: S,
    pub asked: Plural,
    pub weeks: S,
    pub supplier: S,
    pub no_cost: S,
    pub below: S,
    pub keeps: S,
    pub keeps_idle: S,
    pub transfers: S,
    pub transfers_help: S,
    pub from_to: S,
    pub saves: S,
    pub not_bought: S,
    pub imeis: S,
    pub send: S,
    pub sent: S,
    pub sent_back: S,
    pub unplanned: Plural,
}

/// English.
const EN: AbcText = AbcText {
    title: "A B C of the stock",
    open: "A B C",
    grid: "Where the money is",
    grid_help: "A brings the most, C the least. A thing that must not be missing stands one class higher, one that others can replace one lower. Tap a box for its list.",
    none: "Nothing to class yet",
    none_help: "After the first sales each product finds its class.",
    nothing_here: "Nothing stands in this box.",
    all: "All products",
    in_year: "sold in a year",
    on_shelf: "on the shelf",
    instead: "Others like it",
    class: "Class {0}",
    columns: ["Steady", "Up and down", "Cannot tell", "Too new"],
    classes: [
        "Count it often and never let it run out.",
        "Look at it with the weekly order.",
        "Keep little; order when there is time.",
    ],
    swings: [
        "Sells evenly: order little and often.",
        "Goes up and down: keep some extra.",
        "Sells by chance: keep a piece or two, bring more when asked.",
        "Eight weeks of sales tell more.",
    ],
    rule: "Look every {0} days; there {1} times of 100",
    cell: "{3}, {4}: {0} products, {1} sold in a year, {2} on the shelf",
    brings: "brings {0} of the money, those above it {1}",
    brings_most: "brings the most, {0} of the money",
    never_sold: "never sold",
    nothing_earned: "brought in nothing for a year",
    moved_up: "one class up: it hurts when it is missing",
    moved_down: "one class down: little is lost when it is missing",
    stand_ins: plural("{0} other can stand in for it", "{0} others can stand in for it"),
    no_stand_in: "nothing else can stand in for it",
    pulls: "with each piece go other goods for {0}",
    asked: plural("asked for in vain once in 90 days", "asked for in vain {0} times in 90 days"),
    weeks: "weeks differ by {0}",
    supplier: "supplier takes {0} days, give or take {1}",
    no_cost: "cost not known",
    below: "the books say {0}: count it",
    keeps: "the other shop keeps {0} and sells {1} a week",
    keeps_idle: "the other shop keeps {0} and does not sell it",
    transfers: "First from the other shop",
    transfers_help: "One shop has more than it will sell, the other runs out.",
    from_to: "{0} from {1} to {2}",
    saves: "saves",
    not_bought: "{0} less to buy",
    imeis: "IMEI: {0}",
    send: "Send",
    sent: "{0} {1} are in {2} now",
    sent_back: "Back where it was",
    unplanned: plural("{0} more product not looked at yet", "{0} more products not looked at yet"),
};

/// Urdu.
const UR: AbcText = AbcText {
    title: "مال کے درجے A B C",
    open: "A B C",
    grid: "پیسہ کہاں ہے",
    grid_help: "A سب سے زیادہ کماتا ہے، C سب سے کم۔ جس کے نہ ہونے سے نقصان ہو وہ ایک درجہ اوپر ہے، جس کی جگہ دوسری چیز چل جائے وہ ایک درجہ نیچے۔ خانہ دبائیں تو اس کی لسٹ کھلے گی۔",
    none: "ابھی درجے نہیں بنے",
    none_help: "پہلی بکری کے بعد ہر چیز کا درجہ بن جائے گا۔",
    nothing_here: "اس خانے میں کچھ نہیں۔",
    all: "سارا مال",
    in_year: "سال میں بکا",
    on_shelf: "دکان میں پڑا",
    instead: "اس جیسی اور چیزیں",
    class: "درجہ {0}",
    columns: ["برابر", "اوپر نیچے", "پتا نہیں چلتا", "نیا مال"],
    classes: [
        "بار بار گنیں، کبھی ختم نہ ہونے دیں۔",
        "ہفتے کے آرڈر کے ساتھ دیکھیں۔",
        "تھوڑا رکھیں، فرصت میں منگوائیں۔",
    ],
    swings: [
        "برابر بکتا ہے: تھوڑا تھوڑا، جلدی جلدی منگوائیں۔",
        "کبھی زیادہ کبھی کم: کچھ فالتو رکھیں۔",
        "قسمت سے بکتا ہے: ایک دو رکھیں، مانگ آئے تو منگوائیں۔",
        "آٹھ ہفتے کی بکری کے بعد پتا چلے گا۔",
    ],
    rule: "ہر {0} دن بعد دیکھیں؛ 100 میں سے {1} بار موجود ہو",
    cell: "{3}، {4}: {0} چیزیں، سال میں {1} کا بکا، دکان میں {2} کا پڑا",
    brings: "{0} پیسہ لاتا ہے، اس سے اوپر والے {1}",
    brings_most: "سب سے زیادہ لاتا ہے، {0} پیسہ",
    never_sold: "کبھی نہیں بکا",
    nothing_earned: "سال بھر سے کچھ نہیں کمایا",
    moved_up: "ایک درجہ اوپر: نہ ہو تو نقصان زیادہ",
    moved_down: "ایک درجہ نیچے: نہ ہو تو نقصان کم",
    stand_ins: plural("اس کی جگہ {0} اور چیز چل سکتی ہے", "اس کی جگہ {0} اور چیزیں چل سکتی ہیں"),
    no_stand_in: "اس کی جگہ کوئی اور چیز نہیں چلتی",
    pulls: "ہر ایک کے ساتھ {0} کا اور مال جاتا ہے",
    asked: plural("90 دن میں ایک بار مانگا، نہیں ملا", "90 دن میں {0} بار مانگا، نہیں ملا"),
    weeks: "ہفتے ہفتے میں {0} کا فرق",
    supplier: "سپلائر {0} دن لیتا ہے، {1} دن آگے پیچھے",
    no_cost: "خرید معلوم نہیں",
    below: "کھاتے میں {0} لکھا ہے: گن لیں",
    keeps: "دوسری دکان کے پاس {0} بچیں گے، وہاں ہفتے میں {1} بکتے ہیں",
    keeps_idle: "دوسری دکان کے پاس {0} بچیں گے، وہاں بکتا نہیں",
    transfers: "پہلے دوسری دکان سے",
    transfers_help: "ایک دکان میں ضرورت سے زیادہ ہے، دوسری میں ختم ہو رہا ہے۔",
    from_to: "{0} عدد، {1} سے {2} کو",
    saves: "بچت",
    not_bought: "{0} کی خریداری بچی",
    imeis: "IMEI: {0}",
    send: "بھیج دیں",
    sent: "{1} کے {0} عدد اب {2} میں ہیں",
    sent_back: "واپس وہیں رکھ دیا",
    unplanned: plural("{0} اور چیز ابھی نہیں دیکھی", "{0} اور چیزیں ابھی نہیں دیکھیں"),
};

/// Roman Urdu.
const ROMAN: AbcText = AbcText {
    title: "Maal ke darje A B C",
    open: "A B C",
    grid: "Paisa kahan hai",
    grid_help: "A sab se zyada kamata hai, C sab se kam. Jis ke na hone se nuqsan ho woh ek darja upar hai, jis ki jagah doosri cheez chal jae woh ek darja neeche. Khana dabaein to us ki list khulegi.",
    none: "Abhi darje nahi bane",
    none_help: "Pehli bikri ke baad har cheez ka darja ban jaega.",
    nothing_here: "Is khane mein kuch nahi.",
    all: "Sara maal",
    in_year: "saal mein bika",
    on_shelf: "dukan mein para",
    instead: "Is jaisi aur cheezein",
    class: "Darja {0}",
    columns: ["Barabar", "Upar neeche", "Pata nahi chalta", "Naya maal"],
    classes: [
        "Bar bar ginein, kabhi khatam na hone dein.",
        "Hafte ke order ke saath dekhein.",
        "Thora rakhein, fursat mein mangwaein.",
    ],
    swings: [
        "Barabar bikta hai: thora thora, jaldi jaldi mangwaein.",
        "Kabhi zyada kabhi kam: kuch faltu rakhein.",
        "Qismat se bikta hai: ek do rakhein, maang aae to mangwaein.",
        "Aath hafte ki bikri ke baad pata chalega.",
    ],
    rule: "Har {0} din baad dekhein; 100 mein se {1} baar maujood ho",
    cell: "{3}, {4}: {0} cheezein, saal mein {1} ka bika, dukan mein {2} ka para",
    brings: "{0} paisa lata hai, is se upar wale {1}",
    brings_most: "sab se zyada lata hai, {0} paisa",
    never_sold: "kabhi nahi bika",
    nothing_earned: "saal bhar se kuch nahi kamaya",
    moved_up: "ek darja upar: na ho to nuqsan zyada",
    moved_down: "ek darja neeche: na ho to nuqsan kam",
    stand_ins: plural(
        "is ki jagah {0} aur cheez chal sakti hai",
        "is ki jagah {0} aur cheezein chal sakti hain",
    ),
    no_stand_in: "is ki jagah koi aur cheez nahi chalti",
    pulls: "har ek ke saath {0} ka aur maal jata hai",
    asked: plural("90 din mein ek baar manga, nahi mila", "90 din mein {0} baar manga, nahi mila"),
    weeks: "hafte hafte mein {0} ka farq",
    supplier: "supplier {0} din leta hai, {1} din aage peeche",
    no_cost: "khareed maloom nahi",
    below: "khate mein {0} likha hai: gin lein",
    keeps: "doosri dukan ke paas {0} bachenge, wahan hafte mein {1} bikte hain",
    keeps_idle: "doosri dukan ke paas {0} bachenge, wahan bikta nahi",
    transfers: "Pehle doosri dukan se",
    transfers_help: "Ek dukan mein zaroorat se zyada hai, doosri mein khatam ho raha hai.",
    from_to: "{0} adad, {1} se {2} ko",
    saves: "bachat",
    not_bought: "{0} ki khareedari bachi",
    imeis: "IMEI: {0}",
    send: "Bhej dein",
    sent: "{1} ke {0} adad ab {2} mein hain",
    sent_back: "Wapas wahin rakh diya",
    unplanned: plural("{0} aur cheez abhi nahi dekhi", "{0} aur cheezein abhi nahi dekhin"),
};

impl Lang {
    /// The words of classes and of transfers.
    pub fn abc(self) -> &'static AbcText {
        match self.locale {
            Locale::English => &EN,
            Locale::Urdu => &UR,
            Locale::RomanUrdu => &ROMAN,
        }
    }

    /// How often to look at a class, and how sure it should be there.
    pub fn class_rule(self, class: Class) -> String {
        let sure = self.whole((100.0 * class.service_level()).round() as i64);
        self.fill(self.abc().rule, &[&self.whole(class.review_days().into()), &sure])
    }

    /// What to do about a class, and about how its demand swings.
    pub fn class_advice(self, class: Class, xyz: Option<Xyz>) -> String {
        let t = self.abc();
        format!("{} {}", t.classes[class as usize], t.swings[xyz.map_or(3, |it| it as usize)])
    }

    /// One of the reasons that classes and transfers are told by; none of any other.
    pub fn class_reason(self, reason: &Reason, currency: Currency) -> Option<String> {
        let t = self.abc();
        // Small shares are many: a whole percent would call them all nothing.
        let share = |share: f64| format!("{}%", self.number(100.0 * share, if share < 0.1 { 1 } else { 0 }));
        Some(match reason {
            Reason::BringsShare { share: own, above } if *above <= 0.0 => {
                self.fill(t.brings_most, &[&share(*own)])
            }
            Reason::BringsShare { share: own, above } => self.fill(t.brings, &[&share(*own), &share(*above)]),
            Reason::NothingEarned { sold: false } => t.never_sold.to_owned(),
            Reason::NothingEarned { sold: true } => t.nothing_earned.to_owned(),
            Reason::ClassMoved { up: true } => t.moved_up.to_owned(),
            Reason::ClassMoved { up: false } => t.moved_down.to_owned(),
            Reason::StandIns { products, .. } => self.plural(t.stand_ins, u64::from(*products)),
            Reason::NoStandIn => t.no_stand_in.to_owned(),
            Reason::PullsGoods { amount } => self.fill(t.pulls, &[&self.rough(*amount, currency)]),
            Reason::AskedInVain { times } => self.plural(t.asked, u64::from(*times)),
            Reason::WeeksSwing { share } => self.fill(t.weeks, &[&self.percent(*share)]),
            Reason::SupplierSwings { days, sd_days } => {
                self.fill(t.supplier, &[&self.number(*days, 0), &self.number(sd_days.max(1.0), 0)])
            }
            Reason::CostUnknown => t.no_cost.to_owned(),
            Reason::BelowZero { units } => self.fill(t.below, &[&self.number(*units, 1)]),
            Reason::LenderKeeps { units, per_week } if *per_week > 0.0 => {
                self.fill(t.keeps, &[&self.number(*units, 0), &self.number(*per_week, 1)])
            }
            Reason::LenderKeeps { units, .. } => self.fill(t.keeps_idle, &[&self.number(*units, 0)]),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dukandar_core::money::{Grouping, Paisa};

    const ENGLISH: Lang = Lang { locale: Locale::English, grouping: Grouping::Thousands };

    /// The placeholders of each sentence, in the order of the struct's fields.
    fn placeholders(text: &AbcText) -> Vec<Vec<char>> {
        let all = format!("{text:?}");
        let quoted = all.split('"').skip(1).step_by(2);
        let of = |sentence: &str| {
            let mut found: Vec<char> =
                sentence.split('{').skip(1).filter_map(|rest| rest.chars().next()).collect();
            found.sort_unstable();
            found
        };
        quoted.map(of).collect()
    }

    #[test]
    fn every_language_fills_the_same_arguments_into_a_sentence() {
        let english = placeholders(&EN);
        assert!(english.len() > 50, "{}", english.len());
        assert_eq!(placeholders(&UR), english);
        assert_eq!(placeholders(&ROMAN), english);
    }

    #[test]
    fn reasons_read_as_the_owner_would_say_them() {
        let said = |reason: Reason| {
            let text = ENGLISH.class_reason(&reason, Currency::PKR).unwrap_or_default();
            text.replace('\u{a0}', " ")
        };
        assert_eq!(
            said(Reason::BringsShare { share: 0.0123, above: 0.5 }),
            "brings 1.2% of the money, those above it 50%"
        );
        assert_eq!(said(Reason::StandIns { products: 1, share: 0.4 }), "1 other can stand in for it");
        assert_eq!(
            said(Reason::PullsGoods { amount: Paisa::rupees(350) }),
            "with each piece go other goods for Rs 350"
        );
        assert_eq!(said(Reason::BelowZero { units: -2.0 }), "the books say -2: count it");
        assert_eq!(
            said(Reason::LenderKeeps { units: 10.0, per_week: 7.0 }),
            "the other shop keeps 10 and sells 7 a week"
        );
        assert_eq!(ENGLISH.class_reason(&Reason::OutOfStock, Currency::PKR), None);
        assert_eq!(ENGLISH.class_rule(Class::A), "Look every 3 days; there 98 times of 100");
    }
}
