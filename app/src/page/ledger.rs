//! One customer's khata: every entry with what was owed after it, given and received, limit, statement, write-off.

use super::{
    answered,
    customers::{phones, who},
    khata::{ages, state},
};
use crate::{
    component::{
        Drawing, Figure, badge, bdi, empty, figures, icon, icon_as, list_card, live, money, number_input,
        sheet_about, text_input, toasts,
    },
    i18n::{Lang, lang},
};
use dukandar_app::{
    plain::{
        khata::{entry_words, statement, whatsapp_number},
        typed::parse_money,
    },
    state::{Act, AppState, app},
};
use dukandar_core::{
    customer::khata::{Ledger, LedgerLine},
    id::CustomerId,
    money::{Currency, Paisa},
    record::PaymentMethod,
    role::Action,
    task::{Answer, Task},
    time::Day,
};
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;

/// Ways by which a debt is paid back.
const WAYS: [PaymentMethod; 5] = [
    PaymentMethod::Cash,
    PaymentMethod::JazzCash,
    PaymentMethod::Easypaisa,
    PaymentMethod::Bank,
    PaymentMethod::Card,
];

/// What the sheet is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Gave,
    Got,
    WriteOff,
    Limit,
}

impl Kind {
    fn title(self, lang: Lang) -> &'static str {
        let t = &lang.t().khata;
        match self {
            Self::Gave => t.gave,
            Self::Got => t.got,
            Self::WriteOff => t.off,
            Self::Limit => t.limit,
        }
    }
}

/// What is asked, of whom, and how things stand.
#[derive(Clone, Copy)]
struct Asking {
    kind: Kind,
    customer: CustomerId,
    balance: Paisa,
    limit: Option<Paisa>,
    currency: Currency,
}

/// The page.
pub fn ledger() -> impl IntoView {
    let app = app();
    let params = use_params_map();
    let customer = move || params.with(|params| params.get("id"))?.parse().ok();
    // Whoever owes, owes the business: a payment in one branch pays what was bought in another.
    let asked = app.ask(move || Some(Task::Ledger { shop: None, customer: customer()?, today: app.today() }));
    let asking = RwSignal::new(None::<Asking>);
    let body = answered(asked, 8, move |answer, _| match answer {
        Answer::Ledger(ledger) => Some(page(app, lang(), ledger, asking)),
        _ => None,
    });
    let back = move || {
        view! { <a class="chip" href="/khata">{icon_as("arrow-left", "icon way")} {lang().t().khata.title}</a> }
    };
    let title = |asking: &Asking| asking.kind.title(lang()).to_owned();
    view! { {back} {body} {sheet_about(asking, title, "entry", entry_form)} }
}

