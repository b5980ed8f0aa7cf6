//! `Task::Abc` over small shops whose figures are worked out by hand, and its sums over the sample shop.

use dukandar_core::{
    inventory::abc::{AbcAnswer, AbcRow, Class, Xyz},
    money::Paisa,
    quantity::Quantity,
    reason::Reason,
    record::InteractionKind,
    sample,
    table::{NONE, Tables, interaction::InteractionRow},
    task::{Answer, Task, run},
    time::{Day, Timestamp},
};
use dukandar_tests::shop_tables::{ShopTables, UTC};

fn ask(tables: &Tables, today: i32) -> AbcAnswer {
    match run(&Task::Abc { shop: None, today: Day(today), product: None }, tables) {
        Ok(Answer::Abc(answer)) => *answer,
        other => panic!("{other:?}"),
    }
}

fn row(answer: &AbcAnswer, name: &str) -> AbcRow {
    answer
        .products
        .iter()
        .find(|row| row.name == name)
        .unwrap_or_else(|| panic!("{name}: {answer:?}"))
        .clone()
}

/// A phone (0) sold every day with a cover (1) on the same bill on every second, a charger (2) once a fortnight.
fn phones() -> ShopTables {
    let mut shop = ShopTables::new(1, 6, 0);
    for day in 0..280 {
        let lines = [(0, 1, 1_000), (1, 1, 100)];
        shop.sale_at(day, 12, 0, None, if day % 2 == 0 { &lines } else { &lines[..1] });
        if day % 14 == 0 {
            shop.sale(day, None, 2, 1, 100);
        }
    }
    for (product, (category, price)) in
        [("phones", 1_000), ("covers", 100), ("chargers", 100)].into_iter().enumerate()
    {
        let row = &mut shop.tables().products[product];
        row.fields.category = Some(category.to_owned());
        row.price = Some(Paisa::rupees(price));
    }
    shop
}

#[test]
fn features_and_reasons_by_hand() {
    let mut shop = phones();
    shop.tables().interactions = (0..20)
        .map(|hour| InteractionRow {
            at: Timestamp(Day(270).start(UTC).0 + hour * 3_600_000),
            shop: 0,
            customer: NONE,
            kind: InteractionKind::NotInStock,
            product: 2,
            others: Vec::new(),
            text: None,
            minutes: None,
        })
        .collect();
    let answer = ask(&shop.build(), 280);
    let phone = row(&answer, "product 1");
    // 280 phones at 1,000, 140 covers at 100, 20 chargers at 100: 280,000 of 296,000.
    assert_eq!((phone.revenue, phone.class), (Paisa::rupees(280_000), Class::A));
    assert!((phone.features.revenue_contribution - 280.0 / 296.0).abs() < 1e-12);
    assert_eq!(phone.features.profit_margin, Some(0.94), "cost is 60 of 1,000");
    // 14,000 of covers went with phones.
    assert!((phone.features.criticality_score.unwrap() - 14.0 / 294.0).abs() < 1e-12);
    assert_eq!(phone.features.demand_variability, Some(0.0));
    assert_eq!(phone.xyz, Some(Xyz::X));
    let charger = row(&answer, "product 3");
    // 90 days before day 280: sold on 196, 210, …, 266, asked for in vain 20 times.
    assert!((charger.features.criticality_score.unwrap() - 20.0 / 26.0).abs() < 1e-12);
    assert!(charger.reasons.contains(&Reason::AskedInVain { times: 20 }));
    assert!(charger.reasons.contains(&Reason::NoStandIn), "alone in its category");
    // One week in two: mean ½, variance ¼ · 40 ÷ 39.
    assert!((charger.features.demand_variability.unwrap() - (40.0f64 / 39.0).sqrt()).abs() < 1e-12);
    assert_eq!(charger.xyz, Some(Xyz::Z));
    // fails 1, hurts ½ · (1 + 10 ÷ 13): high; by value it is C.
    assert_eq!((charger.value_class, charger.class), (Class::C, Class::B));
    assert!(charger.reasons.contains(&Reason::ClassMoved { up: true }));
    let cover = row(&answer, "product 2");
    assert_eq!(cover.features.criticality_score, Some(0.0), "it is taken along, nobody came for it");
}

