//! Buying a used phone of somebody, for money or in exchange on a bill: what it is, who sells it, whether it is
//! stolen, photos.

use super::{
    camera::scan_button,
    day_forms::{choices, empty, wrong_line},
    now_and_shop,
    unit_facts::Facts,
    unit_list::blank,
};
use crate::{
    component::{field, icon, live, number_input, page_head, text_input, toasts},
    i18n::lang,
};
use dukandar_app::{
    plain::{
        cnic::cnic,
        imei_words::imei_fault,
        khata::is_phone,
        typed::parse_money,
        units::{known_words, place_words},
    },
    state::{Intake, Taken, app, small_photo},
};
use dukandar_core::{
    imei,
    insight::{
        catalog::CatalogItem,
        unit::{Piece, UnitAsk},
    },
    money::Paisa,
    record::{Condition, PaymentMethod, Person, PtaState, TheftCheck},
    role::Action,
    table::unit::Place,
    task::{Answer, Task},
};
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

const WAYS: [PaymentMethod; 4] =
    [PaymentMethod::Cash, PaymentMethod::JazzCash, PaymentMethod::Easypaisa, PaymentMethod::Bank];

/// What was typed, field by field.
#[derive(Clone, Copy)]
struct Form {
    name: RwSignal<String>,
    imei1: RwSignal<String>,
    imei2: RwSignal<String>,
    value: RwSignal<String>,
    seller: RwSignal<String>,
    phone: RwSignal<String>,
    cnic: RwSignal<String>,
    register: RwSignal<usize>,
    clear: RwSignal<bool>,
    reference: RwSignal<String>,
    way: RwSignal<usize>,
    /// CNIC and phone.
    photos: [RwSignal<Option<(String, usize)>>; 2],
    wrong: RwSignal<Option<(&'static str, String)>>,
}

impl Form {
    fn new() -> Self {
        Self {
            name: empty(),
            imei1: empty(),
            imei2: empty(),
            value: empty(),
            seller: empty(),
            phone: empty(),
            cnic: empty(),
            register: RwSignal::new(0),
            clear: RwSignal::new(true),
            reference: empty(),
            way: RwSignal::new(0),
            photos: [RwSignal::new(None), RwSignal::new(None)],
            wrong: RwSignal::new(None),
        }
    }

