//! What the server does on arrival beside ordering: flags by hand-made histories, and the destruction of keys, on
//! both databases.

use crate::api::{DEVICE, EPOCH, Folder, Pen, SHOP, TENANT, caller, on_both};
use dukandar_core::{
    id::{CustomerId, DeviceId, DocumentId, PersonKeyId, ProductId, UnitId},
    money::Paisa,
    privacy::seal::SecretKey,
    quantity::Quantity,
    record::{
        Customer, Erase, Person, PersonKey, Price, PriceKind, Product, ProductFields, Record, Return,
        StockLine, SupplierReceipt,
    },
    rng::Rng,
    role::Role,
    sync::{
        event::{Event, Flag, Stream},
        journal::{Caller, Journal},
        protocol::{Cursor, Outcome, PROTOCOL_VERSION, Pull},
    },
    time::Timestamp,
};
use dukandar_server::store::{self, Store, journal, segment};
use sqlx::Row;

const PHONE: ProductId = ProductId::from_u128(0x9001);
const COVER: ProductId = ProductId::from_u128(0x9002);

/// Two devices of one shop and the store they push to.
struct Counter<'a> {
    store: &'a dyn Store,
    pens: [Pen; 2],
}

impl<'a> Counter<'a> {
    async fn open(store: &'a dyn Store) -> Self {
        let pens = [Pen::new(DEVICE, 1), Pen::new(DeviceId::from_u128(0x7103), 2)];
        let mut counter = Self { store, pens };
        let shop = counter.pens[0].shop(SHOP);
        counter.push(0, &[shop]).await;
        counter
    }

    /// Pushes and gives the flags of each event as a pull shows them.
    async fn push(&mut self, who: usize, events: &[Event]) -> Vec<Vec<Flag>> {
        let sender = Caller { device: self.pens[who].device, ..caller(Role::Owner) };
        let epoch = store::server_epoch(self.store).await.unwrap();
        let push = self.pens[who].push(events);
        let now = Timestamp(store::now_ms());
        let reply = journal::push(self.store, epoch, &sender, &push, now).await.unwrap();
        for outcome in &reply.outcomes {
            assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
        }
        let all = pulled(self.store, &[]).await;
        let flags = |event: &Event| all.iter().find(|(id, ..)| *id == event.id).unwrap().1.clone();
        events.iter().map(flags).collect()
    }

    fn receive(&mut self, who: usize, product: ProductId, pieces: i64) -> Event {
        let pen = &mut self.pens[who];
        let line = StockLine { product, units: vec![], quantity: Quantity::pieces(pieces), unit_cost: None };
        let record = Record::SupplierReceipt(SupplierReceipt {
            id: DocumentId::fresh(pen.at.0 as u64, &mut pen.rng),
            order: None,
            shop: SHOP,
            supplier: None,
            lines: vec![line],
            at: pen.at,
        });
        pen.write(Stream::Shop(SHOP), &record)
    }

    fn sell(&mut self, who: usize, product: ProductId, pieces: i64, rupees: i64, units: &[UnitId]) -> Event {
        let mut sale = self.pens[who].sale_record(SHOP, pieces, rupees);
        sale.lines[0].product = product;
        sale.lines[0].units = units.to_vec();
        self.pens[who].write(Stream::Shop(SHOP), &Record::Sale(sale))
    }

    fn take_back(&mut self, who: usize, product: ProductId, pieces: i64, units: &[UnitId]) -> Event {
        let sale = self.pens[who].sale_record(SHOP, pieces, 100);
        let mut lines = sale.lines;
        lines[0].product = product;
        lines[0].units = units.to_vec();
        let back = Return {
            id: sale.id,
            original: None,
            shop: SHOP,
            number: sale.number,
            at: sale.at,
            zone: sale.zone,
            customer: None,
            staff: None,
            lines,
            payments: sale.payments,
            of_lines: Vec::new(),
            exchange: None,
        };
        self.pens[who].write(Stream::Shop(SHOP), &Record::Return(back))
    }

    fn edit(&mut self, who: usize, base_version: Option<u64>, fields: ProductFields) -> Event {
        let record = Record::Product(Product { id: PHONE, base_version, fields });
        self.pens[who].write(Stream::Tenant, &record)
    }
}

