//! The bill at the till: who buys, its lines, its total.

use super::{
    bargain,
    customers::who,
    pick::dues,
    product::Subject,
    take_back::on_bill,
    unit_pick::{UnitPick, exchange_line, numbers},
};
use crate::{
    component::{Drawing, empty, icon, live, money, toasts},
    i18n::lang,
};
use dukandar_app::{
    plain::typed::parse_money,
    state::{AppState, Cart, CartLine, LineKey, Receipt},
};
use dukandar_core::{
    customer::khata::KhataRow, insight::catalog::CatalogItem, money::Paisa, quantity::Quantity,
};
use leptos::{ev, prelude::*};

/// The receipt made last on this page: it shows at once, with the names from the bill.
#[derive(Clone, Copy)]
pub struct LastReceipt(pub RwSignal<Option<Receipt>>);

/// Who buys: their khata where it is known, and the sheet to choose them.
#[derive(Clone, Copy)]
pub struct Buyer {
    /// Over all shops; none without a customer, or before it was read.
    pub row: Memo<Option<KhataRow>>,
    /// Opens the choice.
    pub pick: RwSignal<bool>,
}

/// Puts one piece on the bill.
pub fn add(app: AppState, item: &CatalogItem, price: Paisa) {
    app.cart.update(|cart| match cart.lines.iter_mut().find(|line| line.key() == (item.id, 0)) {
        Some(line) => line.scale_to(line.quantity + Quantity::pieces(1)),
        None => cart.lines.push(CartLine {
            product: item.id,
            slot: 0,
            name: item.name.clone(),
            units: Vec::new(),
            costs: Vec::new(),
            quantity: Quantity::pieces(1),
            unit_price: price,
            discount: Paisa::ZERO,
            unit_cost: item.cost,
            list: item.price,
            floor: item.floor,
            open: false,
        }),
    });
}

fn change(app: AppState, key: LineKey, how: impl FnOnce(&mut CartLine)) {
    app.cart.update(|cart| {
        if let Some(line) = cart.lines.iter_mut().find(|line| line.key() == key) {
            how(line);
        }
    });
}

/// Takes a line off; a tap brings it back.
fn remove(app: AppState, key: LineKey) {
    let taken = app.cart.try_update(|cart| {
        let index = cart.lines.iter().position(|line| line.key() == key)?;
        Some((index, cart.lines.remove(index)))
    });
    let Some((index, line)) = taken.flatten() else { return };
    let lang = untrack(lang);
    toasts().undo(lang.fill(lang.t().sell.removed, &[&line.name]), move || {
        let line = line.clone();
        app.cart.update(|cart| {
            if !cart.lines.iter().any(|other| other.key() == line.key()) {
                cart.lines.insert(index.min(cart.lines.len()), line);
            }
        });
    });
}

/// Empties the bill; a tap brings it back.
fn clear(app: AppState) {
    let before = app.cart.get_untracked();
    app.cart.update(|cart| cart.lines.clear());
    toasts().undo(untrack(lang).t().sell.cleared, move || {
        if app.cart.with_untracked(|cart| cart.is_empty()) {
            app.cart.set(before.clone());
        }
    });
}

/// What is to be paid.
pub fn total(app: AppState) -> Paisa {
    // A sum beyond 64 bits of paisa cannot be typed; selling refuses it in words.
    app.cart.with(|cart| cart.total()).unwrap_or_default()
}

/// Another price of a line, as it was typed. What is no amount is said, and the field shows again the price that counts;
/// giving goods for nothing is said too, with a way back.
fn reprice(app: AppState, key: LineKey, name: &str, typed: &str) {
    let lang = untrack(lang);
    let Some(price) = parse_money(typed) else {
        toasts().say(format!("{name}: {}", lang.t().stock.bad_number));
        return app.cart.update(|_| ());
    };
    let find = |cart: &Cart| cart.lines.iter().find(|line| line.key() == key).cloned();
    let before = app.cart.with_untracked(find);
    change(app, key, |line| line.reprice(price));
    if price == Paisa::ZERO
        && let Some(before) = before
    {
        toasts().undo(lang.fill(lang.t().mistake.free, &[name]), move || {
            change(app, key, |line| {
                line.reprice(before.unit_price);
                line.discount = if line.quantity == before.quantity { before.discount } else { Paisa::ZERO };
            });
        });
    }
}

