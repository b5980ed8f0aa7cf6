//! On Galla: who sold and who came, each person's day and month, hours that the owner corrects, the month's list.

use super::{at_counter, day::say};
use crate::{
    component::{badge, icon, icon_as, list_card, live, sheet_about, text_input, toasts},
    i18n::{Lang, lang},
};
use dukandar_app::{
    plain::{csv::csv, staff::Named},
    state::{AppState, Asked, save_csv},
};
use dukandar_core::{
    id::{ShopId, UserId},
    insight::{
        day::DayAnswer,
        staff::{Attended, StaffAnswer, StaffDay},
    },
    record::StaffActKind::{self, ClockIn, ClockOut},
    role::Action,
    task::{Answer, Task},
    time::{Day, Timestamp, Zone},
};
use leptos::{ev, prelude::*, task::spawn_local};

/// What the page asks beside the day.
pub fn ask(app: AppState) -> ReadSignal<Asked> {
    app.ask(move || Some(Task::Staff { shop: app.writing_shop()?.id, now: app.now.get() }))
}

fn standing(asked: ReadSignal<Asked>) -> Option<StaffAnswer> {
    asked.with(|asked| match asked.answer() {
        Some(Answer::Staff(staff)) => Some(staff.as_ref().clone()),
        _ => None,
    })
}

/// What a person is called here.
fn name_of(app: AppState, lang: Lang, user: Option<UserId>, me: Option<UserId>) -> String {
    let t = &lang.t().day;
    let Some(user) = user else { return t.nobody.to_owned() };
    if let Some(it) = app.member(user) {
        return it.name;
    }
    let account = app.account.with(|account| account.as_ref().map(|account| account.login.clone()));
    let is_me = Some(user) == me && app.hand.with(Option::is_none);
    account.filter(|_| is_me).unwrap_or_else(|| format!("{} {}", t.someone, &user.to_string()[..8]))
}

/// Everyone who sold or came today, and who could have.
pub fn today(
    app: AppState,
    lang: Lang,
    day: &DayAnswer,
    me: Option<UserId>,
    profile: RwSignal<Option<UserId>>,
) -> AnyView {
    let t = &lang.t().day;
    let mut all = day.staff.clone();
    for it in app.active_team() {
        if all.iter().all(|row| row.user != Some(it.user)) {
            all.push(StaffDay { user: Some(it.user), ..StaffDay::default() });
        }
    }
    let rows: Vec<AnyView> = all.iter().map(|row| member(app, lang, day, row, me, profile)).collect();
    let is_here = day.staff.iter().any(|row| row.user == me && row.came.is_some() && row.left.is_none());
    let shop = day.shop;
    let clock = move |_| {
        spawn_local(async move {
            if let Err(problem) = app.clock_in(shop, !is_here).await {
                say(&problem);
            }
        });
    };
    let button = me.map(|_| {
        let words = if is_here { t.leaving } else { t.here };
        view! { <button class="button" type="button" data-testid="day-clock" on:click=clock>{icon("clock")} {words}</button> }
    });
    if rows.is_empty() && button.is_none() {
        return ().into_any();
    }
    let beside = view! { <div class="flow">{at_counter::button(app)} {button}</div> };
    list_card("day-staff", t.staff, beside.into_any(), rows)
}

fn member(
    app: AppState,
    lang: Lang,
    day: &DayAnswer,
    row: &StaffDay,
    me: Option<UserId>,
    profile: RwSignal<Option<UserId>>,
) -> AnyView {
    let t = &lang.t().day;
    let name = name_of(app, lang, row.user, me);
    let earns = row.user.is_some_and(|user| {
        app.member(user).is_some_and(|it| it.commission.is_some()) && app.sees_commission(user)
    });
    let mut about = lang.staff_about(row, day.currency, app.may(Action::SeeCost), earns);
    let time = |words, at: Option<Timestamp>| at.map(|at| lang.fill(words, &[&lang.time(at, day.zone)]));
    about.extend(time(t.came, row.came));
    about.extend(time(t.left, row.left));
    let sold = lang.money(row.sales, day.currency);
    let (end, about) = (view! { <bdi dir="ltr">{sold}</bdi> }, about.join(" · "));
    let inner = view! { <span class="strong" dir="auto">{name}</span> <span class="amount">{end}</span> <span class="sub">{about}</span> };
    let shown = match row.user.filter(|user| app.member(*user).is_some()) {
        Some(user) => view! {
            <button class="row" type="button" data-testid="member-open" aria-haspopup="dialog" on:click=move |_| profile.set(Some(user))>
                {inner} {icon_as("chevron-right", "icon way")}
            </button>
        }
        .into_any(),
        None => view! { <div class="row">{inner}</div> }.into_any(),
    };
    view! { <li data-testid="day-member">{shown}</li> }.into_any()
}

