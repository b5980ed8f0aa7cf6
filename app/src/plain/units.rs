//! The words of pieces by IMEI, used phones and exchange, and what is wrong with a number, in words.

use super::{
    Lang,
    plural::{Plural, plural},
};
use dukandar_core::{
    imei::{self, ImeiError},
    insight::unit::{UnitEvent, UnitLine},
    record::{Condition, PtaState},
    table::unit::{Happened, Place},
};

type S = &'static str;

/// One language.
#[allow(missing_docs, reason = "fields are named for the sentence they hold; the English one says it")]
#[cfg_attr(test, derive(Debug))]
pub struct UnitText {
    /// In the order of [`PtaState::ALL`].
    pub pta: [S; 7],
    /// In the order of [`Condition`].
    pub conditions: [S; 3],
    pub title: S,
    pub none: S,
    pub none_help: S,
    pub add: S,
    /// `{0}` product.
    pub add_title: S,
    pub imeis: S,
    pub imeis_help: S,
    pub pairs: S,
    pub pieces: Plural,
    /// `{0}` in stock by IMEI, `{1}` on the shelf.
    pub of_shelf: S,
    pub goods: S,
    pub goods_new: S,
    pub goods_counted: S,
    pub condition: S,
    pub pta_state: S,
    pub first_use: S,
    pub first_use_help: S,
    pub battery: S,
    pub cost: S,
    pub warranty: S,
    pub saved: Plural,
    pub refused: Plural,
    /// `{0}` line, `{1}` what is wrong.
    pub line: S,
    /// `{0}` an earlier line.
    pub repeats: S,
    pub too_many: S,
    pub no_imei: S,
    /// `{0}` digits.
    pub length: S,
    /// `{0}` expected, `{1}` found.
    pub check_digit: S,
    pub letter: S,
    /// `{0}` number, `{1}` product, `{2}` place.
    pub known: S,
    pub in_stock: S,
    pub sold: S,
    pub on_way: S,
    pub gone: S,
    pub in_repair: S,
    pub due_in: Plural,
    pub due_over: Plural,
    pub due_list: S,
    pub due_none: S,
    pub found: S,
    pub history: S,
    /// In the order of [`Happened`].
    pub steps: [S; 13],
    pub place: S,
    pub deadline: S,
    pub warranty_until: S,
    pub warranty_for: Plural,
    pub change: S,
    pub reply: S,
    pub reply_help: S,
    pub reply_none: S,
    /// `{0}` a state.
    pub reply_read: S,
    pub reply_other: S,
    pub changed: S,
    pub twice: S,
    pub same: S,
    pub which: S,
    pub which_hint: S,
    pub without: S,
    pub no_piece: S,
    pub on_bill: S,
    /// `{0}` number.
    pub not_known: S,
    pub repair_in: S,
    pub repair_out: S,
    pub used: S,
    pub used_help: S,
    pub exchange: S,
    pub exchange_help: S,
    pub product: S,
    pub product_help: S,
    pub second_imei: S,
    pub value: S,
    pub value_exchange: S,
    pub seller: S,
    pub cnic: S,
    pub bad_cnic: S,
    pub check: S,
    pub register: S,
    pub registers: [S; 4],
    pub clear: S,
    pub reference: S,
    pub photo_cnic: S,
    pub photo_phone: S,
    pub photo_help: S,
    pub photo_bad: S,
    pub photo_ready: S,
    pub paid_by: S,
    pub buy: S,
    pub take: S,
    pub not_clear: S,
    pub sold_before: S,
    pub taken: S,
    pub paper: S,
    pub paper_title: S,
    pub buyer: S,
    pub paper_declares: S,
    pub paper_sign_seller: S,
    pub paper_sign_buyer: S,
    pub photos: S,
    pub photos_help: S,
    pub photo_remove: S,
    /// `{0}` product, `{1}` IMEI: the reason of the cash that left the drawer.
    pub cash_reason: S,
}

