//! PINs. The owner's locks the counter, so that whoever uses this device may do what a cashier may until it is typed. A
//! person of the shop takes the counter with a PIN of their own: then it is theirs, in name and rights, until the owner
//! comes back, another takes it, or they leave it.
//!
//! The owner's PIN is this device's own: salted, stretched, kept beside the journal and never synced. The others stand,
//! salted and stretched as well, in the sealed part of their person's record: so one PIN is good for every till of the shop,
//! a new till needs no round of everybody, and neither the journal nor the server shows even the stretched form. All of it
//! keeps honest people at the counter out of costs and out of each other's names; it is no protection against somebody
//! who takes the device apart, as few digits are soon tried by a machine.
//!
//! Left alone for five minutes the counter locks itself: owner, manager and accountant are gone from it then. A cashier
//! stays, who may do no more than a locked counter lets anybody do.

use super::{AppState, Problem};
use crate::effect::{
    clock,
    journal::{HAND, Hand},
    secret,
    storage::{Db, META, StorageError},
};
use dukandar_core::{id::UserId, record::Pin, role::Role, time::Timestamp};
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
    async fn load(db: &Db, row: &str) -> Result<Option<Self>, StorageError> {
        db.read(&[META])?.meta(row).await
    }

    async fn keep(&self, db: &Db, row: &str) -> Result<(), StorageError> {
        let tx = db.write(&[META])?;
        tx.set_meta(row, self)?;
        tx.commit().await
    }

    /// A PIN that nobody has tried yet.
    fn fresh(Pin { salt, hash, rounds }: Pin) -> Self {
        Self { salt, hash, rounds, wrong: 0, wait_until: 0, open_until: 0 }
    }

    /// What becomes of a try; wrong ones are counted in the row.
    async fn tried(self, db: &Db, row: &str, pin: &str) -> Result<Tried, Problem> {
        let now = clock::now().0;
        if now < self.wait_until {
            return Ok(Tried::Wait(minutes(self.wait_until - now)));
        }
        let hash =
            secret::stretched(pin, self.salt.as_bytes(), self.rounds).await.ok_or(Problem::NoCrypto)?;
        if hash == self.hash {
            Self { wrong: 0, wait_until: 0, ..self }.keep(db, row).await?;
            return Ok(Tried::Right);
        }
        let wrong = self.wrong + 1;
        if !wrong.is_multiple_of(TRIES) {
            Self { wrong, ..self }.keep(db, row).await?;
            return Ok(Tried::Wrong(TRIES - wrong % TRIES));
        }
        let rows = (wrong / TRIES - 1).min(6);
        let wait_ms = (1_i64 << rows).min(LONGEST_WAIT) * MINUTE_MS;
        Self { wrong, wait_until: now + wait_ms, ..self }.keep(db, row).await?;
        Ok(Tried::Wait(minutes(wait_ms)))
    }
}