fn page(app: AppState, lang: Lang, ledger: &Ledger, asking: RwSignal<Option<Asking>>) -> AnyView {
    let t = &lang.t().khata;
    let (row, currency) = (&ledger.row, ledger.currency);
    let customer = row.customer;
    app.open_names(row.person.clone().map(|person| (customer, person)).into_iter().collect());
    let ask =
        move |kind, balance, limit| asking.set(Some(Asking { kind, customer, balance, limit, currency }));
    let (balance, limit) = (row.account.balance, row.limit);
    let button = move |kind: Kind, class, icon_name, id| {
        view! {
            <button class=class type="button" data-testid=id on:click=move |_| ask(kind, balance, limit)>{icon(icon_name)} {kind.title(lang)}</button>
        }
        .into_any()
    };
    let call = move || {
        let link = |phone: String| {
            let href = format!("tel:{}", phone.replace(' ', ""));
            view! { <a class="chip" href=href>{icon("smartphone")} {bdi(phone)}</a> }
        };
        phones(app, customer).into_iter().map(link).collect_view()
    };
    let told = ledger.clone();
    let send = live(move || {
        let name = app.person(customer).and_then(|person| person.name).or(told.row.code.clone());
        let shop = app.writing_shop().map(|shop| shop.name).unwrap_or_default();
        let text = statement(lang, &shop, &name.unwrap_or_default(), app.today(), &told);
        let number = phones(app, customer).first().map(|phone| whatsapp_number(phone)).unwrap_or_default();
        let href = format!("https://wa.me/{number}?text={}", js_sys::encode_uri_component(&text));
        view! { <a class="button" href=href target="_blank" rel="noopener" data-testid="statement">{icon("message-square")} {t.statement}</a> }
    });
    let mut shown = state(lang, &row.account, currency);
    let limit_words = limit.map_or_else(|| t.no_limit.to_owned(), |limit| lang.money(limit, currency));
    shown.push(Figure { label: t.limit, value: limit_words, change: None, id: "figure-limit" });
    let owner = app.may(Action::Forgive).then(|| {
        let off =
            (balance > Paisa::ZERO).then(|| button(Kind::WriteOff, "button quiet danger", "x", "write-off"));
        view! { {button(Kind::Limit, "button", "pencil", "set-limit")} {off} }
    });
    let entries = match ledger.lines.as_slice() {
        [] => view! { <div class="card">{empty(Drawing::Ledger, t.no_entries, "", ().into_any())}</div> }
            .into_any(),
        lines => {
            let rows = lines.iter().map(|it| line(lang, it, currency));
            list_card("ledger", t.entries, ().into_any(), rows)
        }
    };
    view! {
        <header class="page-head">
            <div><h1>{who(app, lang, customer, row.code.clone())}</h1>{call}</div>
            <div class="actions">
                {app.may(Action::Sell).then(|| view! {
                    {button(Kind::Got, "button primary tall", "arrow-down", "got")}
                    {button(Kind::Gave, "button tall", "arrow-up", "gave")}
                })}
            </div>
        </header>
        {figures(shown)}
        {ages(lang, &row.account, currency)}
        <div class="flow">{send} {owner}</div>
        {entries}
    }
    .into_any()
}

fn line(lang: Lang, line: &LedgerLine, currency: Currency) -> AnyView {
    let t = &lang.t().khata;
    let entry = &line.entry;
    let words = entry_words(lang, line);
    let what = match entry.sale {
        Some(sale) => view! { <a href=format!("/sales/{sale}")>{words}</a> }.into_any(),
        None => words.into_any(),
    };
    let undone = (line.is_undone && entry.undoes.is_none()).then(|| badge("", "undo-2", t.taken_back));
    let due = entry.due.map(|due| format!(" · {}: {}", t.due_day, lang.date(due)));
    let balance = format!("{} {}", t.balance, lang.money(line.balance, currency));
    view! {
        <li data-testid="ledger-line">
            <div class="row">
                <span class="name flow">{what} {undone}</span>
                <span class=if entry.amount < Paisa::ZERO { "amount up" } else { "amount" }>{money(lang, entry.amount, currency)}</span>
                <span class="sub">{lang.date(line.day)} {due}</span>
                <span class="fine end">{balance}</span>
            </div>
        </li>
    }
    .into_any()
}

