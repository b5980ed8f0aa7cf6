//! The ordered journal in SQL. What is taken, core's [`admit`] decides; here it is looked up, ordered and written.
//!
//! A version comes from the stream's head row, which is locked until the transaction commits. A cursor on a
//! sequence would skip events whenever commits overtake each other.

use super::{
    Store, StoreError, Tx, arrival::Arrivals, erase, json, project::Rows, read_id, read_json, segment,
    stream_name, stream_of, word,
};
use dukandar_core::{
    id::{DeviceId, EpochId, EventId, ShopId, TenantId},
    record::Record,
    sync::{
        event::{Confirmed, Event, Stream},
        journal::{Admission, Caller, Held, Origin, Prior, admit, cursor_of},
        protocol::{
            Attention, Outcome, PULL_MAX_EVENTS, Pull, PullReply, Push, PushReply, QuarantineReason,
            StreamPage, Verdict, digest_step,
        },
    },
    time::Timestamp,
};
use sqlx::{Row, any::AnyRow};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Takes a push: one transaction, committed before the reply.
pub async fn push(
    store: &dyn Store,
    server_epoch: EpochId,
    caller: &Caller,
    push: &Push,
    now: Timestamp,
) -> Result<PushReply, StoreError> {
    let mut append = Append::begin(store, caller, Origin::of(push), &push.events, now).await?;
    let mut outcomes = Vec::with_capacity(push.events.len());
    for event in &push.events {
        outcomes.push(append.take(event).await?);
    }
    let grown = append.commit().await?;
    for stream in grown {
        segment::seal_events(store, caller.tenant, stream).await?;
    }
    Ok(PushReply { server_epoch, outcomes })
}

/// A transaction that appends to one tenant's streams.
struct Append<'a> {
    store: &'a dyn Store,
    tx: Tx,
    caller: &'a Caller,
    origin: Origin,
    now: Timestamp,
    heads: BTreeMap<Stream, Head>,
    shops: BTreeSet<ShopId>,
    segments: BTreeMap<String, ShopId>,
    by_id: HashMap<EventId, (String, u64)>,
    by_seq: HashMap<(DeviceId, EpochId, u64), EventId>,
    put_aside: HashMap<(EventId, String), (QuarantineReason, String)>,
    quarantined: i64,
    rows: Rows,
    arrivals: Arrivals,
    has_erased: bool,
}

/// The end of a stream.
#[derive(Clone)]
struct Head {
    version: u64,
    digest: String,
    grown: bool,
}

async fn lock(
    store: &dyn Store,
    tx: &mut Tx,
    tenant: TenantId,
    stream: Stream,
) -> Result<Option<Head>, StoreError> {
    let row = sqlx::query(store.lock_head())
        .bind(tenant.to_string())
        .bind(stream_name(stream))
        .fetch_optional(&mut **tx)
        .await?;
    let head = |row: AnyRow| {
        let version = row.try_get::<i64, _>("head")? as u64;
        Ok(Head { version, digest: row.try_get("digest")?, grown: false })
    };
    row.map(head).transpose()
}

impl<'a> Append<'a> {
    /// Locks the streams these events belong to, in order, and reads what bears on the events.
    async fn begin(
        store: &'a dyn Store,
        caller: &'a Caller,
        origin: Origin,
        events: &[Event],
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let mut tx = store.pool().begin_with(store.begin_append()).await?;
        let streams: BTreeSet<Stream> = events.iter().map(|event| event.stream).collect();
        let mut heads = BTreeMap::new();
        for stream in streams {
            heads.extend(lock(store, &mut tx, caller.tenant, stream).await?.map(|head| (stream, head)));
        }
        let arrivals = Arrivals::of(store, &mut tx, caller.tenant, events).await?;
        let mut append = Self {
            store,
            tx,
            caller,
            origin,
            now,
            heads,
            shops: BTreeSet::new(),
            segments: BTreeMap::new(),
            by_id: HashMap::new(),
            by_seq: HashMap::new(),
            put_aside: HashMap::new(),
            quarantined: 0,
            rows: Rows::default(),
            arrivals,
            has_erased: false,
        };
        append.read_known(events).await?;
        Ok(append)
    }

