//! Which very piece is sold: scanned, found by its last digits, or chosen from those in stock; and the phone that is
//! taken in exchange, on the bill.

use super::{
    lazy::{Counter, counter},
    product::Subject,
};
use crate::{
    component::{bdi, icon, live, money, sheet_about, toasts, watch},
    i18n::lang,
};
use dukandar_app::{
    plain::units::{condition_index, known_words, pta_words},
    state::{AppState, CartLine, app},
};
use dukandar_core::{
    id::UnitId,
    imei,
    insight::unit::{UnitAsk, UnitLine},
    money::Paisa,
    quantity::Quantity,
    table::unit::Place,
    task::{Answer, Task},
};
use leptos::{ev, prelude::*, task::spawn_local};

/// Opens the choice of a piece; the till provides it to its bill.
#[derive(Clone, Copy)]
pub struct UnitPick(pub RwSignal<Option<Subject>>);

/// Whether a piece can be sold here and now: it lies in the branch that is written to, and is not on the bill.
fn is_here(app: AppState, unit: &UnitLine) -> bool {
    untrack(|| app.writing_shop()).is_some_and(|shop| unit.place == Place::Stock(shop.id))
}

fn on_bill(app: AppState, unit: UnitId) -> bool {
    app.cart.with(|cart| cart.lines.iter().any(|line| line.units.contains(&unit)))
}

/// Puts this very piece on the bill; a piece that is there already, or was sold, is told and not put.
pub fn put(app: AppState, unit: &UnitLine, price: Option<Paisa>) -> bool {
    let lang = untrack(lang);
    let t = &lang.t().units;
    if untrack(|| on_bill(app, unit.unit.id)) {
        toasts().say(t.on_bill);
        return false;
    }
    if !is_here(app, unit) {
        toasts().say(known_words(lang, &unit.unit.codes(), unit));
        return false;
    }
    let Some(price) = price.or(unit.price) else {
        toasts().say(format!("{}: {}", unit.name, lang.t().sell.no_price));
        return false;
    };
    app.codes.update(|codes| _ = codes.insert(unit.unit.id, unit.unit.codes()));
    app.cart.update(|cart| match cart.lines.iter_mut().find(|line| line.key() == (unit.unit.product, 0)) {
        Some(line) => {
            line.costs.resize(line.units.len(), line.unit_cost);
            line.costs.push(unit.unit.cost);
            line.units.push(unit.unit.id);
            line.scale_to(line.quantity + Quantity::pieces(1));
        }
        None => cart.lines.push(CartLine {
            product: unit.unit.product,
            slot: 0,
            name: unit.name.clone(),
            units: vec![unit.unit.id],
            costs: vec![unit.unit.cost],
            quantity: Quantity::pieces(1),
            unit_price: price,
            discount: Paisa::ZERO,
            unit_cost: unit.unit.cost,
            list: unit.price,
            floor: unit.floor,
            open: false,
        }),
    });
    true
}

/// A number came in that is no product's code: the piece with it goes on the bill, or it is said why not.
pub fn scan(app: AppState, code: String, done: Callback<()>) {
    spawn_local(async move {
        let lang = untrack(lang);
        let found = match app.units(UnitAsk::Find(code.clone())).await {
            Ok(found) => found.units,
            Err(problem) => return toasts().say(lang.problem(&problem)),
        };
        let here: Vec<&UnitLine> = found.iter().filter(|unit| is_here(app, unit)).collect();
        match (here.as_slice(), found.first()) {
            ([unit], _) => {
                put(app, unit, None);
            }
            ([], Some(unit)) => toasts().say(known_words(lang, &unit.unit.codes(), unit)),
            ([], None) => toasts().say(lang.fill(lang.t().units.not_known, &[&code])),
            // Several end in these digits: they are listed below the search.
            _ => return,
        }
        done.run(());
    });
}

/// Whether a code can be that of a piece.
pub fn is_code(code: &str) -> bool {
    imei::read(code).is_ok()
}

fn choice(app: AppState, unit: &UnitLine, take: Callback<UnitLine>) -> AnyView {
    let lang = untrack(lang);
    let t = &lang.t().units;
    let this = unit.clone();
    let name = view! { <span dir="auto">{unit.name.clone()}</span> };
    let battery = unit.unit.battery_health_percent.map(|percent| format!(" · {percent}%"));
    let place =
        (!is_here(app, unit)).then(|| format!(" · {}", dukandar_app::plain::units::place_words(lang, unit)));
    view! {
        <li>
            <button class="row" type="button" data-testid="unit-hit" on:click=move |_| take.run(this.clone())>
                <span class="name">{bdi(unit.unit.codes())}</span>
                <span class="sub">{name} " · " {t.conditions[condition_index(unit.unit.condition)]} " · " {pta_words(lang, unit.unit.pta)} {battery} {place}</span>
            </button>
        </li>
    }
    .into_any()
}

/// Pieces whose number ends in what is typed into the till's search; `any` is told whether there are some.
pub fn hits(app: AppState, query: RwSignal<String>, done: Callback<()>, any: RwSignal<bool>) -> AnyView {
    let digits = move || query.with(|query| imei::ending(query));
    let asked = app.ask(move || {
        Some(Task::Units { shop: app.shop.get(), ask: UnitAsk::Find(digits()?), today: app.today() })
    });
    let take = Callback::new(move |unit: UnitLine| {
        put(app, &unit, None);
        done.run(());
    });
    watch(move || {
        let found = digits().is_some()
            && asked.with(
                |asked| matches!(asked.answer(), Some(Answer::Units(found)) if !found.units.is_empty()),
            );
        if any.get_untracked() != found {
            any.set(found);
        }
    });
    live(move || {
        digits()?;
        asked.with(|asked| match asked.answer() {
            Some(Answer::Units(found)) if !found.units.is_empty() => {
                let rows = found.units.iter().take(8).map(|unit| choice(app, unit, take));
                Some(view! { <div class="card flush" data-testid="unit-hits"><ul class="list">{rows.collect_view()}</ul></div> })
            }
            _ => None,
        })
    })
}

