//! The opening day: what the books begin with, step by step in any order, and the sums to hold against the paper.

use super::{answered, day, day_forms, opening_forms};
use crate::{
    component::{Change, Figure, badge, figures, icon, page_head, sheet_about, toasts},
    i18n::{Lang, lang},
};
use dukandar_app::state::{AppState, Asked, OpeningStep, app};
use dukandar_core::{
    import::paste::PasteKind,
    insight::{catalog::Catalog, opening::OpeningAnswer},
    task::{Answer, Task},
};
use leptos::{prelude::*, task::spawn_local};
use std::sync::Arc;

/// What is being entered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A list.
    List(PasteKind),
    /// Phones by IMEI.
    Phones,
    /// The drawer and the balances.
    Drawer,
}

/// The steps in the order of their words.
const STEPS: [Form; 5] = [
    Form::List(PasteKind::Goods),
    Form::Phones,
    Form::List(PasteKind::Dues),
    Form::List(PasteKind::Suppliers),
    Form::Drawer,
];
/// Names for tests and links.
const NAMES: [&str; 5] = ["step-goods", "step-phones", "step-dues", "step-bills", "step-drawer"];

/// The step's place among the words.
pub fn place(form: Form) -> usize {
    STEPS.iter().position(|step| *step == form).unwrap_or_default()
}

/// What the forms hold a list against.
#[derive(Clone, Copy)]
pub struct Known {
    /// What the books began with.
    pub opening: RwSignal<Option<Arc<OpeningAnswer>>>,
    /// The products.
    pub catalog: RwSignal<Option<Arc<Catalog>>>,
}

/// Asks for what a shop's books began with.
pub fn ask(app: AppState, wanted: impl Fn() -> bool + 'static) -> ReadSignal<Asked> {
    app.ask(move || {
        wanted().then(|| app.writing_shop()).flatten().map(|shop| Task::Opening { shop: shop.id })
    })
}

/// The page.
pub fn opening() -> AnyView {
    let app = app();
    let form = RwSignal::new(None::<Form>);
    let known = Known { opening: RwSignal::new(None), catalog: RwSignal::new(None) };
    let asked = ask(app, || true);
    let catalog = app.ask(move || {
        Some(Task::Catalog { shop: app.writing_shop().map(|shop| shop.id), now: app.now.get() })
    });
    let drawer = app.ask(move || Some(Task::Day { shop: app.writing_shop()?.id, now: app.now.get() }));
    crate::component::watch(move || {
        asked.with(|asked| {
            if let Some(Answer::Opening(opening)) = asked.answer() {
                let sealed = opening.dues.iter().filter_map(|due| Some((due.customer, due.person.clone()?)));
                app.open_names(sealed.collect());
                known.opening.set(Some(Arc::new(opening.as_ref().clone())));
            }
        });
    });
    crate::component::watch(move || {
        catalog.with(|asked| {
            if let Some(Answer::Catalog(catalog)) = asked.answer() {
                known.catalog.set(Some(Arc::new(catalog.clone())));
            }
        });
    });
    let head = move || page_head(lang().t().opening.title, lang().t().opening.about, ().into_any());
    let shown = answered(asked, 10, move |answer, _| match answer {
        Answer::Opening(opening) => Some(page(app, lang(), opening, form)),
        _ => None,
    });
    let title = |form: &Form| match form {
        Form::Drawer => lang().t().day.open.to_owned(),
        form => lang().t().opening.steps[place(*form)].to_owned(),
    };
    let body = move |open, form| match form {
        Form::List(kind) => opening_forms::list(app, known, open, kind),
        Form::Phones => opening_forms::phones(app, known, open),
        Form::Drawer => day_forms::form(app, drawer, open, day::Form::Count { opening: true }),
    };
    view! { {head} {shown} {sheet_about(form, title, "opening-form", body)} }.into_any()
}

fn page(app: AppState, lang: Lang, opening: &OpeningAnswer, form: RwSignal<Option<Form>>) -> AnyView {
    let cards = STEPS.into_iter().map(|step| card(app, lang, opening, step, form));
    view! {
        {figures(totals(lang, opening))}
        <div class="stack">{cards.collect_view()}</div>
        {end(app, lang, opening)}
    }
    .into_any()
}

fn totals(lang: Lang, opening: &OpeningAnswer) -> Vec<Figure> {
    let t = &lang.t().opening;
    let money = |amount| lang.money(amount, opening.currency);
    let totals = opening.totals;
    let figure = |place: usize, value, change, id| Figure { label: t.totals[place], value, change, id };
    let below = if totals.without_cost > 0 {
        Change { tone: "warn", icon: Some("info"), text: lang.plural(t.without_cost, totals.without_cost) }
    } else {
        Change::plain(lang.fill(t.pieces.other, &[&lang.quantity(totals.pieces)]))
    };
    let entries = |count: usize| Some(Change::plain(lang.plural(t.people, count as u64)));
    let cash = opening.cash.map_or("–".to_owned(), |(_, amount)| money(amount));
    vec![
        figure(0, money(totals.at_cost), Some(below), "opening-stock"),
        figure(1, money(totals.dues), entries(opening.dues.len()), "opening-dues"),
        figure(2, money(totals.bills), entries(opening.bills.len()), "opening-bills"),
        figure(3, cash, None, "opening-cash"),
    ]
}

