//! On Settings: the people of the shop, named by the owner.

use crate::{
    component::{badge, icon, live, number_input, pin_input, select, sheet_about, text_input, toasts},
    i18n::{Lang, lang},
};
use dukandar_app::{
    plain::typed::parse_money,
    state::{AppState, MemberEdit, TeamMember, is_pin},
};
use dukandar_core::{
    money::Paisa,
    record::Commission,
    role::{Action, Role},
};
use leptos::{ev, prelude::*, task::spawn_local};

/// Roles that a person at the counter can have.
const ROLES: [Role; 3] = [Role::Cashier, Role::Manager, Role::Accountant];

/// The card's body.
pub fn staff_card(app: AppState) -> AnyView {
    // The person that is changed; none inside: somebody new.
    let about = RwSignal::new(None::<Option<TeamMember>>);
    let shown = move || {
        let lang = lang();
        let t = lang.staff();
        if !app.may(Action::Administer) {
            return view! { <p class="muted">{t.owner_only}</p> }.into_any();
        }
        let mut team = app.active_team();
        app.team.with(|all| team.extend(all.iter().filter(|it| it.left).cloned()));
        let empty = team.is_empty().then(|| view! { <p class="muted">{t.nobody}</p> });
        let rows = team.into_iter().map(|it| row(app, lang, it, about));
        view! {
            <p class="muted">{t.about}</p>
            {empty}
            <ul class="stack">{rows.collect_view()}</ul>
            <div><button class="button" type="button" data-testid="staff-add" on:click=move |_| about.set(Some(None))>{icon("plus")} {t.add}</button></div>
        }
        .into_any()
    };
    let title =
        |it: &Option<TeamMember>| it.as_ref().map_or(lang().staff().add.to_owned(), |it| it.name.clone());
    view! { {live(shown)} {sheet_about(about, title, "staff-form", move |open, it| form(app, open, it))} }
        .into_any()
}

fn row(app: AppState, lang: Lang, it: TeamMember, about: RwSignal<Option<Option<TeamMember>>>) -> AnyView {
    let t = lang.staff();
    let earns = it.commission.map(|rate| lang.commission(rate, app.currency()));
    let below =
        [Some(lang.role(it.role).to_owned()), earns].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let gone = it.left.then(|| badge("", "log-out", t.gone));
    let label = format!("{}: {}", t.edit, it.name);
    let name = it.name.clone();
    view! {
        <li class="flow" data-testid="staff-row">
            {icon("user")}
            <span class="grow"><span class="strong" dir="auto">{name}</span> " " {gone}<br/><span class="fine">{below}</span></span>
            <button class="button quiet square" type="button" data-testid="staff-edit" title=t.edit aria-label=label on:click=move |_| about.set(Some(Some(it.clone())))>{icon("pencil")}</button>
        </li>
    }
    .into_any()
}

/// Which kind of commission, and its rate as it is typed.
fn known(commission: Option<Commission>) -> (usize, String) {
    let plain = |paisa: i64| match paisa % 100 {
        0 => (paisa / 100).to_string(),
        part => format!("{}.{part:02}", paisa / 100),
    };
    match commission {
        None => (0, String::new()),
        Some(Commission::OfSales(share)) => (1, plain(share.into())),
        Some(Commission::OfMargin(share)) => (2, plain(share.into())),
        Some(Commission::PerPhone(each)) => (3, plain(each.0)),
    }
}

/// The commission as it was typed; two decimals of a percent are its hundredths.
fn read(kind: usize, rate: &str) -> Option<Option<Commission>> {
    let typed = || parse_money(rate).filter(|it| it.0 > 0 && *it < Paisa::rupees(1_000_000));
    let share = || typed().and_then(|it| u32::try_from(it.0).ok()).filter(|share| *share <= 10_000);
    match kind {
        0 => Some(None),
        1 => share().map(|it| Some(Commission::OfSales(it))),
        2 => share().map(|it| Some(Commission::OfMargin(it))),
        _ => typed().map(|it| Some(Commission::PerPhone(it))),
    }
}

