//! Taking the money for a bill: cash in as few taps as ever, and any other way beside it, in parts that add up.

use super::{
    bill::{Buyer, LastReceipt},
    customers::who,
    pick::dues,
    take_back::{in_payment, payable},
    unit_pick::exchange_line,
};
use crate::{
    component::{ask_pin, bdi, icon, live, money, number_input, pin_sheet, select, sheet, text_input},
    i18n::lang,
};
use dukandar_app::{
    plain::{cash::quick_cash, typed::parse_money},
    state::{AppState, Terms},
};
use dukandar_core::{
    customer::khata::over_limit,
    money::Paisa,
    record::{Payment, PaymentMethod},
    role::Action,
    time::Day,
};
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Ways beside cash, with the name of each one's field.
const WAYS: [(PaymentMethod, &str); 5] = [
    (PaymentMethod::Card, "part-card"),
    (PaymentMethod::JazzCash, "part-jazz_cash"),
    (PaymentMethod::Easypaisa, "part-easypaisa"),
    (PaymentMethod::Bank, "part-bank"),
    (PaymentMethod::Credit, "part-credit"),
];

/// Monthly parts of a debt that are offered; none: one due day.
const MONTHS: [u16; 6] = [0, 2, 3, 4, 6, 12];

/// What the sheet holds. `parts` are what was typed for each of [`WAYS`]; none where it is not used.
#[derive(Clone, Copy)]
struct Tender {
    app: AppState,
    buyer: Buyer,
    due: Paisa,
    used: RwSignal<[bool; 5]>,
    parts: [RwSignal<String>; 5],
    received: RwSignal<String>,
    months: RwSignal<u16>,
    by: RwSignal<String>,
    /// The owner has typed the PIN: this bill may go beyond what the customer may owe.
    allowed: RwSignal<bool>,
    /// Asks for it.
    asking: RwSignal<bool>,
}

impl Tender {
    /// The parts beside cash; in words what is wrong with one.
    fn beside(self) -> Result<Vec<Payment>, String> {
        let lang = lang();
        let used = self.used.get();
        let parts = (0..WAYS.len()).filter(|&way| used[way]).map(|way| {
            let amount = parse_money(&self.parts[way].get()).filter(|amount| *amount > Paisa::ZERO);
            let amount = amount
                .ok_or_else(|| format!("{}: {}", lang.method(WAYS[way].0), lang.t().khata.bad_amount))?;
            let is_qist = WAYS[way].0 == PaymentMethod::Credit && self.months.get() > 0;
            let method = if is_qist { PaymentMethod::Instalment } else { WAYS[way].0 };
            Ok(Payment { method, amount, tendered: None })
        });
        let exchanged = self.app.cart.with(|cart| cart.taken.as_ref().map(|taken| taken.value));
        let exchanged =
            exchanged.map(|amount| Ok(Payment { method: PaymentMethod::TradeIn, amount, tendered: None }));
        let parts: Vec<Payment> = exchanged.into_iter().chain(parts).collect::<Result<_, String>>()?;
        // Typed amounts are far from 64 bits each, their sum need not be.
        let sum = parts.iter().try_fold(Paisa::ZERO, |sum, part| sum.checked_add(part.amount));
        match sum.filter(|sum| *sum <= self.due) {
            Some(_) => Ok(parts),
            None => {
                let currency = self.app.currency();
                let sum = lang.money(sum.unwrap_or(Paisa(i64::MAX)), currency);
                Err(lang.fill(lang.t().khata.too_much, &[&sum, &lang.money(self.due, currency)]))
            }
        }
    }

    /// What is left for cash.
    fn cash(self) -> Paisa {
        let beside = self.beside().unwrap_or_default();
        self.due - beside.iter().map(|part| part.amount).sum()
    }

    /// Cash over the counter less what is due of it; nothing typed means that it was exact.
    fn change(self) -> Option<Paisa> {
        let cash = self.cash();
        match self.received.get().trim() {
            "" => Some(Paisa::ZERO),
            text => parse_money(text).map(|given| Paisa(given.0 - cash.0)),
        }
    }

    fn on_credit(self) -> Option<Paisa> {
        let typed = parse_money(&self.parts[4].get());
        self.used.get()[4].then(|| typed.unwrap_or_default())
    }

    /// Beyond what the customer may owe, in words; and whether who is here may go on.
    fn over(self) -> Option<(String, bool)> {
        let lang = lang();
        let t = &lang.t().khata;
        let (row, more) = (self.buyer.row.get()?, self.on_credit()?);
        let after = over_limit(&row, more)?;
        let amount = |amount| lang.money(amount, self.app.currency());
        let may = self.allowed.get() || self.app.may(Action::Forgive);
        let limit = amount(row.limit.unwrap_or_default());
        let words = lang.fill(t.over, &[&limit, &amount(row.account.balance), &amount(after)]);
        Some((format!("{words} {}", if may { t.over_owner } else { t.over_ask }), may))
    }

