//! A sheet: the browser's own modal dialog, which traps focus and closes on Escape.

use super::{icon, watch};
use crate::i18n::lang;
use leptos::{ev, html, prelude::*};

/// Shows `body` while `open`; it is built when the sheet opens.
pub fn sheet(
    open: RwSignal<bool>,
    title: Signal<String>,
    name: &'static str,
    body: impl Fn() -> AnyView + 'static + Send + Sync,
) -> AnyView {
    sheet_of(open, title, name, Box::new(body))
}

/// A sheet about something: it opens with it, and closing the sheet drops it.
pub fn sheet_about<T: Clone + Send + Sync + 'static>(
    subject: RwSignal<Option<T>>,
    title: impl Fn(&T) -> String + Send + Sync + 'static,
    name: &'static str,
    body: impl Fn(RwSignal<bool>, T) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let open = RwSignal::new(false);
    // Neither is set to what it is already, or the two would wake each other for ever.
    watch(move || {
        let asked = subject.with(Option::is_some);
        if open.get_untracked() != asked {
            open.set(asked);
        }
    });
    watch(move || {
        if !open.get() && subject.with_untracked(Option::is_some) {
            subject.set(None);
        }
    });
    let title =
        Signal::derive(move || subject.with(|subject| subject.as_ref().map(&title)).unwrap_or_default());
    sheet(open, title, name, move || match subject.get_untracked() {
        Some(about) => body(open, about),
        None => ().into_any(),
    })
}

fn sheet_of(
    open: RwSignal<bool>,
    title: Signal<String>,
    name: &'static str,
    body: Box<dyn Fn() -> AnyView + Send + Sync>,
) -> AnyView {
    let dialog = NodeRef::<html::Dialog>::new();
    watch(move || {
        let (Some(dialog), open) = (dialog.get(), open.get()) else { return };
        // Showing an open dialog or one that has left the page throws; both are asked first.
        if open && !dialog.open() && dialog.is_connected() {
            let _ = dialog.show_modal();
        } else if !open && dialog.open() {
            dialog.close();
        }
    });
    // A tap beside the sheet lands on the dialog element itself.
    let beside = move |event: ev::MouseEvent| {
        let on_dialog =
            event.target().zip(event.current_target()).is_some_and(|(target, current)| target == current);
        if on_dialog {
            open.set(false);
        }
    };
    view! {
        <dialog class="sheet" node_ref=dialog data-testid=name aria-label=move || title.get() on:close=move |_| open.set(false) on:click=beside>
            {move || open.get().then(|| view! {
                <div class="sheet-head">
                    <h2>{move || title.get()}</h2>
                    <button class="button quiet square" type="button" aria-label=lang().t().common.close on:click=move |_| open.set(false)>
                        {icon("x")}
                    </button>
                </div>
                {body()}
            })}
        </dialog>
    }
    .into_any()
}
