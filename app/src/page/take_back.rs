//! Goods come back: which, how many, and what is given for them; or an exchange, which the till finishes. Also what the
//! till shows of an exchange that is on its bill.

use super::customers::open_name;
use crate::{
    component::{Drawing, badge, bdi, empty, icon, icon_as, live, loading, money, toasts, watch},
    i18n::{Lang, lang},
};
use dukandar_app::state::{AppState, GoingBack, Paper, app, due};
use dukandar_core::{
    id::{ProductId, UnitId},
    money::{Currency, Paisa},
    paper::{
        Wanted, Written,
        refund::{self, Brought, Left},
    },
    quantity::Quantity,
    record::{PaymentMethod, Sale, SaleLine},
    role::Action,
    task::{Answer, Task},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map},
};
use std::collections::HashMap;

/// Ways by which money is given back.
const WAYS: [PaymentMethod; 5] = [
    PaymentMethod::Cash,
    PaymentMethod::JazzCash,
    PaymentMethod::Easypaisa,
    PaymentMethod::Bank,
    PaymentMethod::Card,
];

/// What was chosen of one line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Chosen {
    quantity: i64,
    units: Vec<UnitId>,
}

#[derive(Clone, Copy)]
struct Form {
    app: AppState,
    paper: StoredValue<Option<Paper>>,
    balance: Signal<Paisa>,
    chosen: RwSignal<Vec<Chosen>>,
    way: RwSignal<PaymentMethod>,
    saving: RwSignal<bool>,
}

impl Form {
    fn with_sale<T>(self, read: impl FnOnce(&Sale, &Paper) -> T) -> Option<T> {
        self.paper.with_value(|paper| match paper {
            Some(paper) => match &paper.written {
                Written::Sale(sale) => Some(read(sale, paper)),
                _ => None,
            },
            None => None,
        })
    }

    fn brought(self) -> Vec<Brought> {
        self.chosen.with(|chosen| {
            let one = |(line, it): (usize, &Chosen)| Brought {
                line,
                quantity: Quantity(it.quantity),
                units: it.units.clone(),
            };
            chosen.iter().enumerate().filter(|(_, it)| it.quantity > 0).map(one).collect()
        })
    }

    /// What is chosen, priced by core; none while nothing is.
    fn lines(self) -> Option<Vec<SaleLine>> {
        let brought = self.brought();
        self.with_sale(|sale, paper| refund::lines(sale, &paper.returns, &brought).ok()).flatten()
    }

    fn going(self) -> Option<GoingBack> {
        let lines = self.lines()?;
        let brought = self.brought().into_iter().map(|it| (it.line, it.quantity.0, it.units)).collect();
        let (balance, way) = (self.balance.get(), self.way.get());
        self.with_sale(|sale, _| GoingBack {
            original: Some(sale.id),
            brought,
            lines,
            customer: sale.customer,
            balance,
            way,
        })
    }

    fn currency(self) -> Currency {
        let of = |_: &Sale, paper: &Paper| paper.shop.as_ref().map(|shop| shop.currency);
        self.with_sale(of).flatten().unwrap_or(Currency::PKR)
    }
}

