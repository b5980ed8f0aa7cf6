//! The tables of the open database, kept in memory, and the answers computed from them.

use crate::{history::History, keyring::Keyring, outlet};
use dukandar_app::{
    effect::{
        answers::{self, Kept},
        clock, forecasts,
        journal::{self, Stored, events_after},
        network,
        storage::{Db, MANIFEST, META, SEGMENTS, StorageError},
        studies,
    },
    message::{Failure, FromWorker, Locked},
};
use dukandar_core::{
    customer::khata::{self, KhataRow},
    demand::{
        Batch, Forecasts, Learned, Lesson, SeriesForecast,
        launches::has_newcomers,
        study::{Found, Piece, Studies},
    },
    fold::Fold,
    id::{CustomerId, PersonKeyId, ShopId},
    insight::aggregate::Aggregation,
    inventory::plan::{run::Prepared, touched::Touched},
    privacy::seal::{Sealed, SecretKey},
    record::Person,
    sample,
    sync::event::{Confirmed, Event},
    table::{ShopRow, Tables, segment::Segment},
    task::{self, Answer, Task, TaskError},
    time::{Day, Timestamp, Zone},
};
use js_sys::Uint8Array;
use std::collections::{BTreeMap, BTreeSet};
use wasm_bindgen::{JsCast, JsValue};

/// Events read at once.
const PAGE: u32 = 2_000;
const SHOPS: &str = "shops";

/// An open database with its tables.
pub struct Engine {
    /// IndexedDB name.
    pub database: String,
    /// The database.
    pub db: Db,
    /// What the tables stand at.
    pub version: u64,
    fold: Fold,
    keys: Keyring,
    sample: Option<(u64, Timestamp)>,
    last_order: u64,
    taken_back: u64,
    loaded: BTreeSet<String>,
    shops: Vec<ShopRow>,
    answers: BTreeMap<String, Kept>,
    is_fresh: bool,
    /// Forecasts that were made before; none until they were read.
    pub forecasts: Forecasts,
    has_read_forecasts: bool,
    /// What was found by long work, of the shop that was asked about last.
    studies: Option<(Option<ShopId>, Studies)>,
    /// What is to be learned when there is time.
    pub lesson: Option<Lesson>,
    /// What was written of predictions.
    pub history: History,
    /// The last reorder run, for other limits and for what an event of stock changes of it.
    prepared: Option<Run>,
}

/// What a reorder run found, and what was touched since.
struct Run {
    shop: Option<ShopId>,
    asked: Day,
    version: u64,
    found: Prepared,
    touched: Touched,
}

impl Engine {
    /// Opens a database; `sample` is seed and instant of a generated past. Nothing is read yet.
    pub async fn open(database: &str, sample: Option<(u64, Timestamp)>) -> Result<Self, StorageError> {
        let db = Db::open(database).await?;
        let (fold, keys) = past(sample);
        Ok(Self {
            database: database.to_owned(),
            db,
            version: 0,
            fold,
            keys,
            sample,
            last_order: 0,
            taken_back: 0,
            loaded: BTreeSet::new(),
            shops: Vec::new(),
            answers: BTreeMap::new(),
            is_fresh: true,
            forecasts: Forecasts::default(),
            has_read_forecasts: false,
            studies: None,
            lesson: None,
            history: History::default(),
            prepared: None,
        })
    }

    /// The tables as they stand.
    pub fn tables(&mut self) -> &Tables {
        self.fold.tables()
    }

    /// Forgets the tables; the next refresh reads everything again.
    fn forget(&mut self) {
        (self.fold, self.keys) = past(self.sample);
        self.last_order = 0;
        self.loaded.clear();
        self.answers.clear();
        self.prepared = None;
        self.is_fresh = true;
    }

    /// Folds in what is new in the journal and the manifest. Returns whether the tables may have changed.
    pub async fn refresh(&mut self) -> Result<bool, StorageError> {
        let counters = journal::counters(&self.db).await?;
        let named = self.db.read(&[MANIFEST])?.keys(MANIFEST).await?;
        let stands = |hash: &String| named.iter().any(|key| key.as_string().as_ref() == Some(hash));
        // An import was run again with other choices and its earlier rows go, or sync took events back.
        if !self.loaded.iter().all(stands) || counters.taken_back != self.taken_back {
            self.forget();
            self.taken_back = counters.taken_back;
        }
        while self.last_order < counters.order {
            let events = events_after(&self.db, self.last_order, PAGE).await?;
            let Some(last) = events.last() else { break };
            self.last_order = last.order;
            for Stored { version, event, .. } in &events {
                self.take(event, *version);
            }
        }
        self.read_segments(named).await?;
        let changed = self.is_fresh || counters.version != self.version;
        self.version = counters.version;
        self.is_fresh = false;
        self.fold.tables();
        Ok(changed)
    }