    async fn read_known(&mut self, events: &[Event]) -> Result<(), StoreError> {
        let tenant = self.caller.tenant.to_string();
        let shops = sqlx::query("SELECT shop FROM shops WHERE tenant = $1").bind(&tenant);
        for row in shops.fetch_all(&mut *self.tx).await? {
            self.shops.insert(read_id(&row, "shops", "shop")?);
        }
        let ids = json(&events.iter().map(|event| event.id).collect::<Vec<_>>());
        let known = sqlx::query(self.store.events_by_id()).bind(&tenant).bind(&ids);
        for row in known.fetch_all(&mut *self.tx).await? {
            let version = row.try_get::<i64, _>("version")? as u64;
            self.by_id.insert(read_id(&row, "events", "event_id")?, (row.try_get("hash")?, version));
        }
        let aside = sqlx::query(self.store.quarantined_by_id()).bind(&tenant).bind(&ids);
        for row in aside.fetch_all(&mut *self.tx).await? {
            let key = (read_id(&row, "quarantine", "event_id")?, row.try_get("hash")?);
            self.put_aside.insert(key, (reason_of(&row)?, row.try_get("detail")?));
        }
        let writers: BTreeSet<_> = events.iter().map(|event| (event.device, event.epoch)).collect();
        for (device, epoch) in writers {
            let of_writer = events.iter().filter(|event| (event.device, event.epoch) == (device, epoch));
            let seqs = of_writer.map(|event| event.seq.min(i64::MAX as u64) as i64);
            let taken = sqlx::query(
                "SELECT seq, event_id FROM events
                 WHERE tenant = $1 AND device = $2 AND epoch = $3 AND seq BETWEEN $4 AND $5",
            )
            .bind(&tenant)
            .bind(device.to_string())
            .bind(epoch.to_string())
            .bind(seqs.clone().min().unwrap_or_default())
            .bind(seqs.max().unwrap_or_default());
            for row in taken.fetch_all(&mut *self.tx).await? {
                let seq = row.try_get::<i64, _>("seq")? as u64;
                self.by_seq.insert((device, epoch, seq), read_id(&row, "events", "event_id")?);
            }
        }
        for event in events.iter().filter(|event| event.kind == "import") {
            let Ok(Record::Import(import)) = event.record() else { continue };
            for wanted in import.segments {
                let row = sqlx::query("SELECT shop FROM segments WHERE tenant = $1 AND hash = $2")
                    .bind(&tenant)
                    .bind(&wanted.hash)
                    .fetch_optional(&mut *self.tx)
                    .await?;
                if let Some(row) = row {
                    self.segments.insert(wanted.hash, read_id(&row, "segments", "shop")?);
                }
            }
        }
        Ok(())
    }

    /// Does with one event what core says.
    async fn take(&mut self, event: &Event) -> Result<Outcome, StoreError> {
        let (id, hash) = (event.id, event.hash());
        let prior = Prior {
            by_id: self.by_id.get(&id).cloned(),
            by_seq: self.by_seq.get(&(event.device, event.epoch, event.seq)).copied(),
            quarantined: self.put_aside.get(&(id, hash.clone())).cloned(),
        };
        let held = Held { prior: &prior, shops: &self.shops, segments: &self.segments };
        match admit(event, &hash, self.caller, self.origin, &held, self.now) {
            Admission::Known { version } => Ok(Outcome::Accepted { id, version }),
            Admission::NeedsSegments { hashes } => Ok(Outcome::NeedsSegments { id, hashes }),
            Admission::Quarantine { reason, detail, again } => {
                if !again {
                    self.quarantine(event, &hash, reason, &detail).await?;
                    self.put_aside.insert((id, hash), (reason, detail.clone()));
                }
                Ok(Outcome::Quarantined { id, reason, detail })
            }
            Admission::Append { mut flags, record } => {
                let head = self.head(event.stream).await?;
                if let Some(record) = &record {
                    let version = head.version + 1;
                    flags.extend(self.arrivals.note(&mut self.tx, event, record, version).await?);
                }
                let version = self.append(event, head, &hash, &json(&flags)).await?;
                if let Some(record) = record {
                    if let Record::Shop(shop) = &*record {
                        self.shops.insert(shop.id);
                    }
                    self.rows.add(*record);
                }
                self.by_seq.insert((event.device, event.epoch, event.seq), id);
                self.by_id.insert(id, (hash, version));
                Ok(Outcome::Accepted { id, version })
            }
        }
    }