#[test]
fn what_the_books_lack_moves_nothing_and_is_said() {
    let mut shop = phones();
    shop.stock(3, 4, NONE).stock(4, -2, NONE).stock(5, 0, NONE);
    let mut tables = shop.build();
    let lines = tables.sales.lines();
    tables.sales.unit_cost = vec![None; lines];
    tables.products.iter_mut().for_each(|row| row.cost = None);
    let answer = ask(&tables, 280);
    let phone = row(&answer, "product 1");
    assert_eq!((phone.class, phone.features.profit_margin), (Class::A, None));
    assert!(phone.reasons.contains(&Reason::CostUnknown));
    let lying = row(&answer, "product 4");
    assert_eq!((lying.class, lying.xyz, lying.risk), (Class::C, None, None));
    assert_eq!(lying.reasons, [Reason::NothingEarned { sold: false }]);
    assert_eq!(lying.stock, Paisa::rupees(400), "at price, as no cost is known");
    let below = row(&answer, "product 5");
    assert!(below.reasons.contains(&Reason::BelowZero { units: -2.0 }));
    assert_eq!((below.on_hand, below.stock), (Some(Quantity::pieces(-2)), Paisa::ZERO));
    assert!(answer.products.iter().all(|row| row.name != "product 6"), "nothing sold and none there");
    assert_eq!(answer.grid[2][3].products, 2);
}

#[test]
fn empty_books_and_one_product_have_an_answer() {
    let none = ask(&ShopTables::new(1, 3, 0).build(), 100);
    assert!(none.products.is_empty());
    assert_eq!(none.grid.iter().flatten().map(|cell| cell.products).sum::<u32>(), 0);
    let mut shop = ShopTables::new(1, 1, 0);
    shop.sale(90, None, 0, 1, 100);
    let one = ask(&shop.build(), 100);
    assert_eq!(one.products[0].class, Class::A);
    assert_eq!(one.products[0].reasons, [Reason::BringsShare { share: 1.0, above: 0.0 }]);
    assert_eq!(one.products[0].xyz, None, "a week and a half tells no variation");
}

#[test]
fn the_sample_shops_grid_adds_up_and_a_product_alone_is_told_the_same() {
    let now = Timestamp(Day::parse("2026-11-23").unwrap().start(UTC).0 + 43_200_000);
    let tables = sample::generate(7, now).into_fold().tables().clone();
    let today = now.day(tables.zone(None));
    let all = ask(&tables, today.0);
    assert!(all.products.len() > 50, "{}", all.products.len());
    let cells = || all.grid.iter().flatten();
    assert_eq!(cells().map(|cell| cell.products as usize).sum::<usize>(), all.products.len());
    assert_eq!(
        cells().map(|cell| cell.revenue).sum::<Paisa>(),
        all.products.iter().map(|row| row.revenue).sum()
    );
    assert_eq!(cells().map(|cell| cell.stock).sum::<Paisa>(), all.products.iter().map(|row| row.stock).sum());
    assert!(all.products.windows(2).all(|pair| pair[0].value.0 >= pair[1].value.0));
    assert!(all.products.iter().all(|row| !row.reasons.is_empty()));
    for class in Class::ALL {
        assert!(all.products.iter().any(|row| row.class == class), "{class:?}");
    }
    assert!(all.products.iter().any(|row| !row.substitutes.is_empty()));
    let first = &all.products[0];
    let task = Task::Abc { shop: None, today, product: Some(first.product) };
    let Ok(Answer::Abc(one)) = run(&task, &tables) else { panic!("no answer") };
    assert_eq!((one.grid, one.products.as_slice()), (all.grid, &all.products[..1]));
}
