//! Bargaining at the till: loose goods, the agreed total, a discount on one line, and what a price leaves over.

use super::{
    ask_owner,
    lazy::{Counter, counter},
};
use crate::{
    component::{badge, bdi, icon, live, money, number_input, sheet, sheet_about, toasts},
    i18n::lang,
};
use dukandar_app::{
    plain::typed::{parse_money, parse_pieces},
    state::{AppState, CartLine, LineKey},
};
use dukandar_core::{
    bargain::{MOST, SpreadFault},
    insight::catalog::Catalog,
    money::Paisa,
    quantity::Quantity,
    record::OpenKind,
    role::Action,
};
use leptos::{ev, prelude::*, task::spawn_local};
use std::sync::Arc;

/// What is open at the till of all this. Found as context by the bill.
#[derive(Clone, Copy)]
pub struct Haggle {
    app: AppState,
    catalog: RwSignal<Option<Arc<Catalog>>>,
    opening: RwSignal<bool>,
    agreeing: RwSignal<bool>,
    discounting: RwSignal<Option<CartLine>>,
    asking: RwSignal<bool>,
}

impl Haggle {
    /// For the bill on this page.
    pub fn provide(app: AppState, catalog: RwSignal<Option<Arc<Catalog>>>) -> Self {
        let haggle = Self {
            app,
            catalog,
            opening: RwSignal::new(false),
            agreeing: RwSignal::new(false),
            discounting: RwSignal::new(None),
            asking: RwSignal::new(false),
        };
        provide_context(haggle);
        haggle
    }
}

/// The way to loose goods, among the till's tools.
pub fn button(haggle: Haggle) -> AnyView {
    view! {
        <button class="button" type="button" data-testid="open-item" aria-haspopup="dialog" on:click=move |_| haggle.opening.set(true)>
            {icon("package-plus")} {move || lang().t().bargain.open}
        </button>
    }
    .into_any()
}

/// Every sheet of this page, once.
pub fn sheets(haggle: Haggle) -> AnyView {
    let app = haggle.app;
    let title = Signal::derive(|| lang().t().bargain.open_title.to_owned());
    let open_item =
        sheet(haggle.opening, title, "open-item-sheet", move || counter(Counter::OpenItem(haggle)));
    let title = Signal::derive(|| lang().t().bargain.agree.to_owned());
    let agree = sheet(haggle.agreeing, title, "agree-sheet", move || counter(Counter::Agree(haggle)));
    let discount = sheet_about(
        haggle.discounting,
        |line: &CartLine| lang().fill(lang().t().bargain.discount_of, &[&line.name]),
        "discount-sheet",
        move |open, line| counter(Counter::Discount(app, open, line)),
    );
    view! { {open_item} {agree} {discount} {ask_owner::ask_sheet(app, haggle.asking)} }.into_any()
}

/// Takes what was typed, or says what is wrong with it.
type Submit = Box<dyn Fn(&str) -> Result<(), String>>;

/// One amount: asked for, checked in words, handed on.
fn amount_form(
    label: &'static str,
    hint: String,
    name: &'static str,
    value: String,
    submit: Submit,
) -> AnyView {
    let (value, wrong) = (RwSignal::new(value), RwSignal::new(None::<String>));
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        wrong.set(submit(&value.get_untracked()).err());
    };
    view! {
        <form class="sheet-body" on:submit=on_submit>
            {number_input(label, hint, value, wrong.into(), name)}
            <button class="button primary tall" type="submit" data-testid="save">{icon("check")} {untrack(lang).t().common.save}</button>
        </form>
    }
    .into_any()
}

/// The sheet that takes the agreed total.
pub fn agree_form(haggle: Haggle) -> AnyView {
    let (app, lang) = (haggle.app, untrack(lang));
    let (t, currency) = (&lang.t().bargain, untrack(|| app.currency()));
    let gross = app.cart.with_untracked(|cart| {
        cart.lines.iter().filter_map(|line| line.quantity.times(line.unit_price)).sum::<Paisa>()
    });
    let submit = move |text: &str| {
        let total = parse_money(text).ok_or(t.nothing)?;
        match app.agree(total) {
            Ok(agreed) => {
                haggle.agreeing.set(false);
                let mut words =
                    lang.fill(t.agreed, &[&lang.money(total, currency), &lang.money(agreed.off, currency)]);
                if !agreed.crossed.is_empty() {
                    words += ". ";
                    words += &lang.fill(t.crossed, &[&agreed.crossed.join(lang.t().common.comma)]);
                }
                toasts().undo(words, move || app.restore_discounts(agreed.before.clone()));
                Ok(())
            }
            Err(SpreadFault::Above { total }) => Err(lang.fill(t.above, &[&lang.money(total, currency)])),
            Err(SpreadFault::Nothing | SpreadFault::Empty) => Err(t.nothing.to_owned()),
            Err(SpreadFault::Unsound) => Err(t.unsound.to_owned()),
        }
    };
    let hint = lang.fill(t.agree_help, &[&lang.money(gross, currency)]);
    amount_form(t.agree, hint, "agreed", String::new(), Box::new(submit))
}

