//! What page and worker say to each other: postcard bytes in a transferred `ArrayBuffer`.
//!
//! A message is the JS array `[bytes, extra?]`; `extra` is the `File` of an import on its way in, or the
//! bytes of a rejects file on its way out, so that bulk is handed over and never copied through serde.

use crate::effect::storage::StorageError;
use dukandar_core::{
    customer::khata::KhataRow,
    id::{CustomerId, ShopId},
    import::{DateOrder, Field, Mapping},
    money::Currency,
    privacy::seal::{Sealed, WrappedKey},
    record::{Import, Person},
    reject::{Reject, RejectReason},
    table::ShopRow,
    task::{Answer, Task, TaskError},
    time::{Day, Timestamp, Zone},
};
use serde::{Deserialize, Serialize};

/// Names a request, so that its answer finds the way back. Counted up by the page.
pub type RequestId = u64;

/// What was sealed, and the key under the tenant's where it is a new one.
pub type Locked = (Option<WrappedKey>, Vec<Sealed>);

/// Page → worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ToWorker {
    /// Open this database and keep its tables.
    Open {
        /// IndexedDB name.
        database: String,
    },
    /// Open the sample shop: its past is generated from the seed, acts of this device are read on top.
    OpenSample {
        /// IndexedDB name; never synced.
        database: String,
        /// Seed of the generator.
        seed: u64,
        /// The day its past ends on.
        now: Timestamp,
    },
    /// Answer a task.
    Run {
        /// Which request.
        id: RequestId,
        /// The question.
        task: Task,
    },
    /// Read the head of the file that travels beside this.
    Preview {
        /// Which request.
        id: RequestId,
        /// Of a workbook, which sheet; none: the first that holds something.
        sheet: Option<u32>,
    },
    /// Read the list in the file that travels beside this, as text.
    List {
        /// Which request.
        id: RequestId,
        /// As above.
        sheet: Option<u32>,
    },
    /// Import the file that travels beside this.
    Import {
        /// Which request.
        id: RequestId,
        /// As confirmed by the user.
        choices: Box<ImportChoices>,
    },
    /// Open sealed personal data, for a screen that shows it.
    Unseal {
        /// Which request.
        id: RequestId,
        /// What is sealed.
        sealed: Vec<Sealed>,
    },
    /// Seal these under one key: who somebody is, and pictures of theirs.
    Seal {
        /// Which request.
        id: RequestId,
        /// What.
        people: Vec<Person>,
        /// The customer under whose key they belong, where there is one.
        whose: Option<CustomerId>,
    },
    /// Find customers by name, phone or number.
    Find {
        /// Which request.
        id: RequestId,
        /// As typed; nothing asks for those who came last.
        query: String,
        /// Dues as of.
        today: Day,
        /// At most so many.
        limit: u32,
    },
    /// Nobody waits for this request any more.
    Cancel {
        /// Which request.
        id: RequestId,
    },
    /// Look ahead of these series: for a helper, which has no database.
    Fit {
        /// Which request.
        id: RequestId,
        /// The series, a `Batch` in postcard: the page never sends one and carries no code for it.
        batch: Vec<u8>,
    },
    /// What a shop's products have learned, for all series to come: for a helper.
    Hear {
        /// A `Learned` in postcard.
        learned: Vec<u8>,
    },
    /// Learn what a shop's products teach each other: for a helper.
    Learn {
        /// Which request.
        id: RequestId,
        /// A `Lesson` in postcard.
        lesson: Vec<u8>,
    },
    /// Do a piece of long work: for a helper, which answers with `Fitted`.
    Study {
        /// Which request.
        id: RequestId,
        /// A `Piece` in postcard.
        piece: Vec<u8>,
    },
    /// Make no more of the forecasts that are being made, and learn nothing until a database is opened again.
    StopForecasting,
    /// Journal or manifest have something new: fold it in.
    JournalChanged,
    /// Send and fetch now.
    SyncNow,
}

