//! One piece: what it is, where it is, what became of it; its tax state out of PTA's reply; repair, photos, papers.

use super::{
    answered,
    customers::{open_name, who},
    unit_facts::Facts,
    unit_list::pta_badge,
};
use crate::{
    component::{
        Drawing, badge, banner, bdi, empty, field, icon, icon_as, list_card, live, money, page_head, sheet,
        toasts,
    },
    i18n::{Lang, lang},
};
use dukandar_app::{
    plain::units::{condition_index, due_words, known_words, place_words, pta_words, step_words},
    state::{AppState, Asked, Problem, app},
};
use dukandar_core::{
    id::{CustomerId, DocumentId, UnitId},
    insight::unit::{Piece, UnitAsk, UnitLine, UnitStory, UnitsAnswer},
    money::Currency,
    record::{RepairStep, pta},
    table::unit::Happened,
    task::{Answer, Task},
};
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;

/// The piece whose id stands in the address, and what is known of it.
pub fn asked(app: AppState) -> (Memo<Option<UnitId>>, ReadSignal<Asked>) {
    let params = use_params_map();
    let id =
        Memo::new(move |_| params.with(|params| params.get("id")).and_then(|id| id.parse::<UnitId>().ok()));
    let asked = app.ask(move || {
        Some(Task::Units { shop: app.shop.get(), ask: UnitAsk::One(id.get()?), today: app.today() })
    });
    (id, asked)
}

/// The page.
pub fn unit() -> impl IntoView {
    let app = app();
    let (id, asked) = asked(app);
    let person = move || {
        asked.with(|asked| match asked.answer() {
            Some(Answer::Units(found)) => found.one.as_ref()?.steps.iter().rev().find_map(|step| step.person),
            _ => None,
        })
    };
    open_name(app, person);
    let changing = RwSignal::new(false);
    let now = RwSignal::new(None::<Piece>);
    let body = answered(asked, 8, move |answer, _| {
        let lang = lang();
        let Answer::Units(found) = answer else { return None };
        let Some((line, story)) = found.units.first().zip(found.one.as_ref()) else {
            let back = view! { <a class="button primary" href="/stock">{lang.t().stock.title}</a> };
            return Some(view! { <div class="card">{empty(Drawing::Shelf, lang.t().trouble.not_here, "", back.into_any())}</div> }.into_any());
        };
        now.set(Some(line.unit.clone()));
        Some(shown(app, lang, found, line, story, changing))
    });
    let title = Signal::derive(|| lang().t().units.change.to_owned());
    let form = move || match now.get_untracked() {
        Some(piece) => change_form(app, changing, piece),
        None => ().into_any(),
    };
    view! {
        {body}
        {photos(app, id)}
        {sheet(changing, title, "change-unit", form)}
    }
}

/// A fact and its value.
fn pair(label: &'static str, value: AnyView) -> AnyView {
    view! { <li class="row"><span class="name">{label}</span><span class="end">{value}</span></li> }
        .into_any()
}

fn shown(
    app: AppState,
    lang: Lang,
    found: &UnitsAnswer,
    line: &UnitLine,
    story: &UnitStory,
    changing: RwSignal<bool>,
) -> AnyView {
    let t = &lang.t().units;
    let unit = &line.unit;
    let job = story.steps.iter().rev().find(|step| step.what == Happened::RepairIn).map(|step| step.document);
    let paper = story.trade.is_some().then(|| {
        view! { <a class="button" href=format!("/units/{}/paper", unit.id) data-testid="unit-paper">{icon("file-text")} {t.paper}</a> }
    });
    let actions = view! {
        {paper}
        {repair(app, lang, line, job)}
        <button class="button primary" type="button" data-testid="unit-change" aria-haspopup="dialog" on:click=move |_| changing.set(true)>{icon("pencil")} {t.change}</button>
    };
    let twice = story.sold_twice.then(|| banner("warn", "triangle-alert", t.twice, ().into_any()));
    let same = story.same.iter().map(|other| {
        let link = view! { <a class="button" href=format!("/units/{}", other.unit.id)>{icon_as("arrow-right", "icon way")} {other.name.clone()}</a> };
        let words = format!("{} {}", t.same, known_words(lang, &other.unit.codes(), other));
        banner("warn", "triangle-alert", words, link.into_any())
    });
    view! {
        <a class="chip" href=format!("/stock/{}", unit.product)>{icon_as("arrow-left", "icon way")} <span dir="auto">{line.name.clone()}</span></a>
        {page_head(line.name.clone(), format!("IMEI {}", unit.codes()), actions.into_any())}
        {twice}
        {same.collect_view()}
        <div class="split">
            {list_card("unit-facts", t.title, ().into_any(), facts(app, lang, found.currency, line))}
            {history(app, lang, found.currency, story)}
        </div>
    }
    .into_any()
}

