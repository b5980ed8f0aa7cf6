//! The agreement on a used phone, to be printed and signed by both.

use super::{
    answered,
    customers::{open_name, phones},
    unit::asked,
};
use crate::{
    component::{Drawing, bdi, empty, icon, icon_as, money},
    i18n::{Lang, lang},
};
use dukandar_app::{
    plain::units::{condition_index, pta_words},
    state::{AppState, app},
};
use dukandar_core::{insight::unit::UnitsAnswer, task::Answer};
use leptos::prelude::*;

/// The page.
pub fn unit_paper() -> impl IntoView {
    let app = app();
    let (_, asked) = asked(app);
    open_name(app, move || {
        asked.with(|asked| match asked.answer() {
            Some(Answer::Units(found)) => found.one.as_ref()?.trade.as_ref()?.seller,
            _ => None,
        })
    });
    answered(asked, 8, move |answer, _| match answer {
        Answer::Units(found) => Some(paper(app, lang(), found)),
        _ => None,
    })
}

fn pair(label: &'static str, value: AnyView) -> AnyView {
    view! { <div class="pair"><span>{label}</span><span>{value}</span></div> }.into_any()
}

fn paper(app: AppState, lang: Lang, found: &UnitsAnswer) -> AnyView {
    let t = &lang.t().units;
    let about = found.units.first().zip(found.one.as_ref());
    let Some((line, story, trade)) = about.and_then(|(line, one)| Some((line, one, one.trade.clone()?)))
    else {
        let back = view! { <a class="button primary" href="/stock">{lang.t().stock.title}</a> };
        return view! { <div class="card">{empty(Drawing::Ledger, lang.t().trouble.not_here, "", back.into_any())}</div> }.into_any();
    };
    let unit = &line.unit;
    let seller = trade.seller;
    let person = move || seller.and_then(|seller| app.person(seller));
    let name = move || person().and_then(|person| person.name).unwrap_or_else(|| "…".to_owned());
    let card = move || person().and_then(|person| person.cnic).unwrap_or_else(|| "…".to_owned());
    let phone = move || seller.map(|seller| phones(app, seller).join(", ")).unwrap_or_default();
    let check = trade.check.as_ref().map(|check| {
        let words = if check.clear { t.clear } else { t.not_clear };
        let text = format!("{} · {} · {words} {}", check.register, lang.date(check.on), check.reference);
        pair(t.check, view! { <span dir="auto">{text}</span> }.into_any())
    });
    let battery = unit.battery_health_percent.map(|percent| pair(t.battery, bdi(format!("{percent}%"))));
    // Printing is refused only where a page may not print, and then there is nothing to print on.
    let print = move |_| _ = window().print();
    view! {
        <header class="page-head no-print">
            <div>
                <a class="chip" href=format!("/units/{}", unit.id)>{icon_as("arrow-left", "icon way")} {bdi(unit.codes())}</a>
                <h1>{t.paper}</h1>
            </div>
            <div class="actions">
                <button class="button primary" type="button" on:click=print>{icon("printer")} {lang.t().receipt.print}</button>
            </div>
        </header>
        <article class="paper wide" data-testid="agreement">
            <h2>{t.paper_title}</h2>
            <p class="centre"><span dir="auto">{story.shop.clone()}</span> " · " <span dir="auto">{story.city.clone()}</span> " · " {lang.date(trade.day)}</p>
            <hr/>
            {pair(t.product, view! { <b dir="auto">{line.name.clone()}</b> }.into_any())}
            {pair("IMEI", bdi(unit.codes()))}
            {pair(t.condition, view! { <span>{t.conditions[condition_index(unit.condition)]}</span> }.into_any())}
            {pair(t.pta_state, view! { <span>{pta_words(lang, unit.pta)}</span> }.into_any())}
            {battery}
            {pair(t.value, view! { <b>{money(lang, trade.value, found.currency)}</b> }.into_any())}
            {check}
            <hr/>
            {pair(t.seller, view! { <b dir="auto">{name}</b> }.into_any())}
            {pair(t.cnic, view! { <bdi dir="ltr">{card}</bdi> }.into_any())}
            {pair(lang.t().khata.phone, view! { <bdi dir="ltr">{phone}</bdi> }.into_any())}
            {pair(t.buyer, view! { <b dir="auto">{story.shop.clone()}</b> }.into_any())}
            <hr/>
            <p>{t.paper_declares}</p>
            <div class="pair sign"><span>{t.paper_sign_seller}</span><span>{t.paper_sign_buyer}</span></div>
        </article>
    }
    .into_any()
}