fn form(app: AppState, open: RwSignal<bool>, of: Option<TeamMember>) -> AnyView {
    let lang = lang();
    let t = lang.staff();
    let (old_kind, old_rate) = known(of.as_ref().and_then(|it| it.commission));
    let name = RwSignal::new(of.as_ref().map(|it| it.name.clone()).unwrap_or_default());
    let role = RwSignal::new(of.as_ref().map_or(Role::Cashier, |it| it.role));
    let (kind, rate) = (RwSignal::new(old_kind), RwSignal::new(old_rate));
    let (pin, left) = (RwSignal::new(String::new()), RwSignal::new(of.as_ref().is_some_and(|it| it.left)));
    let (user, tried) = (of.as_ref().map(|it| it.user), RwSignal::new(false));
    let failed = RwSignal::new(None::<String>);
    let wrong = move |fault: fn(RwSignal<String>) -> bool, of: RwSignal<String>, words: &'static str| {
        Signal::derive(move || (tried.get() && fault(of)).then(|| words.to_owned()))
    };
    let is_taken = move || {
        let typed = name.get();
        app.active_team().iter().any(|it| it.name == typed.trim() && Some(it.user) != user)
    };
    let bad_name = Signal::derive(move || {
        let empty = tried.get() && name.with(|name| name.trim().is_empty());
        if empty { Some(t.need_name.to_owned()) } else { is_taken().then(|| t.taken.to_owned()) }
    });
    let bad_rate = Signal::derive(move || {
        (tried.get() && read(kind.get(), &rate.get()).is_none()).then(|| t.bad_rate.to_owned())
    });
    let is_new = user.is_none();
    let bad_pin = match is_new {
        true => wrong(|pin| !is_pin(&pin.get()), pin, lang.t().counter.pin_rule),
        false => wrong(|pin| pin.with(|pin| !pin.is_empty() && !is_pin(pin)), pin, lang.t().counter.pin_rule),
    };
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let commission = untrack(|| read(kind.get(), &rate.get()));
        let is_sound = untrack(|| bad_name.get().is_none() && bad_pin.get().is_none());
        let Some(commission) = commission.filter(|_| is_sound) else { return };
        let (role, pin, left) = (role.get_untracked(), pin.get_untracked(), left.get_untracked());
        let edit = MemberEdit { user, name: name.get_untracked(), role, commission, pin, left };
        spawn_local(async move {
            let said = lang.fill(t.saved, &[edit.name.trim()]);
            match app.save_member(edit).await {
                Ok(()) => {
                    open.set(false);
                    toasts().say(said);
                }
                Err(problem) => failed.set(Some(lang.problem(&problem))),
            }
        });
    };
    let roles =
        ROLES.iter().enumerate().map(|(place, role)| (place.to_string(), lang.role(*role).to_owned()));
    let role_now =
        Signal::derive(move || ROLES.iter().position(|it| *it == role.get()).unwrap_or_default().to_string());
    let set_role = move |value: String| {
        role.set(
            value.parse().ok().and_then(|place: usize| ROLES.get(place).copied()).unwrap_or(Role::Cashier),
        );
    };
    let kinds = t.kinds.iter().enumerate().map(|(place, words)| (place.to_string(), (*words).to_owned()));
    let kind_now = Signal::derive(move || kind.get().to_string());
    let rate_field = live(move || {
        (kind.get() > 0).then(|| number_input(t.rate, t.rate_help, rate, bad_rate, "staff-rate"))
    });
    let gone = (!is_new).then(|| {
        view! {
            <label class="check">
                <input type="checkbox" data-testid="staff-left" prop:checked=move || left.get() on:change=move |event| left.set(event_target_checked(&event))/>
                <span>{t.gone}</span>
            </label>
        }
    });
    let keep = (!is_new).then(|| view! { <p class="fine">{t.pin_same}</p> });
    view! {
        <form class="sheet-body" on:submit=on_submit>
            {text_input(t.name, "", name, bad_name, "text", "staff-name")}
            <div class="field"><span class="label">{t.role}</span> {select(t.role, "", "staff-role", roles.collect(), role_now, set_role)}</div>
            <div class="field"><span class="label">{t.commission}</span> {select(t.commission, "", "staff-kind", kinds.collect(), kind_now, move |value| kind.set(value.parse().unwrap_or_default()))}</div>
            {rate_field}
            {pin_input(t.pin, pin, bad_pin, "staff-pin")}
            {keep}
            {gone}
            {live(move || failed.get().map(|words| view! { <p class="wrong" role="alert">{words}</p> }))}
            <button class="button primary tall" type="submit" data-testid="save">{icon("check")} {lang.t().common.save}</button>
        </form>
    }
    .into_any()
}
