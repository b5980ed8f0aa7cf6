//! The words of the Forecasts screen: the next month, how right forecasts were, who speaks and what was looked at.

use super::plural::{Plural, plural};

type S = &'static str;

/// One language.
#[allow(missing_docs, reason = "fields are named for the sentence they hold; the English one says it")]
#[cfg_attr(test, derive(Debug))]
pub struct QualityText {
    pub title: S,
    pub about: S,
    pub month: S,
    /// `{0}` to `{1}`.
    pub sure: S,
    pub kpi: S,
    /// `{0}` the aim.
    pub met: S,
    pub missed: S,
    pub judged: S,
    /// `{0}` of `{1}` products.
    pub of_products: S,
    pub too_little: Plural,
    pub right: S,
    /// `{0}` forecasts, `{1}` products, `{2}` days each, `{3}` until.
    pub right_how: S,
    /// Ours, last week's, last day's.
    pub columns: [S; 3],
    /// Product, category, shop.
    pub levels: [S; 3],
    /// Day, week, month.
    pub spans: [S; 3],
    pub errors: S,
    pub errors_unit: S,
    /// In the order of the sheet: MAPE, sMAPE, WAPE, MAE, RMSE, MASE, RMSSE, bias.
    pub measures: [S; 8],
    pub worth: S,
    pub worth_how: S,
    /// Left-over stock, stockouts, sales.
    pub impact: [S; 3],
    pub who: S,
    /// Smartphones, accessories.
    pub goods: [S; 2],
    /// `{0}` goods, `{1}` who answers.
    pub answers: S,
    /// `{0}` the default that lost.
    pub instead: S,
    pub usual: S,
    /// Boosting, forest, last month.
    pub learners: [S; 3],
    /// `{0}` learners with their errors, `{1}` months.
    pub missed_by: S,
    /// `{0}` goods, `{1}` product months known, `{2}` needed.
    pub too_few: S,
    /// `{0}` trees' error, `{1}` the average's.
    pub daily: S,
    pub looked: S,
    /// By series, by the eight inputs, by days.
    pub looked_at: [S; 3],
    /// `{0}` holidays and offers, `{1}` entries of advertising.
    pub entered: S,
    pub voices: S,
    /// `{0}` of `{1}` forecasts, `{2}` in the lead.
    pub speaks: S,
    pub products: S,
    pub products_how: S,
    /// Own sales, range, inputs, days.
    pub product_columns: [S; 4],
    pub partial: S,
}

/// English.
pub const EN: QualityText = QualityText {
    title: "Forecasts",
    about: "What the next month brings, and how right forecasts have been",
    month: "Next 30 days",
    sure: "{0} to {1}, sure 8 times of 10",
    kpi: "Right by the month",
    met: "Above the aim of {0}",
    missed: "Not above the aim of {0}",
    judged: "Products judged",
    of_products: "of {0}, the best sellers first",
    too_little: plural("Too little data: {0} more day", "Too little data: {0} more days"),
    right: "How right forecasts have been",
    right_how: "100% less the error. {0} forecasts of {1} products were made again as if from past days, each for {2} days, and held against what was sold until {3}. Each product by itself, without what products learn from each other.",
    columns: ["Ours", "Last week again", "Last day again"],
    levels: ["Single products", "Categories", "The whole shop"],
    spans: ["day", "week", "4 weeks"],
    errors: "All errors",
    errors_unit: "Single products, day by day; MAE and RMSE in pieces a day.",
    measures: ["MAPE", "sMAPE", "WAPE", "MAE", "RMSE", "MASE", "RMSSE", "Bias (above 0: too high)"],
    worth: "What following the forecast is worth",
    worth_how: "Replayed on past months: four weeks of stock by the forecast, against a shop that takes last month’s sales and a quarter more.",
    impact: ["Less stock left over (below 0: more)", "Fewer empty shelves", "More sold"],
    who: "Who answers for which goods",
    goods: ["Smartphones", "Accessories"],
    answers: "{0}: {1}.",
    instead: "In place of {0}, which erred more on this shop’s own past.",
    usual: "The usual choice for these goods; nothing else erred less.",
    learners: ["boosted trees", "random forest", "last month again"],
    missed_by: "Off by so many pieces a product and month, over {1} past months: {0}.",
    too_few: "{0}: too little to learn from; {1} product months are known, {2} before five test months are needed.",
    daily: "Single days of all products together (boosted trees): off by {0} pieces a day; the average of 30 days by {1}.",
    looked: "What was looked at",
    looked_at: [
        "Own sales: weekdays, trend, season, paydays, entered holidays and offers, days with an empty shelf.",
        "Eight inputs: price beside the category’s, the brand’s share, age, rivals, season, advertising, stock, last month’s sales.",
        "Single days: weekday, month, your weekend, the same day last week, the average of 30 days, price tier.",
    ],
    entered: "You have entered {0} holidays and offers, and advertising {1} times.",
    voices: "Which methods speak",
    speaks: "in {0} of {1} forecasts, most of all in {2}",
    products: "Products in the next 30 days",
    products_how: "Pieces. The same question, answered in three ways.",
    product_columns: ["Own sales", "Range", "Eight inputs", "Single days"],
    partial: "Stopped before the end: what is missing comes when this page is opened again.",
};

