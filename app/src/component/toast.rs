//! Short messages at the screen's edge, with a way back: undo rather than confirm.

use crate::i18n::lang;
use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use std::{cell::Cell, sync::Arc};

/// One message.
#[derive(Clone)]
struct Toast {
    id: u32,
    text: String,
    // Counted, not owned: what it takes back was often done in a sheet that is gone by then.
    undo: Option<Arc<dyn Fn() + Send + Sync>>,
}

/// The messages shown now; one list per page.
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

thread_local! {
    static TOASTS: Cell<Option<Toasts>> = const { Cell::new(None) };
}

/// Makes the messages of this page. Called once, by the root: they outlive every component.
pub fn provide_toasts() {
    TOASTS.set(Some(Toasts { shown: RwSignal::new(Vec::new()), next: StoredValue::new(0) }));
}

/// The messages of this page, from a component and from what it has set going.
pub fn toasts() -> Toasts {
    // The root provides them before the first component is built.
    TOASTS.get().expect("provide_toasts has run")
}

impl Toasts {
    /// Says something.
    pub fn say(self, text: impl Into<String>) {
        self.add(text.into(), None, 4_000);
    }

    /// Says what was done and offers to take it back.
    pub fn undo(self, text: impl Into<String>, undo: impl Fn() + Send + Sync + 'static) {
        self.add(text.into(), Some(Arc::new(undo)), 8_000);
    }

    /// What was said last and still stands; tracked.
    pub fn latest(self) -> Option<String> {
        self.shown.with(|shown| shown.last().map(|toast| toast.text.clone()))
    }

    fn add(self, text: String, undo: Option<Arc<dyn Fn() + Send + Sync>>, millis: u32) {
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
                    <button class="button" type="button" on:click=move |_| { undo(); toasts.remove(id); }>{words}</button>
                }
            });
            view! { <div class="toast" data-testid="toast"><span>{toast.text}</span>{undo}</div> }
        }).collect_view()
    };
    view! { <div class="toasts" role="status" aria-live="polite">{list}</div> }.into_any()
}
