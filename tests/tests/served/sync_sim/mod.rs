//! Deterministic simulator of devices, a network and a server: one seed, one history, to the byte.
//!
//! Devices run core's `Client` over a disk that survives crashes; the server is core's in-memory journal. Time is
//! a queue of occurrences. After a month of faults everything is healed, and the invariants are checked.

pub mod acts;
pub mod check;
pub mod device;
pub mod world;

pub use world::World;

/// A mistake that an implementation could make, planted to show that the checks see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {
    /// The outbox forgets an event as soon as the server calls it accepted.
    LeavesOnAcceptance,
    /// The cursor is written in a transaction of its own, before the events.
    CursorBeforeRows,
    /// A retry makes the event anew, under another id.
    FreshIdOnRetry,
    /// A failed push empties the outbox.
    ClearsOnFailure,
    /// A quarantined event stays in the tables of its device.
    CountsQuarantined,
    /// Nothing is kept for a server that is restored.
    KeepsNothing,
    /// A rebuild throws away what other devices wrote, trusting that it comes again.
    DropsOthersOnRebuild,
    /// What was put aside is not offered to a restored server.
    ForgetsAside,
    /// The cursor follows the newest sealed run, though older ones are not stored yet.
    MarksTheNewestRun,
}
