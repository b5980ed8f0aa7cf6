//! A paper of the shop: a receipt, a return's slip, a quotation; on the screen as on the roll, printed by the browser or
//! by a receipt printer, sent as text or as a picture.

use super::{
    bill::LastReceipt,
    customers::{open_name, phones},
    paper_settings::width_choice,
    paper_view::{drawing, drawn, paper, pixels, urdu_face},
};
use crate::{
    component::{Drawing, badge, empty, icon, live, loading, toasts, watch},
    i18n::lang,
};
use dukandar_app::{
    plain::{
        khata::whatsapp_number,
        papers::{Head, Row, code_text, rows, text},
    },
    state::{AppState, Paper, PrinterTrouble, app, share_png},
};
use dukandar_core::{
    id::ProductId,
    money::{Currency, Paisa},
    paper::{
        Document, Names, Wanted, Written, document,
        qr::{self, Code},
    },
    record::{Quotation, QuotationEnd},
    role::Action,
    task::{Answer, Task},
    time::Zone,
};
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map},
};
use std::collections::HashMap;
use web_sys::HtmlCanvasElement;

/// What is known of the asked paper.
#[derive(Clone)]
enum Found {
    Looking,
    Missing,
    Here(Box<Paper>),
}

/// A paper with all names that are known, ready for words.
#[derive(Clone, PartialEq)]
struct Ready {
    paper: Paper,
    document: Document,
}

/// The page of a sale or a return.
pub fn receipt() -> impl IntoView {
    shown(|id| id.parse().ok().map(Wanted::Receipt))
}

/// The page of a quotation.
pub fn quotation() -> impl IntoView {
    shown(|id| id.parse().ok().map(Wanted::Quotation))
}

fn shown(wanted: fn(&str) -> Option<Wanted>) -> AnyView {
    let app = app();
    let LastReceipt(last) = expect_context();
    let params = use_params_map();
    let found = RwSignal::new(Found::Looking);
    watch(move || {
        let id = params.with(|params| params.get("id")).unwrap_or_default();
        let fresh = last.with_untracked(|last| last.clone().filter(|it| it.sale.id.to_string() == id));
        let fresh = fresh.map(|receipt| {
            let shop =
                app.shops.with_untracked(|all| all.iter().find(|row| row.id == receipt.sale.shop).cloned());
            Paper::fresh(receipt, shop)
        });
        let Some(wanted) = wanted(&id) else { return found.set(Found::Missing) };
        if let Some(fresh) = fresh.clone() {
            found.set(Found::Here(Box::new(fresh)));
        }
        // A deep link waits for the database.
        if app.boot.get() != dukandar_app::state::Boot::Ready {
            return;
        }
        spawn_local(async move {
            match (app.paper(wanted).await, fresh) {
                // What is fresh has its names already; the journal adds what stands beside it.
                (Ok(Some(paper)), Some(Paper { names, is_fresh, .. })) => {
                    found.set(Found::Here(Box::new(Paper { names, is_fresh, ..paper })));
                }
                (Ok(Some(paper)), None) => found.set(Found::Here(Box::new(paper))),
                (Ok(None), None) => found.set(Found::Missing),
                (Err(problem), fresh) => {
                    if fresh.is_none() {
                        found.set(Found::Missing);
                    }
                    toasts().say(untrack(lang).problem(&problem));
                }
                (Ok(None), Some(_)) => {}
            }
        });
    });
    let customer = move || {
        found.with(|found| if let Found::Here(paper) = found { paper.written.customer() } else { None })
    };
    let row = open_name(app, customer);
    // A paper out of the journal has its lines by id; the catalogue has the names.
    let nameless =
        move || found.with(|found| matches!(found, Found::Here(it) if it.names.iter().any(String::is_empty)));
    let catalog =
        app.ask(move || nameless().then(|| Task::Catalog { shop: app.shop.get(), now: app.now.get() }));
    let names = Memo::new(move |_| {
        catalog.with(|asked| match asked.answer() {
            Some(Answer::Catalog(catalog)) => {
                catalog.items.iter().map(|item| (item.id, item.name.clone())).collect()
            }
            _ => HashMap::<ProductId, String>::new(),
        })
    });
    let ready = Memo::new(move |_| {
        let Found::Here(paper) = found.get() else { return None };
        let mut paper = *paper;
        names.with(|names| {
            for (line, name) in paper.written.lines().iter().zip(&mut paper.names) {
                if name.is_empty() {
                    *name = names.get(&line.product).cloned().unwrap_or_else(|| "…".to_owned());
                }
            }
        });
        let named = Names {
            lines: paper.names.clone(),
            imeis: paper.imeis.clone(),
            customer: paper.written.customer().and_then(|it| app.person(it)).and_then(|person| person.name),
            balance: row.get().map(|row| row.account.balance.max(Paisa::ZERO)),
            about: paper.about.clone(),
            exchanged: paper.exchanged,
        };
        let zone = paper.shop.as_ref().map_or(Zone::KARACHI, |shop| shop.zone);
        Some(Ready { document: document(&paper.written, zone, named), paper })
    });
    let handle = window_event_listener(ev::keydown, move |event| {
        if event.alt_key() && event.code() == "KeyP" {
            event.prevent_default();
            print();
        }
    });
    on_cleanup(move || handle.remove());
    let stage = Memo::new(move |_| {
        found.with(|found| match found {
            Found::Looking => None,
            Found::Missing => Some(false),
            Found::Here(_) => Some(true),
        })
    });
    live(move || match stage.get() {
        None => view! { <h1 class="sr">{lang().t().receipt.title}</h1> <div class="card">{loading(6)}</div> }
            .into_any(),
        Some(false) => {
            let t = &lang().t().receipt;
            let back = view! { <a class="button primary" href="/pos">{t.next}</a> };
            view! { <h1 class="sr">{t.title}</h1> <div class="card">{empty(Drawing::Ledger, t.not_here, t.not_here_help, back.into_any())}</div> }.into_any()
        }
        Some(true) => page(app, ready),
    })
}