/// English.
pub const EN: UnitText = UnitText {
    pta: ["PTA approved", "Non-PTA", "CPID", "JV", "Patched", "Blocked", "PTA not asked"],
    conditions: ["Pin pack", "Box open", "Used"],
    title: "Pieces by IMEI",
    none: "No piece is written down by IMEI yet.",
    none_help: "Scan them once when they come: later each is found by its number, with all that became of it.",
    add: "Add pieces",
    add_title: "Pieces of {0}",
    imeis: "IMEIs, one piece a line",
    imeis_help: "Scan one after another, type, or paste a list. A second IMEI stands behind a comma.",
    pairs: "Every two lines are one piece: IMEI 1, then IMEI 2",
    pieces: plural("{0} piece", "{0} pieces"),
    of_shelf: "{0} by IMEI, {1} on the shelf",
    goods: "These pieces are",
    goods_new: "new goods: add to stock",
    goods_counted: "counted in stock already",
    condition: "Condition",
    pta_state: "PTA",
    first_use: "First used on",
    first_use_help: "60 days from then on it works without tax",
    battery: "Battery health, percent",
    cost: "Cost of one",
    warranty: "Warranty, months",
    saved: plural("{0} piece written down", "{0} pieces written down"),
    refused: plural("{0} line was not taken:", "{0} lines were not taken:"),
    line: "Line {0}: {1}",
    repeats: "stands in line {0} already",
    too_many: "more than two IMEIs in one line",
    no_imei: "an IMEI of 15 digits is expected",
    length: "15 digits expected, got {0}",
    check_digit: "the last digit should be {0}, found {1}: read the number once more",
    letter: "15 digits expected, found “{0}”",
    known: "{0} is in the books: {1} · {2}",
    in_stock: "in stock at {0}",
    sold: "sold on {0}, receipt {1}",
    on_way: "on its way to {0}",
    gone: "taken out of the books",
    in_repair: "In repair",
    due_in: plural("{0} day to pay tax", "{0} days to pay tax"),
    due_over: plural("tax day passed {0} day ago", "tax day passed {0} days ago"),
    due_list: "PTA due",
    due_none: "No piece in stock is near its PTA day.",
    found: "Pieces with this number",
    history: "What became of it",
    steps: [
        "Written down",
        "Came in",
        "Bought used",
        "Sold",
        "Brought back",
        "Sent to",
        "Arrived at",
        "Taken out",
        "Put back",
        "PTA changed",
        "Taken in for repair",
        "Mended",
        "Given back",
    ],
    place: "Where",
    deadline: "Tax due",
    warranty_until: "Warranty until",
    warranty_for: plural("{0} month from sale", "{0} months from sale"),
    change: "Change",
    reply: "Reply of 8484",
    reply_help: "Send the IMEI to 8484 by SMS and paste what comes back.",
    reply_none: "No state is known in this text: choose it below.",
    reply_read: "Read as: {0}",
    reply_other: "This reply is about another IMEI.",
    changed: "Written down",
    twice: "This piece was sold while it was sold already. Look at both receipts.",
    same: "The same number stands at another piece, too:",
    which: "Which piece?",
    which_hint: "Scan, or type the last 4 digits",
    without: "Sell without IMEI",
    no_piece: "No piece of it is in stock by IMEI.",
    on_bill: "This piece is on the bill already",
    not_known: "{0} is in no book here. Add it on the product’s page, or sell without IMEI.",
    repair_in: "Take in for repair",
    repair_out: "Give back from repair",
    used: "Buy used phone",
    used_help: "What is paid in cash leaves the drawer in the same moment.",
    exchange: "Exchange",
    exchange_help: "The phone is taken when the sale is saved; its value is taken off the bill.",
    product: "Which phone",
    product_help: "A new name makes a new product",
    second_imei: "Second IMEI",
    value: "Price paid",
    value_exchange: "Allowed for it",
    seller: "Seller",
    cnic: "CNIC",
    bad_cnic: "13 digits are expected, such as 42101-1234567-1",
    check: "Stolen-phone check",
    register: "Asked at",
    registers: ["Not asked", "CPLC", "e-Gadget", "Police"],
    clear: "Nothing was found against it",
    reference: "Reference",
    photo_cnic: "Photo of the CNIC",
    photo_phone: "Photo of the phone",
    photo_help: "Made small and sealed. It stays on this device only.",
    photo_bad: "This picture cannot be read. Take it again or choose a JPEG.",
    photo_ready: "Ready: {0} KB",
    paid_by: "Paid by",
    buy: "Buy it",
    take: "Take for the bill",
    not_clear: "Something was found against this phone: it is not bought.",
    sold_before: "Your own shop sold it: {0}",
    taken: "Taken for the bill: {0}",
    paper: "Agreement",
    paper_title: "Sale of a used phone",
    buyer: "Buyer",
    paper_declares: "I, the seller, declare that this phone is mine, is neither stolen nor blocked nor pledged, and that all accounts on it are signed out. I have sold it for the price above and received it in full. I answer for any claim against it.",
    paper_sign_seller: "Seller’s signature and thumb",
    paper_sign_buyer: "For the shop",
    photos: "Photos",
    photos_help: "They lie sealed on this device and are not sent to others.",
    photo_remove: "Remove photo",
    cash_reason: "Used phone: {0}, {1}",
};

