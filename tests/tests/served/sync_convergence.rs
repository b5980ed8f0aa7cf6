//! Convergence of the journal under faults: drop, duplicate, reorder, partial batch, crash between save and
//! send, torn writes, clocks off by years, weeks offline, events of a newer release, a revoked device, a device that
//! is gone for good, a server restored from an old backup, a new device whose power fails between the sealed runs of
//! its first sync. The same checks must see planted bugs.

use crate::sync_sim::{Bug, World};
use dukandar_tests::first_seed;

#[test]
fn every_seed_converges() {
    let (mut rebuilds, mut events, mut aside, mut runs, mut relayed) = (0, 0, 0, 0, 0);
    for seed in first_seed()..first_seed() + 25 {
        for devices in 2..=3 {
            let world = World::play(seed, devices, None);
            if let Err(problem) = world.check() {
                panic!("seed {seed} with {devices} devices: {problem}");
            }
            rebuilds += world.devices.iter().map(|device| device.rebuilds).sum::<usize>();
            aside += world.devices.iter().map(|device| device.disk.aside.len()).sum::<usize>();
            runs += world.devices.iter().map(|device| device.runs).sum::<usize>();
            relayed += world.devices.iter().map(|device| device.relayed).sum::<usize>();
            events += world.log().len();
        }
    }
    // The faults did reach what they are meant to reach.
    assert!(rebuilds > 20 && aside > 10 && events > 2_500, "{rebuilds} {aside} {events}");
    assert!(runs > 100 && relayed > 20, "{runs} {relayed}");
}

#[test]
fn one_seed_gives_one_history_to_the_byte() {
    let (one, two) = (World::play(11, 3, None), World::play(11, 3, None));
    assert_eq!(one.trace, two.trace);
    assert!(one.trace.len() > 10_000);
    assert_ne!(one.trace, World::play(12, 3, None).trace);
}

#[test]
fn the_checks_see_every_planted_bug() {
    for bug in [
        Bug::LeavesOnAcceptance,
        Bug::CursorBeforeRows,
        Bug::FreshIdOnRetry,
        Bug::ClearsOnFailure,
        Bug::CountsQuarantined,
        Bug::KeepsNothing,
        Bug::DropsOthersOnRebuild,
        Bug::ForgetsAside,
        Bug::MarksTheNewestRun,
    ] {
        let seen = (0..25).find_map(|seed| World::play(seed, 3, Some(bug)).check().err());
        assert!(seen.is_some(), "{bug:?} went unseen");
    }
}
