//! The account: it carries the shop to further devices. Nothing here is needed to sell.

use super::{AppState, Problem, boot::device_name};
use crate::{
    effect::{
        clock,
        journal::{self, Identity},
        ledger,
        storage::{Db, META, StorageError},
    },
    message::{SyncPhase, ToWorker},
};
use dukandar_core::{
    id::{DeviceId, EventId},
    role::Role,
    sync::protocol::{Attention, DeviceInfo, Session, SignIn, SignUp, Verdict},
};
use dukandar_server::api;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

const ACCOUNT: &str = "account";

/// Who is signed in on this device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Sign-in name.
    pub login: String,
    /// What they may do.
    pub role: Role,
}

impl Account {
    pub(super) async fn load(db: &Db) -> Result<Option<Self>, StorageError> {
        db.read(&[META])?.meta(ACCOUNT).await
    }
}

impl AppState {
    /// Opens an account for the business of this device; from now on it is kept on the server too.
    pub async fn sign_up(self, login: &str, password: &str, business: &str) -> Result<(), Problem> {
        // Whoever opens the account owns it: that is not for a hand at the counter.
        if self.locked.get_untracked() {
            return Err(Problem::Locked);
        }
        self.leave_before_account().await?;
        let db = self.inner().db()?;
        let identity = journal::identity(&db).await?.ok_or(Problem::NoShop)?;
        let request = SignUp {
            login: login.trim().to_owned(),
            password: password.to_owned(),
            business: business.trim().to_owned(),
            tenant: identity.tenant,
            device: identity.device,
            device_name: device_name(),
            tenant_key: identity.tenant_key.clone(),
        };
        let session = api::sign_up(request).await?;
        self.keep_session(&db, identity, session).await
    }

    /// Signs in: again on this device, or on a further one, whose shops then come from the server.
    pub async fn sign_in(self, login: &str, password: &str) -> Result<(), Problem> {
        self.leave_before_account().await?;
        let db = self.inner().db()?;
        let kept = journal::identity(&db).await?;
        let identity = kept.clone().unwrap_or_else(|| Identity::fresh(clock::now(), &mut clock::entropy()));
        let request = SignIn {
            login: login.trim().to_owned(),
            password: password.to_owned(),
            device: identity.device,
            device_name: device_name(),
        };
        let session = api::sign_in(request).await?;
        let has_records = journal::counters(&db).await?.order > 0;
        if has_records && session.tenant != identity.tenant {
            // Two businesses are never mixed in silence.
            return Err(Problem::OtherBusiness);
        }
        self.keep_session(&db, identity, session).await
    }

    /// The sample shop never meets a server.
    async fn leave_before_account(self) -> Result<(), Problem> {
        if self.sample.get_untracked() { self.leave_sample().await } else { Ok(()) }
    }

    async fn keep_session(self, db: &Db, identity: Identity, session: Session) -> Result<(), Problem> {
        let identity = Identity {
            tenant: session.tenant,
            tenant_key: session.tenant_key,
            device_number: session.device_number,
            grant: session.grant,
            actor: Some(session.user),
            ..identity
        };
        let account = Account { login: session.login, role: session.role };
        journal::set_identity(db, &identity).await?;
        let tx = db.write(&[META])?;
        tx.set_meta(ACCOUNT, &account)?;
        tx.commit().await?;
        // The way back in for an owner who has forgotten the PIN.
        if account.role == Role::Owner {
            self.forget_pin(db).await?;
        }
        self.account.set(Some(account));
        self.ask_persistence();
        if self.boot.with_untracked(|boot| *boot == super::Boot::Welcome) {
            self.boot.set(super::Boot::Loading);
        }
        if let Some(port) = self.inner().port() {
            port.open(ToWorker::Open { database: crate::effect::storage::OWN.to_owned() });
        }
        Ok(())
    }

    /// Signs out. What this device holds stays on it, and selling goes on.
    pub async fn sign_out(self) -> Result<(), Problem> {
        api::sign_out().await?;
        let db = self.inner().db()?;
        if let Some(identity) = journal::identity(&db).await? {
            journal::set_identity(&db, &Identity { actor: None, ..identity }).await?;
        }
        let tx = db.write(&[META])?;
        tx.delete(META, &ACCOUNT.into())?;
        tx.commit().await?;
        self.account.set(None);
        self.sync.update(|sync| sync.phase = SyncPhase::LocalOnly);
        Ok(())
    }

    /// The devices of the business.
    pub async fn devices(self) -> Result<Vec<DeviceInfo>, Problem> {
        Ok(api::devices().await?)
    }

    /// This device's id, to mark it in the list.
    pub async fn this_device(self) -> Result<Option<DeviceId>, Problem> {
        Ok(journal::identity(&self.inner().db()?).await?.map(|identity| identity.device))
    }

    /// Takes a device's right to write away.
    pub async fn revoke_device(self, device: DeviceId) -> Result<(), Problem> {
        Ok(api::revoke_device(device).await?)
    }

    /// Events that wait for the owner's word.
    pub async fn attention(self) -> Result<Vec<Attention>, Problem> {
        Ok(api::attention().await?)
    }

    /// The owner's word on one of them.
    pub async fn settle(self, event: EventId, verdict: Verdict) -> Result<(), Problem> {
        api::settle(event, verdict).await?;
        ledger::settled(&self.inner().db()?, event).await?;
        self.sync_now();
        Ok(())
    }

    /// Sends and fetches now.
    pub fn sync_now(self) {
        if let Some(port) = self.inner().port() {
            port.post(&ToWorker::SyncNow, None);
        }
    }
}
