//! Settings: language, digits, shops, own days, devices, sync, storage, sample, account.

use super::{
    attention::attention, own_days, paper_settings::paper_settings, pin_card, rules::rules,
    staff_card::staff_card,
};
use crate::{
    component::{badge, banner, icon, live, page_head, sheet, text_input, toasts, watch},
    i18n::{Lang, Locale, lang},
    words,
};
use dukandar_app::{
    message::SyncPhase,
    state::{AppState, Asked, Persistence, Problem, app},
};
use dukandar_core::{id::DeviceId, money::Grouping, sync::protocol::DeviceInfo, time::Timestamp};
use leptos::{ev, prelude::*, task::spawn_local};

/// The page.
pub fn settings() -> impl IntoView {
    let app = app();
    let context = own_days::ask(app);
    // Outside of what a switch of language builds anew: the radio keeps its focus.
    view! {
        {move || page_head(lang().t().settings.title, "", ().into_any())}
        <div class="stack narrow-page">
            {install(app)}
            {card(|lang| lang.t().settings.language, "language", language_choice(app))}
            {card(|lang| lang.t().settings.grouping, "grouping", grouping_choice(app))}
            {card(|lang| lang.t().counter.pin, "pin", pin_card::pin(app))}
            {card(|lang| lang.t().papers.settings, "papers", paper_settings(app))}
            {live(move || (!app.is_locked()).then(|| owner_cards(app, context)))}
            {card(|lang| lang.t().settings.account, "account", account(app))}
            {sample(app)}
            <p class="fine">{move || lang().fill(lang().t().settings.version, &[&version()])}</p>
        </div>
    }
}

/// What is the owner's: a locked counter does not show it.
fn owner_cards(app: AppState, context: ReadSignal<Asked>) -> AnyView {
    view! {
        {card(|lang| lang.t().opening.title, "opening", pin_card::opening())}
        {card(|lang| lang.t().counter.visits, "visits", pin_card::visits(app))}
        {card(|lang| lang.t().settings.shops, "shops", shops(app))}
        {card(|lang| lang.staff().title, "staff", staff_card(app))}
        {card(|lang| lang.t().bargain.rules, "bargaining", rules(app))}
        {card(|lang| lang.t().outlook.own_days, "own-days", own_days::with_context(context, own_days::spans))}
        {card(|lang| lang.t().outlook.weekend, "weekend", own_days::with_context(context, own_days::weekend))}
        {card(|lang| lang.t().outlook.spend, "spend", own_days::with_context(context, own_days::spend))}
        {card(|lang| lang.t().outlook.tiers, "tiers", own_days::with_context(context, own_days::tiers))}
        {card(|lang| lang.t().settings.sync, "sync", sync(app))}
        {card(|lang| lang.t().attention.title, "attention", attention(app))}
        {card(|lang| lang.t().settings.devices, "devices", devices(app))}
        {card(|lang| lang.t().settings.storage, "storage", storage(app))}
    }
    .into_any()
}

fn card(title: fn(Lang) -> &'static str, id: &'static str, body: AnyView) -> AnyView {
    view! {
        <section class="card stack" id=id data-testid=id>
            <h2>{move || title(lang())}</h2>
            {body}
        </section>
    }
    .into_any()
}

/// Switches the language once its words are here.
fn speak(app: AppState, locale: Locale) {
    spawn_local(async move {
        if words::fetch(locale).await {
            app.set_locale(locale);
        } else {
            toasts().say(untrack(lang).t().trouble.offline.to_owned());
        }
    });
}

/// The three languages, each by its own name; used by the welcome too.
pub fn language_choice(app: AppState) -> AnyView {
    let choices = Locale::ALL.map(|locale| {
        view! {
            <label class="choice">
                <input type="radio" name="language" data-testid=format!("language-{}", locale.tag()) prop:checked=move || app.locale.get() == locale on:change=move |_| speak(app, locale)/>
                <span lang=locale.tag()>{Lang::own_name(locale)}</span>
            </label>
        }
    });
    view! { <div class="segmented" role="radiogroup" aria-label=move || lang().t().settings.language>{choices}</div> }.into_any()
}

fn grouping_choice(app: AppState) -> AnyView {
    let choice = |grouping: Grouping, words: fn(Lang) -> &'static str| {
        view! {
            <label class="choice">
                <input type="radio" name="grouping" prop:checked=move || app.numbers.get().grouping == grouping on:change=move |_| app.set_grouping(grouping)/>
                <span><bdi dir="ltr">{move || words(lang())}</bdi></span>
            </label>
        }
    };
    view! {
        <div class="segmented" role="radiogroup" aria-label=move || lang().t().settings.grouping>
            {choice(Grouping::Thousands, |lang| lang.t().settings.thousands)}
            {choice(Grouping::Lakh, |lang| lang.t().settings.lakhs)}
        </div>
    }
    .into_any()
}

