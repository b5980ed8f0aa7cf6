//! A paper on the screen, which the browser prints, and as dots on a canvas, which a receipt printer or a message takes.

use crate::component::bdi;
use dukandar_app::plain::papers::{Row, TOTAL};
use dukandar_core::paper::qr::Code;
use leptos::prelude::*;
use std::fmt::Write;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// The rows as on a roll, with the code below.
pub fn paper(rows: &[Row], code: AnyView, is_narrow: bool, tag: &'static str, dir: &'static str) -> AnyView {
    let rows = rows.iter().map(|row| match row.clone() {
        Row::Title(words) => view! { <h2 dir="auto">{words}</h2> }.into_any(),
        Row::Centre(words) => view! { <p class="centre" dir="auto">{words}</p> }.into_any(),
        Row::Rule => view! { <hr/> }.into_any(),
        Row::Pair { label, value, id } => {
            let class = if id == TOTAL { "total" } else { "pair" };
            view! { <div class=class data-testid=id><span>{label}</span><bdi>{value}</bdi></div> }.into_any()
        }
        Row::Item { name, each, amount, below } => {
            let below = below.into_iter().map(|(label, value)| {
                view! { <div class="pair fine"><span>{label}</span>{bdi(value)}</div> }
            });
            view! {
                <div class="item">
                    <div class="strong" dir="auto">{name}</div>
                    <div class="pair">{bdi(each)} {bdi(amount)}</div>
                    {below.collect_view()}
                </div>
            }
            .into_any()
        }
    });
    view! {
        <article class=if is_narrow { "paper narrow-roll" } else { "paper" } lang=tag dir=dir data-testid="receipt">
            {rows.collect_view()}
            {code}
        </article>
    }
    .into_any()
}

/// The code as one path; with the paper's words beside it nobody needs it read aloud.
pub fn drawing(code: &Code) -> AnyView {
    let mut path = String::new();
    for (index, _) in code.dark.iter().enumerate().filter(|(_, dark)| **dark) {
        // Writing to a string cannot fail.
        let _ = write!(path, "M{} {}h1v1h-1z", index % code.size, index / code.size);
    }
    let view_box = format!("0 0 {0} {0}", code.size);
    view! { <svg class="code" viewBox=view_box aria-hidden="true" data-testid="receipt-code"><path d=path></path></svg> }.into_any()
}

