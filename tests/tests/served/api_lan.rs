//! A phone in the shop: trusts the authority that the page hands out, and no certificate else.

use crate::api::{Folder, process};
use dukandar_server::lan::{addresses, authority::Authority};
use process::Server;
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream},
    sync::Arc,
};

fn trusting(pem: &str) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    Arc::new(builder.with_root_certificates(roots).with_no_client_auth())
}

/// Status and body over TLS, or why the handshake failed.
fn get(
    config: &Arc<ClientConfig>,
    name: ServerName<'static>,
    addr: SocketAddr,
    path: &str,
) -> Result<(u16, String), String> {
    let mut tcp = TcpStream::connect(addr).map_err(|error| error.to_string())?;
    let mut tls = ClientConnection::new(config.clone(), name).map_err(|error| error.to_string())?;
    while tls.is_handshaking() {
        tls.complete_io(&mut tcp).map_err(|error| error.to_string())?;
    }
    let (status, _, body) =
        process::exchange(StreamOwned::new(tls, tcp), "GET", path, "", "").ok_or("no reply")?;
    Ok((status, body))
}

#[test]
fn a_phone_that_trusts_the_authority_reaches_the_app_over_tls() {
    let folder = Folder::new("lan");
    let server = Server::start(folder.path(), true);
    // "Phones: open http://A:p once to trust this server, then https://A:q"
    let line = server.lines.first().expect("a machine with an address in a private network").clone();
    let page: SocketAddr =
        line.split("http://").nth(1).and_then(|rest| rest.split(' ').next()).unwrap().parse().unwrap();
    let app: SocketAddr = line.split("https://").nth(1).unwrap().trim().parse().unwrap();

    let plain =
        |path: &str| process::exchange(TcpStream::connect(page).unwrap(), "GET", path, "", "").unwrap();
    let (status, head, html) = plain("/");
    assert_eq!(status, 200);
    assert!(head.contains("default-src 'none'"));
    assert!(html.contains("سرٹیفکیٹ ڈاؤن لوڈ کریں") && html.contains("Download the certificate"));
    assert!(html.contains(&format!("https://{app}")));
    assert!(plain("/trust/qr.svg").2.contains("<svg"));
    let (_, head, pem) = plain("/trust/dukandar-ca.crt");
    assert!(head.contains("application/x-x509-ca-cert"));

    let trusting_it = trusting(&pem);
    for address in addresses() {
        let at = SocketAddr::new(address, app.port());
        let (status, body) = get(&trusting_it, ServerName::from(address), at, "/api/health").unwrap();
        assert_eq!(status, 200, "{address}: {body}");
    }
    let localhost = ServerName::try_from("localhost").unwrap();
    let here = SocketAddr::from((Ipv4Addr::LOCALHOST, app.port()));
    assert_eq!(get(&trusting_it, localhost.clone(), here, "/trust").unwrap().0, 200);
    // A name it was not signed for, and a phone that trusts another authority.
    let elsewhere = ServerName::try_from("bank.example").unwrap();
    assert!(get(&trusting_it, elsewhere, here, "/").unwrap_err().contains("certificate"));
    let other = Folder::new("other-authority");
    let other = Authority::open(other.path()).unwrap();
    assert!(get(&trusting(other.pem()), localhost, here, "/").unwrap_err().contains("certificate"));
    // Its private key stays private.
    assert_eq!(plain("/trust/ca.key").0, 404);
}

#[test]
fn the_authority_is_made_once_and_signs_anew_when_addresses_change() {
    let folder = Folder::new("authority");
    let home = [IpAddr::from([192, 168, 1, 4])];
    let first = Authority::open(folder.path()).unwrap();
    let leaf = first.leaf(&home).unwrap();
    let again = Authority::open(folder.path()).unwrap();
    assert_eq!(again.pem(), first.pem());
    assert_eq!(again.leaf(&home).unwrap().certificate, leaf.certificate);
    assert!(!again.is_due());
    let moved = again.leaf(&[IpAddr::from([192, 168, 1, 5])]).unwrap();
    assert_ne!(moved.certificate, leaf.certificate);
    std::fs::write(folder.path().join("leaf.until"), "0").unwrap();
    assert!(again.is_due());
    use std::os::unix::fs::PermissionsExt as _;
    for name in ["ca.key", "leaf.key"] {
        let mode = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}