fn line(app: AppState, key: LineKey) -> AnyView {
    let read = move || app.cart.with(|cart| cart.lines.iter().find(|line| line.key() == key).cloned());
    let name = untrack(read).map(|line| line.name).unwrap_or_default();
    let words = {
        let name = name.clone();
        move |of: &'static str| lang().fill(of, &[&name])
    };
    let of_line = name.clone();
    let (more, less, price) = (words.clone(), words.clone(), words);
    let step_down = move |_| {
        if untrack(read).is_some_and(|line| line.quantity.0 <= 1_000) {
            remove(app, key);
        } else {
            change(app, key, CartLine::less);
        }
    };
    // One more of a line whose pieces are told apart: which one is asked.
    let pick = use_context::<UnitPick>();
    let step_up = move |_| match (pick, untrack(read)) {
        (Some(UnitPick(pick)), Some(line)) if !line.units.is_empty() => pick.set(Some(Subject {
            id: key.0,
            name: line.name,
            price: Some(line.unit_price),
            on_hand: None,
            cost: line.unit_cost,
            floor: line.floor,
        })),
        _ => change(app, key, |line| line.scale_to(line.quantity + Quantity::pieces(1))),
    };
    let set_price = {
        let name = name.clone();
        move |event: ev::Event| reprice(app, key, &name, &event_target_value(&event))
    };
    // A tap on the price is meant to replace it.
    let select_all = |event: ev::FocusEvent| event_target::<web_sys::HtmlInputElement>(&event).select();
    let amount =
        move || read().and_then(|line| line.amount()).map(|amount| money(lang(), amount, app.currency()));
    view! {
        <li class="line" data-testid="cart-line">
            <span class="name">{name} {numbers(app, move || read().map(|line| line.units).unwrap_or_default())}</span>
            <span class="amount">{amount}</span>
            <input
                class="input number"
                inputmode="decimal"
                dir="ltr"
                aria-label=move || price(lang().t().sell.price_of)
                prop:value=move || read().map(|line| lang().amount(line.unit_price)).unwrap_or_default()
                on:focus=select_all
                on:change=set_price
            />
            <span class="stepper">
                <button type="button" aria-label=move || less(lang().t().sell.less_of) on:click=step_down>{icon("minus")}</button>
                <output>{move || read().map(|line| lang().quantity(line.quantity)).unwrap_or_default()}</output>
                <button type="button" aria-label=move || more(lang().t().sell.more_of) on:click=step_up>
                    {icon("plus")}
                </button>
            </span>
            {bargain::discount_button(app, key, of_line)}
            {bargain::line_notes(app, key)}
        </li>
    }
    .into_any()
}

/// The lines, or that there are none yet.
pub fn lines(app: AppState, buyer: Buyer) -> AnyView {
    let is_empty = Memo::new(move |_| app.cart.with(|cart| cart.is_empty()));
    let keys = move || app.cart.with(|cart| cart.lines.iter().map(CartLine::key).collect::<Vec<_>>());
    let list = move || {
        if is_empty.get() {
            let t = &lang().t().sell;
            empty(Drawing::Counter, t.cart_empty, t.cart_empty_help, ().into_any())
        } else {
            view! {
                <ul class="list">
                    <For each=keys key=|key| *key children=move |key| line(app, key)/>
                </ul>
            }
            .into_any()
        }
    };
    view! { <div class="lines">{customer(app, buyer)}{super::visits::offers(app)}{list}</div> }.into_any()
}

/// Who buys and what they owe, with a way back to nobody; else the way to choose.
fn customer(app: AppState, buyer: Buyer) -> AnyView {
    let shown = move || {
        let lang = lang();
        let Some(customer) = app.cart.with(|cart| cart.customer) else {
            return view! {
                <button class="row" type="button" data-testid="bill-pick" aria-haspopup="dialog" on:click=move |_| buyer.pick.set(true)>
                    <span class="flow muted">{icon("users")} {lang.t().khata.choose}</span>
                </button>
            }
            .into_any();
        };
        let nobody = move |_| app.cart.update(|cart| cart.customer = None);
        let owes = move || buyer.row.get().and_then(|row| dues(lang, row.account.balance, app.currency()));
        view! {
            <p class="flow pad" data-testid="bill-customer">
                {icon("users")}
                <span class="grow"><span class="fine">{lang.t().sell.customer}</span> " " {who(app, lang, customer, None)} " " {owes}</span>
                <button class="button quiet square" type="button" aria-label=lang.t().sell.no_customer on:click=nobody>{icon("x")}</button>
            </p>
        }
        .into_any()
    };
    live(shown)
}

/// Total and the one button that matters.
pub fn foot(app: AppState, pay: Callback<()>) -> AnyView {
    let is_empty = Memo::new(move |_| app.cart.with(|cart| cart.is_empty()));
    let amount = move || money(lang(), total(app), app.currency());
    view! {
        <div class="bill-foot">
            {bargain::total_button(view! { <b data-testid="cart-total">{amount}</b> }.into_any())}
            {bargain::guard(app)}
            {on_bill(app)}
            {exchange_line(app)}
            <button class="button primary tall wide" type="button" data-testid="charge" disabled=move || is_empty.get() on:click=move |_| pay.run(())>
                {icon("banknote")} {move || lang().t().sell.charge}
            </button>
            <button class="button quiet" type="button" disabled=move || is_empty.get() on:click=move |_| clear(app)>
                {icon("trash-2")} {move || lang().t().sell.clear_cart}
            </button>
        </div>
    }
    .into_any()
}
