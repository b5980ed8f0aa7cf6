//! The camera as a scanner: a button, and the sheet that it opens. What it reads goes where a scanner's codes go.

use super::lazy::{self, Page};
use crate::{
    component::{bdi, icon, live, select, sheet, toasts},
    i18n::lang,
};
use dukandar_app::{
    plain::scan::Sightings,
    state::{Camera, CameraTrouble, cameras, next_look, open_camera},
};
use leptos::{html, prelude::*, task::spawn_local};
use web_sys::HtmlVideoElement;

/// Where codes go that are read.
#[derive(Clone, Copy)]
pub struct Into(pub Callback<String>);

/// The button, and its sheet. `closed` runs when the sheet is closed again.
pub fn scan_button(into: Callback<String>, closed: Option<Callback<()>>) -> AnyView {
    let open = RwSignal::new(false);
    crate::component::watch(move || {
        if !open.get()
            && let Some(closed) = closed
        {
            closed.run(());
        }
    });
    let title = Signal::derive(|| lang().t().camera.scan.to_owned());
    view! {
        <button
            class="button square camera-open no-print" type="button" data-testid="camera-open" aria-haspopup="dialog"
            aria-label=move || lang().t().camera.scan title=move || lang().t().camera.scan
            on:click=move |_| open.set(true)
        >
            {icon("scan-barcode")}
        </button>
        {sheet(open, title, "camera", move || lazy::lazy(Page::Camera(Into(into)))())}
    }
    .into_any()
}

/// How far the camera is.
#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Opening,
    Looking,
    Failed(CameraTrouble),
}

#[derive(Clone, Copy)]
struct Sheet {
    into: Callback<String>,
    video: NodeRef<html::Video>,
    stage: RwSignal<Stage>,
    /// Which camera was chosen, and which there are.
    chosen: RwSignal<Option<String>>,
    all: RwSignal<Vec<(String, String)>>,
    has_lamp: RwSignal<bool>,
    lit: RwSignal<bool>,
    last: RwSignal<Option<String>>,
    count: RwSignal<u64>,
    /// Counts openings: a camera of an earlier one ends.
    run: StoredValue<u32>,
}

/// What the sheet shows.
pub fn scanner(Into(into): Into) -> AnyView {
    let it = Sheet {
        into,
        video: NodeRef::new(),
        stage: RwSignal::new(Stage::Opening),
        chosen: RwSignal::new(None),
        all: RwSignal::new(Vec::new()),
        has_lamp: RwSignal::new(false),
        lit: RwSignal::new(false),
        last: RwSignal::new(None),
        count: RwSignal::new(0),
        run: StoredValue::new(0),
    };
    crate::component::watch(move || {
        if let Some(video) = it.video.get() {
            it.start(video);
        }
    });
    let again = move |_| {
        if let Some(video) = it.video.get_untracked() {
            it.start(video);
        }
    };
    let trouble = live(move || {
        let Stage::Failed(trouble) = it.stage.get() else { return None };
        let lang = lang();
        Some(view! {
            <div class="empty" role="alert" data-testid="camera-trouble">
                {icon("triangle-alert")}
                <p>{words(trouble)}</p>
                <p class="sub">{lang.t().camera.go_on}</p>
                <div class="actions">
                    <button class="button" type="button" data-testid="camera-again" on:click=again>{icon("refresh-cw")} {lang.t().common.retry}</button>
                </div>
            </div>
        })
    });
    let said = live(move || {
        let lang = lang();
        let t = &lang.t().camera;
        match (it.stage.get(), it.last.get()) {
            (Stage::Failed(_), _) => None,
            (Stage::Opening, _) => Some(view! { <p class="fine">{t.opening}</p> }.into_any()),
            (Stage::Looking, None) => Some(view! { <p class="fine">{t.hint}</p> }.into_any()),
            (Stage::Looking, Some(code)) => {
                let count = lang.plural(t.count, it.count.get());
                let read = t.read.replace("{0}", "");
                Some(
                    view! { <p><b>{read} {bdi(code)}</b> " · " <span class="fine">{count}</span></p> }
                        .into_any(),
                )
            }
        }
    });
    // A message of the page would lie behind the sheet.
    let message =
        live(move || toasts().latest().map(|text| view! { <p data-testid="camera-said">{text}</p> }));
    view! {
        <div class="sheet-body camera-body">
            <div class="camera-view" hidden=move || matches!(it.stage.get(), Stage::Failed(_))>
                <video node_ref=it.video playsinline muted data-testid="camera-video" aria-label=move || lang().t().camera.hint></video>
                <i class="camera-line" aria-hidden="true"></i>
            </div>
            {trouble}
            <div role="status" aria-live="polite" data-testid="camera-read">{said} {message}</div>
            {live(move || it.tools())}
        </div>
    }
    .into_any()
}

