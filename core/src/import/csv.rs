//! CSV by RFC 4180, as tools really write it: any of four delimiters, CRLF or LF, quotes with line breaks
//! inside, doubled quotes, stray quotes inside plain fields taken as they stand.
//!
//! Works on a slice that begins at a record and says how much of it the record took, so that the caller may
//! feed a file in chunks. Fields are positions, never copies, but for fields with doubled quotes.

/// Most bytes of one record. A quote that is still open after this many was never meant to be one.
pub(super) const MAX_RECORD: usize = 128 * 1024;

/// Where a field's text stands.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: u32,
    end: u32,
    /// In `unescaped` instead of the input.
    copied: bool,
}

/// Splits records into fields.
#[derive(Debug)]
pub(super) struct Tokenizer {
    delimiter: u8,
    fields: Vec<Span>,
    unescaped: Vec<u8>,
}

/// What stands at the start of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A record: `length` bytes with its line end, `text` bytes without; it spans `lines` lines.
    Record { length: usize, text: usize, lines: u64, ended: bool },
    /// The input ends inside a record.
    Incomplete,
    /// A quote at byte `quote` never closes.
    Unclosed { quote: usize },
}

impl Tokenizer {
    pub fn new(delimiter: u8) -> Self {
        Self { delimiter, fields: Vec::new(), unescaped: Vec::new() }
    }

    /// Reads the record at the start of `input`; `last` says that nothing follows the input.
    pub fn next(&mut self, input: &[u8], last: bool) -> Token {
        self.fields.clear();
        self.unescaped.clear();
        let delimiter = self.delimiter;
        let (mut at, mut lines) = (0, 1);
        loop {
            if input.get(at) == Some(&b'"') {
                match self.quoted(input, at) {
                    Some((after, breaks)) => (at, lines) = (after, lines + breaks),
                    None if last || input.len() > MAX_RECORD => return Token::Unclosed { quote: at },
                    None => return Token::Incomplete,
                }
            } else {
                let start = at;
                at += input[at..]
                    .iter()
                    .position(|&byte| byte == delimiter || byte == b'\n')
                    .unwrap_or(input.len() - at);
                self.fields.push(Span { start: start as u32, end: at as u32, copied: false });
            }
            match input.get(at) {
                Some(&byte) if byte == delimiter => at += 1,
                // Only a line end can stand here: both branches stop at a delimiter, a line end or the end.
                Some(_) => {
                    let text = self.without_carriage_return(input, at);
                    return Token::Record { length: at + 1, text, lines, ended: true };
                }
                None if last => {
                    let text = self.without_carriage_return(input, at);
                    return Token::Record { length: at, text, lines, ended: false };
                }
                None => return Token::Incomplete,
            }
        }
    }

    /// Reads the quoted field at `start`; gives the place after it and the line breaks inside, or none when
    /// the input ends first.
    fn quoted(&mut self, input: &[u8], start: usize) -> Option<(usize, u64)> {
        let mut at = start + 1;
        let mut piece = at;
        let copied_from = self.unescaped.len();
        let mut breaks = 0;
        loop {
            match *input.get(at)? {
                b'"' if input.get(at + 1) == Some(&b'"') => {
                    self.unescaped.extend_from_slice(&input[piece..=at]);
                    at += 2;
                    piece = at;
                }
                b'"' => break,
                b'\n' => {
                    breaks += 1;
                    at += 1;
                }
                _ => at += 1,
            }
        }
        let close = at;
        at += 1;
        // Whether the quote was doubled or the field ended is not known before the next byte is.
        let rest = input[at..].iter().position(|&byte| byte == self.delimiter || byte == b'\n');
        let after = at + rest.unwrap_or(input.len() - at);
        let trailing = input[at..after].strip_suffix(b"\r").unwrap_or(&input[at..after]);
        if copied_from == self.unescaped.len() && trailing.is_empty() {
            self.fields.push(Span { start: start as u32 + 1, end: close as u32, copied: false });
        } else {
            self.unescaped.extend_from_slice(&input[piece..close]);
            self.unescaped.extend_from_slice(trailing);
            let (start, end) = (copied_from as u32, self.unescaped.len() as u32);
            self.fields.push(Span { start, end, copied: true });
        }
        Some((after, breaks))
    }