fn facts(app: AppState, lang: Lang, currency: Currency, line: &UnitLine) -> Vec<AnyView> {
    let t = &lang.t().units;
    let unit = &line.unit;
    let repair = line.in_repair.then(|| badge("warn", "settings", t.in_repair));
    let buyer =
        line.sale.as_ref().and_then(|sale| sale.customer).map(|customer| who(app, lang, customer, None));
    let words = place_words(lang, line);
    let place = match &line.sale {
        Some(sale) => view! { <a href=format!("/sales/{}", sale.id)>{words}</a> }.into_any(),
        None => view! { <span>{words}</span> }.into_any(),
    };
    let place = view! { <span class="flow" data-testid="unit-place">{place} {buyer} {repair}</span> };
    let mut all = vec![
        pair(t.place, place.into_any()),
        pair(
            t.pta_state,
            view! { <span data-testid="unit-pta">{pta_badge(lang, unit.pta)}</span> }.into_any(),
        ),
        pair(t.condition, view! { <span>{t.conditions[condition_index(unit.condition)]}</span> }.into_any()),
    ];
    if let Some((day, days)) = unit.pta_deadline.zip(line.days_left) {
        let left = badge(if days < 0 { "bad" } else { "warn" }, "clock", due_words(lang, days));
        all.push(pair(
            t.deadline,
            view! { <span class="flow" data-testid="unit-due">{lang.date(day)} {left}</span> }.into_any(),
        ));
    }
    if let Some(percent) = unit.battery_health_percent {
        all.push(pair(t.battery, bdi(format!("{percent}%"))));
    }
    if let Some(cost) = unit.cost {
        all.push(pair(t.cost, money(lang, cost, currency)));
    }
    match (line.sale.as_ref().and_then(|sale| sale.warranty), unit.warranty_months) {
        (Some(until), _) => all.push(pair(
            t.warranty_until,
            view! { <span data-testid="unit-warranty">{lang.date(until)}</span> }.into_any(),
        )),
        (None, Some(months)) => {
            all.push(pair(
                t.warranty,
                view! { <span>{lang.plural(t.warranty_for, months.into())}</span> }.into_any(),
            ));
        }
        (None, None) => {}
    }
    all
}

fn history(app: AppState, lang: Lang, currency: Currency, story: &UnitStory) -> AnyView {
    let rows = story.steps.iter().rev().map(|step| {
        let receipt = step.receipt.as_ref().map(|(number, sale)| {
            let number = bdi(number.clone());
            // Only a sale has a receipt to open.
            match step.what {
                Happened::Sold => view! { <a href=format!("/sales/{sale}")>{number}</a> }.into_any(),
                _ => number,
            }
        });
        let person = step.person.map(|person| who(app, lang, person, None));
        let amount = step.amount.map(|amount| money(lang, amount, currency));
        view! {
            <li class="row" data-testid="unit-step">
                <span class="name">{step_words(lang, step)} " " {receipt}</span>
                <span class="end">{amount}</span>
                <span class="sub">{lang.date(step.day)} " · " <span dir="auto">{step.shop.clone()}</span> " " {person}</span>
            </li>
        }
        .into_any()
    });
    list_card("unit-history", lang.t().units.history, ().into_any(), rows)
}

