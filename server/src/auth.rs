//! Passwords, session tokens, cookies and the brake on guessing.
//!
//! Argon2id with the parameters OWASP's password storage cheat sheet names first (19 MiB, 2 passes, 1 lane).
//! A token is 256 random bits; the database holds its SHA-256 only. The cookie is `__Host-` (bound to this
//! origin), `HttpOnly`, `Secure`, `SameSite=Strict`. The brake counts in this process's memory: several processes
//! allow as many times the attempts (`deploy/README.md` says what to do then).

use crate::store::entropy;
use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version,
    password_hash::SaltString,
};
use axum::http::{HeaderMap, header};
use dukandar_core::privacy::seal::to_hex;
use sha2::{Digest, Sha256};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
};
use tokio::sync::Semaphore;

/// Name of the session cookie.
pub const COOKIE: &str = "__Host-dukandar";
/// A session ends when it was not used for this long.
pub const SESSION_MS: i64 = 30 * DAY_MS;
/// Use within this long of the last renewal does not write again.
pub const RENEW_AFTER_MS: i64 = DAY_MS;
/// However much it is used, a session ends after this long.
pub const SESSION_LONGEST_MS: i64 = 365 * DAY_MS;
/// Attempts for one sign-in name within [`WINDOW_MS`].
pub const ATTEMPTS_PER_LOGIN: usize = 8;
/// Attempts from one address within [`WINDOW_MS`]: a shop's phones share one.
pub const ATTEMPTS_PER_ADDRESS: usize = 60;
/// Time over which attempts count.
pub const WINDOW_MS: i64 = 10 * 60 * 1_000;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Hashing cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Argon2 refused its input.
    #[error("argon2: {0}")]
    Argon2(argon2::password_hash::Error),
    /// The runtime is stopping.
    #[error("the server is stopping")]
    Stopping,
}

/// Hashes and checks passwords away from the async threads, a few at a time: each takes 19 MiB.
pub struct Passwords {
    places: Semaphore,
    /// Checked when a sign-in name is unknown, so that the answer takes as long as for a known one.
    dummy: String,
}

fn argon2id() -> Argon2<'static> {
    let params = Params::new(19 * 1_024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash(password: &[u8]) -> Result<String, PasswordError> {
    let mut salt = [0; 16];
    entropy().fill(&mut salt);
    let salt = SaltString::encode_b64(&salt).map_err(PasswordError::Argon2)?;
    argon2id().hash_password(password, &salt).map(|hash| hash.to_string()).map_err(PasswordError::Argon2)
}

impl Passwords {
    /// With room for as many hashes at once as there are processors.
    pub fn new() -> Result<Self, PasswordError> {
        let places = std::thread::available_parallelism().map_or(2, usize::from);
        Ok(Self { places: Semaphore::new(places), dummy: hash(b"nobody has this password")? })
    }

    /// Hashes a new password into PHC form.
    pub async fn hash(&self, password: String) -> Result<String, PasswordError> {
        let _place = self.places.acquire().await.map_err(|_| PasswordError::Stopping)?;
        let hashed = tokio::task::spawn_blocking(move || hash(password.as_bytes()));
        hashed.await.map_err(|_| PasswordError::Stopping)?
    }

    /// Whether the password is the one behind `known`; takes as long where nothing is known.
    pub async fn check(&self, password: String, known: Option<String>) -> Result<bool, PasswordError> {
        let _place = self.places.acquire().await.map_err(|_| PasswordError::Stopping)?;
        let exists = known.is_some();
        let phc = known.unwrap_or_else(|| self.dummy.clone());
        let checked = tokio::task::spawn_blocking(move || {
            let parsed = PasswordHash::new(&phc).map_err(PasswordError::Argon2)?;
            Ok(argon2id().verify_password(password.as_bytes(), &parsed).is_ok())
        });
        Ok(checked.await.map_err(|_| PasswordError::Stopping)?? && exists)
    }
}

/// A fresh session token, and what the database keeps of it.
pub fn fresh_token() -> (String, String) {
    let mut bytes = [0; 32];
    entropy().fill(&mut bytes);
    let token = to_hex(&bytes);
    let hash = token_hash(&token);
    (token, hash)
}

/// What the database keeps of a token.
pub fn token_hash(token: &str) -> String {
    to_hex(&Sha256::digest(token.as_bytes()))
}

/// The session token that a request carries.
pub fn token_of(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == COOKIE && value.len() == 64).then_some(value))
}

/// The `Set-Cookie` that gives a session, or with no token takes it away.
pub fn set_cookie(token: Option<&str>) -> String {
    let (value, seconds) = (token.unwrap_or_default(), if token.is_some() { SESSION_MS / 1_000 } else { 0 });
    format!("{COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; Secure; SameSite=Strict")
}

/// Counts attempts per key in memory: a restart forgives, several servers count each for itself.
#[derive(Default)]
pub struct Limiter {
    attempts: Mutex<HashMap<String, VecDeque<i64>>>,
}

impl Limiter {
    /// Notes an attempt, or says how many seconds to wait.
    pub fn attempt(&self, key: &str, most: usize, now_ms: i64) -> Result<(), u32> {
        // A thread that panicked while counting leaves counts behind that are still usable.
        let mut attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        if attempts.len() > 10_000 {
            attempts.retain(|_, times| times.back().is_some_and(|last| last + WINDOW_MS > now_ms));
        }
        let times = attempts.entry(key.to_owned()).or_default();
        while times.front().is_some_and(|first| first + WINDOW_MS <= now_ms) {
            times.pop_front();
        }
        match times.front() {
            Some(first) if times.len() >= most => Err(((first + WINDOW_MS - now_ms) / 1_000 + 1) as u32),
            _ => {
                times.push_back(now_ms);
                Ok(())
            }
        }
    }

    /// Forgets a key after a success.
    pub fn forget(&self, key: &str) {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_are_counted_within_their_window_only() {
        let limiter = Limiter::default();
        assert!((0..3).all(|second| limiter.attempt("a", 3, second * 1_000) == Ok(())));
        assert_eq!(limiter.attempt("a", 3, 3_000), Err(598));
        assert_eq!(limiter.attempt("b", 3, 3_000), Ok(()));
        assert_eq!(limiter.attempt("a", 3, WINDOW_MS), Ok(()));
        limiter.forget("a");
        assert_eq!(limiter.attempt("a", 1, WINDOW_MS), Ok(()));
    }

    #[test]
    fn only_a_whole_token_under_the_host_bound_name_is_read() {
        let read = |cookie: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, cookie.parse().unwrap());
            token_of(&headers).map(str::to_owned)
        };
        let token = "a".repeat(64);
        assert_eq!(read(&format!("x=1; {COOKIE}={token}")), Some(token.clone()));
        assert_eq!(read(&format!("dukandar={token}")), None);
        assert_eq!(read(&format!("{COOKIE}=abc")), None);
        assert!(set_cookie(Some(&token)).contains("HttpOnly; Secure; SameSite=Strict"));
        assert!(set_cookie(None).contains("Max-Age=0"));
    }

    #[tokio::test]
    async fn a_password_opens_its_own_account_only() {
        let passwords = Passwords::new().unwrap();
        let known = passwords.hash("haqeeqat 99".to_owned()).await.unwrap();
        assert!(known.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(passwords.check("haqeeqat 99".to_owned(), Some(known.clone())).await.unwrap());
        assert!(!passwords.check("haqeeqat 98".to_owned(), Some(known)).await.unwrap());
        assert!(!passwords.check("nobody has this password".to_owned(), None).await.unwrap());
    }
}
