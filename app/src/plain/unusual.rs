//! The words of what was not like the rest: what it is, why it stands out, how it is settled.

use super::{Lang, Locale};
use dukandar_core::record::{Detector, SettledAs};

type S = &'static str;

/// One language.
#[allow(missing_docs, reason = "fields are named for the sentence they hold; the English one says it")]
pub struct UnusualText {
    pub title: S,
    pub about: S,
    pub none: S,
    pub all: S,
    pub at_stake: S,
    pub note: S,
    pub note_hint: S,
    pub say: S,
    pub done: S,
    pub settled: S,
    pub slower: S,
    /// In the order of core's `Detector`.
    pub kinds: [S; 7],
    /// Where it can be looked at and put right, in the same order.
    pub ways: [S; 7],
    /// In the order of core's `SettledAs`.
    pub said: [S; 3],
    /// What it often was.
    pub often: [S; 5],
    /// `{0}` since, `{1}` before, `{2}` now.
    pub shifted: S,
    /// `{0}` day, `{1}` sold, `{2}` expected.
    pub pieces: S,
    /// `{0}` since, `{1}` before, `{2}` now.
    pub pace: S,
    /// `{0}` found, `{1}` expected.
    pub counted: S,
    pub price: S,
    pub discounts: S,
    pub drawer: S,
}

const EN: UnusualText = UnusualText {
    title: "Needs a look",
    about: "What was not like the rest in the last weeks. Look at it, then say what it was.",
    none: "Nothing out of the ordinary.",
    all: "Show all",
    at_stake: "at stake",
    note: "What was it?",
    note_hint: "A few words, so that you know later",
    say: "It was",
    done: "Written down",
    settled: "Settled",
    slower: "After wrong alarms it takes more to be shown here: {0}.",
    kinds: [
        "Sales of the shop",
        "Sales of a product",
        "Stock count",
        "Price",
        "Discounts",
        "Drawer count",
        "Stock below zero",
    ],
    ways: [
        "See the bills",
        "See the product",
        "Count it again",
        "See the bill",
        "See the day",
        "See the drawer",
        "Count the shelf",
    ],
    said: ["Explained", "Put right", "Wrong alarm"],
    often: ["Family wedding", "Supplier's gift", "Counted wrong", "Big customer", "Strike or load-shedding"],
    shifted: "Since {0} the shop sells {2} a day; before it was {1}",
    pieces: "{0}: {1} pieces sold, {2} expected",
    pace: "Since {0} it sells {2} a week; before it was {1}",
    counted: "{0} counted, {1} by the books",
    price: "Went at {0}; usually {1}",
    discounts: "Discounts were {0} of the bills; usually {1}",
    drawer: "{0} in the drawer; {1} expected",
};

const UR: UnusualText = UnusualText {
    title: "ذرا دیکھ لیں",
    about: "پچھلے ہفتوں میں جو باتیں معمول سے ہٹ کر تھیں۔ دیکھ لیں، پھر بتائیں کیا تھا۔",
    none: "سب معمول کے مطابق ہے۔",
    all: "سب دیکھیں",
    at_stake: "کا معاملہ",
    note: "کیا بات تھی؟",
    note_hint: "دو لفظ لکھ دیں، بعد میں یاد رہے",
    say: "یہ تھا",
    done: "لکھ لیا",
    settled: "نمٹ گئے",
    slower: "غلط اطلاع کے بعد یہ اب کم دکھائے جاتے ہیں: {0}۔",
    kinds: [
        "دکان کی بکری",
        "ایک چیز کی بکری",
        "مال کی گنتی",
        "قیمت",
        "رعایت",
        "گلّے کی گنتی",
        "مال صفر سے نیچے",
    ],
    ways: [
        "بل دیکھیں",
        "چیز دیکھیں",
        "دوبارہ گنیں",
        "بل دیکھیں",
        "دن کا حساب دیکھیں",
        "گلّا دیکھیں",
        "مال گنیں",
    ],
    said: ["وجہ معلوم ہے", "ٹھیک کر دیا", "غلط اطلاع"],
    often: ["گھر کی شادی", "سپلائر کا تحفہ", "گنتی غلط تھی", "بڑا گاہک", "ہڑتال یا لوڈشیڈنگ"],
    shifted: "{0} سے دکان روز {2} بیچ رہی ہے؛ پہلے {1} تھا",
    pieces: "{0}: {1} عدد بکے، امید {2} کی تھی",
    pace: "{0} سے ہفتے میں {2} بکتے ہیں؛ پہلے {1} تھے",
    counted: "گنتی میں {0} نکلے، کھاتے میں {1} تھے",
    price: "{0} میں گیا؛ عام طور پر {1} میں جاتا ہے",
    discounts: "بلوں پر {0} رعایت دی گئی؛ عام طور پر {1}",
    drawer: "گلّے میں {0} نکلے؛ ہونے چاہئیں تھے {1}",
};

const ROMAN: UnusualText = UnusualText {
    title: "Zara dekh lein",
    about: "Pichhle hafton mein jo baatein mamool se hat kar thin. Dekh lein, phir batain kya tha.",
    none: "Sab mamool ke mutabiq hai.",
    all: "Sab dekhein",
    at_stake: "ka maamla",
    note: "Kya baat thi?",
    note_hint: "Do lafz likh dein, baad mein yaad rahe",
    say: "Yeh tha",
    done: "Likh liya",
    settled: "Nimat gae",
    slower: "Ghalat ittila ke baad yeh ab kam dikhae jate hain: {0}.",
    kinds: [
        "Dukan ki bikri",
        "Ek cheez ki bikri",
        "Maal ki ginti",
        "Qeemat",
        "Riayat",
        "Galle ki ginti",
        "Maal sifar se neeche",
    ],
    ways: [
        "Bill dekhein",
        "Cheez dekhein",
        "Dobara ginein",
        "Bill dekhein",
        "Din ka hisab dekhein",
        "Galla dekhein",
        "Maal ginein",
    ],
    said: ["Wajah maloom hai", "Theek kar diya", "Ghalat ittila"],
    often: [
        "Ghar ki shaadi",
        "Supplier ka tohfa",
        "Ginti ghalat thi",
        "Bara gahak",
        "Hartal ya load-shedding",
    ],
    shifted: "{0} se dukan roz {2} bech rahi hai; pehle {1} tha",
    pieces: "{0}: {1} adad bike, umeed {2} ki thi",
    pace: "{0} se hafte mein {2} bikte hain; pehle {1} the",
    counted: "Ginti mein {0} nikle, khate mein {1} the",
    price: "{0} mein gaya; aam taur par {1} mein jata hai",
    discounts: "Billon par {0} riayat di gai; aam taur par {1}",
    drawer: "Galle mein {0} nikle; hone chahiye the {1}",
};

impl Lang {
    /// The words of what was not like the rest.
    pub fn unusual(self) -> &'static UnusualText {
        match self.locale {
            Locale::English => &EN,
            Locale::Urdu => &UR,
            Locale::RomanUrdu => &ROMAN,
        }
    }

    /// What a detector looks at.
    pub fn detector(self, detector: Detector) -> S {
        self.unusual().kinds[detector as usize]
    }

    /// How something was settled.
    pub fn settled_as(self, said: SettledAs) -> S {
        self.unusual().said[said as usize]
    }
}
