//! The shop's people: named by the owner, with a role, a commission and a PIN; they come and go.
//!
//! Their names and PINs are opened by the worker and stand in memory only, as customers' names do. A new name or PIN is
//! sealed under a fresh key.

use super::{AppState, Problem, Tried, pin::stretch};
use crate::effect::{clock, journal::Draft};
use dukandar_core::{
    id::{ShopId, UserId},
    record::{Commission, Member, Person, Pin, StaffAct, StaffActKind},
    role::{Action, Role},
    sync::event::Stream,
    table::day::MemberRow,
    task::{Answer, Task},
    time::Timestamp,
};
use leptos::{prelude::*, task::spawn_local};

/// A person of the shop, opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamMember {
    /// Who.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// As what they stand at the counter.
    pub role: Role,
    /// What they earn by selling.
    pub commission: Option<Commission>,
    /// No longer with the shop.
    pub left: bool,
    pub(super) pin: Option<Pin>,
}

/// What the owner says of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberEdit {
    /// Who; none: somebody new.
    pub user: Option<UserId>,
    /// Their name.
    pub name: String,
    /// As what they stand at the counter.
    pub role: Role,
    /// What they earn by selling from now on.
    pub commission: Option<Commission>,
    /// Another PIN; empty: as it is.
    pub pin: String,
    /// No longer with the shop.
    pub left: bool,
}

impl AppState {
    /// Keeps the people at hand. Called once, by the root.
    pub(super) fn watch_team(self) {
        let asked = self.ask(|| Some(Task::Team));
        Effect::new(move |_: Option<()>| {
            let rows = asked.with(|asked| match asked.answer() {
                Some(Answer::Team(rows)) => rows.clone(),
                _ => Vec::new(),
            });
            if !rows.is_empty() {
                spawn_local(self.open_team(rows));
            }
        });
    }

    async fn open_team(self, rows: Vec<MemberRow>) {
        let sealed = rows.iter().filter_map(|row| row.person.clone()).collect();
        // Without its worker the page goes on with the names that it knows; the trouble shows elsewhere.
        let Ok(opened) = self.unseal(sealed).await else { return };
        let mut opened = opened.into_iter();
        let open = |row: MemberRow| {
            let person = row.person.as_ref().and_then(|_| opened.next().flatten()).unwrap_or_default();
            let (user, role, commission, left) = (row.user, row.role, row.commission(), row.left);
            TeamMember {
                user,
                name: person.name.unwrap_or_default(),
                role,
                commission,
                left,
                pin: person.pin,
            }
        };
        let team: Vec<TeamMember> = rows.into_iter().map(open).collect();
        if self.team.with_untracked(|known| *known != team) {
            self.team.set(team);
        }
        if let Err(problem) = self.renew_hand().await {
            self.notice.set(Some(problem));
        }
    }

    /// Those who are with the shop, by name; tracked.
    pub fn active_team(self) -> Vec<TeamMember> {
        let mut team: Vec<_> = self.team.with(|team| team.iter().filter(|it| !it.left).cloned().collect());
        dukandar_core::order::by_key(&mut team, |it: &TeamMember| (it.name.clone(), it.user));
        team
    }

    /// A person's name, if they were named; tracked.
    pub fn member(self, user: UserId) -> Option<TeamMember> {
        self.team.with(|team| team.iter().find(|it| it.user == user).cloned())
    }

    /// Whether what this person earns may be shown: to whoever sees costs, and to themselves where it tells no cost.
    /// Tracked.
    pub fn sees_commission(self, user: UserId) -> bool {
        let tells =
            self.member(user).is_some_and(|it| matches!(it.commission, Some(Commission::OfMargin(_))));
        let is_own = self.hand.with(|hand| hand.as_ref().is_some_and(|hand| hand.user == user));
        self.may(Action::SeeCost) || (is_own && !tells)
    }

    /// Names a person, or changes what is said of one. Only the owner does.
    pub async fn save_member(self, edit: MemberEdit) -> Result<(), Problem> {
        if !untrack(|| self.may(Action::Administer)) {
            return Err(Problem::NotAllowed);
        }
        let name = edit.name.trim().to_owned();
        if name.is_empty() {
            return Err(Problem::Invalid { field: "name", expected: "a name" });
        }
        let known = edit.user.and_then(|user| untrack(|| self.member(user)));
        let pin = match (&known, edit.pin.as_str()) {
            (Some(known), "") => known.pin.clone(),
            (_, typed) => Some(stretch(typed).await?),
        };
        let (mut drafts, mut sealed) = (Vec::new(), None);
        if known.as_ref().is_none_or(|known| known.name != name || known.pin != pin) {
            let (key, person) = self.seal(Person { name: Some(name), pin, ..Person::default() }).await?;
            drafts.push(key);
            sealed = Some(person);
        }
        let at = clock::now();
        let user = edit.user.unwrap_or_else(|| UserId::fresh(at.0.unsigned_abs(), &mut clock::entropy()));
        let MemberEdit { role, commission, left, .. } = edit;
        let member = Member { user, person: sealed, role, commission, left, at };
        drafts.push(Draft::new(Stream::Tenant, "member", &member)?);
        self.write(drafts).await
    }

    /// A person comes or goes, and says so with their PIN. Who goes leaves the counter too.
    pub async fn clock_member(
        self,
        shop: ShopId,
        user: UserId,
        comes: bool,
        pin: &str,
    ) -> Result<Tried, Problem> {
        let tried = self.try_member(user, pin).await?;
        if tried == Tried::Right {
            let act = if comes { StaffActKind::ClockIn } else { StaffActKind::ClockOut };
            self.write_acts(vec![StaffAct { user, shop, act, at: clock::now(), taken_back: false }]).await?;
            if !comes && self.hand.with_untracked(|hand| hand.as_ref().is_some_and(|it| it.user == user)) {
                self.leave_counter().await?;
            }
        }
        Ok(tried)
    }

    /// The owner corrects hours: what was not so is taken back by counter-entries, what was so is added.
    pub async fn correct_hours(
        self,
        shop: ShopId,
        user: UserId,
        wrong: &[(StaffActKind, Timestamp)],
        right: &[(StaffActKind, Timestamp)],
    ) -> Result<(), Problem> {
        if !untrack(|| self.may(Action::Administer)) {
            return Err(Problem::NotAllowed);
        }
        let act =
            |&(act, at): &(StaffActKind, Timestamp), taken_back| StaffAct { user, shop, act, at, taken_back };
        let wrong = wrong.iter().map(|it| act(it, true));
        self.write_acts(wrong.chain(right.iter().map(|it| act(it, false))).collect()).await
    }

    async fn write_acts(self, acts: Vec<StaffAct>) -> Result<(), Problem> {
        let draft = |act: &StaffAct| Draft::new(Stream::Shop(act.shop), "staff_act", act);
        self.write(acts.iter().map(draft).collect::<Result<_, _>>()?).await
    }
}