/// Into repair, and back.
fn repair(app: AppState, lang: Lang, line: &UnitLine, job: Option<DocumentId>) -> AnyView {
    let t = &lang.t().units;
    let (id, in_repair) = (line.unit.id, line.in_repair);
    let customer: Option<CustomerId> = line.sale.as_ref().and_then(|sale| sale.customer);
    let (words, step) =
        if in_repair { (t.repair_out, RepairStep::Delivered) } else { (t.repair_in, RepairStep::Received) };
    let act = move |_| {
        spawn_local(async move {
            say(lang, app.repair_unit(job.filter(|_| in_repair), id, customer, step).await);
        });
    };
    view! { <button class="button" type="button" data-testid="unit-repair" on:click=act>{icon("settings")} {words}</button> }
        .into_any()
}

fn say(lang: Lang, done: Result<(), Problem>) {
    toasts().say(match done {
        Ok(()) => lang.t().units.changed.to_owned(),
        Err(problem) => lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)]),
    });
}

/// How the piece is now: by hand, and out of the reply of 8484.
fn change_form(app: AppState, open: RwSignal<bool>, piece: Piece) -> AnyView {
    let lang = untrack(lang);
    let t = &lang.t().units;
    let facts = Facts::of(&piece, untrack(|| app.today()));
    let said = RwSignal::new(None::<String>);
    let own: Vec<String> = [&piece.imei1, &piece.imei2].into_iter().flatten().cloned().collect();
    let heard = move |event: ev::Event| {
        let reply = pta::reply(&event_target_value(&event));
        let other = !reply.imeis.is_empty() && !reply.imeis.iter().any(|imei| own.contains(imei));
        said.set(Some(match reply.state {
            _ if other => t.reply_other.to_owned(),
            Some(state) => {
                facts.set_pta(state);
                lang.fill(t.reply_read, &[pta_words(lang, state)])
            }
            None => t.reply_none.to_owned(),
        }));
    };
    let area = field(t.reply, t.reply_help, Signal::stored(None), |id, about| {
        view! { <textarea class="input" id=id rows="2" dir="auto" data-testid="pta-reply" aria-describedby=about on:input=heard></textarea> }
            .into_any()
    });
    let heard_words = move || view! { <p class="fine" role="status" data-testid="pta-read">{said.get()}</p> };
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(piece) = facts.put(piece.clone()) else { return };
        open.set(false);
        spawn_local(async move { say(lang, app.change_unit(piece).await) });
    };
    view! {
        <form class="sheet-body" on:submit=on_submit>
            {area}
            {live(heard_words)}
            {facts.fields(false)}
            <button class="button primary tall" type="submit" data-testid="save">{icon("check")} {lang.t().common.save}</button>
        </form>
    }
    .into_any()
}

/// Photos that lie on this device.
fn photos(app: AppState, id: Memo<Option<UnitId>>) -> AnyView {
    let held = RwSignal::new(Vec::<String>::new());
    crate::component::watch(move || {
        app.version.track();
        let (Some(id), true) = (id.get(), app.boot.get() == dukandar_app::state::Boot::Ready) else { return };
        spawn_local(async move {
            // Without its worker no photo opens; the trouble shows elsewhere.
            if let Ok(photos) = app.photos(id).await {
                held.set(photos);
            }
        });
    });
    live(move || {
        let lang = lang();
        let t = &lang.t().units;
        let photos = held.get();
        let id = id.get()?;
        let remove = move |_| {
            spawn_local(async move {
                match app.remove_photos(id).await {
                    Ok(()) => held.set(Vec::new()),
                    Err(problem) => toasts().say(lang.problem(&problem)),
                }
            });
        };
        (!photos.is_empty()).then(|| {
            let pictures = photos.into_iter().map(|data| view! { <img class="photo" src=data alt=t.photos data-testid="unit-photo"/> });
            view! {
                <section class="card stack">
                    <h2>{t.photos}</h2>
                    <p class="fine">{t.photos_help}</p>
                    <div class="flow">{pictures.collect_view()}</div>
                    <button class="button" type="button" on:click=remove>{icon("trash-2")} {t.photo_remove}</button>
                </section>
            }
        })
    })
}
