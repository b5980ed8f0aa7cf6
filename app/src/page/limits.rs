//! The shop's limits on orders: room, and suppliers' least orders. Kept on the device.

use crate::{
    component::{field, sheet, toasts},
    i18n::lang,
};
use dukandar_app::{
    plain::typed::{parse_money, parse_pieces},
    state::AppState,
};
use dukandar_core::{
    id::{ShopId, SupplierId},
    inventory::plan::limits::Limits,
    money::Paisa,
};
use gloo::storage::{LocalStorage, Storage};
use leptos::prelude::*;

fn key(shop: Option<ShopId>) -> String {
    format!("dukandar.limits.{}", shop.map_or_else(|| "all".to_owned(), |shop| shop.to_string()))
}

/// What was kept for a shop.
pub fn kept(shop: Option<ShopId>) -> Limits {
    LocalStorage::get(key(shop)).unwrap_or_default()
}

/// The sheet.
pub fn limits_sheet(
    app: AppState,
    open: RwSignal<bool>,
    limits: RwSignal<Limits>,
    suppliers: RwSignal<Vec<(SupplierId, String)>>,
) -> AnyView {
    let title = Signal::derive(|| lang().plan().limits.to_owned());
    sheet(open, title, "limits-sheet", move || form(app, open, limits, suppliers.get_untracked()))
}

fn form(
    app: AppState,
    open: RwSignal<bool>,
    limits: RwSignal<Limits>,
    suppliers: Vec<(SupplierId, String)>,
) -> AnyView {
    let lang = untrack(lang);
    let (t, now) = (lang.plan(), limits.get_untracked());
    let of = |supplier: SupplierId| now.supplier_minimums.iter().find(|it| it.0 == supplier).map(|it| it.1);
    let room = RwSignal::new(now.storage_capacity.map(|room| room.to_string()).unwrap_or_default());
    let typed: Vec<(SupplierId, String, RwSignal<String>)> = suppliers
        .into_iter()
        .map(|(id, name)| {
            let text = of(id).map(|least| (least.0 / 100).to_string()).unwrap_or_default();
            (id, name, RwSignal::new(text))
        })
        .collect();
    // Suppliers that are in no plan now keep theirs.
    let others: Vec<(SupplierId, Paisa)> =
        now.supplier_minimums.iter().filter(|it| typed.iter().all(|own| own.0 != it.0)).copied().collect();
    let input =
        |label: String, hint: &'static str, value: RwSignal<String>, name: &'static str, is_count: bool| {
            let wrong = Signal::derive(move || {
                let text = value.get();
                let fine = text.trim().is_empty()
                    || if is_count { parse_pieces(&text).is_some() } else { parse_money(&text).is_some() };
                (!fine).then(|| lang.t().stock.bad_number.to_owned())
            });
            field(label, hint, wrong, move |id, about| {
                view! {
                    <input
                        class="input number"
                        id=id
                        inputmode="decimal"
                        dir="ltr"
                        autocomplete="off"
                        data-testid=name
                        aria-describedby=about
                        prop:value=move || value.get()
                        on:input=move |event| value.set(event_target_value(&event))
                    />
                }
                .into_any()
            })
        };
    let least = typed
        .iter()
        .map(|(_, name, value)| input(name.clone(), t.minimum_hint, *value, "least-order", false));
    let least = least.collect_view();
    let none = typed.is_empty().then(|| view! { <p class="fine">{t.no_suppliers}</p> });
    let room_field = input(t.room.to_owned(), t.room_hint, room, "room", true);
    let save = move |_| {
        let text = room.get_untracked();
        let capacity =
            parse_pieces(&text).map(|pieces| (pieces.0 / 1_000).clamp(0, i64::from(u32::MAX)) as u32);
        let amount = |(id, _, value): &(SupplierId, String, RwSignal<String>)| {
            value.with_untracked(|text| parse_money(text)).filter(|it| *it > Paisa::ZERO).map(|it| (*id, it))
        };
        let bad = |text: &str, read: bool| !text.trim().is_empty() && !read;
        let is_wrong = bad(&text, capacity.is_some())
            || typed.iter().any(|it| it.2.with_untracked(|text| bad(text, parse_money(text).is_some())));
        if is_wrong {
            toasts().say(lang.t().stock.bad_number);
            return;
        }
        let mut minimums = others.clone();
        minimums.extend(typed.iter().filter_map(amount));
        let kept = Limits { max_investment: None, storage_capacity: capacity, supplier_minimums: minimums };
        // Where local storage is refused the limits live as long as the page.
        let _ = LocalStorage::set(key(app.shop.get_untracked()), &kept);
        limits.set(kept);
        open.set(false);
    };
    view! {
        <div class="sheet-body">
            <p class="fine">{t.limits_about}</p>
            {room_field}
            <h3>{t.minimums}</h3>
            {least}
            {none}
            <button class="button primary tall" type="button" data-testid="limits-save" on:click=save>{lang.t().common.save}</button>
        </div>
    }
    .into_any()
}
