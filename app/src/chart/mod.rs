//! Charts: plotters on a canvas, with a DOM overlay that follows finger, mouse and arrow keys.
//!
//! The canvas runs left to right in every language. It is drawn again when its size, the colour scheme,
//! the language or the data change, never because somebody points at it.

mod backend;
mod plot;

use crate::{
    component::{icon, watch},
    i18n::{Lang, Locale, lang},
};
use dukandar_core::{
    demand::{DemandForecast, Measure},
    money::Currency,
    time::Day,
};
use gloo::{events::EventListener, timers::callback::Timeout};
use leptos::{ev, html, prelude::*};
use plot::{Frame, Palette, Spot};
use plotters::style::RGBColor;
use std::{cell::RefCell, rc::Rc, sync::Arc};
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement};

/// Days that were not like others, and what they were.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// First day.
    pub from: Day,
    /// Last day.
    pub until: Day,
    /// What it was.
    pub words: String,
}

/// What a chart shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// First day of `history`.
    pub from: Day,
    /// What was.
    pub history: Vec<f64>,
    /// What is expected from the day after on.
    pub mean: Vec<f64>,
    /// Lower end of the 80 % band.
    pub lo: Vec<f64>,
    /// Upper end.
    pub hi: Vec<f64>,
    /// Money, or pieces when none.
    pub currency: Option<Currency>,
    /// Days that were not like others.
    pub marks: Vec<Mark>,
    /// The books end in the past: the mark between past and forecast is a date, not today.
    pub is_past: bool,
}

impl Series {
    /// History and forecast as core answered.
    pub fn of(forecast: &DemandForecast, currency: Currency) -> Self {
        Self {
            from: forecast.history_from,
            history: forecast.history.clone(),
            mean: forecast.mean.clone(),
            lo: forecast.lo80.clone(),
            hi: forecast.hi80.clone(),
            currency: (forecast.measure == Measure::Revenue).then_some(currency),
            marks: Vec::new(),
            is_past: false,
        }
    }

    /// One value in full.
    pub fn label(&self, value: f64, lang: Lang) -> String {
        match self.currency {
            Some(currency) => lang.units(value, currency),
            None => lang.number(value, 1),
        }
    }