/// The sheet that takes a discount on one line.
pub fn discount_form(app: AppState, open: RwSignal<bool>, line: CartLine) -> AnyView {
    let lang = untrack(lang);
    let (t, currency) = (&lang.t().bargain, untrack(|| app.currency()));
    let gross = line.quantity.times(line.unit_price).unwrap_or_default();
    let before = line.discount;
    let start = if before == Paisa::ZERO { String::new() } else { lang.amount(before) };
    let most = lang.money(gross, currency);
    let hint = lang.fill(t.discount_help, &[&most]);
    let submit = move |text: &str| {
        let off = match text.trim() {
            "" => Some(Paisa::ZERO),
            text => parse_money(text),
        };
        let off = off.filter(|off| *off <= gross).ok_or_else(|| lang.fill(t.bad_discount, &[&most]))?;
        app.restore_discounts(vec![(line.key(), off)]);
        open.set(false);
        let words = lang.fill(t.discount_said, &[&lang.money(off, currency), &line.name]);
        let key = line.key();
        toasts().undo(words, move || app.restore_discounts(vec![(key, before)]));
        Ok(())
    };
    amount_form(t.discounts, hint, "discount", start, Box::new(submit))
}

/// The sheet for loose goods.
pub fn open_form(haggle: Haggle) -> AnyView {
    let (app, lang) = (haggle.app, untrack(lang));
    let (t, currency) = (&lang.t().bargain, untrack(|| app.currency()));
    let chosen = RwSignal::new(None::<usize>);
    let (amount, pieces) = (RwSignal::new(String::new()), RwSignal::new("1".to_owned()));
    let wrong = RwSignal::new([const { None::<String> }; 3]);
    let saving = RwSignal::new(false);
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let price =
            parse_money(&amount.get_untracked()).filter(|price| *price > Paisa::ZERO && *price <= MOST);
        let count = parse_pieces(&pieces.get_untracked()).filter(|count| *count > Quantity::ZERO);
        let fits = |price: Paisa| count.is_none_or(|it| it.times(price).is_some_and(|amount| amount <= MOST));
        let price = price.filter(|price| fits(*price));
        wrong.set([
            chosen.get_untracked().is_none().then(|| t.choose_kind.to_owned()),
            price.is_none().then(|| lang.fill(t.bad_amount, &[&lang.money(MOST, currency)])),
            count.is_none().then(|| t.bad_pieces.to_owned()),
        ]);
        let (Some(at), Some(price), Some(count)) = (chosen.get_untracked(), price, count) else { return };
        if saving.get_untracked() {
            return;
        }
        saving.set(true);
        let kind = OpenKind::ALL[at];
        let is_known = haggle.catalog.with_untracked(|catalog| {
            catalog.as_ref().is_some_and(|catalog| catalog.items.iter().any(|item| item.open == Some(kind)))
        });
        spawn_local(async move {
            match app.add_open_item(kind, t.kinds[at], price, count, is_known).await {
                Ok(()) => haggle.opening.set(false),
                Err(problem) => {
                    let words = lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)]);
                    wrong.update(|wrong| wrong[1] = Some(words));
                    saving.set(false);
                }
            }
        });
    };
    let tiles = OpenKind::ALL.into_iter().enumerate().map(|(at, kind)| {
        view! {
            <button
                class="button tall"
                type="button"
                data-testid=format!("kind-{}", kind.key())
                aria-pressed=move || (chosen.get() == Some(at)).to_string()
                on:click=move |_| chosen.set(Some(at))
            >
                {t.kinds[at]}
            </button>
        }
    });
    let at = move |place: usize| Signal::derive(move || wrong.with(|wrong| wrong[place].clone()));
    let unchosen = move || {
        at(0).get().filter(|_| chosen.get().is_none()).map(|words| {
            view! { <p class="flow down" role="alert">{icon("triangle-alert")} {words}</p> }
        })
    };
    view! {
        <form class="sheet-body" on:submit=on_submit>
            <div class="quick" role="group" aria-label=t.open_title>{tiles.collect_view()}</div>
            {live(unchosen)}
            <div class="form two">
                {number_input(t.amount_of_one, "", amount, at(1), "open-amount")}
                {number_input(t.pieces, "", pieces, at(2), "open-pieces")}
            </div>
            <button class="button primary tall" type="submit" data-testid="open-put" disabled=move || saving.get()>{icon("plus")} {t.put}</button>
        </form>
    }
    .into_any()
}