    /// Everything as it will be written, or the first thing that is wrong.
    fn settled(self) -> Result<(Vec<Payment>, Terms), String> {
        let t = lang().t();
        let mut payments = self.beside()?;
        let cash = self.cash();
        // A bill of nothing is paid with nothing, in cash.
        if cash > Paisa::ZERO || payments.is_empty() {
            let change = self.change().ok_or(t.stock.bad_number)?;
            if change < Paisa::ZERO {
                return Err(t.sell.short_by.to_owned());
            }
            let tendered = (change > Paisa::ZERO).then_some(cash + change);
            payments.insert(0, Payment { method: PaymentMethod::Cash, amount: cash, tendered });
        }
        if self.on_credit().is_none() {
            return Ok((payments, Terms::default()));
        }
        if self.app.cart.with(|cart| cart.customer.is_none()) {
            self.buyer.pick.set(true);
            return Err(t.khata.need_customer.to_owned());
        }
        if let Some((words, false)) = self.over() {
            return Err(words);
        }
        let months = self.months.get();
        let due = match self.by.get() {
            text if text.is_empty() || months > 0 => None,
            text => {
                let day = Day::parse(&text).filter(|day| *day >= self.app.today());
                Some(day.ok_or(t.khata.bad_due)?)
            }
        };
        Ok((payments, Terms { due, months }))
    }
}

/// Takes the money, and the sale is written.
pub fn pay_sheet(app: AppState, buyer: Buyer, open: RwSignal<bool>, submit: RwSignal<u32>) -> AnyView {
    let title = Signal::derive(|| lang().t().khata.pay.to_owned());
    let (allowed, asking) = (RwSignal::new(false), RwSignal::new(false));
    let form = move || {
        // The owner's word is for one bill.
        allowed.set(false);
        pay_form(app, buyer, open, submit, (allowed, asking))
    };
    view! { {sheet(open, title, "pay", form)} {pin_sheet(asking, Callback::new(move |()| allowed.set(true)))} }
        .into_any()
}

fn pay_form(
    app: AppState,
    buyer: Buyer,
    open: RwSignal<bool>,
    submit: RwSignal<u32>,
    (allowed, asking): (RwSignal<bool>, RwSignal<bool>),
) -> AnyView {
    let lang = lang();
    let t = &lang.t().sell;
    let currency = untrack(|| app.currency());
    let tender = Tender {
        app,
        buyer,
        due: untrack(|| payable(app)),
        used: RwSignal::new([false; 5]),
        parts: WAYS.map(|_| RwSignal::new(String::new())),
        received: RwSignal::new(String::new()),
        months: RwSignal::new(0),
        by: RwSignal::new(String::new()),
        allowed,
        asking,
    };
    let saving = RwSignal::new(false);
    let wrong = RwSignal::new(None::<String>);
    let LastReceipt(last) = expect_context();
    let navigate = use_navigate();
    let take = move || {
        let (payments, terms) = match untrack(|| tender.settled()) {
            Ok(settled) => settled,
            Err(words) => return wrong.set(Some(words)),
        };
        if saving.get_untracked() {
            return;
        }
        saving.set(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            match app.sell(payments, terms).await {
                Ok(receipt) => {
                    let path = format!("/sales/{}", receipt.sale.id);
                    last.set(Some(receipt));
                    open.set(false);
                    navigate(&path, NavigateOptions::default());
                }
                Err(problem) => {
                    saving.set(false);
                    wrong.set(Some(lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)])));
                }
            }
        });
    };
    // Alt+X from anywhere on the page.
    let by_key = take.clone();
    Effect::new(move |before: Option<u32>| {
        let now = submit.get();
        if before.is_some_and(|before| before != now) {
            by_key();
        }
        now
    });
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        take();
    };
    let is_short =
        move || tender.cash() > Paisa::ZERO && tender.change().is_none_or(|back| back < Paisa::ZERO);
    // Where goods that came back pay all of it, there is nothing to count.
    let is_cash = tender.due > Paisa::ZERO || app.cart.with_untracked(|cart| cart.exchange.is_none());
    let words = move || {
        if is_cash && tender.used.get() == [false; 5] { t.confirm } else { lang.t().khata.save_sale }
    };
    // What is wrong with the parts is said as they are typed, the rest when the sale is to be saved.
    let problem = move || {
        let words = tender.beside().err().or_else(|| wrong.get())?;
        Some(
            view! { <p class="flow down" role="alert" data-testid="pay-wrong">{icon("triangle-alert")} {words}</p> },
        )
    };
    view! {
        <form class="sheet-body" on:submit=on_submit>
            <div class="bill-total"><span>{t.total}</span><b>{money(lang, tender.due, currency)}</b></div>
            {in_payment(app)}
            {exchange_line(app)}
            {ways(tender)}
            {live(move || (tender.cash() > Paisa::ZERO || (is_cash && tender.used.get() == [false; 5])).then(|| cash(tender)))}
            {live(move || tender.used.get()[4].then(|| credit(tender)))}
            {live(problem)}
            <button class="button primary tall wide" type="submit" data-testid="confirm-sale" disabled=move || saving.get() || is_short()>
                {icon("check")} {words}
            </button>
        </form>
    }
    .into_any()
}