    /// A rule's label: short, without the currency.
    fn axis_label(&self, value: f64, lang: Lang) -> String {
        let t = &lang.t().common;
        let trimmed = |number: f64| {
            let text = format!("{number:.2}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        };
        match value.abs() {
            size if size >= 1e7 => format!("{} {}", trimmed(value / 1e7), t.crore),
            size if size >= 1e5 => format!("{} {}", trimmed(value / 1e5), t.lakh),
            size if size >= 10.0 || size == 0.0 => lang.whole(value.round() as i64),
            _ => trimmed(value),
        }
    }
}

fn palette(of: &Element) -> Option<(Palette, String)> {
    let style = window().get_computed_style(of).ok().flatten()?;
    let color = |name: &str| {
        let text = style.get_property_value(name).unwrap_or_default();
        let hex = u32::from_str_radix(text.trim().trim_start_matches('#'), 16).unwrap_or_default();
        RGBColor((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
    };
    let palette = Palette {
        ink: color("--ink"),
        muted: color("--muted"),
        line: color("--line"),
        mark: color("--accent-soft"),
        brand: color("--brand"),
        band: color("--band"),
    };
    Some((palette, style.get_property_value("font-family").unwrap_or_else(|_| "sans-serif".to_owned())))
}

fn draw(canvas: &HtmlCanvasElement, series: &Series, lang: Lang) -> Vec<Spot> {
    let ratio = window().device_pixel_ratio().max(1.0);
    let (width, height) = (canvas.client_width(), canvas.client_height());
    if width < 40 || height < 40 {
        return Vec::new();
    }
    let size = ((f64::from(width) * ratio) as u32, (f64::from(height) * ratio) as u32);
    // Setting the size clears the canvas even when nothing changed.
    canvas.set_width(size.0);
    canvas.set_height(size.1);
    let context = canvas
        .get_context("2d")
        .ok()
        .flatten()
        .and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok());
    let (Some(context), Some((palette, family))) = (context, palette(canvas)) else {
        return Vec::new();
    };
    let frame = Frame { size, ratio, family: &family };
    match plot::draw(&context, &frame, &palette, series, lang) {
        Ok(spots) => spots,
        Err(error) => {
            leptos::logging::error!("{error}");
            Vec::new()
        }
    }
}

/// Things that live as long as the chart: listeners and a pending redraw.
#[derive(Default)]
struct Upkeep {
    listeners: Vec<EventListener>,
    pending: Option<Timeout>,
}

/// The chart with its summary for screen readers and its table.
pub fn trend(series: Series, summary: String) -> AnyView {
    let lang = lang();
    let canvas = NodeRef::<html::Canvas>::new();
    let spots = RwSignal::new_local(Vec::<Spot>::new());
    let pointed = RwSignal::new(None::<usize>);
    let spoken = RwSignal::new(String::new());
    let series = Arc::new(series);
    let upkeep = StoredValue::new_local(Rc::new(RefCell::new(Upkeep::default())));

    let redraw: Rc<dyn Fn()> = {
        let series = Arc::clone(&series);
        Rc::new(move || {
            if let Some(canvas) = canvas.try_get_untracked().flatten() {
                pointed.set(None);
                spots.set(draw(&canvas, &series, lang));
            }
        })
    };
    // One redraw after the last of a burst of resize events; the first waits for the layout to be there.
    let later: Rc<dyn Fn()> = Rc::new(move || {
        let redraw = Rc::clone(&redraw);
        if let Some(upkeep) = upkeep.try_get_value() {
            upkeep.borrow_mut().pending = Some(Timeout::new(30, move || redraw()));
        }
    });
    watch(move || {
        if canvas.get().is_none() {
            return;
        }
        let listen = |target: &web_sys::EventTarget, event: &'static str| {
            let later = Rc::clone(&later);
            EventListener::new(target, event, move |_| later())
        };
        let mut listeners = vec![listen(&window(), "resize")];
        if let Ok(Some(scheme)) = window().match_media("(prefers-color-scheme: dark)") {
            listeners.push(listen(&scheme, "change"));
        }
        if let Some(upkeep) = upkeep.try_get_value() {
            upkeep.borrow_mut().listeners = listeners;
        }
        later();
    });

    let nearest = move |event: &ev::PointerEvent| {
        let area = event.current_target().and_then(|target| target.dyn_into::<Element>().ok())?;
        let x = f64::from(event.client_x()) - area.get_bounding_client_rect().left();
        spots.with(|spots| {
            let distance = |index: &usize| ((spots[*index].x - x).abs() * 100.0) as i64;
            (0..spots.len()).min_by_key(distance)
        })
    };
    let speak = {
        let series = Arc::clone(&series);
        move |spot: &Spot| {
            let value = series.label(spot.value, lang);
            match spot.band {
                Some((lo, hi)) => {
                    format!(
                        "{}: {value} ({} – {})",
                        lang.long_date(spot.day),
                        series.label(lo, lang),
                        series.label(hi, lang)
                    )
                }
                None => format!("{}: {value}", lang.long_date(spot.day)),
            }
        }
    };
    let on_key = move |event: ev::KeyboardEvent| {
        let count = spots.with(Vec::len);
        if count == 0 {
            return;
        }
        let now = pointed.get().unwrap_or(count - 1);
        let next = match event.key().as_str() {
            "ArrowLeft" => now.saturating_sub(1),
            "ArrowRight" => (now + 1).min(count - 1),
            "Home" => 0,
            "End" => count - 1,
            "Escape" => {
                pointed.set(None);
                return;
            }
            _ => return,
        };
        event.prevent_default();
        pointed.set(Some(next));
        spots.with(|spots| spoken.set(speak(&spots[next])));
    };

    let overlay = {
        let series = Arc::clone(&series);
        move || {
            let spot = spots.with(|spots| pointed.get().and_then(|index| spots.get(index).copied()))?;
            let wide = canvas.get_untracked().map_or(600.0, |canvas| f64::from(canvas.client_width()));
            // The tip stands on the side of the crosshair that has room.
            let (left, right) = if spot.x < wide / 2.0 {
                (format!("{}px", spot.x + 10.0), "auto".to_owned())
            } else {
                ("auto".to_owned(), format!("{}px", wide - spot.x + 10.0))
            };
            let range =
                spot.band.map(|(lo, hi)| format!("{} – {}", series.label(lo, lang), series.label(hi, lang)));
            Some(view! {
                <div class="cross" style:left=format!("{}px", spot.x)></div>
                <div class="dot" style:left=format!("{}px", spot.x) style:top=format!("{}px", spot.y)></div>
                <div class="tip" dir=direction(lang) style:left=left style:right=right>
                    {lang.long_date(spot.day)}
                    <b><bdi dir="ltr">{series.label(spot.value, lang)}</bdi></b>
                    {marked(&series, spot.day).map(|words| view! { <bdi>{words}</bdi> })}
                    {range.map(|range| view! { <bdi dir="ltr">{range}</bdi> })}
                </div>
            })
        }
    };

    view! {
        <div
            class="chart"
            data-testid="chart"
            role="img"
            tabindex="0"
            aria-label=summary
            on:pointermove=move |event| pointed.set(nearest(&event))
            on:pointerdown=move |event| pointed.set(nearest(&event))
            on:pointerleave=move |_| pointed.set(None)
            on:blur=move |_| pointed.set(None)
            on:keydown=on_key
        >
            <canvas node_ref=canvas dir="ltr"></canvas>
            {overlay}
        </div>
        <p class="sr" aria-live="polite">{move || spoken.get()}</p>
        {table(series, lang)}
    }
    .into_any()
}

/// What a day was, where it was not like others.
fn marked(series: &Series, day: Day) -> Option<String> {
    let words: Vec<&str> = (series.marks.iter())
        .filter(|mark| (mark.from..=mark.until).contains(&day))
        .map(|mark| mark.words.as_str())
        .collect();
    (!words.is_empty()).then(|| words.join(" · "))
}

fn direction(lang: Lang) -> &'static str {
    if lang.locale == Locale::Urdu { "rtl" } else { "ltr" }
}

/// The same figures as text; built when it is opened.
fn table(series: Arc<Series>, lang: Lang) -> AnyView {
    let t = &lang.t().common;
    let open = RwSignal::new(false);
    let rows = move || {
        let past = series.history.len();
        let first = past.saturating_sub(84);
        (first..past + series.mean.len())
            .rev()
            .map(|index| {
                let day = Day(series.from.0 + index as i32);
                let sold = series.history.get(index).map(|&value| series.label(value, lang));
                let ahead = index.checked_sub(past);
                let at = |of: &Vec<f64>| ahead.and_then(|ahead| of.get(ahead)).map(|&value| series.label(value, lang));
                let cells = [sold, at(&series.mean), at(&series.lo), at(&series.hi)];
                view! {
                    <tr>
                        <th scope="row">{lang.date(day)}</th>
                        {cells.map(|cell| view! { <td class="num"><bdi dir="ltr">{cell.unwrap_or_default()}</bdi></td> })}
                    </tr>
                }
            })
            .collect_view()
    };
    view! {
        <details class="more" on:toggle=move |_| open.set(true)>
            <summary>{icon("chevron-down")} {t.view_table}</summary>
            <div class="scroll" tabindex="0">
                <table class="table tight">
                    <thead>
                        <tr>
                            <th scope="col">{t.day}</th>
                            {[t.sold, t.expected, t.low, t.high].map(|head| view! { <th scope="col" class="num">{head}</th> })}
                        </tr>
                    </thead>
                    <tbody>{move || open.get().then(&rows)}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}