/// Id, flags and text of every event.
async fn pulled(
    store: &dyn Store,
    cursors: &[Cursor],
) -> Vec<(dukandar_core::id::EventId, Vec<Flag>, String)> {
    let epoch = store::server_epoch(store).await.unwrap();
    let pull = Pull { protocol: PROTOCOL_VERSION, device: DEVICE, cursors: cursors.to_vec(), limit: 1_000 };
    let reply = journal::pull(store, epoch, &caller(Role::Owner), &pull, Timestamp(0)).await.unwrap();
    let events = reply.pages.into_iter().flat_map(|page| page.events);
    events.map(|it| (it.event.id, it.flags, it.event.canonical())).collect()
}

#[tokio::test]
async fn a_sale_beyond_the_shelf_is_taken_and_flagged() {
    on_both("oversold", async |store| {
        let mut shop = Counter::open(&*store).await;
        // Nobody wrote down what lies there: nothing can be oversold.
        let unknown = shop.sell(1, PHONE, 5, 900, &[]);
        assert_eq!(shop.push(1, std::slice::from_ref(&unknown)).await, [vec![]]);
        // Three on the shelf; the five were sold at the very same time and count, as in the fold: −2.
        let events = [shop.receive(0, PHONE, 3), shop.receive(0, COVER, 4)];
        shop.push(0, &events).await;
        let one = shop.sell(0, PHONE, 1, 900, &[]);
        assert_eq!(shop.push(0, &[one]).await, [vec![Flag::Oversold]]);
        // Goods come in and one goes out in the same push; then a copy of that sale changes nothing.
        let events = [shop.receive(0, PHONE, 10), shop.sell(0, PHONE, 7, 900, &[])];
        assert_eq!(shop.push(0, &events).await, [vec![], vec![]]);
        assert_eq!(shop.push(0, &events).await, [vec![], vec![]]);
        let two = [shop.sell(1, COVER, 3, 300, &[]), shop.sell(1, COVER, 2, 300, &[])];
        assert_eq!(shop.push(1, &two).await, [vec![], vec![Flag::Oversold]]);
        // A return fills the shelf and is no sale.
        let back = [shop.take_back(0, COVER, 1, &[]), shop.sell(0, PHONE, 1, 900, &[])];
        assert_eq!(shop.push(0, &back).await, [vec![], vec![Flag::Oversold]]);
        let sold: i64 = sqlx::query_scalar(
            "SELECT moved_milli - sold_milli FROM shelves WHERE tenant = $1 AND product_id = $2",
        )
        .bind(TENANT.to_string())
        .bind(COVER.to_string())
        .fetch_one(store.pool())
        .await
        .unwrap();
        assert_eq!(sold, 0);
    })
    .await;
}

#[tokio::test]
async fn a_piece_sold_twice_keeps_both_sales_and_flags_the_second() {
    on_both("units", async |store| {
        let mut shop = Counter::open(&*store).await;
        let (one, other) = (UnitId::from_u128(1), UnitId::from_u128(2));
        let first = shop.sell(0, PHONE, 1, 900, &[one]);
        assert_eq!(shop.push(0, std::slice::from_ref(&first)).await, [vec![]]);
        let second = [shop.sell(1, PHONE, 1, 900, &[other]), shop.sell(1, PHONE, 1, 900, &[one])];
        assert_eq!(shop.push(1, &second).await, [vec![], vec![Flag::UnitSoldTwice]]);
        assert_eq!(shop.push(0, &[first]).await, [vec![]]);
        let back = [shop.take_back(0, PHONE, 1, &[other]), shop.sell(0, PHONE, 1, 900, &[other])];
        assert_eq!(shop.push(0, &back).await, [vec![], vec![]]);
    })
    .await;
}

