//! The sheets of the opening day: a list that is typed or pasted, with what is wrong in it, and phones by their IMEIs.

use super::{
    import::{error_cells, sheet_choice},
    opening::{Form, Known, place},
    unit_list::blank,
};
use crate::{
    component::{badge, banner, field, icon, live, number_input, text_input, toasts},
    i18n::{Lang, lang},
};
use dukandar_app::{
    message::ListText,
    plain::{imei_words::paste_fault, typed::parse_money},
    state::{AppState, OpeningGoods, Problem},
};
use dukandar_core::{
    imei::pasted,
    import::paste::{PasteKind, Pasted, PastedRow, folded, read},
    insight::{catalog::CatalogItem, unit::Piece},
    money::Paisa,
    record::{ProductFields, PtaState},
    time::Day,
};
use leptos::{ev, prelude::*, task::spawn_local};
use std::collections::BTreeMap;

/// Rows and faults drawn at once: what is beyond them is counted.
const SHOWN: usize = 100;

/// Why a row is in the books already.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Again {
    /// So many pieces of it lie on the shelf.
    OnShelf(String),
    /// The same was entered.
    Entered,
}

fn empty() -> RwSignal<String> {
    RwSignal::new(String::new())
}

/// A field of several lines; Enter begins a new one, so that a scanner fills it.
fn lines_input(
    label: &'static str,
    hint: &'static str,
    example: &'static str,
    value: RwSignal<String>,
    name: &'static str,
) -> AnyView {
    field(label, hint, Signal::stored(None), |id, about| {
        view! {
            <textarea
                class="input lines-input"
                id=id
                name=name
                rows="7"
                dir="auto"
                autocomplete="off"
                spellcheck="false"
                data-testid=name
                aria-describedby=about
                placeholder=example
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            ></textarea>
        }
        .into_any()
    })
}

/// Chooses a file whose list comes into the field, where it can be looked at and mended.
fn file_input(app: AppState, lang: Lang, text: RwSignal<String>, wrong: RwSignal<Option<String>>) -> AnyView {
    let t = &lang.t().receive.files;
    let file = RwSignal::new_local(None::<web_sys::File>);
    let read = RwSignal::new(None::<ListText>);
    let take = Callback::new(move |sheet: Option<u32>| {
        let Some(file) = file.get_untracked() else { return };
        spawn_local(async move {
            match app.list_in(file, sheet).await {
                Ok(list) => {
                    text.set(list.text.clone());
                    read.set(Some(list));
                }
                Err(problem) => {
                    read.set(None);
                    wrong.set(Some(lang.problem(&problem)));
                }
            }
        });
    });
    let choose = move |event: ev::Event| {
        let input: web_sys::HtmlInputElement = event_target(&event);
        file.set(input.files().and_then(|files| files.get(0)));
        wrong.set(None);
        take.run(None);
    };
    let input = field(t.choose, t.help, Signal::stored(None), |id, about| {
        view! {
            <input
                class="input" id=id type="file" data-testid="list-file" aria-describedby=about
                accept=".xlsx,.xls,.csv,.gz,.txt,.tsv,.pdf,text/csv,text/plain,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                on:change=choose
            />
        }
        .into_any()
    });
    let about = move || {
        let list = read.get()?;
        Some(view! {
            {sheet_choice(&list.sheets, list.chosen, move |sheet| take.run(Some(sheet)))}
            {error_cells(lang, &list.errors)}
        })
    };
    view! { {input} {live(about)} }.into_any()
}

/// The product that a row means, if the shop has it.
fn product(known: Known, row: &PastedRow) -> Option<CatalogItem> {
    let name = folded(&row.name);
    known.catalog.with(|catalog| {
        let items = &catalog.as_ref()?.items;
        let is_it = |item: &&CatalogItem| {
            folded(&item.name) == name || (!row.code.is_empty() && item.sku.eq_ignore_ascii_case(&row.code))
        };
        items.iter().find(is_it).cloned()
    })
}

