//! A hint to other tabs of this app that the journal has changed. Only a hint: each reads the database itself.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

/// The channel of one database.
pub struct Tabs {
    channel: BroadcastChannel,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl Tabs {
    /// Joins the tabs that have this database open; `None` where the browser has no such channel.
    pub fn join(database: &str, mut changed: impl FnMut() + 'static) -> Option<Self> {
        let channel = BroadcastChannel::new(database).ok()?;
        let on_message = Closure::new(move |_: MessageEvent| changed());
        channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Some(Self { channel, _on_message: on_message })
    }

    /// Tells the others.
    pub fn tell(&self) {
        // A lost hint only delays another tab until its next look.
        let _ = self.channel.post_message(&"changed".into());
    }
}

impl Drop for Tabs {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}
