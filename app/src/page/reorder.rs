//! Reorder: what runs out first, by the rupees at risk; why, how many; what was decided becomes orders.

use super::{
    answered, asked,
    limits::{kept, limits_sheet},
    open_orders::{Receiving, open_orders, receive_sheet, take_back},
};
use crate::{
    component::{
        Drawing, badge, banner, bdi, empty, field, icon, list_card, live, money, page_head, rough, toasts,
        watch,
    },
    i18n::{Lang, lang},
};
use dukandar_app::{
    plain::typed::{parse_money, parse_pieces},
    state::{AppState, Decision, app},
};
use dukandar_core::{
    id::ProductId,
    inventory::{
        dead_stock::DeadStock,
        plan::limits::Limits,
        reorder::{ReorderPlan, ReorderSuggestion, Urgency},
    },
    money::{Currency, Paisa},
    quantity::Quantity,
    task::{Answer, Task},
};
use gloo::timers::callback::Timeout;
use leptos::{prelude::*, task::spawn_local};
use std::collections::BTreeMap;

/// How long the hand rests before a plan for its amount is asked for, in milliseconds.
const RESTS_MS: u32 = 60;

/// Days that the runway bar spans.
const RUNWAY_DAYS: f64 = 30.0;

/// What the shopkeeper changed: pieces by product, zero for left out.
type Decided = RwSignal<BTreeMap<ProductId, Quantity>>;

/// The page.
pub fn reorder() -> impl IntoView {
    let app = app();
    let budget = RwSignal::new(None::<Paisa>);
    // The most the budget slider reaches: the cost of all suggestions, seen without a budget.
    let wanted = RwSignal::new(Paisa::ZERO);
    let decided: Decided = RwSignal::new(BTreeMap::new());
    let receiving: Receiving = RwSignal::new(None);
    let limits = RwSignal::new(kept(app.shop.get_untracked()));
    watch(move || {
        let now = kept(app.shop.get());
        if limits.get_untracked() != now {
            limits.set(now);
        }
    });
    let suppliers = RwSignal::new(Vec::new());
    let open_limits = RwSignal::new(false);
    let asked = app.ask(move || {
        let limits = Limits { max_investment: budget.get(), ..limits.get() };
        Some(Task::Reorder { shop: app.shop.get(), today: app.today(), limits })
    });
    watch(move || {
        asked.with(|asked| {
            if let Some(Answer::Reorder(plan)) = asked.answer() {
                wanted.set(plan.wanted_cost);
                suppliers.set(plan.suppliers.clone());
            }
        });
    });
    let head = move || {
        let t = &lang().t().reorder;
        page_head(t.title, t.help, ().into_any())
    };
    let body = answered(asked, 10, move |answer, _| match answer {
        Answer::Reorder(plan) => Some(page(app, lang(), plan, decided, receiving)),
        _ => None,
    });
    view! {
        {head}
        {super::transfers::card(app)}
        {budget_field(app, budget, wanted, open_limits)}
        {body}
        {asked::card(app)}
        {receive_sheet(receiving)}
        {limits_sheet(app, open_limits, limits, suppliers)}
    }
}

/// How much money there is for it: a slider for the thumb, a field for the exact amount.
fn budget_field(
    app: AppState,
    budget: RwSignal<Option<Paisa>>,
    wanted: RwSignal<Paisa>,
    open_limits: RwSignal<bool>,
) -> AnyView {
    let typed = RwSignal::new(String::new());
    let pending = StoredValue::new_local(None::<Timeout>);
    // The plan is asked for when the hand rests, not at every step of the slider.
    let ask = move |amount: Option<Paisa>| {
        pending.set_value(Some(Timeout::new(RESTS_MS, move || budget.set(amount))));
    };
    let on_slide = move |event| {
        let units: i64 = event_target_value(&event).parse().unwrap_or_default();
        let all = wanted.get_untracked().0 / 100;
        if units >= all {
            typed.set(String::new());
            ask(None);
        } else {
            typed.set(untrack(lang).whole(units));
            ask(Some(Paisa::rupees(units)));
        }
    };
    let wrong = RwSignal::new(None::<String>);
    let on_type = move |event| {
        let text = event_target_value(&event);
        typed.set(text.clone());
        let amount = parse_money(&text);
        wrong.set(
            (amount.is_none() && !text.trim().is_empty())
                .then(|| untrack(lang).t().stock.bad_number.to_owned()),
        );
        if amount.is_some() || text.trim().is_empty() {
            ask(amount);
        }
    };
    let top = Memo::new(move |_| wanted.get().0 / 100);
    let shown = move || {
        let lang = lang();
        let t = &lang.t().reorder;
        (top.get() > 0).then(|| {
            let step = (top.get() / 100).max(1);
            let below = lang.fill(t.wanted, &[&lang.money(wanted.get(), app.currency())]);
            let input = field(t.budget, below, wrong.into(), |id, about| {
                view! {
                    <div class="budget-row">
                        <input
                            class="input number budget"
                            id=id
                            inputmode="decimal"
                            dir="ltr"
                            autocomplete="off"
                            data-testid="budget"
                            placeholder=t.no_budget
                            aria-describedby=about
                            prop:value=move || typed.get()
                            on:input=on_type
                        />
                        <input
                            class="slider grow"
                            type="range"
                            min="0"
                            max=top.get()
                            step=step
                            aria-label=t.budget
                            prop:value=move || budget.get().map_or(top.get(), |amount| amount.0 / 100)
                            on:input=on_slide
                        />
                    </div>
                }
                .into_any()
            });
            view! {
                <div class="card">
                    {input}
                    <button class="button" type="button" data-testid="limits" on:click=move |_| open_limits.set(true)>{icon("settings")} {lang.plan().limits}</button>
                </div>
            }
        })
    };
    live(shown)
}