    fn wrong(self, name: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.wrong.with(|wrong| wrong.as_ref().filter(|it| it.0 == name).map(|it| it.1.clone()))
        })
    }

    /// The seller as typed; in exchange nobody need be named, as the bill's customer may be known.
    fn person(self, is_exchange: bool) -> Result<Option<Person>, (&'static str, String)> {
        let t = untrack(lang).t();
        let text = |field: RwSignal<String>| {
            let text = field.get_untracked().trim().to_owned();
            (!text.is_empty()).then_some(text)
        };
        let (name, phone, card) = (text(self.seller), text(self.phone), text(self.cnic));
        if name.is_none() && !(is_exchange && phone.is_none() && card.is_none()) {
            return Err(("seller", t.stock.need_name.to_owned()));
        }
        if phone.as_ref().is_some_and(|phone| !is_phone(phone)) {
            return Err(("phone", t.khata.bad_phone.to_owned()));
        }
        let card = card.map(|card| cnic(&card).ok_or(("cnic", t.units.bad_cnic.to_owned()))).transpose()?;
        if card.is_none() && !is_exchange {
            return Err(("cnic", t.units.bad_cnic.to_owned()));
        }
        let phones = phone.into_iter().collect();
        Ok(name.map(|name| Person { name: Some(name), phones, cnic: card, ..Person::default() }))
    }

    /// Everything, or the field that is not right; `known` are the products.
    fn read(
        self,
        known: &[CatalogItem],
        facts: Facts,
        is_exchange: bool,
    ) -> Result<Intake, (&'static str, String)> {
        let app = app();
        let lang = untrack(lang);
        let t = &lang.t().units;
        let name = self.name.get_untracked().trim().to_owned();
        if name.is_empty() {
            return Err(("used-name", lang.t().stock.need_name.to_owned()));
        }
        let item = known.iter().find(|item| item.name.eq_ignore_ascii_case(&name));
        if item.is_none() && !untrack(|| app.may(Action::EditProduct)) {
            return Err(("used-name", lang.t().trouble.forbidden.to_owned()));
        }
        let number = |text: RwSignal<String>, name: &'static str| {
            imei::read(&text.get_untracked()).map_err(|error| (name, imei_fault(lang, error)))
        };
        let imei1 = number(self.imei1, "imei1")?;
        let imei2 = match self.imei2.get_untracked().trim() {
            "" => None,
            _ => Some(number(self.imei2, "imei2")?),
        };
        if imei2.as_ref() == Some(&imei1) {
            return Err(("imei2", lang.fill(t.repeats, &["1"])));
        }
        let value = parse_money(&self.value.get_untracked()).filter(|value| *value > Paisa::ZERO);
        let value = value.ok_or_else(|| ("value", lang.t().khata.bad_amount.to_owned()))?;
        let seller = self.person(is_exchange)?;
        let known_seller = is_exchange.then(|| app.cart.with_untracked(|cart| cart.customer)).flatten();
        let photos: Vec<String> =
            self.photos.iter().filter_map(|photo| photo.get_untracked().map(|it| it.0)).collect();
        if !photos.is_empty() && seller.is_none() && known_seller.is_none() {
            return Err(("seller", lang.t().receive.whose_photos.to_owned()));
        }
        let register = self.register.get_untracked();
        let check = (register > 0).then(|| TheftCheck {
            // The register's own name, the same in every language.
            register: dukandar_app::plain::units::EN.registers[register.min(3)].to_owned(),
            on: untrack(|| app.today()),
            clear: self.clear.get_untracked(),
            reference: self.reference.get_untracked().trim().to_owned(),
        });
        if check.as_ref().is_some_and(|check| !check.clear) {
            return Err(("form", t.not_clear.to_owned()));
        }
        let product = item.map_or_else(|| app.fresh_product(), |item| item.id);
        let piece = Piece { imei1: Some(imei1.clone()), imei2, cost: Some(value), ..blank(app, product) };
        let piece = facts.put(piece).ok_or_else(|| ("form", lang.t().stock.bad_number.to_owned()))?;
        Ok(Intake {
            piece: Piece { cost: Some(value), warranty_months: None, ..piece },
            new_product: item.is_none(),
            value,
            paid: (!is_exchange).then(|| WAYS[self.way.get_untracked().min(3)]),
            cash_reason: lang.fill(t.cash_reason, &[&name, &imei1]),
            name,
            seller,
            known_seller,
            check,
            photos,
        })
    }
}

/// The page.
pub fn used() -> impl IntoView {
    let app = app();
    let is_exchange = use_query_map().with_untracked(|query| query.get("exchange").is_some());
    let catalog = app.ask(move || {
        let (now, shop) = now_and_shop(app);
        Some(Task::Catalog { shop, now })
    });
    let known = move || {
        catalog.with_untracked(|asked| match asked.answer() {
            Some(Answer::Catalog(catalog)) => catalog.items.clone(),
            _ => Vec::new(),
        })
    };
    let form = Form::new();
    let used =
        Piece { condition: Condition::Used, pta: PtaState::Unknown, ..blank(app, app.fresh_product()) };
    let facts = Facts::of(&used, untrack(|| app.today()));
    let saving = RwSignal::new(false);
    let navigate = use_navigate();
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if saving.get_untracked() {
            return;
        }
        let intake = match form.read(&known(), facts, is_exchange) {
            Ok(intake) => intake,
            Err(wrong) => {
                form.wrong.set(Some(wrong));
                return;
            }
        };
        form.wrong.set(None);
        saving.set(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            let done = settle(form, intake, is_exchange).await;
            saving.set(false);
            if let Some(path) = done {
                navigate(&path, NavigateOptions::default());
            }
        });
    };
    let head = move || {
        let t = &lang().t().units;
        let (title, help) = if is_exchange { (t.exchange, t.exchange_help) } else { (t.used, t.used_help) };
        page_head(title, help.to_owned(), ().into_any())
    };
    let names = live(move || {
        catalog.with(|asked| match asked.answer() {
            Some(Answer::Catalog(catalog)) => {
                let options =
                    catalog.items.iter().map(|item| view! { <option value=item.name.clone()></option> });
                Some(view! { <datalist id="known-phones">{options.collect_view()}</datalist> })
            }
            _ => None,
        })
    });
    let fields = move || fields(form, facts, is_exchange, saving);
    view! {
        {head}
        {names}
        <form class="stack" on:submit=on_submit>{live(fields)}</form>
    }
}

