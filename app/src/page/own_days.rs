//! What a shop says of its own days, as cards of the settings: holidays and offers, advertising, price tiers, the
//! weekend. Everything is written down as entered; forecasts follow by themselves.

use crate::{
    component::{badge, bdi, icon, number_input, select, text_input, toasts},
    i18n::lang,
};
use dukandar_app::{
    plain::typed::parse_money,
    state::{AppState, Asked, app},
};
use dukandar_core::{
    record::Given,
    table::context::{Context, SpanKind},
    task::{Answer, Task},
    time::{Day, Zone},
};
use leptos::{ev, prelude::*, task::spawn_local};

/// Lines listed at most, newest first.
const LISTED: usize = 12;

/// Writes something down and says so, or what is wrong.
fn give(feed: &'static str, day: Day, name: String, given: Given, wrong: RwSignal<Option<String>>) {
    let lang = untrack(lang);
    spawn_local(async move {
        match app().give(feed, day, &name, &given).await {
            Ok(()) => {
                wrong.try_set(None);
                toasts().say(lang.t().outlook.saved);
            }
            Err(problem) => _ = wrong.try_set(Some(lang.problem(&problem))),
        }
    });
}

/// The cards' bodies, built anew when the tables change.
pub fn with_context(asked: ReadSignal<Asked>, body: fn(AppState, &Context) -> AnyView) -> AnyView {
    let context = Memo::new(move |_| {
        asked.with(|asked| match asked.answer() {
            Some(Answer::Context(context)) => Some(context.clone()),
            _ => None,
        })
    });
    crate::component::live(move || context.get().map(|context| body(app(), &context)))
}

/// The question behind all of them.
pub fn ask(app: AppState) -> ReadSignal<Asked> {
    app.ask(|| Some(Task::Context))
}

fn wrong_signal() -> RwSignal<Option<String>> {
    RwSignal::new(None)
}

fn today() -> Day {
    untrack(|| app().now.get()).day(Zone::KARACHI)
}

/// Reads a day as a date input gives it.
fn day(field: RwSignal<String>) -> Option<Day> {
    Day::parse(&field.get_untracked())
}

fn remove(feed: &'static str, day: Day, name: &str) -> AnyView {
    let words = format!("{}: {name}", lang().t().outlook.remove);
    let name = name.to_owned();
    view! {
        <button class="button quiet square" type="button" data-testid="remove-day" aria-label=words on:click=move |_| give(feed, day, name.clone(), Given::TakenBack, wrong_signal())>{icon("x")}</button>
    }
    .into_any()
}

/// Holidays and offers: the list, and a line to add one.
pub fn spans(_: AppState, context: &Context) -> AnyView {
    let lang = lang();
    let t = &lang.t().outlook;
    let rows = context.spans.iter().rev().take(LISTED).map(|span| {
        let kind = match span.kind {
            SpanKind::Holiday => badge("good", "calendar", t.holiday),
            SpanKind::Promotion => badge("good", "tag", t.promotion),
        };
        view! {
            <li class="flow" data-testid="own-day">
                {kind}
                <span class="grow"><span dir="auto">{span.name.clone()}</span><br/><span class="fine">{lang.days(span.from, span.until)}</span></span>
                {remove(span.kind.feed(), span.from, &span.name)}
            </li>
        }
    });
    let first = today().to_string();
    let (kind, name) = (RwSignal::new("promotions".to_owned()), RwSignal::new(String::new()));
    let (from, until, wrong) = (RwSignal::new(first.clone()), RwSignal::new(first), wrong_signal());
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let typed = day(from).zip(day(until)).filter(|(from, until)| from <= until);
        match typed.filter(|_| !name.get_untracked().trim().is_empty()) {
            Some((from, until)) if kind.get_untracked() == "holidays" => {
                give("holidays", from, name.get_untracked(), Given::Holiday(until), wrong);
            }
            Some((from, until)) => {
                give("promotions", from, name.get_untracked(), Given::Promotion(until), wrong);
            }
            None => wrong.set(Some(t.bad_days.to_owned())),
        }
    };
    let kinds = vec![
        ("promotions".to_owned(), t.promotion.to_owned()),
        ("holidays".to_owned(), t.holiday.to_owned()),
    ];
    view! {
        <p class="muted">{t.own_days_help}</p>
        <ul class="stack">{rows.collect_view()}</ul>
        <form class="stack" on:submit=on_submit>
            <div class="form two">
                <div class="field">
                    <span class="label">{t.own_days}</span>
                    {select(t.own_days, "", "day-kind", kinds, kind.into(), move |value| kind.set(value))}
                </div>
                {text_input(t.name, t.name_hint, name, wrong.into(), "text", "day-name")}
                {text_input(t.from, "", from, Signal::stored(None), "date", "day-from")}
                {text_input(t.until, "", until, Signal::stored(None), "date", "day-until")}
            </div>
            <div><button class="button primary" type="submit" data-testid="day-add">{icon("plus")} {t.add}</button></div>
        </form>
    }
    .into_any()
}