/// Urdu.
pub const UR: QualityText = QualityText {
    title: "اندازے",
    about: "اگلا مہینہ کیا لائے گا، اور اب تک کے اندازے کتنے درست نکلے",
    month: "اگلے 30 دن",
    sure: "{0} سے {1}، دس میں سے آٹھ بار",
    kpi: "مہینے کے حساب سے درست",
    met: "{0} کے ہدف سے اوپر",
    missed: "{0} کے ہدف سے اوپر نہیں",
    judged: "جانچی گئی چیزیں",
    of_products: "{0} میں سے، زیادہ بکنے والی پہلے",
    too_little: plural("ریکارڈ کم ہے: {0} دن اور", "ریکارڈ کم ہے: {0} دن اور"),
    right: "اندازے کتنے درست نکلے",
    right_how: "100% میں سے غلطی نکال کر۔ {1} چیزوں کے {0} اندازے گزرے دنوں سے دوبارہ لگائے گئے، ہر ایک {2} دن کا، اور {3} تک کی اصل فروخت سے ملائے گئے۔ ہر چیز اپنی ہی فروخت سے، چیزیں ایک دوسرے سے جو سیکھتی ہیں اس کے بغیر۔",
    columns: ["ہمارا", "پچھلا ہفتہ دہرا کر", "پچھلا دن دہرا کر"],
    levels: ["ایک ایک چیز", "قسمیں", "پوری دکان"],
    spans: ["دن", "ہفتہ", "4 ہفتے"],
    errors: "تمام غلطیاں",
    errors_unit: "ایک ایک چیز، دن بہ دن؛ MAE اور RMSE روزانہ عدد میں۔",
    measures: ["MAPE", "sMAPE", "WAPE", "MAE", "RMSE", "MASE", "RMSSE", "جھکاؤ (0 سے اوپر: اندازہ زیادہ)"],
    worth: "اندازے پر چلنے کا فائدہ",
    worth_how: "گزرے مہینوں پر آزما کر: چار ہفتوں کا مال اندازے سے، اس دکان کے مقابلے میں جو پچھلے مہینے کی فروخت اور چوتھائی زیادہ رکھے۔",
    impact: ["بچا ہوا مال کم (0 سے نیچے: زیادہ)", "خالی شیلف کم", "فروخت زیادہ"],
    who: "کس مال کا اندازہ کون لگاتا ہے",
    goods: ["اسمارٹ فون", "لوازمات"],
    answers: "{0}: {1}۔",
    instead: "{0} کی جگہ، جس کی غلطی اسی دکان کے ریکارڈ پر زیادہ تھی۔",
    usual: "اس مال کا عام طریقہ؛ کسی اور کی غلطی کم نہ تھی۔",
    learners: ["بوسٹڈ ٹریز", "رینڈم فاریسٹ", "پچھلا مہینہ دہرانا"],
    missed_by: "گزرے {1} مہینوں میں ہر چیز پر ماہانہ اتنے عدد کی غلطی: {0}۔",
    too_few: "{0}: سیکھنے کو ریکارڈ کم ہے؛ {1} ماہانہ ریکارڈ ہیں، پانچ آزمائشی مہینوں سے پہلے {2} چاہییں۔",
    daily: "سب چیزوں کے ایک ایک دن ملا کر (بوسٹڈ ٹریز): روزانہ {0} عدد کی غلطی؛ 30 دن کی اوسط سے {1}۔",
    looked: "کیا کیا دیکھا گیا",
    looked_at: [
        "اپنی فروخت: ہفتے کے دن، رجحان، موسم، تنخواہ کے دن، لکھی ہوئی چھٹیاں اور رعایتیں، خالی شیلف کے دن۔",
        "آٹھ باتیں: قسم کے مقابلے میں قیمت، برانڈ کا حصہ، عمر، مقابل چیزیں، موسم، اشتہار، مال، پچھلے مہینے کی فروخت۔",
        "ایک ایک دن: ہفتے کا دن، مہینہ، آپ کی ہفتہ وار چھٹی، پچھلے ہفتے کا وہی دن، 30 دن کی اوسط، قیمت کا درجہ۔",
    ],
    entered: "آپ نے {0} چھٹیاں اور رعایتیں لکھی ہیں، اور اشتہار {1} بار۔",
    voices: "کون سے طریقے بولتے ہیں",
    speaks: "{1} میں سے {0} اندازوں میں، {2} میں سب سے زیادہ",
    products: "اگلے 30 دن میں چیزیں",
    products_how: "عدد۔ ایک ہی سوال، تین طریقوں سے جواب۔",
    product_columns: ["اپنی فروخت", "حد", "آٹھ باتیں", "ایک ایک دن"],
    partial: "ختم ہونے سے پہلے روک دیا گیا: باقی اس وقت آئے گا جب یہ صفحہ دوبارہ کھلے گا۔",
};