/// Worker → page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FromWorker {
    /// The first message: the worker listens.
    Ready,
    /// How far a long request is.
    Progress {
        /// Which request.
        id: RequestId,
        /// How far.
        progress: Progress,
    },
    /// What the head of a file looks like.
    Preview {
        /// Which request.
        id: RequestId,
        /// Columns, guesses, first rows.
        preview: Box<FilePreview>,
    },
    /// The list in a file.
    List {
        /// Which request.
        id: RequestId,
        /// What stands in it.
        list: Box<ListText>,
    },
    /// An import is durable; the rejected rows travel beside this as CSV bytes.
    ImportDone {
        /// Which request.
        id: RequestId,
        /// Counts.
        done: Box<ImportDone>,
    },
    /// An answer.
    Answer {
        /// Which request.
        id: RequestId,
        /// Version of the tables it was computed from.
        version: u64,
        /// The answer.
        answer: Box<Answer>,
    },
    /// Forecasts of a helper.
    Fitted {
        /// Which request.
        id: RequestId,
        /// `SeriesForecast`s in postcard, in the order asked; of a piece of long work, what was found.
        made: Vec<u8>,
    },
    /// What a helper has learned.
    Learned {
        /// Which request.
        id: RequestId,
        /// A `Learned` in postcard.
        learned: Vec<u8>,
    },
    /// Forecasts were made anew: answers that look ahead are other ones now.
    Renewed,
    /// Many forecasts are being made: how many are done of how many; none when it is over.
    Forecasting(Option<(u32, u32)>),
    /// Personal data, in the order asked; none where the key was destroyed or is not here.
    People {
        /// Which request.
        id: RequestId,
        /// Who they are.
        people: Vec<Option<Person>>,
    },
    /// Things of one person, sealed under one key; none where there is no key to do it with.
    Locked {
        /// Which request.
        id: RequestId,
        /// What was sent, in its order.
        locked: Option<Locked>,
    },
    /// Customers that were found, best first.
    Found {
        /// Which request.
        id: RequestId,
        /// Who, and their name where it can be opened.
        found: Vec<(KhataRow, Option<Person>)>,
    },
    /// No answer, and why.
    Failed {
        /// Which request.
        id: RequestId,
        /// Why.
        failure: Failure,
    },
    /// The tables stand at this version now.
    Tables {
        /// Version.
        version: u64,
        /// The branches in them.
        shops: Vec<ShopRow>,
        /// Sales lines in them.
        lines: u64,
    },
    /// The worker wrote to the journal (import, pull): other tabs should look.
    JournalChanged,
    /// Where sync stands.
    Sync(SyncState),
    /// The worker cannot read the database.
    Unavailable(StorageError),
    /// The worker is about to die of a defect: the last thing it says.
    Crashed {
        /// What the panic said.
        detail: String,
    },
}

impl FromWorker {
    /// Which request this belongs to, and whether it is the last message of it.
    pub fn addressee(&self) -> Option<(RequestId, bool)> {
        match self {
            Self::Progress { id, .. } => Some((*id, false)),
            Self::Preview { id, .. }
            | Self::List { id, .. }
            | Self::ImportDone { id, .. }
            | Self::Answer { id, .. }
            | Self::Fitted { id, .. }
            | Self::Learned { id, .. }
            | Self::People { id, .. }
            | Self::Locked { id, .. }
            | Self::Found { id, .. }
            | Self::Failed { id, .. } => Some((*id, true)),
            Self::Ready
            | Self::Tables { .. }
            | Self::JournalChanged
            | Self::Sync(_)
            | Self::Forecasting(_)
            | Self::Renewed
            | Self::Unavailable(_)
            | Self::Crashed { .. } => None,
        }
    }
}

/// What the head of a file looks like, before anything is imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilePreview {
    /// Headers in order.
    pub headers: Vec<String>,
    /// Field delimiter that was found.
    pub delimiter: u8,
    /// Field → header, guessed.
    pub mapping: Mapping,
    /// Fields without which nothing can be imported and for which no column was found.
    pub missing: Vec<Field>,
    /// Order of day and month as far as these rows tell; none when they leave it open.
    pub date_order: Option<DateOrder>,
    /// The first rows, as text.
    pub rows: Vec<Vec<String>>,
    /// Names of a workbook's sheets; none of another file.
    pub sheets: Vec<String>,
    /// Which of them this is.
    pub sheet: u32,
    /// Its cells that hold an error, by address.
    pub errors: Vec<String>,
}

