//! Galla: what should be in the drawer and why, the day's money, staff, past closings.

use super::{answered, day_forms, staff_day};
use crate::{
    component::{
        Change, Figure, badge, banner, bdi, figures, icon, list_card, money, page_head, sheet_about, toasts,
    },
    i18n::{Lang, lang},
};
use dukandar_app::state::{AppState, Asked, Problem, app};
use dukandar_core::{
    id::{DocumentId, UserId},
    insight::day::{Act, Closed, DayAnswer},
    money::Paisa,
    record::{ServiceKind, Wallet},
    role::Action,
    task::{Answer, Task},
    time::{Timestamp, Zone},
};
use leptos::{prelude::*, task::spawn_local};

/// What is being entered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The drawer is counted: before the first customer, or after the last.
    Count {
        /// Which of the two.
        opening: bool,
    },
    /// Kharcha.
    Expense,
    /// Cash in or out.
    Cash,
    /// Easyload and wallets.
    Service,
}

impl Form {
    fn title(self, lang: Lang) -> &'static str {
        let t = &lang.t().day;
        match self {
            Self::Count { opening: true } => t.open,
            Self::Count { opening: false } => t.close,
            Self::Expense => t.expense,
            Self::Cash => t.cash,
            Self::Service => t.service,
        }
    }
}

/// The page.
pub fn day() -> impl IntoView {
    let app = app();
    let form = RwSignal::new(None::<Form>);
    let user = RwSignal::new(None::<UserId>);
    let profile = RwSignal::new(None::<UserId>);
    let staff = staff_day::ask(app);
    let asked = app.ask(move || Some(Task::Day { shop: app.writing_shop()?.id, now: app.now.get() }));
    crate::component::watch(move || {
        app.account.track();
        app.hand.track();
        // Before the database is open nobody is signed in.
        spawn_local(async move { user.set(app.this_user().await.unwrap_or_default()) });
    });
    let head = move || {
        let lang = lang();
        page_head(lang.t().day.title, lang.t().day.about, ().into_any())
    };
    let shown = answered(asked, 10, move |answer, _| match answer {
        Answer::Day(day) => Some(page(app, day, form, user, profile)),
        _ => None,
    });
    let title = |form: &Form| form.title(lang()).to_owned();
    view! {
        {head}
        {shown}
        {staff_day::month(app, staff, user)}
        {staff_day::profile_sheet(app, staff, profile)}
        {sheet_about(form, title, "day-form", move |open, form| day_forms::form(app, asked, open, form))}
    }
}

/// The answer that stands on the screen, and whether a newer one is on its way.
pub fn standing(asked: ReadSignal<Asked>) -> Option<(DayAnswer, bool)> {
    asked.with(|asked| match asked {
        Asked::Ready { answer, stale } => match answer.as_ref() {
            Answer::Day(day) => Some((day.as_ref().clone(), *stale)),
            _ => None,
        },
        _ => None,
    })
}

fn page(
    app: AppState,
    day: &DayAnswer,
    form: RwSignal<Option<Form>>,
    user: RwSignal<Option<UserId>>,
    profile: RwSignal<Option<UserId>>,
) -> AnyView {
    let lang = lang();
    let sees_cost = app.may(Action::SeeCost);
    // With one branch its name says nothing.
    let shop = app.shops.with(|shops| shops.len() > 1).then(|| day.shop_name.clone());
    view! {
        {shop.map(|name| view! { <p class="strong" dir="auto">{name}</p> })}
        {figures(heads(lang, day))}
        {buttons(lang, day, form)}
        <div class="split">
            <div class="stack">{derivation(lang, day)} {entries(app, lang, day)}</div>
            <div class="stack">
                {sees_cost.then(|| profit(lang, day))}
                {money_today(lang, day)}
                {staff_day::today(app, lang, day, user.get(), profile)}
            </div>
        </div>
        {closings(lang, day, sees_cost)}
    }
    .into_any()
}

/// The drawer and the floats.
fn heads(lang: Lang, day: &DayAnswer) -> Vec<Figure> {
    let t = &lang.t().day;
    let value = lang.money(day.expected, day.currency);
    let mut all = vec![Figure { label: t.expected, value, change: None, id: "day-expected" }];
    all.extend(day.floats.iter().map(|float| {
        let low = float.balance.is_some_and(|balance| balance.0 < 0);
        let change = match float.balance {
            None => Some(Change::plain(t.not_looked_up)),
            Some(_) if low => {
                Some(Change { tone: "warn", icon: Some("triangle-alert"), text: t.services[3].to_owned() })
            }
            Some(_) => None,
        };
        let value = float.balance.map_or("–".to_owned(), |balance| lang.money(balance, day.currency));
        let id = match float.wallet {
            Wallet::Load => "float-load",
            Wallet::JazzCash => "float-jazzcash",
            Wallet::Easypaisa => "float-easypaisa",
        };
        Figure { label: lang.wallet(float.wallet), value, change, id }
    }));
    all
}

