//! A table as CSV that a spreadsheet opens.

/// One field: quoted where needed, and never a formula where a spreadsheet opens it.
fn field(text: &str) -> String {
    let safe = match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t') if text.parse::<f64>().is_err() => format!("'{text}"),
        _ => text.to_owned(),
    };
    if safe.contains([',', '"', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

/// Rows as CSV. The mark in front tells spreadsheets that it is UTF-8.
pub fn csv(rows: &[Vec<String>]) -> String {
    let lines: Vec<String> =
        rows.iter().map(|row| row.iter().map(|text| field(text)).collect::<Vec<_>>().join(",")).collect();
    format!("\u{feff}{}\r\n", lines.join("\r\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_survive_a_spreadsheet() {
        assert_eq!(field("Redmi \"13\", 8/256"), "\"Redmi \"\"13\"\", 8/256\"");
        assert_eq!(field("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(field("-12.5"), "-12.5");
        assert_eq!(csv(&[vec!["a".into(), "b".into()]]), "\u{feff}a,b\r\n");
    }
}
