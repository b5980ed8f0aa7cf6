//! A receipt printer by WebUSB or Web Serial, where the browser has them: bytes go out, nothing is read.
//!
//! The device is opened for each paper and closed after it, so that another tab, or a printer that was unplugged between
//! two customers, is met afresh each time.

use super::by_name::{call, get, object, said};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;

/// The way to the printer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A USB device of the printer class.
    Usb,
    /// A serial port: a cable's, or that of a paired Bluetooth printer.
    Serial,
}

/// Why nothing, or not all, was printed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrinterTrouble {
    /// The browser has no such interface, or no printer was chosen in its list.
    #[error("no printer was allowed")]
    Refused,
    /// The printer that was allowed is not there: off, unplugged, out of reach.
    #[error("the printer is not there")]
    Gone,
    /// It stopped in between.
    #[error("the printer stopped: {0}")]
    Failed(String),
}

/// Class of printers in USB's list of device classes.
const PRINTER_CLASS: u8 = 7;
/// Speed of a serial port; what printers are set to when they are sold.
const BAUD: u32 = 9_600;
/// Bytes given to a USB printer at once.
const CHUNK: usize = 4_096;

fn interface(way: Way) -> JsValue {
    let name = match way {
        Way::Usb => "usb",
        Way::Serial => "serial",
    };
    web_sys::window().map_or(JsValue::UNDEFINED, |window| get(&window.navigator(), name))
}

/// Whether the browser has that way.
pub fn is_here(way: Way) -> bool {
    interface(way).is_object()
}

/// Opens the browser's own list; what is chosen there stays allowed. Only on a tap.
pub async fn choose(way: Way) -> Result<(), PrinterTrouble> {
    let (method, asked) = match way {
        Way::Usb => {
            let class = object(&[("classCode", PRINTER_CLASS.into())]);
            ("requestDevice", vec![object(&[("filters", Array::of1(&class).into())])])
        }
        Way::Serial => ("requestPort", Vec::new()),
    };
    call(&interface(way), method, &asked).await.map(drop).map_err(|_| PrinterTrouble::Refused)
}

/// The printer that was allowed before.
async fn allowed(way: Way) -> Result<JsValue, PrinterTrouble> {
    let method = match way {
        Way::Usb => "getDevices",
        Way::Serial => "getPorts",
    };
    let found = call(&interface(way), method, &[]).await.map_err(|_| PrinterTrouble::Refused)?;
    let first = Array::from(&found).get(0);
    if first.is_object() { Ok(first) } else { Err(PrinterTrouble::Gone) }
}

/// The browser forgets the printer.
pub async fn forget(way: Way) {
    if let Ok(printer) = allowed(way).await {
        // One that the browser does not let go of is chosen anew the next time.
        let _ = call(&printer, "forget", &[]).await;
    }
}

/// Sends the bytes; when this returns `Ok`, the printer has taken all of them.
pub async fn send(way: Way, bytes: &[u8]) -> Result<(), PrinterTrouble> {
    let printer = allowed(way).await?;
    let bytes = Uint8Array::from(bytes);
    let sent = match way {
        Way::Usb => send_usb(&printer, &bytes).await,
        Way::Serial => send_serial(&printer, &bytes).await,
    };
    // Closed whether it went well or not; one that is gone is closed already.
    let _ = call(&printer, "close", &[]).await;
    sent
}

async fn send_serial(port: &JsValue, bytes: &Uint8Array) -> Result<(), PrinterTrouble> {
    let speed = object(&[("baudRate", BAUD.into())]);
    call(port, "open", &[speed]).await.map_err(|_| PrinterTrouble::Gone)?;
    let failed = |error: JsValue| PrinterTrouble::Failed(said(&error));
    let writer = call(&get(port, "writable"), "getWriter", &[]).await.map_err(failed)?;
    let written = call(&writer, "write", &[bytes.into()]).await;
    // The port closes only once nobody writes.
    let _ = call(&writer, "releaseLock", &[]).await;
    written.map(drop).map_err(failed)
}

async fn send_usb(device: &JsValue, bytes: &Uint8Array) -> Result<(), PrinterTrouble> {
    call(device, "open", &[]).await.map_err(|_| PrinterTrouble::Gone)?;
    let failed = |error: JsValue| PrinterTrouble::Failed(said(&error));
    if get(device, "configuration").is_null() {
        call(device, "selectConfiguration", &[1.into()]).await.map_err(failed)?;
    }
    let (number, endpoint) = outlet(device).ok_or_else(|| PrinterTrouble::Failed("USB".to_owned()))?;
    call(device, "claimInterface", &[number]).await.map_err(failed)?;
    let length = bytes.length();
    for start in (0..length).step_by(CHUNK) {
        let part = bytes.slice(start, (start + CHUNK as u32).min(length));
        call(device, "transferOut", &[endpoint.clone(), part.into()]).await.map_err(failed)?;
    }
    Ok(())
}

/// The printer's interface and the endpoint that takes bytes.
fn outlet(device: &JsValue) -> Option<(JsValue, JsValue)> {
    for interface in Array::from(&get(&get(device, "configuration"), "interfaces")) {
        for alternate in Array::from(&get(&interface, "alternates")) {
            if get(&alternate, "interfaceClass").as_f64() != Some(f64::from(PRINTER_CLASS)) {
                continue;
            }
            for endpoint in Array::from(&get(&alternate, "endpoints")) {
                let is_out = get(&endpoint, "direction").as_string().as_deref() == Some("out");
                if is_out && get(&endpoint, "type").as_string().as_deref() == Some("bulk") {
                    return Some((get(&interface, "interfaceNumber"), get(&endpoint, "endpointNumber")));
                }
            }
        }
    }
    None
}