#[tokio::test]
async fn an_old_price_is_flagged_and_a_bargained_one_is_not() {
    on_both("prices", async |store| {
        let mut shop = Counter::open(&*store).await;
        let now = shop.pens[0].at.0;
        let mut price = |rupees, from_ms| {
            let price = Price {
                product: PHONE,
                shop: None,
                kind: PriceKind::Retail,
                price: Paisa::rupees(rupees),
                from: Timestamp(from_ms),
            };
            shop.pens[0].write(Stream::Tenant, &Record::Price(price))
        };
        let prices = [price(900, now - 9_000), price(1_000, now - 5_000), price(2_000, now + 60_000)];
        shop.push(0, &prices).await;
        let sales = [900, 1_000, 950, 2_000].map(|rupees| shop.sell(1, PHONE, 1, rupees, &[]));
        let flags = shop.push(1, &sales).await;
        assert_eq!(flags, [vec![Flag::StalePrice], vec![], vec![], vec![]]);
        // Who set the price knows it: the old one was meant.
        let own = shop.sell(0, PHONE, 1, 900, &[]);
        assert_eq!(shop.push(0, &[own]).await, [vec![]]);
    })
    .await;
}

#[tokio::test]
async fn a_field_edited_by_two_is_a_clash_and_the_later_one_stands() {
    on_both("clash", async |store| {
        let mut shop = Counter::open(&*store).await;
        let name = |name: &str| ProductFields { name: Some(name.to_owned()), ..ProductFields::default() };
        let brand = |brand: &str| ProductFields { brand: Some(brand.to_owned()), ..ProductFields::default() };
        // The shop is version 1 of the stream, the new product 2.
        let made = shop.edit(0, None, name("Redmi"));
        shop.push(0, &[made]).await;
        let first = [shop.edit(0, Some(2), name("Redmi 14")), shop.edit(0, Some(2), name("Redmi 14C"))];
        assert_eq!(shop.push(0, &first).await, [vec![], vec![]], "one's own edits are no clash");
        let other = shop.edit(1, Some(2), brand("Xiaomi"));
        assert_eq!(shop.push(1, &[other]).await, [vec![]], "another field");
        let same = shop.edit(1, Some(2), name("Redmi 14C"));
        assert_eq!(shop.push(1, &[same]).await, [vec![]], "the same value");
        let clash = shop.edit(0, Some(3), name("Redmi 13"));
        assert_eq!(shop.push(0, &[clash]).await, [vec![Flag::Clash]]);
        let stands: String = sqlx::query_scalar("SELECT name FROM products WHERE tenant = $1")
            .bind(TENANT.to_string())
            .fetch_one(store.pool())
            .await
            .unwrap();
        assert_eq!(stands, "Redmi 13");
    })
    .await;
}

/// A person's key and the customer sealed under it.
fn person(pen: &mut Pen, number: u128) -> ([Event; 2], String) {
    let id = PersonKeyId::from_u128(number);
    let mut rng = Rng::seeded(number as u64);
    let key = SecretKey::fresh(&mut rng);
    let wrapped = SecretKey::fresh(&mut rng).wrap(id, &key, &mut rng);
    let text = wrapped.text.clone();
    let named = Person { name: Some("Ali".to_owned()), ..Person::default() };
    let customer = Customer {
        id: CustomerId::from_u128(number),
        code: None,
        person: Some(key.seal(id, &named, &mut rng).unwrap()),
        limit: None,
        base_version: None,
    };
    let made = Record::PersonKey(PersonKey { id, wrapped: Some(wrapped), wrapped_sha256: None });
    let events = [pen.write(Stream::Tenant, &made), pen.write(Stream::Tenant, &Record::Customer(customer))];
    (events, text.to_string())
}

/// Whether a text stands in any row that could hold an event, unpacked where it is packed.
async fn holds(store: &dyn Store, text: &str) -> bool {
    let mut found = false;
    for query in ["SELECT body FROM events", "SELECT body FROM quarantine"] {
        for row in sqlx::query(query).fetch_all(store.pool()).await.unwrap() {
            found |= row.get::<String, _>("body").contains(text);
        }
    }
    for row in sqlx::query("SELECT bytes FROM event_segments").fetch_all(store.pool()).await.unwrap() {
        let mut unpacked = String::new();
        let bytes: Vec<u8> = row.get("bytes");
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&bytes[..]), &mut unpacked).unwrap();
        found |= unpacked.contains(text);
    }
    found
}

