//! `lab train-cold-start`: one small model for products with few own weeks, learned from sales files and invented shops.
//!
//! The model goes into `--output`; the standard output gets JSON: what was learned from, what each feature gained, and
//! errors beside the curve of look-alikes on shops that the judged model had not seen ([`Held`]), on files and on invented
//! shops apart. With `--judge` also on a file that no training saw.

use super::{
    Common, LabError, all_threads,
    import::{self, How},
    in_threads, parse_threads,
};
use dukandar_core::{
    demand::launches::launches,
    lifecycle_curve::cold_start::{
        ColdStart, synthetic,
        training::{Lessons, Shop, Sources},
    },
};
use serde_json::{Value, json};
use std::{fs, io::Write as _, path::PathBuf};

/// Options of `lab train-cold-start`.
#[derive(clap::Args, Debug)]
pub struct TrainColdStartArgs {
    /// Sales CSV to learn from, gzip or not; may be given more than once.
    #[arg(long)]
    input: Vec<PathBuf>,
    /// Sales CSV to judge the model on.
    #[arg(long)]
    judge: Option<PathBuf>,
    #[command(flatten)]
    how: How,
    /// Invented shops to learn from.
    #[arg(long, default_value_t = 40)]
    synthetic: usize,
    /// Of every random choice.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where the model goes.
    #[arg(long)]
    output: PathBuf,
    /// Most threads.
    #[arg(long, default_value_t = all_threads(), value_parser = parse_threads)]
    threads: usize,
}

pub(super) fn run(args: &TrainColdStartArgs) -> Result<(), LabError> {
    if args.input.is_empty() && args.synthetic == 0 {
        return Err(LabError::Option {
            option: "synthetic",
            given: "0".to_owned(),
            expected: "at least 1 where no --input is given".to_owned(),
        });
    }
    let read = |path: &PathBuf| -> Result<Shop, LabError> {
        let common = Common { input: path.clone(), threads: args.threads };
        Ok(launches(&import::read(&common, &args.how)?.tables, None))
    };
    let shops = args.input.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let files = in_threads(&shops, args.threads, Lessons::of);
    let invented = in_threads(&synthetic::shops(args.synthetic, args.seed), args.threads, Lessons::of);
    let sources = Sources { files: &files, invented: &invented };
    let model = sources.train(args.seed)?;
    let bytes = model.to_bytes();
    fs::write(&args.output, &bytes)
        .map_err(|error| LabError::File { path: args.output.display().to_string(), error })?;
    let [on_files, on_invented] = sources.held_out(args.seed)?;
    let from = |lessons: &[Lessons]| -> Value {
        json!({ "shops": lessons.len(), "cases": lessons.iter().map(Lessons::cases).sum::<usize>() })
    };
    let mut answer = json!({
        "bytes": bytes.len(),
        "files": from(&files),
        "invented": from(&invented),
        "held_out": { "files": on_files, "invented": on_invented },
        "importances": importances(&model),
    });
    if let Some(path) = &args.judge {
        answer["judged"] = json!(Lessons::of(&read(path)?).judge(&model)?);
    }
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &answer)?;
    writeln!(out)?;
    Ok(())
}

fn importances(model: &ColdStart) -> Value {
    let mut found = model.importances();
    found.sort_by(|a, b| b.1.total_cmp(&a.1));
    found.into_iter().map(|(name, part)| json!({ "feature": name, "part": part })).collect()
}
