//! Goods of an order arrive: how many of each came, and of phones their IMEIs, scanned one after another, typed or
//! pasted. All of it is one commit; phones without a number can be written down later on the product's page.

use super::unit_list::{blank, where_known};
use crate::{
    component::{field, icon, live, number_input, toasts},
    i18n::{Lang, lang},
};
use dukandar_app::{
    plain::{imei_words::paste_fault, typed::parse_pieces},
    state::{AppState, Came, app},
};
use dukandar_core::{
    imei::{self, Pasted},
    insight::unit::{Piece, UnitAsk, UnitLine},
    inventory::open_order::{OpenLine, OpenOrder},
    quantity::Quantity,
    record::PtaState,
};
use leptos::{ev, prelude::*, task::spawn_local};

/// Faults drawn below a field at once; the rest comes up as these are mended.
const SHOWN: usize = 5;

/// One product of the order as its fields are filled.
#[derive(Clone)]
struct Row {
    line: OpenLine,
    came: RwSignal<String>,
    imeis: RwSignal<String>,
    wrong_count: RwSignal<Option<String>>,
    wrong_imeis: RwSignal<Option<String>>,
}

impl Row {
    fn new(lang: Lang, line: &OpenLine) -> Self {
        Self {
            line: line.clone(),
            came: RwSignal::new(lang.quantity(line.left)),
            imeis: RwSignal::new(String::new()),
            wrong_count: RwSignal::new(None),
            wrong_imeis: RwSignal::new(None),
        }
    }

    fn pieces(&self) -> Option<Quantity> {
        self.came.with(|came| parse_pieces(came))
    }

    fn pasted(&self) -> Pasted {
        self.imeis.with(|text| imei::pasted(text, &[]))
    }

    /// How many of the pieces have their number, in words.
    fn counted(&self, lang: Lang, pasted: &Pasted) -> String {
        let t = &lang.t().receive;
        let (numbers, pieces) = (pasted.pieces.len() as i64, self.pieces().unwrap_or_default().0 / 1_000);
        if numbers > pieces {
            lang.fill(t.more, &[&lang.whole(numbers), &lang.whole(pieces)])
        } else if numbers < pieces {
            lang.fill(t.without, &[&lang.whole(pieces - numbers), &lang.whole(pieces)])
        } else {
            lang.fill(t.all, &[&lang.whole(numbers)])
        }
    }

    fn fields(&self, lang: Lang) -> AnyView {
        let count = number_input(self.line.name.clone(), "", self.came, self.wrong_count.into(), "came");
        if self.line.imei_count == 0 {
            return count;
        }
        let (t, text, wrong) = (&lang.t().receive, self.imeis, self.wrong_imeis);
        let label = format!("IMEI: {}", self.line.name);
        let area = field(label, t.hint, wrong.into(), |id, about| {
            view! {
                <textarea
                    class="input" id=id name="came-imeis" data-testid="came-imeis" rows="4" dir="ltr" autocomplete="off" spellcheck="false" inputmode="numeric"
                    aria-describedby=about
                    prop:value=move || text.get()
                    on:input=move |event| { wrong.set(None); text.set(event_target_value(&event)); }
                ></textarea>
            }
            .into_any()
        });
        let row = self.clone();
        let seen = move || {
            let pasted = row.pasted();
            let faults = pasted.faults.iter().take(SHOWN).map(
                |fault| view! { <li class="warn" data-testid="came-fault">{paste_fault(lang, fault)}</li> },
            );
            view! {
                <div class="field" aria-live="polite" data-testid="came-seen">
                    <span class="hint">{row.counted(lang, &pasted)}</span>
                    <ul class="fine">{faults.collect_view()}</ul>
                </div>
            }
        };
        view! { <div class="stack">{count} {area} {live(seen)}</div> }.into_any()
    }