/// What of a step is in the books, in words.
fn standing(lang: Lang, opening: &OpeningAnswer, step: Form) -> Option<String> {
    let t = &lang.t().opening;
    let money = |amount| lang.money(amount, opening.currency);
    let lines = |tracked: bool| opening.stock.iter().filter(move |it| it.units.is_empty() != tracked);
    let pieces = |tracked| lines(tracked).map(|it| it.quantity).sum();
    match step {
        Form::List(PasteKind::Goods) => (lines(false).next().is_some())
            .then(|| lang.fill(t.pieces.other, &[&lang.quantity(pieces(false))])),
        Form::Phones => {
            (lines(true).next().is_some()).then(|| lang.fill(t.phones.other, &[&lang.quantity(pieces(true))]))
        }
        Form::List(PasteKind::Dues) => (!opening.dues.is_empty()).then(|| money(opening.totals.dues)),
        Form::List(PasteKind::Suppliers) => (!opening.bills.is_empty()).then(|| money(opening.totals.bills)),
        Form::Drawer => opening.cash.map(|(_, amount)| money(amount)),
    }
}

fn card(
    app: AppState,
    lang: Lang,
    opening: &OpeningAnswer,
    step: Form,
    form: RwSignal<Option<Form>>,
) -> AnyView {
    let t = &lang.t().opening;
    let place = place(step);
    let standing = standing(lang, opening, step);
    let is_begun = standing.is_some();
    let mark = match standing {
        Some(words) => badge("good", "check", words),
        None => badge("", "clock", t.not_yet),
    };
    let words = match (step, is_begun) {
        (Form::Drawer, true) => t.count_again,
        (_, true) => t.enter_more,
        (_, false) => t.enter,
    };
    let whole = match step {
        Form::List(PasteKind::Goods) | Form::Phones => Some(OpeningStep::Stock),
        Form::List(PasteKind::Dues) => Some(OpeningStep::Dues),
        Form::List(PasteKind::Suppliers) => Some(OpeningStep::Bills),
        // A count is answered by another count.
        Form::Drawer => None,
    };
    let part = part(opening, step);
    let back = whole.filter(|_| is_begun).map(|whole| {
        let label = format!("{}: {}", t.take_back, t.steps[place]);
        let take = move |_| {
            let part = part.clone();
            spawn_local(async move {
                let said = match app.take_opening_back(&part, whole).await {
                    Ok(()) => lang.t().opening.taken_back.to_owned(),
                    Err(problem) => lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)]),
                };
                toasts().say(said);
            });
        };
        view! { <button class="button quiet" type="button" data-testid="take-back" aria-label=label on:click=take>{icon("undo-2")} {t.take_back}</button> }
    });
    let label = format!("{words}: {}", t.steps[place]);
    view! {
        <section class="card flow" data-testid=NAMES[place]>
            <div class="grow">
                <h2>{t.steps[place]}</h2>
                <p class="fine">{t.asks[place]}</p>
                <p>{mark}</p>
            </div>
            {back}
            <button class="button" type="button" data-testid="enter" aria-label=label on:click=move |_| form.set(Some(step))>{icon("plus")} {words}</button>
        </section>
    }
    .into_any()
}

/// What taking this very step back is about: goods without phones, or phones without goods.
fn part(opening: &OpeningAnswer, step: Form) -> OpeningAnswer {
    let mut part = opening.clone();
    match step {
        Form::List(PasteKind::Goods) => part.stock.retain(|it| it.units.is_empty()),
        Form::Phones => part.stock.retain(|it| !it.units.is_empty()),
        _ => {}
    }
    part
}

/// The word that all is entered, and back.
fn end(app: AppState, lang: Lang, opening: &OpeningAnswer) -> AnyView {
    let t = &lang.t().opening;
    let (shop, done) = (opening.shop, opening.done);
    let say = move |_| {
        spawn_local(async move {
            if let Err(problem) = app.opening_done(shop, !done).await {
                toasts().say(lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)]));
            }
        });
    };
    let (class, words) = if done { ("button", t.reopen) } else { ("button primary tall", t.done) };
    let mark = done
        .then(|| view! { <p data-testid="opening-is-done">{badge("good", "circle-check", t.is_done)}</p> });
    view! {
        <section class="card flow" data-testid="opening-end">
            <div class="grow stack">{mark}<p class="fine">{t.done_help}</p></div>
            <button class=class type="button" data-testid="opening-done" on:click=say>{icon("check")} {words}</button>
        </section>
    }
    .into_any()
}
