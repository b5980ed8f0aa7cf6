//! A plotters backend on a canvas, in device pixels.
//!
//! Text is placed with explicit left, right or centre alignment, so that a page that runs right to left
//! cannot flip an anchor, and its width is asked for once per text and size.

use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    text_anchor::{HPos, VPos},
};
use std::{cell::RefCell, collections::HashMap};
use wasm_bindgen::JsValue;
use web_sys::CanvasRenderingContext2d;

/// The canvas refused a drawing operation.
#[derive(Debug, thiserror::Error)]
#[error("canvas: {0}")]
pub struct CanvasError(String);

fn refused(error: JsValue) -> DrawingErrorKind<CanvasError> {
    DrawingErrorKind::DrawingError(CanvasError(format!("{error:?}")))
}

type Drawn = Result<(), DrawingErrorKind<CanvasError>>;

/// A canvas whose pixels are the device's.
pub struct CanvasBackend<'a> {
    context: &'a CanvasRenderingContext2d,
    size: (u32, u32),
    family: &'a str,
    widths: RefCell<HashMap<(String, u32), f64>>,
}

impl<'a> CanvasBackend<'a> {
    /// Draws on `context`, whose canvas has `size` device pixels, in the page's own `family`.
    pub fn new(context: &'a CanvasRenderingContext2d, size: (u32, u32), family: &'a str) -> Self {
        Self { context, size, family, widths: RefCell::default() }
    }

    /// Width of a text in device pixels.
    pub fn width(&self, text: &str, size: f64) -> f64 {
        let key = (text.to_owned(), size.round() as u32);
        if let Some(&width) = self.widths.borrow().get(&key) {
            return width;
        }
        self.context.set_font(&self.font(size));
        let width = self.context.measure_text(text).map_or(0.0, |metrics| metrics.width());
        self.widths.borrow_mut().insert(key, width);
        width
    }

    fn font(&self, size: f64) -> String {
        format!("{size:.0}px {}", self.family)
    }

    fn stroke<S: BackendStyle>(&self, style: &S) {
        self.context.set_stroke_style_str(&css(style.color()));
        self.context.set_line_width(f64::from(style.stroke_width()));
        self.context.set_line_join("round");
    }

    fn fill(&self, color: BackendColor) {
        self.context.set_fill_style_str(&css(color));
    }

    /// Traces the points; lines of odd width run through pixel centres, so that hairlines stay sharp.
    fn trace(&self, points: impl IntoIterator<Item = BackendCoord>, width: u32) {
        let shift = if width % 2 == 1 { 0.5 } else { 0.0 };
        self.context.begin_path();
        for (index, (x, y)) in points.into_iter().enumerate() {
            let (x, y) = (f64::from(x) + shift, f64::from(y) + shift);
            if index == 0 { self.context.move_to(x, y) } else { self.context.line_to(x, y) }
        }
    }
}

fn css(color: BackendColor) -> String {
    let (r, g, b) = color.rgb;
    format!("rgba({r},{g},{b},{})", color.alpha)
}

impl DrawingBackend for CanvasBackend<'_> {
    type ErrorType = CanvasError;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Drawn {
        self.fill(color);
        self.context.fill_rect(f64::from(x), f64::from(y), 1.0, 1.0);
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (left, top): BackendCoord,
        (right, bottom): BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let (x, y) = (f64::from(left), f64::from(top));
        let (width, height) = (f64::from(right - left), f64::from(bottom - top));
        if fill {
            self.fill(style.color());
            self.context.fill_rect(x, y, width, height);
        } else {
            self.stroke(style);
            self.context.stroke_rect(x, y, width, height);
        }
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        self.stroke(style);
        self.trace(path, style.stroke_width());
        self.context.stroke();
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        (x, y): BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        self.context.begin_path();
        self.context
            .arc(f64::from(x), f64::from(y), f64::from(radius), 0.0, std::f64::consts::TAU)
            .map_err(refused)?;
        if fill {
            self.fill(style.color());
            self.context.fill();
        } else {
            self.stroke(style);
            self.context.stroke();
        }
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Drawn {
        self.fill(style.color());
        self.trace(corners, 0);
        self.context.close_path();
        self.context.fill();
        Ok(())
    }

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, (x, y): BackendCoord) -> Drawn {
        let anchor = style.anchor();
        self.context.set_text_align(match anchor.h_pos {
            HPos::Left => "left",
            HPos::Center => "center",
            HPos::Right => "right",
        });
        self.context.set_text_baseline(match anchor.v_pos {
            VPos::Top => "top",
            VPos::Center => "middle",
            VPos::Bottom => "bottom",
        });
        self.context.set_font(&self.font(style.size()));
        self.fill(style.color());
        self.context.fill_text(text, f64::from(x), f64::from(y)).map_err(refused)
    }

    fn estimate_text_size<T: BackendTextStyle>(
        &self,
        text: &str,
        style: &T,
    ) -> Result<(u32, u32), DrawingErrorKind<Self::ErrorType>> {
        let width = self.width(text, style.size());
        Ok((width.ceil() as u32, (style.size() * 1.3).ceil() as u32))
    }
}
