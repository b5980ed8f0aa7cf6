//! The camera as a scanner: its picture, its lamp, and whoever reads codes in this browser.

use super::by_name::{call, get, invoke, object};
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement, Worker, WorkerOptions, WorkerType,
};

/// Why there is no picture, or none is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CameraTrouble {
    /// The address is not a secure one: browsers give no camera to it.
    Insecure,
    /// Whoever was asked said no.
    Refused,
    /// There is none.
    Missing,
    /// Another app has it.
    Busy,
    /// It stopped: unplugged, or taken away.
    Stopped,
    /// The part that reads codes could not be had.
    NoReader,
}

/// Part of the picture, around its middle, that is looked at: of its width and of its height.
const SEEN: (f64, f64) = (0.9, 0.3);
/// Widest picture that is read.
const WIDEST: f64 = 1_024.0;
/// Written by Trunk beside the page.
const SCRIPT: &str = "/scan_loader.js";
/// What is read, by the names of the browser's own reader: the same codes as ours.
const FORMATS: [&str; 5] = ["ean_13", "ean_8", "upc_a", "upc_e", "code_128"];
/// Without these two the browser's reader is no help.
const NEEDED: [&str; 2] = ["ean_13", "code_128"];

/// An open camera. Dropped, it is off.
pub struct Camera {
    stream: JsValue,
    track: JsValue,
    video: HtmlVideoElement,
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    reader: Reader,
    sound: JsValue,
}

fn devices() -> Result<JsValue, CameraTrouble> {
    let window = web_sys::window().ok_or(CameraTrouble::Missing)?;
    let devices = get(&window.navigator(), "mediaDevices");
    if devices.is_object() {
        return Ok(devices);
    }
    Err(if window.is_secure_context() { CameraTrouble::Missing } else { CameraTrouble::Insecure })
}

fn trouble(error: &JsValue) -> CameraTrouble {
    match get(error, "name").as_string().as_deref() {
        Some("NotAllowedError" | "SecurityError") => CameraTrouble::Refused,
        Some("NotReadableError" | "AbortError") => CameraTrouble::Busy,
        _ => CameraTrouble::Missing,
    }
}

/// Opens a camera (of this id, else the one that looks away from the screen) and shows its picture in `video`.
pub async fn open(video: &HtmlVideoElement, id: Option<&str>) -> Result<Camera, CameraTrouble> {
    let devices = devices()?;
    let which = match id {
        Some(id) => ("deviceId", object(&[("exact", id.into())])),
        None => ("facingMode", object(&[("ideal", "environment".into())])),
    };
    let ideal = |pixels: u32| object(&[("ideal", pixels.into())]);
    let picture = object(&[which, ("width", ideal(1_280)), ("height", ideal(720))]);
    let asked = object(&[("audio", false.into()), ("video", picture)]);
    let stream = call(&devices, "getUserMedia", &[asked]).await.map_err(|error| trouble(&error))?;
    let track =
        invoke(&stream, "getVideoTracks", &[]).map_or(JsValue::UNDEFINED, |all| Array::from(&all).get(0));
    let (canvas, context) = canvas().ok_or(CameraTrouble::Missing)?;
    let sound = get(&js_sys::global(), "AudioContext").dyn_into::<Function>();
    let sound = sound.and_then(|class| Reflect::construct(&class, &Array::new()));
    let camera = Camera {
        stream,
        track,
        video: video.clone(),
        canvas,
        context,
        reader: Reader::find().await?,
        sound: sound.unwrap_or(JsValue::UNDEFINED),
    };
    // A video element takes a stream, and plays it: it is mute.
    let _ = Reflect::set(video, &"srcObject".into(), &camera.stream);
    let _ = call(video, "play", &[]).await;
    Ok(camera)
}