/// Urdu.
pub const UR: UnitText = UnitText {
    pta: ["پی ٹی اے اپروو", "نان پی ٹی اے", "سی پی آئی ڈی", "جے وی", "پیچ", "بلاک", "پی ٹی اے چیک نہیں"],
    conditions: ["پن پیک", "ڈبہ کھلا", "استعمال شدہ"],
    title: "آئی ایم ای آئی والے پیس",
    none: "ابھی کوئی پیس آئی ایم ای آئی سے نہیں لکھا گیا۔",
    none_help: "مال آتے ہی ایک بار سکین کر لیں: پھر ہر پیس اپنے نمبر سے ملتا ہے، پوری کہانی کے ساتھ۔",
    add: "پیس لکھیں",
    add_title: "{0} کے پیس",
    imeis: "آئی ایم ای آئی، ہر لائن میں ایک پیس",
    imeis_help: "ایک کے بعد ایک سکین کریں، لکھیں، یا پوری لسٹ پیسٹ کریں۔ دوسرا نمبر کوما کے بعد۔",
    pairs: "ہر دو لائنیں ایک پیس: پہلے آئی ایم ای آئی 1، پھر 2",
    pieces: plural("{0} پیس", "{0} پیس"),
    of_shelf: "{0} نمبر سے، {1} شیلف پر",
    goods: "یہ پیس",
    goods_new: "نیا مال ہے: اسٹاک میں بڑھائیں",
    goods_counted: "اسٹاک میں پہلے سے گنے ہوئے ہیں",
    condition: "حالت",
    pta_state: "پی ٹی اے",
    first_use: "پہلی بار کب چلا",
    first_use_help: "اس دن سے 60 دن بغیر ٹیکس چلتا ہے",
    battery: "بیٹری ہیلتھ، فیصد",
    cost: "ایک کی خرید",
    warranty: "وارنٹی، مہینے",
    saved: plural("{0} پیس لکھا گیا", "{0} پیس لکھے گئے"),
    refused: plural("{0} لائن نہیں لی گئی:", "{0} لائنیں نہیں لی گئیں:"),
    line: "لائن {0}: {1}",
    repeats: "یہ نمبر لائن {0} میں آ چکا ہے",
    too_many: "ایک لائن میں دو سے زیادہ نمبر",
    no_imei: "15 ہندسوں کا آئی ایم ای آئی لکھیں",
    length: "15 ہندسے چاہییں، {0} ملے",
    check_digit: "آخری ہندسہ {0} ہونا چاہیے، {1} لکھا ہے: نمبر دوبارہ دیکھیں",
    letter: "15 ہندسے چاہییں، ”{0}“ ملا",
    known: "{0} پہلے سے لکھا ہے: {1} · {2}",
    in_stock: "{0} کے اسٹاک میں",
    sold: "{0} کو بِکا، رسید {1}",
    on_way: "{0} جا رہا ہے",
    gone: "کھاتے سے نکالا گیا",
    in_repair: "مرمت میں",
    due_in: plural("ٹیکس میں {0} دن باقی", "ٹیکس میں {0} دن باقی"),
    due_over: plural("ٹیکس کی تاریخ {0} دن پہلے گزری", "ٹیکس کی تاریخ {0} دن پہلے گزری"),
    due_list: "پی ٹی اے قریب",
    due_none: "اسٹاک کے کسی پیس کی پی ٹی اے تاریخ قریب نہیں۔",
    found: "اس نمبر کے پیس",
    history: "اب تک کیا ہوا",
    steps: [
        "لکھا گیا",
        "مال آیا",
        "پرانا خریدا",
        "بِکا",
        "واپس آیا",
        "بھیجا گیا",
        "پہنچا",
        "نکالا گیا",
        "واپس رکھا",
        "پی ٹی اے بدلا",
        "مرمت کے لیے آیا",
        "ٹھیک ہوا",
        "واپس دیا",
    ],
    place: "کہاں ہے",
    deadline: "ٹیکس کی تاریخ",
    warranty_until: "وارنٹی کب تک",
    warranty_for: plural("بکنے سے {0} مہینہ", "بکنے سے {0} مہینے"),
    change: "بدلیں",
    reply: "8484 کا جواب",
    reply_help: "آئی ایم ای آئی 8484 پر ایس ایم ایس کریں اور جو جواب آئے یہاں پیسٹ کریں۔",
    reply_none: "اس جواب سے کچھ پتا نہیں چلا: نیچے خود چنیں۔",
    reply_read: "مطلب: {0}",
    reply_other: "یہ جواب کسی اور آئی ایم ای آئی کا ہے۔",
    changed: "لکھ لیا",
    twice: "یہ پیس بِکا ہوا تھا اور پھر بیچا گیا۔ دونوں رسیدیں دیکھیں۔",
    same: "یہی نمبر ایک اور پیس پر بھی لکھا ہے:",
    which: "کون سا پیس؟",
    which_hint: "سکین کریں یا آخری 4 ہندسے لکھیں",
    without: "بغیر آئی ایم ای آئی بیچیں",
    no_piece: "اس کا کوئی پیس نمبر سے اسٹاک میں نہیں۔",
    on_bill: "یہ پیس بل پر آ چکا ہے",
    not_known: "{0} کہیں لکھا نہیں۔ مال کے صفحے پر لکھیں، یا بغیر آئی ایم ای آئی بیچیں۔",
    repair_in: "مرمت کے لیے لیں",
    repair_out: "مرمت سے واپس دیں",
    used: "پرانا فون خریدیں",
    used_help: "نقد دی گئی رقم اُسی وقت گلّے سے نکل جاتی ہے۔",
    exchange: "ایکسچینج",
    exchange_help: "فون بِل محفوظ ہونے پر لیا جاتا ہے؛ اس کی قیمت بِل سے کم ہو جاتی ہے۔",
    product: "کون سا فون",
    product_help: "نیا نام نیا مال بنا دیتا ہے",
    second_imei: "دوسرا آئی ایم ای آئی",
    value: "کتنے میں خریدا",
    value_exchange: "کتنے میں لیا",
    seller: "بیچنے والا",
    cnic: "شناختی کارڈ",
    bad_cnic: "13 ہندسے چاہییں، جیسے 42101-1234567-1",
    check: "چوری کی جانچ",
    register: "کہاں پوچھا",
    registers: ["نہیں پوچھا", "سی پی ایل سی", "ای گیجٹ", "پولیس"],
    clear: "اس پر کچھ نہیں نکلا",
    reference: "حوالہ نمبر",
    photo_cnic: "شناختی کارڈ کی تصویر",
    photo_phone: "فون کی تصویر",
    photo_help: "چھوٹی کر کے بند رکھی جاتی ہے۔ صرف اسی آلے پر رہتی ہے۔",
    photo_bad: "یہ تصویر نہیں پڑھی گئی۔ دوبارہ کھینچیں یا JPEG چنیں۔",
    photo_ready: "تیار: {0} KB",
    paid_by: "کیسے دیے",
    buy: "خرید لیں",
    take: "بِل میں لیں",
    not_clear: "اس فون پر کچھ نکلا ہے: نہیں خریدا جاتا۔",
    sold_before: "یہ آپ ہی نے بیچا تھا: {0}",
    taken: "بِل میں لیا: {0}",
    paper: "خرید نامہ",
    paper_title: "پرانے فون کا خرید نامہ",
    buyer: "خریدار",
    paper_declares: "میں، بیچنے والا، اقرار کرتا ہوں کہ یہ فون میرا ہے، نہ چوری کا ہے نہ بلاک نہ گروی، اور اس پر سے سب اکاؤنٹ ہٹا دیے گئے ہیں۔ میں نے اسے اوپر لکھی قیمت پر بیچا اور پوری رقم وصول کر لی۔ اس پر کسی بھی دعوے کا میں ذمہ دار ہوں۔",
    paper_sign_seller: "بیچنے والے کے دستخط اور انگوٹھا",
    paper_sign_buyer: "دکان کی طرف سے",
    photos: "تصویریں",
    photos_help: "اسی آلے پر بند پڑی ہیں، کہیں اور نہیں بھیجی جاتیں۔",
    photo_remove: "تصویر ہٹائیں",
    cash_reason: "پرانا فون: {0}، {1}",
};