#[tokio::test]
async fn an_erasure_leaves_no_copy_of_the_key_and_every_digest() {
    on_both("erase", async |store| {
        let mut shop = Counter::open(&*store).await;
        let owner = caller(Role::Owner);
        let mut memory = Journal::new(store::server_epoch(&*store).await.unwrap());
        let (kept, kept_text) = person(&mut shop.pens[0], 1);
        let (gone, gone_text) = person(&mut shop.pens[0], 2);
        let (late, late_text) = person(&mut shop.pens[0], 3);
        let mut events = kept.to_vec();
        events.extend(gone.iter().cloned());
        let product = |pen: &mut Pen, number: u128| {
            let name = Some(format!("Cover {number}"));
            let fields = ProductFields { name, ..ProductFields::default() };
            let id = ProductId::from_u128(number);
            pen.write(Stream::Tenant, &Record::Product(Product { id, base_version: None, fields }))
        };
        events.extend((0..2_100).map(|number| product(&mut shop.pens[0], number)));
        // The same key once more from a revoked device: put aside.
        let revoked = Caller { revoked: true, device: shop.pens[1].device, ..owner.clone() };
        let mut again = gone[0].clone();
        (again.id, again.device, again.epoch) =
            (dukandar_core::id::EventId::from_u128(5), revoked.device, EPOCH);
        let epoch = store::server_epoch(&*store).await.unwrap();
        let now = Timestamp(store::now_ms());
        let push = shop.pens[1].push(&[again]);
        journal::push(&*store, epoch, &revoked, &push, now).await.unwrap();
        for part in events.chunks(500) {
            journal::push(&*store, epoch, &owner, &shop.pens[0].push(part), now).await.unwrap();
        }
        assert!(holds(&*store, &gone_text).await, "the test can fail");
        let sealed = segment::list(&*store, &owner, &[]).await.unwrap();
        assert_eq!(sealed.len(), 1);

        let erase = |pen: &mut Pen, key: u128| {
            pen.write(Stream::Tenant, &Record::Erase(Erase { key: PersonKeyId::from_u128(key) }))
        };
        // A cashier's word erases nobody.
        let cashier = caller(Role::Cashier);
        let refused = shop.pens[0].clone().push(&[erase(&mut shop.pens[0].clone(), 2)]);
        journal::push(&*store, epoch, &cashier, &refused, now).await.unwrap();
        assert!(holds(&*store, &gone_text).await);

        shop.pens[0].seq += 1;
        let erased = [erase(&mut shop.pens[0], 2), erase(&mut shop.pens[0], 3)];
        journal::push(&*store, epoch, &owner, &shop.pens[0].push(&erased), now).await.unwrap();
        // One whose erasure overtook it.
        journal::push(&*store, epoch, &owner, &shop.pens[0].push(&late), now).await.unwrap();
        assert!(!holds(&*store, &gone_text).await && !holds(&*store, &late_text).await);
        assert!(holds(&*store, &kept_text).await);

        // The journal stays whole: the reference, given the same pushes, answers alike to the last digest.
        let first = Pull { protocol: PROTOCOL_VERSION, device: DEVICE, cursors: vec![], limit: 1 };
        let mut first = journal::pull(&*store, epoch, &owner, &first, now).await.unwrap();
        let mut all = vec![first.pages.remove(0).events.remove(0).event];
        all.extend(events.iter().chain(&erased).chain(&late).cloned());
        memory.push(&owner, &shop.pens[0].push(&all), now);
        let after = [Cursor { stream: Stream::Tenant, version: 1_200 }];
        let pull = Pull { protocol: PROTOCOL_VERSION, device: DEVICE, cursors: after.to_vec(), limit: 1_000 };
        let reply = journal::pull(&*store, epoch, &owner, &pull, now).await.unwrap();
        assert_eq!(reply, memory.pull(&owner, &pull, now));
        assert!(!reply.more && reply.pages[0].events.len() > 800);
        let recut = segment::list(&*store, &owner, &[]).await.unwrap();
        assert_eq!((recut[0].first, &recut[0].digest), (sealed[0].first, &sealed[0].digest));
        assert_ne!(recut[0].hash, sealed[0].hash);
        // Who still holds the event as it was is told that it is known.
        let again = journal::push(&*store, epoch, &owner, &shop.pens[0].push(&gone), now).await.unwrap();
        assert!(again.outcomes.iter().all(|outcome| matches!(outcome, Outcome::Accepted { .. })));
        assert!(!holds(&*store, &gone_text).await);
    })
    .await;
}

