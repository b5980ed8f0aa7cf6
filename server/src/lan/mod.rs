//! TLS for a shop without a public name: phones run the app only over TLS, and no public authority signs for
//! an address in a shop's network. The server makes an authority of its own, once; phones are told to trust it.
//!
//! The authority can sign for private addresses and `.local` names only (RFC 5280 §4.2.1.10 name constraints),
//! so that its key, should it leak, opens nothing else that a phone visits.

pub mod authority;
pub mod page;

use crate::server::say;
use anyhow::Context as _;
use authority::{Authority, Leaf};
use axum::Router;
use axum_server::{Handle, tls_rustls::RustlsConfig};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
    sync::Arc,
    time::Duration,
};

/// How often the machine's addresses are looked at.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// Where the shop's network is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    /// The app, with TLS.
    pub https: u16,
    /// The page that tells a phone how to trust it, without.
    pub http: u16,
}

impl Default for Ports {
    fn default() -> Self {
        Self { https: 3443, http: 3080 }
    }
}

/// The two listeners, ready to serve.
pub struct Lan {
    https: TcpListener,
    http: TcpListener,
    config: RustlsConfig,
    authority: Arc<Authority>,
    ports: Ports,
}

impl Lan {
    /// Opens the authority in the data folder and binds the ports (0 picks free ones).
    pub async fn open(data: &Path, ports: Ports) -> anyhow::Result<Self> {
        // Another provider may have been installed by the process that embeds this: either serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let authority = Arc::new(Authority::open(&data.join("lan"))?);
        let leaf = authority.leaf(&addresses())?;
        let config = RustlsConfig::from_pem(leaf.certificate.into_bytes(), leaf.key.into_bytes())
            .await
            .context("the certificate for this network")?;
        let (https, http) = (bind(ports.https)?, bind(ports.http)?);
        let ports = Ports { https: https.local_addr()?.port(), http: http.local_addr()?.port() };
        Ok(Self { https, http, config, authority, ports })
    }

    /// The ports that are bound.
    pub fn ports(&self) -> Ports {
        self.ports
    }

    /// Prints where phones find the page.
    pub fn announce(&self) {
        let known = addresses();
        let mut reachable: Vec<IpAddr> =
            known.iter().copied().filter(|address| !address.is_loopback()).collect();
        if reachable.is_empty() {
            tracing::warn!("this machine has no address in a private network: no phone reaches it yet");
            reachable = known;
        }
        for address in reachable {
            let (page, app) =
                (url("http", address, self.ports.http), url("https", address, self.ports.https));
            say(&format!("Phones: open {page} once to trust this server, then {app}"));
        }
    }

    /// Serves the app with TLS and the page without, until the handles are told to stop.
    pub async fn serve(self, app: Router, handles: [Handle<SocketAddr>; 2]) -> anyhow::Result<()> {
        let [for_app, for_page] = handles;
        let page = page::router(self.authority.clone(), self.ports);
        let app = app.merge(page::trust(self.authority.clone(), self.ports));
        let renewing = tokio::spawn(renew(self.authority, self.config.clone()));
        let app = app.into_make_service_with_connect_info::<SocketAddr>();
        let https = axum_server::from_tcp_rustls(self.https, self.config)?.handle(for_app).serve(app);
        let http = axum_server::from_tcp(self.http)?.handle(for_page).serve(page.into_make_service());
        let served = tokio::try_join!(https, http);
        renewing.abort();
        served?;
        Ok(())
    }
}

fn bind(port: u16) -> anyhow::Result<TcpListener> {
    let address = SocketAddr::from((Ipv4Addr::UNSPECIFIED, port));
    let listener = TcpListener::bind(address).with_context(|| format!("listening on port {port}"))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// A URL of this machine.
pub fn url(scheme: &str, address: IpAddr, port: u16) -> String {
    format!("{scheme}://{}", SocketAddr::new(address, port))
}

/// The machine's addresses that the authority may sign for, in order.
pub fn addresses() -> Vec<IpAddr> {
    let found = local_ip_address::list_afinet_netifas().unwrap_or_else(|error| {
        tracing::warn!(%error, "the machine's addresses cannot be listed");
        Vec::new()
    });
    let mut addresses: Vec<IpAddr> = found.into_iter().map(|(_, address)| address).collect();
    addresses.push(IpAddr::V4(Ipv4Addr::LOCALHOST));
    // IPv6 is left out: the listeners are IPv4, which every shop's router gives.
    addresses.retain(|address| matches!(address, IpAddr::V4(v4) if authority::may_sign(*v4)));
    addresses.sort();
    addresses.dedup();
    addresses
}

/// A new certificate whenever the router has given other addresses, or the old one nears its end.
async fn renew(authority: Arc<Authority>, config: RustlsConfig) {
    let mut served = addresses();
    loop {
        tokio::time::sleep(LOOK_AGAIN).await;
        let now = addresses();
        if now == served && !authority.is_due() {
            continue;
        }
        let reloaded = match authority.leaf(&now) {
            Ok(Leaf { certificate, key }) => config
                .reload_from_pem(certificate.into_bytes(), key.into_bytes())
                .await
                .map_err(anyhow::Error::from),
            Err(error) => Err(error),
        };
        match reloaded {
            Ok(()) => tracing::info!(?now, "certificate renewed"),
            Err(error) => tracing::error!(%error, "the certificate cannot be renewed"),
        }
        served = now;
    }
}