/// Whether a row is in the books already.
fn again(app: AppState, lang: Lang, known: Known, kind: PasteKind, row: &PastedRow) -> Option<Again> {
    let zone = app.zone();
    match kind {
        PasteKind::Goods => {
            let item = product(known, row)?;
            match (row.quantity, item.on_hand) {
                (Some(_), Some(left)) if left.0 > 0 => Some(Again::OnShelf(lang.quantity(left))),
                (None, _) if row.price == item.price || row.price.is_none() => Some(Again::Entered),
                _ => None,
            }
        }
        PasteKind::Dues => known.opening.with(|opening| {
            let name = folded(&row.name);
            let same = opening.as_ref()?.dues.iter().any(|due| {
                let person = app.person(due.customer).unwrap_or_default();
                let is_them = person.name.as_ref().is_some_and(|known| folded(known) == name)
                    || (!row.phone.is_empty() && person.phones.contains(&row.phone));
                let day = due.entry.at.day(zone);
                is_them && due.entry.amount == row.amount && row.since.is_none_or(|since| since == day)
            });
            same.then_some(Again::Entered)
        }),
        PasteKind::Suppliers => known.opening.with(|opening| {
            let name = folded(&row.name);
            let bills = &opening.as_ref()?.bills;
            let same = bills.iter().any(|bill| folded(&bill.name) == name && bill.amount == row.amount);
            same.then_some(Again::Entered)
        }),
    }
}