#[tokio::test]
async fn a_database_of_the_first_rules_is_read_through_once() {
    let folder = Folder::new("upgrade");
    let store = store::open(None, folder.path()).await.unwrap();
    let mut shop = Counter::open(&*store).await;
    let (events, text) = person(&mut shop.pens[0], 2);
    shop.push(0, &events).await;
    let unit = UnitId::from_u128(1);
    let moved = [shop.receive(0, PHONE, 3), shop.sell(0, PHONE, 2, 900, &[unit]), shop.receive(0, PHONE, 1)];
    shop.push(0, &moved).await;
    let owner = caller(Role::Owner);
    let pull = Pull { protocol: PROTOCOL_VERSION, device: DEVICE, cursors: vec![], limit: 1_000 };
    let now = Timestamp(0);
    let epoch = store::server_epoch(&*store).await.unwrap();
    let before = journal::pull(&*store, epoch, &owner, &pull, now).await.unwrap();
    // As release 1 left it: the key's hash over the key itself, other digests after it, no rows of arrivals.
    for old in [
        "UPDATE events SET hash = 'old', digest = 'old' WHERE kind IN ('person_key', 'customer')",
        "UPDATE streams SET digest = 'old' WHERE stream = 'tenant'",
        "DELETE FROM meta WHERE name = 'rules'",
        "DELETE FROM shelves",
        "DELETE FROM sold_units",
        "DELETE FROM person_keys",
    ] {
        sqlx::query(old).execute(store.pool()).await.unwrap();
    }
    store.pool().close().await;

    let store = store::open(None, folder.path()).await.unwrap();
    let renewed = store::server_epoch(&*store).await.unwrap();
    assert_ne!(renewed, epoch, "devices must read it anew");
    let after = journal::pull(&*store, epoch, &owner, &pull, now).await.unwrap();
    assert_eq!(after, before);
    let shelf: (i64, i64) =
        sqlx::query_as("SELECT moved_milli, sold_milli FROM shelves").fetch_one(store.pool()).await.unwrap();
    assert_eq!(shelf, (4_000, 2_000));
    let mut shop = Counter { store: &*store, pens: shop.pens };
    let again = shop.sell(1, PHONE, 1, 900, &[unit]);
    assert_eq!(shop.push(1, &[again]).await, [vec![Flag::UnitSoldTwice]]);
    let erase = Record::Erase(Erase { key: PersonKeyId::from_u128(2) });
    let erase = shop.pens[0].write(Stream::Tenant, &erase);
    shop.push(0, &[erase]).await;
    assert!(!holds(&*store, &text).await);
    store.pool().close().await;
    let store = store::open(None, folder.path()).await.unwrap();
    assert_eq!(store::server_epoch(&*store).await.unwrap(), renewed, "only once");
}

#[tokio::test]
async fn not_a_byte_of_a_destroyed_key_is_left_in_the_file() {
    let folder = Folder::new("erase-file");
    let store = store::open(None, folder.path()).await.unwrap();
    let mut shop = Counter::open(&*store).await;
    let (events, text) = person(&mut shop.pens[0], 2);
    shop.push(0, &events).await;
    let on_disk = || {
        let files = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let holds = |path: std::path::PathBuf| {
            let bytes = std::fs::read(path).unwrap_or_default();
            bytes.windows(text.len()).any(|window| window == text.as_bytes())
        };
        files.into_iter().any(holds)
    };
    assert!(on_disk(), "the test can fail");
    let erase = Record::Erase(Erase { key: PersonKeyId::from_u128(2) });
    let erase = shop.pens[0].write(Stream::Tenant, &erase);
    shop.push(0, &[erase]).await;
    store.pool().close().await;
    assert!(!on_disk());
}