/// The page.
pub fn take_back() -> impl IntoView {
    let app = app();
    let params = use_params_map();
    let id = move || params.with(|params| params.get("id")).unwrap_or_default();
    let paper = StoredValue::new(None::<Paper>);
    // None: looked for; then whether it is there.
    let found = RwSignal::new(None::<bool>);
    let customer = RwSignal::new(None);
    let row = open_name(app, move || customer.get());
    let form = Form {
        app,
        paper,
        balance: Signal::derive(move || row.get().map_or(Paisa::ZERO, |row| row.account.balance)),
        chosen: RwSignal::new(Vec::new()),
        way: RwSignal::new(PaymentMethod::Cash),
        saving: RwSignal::new(false),
    };
    watch(move || {
        if app.boot.get() != dukandar_app::state::Boot::Ready {
            return;
        }
        let Ok(id) = id().parse() else { return found.set(Some(false)) };
        spawn_local(async move {
            let there = match app.paper(Wanted::Receipt(id)).await {
                Ok(there) => there.filter(|it| matches!(it.written, Written::Sale(_))),
                Err(problem) => {
                    app.notice.set(Some(problem));
                    None
                }
            };
            let is_there = there.is_some();
            if let Some(it) = &there {
                customer.set(it.written.customer());
                form.chosen.set(vec![Chosen::default(); it.written.lines().len()]);
            }
            paper.set_value(there);
            found.set(Some(is_there));
        });
    });
    let catalog = app.ask(move || Some(Task::Catalog { shop: app.shop.get(), now: app.now.get() }));
    let names = Memo::new(move |_| {
        catalog.with(|asked| match asked.answer() {
            Some(Answer::Catalog(catalog)) => {
                catalog.items.iter().map(|item| (item.id, item.name.clone())).collect()
            }
            _ => HashMap::<ProductId, String>::new(),
        })
    });
    // Where the khata is to be lowered, it must be known first.
    let waits = move || customer.get().is_some() && row.get().is_none();
    let body = live(move || match found.get() {
        Some(true) if !waits() => page(form, names),
        Some(false) => {
            let t = &lang().t().receipt;
            view! { <div class="card">{empty(Drawing::Ledger, t.not_here, t.not_here_help, ().into_any())}</div> }.into_any()
        }
        _ => view! { <div class="card">{loading(4)}</div> }.into_any(),
    });
    let back = move || {
        let words = lang().t().receipt.title;
        view! { <a class="chip" href=format!("/sales/{}", id())>{icon_as("arrow-left", "icon way")} {words}</a> }
    };
    view! { {back} <h1>{move || lang().t().papers.choose}</h1> {body} }
}

fn page(form: Form, names: Memo<HashMap<ProductId, String>>) -> AnyView {
    let lang = lang();
    let t = &lang.t().papers;
    let left = form.with_sale(|sale, paper| refund::left(sale, &paper.returns)).unwrap_or_default();
    if left.iter().all(|left| left.quantity <= Quantity::ZERO) {
        return view! { <div class="card">{empty(Drawing::Parcel, t.nothing_left, "", ().into_any())}</div> }
            .into_any();
    }
    let everything: Vec<Chosen> =
        left.iter().map(|it| Chosen { quantity: it.quantity.0, units: it.units.clone() }).collect();
    let rows = left.iter().enumerate().map(|(index, left)| line(form, lang, index, left, names));
    let rows = rows.collect_view();
    view! {
        <div class="stack narrow-page">
            <div class="card flush"><ul class="list" data-testid="back-lines">{rows}</ul></div>
            <div><button class="button" type="button" data-testid="back-all" on:click=move |_| form.chosen.set(everything.clone())>{icon("check")} {t.all}</button></div>
            {live(move || foot(form))}
        </div>
    }
    .into_any()
}

