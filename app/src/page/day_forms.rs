//! What is entered on the Galla screen: a count of the drawer, an expense, cash, a service.

use super::day::{Form, standing, undo, verdict};
use crate::{
    component::{banner, icon, live, money, number_input, text_input, toasts},
    i18n::{Lang, lang},
};
use dukandar_app::{
    plain::{
        day::{KNOWN, typed_amount, typed_pieces},
        typed::parse_money,
    },
    state::{AppState, Asked, Counted},
};
use dukandar_core::{
    insight::day::{Act, DayAnswer},
    money::Paisa,
    record::{DENOMINATIONS, PaymentMethod, Service, ServiceKind, Wallet},
};
use leptos::{ev, prelude::*, task::spawn_local};
use std::collections::BTreeMap;

const NOTE_NAMES: [&str; 11] = [
    "count-5000",
    "count-1000",
    "count-500",
    "count-100",
    "count-75",
    "count-50",
    "count-20",
    "count-10",
    "count-5",
    "count-2",
    "count-1",
];
const WALLET_NAMES: [&str; 3] = ["balance-load", "balance-jazzcash", "balance-easypaisa"];

/// Usual expenses among [`KNOWN`]; the last one takes a name.
const EXPENSES: std::ops::Range<usize> = 0..7;
/// Cash in and out among [`KNOWN`]; from [`FIRST_OUT`] on it goes out.
const MOVEMENTS: std::ops::Range<usize> = 7..13;
const FIRST_OUT: usize = 10;
/// Those that take a name.
const NAMED: [usize; 3] = [6, 9, 12];

const KINDS: [ServiceKind; 4] =
    [ServiceKind::Easyload, ServiceKind::WalletIn, ServiceKind::WalletOut, ServiceKind::TopUp];

pub(super) type Wrong = RwSignal<Option<String>>;

/// The body of the sheet.
pub fn form(app: AppState, asked: ReadSignal<Asked>, open: RwSignal<bool>, form: Form) -> AnyView {
    let Some((day, _)) = untrack(|| standing(asked)) else { return ().into_any() };
    match form {
        Form::Count { opening } => count_form(app, asked, open, &day, opening),
        Form::Expense => entry_form(app, open, day, EXPENSES, 2),
        Form::Cash => entry_form(app, open, day, MOVEMENTS, FIRST_OUT),
        Form::Service => service_form(app, open, day),
    }
}

pub(super) fn empty() -> RwSignal<String> {
    RwSignal::new(String::new())
}

/// One of several by a tap: (value, words).
pub(super) fn choices(
    label: &'static str,
    name: &'static str,
    options: Vec<(usize, String)>,
    chosen: RwSignal<usize>,
) -> AnyView {
    let options = options.into_iter().map(|(value, words)| {
        view! {
            <label class="choice">
                <input type="radio" name=name data-testid=format!("{name}-{value}") prop:checked=move || chosen.get() == value on:change=move |_| chosen.set(value)/>
                <span>{words}</span>
            </label>
        }
    });
    view! {
        <fieldset class="field" role="radiogroup" aria-label=label>
            <span class="label">{label}</span>
            <div class="segmented">{options.collect_view()}</div>
        </fieldset>
    }
    .into_any()
}

pub(super) fn words(of: &[&'static str]) -> Vec<(usize, String)> {
    of.iter().map(|words| (*words).to_owned()).enumerate().collect()
}

/// The form around fields; `save` is called by its button and by Enter.
fn sheet_form(fields: AnyView, save: impl Fn() + 'static) -> AnyView {
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        save();
    };
    view! {
        <form class="sheet-body" on:submit=on_submit>
            {fields}
            <button class="button primary tall" type="submit" data-testid="save">{icon("check")} {lang().t().common.save}</button>
        </form>
    }
    .into_any()
}

/// What is wrong with the whole form, read aloud when it comes.
pub(super) fn wrong_line(wrong: Wrong) -> AnyView {
    live(move || {
        let words =
            wrong.get().map(|words| view! { <span class="wrong">{icon("triangle-alert")} {words}</span> });
        view! { <div class="field" role="status" data-testid="form-wrong">{words}</div> }
    })
}

