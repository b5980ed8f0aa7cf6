//! Asking the owner: the question goes out as a record, the answer comes back as one, and the bill goes on.

use super::{
    AppState, Problem,
    bargain::{asked_lines, present},
    khata::fresh,
};
use crate::effect::journal::{self, Append, Draft};
use dukandar_core::{
    bargain::{Request, covers},
    id::DocumentId,
    record::{Approval, ApprovalStep},
    role::Action,
    sync::event::Stream,
    task::{Answer, Task},
};
use gloo::timers::callback::Timeout;
use leptos::prelude::*;

/// While an answer is awaited the server is asked this often.
const LOOK_AGAIN_MS: u32 = 4_000;

impl AppState {
    /// Keeps the questions of the last half hour at hand. Called once, by the root.
    pub(super) fn watch_approvals(self) {
        let asked = self.ask(move || Some(Task::Approvals { shop: None, now: self.now.get() }));
        Effect::new(move |_: Option<()>| {
            asked.with(|asked| {
                if let Some(Answer::Approvals(found)) = asked.answer() {
                    self.approvals.maybe_update(|known| {
                        let differs = *known != found.requests;
                        if differs {
                            known.clone_from(&found.requests);
                        }
                        differs
                    });
                }
            });
        });
    }

    /// The newest question about the very bill that is being made. Tracked.
    pub fn own_request(self) -> Option<Request> {
        let bill = self.cart.with(asked_lines);
        let now = self.now.get();
        self.approvals
            .with(|all| all.iter().rev().find(|it| covers(it, &bill) && !it.used && now <= it.until).cloned())
    }

    /// Questions that wait for whoever is here. Tracked.
    pub fn waiting_requests(self) -> Vec<Request> {
        let now = self.now.get();
        match self.may(Action::Forgive) {
            true => self.approvals.with(|all| all.iter().filter(|it| it.waits(now)).cloned().collect()),
            false => Vec::new(),
        }
    }

    /// Asks the owner whether the bill may go for what it says.
    pub async fn ask_owner(self) -> Result<(), Problem> {
        let shop = untrack(|| self.writing_shop()).ok_or(Problem::NoShop)?.id;
        let lines = self.cart.with_untracked(asked_lines);
        if lines.is_empty() {
            return Err(Problem::Invalid { field: "cart", expected: "at least one line" });
        }
        self.say_step(shop, fresh(), ApprovalStep::Asked(lines)).await?;
        self.look_for_answer();
        Ok(())
    }

    /// The owner's word on a question.
    pub async fn answer_request(self, request: &Request, yes: bool) -> Result<(), Problem> {
        if !untrack(|| self.may(Action::Forgive)) {
            return Err(Problem::Invalid { field: "answer", expected: "the owner" });
        }
        self.say_step(request.shop, request.id, ApprovalStep::Answered(yes)).await
    }

    async fn say_step(
        self,
        shop: dukandar_core::id::ShopId,
        id: DocumentId,
        step: ApprovalStep,
    ) -> Result<(), Problem> {
        let db = self.inner().db()?;
        journal::append(&db, Append::RECORDS, move |identity, _| {
            let said = Approval { id, shop, at: present(), user: identity.actor, step };
            Ok((vec![Draft::new(Stream::Shop(shop), "approval", &said)?], ()))
        })
        .await?;
        self.journal_changed();
        self.sync_now();
        Ok(())
    }

    /// Fetches more often while this till waits.
    fn look_for_answer(self) {
        Timeout::new(LOOK_AGAIN_MS, move || {
            let now = present();
            if self.approvals.with_untracked(|all| all.iter().any(|it| it.waits(now))) {
                self.sync_now();
                self.look_for_answer();
            }
        })
        .forget();
    }
}
