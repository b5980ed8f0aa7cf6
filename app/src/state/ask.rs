//! Questions to the worker as signals: what was answered before is shown at once, marked stale, until
//! the present answer comes.

use super::{AppState, Problem};
use crate::{
    effect::{answers, clock},
    message::{Failure, FromWorker, RequestId, ToWorker},
};
use dukandar_core::{
    privacy::seal::Sealed,
    record::Person,
    task::{Answer, Task},
};
use leptos::{prelude::*, task::spawn_local};
use std::{cell::RefCell, rc::Rc, sync::Arc};

/// A question's state.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// Nothing to show yet.
    Loading,
    /// An answer.
    Ready {
        /// The answer.
        answer: Arc<Answer>,
        /// A newer one is being computed.
        stale: bool,
    },
    /// No answer.
    Failed(Problem),
}

impl Asked {
    /// The answer, if there is one.
    pub fn answer(&self) -> Option<&Answer> {
        match self {
            Self::Ready { answer, .. } => Some(answer),
            Self::Loading | Self::Failed(_) => None,
        }
    }
}

impl AppState {
    /// Asks, and asks again whenever the task's signals or the tables change. `None` asks nothing.
    ///
    /// Call it once in a component; the question is withdrawn when the component goes.
    pub fn ask(self, task: impl Fn() -> Option<Task> + 'static) -> ReadSignal<Asked> {
        // Boxed: one copy of all this for every screen.
        self.ask_by(Box::new(task))
    }

    fn ask_by(self, task: Box<dyn Fn() -> Option<Task>>) -> ReadSignal<Asked> {
        let (asked, set_asked) = signal(Asked::Loading);
        // What stands on the screen, and which asking is the newest one.
        let shown = StoredValue::new(None::<String>);
        let turn = StoredValue::new(0_u64);
        let request = StoredValue::new(None);
        Effect::new(move |_| {
            let version = self.version.get();
            self.round.track();
            let ready = self.is_open();
            let Some(task) = task().filter(|_| ready) else { return };
            let question = answers::question(&task);
            let mine = turn.get_value() + 1;
            turn.set_value(mine);
            self.withdraw(request);
            if shown.get_value().as_ref() == Some(&question) {
                set_asked.update(|asked| {
                    if let Asked::Ready { stale, .. } = asked {
                        *stale = true;
                    }
                });
            } else {
                shown.set_value(None);
                set_asked.set(Asked::Loading);
                let (question, task) = (question.clone(), task.clone());
                // The answer of an earlier visit, straight from the database: the worker may still be starting.
                spawn_local(async move {
                    let Ok(db) = self.inner().db() else { return };
                    let Ok(Some(kept)) = answers::read(&db, &question).await else { return };
                    if turn.try_get_value() == Some(mine) && shown.get_value().is_none() {
                        shown.set_value(Some(question));
                        let stale = !(kept.version == version && kept.task == task);
                        set_asked.set(Asked::Ready { answer: Arc::new(kept.answer), stale });
                        self.painted(&task);
                    }
                });
            }
            let Some(port) = self.inner().port() else { return };
            let asked_task = task.clone();
            let id = port.request(
                |id| ToWorker::Run { id, task },
                None,
                move |message, _| {
                    if turn.try_get_value() != Some(mine) {
                        return;
                    }
                    match message {
                        FromWorker::Answer { answer, .. } => {
                            shown.set_value(Some(question.clone()));
                            let answer = Arc::new(*answer);
                            // The very answer of the earlier visit moves nothing on the screen.
                            set_asked.maybe_update(|asked| {
                                let next = Asked::Ready { answer: answer.clone(), stale: false };
                                let differs = *asked != next;
                                if differs {
                                    *asked = next;
                                }
                                differs
                            });
                            self.painted(&asked_task);
                        }
                        FromWorker::Failed { failure, .. } => {
                            shown.set_value(None);
                            set_asked.set(Asked::Failed(failure.into()));
                        }
                        _ => {}
                    }
                },
            );
            request.set_value(Some(id));
        });
        on_cleanup(move || self.withdraw(request));
        asked
    }

    /// Asks everything on the screen again, after a problem was shown.
    pub fn retry(self) {
        if let Some(port) = self.inner().port() {
            port.revive();
        }
        self.round.update(|round| *round += 1);
    }

    /// Makes no more of the forecasts that are being made.
    pub fn stop_forecasting(self) {
        if let Some(port) = self.inner().port() {
            port.post(&ToWorker::StopForecasting, None);
        }
    }

    /// Opens sealed names, phones and addresses; none where the person was erased.
    pub async fn unseal(self, sealed: Vec<Sealed>) -> Result<Vec<Option<Person>>, Problem> {
        match self.request(Box::new(|id| ToWorker::Unseal { id, sealed })).await? {
            FromWorker::People { people, .. } => Ok(people),
            _ => Ok(Vec::new()),
        }
    }

    /// Asks the worker for one thing and waits for its one answer.
    pub(super) async fn request(
        self,
        make: Box<dyn FnOnce(RequestId) -> ToWorker>,
    ) -> Result<FromWorker, Problem> {
        self.request_with(make, None).await
    }

    /// The same with what travels beside it.
    pub(super) async fn request_with(
        self,
        make: Box<dyn FnOnce(RequestId) -> ToWorker>,
        extra: Option<wasm_bindgen::JsValue>,
    ) -> Result<FromWorker, Problem> {
        let port = self.inner().port().ok_or(Problem::NoShop)?;
        let (found, mut make) = (Rc::new(RefCell::new(None)), Some(make));
        let answered = js_sys::Promise::new(&mut |resolve, _| {
            let (slot, Some(make)) = (found.clone(), make.take()) else { return };
            port.request(make, extra.as_ref(), move |message, _| {
                *slot.borrow_mut() = Some(message);
                let _ = resolve.call0(&wasm_bindgen::JsValue::NULL);
            });
        });
        let _ = wasm_bindgen_futures::JsFuture::from(answered).await;
        match found.take() {
            Some(FromWorker::Failed { failure, .. }) => Err(failure.into()),
            Some(message) => Ok(message),
            None => Err(Failure::Crashed.into()),
        }
    }

    /// Once the first Today since the page was opened is painted, the cold start is over: benchmarks read that.
    fn painted(self, task: &Task) {
        if !matches!(task, Task::Today { .. }) || self.inner().was_painted.replace(true) {
            return;
        }
        request_animation_frame(move || {
            // A task of its own after the frame.
            gloo::timers::callback::Timeout::new(0, || clock::measure("cold:today", 0.0)).forget();
        });
    }

    fn withdraw(self, request: StoredValue<Option<u64>>) {
        let waiting = request.try_get_value().flatten();
        if let (Some(id), Some(port)) = (waiting, self.inner().port()) {
            port.forget(id);
        }
    }
}
