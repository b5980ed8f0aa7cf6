//! Commissions by SQL over the server's journal equal what core says of the same records, to the paisa, on both databases.

use crate::api::{DEVICE, Pen, TENANT, caller, on_both};
use dukandar_core::{
    fold::Fold,
    id::{ProductId, SaleId, UserId},
    money::Paisa,
    quantity::Quantity,
    record::*,
    rng::Rng,
    role::Role,
    sync::event::Stream,
    task::{Answer, Task, run},
    time::{Timestamp, Zone},
};
use dukandar_server::store::{self, journal};
use dukandar_tests::scripted_day::{self, SHOP, at};
use sqlx::Row;

/// Who sold, what, and what they earn of it; a return goes to whoever sold the goods, where that is known.
const RECOUNT: &str = "
WITH entry AS (SELECT kind, {data} AS data FROM events WHERE tenant = $1),
rate AS (
    SELECT data ->> 'user' AS member, CAST(data -> 'commission' ->> 'of_sales' AS BIGINT) AS of_sales,
        CAST(data -> 'commission' ->> 'of_margin' AS BIGINT) AS of_margin
    FROM entry WHERE kind = 'member'
),
seller AS (SELECT data ->> 'id' AS sale, data ->> 'staff' AS staff FROM entry WHERE kind = 'sale'),
line AS (
    SELECT CASE kind WHEN 'sale' THEN 1 ELSE -1 END AS sign, data ->> 'original' AS original, data ->> 'staff' AS staff,
        CAST(l.value ->> 'amount' AS BIGINT) AS amount,
        CAST(l.value ->> 'unit_cost' AS BIGINT) * CAST(l.value ->> 'quantity' AS BIGINT) / 1000 AS cost
    FROM entry, {lines}
    WHERE kind IN ('sale', 'return')
),
given AS (
    SELECT sign, amount, cost, CASE WHEN s.sale IS NULL THEN line.staff ELSE s.staff END AS staff
    FROM line LEFT JOIN seller s ON s.sale = line.original
)
SELECT g.staff AS staff, CAST(sum(g.sign * g.amount) AS BIGINT) AS sales,
    CAST(sum(g.sign * CASE
        WHEN r.of_sales IS NOT NULL THEN (g.amount * r.of_sales + 5000) / 10000
        WHEN g.cost IS NOT NULL AND g.amount > g.cost THEN ((g.amount - g.cost) * r.of_margin + 5000) / 10000
        ELSE 0 END) AS BIGINT) AS commission
FROM given g JOIN rate r ON r.member = g.staff
GROUP BY g.staff";

fn sale(rng: &mut Rng, number: u128, when: Timestamp, staff: UserId) -> Sale {
    let line = |rng: &mut Rng| {
        let (pieces, price) = (1 + rng.below(3) as i64, 1 + rng.below(9_000_000) as i64);
        let off = rng.below(price as usize) as i64;
        SaleLine {
            product: ProductId::from_u128(1),
            units: vec![],
            quantity: Quantity::pieces(pieces),
            unit_price: Paisa(price),
            discount: Paisa(off),
            amount: Paisa(pieces * price - off),
            unit_cost: rng.chance(0.8).then(|| Paisa(rng.below(9_000_000) as i64)),
        }
    };
    let lines: Vec<SaleLine> = (0..1 + rng.below(3)).map(|_| line(rng)).collect();
    let amount = lines.iter().map(|line| line.amount).sum();
    Sale {
        id: SaleId::from_u128(number),
        shop: SHOP,
        number: number.to_string(),
        at: when,
        zone: Zone::KARACHI,
        customer: None,
        staff: Some(staff),
        lines,
        payments: vec![Payment { method: PaymentMethod::Cash, amount, tendered: None }],
        approval: None,
    }
}

#[tokio::test]
async fn commissions_by_sql_equal_those_of_the_fold() {
    on_both("staff", async |store| {
        let mut rng = Rng::seeded(5);
        let (mut pen, mut fold) = (Pen::new(DEVICE, 1), Fold::default());
        let today = Timestamp(store::now_ms()).day(Zone::KARACHI);
        let users = [UserId::from_u128(1), UserId::from_u128(2)];
        let rates = [Commission::OfSales(233), Commission::OfMargin(1_275)];
        let mut records = vec![(Stream::Tenant, scripted_day::shop())];
        for (user, rate) in users.into_iter().zip(rates) {
            let (role, commission, at) = (Role::Cashier, Some(rate), at(today, 0));
            let member = Member { user, person: None, role, commission, left: false, at };
            records.push((Stream::Tenant, Record::Member(member)));
        }
        let fields = ProductFields { name: Some("Phone".to_owned()), ..ProductFields::default() };
        let product = Product { id: ProductId::from_u128(1), base_version: None, fields };
        records.push((Stream::Tenant, Record::Product(product)));
        for number in 1..120_u128 {
            let when = at(today, 100 + number as i64);
            let seller = users[rng.below(2)];
            let it = sale(&mut rng, number, when, seller);
            let back = rng.chance(0.25).then(|| {
                let back =
                    scripted_day::returned(Sale { id: SaleId::from_u128(1_000 + number), ..it.clone() });
                let original = rng.chance(0.7).then_some(it.id);
                Record::Return(Return { original, staff: Some(users[rng.below(2)]), ..back })
            });
            let written = std::iter::once(Record::Sale(it)).chain(back);
            records.extend(written.map(|record| (Stream::Shop(SHOP), record)));
        }
        let mut events = Vec::new();
        for (stream, record) in &records {
            let event = pen.write(*stream, record);
            fold.event(&event, None);
            events.push(event);
        }
        let epoch = store::server_epoch(&*store).await.unwrap();
        let now = Timestamp(store::now_ms());
        let reply =
            journal::push(&*store, epoch, &caller(Role::Owner), &pen.push(&events), now).await.unwrap();
        assert_eq!(reply.outcomes.len(), events.len());

        let Ok(Answer::Staff(staff)) = run(&Task::Staff { shop: SHOP, now: at(today, 1_439) }, fold.tables())
        else {
            panic!("no answer");
        };
        let [data, lines] = match store.name() {
            "postgres" => {
                ["CAST(body AS jsonb) -> 'data'", "jsonb_array_elements(data -> 'lines') AS l (value)"]
            }
            _ => ["body -> '$.data'", "json_each(data, '$.lines') AS l"],
        };
        let text = RECOUNT.replace("{data}", data).replace("{lines}", lines);
        let rows = sqlx::query(sqlx::AssertSqlSafe(text))
            .bind(TENANT.to_string())
            .fetch_all(store.pool())
            .await
            .unwrap();
        assert_eq!(rows.len(), 2);
        for row in rows {
            let user: UserId = row.get::<String, _>("staff").parse().unwrap();
            let found = staff.of_month.iter().find(|it| it.user == Some(user)).unwrap();
            assert!(found.returns > Paisa::ZERO && found.commission > Paisa::ZERO);
            assert_eq!(row.get::<i64, _>("sales"), found.sales.0);
            assert_eq!(row.get::<i64, _>("commission"), found.commission.0, "{user}");
        }
    })
    .await;
}