/// A list as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListText {
    /// Line n is row n of the sheet, its cells apart by tabs; of another file, as it stands.
    pub text: String,
    /// Names of a workbook's sheets; none of another file.
    pub sheets: Vec<String>,
    /// Which of them this is.
    pub chosen: u32,
    /// Its cells that hold an error, by address.
    pub errors: Vec<String>,
}

/// What the user confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportChoices {
    /// Into which shop.
    pub shop: ShopId,
    /// What amounts are in.
    pub currency: Currency,
    /// The local time of the file's dates.
    pub zone: Zone,
    /// Field → header.
    pub mapping: Mapping,
    /// Field delimiter.
    pub delimiter: u8,
    /// Of a workbook, which sheet.
    pub sheet: u32,
    /// Order of day and month; judged from the whole column when absent.
    pub date_order: Option<DateOrder>,
    /// Keeps rows that equal an earlier row in every field.
    pub keep_duplicates: bool,
    /// Any other rejected row makes the whole import come to nothing.
    pub all_or_nothing: bool,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Bytes of the file read (as stored, compressed or not).
    pub bytes: u64,
    /// Bytes of the file in all.
    pub total_bytes: u64,
    /// Rows read.
    pub rows: u64,
    /// What is being done.
    pub stage: Stage,
}

/// Stages of an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Reading and checking rows.
    #[default]
    Reading,
    /// Writing to the device's storage.
    Saving,
}

/// A finished import. One that was to be all or nothing and met a rejected row has `import.kept` 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportDone {
    /// The record that stands in the journal: counts in = kept + rejected.
    pub import: Import,
    /// The same file had been imported before: nothing was added.
    pub already: bool,
    /// The first rejected rows; all of them are in the CSV beside.
    pub rejects: Vec<Reject>,
}

/// Why a request failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Failure {
    /// The question has no answer.
    #[error(transparent)]
    Task(#[from] TaskError),
    /// The device's storage refused.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The file as a whole cannot be imported.
    #[error("{0}")]
    File(Reject),
    /// The browser could not read the file (it moved, or is damaged).
    #[error("the file cannot be read: {0}")]
    Unreadable(String),
    /// The user stopped it; nothing was kept.
    #[error("stopped: nothing was kept")]
    Cancelled,
    /// Another import is running, perhaps in another tab.
    #[error("another import is running")]
    Busy,
    /// The worker crashed and was started again; nothing acknowledged is lost.
    #[error("the calculation stopped and was started again: try once more")]
    Crashed,
    /// The tables are not there yet: no shop was opened.
    #[error("no shop is open")]
    NotOpen,
}

impl Failure {
    /// The whole file is refused for this reason.
    pub fn file(reason: RejectReason, found: String) -> Self {
        Self::File(Reject { line: 0, column: None, reason, found })
    }
}

/// Where sync stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncState {
    /// What it is doing or waiting for.
    pub phase: SyncPhase,
    /// Events that the server has not confirmed yet.
    pub waiting: u64,
    /// Import files still to be fetched from the server.
    pub missing_segments: u64,
    /// Events under "Needs attention".
    pub attention: u64,
    /// When the server was last heard (milliseconds since 1970, device's clock).
    pub last_ok_ms: Option<i64>,
}

/// Phases of sync.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SyncPhase {
    /// No account: everything stays on this device.
    #[default]
    LocalOnly,
    /// Everything is sent and fetched.
    Quiet,
    /// Sending or fetching.
    Busy,
    /// No network, or no server: tried again by itself.
    Offline,
    /// The session has run out: selling goes on, sending waits for a sign-in.
    NeedsSignIn,
    /// This device was revoked by the owner.
    Revoked,
    /// The server asked for another version of the app.
    NeedsUpdate,
}