/// What a row says, in words.
fn about(app: AppState, lang: Lang, row: &PastedRow) -> String {
    let currency = app.currency();
    let t = lang.t();
    let price = row.price.map(|price| format!("{} {}", t.opening.fields[4], lang.money(price, currency)));
    let cost = row.cost.map(|cost| format!("{} {}", t.opening.fields[5], lang.money(cost, currency)));
    let parts = [
        Some(row.phone.clone()).filter(|phone| !phone.is_empty()),
        row.quantity.map(|pieces| lang.fill(t.opening.pieces.other, &[&lang.quantity(pieces)])),
        price,
        cost,
        (row.amount != Paisa::ZERO).then(|| lang.signed(row.amount, currency)),
        row.since.map(|since| lang.date(since)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// What is typed so far and which rows are taken.
#[derive(Clone, Copy)]
struct Typed {
    text: RwSignal<String>,
    pasted: Memo<Pasted>,
    /// Line → taken or not, where a hand decided.
    chosen: RwSignal<BTreeMap<u32, bool>>,
    /// Whose statement it is.
    name: RwSignal<String>,
    phone: RwSignal<String>,
}

impl Typed {
    fn new(kind: PasteKind, today: Day) -> Self {
        let text = empty();
        let pasted = Memo::new(move |_| text.with(|text| read(kind, text, today)));
        Self { text, pasted, chosen: RwSignal::new(BTreeMap::new()), name: empty(), phone: empty() }
    }

    /// Whether nobody is named by a statement.
    fn needs_name(self) -> bool {
        self.pasted.with(|pasted| pasted.is_statement && pasted.rows.iter().all(|row| row.name.is_empty()))
    }

    /// A row with the name that was typed for its statement.
    fn named(self, mut row: PastedRow) -> PastedRow {
        if row.name.is_empty() && row.phone.is_empty() {
            self.name.with(|name| row.name = name.trim().to_owned());
            self.phone.with(|phone| row.phone = phone.trim().to_owned());
        }
        row
    }
}

/// A list: typed or pasted, looked at, written down.
pub fn list(app: AppState, known: Known, open: RwSignal<bool>, kind: PasteKind) -> AnyView {
    let lang = lang();
    let t = &lang.t().opening;
    let typed = Typed::new(kind, untrack(|| app.today()));
    let wrong = RwSignal::new(None::<String>);
    let saving = RwSignal::new(false);
    crate::component::watch(move || {
        typed.text.track();
        typed.chosen.set(BTreeMap::new());
        wrong.set(None);
    });
    // Every row with whether it is in the books, read once a change.
    let rows = Memo::new(move |_| {
        let rows = typed.pasted.with(|pasted| pasted.rows.clone());
        let with = rows.into_iter().map(|row| {
            let row = typed.named(row);
            let again = again(app, lang, known, kind, &row);
            (row, again)
        });
        with.collect::<Vec<_>>()
    });
    let taken = move || {
        typed.chosen.with(|chosen| {
            let is_in = |(row, again): &(PastedRow, Option<Again>)| {
                chosen.get(&row.line).copied().unwrap_or(again.is_none())
            };
            rows.with(|rows| {
                rows.iter().filter(|it| is_in(it)).map(|(row, _)| row.clone()).collect::<Vec<_>>()
            })
        })
    };
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let rows = untrack(taken);
        if untrack(|| typed.needs_name()) && typed.name.with_untracked(|name| name.trim().is_empty()) {
            return wrong.set(Some(t.need_name.to_owned()));
        }
        if rows.is_empty() || saving.get_untracked() {
            return wrong.set(Some(lang.plural(t.good, 0)));
        }
        saving.set(true);
        spawn_local(async move {
            let count = rows.len() as u64;
            let done = save(app, known, kind, rows).await;
            saving.set(false);
            match done {
                Ok(()) => {
                    toasts().say(lang.plural(t.written, count));
                    let left = typed.pasted.with_untracked(|pasted| pasted.left(&typed.text.get_untracked()));
                    // Opening an open sheet would build it anew, with nothing in it.
                    if left.is_empty() {
                        open.set(false);
                    }
                    typed.text.set(left);
                }
                Err(problem) => {
                    wrong.set(Some(lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)])));
                }
            }
        });
    };
    let statement = move || {
        typed.needs_name().then(|| {
            view! {
                <p class="strong">{t.statement}</p>
                <div class="form two">
                    {text_input(t.fields[0], "", typed.name, Signal::stored(None), "text", "statement-name")}
                    {text_input(t.fields[1], lang.t().common.optional, typed.phone, Signal::stored(None), "tel", "statement-phone")}
                </div>
            }
        })
    };
    // Typing the name must not take the focus away: only whether one is needed is watched.
    let needs_name = Memo::new(move |_| typed.needs_name());
    let statement = live(move || needs_name.get().then(|| untrack(statement)));
    let example = t.examples[match kind {
        PasteKind::Goods => 0,
        PasteKind::Dues => 1,
        PasteKind::Suppliers => 2,
    }];
    let words = move || lang.plural(t.write, taken().len() as u64);
    let idle = move || saving.get() || taken().is_empty();
    view! {
        <form class="sheet-body" on:submit=on_submit>
            <p class="fine">{t.asks[place(Form::List(kind))]}</p>
            {file_input(app, lang, typed.text, wrong)}
            {lines_input(t.list, t.list_hint, example, typed.text, "paste")}
            {statement}
            {live(move || found(lang, typed))}
            {live(move || rows_view(app, lang, typed, &rows.get()))}
            {wrong_line(wrong)}
            <button class="button primary tall" type="submit" data-testid="save" disabled=idle>{icon("check")} {words}</button>
        </form>
    }
    .into_any()
}

/// What is wrong with the whole form, read aloud when it comes.
fn wrong_line(wrong: RwSignal<Option<String>>) -> AnyView {
    live(move || {
        let words =
            wrong.get().map(|words| view! { <span class="wrong">{icon("triangle-alert")} {words}</span> });
        view! { <div class="field" role="status" data-testid="form-wrong">{words}</div> }
    })
}