    /// Events that sync has stored: new ones, and own ones at their confirmed place.
    pub fn pulled(&mut self, events: &[Confirmed]) {
        for Confirmed { version, event, .. } in events {
            self.take(event, Some(*version));
        }
    }

    fn take(&mut self, event: &Event, version: Option<u64>) {
        self.keys.hear(event);
        if journal::moves_tables(&event.kind, &event.data) {
            self.touch(event);
            self.fold.event(event, version);
        }
    }

    /// Notes what of the last reorder run no longer holds.
    fn touch(&mut self, event: &Event) {
        // Where all is touched anyway no record need be read for it.
        let Some(run) = self.prepared.as_mut().filter(|run| run.touched != Touched::All) else { return };
        let touched = match event.record() {
            // As of any shop: their zones are the country's, and a day too early only asks for more.
            Ok(record) => {
                let zone = self.shops.first().map_or(Zone { offset_minutes: 0 }, |shop| shop.zone);
                Touched::by(&record, run.found.today(), |at| at.day(zone))
            }
            Err(_) => Touched::All,
        };
        run.touched.add(touched);
    }

    /// Whether the last reorder run still holds for this task, whatever its limits.
    fn is_prepared(&self, task: &Task) -> bool {
        let Task::Reorder { shop, today, .. } = task else { return false };
        let holds = |run: &Run| {
            run.shop == *shop
                && run.asked == *today
                && run.version == self.version
                && run.touched == Touched::default()
        };
        self.prepared.as_ref().is_some_and(holds)
    }

    /// Answers a reorder task from the last run: as it stands, or with what was touched looked at again.
    fn reorder(&mut self, task: &Task) -> Result<Option<Answer>, TaskError> {
        let Task::Reorder { shop, today, limits } = task else { return Ok(None) };
        if !self.is_prepared(task) {
            let before = self.prepared.take().filter(|run| run.shop == *shop);
            let before = before.as_ref().map(|run| (&run.found, &run.touched));
            let found = task::prepare(task, self.fold.tables(), &self.forecasts, before)?;
            self.prepared = found.map(|found| Run {
                shop: *shop,
                asked: *today,
                version: self.version,
                found,
                touched: Touched::default(),
            });
        }
        let plan = self.prepared.as_ref().map(|run| run.found.plan(limits));
        Ok(plan.map(|plan| Answer::Reorder(Box::new(plan))))
    }

    /// Opens personal data under the tenant's key.
    pub async fn unseal(&self, sealed: &[Sealed]) -> Result<Vec<Option<Person>>, StorageError> {
        let own = self.own_key().await?;
        Ok(sealed.iter().map(|sealed| self.keys.open(own.as_ref(), sealed)).collect())
    }

    async fn own_key(&self) -> Result<Option<SecretKey>, StorageError> {
        let own = journal::identity(&self.db).await?;
        Ok(own.and_then(|own| SecretKey::from_hex(&own.tenant_key).ok()))
    }

    /// Seals things of one person under one key: that of a customer where they have one, else a new one. None where the
    /// device has no tenant's key, or the customer was erased.
    pub async fn seal(
        &mut self,
        people: &[Person],
        whose: Option<CustomerId>,
    ) -> Result<Option<Locked>, StorageError> {
        let own = self.own_key().await?;
        let tables = self.fold.tables();
        let row = whose.and_then(|id| tables.customer(id)).and_then(|at| tables.customers.get(at));
        let mut rng = clock::entropy();
        let (id, key, wrapped) = match row.and_then(|row| row.person.as_ref()).map(|person| person.key) {
            Some(id) => {
                let Some(key) = self.keys.key(own.as_ref(), id) else { return Ok(None) };
                (id, key, None)
            }
            None => {
                let Some(tenant) = own else { return Ok(None) };
                let id = PersonKeyId::fresh(clock::now().0.unsigned_abs(), &mut rng);
                let key = SecretKey::fresh(&mut rng);
                let wrapped = tenant.wrap(id, &key, &mut rng);
                (id, key, Some(wrapped))
            }
        };
        let sealed: Option<Vec<_>> =
            people.iter().map(|person| key.seal(id, person, &mut rng).ok()).collect();
        Ok(sealed.map(|sealed| (wrapped, sealed)))
    }