/// The month's list, with its ways out; for whoever sees reports.
pub fn month(app: AppState, asked: ReadSignal<Asked>, me: RwSignal<Option<UserId>>) -> AnyView {
    live(move || {
        let lang = lang();
        let t = lang.staff();
        if !app.may(Action::SeeReports) || app.team.with(Vec::is_empty) {
            return None;
        }
        let staff = standing(asked)?;
        let me = me.get();
        let named: Vec<Named> =
            staff.of_month.iter().map(|row| (name_of(app, lang, row.user, me), row.clone())).collect();
        let rows = named.iter().map(|(name, row)| {
            let about = lang.staff_about(row, staff.currency, true, true).join(" · ");
            let forgot = staff.attended.iter().any(|it| it.missing && Some(it.user) == row.user);
            let forgot = forgot.then(|| view! { <br/> {badge("warn", "triangle-alert", t.missing)} });
            view! {
                <li class="row" data-testid="month-member">
                    <span class="strong" dir="auto">{name.clone()}</span>
                    <span class="amount"><bdi dir="ltr">{lang.money(row.sales, staff.currency)}</bdi></span>
                    <span class="sub">{about} {forgot}</span>
                </li>
            }
            .into_any()
        });
        let rows: Vec<AnyView> = rows.collect();
        let text = lang.staff_text(&staff.shop_name, staff.month, staff.currency, &named);
        let link = format!("https://wa.me/?text={}", js_sys::encode_uri_component(&text));
        let save = move |_| {
            if save_csv("staff.csv", &csv(&lang.staff_rows(&named)).into()).is_err() {
                toasts().say(lang.t().trouble.title);
            }
        };
        let beside = view! {
            <div class="flow">
                <a class="button" href=link target="_blank" rel="noopener" data-testid="month-whatsapp">{icon("message-square")} {lang.t().day.send}</a>
                <button class="button" type="button" data-testid="month-csv" on:click=save>{icon("download")} {t.csv}</button>
            </div>
        };
        Some(list_card("staff-month", t.month_title, beside.into_any(), rows))
    })
}

/// One person: today, this month, when they came and went.
pub fn profile_sheet(app: AppState, asked: ReadSignal<Asked>, profile: RwSignal<Option<UserId>>) -> AnyView {
    let title = move |user: &UserId| app.member(*user).map(|it| it.name).unwrap_or_default();
    sheet_about(profile, title, "member-sheet", move |_, user| {
        let shown = move || standing(asked).map(|staff| person(app, lang(), &staff, user));
        let add = move || app.may(Action::Administer).then(|| add_form(app, user));
        view! { <div class="sheet-body" data-testid="member">{live(shown)} {live(add)}</div> }.into_any()
    })
}

fn person(app: AppState, lang: Lang, staff: &StaffAnswer, user: UserId) -> AnyView {
    let t = lang.staff();
    let (sees_cost, sees_commission) = (app.may(Action::SeeCost), app.sees_commission(user));
    let role = app.member(user).map(|it| {
        let rate =
            it.commission.filter(|_| sees_commission).map(|rate| lang.commission(rate, staff.currency));
        [Some(lang.role(it.role).to_owned()), rate].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    });
    let part = |title: &'static str, rows: &[StaffDay], id: &'static str| {
        let row = rows.iter().find(|row| row.user == Some(user)).cloned().unwrap_or_default();
        let about = lang.staff_about(&row, staff.currency, sees_cost, sees_commission);
        let about = about.into_iter().map(|words| view! { <li>{words}</li> });
        view! {
            <section data-testid=id>
                <h3 class="flow"><span class="grow">{title}</span> <bdi dir="ltr">{lang.money(row.sales, staff.currency)}</bdi></h3>
                <ul class="fine">{about.collect_view()}</ul>
            </section>
        }
    };
    let spans: Vec<AnyView> = (staff.attended.iter().filter(|it| it.user == user))
        .map(|it| span(app, lang, staff.zone, staff.shop, *it))
        .collect();
    let none = spans.is_empty().then(|| view! { <p class="muted">{t.none_came}</p> });
    view! {
        <p class="fine">{role}</p>
        {part(t.today, &staff.today, "member-today")}
        {part(t.month, &staff.of_month, "member-month")}
        <h3>{t.attendance}</h3>
        {none}
        <ul class="stack">{spans}</ul>
    }
    .into_any()
}