/// Roman Urdu.
pub const ROMAN: UnitText = UnitText {
    pta: ["PTA approved", "Non-PTA", "CPID", "JV", "Patch", "Block", "PTA check nahi"],
    conditions: ["Pin pack", "Dabba khula", "Used"],
    title: "IMEI wale piece",
    none: "Abhi koi piece IMEI se nahi likha gaya.",
    none_help: "Maal aate hi ek baar scan kar lein: phir har piece apne number se milta hai, poori kahani ke sath.",
    add: "Piece likhein",
    add_title: "{0} ke piece",
    imeis: "IMEI, har line mein ek piece",
    imeis_help: "Ek ke baad ek scan karein, likhein, ya poori list paste karein. Doosra number comma ke baad.",
    pairs: "Har do linein ek piece: pehle IMEI 1, phir 2",
    pieces: plural("{0} piece", "{0} piece"),
    of_shelf: "{0} number se, {1} shelf par",
    goods: "Yeh piece",
    goods_new: "naya maal hai: stock mein barhayein",
    goods_counted: "stock mein pehle se gine hue hain",
    condition: "Halat",
    pta_state: "PTA",
    first_use: "Pehli baar kab chala",
    first_use_help: "Us din se 60 din baghair tax chalta hai",
    battery: "Battery health, percent",
    cost: "Ek ki khareed",
    warranty: "Warranty, mahine",
    saved: plural("{0} piece likha gaya", "{0} piece likhe gaye"),
    refused: plural("{0} line nahi li gayi:", "{0} linein nahi li gayin:"),
    line: "Line {0}: {1}",
    repeats: "yeh number line {0} mein aa chuka hai",
    too_many: "ek line mein do se zyada number",
    no_imei: "15 hindson ka IMEI likhein",
    length: "15 hindse chahiyein, {0} mile",
    check_digit: "aakhri hindsa {0} hona chahiye, {1} likha hai: number dobara dekhein",
    letter: "15 hindse chahiyein, “{0}” mila",
    known: "{0} pehle se likha hai: {1} · {2}",
    in_stock: "{0} ke stock mein",
    sold: "{0} ko bika, raseed {1}",
    on_way: "{0} ja raha hai",
    gone: "khate se nikala gaya",
    in_repair: "Marammat mein",
    due_in: plural("tax mein {0} din baqi", "tax mein {0} din baqi"),
    due_over: plural("tax ki tareekh {0} din pehle guzri", "tax ki tareekh {0} din pehle guzri"),
    due_list: "PTA qareeb",
    due_none: "Stock ke kisi piece ki PTA tareekh qareeb nahi.",
    found: "Is number ke piece",
    history: "Ab tak kya hua",
    steps: [
        "Likha gaya",
        "Maal aaya",
        "Purana khareeda",
        "Bika",
        "Wapas aaya",
        "Bheja gaya",
        "Pohancha",
        "Nikala gaya",
        "Wapas rakha",
        "PTA badla",
        "Marammat ke liye aaya",
        "Theek hua",
        "Wapas diya",
    ],
    place: "Kahan hai",
    deadline: "Tax ki tareekh",
    warranty_until: "Warranty kab tak",
    warranty_for: plural("bikne se {0} mahina", "bikne se {0} mahine"),
    change: "Badlein",
    reply: "8484 ka jawab",
    reply_help: "IMEI 8484 par SMS karein aur jo jawab aaye yahan paste karein.",
    reply_none: "Is jawab se kuch pata nahi chala: neeche khud chunein.",
    reply_read: "Matlab: {0}",
    reply_other: "Yeh jawab kisi aur IMEI ka hai.",
    changed: "Likh liya",
    twice: "Yeh piece bika hua tha aur phir becha gaya. Dono raseedein dekhein.",
    same: "Yehi number ek aur piece par bhi likha hai:",
    which: "Kaun sa piece?",
    which_hint: "Scan karein ya aakhri 4 hindse likhein",
    without: "Baghair IMEI bechein",
    no_piece: "Is ka koi piece number se stock mein nahi.",
    on_bill: "Yeh piece bill par aa chuka hai",
    not_known: "{0} kahin likha nahi. Maal ke safhe par likhein, ya baghair IMEI bechein.",
    repair_in: "Marammat ke liye lein",
    repair_out: "Marammat se wapas dein",
    used: "Purana phone khareedein",
    used_help: "Naqad di gayi raqam usi waqt galle se nikal jati hai.",
    exchange: "Exchange",
    exchange_help: "Phone bill save hone par liya jata hai; us ki qeemat bill se kam ho jati hai.",
    product: "Kaun sa phone",
    product_help: "Naya naam naya maal bana deta hai",
    second_imei: "Doosra IMEI",
    value: "Kitne mein khareeda",
    value_exchange: "Kitne mein liya",
    seller: "Bechne wala",
    cnic: "CNIC",
    bad_cnic: "13 hindse chahiyein, jaise 42101-1234567-1",
    check: "Chori ki jaanch",
    register: "Kahan poocha",
    registers: ["Nahi poocha", "CPLC", "e-Gadget", "Police"],
    clear: "Is par kuch nahi nikla",
    reference: "Hawala number",
    photo_cnic: "CNIC ki tasveer",
    photo_phone: "Phone ki tasveer",
    photo_help: "Chhoti kar ke band rakhi jati hai. Sirf isi device par rehti hai.",
    photo_bad: "Yeh tasveer nahi parhi gayi. Dobara kheenchein ya JPEG chunein.",
    photo_ready: "Tayyar: {0} KB",
    paid_by: "Kaise diye",
    buy: "Khareed lein",
    take: "Bill mein lein",
    not_clear: "Is phone par kuch nikla hai: nahi khareeda jata.",
    sold_before: "Yeh aap hi ne becha tha: {0}",
    taken: "Bill mein liya: {0}",
    paper: "Khareed nama",
    paper_title: "Purane phone ka khareed nama",
    buyer: "Khareedar",
    paper_declares: "Main, bechne wala, iqrar karta hoon ke yeh phone mera hai, na chori ka hai na block na girvi, aur is par se sab account hata diye gaye hain. Main ne ise upar likhi qeemat par becha aur poori raqam wusool kar li. Is par kisi bhi dawe ka main zimmedar hoon.",
    paper_sign_seller: "Bechne wale ke dastakhat aur angootha",
    paper_sign_buyer: "Dukan ki taraf se",
    photos: "Tasveerein",
    photos_help: "Isi device par band pari hain, kahin aur nahi bheji jatin.",
    photo_remove: "Tasveer hatayein",
    cash_reason: "Purana phone: {0}, {1}",
};

