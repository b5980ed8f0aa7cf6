//! The page's end of the worker: starts it, keeps who waits for what, and starts it again when it dies.

use crate::message::{Failure, FromWorker, RequestId, ToWorker};
use js_sys::{Array, Uint8Array};
use std::{cell::RefCell, collections::BTreeMap, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

/// Written by Trunk beside the page.
const SCRIPT: &str = "/worker_loader.js";
/// Deaths in a row, without an answer between them, after which no new worker is started.
const PATIENCE: u32 = 3;

type Waiter = Box<dyn FnMut(FromWorker, JsValue)>;
type Listener = Rc<dyn Fn(FromWorker)>;

/// A worker that comes back when it dies.
#[derive(Clone)]
pub struct Port(Rc<Inner>);

struct Inner {
    running: RefCell<Option<Running>>,
    waiting: RefCell<BTreeMap<RequestId, Waiter>>,
    last_id: RefCell<RequestId>,
    deaths: RefCell<u32>,
    /// Sent first to each new worker.
    greeting: RefCell<Option<ToWorker>>,
    listener: Listener,
}

struct Running {
    worker: Worker,
    /// Messages from before the worker said that it listens: a browser drops what comes earlier.
    backlog: Option<Vec<Array>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl Port {
    /// Starts the worker. `listener` hears what nobody waits for.
    pub fn start(listener: impl Fn(FromWorker) + 'static) -> Self {
        let port = Self(Rc::new(Inner {
            running: RefCell::default(),
            waiting: RefCell::default(),
            last_id: RefCell::default(),
            deaths: RefCell::default(),
            greeting: RefCell::default(),
            listener: Rc::new(listener),
        }));
        port.spawn();
        port
    }

    fn spawn(&self) {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let Ok(worker) = Worker::new_with_options(SCRIPT, &options) else {
            self.died();
            return;
        };
        let (on_message_port, on_error_port) = (self.clone(), self.clone());
        let on_message = Closure::new(move |event: MessageEvent| on_message_port.hear(&event));
        let on_error = Closure::new(move |event: ErrorEvent| {
            // Handled here: without this the browser would also report it as the page's own error.
            event.prevent_default();
            on_error_port.died();
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        *self.0.running.borrow_mut() =
            Some(Running { worker, backlog: Some(Vec::new()), _on_message: on_message, _on_error: on_error });
        if let Some(greeting) = self.0.greeting.borrow().as_ref() {
            self.post(greeting, None);
        }
    }

    /// Says which database to open, now and to every worker after a crash.
    pub fn open(&self, greeting: ToWorker) {
        self.post(&greeting, None);
        *self.0.greeting.borrow_mut() = Some(greeting);
    }

    /// Sends what needs no answer.
    pub fn post(&self, message: &ToWorker, extra: Option<&JsValue>) {
        let mut running = self.0.running.borrow_mut();
        let Some(running) = running.as_mut() else { return };
        // A message of plain data always serialises.
        let bytes = postcard::to_allocvec(message).unwrap_or_default();
        let parts = Array::of1(&Uint8Array::from(bytes.as_slice()).buffer());
        if let Some(extra) = extra {
            parts.push(extra);
        }
        match &mut running.backlog {
            Some(backlog) => backlog.push(parts),
            None => send(&running.worker, &parts),
        }
    }

    /// The worker listens: it gets what has gathered.
    fn is_ready(&self) {
        if let Some(running) = self.0.running.borrow_mut().as_mut() {
            for parts in running.backlog.take().unwrap_or_default() {
                send(&running.worker, &parts);
            }
        }
    }

    /// Sends a request; `waiter` hears every message that carries its id, until a final one.
    pub fn request(
        &self,
        make: impl FnOnce(RequestId) -> ToWorker,
        extra: Option<&JsValue>,
        mut waiter: impl FnMut(FromWorker, JsValue) + 'static,
    ) -> RequestId {
        let id = {
            let mut last = self.0.last_id.borrow_mut();
            *last += 1;
            *last
        };
        if self.0.running.borrow().is_none() {
            waiter(FromWorker::Failed { id, failure: Failure::Crashed }, JsValue::UNDEFINED);
            return id;
        }
        self.0.waiting.borrow_mut().insert(id, Box::new(waiter));
        self.post(&make(id), extra);
        id
    }

    /// Nobody waits for this request any more.
    pub fn forget(&self, id: RequestId) {
        if self.0.waiting.borrow_mut().remove(&id).is_some() {
            self.post(&ToWorker::Cancel { id }, None);
        }
    }

    fn hear(&self, event: &MessageEvent) {
        let Ok(parts) = event.data().dyn_into::<Array>() else { return };
        let bytes = Uint8Array::new(&parts.get(0)).to_vec();
        let Ok(message) = postcard::from_bytes::<FromWorker>(&bytes) else {
            web_sys::console::error_1(&"a message from the worker could not be read".into());
            return;
        };
        if message == FromWorker::Ready {
            self.is_ready();
        }
        if matches!(message, FromWorker::Crashed { .. }) {
            self.died();
            return;
        }
        if matches!(message, FromWorker::Answer { .. } | FromWorker::Tables { .. }) {
            *self.0.deaths.borrow_mut() = 0;
        }
        let Some((id, is_last)) = message.addressee() else {
            (self.0.listener)(message);
            return;
        };
        // Taken out while it runs: it may send the next request itself.
        let waiter = self.0.waiting.borrow_mut().remove(&id);
        if let Some(mut waiter) = waiter {
            waiter(message, parts.get(1));
            if !is_last {
                self.0.waiting.borrow_mut().insert(id, waiter);
            }
        }
    }

    /// Ends the worker for good; who still waits hears that it is gone.
    pub fn end(&self) {
        self.stop();
        self.fail_waiting();
    }

    /// A new worker that holds nothing of what the old one held.
    pub fn restart(&self) {
        self.stop();
        *self.0.greeting.borrow_mut() = None;
        *self.0.deaths.borrow_mut() = 0;
        self.spawn();
        self.fail_waiting();
    }

    /// Starts a worker again after it was given up.
    pub fn revive(&self) {
        if self.0.running.borrow().is_none() {
            *self.0.deaths.borrow_mut() = 0;
            self.spawn();
        }
    }

    fn stop(&self) {
        if let Some(running) = self.0.running.borrow_mut().take() {
            running.worker.set_onmessage(None);
            running.worker.set_onerror(None);
            running.worker.terminate();
            // This may run inside one of its closures: they are dropped once the stack is empty.
            gloo::timers::callback::Timeout::new(0, move || drop(running)).forget();
        }
    }

    fn died(&self) {
        self.stop();
        let deaths = {
            let mut deaths = self.0.deaths.borrow_mut();
            *deaths += 1;
            *deaths
        };
        if deaths < PATIENCE {
            self.spawn();
        }
        self.fail_waiting();
        (self.0.listener)(FromWorker::Crashed { detail: String::new() });
    }

    fn fail_waiting(&self) {
        let waiting = std::mem::take(&mut *self.0.waiting.borrow_mut());
        for (id, mut waiter) in waiting {
            waiter(FromWorker::Failed { id, failure: Failure::Crashed }, JsValue::UNDEFINED);
        }
    }
}

fn send(worker: &Worker, parts: &Array) {
    if worker.post_message_with_transfer(parts, &Array::of1(&parts.get(0))).is_err() {
        web_sys::console::error_1(&"a message to the worker could not be sent".into());
    }
}
