//! Pieces by IMEI in lists: of a product, found by number, near their tax day; and adding them.

use super::{camera::scan_button, day_forms::choices, unit_facts::Facts};
use crate::{
    component::{Drawing, badge, bdi, empty, field, icon, list_card, live, sheet_about, toasts, watch},
    i18n::{Lang, lang},
};
use dukandar_app::{
    plain::{
        imei_words::{imei_fault, paste_fault},
        units::{condition_index, due_words, known_words, place_words, pta_words},
    },
    state::{AppState, OpeningGoods, app},
};
use dukandar_core::{
    id::ProductId,
    imei::{self, Pasted},
    insight::{
        catalog::CatalogItem,
        unit::{Piece, UnitAsk, UnitLine, UnitsAnswer},
    },
    record::{Condition, PtaState},
    role::Action,
    task::{Answer, Task},
};
use leptos::{ev, prelude::*, task::spawn_local};

/// The tax state as a badge.
pub fn pta_badge(lang: Lang, state: PtaState) -> AnyView {
    let (tone, icon_name) = match state {
        PtaState::Approved => ("good", "shield-check"),
        PtaState::Unknown => ("", "info"),
        PtaState::Blocked | PtaState::Patched => ("bad", "triangle-alert"),
        _ => ("warn", "smartphone"),
    };
    badge(tone, icon_name, pta_words(lang, state))
}

/// A piece as a row that leads to its page.
fn row(lang: Lang, unit: &UnitLine, with_name: bool) -> AnyView {
    let t = &lang.t().units;
    let due = unit
        .days_left
        .map(|days| badge(if days < 0 { "bad" } else { "warn" }, "clock", due_words(lang, days)));
    let repair = unit.in_repair.then(|| badge("warn", "settings", t.in_repair));
    let name = with_name.then(|| view! { <span dir="auto">{unit.name.clone()}</span> " · " });
    view! {
        <li>
            <a class="row" href=format!("/units/{}", unit.unit.id) data-testid="unit-row">
                <span class="name">{bdi(unit.unit.codes())}</span>
                <span class="end flow">{repair} {due} {pta_badge(lang, unit.unit.pta)}</span>
                <span class="sub">{name} {t.conditions[condition_index(unit.unit.condition)]} " · " {place_words(lang, unit)}</span>
            </a>
        </li>
    }
    .into_any()
}

fn rows(lang: Lang, answer: &UnitsAnswer, with_name: bool) -> AnyView {
    let more = (answer.more > 0)
        .then(|| view! { <li class="pad fine">{format!("+ {}", lang.whole(answer.more.into()))}</li> });
    view! { {answer.units.iter().map(|unit| row(lang, unit, with_name)).collect_view()} {more} }.into_any()
}

/// What is asked before pieces are added.
#[derive(Clone, PartialEq)]
pub struct Adding {
    item: CatalogItem,
    in_stock: u32,
}

/// The pieces of a product, with the way to add some.
pub fn card(app: AppState, item: Memo<Option<CatalogItem>>, adding: RwSignal<Option<Adding>>) -> AnyView {
    let asked = app.ask(move || {
        let product = item.with(|item| item.as_ref().map(|item| item.id))?;
        Some(Task::Units { shop: app.shop.get(), ask: UnitAsk::Product(product), today: app.today() })
    });
    live(move || {
        let lang = lang();
        let t = &lang.t().units;
        let item = item.get()?;
        let found = asked.with(|asked| match asked.answer() {
            Some(Answer::Units(found)) => Some(found.as_ref().clone()),
            _ => None,
        })?;
        let about = Adding { item: item.clone(), in_stock: found.in_stock };
        let on_shelf = found.on_hand.map_or_else(|| "–".to_owned(), |left| lang.quantity(left));
        let count = lang.fill(t.of_shelf, &[&lang.whole(found.in_stock.into()), &on_shelf]);
        let beside = view! {
            <span class="fine">{count}</span>
            <button class="button" type="button" data-testid="units-add" aria-haspopup="dialog" on:click=move |_| adding.set(Some(about.clone()))>{icon("plus")} {t.add}</button>
        };
        // Accessories have no IMEIs: nothing is said of them but the way to add some.
        if found.units.is_empty() {
            let help = if item.imei_count > 0 { t.none_help } else { "" };
            let none = view! { <li class="pad"><p>{t.none}</p><p class="fine">{help}</p></li> }.into_any();
            return Some(list_card("units", t.title, beside.into_any(), [none]));
        }
        Some(list_card("units", t.title, beside.into_any(), [rows(lang, &found, false)]))
    })
}

