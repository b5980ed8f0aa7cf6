//! Numbers of national identity cards, as they are typed and as they are printed.

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
