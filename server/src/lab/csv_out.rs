//! CSV as the lab writes it: RFC 4180, LF.

use std::io::{self, BufWriter, StdoutLock, Write};

/// Writes rows of text.
pub(super) struct CsvWriter<W: Write>(W);

impl CsvWriter<BufWriter<StdoutLock<'static>>> {
    /// To the standard output.
    pub fn stdout() -> Self {
        Self(BufWriter::with_capacity(1 << 16, io::stdout().lock()))
    }
}

impl<W: Write> CsvWriter<W> {
    /// To anywhere.
    pub fn new(out: W) -> Self {
        Self(out)
    }

    /// One row.
    pub fn row<S: AsRef<str>>(&mut self, fields: impl IntoIterator<Item = S>) -> io::Result<()> {
        for (index, field) in fields.into_iter().enumerate() {
            if index > 0 {
                self.0.write_all(b",")?;
            }
            let field = field.as_ref();
            if field.contains(['"', ',', '\n', '\r']) {
                write!(self.0, "\"{}\"", field.replace('"', "\"\""))?;
            } else {
                self.0.write_all(field.as_bytes())?;
            }
        }
        self.0.write_all(b"\n")
    }

    /// Everything that was written stands when this succeeds.
    pub fn finish(mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A number as short as it can be written and read back the same; empty for none.
pub(super) fn number(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_where_they_must_be() -> io::Result<()> {
        let mut out = Vec::new();
        let mut writer = CsvWriter::new(&mut out);
        writer.row(["a", "b,c", "d \"e\"", ""])?;
        writer.finish()?;
        assert_eq!(String::from_utf8_lossy(&out), "a,\"b,c\",\"d \"\"e\"\"\",\n");
        assert_eq!((number(Some(1.5)), number(None)), ("1.5".to_owned(), String::new()));
        Ok(())
    }
}
