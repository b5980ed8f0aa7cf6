//! Two sentences of help for every screen: what it is for, and what to do first.

use super::{Lang, Locale};

type S = &'static str;

/// A route as the router writes it, and its two sentences in English, Urdu and Roman Urdu.
pub const HELP: &[(S, [[S; 2]; 3])] = &[
    (
        "/",
        [
            [
                "Your shop at a glance: what was sold so far, what is in the drawer, who owes.",
                "Tap one of the things to do and it opens where it is done.",
            ],
            [
                "دکان ایک نظر میں: اب تک کتنا بکا، گلّے میں کتنا ہے، کس سے لینا ہے۔",
                "جو کام لکھا ہے اسے دبائیں، وہیں کھل جائے گا۔",
            ],
            [
                "Dukan ek nazar mein: ab tak kitna bika, galle mein kitna hai, kis se lena hai.",
                "Jo kaam likha hai use dabaein, wahin khul jaega.",
            ],
        ],
    ),
    (
        "/pos",
        [
            [
                "Scan, search or tap what is bought, then take the money.",
                "What was asked for and is not there: note it with one tap.",
            ],
            ["سکین کریں، ڈھونڈیں یا دبائیں، پھر پیسے لیں۔", "جو مانگا گیا اور نہیں ہے، ایک ٹچ سے لکھ لیں۔"],
            [
                "Scan karein, dhoondein ya dabaein, phir paise lein.",
                "Jo manga gaya aur nahi hai, ek touch se likh lein.",
            ],
        ],
    ),
    (
        "/sales/:id",
        [
            ["The receipt as the customer gets it.", "Print it, or send it on WhatsApp."],
            ["رسید، جیسی گاہک کو ملتی ہے۔", "پرنٹ کریں یا واٹس ایپ پر بھیجیں۔"],
            ["Raseed, jaisi gahak ko milti hai.", "Print karein ya WhatsApp par bhejein."],
        ],
    ),
    (
        "/sales",
        [
            [
                "Every bill and every promise of a price, newest first.",
                "Find one by number, customer, amount or IMEI.",
            ],
            ["ہر بل اور ہر کوٹیشن، نیا سب سے اوپر۔", "نمبر، گاہک، رقم یا IMEI سے ڈھونڈیں۔"],
            ["Har bill aur har quotation, naya sab se upar.", "Number, gahak, raqam ya IMEI se dhoondein."],
        ],
    ),
    (
        "/sales/:id/return",
        [
            [
                "Goods of this bill come back, whole or in part.",
                "What is still owed for them goes down before money is given.",
            ],
            ["اس بل کا مال واپس لیں، پورا یا کچھ۔", "پہلے اس کا ادھار کم ہوتا ہے، پھر پیسے دیے جاتے ہیں۔"],
            [
                "Is bill ka maal wapas lein, poora ya kuch.",
                "Pehle is ka udhaar kam hota hai, phir paise diye jate hain.",
            ],
        ],
    ),
    (
        "/quotes/:id",
        [
            ["Prices promised to a customer until a day.", "One tap makes it a bill at these prices."],
            ["گاہک کو ایک دن تک بتائی گئی قیمتیں۔", "ایک ٹچ سے انہی قیمتوں پر بل بن جائے گا۔"],
            ["Gahak ko ek din tak batai gai qeematein.", "Ek touch se inhi qeematon par bill ban jaega."],
        ],
    ),
    (
        "/units/:id",
        [
            [
                "One phone by its IMEI: where it is and all that became of it.",
                "Paste the reply of 8484 to set its PTA state.",
            ],
            [
                "ایک فون اپنے IMEI کے ساتھ: اب کہاں ہے اور اب تک کیا ہوا۔",
                "8484 کا جواب پیسٹ کریں تو PTA خود لکھا جائے گا۔",
            ],
            [
                "Ek phone apne IMEI ke saath: ab kahan hai aur ab tak kya hua.",
                "8484 ka jawab paste karein to PTA khud likha jaega.",
            ],
        ],
    ),
    (
        "/units/:id/paper",
        [
            ["The agreement with whoever sold this phone to the shop.", "Print it and let both sides sign."],
            ["جس نے یہ فون دکان کو بیچا اس کے ساتھ اقرار نامہ۔", "پرنٹ کریں اور دونوں کے دستخط لیں۔"],
            [
                "Jis ne yeh phone dukan ko becha us ke saath iqrar nama.",
                "Print karein aur donon ke dastkhat lein.",
            ],
        ],
    ),
    (
        "/used",
        [
            [
                "A used phone is bought here, or taken in exchange for a bill.",
                "Ask a register of stolen phones first, and write down who sells.",
            ],
            [
                "پرانا فون یہاں خریدیں یا بل کے بدلے لیں۔",
                "پہلے چوری کا ریکارڈ دیکھیں اور بیچنے والے کا نام لکھیں۔",
            ],
            [
                "Purana phone yahan khareedein ya bill ke badle lein.",
                "Pehle chori ka record dekhein aur bechne wale ka naam likhein.",
            ],
        ],
    ),
    (
        "/stock",
        [
            [
                "Everything you sell, with its price and what lies on the shelf.",
                "Count a shelf once, and from then on the app counts along.",
            ],
            [
                "جو کچھ بیچتے ہیں، قیمت اور دکان میں پڑی تعداد کے ساتھ۔",
                "ایک بار گن لیں، پھر ایپ خود گنتی رکھے گی۔",
            ],
            [
                "Jo kuch bechte hain, qeemat aur dukan mein pari tadaad ke saath.",
                "Ek baar gin lein, phir app khud ginti rakhegi.",
            ],
        ],
    ),
    (
        "/stock/import",
        [
            [
                "Brings past sales in from any till's or spreadsheet's Excel or CSV file.",
                "Look at the preview first: every row that is refused is listed with its reason.",
            ],
            [
                "پرانی بکری کسی بھی سافٹ ویئر کی ایکسل (xlsx) یا CSV فائل سے لاتا ہے۔",
                "پہلے نمونہ دیکھیں: جو لائن نہ لی جائے وہ وجہ کے ساتھ لکھی ہوگی۔",
            ],
            [
                "Purani bikri kisi bhi software ki Excel (xlsx) ya CSV file se lata hai.",
                "Pehle namoona dekhein: jo line na li jae woh wajah ke saath likhi hogi.",
            ],
        ],
    ),
    (
        "/stock/classes",
        [
            [
                "What brings the money stands in A, what hardly matters in C, and steady goods on the left.",
                "Tap a box to see its goods and what to do about them.",
            ],
            [
                "جو پیسہ لائے وہ A میں، جس سے فرق نہ پڑے وہ C میں، اور برابر بکنے والا پہلے خانے میں۔",
                "خانہ دبائیں تو اس کا مال اور کرنے کا کام سامنے آئے گا۔",
            ],
            [
                "Jo paisa lae woh A mein, jis se farq na pare woh C mein, aur barabar bikne wala pehle khane mein.",
                "Khana dabaein to us ka maal aur karne ka kaam saamne aega.",
            ],
        ],
    ),
    (
        "/stock/:id",
        [
            [
                "One product: how it sold and what is expected of it.",
                "The band shows how sure that is; wide means not sure.",
            ],
            [
                "ایک چیز: کتنی بکی اور آگے کتنی بکنے کی امید ہے۔",
                "پٹی بتاتی ہے کتنا یقین ہے؛ چوڑی ہو تو یقین کم ہے۔",
            ],
            [
                "Ek cheez: kitni biki aur aage kitni bikne ki umeed hai.",
                "Patti batati hai kitna yaqeen hai; chauri ho to yaqeen kam hai.",
            ],
        ],
    ),
    (
        "/reorder",
        [
            [
                "What runs out first, by the rupees at risk, and what was asked for in vain.",
                "Change the pieces if you know better, then order with one tap.",
            ],
            [
                "جو پہلے ختم ہوگا، خطرے میں پڑے روپوں کے حساب سے، اور جو مانگا گیا مگر نہیں تھا۔",
                "بہتر جانتے ہوں تو تعداد بدلیں، پھر ایک ٹچ سے آرڈر کریں۔",
            ],
            [
                "Jo pehle khatam hoga, khatre mein pare rupon ke hisab se, aur jo manga gaya magar nahi tha.",
                "Behtar jante hon to tadaad badlein, phir ek touch se order karein.",
            ],
        ],
    ),
    (
        "/customers",
        [
            [
                "Who buys often, who bought lately, who stays away.",
                "Tap a field of the grid to see its people.",
            ],
            ["کون اکثر خریدتا ہے، کون حال میں آیا، کون نہیں آ رہا۔", "خانہ دبائیں، اس کے لوگ نظر آئیں گے۔"],
            [
                "Kaun aksar kharidta hai, kaun haal mein aaya, kaun nahi aa raha.",
                "Khana dabaein, us ke log nazar aaeinge.",
            ],
        ],
    ),
    (
        "/customers/:id",
        [
            [
                "One customer: bills, favourites, what they owe.",
                "Sell to them from here, and the bill carries their name.",
            ],
            ["ایک گاہک: بل، پسند کی چیزیں، بقایا۔", "یہیں سے بیچیں تو بل پر ان کا نام ہوگا۔"],
            ["Ek gahak: bill, pasand ki cheezein, baqaya.", "Yahin se bechein to bill par un ka naam hoga."],
        ],
    ),
    (
        "/khata",
        [
            [
                "Who owes you, the largest debts first.",
                "Tap a name to write down what was given or received, or to send the account.",
            ],
            ["کس سے لینا ہے، بڑا ادھار پہلے۔", "نام دبائیں: دیے یا ملے لکھیں، یا حساب بھیجیں۔"],
            ["Kis se lena hai, bara udhaar pehle.", "Naam dabaein: diye ya mile likhein, ya hisab bhejein."],
        ],
    ),
    (
        "/khata/:id",
        [
            [
                "One customer's account, entry by entry.",
                "A wrong entry is taken back, never erased: both stay to be seen.",
            ],
            ["ایک گاہک کا حساب، ہر اندراج کے ساتھ۔", "غلط اندراج واپس لیں، مٹتا نہیں: دونوں نظر آتے ہیں۔"],
            [
                "Ek gahak ka hisab, har indraj ke saath.",
                "Ghalat indraj wapas lein, mitta nahi: dono nazar aate hain.",
            ],
        ],
    ),
    (
        "/day",
        [
            [
                "What should be in the drawer, and why.",
                "Count it in the evening and send the closing to the owner.",
            ],
            ["گلّے میں کتنا ہونا چاہیے، اور کیوں۔", "شام کو گنیں اور حساب مالک کو بھیجیں۔"],
            ["Galle mein kitna hona chahiye, aur kyun.", "Shaam ko ginein aur hisab malik ko bhejein."],
        ],
    ),
    (
        "/forecasts",
        [
            [
                "How good the app's expectations have been on your own sales.",
                "Where it is no better than a simple guess, it says so.",
            ],
            [
                "ایپ کا اندازہ آپ کی اپنی بکری پر کتنا درست رہا۔",
                "جہاں سیدھے اندازے سے بہتر نہیں، وہاں صاف لکھا ہے۔",
            ],
            [
                "App ka andaza aap ki apni bikri par kitna durust raha.",
                "Jahan seedhe andaze se behtar nahi, wahan saaf likha hai.",
            ],
        ],
    ),
    (
        "/anomalies",
        [
            [
                "What was not like the rest in the last weeks, most rupees first.",
                "Tap one, look, then say what it was: it leaves the list.",
            ],
            [
                "پچھلے ہفتوں میں جو باتیں معمول سے ہٹ کر تھیں، زیادہ روپے والی پہلے۔",
                "ایک کو دبائیں، دیکھیں، پھر بتائیں کیا تھا: لسٹ سے نکل جائے گی۔",
            ],
            [
                "Pichhle hafton mein jo baatein mamool se hat kar thin, zyada rupay wali pehle.",
                "Ek ko dabaein, dekhein, phir batain kya tha: list se nikal jaegi.",
            ],
        ],
    ),
    (
        "/opening",
        [
            [
                "Brings the shop as it stands into the books: goods, udhaar, bills, cash.",
                "Every step is saved at once; leave and come back as you like.",
            ],
            [
                "دکان جیسی ہے ویسی کھاتے میں لاتا ہے: مال، ادھار، بل، نقد۔",
                "ہر قدم فوراً محفوظ ہے؛ جب چاہیں چھوڑیں اور پھر آ جائیں۔",
            ],
            [
                "Dukan jaisi hai waisi khate mein lata hai: maal, udhaar, bill, naqad.",
                "Har qadam foran mehfooz hai; jab chahein chhorein aur phir aa jaein.",
            ],
        ],
    ),
    (
        "/settings",
        [
            ["Language, branches, the owner's PIN, account and devices.", "Nothing here is needed to sell."],
            ["زبان، شاخیں، مالک کا PIN، اکاؤنٹ اور ڈیوائس۔", "بیچنے کے لیے ان میں سے کچھ ضروری نہیں۔"],
            [
                "Zaban, shakhein, malik ka PIN, account aur device.",
                "Bechne ke liye in mein se kuch zaroori nahi.",
            ],
        ],
    ),
    (
        "/welcome",
        [
            [
                "Try the sample shop, or start your own: no account is needed.",
                "The sample goes away with one tap and touches nothing of yours.",
            ],
            [
                "نمونے کی دکان دیکھیں یا اپنی شروع کریں: اکاؤنٹ ضروری نہیں۔",
                "نمونہ ایک ٹچ سے ہٹ جاتا ہے، آپ کی کسی چیز کو نہیں چھیڑتا۔",
            ],
            [
                "Namoone ki dukan dekhein ya apni shuru karein: account zaroori nahi.",
                "Namoona ek touch se hat jata hai, aap ki kisi cheez ko nahi chherta.",
            ],
        ],
    ),
    (
        "/login",
        [
            [
                "An account keeps a copy of the books and carries them to other devices.",
                "Without one everything works on this device alone.",
            ],
            [
                "اکاؤنٹ کھاتے کی نقل رکھتا ہے اور دوسری ڈیوائس تک پہنچاتا ہے۔",
                "اس کے بغیر سب کچھ صرف اسی ڈیوائس پر چلتا ہے۔",
            ],
            [
                "Account khate ki naqal rakhta hai aur doosri device tak pohanchata hai.",
                "Is ke baghair sab kuch sirf isi device par chalta hai.",
            ],
        ],
    ),
];

