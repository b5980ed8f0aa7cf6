//! The words of the camera that scans.

use super::plural::{Plural, plural};

type S = &'static str;

/// One language.
#[allow(missing_docs, reason = "fields are named for the sentence they hold; the English one says it")]
#[cfg_attr(test, derive(Debug))]
pub struct CameraText {
    pub scan: S,
    pub opening: S,
    pub hint: S,
    /// `{0}` the code.
    pub read: S,
    pub count: Plural,
    pub light: S,
    pub which: S,
    /// `{0}` its place among the cameras.
    pub nameless: S,
    pub insecure: S,
    pub refused: S,
    pub missing: S,
    pub busy: S,
    pub stopped: S,
    pub no_reader: S,
    pub go_on: S,
}

/// English.
pub const EN: CameraText = CameraText {
    scan: "Scan with the camera",
    opening: "The camera is being opened…",
    hint: "Hold the code under the line. It keeps reading until you close it.",
    read: "Read: {0}",
    count: plural("{0} read", "{0} read"),
    light: "Light",
    which: "Which camera",
    nameless: "Camera {0}",
    insecure: "The browser gives the camera only to a safe address (https). Open the shop by its https address.",
    refused: "The camera was not allowed. Allow it in the browser's settings for this page, then try again.",
    missing: "No camera was found on this device.",
    busy: "Another app is using the camera. Close it, then try again.",
    stopped: "The camera stopped.",
    no_reader: "The part that reads codes could not be loaded. Connect once to the internet, then try again.",
    go_on: "Nothing is lost: the number can be typed or scanned as before.",
};

/// Urdu.
pub const UR: CameraText = CameraText {
    scan: "کیمرے سے سکین کریں",
    opening: "کیمرہ کھل رہا ہے…",
    hint: "کوڈ کو لکیر کے نیچے رکھیں۔ بند کرنے تک پڑھتا رہے گا۔",
    read: "پڑھا: {0}",
    count: plural("{0} پڑھا", "{0} پڑھے"),
    light: "لائٹ",
    which: "کون سا کیمرہ",
    nameless: "کیمرہ {0}",
    insecure: "براؤزر کیمرہ صرف محفوظ پتے (https) پر دیتا ہے۔ دکان کو https والے پتے سے کھولیں۔",
    refused: "کیمرے کی اجازت نہیں ملی۔ براؤزر کی سیٹنگ میں اس صفحے کو اجازت دیں، پھر دوبارہ کوشش کریں۔",
    missing: "اس موبائل یا کمپیوٹر پر کوئی کیمرہ نہیں ملا۔",
    busy: "کیمرہ کسی اور ایپ میں کھلا ہے۔ اسے بند کریں، پھر دوبارہ کوشش کریں۔",
    stopped: "کیمرہ بند ہو گیا۔",
    no_reader: "کوڈ پڑھنے والا حصہ نہیں آ سکا۔ ایک بار انٹرنیٹ سے جڑیں، پھر دوبارہ کوشش کریں۔",
    go_on: "کچھ ضائع نہیں ہوا: نمبر پہلے کی طرح لکھا یا سکینر سے پڑھا جا سکتا ہے۔",
};

/// Roman Urdu.
pub const ROMAN: CameraText = CameraText {
    scan: "Camere se scan karein",
    opening: "Camera khul raha hai…",
    hint: "Code ko lakeer ke neeche rakhein. Band karne tak parhta rahega.",
    read: "Parha: {0}",
    count: plural("{0} parha", "{0} parhe"),
    light: "Light",
    which: "Kaun sa camera",
    nameless: "Camera {0}",
    insecure: "Browser camera sirf mehfooz pate (https) par deta hai. Dukan ko https wale pate se kholein.",
    refused: "Camere ki ijazat nahi mili. Browser ki setting mein is safhe ko ijazat dein, phir dobara koshish karein.",
    missing: "Is mobile ya computer par koi camera nahi mila.",
    busy: "Camera kisi aur app mein khula hai. Use band karein, phir dobara koshish karein.",
    stopped: "Camera band ho gaya.",
    no_reader: "Code parhne wala hissa nahi aa saka. Ek baar internet se jurein, phir dobara koshish karein.",
    go_on: "Kuch zaya nahi hua: number pehle ki tarah likha ya scanner se parha ja sakta hai.",
};
