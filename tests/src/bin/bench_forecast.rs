//! `make bench-forecast`, the native part: prints how our models do on the seven sets of `../shared/data/series`, in
//! Markdown. `bench_forecast [--held-out] [set,…]`; without `../shared` it says so and ends with 0.
//!
//! `--held-out` judges `auto` on the ends of the training parts, which the tests never touch: constants are chosen there.

use std::collections::BTreeMap;

use dukandar_core::forecast::{Model, panel::LEARNERS};
use dukandar_tests::bench::{
    BENCHES,
    report::{chapter, held_out},
    run::{Material, cpu_ms},
};
use dukandar_tests::series_sets::{Judge, cases_judged, known_columns};

fn main() {
    let (flags, sets): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|it| it.starts_with("--"));
    let judge = if flags.iter().any(|it| it == "--held-out") { Judge::HeldOut } else { Judge::Tests };
    let wanted = sets.first();
    let before = cpu_ms();
    let (mut aims, mut text) = (String::new(), String::new());
    let chosen = |name: &str| wanted.is_none_or(|it| it.split(',').any(|it| it == name));
    for bench in BENCHES.iter().filter(|it| chosen(it.set.name)) {
        let Some(cases) = cases_judged(bench.set, judge) else {
            eprintln!("bench-forecast: nothing measured, as the series of ../shared are not here");
            return;
        };
        // only the drugstores' file has columns that are known ahead
        let known = if bench.set.name == "rossmann_daily" { known_columns(bench.set) } else { None };
        let learners: &[Model] = match judge {
            Judge::Tests => &LEARNERS,
            Judge::HeldOut => &LEARNERS[..1],
        };
        let material = Material::new(bench, &cases, &known.unwrap_or_else(BTreeMap::new), learners);
        if judge == Judge::HeldOut {
            print!("{}", held_out(&material, &material.run(Model::Auto, bench.counts)));
            continue;
        }
        let models = Model::ALL.into_iter().filter(|it| *it != Model::Auto);
        let mut runs = vec![material.run(Model::Auto, bench.counts)];
        runs.extend(models.map(|model| material.run(model, false)).filter(|run| !run.said.is_empty()));
        let found = chapter(&material, &runs);
        aims.push_str(&found.aims);
        text.push_str(&found.text);
        eprintln!(
            "bench-forecast: {} done, {:.0} s of CPU so far",
            bench.set.name,
            (cpu_ms() - before) / 1e3
        );
    }
    if judge == Judge::HeldOut {
        return;
    }
    println!("| set | figure | `auto` | aim | best peer, difference with its 95 % interval | verdict |");
    println!("|---|---|---|---|---|---|");
    println!("{aims}{text}");
}
