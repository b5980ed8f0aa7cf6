//! The words of the plan: what a suggestion was reckoned from, the shop's limits on orders, ways to clear dead stock.

use super::{Lang, Locale};
use dukandar_core::{money::Currency, reason::Reason};

type S = &'static str;

/// One language.
#[allow(missing_docs, reason = "fields are named for the sentence they hold; the English one says it")]
pub struct PlanText {
    pub storage_cut: S,
    pub raised: S,
    pub left_out: S,
    pub out_of_reach: S,
    pub budget_short: S,
    pub storage_short: S,
    pub event_today: S,
    pub event: S,
    pub lasts: S,
    pub at_loss: S,
    pub successor: S,
    pub takes_over: S,
    pub you_take_more: S,
    pub you_take_less: S,
    pub clear_at: S,
    pub sell_with: S,
    pub limits: S,
    pub limits_about: S,
    pub room: S,
    pub room_hint: S,
    pub minimums: S,
    pub minimum_hint: S,
    pub no_suppliers: S,
    pub gave_way: S,
    pub freed: S,
}

const EN: PlanText = PlanText {
    storage_cut: "cut for want of room; {0} were suggested",
    raised: "raised from {0}, as this supplier sends no less than {1}",
    left_out: "{0} sends no less than {1}: that much is not worth ordering now",
    out_of_reach: "{0} sends no less than {1}: money or room do not reach that far, so nothing is ordered there",
    budget_short: "The money gave way: {0} were wanted, {1} are there. What loses least is left out.",
    storage_short: "The room gave way: {0} pieces were wanted, there is room for {1}.",
    event_today: "{0} now",
    event: "{0} in {1} days",
    lasts: "this order lasts about {0} days",
    at_loss: "it sells below its cost: check the price",
    successor: "a new model is likely soon ({0}): only a week’s worth is ordered",
    takes_over: "{0} is out: about {1} of its customers will take this",
    you_take_more: "you usually take more: {0} of what was reckoned",
    you_take_less: "you usually take less: {0} of what was reckoned",
    clear_at: "sell it off at {0}: keeping it as long again costs {1} of the price",
    sell_with: "offer it with {0}",
    limits: "Limits",
    limits_about: "What a plan must keep to. Kept on this device; leave a field empty for no limit.",
    room: "Room for how many pieces",
    room_hint: "All that shelves and store hold, with what is on its way.",
    minimums: "Least orders",
    minimum_hint: "What this supplier sends no less than.",
    no_suppliers: "Suppliers appear here once their goods are in the plan.",
    gave_way: "What gave way",
    freed: "brings {0}",
};

const UR: PlanText = PlanText {
    storage_cut: "جگہ کم ہے اس لیے گھٹایا؛ مشورہ {0} کا تھا",
    raised: "{0} سے بڑھایا، یہ سپلائر {1} سے کم نہیں بھیجتا",
    left_out: "{0} {1} سے کم نہیں بھیجتا: ابھی اتنا منگوانا فائدے کا نہیں",
    out_of_reach: "{0} {1} سے کم نہیں بھیجتا: پیسے یا جگہ اتنی نہیں، اس لیے وہاں سے کچھ نہیں",
    budget_short: "پیسے کم پڑے: {0} چاہیے تھے، {1} ہیں۔ جس سے کم نقصان ہو وہ چھوڑا گیا۔",
    storage_short: "جگہ کم پڑی: {0} عدد چاہیے تھے، جگہ {1} کی ہے۔",
    event_today: "ابھی {0} ہے",
    event: "{0} میں {1} دن باقی",
    lasts: "یہ آرڈر تقریباً {0} دن چلے گا",
    at_loss: "خرید سے کم پر بک رہا ہے: قیمت دیکھیں",
    successor: "نیا ماڈل جلد آ سکتا ہے ({0}): صرف ہفتے کا مال منگوایا",
    takes_over: "{0} ختم ہے: اس کے تقریباً {1} گاہک یہ لیں گے",
    you_take_more: "آپ عموماً زیادہ لیتے ہیں: حساب کا {0}",
    you_take_less: "آپ عموماً کم لیتے ہیں: حساب کا {0}",
    clear_at: "{0} میں نکال دیں: اتنے ہی دن اور رکھنے پر قیمت کا {1} لگے گا",
    sell_with: "{0} کے ساتھ دیں",
    limits: "حدیں",
    limits_about: "پلان ان سے باہر نہیں جائے گا۔ اسی آلے پر رہتی ہیں؛ خالی چھوڑیں تو حد نہیں۔",
    room: "کتنے عدد کی جگہ ہے",
    room_hint: "الماری اور گودام ملا کر، راستے کا مال بھی۔",
    minimums: "کم سے کم آرڈر",
    minimum_hint: "یہ سپلائر اس سے کم نہیں بھیجتا۔",
    no_suppliers: "جب پلان میں ان کا مال ہو گا تو سپلائر یہاں آئیں گے۔",
    gave_way: "کیا چھوڑنا پڑا",
    freed: "{0} ملیں گے",
};

