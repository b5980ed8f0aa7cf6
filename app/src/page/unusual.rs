//! Needs a look: what was not like the rest, most rupees first; each leads to where it can be put right, and is settled
//! here. On Today stand how many there are and the first of them.

use super::answered;
use crate::{
    component::{
        Drawing, badge, empty, icon, icon_as, list_card, live, page_head, rough, sheet_about, text_input,
        toasts,
    },
    i18n::{Lang, lang},
};
use dukandar_app::state::{AppState, app};
use dukandar_core::{
    insight::anomalies::{AnomaliesAnswer, Unusual},
    record::{Detector, SettledAs},
    role::Action,
    table::settled::SettledRow,
    task::{Answer, Task},
};
use leptos::{prelude::*, task::spawn_local};

/// Shown on Today.
const FIRST: usize = 3;

const WAYS: [SettledAs; 3] = [SettledAs::Explained, SettledAs::Mended, SettledAs::WrongAlarm];

fn question(app: AppState) -> Task {
    Task::Anomalies { shop: app.shop.get(), today: app.today() }
}

/// The page.
pub fn unusual() -> impl IntoView {
    let app = app();
    let asked = app.ask(move || Some(question(app)));
    let about = RwSignal::new(None::<Unusual>);
    let head = move || {
        let t = lang().unusual();
        page_head(t.title, t.about, ().into_any())
    };
    let shown = answered(asked, 8, move |answer, _| match answer {
        Answer::Anomalies(answer) => Some(list(app, lang(), answer, about)),
        _ => None,
    });
    view! { {head} {shown} {settling(app, about)} }
}

/// On Today: how many, and the first of them; nothing where nothing stands out. Settling is the page's, so that Today
/// need not carry it.
pub fn card(app: AppState) -> AnyView {
    let asked = app.ask(move || app.may(Action::SeeReports).then(|| question(app)));
    live(move || {
        asked.with(|asked| match asked.answer() {
            Some(Answer::Anomalies(answer)) if answer.count > 0 => Some(first(app, lang(), answer)),
            _ => None,
        })
    })
}

fn first(app: AppState, lang: Lang, answer: &AnomaliesAnswer) -> AnyView {
    let t = lang.unusual();
    let rows = answer.rows.iter().take(FIRST).map(|it| {
        let inner = inner(app, lang, answer, it);
        view! { <li><a class="act" href="/anomalies" data-testid="unusual">{inner}</a></li> }.into_any()
    });
    let beside = view! {
        <a class="flow" href="/anomalies" data-testid="unusual-all">{badge("warn", "eye", lang.whole(answer.count as i64))} {t.all}</a>
    };
    list_card("unusual-card", t.title, beside.into_any(), rows)
}

fn list(app: AppState, lang: Lang, answer: &AnomaliesAnswer, about: RwSignal<Option<Unusual>>) -> AnyView {
    let t = lang.unusual();
    let rows: Vec<AnyView> = answer.rows.iter().map(|it| row(app, lang, answer, it, about)).collect();
    let open = match rows.is_empty() {
        true => {
            view! { <div class="card">{empty(Drawing::Counter, t.none, "", ().into_any())}</div> }.into_any()
        }
        false => {
            let count = badge("warn", "eye", lang.whole(answer.count as i64));
            list_card("unusual-list", t.title, count, rows)
        }
    };
    let wrong: Vec<String> = answer
        .wrong
        .iter()
        .map(|(detector, count)| format!("{} ({})", lang.detector(*detector), lang.whole((*count).into())))
        .collect();
    let slower = (!wrong.is_empty()).then(|| {
        view! { <p class="fine" data-testid="unusual-slower">{lang.fill(t.slower, &[&wrong.join(" · ")])}</p> }
    });
    let settled = (!answer.settled.is_empty()).then(|| {
        let rows = answer.settled.iter().map(|it| gone(app, lang, it));
        list_card("unusual-settled", t.settled, ().into_any(), rows)
    });
    view! { {open} {slower} {settled} }.into_any()
}

/// What it is of: the product, the person, or the drawer's own note.
fn name(app: AppState, it: &Unusual) -> String {
    let person = it.user.filter(|_| it.product.is_none()).and_then(|user| app.member(user));
    person.map_or_else(|| it.name.clone(), |it| it.name)
}

fn row(
    app: AppState,
    lang: Lang,
    answer: &AnomaliesAnswer,
    it: &Unusual,
    about: RwSignal<Option<Unusual>>,
) -> AnyView {
    let inner = inner(app, lang, answer, it);
    let subject = it.clone();
    view! {
        <li><button class="act" type="button" data-testid="unusual" aria-haspopup="dialog" on:click=move |_| about.set(Some(subject.clone()))>{inner}</button></li>
    }
    .into_any()
}

