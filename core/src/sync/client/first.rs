//! The first sync: sealed runs of events instead of page after page.
//!
//! A device that has read nothing asks which runs there are and fetches them, the tenant's stream first (names), then
//! the newest of every shop, which is what its people look for. Each is held against the chain of digests and stored
//! in one transaction together with a note in [`Saved::runs`](super::Saved::runs): after a break only what is missing
//! is fetched. When none is missing the notes become marks, and pages read the tail that no run holds yet.

use super::{Client, Effect, Mark, Request, RequestId, Run, Saved};
use crate::{
    sync::{
        event::{Confirmed, Stream},
        protocol::{Cursor, EventSegment, SegmentList, digest_step},
    },
    time::Timestamp,
};

/// How far the first sync is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FirstSync {
    /// It is not known which runs there are.
    Due,
    /// These runs are still to be fetched, in this order; before each the digest that it starts from.
    Fetching(Vec<(String, EventSegment)>),
    /// Pages do the rest.
    Done,
}

impl FirstSync {
    /// Runs are for a device that has read nothing, or not all of them.
    pub fn of(saved: &Saved) -> Self {
        if saved.marks.is_empty() || !saved.runs.is_empty() { Self::Due } else { Self::Done }
    }

    /// What to ask next.
    pub fn next(&self, request: RequestId, cursors: &[Cursor]) -> Option<(Effect, Request)> {
        match self {
            Self::Due => Some((Effect::ListSegments { request, cursors: cursors.to_vec() }, Request::List)),
            Self::Fetching(runs) => {
                let (_, segment) = runs.first()?.clone();
                Some((Effect::FetchSegment { request, segment }, Request::Fetch))
            }
            Self::Done => None,
        }
    }
}

impl Run {
    fn is(&self, segment: &EventSegment) -> bool {
        // Not the name of the bytes: an erasure changes them and no event.
        (self.stream, self.first, self.last) == (segment.stream, segment.first, segment.last)
            && self.digest == segment.digest
    }
}

impl Client {
    pub(super) fn listed(&mut self, now_ms: u64, reply: SegmentList, effects: &mut Vec<Effect>) {
        self.clock.heard_server(Timestamp(reply.server_time_ms), now_ms);
        self.calm(now_ms);
        let before = self.saved.clone();
        self.meet(reply.server_epoch, effects);
        if before.server_epoch.is_some_and(|known| known != reply.server_epoch) {
            // These runs follow cursors into the old database: ask again.
            return;
        }
        let mut runs = chained(&self.saved.marks, reply.segments);
        self.saved.runs.retain(|run| runs.iter().any(|(_, segment)| run.is(segment)));
        runs.retain(|(_, segment)| !self.saved.runs.iter().any(|run| run.is(segment)));
        crate::order::by_key(&mut runs, |(_, segment)| {
            (segment.stream != Stream::Tenant, std::cmp::Reverse(segment.last), segment.stream)
        });
        self.first = FirstSync::Fetching(runs);
        self.close_first_sync();
        if self.saved != before {
            effects.push(self.stored(Vec::new(), reply.server_time_ms));
        }
    }

    pub(super) fn fetched(&mut self, now_ms: u64, events: Vec<Confirmed>, effects: &mut Vec<Effect>) {
        let FirstSync::Fetching(runs) = &mut self.first else { return };
        let Some((start, segment)) = (!runs.is_empty()).then(|| runs.remove(0)) else { return };
        let follows = (segment.first..=segment.last).eq(events.iter().map(|confirmed| confirmed.version))
            && events.iter().all(|confirmed| confirmed.event.stream == segment.stream);
        let digest =
            events.iter().fold(start, |digest, confirmed| digest_step(&digest, &confirmed.event.hash()));
        if !follows || digest != segment.digest {
            // The server contradicts itself: haste would not cure it.
            self.first = FirstSync::Due;
            return self.back_off(now_ms, None);
        }
        self.calm(now_ms);
        let EventSegment { stream, first, last, .. } = segment;
        self.saved.runs.push(Run { stream, first, last, digest });
        self.close_first_sync();
        let seen_ms = self.clock.server_now(now_ms).unwrap_or_default().0;
        effects.push(self.stored(events, seen_ms));
    }

    /// Once no run is missing, what is read is read from the start: marks say so.
    fn close_first_sync(&mut self) {
        if !matches!(&self.first, FirstSync::Fetching(runs) if runs.is_empty()) {
            return;
        }
        self.first = FirstSync::Done;
        crate::order::by_key(&mut self.saved.runs, |run| (run.stream, run.last));
        for Run { stream, last, digest, .. } in std::mem::take(&mut self.saved.runs) {
            self.saved.marks.retain(|mark| mark.stream != stream);
            self.saved.marks.push(Mark { stream, version: last, digest });
        }
        crate::order::by_key(&mut self.saved.marks, |mark| mark.stream);
    }

    fn stored(&mut self, events: Vec<Confirmed>, seen_ms: i64) -> Effect {
        let home = self.bring_home(&events, seen_ms);
        Effect::StoreConfirmed { events, home, seen_ms, saved: self.saved.clone() }
    }
}

/// The runs that follow each other without a gap from where a stream is read to, each with the digest before it.
fn chained(marks: &[Mark], mut segments: Vec<EventSegment>) -> Vec<(String, EventSegment)> {
    crate::order::by_key(&mut segments, |segment| (segment.stream, segment.first));
    let mut chained: Vec<(String, EventSegment)> = Vec::new();
    for segment in segments {
        let before = chained.last().filter(|(_, last)| last.stream == segment.stream);
        let (version, digest) = match before {
            Some((_, last)) => (last.last, last.digest.clone()),
            None => marks
                .iter()
                .find(|mark| mark.stream == segment.stream)
                .map_or((0, String::new()), |mark| (mark.version, mark.digest.clone())),
        };
        if segment.first == version + 1 && segment.last >= segment.first {
            chained.push((digest, segment));
        }
    }
    chained
}
