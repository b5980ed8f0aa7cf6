//! On Reorder, above what is to be bought: goods that another shop has too many of. Only for the owner of several shops, as
//! nobody else may write down both ends.

use crate::{
    component::{icon, list_card, live, rough, toasts},
    i18n::{Lang, lang},
};
use dukandar_app::state::AppState;
use dukandar_core::{
    id::ShopId,
    inventory::transfer::{TransferPlan, TransferSuggestion},
    role::Action,
    task::{Answer, Task},
};
use leptos::{prelude::*, task::spawn_local};

/// Rows drawn at most: they stand by rupees saved.
const SHOWN: usize = 20;

/// The card; nothing where nothing should move.
pub fn card(app: AppState) -> AnyView {
    let asked = app.ask(move || {
        let several = app.shops.with(|shops| shops.len() > 1);
        (several && app.may(Action::Administer)).then(|| Task::Transfers { today: app.today() })
    });
    live(move || {
        let shop = app.shop.get();
        asked.with(|asked| match asked.answer() {
            Some(Answer::Transfers(plan)) => list(app, lang(), plan, shop),
            _ => None,
        })
    })
}

/// Those of a shop, or all.
fn list(app: AppState, lang: Lang, plan: &TransferPlan, shop: Option<ShopId>) -> Option<AnyView> {
    let t = lang.abc();
    let here = |it: &&TransferSuggestion| shop.is_none_or(|shop| it.from == shop || it.to == shop);
    let rows: Vec<AnyView> =
        plan.transfers.iter().filter(here).take(SHOWN).map(|it| row(app, lang, plan, it)).collect();
    if rows.is_empty() {
        return None;
    }
    let more = (plan.unplanned > 0)
        .then(|| view! { <li class="pad fine">{lang.plural(t.unplanned, plan.unplanned)}</li> }.into_any());
    let about = view! { <span class="fine">{t.transfers_help}</span> };
    Some(list_card("transfers", t.transfers, about.into_any(), rows.into_iter().chain(more)))
}

fn row(app: AppState, lang: Lang, plan: &TransferPlan, it: &TransferSuggestion) -> AnyView {
    let t = lang.abc();
    let count = lang.quantity(it.quantity);
    let way = lang.fill(t.from_to, &[&count, &it.from_name, &it.to_name]);
    let mut why = vec![lang.reasons(&it.reasons, plan.currency)];
    why.extend(it.not_bought.map(|cost| lang.fill(t.not_bought, &[&lang.rough(cost, plan.currency)])));
    let label = format!("{}: {}", t.send, it.name);
    let this = it.clone();
    view! {
        <li class="stack pad" data-testid="transfer" data-to=it.to_name.clone()>
            <div class="flow">
                <span class="grow"><a class="strong" dir="auto" href=format!("/stock/{}", it.product)>{it.name.clone()}</a><br/><span>{way}</span></span>
                <span class="end"><b>{rough(lang, it.saved, plan.currency)}</b><br/><span class="fine">{t.saves}</span></span>
                <button class="button" type="button" data-testid="transfer-send" aria-label=label on:click=move |_| send(app, lang, &this)>{icon("truck")} {t.send}</button>
            </div>
            <p class="fine">{why.join(" · ")}</p>
        </li>
    }
    .into_any()
}

/// Writes the move down; a tap takes it back.
fn send(app: AppState, lang: Lang, it: &TransferSuggestion) {
    let (words, sent) =
        (lang.fill(lang.abc().sent, &[&lang.quantity(it.quantity), &it.name, &it.to_name]), it.clone());
    spawn_local(async move {
        match app.transfer(&sent).await {
            Ok(()) => toasts().undo(words, move || send_back(app, lang, &sent)),
            Err(problem) => toasts().say(lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)])),
        }
    });
}

/// The same goods the other way, as a further transfer.
fn send_back(app: AppState, lang: Lang, it: &TransferSuggestion) {
    let back = TransferSuggestion { from: it.to, to: it.from, ..it.clone() };
    spawn_local(async move {
        toasts().say(match app.transfer(&back).await {
            Ok(()) => lang.abc().sent_back.to_owned(),
            Err(problem) => lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)]),
        });
    });
}