const ROMAN: PlanText = PlanText {
    storage_cut: "jagah kam hai is liye ghataya; mashwara {0} ka tha",
    raised: "{0} se barhaya, yeh supplier {1} se kam nahi bhejta",
    left_out: "{0} {1} se kam nahi bhejta: abhi itna mangwana faide ka nahi",
    out_of_reach: "{0} {1} se kam nahi bhejta: paise ya jagah itni nahi, is liye wahan se kuch nahi",
    budget_short: "Paise kam pare: {0} chahiye the, {1} hain. Jis se kam nuqsan ho woh chhora gaya.",
    storage_short: "Jagah kam pari: {0} adad chahiye the, jagah {1} ki hai.",
    event_today: "abhi {0} hai",
    event: "{0} mein {1} din baqi",
    lasts: "yeh order taqreeban {0} din chalega",
    at_loss: "khareed se kam par bik raha hai: qeemat dekhein",
    successor: "naya model jald aa sakta hai ({0}): sirf hafte ka maal mangwaya",
    takes_over: "{0} khatam hai: us ke taqreeban {1} gahak yeh lenge",
    you_take_more: "aap aam taur par zyada lete hain: hisab ka {0}",
    you_take_less: "aap aam taur par kam lete hain: hisab ka {0}",
    clear_at: "{0} mein nikaal dein: itne hi din aur rakhne par qeemat ka {1} lagega",
    sell_with: "{0} ke saath dein",
    limits: "Hadein",
    limits_about: "Plan in se bahar nahi jayega. Isi device par rehti hain; khali chhorein to had nahi.",
    room: "Kitne adad ki jagah hai",
    room_hint: "Almari aur godam mila kar, raste ka maal bhi.",
    minimums: "Kam se kam order",
    minimum_hint: "Yeh supplier is se kam nahi bhejta.",
    no_suppliers: "Jab plan mein un ka maal hoga to supplier yahan aayenge.",
    gave_way: "Kya chhorna para",
    freed: "{0} milenge",
};

impl Lang {
    /// The words of the plan.
    pub fn plan(self) -> &'static PlanText {
        match self.locale {
            Locale::English => &EN,
            Locale::Urdu => &UR,
            Locale::RomanUrdu => &ROMAN,
        }
    }

    /// A fact that a plan rests on; none of the others.
    pub fn plan_reason(self, reason: &Reason, currency: Currency) -> Option<String> {
        let t = self.plan();
        let (count, money) = (|units: &f64| self.number(units.round(), 0), |it| self.money(it, currency));
        Some(match reason {
            Reason::StorageCut { units } => self.fill(t.storage_cut, &[&count(units)]),
            Reason::RaisedToMinimum { units, minimum } => {
                self.fill(t.raised, &[&count(units), &money(*minimum)])
            }
            Reason::BelowMinimum { supplier, minimum, out_of_reach } => self
                .fill(if *out_of_reach { t.out_of_reach } else { t.left_out }, &[supplier, &money(*minimum)]),
            Reason::BudgetShort { wanted, budget } => {
                self.fill(t.budget_short, &[&money(*wanted), &money(*budget)])
            }
            Reason::StorageShort { wanted, room } => {
                self.fill(t.storage_short, &[&count(wanted), &count(&room.floor())])
            }
            Reason::EventAhead { name, days: 0 } => self.fill(t.event_today, &[name]),
            Reason::EventAhead { name, days } => self.fill(t.event, &[name, &self.whole(i64::from(*days))]),
            Reason::LastsDays { days } => self.fill(t.lasts, &[&count(days)]),
            Reason::SellsAtLoss => t.at_loss.to_owned(),
            Reason::SuccessorNear { chance } => self.fill(t.successor, &[&self.percent(*chance)]),
            Reason::TakesOver { name, units } => self.fill(t.takes_over, &[name, &self.number(*units, 1)]),
            Reason::AsYouDecide { share } => {
                let form = if *share > 1.0 { t.you_take_more } else { t.you_take_less };
                self.fill(form, &[&self.percent(*share)])
            }
            Reason::ClearAt { price, share } => {
                self.fill(t.clear_at, &[&money(*price), &self.percent(*share)])
            }
            Reason::SellWith { name } => self.fill(t.sell_with, &[name]),
            _ => return None,
        })
    }
}