/// How much of the list can be used, what the columns are, and every line that cannot be used.
fn found(lang: Lang, typed: Typed) -> AnyView {
    let t = &lang.t().opening;
    typed.pasted.with(|pasted| {
        if pasted.rows.is_empty() && pasted.faults.is_empty() {
            return ().into_any();
        }
        let good = lang.plural(t.good, pasted.rows.len() as u64);
        let bad = (!pasted.faults.is_empty())
            .then(|| badge("warn", "triangle-alert", lang.plural(t.bad, pasted.faults.len() as u64)));
        let faults = pasted.faults.iter().take(SHOWN);
        let faults = faults
            .map(|fault| view! { <li data-testid="paste-fault" dir="auto">{lang.paste_fault(fault)}</li> });
        view! {
            <p class="flow" role="status" data-testid="paste-found">{badge("good", "check", good)} {bad}</p>
            <p class="fine">{lang.paste_columns(&pasted.columns)}</p>
            <ul class="fine stack">{faults.collect_view()}</ul>
        }
        .into_any()
    })
}

fn rows_view(app: AppState, lang: Lang, typed: Typed, rows: &[(PastedRow, Option<Again>)]) -> AnyView {
    let t = &lang.t().opening;
    let again = rows.iter().any(|(_, again)| again.is_some());
    let warning = again.then(|| {
        view! { <div data-testid="paste-again">{banner("", "info", t.again_help, ().into_any())}</div> }
    });
    let row = |(row, again): &(PastedRow, Option<Again>)| {
        let line = row.line;
        let by_default = again.is_none();
        let is_in = move || typed.chosen.with(|chosen| chosen.get(&line).copied().unwrap_or(by_default));
        let choose = move |event| {
            let taken = event_target_checked(&event);
            typed.chosen.update(|chosen| _ = chosen.insert(line, taken));
        };
        let mark = again.as_ref().map(|again| match again {
            Again::OnShelf(pieces) => badge("warn", "info", lang.fill(t.on_shelf, &[pieces])),
            Again::Entered => badge("warn", "info", t.again),
        });
        let name = if row.name.is_empty() { row.phone.clone() } else { row.name.clone() };
        view! {
            <li>
                <label class="check" data-testid="paste-row">
                    <input type="checkbox" prop:checked=is_in on:change=choose/>
                    <span class="grow"><span class="strong" dir="auto">{name}</span> " " {mark}<br/><span class="fine" dir="auto">{about(app, lang, row)}</span></span>
                </label>
            </li>
        }
    };
    let shown = rows.iter().take(SHOWN).map(row);
    view! { {warning} <ul class="list">{shown.collect_view()}</ul> }.into_any()
}

async fn save(app: AppState, known: Known, kind: PasteKind, rows: Vec<PastedRow>) -> Result<(), Problem> {
    match kind {
        PasteKind::Goods => {
            let goods = rows.into_iter().map(|row| OpeningGoods {
                product: untrack(|| product(known, &row)).map(|item| item.id),
                fields: ProductFields {
                    name: Some(row.name),
                    sku: Some(row.code).filter(|code| !code.is_empty()),
                    ..ProductFields::default()
                },
                quantity: row.quantity,
                price: row.price,
                cost: row.cost,
            });
            app.take_over(goods.collect()).await
        }
        PasteKind::Dues => app.open_dues(rows).await,
        PasteKind::Suppliers => app.open_bills(rows).await,
    }
}

