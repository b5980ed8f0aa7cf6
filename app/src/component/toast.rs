//! Short messages at the screen's edge, with a way back: undo rather than confirm.

use crate::i18n::lang;
use gloo::timers::callback::Timeout;
use leptos::prelude::*;

/// One message.
#[derive(Clone)]
struct Toast {
    id: u32,
    text: String,
    undo: Option<Callback<()>>,
}

/// The messages shown now; one per page, in the context.
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

/// Provides the messages.
pub fn provide_toasts() {
    provide_context(Toasts { shown: RwSignal::new(Vec::new()), next: StoredValue::new(0) });
}

/// The messages of this page.
pub fn toasts() -> Toasts {
    use_context::<Toasts>()
        .unwrap_or_else(|| Toasts { shown: RwSignal::new(Vec::new()), next: StoredValue::new(0) })
}

impl Toasts {
    /// Says something.
    pub fn say(self, text: impl Into<String>) {
        self.add(text.into(), None, 4_000);
    }

    /// Says what was done and offers to take it back.
    pub fn undo(self, text: impl Into<String>, undo: impl Fn() + Send + Sync + 'static) {
        self.add(text.into(), Some(Callback::new(move |()| undo())), 8_000);
    }

    fn add(self, text: String, undo: Option<Callback<()>>, millis: u32) {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        // Two at most: older ones make room.
        self.shown.update(|shown| {
            shown.push(Toast { id, text, undo });
            let surplus = shown.len().saturating_sub(2);
            shown.drain(..surplus);
        });
        Timeout::new(millis, move || self.remove(id)).forget();
    }

    fn remove(self, id: u32) {
        self.shown.try_update(|shown| shown.retain(|toast| toast.id != id));
    }
}

/// Where they appear.
pub fn toasts_view() -> AnyView {
    let toasts = toasts();
    let list = move || {
        let words = lang().t().common.undo;
        toasts.shown.get().into_iter().map(|toast| {
            let id = toast.id;
            let undo = toast.undo.map(|undo| {
                view! {
                    <button class="button" type="button" on:click=move |_| { undo.run(()); toasts.remove(id); }>{words}</button>
                }
            });
            view! { <div class="toast" data-testid="toast"><span>{toast.text}</span>{undo}</div> }
        }).collect_view()
    };
    view! { <div class="toasts" role="status" aria-live="polite">{list}</div> }.into_any()
}
