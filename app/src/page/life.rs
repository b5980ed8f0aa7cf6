//! Where a model stands between launch and end: the card on its page.

use crate::{component::badge, i18n::Lang};
use dukandar_core::demand::{LifeCycle, Phase, Total};
use leptos::prelude::*;

/// An end further away than two years is a guess.
const FAR_WEEKS: u32 = 104;

/// The card; `is_new` where the models have too little history, so that look-alikes speak.
pub fn life(lang: Lang, life: &LifeCycle, is_new: bool) -> AnyView {
    let t = &lang.t().outlook;
    let (tone, mark, at) = match life.phase {
        Phase::New => ("good", "sparkles", 0),
        Phase::Strong => ("good", "chart-line", 1),
        Phase::Declining => ("warn", "arrow-down", 2),
        Phase::Ending => ("bad", "clock", 3),
    };
    view! {
        <section class="card stack" data-testid="life-cycle">
            <div class="card-head"><h2>{t.life}</h2>{badge(tone, mark, t.phases[at])}</div>
            <div class="life-curve" aria-hidden="true" inner_html=curve(life)></div>
            {sentences(lang, life, is_new).into_iter().map(|line| view! { <p>{line}</p> }.into_any()).collect_view()}
        </section>
    }
    .into_any()
}

fn sentences(lang: Lang, life: &LifeCycle, is_new: bool) -> Vec<String> {
    let t = &lang.t().outlook;
    let pieces = |value: f64| lang.whole(value.max(0.0).round() as i64);
    let total = |it: &Total| [it.mean, it.lo80, it.hi80].map(pieces);
    let weeks = |count: u32| lang.plural(t.weeks, u64::from(count));
    let mut lines = vec![lang.fill(t.since, &[&lang.date(life.launched), &weeks(life.age_weeks)])];
    if is_new {
        let [mean, low, high] = total(&life.month);
        lines.push(lang.fill(t.month_alike, &[&mean, &low, &high, &lang.whole(life.lives.into())]));
        lines.push(lang.fill(t.alike, &[&life.alike.join(" · ")]));
    }
    // Less than a hundredth is not worth a sentence.
    if let Some(times) = life.elsewhere.filter(|times| (times - 1.0).abs() >= 0.01) {
        let sentence = t.elsewhere[usize::from(times > 1.0)];
        lines.push(lang.fill(sentence, &[&lang.percent((times - 1.0).abs())]));
    }
    let [mean, low, high] = total(&life.left);
    lines.push(match life.weeks_left {
        0 => lang.fill(t.left_ending, &[&mean, &low, &high]),
        1..FAR_WEEKS => lang.fill(t.left, &[&mean, &low, &high, &weeks(life.weeks_left)]),
        _ => t.no_end.to_owned(),
    });
    if let Some(successor) = &life.successor {
        lines.push(lang.fill(t.follows, &[&successor.name, &lang.date(successor.from)]));
    }
    lines.extend(life.successor_chance.map(|it| lang.fill(t.follower_chance, &[&lang.percent(it)])));
    if let Some((held, judged)) = life.held80 {
        lines.push(lang.fill(t.launches_held, &[&lang.whole(judged.into()), &lang.percent(held)]));
    }
    lines
}

/// Pieces by week so far, a line, and those to come, a dashed one.
fn curve(life: &LifeCycle) -> String {
    let weeks = life.weekly.len() + life.ahead.len();
    let all = life.weekly.iter().chain(&life.ahead);
    let highest = all.clone().fold(1.0, |most: f64, it| most.max(*it));
    let points: Vec<String> = all
        .enumerate()
        .map(|(week, pieces)| {
            format!("{:.1},{:.1}", week as f64 * 300.0 / weeks as f64, 58.0 - pieces * 56.0 / highest)
        })
        .collect();
    // the lines meet at the last week that is known
    let (past, ahead) = (&points[..life.weekly.len()], &points[life.weekly.len().saturating_sub(1)..]);
    format!(
        "<svg viewBox=\"0 0 300 60\" preserveAspectRatio=\"none\"><polyline points=\"{}\"/><polyline class=\"ahead\" points=\"{}\"/></svg>",
        past.join(" "),
        ahead.join(" ")
    )
}