/// Asks which piece of a product is sold. `without` sells one that has no number in the books.
pub fn pick_sheet(subject: RwSignal<Option<Subject>>, without: Callback<Subject>) -> AnyView {
    let title = |about: &Subject| format!("{} {}", about.name, lang().t().units.which);
    sheet_about(subject, title, "pick-unit", move |open, about| {
        counter(Counter::Piece(app(), open, about, without))
    })
}

/// The sheet that asks which piece.
pub fn pick_form(app: AppState, open: RwSignal<bool>, about: Subject, without: Callback<Subject>) -> AnyView {
    let lang = untrack(lang);
    let t = &lang.t().units;
    let query = RwSignal::new(String::new());
    let (product, price) = (about.id, about.price);
    let shop = untrack(|| app.writing_shop()).map(|shop| shop.id);
    let asked =
        app.ask(move || Some(Task::Units { shop, ask: UnitAsk::Product(product), today: app.today() }));
    let fitting = move || {
        let digits = query.with(|query| imei::ending(query).unwrap_or_else(|| query.trim().to_owned()));
        asked.with(|asked| {
            let Some(Answer::Units(found)) = asked.answer() else { return None };
            let fits = |unit: &&UnitLine| {
                is_here(app, unit)
                    && !on_bill(app, unit.unit.id)
                    && unit.unit.codes().contains(digits.as_str())
            };
            Some(found.units.iter().filter(fits).cloned().collect::<Vec<_>>())
        })
    };
    let take = Callback::new(move |unit: UnitLine| {
        if put(app, &unit, price) {
            open.set(false);
        }
    });
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let typed = query.get_untracked();
        match untrack(fitting).as_deref() {
            Some([unit]) => take.run(unit.clone()),
            // A piece that was sold, or is another product's: where it is is said.
            _ if imei::ending(&typed).is_some() => scan(app, typed, Callback::new(move |()| open.set(false))),
            _ => {}
        }
    };
    let list = move || {
        let found = fitting()?;
        if found.is_empty() {
            return Some(view! { <p class="muted" data-testid="no-piece">{t.no_piece}</p> }.into_any());
        }
        let rows = found.iter().take(40).map(|unit| choice(app, unit, take));
        Some(view! { <ul class="list">{rows.collect_view()}</ul> }.into_any())
    };
    view! {
        <form class="sheet-body" on:submit=on_submit>
            <div class="search">
                {icon("search")}
                <input
                    class="input" type="search" inputmode="numeric" autofocus autocomplete="off" data-testid="unit-search"
                    aria-label=t.which_hint placeholder=t.which_hint
                    on:input=move |event| query.set(event_target_value(&event))
                />
            </div>
            {live(list)}
            <button
                class="button tall wide" type="button" data-testid="unit-without"
                on:click=move |_| { open.set(false); without.run(about.clone()); }
            >
                {t.without}
            </button>
        </form>
    }
    .into_any()
}

/// Numbers of pieces under a line's name. Those that are not known yet are asked for.
pub fn numbers(app: AppState, units: impl Fn() -> Vec<UnitId> + Send + 'static) -> AnyView {
    live(move || {
        let units = units();
        let unknown: Vec<UnitId> = app
            .codes
            .with_untracked(|codes| units.iter().filter(|unit| !codes.contains_key(unit)).copied().collect());
        if !unknown.is_empty() && app.boot.get() == dukandar_app::state::Boot::Ready {
            spawn_local(async move {
                // Without its worker the line stays without its numbers; the trouble shows elsewhere.
                let _ = app.units(UnitAsk::These(unknown)).await;
            });
        }
        let known: Vec<String> =
            app.codes.with(|codes| units.iter().filter_map(|unit| codes.get(unit).cloned()).collect());
        let line =
            |code: String| view! { <div class="fine" data-testid="line-imei">"IMEI " {bdi(code)}</div> };
        known.into_iter().map(line).collect_view()
    })
}

/// The phone that is taken in exchange: what is taken off the bill for it, and the way to leave it.
pub fn exchange_line(app: AppState) -> AnyView {
    live(move || {
        let lang = lang();
        app.cart.with(|cart| cart.taken.clone()).map(|intake| {
            let remove = lang.fill(lang.t().sell.less_of, &[&intake.name]);
            let leave = move |_| {
                spawn_local(async move {
                    if let Err(problem) = app.leave_exchange().await {
                        toasts().say(untrack(crate::i18n::lang).problem(&problem));
                    }
                });
            };
            view! {
                <div class="bill-total minor" data-testid="exchange-line">
                    <span class="flow">{lang.t().units.exchange} ": " <span dir="auto">{intake.name.clone()}</span></span>
                    <span class="flow">
                        <b>{money(lang, -intake.value, app.currency())}</b>
                        <button class="button quiet square" type="button" aria-label=remove on:click=leave>{icon("x")}</button>
                    </span>
                </div>
            }
        })
    })
}

/// The till's button for an exchange.
pub fn button() -> AnyView {
    view! { <a class="button" href="/used?exchange=1" data-testid="exchange-open">{icon("smartphone")} {move || lang().t().units.exchange}</a> }
        .into_any()
}