fn count_form(
    app: AppState,
    asked: ReadSignal<Asked>,
    open: RwSignal<bool>,
    day: &DayAnswer,
    opening: bool,
) -> AnyView {
    let lang = lang();
    let t = &lang.t().day;
    let currency = day.currency;
    // Nothing moved since the evening: the morning's count is the evening's, most days.
    let is_same = opening && day.sums.is_empty() && !day.notes.is_empty();
    let pieces: Vec<(u32, RwSignal<String>)> = DENOMINATIONS
        .into_iter()
        .map(|note| {
            let known = day.notes.iter().find(|(known, _)| is_same && *known == note);
            (note, RwSignal::new(known.map(|(_, pieces)| pieces.to_string()).unwrap_or_default()))
        })
        .collect();
    let wrong: Wrong = RwSignal::new(None);
    let fields = pieces.iter().zip(NOTE_NAMES).map(|(&(note, value), name)| {
        let bad = Signal::derive(move || {
            value.with(|text| typed_pieces(text).is_none()).then(|| t.bad_pieces.to_owned())
        });
        number_input(lang.money(Paisa::rupees(note.into()), currency), "", value, bad, name)
    });
    let fields = fields.collect_view();
    let wallets = Wallet::ALL.map(|wallet| (wallet, empty()));
    let balances = wallets.iter().zip(WALLET_NAMES).map(|(&(wallet, value), name)| {
        let bad = Signal::derive(move || {
            value
                .with(|text| !text.trim().is_empty() && parse_money(text).is_none())
                .then(|| t.bad_amount.to_owned())
        });
        number_input(lang.wallet(wallet), "", value, bad, name)
    });
    let balances = balances.collect_view();
    let note = empty();
    // What is typed so far, or what is wrong with it.
    let typed = move || -> Result<Counted, &'static str> {
        let mut notes = BTreeMap::new();
        for (denomination, value) in &pieces {
            let pieces = value.with(|text| typed_pieces(text)).ok_or(t.bad_pieces)?;
            if pieces > 0 {
                notes.insert(*denomination, pieces);
            }
        }
        let mut floats = BTreeMap::new();
        for (wallet, value) in &wallets {
            let text = value.get();
            if !text.trim().is_empty() {
                floats.insert(*wallet, parse_money(&text).ok_or(t.bad_amount)?);
            }
        }
        let note = note.get().trim().to_owned();
        // An empty drawer is one that somebody said is empty.
        let is_counted = pieces.iter().any(|(_, value)| value.with(|text| !text.trim().is_empty()));
        is_counted.then_some(Counted { opening, notes, floats, note }).ok_or(t.no_pieces)
    };
    let typed = StoredValue::new_local(typed);
    // What was wrong goes with the next key.
    crate::component::watch(move || {
        let _ = typed.with_value(|typed| typed());
        wrong.set(None);
    });
    let sum = live(move || {
        let Some((day, _)) = standing(asked) else { return ().into_any() };
        let counted = typed.with_value(|typed| typed()).ok().map(|counted| counted.amount());
        // A first count is held against nothing.
        let known = day.base.is_some() || !opening;
        let difference = counted.filter(|_| known).map(|counted| verdict(lang, &day, counted - day.expected));
        view! {
            {known.then(|| view! { <div class="bill-total minor"><span>{t.expected}</span><b>{money(lang, day.expected, currency)}</b></div> })}
            <div class="bill-total" aria-live="polite"><span>{t.counted}</span><b data-testid="counted">{counted.map(|counted| money(lang, counted, currency))}</b></div>
            <p data-testid="count-difference">{difference}</p>
        }
        .into_any()
    });
    let save = move || {
        let counted = match untrack(|| typed.with_value(|typed| typed())) {
            Ok(counted) => counted,
            Err(what) => return wrong.set(Some(what.to_owned())),
        };
        let Some((day, false)) = untrack(|| standing(asked)) else {
            return wrong.set(Some(t.wait.to_owned()));
        };
        if !opening && let Some(closed) = day.closed() {
            let at = lang.time(closed.at, day.zone);
            return wrong.set(Some(lang.fill(t.closed, &[&at])));
        }
        spawn_local(async move {
            let amount = counted.amount();
            let done = if opening {
                lang.fill(t.day_opened, &[&lang.money(amount, currency)])
            } else {
                lang.fill(t.day_closed, &[&lang.difference(amount - day.expected, currency)])
            };
            match app.count_drawer(&day, counted).await {
                Ok(()) => {
                    open.set(false);
                    toasts().say(done);
                }
                Err(problem) => {
                    wrong.set(Some(lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)])));
                }
            }
        });
    };
    let fields = view! {
        {is_same.then(|| view! { <p class="fine">{t.same}</p> })}
        <fieldset class="stack">
            <legend class="fine">{t.notes}</legend>
            <div class="form counts">{fields}</div>
        </fieldset>
        {sum}
        <fieldset class="stack">
            <legend class="fine">{t.looked_up}</legend>
            <div class="form counts">{balances}</div>
        </fieldset>
        {text_input(t.note, "", note, Signal::stored(None), "text", "note")}
        {wrong_line(wrong)}
    };
    sheet_form(fields.into_any(), save)
}

