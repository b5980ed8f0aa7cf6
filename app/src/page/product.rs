//! Sheets about one product: its price, and a new one.

use super::{
    camera::scan_button,
    lazy::{Counter, counter},
};
use crate::{
    component::{icon, number_input, select, sheet, sheet_about, text_input, toasts},
    i18n::lang,
};
use dukandar_app::{
    plain::typed::{parse_money, parse_pieces},
    state::{AppState, NewProduct, app},
};
use dukandar_core::{
    id::ProductId,
    insight::catalog::CatalogItem,
    money::Paisa,
    quantity::Quantity,
    record::{CountLine, PriceKind, ProductFields},
};
use leptos::{ev, prelude::*, task::spawn_local};

/// What a sheet is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// Which product.
    pub id: ProductId,
    /// As shown.
    pub name: String,
    /// Its price now.
    pub price: Option<Paisa>,
    /// On the shelf by the books.
    pub on_hand: Option<Quantity>,
    /// Its cost, if known.
    pub cost: Option<Paisa>,
    /// Its floor, if the owner set one.
    pub floor: Option<Paisa>,
}

impl From<&CatalogItem> for Subject {
    fn from(item: &CatalogItem) -> Self {
        Self {
            id: item.id,
            name: item.name.clone(),
            price: item.price,
            on_hand: item.on_hand,
            cost: item.cost,
            floor: item.floor,
        }
    }
}

/// One number about a product: asked for, checked, handed on.
fn number_sheet(
    subject: RwSignal<Option<Subject>>,
    name: &'static str,
    title: impl Fn(&Subject) -> String + Copy + Send + Sync + 'static,
    label: impl Fn() -> &'static str + Copy + Send + Sync + 'static,
    hint: impl Fn(&Subject) -> String + Copy + Send + Sync + 'static,
    submit: impl Fn(Subject, &str) -> bool + Copy + Send + Sync + 'static,
) -> AnyView {
    sheet_about(subject, title, name, move |open, about| {
        let (value, wrong) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
        let below = hint(&about);
        let on_submit = move |event: ev::SubmitEvent| {
            event.prevent_default();
            if submit(about.clone(), &value.get_untracked()) {
                open.set(false);
            } else {
                wrong.set(Some(lang().t().stock.bad_number.to_owned()));
            }
        };
        view! {
            <form class="sheet-body" on:submit=on_submit>
                {number_input(label(), below, value, wrong.into(), name)}
                <button class="button primary tall" type="submit" data-testid="save">{lang().t().common.save}</button>
            </form>
        }
        .into_any()
    })
}

/// Asks for a price and sets it from now on. `then` gets it too.
pub fn price_sheet(subject: RwSignal<Option<Subject>>, then: Callback<(Subject, Paisa)>) -> AnyView {
    let (app, toasts) = (app(), toasts());
    let submit = move |about: Subject, text: &str| {
        let Some(price) = parse_money(text).filter(|price| *price > Paisa::ZERO) else { return false };
        then.run((about.clone(), price));
        spawn_local(async move {
            let lang = untrack(lang);
            match app.set_price(about.id, PriceKind::Retail, price).await {
                Ok(()) => {
                    let amount = lang.money(price, untrack(|| app.currency()));
                    let words = lang.fill(lang.t().stock.price_saved, &[&about.name, &amount]);
                    match about.price {
                        Some(before) => toasts.undo(words, move || price_back(app, about.id, before)),
                        None => toasts.say(words),
                    }
                }
                Err(problem) => toasts.say(lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)])),
            }
        });
        true
    };
    let title = |about: &Subject| lang().fill(lang().t().sell.price_of, &[&about.name]);
    let hint = move |about: &Subject| {
        about.price.map(|price| lang().money(price, app.currency())).unwrap_or_default()
    };
    number_sheet(subject, "price", title, || lang().t().stock.price, hint, submit)
}