fn canvas() -> Option<(HtmlCanvasElement, CanvasRenderingContext2d)> {
    let document = web_sys::window()?.document()?;
    let canvas: HtmlCanvasElement = document.create_element("canvas").ok()?.unchecked_into();
    let options = object(&[("willReadFrequently", true.into())]);
    let context = canvas.get_context_with_context_options("2d", &options).ok()??;
    Some((canvas, context.unchecked_into()))
}

impl Drop for Camera {
    fn drop(&mut self) {
        // Whatever is off already stays off.
        for track in
            invoke(&self.stream, "getTracks", &[]).map_or_else(|_| Array::new(), |all| Array::from(&all))
        {
            let _ = invoke(&track, "stop", &[]);
        }
        if get(&self.video, "srcObject") == self.stream {
            let _ = Reflect::set(&self.video, &"srcObject".into(), &JsValue::NULL);
        }
        let _ = invoke(&self.sound, "close", &[]);
    }
}

impl Camera {
    /// The code under the line now, if there is one.
    pub async fn look(&mut self) -> Result<Option<String>, CameraTrouble> {
        if get(&self.track, "readyState").as_string().as_deref() == Some("ended") {
            return Err(CameraTrouble::Stopped);
        }
        let (wide, high) = (f64::from(self.video.video_width()), f64::from(self.video.video_height()));
        if wide < 1.0 || high < 1.0 {
            return Ok(None);
        }
        let (part_wide, part_high) = (wide * SEEN.0, high * SEEN.1);
        let scale = (WIDEST / part_wide).min(1.0);
        let (to_wide, to_high) = ((part_wide * scale).floor(), (part_high * scale).floor().max(1.0));
        if f64::from(self.canvas.width()) != to_wide || f64::from(self.canvas.height()) != to_high {
            self.canvas.set_width(to_wide as u32);
            self.canvas.set_height(to_high as u32);
        }
        let (x, y) = ((wide - part_wide) / 2.0, (high - part_high) / 2.0);
        let drawn =
            self.context.draw_image_with_html_video_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
                &self.video,
                x,
                y,
                part_wide,
                part_high,
                0.0,
                0.0,
                to_wide,
                to_high,
            );
        // A frame that is not there yet is not read.
        if drawn.is_err() {
            return Ok(None);
        }
        self.reader.read(&self.canvas, &self.context).await
    }

    /// The id of the camera that was opened.
    pub fn id(&self) -> Option<String> {
        let settings = invoke(&self.track, "getSettings", &[]).ok()?;
        get(&settings, "deviceId").as_string()
    }

    /// Whether it has a lamp.
    pub fn has_lamp(&self) -> bool {
        invoke(&self.track, "getCapabilities", &[]).is_ok_and(|able| get(&able, "torch").is_truthy())
    }

    /// Switches its lamp. One that does not obey is seen to.
    pub fn light(&self, on: bool) {
        let wanted = object(&[("advanced", Array::of1(&object(&[("torch", on.into())])).into())]);
        let _ = invoke(&self.track, "applyConstraints", &[wanted]);
    }

    /// A short high sound and a short shake, where the device has them.
    pub fn acknowledge(&self) {
        if let Some(window) = web_sys::window() {
            let _ = invoke(&window.navigator(), "vibrate", &[60.into()]);
        }
        let made = invoke(&self.sound, "createOscillator", &[]);
        let Ok(tone) = made else { return };
        let now = get(&self.sound, "currentTime").as_f64().unwrap_or_default();
        // Without its sound a reading still shows.
        let _ = Reflect::set(&get(&tone, "frequency"), &"value".into(), &1_320.into());
        let _ = invoke(&tone, "connect", &[get(&self.sound, "destination")]);
        let _ = invoke(&tone, "start", &[now.into()]);
        let _ = invoke(&tone, "stop", &[(now + 0.08).into()]);
    }
}

/// All cameras: id and name. Names are told once one was allowed.
pub async fn cameras() -> Vec<(String, String)> {
    let Ok(devices) = devices() else { return Vec::new() };
    let all =
        call(&devices, "enumerateDevices", &[]).await.map_or_else(|_| Array::new(), |all| Array::from(&all));
    let text = |of: &JsValue, name: &str| get(of, name).as_string().unwrap_or_default();
    let videos = all.iter().filter(|it| text(it, "kind") == "videoinput");
    videos.map(|it| (text(&it, "deviceId"), text(&it, "label"))).collect()
}

