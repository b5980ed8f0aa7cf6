//! Khata: who owes, the largest dues first, how old they are; a tap opens a customer's own page.

use super::{answered, customers::who, pick::pick_sheet};
use crate::{
    component::{Drawing, Figure, badge, bdi, empty, figures, icon, list_card, page_head},
    i18n::{Lang, lang},
};
use dukandar_app::state::{AppState, app};
use dukandar_core::{
    customer::{
        credit::Account,
        khata::{KhataList, KhataRow},
    },
    id::CustomerId,
    money::{Currency, Paisa},
    task::{Answer, Task},
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Rows of the list at once.
const PAGE: u32 = 50;

/// The page.
pub fn khata() -> impl IntoView {
    let app = app();
    let limit = RwSignal::new(PAGE);
    let picking = RwSignal::new(false);
    let asked =
        app.ask(move || Some(Task::Khata { shop: app.shop.get(), today: app.today(), limit: limit.get() }));
    let body = answered(asked, 8, move |answer, _| match answer {
        Answer::Khata(list) => Some(overview(app, lang(), list, limit)),
        _ => None,
    });
    let head = move || {
        let t = &lang().t().khata;
        let find = view! {
            <button class="button primary" type="button" data-testid="khata-find" aria-haspopup="dialog" on:click=move |_| picking.set(true)>
                {icon("search")} {t.find}
            </button>
        };
        page_head(t.title, "", find.into_any())
    };
    let navigate = use_navigate();
    let open = Callback::new(move |customer: CustomerId| {
        navigate(&format!("/khata/{customer}"), NavigateOptions::default());
    });
    view! { {head} {body} {pick_sheet(picking, open)} }
}

/// What is owed by days since the entry.
pub fn ages(lang: Lang, account: &Account, currency: Currency) -> AnyView {
    let ids = ["age-30", "age-60", "age-90", "age-more"];
    let each = lang.t().khata.ages.into_iter().zip(ids).zip(account.ages);
    let all = each.map(|((label, id), amount)| Figure {
        label,
        value: lang.money(amount, currency),
        change: None,
        id,
    });
    view! { <div class="ages">{figures(all.collect())}</div> }.into_any()
}

fn overview(app: AppState, lang: Lang, list: &KhataList, limit: RwSignal<u32>) -> AnyView {
    let t = &lang.t().khata;
    if list.owing == 0 {
        return view! { <div class="card">{empty(Drawing::Ledger, t.empty, t.empty_help, ().into_any())}</div> }
            .into_any();
    }
    let sealed = list.rows.iter().filter_map(|row| Some((row.customer, row.person.clone()?)));
    app.open_names(sealed.collect());
    let figure =
        |label, amount, id| Figure { label, value: lang.money(amount, list.currency), change: None, id };
    let total = &list.total;
    let mut all = vec![
        figure(lang.t().today.receivable, total.balance, "figure-dues"),
        figure(t.late, total.overdue, "figure-late"),
        figure(t.due_today, total.due_today, "figure-due-today"),
    ];
    if list.ahead > Paisa::ZERO {
        all.push(figure(t.paid_ahead, list.ahead, "figure-ahead"));
    }
    let more = (list.owing > list.rows.len() as u64).then(|| {
        view! { <button class="button wide" type="button" on:click=move |_| limit.update(|limit| *limit += PAGE)>{lang.t().common.show_more}</button> }
    });
    let rows = list.rows.iter().map(|it| row(app, lang, it, list.currency));
    let count = view! { <span class="fine">{lang.plural(t.owing, list.owing)}</span> }.into_any();
    view! {
        {figures(all)}
        {ages(lang, total, list.currency)}
        {list_card("khata-list", t.title, count, rows)}
        {more}
    }
    .into_any()
}

fn row(app: AppState, lang: Lang, row: &KhataRow, currency: Currency) -> AnyView {
    let (t, customer) = (&lang.t().khata, row.customer);
    let account = &row.account;
    let since = account.since.map(|since| lang.fill(t.since, &[&lang.date(since)]));
    let late = (account.overdue > Paisa::ZERO)
        .then(|| badge("warn", "clock", format!("{}: {}", t.late, lang.money(account.overdue, currency))));
    view! {
        <li>
            <a class="row" href=format!("/khata/{customer}") data-testid="khata-row">
                <span class="name">{who(app, lang, customer, row.code.clone())}</span>
                <span class="amount">{bdi(lang.money(account.balance, currency))}</span>
                <span class="sub">{since}</span>
                <span class="end">{late}</span>
            </a>
        </li>
    }
    .into_any()
}

/// What stands beside a customer's name on their own page.
pub fn state(lang: Lang, account: &Account, currency: Currency) -> Vec<Figure> {
    let t = &lang.t().khata;
    let money = |amount| lang.money(amount, currency);
    let (label, balance) = match account.balance {
        ahead if ahead < Paisa::ZERO => (t.paid_ahead, -ahead),
        owed => (t.balance, owed),
    };
    let next = account.next_due.map(|(day, amount)| {
        crate::component::Change::plain(lang.fill(t.next_due, &[&money(amount), &lang.date(day)]))
    });
    vec![
        Figure { label, value: money(balance), change: next, id: "figure-balance" },
        Figure { label: t.late, value: money(account.overdue), change: None, id: "figure-late" },
    ]
}
