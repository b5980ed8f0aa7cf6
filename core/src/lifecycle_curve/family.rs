//! Which model follows which: "Galaxy A14" → "Galaxy A15", "Redmi Note 12" → "Redmi Note 13".
//!
//! Question answered: which product is the next generation of this one? Input: brand and name as on the shelf. Output:
//! [`Generation`], and the successor among products. A name is read as line, generation number and variant, without
//! memory sizes, network and colour in brackets. Two digits that hang on one letter are a tier and a generation: an
//! A14 is followed by an A15, never by an A24. A successor has the same brand, line and variant and the next higher
//! number there is.
//!
//! How it fails: a maker that renames its line has no successor here; a name without a number has none; S9 → S10 and
//! A19 → A20 are taken as other lines.

/// A name, read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation {
    /// Brand, in lower case.
    pub brand: String,
    /// Words before the number: `redmi note`, `galaxy a1`.
    pub line: String,
    /// Words after it: `pro`, `c`, `pro max`.
    pub variant: String,
    /// The number.
    pub number: u32,
}

/// What is no part of a model's name.
fn is_memory_or_network(word: &str) -> bool {
    let size =
        word.strip_suffix("gb").or_else(|| word.strip_suffix("tb")).or_else(|| word.strip_suffix("ram"));
    let number = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    matches!(word, "4g" | "5g" | "lte" | "dual" | "sim" | "pta" | "approved" | "new" | "ram" | "rom" | "gb")
        || size.is_some_and(|size| size.is_empty() || number(size))
        || word.split_once(['/', '+']).is_some_and(|(a, b)| number(a) && number(b.trim_end_matches("gb")))
}

impl Generation {
    /// Reads a name; none without a number.
    pub fn parse(brand: &str, name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        let name = name.split(['(', ',', '|']).next().unwrap_or_default();
        let brand = brand.to_lowercase();
        let words: Vec<&str> =
            (name.split([' ', '-', '_'])).filter(|it| !it.is_empty() && !is_memory_or_network(it)).collect();
        let words = &words[usize::from(words.first() == Some(&brand.as_str()))..];
        let at = words.iter().position(|word| word.contains(|it: char| it.is_ascii_digit()))?;
        let word = words[at];
        let start = word.find(|it: char| it.is_ascii_digit())?;
        let digits: String = word[start..].chars().take_while(char::is_ascii_digit).collect();
        let (letters, after) = (&word[..start], &word[start + digits.len()..]);
        let mut line = words[..at].to_vec();
        let mut number = digits.as_str();
        let tier;
        if !letters.is_empty() {
            let hangs = letters.len() == 1 && digits.len() == 2;
            tier = format!("{letters}{}", if hangs { &digits[..1] } else { "" });
            line.push(&tier);
            number = &digits[usize::from(hangs)..];
        }
        let mut variant: Vec<&str> = if after.is_empty() { Vec::new() } else { vec![after] };
        variant.extend(&words[at + 1..]);
        Some(Self { brand, line: line.join(" "), variant: variant.join(" "), number: number.parse().ok()? })
    }
}

/// Each product's successor among all of them, by position: the next number of its line and variant; of equal
/// numbers (sizes of memory) the first.
pub fn successors(products: &[Option<Generation>]) -> Vec<Option<usize>> {
    let next = |own: &Generation| {
        let follows = |it: &&Generation| {
            (&it.brand, &it.line, &it.variant) == (&own.brand, &own.line, &own.variant)
                && it.number > own.number
        };
        let others =
            products.iter().enumerate().filter_map(|(at, it)| Some((at, it.as_ref().filter(follows)?)));
        others.min_by_key(|(at, it)| (it.number, *at)).map(|(at, _)| at)
    };
    products.iter().map(|own| own.as_ref().and_then(next)).collect()
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn names_of_the_bazaar_are_read() {
        let read = |brand: &str, name: &str| {
            Generation::parse(brand, name).map(|it| format!("{}|{}|{}", it.line, it.number, it.variant))
        };
        let cases = [
            ("Samsung", "Samsung Galaxy A14 4/64 (Black)", Some("galaxy a1|4|")),
            ("Samsung", "Galaxy A24 6GB 128GB", Some("galaxy a2|4|")),
            ("Xiaomi", "Redmi Note 12 Pro 8/256GB", Some("redmi note|12|pro")),
            ("Tecno", "Tecno Spark 10C", Some("spark|10|c")),
            ("Apple", "iPhone 14 Pro Max 256GB PTA Approved", Some("iphone|14|pro max")),
            ("Infinix", "Infinix Hot 30i 5G", Some("hot|30|i")),
            ("Vivo", "Vivo Y200", Some("y|200|")),
            ("Nokia", "Nokia 105", Some("|105|")),
            ("Baseus", "Charger 8GB", None),
            ("", "", None),
        ];
        for (brand, name, expected) in cases {
            assert_eq!(read(brand, name).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn the_next_number_of_line_and_variant_follows() {
        let names = [
            "Galaxy A14",
            "Galaxy A24",
            "Galaxy A16",
            "Galaxy A15",
            "Galaxy A15 8GB",
            "Galaxy",
            "Galaxy A15 Pro",
        ];
        let read: Vec<_> = names.iter().map(|name| Generation::parse("Samsung", name)).collect();
        assert_eq!(successors(&read), [Some(3), None, None, Some(2), Some(2), None, None]);
    }
}