/// Phones of one model, each by its IMEI.
pub fn phones(app: AppState, known: Known, open: RwSignal<bool>) -> AnyView {
    let lang = lang();
    let t = &lang.t().opening;
    let (model, price, cost, text) = (empty(), empty(), empty(), empty());
    let (no_model, bad_price, bad_cost) = (RwSignal::new(None), RwSignal::new(None), RwSignal::new(None));
    let wrong = RwSignal::new(None::<String>);
    let saving = RwSignal::new(false);
    let found = Memo::new(move |_| {
        known.opening.with(|opening| {
            let known = opening.as_ref().map(|opening| opening.imeis.as_slice()).unwrap_or_default();
            text.with(|text| pasted(text, known))
        })
    });
    let count = move || found.with(|found| found.pieces.len() as u64);
    let amount = |text: RwSignal<String>, wrong: RwSignal<Option<String>>, says: &'static str| {
        let typed = text.get_untracked();
        let amount = parse_money(&typed);
        wrong.set((amount.is_none() && !typed.trim().is_empty()).then(|| says.to_owned()));
        amount
    };
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let name = model.get_untracked().trim().to_owned();
        no_model.set(name.is_empty().then(|| lang.t().stock.need_name.to_owned()));
        let (price, cost) = (amount(price, bad_price, t.expected[4]), amount(cost, bad_cost, t.expected[5]));
        let is_wrong = no_model.with_untracked(Option::is_some)
            || bad_price.with_untracked(Option::is_some)
            || bad_cost.with_untracked(Option::is_some);
        let (units, faults) = found.with_untracked(|found| (found.pieces.clone(), found.faults.clone()));
        if is_wrong || units.is_empty() || saving.get_untracked() {
            return;
        }
        let row = PastedRow { name: name.clone(), ..PastedRow::default() };
        let imei_count = if units.iter().any(|unit| unit.imei2.is_some()) { 2 } else { 1 };
        let goods = OpeningGoods {
            product: untrack(|| product(known, &row)).map(|item| item.id),
            fields: ProductFields {
                name: Some(name),
                imei_count: Some(imei_count),
                ..ProductFields::default()
            },
            quantity: None,
            price,
            cost,
        };
        // What is to be mended stays in the field.
        let left = faults.iter().map(|fault| fault.text.as_str()).collect::<Vec<_>>().join("\n");
        let one = blank(app, app.fresh_product());
        let pieces = units.into_iter().map(|unit| Piece {
            id: app.fresh_unit(),
            imei1: Some(unit.imei1),
            imei2: unit.imei2,
            pta: PtaState::Unknown,
            cost,
            ..one.clone()
        });
        let pieces: Vec<Piece> = pieces.collect();
        saving.set(true);
        spawn_local(async move {
            let count = pieces.len() as u64;
            let done = app.add_units(goods, pieces, true).await;
            saving.set(false);
            match done {
                Ok(()) => {
                    toasts().say(lang.plural(t.phones, count));
                    // Opening an open sheet would build it anew, with nothing in it.
                    if left.is_empty() {
                        open.set(false);
                    }
                    text.set(left);
                }
                Err(problem) => {
                    wrong.set(Some(lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)])));
                }
            }
        });
    };
    let listed = move || {
        found.with(|found| {
            let faults = found.faults.iter().take(SHOWN);
            let faults = faults.map(|fault| view! { <li data-testid="imei-fault" dir="auto">{paste_fault(lang, fault)}</li> });
            view! {
                <p class="flow" role="status" data-testid="imei-found">{badge("", "smartphone", lang.plural(t.phones, found.pieces.len() as u64))}</p>
                <ul class="fine stack">{faults.collect_view()}</ul>
            }
            .into_any()
        })
    };
    view! {
        <form class="sheet-body" on:submit=on_submit>
            <p class="fine">{t.asks[1]}</p>
            {text_input(t.model, "", model, no_model.into(), "text", "model")}
            <div class="form two">
                {number_input(t.fields[4], lang.t().common.optional, price, bad_price.into(), "phone-price")}
                {number_input(t.fields[5], lang.t().common.optional, cost, bad_cost.into(), "phone-cost")}
            </div>
            {lines_input(t.imeis, t.imeis_hint, "490154203237518", text, "imeis")}
            {live(listed)}
            {wrong_line(wrong)}
            <button class="button primary tall" type="submit" data-testid="save" disabled=move || saving.get() || count() == 0>{icon("check")} {move || lang.plural(t.phones, count())}</button>
        </form>
    }
    .into_any()
}