fn shops(app: AppState) -> AnyView {
    let adding = RwSignal::new(false);
    let list = move || {
        app.shops
            .get()
            .into_iter()
            .map(|shop| {
                let about = [shop.city.as_str(), &shop.code, shop.currency.code()];
                let about = about.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
                view! {
                    <li class="flow" data-testid="shop">
                        {icon("store")}
                        <span class="strong" dir="auto">{shop.name}</span>
                        <span class="fine"><bdi>{about}</bdi></span>
                    </li>
                }
            })
            .collect_view()
    };
    let title = Signal::derive(|| lang().t().settings.add_shop.to_owned());
    view! {
        <ul class="stack">{list}</ul>
        <div><button class="button" type="button" data-testid="add-shop" on:click=move |_| adding.set(true)>{icon("plus")} {move || title.get()}</button></div>
        {sheet(adding, title, "new-shop", move || shop_form(app, adding))}
    }
    .into_any()
}

fn shop_form(app: AppState, open: RwSignal<bool>) -> AnyView {
    let lang = lang();
    let t = lang.t();
    let (name, city) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let wrong = RwSignal::new(None::<String>);
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let name = name.get_untracked();
        if name.trim().is_empty() {
            return wrong.set(Some(t.stock.need_name.to_owned()));
        }
        spawn_local(async move {
            match app.add_shop(&name, &city.get_untracked()).await {
                Ok(()) => {
                    open.set(false);
                    toasts().say(lang.fill(t.settings.shop_added, &[name.trim()]));
                }
                Err(problem) => wrong.set(Some(lang.problem(&problem))),
            }
        });
    };
    view! {
        <form class="sheet-body" on:submit=on_submit>
            {text_input(t.welcome.shop_name, t.welcome.shop_name_hint, name, wrong.into(), "text", "shop-name")}
            {text_input(t.welcome.city, "", city, Signal::stored(None), "text", "city")}
            <button class="button primary tall" type="submit" data-testid="save">{icon("check")} {t.common.save}</button>
        </form>
    }
    .into_any()
}

fn sync(app: AppState) -> AnyView {
    let shown = move || {
        let lang = lang();
        let t = lang.t();
        let sync = app.sync.get();
        let words = match sync.phase {
            SyncPhase::LocalOnly => t.sync.local.to_owned(),
            SyncPhase::Busy => t.sync.sending.to_owned(),
            SyncPhase::NeedsSignIn => t.sync.sign_in.to_owned(),
            SyncPhase::Revoked => t.trouble.device_revoked.to_owned(),
            SyncPhase::NeedsUpdate => t.trouble.other_protocol.to_owned(),
            SyncPhase::Offline => t.sync.offline.to_owned(),
            SyncPhase::Quiet => t.sync.saved.to_owned(),
        };
        let waiting = (sync.waiting > 0 && sync.phase != SyncPhase::LocalOnly)
            .then(|| lang.plural(t.sync.to_send, sync.waiting));
        let heard = sync
            .last_ok_ms
            .map(|ms| lang.fill(t.settings.last_seen, &[&lang.ago(Timestamp(ms), app.now.get())]));
        let can = sync.phase != SyncPhase::LocalOnly && !app.sample.get();
        let now = can.then(|| view! { <div><button class="button" type="button" data-testid="sync-now" on:click=move |_| app.sync_now()>{icon("refresh-cw")} {t.settings.sync_now}</button></div> });
        view! {
            <p class="flow" data-testid="sync-state">{icon("cloud")} <span>{words}</span></p>
            <p class="fine">{[waiting, heard].into_iter().flatten().collect::<Vec<_>>().join(" · ")}</p>
            {now}
        }
    };
    live(shown)
}

