//! The house's order, held by a test: which module may know which, what core must never touch, a `//!` head on every
//! file, a reason beside every `unwrap`, and no file too long to read.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Core's modules by tier, lowest first. A module may use every earlier tier.
const TIERS: [(&str, &[&str]); 6] = [
    (
        "vocabulary",
        &[
            "code_word",
            "id",
            "imei",
            "metric",
            "money",
            "order",
            "quantity",
            "reason",
            "reject",
            "rng",
            "role",
            "time",
        ],
    ),
    ("records", &["privacy", "record", "sync"]),
    ("tables", &["fold", "import", "sample", "table"]),
    ("features", &["calendar", "feature", "search"]),
    ("models", &["anomaly", "customer", "demand", "forecast", "learn", "lifecycle_curve"]),
    ("decisions", &["bargain", "insight", "inventory", "paper", "task"]),
];

/// Uses within a tier, each looked at: (module, what it may use). No circle, as the test shows.
const WITHIN: [(&str, &[&str]); 14] = [
    ("code_word", &["money"]),
    ("id", &["rng"]),
    ("quantity", &["money"]),
    ("reason", &["money", "time"]),
    ("record", &["privacy"]),
    ("sync", &["privacy", "record"]),
    ("fold", &["table"]),
    ("import", &["table"]),
    ("sample", &["fold", "table"]),
    ("feature", &["calendar"]),
    ("demand", &["forecast", "learn", "lifecycle_curve"]),
    ("forecast", &["learn"]),
    ("lifecycle_curve", &["learn"]),
    ("insight", &["inventory"]),
];

/// `task` is the one door: it knows every module of its tier.
const DOOR: &str = "task";

/// What core knows nothing of: no clock, no files, no network, no threads, no output, no entropy of its own.
const NOT_IN_CORE: [&str; 10] = [
    "std::time::",
    "SystemTime",
    "std::fs",
    "std::net",
    "std::env",
    "std::thread",
    "println!",
    "Utc::now",
    "thread_rng",
    "getrandom::",
];

/// Lines from which a file is too long to read at once.
const LONG: usize = 600;