fn print() {
    // Refused only where a page may not print, and then there is nothing to print on.
    let _ = window().print();
}

impl Ready {
    fn shop_name(&self) -> String {
        self.paper.shop.as_ref().map(|shop| shop.name.clone()).unwrap_or_default()
    }

    fn currency(&self) -> Currency {
        self.paper.shop.as_ref().map_or(Currency::PKR, |shop| shop.currency)
    }

    /// The rows in the languages of the shop's papers; tracked.
    fn rows(&self, app: AppState) -> Vec<Row> {
        let (shop, city) = (self.shop_name(), self.paper.shop.as_ref().map(|it| it.city.clone()));
        let is_copy = !self.paper.is_fresh && matches!(self.paper.written, Written::Sale(_));
        let head = Head { shop: &shop, city: &city.unwrap_or_default(), currency: self.currency(), is_copy };
        app.paper_style.with(|style| rows(style, lang(), &head, &self.document))
    }

    fn code_text(&self) -> String {
        code_text(&self.shop_name(), &self.document, self.currency())
    }

    fn dots(&self, app: AppState) -> Option<HtmlCanvasElement> {
        let style = app.paper_style.get_untracked();
        let is_rtl = style.langs(untrack(lang)).0.locale.direction() == "rtl";
        drawn(&untrack(|| self.rows(app)), qr::code(&self.code_text()).as_ref(), style.dots(), is_rtl)
    }
}

fn page(app: AppState, ready: Memo<Option<Ready>>) -> AnyView {
    // The code takes longer than all else on the paper, so it comes a frame later.
    let code = RwSignal::new(None::<Code>);
    // What the journal adds to a fresh receipt rarely changes them.
    let words = Memo::new(move |_| ready.with(|it| it.as_ref().map(Ready::code_text)));
    watch(move || {
        let words = words.get();
        request_animation_frame(move || {
            let made = words.and_then(|words| qr::code(&words));
            // The page may be left by then.
            let _ = code.try_set(made);
        });
    });
    let on_roll = live(move || {
        let it = ready.get()?;
        let style = app.paper_style.get();
        let locale = style.langs(lang()).0.locale;
        let code = live(move || code.with(|code| code.as_ref().map(drawing)));
        Some(paper(&it.rows(app), code, style.narrow, locale.tag(), locale.direction()))
    });
    view! { {live(move || ready.get().map(|it| head(app, it)))} {on_roll} {width_choice(app)} }.into_any()
}

