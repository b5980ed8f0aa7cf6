//! The shop's own certificate authority and the certificates it signs for this machine.

use crate::server::write_secret;
use anyhow::Context as _;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, SanType,
};
use std::{
    fs,
    net::{IpAddr, Ipv4Addr},
    path::{Path, PathBuf},
};
use time::{Duration, OffsetDateTime};

/// Networks the authority may sign for: private, link-local, carrier-grade, loopback.
const NETWORKS: [([u8; 4], u8); 6] = [
    ([10, 0, 0, 0], 8),
    ([172, 16, 0, 0], 12),
    ([192, 168, 0, 0], 16),
    ([169, 254, 0, 0], 16),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
];
/// Names it may sign for.
const NAMES: [&str; 2] = ["local", "localhost"];
/// Phones refuse certificates of servers that live longer than 398 days.
const LEAF_DAYS: i64 = 365;
/// A certificate is renewed when it has fewer days left.
const RENEW_BEFORE_DAYS: i64 = 60;
const AUTHORITY_DAYS: i64 = 3_650;

/// Whether the address lies in a network the authority may sign for.
pub fn may_sign(address: Ipv4Addr) -> bool {
    NETWORKS.iter().any(|&(network, prefix)| {
        let mask = u32::MAX << (32 - u32::from(prefix));
        u32::from(address) & mask == u32::from_be_bytes(network)
    })
}

/// A certificate authority in a folder.
pub struct Authority {
    folder: PathBuf,
    certificate: String,
    key: KeyPair,
}

/// A server's certificate and its key, both in PEM.
pub struct Leaf {
    /// The certificate.
    pub certificate: String,
    /// Its key.
    pub key: String,
}

impl Authority {
    /// Opens the authority of this folder, or makes it.
    pub fn open(folder: &Path) -> anyhow::Result<Self> {
        let (key_path, certificate_path) = (folder.join("ca.key"), folder.join("ca.crt"));
        if !certificate_path.exists() {
            let key = KeyPair::generate().context("making the authority's key")?;
            let certificate = Self::params()?.self_signed(&key).context("making the authority")?.pem();
            // The key first: a certificate without its key would stop every later start.
            let _ = fs::remove_file(&key_path);
            write_secret(&key_path, &key.serialize_pem())?;
            fs::write(&certificate_path, &certificate)?;
            tracing::info!(folder = %folder.display(), "made a certificate authority for the shop's network");
            return Ok(Self { folder: folder.to_owned(), certificate, key });
        }
        let read =
            |path: &Path| fs::read_to_string(path).with_context(|| format!("reading {}", path.display()));
        let key = KeyPair::from_pem(&read(&key_path)?)
            .with_context(|| format!("{}: expected a private key in PEM", key_path.display()))?;
        Ok(Self { folder: folder.to_owned(), certificate: read(&certificate_path)?, key })
    }

    fn params() -> anyhow::Result<CertificateParams> {
        let mut params = CertificateParams::new(Vec::<String>::new())?;
        let mut name = DistinguishedName::new();
        name.push(DnType::OrganizationName, "Dukandar");
        name.push(DnType::CommonName, "Dukandar in this shop");
        params.distinguished_name = name;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let networks = NETWORKS
            .map(|(network, prefix)| GeneralSubtree::IpAddress(CidrSubnet::from_v4_prefix(network, prefix)));
        let names = NAMES.map(|name| GeneralSubtree::DnsName(name.to_owned()));
        let permitted_subtrees = networks.into_iter().chain(names).collect();
        params.name_constraints = Some(NameConstraints { permitted_subtrees, excluded_subtrees: Vec::new() });
        let now = OffsetDateTime::now_utc();
        params.not_before = now - Duration::days(1);
        params.not_after = now + Duration::days(AUTHORITY_DAYS);
        Ok(params)
    }

    /// The authority's certificate in PEM.
    pub fn pem(&self) -> &str {
        &self.certificate
    }

    /// A certificate for these addresses: the one in the folder while it fits and lasts, else a new one.
    pub fn leaf(&self, addresses: &[IpAddr]) -> anyhow::Result<Leaf> {
        let wanted = addresses.iter().map(IpAddr::to_string).collect::<Vec<_>>().join("\n");
        let names = fs::read_to_string(self.folder.join("leaf.names")).unwrap_or_default();
        if names == wanted
            && !self.is_due()
            && let (Ok(certificate), Ok(key)) = (
                fs::read_to_string(self.folder.join("leaf.crt")),
                fs::read_to_string(self.folder.join("leaf.key")),
            )
        {
            return Ok(Leaf { certificate, key });
        }
        let leaf = self.sign(addresses)?;
        let key_path = self.folder.join("leaf.key");
        let _ = fs::remove_file(&key_path);
        write_secret(&key_path, &leaf.key)?;
        fs::write(self.folder.join("leaf.crt"), &leaf.certificate)?;
        fs::write(self.folder.join("leaf.until"), (Self::leaf_end().unix_timestamp()).to_string())?;
        // Last: it vouches for the files before it.
        fs::write(self.folder.join("leaf.names"), wanted)?;
        Ok(leaf)
    }

    /// Whether the certificate in the folder nears its end.
    pub fn is_due(&self) -> bool {
        let until =
            fs::read_to_string(self.folder.join("leaf.until")).ok().and_then(|text| text.trim().parse().ok());
        let renew_from = until.unwrap_or(0_i64) - Duration::days(RENEW_BEFORE_DAYS).whole_seconds();
        OffsetDateTime::now_utc().unix_timestamp() >= renew_from
    }

    fn leaf_end() -> OffsetDateTime {
        OffsetDateTime::now_utc() + Duration::days(LEAF_DAYS)
    }

    fn sign(&self, addresses: &[IpAddr]) -> anyhow::Result<Leaf> {
        let mut params = CertificateParams::new(vec!["localhost".to_owned()])?;
        params.subject_alt_names.extend(addresses.iter().copied().map(SanType::IpAddress));
        let mut name = DistinguishedName::new();
        name.push(DnType::CommonName, "Dukandar");
        params.distinguished_name = name;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        params.not_before = OffsetDateTime::now_utc() - Duration::days(1);
        params.not_after = Self::leaf_end();
        let key = KeyPair::generate().context("making the server's key")?;
        let certificate = params.signed_by(&key, &Issuer::new(Self::params()?, &self.key))?;
        Ok(Leaf { certificate: certificate.pem(), key: key.serialize_pem() })
    }
}

#[cfg(test)]
mod tests {
    use super::may_sign;
    use std::net::Ipv4Addr;

    #[test]
    fn only_addresses_of_a_shop_are_signed_for() {
        for inside in [[192, 168, 1, 4], [10, 255, 0, 1], [172, 31, 9, 9], [127, 0, 0, 1], [100, 127, 0, 1]] {
            assert!(may_sign(Ipv4Addr::from(inside)), "{inside:?}");
        }
        for outside in [[8, 8, 8, 8], [172, 32, 0, 1], [100, 128, 0, 1], [192, 169, 0, 1]] {
            assert!(!may_sign(Ipv4Addr::from(outside)), "{outside:?}");
        }
    }
}