fn fields(form: Form, facts: Facts, is_exchange: bool, saving: RwSignal<bool>) -> AnyView {
    let lang = lang();
    let t = &lang.t().units;
    let optional = lang.t().common.optional;
    let name = field(t.product, t.product_help, form.wrong("used-name"), |id, about| {
        view! {
            <input
                class="input" id=id name="used-name" data-testid="used-name" list="known-phones" dir="auto" autocomplete="off"
                aria-describedby=about
                prop:value=move || form.name.get()
                on:input=move |event| form.name.set(event_target_value(&event))
            />
        }
        .into_any()
    });
    let scanned = Callback::new(move |code: String| match imei::read(&code) {
        Ok(number) => {
            let first = form.imei1.get_untracked();
            let into = if first.trim().is_empty() { form.imei1 } else { form.imei2 };
            if number != first {
                into.set(number);
            }
        }
        // Boxes carry other codes beside it.
        Err(error) => toasts().say(imei_fault(lang, error)),
    });
    let registers: Vec<_> = t.registers.iter().map(|words| (*words).to_owned()).enumerate().collect();
    let check = move || {
        (form.register.get() > 0).then(|| {
            view! {
                <label class="choice">
                    <input type="checkbox" data-testid="clear" prop:checked=move || form.clear.get() on:change=move |event| form.clear.set(event_target_checked(&event))/>
                    <span>{t.clear}</span>
                </label>
                {text_input(t.reference, optional, form.reference, Signal::stored(None), "text", "reference")}
            }
        })
    };
    let way = (!is_exchange).then(|| {
        let ways = WAYS.iter().map(|way| lang.method(*way).to_owned()).enumerate().collect();
        choices(t.paid_by, "way", ways, form.way)
    });
    let (value, words) = if is_exchange { (t.value_exchange, t.take) } else { (t.value, t.buy) };
    let seller_hint = if is_exchange { optional } else { "" };
    let sum = RwSignal::new(None);
    crate::component::watch(move || {
        let words =
            form.wrong.with(|wrong| wrong.as_ref().filter(|it| it.0 == "form").map(|it| it.1.clone()));
        sum.set(words);
    });
    view! {
        <section class="card stack">
            {name}
            <div class="form two">
                {text_input("IMEI", "", form.imei1, form.wrong("imei1"), "tel", "imei1")}
                {text_input(t.second_imei, optional, form.imei2, form.wrong("imei2"), "tel", "imei2")}
            </div>
            <div>{scan_button(scanned, None)}</div>
            {facts.fields(true)}
            {number_input(value, "", form.value, form.wrong("value"), "value")}
            {way}
        </section>
        <section class="card stack">
            <h2>{t.seller}</h2>
            <div class="form two">
                {text_input(lang.t().stock.name, seller_hint, form.seller, form.wrong("seller"), "text", "seller")}
                {text_input(lang.t().khata.phone, optional, form.phone, form.wrong("phone"), "tel", "phone")}
                {text_input(t.cnic, seller_hint, form.cnic, form.wrong("cnic"), "tel", "cnic")}
            </div>
        </section>
        <section class="card stack">
            <h2>{t.check}</h2>
            {choices(t.register, "register", registers, form.register)}
            {live(check)}
        </section>
        <section class="card stack">
            <h2>{t.photos}</h2>
            <div class="form two">
                {photo(t.photo_cnic, "photo-cnic", form.photos[0])}
                {photo(t.photo_phone, "photo-phone", form.photos[1])}
            </div>
        </section>
        {wrong_line(sum)}
        <button class="button primary tall wide" type="submit" data-testid="save" disabled=move || saving.get()>{icon("check")} {words}</button>
    }
    .into_any()
}

