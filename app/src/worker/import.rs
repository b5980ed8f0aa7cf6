//! Importing: the file streams through core's importer; its segments wait in staging, and one transaction
//! makes them count together with the import's record. Stopped or crashed before that, nothing has happened.

use crate::{
    desk::Desk,
    outlet,
    source::{self, MAX_BYTES, Source},
};
use dukandar_app::{
    effect::{
        clock,
        journal::{self, Append, Draft},
        lock::{self, Request},
        storage::{Db, MANIFEST, SEGMENTS, StorageError},
    },
    message::{Failure, FromWorker, ImportChoices, ImportDone, Progress, RequestId, Stage},
};
use dukandar_core::{
    id::CustomerId,
    import::{ImportOptions, ImportOutcome, Importer, Personal},
    privacy::seal::SecretKey,
    reject::Reject,
    sync::event::Stream,
};
use js_sys::Uint8Array;
use std::{collections::BTreeSet, fmt::Write as _, rc::Rc};
use wasm_bindgen::JsValue;
use web_sys::File;

const LOCK: &str = "dukandar-import";
/// Most rows that are taken.
const MAX_ROWS: u64 = 10_000_000;
/// Rejected rows that travel to the screen one by one.
const SHOWN_REJECTS: usize = 200;
/// Between two words about progress.
const PROGRESS_MS: f64 = 120.0;

/// Imports a file; when this returns `Ok`, it is durable and said so.
pub async fn run(
    desk: &Rc<Desk>,
    db: &Db,
    id: RequestId,
    choices: ImportChoices,
    known: BTreeSet<CustomerId>,
    file: &File,
) -> Result<(), Failure> {
    let _held = match lock::take(LOCK, false).await {
        Request::Taken => return Err(Failure::Busy),
        Request::Held(held) => Some(held),
        Request::Unknown => None,
    };
    let started = clock::elapsed_ms();
    let outcome = read(desk, db, id, choices, known, file).await?;
    clock::measure("import:parse", started);
    if desk.is_cancelled(id) {
        return Err(Failure::Cancelled);
    }
    let rows = outcome.import.rows;
    let progress = Progress { bytes: 0, total_bytes: 0, rows, stage: Stage::Saving };
    outlet::post(&FromWorker::Progress { id, progress });
    let csv = rejects_csv(&outcome.rejects);
    let mut rejects = outcome.rejects.clone();
    rejects.truncate(SHOWN_REJECTS);
    let import = outcome.import.clone();
    let is_empty = outcome.segments.is_empty();
    let already = !is_empty && !keep(db, outcome).await?;
    clock::measure("import:durable", started);
    let done = Box::new(ImportDone { import, already, rejects });
    outlet::post_with(&FromWorker::ImportDone { id, done }, csv.as_bytes());
    Ok(())
}

/// Streams the file through the importer.
async fn read(
    desk: &Rc<Desk>,
    db: &Db,
    id: RequestId,
    choices: ImportChoices,
    known: BTreeSet<CustomerId>,
    file: &File,
) -> Result<ImportOutcome, Failure> {
    let identity = journal::identity(db).await?.ok_or(Failure::NotOpen)?;
    let personal = SecretKey::from_hex(&identity.tenant_key).ok().map(|tenant_key| Personal {
        tenant_key,
        rng: clock::entropy(),
        known,
    });
    let mut source = Source::open(file, Some(choices.sheet)).await?;
    // Each sheet of a workbook is an import of its own: named by its text, which the importer hashes itself.
    let file_sha256 = if source.sheet.is_some() { None } else { source::sha256(file).await };
    let mut importer = Importer::new(ImportOptions {
        shop: choices.shop,
        source: "csv".to_owned(),
        file_name: file.name(),
        file_sha256,
        at: clock::now(),
        currency: choices.currency,
        zone: choices.zone,
        mapping: Some(choices.mapping),
        corrections: Default::default(),
        delimiter: Some(choices.delimiter),
        date_order: choices.date_order,
        keep_duplicates: choices.keep_duplicates,
        all_or_nothing: choices.all_or_nothing,
        personal,
        max_bytes: MAX_BYTES,
        max_rows: MAX_ROWS,
    });
    let total_bytes = source.total_bytes;
    let mut said = clock::elapsed_ms();
    while let Some(chunk) = source.next().await? {
        if let Err(reject) = importer.push(&chunk) {
            source.close();
            return Err(Failure::File(reject));
        }
        if clock::elapsed_ms() - said > PROGRESS_MS {
            said = clock::elapsed_ms();
            let taken = importer.progress();
            let progress =
                Progress { bytes: taken.bytes, total_bytes, rows: taken.rows, stage: Stage::Reading };
            outlet::post(&FromWorker::Progress { id, progress });
            // A cancel, a task or a sale's news is heard here.
            clock::turn().await;
        }
        if desk.is_cancelled(id) {
            source.close();
            return Err(Failure::Cancelled);
        }
    }
    let mut outcome = importer.finish().map_err(Failure::File)?;
    if let Some(sheet) = &source.sheet {
        // Of a workbook the cell is named as the workbook names it.
        for reject in &mut outcome.rejects {
            let address = sheet.address(reject.line, reject.column.as_deref());
            let heading = reject.column.take().map(|heading| format!(" {heading}")).unwrap_or_default();
            reject.column = Some(format!("{address}{heading}"));
        }
    }
    Ok(outcome)
}

