//! Names for the sample's customers, in the script that a shop would have written them in.

/// Given names of men.
#[rustfmt::skip]
pub const MEN: [(&str, &str); 40] = [
    ("Muhammad Ali", "محمد علی"), ("Ahmed", "احمد"), ("Usman", "عثمان"), ("Bilal", "بلال"),
    ("Hamza", "حمزہ"), ("Imran", "عمران"), ("Kashif", "کاشف"), ("Faisal", "فیصل"),
    ("Adnan", "عدنان"), ("Asif", "آصف"), ("Tariq", "طارق"), ("Zahid", "زاہد"),
    ("Shahid", "شاہد"), ("Waqas", "وقاص"), ("Naveed", "نوید"), ("Rizwan", "رضوان"),
    ("Saad", "سعد"), ("Hassan", "حسن"), ("Hussain", "حسین"), ("Umar", "عمر"),
    ("Junaid", "جنید"), ("Salman", "سلمان"), ("Arslan", "ارسلان"), ("Danish", "دانش"),
    ("Fahad", "فہد"), ("Ghulam Rasool", "غلام رسول"), ("Haroon", "ہارون"), ("Ijaz", "اعجاز"),
    ("Jamshed", "جمشید"), ("Khalid", "خالد"), ("Majid", "ماجد"), ("Nadeem", "ندیم"),
    ("Owais", "اویس"), ("Qasim", "قاسم"), ("Rashid", "راشد"), ("Sajid", "ساجد"),
    ("Tanveer", "تنویر"), ("Waseem", "وسیم"), ("Yasir", "یاسر"), ("Zeeshan", "ذیشان"),
];

/// Given names of women.
#[rustfmt::skip]
pub const WOMEN: [(&str, &str); 16] = [
    ("Ayesha", "عائشہ"), ("Fatima", "فاطمہ"), ("Maryam", "مریم"), ("Sana", "ثنا"),
    ("Hina", "حنا"), ("Saima", "صائمہ"), ("Nadia", "نادیہ"), ("Rabia", "رابعہ"),
    ("Iqra", "اقرا"), ("Zainab", "زینب"), ("Sadia", "سعدیہ"), ("Amna", "آمنہ"),
    ("Kiran", "کرن"), ("Mehwish", "مہوش"), ("Bushra", "بشریٰ"), ("Noreen", "نورین"),
];

/// Family names and castes.
#[rustfmt::skip]
pub const FAMILIES: [(&str, &str); 28] = [
    ("Khan", "خان"), ("Butt", "بٹ"), ("Malik", "ملک"), ("Chaudhry", "چوہدری"),
    ("Sheikh", "شیخ"), ("Qureshi", "قریشی"), ("Awan", "اعوان"), ("Raja", "راجہ"),
    ("Mughal", "مغل"), ("Bhatti", "بھٹی"), ("Dar", "ڈار"), ("Mirza", "مرزا"),
    ("Hashmi", "ہاشمی"), ("Gondal", "گوندل"), ("Cheema", "چیمہ"), ("Warraich", "وڑائچ"),
    ("Abbasi", "عباسی"), ("Satti", "ستی"), ("Kayani", "کیانی"), ("Siddiqui", "صدیقی"),
    ("Ansari", "انصاری"), ("Rana", "رانا"), ("Gujjar", "گجر"), ("Lodhi", "لودھی"),
    ("Baig", "بیگ"), ("Niazi", "نیازی"), ("Shah", "شاہ"), ("Iqbal", "اقبال"),
];

/// Parts of Lahore and of Rawalpindi, by branch.
#[rustfmt::skip]
pub const AREAS: [[(&str, &str); 6]; 2] = [
    [
        ("Gulberg, Lahore", "گلبرگ، لاہور"), ("Model Town, Lahore", "ماڈل ٹاؤن، لاہور"),
        ("Ichhra, Lahore", "اچھرہ، لاہور"), ("Samanabad, Lahore", "سمن آباد، لاہور"),
        ("Johar Town, Lahore", "جوہر ٹاؤن، لاہور"), ("Garhi Shahu, Lahore", "گڑھی شاہو، لاہور"),
    ],
    [
        ("Saddar, Rawalpindi", "صدر، راولپنڈی"), ("Satellite Town, Rawalpindi", "سیٹلائٹ ٹاؤن، راولپنڈی"),
        ("Raja Bazaar, Rawalpindi", "راجہ بازار، راولپنڈی"), ("Chaklala, Rawalpindi", "چکلالہ، راولپنڈی"),
        ("Adiala Road, Rawalpindi", "اڈیالہ روڈ، راولپنڈی"), ("Westridge, Rawalpindi", "ویسٹریج، راولپنڈی"),
    ],
];