    async fn quarantine(
        &mut self,
        event: &Event,
        hash: &str,
        reason: QuarantineReason,
        detail: &str,
    ) -> Result<(), StoreError> {
        let (tenant, device) = (self.caller.tenant, self.caller.device);
        match reason {
            QuarantineReason::HashMismatch | QuarantineReason::SeqReused | QuarantineReason::WrongTenant => {
                tracing::error!(%tenant, %device, event = %event.id, ?reason, detail, "ALARM: event put aside");
            }
            _ => tracing::warn!(%tenant, %device, event = %event.id, ?reason, detail, "event put aside"),
        }
        let keyless = match event.person_key() {
            Some(key) if erase::is_erased(&mut self.tx, tenant, key).await? => event.without_key(),
            _ => None,
        };
        let event = keyless.as_ref().unwrap_or(event);
        // Order of arrival: the clock, then the place in the push.
        let position = self.now.0 * 1_000 + self.quarantined.min(999);
        self.quarantined += 1;
        sqlx::query(
            "INSERT INTO quarantine (tenant, event_id, hash, position, reason, detail, arrived_ms, body)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        )
        .bind(tenant.to_string())
        .bind(event.id.to_string())
        .bind(hash)
        .bind(position)
        .bind(word(&reason))
        .bind(detail.replace('\0', "\u{fffd}"))
        .bind(self.now.0)
        .bind(event.canonical())
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// The end of a stream, made and locked where it is the stream's first event.
    async fn head(&mut self, stream: Stream) -> Result<Head, StoreError> {
        if let Some(head) = self.heads.get(&stream) {
            return Ok(head.clone());
        }
        sqlx::query(
            "INSERT INTO streams (tenant, stream, head, digest) VALUES ($1, $2, 0, '') ON CONFLICT DO NOTHING",
        )
        .bind(self.caller.tenant.to_string())
        .bind(stream_name(stream))
        .execute(&mut *self.tx)
        .await?;
        let head = lock(self.store, &mut self.tx, self.caller.tenant, stream).await?;
        Ok(head.unwrap_or(Head { version: 0, digest: String::new(), grown: false }))
    }

    async fn append(
        &mut self,
        event: &Event,
        before: Head,
        hash: &str,
        flags: &str,
    ) -> Result<u64, StoreError> {
        let (tenant, stream) = (self.caller.tenant.to_string(), stream_name(event.stream));
        let digest = digest_step(&before.digest, hash);
        let head = Head { version: before.version + 1, digest, grown: true };
        sqlx::query(
            "INSERT INTO events (tenant, stream, version, event_id, device, epoch, seq, kind, v, hash, digest, flags,
                 arrived_ms, body)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        )
        .bind(&tenant)
        .bind(&stream)
        .bind(head.version as i64)
        .bind(event.id.to_string())
        .bind(event.device.to_string())
        .bind(event.epoch.to_string())
        .bind(event.seq as i64)
        .bind(&event.kind)
        .bind(i64::from(event.v))
        .bind(hash)
        .bind(&head.digest)
        .bind(flags)
        .bind(self.now.0)
        .bind(event.canonical())
        .execute(&mut *self.tx)
        .await?;
        let version = head.version;
        self.heads.insert(event.stream, head);
        self.has_erased |= erase::guard(self.store, &mut self.tx, self.caller.tenant, event, version).await?;
        Ok(version)
    }

    /// Writes heads and projections, commits, and names the streams that grew.
    async fn commit(mut self) -> Result<Vec<Stream>, StoreError> {
        let grown: Vec<(Stream, Head)> = self.heads.into_iter().filter(|(_, head)| head.grown).collect();
        for (stream, head) in &grown {
            sqlx::query("UPDATE streams SET head = $3, digest = $4 WHERE tenant = $1 AND stream = $2")
                .bind(self.caller.tenant.to_string())
                .bind(stream_name(*stream))
                .bind(head.version as i64)
                .bind(&head.digest)
                .execute(&mut *self.tx)
                .await?;
        }
        self.arrivals.write(&mut self.tx).await?;
        self.rows.write(self.store, &mut self.tx, self.caller.tenant, self.now).await?;
        self.tx.commit().await?;
        if let Some(sweep) = self.store.after_erasure().filter(|_| self.has_erased) {
            sqlx::raw_sql(sweep).execute(self.store.pool()).await?;
        }
        Ok(grown.into_iter().map(|(stream, _)| stream).collect())
    }
}

/// Answers a pull.
pub async fn pull(
    store: &dyn Store,
    server_epoch: EpochId,
    caller: &Caller,
    pull: &Pull,
    now: Timestamp,
) -> Result<PullReply, StoreError> {
    let rows = sqlx::query("SELECT stream, head FROM streams WHERE tenant = $1 AND head > 0")
        .bind(caller.tenant.to_string())
        .fetch_all(store.pool())
        .await?;
    let mut heads = BTreeMap::new();
    for row in &rows {
        let stream = stream_of(&row.try_get::<String, _>("stream")?)?;
        heads.insert(stream, row.try_get::<i64, _>("head")? as u64);
    }
    let mut left = u64::from(pull.limit.clamp(1, PULL_MAX_EVENTS));
    let (mut pages, mut more) = (Vec::new(), false);
    for (stream, head) in heads.into_iter().filter(|(stream, _)| caller.reaches(*stream)) {
        let from = cursor_of(&pull.cursors, stream).min(head);
        let to = head.min(from + left);
        left -= to - from;
        more |= to < head;
        let (digest, events) = page(store, caller.tenant, stream, from, to).await?;
        pages.push(StreamPage { stream, head, digest, events });
    }
    Ok(PullReply { server_epoch, server_time_ms: now.0, pages, more })
}

/// Events `from` < version ≤ `to`, and the digest up to `to`.
async fn page(
    store: &dyn Store,
    tenant: TenantId,
    stream: Stream,
    from: u64,
    to: u64,
) -> Result<(String, Vec<Confirmed>), StoreError> {
    // The event at `from` comes along for its digest, in case nothing follows it.
    let rows = sqlx::query(
        "SELECT version, flags, digest, body FROM events
         WHERE tenant = $1 AND stream = $2 AND version >= $3 AND version <= $4 ORDER BY version",
    )
    .bind(tenant.to_string())
    .bind(stream_name(stream))
    .bind(from as i64)
    .bind(to as i64)
    .fetch_all(store.pool())
    .await?;
    let digest = rows.last().map(|row| row.try_get("digest")).transpose()?.unwrap_or_default();
    let events =
        rows.iter().map(confirmed).filter(|event| !matches!(event, Ok(event) if event.version <= from));
    Ok((digest, events.collect::<Result<_, _>>()?))
}

/// Reads a stored event.
pub fn confirmed(row: &AnyRow) -> Result<Confirmed, StoreError> {
    Ok(Confirmed {
        version: row.try_get::<i64, _>("version")? as u64,
        flags: read_json(row, "events", "flags")?,
        event: read_json(row, "events", "body")?,
    })
}

fn reason_of(row: &AnyRow) -> Result<QuarantineReason, StoreError> {
    let found: String = row.try_get("reason")?;
    serde_json::from_value(serde_json::Value::String(found.clone())).map_err(|_| StoreError::Corrupt {
        table: "quarantine",
        column: "reason",
        found,
        expected: "a reason's name",
    })
}

/// Events put aside that wait for the owner, oldest first.
pub async fn attention(store: &dyn Store, tenant: TenantId) -> Result<Vec<Attention>, StoreError> {
    let rows = sqlx::query(
        "SELECT body, reason, detail, arrived_ms FROM quarantine
         WHERE tenant = $1 AND verdict IS NULL ORDER BY position, event_id",
    )
    .bind(tenant.to_string())
    .fetch_all(store.pool())
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Attention {
                event: read_json(row, "quarantine", "body")?,
                reason: reason_of(row)?,
                detail: row.try_get("detail")?,
                arrived_ms: row.try_get("arrived_ms")?,
            })
        })
        .collect()
}

