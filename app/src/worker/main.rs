//! The worker: reads the journal and the segments, folds them into tables, answers tasks, imports files and
//! keeps in touch with the server. It has no screen; everything it says is a [`FromWorker`].

mod aside;
mod desk;
mod engine;
mod history;
mod import;
mod keyring;
mod outlet;
mod pool;
mod source;
mod workbook;

fn main() {
    outlet::report_panics();
    desk::open();
}
