//! The tables of one set and of all, in Markdown.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use dukandar_core::forecast::Model;

use super::{
    Bench,
    counts::{pinball, pit_distance},
    resample::{Difference, paired},
    run::{Material, Run},
    score::{Metric, bias, coverage, msis},
    sums,
};
use crate::series_sets::{Scores, mean, peer_cpu_ms, peer_scores};

/// Seed of every draw here.
const SEED: u64 = 1;

/// What sums over all stores should not exceed, by day, week and month.
const SUMS_AIM: [f64; 3] = [0.048, 0.019, 0.010];

/// One set's tables: the rows of the aims, and everything else.
pub struct Chapter {
    /// Rows of the table of aims.
    pub aims: String,
    /// The rest.
    pub text: String,
}

fn verdict(met: bool) -> &'static str {
    if met { "met" } else { "missed" }
}

fn number(value: f64) -> String {
    if value.abs() >= 10.0 { format!("{value:.2}") } else { format!("{value:.4}") }
}

fn interval(of: Option<Difference>) -> String {
    of.map_or("–".to_owned(), |it| format!("{:+.4} [{:+.4}, {:+.4}]", it.mean, it.lo, it.hi))
}

/// Judges the runs on one set; the first is `auto`.
pub fn chapter(material: &Material<'_>, runs: &[Run]) -> Chapter {
    let bench = material.bench();
    let mut aims = String::new();
    let mut text = format!("\n## {}\n\n", bench.set.name);
    let auto = &runs[0];
    // writing to a String cannot fail
    let _ = writeln!(
        text,
        "{} forecasts, season {}. Weights inside `auto`: {}.\n",
        auto.said.len(),
        bench.season,
        shares(auto)
    );
    aim_rows(&mut aims, material, auto);
    differences(&mut text, material, auto);
    models(&mut text, material, runs);
    if bench.counts {
        slow_movers(&mut aims, &mut text, material, auto);
    } else {
        bands(&mut aims, &mut text, material, auto);
    }
    if bench.aims[0].0 == Metric::Wape {
        stores(&mut aims, &mut text, material, auto);
    }
    Chapter { aims, text }
}

/// One line of figures: no peer was scored there, and none of it is a result.
pub fn held_out(material: &Material<'_>, auto: &Run) -> String {
    let bench = material.bench();
    let mut line = format!("{}, {} forecasts:", bench.set.name, auto.said.len());
    for metric in metrics(bench) {
        let _ = write!(line, " {} {:.5}", metric.name(), mean(&metric.ours(material, auto)));
    }
    let _ = write!(line, " bias {:+.2} %", bias(material.cases(), auto) * 100.0);
    let covered = [0, 1].map(|level| coverage(material, auto, level).all * 100.0);
    let _ = write!(line, " coverage {:.1} {:.1}", covered[0], covered[1]);
    if bench.counts {
        for it in pinball(material, auto) {
            let _ = write!(
                line,
                " pinball@{} {:.4} (least {:.4})",
                it.quantile,
                it.ours,
                it.zero.min(it.in_sample)
            );
        }
        let _ = write!(line, " KS {:.4}", pit_distance(material, auto, SEED));
    } else {
        let _ = write!(line, " MSIS {:.4}", mean(&msis(material, auto)));
    }
    if bench.aims[0].0 == Metric::Wape {
        let _ = write!(line, " sums {:.4?}", sums::of_all(material, auto));
    }
    let _ = writeln!(line, " CPU {:.2} ms; {}", auto.cpu_ms, shares(auto));
    line
}

fn shares(auto: &Run) -> String {
    let mut shares: Vec<(&str, f64)> = auto.shares.iter().map(|(name, it)| (*name, *it)).collect();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    let shares: Vec<String> = shares.iter().map(|(name, it)| format!("{name} {:.0} %", it * 100.0)).collect();
    shares.join(", ")
}

fn aim_row(out: &mut String, cells: [&str; 6]) {
    let _ = writeln!(out, "| {} |", cells.join(" | "));
}

fn aim_rows(out: &mut String, material: &Material<'_>, auto: &Run) {
    let Bench { set, best_peer, aims, bias: wished, .. } = material.bench();
    for (metric, aim) in *aims {
        let ours = metric.ours(material, auto);
        let theirs = metric.peer(material, best_peer);
        let beside = theirs.as_ref().map_or("–".to_owned(), |it| {
            format!("{} ({best_peer}), difference {}", number(mean(it)), interval(paired(&ours, it, SEED)))
        });
        let cells = [metric.name(), &number(mean(&ours)), &format!("≤ {aim}"), &beside];
        let met = verdict(mean(&ours) <= *aim);
        aim_row(out, [set.name, cells[0], cells[1], cells[2], cells[3], met]);
    }
    if let Some(wished) = wished {
        let bias = bias(material.cases(), auto);
        let (figure, aim) = (format!("{:+.1} %", bias * 100.0), format!("± {:.0} %", wished * 100.0));
        aim_row(out, [set.name, "bias", &figure, &aim, "–", verdict(bias.abs() <= *wished)]);
    }
}