/// What it is, its rupees, and why.
fn inner(app: AppState, lang: Lang, answer: &AnomaliesAnswer, it: &Unusual) -> AnyView {
    let t = lang.unusual();
    let several = app.shop.get().is_none() && app.shops.with(|shops| shops.len() > 1);
    let shop = app.shops.with(|shops| shops.iter().find(|row| row.id == it.shop).map(|row| row.name.clone()));
    let parts = [
        Some(lang.short_date(it.day)),
        shop.filter(|_| several),
        Some(lang.reasons(&it.reasons, answer.currency)),
    ];
    let sub = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let (kind, name) = (lang.detector(it.detector), name(app, it));
    let what = match name.is_empty() {
        true => view! { <span>{kind}</span> }.into_any(),
        false => view! { <span dir="auto">{name}</span> {badge("", place(it.detector).0, kind)} }.into_any(),
    };
    // More was sold than expected of something cheap: nothing is lost by that.
    let at_stake = (it.amount.0 != 0).then(|| {
        view! { <span class="amount">{rough(lang, it.amount, answer.currency)}<small>{t.at_stake}</small></span> }
    });
    view! {
        <span class="name">{what}</span>
        {at_stake}
        <span class="sub">{sub}</span>
        {icon_as("chevron-right", "icon way")}
    }
    .into_any()
}

fn gone(app: AppState, lang: Lang, row: &SettledRow) -> AnyView {
    let day = lang.short_date(row.at.day(app.zone()));
    let note = row.said.note.clone();
    view! {
        <li class="row" data-testid="unusual-gone">
            <span class="name">{lang.detector(row.said.detector)}</span>
            <span class="amount">{badge("", "check", lang.settled_as(row.said.settled))}</span>
            <span class="sub">{day} " " <bdi>{note}</bdi></span>
        </li>
    }
    .into_any()
}

/// Icon, and where it is looked at and put right.
fn place(detector: Detector) -> (&'static str, &'static str) {
    match detector {
        Detector::Sales => ("chart-line", "/sales"),
        Detector::Product => ("chart-column", "/stock"),
        Detector::Count | Detector::BelowZero => ("package", "/stock"),
        Detector::Price => ("tag", "/sales"),
        Detector::Discount => ("percent", "/day"),
        Detector::Closing => ("banknote", "/day"),
    }
}

fn settling(app: AppState, about: RwSignal<Option<Unusual>>) -> AnyView {
    let title = |it: &Unusual| lang().detector(it.detector).to_owned();
    sheet_about(about, title, "unusual-sheet", move |open, it| form(app, open, it))
}

fn form(app: AppState, open: RwSignal<bool>, it: Unusual) -> AnyView {
    let lang = lang();
    let t = lang.unusual();
    let currency = app.currency();
    let note = RwSignal::new(String::new());
    let failed = RwSignal::new(None::<String>);
    let href = match (place(it.detector).1, it.product, it.sale) {
        (_, _, Some(sale)) => format!("/sales/{sale}"),
        ("/stock", Some(product), _) => format!("/stock/{product}"),
        (place, ..) => place.to_owned(),
    };
    let way = t.ways[it.detector as usize];
    let name = name(app, &it);
    let heading = (!name.is_empty()).then(|| view! { <p class="strong" dir="auto">{name}</p> });
    let day = lang.long_date(it.day);
    let why = lang.reasons(&it.reasons, currency);
    let often = t.often.map(|words| {
        let tap = move |_| note.set(words.to_owned());
        view! { <button class="button quiet" type="button" data-testid="unusual-often" on:click=tap>{words}</button> }
    });
    let it = StoredValue::new(it);
    let buttons = WAYS.map(|said| {
        let settle = move |_| {
            let (it, note) = (it.get_value(), note.get_untracked());
            spawn_local(async move {
                match app.settle_unusual(&it, said, &note).await {
                    Ok(()) => {
                        open.set(false);
                        toasts().say(t.done);
                    }
                    Err(problem) => failed.set(Some(lang.problem(&problem))),
                }
            });
        };
        let (id, icon_name) = match said {
            SettledAs::Explained => ("settle-explained", "check"),
            SettledAs::Mended => ("settle-mended", "circle-check"),
            SettledAs::WrongAlarm => ("settle-wrong", "x"),
        };
        view! { <button class="button" type="button" data-testid=id on:click=settle>{icon(icon_name)} {lang.settled_as(said)}</button> }
    });
    view! {
        <div class="sheet-body stack">
            {heading}
            <p class="fine">{day}</p>
            <p data-testid="unusual-why">{why}</p>
            <div><a class="button primary" href=href data-testid="unusual-way" on:click=move |_| open.set(false)>{way} {icon_as("chevron-right", "icon way")}</a></div>
            {text_input(t.note, t.note_hint, note, failed.into(), "text", "unusual-note")}
            <div class="flow">{often.collect_view()}</div>
            <h3>{t.say}</h3>
            <div class="flow">{buttons.collect_view()}</div>
        </div>
    }
    .into_any()
}
