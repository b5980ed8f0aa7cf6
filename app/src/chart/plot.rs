//! Draws a series with its forecast: one ink line, a soft band, a dashed expectation, light rules.
//! Returns where each day stands, so that pointing at the chart never draws it again.

use super::{Series, backend::CanvasBackend, backend::CanvasError};
use crate::i18n::{Lang, Locale};
use dukandar_app::plain::scale::rule_step;
use dukandar_core::time::Day;
use plotters::{
    coord::{Shift, types::RangedCoordf64},
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};
use web_sys::CanvasRenderingContext2d;

/// Colours by role, as the style sheet has them now.
pub struct Palette {
    pub ink: RGBColor,
    pub muted: RGBColor,
    pub line: RGBColor,
    pub mark: RGBColor,
    pub brand: RGBColor,
    pub band: RGBColor,
}

/// How large, how dense, in which letters.
pub struct Frame<'a> {
    /// Device pixels.
    pub size: (u32, u32),
    /// Device pixels per CSS pixel.
    pub ratio: f64,
    /// CSS font family.
    pub family: &'a str,
}

/// One day on the chart, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// The day.
    pub day: Day,
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// What was sold or is expected.
    pub value: f64,
    /// Band, for days ahead.
    pub band: Option<(f64, f64)>,
}

/// Days of the past that a chart of this width shows.
fn past_days(css_width: f64) -> usize {
    if css_width >= 560.0 { 84 } else { 42 }
}

/// In Urdu the label runs right to left on a canvas that does not.
fn directed(lang: Lang, text: String) -> String {
    if lang.locale == Locale::Urdu { format!("\u{2067}{text}\u{2069}") } else { text }
}

type Failed = DrawingAreaErrorKind<CanvasError>;
type Area<'a, 'b> = DrawingArea<CanvasBackend<'a>, Shift>;
type Plot<'p, 'a> = ChartContext<'p, CanvasBackend<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// Draws and returns the spots.
pub fn draw(
    context: &CanvasRenderingContext2d,
    frame: &Frame<'_>,
    palette: &Palette,
    series: &Series,
    lang: Lang,
) -> Result<Vec<Spot>, Failed> {
    let (width, height) = frame.size;
    context.clear_rect(0.0, 0.0, f64::from(width), f64::from(height));
    let px = |css: f64| (css * frame.ratio).round() as i32;
    let type_size = 12.0 * frame.ratio;
    let backend = CanvasBackend::new(context, frame.size, frame.family);

    let past = series.history.len().min(past_days(f64::from(width) / frame.ratio));
    let first = series.history.len() - past;
    let ahead = series.mean.len();
    if past + ahead < 2 {
        return Ok(Vec::new());
    }
    let shown = &series.history[first..];
    let top = shown.iter().chain(&series.hi).copied().fold(1.0, f64::max);
    let bottom = shown.iter().chain(&series.lo).copied().fold(0.0, f64::min);
    let step = rule_step(top - bottom);
    let (low, high) = ((bottom / step).floor() * step, (top / step).ceil() * step);
    let rules: Vec<(f64, String)> = (0..=((high - low) / step).round() as i32)
        .map(|rule| low + f64::from(rule) * step)
        .map(|value| (value, directed(lang, series.axis_label(value, lang))))
        .collect();
    let gutter = rules.iter().map(|(_, label)| backend.width(label, type_size)).fold(0.0, f64::max);

    let root = backend.into_drawing_area();
    let mut plot: Plot<'_, '_> = ChartBuilder::on(&root)
        .margin_left(gutter as i32 + px(8.0))
        .margin_right(px(10.0))
        .margin_top(px(20.0))
        .margin_bottom(px(24.0))
        .build_cartesian_2d(0.0..(past + ahead - 1) as f64, low..high)?;

    let text = |color: &RGBColor, h, v| {
        // The backend writes in the page's own family, whatever stands here.
        FontDesc::new(FontFamily::SansSerif, type_size, FontStyle::Normal).color(color).pos(Pos::new(h, v))
    };
    let hairline = |color: RGBColor| ShapeStyle {
        color: color.to_rgba(),
        filled: false,
        stroke_width: px(1.0).max(1) as u32,
    };
    let end = (past + ahead - 1) as f64;
    for mark in &series.marks {
        // Half a day to each side, so that one day is a stripe.
        let place = |day: Day| f64::from(day.0 - series.from.0) - first as f64;
        let (left, right) = ((place(mark.from) - 0.5).max(0.0), (place(mark.until) + 0.5).min(end));
        if left < right {
            plot.draw_series([Rectangle::new([(left, low), (right, high)], palette.mark.filled())])?;
        }
    }
    for (value, label) in rules {
        plot.draw_series([PathElement::new([(0.0, value), (end, value)], hairline(palette.line))])?;
        let (x, y) = plot.backend_coord(&(0.0, value));
        root.draw(&Text::new(label, (x - px(8.0), y), text(&palette.muted, HPos::Right, VPos::Center)))?;
    }
    let at = |index: usize| (past + index) as f64;
    if ahead > 0 {
        let upper = series.hi.iter().enumerate().map(|(index, &value)| (at(index), value));
        let lower = series.lo.iter().enumerate().rev().map(|(index, &value)| (at(index), value));
        let origin = shown.last().map(|&value| (past as f64 - 1.0, value));
        let band: Vec<_> = origin.into_iter().chain(upper).chain(lower).collect();
        plot.draw_series([Polygon::new(band, palette.band.filled())])?;
        let expected = shown.last().map(|&value| (past as f64 - 1.0, value)).into_iter();
        let expected =
            expected.chain(series.mean.iter().enumerate().map(|(index, &value)| (at(index), value)));
        plot.draw_series(DashedLineSeries::new(
            expected,
            px(5.0) as u32,
            px(4.0) as u32,
            ShapeStyle { color: palette.brand.to_rgba(), filled: false, stroke_width: px(2.0) as u32 },
        ))?;
    }
    plot.draw_series(LineSeries::new(
        shown.iter().enumerate().map(|(index, &value)| (index as f64, value)),
        ShapeStyle {
            color: palette.ink.to_rgba(),
            filled: false,
            stroke_width: (1.5 * frame.ratio).round() as u32,
        },
    ))?;
    if ahead > 0 && past > 0 {
        today_mark(
            &root,
            &mut plot,
            series,
            lang,
            (past, high, low),
            &px,
            hairline(palette.muted),
            &text(&palette.muted, HPos::Left, VPos::Bottom),
        )?;
        // The series is named where its line ends, not in a legend.
        let tail = &series.hi[ahead - ahead.div_ceil(3).min(series.hi.len())..];
        let (x, y) = plot.backend_coord(&(end, tail.iter().copied().fold(low, f64::max).min(high)));
        let label = directed(lang, lang.t().today.band.to_owned());
        root.draw(&Text::new(label, (x, y - px(3.0)), text(&palette.brand, HPos::Right, VPos::Bottom)))?;
    }
    day_labels(
        &root,
        &plot,
        series,
        lang,
        (first, past, ahead, low),
        &px,
        &text(&palette.muted, HPos::Center, VPos::Top),
    )?;

    Ok((0..past + ahead)
        .map(|index| {
            let value = shown.get(index).or_else(|| series.mean.get(index - past)).copied().unwrap_or(0.0);
            let band = index
                .checked_sub(past)
                .and_then(|ahead| Some((*series.lo.get(ahead)?, *series.hi.get(ahead)?)));
            let (x, y) = plot.backend_coord(&(index as f64, value));
            let day = Day(series.from.0 + (first + index) as i32);
            Spot { day, x: f64::from(x) / frame.ratio, y: f64::from(y) / frame.ratio, value, band }
        })
        .collect())
}