fn line(
    form: Form,
    lang: Lang,
    index: usize,
    left: &Left,
    names: Memo<HashMap<ProductId, String>>,
) -> AnyView {
    let t = &lang.t().papers;
    let of = |sale: &Sale, paper: &Paper| {
        let line = sale.lines[index].clone();
        let imeis = left.units.iter().map(|unit| paper.imeis.get(unit).cloned()).collect::<Vec<_>>();
        (line, imeis)
    };
    let Some((sold, imeis)) = form.with_sale(of) else { return ().into_any() };
    let product = sold.product;
    let name = move || names.with(|names| names.get(&product).cloned()).unwrap_or_else(|| "…".to_owned());
    let most = left.quantity.0;
    let may = lang.fill(t.left, &[&lang.quantity(left.quantity), &lang.quantity(sold.quantity)]);
    let now = move || form.chosen.with(|chosen| chosen.get(index).map_or(0, |it| it.quantity));
    let step = move |by: i64| {
        form.chosen.update(|chosen| {
            if let Some(it) = chosen.get_mut(index) {
                it.quantity = (it.quantity + by).clamp(0, most);
            }
        });
    };
    let choice = if left.units.is_empty() {
        // Of cable by the metre, what is left comes back with the last tap.
        view! {
            <span class="stepper">
                <button type="button" aria-label=move || lang.fill(lang.t().sell.less_of, &[&name()]) on:click=move |_| step(-1_000)>{icon("minus")}</button>
                <output data-testid="back-quantity">{move || lang.quantity(Quantity(now()))}</output>
                <button type="button" data-testid="back-more" aria-label=move || lang.fill(lang.t().sell.more_of, &[&name()]) on:click=move |_| step(1_000)>{icon("plus")}</button>
            </span>
        }
        .into_any()
    } else {
        let boxes = left.units.clone().into_iter().zip(imeis).map(|(unit, imei)| {
            let is_in = move || form.chosen.with(|chosen| chosen.get(index).is_some_and(|it| it.units.contains(&unit)));
            let toggle = move |_| {
                form.chosen.update(|chosen| {
                    let Some(it) = chosen.get_mut(index) else { return };
                    match it.units.iter().position(|other| *other == unit) {
                        Some(place) => _ = it.units.remove(place),
                        None => it.units.push(unit),
                    }
                    it.quantity = (it.units.len() as i64 * 1_000).min(most);
                });
            };
            let words = imei.unwrap_or_else(|| unit.to_string());
            view! {
                <label class="check"><input type="checkbox" data-testid="back-unit" prop:checked=is_in on:change=toggle/> {bdi(words)}</label>
            }
        });
        view! { <span class="stack">{boxes.collect_view()}</span> }.into_any()
    };
    view! {
        <li class="row" data-testid="back-line">
            <span class="name" dir="auto">{name}</span>
            <span class="end">{choice}</span>
            <span class="sub">{may}</span>
        </li>
    }
    .into_any()
}

/// What it is worth, whither that goes, and the two ways to finish.
fn foot(form: Form) -> AnyView {
    let lang = lang();
    let t = &lang.t().papers;
    let Form { app, .. } = form;
    let Some(going) = form.going() else {
        return view! { <p class="fine" role="status" data-testid="none-chosen">{t.none_chosen}</p> }
            .into_any();
    };
    let currency = form.currency();
    let value = going.value();
    let owed = form.with_sale(|sale, paper| refund::still_owed(sale, &paper.returns, going.balance));
    let lowers = owed.unwrap_or_default().min(value);
    let figure = |label: &'static str, amount, id: &'static str| {
        view! { <div class="bill-total minor"><span>{label}</span><b data-testid=id>{money(lang, amount, currency)}</b></div> }
    };
    let by_debt = (lowers > Paisa::ZERO).then(|| figure(t.lowers, lowers, "back-lowers"));
    let rest = value - lowers;
    let paid = (rest > Paisa::ZERO).then(|| {
        view! { {figure(t.pays, rest, "back-pays")} {ways(form.way)} }
    });
    let navigate = use_navigate();
    let go = navigate.clone();
    let (back, exchange) = (going.clone(), going);
    let saving = form.saving;
    let give = move |_| {
        if saving.get_untracked() {
            return;
        }
        saving.set(true);
        let (back, go) = (back.clone(), go.clone());
        spawn_local(async move {
            match app.give_back(back).await {
                Ok(made) => {
                    toasts().say(lang.fill(lang.t().papers.given, &[&lang.money(value, currency)]));
                    go(&format!("/sales/{}", made.id), NavigateOptions::default());
                }
                Err(problem) => {
                    saving.set(false);
                    toasts().say(lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)]));
                }
            }
        });
    };
    let on_exchange = move |_| {
        app.cart.update(|cart| {
            cart.customer = cart.customer.or(exchange.customer);
            cart.exchange = Some(exchange.clone());
        });
        navigate("/pos", NavigateOptions::default());
    };
    view! {
        <div class="card stack">
            {figure(t.value, value, "back-value")}
            {by_debt}
            {paid}
            <button class="button primary tall wide" type="button" data-testid="give-back" disabled=move || saving.get() on:click=give>{icon("undo-2")} {t.give}</button>
            <button class="button tall wide" type="button" data-testid="exchange" on:click=on_exchange>{icon("refresh-cw")} {t.exchange}</button>
        </div>
    }
    .into_any()
}

