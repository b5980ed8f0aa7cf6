//! Stock value against stockouts as an SVG, both by logarithm: a line a policy, a ring where it stands by itself.

use dukandar_core::inventory::simulate::{
    compare::Sums,
    field::{AS_IS, Policy},
};
use std::fmt::Write as _;

const WIDTH: f64 = 860.0;
const HEIGHT: f64 = 520.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 210.0;
const TOP: f64 = 24.0;
const BOTTOM: f64 = 56.0;

/// Least share of steps that is drawn: below it a policy is as good as never out of stock.
const LEAST_SHARE: f64 = 0.0005;

/// Line colour and dashes; lines are told apart by dashes too.
fn look(policy: Policy) -> (&'static str, &'static str) {
    match policy {
        Policy::Ours => ("#0b6e4f", ""),
        Policy::Planned => ("#0b6e4f", "10 3"),
        Policy::Paths => ("#0b6e4f", "5 3"),
        Policy::Product => ("#0b6e4f", "2 3"),
        Policy::Habit => ("#b00020", ""),
        Policy::MinMax => ("#b00020", "6 3"),
        Policy::AverageLead => ("#b00020", "2 3"),
        Policy::BestMinMax => ("#1f4e9c", ""),
        Policy::BestMinMaxAgain => ("#1f4e9c", "6 3"),
        Policy::Bootstrap => ("#8a5a00", ""),
        Policy::Newsvendor => ("#8a5a00", "6 3"),
        Policy::Clairvoyant => ("#222222", "8 2 2 2"),
    }
}

struct Axis {
    lo: f64,
    hi: f64,
    from: f64,
    to: f64,
}

impl Axis {
    fn over(values: impl Iterator<Item = f64>, from: f64, to: f64) -> Self {
        let (lo, hi) =
            values.fold((f64::INFINITY, 0.0_f64), |(lo, hi), value| (lo.min(value), hi.max(value)));
        let (lo, hi) = if lo < hi { (lo.log10(), hi.log10()) } else { (0.0, 1.0) };
        Self { lo: lo - 0.03, hi: hi + 0.03, from, to }
    }

    fn at(&self, value: f64) -> f64 {
        self.from + (value.log10() - self.lo) / (self.hi - self.lo) * (self.to - self.from)
    }

    /// 1, 2 and 5 of each power of ten within the axis.
    fn ticks(&self) -> Vec<f64> {
        let powers = self.lo.floor() as i32..=self.hi.ceil() as i32;
        let all = powers.flat_map(|power| [1.0, 2.0, 5.0].map(|it| it * 10_f64.powi(power)));
        all.filter(|it| (self.lo..=self.hi).contains(&it.log10())).collect()
    }
}

fn rupees(value: f64) -> String {
    if value >= 1e6 { format!("{} m", value / 1e6) } else { format!("{} k", value / 1e3) }
}

/// The picture.
pub(super) fn svg(frontiers: &[(Policy, Vec<Sums>)]) -> String {
    let share = |it: &Sums| it.stockout_share().max(LEAST_SHARE);
    let points = || frontiers.iter().flat_map(|it| &it.1).filter(|it| it.stock_value > 0.0);
    let x = Axis::over(points().map(|it| it.stock_value), LEFT, WIDTH - RIGHT);
    let y = Axis::over(points().map(share), HEIGHT - BOTTOM, TOP);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" \
         font-size=\"12\" role=\"img\">\n<title>Average stock value against stockouts, by policy</title>\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#ffffff\"/>\n"
    );
    // Writing to a String cannot fail.
    for tick in x.ticks() {
        let at = x.at(tick);
        let _ = writeln!(
            out,
            "<path d=\"M{at:.1} {TOP}V{:.1}\" stroke=\"#dddddd\"/><text x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            HEIGHT - BOTTOM,
            HEIGHT - BOTTOM + 18.0,
            rupees(tick)
        );
    }
    for tick in y.ticks() {
        let at = y.at(tick);
        let _ = writeln!(
            out,
            "<path d=\"M{LEFT} {at:.1}H{:.1}\" stroke=\"#dddddd\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{} %</text>",
            WIDTH - RIGHT,
            LEFT - 8.0,
            at + 4.0,
            (tick * 1e6).round() / 1e4
        );
    }
    let _ = writeln!(
        out,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">average stock at cost, rupees</text>\n\
         <text transform=\"translate(18 {:.1}) rotate(-90)\" text-anchor=\"middle\">steps with something asked for in vain</text>",
        (LEFT + WIDTH - RIGHT) / 2.0,
        HEIGHT - 14.0,
        (TOP + HEIGHT - BOTTOM) / 2.0
    );
    for (place, (policy, sums)) in frontiers.iter().enumerate() {
        let (colour, dashes) = look(*policy);
        let mut line: Vec<(f64, f64)> = sums
            .iter()
            .filter(|it| it.stock_value > 0.0)
            .map(|it| (x.at(it.stock_value), y.at(share(it))))
            .collect();
        line.sort_by(|a, b| a.0.total_cmp(&b.0));
        let path: Vec<String> = line.iter().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
        let width = if *policy == Policy::Ours { 2.8 } else { 1.5 };
        let style = format!(
            "fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" stroke-dasharray=\"{dashes}\""
        );
        if !path.is_empty() {
            let _ = writeln!(out, "<path d=\"M{}\" {style}/>", path.join("L"));
        }
        let own = &sums[AS_IS];
        if own.stock_value > 0.0 {
            let (x, y) = (x.at(own.stock_value), y.at(share(own)));
            let _ = writeln!(
                out,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4.5\" fill=\"#ffffff\" stroke=\"{colour}\" stroke-width=\"2\"/>"
            );
        }
        let (left, at) = (WIDTH - RIGHT + 16.0, TOP + 14.0 + 22.0 * place as f64);
        let _ = writeln!(
            out,
            "<path d=\"M{left} {at:.1}h34\" {style}/><text x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            left + 42.0,
            at + 4.0,
            policy.name()
        );
    }
    out + "</svg>\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_policy_is_drawn_and_named_and_no_number_is_broken() {
        let one = |stock_value: f64| Sums {
            stock_value,
            steps: 100.0,
            stockouts: 1e3 / stock_value,
            ..Sums::default()
        };
        let sums: Vec<Sums> = (1..=13).map(|it| one(f64::from(it) * 100.0)).collect();
        let all: Vec<_> = Policy::ALL.into_iter().map(|it| (it, sums.clone())).collect();
        let picture = svg(&all);
        assert!(Policy::ALL.into_iter().all(|it| picture.contains(&format!(">{}<", it.name()))));
        assert!(!picture.contains("NaN") && !picture.contains("inf"), "{picture}");
        let nothing: Vec<_> = Policy::ALL.into_iter().map(|it| (it, vec![Sums::default(); 13])).collect();
        assert!(!svg(&nothing).contains("NaN"));
    }
}
