//! The frame around every page: bar, navigation, content. Bottom bar, rail or sidebar is the style sheet's choice.

use super::{
    Toasts, badge, banner, failed,
    help::{Help, help_band, help_button},
    icon, icon_as, live,
    pin::lock_button,
    select, sheet, toasts, watch,
};
use crate::i18n::{Messages, lang};
use dukandar_app::{
    message::SyncPhase,
    state::{AppState, Boot, Problem, app},
};
use dukandar_core::role::Action;
use leptos::{html, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

/// Address, icon, words.
type Place = (&'static str, &'static str, fn(&Messages) -> &'static str);

/// On every bar.
const FIRST: [Place; 4] = [
    ("/", "house", |t| t.nav.today),
    ("/pos", "receipt", |t| t.nav.sell),
    ("/stock", "package", |t| t.nav.stock),
    ("/reorder", "truck", |t| t.nav.reorder),
];

/// Behind "More" on a phone.
const REST: [Place; 7] = [
    ("/sales", "file-text", |t| t.papers.sales),
    ("/khata", "book-open", |t| t.khata.title),
    ("/day", "banknote", |t| t.day.title),
    ("/customers", "users", |t| t.nav.customers),
    ("/forecasts", "chart-line", |t| t.quality.title),
    ("/stock/import", "upload", |t| t.nav.import),
    ("/settings", "settings", |t| t.nav.settings),
];

/// What one must be allowed to see there.
fn needs(place: &str) -> Action {
    match place {
        "/reorder" | "/forecasts" | "/anomalies" => Action::SeeReports,
        "/customers" | "/khata" => Action::SeeCustomers,
        "/stock/import" => Action::Import,
        "/opening" => Action::EditProduct,
        _ => Action::Sell,
    }
}

/// Whether whoever uses this device may go there; what an accountant reads is not kept from them.
fn may_go(app: AppState, place: &str) -> bool {
    let needed = needs(place);
    needed == Action::Sell || app.may(needed)
}

/// Whether the place is the one that `path` lies under.
fn is_here(place: &str, path: &str) -> bool {
    let longest = FIRST
        .iter()
        .chain(&REST)
        .map(|&(place, ..)| place)
        .filter(|&place| path == place || (place != "/" && path.starts_with(&format!("{place}/"))))
        .max_by_key(|place| place.len());
    longest == Some(place)
        || (place == "/sales" && path.starts_with("/quotes/"))
        || (place == "/stock" && (path.starts_with("/units/") || path == "/used"))
}

fn title_of(path: &str, t: &Messages) -> &'static str {
    match path {
        "/welcome" => t.common.app,
        "/login" => t.login.sign_in,
        "/opening" => t.opening.title,
        "/anomalies" => lang().unusual().title,
        _ => FIRST
            .iter()
            .chain(&REST)
            .find(|(place, ..)| is_here(place, path))
            .map_or(t.common.app, |(_, _, words)| words(t)),
    }
}

fn link((place, icon_name, words): Place, path: Memo<String>, class: &'static str) -> AnyView {
    let may = Memo::new(move |_| may_go(app(), place));
    live(move || {
        may.get().then(|| {
            view! {
                <a class=format!("nav-item {class}") href=place aria-current=move || is_here(place, &path.get()).then_some("page")>
                    {icon(icon_name)}
                    <span>{move || words(lang().t())}</span>
                </a>
            }
        })
    })
}

fn navigation(path: Memo<String>) -> AnyView {
    let more = RwSignal::new(false);
    let rest = move || {
        let opening: Place = ("/opening", "store", |t| t.opening.title);
        let [before @ .., settings] = REST;
        let unusual: Place = ("/anomalies", "eye", |_| lang().unusual().title);
        let places = before.into_iter().chain([unusual, opening, settings]);
        let links = places.filter(|(place, ..)| may_go(app(), place)).map(|(place, icon_name, words)| {
            view! {
                <li>
                    <a class="row" href=place on:click=move |_| more.set(false)>
                        <span class="flow">{icon(icon_name)} <span class="name">{words(lang().t())}</span></span>
                        {icon_as("chevron-right", "icon way")}
                    </a>
                </li>
            }
        });
        view! { <ul class="list">{links.collect_view()}</ul> }.into_any()
    };
    let in_rest = move || REST.iter().any(|(place, ..)| is_here(place, &path.get()));
    view! {
        <nav class="nav no-print" aria-label=move || lang().t().nav.label>
            {FIRST.map(|place| link(place, path, ""))}
            {REST.map(|place| link(place, path, if place.0 == "/settings" { "nav-rest nav-foot" } else { "nav-rest" }))}
            <button
                class="nav-item nav-more"
                type="button"
                data-testid="nav-more"
                aria-haspopup="dialog"
                aria-current=move || in_rest().then_some("true")
                on:click=move |_| more.set(true)
            >
                {icon("ellipsis")}
                <span>{move || lang().t().nav.more}</span>
            </button>
        </nav>
        {sheet(more, Signal::derive(|| lang().t().nav.more.to_owned()), "more-sheet", rest)}
    }
    .into_any()
}

/// Where the data stands, in one glance: always there, never alarming.
fn sync_chip(app: AppState) -> AnyView {
    let shown = move || {
        let lang = lang();
        let t = &lang.t().sync;
        let sync = app.sync.get();
        let state = match sync.phase {
            SyncPhase::LocalOnly => "local",
            SyncPhase::NeedsSignIn => "signed-out",
            SyncPhase::Quiet if sync.waiting == 0 && sync.missing_segments == 0 => "saved",
            _ => "waiting",
        };
        let (tone, icon_name, words) = if app.sample.get() {
            ("", "smartphone", t.local.to_owned())
        } else if sync.attention > 0 {
            ("attention", "triangle-alert", lang.plural(t.attention, sync.attention))
        } else {
            match sync.phase {
                SyncPhase::LocalOnly => ("", "smartphone", t.local.to_owned()),
                SyncPhase::Busy => ("", "refresh-cw", t.sending.to_owned()),
                _ if !app.online.get() && sync.waiting == 0 => ("", "cloud-off", t.offline.to_owned()),
                SyncPhase::NeedsSignIn => ("attention", "log-in", t.sign_in.to_owned()),
                SyncPhase::Revoked => {
                    ("attention", "triangle-alert", lang.t().trouble.device_revoked.to_owned())
                }
                SyncPhase::NeedsUpdate => {
                    ("attention", "download", lang.t().trouble.other_protocol.to_owned())
                }
                _ if sync.waiting > 0 => ("", "cloud-off", lang.plural(t.to_send, sync.waiting)),
                SyncPhase::Offline => ("", "cloud-off", t.offline.to_owned()),
                SyncPhase::Quiet => ("", "cloud", t.saved.to_owned()),
            }
        };
        let (title, hidden) = (words.clone(), words.clone());
        let href = if sync.attention > 0 { "/settings#attention" } else { "/settings#sync" };
        view! {
            <a class=format!("chip {tone}") href=href data-testid="sync-chip" data-sync=state title=title>
                {icon(icon_name)}
                <span class="clip from-tablet">{words}</span>
                <span class="sr phone-only">{hidden}</span>
            </a>
        }
    };
    live(shown)
}

/// The shop whose figures are shown; a name when there is one only.
fn shop_switch(app: AppState) -> AnyView {
    let shown = move || {
        let shops = app.shops.get();
        let t = lang().t();
        match shops.as_slice() {
            [] => ().into_any(),
            [only] => view! { <span class="muted clip" dir="auto">{only.name.clone()}</span> }.into_any(),
            _ => {
                let all = (String::new(), t.settings.shop_all.to_owned());
                let choices = std::iter::once(all)
                    .chain(shops.iter().map(|shop| (shop.id.to_string(), shop.name.clone())));
                let chosen =
                    Signal::derive(move || app.shop.get().map(|shop| shop.to_string()).unwrap_or_default());
                select(t.settings.show, "bare", "shop-switch", choices.collect(), chosen, move |value| {
                    app.select_shop(value.parse().ok());
                })
            }
        }
    };
    live(shown)
}

fn banners(app: AppState, toasts: Toasts) -> AnyView {
    let update = move || {
        app.update_ready.get().then(|| {
            let t = &lang().t().sync;
            let take = move |_| {
                if !app.apply_update() {
                    toasts.say(lang().t().sync.update_cart);
                }
            };
            let button = view! { <button class="button" type="button" on:click=take>{t.update_now}</button> };
            banner("calm", "sparkles", t.update_ready, button.into_any())
        })
    };
    let sample = move || {
        app.sample.get().then(|| {
            let t = lang().t();
            view! {
                <p class="sample-strip" data-testid="sample-banner">
                    {badge("warn", "info", t.common.sample)}
                    <span class="grow">{t.today.sample_note}</span>
                    <a href="/settings#sample">{t.today.remove_sample}</a>
                </p>
            }
        })
    };
    let forecasting = move || {
        app.forecasting.get().map(|(done, total)| {
            let lang = lang();
            let t = &lang.t().outlook;
            let words = match total {
                0 => t.learning.to_owned(),
                _ => lang.fill(t.running, &[&lang.whole(done.into()), &lang.whole(total.into())]),
            };
            view! {
                <div class="banner calm" data-testid="forecasting">
                    {icon("sparkles")}
                    <p>{words}</p>
                    <button class="button" type="button" data-testid="forecasting-stop" on:click=move |_| app.stop_forecasting()>{t.stop}</button>
                </div>
            }
        })
    };
    view! { {update} {sample} {live(forecasting)} }.into_any()
}

/// Puts the frame around `content`.
pub fn shell(content: AnyView) -> AnyView {
    let app = app();
    let toasts = toasts();
    let path = use_location().pathname;
    let framed = Memo::new(move |_| !matches!(path.get().as_str(), "/welcome" | "/login"));
    let main = NodeRef::<html::Main>::new();
    let help = Help::load(path);

    // A device without a shop begins at the welcome, whatever address it came by.
    let navigate = use_navigate();
    watch(move || {
        if app.boot.get() == Boot::Welcome && framed.get() {
            navigate("/welcome", NavigateOptions { replace: true, ..Default::default() });
        }
    });
    // A screen reader hears the new page; the till keeps the focus for its search.
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| before != now)
            && now != "/pos"
            && let Some(main) = main.get_untracked()
        {
            // An element of the page can be focused; that it scrolls there is wanted.
            let _ = main.focus();
        }
        now
    });
    watch(move || {
        if let Some(problem) = app.notice.get() {
            toasts.say(lang().problem(&problem));
        }
    });

    // Nothing can be sold safely where nothing is kept: the page stays away and the reason stands in its place.
    let no_storage = move || match app.boot.get() {
        Boot::StorageUnavailable(error) => {
            let why = lang().problem(&Problem::Storage(error));
            let name = lang().t().common.app;
            Some(view! { <div class="card closed-sign"><h1 class="sr">{name}</h1> {failed(why, None)}</div> })
        }
        _ => None,
    };

    watch(move || {
        let t = lang().t();
        let page = title_of(&path.get(), t);
        let title =
            if page == t.common.app { page.to_owned() } else { format!("{page} · {}", t.common.app) };
        document().set_title(&title);
    });
    view! {
        <a class="button primary skip" href="#content">{move || lang().t().common.skip_to_content}</a>
        <div class=move || if framed.get() { "app framed" } else { "app" }>
            <header class="topbar no-print">
                <a class="brand" href="/">
                    <img src="/favicon.svg" width="28" height="28" alt=""/>
                    <span class=move || if framed.get() { "from-tablet" } else { "" }>{move || lang().t().common.app}</span>
                    <span class="sr phone-only">{move || lang().t().common.app}</span>
                </a>
                {move || framed.get().then(|| shop_switch(app))}
                <div class="end">{help_button(help)} {lock_button(app)} {move || framed.get().then(|| sync_chip(app))}</div>
            </header>
            {move || framed.get().then(|| navigation(path))}
            <main class=move || if matches!(app.boot.get(), Boot::StorageUnavailable(_)) { "page closed" } else { "page" } id="content" tabindex="-1" node_ref=main>
                {move || framed.get().then(|| banners(app, toasts))}
                {live(no_storage)}
                {help_band(help)}
                {content}
            </main>
        </div>
        {super::toasts_view()}
    }
    .into_any()
}

/// A page's heading with what can be done there.
pub fn page_head(title: impl Into<String>, below: impl Into<String>, actions: AnyView) -> AnyView {
    page_head_of(title.into(), below.into(), actions)
}

fn page_head_of(title: String, below: String, actions: AnyView) -> AnyView {
    view! {
        <header class="page-head">
            <div>
                <h1>{title}</h1>
                {(!below.is_empty()).then(|| view! { <p class="fine">{below}</p> })}
            </div>
            <div class="actions">{actions}</div>
        </header>
    }
    .into_any()
}
