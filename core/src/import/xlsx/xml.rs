//! A pull parser for the XML of workbooks: machine-written, without DTDs. Names come without their namespace prefix.

use std::borrow::Cow;

/// What comes next.
#[derive(Clone, Debug, PartialEq)]
pub enum Node<'a> {
    /// `<name …>` or, where `is_empty`, `<name …/>`, after which no [`Node::Close`] comes.
    Open(Tag<'a>),
    /// `</name>`
    Close(&'a str),
    /// What stands between tags.
    Text(Cow<'a, str>),
}

/// A tag that opens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tag<'a> {
    /// Local name.
    pub name: &'a str,
    /// Nothing is in it.
    pub is_empty: bool,
    attributes: &'a str,
}

impl<'a> Tag<'a> {
    /// The value of an attribute; a prefix of its name does not count.
    pub fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        let mut rest = self.attributes;
        loop {
            let (key, after) = rest.split_once('=')?;
            let after = after.trim_start();
            let quote = after.chars().next().filter(|it| matches!(it, '"' | '\''))?;
            let (value, next) = after[1..].split_once(quote)?;
            if local(key.trim()) == name {
                return Some(plain(value));
            }
            rest = next;
        }
    }
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Text with its entities resolved; an unknown one stays as it is written.
fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let entity = after.split_once(';').and_then(|(name, next)| Some((resolved(name)?, next)));
        match entity {
            Some((letter, next)) => {
                out.push(letter);
                rest = next;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn resolved(entity: &str) -> Option<char> {
    Some(match entity {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = entity.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    })
}

/// Reads a text node by node.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    /// At the start of a text.
    pub fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    /// The text of an element that has just been opened, up to its end; what `skip` opens is left out.
    pub fn text_of(&mut self, tag: Tag<'_>, skip: &str) -> String {
        let (mut out, mut skipped) = (String::new(), 0);
        if tag.is_empty {
            return out;
        }
        for node in self {
            match node {
                Node::Text(text) if skipped == 0 => out.push_str(&text),
                Node::Open(open) if open.name == skip && !open.is_empty => skipped += 1,
                Node::Close(name) if name == skip => skipped -= 1,
                Node::Close(name) if name == tag.name => break,
                _ => {}
            }
        }
        out
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Node<'a>;

    /// Ends where the text does, or where a tag is cut off.
    fn next(&mut self) -> Option<Node<'a>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let Some(inner) = self.rest.strip_prefix('<') else {
                let end = self.rest.find('<').unwrap_or(self.rest.len());
                let (text, rest) = self.rest.split_at(end);
                self.rest = rest;
                return Some(Node::Text(plain(text)));
            };
            let past = |mark: &str| inner.find(mark).map(|at| at + mark.len());
            if let Some(data) = inner.strip_prefix("![CDATA[") {
                let end = data.find("]]>")?;
                self.rest = &data[end + 3..];
                return Some(Node::Text(Cow::Borrowed(&data[..end])));
            }
            if inner.starts_with("!--") {
                self.rest = &inner[past("-->")?..];
                continue;
            }
            let end = inner.find('>')?;
            self.rest = &inner[end + 1..];
            if inner.starts_with(['?', '!']) {
                continue;
            }
            if let Some(name) = inner[..end].strip_prefix('/') {
                return Some(Node::Close(local(name.trim_end())));
            }
            let (tag, is_empty) =
                inner[..end].strip_suffix('/').map_or((&inner[..end], false), |tag| (tag, true));
            let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
            return Some(Node::Open(Tag { name: local(name), is_empty, attributes }));
        }
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn nodes_by_the_examples_of_the_xml_recommendation() {
        let text = "<?xml version='1.0'?><!-- declarations for <head> --><x:p a = \"1 &lt; 2\" r:id='q'>AT&amp;T &#x62A;&#65;<![CDATA[<br>]]><e/></x:p>";
        let nodes: Vec<Node<'_>> = Reader::new(text).collect();
        let Node::Open(open) = &nodes[0] else { panic!("{nodes:?}") };
        assert_eq!(
            (open.name, open.attribute("a").as_deref(), open.attribute("id").as_deref()),
            ("p", Some("1 < 2"), Some("q"))
        );
        assert_eq!(open.attribute("b"), None);
        assert_eq!(nodes[1], Node::Text("AT&T تA".into()));
        assert_eq!(nodes[2], Node::Text("<br>".into()));
        assert!(matches!(&nodes[3], Node::Open(Tag { name: "e", is_empty: true, .. })));
        assert_eq!(nodes[4..], [Node::Close("p")]);
        assert_eq!(Reader::new("<a><b x=\"1").count(), 1, "a cut tag ends the text");
    }
}