/// A PIN as it is kept: salted and stretched.
pub(super) async fn stretch(pin: &str) -> Result<Pin, Problem> {
    if !is_pin(pin) {
        return Err(Problem::Invalid { field: "pin", expected: "4 to 6 digits" });
    }
    let salt = format!("{:032x}", dukandar_core::id::DocumentId::fresh(0, &mut clock::entropy()).as_u128());
    let hash = secret::stretched(pin, salt.as_bytes(), ROUNDS).await.ok_or(Problem::NoCrypto)?;
    Ok(Pin { salt, hash, rounds: ROUNDS })
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
        let kept = Kept::load(db, PIN).await?;
        let hand: Option<Hand> = db.read(&[META])?.meta(HAND).await?;
        let now = clock::now().0;
        self.inner().touched.set(now);
        self.has_pin.set(kept.is_some());
        let stays = |hand: &Hand| kept.is_some() && (hand.role == Role::Cashier || now < hand.until);
        let stays = hand.as_ref().is_some_and(stays);
        if hand.is_some() && !stays {
            put_hand(db, None).await?;
        }
        self.hand.set(hand.filter(|_| stays));
        self.locked.set(stays || kept.is_some_and(|kept| now >= kept.open_until));
        Ok(())
    }

    /// Sets the PIN, or another one. The counter stays open until it is locked.
    pub async fn set_pin(self, pin: &str) -> Result<(), Problem> {
        if self.locked.get_untracked() {
            return Err(Problem::Locked);
        }
        let db = self.inner().db()?;
        let open_until = clock::now().0 + RELOCK_MS;
        Kept { open_until, ..Kept::fresh(stretch(pin).await?) }.keep(&db, PIN).await?;
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
        tx.delete(META, &HAND.into())?;
        tx.commit().await?;
        self.hand.set(None);
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
        match Kept::load(&db, PIN).await? {
            Some(kept) => kept.tried(&db, PIN, pin).await,
            None => Ok(Tried::Right),
        }
    }

    /// Tries the PIN of a person of the shop.
    pub(super) async fn try_member(self, user: UserId, pin: &str) -> Result<Tried, Problem> {
        let known = untrack(|| self.member(user));
        let own = known.filter(|it| !it.left).and_then(|it| it.pin);
        let own = own.ok_or(Problem::Invalid { field: "pin", expected: "a person with a PIN" })?;
        let (db, row) = (self.inner().db()?, format!("{PIN}:{user}"));
        // Another PIN than the one that was tried begins anew.
        let kept = Kept::load(&db, &row).await?.filter(|kept| kept.hash == own.hash);
        kept.unwrap_or_else(|| Kept::fresh(own)).tried(&db, &row, pin).await
    }

    /// The counter is this person's, if it is their PIN. The owner's PIN is what brings the owner back, so there must be
    /// one.
    pub async fn take_counter(self, user: UserId, pin: &str) -> Result<Tried, Problem> {
        if !self.has_pin.get_untracked() {
            return Err(Problem::Invalid { field: "pin", expected: "the owner's PIN on this device" });
        }
        let tried = self.try_member(user, pin).await?;
        let role = untrack(|| self.member(user)).map(|it| it.role);
        if let (Tried::Right, Some(role)) = (tried, role) {
            let now = clock::now().0;
            let hand = Hand { user, role, until: now + RELOCK_MS };
            let db = self.inner().db()?;
            keep_open_until(&db, 0).await?;
            put_hand(&db, Some(&hand)).await?;
            self.inner().touched.set(now);
            self.locked.set(true);
            self.hand.set(Some(hand));
        }
        Ok(tried)
    }

    /// Nobody in particular stands at the counter; it stays locked.
    pub async fn leave_counter(self) -> Result<(), Problem> {
        put_hand(&self.inner().db()?, None).await?;
        self.hand.set(None);
        Ok(())
    }

    /// Somebody has another role by now, or is gone.
    pub(super) async fn renew_hand(self) -> Result<(), Problem> {
        let Some(hand) = self.hand.get_untracked() else { return Ok(()) };
        match untrack(|| self.member(hand.user)) {
            Some(it) if it.left => self.leave_counter().await,
            Some(it) if it.role != hand.role => {
                let hand = Hand { role: it.role, ..hand };
                put_hand(&self.inner().db()?, Some(&hand)).await?;
                self.hand.set(Some(hand));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Tries a PIN and, if it is right, opens the counter until it is locked or left alone.
    pub async fn unlock(self, pin: &str) -> Result<Tried, Problem> {
        let tried = self.try_pin(pin).await?;
        if tried == Tried::Right {
            let now = clock::now().0;
            self.inner().touched.set(now);
            let db = self.inner().db()?;
            keep_open_until(&db, now + RELOCK_MS).await?;
            put_hand(&db, None).await?;
            self.hand.set(None);
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
        if let Some(hand) = self.hand.get_untracked().filter(|hand| hand.role != Role::Cashier) {
            let until = self.inner().touched.get() + RELOCK_MS;
            let stays = (now.0 < until).then_some(Hand { until, ..hand });
            if stays.is_none() {
                self.hand.set(None);
            }
            spawn_local(async move {
                let Ok(db) = self.inner().db() else { return };
                // Should this not be written, the old end stands, which has passed or comes sooner: no harm.
                let _ = put_hand(&db, stays.as_ref()).await;
            });
        }
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
    match Kept::load(db, PIN).await? {
        Some(kept) => Kept { open_until, ..kept }.keep(db, PIN).await,
        None => Ok(()),
    }
}

async fn put_hand(db: &Db, hand: Option<&Hand>) -> Result<(), StorageError> {
    let tx = db.write(&[META])?;
    match hand {
        Some(hand) => tx.set_meta(HAND, hand)?,
        None => tx.delete(META, &HAND.into())?,
    }
    tx.commit().await
}

/// Whole minutes, the begun one counted.
fn minutes(ms: i64) -> u32 {
    (ms + MINUTE_MS - 1).div_euclid(MINUTE_MS).max(1) as u32
}