/// Whether a text is read from the right: by its first letter.
fn from_right(text: &str) -> bool {
    let first = text.chars().find(|it| it.is_alphabetic());
    first.is_some_and(|it| matches!(it, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FEFF}'))
}

/// The face of Urdu letters.
const URDU: &str = "\"Noto Naskh Arabic\"";

/// Where a text stands on its line.
#[derive(Clone, Copy)]
enum Side {
    Start,
    Middle,
    End,
}

struct Pen {
    context: CanvasRenderingContext2d,
    width: f64,
    em: f64,
    family: String,
    is_rtl: bool,
    y: f64,
}

impl Pen {
    fn font(&self, scale: f64, weight: u16) {
        self.context.set_font(&format!("{weight} {}px {}", (self.em * scale).round(), self.family));
    }

    fn width_of(&self, text: &str) -> f64 {
        // A text that cannot be measured is taken as fitting.
        self.context.measure_text(text).map_or(0.0, |it| it.width())
    }

    /// Writes on the present line.
    fn write(&self, text: &str, side: Side, scale: f64) {
        let way = if from_right(text) { "rtl" } else { "ltr" };
        // A canvas without directions decides by the letters, which is the same for all but mixed lines.
        let _ = js_sys::Reflect::set(&self.context, &"direction".into(), &way.into());
        let (align, x) = match (side, self.is_rtl) {
            (Side::Middle, _) => ("center", self.width / 2.0),
            (Side::Start, false) | (Side::End, true) => ("left", 0.0),
            (Side::Start, true) | (Side::End, false) => ("right", self.width),
        };
        self.context.set_text_align(align);
        // What does not fit is squeezed by the canvas, never cut.
        let _ = self.context.fill_text_with_max_width(text, x, self.y + self.em * scale * 1.15, self.width);
    }

    fn down(&mut self, scale: f64) {
        self.y += (self.em * scale * 1.55).round();
    }

    /// Breaks a text into lines of at most that width.
    fn wrapped(&self, text: &str, width: f64) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            match lines.last_mut() {
                Some(line) if self.width_of(&format!("{line} {word}")) <= width => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
        lines
    }

    fn block(&mut self, text: &str, side: Side, scale: f64, weight: u16) {
        self.font(scale, weight);
        for line in self.wrapped(text, self.width) {
            self.write(&line, side, scale);
            self.down(scale);
        }
    }

    /// Something at the start and something at the end; the first is broken where both do not fit.
    fn pair(&mut self, label: &str, value: &str, scale: f64, weight: u16) {
        self.font(scale, weight);
        let room = self.width - self.width_of(value) - self.em;
        let mut lines = self.wrapped(label, room.max(self.width / 3.0)).into_iter();
        self.write(&lines.next().unwrap_or_default(), Side::Start, scale);
        self.write(value, Side::End, scale);
        self.down(scale);
        for line in lines {
            self.write(&line, Side::Start, scale);
            self.down(scale);
        }
    }

    fn rule(&mut self) {
        self.y += (self.em / 3.0).round();
        let mut x = 0.0;
        while x < self.width {
            self.context.fill_rect(x, self.y, 8.0, 2.0);
            x += 14.0;
        }
        self.y += (self.em / 2.0).round();
    }

    fn row(&mut self, row: &Row) {
        match row {
            Row::Title(words) => self.block(words, Side::Middle, 1.4, 700),
            Row::Centre(words) => self.block(words, Side::Middle, 1.0, 400),
            Row::Rule => self.rule(),
            Row::Pair { label, value, id } if *id == TOTAL => self.pair(label, value, 1.3, 700),
            Row::Pair { label, value, .. } => self.pair(label, value, 1.0, 400),
            Row::Item { name, each, amount, below } => {
                self.block(name, Side::Start, 1.0, 700);
                self.pair(each, amount, 1.0, 400);
                for (label, value) in below {
                    self.pair(label, value, 0.9, 400);
                }
            }
        }
    }

    fn code(&mut self, code: &Code) {
        let dot = 5.0;
        let left = ((self.width - code.size as f64 * dot) / 2.0).floor();
        self.y += self.em;
        for (index, _) in code.dark.iter().enumerate().filter(|(_, dark)| **dark) {
            let (x, y) = ((index % code.size) as f64, (index / code.size) as f64);
            self.context.fill_rect(left + x * dot, self.y + y * dot, dot, dot);
        }
        self.y += code.size as f64 * dot + self.em;
    }
}

/// Draws a paper in dots; none where the browser gives no canvas. Letters are shaped by the browser: that is how Urdu
/// gets onto a printer that knows no Urdu.
pub fn drawn(rows: &[Row], code: Option<&Code>, dots: usize, is_rtl: bool) -> Option<HtmlCanvasElement> {
    let draw = |height: f64| -> Option<(HtmlCanvasElement, f64)> {
        let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
        canvas.set_width(dots as u32);
        canvas.set_height(height as u32);
        let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        context.set_fill_style_str("#fff");
        context.fill_rect(0.0, 0.0, dots as f64, height);
        context.set_fill_style_str("#000");
        let family = format!("{URDU}, system-ui, \"Noto Sans\", sans-serif");
        let mut pen = Pen { context, width: dots as f64, em: 24.0, family, is_rtl, y: 4.0 };
        rows.iter().for_each(|row| pen.row(row));
        code.into_iter().for_each(|code| pen.code(code));
        Some((canvas, pen.y + 4.0))
    };
    // Once to see how long it is, once on a canvas of that length.
    let (_, height) = draw(1.0)?;
    Some(draw(height)?.0)
}

/// Waits until Urdu letters can be drawn: a canvas takes whatever face is there.
pub async fn urdu_face() {
    let fonts = js_sys::Reflect::get(&document(), &"fonts".into()).unwrap_or_default();
    let load = js_sys::Reflect::get(&fonts, &"load".into()).and_then(JsCast::dyn_into::<js_sys::Function>);
    let face = format!("24px {URDU}");
    if let Ok(loading) = load.and_then(|load| load.call2(&fonts, &face.into(), &"\u{627}".into())) {
        // Without it the system's own face is drawn.
        let _ = wasm_bindgen_futures::JsFuture::from(js_sys::Promise::resolve(&loading)).await;
    }
}

/// The picture's pixels.
pub fn pixels(canvas: &HtmlCanvasElement) -> Option<Vec<u8>> {
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    let data = context.get_image_data(0.0, 0.0, canvas.width().into(), canvas.height().into()).ok()?;
    Some(data.data().0)
}