/// By which way money is given.
pub fn ways(way: RwSignal<PaymentMethod>) -> AnyView {
    let lang = untrack(lang);
    let choices = WAYS.map(|this| {
        view! {
            <label class="choice">
                <input type="radio" name="back-way" prop:checked=move || way.get() == this on:change=move |_| way.set(this)/>
                <span>{lang.method(this)}</span>
            </label>
        }
    });
    view! { <fieldset><legend class="fine">{lang.t().papers.by}</legend><div class="segmented">{choices}</div></fieldset> }
        .into_any()
}

/// What is to be paid for the open bill, after goods that come back for it; tracked.
pub fn payable(app: AppState) -> Paisa {
    app.cart.with(|cart| due(cart.total().unwrap_or_default(), cart.exchange.as_ref()).0)
}

/// On the bill: the goods that come back for it, what is left to pay or to give, and the way out of the exchange.
pub fn on_bill(app: AppState) -> AnyView {
    live(move || {
        let lang = lang();
        let t = &lang.t().papers;
        let (total, back) = app.cart.with(|cart| (cart.total().unwrap_or_default(), cart.exchange.clone()));
        let back = back?;
        let (pay, give) = due(total, Some(&back));
        let line = |label: &'static str, amount, id: &'static str| {
            view! { <div class="bill-total minor"><span>{label}</span><b data-testid=id>{money(lang, amount, app.currency())}</b></div> }
        };
        let rest = if give > Paisa::ZERO {
            line(t.give_rest, give, "exchange-rest")
        } else {
            line(t.due, pay, "exchange-due")
        };
        let leave = move |_| app.cart.update(|cart| cart.exchange = None);
        Some(view! {
            <div class="stack" data-testid="bill-exchange">
                {line(t.given_back, -back.value(), "exchange-value")}
                {rest}
                <button class="button quiet" type="button" data-testid="no-exchange" on:click=leave>{icon("x")} {t.no_exchange}</button>
            </div>
        })
    })
}

/// In the payment: what is given beside the bill, and by which way.
pub fn in_payment(app: AppState) -> AnyView {
    let lang = untrack(lang);
    let (give, way) = app.cart.with_untracked(|cart| {
        let give = due(cart.total().unwrap_or_default(), cart.exchange.as_ref()).1;
        (give, cart.exchange.as_ref().map_or(PaymentMethod::Cash, |back| back.way))
    });
    if give <= Paisa::ZERO {
        return ().into_any();
    }
    let words = format!("{} · {}", lang.t().papers.give_rest, lang.method(way));
    let currency = untrack(|| app.currency());
    view! { <div class="bill-total minor"><span>{words}</span><b data-testid="pay-rest">{money(lang, give, currency)}</b></div> }
        .into_any()
}

/// Goods on the open bill come back without a receipt; who may not is told so.
pub fn unseen(app: AppState, done: Callback<String>) -> AnyView {
    let lang = untrack(lang);
    let t = &lang.t().papers;
    if !app.may(Action::ReturnUnseen) {
        return view! { <p class="fine" data-testid="unseen-refused">{badge("", "info", t.unseen)} " " {t.unseen_refused}</p> }.into_any();
    }
    let way = RwSignal::new(PaymentMethod::Cash);
    let on_click = move |_| {
        let cart = app.cart.get_untracked();
        let (lines, _) = cart.written();
        let back = GoingBack {
            original: None,
            brought: Vec::new(),
            lines,
            customer: cart.customer,
            balance: Paisa::ZERO,
            way: way.get_untracked(),
        };
        spawn_local(async move {
            match app.give_back(back).await {
                Ok(made) => {
                    app.cart.set(Default::default());
                    done.run(format!("/sales/{}", made.id));
                }
                Err(problem) => {
                    toasts().say(lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)]));
                }
            }
        });
    };
    view! {
        <details class="more">
            <summary data-testid="unseen-open">{t.unseen} {icon("chevron-down")}</summary>
            <div class="stack">
                <p class="fine">{t.unseen_help}</p>
                {ways(way)}
                <div><button class="button" type="button" data-testid="unseen" on:click=on_click>{icon("undo-2")} {t.give}</button></div>
            </div>
        </details>
    }
    .into_any()
}