    /// What came of it, or nothing where a field says what is wrong. `earlier` are the rows above.
    fn read(&self, app: AppState, lang: Lang, known: &[UnitLine], earlier: &[Row]) -> Option<Came> {
        let t = lang.t();
        let Some(quantity) = self.pieces() else {
            self.wrong_count.set(Some(t.stock.bad_number.to_owned()));
            return None;
        };
        let refuse = |words: String| {
            self.wrong_imeis.set(Some(words));
            None
        };
        let pasted = self.pasted();
        if let Some(fault) = pasted.faults.first() {
            return refuse(paste_fault(lang, fault));
        }
        if Quantity::pieces(pasted.pieces.len() as i64) > quantity {
            return refuse(self.counted(lang, &pasted));
        }
        let mut pieces = Vec::new();
        for it in pasted.pieces {
            for code in [Some(&it.imei1), it.imei2.as_ref()].into_iter().flatten() {
                if let Some(words) = where_known(lang, known, code) {
                    return refuse(words);
                }
                if let Some(other) = earlier.iter().find(|row| codes(&row.pasted()).contains(code)) {
                    return refuse(lang.fill(t.receive.elsewhere, &[code, &other.line.name]));
                }
            }
            pieces.push(Piece {
                imei1: Some(it.imei1),
                imei2: it.imei2,
                pta: PtaState::Unknown,
                ..blank(app, self.line.product)
            });
        }
        Some(Came { product: self.line.product, quantity, pieces })
    }
}

fn codes(pasted: &Pasted) -> Vec<String> {
    pasted.pieces.iter().flat_map(|it| [Some(&it.imei1), it.imei2.as_ref()]).flatten().cloned().collect()
}

/// The form in the sheet.
pub fn form(open: RwSignal<bool>, order: OpenOrder) -> AnyView {
    let (app, lang) = (app(), untrack(lang));
    let t = lang.t();
    let rows: Vec<Row> = order.lines.iter().map(|line| Row::new(lang, line)).collect();
    let fields = rows.iter().map(|row| row.fields(lang)).collect_view();
    let saving = RwSignal::new(false);
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if saving.get_untracked() {
            return;
        }
        saving.set(true);
        let (rows, order) = (rows.clone(), order.clone());
        spawn_local(async move {
            let done = receive(app, lang, &order, &rows).await;
            saving.set(false);
            if let Some(words) = done {
                open.set(false);
                toasts().say(words);
            }
        });
    };
    view! {
        <form class="sheet-body" on:submit=on_submit>
            <p class="fine">{t.reorder.arrived_help}</p>
            <div class="stack">{fields}</div>
            <button class="button primary tall" type="submit" data-testid="save" disabled=move || saving.get()>{icon("check")} {t.common.save}</button>
        </form>
    }
    .into_any()
}

/// Writes down what came; gives what to say of it, or nothing where something is to be mended first.
async fn receive(app: AppState, lang: Lang, order: &OpenOrder, rows: &[Row]) -> Option<String> {
    let t = lang.t();
    let failed = |problem| {
        toasts().say(lang.fill(t.trouble.not_saved, &[&lang.problem(&problem)]));
        None
    };
    let numbers: Vec<String> = untrack(|| rows.iter().flat_map(|row| codes(&row.pasted())).collect());
    let known = match numbers.is_empty() {
        true => Vec::new(),
        false => match app.units(UnitAsk::Codes(numbers)).await {
            Ok(known) => known.units,
            Err(problem) => return failed(problem),
        },
    };
    for row in rows {
        row.wrong_count.set(None);
        row.wrong_imeis.set(None);
    }
    let read = |(place, row): (usize, &Row)| untrack(|| row.read(app, lang, &known, &rows[..place]));
    let came: Vec<Option<Came>> = rows.iter().enumerate().map(read).collect();
    let came: Vec<Came> = came.into_iter().collect::<Option<_>>()?;
    let some = came.iter().filter(|it| it.quantity > Quantity::ZERO).count() as u64;
    // Only phones are asked for numbers; what lacks one is said.
    let phones = || rows.iter().zip(&came).filter(|(row, _)| row.line.imei_count > 0).map(|(_, came)| came);
    let pieces: i64 = phones().map(|came| came.quantity.0 / 1_000).sum();
    let without = pieces - phones().map(|came| came.pieces.len() as i64).sum::<i64>();
    let mut said = lang.fill(t.reorder.received, &[&lang.plural(t.reorder.selected, some)]);
    if without > 0 {
        said =
            format!("{said} {}", lang.fill(t.receive.without, &[&lang.whole(without), &lang.whole(pieces)]));
    }
    match app.receive(order, came).await {
        Ok(()) => Some(said),
        Err(problem) => failed(problem),
    }
}