/// Advertising: what was paid on which day.
pub fn spend(app: AppState, context: &Context) -> AnyView {
    let lang = lang();
    let t = &lang.t().outlook;
    let currency = app.currency();
    let rows = context.marketing_spend.iter().rev().take(LISTED).map(|row| {
        view! {
            <li class="flow" data-testid="spend">
                <span class="grow"><span dir="auto">{row.name.clone()}</span><br/><span class="fine">{lang.date(row.day)}</span></span>
                {bdi(lang.money(row.amount, currency))}
                {remove("marketing_spend", row.day, &row.name)}
            </li>
        }
    });
    let (name, amount) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (on, wrong) = (RwSignal::new(today().to_string()), wrong_signal());
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        match day(on).zip(parse_money(&amount.get_untracked())) {
            Some((on, amount)) if !name.get_untracked().trim().is_empty() => {
                give("marketing_spend", on, name.get_untracked(), Given::MarketingSpend(amount), wrong);
            }
            _ => wrong.set(Some(lang.t().stock.bad_number.to_owned())),
        }
    };
    view! {
        <ul class="stack">{rows.collect_view()}</ul>
        <form class="stack" on:submit=on_submit>
            <div class="form two">
                {text_input(t.spend_name, "Facebook", name, Signal::stored(None), "text", "spend-name")}
                {number_input(t.amount, "", amount, wrong.into(), "spend-amount")}
                {text_input(lang.t().common.day, "", on, Signal::stored(None), "date", "spend-day")}
            </div>
            <div><button class="button" type="submit" data-testid="spend-add">{icon("plus")} {t.add}</button></div>
        </form>
    }
    .into_any()
}

/// Where the tiers of prices end.
pub fn tiers(_: AppState, context: &Context) -> AnyView {
    let lang = lang();
    let t = &lang.t().outlook;
    let ends = context.price_tiers.map(|end| RwSignal::new(lang.amount(end)));
    let wrong = wrong_signal();
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let typed: Vec<_> = ends.iter().filter_map(|end| parse_money(&end.get_untracked())).collect();
        match <[_; 3]>::try_from(typed) {
            Ok(ends) if ends[0].0 > 0 && ends[0] < ends[1] && ends[1] < ends[2] => {
                give("price_tiers", today(), String::new(), Given::PriceTiers(ends), wrong);
            }
            _ => wrong.set(Some(t.bad_tiers.to_owned())),
        }
    };
    const NAMES: [&str; 3] = ["tier-budget", "tier-mid-range", "tier-premium"];
    let fields = (0..3).map(|place| {
        let wrong = if place == 0 { wrong.into() } else { Signal::stored(None) };
        number_input(t.tier_ends[place], "", ends[place], wrong, NAMES[place])
    });
    view! {
        <form class="stack" on:submit=on_submit>
            <div class="form two">{fields.collect_view()}</div>
            <div><button class="button" type="submit" data-testid="tiers-save">{icon("check")} {lang.t().common.save}</button></div>
        </form>
    }
    .into_any()
}

/// The weekdays of the weekend.
pub fn weekend(_: AppState, context: &Context) -> AnyView {
    let lang = lang();
    let chosen = context.weekend.clone();
    let boxes = (0..7_u8).map(|weekday| {
        let is_chosen = chosen.contains(&weekday);
        let mut next = chosen.clone();
        match is_chosen {
            true => next.retain(|day| *day != weekday),
            false => next.push(weekday),
        }
        let on_change = move |_| {
            if next.len() == 7 {
                toasts().say(lang.t().outlook.all_week);
            } else {
                give("weekend", today(), String::new(), Given::Weekend(next.clone()), wrong_signal());
            }
        };
        view! {
            <label class="choice">
                <input type="checkbox" data-testid=format!("weekend-{weekday}") prop:checked=is_chosen on:change=on_change/>
                <span>{lang.t().date.weekdays[usize::from(weekday)]}</span>
            </label>
        }
    });
    view! { <div class="segmented">{boxes.collect_view()}</div> }.into_any()
}