fn span(app: AppState, lang: Lang, zone: Zone, shop: ShopId, it: Attended) -> AnyView {
    let t = lang.staff();
    let (day, came) = (lang.short_date(it.came.day(zone)), lang.time(it.came, zone));
    // Isolated in Urdu, part by part.
    let words = match it.went {
        Some(went) => {
            let hours = lang.hours((went.0 - it.came.0) / 60_000);
            lang.fill("{0} · {1} – {2} · {3}", &[&day, &came, &lang.time(went, zone), &hours])
        }
        None if it.missing => lang.fill("{0} · {1} –", &[&day, &came]),
        None => lang.fill("{0} · {1} · {2}", &[&day, &came, t.here]),
    };
    let missing = it.missing.then(|| view! { <br/> {badge("warn", "triangle-alert", t.missing)} });
    let back = app.may(Action::Administer).then(|| {
        let label = format!("{}: {words}", lang.t().day.take_back);
        let tap = move |_| {
            let mut wrong = vec![(ClockIn, it.came)];
            wrong.extend(it.went.map(|went| (ClockOut, went)));
            correct(app, shop, it.user, wrong, Vec::new());
        };
        view! { <button class="button quiet square" type="button" data-testid="span-undo" title=lang.t().day.take_back aria-label=label on:click=tap>{icon("undo-2")}</button> }
    });
    view! { <li class="flow" data-testid="span"><span class="grow"><span>{words.clone()}</span>{missing}</span> {back}</li> }
        .into_any()
}

type Acts = Vec<(StaffActKind, Timestamp)>;

fn correct(app: AppState, shop: ShopId, user: UserId, wrong: Acts, right: Acts) {
    spawn_local(async move {
        match app.correct_hours(shop, user, &wrong, &right).await {
            Ok(()) => toasts().say(untrack(lang).staff().took_back),
            Err(problem) => say(&problem),
        }
    });
}

/// `14:30` on a day.
fn instant(day: Day, time: &str, zone: Zone) -> Option<Timestamp> {
    let (hour, minute) = time.split_once(':')?;
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
    Some(Timestamp(day.start(zone).0 + (hour * 60 + minute) * 60_000))
}

/// Hours that nobody wrote down; a going before the coming was after midnight.
fn add_form(app: AppState, user: UserId) -> AnyView {
    let lang = lang();
    let t = lang.staff();
    let today = app.today();
    let day = RwSignal::new(today.to_string());
    let (from, until) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let wrong = RwSignal::new(None::<String>);
    let none = Signal::stored(None);
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let zone = untrack(|| app.zone());
        let read = || {
            let day = Day::parse(&day.get_untracked()).filter(|day| *day <= today)?;
            let came = instant(day, &from.get_untracked(), zone)?;
            let went = instant(day, &until.get_untracked(), zone)?;
            let went =
                if went > came { went } else { instant(Day(day.0 + 1), &until.get_untracked(), zone)? };
            Some(vec![(ClockIn, came), (ClockOut, went)])
        };
        let (Some(right), Some(shop)) = (read(), untrack(|| app.writing_shop())) else {
            return wrong.set(Some(t.bad_hours.to_owned()));
        };
        wrong.set(None);
        from.set(String::new());
        until.set(String::new());
        correct(app, shop.id, user, Vec::new(), right);
    };
    view! {
        <details class="more">
            <summary data-testid="hours-open">{icon("chevron-down")} {t.add_hours}</summary>
            <form class="stack" on:submit=on_submit>
                {text_input(t.day, "", day, none, "date", "hours-day")}
                {text_input(t.from, "", from, wrong.into(), "time", "hours-from")}
                {text_input(t.until, "", until, none, "time", "hours-until")}
                <div><button class="button" type="submit" data-testid="hours-save">{icon("check")} {lang.t().common.save}</button></div>
            </form>
        </details>
    }
    .into_any()
}