/// Opens the sheet for a discount on this line.
pub fn discount_button(app: AppState, key: LineKey, name: String) -> AnyView {
    let haggle: Haggle = expect_context();
    let open = move |_| {
        let line = app.cart.with_untracked(|cart| cart.lines.iter().find(|line| line.key() == key).cloned());
        haggle.discounting.set(line);
    };
    view! {
        <button class="button square tall" type="button" data-testid="line-discount" aria-haspopup="dialog" aria-label=move || lang().fill(lang().t().bargain.discount_of, &[&name]) on:click=open>
            {icon("percent")}
        </button>
    }
    .into_any()
}

/// Below a line: what was taken off, what it leaves over, whether it is too low.
pub fn line_notes(app: AppState, key: LineKey) -> AnyView {
    live(move || {
        let line = app.cart.with(|cart| cart.lines.iter().find(|line| line.key() == key).cloned())?;
        let (lang, currency) = (lang(), app.currency());
        let t = &lang.t().bargain;
        let judged = app.judged(&line);
        let pair = |words: &'static str, amount: AnyView| view! { <span>{words} " " {amount}</span> };
        let off = (line.discount > Paisa::ZERO)
            .then(|| view! { <span data-testid="line-off">{pair(t.discounts, money(lang, -line.discount, currency))}</span> });
        let cost = line.cost();
        let code = cost.and_then(|cost| app.in_code(cost));
        let may_see = app.may(Action::SeeCost);
        // With a code word a customer who looks on reads neither cost nor margin.
        let margin = judged
            .margin
            .filter(|_| may_see)
            .map(|margin| app.in_code(margin).map_or_else(|| money(lang, margin, currency), bdi));
        let margin = margin.map(|it| view! { <span data-testid="line-margin">{pair(t.margin, it)}</span> });
        let code = code.map(|it| view! { <span data-testid="line-code">{pair(t.cost, bdi(it))}</span> });
        let low = (!judged.allowed).then(|| badge("bad", "triangle-alert", t.below_allowed));
        let loss = (judged.below_cost && may_see).then(|| badge("warn", "triangle-alert", t.below_cost));
        let is_empty = off.is_none() && margin.is_none() && code.is_none() && low.is_none() && loss.is_none();
        (!is_empty).then(|| view! { <p class="line-notes fine">{off} {code} {margin} {low} {loss}</p> })
    })
}

/// The bill's total: a tap on it types the agreed one.
pub fn total_button(amount: AnyView) -> AnyView {
    let haggle: Haggle = expect_context();
    let is_empty = Memo::new(move |_| haggle.app.cart.with(|cart| cart.is_empty()));
    view! {
        <button class="bill-total tap" type="button" data-testid="agree-open" aria-haspopup="dialog" disabled=move || is_empty.get() on:click=move |_| haggle.agreeing.set(true)>
            <span class="flow">{move || lang().t().sell.total} {icon("pencil")} <span class="sr">{move || lang().t().bargain.agree}</span></span>
            {amount}
        </button>
    }
    .into_any()
}

/// Below the total: discounts and the way back, what the bill leaves over, and what to do where it is too low.
pub fn guard(app: AppState) -> AnyView {
    let haggle: Haggle = expect_context();
    live(move || {
        let cart = app.cart.get();
        let (lang, currency) = (lang(), app.currency());
        let t = &lang.t().bargain;
        let off: Paisa = cart.lines.iter().map(|line| line.discount).sum();
        let before: Vec<(LineKey, Paisa)> =
            cart.lines.iter().map(|line| (line.key(), line.discount)).collect();
        let discounts = (off > Paisa::ZERO).then(|| {
            let back = move |_| {
                let (none, before) = (before.iter().map(|(key, _)| (*key, Paisa::ZERO)).collect(), before.clone());
                app.restore_discounts(none);
                toasts().undo(untrack(crate::i18n::lang).t().bargain.taken_off, move || app.restore_discounts(before.clone()));
            };
            view! {
                <div class="flow" data-testid="bill-off">
                    <span class="grow">{t.discounts} " " {money(lang, -off, currency)}</span>
                    <button class="button quiet" type="button" data-testid="take-off" on:click=back>{icon("undo-2")} {t.take_off}</button>
                </div>
            }
        });
        let judged: Vec<_> = cart.lines.iter().map(|line| app.judged(line)).collect();
        let known: Vec<Paisa> = judged.iter().filter_map(|it| it.margin).collect();
        let margin = (app.may(Action::SeeCost) && !known.is_empty()).then(|| {
            let sum: Paisa = known.iter().copied().sum();
            let amount = app.in_code(sum).map_or_else(|| money(lang, sum, currency), bdi);
            let others = (judged.len() > known.len())
                .then(|| lang.plural(t.unknown, (judged.len() - known.len()) as u64));
            let loss = (sum < Paisa::ZERO).then(|| badge("warn", "triangle-alert", t.below_cost));
            view! { <p class="flow fine" data-testid="bill-margin"><span>{t.margin} " " {amount}</span> {others} {loss}</p> }
        });
        let low = judged.iter().any(|it| !it.allowed).then(|| ask_owner::low(app, haggle.asking));
        view! { {discounts} {margin} {low} }
    })
}
