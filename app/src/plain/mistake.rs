//! The words for what goes wrong at the till by a slip of the hand, or by the device's clock.

type S = &'static str;

/// One language.
#[allow(missing_docs, reason = "fields are named for the sentence they hold; the English one says it")]
#[cfg_attr(test, derive(Debug))]
pub struct MistakeText {
    /// `{0}` goods.
    pub free: S,
    /// `{0}` the clock's date, `{1}` the latest date seen.
    pub clock_back: S,
    pub clock_kept: S,
    pub clock_right: S,
}

/// English.
pub const EN: MistakeText = MistakeText {
    free: "{0} is given for nothing",
    clock_back: "This device's clock says {0}, but it has been {1} here already. One of the two is wrong: look at the device's date.",
    clock_kept: "Sales are kept, in their order and with their numbers, but they carry the clock's date.",
    clock_right: "The clock is right",
};

/// Urdu.
pub const UR: MistakeText = MistakeText {
    free: "{0} مفت دیا جا رہا ہے",
    clock_back: "اس موبائل یا کمپیوٹر کی گھڑی {0} بتاتی ہے، مگر یہاں {1} آ چکی ہے۔ دونوں میں سے ایک غلط ہے: تاریخ دیکھیں۔",
    clock_kept: "سودے محفوظ ہیں، اپنی ترتیب اور نمبر کے ساتھ، مگر ان پر گھڑی کی تاریخ لگے گی۔",
    clock_right: "گھڑی ٹھیک ہے",
};

/// Roman Urdu.
pub const ROMAN: MistakeText = MistakeText {
    free: "{0} muft diya ja raha hai",
    clock_back: "Is mobile ya computer ki ghari {0} batati hai, magar yahan {1} aa chuki hai. Dono mein se ek ghalat hai: tareekh dekhein.",
    clock_kept: "Saude mehfooz hain, apni tarteeb aur number ke saath, magar un par ghari ki tareekh lagegi.",
    clock_right: "Ghari theek hai",
};