/// The route that an address belongs to: `:id` stands for any one part, a literal route comes first.
pub fn route_of(path: &str) -> Option<S> {
    let trimmed = if path.len() > 1 { path.trim_end_matches('/') } else { path };
    let fits = |route: &str| {
        let (mut ours, mut theirs) = (route.split('/'), trimmed.split('/'));
        loop {
            match (ours.next(), theirs.next()) {
                (None, None) => return true,
                (Some(our), Some(their)) if our == their || our.starts_with(':') => {}
                _ => return false,
            }
        }
    };
    let routes = || HELP.iter().map(|(route, _)| *route);
    routes().find(|route| *route == trimmed).or_else(|| routes().find(|route| fits(route)))
}

impl Lang {
    /// The two sentences of the screen at this address; none where there is no such screen.
    pub fn help(self, path: &str) -> Option<[S; 2]> {
        let route = route_of(path)?;
        let (_, sentences) = HELP.iter().find(|(known, _)| *known == route)?;
        Some(match self.locale {
            Locale::English => sentences[0],
            Locale::Urdu => sentences[1],
            Locale::RomanUrdu => sentences[2],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The routes as the router has them: its source is the oracle.
    fn routed() -> Vec<String> {
        let main = include_str!("../main.rs");
        let parts = main.split("path!(\"").skip(1);
        parts.map(|rest| rest.split('"').next().unwrap_or_default().to_owned()).collect()
    }

    #[test]
    fn every_route_has_two_sentences_in_every_language_and_nothing_else_has() {
        let mut routes = routed();
        let mut known: Vec<String> = HELP.iter().map(|(route, _)| (*route).to_owned()).collect();
        routes.sort();
        known.sort();
        assert!(routes.len() > 10, "{routes:?}");
        assert_eq!(routes, known);
        for (route, languages) in HELP {
            for sentence in languages.iter().flatten() {
                let ends = sentence.chars().filter(|letter| matches!(letter, '.' | '۔' | '!' | '?')).count();
                assert_eq!(ends, 1, "one sentence, closed: {route} {sentence}");
                assert!(sentence.ends_with(['.', '۔']), "{route} {sentence}");
            }
            for sentence in languages[1] {
                assert!(sentence.chars().any(|letter| ('\u{600}'..='\u{6ff}').contains(&letter)), "{route}");
            }
        }
    }

    #[test]
    fn an_address_finds_its_route() {
        assert_eq!(route_of("/stock/import"), Some("/stock/import"));
        assert_eq!(route_of("/stock/abc"), Some("/stock/:id"));
        assert_eq!(route_of("/stock/"), Some("/stock"));
        assert_eq!(route_of("/"), Some("/"));
        assert_eq!(route_of("/nowhere"), None);
    }
}