/// Who reads codes.
enum Reader {
    /// The browser itself.
    Browser(JsValue),
    /// Our worker.
    Own(Own),
}

/// Our worker; dropped, it ends.
struct Own(Worker);

impl Drop for Own {
    fn drop(&mut self) {
        self.0.terminate();
    }
}

impl Own {
    /// Starts it and waits until it listens.
    async fn start() -> Result<Self, CameraTrouble> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(SCRIPT, &options).map_err(|_| CameraTrouble::NoReader)?;
        let own = Self(worker);
        own.said(|| {}).await?;
        Ok(own)
    }

    /// What it says next, after this was done.
    async fn said(&self, act: impl FnOnce()) -> Result<JsValue, CameraTrouble> {
        let said = Promise::new(&mut |resolve, reject| {
            self.0.set_onmessage(Some(&resolve));
            self.0.set_onerror(Some(&reject));
        });
        act();
        let event = JsFuture::from(said).await.map_err(|_| CameraTrouble::NoReader)?;
        Ok(get(&event, "data"))
    }
}

impl Reader {
    async fn find() -> Result<Self, CameraTrouble> {
        match of_browser().await {
            Some(detector) => Ok(Self::Browser(detector)),
            None => Own::start().await.map(Self::Own),
        }
    }

    async fn read(
        &mut self,
        canvas: &HtmlCanvasElement,
        context: &CanvasRenderingContext2d,
    ) -> Result<Option<String>, CameraTrouble> {
        match self {
            Self::Browser(detector) => match call(detector, "detect", &[canvas.into()]).await {
                Ok(found) => Ok(nearest(&Array::from(&found), f64::from(canvas.height()) / 2.0)),
                // On some phones it is there by name and does not work.
                Err(_) => {
                    *self = Self::Own(Own::start().await?);
                    Ok(None)
                }
            },
            Self::Own(own) => {
                let (wide, high) = (canvas.width(), canvas.height());
                let picture = context.get_image_data(0.0, 0.0, f64::from(wide), f64::from(high));
                let Ok(picture) = picture else { return Ok(None) };
                let pixels = get(&get(&picture, "data"), "buffer");
                let parts = Array::of3(&pixels, &wide.into(), &high.into());
                let send = || {
                    // Fails only for what cannot be handed over; pixels can.
                    let _ = own.0.post_message_with_transfer(&parts, &Array::of1(&pixels));
                };
                Ok(own.said(send).await?.as_string())
            }
        }
    }
}

/// The browser's own reader, where it reads what is needed.
async fn of_browser() -> Option<JsValue> {
    let class: Function = get(&js_sys::global(), "BarcodeDetector").dyn_into().ok()?;
    let formats = Array::from(&call(&class, "getSupportedFormats", &[]).await.ok()?);
    let known = |name: &&str| formats.includes(&JsValue::from_str(name), 0);
    if !NEEDED.iter().all(known) {
        return None;
    }
    let wanted: Array =
        FORMATS.iter().filter(|name| known(name)).map(|name| JsValue::from_str(name)).collect();
    Reflect::construct(&class, &Array::of1(&object(&[("formats", wanted.into())]))).ok()
}

/// Of several codes the one under the line.
fn nearest(found: &Array, middle: f64) -> Option<String> {
    let away = |it: &JsValue| {
        let frame = get(it, "boundingBox");
        let side = |name: &str| get(&frame, name).as_f64().unwrap_or_default();
        (side("y") + side("height") / 2.0 - middle).abs()
    };
    let first = found.iter().min_by(|a, b| away(a).total_cmp(&away(b)))?;
    get(&first, "rawValue").as_string().map(|code| code.trim().to_owned()).filter(|code| !code.is_empty())
}