/// Position of a condition's words.
pub fn condition_index(condition: Condition) -> usize {
    match condition {
        Condition::New => 0,
        Condition::BoxOpened => 1,
        Condition::Used => 2,
    }
}

/// The condition of these words.
pub const CONDITIONS: [Condition; 3] = [Condition::New, Condition::BoxOpened, Condition::Used];

/// A tax state in words.
pub fn pta_words(lang: Lang, state: PtaState) -> &'static str {
    let position = PtaState::ALL.iter().position(|it| *it == state).unwrap_or_default();
    lang.t().units.pta[position]
}

/// What is wrong with a number.
pub fn imei_fault(lang: Lang, error: ImeiError) -> String {
    let t = &lang.t().units;
    match error {
        ImeiError::Empty => t.no_imei.to_owned(),
        ImeiError::Letter(letter) => lang.fill(t.letter, &[&letter.to_string()]),
        ImeiError::Length(length) => lang.fill(t.length, &[&length.to_string()]),
        ImeiError::CheckDigit { expected, found } => {
            lang.fill(t.check_digit, &[&expected.to_string(), &found.to_string()])
        }
    }
}

/// What is wrong with a pasted line.
pub fn paste_fault(lang: Lang, fault: &imei::Fault) -> String {
    let t = &lang.t().units;
    let words = match fault.problem {
        imei::Problem::Bad(error) => imei_fault(lang, error),
        imei::Problem::Repeats(line) => lang.fill(t.repeats, &[&line.to_string()]),
        imei::Problem::TooMany => t.too_many.to_owned(),
    };
    lang.fill(t.line, &[&fault.line.to_string(), &words])
}