/// Pieces whose number ends in what is typed into a search, above the list of products; `any` is told whether there
/// are some.
pub fn found(app: AppState, query: RwSignal<String>, any: RwSignal<bool>) -> AnyView {
    let digits = move || query.with(|query| imei::ending(query));
    let asked = app.ask(move || {
        Some(Task::Units { shop: app.shop.get(), ask: UnitAsk::Find(digits()?), today: app.today() })
    });
    watch(move || {
        let found = digits().is_some()
            && asked.with(
                |asked| matches!(asked.answer(), Some(Answer::Units(found)) if !found.units.is_empty()),
            );
        if any.get_untracked() != found {
            any.set(found);
        }
    });
    live(move || {
        let lang = lang();
        digits()?;
        asked.with(|asked| match asked.answer() {
            Some(Answer::Units(found)) if !found.units.is_empty() => {
                Some(list_card("units-found", lang.t().units.found, ().into_any(), [rows(lang, found, true)]))
            }
            _ => None,
        })
    })
}

/// Pieces in stock whose tax day is near or past.
pub fn due(app: AppState) -> AnyView {
    let asked =
        app.ask(move || Some(Task::Units { shop: app.shop.get(), ask: UnitAsk::Due, today: app.today() }));
    super::answered(asked, 6, move |answer, _| {
        let lang = lang();
        let t = &lang.t().units;
        match answer {
            Answer::Units(found) if found.units.is_empty() => Some(
                view! { <div class="card">{empty(Drawing::Shelf, t.due_none, "", ().into_any())}</div> }
                    .into_any(),
            ),
            Answer::Units(found) => {
                Some(list_card("units-due", t.due_list, ().into_any(), [rows(lang, found, true)]))
            }
            _ => None,
        }
    })
}

/// A piece of which nothing is known yet.
pub fn blank(app: AppState, product: ProductId) -> Piece {
    Piece {
        id: app.fresh_unit(),
        product,
        shop: untrack(|| app.writing_shop())
            .map(|shop| shop.id)
            .unwrap_or(dukandar_core::id::ShopId::from_u128(0)),
        imei1: None,
        imei2: None,
        serial: None,
        pta: PtaState::Approved,
        pta_deadline: None,
        condition: Condition::New,
        battery_health_percent: None,
        cost: None,
        warranty_months: None,
    }
}

/// Asks for pieces of a product: scanned one after another, typed, or pasted.
pub fn add_sheet(about: RwSignal<Option<Adding>>) -> AnyView {
    let title = |about: &Adding| lang().fill(lang().t().units.add_title, &[&about.item.name]);
    sheet_about(about, title, "add-units", |open, about| add_form(app(), open, about))
}

