//! How papers look, and the receipt printer: on the settings page; the width also beside each paper.

use super::receipt::trouble_words;
use crate::{
    component::{badge, icon, live, text_input, toasts, watch},
    i18n::lang,
};
use dukandar_app::{
    plain::paper_style::PaperLanguage,
    state::{AppState, Printer},
};
use leptos::{prelude::*, task::spawn_local};

/// 80 or 58 mm.
pub fn width_choice(app: AppState) -> AnyView {
    let width = |narrow: bool, words: &'static str| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="paper"
                    prop:checked=move || app.paper_style.with(|style| style.narrow == narrow)
                    on:change=move |_| app.set_paper_style(|style| style.narrow = narrow)
                />
                <span><bdi dir="ltr">{words}</bdi></span>
            </label>
        }
    };
    view! {
        <fieldset class="no-print flow">
            <legend class="fine">{move || lang().t().receipt.width}</legend>
            <div class="segmented">{width(false, "80 mm")} {width(true, "58 mm")}</div>
        </fieldset>
    }
    .into_any()
}

fn language_choice(app: AppState) -> AnyView {
    let choice = move |language: PaperLanguage, id: &'static str| {
        let words = move || {
            let t = &lang().t().papers;
            match language {
                PaperLanguage::Screen => t.as_screen,
                PaperLanguage::English => "English",
                PaperLanguage::Urdu => "اردو",
                PaperLanguage::Both => t.both,
            }
        };
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="paper-language"
                    data-testid=id
                    prop:checked=move || app.paper_style.with(|style| style.language == language)
                    on:change=move |_| app.set_paper_style(|style| style.language = language)
                />
                <span>{words}</span>
            </label>
        }
    };
    view! {
        <fieldset>
            <legend class="fine">{move || lang().t().papers.language}</legend>
            <div class="segmented">
                {choice(PaperLanguage::Screen, "paper-screen")}
                {choice(PaperLanguage::English, "paper-en")}
                {choice(PaperLanguage::Urdu, "paper-ur")}
                {choice(PaperLanguage::Both, "paper-both")}
            </div>
        </fieldset>
    }
    .into_any()
}

fn printer(app: AppState) -> AnyView {
    let connect = move |way: Printer| {
        spawn_local(async move {
            if let Err(trouble) = app.connect_printer(way).await {
                toasts().say(trouble_words(&trouble));
            }
        });
    };
    live(move || {
        let t = &lang().t().papers;
        if app.printer.get().is_some() {
            let forget = move |_| spawn_local(app.forget_printer());
            return view! {
                <p class="flow" data-testid="printer-connected">{badge("good", "printer", t.connected)}</p>
                <div><button class="button" type="button" data-testid="printer-forget" on:click=forget>{icon("x")} {t.forget}</button></div>
            }
            .into_any();
        }
        let ways = app.printer_ways();
        if ways.is_empty() {
            return view! { <p class="fine" data-testid="no-printer">{t.no_printer}</p> }.into_any();
        }
        let buttons = ways.into_iter().map(|way| {
            let (words, id) = match way {
                Printer::Usb => (t.connect_usb, "connect-usb"),
                Printer::Serial => (t.connect_serial, "connect-serial"),
            };
            view! { <button class="button" type="button" data-testid=id on:click=move |_| connect(way)>{icon("printer")} {words}</button> }
        });
        view! { <div class="flow">{buttons.collect_view()}</div> }.into_any()
    })
}

/// The card on the settings page.
pub fn paper_settings(app: AppState) -> AnyView {
    let footer = RwSignal::new(app.paper_style.with_untracked(|style| style.footer.clone()));
    watch(move || {
        let words = footer.get();
        if app.paper_style.with_untracked(|style| style.footer != words) {
            app.set_paper_style(|style| style.footer = words);
        }
    });
    let field = live(move || {
        let t = &lang().t().papers;
        text_input(t.footer, t.footer_help, footer, Signal::stored(None), "text", "paper-footer")
    });
    view! { {width_choice(app)} {language_choice(app)} {field} {printer(app)} }.into_any()
}