/// Pieces as decided, else as suggested.
fn pieces(decided: Decided, suggestion: &ReorderSuggestion) -> Quantity {
    decided
        .with(|decided| decided.get(&suggestion.product).copied())
        .unwrap_or(suggestion.suggested_order_quantity)
}

/// Cost of that many.
fn cost_of(suggestion: &ReorderSuggestion, pieces: Quantity) -> Option<Paisa> {
    pieces.times(suggestion.unit_cost?)
}

fn page(app: AppState, lang: Lang, plan: &ReorderPlan, decided: Decided, receiving: Receiving) -> AnyView {
    let t = &lang.t().reorder;
    let uncounted = (plan.uncounted > 0).then(|| {
        let count = view! { <a class="button" href="/stock?show=uncounted">{t.count_now}</a> };
        let mut words = lang.plural(t.uncounted, plan.uncounted);
        if plan.unplanned > 0 {
            words = format!("{words} · {}", lang.plural(t.unplanned, plan.unplanned));
        }
        banner("", "info", words, count.into_any())
    });
    // Books that ended long ago are planned as of their own end.
    let past = (plan.today != app.today())
        .then(|| view! { <p class="fine" data-testid="as-of">{lang.fill(lang.t().customers.as_of, &[&lang.date(plan.today)])}</p> });
    let list = if plan.suggestions.is_empty() {
        view! { <div class="card">{empty(Drawing::Parcel, t.empty, t.empty_help, view! { <a class="button" href="/stock">{t.count_now}</a> }.into_any())}</div> }.into_any()
    } else {
        let rows = plan.suggestions.iter().map(|suggestion| order(lang, plan.currency, suggestion, decided));
        view! {
            <ul class="card flush list" data-testid="suggestions">{rows.collect_view()}</ul>
            {sum_bar(app, lang, plan, decided)}
        }
        .into_any()
    };
    let gave_way = (!plan.gave_way.is_empty()).then(|| {
        let words = plan.gave_way.iter().map(|reason| lang.reason(reason, plan.currency));
        let lines = words.map(|words| view! { <li dir="auto">{words}</li> }).collect_view();
        view! { <section class="card" data-testid="gave-way"><h2>{lang.plan().gave_way}</h2><ul>{lines}</ul></section> }
    });
    let dead = (!plan.dead_stock.is_empty()).then(|| dead_stock(lang, plan));
    view! { {past} {uncounted} {gave_way} {list} {open_orders(app, lang, plan, receiving)} {dead} }.into_any()
}