/// Where a piece is.
pub fn place_words(lang: Lang, unit: &UnitLine) -> String {
    let t = &lang.t().units;
    match (unit.place, &unit.sale) {
        (Place::Stock(_), _) => lang.fill(t.in_stock, &[&unit.shop]),
        (Place::Sold, Some(sale)) => lang.fill(t.sold, &[&lang.date(sale.day), &sale.number]),
        (Place::Way(_), _) => lang.fill(t.on_way, &[&unit.shop]),
        (Place::Gone | Place::Sold, _) => t.gone.to_owned(),
    }
}

/// That a number is in the books already, and where.
pub fn known_words(lang: Lang, code: &str, unit: &UnitLine) -> String {
    lang.fill(lang.t().units.known, &[code, &unit.name, &place_words(lang, unit)])
}

/// Days to the tax day, or since it.
pub fn due_words(lang: Lang, days: i32) -> String {
    let t = &lang.t().units;
    let forms = if days < 0 { t.due_over } else { t.due_in };
    lang.plural(forms, u64::from(days.unsigned_abs()))
}

/// A step of a piece's history.
pub fn step_words(lang: Lang, step: &UnitEvent) -> String {
    let t = &lang.t().units;
    let position = match step.what {
        Happened::Seen => 0,
        Happened::Received => 1,
        Happened::TradedIn => 2,
        Happened::Sold => 3,
        Happened::Returned => 4,
        Happened::Sent => 5,
        Happened::Arrived => 6,
        Happened::TakenOut => 7,
        Happened::PutBack => 8,
        Happened::Pta(_) => 9,
        Happened::RepairIn => 10,
        Happened::RepairDone => 11,
        Happened::RepairOut => 12,
    };
    match step.pta {
        Some(state) => format!("{}: {}", t.steps[position], pta_words(lang, state)),
        None => t.steps[position].to_owned(),
    }
}