/// Segments into staging, then manifest and records in one transaction. False: the file was imported before.
async fn keep(db: &Db, outcome: ImportOutcome) -> Result<bool, StorageError> {
    let ImportOutcome { import, segments, people, .. } = outcome;
    for segment in segments {
        let tx = db.write(&[SEGMENTS])?;
        let bytes = JsValue::from(Uint8Array::from(segment.bytes.as_slice()));
        tx.put(SEGMENTS, &JsValue::from_str(&segment.about.hash), &bytes)?;
        tx.commit().await?;
    }
    let how = Append { reveal: Some(&import), ..Append::RECORDS };
    let kept = journal::append(db, how, |_, _| {
        let people = people.iter().map(|record| Draft::of(Stream::Tenant, record));
        let record = Draft::new(Stream::Shop(import.shop), "import", &import);
        Ok((people.chain([record]).collect::<Result<_, _>>()?, ()))
    })
    .await?;
    // What an earlier run of this import named no longer counts.
    sweep(db).await?;
    Ok(kept.is_some())
}

/// Removes what an import that never finished has left, unless one is running in another tab.
pub async fn clear_staging(db: &Db) -> Result<(), StorageError> {
    match lock::take(LOCK, false).await {
        Request::Taken => Ok(()),
        Request::Held(_) | Request::Unknown => sweep(db).await,
    }
}

async fn sweep(db: &Db) -> Result<(), StorageError> {
    let tx = db.read(&[SEGMENTS, MANIFEST])?;
    let named: BTreeSet<String> = tx.keys(MANIFEST).await?.iter().filter_map(JsValue::as_string).collect();
    let stored = tx.keys(SEGMENTS).await?;
    drop(tx);
    let left = stored.into_iter().filter(|key| key.as_string().is_none_or(|hash| !named.contains(&hash)));
    let left: Vec<JsValue> = left.collect();
    if left.is_empty() {
        return Ok(());
    }
    let tx = db.write(&[SEGMENTS])?;
    for key in &left {
        tx.delete(SEGMENTS, key)?;
    }
    tx.commit().await
}

/// All rejected rows as a file that a spreadsheet opens: line, column, reason, what was expected, what stood there.
fn rejects_csv(rejects: &[Reject]) -> String {
    // The mark at the start tells spreadsheets that this is UTF-8.
    let mut csv = String::from("\u{feff}line,column,reason,expected,found\r\n");
    for reject in rejects {
        let column = reject.column.as_deref().unwrap_or_default();
        let (reason, expected) = (reject.reason.name(), reject.reason.expected());
        let fields = [column, reason.as_str(), expected, reject.found.as_str()].map(quoted);
        // Writing to a String cannot fail.
        let _ = write!(csv, "{},{}\r\n", reject.line, fields.join(","));
    }
    csv
}

/// A field in quotes. A leading formula sign gets an apostrophe, so that no spreadsheet runs what a file says.
fn quoted(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}
