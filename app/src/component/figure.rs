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

/// Now against before, in words: `18% more than last Monday by now`.
pub fn change_between(lang: Lang, now: i64, before: i64, weekday: &str) -> Change {
    let t = &lang.t().today;
    if before == 0 {
        return Change::plain(lang.fill(t.nothing_before, &[weekday]));
    }
    let share = (now - before) as f64 / before.unsigned_abs() as f64;
    let percent = (share * 100.0).round() as i64;
    let (tone, icon, sentence) = match percent {
        0 => return Change::plain(lang.fill(t.same_as, &["", weekday])),
        1.. => ("up", "arrow-up", t.more_than),
        _ => ("down", "arrow-down", t.less_than),
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
    view! { <dl class="card figures">{shown.collect_view()}</dl> }.into_any()
}