/// Metrics that the set's peers were scored by.
fn metrics(bench: &Bench) -> Vec<Metric> {
    let mut metrics: Vec<Metric> = bench.aims.iter().map(|(metric, _)| *metric).collect();
    if !metrics.contains(&Metric::Mase) {
        metrics.push(Metric::Mase);
    }
    metrics
}

fn differences(out: &mut String, material: &Material<'_>, auto: &Run) {
    let _ = writeln!(out, "| `auto` less peer | score | difference, 95 % interval |\n|---|---|---|");
    for metric in metrics(material.bench()) {
        let ours = metric.ours(material, auto);
        for (peer, theirs) in peers(material, metric) {
            let _ = writeln!(
                out,
                "| {peer} | {} {} | {} |",
                metric.name(),
                number(mean(&theirs)),
                interval(paired(&ours, &theirs, SEED))
            );
        }
    }
}

/// Every peer's scores by case.
fn peers(material: &Material<'_>, metric: Metric) -> BTreeMap<String, Scores> {
    let names = peer_scores(material.bench().set, "rmsse").unwrap_or_default();
    names.into_keys().filter_map(|name| Some((name.clone(), metric.peer(material, &name)?))).collect()
}

/// Accuracy, CPU and wins of each model, then the frontier of accuracy and CPU among models and peers.
fn models(out: &mut String, material: &Material<'_>, runs: &[Run]) {
    let bench = material.bench();
    let metrics = metrics(bench);
    let first = metrics[0];
    let scored: Vec<Vec<Scores>> =
        runs.iter().map(|run| metrics.iter().map(|it| it.ours(material, run)).collect()).collect();
    let single = |run: &Run| !matches!(run.model, Model::Auto | Model::Average);
    let mut wins: BTreeMap<&str, usize> = BTreeMap::new();
    for id in scored[0][0].keys() {
        let of = |(run, scores): (&Run, &Vec<Scores>)| Some((run.model.name(), *scores[0].get(id)?));
        let singles = runs.iter().zip(&scored).filter(|(run, _)| single(run)).filter_map(of);
        if let Some((name, _)) = singles.min_by(|a, b| a.1.total_cmp(&b.1)) {
            *wins.entry(name).or_default() += 1;
        }
    }
    let names: Vec<&str> = metrics.iter().map(|it| it.name()).collect();
    let _ = writeln!(
        out,
        "\n| model | {} | bias | CPU ms per series | wins (of single models, by {}) |\n|---|{}---|---|---|",
        names.join(" | "),
        first.name(),
        "---|".repeat(names.len())
    );
    let mut points: Vec<(String, f64, f64)> = Vec::new();
    for (run, scores) in runs.iter().zip(&scored) {
        let figures: Vec<String> = scores.iter().map(|it| number(mean(it))).collect();
        let refused = material.cases().len() - run.said.len();
        let note = if refused > 0 { format!(" ({refused} series too short)") } else { String::new() };
        let won = if single(run) {
            wins.get(run.model.name()).copied().unwrap_or(0).to_string()
        } else {
            "–".to_owned()
        };
        let _ = writeln!(
            out,
            "| {}{note} | {} | {:+.1} % | {:.2} | {won} |",
            run.model,
            figures.join(" | "),
            bias(material.cases(), run) * 100.0,
            run.cpu_ms
        );
        // scores over fewer series than the others' are no points of the same plane
        if refused == 0 {
            points.push((format!("dukandar {}", run.model), mean(&scores[0]), run.cpu_ms));
        }
    }
    let cpu = peer_cpu_ms(bench.set).unwrap_or_default();
    for (peer, scores) in peers(material, first) {
        if let Some(ms) = peer_cpu(&cpu, &peer) {
            points.push((peer, mean(&scores), ms));
        }
    }
    frontier(out, first, points);
}

/// A peer's own time, or that of an ensemble's members; `None` where a member's is not known.
fn peer_cpu(cpu: &BTreeMap<String, f64>, peer: &str) -> Option<f64> {
    if let Some(ms) = cpu.get(peer).filter(|ms| **ms > 0.0) {
        return Some(*ms);
    }
    let member = |part: &str| {
        let name = match part {
            "LGBM" => "LightGBMglobal".to_owned(),
            "DOT" => "DOT".to_owned(),
            _ => format!("Auto{part}"),
        };
        cpu.get(&name).copied()
    };
    peer.strip_prefix("ENS_")?.split('_').skip(1).map(member).sum()
}