/// What can be done; the count that is due stands first.
fn buttons(lang: Lang, day: &DayAnswer, form: RwSignal<Option<Form>>) -> AnyView {
    let button = |which: Form, name: &'static str, id: &'static str, class: &'static str| {
        view! { <button class=class type="button" data-testid=id on:click=move |_| form.set(Some(which))>{icon(name)} {which.title(lang)}</button> }
    };
    let (open, close) = (Form::Count { opening: true }, Form::Count { opening: false });
    let is_open = day.base.is_some_and(|base| base.opening);
    let closed = day.closed();
    let done = closed.map(|closed| {
        let words = lang.fill(lang.t().day.closed, &[&lang.time(closed.at, day.zone)]);
        view! { <div data-testid="day-closed">{banner("calm", "circle-check", words, ().into_any())}</div> }
    });
    let first = if is_open { "button" } else { "button primary" };
    let last = if is_open { "button primary" } else { "button" };
    view! {
        {done}
        <div class="flow">
            {(!is_open).then(|| button(open, "store", "day-open", first))}
            {closed.is_none().then(|| button(close, "circle-check", "day-close", last))}
            {button(Form::Expense, "minus", "day-expense", "button")}
            {button(Form::Cash, "banknote", "day-cash", "button")}
            {button(Form::Service, "smartphone", "day-service", "button")}
        </div>
    }
    .into_any()
}

/// One line of words and an amount.
fn row(words: String, below: String, amount: String, id: &'static str) -> AnyView {
    let below = (!below.is_empty()).then(|| view! { <span class="sub" dir="auto">{below}</span> });
    view! { <li class="row" data-testid=id><span dir="auto">{words}</span><span class="amount">{bdi(amount)}</span>{below}</li> }
        .into_any()
}

fn when(lang: Lang, zone: Zone, at: Timestamp) -> String {
    format!("{} {}", lang.short_date(at.day(zone)), lang.time(at, zone))
}

/// Why the drawer should hold what it should.
fn derivation(lang: Lang, day: &DayAnswer) -> AnyView {
    let t = &lang.t().day;
    let (began, about) = match day.base {
        None => (Paisa::ZERO, t.never.to_owned()),
        Some(base) => {
            let words = if base.opening { t.opened } else { t.counted_last };
            let at = lang.fill(words, &[&when(lang, day.zone, base.at)]);
            let found = base.expected.map(|expected| lang.difference(base.counted - expected, day.currency));
            (base.counted, [Some(at), found].into_iter().flatten().collect::<Vec<_>>().join(" · "))
        }
    };
    let mut rows = vec![row(t.began.to_owned(), about, lang.money(began, day.currency), "day-began")];
    let causes = lang.causes(&day.sums, day.currency).into_iter();
    rows.extend(causes.map(|(words, amount)| row(words, String::new(), amount, "day-cause")));
    let total = view! { <b>{money(lang, day.expected, day.currency)}</b> };
    list_card("day-why", t.why, total.into_any(), rows)
}

/// The step that writes an act's counter-entry.
pub fn undo(app: AppState, day: &DayAnswer, id: DocumentId, act: Act) -> impl Fn() + Send + Sync + 'static {
    let shop = day.shop;
    move || {
        let counter = act.clone().counter();
        spawn_local(async move {
            if let Err(problem) = app.act(shop, counter, Some(id)).await {
                say(&problem);
            }
        });
    }
}

/// Says what went wrong.
pub fn say(problem: &Problem) {
    let lang = untrack(lang);
    toasts().say(lang.fill(lang.t().trouble.not_saved, &[&lang.problem(problem)]));
}

/// What an act is, in words.
pub fn act_words(lang: Lang, act: &Act) -> String {
    let t = &lang.t().day;
    match act {
        Act::Expense { category, .. } => lang.known(category),
        Act::Movement { reason, .. } => lang.known(reason),
        Act::Service { kind, wallet, .. } => {
            let words = t.services[*kind as usize];
            match wallet.filter(|_| *kind != ServiceKind::Easyload) {
                Some(wallet) => format!("{words}: {}", lang.wallet(wallet)),
                None => words.to_owned(),
            }
        }
    }
}

fn entries(app: AppState, lang: Lang, day: &DayAnswer) -> AnyView {
    let t = &lang.t().day;
    let mut rows: Vec<AnyView> = Vec::new();
    for entry in &day.entries {
        let words = act_words(lang, &entry.act);
        let end = if entry.undone {
            badge("", "undo-2", t.taken_back)
        } else {
            let undo = undo(app, day, entry.id, entry.act.clone());
            let label = format!("{}: {words}", t.take_back);
            view! { <button class="button quiet square" type="button" data-testid="day-undo" title=t.take_back aria-label=label on:click=move |_| undo()>{icon("undo-2")}</button> }
                .into_any()
        };
        // What did not come out of the drawer still has an amount.
        let amount = match entry.act {
            Act::Expense { amount, paid: Some(_), .. } => format!("({})", lang.money(amount, day.currency)),
            _ => lang.signed(entry.cash, day.currency),
        };
        let at = lang.time(entry.at, day.zone);
        rows.push(
            view! {
                <li class="flow pad" data-testid="day-entry">
                    <span class="grow"><span class="strong" dir="auto">{words}</span><br/><span class="fine">{bdi(at)}</span></span>
                    <b>{bdi(amount)}</b>
                    {end}
                </li>
            }
            .into_any(),
        );
    }
    if rows.is_empty() {
        rows.push(view! { <li class="pad muted">{t.no_entries}</li> }.into_any());
    }
    list_card("day-entries", t.entries, ().into_any(), rows)
}