fn account(app: AppState) -> AnyView {
    let shown = move || {
        let lang = lang();
        let t = &lang.t().settings;
        match app.account.get() {
            None => view! {
                <p class="muted">{t.sign_in_help}</p>
                <div><a class="button" href="/login">{icon("log-in")} {t.sign_in}</a></div>
            }
            .into_any(),
            Some(account) => {
                let unsent = app.sync.with(|sync| sync.waiting);
                let warning = (unsent > 0).then(|| view! { <p class="warn">{lang.fill(t.sign_out_warning, &[&lang.whole(unsent as i64)])}</p> });
                let leave = move |_| {
                    spawn_local(async move {
                        if let Err(problem) = app.sign_out().await {
                            say(&problem);
                        }
                    });
                };
                view! {
                    <p data-testid="signed-in-as">{lang.fill(t.signed_in_as, &[&account.login])}</p>
                    {warning}
                    <div><button class="button" type="button" data-testid="sign-out" on:click=leave>{icon("log-out")} {t.sign_out}</button></div>
                }
                .into_any()
            }
        }
    };
    live(shown)
}

fn say(problem: &Problem) {
    toasts().say(untrack(lang).problem(problem));
}

fn devices(app: AppState) -> AnyView {
    let list = RwSignal::new(Vec::<DeviceInfo>::new());
    let own = RwSignal::new(None::<DeviceId>);
    let load = move || {
        spawn_local(async move {
            own.set(app.this_device().await.ok().flatten());
            // Offline the list stays empty; the sync chip says why.
            if let Ok(devices) = app.devices().await {
                list.set(devices);
            }
        });
    };
    watch(move || {
        if app.account.get().is_some() && app.online.get() {
            load();
        } else {
            list.set(Vec::new());
        }
    });
    let revoke = move |device: DeviceId| {
        spawn_local(async move {
            match app.revoke_device(device).await {
                Ok(()) => load(),
                Err(problem) => say(&problem),
            }
        });
    };
    let shown = move || {
        let lang = lang();
        let t = &lang.t().settings;
        if app.account.get().is_none() {
            return view! { <p class="muted">{t.devices_sign_in}</p> }.into_any();
        }
        let rows = list.get().into_iter().map(|device| {
            let is_own = own.get() == Some(device.id);
            let seen = lang.fill(t.last_seen, &[&lang.ago(Timestamp(device.last_seen_ms), app.now.get())]);
            let mark = if device.revoked {
                Some(badge("bad", "x", t.revoked))
            } else {
                is_own.then(|| badge("good", "check", t.this_device))
            };
            let button = (!is_own && !device.revoked).then(|| {
                let id = device.id;
                view! { <button class="button quiet danger" type="button" on:click=move |_| revoke(id)>{t.revoke}</button> }
            });
            view! {
                <li class="flow" data-testid="device">
                    {icon("smartphone")}
                    <span class="grow"><span class="strong" dir="auto">{device.name}</span> " " {mark}<br/><span class="fine">{seen}</span></span>
                    {button}
                </li>
            }
        });
        view! { <ul class="stack">{rows.collect_view()}</ul> }.into_any()
    };
    live(shown)
}

fn storage(app: AppState) -> AnyView {
    let shown = move || {
        let t = &lang().t().settings;
        match app.persistence.get() {
            Persistence::Granted => {
                view! { <p class="flow">{icon("shield-check")} {t.storage_kept}</p> }.into_any()
            }
            Persistence::NotAsked => view! { <p class="muted">{t.storage_may_go}</p> }.into_any(),
            Persistence::Refused => {
                view! { <p>{t.storage_may_go}</p><p class="fine">{t.storage_refused}</p> }.into_any()
            }
        }
    };
    live(shown)
}

fn sample(app: AppState) -> AnyView {
    let shown = move || {
        app.sample.get().then(|| {
            let t = &lang().t().settings;
            let leave = move |_| {
                spawn_local(async move {
                    match app.leave_sample().await {
                        Ok(()) => toasts().say(untrack(lang).t().settings.sample_removed),
                        Err(problem) => say(&problem),
                    }
                });
            };
            view! {
                <section class="card stack" id="sample" data-testid="sample">
                    <h2>{t.sample}</h2>
                    <p class="muted">{t.sample_help}</p>
                    <div><button class="button danger" type="button" data-testid="remove-sample" on:click=leave>{icon("trash-2")} {t.remove_sample}</button></div>
                </section>
            }
        })
    };
    live(shown)
}

fn install(app: AppState) -> AnyView {
    let shown = move || {
        app.installable.get().then(|| {
            let t = &lang().t().settings;
            let button = view! { <button class="button" type="button" data-testid="install" on:click=move |_| app.install()>{t.install}</button> };
            banner("calm", "smartphone", t.install_help, button.into_any())
        })
    };
    live(shown)
}

fn version() -> String {
    document()
        .query_selector("meta[name=dukandar-revision]")
        .ok()
        .flatten()
        .and_then(|meta| meta.get_attribute("content"))
        .unwrap_or_default()
}
