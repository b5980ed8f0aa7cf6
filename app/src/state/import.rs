//! Importing a file: look at its head, confirm the columns, run, see the counts.

use super::{AppState, Problem, file::save_csv};
use crate::message::{FilePreview, FromWorker, ImportChoices, ImportDone, ListText, Progress, ToWorker};
use leptos::prelude::*;
use std::sync::Arc;
use web_sys::File;

/// Where the import stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ImportState {
    /// No file chosen.
    #[default]
    Idle,
    /// The head of the file is being read.
    Reading {
        /// File name.
        file_name: String,
    },
    /// Columns and guesses, for the user to confirm.
    Preview {
        /// File name.
        file_name: String,
        /// Size in bytes.
        bytes: u64,
        /// What the head looks like.
        preview: Arc<FilePreview>,
    },
    /// Rows are being read, nothing is kept yet.
    Running {
        /// File name.
        file_name: String,
        /// How far.
        progress: Progress,
    },
    /// Everything is durable on this device.
    Done {
        /// File name.
        file_name: String,
        /// Counts and the first rejected rows.
        done: Arc<ImportDone>,
        /// What was confirmed, to run again with duplicates kept.
        choices: Arc<ImportChoices>,
    },
    /// Nothing was kept.
    Failed {
        /// File name.
        file_name: String,
        /// Why.
        problem: Problem,
    },
}

impl AppState {
    /// Looks at the head of a file.
    pub fn import_preview(self, file: File) {
        self.look_at(file, None);
    }

    /// Looks at another sheet of the workbook.
    pub fn import_sheet(self, sheet: u32) {
        let file = self.inner().file.borrow().clone();
        if let Some(file) = file {
            self.look_at(file, Some(sheet));
        }
    }

    /// The list in a file, as text: out of a workbook, a CSV or a text.
    pub async fn list_in(self, file: File, sheet: Option<u32>) -> Result<ListText, Problem> {
        let make = Box::new(move |id| ToWorker::List { id, sheet });
        match self.request_with(make, Some(file.into())).await? {
            FromWorker::List { list, .. } => Ok(*list),
            _ => Err(Problem::NoShop),
        }
    }

    fn look_at(self, file: File, sheet: Option<u32>) {
        let inner = self.inner();
        let (file_name, bytes) = (file.name(), file.size() as u64);
        let Some(port) = inner.port() else { return };
        self.import.set(ImportState::Reading { file_name: file_name.clone() });
        *inner.file.borrow_mut() = Some(file.clone());
        port.request(
            |id| ToWorker::Preview { id, sheet },
            Some(&file),
            move |message, _| match message {
                FromWorker::Preview { preview, .. } => self.import.set(ImportState::Preview {
                    file_name: file_name.clone(),
                    bytes,
                    preview: Arc::new(*preview),
                }),
                FromWorker::Failed { failure, .. } => self
                    .import
                    .set(ImportState::Failed { file_name: file_name.clone(), problem: failure.into() }),
                _ => {}
            },
        );
    }

    /// Imports the file that was looked at, as confirmed.
    pub fn import_start(self, choices: ImportChoices) {
        let inner = self.inner();
        let (Some(port), Some(file)) = (inner.port(), inner.file.borrow().clone()) else { return };
        let file_name = file.name();
        self.import.set(ImportState::Running {
            file_name: file_name.clone(),
            progress: Progress { total_bytes: file.size() as u64, ..Progress::default() },
        });
        *inner.rejects.borrow_mut() = None;
        let confirmed = Arc::new(choices.clone());
        let id = port.request(
            |id| ToWorker::Import { id, choices: Box::new(choices) },
            Some(&file),
            move |message, extra| {
                let file_name = file_name.clone();
                match message {
                    FromWorker::Progress { progress, .. } => {
                        self.import.set(ImportState::Running { file_name, progress });
                    }
                    FromWorker::ImportDone { done, .. } => {
                        let inner = self.inner();
                        inner.importing.set(None);
                        *inner.rejects.borrow_mut() = Some(extra);
                        let (done, choices) = (Arc::new(*done), confirmed.clone());
                        self.import.set(ImportState::Done { file_name, done, choices });
                        self.ask_persistence();
                    }
                    FromWorker::Failed { failure, .. } => {
                        self.inner().importing.set(None);
                        self.import.set(ImportState::Failed { file_name, problem: failure.into() });
                    }
                    _ => {}
                }
            },
        );
        inner.importing.set(Some(id));
    }

    /// Stops the import; nothing of it is kept.
    pub fn import_cancel(self) {
        let inner = self.inner();
        if let (Some(id), Some(port)) = (inner.importing.take(), inner.port()) {
            port.forget(id);
        }
        self.import.set(ImportState::Idle);
    }

    /// Back to choosing a file.
    pub fn import_reset(self) {
        let inner = self.inner();
        *inner.file.borrow_mut() = None;
        *inner.rejects.borrow_mut() = None;
        self.import.set(ImportState::Idle);
    }

    /// Saves all rejected rows of the last import as a CSV file.
    pub fn download_rejects(self) {
        let inner = self.inner();
        let rejects = inner.rejects.borrow();
        let Some(bytes) = rejects.as_ref() else { return };
        let stem = match self.import.get_untracked() {
            ImportState::Done { file_name, .. } => file_name,
            _ => String::new(),
        };
        let stem = stem.split('.').next().unwrap_or_default().to_owned();
        if save_csv(&format!("{stem}-rejected.csv"), bytes).is_err() {
            web_sys::console::error_1(&"the rejected rows could not be saved".into());
        }
    }
}
