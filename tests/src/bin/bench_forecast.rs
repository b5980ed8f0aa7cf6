//! `make bench-forecast`, the native part: prints how our models do on the seven sets of `../shared/data/series`, in
//! Markdown. `bench_forecast [set,…]`; without `../shared` it says so and ends with 0.

use std::collections::BTreeMap;

use dukandar_core::forecast::Model;
use dukandar_tests::bench::{
    BENCHES,
    report::chapter,
    run::{Material, cpu_ms},
};
use dukandar_tests::series_sets::{cases, known_columns};

fn main() {
    let wanted = std::env::args().nth(1);
    let before = cpu_ms();
    let (mut aims, mut text) = (String::new(), String::new());
    let chosen = |name: &str| wanted.as_ref().is_none_or(|it| it.split(',').any(|it| it == name));
    for bench in BENCHES.iter().filter(|it| chosen(it.set.name)) {
        let Some(cases) = cases(bench.set) else {
            eprintln!("bench-forecast: nothing measured, as the series of ../shared are not here");
            return;
        };
        // only the drugstores' file has columns that are known ahead
        let known = if bench.set.name == "rossmann_daily" { known_columns(bench.set) } else { None };
        let material = Material::new(bench, &cases, &known.unwrap_or_else(BTreeMap::new));
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
    println!("| set | figure | `auto` | aim | best peer, difference with its 95 % interval | verdict |");
    println!("|---|---|---|---|---|---|");
    println!("{aims}{text}");
}
