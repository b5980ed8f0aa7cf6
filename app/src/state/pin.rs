//! The owner's PIN: it locks the counter, so that whoever uses this device may do what a cashier may until it is typed.
//!
//! The PIN is this device's own: salted, stretched, kept beside the journal and never synced. It keeps honest people at
//! the counter out of costs and reports; it is no protection against somebody who takes the device apart.

use super::{AppState, Problem};
use crate::effect::{
    clock, secret,
    storage::{Db, META, StorageError},
};
use dukandar_core::time::Timestamp;
use leptos::{prelude::*, task::spawn_local};
use serde::{Deserialize, Serialize};

/// Meta row.
const PIN: &str = "pin";
/// Rounds of PBKDF2: a third of a second on a cheap phone.
const ROUNDS: u32 = 210_000;
/// Minutes without a touch after which the counter locks itself.
const RELOCK_MS: i64 = 5 * MINUTE_MS;
const MINUTE_MS: i64 = 60_000;
/// Wrong tries after which one has to wait; each further row of them doubles the minutes.
const TRIES: u32 = 5;
/// Most minutes of waiting.
const LONGEST_WAIT: i64 = 60;

/// What the device keeps of the PIN.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    salt: String,
    hash: String,
    rounds: u32,
    /// Wrong tries since the last right one.
    wrong: u32,
    /// No try before this.
    wait_until: i64,
    /// Open until this, unless somebody touches the screen later.
    open_until: i64,
}

/// What became of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// It was the PIN.
    Right,
    /// It was not; so many tries are left before one has to wait.
    Wrong(u32),
    /// Not before so many minutes.
    Wait(u32),
}

impl Kept {
    async fn load(db: &Db) -> Result<Option<Self>, StorageError> {
        db.read(&[META])?.meta(PIN).await
    }

    async fn keep(&self, db: &Db) -> Result<(), StorageError> {
        let tx = db.write(&[META])?;
        tx.set_meta(PIN, self)?;
        tx.commit().await
    }
}

/// Whether a PIN can be this.
pub fn is_pin(text: &str) -> bool {
    (4..=6).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit())
}

impl AppState {
    /// Whether a PIN is set on this device and the counter is locked; tracked.
    pub fn is_locked(self) -> bool {
        self.locked.get()
    }

    /// As the database was left: locked, unless it was open a moment ago.
    pub(super) async fn load_pin(self, db: &Db) -> Result<(), StorageError> {
        let kept = Kept::load(db).await?;
        let now = clock::now().0;
        self.inner().touched.set(now);
        self.has_pin.set(kept.is_some());
        self.locked.set(kept.is_some_and(|kept| now >= kept.open_until));
        Ok(())
    }

    /// Sets the PIN, or another one. The counter stays open until it is locked.
    pub async fn set_pin(self, pin: &str) -> Result<(), Problem> {
        if self.locked.get_untracked() {
            return Err(Problem::Locked);
        }
        if !is_pin(pin) {
            return Err(Problem::Invalid { field: "pin", expected: "4 to 6 digits" });
        }
        let db = self.inner().db()?;
        let salt =
            format!("{:032x}", dukandar_core::id::DocumentId::fresh(0, &mut clock::entropy()).as_u128());
        let hash = secret::stretched(pin, salt.as_bytes(), ROUNDS).await.ok_or(Problem::NoCrypto)?;
        let open_until = clock::now().0 + RELOCK_MS;
        let kept = Kept { salt, hash, rounds: ROUNDS, wrong: 0, wait_until: 0, open_until };
        kept.keep(&db).await?;
        self.has_pin.set(true);
        Ok(())
    }

    /// Does without a PIN from now on.
    pub async fn remove_pin(self) -> Result<(), Problem> {
        if self.locked.get_untracked() {
            return Err(Problem::Locked);
        }
        self.forget_pin(&self.inner().db()?).await?;
        Ok(())
    }

    /// The owner has signed in with the account again: the PIN is gone.
    pub(super) async fn forget_pin(self, db: &Db) -> Result<(), StorageError> {
        let tx = db.write(&[META])?;
        tx.delete(META, &PIN.into())?;
        tx.commit().await?;
        self.has_pin.set(false);
        self.locked.set(false);
        Ok(())
    }

    /// Locks the counter now.
    pub fn lock(self) {
        if !self.has_pin.get_untracked() {
            return;
        }
        self.locked.set(true);
        spawn_local(async move {
            let Ok(db) = self.inner().db() else { return };
            // Should this not be written, the counter is locked all the same until the page is opened again.
            let _ = keep_open_until(&db, 0).await;
        });
    }

    /// Tries a PIN without unlocking: for one act.
    pub async fn try_pin(self, pin: &str) -> Result<Tried, Problem> {
        let db = self.inner().db()?;
        let Some(kept) = Kept::load(&db).await? else { return Ok(Tried::Right) };
        let now = clock::now().0;
        if now < kept.wait_until {
            return Ok(Tried::Wait(minutes(kept.wait_until - now)));
        }
        let hash =
            secret::stretched(pin, kept.salt.as_bytes(), kept.rounds).await.ok_or(Problem::NoCrypto)?;
        if hash == kept.hash {
            Kept { wrong: 0, wait_until: 0, ..kept }.keep(&db).await?;
            return Ok(Tried::Right);
        }
        let wrong = kept.wrong + 1;
        if !wrong.is_multiple_of(TRIES) {
            Kept { wrong, ..kept }.keep(&db).await?;
            return Ok(Tried::Wrong(TRIES - wrong % TRIES));
        }
        let rows = (wrong / TRIES - 1).min(6);
        let wait_ms = (1_i64 << rows).min(LONGEST_WAIT) * MINUTE_MS;
        Kept { wrong, wait_until: now + wait_ms, ..kept }.keep(&db).await?;
        Ok(Tried::Wait(minutes(wait_ms)))
    }

    /// Tries a PIN and, if it is right, opens the counter until it is locked or left alone.
    pub async fn unlock(self, pin: &str) -> Result<Tried, Problem> {
        let tried = self.try_pin(pin).await?;
        if tried == Tried::Right {
            let now = clock::now().0;
            self.inner().touched.set(now);
            keep_open_until(&self.inner().db()?, now + RELOCK_MS).await?;
            self.locked.set(false);
        }
        Ok(tried)
    }

    /// Somebody is at the screen.
    pub(super) fn touch(self) {
        self.inner().touched.set(clock::now().0);
    }

    /// Locks what was left alone; says how long it stays open otherwise.
    pub(super) fn relock(self, now: Timestamp) {
        if !self.has_pin.get_untracked() || self.locked.get_untracked() {
            return;
        }
        let until = self.inner().touched.get() + RELOCK_MS;
        if now.0 >= until {
            return self.lock();
        }
        spawn_local(async move {
            let Ok(db) = self.inner().db() else { return };
            // Should this not be written, a page that is opened again asks for the PIN: no harm.
            let _ = keep_open_until(&db, until).await;
        });
    }
}

async fn keep_open_until(db: &Db, open_until: i64) -> Result<(), StorageError> {
    match Kept::load(db).await? {
        Some(kept) => Kept { open_until, ..kept }.keep(db).await,
        None => Ok(()),
    }
}

/// Whole minutes, the begun one counted.
fn minutes(ms: i64) -> u32 {
    (ms + MINUTE_MS - 1).div_euclid(MINUTE_MS).max(1) as u32
}
