//! The app's parts that need no browser, with the tests that stand beside them: dates and amounts in three
//! languages, the same placeholders in each, numbers as typed, a scanner's burst, CSV fields, quick cash, chart rules.
//! Included by path: as a package the app builds Leptos, which takes minutes and tests nothing more.

#[path = "../../app/src/plain/mod.rs"]
#[allow(dead_code, unused_imports, missing_docs, reason = "the page uses what these tests do not")]
mod plain;