/// A button for each way, and the amount of each that is used.
fn ways(tender: Tender) -> AnyView {
    let lang = untrack(lang);
    let buttons = WAYS.into_iter().enumerate().map(|(way, (method, _))| {
        // The first tap takes all that is left; the next takes the part out again.
        let toggle = move |_| {
            let rest = untrack(|| tender.cash());
            tender.parts[way].set(lang.amount(rest));
            tender.used.update(|used| used[way] = !used[way]);
        };
        let pressed = move || tender.used.get()[way].to_string();
        view! {
            <button class="button tall" type="button" data-testid=format!("way-{way}") aria-pressed=pressed on:click=toggle>{lang.method(method)}</button>
        }
    });
    let fields = WAYS.into_iter().enumerate().map(|(way, (method, name))| {
        live(move || {
            tender.used.get()[way]
                .then(|| number_input(lang.method(method), "", tender.parts[way], Signal::stored(None), name))
        })
    });
    view! { <div class="flow" role="group" aria-label=lang.t().khata.pay>{buttons.collect_view()}</div> {fields.collect_view()} }
        .into_any()
}

/// Cash: quick notes, what was handed over, what goes back.
fn cash(tender: Tender) -> AnyView {
    let lang = untrack(lang);
    let t = &lang.t().sell;
    let currency = untrack(|| tender.app.currency());
    let received = tender.received;
    let quick = quick_cash(tender.cash()).into_iter().map(|amount| {
        let text = lang.money(amount, currency);
        let set = lang.whole(amount.0 / 100);
        view! { <button class="button tall" type="button" on:click=move |_| received.set(set.clone())>{bdi(text)}</button> }
    });
    let part = (tender.used.get() != [false; 5]).then(|| {
        view! { <div class="bill-total minor"><span>{t.cash}</span><b data-testid="cash-part">{money(lang, tender.cash(), currency)}</b></div> }
    });
    let change_line = move || {
        let (words, amount, class) = match tender.change() {
            Some(back) if back.0 >= 0 => (t.change, back, "bill-total minor"),
            Some(back) => (t.short_by, -back, "bill-total minor down"),
            None => return view! { <p class="down">{lang.t().stock.bad_number}</p> }.into_any(),
        };
        view! { <div class=class aria-live="polite"><span>{words}</span><b data-testid="change">{money(lang, amount, currency)}</b></div> }
            .into_any()
    };
    view! {
        {part}
        <div class="quick">
            <button class="button tall" type="button" on:click=move |_| received.set(String::new())>{t.exact}</button>
            {quick.collect_view()}
        </div>
        {number_input(t.received, "", received, Signal::stored(None), "received")}
        {live(change_line)}
    }
    .into_any()
}

/// Udhaar: who owes it, whether that is too much, and when it comes back.
fn credit(tender: Tender) -> AnyView {
    let Tender { app, buyer, months, by, .. } = tender;
    let lang = untrack(lang);
    let t = &lang.t().khata;
    let buyer_line = move || {
        let customer = app.cart.with(|cart| cart.customer);
        let named = customer.map(|customer| {
            let owes = buyer.row.get().and_then(|row| dues(lang, row.account.balance, app.currency()));
            view! { <span class="grow">{who(app, lang, customer, None)} " " {owes}</span> }
        });
        let words = if customer.is_some() { lang.t().sell.customer } else { t.choose };
        view! {
            <p class="flow" data-testid="pay-customer">
                {named}
                <button class="button tall" type="button" data-testid="pay-pick" on:click=move |_| buyer.pick.set(true)>{icon("users")} {words}</button>
            </p>
        }
    };
    let over = move || {
        let (words, may) = tender.over()?;
        let allow = Callback::new(move |()| tender.allowed.set(true));
        let ask = (!may && app.is_locked()).then(|| {
            view! { <button class="button" type="button" data-testid="over-allow" on:click=move |_| ask_pin(app, tender.asking, allow)>{icon("lock-open")} {lang.t().counter.enter}</button> }
        });
        Some(
            view! { <div class="banner" role="status" data-testid="over-limit">{icon("triangle-alert")} <p>{words}</p> {ask}</div> },
        )
    };
    let choices = MONTHS.map(|number| {
        let words = if number == 0 { t.one_day.to_owned() } else { lang.plural(t.months, number.into()) };
        (number.to_string(), words)
    });
    let chosen = Signal::derive(move || months.get().to_string());
    let day = move || {
        (months.get() == 0).then(|| {
            text_input(t.due_day, lang.t().common.optional, by, Signal::stored(None), "date", "due-day")
        })
    };
    view! {
        {live(buyer_line)}
        {live(over)}
        <div class="form two">
            <div class="field">
                <span class="label">{t.back_in}</span>
                {select(t.back_in, "", "months", choices.to_vec(), chosen, move |value| months.set(value.parse().unwrap_or_default()))}
            </div>
            {live(day)}
        </div>
    }
    .into_any()
}