fn entry_form(open: RwSignal<bool>, asking: Asking) -> AnyView {
    let (app, lang) = (app(), untrack(lang));
    let t = &lang.t().khata;
    let Asking { kind, customer, balance, limit, currency } = asking;
    let first = limit.filter(|_| kind == Kind::Limit).map(|limit| lang.amount(limit)).unwrap_or_default();
    let amount = RwSignal::new(first);
    let by = RwSignal::new(String::new());
    let (wrong, wrong_day) = (RwSignal::new(None), RwSignal::new(None));
    let saving = RwSignal::new(false);
    // Cash is what it mostly is when it comes back, goods when it goes out.
    let way = RwSignal::new((kind == Kind::Got).then_some(PaymentMethod::Cash));
    let typed = move || parse_money(&amount.get()).filter(|amount| *amount > Paisa::ZERO);
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        wrong.set(None);
        wrong_day.set(None);
        let text = amount.get_untracked();
        if kind == Kind::Limit {
            let limit = parse_money(&text);
            if limit.is_none() && !text.trim().is_empty() {
                return wrong.set(Some(lang.t().stock.bad_number.to_owned()));
            }
            return save(lang, open, saving, wrong, async move {
                app.set_limit(customer, limit).await?;
                toasts().say(t.limit_said);
                Ok(())
            });
        }
        let Some(amount) = untrack(typed) else { return wrong.set(Some(t.bad_amount.to_owned())) };
        if kind == Kind::WriteOff && amount > balance {
            return wrong.set(Some(lang.fill(t.off_more, &[&lang.money(balance, currency)])));
        }
        let day = Day::parse(&by.get_untracked()).filter(|day| *day >= untrack(|| app.today()));
        if day.is_none() && !by.get_untracked().is_empty() {
            return wrong_day.set(Some(t.bad_due.to_owned()));
        }
        let (act, said) = match (kind, way.get_untracked()) {
            (Kind::WriteOff, _) => (Act::WriteOff, t.off_said),
            (Kind::Got, Some(method)) => (Act::Got(method), t.got_said),
            (_, method) => (Act::Gave(method, day), t.gave_said),
        };
        let said = lang.fill(said, &[&lang.money(amount, currency)]);
        save(lang, open, saving, wrong, async move {
            let entry = app.enter_khata(customer, act, amount).await?;
            toasts().undo(said, move || {
                let entry = entry.clone();
                spawn_local(async move {
                    toasts().say(match app.take_entry_back(entry).await {
                        Ok(()) => t.taken_back.to_owned(),
                        Err(problem) => lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)]),
                    });
                });
            });
            Ok(())
        });
    };
    let all = (matches!(kind, Kind::Got | Kind::WriteOff) && balance > Paisa::ZERO).then(|| {
        let words = lang.fill(t.all, &[&lang.money(balance, currency)]);
        view! { <button class="button tall" type="button" data-testid="all-of-it" on:click=move |_| amount.set(lang.amount(balance))>{words}</button> }
    });
    let ahead = move || {
        let more = typed()?.0 - balance.0.max(0);
        let words = lang.fill(t.ahead, &[&lang.money(Paisa(more), currency)]);
        (kind == Kind::Got && more > 0).then(|| view! { <p class="fine" data-testid="ahead">{words}</p> })
    };
    let ways: Vec<(Option<PaymentMethod>, &'static str)> = match kind {
        Kind::Got => WAYS.map(|method| (Some(method), lang.method(method))).to_vec(),
        Kind::Gave => vec![(None, t.goods), (Some(WAYS[0]), lang.method(WAYS[0]))],
        _ => Vec::new(),
    };
    let (label, hint) = match kind {
        Kind::Limit => (t.limit, t.limit_help),
        Kind::WriteOff => (t.amount, t.off_help),
        _ => (t.amount, ""),
    };
    let legend = if kind == Kind::Got { t.by } else { t.what };
    let choices = ways.into_iter().map(|(this, words)| {
        view! {
            <label class="choice">
                <input type="radio" name="way" prop:checked=move || way.get() == this on:change=move |_| way.set(this)/>
                <span>{words}</span>
            </label>
        }
    });
    let choices = matches!(kind, Kind::Got | Kind::Gave).then(|| {
        view! { <fieldset><legend class="fine">{legend}</legend><div class="segmented">{choices.collect_view()}</div></fieldset> }
    });
    let due = (kind == Kind::Gave)
        .then(|| text_input(t.due_day, lang.t().common.optional, by, wrong_day.into(), "date", "due-day"));
    view! {
        <form class="sheet-body" on:submit=on_submit>
            {number_input(label, hint, amount, wrong.into(), "amount")}
            {all}
            {live(ahead)}
            {choices}
            {due}
            <button class="button primary tall wide" type="submit" data-testid="save" disabled=move || saving.get()>{icon("check")} {lang.t().common.save}</button>
        </form>
    }
    .into_any()
}

/// Writes, and closes the sheet once it is durable; else says what is wrong.
fn save(
    lang: Lang,
    open: RwSignal<bool>,
    saving: RwSignal<bool>,
    wrong: RwSignal<Option<String>>,
    write: impl Future<Output = Result<(), dukandar_app::state::Problem>> + 'static,
) {
    if saving.get_untracked() {
        return;
    }
    saving.set(true);
    spawn_local(async move {
        match write.await {
            Ok(()) => open.set(false),
            Err(problem) => {
                saving.set(false);
                wrong.set(Some(lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)])));
            }
        }
    });
}