fn order(lang: Lang, currency: Currency, suggestion: &ReorderSuggestion, decided: Decided) -> AnyView {
    let t = &lang.t().reorder;
    let (product, suggested) = (suggestion.product, suggestion.suggested_order_quantity);
    let this = suggestion.clone();
    let now = move || pieces(decided, &this);
    let set = move |quantity: Quantity| {
        decided.update(|decided| {
            decided.insert(product, Quantity(quantity.0.max(0)));
        });
    };
    let (read, down, up, cost) = (now.clone(), now.clone(), now.clone(), now.clone());
    let this = suggestion.clone();
    let cost = move || match cost_of(&this, cost()) {
        Some(amount) => money(lang, amount, currency),
        None => view! { <span class="muted">{t.cost_unknown}</span> }.into_any(),
    };
    let urgency = match suggestion.urgency {
        Urgency::High => badge("warn", "clock", lang.urgency(suggestion.urgency)),
        Urgency::Medium => badge("", "calendar", lang.urgency(suggestion.urgency)),
        Urgency::Low => badge("", "check", lang.urgency(suggestion.urgency)),
    };
    let trust = match suggestion.confidence {
        Some(share) => lang.fill(t.confidence, &[&lang.percent(share)]),
        None => t.no_confidence.to_owned(),
    };
    let typed = move |event: leptos::ev::Event| match parse_pieces(&event_target_value(&event)) {
        Some(quantity) => set(Quantity(quantity.0 / 1_000 * 1_000)),
        // Not a number: the field shows the count that stands again.
        None => decided.update(|_| ()),
    };
    let stock = suggestion
        .current_stock
        .map_or_else(|| lang.t().stock.not_counted.to_owned(), |left| lang.quantity(left));
    let is_in = move || now().0 > 0;
    let name = suggestion.name.clone();
    view! {
        <li class="order" data-testid="suggestion">
            <input
                class="tick"
                type="checkbox"
                aria-label=lang.fill(t.include, &[&name])
                prop:checked=is_in
                on:change=move |event| set(if event_target_checked(&event) { suggested } else { Quantity::ZERO })
            />
            <div class="what">
                <a class="name" dir="auto" href=format!("/stock/{product}")>{name.clone()}</a>
                <span>{urgency}</span>
            </div>
            <div class="risk"><b>{rough(lang, suggestion.at_risk, currency)}</b><span class="fine">{t.at_risk}</span></div>
            <div class="facts">
                <div><small>{t.stock}</small>{bdi(stock)}</div>
                <div><small>{t.runway}</small>{runway(lang, suggestion)}</div>
                <div>
                    <small>{t.order}</small>
                    <span class="stepper">
                        <button type="button" aria-label=lang.fill(lang.t().sell.less_of, &[&name]) on:click=move |_| set(Quantity(untrack(&down).0 - 1_000))>{icon("minus")}</button>
                        <input
                            inputmode="numeric"
                            dir="ltr"
                            data-testid="order-pieces"
                            aria-label=lang.fill(t.pieces_of, &[&name])
                            prop:value=move || lang.quantity(read())
                            on:change=typed
                        />
                        <button type="button" aria-label=lang.fill(lang.t().sell.more_of, &[&name]) on:click=move |_| set(Quantity(untrack(&up).0 + 1_000))>{icon("plus")}</button>
                    </span>
                </div>
                <div><small>{t.cost}</small><span>{cost}</span></div>
            </div>
            <p class="why">{lang.reasons(&suggestion.reasons, currency)}<br/>{trust}</p>
        </li>
    }
    .into_any()
}

/// How long it lasts: the range as a bar over thirty days, the middle as a mark, and both in words.
fn runway(lang: Lang, suggestion: &ReorderSuggestion) -> AnyView {
    let t = &lang.t().reorder;
    let share = |days: f64| (days / RUNWAY_DAYS).clamp(0.0, 1.0) * 100.0;
    let days = |days: f64| lang.number(days.max(0.0).round(), 0);
    let words = match (suggestion.current_stock, suggestion.days_until_stockout) {
        (None, _) => lang.t().stock.not_counted.to_owned(),
        (Some(left), _) if left.0 <= 0 => lang.t().sell.out_of_stock.to_owned(),
        (_, None) => lang.fill(t.runway_beyond, &[&days(RUNWAY_DAYS)]),
        (_, Some((.., Some(hi)))) if hi < 1.0 => t.runway_today.to_owned(),
        (_, Some((lo, _, Some(hi)))) if days(lo) == days(hi) => {
            lang.plural(lang.t().common.days, hi.round() as u64)
        }
        (_, Some((lo, _, Some(hi)))) => lang.fill(t.runway_range, &[&days(lo), &days(hi)]),
        (_, Some((lo, _, None))) => lang.fill(t.runway_beyond, &[&days(lo)]),
    };
    let Some((lo, mid, hi)) = suggestion.days_until_stockout else {
        return view! { <span>{words}</span> }.into_any();
    };
    let end = share(hi.unwrap_or(RUNWAY_DAYS)).max(share(lo) + 3.0);
    let class = if suggestion.urgency == Urgency::High { "runway high" } else { "runway" };
    view! {
        <span>{words}</span>
        <div class=class aria-hidden="true">
            <i style:inset-inline-start=format!("{:.1}%", share(lo)) style:inset-inline-end=format!("{:.1}%", (100.0 - end).max(0.0))></i>
            <b style:inset-inline-start=format!("{:.1}%", share(mid))></b>
        </div>
    }
    .into_any()
}