/// The line between what was and what is expected.
#[expect(clippy::too_many_arguments, reason = "one drawing step, split off for length")]
fn today_mark(
    root: &Area<'_, '_>,
    plot: &mut Plot<'_, '_>,
    series: &Series,
    lang: Lang,
    (past, high, low): (usize, f64, f64),
    px: &dyn Fn(f64) -> i32,
    style: ShapeStyle,
    text: &TextStyle<'_>,
) -> Result<(), Failed> {
    let mark = if series.is_past {
        lang.short_date(Day(series.from.0 + series.history.len() as i32))
    } else {
        lang.t().today.today_mark.to_owned()
    };
    let x = past as f64;
    if series.mean.len() > 1 {
        plot.draw_series(DashedLineSeries::new(
            [(x, low), (x, high)],
            px(2.0) as u32,
            px(3.0) as u32,
            style,
        ))?;
    }
    let (x, y) = plot.backend_coord(&(x, high));
    root.draw(&Text::new(directed(lang, mark), (x + px(4.0), y - px(3.0)), text.clone()))?;
    Ok(())
}

/// Firsts of months, and the last day, where there is room.
fn day_labels(
    root: &Area<'_, '_>,
    plot: &Plot<'_, '_>,
    series: &Series,
    lang: Lang,
    (first, past, ahead, low): (usize, usize, usize, f64),
    px: &dyn Fn(f64) -> i32,
    text: &TextStyle<'_>,
) -> Result<(), Failed> {
    let count = past + ahead;
    let mut taken = i32::MIN / 2;
    let last_x = plot.backend_coord(&((count - 1) as f64, low)).0;
    for index in 0..count {
        let day = Day(series.from.0 + (first + index) as i32);
        let is_last = index == count - 1;
        if !is_last && day.parts().2 != 1 && !(index == 0 && count < 40) {
            continue;
        }
        let (x, y) = plot.backend_coord(&(index as f64, low));
        if x - taken < px(64.0) || (!is_last && last_x - x < px(64.0)) {
            continue;
        }
        taken = x;
        let h = if is_last {
            HPos::Right
        } else if index == 0 {
            HPos::Left
        } else {
            HPos::Center
        };
        let style = text.clone().pos(Pos::new(h, VPos::Top));
        root.draw(&Text::new(directed(lang, lang.short_date(day)), (x, y + px(7.0)), style))?;
    }
    Ok(())
}