/// The owner's word on an event that was put aside. `None` where there is nothing to settle or to take.
pub async fn settle(
    store: &dyn Store,
    owner: &Caller,
    id: EventId,
    verdict: Verdict,
    now: Timestamp,
) -> Result<Option<Option<Confirmed>>, StoreError> {
    let tenant = owner.tenant.to_string();
    let row = sqlx::query(
        "SELECT hash, body, reason FROM quarantine
         WHERE tenant = $1 AND event_id = $2 AND verdict IS NULL ORDER BY hash LIMIT 1",
    )
    .bind(&tenant)
    .bind(id.to_string())
    .fetch_optional(store.pool())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let (hash, event): (String, Event) = (row.try_get("hash")?, read_json(&row, "quarantine", "body")?);
    if verdict == Verdict::Take && !reason_of(&row)?.may_be_taken() {
        return Ok(None);
    }
    // The owner's own grant stands behind the event now; its device stays who wrote it.
    let writer = Caller { device: event.device, revoked: false, ..owner.clone() };
    let events = if verdict == Verdict::Take { vec![event] } else { Vec::new() };
    let epoch = events.first().map_or(EpochId::from_u128(0), |event| event.epoch);
    let mut append = Append::begin(store, &writer, Origin::Own(epoch), &events, now).await?;
    append.put_aside.clear();
    let mut taken = None;
    if let Some(event) = events.first() {
        let Outcome::Accepted { version, .. } = append.take(event).await? else { return Ok(None) };
        taken = Some((event.stream, version));
    }
    sqlx::query("UPDATE quarantine SET verdict = $4 WHERE tenant = $1 AND event_id = $2 AND hash = $3")
        .bind(&tenant)
        .bind(id.to_string())
        .bind(&hash)
        .bind(word(&verdict))
        .execute(&mut *append.tx)
        .await?;
    append.commit().await?;
    let Some((stream, version)) = taken else { return Ok(Some(None)) };
    let (_, events) = page(store, owner.tenant, stream, version - 1, version).await?;
    Ok(Some(events.into_iter().next()))
}
