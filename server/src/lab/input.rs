//! Files as bytes: plain or gzip, from a path or the standard input.

use super::LabError;
use dukandar_core::import::TextTable;
use flate2::read::MultiGzDecoder;
use std::{
    fs::File,
    io::{self, BufRead as _, BufReader, Read},
    path::Path,
};

/// The file's name for messages.
pub(super) fn name(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}

/// Opens a file or the standard input, unpacking gzip.
pub(super) fn open(path: &Path) -> Result<Box<dyn Read>, LabError> {
    let fail = |error| LabError::File { path: name(path), error };
    let raw: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(path).map_err(fail)?)
    };
    let mut buffered = BufReader::with_capacity(1 << 20, raw);
    let gzip = buffered.fill_buf().map_err(fail)?.starts_with(&[0x1f, 0x8b]);
    Ok(if gzip { Box::new(MultiGzDecoder::new(buffered)) } else { Box::new(buffered) })
}

/// Hands a file on in pieces.
pub(super) fn each_chunk(
    path: &Path,
    mut take: impl FnMut(&[u8]) -> Result<(), LabError>,
) -> Result<(), LabError> {
    let mut reader = open(path)?;
    let mut chunk = vec![0; 1 << 20];
    loop {
        let read = reader.read(&mut chunk);
        match read.map_err(|error| LabError::File { path: name(path), error })? {
            0 => return Ok(()),
            length => take(&chunk[..length])?,
        }
    }
}

/// Reads a file as text by column.
pub(super) fn table(path: &Path) -> Result<TextTable, LabError> {
    let mut bytes = Vec::new();
    each_chunk(path, |chunk| {
        bytes.extend_from_slice(chunk);
        Ok(())
    })?;
    TextTable::read(&bytes).map_err(|reject| LabError::Content { path: name(path), reject })
}

/// One line on the error output for columns that say nothing here.
pub(super) fn name_ignored(columns: &[String]) {
    if !columns.is_empty() {
        eprintln!("ignored columns: {}", columns.join(", "));
    }
}
