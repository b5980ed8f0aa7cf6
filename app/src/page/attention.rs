//! Needs attention: entries that the server put aside, with the owner's two words on them, and entries that it
//! took with a remark.

use crate::{
    component::{badge, icon, live, toasts, watch},
    i18n::{Lang, lang},
};
use dukandar_app::state::{AppState, Noted, SetAside};
use dukandar_core::{
    id::EventId,
    sync::protocol::{QuarantineReason, Verdict},
};
use leptos::{prelude::*, task::spawn_local};

/// Remarks listed.
const LISTED: usize = 30;

/// The card's body.
pub fn attention(app: AppState) -> AnyView {
    let (aside, remarks) = (RwSignal::new(Vec::<SetAside>::new()), RwSignal::new(Vec::<Noted>::new()));
    let load = move || {
        spawn_local(async move {
            match app.set_aside().await {
                Ok(found) => aside.set(found),
                Err(problem) => toasts().say(untrack(lang).problem(&problem)),
            }
            // The same database has just answered.
            remarks.set(app.remarks().await.unwrap_or_default());
        });
    };
    watch(move || {
        app.sync.with(|sync| sync.attention);
        app.account.track();
        if app.version.get() > 0 {
            load();
        }
    });
    let settle = Callback::new(move |(event, verdict): (EventId, Verdict)| {
        spawn_local(async move {
            let done = app.settle(event, verdict).await;
            let lang = untrack(lang);
            let t = &lang.t().attention;
            toasts().say(match (done, verdict) {
                (Ok(()), Verdict::Take) => t.taken.to_owned(),
                (Ok(()), Verdict::Refuse) => t.dropped.to_owned(),
                (Err(problem), _) => lang.problem(&problem),
            });
            load();
        });
    });
    let seen = Callback::new(move |event: EventId| {
        spawn_local(async move {
            if let Err(problem) = app.looked_at(event).await {
                toasts().say(untrack(lang).problem(&problem));
            }
            load();
        });
    });
    let shown = move || {
        let lang = lang();
        let t = &lang.t().attention;
        if aside.with(Vec::is_empty) && remarks.with(Vec::is_empty) {
            return view! { <p class="muted">{t.none}</p> }.into_any();
        }
        let signed_in = app.account.with(Option::is_some);
        let rows = aside.get().into_iter().map(|entry| put_aside(app, lang, entry, signed_in, settle));
        let noted = remarks.get().into_iter().take(LISTED).map(|entry| remarked(app, lang, entry, seen));
        let noted = (!remarks.with(Vec::is_empty))
            .then(|| view! { <h3>{t.remarks}</h3> <ul class="stack">{noted.collect_view()}</ul> });
        let help = (!aside.with(Vec::is_empty)).then(|| view! { <p class="fine">{t.aside}</p> });
        view! { {help} <ul class="stack">{rows.collect_view()}</ul> {noted} }.into_any()
    };
    live(shown)
}

fn remarked(app: AppState, lang: Lang, entry: Noted, seen: Callback<EventId>) -> AnyView {
    let event = entry.event;
    let marks =
        entry.flags.iter().map(|flag| badge("warn", "info", lang.t().attention.flags[*flag as usize]));
    view! {
        <li class="stack" data-testid="remark">
            {what(app, lang, &entry)}
            <div class="flow">
                {marks.collect_view()}
                <button class="button quiet" type="button" data-testid="remark-seen" on:click=move |_| seen.run(event)>{icon("check")} {lang.t().attention.seen}</button>
            </div>
        </li>
    }
    .into_any()
}

fn put_aside(
    app: AppState,
    lang: Lang,
    entry: SetAside,
    signed_in: bool,
    settle: Callback<(EventId, Verdict)>,
) -> AnyView {
    let t = &lang.t().attention;
    let event = entry.what.event;
    let button = |words: &'static str, class: &'static str, id: &'static str, verdict: Verdict| {
        view! { <button class=class type="button" data-testid=id on:click=move |_| settle.run((event, verdict))>{words}</button> }
    };
    // Only what a revoked device wrote, or one that had no right to bring it, can be taken: the rest is not sound.
    let can_take =
        signed_in && matches!(entry.reason, QuarantineReason::RevokedDevice | QuarantineReason::Relayed);
    view! {
        <li class="stack" data-testid="put-aside">
            {what(app, lang, &entry.what)}
            <p>{t.reasons[entry.reason as usize]}</p>
            <div class="flow">
                {can_take.then(|| button(t.take, "button", "settle-take", Verdict::Take))}
                {signed_in.then(|| button(t.drop, "button quiet danger", "settle-drop", Verdict::Refuse))}
            </div>
        </li>
    }
    .into_any()
}

/// Kind, printed number and when.
fn what(app: AppState, lang: Lang, entry: &Noted) -> AnyView {
    let number = entry.number.clone().unwrap_or_default();
    let zone = app.zone();
    let when = format!("{}, {}", lang.date(entry.at.day(zone)), lang.time(entry.at, zone));
    view! {
        <span class="flow">{icon("triangle-alert")} <span class="strong">{kind(lang, &entry.kind)} " " <bdi dir="ltr">{number}</bdi></span> <span class="fine">{when}</span></span>
    }
    .into_any()
}

fn kind(lang: Lang, kind: &str) -> &'static str {
    let names = &lang.t().attention.kinds;
    names[match kind {
        "sale" => 1,
        "return" => 2,
        "purchase_order" | "order_decision" => 3,
        "supplier_receipt" => 4,
        "count" | "adjustment" => 5,
        "product" => 6,
        "price" => 7,
        "customer" | "person_key" => 8,
        "shop" => 9,
        "import" => 10,
        _ => 0,
    }]
}