impl Sheet {
    /// The lamp, and the choice between cameras.
    fn tools(self) -> AnyView {
        let lang = lang();
        let t = &lang.t().camera;
        if self.stage.get() != Stage::Looking {
            return ().into_any();
        }
        let lamp = self.has_lamp.get().then(|| {
            view! {
                <button
                    class="button" type="button" data-testid="camera-light" aria-pressed=move || self.lit.get().to_string()
                    on:click=move |_| self.lit.update(|lit| *lit = !*lit)
                >
                    {icon("zap")} {t.light}
                </button>
            }
        });
        let all = self.all.get();
        let which = (all.len() > 1).then(|| {
            let choices = all.into_iter().enumerate().map(|(at, (id, name))| {
                let name =
                    if name.is_empty() { lang.fill(t.nameless, &[&lang.whole(at as i64 + 1)]) } else { name };
                (id, name)
            });
            let chosen = Signal::derive(move || self.chosen.get().unwrap_or_default());
            let change = move |id: String| {
                self.chosen.set(Some(id));
                if let Some(video) = self.video.get_untracked() {
                    self.start(video);
                }
            };
            select(t.which, "", "camera-which", choices.collect(), chosen, change)
        });
        view! { <div class="flow">{lamp} {which}</div> }.into_any()
    }

    /// Opens the camera and reads until the sheet closes, another camera is chosen, or something goes wrong.
    fn start(self, video: HtmlVideoElement) {
        let run = self.run.get_value() + 1;
        self.run.set_value(run);
        self.stage.set(Stage::Opening);
        spawn_local(async move {
            if let Err(trouble) = self.read(&video, run).await
                && self.is_on(run)
            {
                self.stage.set(Stage::Failed(trouble));
            }
        });
    }

    /// Whether the sheet is still there and its camera still this one.
    fn is_on(self, run: u32) -> bool {
        self.run.try_get_value() == Some(run)
    }

    async fn read(self, video: &HtmlVideoElement, run: u32) -> Result<(), CameraTrouble> {
        let mut seen = Sightings::default();
        while self.is_on(run) {
            let mut shines = false;
            let chosen = self.chosen.get_untracked();
            let mut camera = open_camera(video, chosen.as_deref()).await?;
            if !self.is_on(run) {
                break;
            }
            self.ready(&camera, cameras().await, run);
            // A page that nobody sees has no use for the camera: it is off until the page comes back.
            while self.is_on(run) && !document().hidden() {
                self.look(&mut camera, &mut seen, run).await?;
                let lit = self.lit.try_get_untracked().unwrap_or_default();
                if lit != shines {
                    camera.light(lit);
                    shines = lit;
                }
            }
            drop(camera);
            while self.is_on(run) && document().hidden() {
                next_look().await;
            }
        }
        Ok(())
    }

    fn ready(self, camera: &Camera, all: Vec<(String, String)>, run: u32) {
        if !self.is_on(run) {
            return;
        }
        self.has_lamp.set(camera.has_lamp());
        if self.chosen.get_untracked().is_none() {
            self.chosen.set(camera.id());
        }
        self.all.set(all);
        self.stage.set(Stage::Looking);
    }

    async fn look(self, camera: &mut Camera, seen: &mut Sightings, run: u32) -> Result<(), CameraTrouble> {
        let at_ms = next_look().await;
        if !self.is_on(run) {
            return Ok(());
        }
        let read = camera.look().await?;
        let Some(code) = read.filter(|code| self.is_on(run) && seen.counts(code, at_ms)) else {
            return Ok(());
        };
        camera.acknowledge();
        self.last.set(Some(code.clone()));
        self.count.update(|count| *count += 1);
        self.into.run(code);
        Ok(())
    }
}

fn words(trouble: CameraTrouble) -> &'static str {
    let t = &lang().t().camera;
    match trouble {
        CameraTrouble::Insecure => t.insecure,
        CameraTrouble::Refused => t.refused,
        CameraTrouble::Missing => t.missing,
        CameraTrouble::Busy => t.busy,
        CameraTrouble::Stopped => t.stopped,
        CameraTrouble::NoReader => t.no_reader,
    }
}