/// What the chosen lines cost, and the one button that orders them. Lines that were left out are refused with it.
fn sum_bar(app: AppState, lang: Lang, plan: &ReorderPlan, decided: Decided) -> AnyView {
    let t = &lang.t().reorder;
    let all = StoredValue::new(plan.suggestions.clone());
    let (currency, today) = (plan.currency, plan.today);
    let saving = RwSignal::new(false);
    let chosen = move || {
        let fold = |(count, cost), suggestion: &ReorderSuggestion| match pieces(decided, suggestion) {
            Quantity::ZERO => (count, cost),
            pieces => (count + 1, cost + cost_of(suggestion, pieces).unwrap_or_default()),
        };
        all.with_value(|all| all.iter().fold((0u64, Paisa::ZERO), fold))
    };
    let total = move || money(lang, chosen().1, currency);
    let count = move || lang.plural(t.selected, chosen().0);
    let words = move || if chosen().0 > 0 { t.place } else { t.refuse };
    let place = move |_| {
        saving.set(true);
        let decisions = untrack(|| {
            all.with_value(|all| all.iter().filter_map(|suggestion| decision(suggestion, decided)).collect())
        });
        let (shop, count) = untrack(|| (app.writing_shop(), count()));
        spawn_local(async move {
            let done = app.place_order(today, decisions).await;
            saving.set(false);
            match done {
                Ok(orders) if orders.is_empty() => toasts().say(t.refused),
                Ok(orders) => {
                    // What was ordered is decided; what was left out stays so.
                    decided.update(|decided| decided.retain(|_, pieces| *pieces == Quantity::ZERO));
                    let shop = shop.map(|shop| shop.name).unwrap_or_default();
                    let words = lang.fill(t.placed, &[&shop, &count]);
                    toasts().undo(words, move || take_back(app, orders.clone()));
                }
                Err(problem) => {
                    toasts().say(lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)]));
                }
            }
        });
    };
    view! {
        <div class="sum-bar" data-testid="order-total">
            <div class="grow"><span class="fine">{count}</span><br/><b>{total}</b></div>
            <button class="button primary tall" type="button" data-testid="order-place" disabled=move || saving.get() on:click=place>{icon("check")} {words}</button>
        </div>
    }
    .into_any()
}

/// What was made of a suggestion; nothing where the budget left nothing to decide on.
fn decision(suggestion: &ReorderSuggestion, decided: Decided) -> Option<Decision> {
    let (suggested, decided) = (suggestion.suggested_order_quantity, pieces(decided, suggestion));
    (suggested.0 > 0 || decided.0 > 0).then_some(Decision {
        product: suggestion.product,
        supplier: suggestion.supplier,
        suggested,
        decided,
        unit_cost: suggestion.unit_cost,
    })
}

fn dead_stock(lang: Lang, plan: &ReorderPlan) -> AnyView {
    let t = &lang.t().reorder;
    let row = |dead: &DeadStock| {
        let idle = lang.plural(lang.t().common.days, u64::from(dead.idle_days));
        let below = lang.fill(t.dead_line, &[&lang.quantity(dead.on_hand), &idle]);
        let freed =
            dead.freed.map(|freed| lang.fill(lang.plan().freed, &[&lang.money(freed, plan.currency)]));
        let mut words: Vec<String> = freed.into_iter().collect();
        words.extend((!dead.clearance.is_empty()).then(|| lang.reasons(&dead.clearance, plan.currency)));
        let clearance = (!words.is_empty())
            .then(|| view! { <span class="sub" data-testid="clearance">{words.join(" · ")}</span> });
        view! {
            <li>
                <a class="row" href=format!("/stock/{}", dead.product)>
                    <span class="name" dir="auto">{dead.name.clone()}</span>
                    <span class="amount">{money(lang, dead.tied_up, plan.currency)}</span>
                    <span class="sub">{below}</span>
                    <span class="fine end">{t.tied_up}</span>
                    {clearance}
                </a>
            </li>
        }
        .into_any()
    };
    list_card("dead", t.dead, ().into_any(), plan.dead_stock.iter().map(row))
}
