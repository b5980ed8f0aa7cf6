//! What a list or card shows when it has nothing to show: loading, empty, nothing found, failed.

use super::icon;
use crate::i18n::lang;
use leptos::prelude::*;

/// Line drawings for empty states.
#[derive(Clone, Copy)]
pub enum Drawing {
    /// An open ledger.
    Ledger,
    /// An empty shelf.
    Shelf,
    /// A parcel that is not needed.
    Parcel,
    /// A counter with nobody before it.
    Counter,
}

fn drawing(which: Drawing) -> AnyView {
    let (lines, ink) = match which {
        Drawing::Ledger => (
            "M84 30C72 20 44 18 24 24v64c20-6 48-4 60 6 12-10 40-12 60-6V24c-20-6-48-4-60 6zM84 30v64M36 40c12-2 24-1 34 3M36 54c12-2 24-1 34 3M98 43c10-4 22-5 34-3",
            "M98 57c10-4 22-5 34-3M98 71c8-3 16-4 24-3",
        ),
        Drawing::Shelf => (
            "M24 14v88M144 14v88M24 44h120M24 76h120M24 102h120M36 44V26h14v18M116 102V86h18v16",
            "M72 76V56h16v20M94 76V62h10v14",
        ),
        Drawing::Parcel => (
            "M36 40l48-20 48 20v44l-48 20-48-20zM36 40l48 20 48-20M84 60v44M60 30l48 20",
            "M104 84l6 6 12-14",
        ),
        Drawing::Counter => (
            "M20 66h128M28 66v34M140 66v34M28 84h112M52 66V46h30v20M58 52h18M104 40a10 10 0 1 1 20 0 10 10 0 0 1-20 0",
            "M98 66c0-10 6-16 16-16s16 6 16 16",
        ),
    };
    view! {
        <svg class="drawing" viewBox="0 0 168 112" aria-hidden="true">
            <path d=lines></path>
            <path class="ink" d=ink></path>
        </svg>
    }
    .into_any()
}

/// A drawing, one sentence, one button (or a few).
pub fn empty(
    which: Drawing,
    sentence: impl Into<String>,
    help: impl Into<String>,
    actions: AnyView,
) -> AnyView {
    empty_of(which, sentence.into(), help.into(), actions)
}

fn empty_of(which: Drawing, sentence: String, help: String, actions: AnyView) -> AnyView {
    view! {
        <div class="empty" data-testid="empty">
            {drawing(which)}
            <p>{sentence}</p>
            {(!help.is_empty()).then(|| view! { <p class="sub">{help}</p> })}
            <div class="actions">{actions}</div>
        </div>
    }
    .into_any()
}

/// A filter or search that leaves nothing.
pub fn no_match(what: &str, clear: impl Fn() + 'static) -> AnyView {
    let lang = lang();
    let t = &lang.t().common;
    let button = view! { <button class="button" type="button" on:click=move |_| clear()>{t.clear}</button> };
    empty(Drawing::Shelf, lang.fill(t.no_match, &[what]), t.no_match_help, button.into_any())
}

/// An answer is being worked out; `lines` as many as will stand there.
pub fn loading(lines: usize) -> AnyView {
    view! {
        <div class="skeleton" role="status" data-testid="loading">
            <span class="sr">{lang().t().common.loading}</span>
            {(0..lines).map(|_| view! { <i></i> }).collect_view()}
        </div>
    }
    .into_any()
}

/// It did not work; what happened, and once more.
pub fn failed(sentence: String, retry: Option<Callback<()>>) -> AnyView {
    let t = lang().t();
    let button = retry.map(|retry| {
        view! {
            <button class="button" type="button" on:click=move |_| retry.run(())>
                {icon("refresh-cw")} {t.common.retry}
            </button>
        }
    });
    view! {
        <div class="empty" role="alert" data-testid="failed">
            {icon("triangle-alert")}
            <p>{t.trouble.title}</p>
            <p class="sub">{sentence}</p>
            <div class="actions">{button}</div>
        </div>
    }
    .into_any()
}
