//! Starting and stopping: the server's key, the listener, an orderly end.

use crate::{
    http,
    lan::{Lan, Ports},
    service::Service,
    store,
};
use anyhow::Context as _;
use axum_server::Handle;
use dukandar_core::privacy::seal::SecretKey;
use std::{
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    time::Duration,
};

/// How long requests under way may take to finish once the server is told to stop.
pub const DRAIN: Duration = Duration::from_secs(10);

/// What `dukandar serve` was asked.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen.
    pub addr: SocketAddr,
    /// The built app.
    pub dist: PathBuf,
    /// Database, keys and certificates.
    pub data: PathBuf,
    /// Another database than SQLite in `data`.
    pub database_url: Option<String>,
    /// Where to serve the shop's network as well, with TLS.
    pub lan: Option<Ports>,
}

/// The service of these options, its schema up to date.
pub async fn service(options: &Options) -> anyhow::Result<Service> {
    let key = server_key(&options.data)?;
    let store =
        store::open(options.database_url.as_deref(), &options.data).await.context("opening the database")?;
    Ok(Service::new(store, key).await?)
}

/// Serves until told to stop.
pub async fn serve(options: &Options) -> anyhow::Result<()> {
    let service = service(options).await?;
    let store = service.store.clone();
    if !options.dist.join("index.html").is_file() {
        tracing::warn!(dist = %options.dist.display(), "no index.html there: only the API is served");
    }
    let app = http::router(service, &options.dist);
    let listener = TcpListener::bind(options.addr)
        .with_context(|| format!("listening on {}: is another server running there?", options.addr))?;
    listener.set_nonblocking(true)?;
    let lan = match options.lan {
        Some(ports) => Some(Lan::open(&options.data, ports).await?),
        None => None,
    };
    let address = listener.local_addr()?;
    tracing::info!(store = store.name(), %address, "serving");
    say(&format!("Dukandar is at http://{address}"));

    let handles: [Handle<SocketAddr>; 3] = std::array::from_fn(|_| Handle::new());
    let stopping = tokio::spawn(stop(handles.clone()));
    let [here, for_app, for_page] = handles;
    let make = app.clone().into_make_service_with_connect_info::<SocketAddr>();
    let plain = async { Ok(axum_server::from_tcp(listener)?.handle(here).serve(make).await?) };
    let in_shop = async {
        match lan {
            Some(lan) => {
                lan.announce();
                lan.serve(app, [for_app, for_page]).await
            }
            None => anyhow::Ok(()),
        }
    };
    tokio::try_join!(plain, in_shop)?;
    stopping.abort();
    store.pool().close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Tells the person at the terminal; one who has closed it wants no answer.
pub fn say(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Waits for ctrl-c or SIGTERM, then lets requests under way finish.
async fn stop(handles: [Handle<SocketAddr>; 3]) {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        },
        Err(error) => {
            tracing::warn!(%error, "SIGTERM cannot be awaited; ctrl-c stops the server");
            let _ = tokio::signal::ctrl_c().await;
        }
    }
    tracing::info!("stopping: requests under way may finish");
    for handle in handles {
        handle.graceful_shutdown(Some(DRAIN));
    }
}

/// The key that seals tenants' keys: `DUKANDAR_KEY` in hexadecimal, else a file made once in the data folder.
fn server_key(data: &Path) -> anyhow::Result<SecretKey> {
    if let Ok(text) = std::env::var("DUKANDAR_KEY") {
        return SecretKey::from_hex(text.trim()).context("DUKANDAR_KEY: expected 64 hexadecimal digits");
    }
    let path = data.join("server.key");
    if path.exists() {
        let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let expected = || format!("{}: expected 64 hexadecimal digits", path.display());
        return SecretKey::from_hex(text.trim()).with_context(expected);
    }
    let key = SecretKey::fresh(&mut store::entropy());
    write_secret(&path, &key.to_hex())?;
    tracing::info!(path = %path.display(), "made the server's key: keep a copy, backups do not open without it");
    Ok(key)
}

/// Writes a file that only its owner may read; never over another.
pub fn write_secret(path: &Path, text: &str) -> anyhow::Result<()> {
    use std::{io::Write as _, os::unix::fs::OpenOptionsExt as _};
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    }
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("writing {}", path.display()))?;
    file.write_all(text.as_bytes())?;
    Ok(file.sync_all()?)
}