fn frontier(out: &mut String, metric: Metric, mut points: Vec<(String, f64, f64)>) {
    points.sort_by(|a, b| a.2.total_cmp(&b.2));
    let mut best = f64::INFINITY;
    let mut steps = Vec::new();
    for (name, score, ms) in points {
        if score < best {
            best = score;
            steps.push(format!("{name} ({} at {ms:.2} ms)", number(score)));
        }
    }
    let _ = writeln!(
        out,
        "\nFrontier of {} and CPU, ours and peers', nobody else being both quicker and better: {}.",
        metric.name(),
        steps.join(" → ")
    );
}

fn bands(aims: &mut String, out: &mut String, material: &Material<'_>, auto: &Run) {
    let name = material.bench().set.name;
    let _ = writeln!(
        out,
        "\n| bands | all | near | middle | far steps | small | medium | large series |\n|---|---|---|---|---|---|---|---|"
    );
    for (at, level, within) in [(0, 0.80, 0.03), (1, 0.95, 0.02)] {
        let found = coverage(material, auto, at);
        let percent = |it: f64| format!("{:.1} %", it * 100.0);
        let classes: Vec<String> =
            found.by_horizon.iter().chain(&found.by_volume).map(|it| percent(*it)).collect();
        let label = format!("{:.0} %", level * 100.0);
        let _ = writeln!(out, "| {label} | {} | {} |", percent(found.all), classes.join(" | "));
        let aim = format!("{:.0} ± {:.0} %", level * 100.0, within * 100.0);
        let met = verdict((found.all - level).abs() <= within);
        aim_row(aims, [name, &format!("coverage {label}"), &percent(found.all), &aim, "–", met]);
    }
    let ours = msis(material, auto);
    let _ = writeln!(out, "\nMSIS (95 %) {}; peers and the difference to them:\n", number(mean(&ours)));
    let theirs = peer_scores(material.bench().set, "msis95").unwrap_or_default();
    for (peer, scores) in &theirs {
        let _ = writeln!(out, "- {peer} {}: {}", number(mean(scores)), interval(paired(&ours, scores, SEED)));
    }
    if let Some(aim) = material.bench().msis {
        let met = verdict(mean(&ours) <= aim);
        aim_row(aims, [name, "MSIS 95 %", &number(mean(&ours)), &format!("≤ {aim}"), "–", met]);
    }
}

fn slow_movers(aims: &mut String, out: &mut String, material: &Material<'_>, auto: &Run) {
    let name = material.bench().set.name;
    let _ = writeln!(
        out,
        "\n| pinball loss (scaled) | `auto` | all-zero forecast | in-sample quantile |\n|---|---|---|---|"
    );
    for it in pinball(material, auto) {
        let least = it.zero.min(it.in_sample);
        let _ = writeln!(out, "| {} | {:.4} | {:.4} | {:.4} |", it.quantile, it.ours, it.zero, it.in_sample);
        let figure = format!("pinball at {}", it.quantile);
        let met = verdict(it.ours < least);
        aim_row(aims, [name, &figure, &number(it.ours), &format!("< {}", number(least)), "–", met]);
    }
    let distance = pit_distance(material, auto, SEED);
    aim_row(aims, [name, "PIT, KS", &number(distance), "< .05", "–", verdict(distance < 0.05)]);
    for (at, level) in [(0, 80), (1, 95)] {
        let found = coverage(material, auto, at);
        let _ = writeln!(out, "\nBand of {level} %: {:.1} % inside.", found.all * 100.0);
    }
}

fn stores(aims: &mut String, out: &mut String, material: &Material<'_>, auto: &Run) {
    let names = ["daily", "weekly", "monthly"];
    let all = sums::of_all(material, auto);
    for ((name, found), aim) in names.into_iter().zip(all).zip(SUMS_AIM) {
        let figure = format!("all stores, {name} WAPE");
        let met = verdict(found <= aim);
        aim_row(aims, [material.bench().set.name, &figure, &number(found), &format!("≤ {aim}"), "–", met]);
    }
    let triples = sums::of_triples(material, auto, SEED);
    let _ = writeln!(
        out,
        "\n| WAPE of sums | all stores | random triples, median | ninth decile |\n|---|---|---|---|"
    );
    for ((name, all), (median, decile)) in names.into_iter().zip(all).zip(triples) {
        let _ = writeln!(out, "| {name} | {all:.4} | {median:.4} | {decile:.4} |");
    }
}