/// A photo: of the camera or out of a file, as the device offers. Made small at once.
fn photo(label: &'static str, name: &'static str, into: RwSignal<Option<(String, usize)>>) -> AnyView {
    let lang = untrack(lang);
    let t = &lang.t().units;
    let wrong = RwSignal::new(None::<String>);
    let take = move |event: ev::Event| {
        let input: web_sys::HtmlInputElement = event_target(&event);
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return into.set(None) };
        spawn_local(async move {
            let small = small_photo(file).await;
            wrong.set(small.is_none().then(|| t.photo_bad.to_owned()));
            into.set(small);
        });
    };
    let ready = move || {
        into.with(|photo| {
            photo.as_ref().map(|(data, bytes)| {
                let words = lang.fill(t.photo_ready, &[&lang.whole((bytes / 1_024) as i64)]);
                view! {
                    <p class="flow fine" data-testid=format!("{name}-ready")>
                        <img class="photo small" src=data.clone() alt=label/> {words}
                    </p>
                }
            })
        })
    };
    let input = field(label, t.photo_help, wrong.into(), |id, about| {
        view! { <input class="input" id=id type="file" accept="image/*" data-testid=name aria-describedby=about on:change=take/> }
            .into_any()
    });
    view! { <div>{input} {live(ready)}</div> }.into_any()
}

/// The number is looked up: in stock it is refused with its place, sold by this shop it comes back as the same piece.
/// Then it is bought, or waits on the bill. Gives the next page.
async fn settle(form: Form, mut intake: Intake, is_exchange: bool) -> Option<String> {
    let app = app();
    let lang = untrack(lang);
    let t = &lang.t().units;
    let fail = |words: String| {
        form.wrong.set(Some(("form", words)));
        None
    };
    let codes: Vec<String> =
        [&intake.piece.imei1, &intake.piece.imei2].into_iter().flatten().cloned().collect();
    let known = match app.units(UnitAsk::Codes(codes.clone())).await {
        Ok(known) => known.units,
        Err(problem) => return fail(lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)])),
    };
    if let Some(there) = known.iter().find(|line| !matches!(line.place, Place::Sold | Place::Gone)) {
        form.wrong.set(Some(("imei1", known_words(lang, &there.unit.codes(), there))));
        return None;
    }
    if let Some(before) = known.first() {
        intake.piece.id = before.unit.id;
        toasts().say(lang.fill(t.sold_before, &[&place_words(lang, before)]));
    }
    let waits = |taken: &Taken| taken.piece.imei1 == intake.piece.imei1;
    if app.held.with_untracked(|held| held.iter().any(|it| it.cart.taken.as_ref().is_some_and(waits))) {
        form.wrong.set(Some(("imei1", lang.t().receive.waits.to_owned())));
        return None;
    }
    if is_exchange {
        let name = intake.name.clone();
        return match app.take_in(intake).await {
            Ok(()) => {
                toasts().say(lang.fill(t.taken, &[&name]));
                Some("/pos".to_owned())
            }
            Err(problem) => fail(lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)])),
        };
    }
    match app.buy_used(intake).await {
        Ok(unit) => Some(format!("/units/{unit}")),
        Err(problem) => fail(lang.fill(lang.t().trouble.not_saved, &[&lang.problem(&problem)])),
    }
}
