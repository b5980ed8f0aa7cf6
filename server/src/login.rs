//! Sign-in names: a mobile number or an e-mail address, written one way however it was typed.

/// Fewest characters of a password.
pub const PASSWORD_MIN_CHARS: usize = 8;
/// Most bytes of a password: hashing longer ones would only burn time.
pub const PASSWORD_MAX_BYTES: usize = 512;

/// The one spelling of a sign-in name: `+92…` for Pakistani mobile numbers in any spelling and with any digits,
/// `+…` for numbers of other countries, lower case for e-mail. `None` if it is neither.
pub fn normalise(typed: &str) -> Option<String> {
    let typed = typed.trim();
    if typed.contains('@') { email(typed) } else { phone(typed) }
}

fn email(typed: &str) -> Option<String> {
    let lower = typed.to_lowercase();
    let (name, domain) = lower.split_once('@')?;
    let plain = |text: &str| text.chars().all(|letter| letter.is_ascii_graphic() && letter != '@');
    let dotted = domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.');
    let holds = !name.is_empty() && dotted && lower.len() <= 254 && plain(name) && plain(domain);
    holds.then_some(lower)
}

fn phone(typed: &str) -> Option<String> {
    let mut digits = String::with_capacity(typed.len());
    let mut international = false;
    for letter in typed.chars() {
        match letter {
            '0'..='9' => digits.push(letter),
            // Arabic-Indic digits, as on Arabic and on Urdu keyboards.
            '\u{0660}'..='\u{0669}' => digits.push(ascii_digit(letter, 0x0660)),
            '\u{06f0}'..='\u{06f9}' => digits.push(ascii_digit(letter, 0x06f0)),
            '+' if digits.is_empty() && !international => international = true,
            ' ' | '-' | '(' | ')' | '.' | '\u{a0}' | '\u{200e}' | '\u{200f}' => {}
            _ => return None,
        }
    }
    if !international && let Some(rest) = digits.strip_prefix("00") {
        (digits, international) = (rest.to_owned(), true);
    }
    let national = match (international, digits.as_bytes()) {
        (true, _) => None,
        (false, [b'0', b'3', ..]) => Some(&digits[1..]),
        (false, [b'9', b'2', b'3', ..]) => Some(&digits[2..]),
        (false, [b'3', ..]) => Some(&digits[..]),
        _ => return None,
    };
    let full = match national {
        Some(national) => format!("+92{national}"),
        None => format!("+{digits}"),
    };
    // A Pakistani mobile number is +92, 3 and nine more digits; elsewhere E.164 allows 8 to 15.
    let holds = if full.starts_with("+92") {
        full.len() == 13 && full.starts_with("+923")
    } else {
        (9..=16).contains(&full.len())
    };
    (holds && !full.starts_with("+0")).then_some(full)
}

fn ascii_digit(letter: char, zero: u32) -> char {
    char::from(b'0' + (u32::from(letter) - zero) as u8)
}

#[cfg(test)]
mod tests {
    use super::normalise;

    #[test]
    fn every_spelling_of_a_pakistani_mobile_number_is_one_name() {
        for typed in [
            "03001234567",
            "0300-1234567",
            "0300 123 4567",
            "+92 300 1234567",
            "00923001234567",
            "923001234567",
            "3001234567",
            "۰۳۰۰۱۲۳۴۵۶۷",
            "٠٣٠٠١٢٣٤٥٦٧",
            " +92 (300) 123-4567 ",
        ] {
            assert_eq!(normalise(typed).as_deref(), Some("+923001234567"), "{typed}");
        }
        assert_eq!(normalise("+44 20 7946 0000").as_deref(), Some("+442079460000"));
        assert_eq!(normalise(" Ali@Example.COM ").as_deref(), Some("ali@example.com"));
    }

    #[test]
    fn what_is_neither_number_nor_address_is_refused() {
        for typed in [
            "",
            "ali",
            "0300123456",
            "030012345678",
            "+92 42 1234567",
            "+0123456789",
            "0300x1234567",
            "@example.com",
            "ali@example",
            "a b@example.com",
            "a@@example.com",
            "a@.com",
            "1234567890",
            "++923001234567",
        ] {
            assert_eq!(normalise(typed), None, "{typed}");
        }
    }
}