fn add_form(app: AppState, open: RwSignal<bool>, about: Adding) -> AnyView {
    let lang = untrack(lang);
    let t = &lang.t().units;
    let item = about.item;
    let blank = Piece { cost: item.cost, ..self::blank(app, item.id) };
    let facts = Facts::of(&blank, untrack(|| app.today()));
    let text = RwSignal::new(String::new());
    let pairs = RwSignal::new(false);
    let wrong = RwSignal::new(None::<String>);
    let refused = RwSignal::new(Vec::<String>::new());
    let may_add = untrack(|| app.may(Action::MoveStock));
    // Pieces that lie on the shelf without a number are most likely the ones that are written down now.
    let unnamed = item.on_hand.is_some_and(|left| left.0 > i64::from(about.in_stock) * 1_000);
    let goods = RwSignal::new(usize::from(unnamed || !may_add));
    let read = move || -> Pasted {
        text.with(|text| if pairs.get() { imei::pasted_in_pairs(text) } else { imei::pasted(text, &[]) })
    };
    let saving = RwSignal::new(false);
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let pasted = untrack(read);
        if pasted.pieces.is_empty() {
            let fault = pasted.faults.first().map(|fault| paste_fault(lang, fault));
            return wrong.set(Some(fault.unwrap_or_else(|| t.no_imei.to_owned())));
        }
        let Some(filled) = facts.put(blank.clone()) else { return };
        if saving.get_untracked() {
            return;
        }
        saving.set(true);
        wrong.set(None);
        spawn_local(async move {
            let done = add(
                app,
                pasted,
                filled,
                goods.get_untracked() == 0,
                if pairs.get_untracked() { "\n" } else { "," },
            )
            .await;
            saving.set(false);
            match done {
                Ok((saved, left, why)) => {
                    if saved > 0 {
                        toasts().say(lang.plural(t.saved, saved));
                    }
                    // Set to what it is already, a sheet would be built anew and forget what was not taken.
                    if left.is_empty() {
                        open.set(false);
                    } else {
                        text.set(left);
                        refused.set(why);
                    }
                }
                Err(problem) => {
                    wrong.set(Some(lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)])))
                }
            }
        });
    };
    let seen = move || {
        let pasted = read();
        let faults = pasted
            .faults
            .iter()
            .take(5)
            .map(|fault| view! { <li class="warn">{paste_fault(lang, fault)}</li> });
        let said = refused.get();
        let head = (!said.is_empty()).then(|| view! { <p>{lang.plural(t.refused, said.len() as u64)}</p> });
        view! {
            <div class="field" aria-live="polite" data-testid="units-seen">
                <span class="hint">{lang.plural(t.pieces, pasted.pieces.len() as u64)}</span>
                <ul class="fine">{faults.collect_view()}</ul>
                {head}
                <ul class="fine" data-testid="units-refused">{said.into_iter().map(|words| view! { <li class="warn">{words}</li> }).collect_view()}</ul>
            </div>
        }
    };
    let area = field(t.imeis, t.imeis_help, wrong.into(), |id, about| {
        view! {
            <textarea
                class="input" id=id name="imeis" data-testid="imeis" rows="4" dir="ltr" autofocus autocomplete="off" spellcheck="false" inputmode="numeric"
                aria-describedby=about
                prop:value=move || text.get()
                on:input=move |event| { wrong.set(None); text.set(event_target_value(&event)); }
            ></textarea>
        }
        .into_any()
    });
    let scanned = Callback::new(move |code: String| match imei::read(&code) {
        Ok(number) => text.update(|text| {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
            text.push_str(&number);
            text.push('\n');
        }),
        // Boxes carry other codes beside it.
        Err(error) => toasts().say(imei_fault(lang, error)),
    });
    let pair_box = (item.imei_count > 1).then(|| {
        view! {
            <label class="choice">
                <input type="checkbox" data-testid="pairs" prop:checked=move || pairs.get() on:change=move |event| pairs.set(event_target_checked(&event))/>
                <span>{t.pairs}</span>
            </label>
        }
    });
    let goods_choice = may_add.then(|| {
        choices(t.goods, "goods", vec![(0, t.goods_new.to_owned()), (1, t.goods_counted.to_owned())], goods)
    });
    view! {
        <form class="sheet-body" on:submit=on_submit>
            {area}
            <div class="flow">{scan_button(scanned, None)} {pair_box}</div>
            {live(seen)}
            {goods_choice}
            {facts.fields(false)}
            <button class="button primary tall" type="submit" data-testid="save" disabled=move || saving.get()>{icon("check")} {lang.t().common.save}</button>
        </form>
    }
    .into_any()
}

/// Where the piece with this number is, if the books have it, in words.
pub fn where_known(lang: Lang, known: &[UnitLine], code: &str) -> Option<String> {
    let has = |line: &&UnitLine| {
        [&line.unit.imei1, &line.unit.imei2, &line.unit.serial].into_iter().flatten().any(|it| it == code)
    };
    known.iter().find(has).map(|line| known_words(lang, code, line))
}

/// Writes down what is new. Gives how many were, the text of the other lines, and why each of them was not.
async fn add(
    app: AppState,
    pasted: Pasted,
    filled: Piece,
    new_goods: bool,
    between: &str,
) -> Result<(u64, String, Vec<String>), dukandar_app::state::Problem> {
    let lang = untrack(lang);
    let codes = pasted.pieces.iter().flat_map(|it| [Some(&it.imei1), it.imei2.as_ref()]).flatten().cloned();
    let known = app.units(UnitAsk::Codes(codes.collect())).await?;
    let (mut pieces, mut left, mut why) = (Vec::new(), Vec::new(), Vec::new());
    for it in pasted.pieces {
        let numbers = [Some(it.imei1.clone()), it.imei2.clone()];
        let twin = numbers.iter().flatten().find_map(|code| where_known(lang, &known.units, code));
        match twin {
            Some(words) => {
                why.push(words);
                left.push(numbers.into_iter().flatten().collect::<Vec<_>>().join(between));
            }
            None => {
                let (imei1, imei2) = (Some(it.imei1), it.imei2);
                pieces.push(Piece { id: app.fresh_unit(), imei1, imei2, ..filled.clone() });
            }
        }
    }
    for fault in &pasted.faults {
        why.push(paste_fault(lang, fault));
        left.push(fault.text.clone());
    }
    let saved = pieces.len() as u64;
    app.add_units(OpeningGoods::of(filled.product), pieces, new_goods).await?;
    Ok((saved, left.join("\n"), why))
}
