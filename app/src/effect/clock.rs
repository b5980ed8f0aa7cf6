//! The device's clock and entropy. Core reads neither; what it needs is handed in from here.

use dukandar_core::{
    rng::Rng,
    time::{Timestamp, Zone},
};
use wasm_bindgen::{JsCast, JsValue};

/// Now, by the device's clock.
pub fn now() -> Timestamp {
    Timestamp(js_sys::Date::now() as i64)
}

/// The device's distance from UTC now.
pub fn zone() -> Zone {
    let west_minutes = js_sys::Date::new_0().get_timezone_offset();
    Zone { offset_minutes: -(west_minutes as i16) }
}

/// A generator seeded from the browser's entropy: for ids and keys.
pub fn entropy() -> Rng {
    let mut bytes = [0; 32];
    // Every browser that runs wasm has crypto.getRandomValues; without it ids would still differ by time.
    if getrandom::fill(&mut bytes).is_err() {
        bytes[..8].copy_from_slice(&js_sys::Math::random().to_bits().to_le_bytes());
        bytes[8..16].copy_from_slice(&js_sys::Date::now().to_bits().to_le_bytes());
    }
    Rng::from_entropy(bytes)
}

/// `performance` of the page or of the worker.
fn performance() -> Option<web_sys::Performance> {
    js_sys::Reflect::get(&js_sys::global(), &JsValue::from_str("performance")).ok()?.dyn_into().ok()
}

/// Milliseconds since this page or worker began.
pub fn elapsed_ms() -> f64 {
    performance().map_or(0.0, |performance| performance.now())
}

/// Writes a `performance.measure` entry from `start_ms` (of [`elapsed_ms`]) until now; benchmarks read them.
pub fn measure(name: &str, start_ms: f64) {
    let Some(performance) = performance() else { return };
    let options = js_sys::Object::new();
    let set = |key: &str, value: f64| js_sys::Reflect::set(&options, &key.into(), &value.into());
    let end_ms = performance.now();
    // A measure that cannot be written is a missing figure in a benchmark, nothing else.
    if set("start", start_ms).is_ok() && set("end", end_ms).is_ok() {
        let measure = js_sys::Reflect::get(&performance, &"measure".into());
        if let Ok(measure) = measure.and_then(JsCast::dyn_into::<js_sys::Function>) {
            let _ = measure.call2(&performance, &name.into(), &options);
        }
    }
}

/// Comes back after this many milliseconds.
pub async fn sleep(ms: u32) {
    let woken = js_sys::Promise::new(&mut |resolve, _| {
        gloo::timers::callback::Timeout::new(ms, move || {
            let _ = resolve.call0(&JsValue::NULL);
        })
        .forget();
    });
    // A promise that is only ever resolved.
    let _ = wasm_bindgen_futures::JsFuture::from(woken).await;
}

/// Lets waiting messages in: comes back in a later turn of the event loop, without a timer's four milliseconds.
pub async fn turn() {
    let Ok(channel) = web_sys::MessageChannel::new() else { return sleep(0).await };
    let (near, far) = (channel.port1(), channel.port2());
    let woken = js_sys::Promise::new(&mut |resolve, _| near.set_onmessage(Some(&resolve)));
    if far.post_message(&JsValue::NULL).is_ok() {
        let _ = wasm_bindgen_futures::JsFuture::from(woken).await;
    }
    near.close();
}