/// Asks for the floor: nobody but the owner sells below it.
pub fn floor_sheet(subject: RwSignal<Option<Subject>>) -> AnyView {
    let (app, toasts) = (app(), toasts());
    let submit = move |about: Subject, text: &str| {
        let Some(floor) = parse_money(text) else { return false };
        spawn_local(async move {
            let lang = untrack(lang);
            toasts.say(match app.set_price(about.id, PriceKind::Floor, floor).await {
                Ok(()) => {
                    let amount = lang.money(floor, untrack(|| app.currency()));
                    lang.fill(lang.t().bargain.floor_said, &[&about.name, &amount])
                }
                Err(problem) => lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)]),
            });
        });
        true
    };
    let title = |about: &Subject| lang().fill(lang().t().bargain.floor_of, &[&about.name]);
    let hint = |_: &Subject| lang().t().bargain.floor_help.to_owned();
    number_sheet(subject, "floor", title, || lang().t().bargain.floor, hint, submit)
}

/// The price as it was; a further record.
fn price_back(app: AppState, product: ProductId, before: Paisa) {
    spawn_local(async move {
        if let Err(problem) = app.set_price(product, PriceKind::Retail, before).await {
            let lang = untrack(lang);
            toasts().say(lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)]));
        }
    });
}

/// The shelf as the books had it; a further count, so that what was sold in between still counts.
fn count_back(app: AppState, line: CountLine) {
    let back = CountLine { expected: line.counted, counted: line.expected, ..line };
    spawn_local(async move {
        if let Err(problem) = app.count_stock(vec![back]).await {
            let lang = untrack(lang);
            toasts().say(lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)]));
        }
    });
}

/// Asks what is on the shelf and writes the difference down.
pub fn count_sheet(subject: RwSignal<Option<Subject>>) -> AnyView {
    let (app, toasts) = (app(), toasts());
    let submit = move |about: Subject, text: &str| {
        let Some(counted) = parse_pieces(text) else { return false };
        spawn_local(async move {
            let lang = untrack(lang);
            let line = CountLine { product: about.id, expected: about.on_hand.unwrap_or_default(), counted };
            match app.count_stock(vec![line.clone()]).await {
                Ok(()) => {
                    let words =
                        lang.fill(lang.t().stock.count_saved, &[&about.name, &lang.quantity(counted)]);
                    toasts.undo(words, move || count_back(app, line.clone()));
                }
                Err(problem) => toasts.say(lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)])),
            }
        });
        true
    };
    let title = |about: &Subject| format!("{}: {}", lang().t().stock.count, about.name);
    let hint = |about: &Subject| {
        let books = lang().quantity(about.on_hand.unwrap_or_default());
        lang().fill(lang().t().stock.count_help, &[&books])
    };
    number_sheet(subject, "counted", title, || lang().t().stock.counted, hint, submit)
}

/// The fields of a new product as typed.
#[derive(Clone, Copy)]
struct Draft {
    name: RwSignal<String>,
    sku: RwSignal<String>,
    category: RwSignal<String>,
    brand: RwSignal<String>,
    price: RwSignal<String>,
    cost: RwSignal<String>,
    opening: RwSignal<String>,
    imeis: RwSignal<String>,
    wrong: RwSignal<Option<&'static str>>,
}

impl Draft {
    /// What was typed, or the field that is not right.
    fn read(self) -> Result<NewProduct, &'static str> {
        let text = |field: RwSignal<String>| {
            let text = field.get_untracked().trim().to_owned();
            (!text.is_empty()).then_some(text)
        };
        fn number<T>(
            text: Option<String>,
            name: &'static str,
            parse: fn(&str) -> Option<T>,
        ) -> Result<Option<T>, &'static str> {
            text.map(|text| parse(&text).ok_or(name)).transpose()
        }
        let fields = ProductFields {
            name: Some(text(self.name).ok_or("name")?),
            sku: text(self.sku),
            category: text(self.category),
            brand: text(self.brand),
            imei_count: self.imeis.get_untracked().parse().ok(),
            ..ProductFields::default()
        };
        Ok(NewProduct {
            fields,
            price: number(text(self.price), "price", |text| {
                parse_money(text).filter(|it| *it > Paisa::ZERO)
            })?,
            cost: number(text(self.cost), "cost", parse_money)?,
            on_hand: number(text(self.opening), "opening", parse_pieces)?,
        })
    }
}

