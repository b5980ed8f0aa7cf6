//! The figures of a screen: a small label, the number, and what changed with arrow, sign and word.

use super::icon_as;
use crate::i18n::Lang;
use leptos::prelude::*;

/// What stands below a figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// `up`, `down`, `warn` or nothing.
    pub tone: &'static str,
    /// Its icon, if any.
    pub icon: Option<&'static str>,
    /// In words.
    pub text: String,
}

impl Change {
    /// Words without a judgement.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { tone: "", icon: None, text: text.into() }
    }
}

/// Now against the same weekday before, in words: `18% more than last Monday by now`. `is_whole`: the day is
/// over and is compared as a whole.
pub fn change_between(lang: Lang, now: i64, before: i64, weekday: &str, is_whole: bool) -> Change {
    let t = &lang.t().today;
    let [more, less, same, nothing] = if is_whole {
        [t.more_than_before, t.less_than_before, t.same_as_before, t.nothing_the_day_before]
    } else {
        [t.more_than, t.less_than, t.same_as, t.nothing_before]
    };
    if before == 0 {
        return Change::plain(lang.fill(nothing, &[weekday]));
    }
    let share = (now - before) as f64 / before.unsigned_abs() as f64;
    let percent = (share * 100.0).round() as i64;
    let (tone, icon, sentence) = match percent {
        0 => return Change::plain(lang.fill(same, &["", weekday])),
        1.. => ("up", "arrow-up", more),
        _ => ("down", "arrow-down", less),
    };
    let size = format!("{}%", lang.whole(percent.abs()));
    Change { tone, icon: Some(icon), text: lang.fill(sentence, &[&size, weekday]) }
}

/// One figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// What it is.
    pub label: &'static str,
    /// The number in full.
    pub value: String,
    /// Below it.
    pub change: Option<Change>,
    /// For tests and deep links.
    pub id: &'static str,
}

/// All figures of a screen; the first is the hero on a phone.
pub fn figures(all: Vec<Figure>) -> AnyView {
    // Four stand two and two on a phone and a tablet, in one line on a desktop; others in threes.
    let class = if all.len() == 4 { "card figures four" } else { "card figures" };
    let shown = all.into_iter().enumerate().map(|(index, figure)| {
        let change = figure.change.map(|change| {
            view! {
                <dd class=format!("change {}", change.tone)>
                    {change.icon.map(|name| icon_as(name, "icon small"))}
                    <span>{change.text}</span>
                </dd>
            }
        });
        view! {
            <div class=if index == 0 { "figure hero" } else { "figure" } data-testid=figure.id>
                <dt>{figure.label}</dt>
                <dd class="value"><bdi dir="ltr">{figure.value}</bdi></dd>
                {change}
            </div>
        }
    });
    view! { <dl class=class>{shown.collect_view()}</dl> }.into_any()
}
