//! Import: a file, what its columns hold, progress, and the counts of what came of every row.

use crate::{
    component::{Drawing, Figure, banner, bdi, empty, figures, icon, loading, page_head, select, toasts},
    i18n::{Lang, lang},
};
use dukandar_app::{
    message::{FilePreview, ImportChoices, ImportDone, Progress},
    state::{AppState, ImportState, app},
};
use dukandar_core::{
    import::{DateOrder, Field, Mapping, missing_fields},
    money::Currency,
    reject::{Reject, RejectReason},
};
use leptos::{ev, html, prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;
use std::sync::Arc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Currencies that are offered; any other shop can open in its own.
const CURRENCIES: [&str; 6] = ["PKR", "GBP", "USD", "EUR", "AED", "SAR"];
/// Rejected rows listed on the screen; all are in the download.
const LISTED: usize = 50;

/// The page.
pub fn import() -> impl IntoView {
    let app = app();
    let is_shared = use_query_map().with_untracked(|query| query.get("shared").is_some());
    if is_shared && matches!(app.import.get_untracked(), ImportState::Idle) {
        spawn_local(async move {
            if let Some(file) = shared_file().await {
                app.import_preview(file);
            }
        });
    }
    move || {
        let lang = lang();
        let t = &lang.t().import;
        let body = app.import.with(|state| match state {
            ImportState::Idle => choose(app, lang),
            ImportState::Reading { .. } => view! { <div class="card">{loading(6)}<p class="pad fine">{t.reading}</p></div> }.into_any(),
            ImportState::Preview { preview, .. } => confirm(app, lang, preview),
            ImportState::Running { progress, .. } => running(app, lang, progress),
            ImportState::Done { done, choices, .. } => result(app, lang, done, choices),
            ImportState::Failed { problem, .. } => {
                let again = view! {
                    <button class="button primary" type="button" on:click=move |_| app.import_reset()>{icon("undo-2")} {t.another}</button>
                };
                view! {
                    <div class="card" role="alert" data-testid="import-failed">
                        {empty(Drawing::Ledger, lang.t().trouble.title, lang.problem(problem), again.into_any())}
                    </div>
                }
                .into_any()
            }
        });
        let name = app.import.with(|state| match state {
            ImportState::Idle => String::new(),
            ImportState::Reading { file_name }
            | ImportState::Preview { file_name, .. }
            | ImportState::Running { file_name, .. }
            | ImportState::Done { file_name, .. }
            | ImportState::Failed { file_name, .. } => file_name.clone(),
        });
        view! { {page_head(t.title, name, ().into_any())} {body} }
    }
}

/// A file that another app shared; the service worker holds it.
async fn shared_file() -> Option<web_sys::File> {
    let response = JsFuture::from(window().fetch_with_str("/shared-file")).await.ok()?;
    let response: web_sys::Response = response.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    let name =
        response.headers().get("x-file-name").ok().flatten().unwrap_or_else(|| "shared.csv".to_owned());
    let name = js_sys::decode_uri_component(&name).map(String::from).unwrap_or(name);
    let blob = JsFuture::from(response.blob().ok()?).await.ok()?;
    web_sys::File::new_with_blob_sequence(&JsValue::from(js_sys::Array::of1(&blob)), &name).ok()
}

fn choose(app: AppState, lang: Lang) -> AnyView {
    let t = &lang.t().import;
    let over = RwSignal::new(false);
    let input = NodeRef::<html::Input>::new();
    let take = move |files: Option<web_sys::FileList>| {
        if let Some(file) = files.and_then(|files| files.get(0)) {
            app.import_preview(file);
        }
    };
    let on_drop = move |event: ev::DragEvent| {
        event.prevent_default();
        over.set(false);
        take(event.data_transfer().and_then(|dropped| dropped.files()));
    };
    view! {
        <div
            class=move || if over.get() { "drop over" } else { "drop" }
            on:dragover=move |event| { event.prevent_default(); over.set(true); }
            on:dragleave=move |_| over.set(false)
            on:drop=on_drop
        >
            {icon("upload")}
            <p class="strong from-tablet">{t.drop}</p>
            <button class="button primary tall" type="button" data-testid="choose-file" on:click=move |_| if let Some(input) = input.get_untracked() { input.click() }>
                {icon("file-text")} {t.choose}
            </button>
            <input
                class="sr"
                type="file"
                tabindex="-1"
                node_ref=input
                data-testid="import-file"
                aria-label=t.choose
                accept=".csv,.gz,.txt,.tsv,.xlsx,.xls,text/csv,application/gzip,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                on:change=move |event| take(event_target::<web_sys::HtmlInputElement>(&event).files())
            />
            <p class="fine">{t.formats}</p>
        </div>
    }
    .into_any()
}

/// What is chosen on the preview.
#[derive(Clone, Copy)]
struct Choice {
    mapping: RwSignal<Mapping>,
    currency: RwSignal<String>,
    order: RwSignal<Option<DateOrder>>,
    keep_duplicates: RwSignal<bool>,
    keep_good: RwSignal<bool>,
}

fn confirm(app: AppState, lang: Lang, preview: &Arc<FilePreview>) -> AnyView {
    let t = &lang.t().import;
    let choice = Choice {
        mapping: RwSignal::new(preview.mapping.clone()),
        currency: RwSignal::new(untrack(|| app.currency()).code().to_owned()),
        order: RwSignal::new(None),
        keep_duplicates: RwSignal::new(false),
        keep_good: RwSignal::new(true),
    };
    let missing = Memo::new(move |_| choice.mapping.with(missing_fields));
    let columns = preview
        .headers
        .iter()
        .enumerate()
        .map(|(index, header)| column(lang, choice, preview, index, header));
    let (delimiter, sheet) = (preview.delimiter, preview.sheet);
    let books = move || app.currency().code().to_owned();
    let is_other = move || choice.currency.get() != books();
    let start = move |_| {
        let Some(shop) = untrack(|| app.writing_shop()) else { return };
        let currency = Currency::try_from(choice.currency.get_untracked()).unwrap_or(shop.currency);
        let choices = ImportChoices {
            shop: shop.id,
            currency,
            zone: shop.zone,
            mapping: choice.mapping.get_untracked(),
            delimiter,
            sheet,
            date_order: choice.order.get_untracked(),
            keep_duplicates: choice.keep_duplicates.get_untracked(),
            all_or_nothing: !choice.keep_good.get_untracked(),
        };
        if currency == shop.currency {
            return app.import_start(choices);
        }
        spawn_local(async move {
            match app.change_currency(currency).await {
                Ok(()) => app.import_start(choices),
                Err(problem) => toasts().say(lang.problem(&problem)),
            }
        });
    };
    let wanted = move || {
        let missing = missing.get();
        (!missing.is_empty()).then(|| {
            let names: Vec<&str> = missing.iter().map(|&field| lang.field(field)).collect();
            banner(
                "",
                "triangle-alert",
                lang.fill(t.missing, &[&names.join(lang.t().common.comma)]),
                ().into_any(),
            )
        })
    };
    // Two currencies are never summed: empty books change theirs, others refuse.
    let other_currency = move || {
        is_other().then(|| {
            let (words, sign) = if app.has_no_sales() {
                (t.currency_turns, "info")
            } else {
                (t.currency_refused, "triangle-alert")
            };
            let words = lang.fill(words, &[&books(), &choice.currency.get()]);
            view! { <div data-testid="other-currency">{banner("", sign, words, ().into_any())}</div> }
        })
    };
    let blocked = move || !missing.with(Vec::is_empty) || (is_other() && !app.has_no_sales());
    let codes = CURRENCIES.map(|code| (code.to_owned(), code.to_owned())).to_vec();
    let orders = vec![
        (String::new(), t.date_auto.to_owned()),
        ("day".to_owned(), t.day_first.to_owned()),
        ("month".to_owned(), t.month_first.to_owned()),
    ];
    let order = Signal::derive(move || match choice.order.get() {
        None => String::new(),
        Some(DateOrder::DayFirst) => "day".to_owned(),
        Some(DateOrder::MonthFirst) => "month".to_owned(),
    });
    let set_order = move |value: String| {
        choice.order.set(match value.as_str() {
            "day" => Some(DateOrder::DayFirst),
            "month" => Some(DateOrder::MonthFirst),
            _ => None,
        });
    };
    view! {
        {sheet_choice(&preview.sheets, preview.sheet, move |sheet| app.import_sheet(sheet))}
        {error_cells(lang, &preview.errors)}
        <section class="card flush" data-testid="import-preview">
            <div class="card-head"><h2>{t.preview}</h2><span class="fine">{t.columns_help}</span></div>
            <div class="table-wrap">
                <table class="table">
                    <thead><tr><th scope="col">{t.column}</th><th scope="col" class="wide-only">{t.example}</th><th scope="col">{t.means}</th></tr></thead>
                    <tbody>{columns.collect_view()}</tbody>
                </table>
            </div>
        </section>
        <section class="card stack">
            <div class="form two">
                <div class="field"><span class="label">{t.currency}</span>{select(t.currency, "", "currency", codes, choice.currency.into(), move |code| choice.currency.set(code))}</div>
                <div class="field"><span class="label">{t.date_order}</span>{select(t.date_order, "", "date-order", orders, order, set_order)}</div>
            </div>
            {check(choice.keep_duplicates, "keep-duplicates", t.keep_duplicates, t.keep_duplicates_help)}
            {check(choice.keep_good, "keep-good", t.on_reject, t.on_reject_help)}
            {other_currency}
            {wanted}
            <div class="flow">
                <button class="button primary tall" type="button" data-testid="import-start" disabled=blocked on:click=start>
                    {icon("check")} {t.start}
                </button>
                <button class="button quiet" type="button" on:click=move |_| app.import_reset()>{lang.t().common.cancel}</button>
            </div>
        </section>
    }
    .into_any()
}

/// Which sheet of a workbook is read, where it has several.
pub fn sheet_choice(sheets: &[String], chosen: u32, choose: impl Fn(u32) + 'static) -> AnyView {
    if sheets.len() < 2 {
        return ().into_any();
    }
    let words = untrack(crate::i18n::lang).t().receive.files.sheet;
    let names = sheets.iter().enumerate().map(|(place, name)| (place.to_string(), name.clone())).collect();
    let chosen = Signal::stored(chosen.to_string());
    let choose = move |place: String| {
        if let Ok(place) = place.parse() {
            choose(place);
        }
    };
    view! { <div class="field"><span class="label">{words}</span>{select(words, "", "sheet", names, chosen, choose)}</div> }
        .into_any()
}

/// Cells of a workbook that hold an error.
pub fn error_cells(lang: Lang, errors: &[String]) -> AnyView {
    if errors.is_empty() {
        return ().into_any();
    }
    let named = errors.iter().map(|error| format!("\u{2068}{error}\u{2069}")).collect::<Vec<_>>();
    let words = lang.fill(lang.t().receive.files.errors, &[&named.join(lang.t().common.comma)]);
    view! { <div data-testid="error-cells">{banner("", "triangle-alert", words, ().into_any())}</div> }
        .into_any()
}

fn check(value: RwSignal<bool>, name: &'static str, words: &'static str, help: &'static str) -> AnyView {
    view! {
        <label class="check">
            <input type="checkbox" data-testid=name prop:checked=move || value.get() on:change=move |event| value.set(event_target_checked(&event))/>
            <span><span>{words}</span><br/><span class="fine">{help}</span></span>
        </label>
    }
    .into_any()
}

fn column(lang: Lang, choice: Choice, preview: &FilePreview, index: usize, header: &str) -> AnyView {
    let t = &lang.t().import;
    let examples: Vec<&str> = preview
        .rows
        .iter()
        .filter_map(|row| row.get(index))
        .map(String::as_str)
        .filter(|text| !text.is_empty())
        .take(2)
        .collect();
    let examples = examples.join(" · ");
    let mut choices = vec![(String::new(), t.ignore.to_owned())];
    choices.extend(Field::all().map(|field| (field.name().to_owned(), lang.field(field).to_owned())));
    let (mine, set) = (header.to_owned(), header.to_owned());
    let chosen = Signal::derive(move || {
        choice
            .mapping
            .with(|mapping| {
                mapping.iter().find(|(_, column)| **column == mine).map(|(field, _)| field.name().to_owned())
            })
            .unwrap_or_default()
    });
    let on_change = move |name: String| {
        choice.mapping.update(|mapping| {
            mapping.retain(|_, column| *column != set);
            if let Some(field) = Field::by_name(&name) {
                mapping.insert(field, set.clone());
            }
        });
    };
    view! {
        <tr>
            <th scope="row"><bdi>{header.to_owned()}</bdi><div class="narrow sub"><bdi class="wrap">{examples.clone()}</bdi></div></th>
            <td class="wide-only"><bdi class="fine wrap">{examples}</bdi></td>
            <td>{select(format!("{}: {header}", t.means), "", "column-field", choices, chosen, on_change)}</td>
        </tr>
    }
    .into_any()
}

fn running(app: AppState, lang: Lang, progress: &Progress) -> AnyView {
    let t = &lang.t().import;
    let share =
        if progress.total_bytes == 0 { 0.0 } else { progress.bytes as f64 / progress.total_bytes as f64 };
    view! {
        <section class="card stack" data-testid="import-running">
            <h2>{t.running}</h2>
            <progress class="progress" max="100" value=(share * 100.0).min(100.0) aria-label=t.running></progress>
            <p role="status">{lang.fill(t.rows_read, &[&lang.whole(progress.rows as i64)])}</p>
            <div><button class="button" type="button" data-testid="import-cancel" on:click=move |_| app.import_cancel()>{icon("x")} {lang.t().common.cancel}</button></div>
        </section>
    }
    .into_any()
}

fn result(app: AppState, lang: Lang, done: &Arc<ImportDone>, choices: &Arc<ImportChoices>) -> AnyView {
    let t = &lang.t().import;
    let import = &done.import;
    let count = |number: u64| lang.whole(number as i64);
    let rejected: u64 = import.rejected.values().sum();
    let receipts = import.segments.iter().map(|segment| segment.receipts).sum();
    let figure = |label, number, id| Figure { label, value: count(number), change: None, id };
    let mut all = vec![
        figure(t.rows_in, import.rows, "rows-in"),
        figure(t.kept, if done.already { 0 } else { import.kept }, "rows-kept"),
        figure(t.rejected, rejected, "rows-rejected"),
    ];
    if done.already {
        all.push(figure(t.already, import.kept, "rows-already"));
    } else {
        all.push(figure(t.receipts, receipts, "receipts"));
    }
    if import.rounded_prices > 0 {
        all.push(figure(t.rounded, import.rounded_prices, "rounded"));
    }
    let first = import.segments.iter().map(|segment| segment.period.from).min();
    let last = import.segments.iter().map(|segment| segment.period.to).max();
    let span = first
        .zip(last)
        .map(|(first, last)| lang.fill(t.span, &[&lang.date(first), &lang.date(last)]))
        .unwrap_or_default();
    let duplicates = import
        .rejected
        .get(&RejectReason::DuplicateRow)
        .copied()
        .filter(|&held| held > 0 && !choices.keep_duplicates);
    let again = duplicates.map(|held| {
        let choices = Arc::clone(choices);
        let keep = move |_| app.import_start(ImportChoices { keep_duplicates: true, ..choices.as_ref().clone() });
        let button = view! { <button class="button" type="button" data-testid="keep-duplicates-now" on:click=keep>{t.keep_them}</button> };
        banner("", "info", lang.fill(t.duplicates_held, &[&count(held)]), button.into_any())
    });
    let outcome = if done.already { t.nothing_new } else { t.done };
    view! {
        <div role="status" data-testid="import-done">{banner("calm", "circle-check", outcome, view! { <span>{span}</span> }.into_any())}</div>
        {figures(all)}
        {again}
        {(rejected > 0).then(|| rejects(app, lang, done, rejected))}
        <div class="flow">
            <a class="button primary" href="/" data-testid="see-today">{icon("chart-line")} {t.see_today}</a>
            <button class="button" type="button" on:click=move |_| app.import_reset()>{t.another}</button>
        </div>
    }
    .into_any()
}

fn rejects(app: AppState, lang: Lang, done: &ImportDone, total: u64) -> AnyView {
    let t = &lang.t().import;
    let by_reason = done.import.rejected.iter().filter(|(_, count)| **count > 0).map(|(reason, number)| {
        view! { <li class="row"><span>{lang.expected(*reason)}</span><span class="amount">{bdi(lang.whole(*number as i64))}</span></li> }
    });
    let listed = done.rejects.len().min(LISTED);
    let rows = done.rejects.iter().take(LISTED).map(|reject: &Reject| {
        view! {
            <tr>
                <th scope="row">{lang.place(reject)}</th>
                <td class="words">{lang.expected(reject.reason)}</td>
                <td><bdi class="wrap">{reject.found.clone()}</bdi></td>
            </tr>
        }
    });
    view! {
        <section class="card flush" data-testid="rejects">
            <div class="card-head">
                <h2>{t.rejects}</h2>
                <button class="button" type="button" data-testid="download-rejects" on:click=move |_| app.download_rejects()>{icon("download")} {t.download}</button>
            </div>
            <ul class="list">{by_reason.collect_view()}</ul>
            <details class="more pad">
                <summary>{icon("chevron-down")} {lang.fill(t.first_rejects, &[&lang.whole(listed as i64), &lang.whole(total as i64)])}</summary>
                <div class="table-wrap">
                    <table class="table tight">
                        <thead><tr><th scope="col">{t.line}</th><th scope="col">{t.why}</th><th scope="col">{t.found}</th></tr></thead>
                        <tbody>{rows.collect_view()}</tbody>
                    </table>
                </div>
            </details>
        </section>
    }
    .into_any()
}