/// A new product with its price and what lies on the shelf.
pub fn add_sheet(open: RwSignal<bool>) -> AnyView {
    let app = app();
    let title = Signal::derive(|| lang().t().stock.add_title.to_owned());
    sheet(open, title, "add-product", move || counter(Counter::AddProduct(app, open, String::new())))
}

/// A new product whose name somebody has said already.
pub fn add_named_sheet(name: RwSignal<Option<String>>) -> AnyView {
    let title = |_: &String| lang().t().stock.add_title.to_owned();
    sheet_about(name, title, "add-named", move |open, name| counter(Counter::AddProduct(app(), open, name)))
}

/// The sheet that takes a new product.
pub fn add_form(app: AppState, open: RwSignal<bool>, name: String) -> AnyView {
    let (lang, toasts) = (lang(), toasts());
    let t = &lang.t().stock;
    let empty = || RwSignal::new(String::new());
    let draft = Draft {
        name: RwSignal::new(name),
        sku: empty(),
        category: empty(),
        brand: empty(),
        price: empty(),
        cost: empty(),
        opening: empty(),
        imeis: RwSignal::new("0".to_owned()),
        wrong: RwSignal::new(None),
    };
    let wrong = move |name: &'static str| {
        let words = match name {
            "name" => t.need_name,
            "price" => lang.t().khata.bad_amount,
            _ => t.bad_number,
        };
        Signal::derive(move || (draft.wrong.get() == Some(name)).then(|| words.to_owned()))
    };
    let saving = RwSignal::new(false);
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let new = match draft.read() {
            Ok(new) => new,
            Err(field) => return draft.wrong.set(Some(field)),
        };
        draft.wrong.set(None);
        saving.set(true);
        let name = new.fields.name.clone().unwrap_or_default();
        spawn_local(async move {
            let done = app.add_product(new).await;
            saving.set(false);
            match done {
                Ok(_) => {
                    open.set(false);
                    toasts.say(lang.fill(t.saved, &[&name]));
                }
                Err(problem) => toasts.say(lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)])),
            }
        });
    };
    let optional = lang.t().common.optional;
    let pieces = ["0", "1", "2"].map(|number| (number.to_owned(), number.to_owned())).to_vec();
    let imeis = select(t.imeis, "", "imeis", pieces, draft.imeis.into(), move |value| draft.imeis.set(value));
    view! {
        <form class="sheet-body" on:submit=on_submit>
            {text_input(t.name, t.name_hint, draft.name, wrong("name"), "text", "name")}
            <div class="form two">
                {number_input(t.price, "", draft.price, wrong("price"), "price")}
                {number_input(t.opening, "", draft.opening, wrong("opening"), "opening")}
                <div class="search-row">
                    {text_input(t.sku, optional, draft.sku, wrong("sku"), "text", "sku")}
                    {scan_button(Callback::new(move |code| draft.sku.set(code)), None)}
                </div>
                {number_input(t.cost, optional, draft.cost, wrong("cost"), "cost")}
                {text_input(t.brand, optional, draft.brand, wrong("brand"), "text", "brand")}
                {text_input(t.category, optional, draft.category, wrong("category"), "text", "category")}
                <div class="field"><span class="label">{t.imeis}</span>{imeis}</div>
            </div>
            <button class="button primary tall" type="submit" data-testid="save" disabled=move || saving.get()>
                {icon("check")} {lang.t().common.save}
            </button>
        </form>
    }
    .into_any()
}
