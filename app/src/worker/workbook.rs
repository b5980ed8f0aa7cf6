//! A workbook's sheet out of a file: its parts are unpacked by the browser, what stands in them is core's to say. And any
//! list as text, whatever file it comes in.

use crate::source::{Source, slice, unreadable};
use dukandar_app::{
    effect::gzip,
    message::{Failure, ListText},
};
use dukandar_core::{
    import::xlsx::{self, Book, MOST_BYTES, Part, Sheet},
    reject::RejectReason,
};
use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

/// Most bytes of a packed workbook.
const MOST_PACKED: f64 = 32.0 * 1024.0 * 1024.0;
/// Most bytes of a list that is pasted or chosen on the opening day: the screen lays it out row by row.
const MOST_TEXT: usize = 2 << 20;

/// A sheet that was read.
pub struct Opened {
    /// Names of all sheets.
    pub sheets: Vec<String>,
    /// Which of them this is.
    pub chosen: u32,
    /// What stands in it.
    pub sheet: Sheet,
}

/// Reads a sheet; where none is chosen, the first that holds something.
pub async fn open(file: &File, chosen: Option<u32>) -> Result<Opened, Failure> {
    if file.size() > MOST_PACKED {
        return Err(Failure::file(RejectReason::TooLarge, format!("{:.0} MB", file.size() / 1_048_576.0)));
    }
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(unreadable)?;
    let bytes = Uint8Array::new(&buffer).to_vec();
    let parts = xlsx::parts(&bytes).map_err(Failure::File)?;
    let outline = xlsx::parts_of(&parts).map_err(Failure::File)?;
    let workbook = text(&bytes, &outline.workbook).await?;
    let relations = text(&bytes, &outline.relations).await?;
    let styles = optional(&bytes, outline.styles.as_ref()).await?;
    let strings = optional(&bytes, outline.strings.as_ref()).await?;
    let book =
        Book::read(&workbook, &relations, styles.as_deref(), strings.as_deref()).map_err(Failure::File)?;
    drop(strings);
    let sheets: Vec<String> = book.names().map(str::to_owned).collect();
    let all = 0..sheets.len() as u32;
    let wanted: Vec<u32> = chosen.map_or_else(|| all.collect(), |one| vec![one]);
    let mut empty = None;
    for place in wanted {
        let part = book.part(&parts, place as usize).map_err(Failure::File)?;
        match book.sheet(place as usize, &text(&bytes, part).await?) {
            Ok(sheet) => return Ok(Opened { sheets, chosen: place, sheet }),
            Err(reject) if reject.reason == RejectReason::EmptyFile => empty = Some(reject),
            Err(reject) => return Err(Failure::File(reject)),
        }
    }
    Err(empty.map_or_else(|| Failure::file(RejectReason::EmptyFile, String::new()), Failure::File))
}

async fn optional(bytes: &[u8], part: Option<&Part>) -> Result<Option<String>, Failure> {
    match part {
        Some(part) => text(bytes, part).await.map(Some),
        None => Ok(None),
    }
}

/// A part's text.
async fn text(bytes: &[u8], part: &Part) -> Result<String, Failure> {
    let damaged = || Failure::file(RejectReason::BrokenWorkbook, part.name.clone());
    let packed = &bytes[part.packed.clone()];
    let large =
        || Failure::file(RejectReason::TooLarge, format!("{}: more than {} MB", part.name, MOST_BYTES >> 20));
    let plain = if part.is_deflated {
        // A stream that does not unpack is a damaged part, whatever the browser calls it.
        gzip::inflated(packed, MOST_BYTES).await.map_err(|_| damaged())?.ok_or_else(large)?
    } else if packed.len() > MOST_BYTES {
        return Err(large());
    } else {
        packed.to_vec()
    };
    String::from_utf8(plain).map_err(|_| damaged())
}

/// A list as text, line by line as it stands in its file: out of a workbook, a CSV or a text.
pub async fn list(file: &File, chosen: Option<u32>) -> Result<ListText, Failure> {
    let head = slice(file, 0.0, 4.0).await?;
    let large = || Failure::file(RejectReason::TooLarge, format!("more than {} MB", MOST_TEXT >> 20));
    if head.starts_with(b"PK") {
        let Opened { sheets, chosen, sheet } = open(file, chosen).await?;
        let text = sheet.pasted().map_err(Failure::File)?;
        let errors = sheet.errors;
        return if text.len() > MOST_TEXT {
            Err(large())
        } else {
            Ok(ListText { text, sheets, chosen, errors })
        };
    }
    let mut source = Source::open(file, None).await?;
    let mut bytes = Vec::new();
    while let Some(chunk) = source.next().await? {
        bytes.extend(chunk);
        if bytes.len() > MOST_TEXT {
            source.close();
            return Err(large());
        }
    }
    let text = match (bytes.strip_prefix(&[0xff, 0xfe]), bytes.strip_prefix(&[0xfe, 0xff])) {
        (Some(wide), _) => wide_text(wide, u16::from_le_bytes),
        (_, Some(wide)) => wide_text(wide, u16::from_be_bytes),
        _ => String::from_utf8(bytes).map_err(|_| Failure::file(RejectReason::NotUtf8, String::new()))?,
    };
    if text.contains('\0') {
        return Err(Failure::file(RejectReason::NotText, file.name()));
    }
    Ok(ListText { text, ..ListText::default() })
}

/// Text as some of Windows' programs write it.
fn wide_text(bytes: &[u8], read: fn([u8; 2]) -> u16) -> String {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| read([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&units)
}
