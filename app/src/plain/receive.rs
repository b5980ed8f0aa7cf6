//! The words of goods that arrive with their IMEIs, of phones taken in exchange with photos, and of files with lists.

type S = &'static str;

/// One language.
#[allow(missing_docs, reason = "fields are named for the sentence they hold; the English one says it")]
#[cfg_attr(test, derive(Debug))]
pub struct ReceiveText {
    pub hint: S,
    /// `{0}` pieces of `{1}`.
    pub without: S,
    /// `{0}` numbers, `{1}` pieces.
    pub more: S,
    /// `{0}` pieces.
    pub all: S,
    /// `{0}` number, `{1}` the other product.
    pub elsewhere: S,
    pub whose_photos: S,
    pub waits: S,
    pub files: FileText,
}

/// Of files that lists come in.
#[allow(missing_docs, reason = "see ReceiveText")]
#[cfg_attr(test, derive(Debug))]
pub struct FileText {
    pub choose: S,
    pub help: S,
    pub sheet: S,
    /// `{0}` cells.
    pub errors: S,
    pub old: S,
    pub locked: S,
    pub broken: S,
    pub pdf: S,
}

/// English.
pub const EN: ReceiveText = ReceiveText {
    hint: "Scan, type or paste: one phone a line. What has no IMEI yet can get it later.",
    without: "{0} of {1} have no IMEI yet",
    more: "{0} IMEIs for {1} pieces: take some out, or correct how many came",
    all: "All {0} have their IMEI",
    elsewhere: "{0} stands at {1} already",
    whose_photos: "Whose photos are these? Write the name, or choose the customer on the bill.",
    waits: "This phone is taken on a bill that waits: take that up, or leave the exchange there.",
    files: FileText {
        choose: "Choose a file",
        help: "Excel (.xlsx), CSV or text. Of a PDF: open it, copy all of its text and paste it here.",
        sheet: "Sheet",
        errors: "These cells hold an error, not a value: {0}",
        old: "This is an old Excel file (.xls). Save it as .xlsx or as CSV.",
        locked: "This workbook has a password. Save it without one.",
        broken: "This workbook is damaged or was not copied to its end. Save it once more.",
        pdf: "This is a PDF. Open it, copy its text, and paste that on the opening day’s page.",
    },
};

/// Urdu.
pub const UR: ReceiveText = ReceiveText {
    hint: "اسکین کریں، لکھیں یا پیسٹ کریں: ایک لائن میں ایک فون۔ جس کا IMEI ابھی نہیں، بعد میں لگا لیں۔",
    without: "{1} میں سے {0} کا IMEI ابھی نہیں",
    more: "{1} عدد کے لیے {0} IMEI: کچھ نکالیں یا تعداد ٹھیک کریں",
    all: "تمام {0} کے IMEI لگ گئے",
    elsewhere: "{0} پہلے ہی {1} میں لکھا ہے",
    whose_photos: "یہ تصویریں کس کی ہیں؟ نام لکھیں، یا بِل پر گاہک چنیں۔",
    waits: "یہ فون رکے ہوئے بِل پر لکھا ہے: وہ بِل کھولیں یا وہاں سے ہٹائیں۔",
    files: FileText {
        choose: "فائل چنیں",
        help: "ایکسل (xlsx)، CSV یا ٹیکسٹ۔ PDF ہو تو اسے کھولیں، سارا ٹیکسٹ کاپی کریں اور یہاں پیسٹ کریں۔",
        sheet: "شیٹ",
        errors: "ان خانوں میں رقم نہیں، خرابی ہے: {0}",
        old: "یہ پرانی ایکسل فائل (xls) ہے۔ اسے xlsx یا CSV میں محفوظ کریں۔",
        locked: "اس ورک بک پر پاس ورڈ ہے۔ پاس ورڈ کے بغیر محفوظ کریں۔",
        broken: "یہ ورک بک خراب ہے یا پوری کاپی نہیں ہوئی۔ دوبارہ محفوظ کریں۔",
        pdf: "یہ PDF ہے۔ اسے کھولیں، ٹیکسٹ کاپی کریں اور پہلے دن کے صفحے پر پیسٹ کریں۔",
    },
};

/// Roman Urdu.
pub const ROMAN: ReceiveText = ReceiveText {
    hint: "Scan karein, likhein ya paste karein: ek line mein ek phone. Jis ka IMEI abhi nahi, baad mein laga lein.",
    without: "{1} mein se {0} ka IMEI abhi nahi",
    more: "{1} adad ke liye {0} IMEI: kuch nikalein ya tadaad theek karein",
    all: "Tamam {0} ke IMEI lag gaye",
    elsewhere: "{0} pehle hi {1} mein likha hai",
    whose_photos: "Yeh tasveerein kis ki hain? Naam likhein, ya bill par gahak chunein.",
    waits: "Yeh phone ruke hue bill par likha hai: woh bill kholein ya wahan se hatayein.",
    files: FileText {
        choose: "File chunein",
        help: "Excel (.xlsx), CSV ya text. PDF ho to use kholein, sara text copy karein aur yahan paste karein.",
        sheet: "Sheet",
        errors: "In khanon mein raqam nahi, kharabi hai: {0}",
        old: "Yeh purani Excel file (.xls) hai. Ise .xlsx ya CSV mein mehfooz karein.",
        locked: "Is workbook par password hai. Password ke baghair mehfooz karein.",
        broken: "Yeh workbook kharab hai ya poori copy nahi hui. Dobara mehfooz karein.",
        pdf: "Yeh PDF hai. Ise kholein, text copy karein aur pehle din ke safhe par paste karein.",
    },
};