/// A CNIC as it is printed on the card; none where it is not thirteen digits.
pub fn cnic(text: &str) -> Option<String> {
    let mut digits = String::new();
    for letter in text.trim().chars() {
        match letter {
            '0'..='9' => digits.push(letter),
            '۰'..='۹' => digits.push(char::from_digit(letter as u32 - '۰' as u32, 10)?),
            '-' | ' ' => {}
            _ => return None,
        }
    }
    (digits.len() == 13).then(|| format!("{}-{}-{}", &digits[..5], &digits[5..12], &digits[12..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plain::Locale;
    use dukandar_core::money::Grouping;

    #[test]
    fn a_wrong_number_is_told_with_what_was_expected() {
        let lang = Lang { locale: Locale::English, grouping: Grouping::Thousands };
        let words = |text: &str| imei::read(text).map_err(|error| imei_fault(lang, error));
        assert_eq!(words("4901"), Err("15 digits expected, got 4".to_owned()));
        assert_eq!(
            words("490154203237511"),
            Err("the last digit should be 8, found 1: read the number once more".to_owned())
        );
        let fault = &imei::pasted("490154203237518\n490154203237518").faults[0];
        assert_eq!(paste_fault(lang, fault), "Line 2: stands in line 1 already");
    }

    #[test]
    fn a_cnic_is_thirteen_digits_however_it_is_typed() {
        for text in ["4210112345671", "42101-1234567-1", " 42101 1234567 1 ", "۴۲۱۰۱-۱۲۳۴۵۶۷-۱"]
        {
            assert_eq!(cnic(text).as_deref(), Some("42101-1234567-1"), "{text}");
        }
        for wrong in ["", "42101-1234567", "42101-1234567-12", "42101-123456A-1"] {
            assert_eq!(cnic(wrong), None, "{wrong}");
        }
    }
}