    /// CRLF: the carriage return belongs to the line end, not to the last field.
    fn without_carriage_return(&mut self, input: &[u8], end: usize) -> usize {
        if end == 0 || input[end - 1] != b'\r' {
            return end;
        }
        if let Some(field) = self.fields.last_mut().filter(|field| !field.copied && field.end as usize == end)
        {
            field.end -= u32::from(field.end > field.start);
        }
        end - 1
    }

    /// Number of fields of the record.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// The text of a field, blanks around it cut off. `input` is what was given to [`Self::next`].
    pub fn field<'a>(&'a self, input: &'a [u8], index: usize) -> &'a [u8] {
        let span = self.fields[index];
        let from = if span.copied { &self.unescaped } else { input };
        from[span.start as usize..span.end as usize].trim_ascii()
    }
}

/// The delimiter that splits the first lines most evenly: the header must have it, and more of it is better.
pub(super) fn sniff_delimiter(head: &[u8]) -> u8 {
    let score = |delimiter: u8| {
        let mut tokens = Tokenizer::new(delimiter);
        let (mut at, mut header, mut same) = (0, 0, 0);
        for record in 0..10 {
            match tokens.next(&head[at..], true) {
                Token::Record { length, .. } if length > 0 => at += length,
                _ => break,
            }
            if record == 0 {
                header = tokens.len();
            } else if tokens.len() == header {
                same += 1;
            }
        }
        if header < 2 { (0, 0) } else { (same, header) }
    };
    // Ties go to the first: max_by_key would take the last.
    *b"|\t;,".iter().max_by_key(|delimiter| score(**delimiter)).unwrap_or(&b',')
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn records(text: &str, delimiter: u8) -> Vec<Vec<String>> {
        let mut tokens = Tokenizer::new(delimiter);
        let (mut rest, mut out) = (text.as_bytes(), Vec::new());
        while let Token::Record { length, .. } = tokens.next(rest, true) {
            if length == 0 {
                break;
            }
            let field = |index| String::from_utf8_lossy(tokens.field(rest, index)).into_owned();
            out.push((0..tokens.len()).map(field).collect());
            rest = &rest[length..];
        }
        out
    }

    #[test]
    fn fields_by_the_examples_of_rfc_4180() {
        assert_eq!(
            records("aaa,bbb,ccc\r\nzzz,yyy,xxx", b','),
            [["aaa", "bbb", "ccc"], ["zzz", "yyy", "xxx"]]
        );
        assert_eq!(records("\"aaa\",\"b\r\nbb\",\"ccc\"\r\n", b','), [["aaa", "b\r\nbb", "ccc"]]);
        assert_eq!(records("\"aaa\",\"b\"\"bb\",\"ccc\"\r\n", b','), [["aaa", "b\"bb", "ccc"]]);
        assert_eq!(records("a;\"b;c\";\n;;\n", b';'), [["a", "b;c", ""], ["", "", ""]]);
        assert_eq!(records("12\" tray,\"x\" y,z\n", b','), [["12\" tray", "x y", "z"]]);
    }

    #[test]
    fn every_cut_into_two_chunks_reads_the_same() {
        let text = b"a,\"b\"\"\r\nc\",d\r\n";
        let mut tokens = Tokenizer::new(b',');
        for cut in 0..text.len() {
            assert_eq!(tokens.next(&text[..cut], false), Token::Incomplete, "cut at {cut}");
        }
        let whole = Token::Record { length: text.len(), text: text.len() - 2, lines: 2, ended: true };
        assert_eq!(tokens.next(text, false), whole);
        assert_eq!(tokens.field(text, 1), b"b\"\r\nc");
    }

    #[test]
    fn delimiters_are_told_apart() {
        for (text, delimiter) in
            [("a,b\n1,2\n", b','), ("a;b\n1,5;2,5\n", b';'), ("a\tb, c\n1\t2\n", b'\t'), ("a|b\n1|2\n", b'|')]
        {
            assert_eq!(sniff_delimiter(text.as_bytes()), delimiter, "{text:?}");
        }
    }
}
