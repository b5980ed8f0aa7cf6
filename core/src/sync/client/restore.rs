//! A server that has lost events: restored from a backup, or at odds with what it said before.
//!
//! The streams are read again from their start. What is stored of them stays and goes on counting, without a place in
//! the server's order; reading gives most of it its place back. What is left when every stream has been read to its
//! end are orphans: the server has lost them. Whoever holds an orphan offers it, marked as brought back, since its
//! writer may be gone for good; two holders offer the same event, which the server takes once. The tenant's stream
//! goes first, for a shop's events lean on it, and nothing new is sent before.

use super::{Client, Effect, FirstSync, Kept, Orphans, Own, Progress, Waiting};
use crate::{
    id::{EpochId, EventId},
    sync::event::Stream,
};

impl Client {
    /// Another database than before: everything is read again, and what it may have lost is offered again.
    pub(super) fn meet(&mut self, epoch: EpochId, effects: &mut Vec<Effect>) {
        let known = self.saved.server_epoch.replace(epoch);
        if known.is_none_or(|known| known == epoch) {
            return;
        }
        let marks = self.saved.marks.iter().map(|mark| mark.stream);
        let mut streams: Vec<Stream> = marks.chain(self.saved.runs.iter().map(|run| run.stream)).collect();
        streams.extend(self.saved.orphaned.iter().copied());
        crate::order::by(&mut streams, Ord::cmp);
        streams.dedup();
        for own in self.outbox.iter_mut().filter(|own| matches!(own.progress, Progress::Accepted(_))) {
            own.progress = Progress::Ready;
        }
        // They are found again when the streams have been read.
        self.outbox.retain(|own| !own.event.relay);
        let aside: Vec<EventId> = self.aside.keys().copied().collect();
        let offered = std::mem::take(&mut self.aside).into_values();
        self.outbox.extend(offered.map(|event| Own { event, progress: Progress::Ready }));
        self.rebuilding.clear();
        self.is_restored = true;
        self.rebuild(streams, |_| true, aside, effects);
        self.first = FirstSync::of(&self.saved);
    }

    /// Forgets how far `streams` were read; the kept events that `lost` picks are offered again, like `again`.
    pub(super) fn rebuild(
        &mut self,
        streams: Vec<Stream>,
        lost: impl Fn(&Kept) -> bool,
        mut again: Vec<EventId>,
        effects: &mut Vec<Effect>,
    ) {
        self.saved.marks.retain(|mark| !streams.contains(&mark.stream));
        self.saved.runs.retain(|run| !streams.contains(&run.stream));
        self.saved.orphaned.extend(&streams);
        crate::order::by(&mut self.saved.orphaned, Ord::cmp);
        self.saved.orphaned.dedup();
        self.orphans = Orphans::Unread;
        let kept: Vec<EventId> =
            self.kept.values().filter(|kept| lost(kept)).map(|kept| kept.event.id).collect();
        for id in &kept {
            if let Some(kept) = self.kept.remove(id) {
                self.outbox.push(Own { event: kept.event, progress: Progress::Ready });
            }
        }
        again.extend(kept);
        effects.push(Effect::RebuildProjection { streams, again, saved: self.saved.clone() });
    }

    /// Every stream has been read to its end: what has no place now is lost to the server.
    pub(super) fn find_orphans(&mut self, effects: &mut Vec<Effect>) {
        if !self.saved.orphaned.is_empty() && self.orphans == Orphans::Unread {
            self.orphans = Orphans::Asked;
            effects.push(Effect::FindOrphans(self.saved.orphaned.clone()));
        }
    }

    /// Orphans go into the outbox; what they may be leant on goes first.
    pub(super) fn adopt(&mut self, events: Vec<Waiting>) {
        if self.orphans != Orphans::Asked {
            return;
        }
        self.orphans = Orphans::Known;
        let pending = std::mem::take(&mut self.outbox);
        let unknown = |event: &Waiting| !pending.iter().any(|own| own.event.id == event.id);
        let orphans = events.into_iter().filter(unknown);
        let orphans = orphans.map(|event| Own { event, progress: Progress::Ready });
        self.outbox = orphans.collect();
        self.outbox.extend(pending);
        crate::order::by_key(&mut self.outbox, |own| own.event.stream != Stream::Tenant);
    }

    /// Nothing is left to be brought back: the server has everything again.
    pub(super) fn settle_orphans(&mut self) {
        if self.orphans == Orphans::Known && !self.outbox.iter().any(|own| own.event.relay) {
            self.saved.orphaned.clear();
        }
    }
}