fn head(app: AppState, it: Ready) -> AnyView {
    let lang = lang();
    let (t, p) = (&lang.t().receipt, &lang.t().papers);
    let customer = it.paper.written.customer();
    let number = customer.and_then(|it| phones(app, it).into_iter().next()).map(|it| whatsapp_number(&it));
    let message = text(&it.rows(app));
    let href = format!(
        "https://wa.me/{}?text={}",
        number.unwrap_or_default(),
        js_sys::encode_uri_component(&message)
    );
    let dotted = it.clone();
    let on_dots = move |_| {
        let dotted = dotted.clone();
        spawn_local(async move {
            urdu_face().await;
            let Some(canvas) = dotted.dots(app) else { return };
            let width = canvas.width() as usize;
            let sent = app.print_dots(&pixels(&canvas).unwrap_or_default(), width).await;
            toasts().say(match sent {
                Ok(()) => p.printed.to_owned(),
                Err(trouble) => trouble_words(&trouble),
            });
        });
    };
    let pictured = it.clone();
    let on_picture = move |_| {
        let pictured = pictured.clone();
        spawn_local(async move {
            urdu_face().await;
            let Some(canvas) = pictured.dots(app) else { return };
            let name = format!("{}.png", pictured.document.number);
            if let Err(error) = share_png(&canvas, &name).await {
                web_sys::console::warn_1(&error);
            }
        });
    };
    let dots = live(move || {
        app.printer.get().map(|_| {
            view! { <button class="button" type="button" data-testid="print-dots" on:click=on_dots.clone()>{icon("printer")} {p.printer}</button> }
        })
    });
    let title = match &it.paper.written {
        Written::Sale(_) => t.title,
        Written::Return(_) => p.returned,
        Written::Quotation(_) => p.quote,
    };
    let first = match &it.paper.written {
        Written::Quotation(quotation) => of_quotation(app, quotation.clone(), it.paper.names.clone()),
        _ => view! { <a class="button primary" href="/pos" data-testid="next-sale">{icon("plus")} {t.next}</a> }.into_any(),
    };
    let back = matches!(it.paper.written, Written::Sale(_)) && app.may(Action::Sell);
    let back = back.then(|| {
        let href = format!("/sales/{}/return", it.paper.written.id());
        view! { <a class="button" href=href data-testid="take-back">{icon("undo-2")} {p.take_back}</a> }
    });
    let returns = it.paper.returns.iter().map(|back| {
        let words = format!("{} {}", p.returned, back.number);
        view! { <a class="chip" href=format!("/sales/{}", back.id) data-testid="its-return">{icon("undo-2")} {words}</a> }
    });
    let fresh = it.paper.is_fresh.then(|| {
        view! { <p class="fine" role="status" data-testid="saved-here">{t.saved_here}</p> }
    });
    view! {
        <header class="page-head no-print">
            <div><h1>{title}</h1>{fresh}{returns.collect_view()}</div>
            <div class="actions">
                {first}
                <button class="button" type="button" on:click=move |_| print()>{icon("printer")} {t.print}</button>
                {dots}
                <a class="button" href=href target="_blank" rel="noopener" data-testid="whatsapp">{icon("message-square")} {t.share}</a>
                <button class="button" type="button" data-testid="picture" on:click=on_picture>{icon("share-2")} {p.picture}</button>
                {back}
            </div>
        </header>
    }
    .into_any()
}

/// What is done with a quotation that waits, or what became of it.
fn of_quotation(app: AppState, quotation: Quotation, names: Vec<String>) -> AnyView {
    let lang = lang();
    let p = &lang.t().papers;
    match quotation.ended {
        Some(QuotationEnd::Taken) => return badge("good", "check", p.quote_taken),
        Some(QuotationEnd::Dropped) => return badge("", "x", p.quote_dropped),
        None => {}
    }
    let navigate = StoredValue::new_local(use_navigate());
    let go = move |path: &str| navigate.with_value(|navigate| navigate(path, NavigateOptions::default()));
    let said = move |problem: &dukandar_app::state::Problem| {
        toasts().say(lang.fill(lang.t().trouble.not_saved, &[&lang.problem(problem)]));
    };
    let (dropped, zone) = (quotation.clone(), untrack(|| app.zone()));
    let to_bill = move |_| match app.bill_of(quotation.clone(), &names) {
        Ok(holds) => {
            if !holds {
                let day = lang.date(quotation.valid_until.day(zone));
                toasts().say(lang.fill(p.quote_late, &[&day]));
            }
            go("/pos");
        }
        Err(problem) => said(&problem),
    };
    let drop_it = move |_| {
        let dropped = dropped.clone();
        spawn_local(async move {
            match app.drop_quotation(dropped).await {
                Ok(()) => {
                    toasts().say(p.dropped);
                    go("/sales");
                }
                Err(problem) => said(&problem),
            }
        });
    };
    view! {
        <button class="button primary" type="button" data-testid="to-bill" on:click=to_bill>{icon("receipt")} {p.to_bill}</button>
        <button class="button quiet danger" type="button" data-testid="drop-quote" on:click=drop_it>{icon("x")} {p.drop}</button>
    }
    .into_any()
}

/// What is wrong with the printer, and that nothing is lost.
pub fn trouble_words(trouble: &PrinterTrouble) -> String {
    let lang = untrack(lang);
    let p = &lang.t().papers;
    match trouble {
        PrinterTrouble::Refused => p.refused.to_owned(),
        PrinterTrouble::Gone => p.gone.to_owned(),
        PrinterTrouble::Failed(why) => lang.fill(p.failed, &[why]),
    }
}
