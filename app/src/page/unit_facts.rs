//! What is asked of a piece beside its number: condition, tax, battery, cost, warranty. One set of fields for new
//! pieces, for changes, and for used phones.

use super::day_forms::{choices, words};
use crate::{
    component::{live, number_input, select, text_input},
    i18n::lang,
};
use dukandar_app::plain::{
    typed::{parse_money, parse_pieces},
    units::{CONDITIONS, condition_index},
};
use dukandar_core::{insight::unit::Piece, record::PtaState, time::Day};
use leptos::prelude::*;

/// The fields as typed.
#[derive(Clone, Copy)]
pub struct Facts {
    condition: RwSignal<usize>,
    pta: RwSignal<usize>,
    first_use: RwSignal<String>,
    battery: RwSignal<String>,
    cost: RwSignal<String>,
    warranty: RwSignal<String>,
    wrong: RwSignal<Option<&'static str>>,
}

impl Facts {
    /// Filled with what is known of a piece; `today` is when a piece that is new here was first used.
    pub fn of(piece: &Piece, today: Day) -> Self {
        let lang = untrack(lang);
        let state = PtaState::ALL.iter().position(|state| *state == piece.pta).unwrap_or_default();
        let grace = dukandar_core::record::pta::GRACE_DAYS;
        let first = piece.pta_deadline.map_or(today, |day| Day(day.0 - grace));
        let number = |number: Option<u8>| number.map(|number| number.to_string()).unwrap_or_default();
        Self {
            condition: RwSignal::new(condition_index(piece.condition)),
            pta: RwSignal::new(state),
            first_use: RwSignal::new(first.to_string()),
            battery: RwSignal::new(number(piece.battery_health_percent)),
            cost: RwSignal::new(piece.cost.map(|cost| lang.amount(cost)).unwrap_or_default()),
            warranty: RwSignal::new(number(piece.warranty_months)),
            wrong: RwSignal::new(None),
        }
    }

    /// Sets the tax state, as read from PTA's reply.
    pub fn set_pta(self, state: PtaState) {
        self.pta.set(PtaState::ALL.iter().position(|it| *it == state).unwrap_or_default());
    }

    /// Puts what was typed into the piece; none, and the field says so, where one cannot be read.
    pub fn put(self, piece: Piece) -> Option<Piece> {
        let whole =
            |field: RwSignal<String>, most: i64, name: &'static str| match field.get_untracked().trim() {
                "" => Ok(None),
                text => {
                    let number =
                        parse_pieces(text).map(|it| it.0).filter(|it| it % 1_000 == 0 && it / 1_000 <= most);
                    // At most 120.
                    number.map(|it| Some((it / 1_000) as u8)).ok_or(name)
                }
            };
        let cost = match self.cost.get_untracked().trim() {
            "" => Ok(None),
            text => parse_money(text).map(Some).ok_or("unit-cost"),
        };
        let pta = PtaState::ALL[self.pta.get_untracked().min(PtaState::ALL.len() - 1)];
        let first = Day::parse(&self.first_use.get_untracked());
        let read = || {
            Ok(Piece {
                condition: CONDITIONS[self.condition.get_untracked().min(CONDITIONS.len() - 1)],
                pta,
                pta_deadline: first.and_then(|day| pta.deadline(day)),
                battery_health_percent: whole(self.battery, 100, "battery")?,
                cost: cost?,
                warranty_months: whole(self.warranty, 120, "warranty")?,
                ..piece
            })
        };
        let read: Result<Piece, &'static str> = read();
        self.wrong.set(read.as_ref().err().copied());
        read.ok()
    }

    /// The fields; `used` leaves cost and warranty out, as a used phone is asked for them elsewhere or has none.
    pub fn fields(self, used: bool) -> AnyView {
        let lang = untrack(lang);
        let t = &lang.t().units;
        let wrong = move |name: &'static str| {
            Signal::derive(move || {
                (self.wrong.get() == Some(name)).then(|| lang.t().stock.bad_number.to_owned())
            })
        };
        let states =
            t.pta.iter().enumerate().map(|(place, words)| (place.to_string(), (*words).to_owned())).collect();
        let chosen = Signal::derive(move || self.pta.get().to_string());
        let pta = select(t.pta_state, "", "pta", states, chosen, move |place| {
            self.pta.set(place.parse().unwrap_or_default());
        });
        let first = move || {
            let state = PtaState::ALL.get(self.pta.get()).copied().unwrap_or(PtaState::Unknown);
            state.deadline(Day(0)).map(|_| {
                text_input(
                    t.first_use,
                    t.first_use_help,
                    self.first_use,
                    Signal::stored(None),
                    "date",
                    "first-use",
                )
            })
        };
        let battery = move || {
            (self.condition.get() > 0).then(|| {
                number_input(t.battery, lang.t().common.optional, self.battery, wrong("battery"), "battery")
            })
        };
        let rest = (!used).then(|| {
            view! {
                {number_input(t.cost, lang.t().common.optional, self.cost, wrong("unit-cost"), "unit-cost")}
                {number_input(t.warranty, lang.t().common.optional, self.warranty, wrong("warranty"), "warranty")}
            }
        });
        view! {
            {choices(t.condition, "condition", words(&t.conditions), self.condition)}
            <div class="form two">
                <div class="field"><span class="label">{t.pta_state}</span>{pta}</div>
                {live(first)}
                {live(battery)}
                {rest}
            </div>
        }
        .into_any()
    }
}