    /// Customers whose name, phone or number fits, with their khata; those who came last where nothing is asked.
    pub async fn find(
        &mut self,
        query: &str,
        today: Day,
        limit: usize,
    ) -> Result<Vec<(KhataRow, Option<Person>)>, StorageError> {
        let own = self.own_key().await?;
        let tables = self.fold.tables();
        let found = match query.trim() {
            "" => khata::recent(tables, limit),
            query => self.keys.find(own.as_ref(), &tables.customers, query, limit),
        };
        let open = |row: KhataRow| {
            let person = row.person.as_ref().and_then(|sealed| self.keys.open(own.as_ref(), sealed));
            (row, person)
        };
        Ok(khata::rows(tables, &found, today).into_iter().map(open).collect())
    }

    async fn read_segments(&mut self, named: Vec<JsValue>) -> Result<(), StorageError> {
        for key in named {
            let Some(hash) = key.as_string().filter(|hash| !self.loaded.contains(hash)) else { continue };
            let value = self.db.read(&[SEGMENTS])?.get(SEGMENTS, &key).await?;
            let bytes = value.and_then(|value| value.dyn_into::<Uint8Array>().ok());
            let bytes = bytes.ok_or_else(|| StorageError::Damaged(format!("segment {hash} is missing")))?;
            let segment = Segment::decode(&bytes.to_vec())
                .map_err(|error| StorageError::Damaged(format!("segment {hash}: {error}")))?;
            self.fold.segment(segment);
            self.loaded.insert(hash);
            self.prepared = None;
        }
        Ok(())
    }

    /// Where the tables stand, for the page.
    pub fn tables_message(&mut self) -> FromWorker {
        let version = self.version;
        let tables = self.fold.tables();
        FromWorker::Tables { version, shops: tables.shops.clone(), lines: tables.sales.lines() as u64 }
    }