/// Longer files and why they stay whole.
const LONG_FOR_A_REASON: [(&str, &str); 0] = [];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every Rust file below a folder of the repository, by path within it.
fn rust_files(folder: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        for entry in entries.flatten() {
            let path = entry.path();
            match path.is_dir() {
                true if !path.ends_with("target") && !path.ends_with("node_modules") => walk(&path, found),
                false if path.extension().is_some_and(|extension| extension == "rs") => found.push(path),
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    found.sort();
    let relative = |path: &PathBuf| path.strip_prefix(root()).unwrap_or(path).display().to_string();
    let files: Vec<_> = found.iter().map(|path| (relative(path), read(path))).collect();
    assert!(!files.is_empty(), "no Rust files in {folder}");
    files
}

/// The text without comments and without the tests at its end.
fn product_code(text: &str) -> String {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// First path segments after every `crate::` of a text: `crate::{a::b, c}` names a and c.
fn uses(code: &str) -> BTreeSet<String> {
    let name = |text: &str| -> String {
        text.trim_start().chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect()
    };
    let mut found = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        let Some(inner) = rest.strip_prefix('{') else {
            found.insert(name(rest));
            continue;
        };
        let (mut depth, mut start) = (1, 0);
        for (at, character) in inner.char_indices() {
            match character {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if depth == 0 || (depth == 1 && character == ',') {
                found.insert(name(&inner[start..at]));
                start = at + 1;
            }
            if depth == 0 {
                break;
            }
        }
    }
    found.remove("");
    found
}

/// Core's module of a file.
fn core_module(path: &str) -> &str {
    let inner = path.trim_start_matches("core/src/");
    inner.split('/').next().unwrap_or_default().trim_end_matches(".rs")
}

#[test]
fn the_parser_of_uses_sees_nested_lists() {
    let code = "use crate::{a::{b, c}, d, e::f::{self}};\nfn x() { crate::g::h(); }";
    assert_eq!(uses(code).into_iter().collect::<Vec<_>>(), ["a", "d", "e", "g"]);
}

#[test]
fn core_modules_use_earlier_tiers_and_listed_neighbours_only() {
    let tier: BTreeMap<&str, usize> = (TIERS.iter().enumerate())
        .flat_map(|(tier, (_, modules))| modules.iter().map(move |module| (*module, tier)))
        .collect();
    let within: BTreeMap<&str, &[&str]> = WITHIN.into_iter().collect();
    let mut faults = Vec::new();
    for (path, text) in rust_files("core/src") {
        let module = core_module(&path);
        if module == "lib" {
            continue;
        }
        let Some(own) = tier.get(module) else {
            faults.push(format!("{path}: module {module} stands in no tier of tests/tidy.rs"));
            continue;
        };
        for used in uses(&product_code(&text)) {
            let allowed = used == module
                || tier.get(used.as_str()).is_some_and(|tier| tier < own)
                || (module == DOOR && tier.get(used.as_str()) == Some(own))
                || within.get(module).is_some_and(|list| list.contains(&used.as_str()));
            if !allowed {
                faults.push(format!("{path}: {module} must not know {used}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn uses_within_a_tier_form_no_circle() {
    let within: BTreeMap<&str, &[&str]> = WITHIN.into_iter().collect();
    fn depth(module: &str, within: &BTreeMap<&str, &[&str]>, above: usize) -> usize {
        assert!(above <= WITHIN.len(), "{module} is part of a circle");
        let below = within.get(module).copied().unwrap_or_default();
        below.iter().map(|used| depth(used, within, above + 1)).max().unwrap_or(above)
    }
    for module in within.keys() {
        depth(module, &within, 0);
    }
}

#[test]
fn the_map_in_lib_rs_names_every_module_of_every_tier_in_order() {
    let text = read(&root().join("core/src/lib.rs"));
    let named: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let listed: Vec<&str> = TIERS.iter().flat_map(|(_, modules)| modules.iter().copied()).collect();
    assert_eq!(named, listed);
}

#[test]
fn core_touches_no_clock_file_network_or_entropy() {
    let mut faults = Vec::new();
    for (path, text) in rust_files("core/src") {
        let code = product_code(&text);
        faults.extend(
            NOT_IN_CORE.iter().filter(|word| code.contains(*word)).map(|word| format!("{path}: {word}")),
        );
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn packages_depend_downwards_only() {
    let packages = ["dukandar-core", "dukandar-app", "dukandar-server", "dukandar-tests"];
    let allowed: [(&str, &[&str]); 4] = [
        ("core", &[]),
        ("server", &["dukandar-core"]),
        ("app", &["dukandar-core", "dukandar-server"]),
        ("tests", &["dukandar-core", "dukandar-server"]),
    ];
    for (folder, allowed) in allowed {
        let text = read(&root().join(folder).join("Cargo.toml"));
        let used: Vec<&str> = (packages.into_iter())
            .filter(|package| text.lines().any(|line| line.starts_with(package) && line.contains(['.', '='])))
            .collect();
        let surplus: Vec<_> = used.iter().filter(|package| !allowed.contains(package)).collect();
        assert!(surplus.is_empty(), "{folder} must not depend on {surplus:?}");
    }
}

#[test]
fn pages_and_components_read_state_and_never_effects() {
    for (path, text) in rust_files("app/src") {
        let shown = ["app/src/page/", "app/src/component/", "app/src/chart/", "app/src/i18n/"];
        if shown.iter().any(|folder| path.starts_with(folder)) {
            assert!(!uses(&product_code(&text)).contains("effect"), "{path} must not know effects");
        }
    }
}

#[test]
fn every_file_begins_by_saying_what_it_is() {
    let files = ["core", "app", "server", "tests"].into_iter().flat_map(rust_files);
    let without: Vec<String> =
        files.filter(|(_, text)| !text.starts_with("//!")).map(|(path, _)| path).collect();
    assert!(without.is_empty(), "no //! in the first line: {without:?}");
}

#[test]
fn every_unwrap_in_the_product_has_a_reason_beside_it() {
    let mut faults = Vec::new();
    for (path, text) in ["core/src", "app/src", "server/src"].into_iter().flat_map(rust_files) {
        // Whole files of tests stand under `tests` or are called so.
        if path.contains("/tests/") || path.ends_with("/tests.rs") {
            continue;
        }
        let product = text.split("#[cfg(test)]").next().unwrap_or_default();
        let lines: Vec<&str> = product.lines().collect();
        for (index, line) in lines.iter().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            // The message of an `expect` is its reason.
            if !code.contains(".unwrap()") {
                continue;
            }
            let before =
                lines[index.saturating_sub(3)..index].iter().any(|line| line.trim_start().starts_with("//"));
            if !before && !line.contains("//") {
                faults.push(format!("{path}:{}: {}", index + 1, line.trim()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_file_is_too_long_to_read() {
    let listed: BTreeMap<&str, &str> = LONG_FOR_A_REASON.into_iter().collect();
    let files = ["core", "app", "server", "tests"].into_iter().flat_map(rust_files);
    let long: Vec<String> = files
        .filter(|(path, text)| text.lines().count() > LONG && !listed.contains_key(path.as_str()))
        .map(|(path, text)| format!("{path}: {} lines", text.lines().count()))
        .collect();
    assert!(long.is_empty(), "split, or list with a reason: {long:?}");
}