/// Roman Urdu.
pub const ROMAN: QualityText = QualityText {
    title: "Andaze",
    about: "Agla mahina kya laye ga, aur ab tak ke andaze kitne durust nikle",
    month: "Agle 30 din",
    sure: "{0} se {1}, das mein se aath baar",
    kpi: "Mahine ke hisaab se durust",
    met: "{0} ke hadaf se upar",
    missed: "{0} ke hadaf se upar nahi",
    judged: "Jaanchi gayi cheezein",
    of_products: "{0} mein se, zyada bikne wali pehle",
    too_little: plural("Record kam hai: {0} din aur", "Record kam hai: {0} din aur"),
    right: "Andaze kitne durust nikle",
    right_how: "100% mein se ghalti nikaal kar. {1} cheezon ke {0} andaze guzre dinon se dobara lagaye gaye, har ek {2} din ka, aur {3} tak ki asal farokht se milaye gaye. Har cheez apni hi farokht se, cheezein ek doosre se jo seekhti hain us ke baghair.",
    columns: ["Hamara", "Pichla hafta dohra kar", "Pichla din dohra kar"],
    levels: ["Ek ek cheez", "Qismein", "Poori dukan"],
    spans: ["din", "hafta", "4 hafte"],
    errors: "Tamam ghaltiyan",
    errors_unit: "Ek ek cheez, din ba din; MAE aur RMSE rozana adad mein.",
    measures: ["MAPE", "sMAPE", "WAPE", "MAE", "RMSE", "MASE", "RMSSE", "Jhukao (0 se upar: andaza zyada)"],
    worth: "Andaze par chalne ka faida",
    worth_how: "Guzre mahinon par aazma kar: chaar hafton ka maal andaze se, us dukan ke muqable mein jo pichle mahine ki farokht aur chauthai zyada rakhe.",
    impact: ["Bacha hua maal kam (0 se neeche: zyada)", "Khali shelf kam", "Farokht zyada"],
    who: "Kis maal ka andaza kaun lagata hai",
    goods: ["Smartphone", "Accessories"],
    answers: "{0}: {1}.",
    instead: "{0} ki jagah, jis ki ghalti isi dukan ke record par zyada thi.",
    usual: "Is maal ka aam tareeqa; kisi aur ki ghalti kam na thi.",
    learners: ["boosted trees", "random forest", "pichla mahina dohrana"],
    missed_by: "Guzre {1} mahinon mein har cheez par mahana itne adad ki ghalti: {0}.",
    too_few: "{0}: seekhne ko record kam hai; {1} mahana record hain, paanch aazmaishi mahinon se pehle {2} chahiyen.",
    daily: "Sab cheezon ke ek ek din mila kar (boosted trees): rozana {0} adad ki ghalti; 30 din ki ausat se {1}.",
    looked: "Kya kya dekha gaya",
    looked_at: [
        "Apni farokht: hafte ke din, rujhan, mausam, tankhwah ke din, likhi hui chhuttiyan aur riayatein, khali shelf ke din.",
        "Aath baatein: qism ke muqable mein qeemat, brand ka hissa, umar, muqabil cheezein, mausam, ishtihar, maal, pichle mahine ki farokht.",
        "Ek ek din: hafte ka din, mahina, aap ki haftawar chhutti, pichle hafte ka wahi din, 30 din ki ausat, qeemat ka darja.",
    ],
    entered: "Aap ne {0} chhuttiyan aur riayatein likhi hain, aur ishtihar {1} baar.",
    voices: "Kaun se tareeqe bolte hain",
    speaks: "{1} mein se {0} andazon mein, {2} mein sab se zyada",
    products: "Agle 30 din mein cheezein",
    products_how: "Adad. Ek hi sawal, teen tareeqon se jawab.",
    product_columns: ["Apni farokht", "Had", "Aath baatein", "Ek ek din"],
    partial: "Khatam hone se pehle rok diya gaya: baqi us waqt aaye ga jab yeh safha dobara khule ga.",
};
