//! A sheet: the browser's own modal dialog, which traps focus and closes on Escape.

use super::icon;
use crate::i18n::lang;
use leptos::{ev, html, prelude::*};

/// Shows `body` while `open`; it is built when the sheet opens.
pub fn sheet(
    open: RwSignal<bool>,
    title: Signal<String>,
    name: &'static str,
    body: impl Fn() -> AnyView + 'static + Send + Sync,
) -> AnyView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
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