    /// Keeps the branches where the page finds them at its next start, before any worker runs.
    pub async fn keep_shops(&mut self) -> Result<(), StorageError> {
        let shops = &self.fold.tables().shops;
        if *shops != self.shops {
            self.shops.clone_from(shops);
            let tx = self.db.write(&[META])?;
            tx.set_meta(SHOPS, shops)?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Customers on record.
    pub fn customers(&mut self) -> BTreeSet<CustomerId> {
        self.fold.tables().customers.iter().map(|row| row.id).collect()
    }

    /// What was answered before, where it still holds.
    async fn answered(&mut self, task: &Task) -> Result<Option<Answer>, StorageError> {
        let question = answers::question(task);
        if !self.answers.contains_key(&question)
            && answers::is_kept(task)
            && let Some(kept) = answers::read(&self.db, &question).await?
        {
            self.answers.insert(question.clone(), kept);
        }
        let kept = self.answers.get(&question);
        let kept = kept.filter(|kept| kept.version == self.version && kept.task == *task);
        Ok(kept.map(|kept| kept.answer.clone()))
    }

    /// The forecasts that must be made before a task that looks ahead of many series can be answered.
    pub async fn due(&mut self, task: &Task) -> Result<Batch, StorageError> {
        if self.is_prepared(task) || self.answered(task).await?.is_some() {
            return Ok(Batch::default());
        }
        let batch = task::works(task, self.fold.tables());
        let looks_ahead = !batch.works.is_empty() || matches!(task, Task::Forecast { .. });
        if looks_ahead && !self.has_read_forecasts {
            self.forecasts = forecasts::read(&self.db).await?;
            self.has_read_forecasts = true;
        }
        if looks_ahead && self.forecasts.cold_start().is_none() && has_newcomers(self.fold.tables()) {
            // Without it new products are judged by those like them alone; the next question tries again.
            match network::get_cold_start().await {
                Ok(model) => self.forecasts.keep_cold_start(model),
                Err(error) => outlet::warn(&format!("the model for new products was not read: {error}")),
            }
        }
        if let Some(lesson) = self.forecasts.lesson(&batch) {
            self.lesson = Some(lesson);
        }
        Ok(self.forecasts.due(batch))
    }

    /// Takes what was learned, and the forecasts made with it, in place of what was known before. Answers that looked
    /// ahead without it count no more.
    pub async fn renew(&mut self, learned: Learned, made: Vec<SeriesForecast>) -> Result<(), StorageError> {
        let written = forecasts::write_learned(&self.db, &learned).await;
        self.forecasts.keep_learned(learned);
        self.prepared = None;
        let kept = self.keep(made).await;
        let ahead = |task: &Task| {
            matches!(
                task,
                Task::Today { .. }
                    | Task::Reorder { .. }
                    | Task::Forecast { .. }
                    | Task::Branches { .. }
                    | Task::NextMonth { .. }
            )
        };
        let old: Vec<String> = self
            .answers
            .iter()
            .filter(|(_, it)| ahead(&it.task))
            .map(|(question, _)| question.clone())
            .collect();
        for question in old {
            self.answers.remove(&question);
            answers::remove(&self.db, &question).await?;
        }
        written.and(kept)
    }

    /// The long work that must be done before a task can be answered in full.
    pub async fn pieces(&mut self, task: &Task) -> Result<Vec<Piece>, StorageError> {
        let (Task::NextMonth { shop, .. } | Task::Accuracy { shop, .. }) = *task else {
            return Ok(Vec::new());
        };
        if self.answered(task).await?.is_some() {
            return Ok(Vec::new());
        }
        if self.studies.as_ref().is_none_or(|(of, _)| *of != shop) {
            self.studies = Some((shop, studies::read(&self.db, shop).await?));
        }
        let pieces = task::pieces(task, self.fold.tables());
        let Some((_, known)) = &mut self.studies else { return Ok(Vec::new()) };
        known.retain(&pieces);
        Ok(known.due(pieces))
    }

    /// Takes what was found.
    pub fn learn(&mut self, piece: &Piece, found: Found) {
        if let Some((_, known)) = &mut self.studies {
            known.keep(piece, found);
        }
    }

    /// Keeps it over a reload.
    pub async fn keep_studies(&self) -> Result<(), StorageError> {
        match &self.studies {
            Some((shop, known)) => studies::write(&self.db, *shop, known).await,
            None => Ok(()),
        }
    }

    /// Keeps forecasts that were made.
    pub async fn keep(&mut self, made: Vec<SeriesForecast>) -> Result<(), StorageError> {
        let written = forecasts::write(&self.db, &made).await;
        if let Some(run) = &mut self.prepared {
            let products = made.iter().filter_map(|it| it.key.product).collect();
            run.touched.add(Touched::Products(products));
        }
        made.into_iter().for_each(|forecast| self.forecasts.keep(forecast));
        written
    }

    /// Answers a task: from what was answered before, else from the tables.
    pub async fn run(&mut self, task: Task) -> Result<Answer, Failure> {
        if let Some(answer) = self.answered(&task).await? {
            return Ok(answer);
        }
        let is_whole = self.pieces(&task).await?.is_empty();
        let question = answers::question(&task);
        let started = clock::elapsed_ms();
        let reorder = self.reorder(&task)?;
        let none = Studies::default();
        let studies = self.studies.as_ref().map_or(&none, |(_, studies)| studies);
        let mut answer = match reorder {
            Some(answer) => answer,
            None => task::run_studied(&task, self.fold.tables(), &self.forecasts, studies)?,
        };
        if let Answer::Forecast(forecast) = &mut answer {
            forecast.judged = self.judged(&task).await?;
        }
        if let Some(name) = measure_name(&task) {
            clock::measure(name, started);
        }
        // Plain aggregations are asked for to be measured; what somebody stopped is no answer to keep.
        if is_whole && !matches!(task, Task::Aggregate(_)) {
            let kept = Kept { version: self.version, task, answer: answer.clone() };
            if answers::is_kept(&kept.task) {
                answers::write(&self.db, &kept).await?;
            }
            self.answers.insert(question, kept);
        }
        Ok(answer)
    }
}

/// The generated past of the sample shop with its keys, or none.
fn past(sample: Option<(u64, Timestamp)>) -> (Fold, Keyring) {
    let Some((seed, now)) = sample else { return (Fold::default(), Keyring::default()) };
    let sample = sample::generate(seed, now);
    let mut keys = Keyring::of_tenant(sample.tenant_key.clone());
    for entry in &sample.entries {
        keys.hold(&entry.record);
    }
    (sample.into_fold(), keys)
}

/// Name of the measure that benchmarks read.
fn measure_name(task: &Task) -> Option<&'static str> {
    match task {
        Task::Aggregate(Aggregation::DayTotals) => Some("aggregate:day_totals"),
        Task::Aggregate(Aggregation::ProductDay) => Some("aggregate:product_day"),
        Task::Aggregate(Aggregation::CustomerRfm) => Some("aggregate:rfm"),
        Task::Forecast { .. } => Some("forecast:series"),
        Task::Reorder { .. } => Some("reorder:plan"),
        _ => None,
    }
}