/// Writes an act down, says so with a way back, and closes the sheet.
fn write(app: AppState, open: RwSignal<bool>, day: DayAnswer, act: Act, wrong: Wrong) {
    let lang = untrack(lang);
    spawn_local(async move {
        match app.act(day.shop, act.clone(), None).await {
            Ok(id) => {
                open.set(false);
                toasts().undo(lang.t().day.saved, undo(app, &day, id, act));
            }
            Err(problem) => {
                wrong.set(Some(lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)])))
            }
        }
    });
}

/// What is wrong with a field, until something else is typed.
fn wrong_with(value: RwSignal<String>) -> Wrong {
    let wrong: Wrong = RwSignal::new(None);
    crate::component::watch(move || {
        value.track();
        wrong.set(None);
    });
    wrong
}

/// Shows `part` only while something holds.
fn when(
    holds: impl Fn() -> bool + Send + Sync + 'static,
    part: impl Fn() -> AnyView + Send + 'static,
) -> AnyView {
    let holds = Memo::new(move |_| holds());
    live(move || holds.get().then(&part))
}

/// An expense, or cash by hand: what for, how much.
fn entry_form(
    app: AppState,
    open: RwSignal<bool>,
    day: DayAnswer,
    which: std::ops::Range<usize>,
    first: usize,
) -> AnyView {
    let lang = lang();
    let t = &lang.t().day;
    let is_expense = which == EXPENSES;
    let (chosen, paid) = (RwSignal::new(first), RwSignal::new(0));
    let (amount, name) = (empty(), empty());
    let wrong = wrong_with(amount);
    let options = which.map(|place| (place, t.known[place].to_owned())).collect();
    let named = when(
        move || NAMED.contains(&chosen.get()),
        move || text_input(t.name, "", name, Signal::stored(None), "text", "act-name"),
    );
    let save = move || {
        let Some(amount) = typed_amount(&amount.get_untracked()) else {
            return wrong.set(Some(t.bad_amount.to_owned()));
        };
        let place = chosen.get_untracked();
        let name = name.get_untracked();
        let words = match name.trim() {
            own if NAMED.contains(&place) && !own.is_empty() => own,
            _ => KNOWN[place],
        };
        let words = words.to_owned();
        let act = if is_expense {
            let paid = (paid.get_untracked() == 1).then_some(PaymentMethod::Bank);
            Act::Expense { category: words, amount, paid }
        } else {
            let amount = if place >= FIRST_OUT { -amount } else { amount };
            Act::Movement { reason: words, amount }
        };
        write(app, open, day.clone(), act, wrong);
    };
    let fields = view! {
        {choices(t.what_for, "act", options, chosen)}
        {named}
        {number_input(t.amount, "", amount, wrong.into(), "act-amount")}
        {is_expense.then(|| choices(t.paid_from, "paid", words(&t.paid), paid))}
    };
    sheet_form(fields.into_any(), save)
}

/// What is typed of a service.
#[derive(Clone, Copy)]
struct Typed {
    kind: RwSignal<usize>,
    wallet: RwSignal<usize>,
    amount: RwSignal<String>,
    commission: RwSignal<String>,
    /// 0: the customer pays the commission.
    payer: RwSignal<usize>,
    /// 1: a balance is filled up from the bank.
    paid: RwSignal<usize>,
}

impl Typed {
    fn kind(self) -> ServiceKind {
        KINDS[self.kind.get()]
    }

