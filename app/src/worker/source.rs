//! A file as a stream of chunks: unpacked on the way when it is gzip, a sheet's rows as CSV when it is a workbook, refused
//! at once when it is neither nor text.

use crate::{
    outlet::scope,
    workbook::{self, Opened},
};
use dukandar_app::{
    effect::gzip,
    message::{Failure, FilePreview},
};
use dukandar_core::{
    import::{
        self,
        xlsx::{self, Sheet},
    },
    privacy::seal::to_hex,
    reject::RejectReason,
    time::Zone,
};
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, ReadableStream, ReadableStreamDefaultReader};

/// Files beyond this are refused before a byte is read: their columns would not fit a phone's memory.
pub const MAX_BYTES: u64 = 512 * 1024 * 1024;
/// Files up to this are hashed by the browser, which needs them in memory as a whole.
const MAX_HASHED: f64 = 64.0 * 1024.0 * 1024.0;
/// Bytes handed on at once.
const CHUNK: usize = 512 * 1024;
/// Bytes of the head that a preview reads.
const HEAD: usize = 64 * 1024;

/// An open file.
pub struct Source {
    from: Origin,
    /// Bytes in all after unpacking, as far as the file itself says.
    pub total_bytes: u64,
    is_at_end: bool,
    /// Names of a workbook's sheets, and which of them this is.
    pub sheets: (Vec<String>, u32),
    /// The sheet, where the file is a workbook.
    pub sheet: Option<Sheet>,
}

/// Where the bytes come from.
enum Origin {
    File(ReadableStreamDefaultReader),
    /// A sheet's text, and how far it is read.
    Text(String, usize),
}

impl Source {
    /// Opens a file by its first bytes, whatever its name says; of a workbook `sheet`, or the first that is not empty.
    pub async fn open(file: &File, sheet: Option<u32>) -> Result<Self, Failure> {
        let bytes = file.size() as u64;
        if bytes > MAX_BYTES {
            return Err(Failure::file(RejectReason::TooLarge, format!("{} MB", bytes >> 20)));
        }
        let head = slice(file, 0.0, 4.0).await?;
        if head.starts_with(b"PK") {
            let Opened { sheets, chosen, sheet } = workbook::open(file, sheet).await?;
            let text = sheet.csv().map_err(Failure::File)?;
            let (total_bytes, from) = (text.len() as u64, Origin::Text(text, 0));
            return Ok(Self {
                from,
                total_bytes,
                is_at_end: false,
                sheets: (sheets, chosen),
                sheet: Some(sheet),
            });
        }
        if head.starts_with(b"%PDF") {
            return Err(Failure::file(RejectReason::Pdf, file.name()));
        }
        if head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
            // The names of its streams stand anywhere in it.
            let all = slice(file, 0.0, file.size().min(MAX_HASHED)).await?;
            return Err(Failure::File(xlsx::of_old_kind(&all)));
        }
        let mut total_bytes = bytes;
        let mut stream = file.stream();
        if head.starts_with(&[0x1f, 0x8b]) {
            stream = gzip::unpacked(&stream).map_err(unreadable)?;
            // RFC 1952: the last four bytes are the size before packing, modulo 2³².
            let tail = slice(file, file.size() - 4.0, file.size()).await?;
            total_bytes = tail.try_into().map(u32::from_le_bytes).map_or(bytes, u64::from);
            if total_bytes > MAX_BYTES {
                return Err(Failure::file(RejectReason::TooLarge, format!("{} MB", total_bytes >> 20)));
            }
        }
        let from = Origin::File(reader(&stream));
        Ok(Self { from, total_bytes, is_at_end: false, sheets: (Vec::new(), 0), sheet: None })
    }

    /// The next bytes, about half a megabyte; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        let mut chunk = Vec::new();
        let reader = match &mut self.from {
            Origin::File(reader) => reader,
            Origin::Text(text, at) => {
                let end = (*at + CHUNK).min(text.len());
                chunk.extend_from_slice(&text.as_bytes()[*at..end]);
                *at = end;
                return Ok(if chunk.is_empty() { None } else { Some(chunk) });
            }
        };
        while chunk.len() < CHUNK && !self.is_at_end {
            let read = JsFuture::from(reader.read()).await.map_err(unreadable)?;
            self.is_at_end = Reflect::get(&read, &"done".into()).is_ok_and(|done| done.is_truthy());
            let value = Reflect::get(&read, &"value".into()).unwrap_or(JsValue::UNDEFINED);
            if let Ok(bytes) = value.dyn_into::<Uint8Array>() {
                let from = chunk.len();
                chunk.resize(from + bytes.length() as usize, 0);
                bytes.copy_to(&mut chunk[from..]);
            }
        }
        Ok(if chunk.is_empty() { None } else { Some(chunk) })
    }

    /// Lets go of the file.
    pub fn close(&self) {
        if let Origin::File(reader) = &self.from {
            // The promise settles when the browser has let go; nobody waits for that.
            let _ = reader.cancel();
        }
    }
}

fn reader(stream: &ReadableStream) -> ReadableStreamDefaultReader {
    stream.get_reader().unchecked_into()
}

/// SHA-256 of the file as it lies there, by the browser's own code. None where the file is too large for that, or the
/// page is no secure context; the importer then hashes the text itself.
pub async fn sha256(file: &File) -> Option<String> {
    if file.size() > MAX_HASHED {
        return None;
    }
    let subtle =
        scope().crypto().ok().map(|crypto| crypto.subtle()).filter(|subtle| !subtle.is_undefined())?;
    let bytes = JsFuture::from(file.array_buffer()).await.ok()?;
    let digest = subtle.digest_with_str_and_buffer_source("SHA-256", bytes.unchecked_ref()).ok()?;
    let digest = Uint8Array::new(&JsFuture::from(digest).await.ok()?).to_vec();
    Some(to_hex(&digest))
}

pub async fn slice(file: &File, from: f64, to: f64) -> Result<Vec<u8>, Failure> {
    let part = file.slice_with_f64_and_f64(from.max(0.0), to).map_err(unreadable)?;
    let buffer = JsFuture::from(part.array_buffer()).await.map_err(unreadable)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

pub fn unreadable(error: JsValue) -> Failure {
    let text = error.dyn_ref::<web_sys::DomException>().map(web_sys::DomException::message);
    let text = text.or_else(|| error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message())));
    Failure::Unreadable(text.unwrap_or_else(|| format!("{error:?}")))
}

/// What the head of a file looks like.
pub async fn preview(file: &File, sheet: Option<u32>) -> Result<FilePreview, Failure> {
    let mut source = Source::open(file, sheet).await?;
    let mut head = source.next().await?.unwrap_or_default();
    source.close();
    head.truncate(HEAD);
    let found = import::preview(&head, None, None, Zone::KARACHI).map_err(Failure::File)?;
    Ok(FilePreview {
        headers: found.headers,
        // Delimiters are `,` `;` tab or `|`.
        delimiter: u8::try_from(found.delimiter).unwrap_or(b','),
        mapping: found.mapping,
        missing: found.missing,
        date_order: found.date_order,
        rows: found.rows.into_iter().map(|row| row.fields).collect(),
        sheets: source.sheets.0,
        sheet: source.sheets.1,
        errors: source.sheet.map(|sheet| sheet.errors).unwrap_or_default(),
    })
}