fn profit(lang: Lang, day: &DayAnswer) -> AnyView {
    let t = &lang.t().day;
    let it = &day.profit;
    let parts = [it.revenue, -it.cost, it.commissions, -it.expenses];
    let mut rows: Vec<AnyView> = (t.profit_lines.iter().zip(parts))
        .map(|(words, amount)| {
            row((*words).to_owned(), String::new(), lang.money(amount, day.currency), "profit-part")
        })
        .collect();
    if it.unknown.lines > 0 {
        let names = it.unknown.names.join(lang.t().common.comma);
        let which = lang.fill(t.unknown_which, &[&lang.money(it.unknown.revenue, day.currency), &names]);
        let words = lang.plural(t.unknown, it.unknown.lines);
        rows.push(view! { <li class="pad" data-testid="profit-unknown">{badge("warn", "info", words)}<br/><span class="fine" dir="auto">{which}</span></li> }.into_any());
    }
    let total = view! { <b data-testid="day-profit">{money(lang, it.total, day.currency)}</b> };
    list_card("profit", t.profit, total.into_any(), rows)
}

/// Tenders beside cash, and expenses by category.
fn money_today(lang: Lang, day: &DayAnswer) -> AnyView {
    let t = &lang.t().day;
    let card = |id, title: &'static str, rows: Vec<(String, Paisa)>| {
        let rows: Vec<AnyView> = rows
            .into_iter()
            .map(|(words, amount)| row(words, String::new(), lang.money(amount, day.currency), "day-sum"))
            .collect();
        (!rows.is_empty()).then(|| list_card(id, title, ().into_any(), rows))
    };
    let tenders = day.tenders.iter().map(|&(method, amount)| (lang.method(method).to_owned(), amount));
    let spent = day.expenses.iter().map(|(name, amount)| (lang.known(name), *amount));
    view! {
        {card("day-tenders", t.tenders, tenders.collect())}
        {card("day-spent", t.causes[3], spent.collect())}
    }
    .into_any()
}

fn closings(lang: Lang, day: &DayAnswer, sees_cost: bool) -> AnyView {
    let t = &lang.t().day;
    let mut rows: Vec<AnyView> =
        day.closings.iter().map(|closed| closing(lang, day, closed, sees_cost)).collect();
    if rows.is_empty() {
        rows.push(view! { <li class="pad muted">{t.no_closings}</li> }.into_any());
    }
    list_card("closings", t.closings, ().into_any(), rows)
}

/// Right, over or short, as a badge.
pub fn verdict(lang: Lang, day: &DayAnswer, difference: Paisa) -> AnyView {
    let (tone, name) = match difference.0 {
        0 => ("good", "check"),
        _ => ("warn", "triangle-alert"),
    };
    badge(tone, name, lang.difference(difference, day.currency))
}

fn closing(lang: Lang, day: &DayAnswer, closed: &Closed, sees_cost: bool) -> AnyView {
    let t = &lang.t().day;
    let profit = (sees_cost && closed.day == day.day).then_some(&day.profit);
    let text = lang.closing_text(&day.shop_name, day.currency, closed, profit);
    let link = format!("https://wa.me/?text={}", js_sys::encode_uri_component(&text));
    let [expected, counted] =
        [closed.expected, closed.counted].map(|amount| lang.money(amount, day.currency));
    let amounts = lang.fill("{0}: {1} · {2}: {3}", &[t.expected, &expected, t.counted, &counted]);
    let late = (!closed.late.is_empty()).then(|| {
        let parts = lang.causes(&closed.late, day.currency);
        let parts: Vec<String> = parts.into_iter().map(|(words, amount)| format!("{words} {amount}")).collect();
        let with = lang.difference(closed.difference() - closed.late_amount(), day.currency);
        let words = format!("{} · {}", parts.join(" · "), lang.fill(t.with_late, &[&with]));
        view! { <p class="flow" data-testid="closing-late">{badge("warn", "clock", t.late)} <span class="fine">{words}</span></p> }
    });
    let note =
        (!closed.note.is_empty()).then(|| view! { <p class="fine" dir="auto">{closed.note.clone()}</p> });
    view! {
        <li class="stack pad" data-testid="closing">
            <div class="flow">
                <span class="grow"><span class="strong">{lang.date(closed.day)}</span><br/><span class="fine">{amounts}</span></span>
                {verdict(lang, day, closed.difference())}
                <a class="button" href=link target="_blank" rel="noopener" data-testid="closing-whatsapp">{icon("message-square")} {t.send}</a>
            </div>
            {late}
            {note}
        </li>
    }
    .into_any()
}