    /// The act, or the field that is wrong: 0 the amount, 1 the commission.
    fn act(self) -> Result<Act, usize> {
        let kind = self.kind();
        let moved = typed_amount(&self.amount.get()).ok_or(0_usize)?;
        let commission = match self.commission.get().trim() {
            "" => Paisa::ZERO,
            text => parse_money(text).filter(|commission| *commission <= moved).ok_or(1_usize)?,
        };
        let is_top_up = kind == ServiceKind::TopUp;
        let by_customer = !is_top_up && self.payer.get() == 0;
        Ok(Act::Service {
            kind,
            wallet: Some(if kind == ServiceKind::Easyload {
                Wallet::Load
            } else {
                Wallet::ALL[self.wallet.get()]
            }),
            amount: Paisa(moved.0 * kind.sign()),
            commission,
            fee: if by_customer { commission } else { Paisa::ZERO },
            paid: (is_top_up && self.paid.get() == 1).then_some(PaymentMethod::Bank),
        })
    }
}

fn service_form(app: AppState, open: RwSignal<bool>, day: DayAnswer) -> AnyView {
    let lang = lang();
    let t = &lang.t().day;
    let typed = Typed {
        kind: RwSignal::new(0),
        wallet: RwSignal::new(1),
        amount: empty(),
        commission: empty(),
        payer: RwSignal::new(1),
        paid: RwSignal::new(0),
    };
    let wrong = [wrong_with(typed.amount), wrong_with(typed.commission)];
    // Airtime's commission comes from the operator, a wallet's from the customer; either can be changed.
    crate::component::watch(move || {
        typed.payer.set(usize::from(matches!(typed.kind(), ServiceKind::Easyload | ServiceKind::TopUp)));
        typed.wallet.set(1);
    });
    let kind = Memo::new(move |_| typed.kind.get());
    let wallet = live(move || {
        // Airtime can be filled up, but nobody puts money into it or takes it out.
        let first = usize::from(KINDS[kind.get()] != ServiceKind::TopUp);
        (kind.get() > 0).then(|| choices(t.which, "wallet", words(&t.wallets).split_off(first), typed.wallet))
    });
    let payer = when(
        move || typed.kind() != ServiceKind::TopUp,
        move || choices(t.paid_by, "payer", words(&t.payer), typed.payer),
    );
    let paid = when(
        move || typed.kind() == ServiceKind::TopUp,
        move || choices(t.paid_from, "paid", words(&t.paid), typed.paid),
    );
    let known = day.clone();
    let save = move || match untrack(|| typed.act()) {
        Ok(act) => write(app, open, day.clone(), act, wrong[0]),
        Err(0) => wrong[0].set(Some(t.bad_amount.to_owned())),
        Err(_) => wrong[1].set(Some(t.bad_commission.to_owned())),
    };
    let fields = view! {
        {choices(t.service, "kind", words(&t.services), typed.kind)}
        {wallet}
        <div class="form two">
            {number_input(t.amount, "", typed.amount, wrong[0].into(), "act-amount")}
            {number_input(t.commission, "", typed.commission, wrong[1].into(), "act-commission")}
        </div>
        {payer}
        {paid}
        {live(move || effect(lang, &known, typed))}
    };
    sheet_form(fields.into_any(), save)
}

/// What the service would do, and a warning where the balance is too small for it.
fn effect(lang: Lang, day: &DayAnswer, typed: Typed) -> AnyView {
    let t = &lang.t().day;
    let Ok(Act::Service { wallet: Some(wallet), amount, commission, fee, paid, .. }) = typed.act() else {
        return ().into_any();
    };
    let (drawer, float) = Service::effect(amount, commission, fee, paid);
    let signed = |amount| lang.signed(amount, day.currency);
    let words = lang.fill(t.effect, &[&signed(drawer), lang.wallet(wallet), &signed(float)]);
    let balance = day.floats.iter().find(|it| it.wallet == wallet).and_then(|it| it.balance);
    let low = balance.map(|balance| balance + float).filter(|left| left.0 < 0 && float.0 < 0).map(|left| {
        let words = lang.fill(t.too_low, &[lang.wallet(wallet), &lang.money(left, day.currency)]);
        view! { <div data-testid="float-low">{banner("", "triangle-alert", words, ().into_any())}</div> }
    });
    view! { <p class="fine" data-testid="service-effect" dir="auto">{words}</p> {low} }.into_any()
}
