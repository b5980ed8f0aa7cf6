//! The invariants of the sync design, checked on a healed and quiet world. Oracles: plain sums over the
//! server's log, set arithmetic, and the fold's hash.

use super::{
    World,
    world::{PRODUCTS, SHOP, TENANT},
};
use dukandar_core::{
    fold::{Fold, digest},
    id::EventId,
    record::Record,
    sync::{
        event::Confirmed,
        protocol::{Cursor, PROTOCOL_VERSION, Pull},
    },
    time::Timestamp,
};
use std::collections::BTreeSet;

impl World {
    /// Everything in the server's log.
    pub fn log(&self) -> Vec<Confirmed> {
        let mut confirmed = Vec::new();
        let mut cursors = Vec::new();
        loop {
            let caller = self.caller(0);
            let pull = Pull {
                protocol: PROTOCOL_VERSION,
                device: caller.device,
                cursors: cursors.clone(),
                limit: 1_000,
            };
            let reply = self.journal.pull(&caller, &pull, Timestamp(0));
            for page in reply.pages {
                let cursor = Cursor {
                    stream: page.stream,
                    version: page.events.last().map_or(page.head, |last| last.version),
                };
                cursors.retain(|old: &Cursor| old.stream != page.stream);
                cursors.push(cursor);
                confirmed.extend(page.events);
            }
            if !reply.more {
                return confirmed;
            }
        }
    }

    /// Checks all invariants; the first one broken is the error.
    pub fn check(&self) -> Result<(), String> {
        let log = self.log();
        let ids: BTreeSet<EventId> = log.iter().map(|confirmed| confirmed.event.id).collect();
        let aside: BTreeSet<EventId> =
            self.journal.attention(TENANT).iter().map(|attention| attention.event.id).collect();
        let surviving = || self.devices.iter().enumerate().filter(|(_, device)| !device.is_lost);

        for (number, device) in surviving() {
            // What was written here, and what was here as confirmed, whoever wrote it.
            let held = |id: &EventId| ids.contains(id) || aside.contains(id);
            let lost: Vec<_> =
                device.acknowledged.iter().chain(&device.seen).filter(|id| !held(id)).collect();
            if !lost.is_empty() {
                return Err(format!("device {number}: acknowledged or confirmed, and lost: {lost:?}"));
            }
            let stuck = &device.disk.outbox;
            if !stuck.is_empty() {
                return Err(format!("device {number}: the queue holds {stuck:?}"));
            }
            if let Some(regression) = device.regressions.first() {
                return Err(regression.clone());
            }
        }

        let committed: BTreeSet<EventId> =
            self.devices.iter().flat_map(|device| device.acknowledged.iter().copied()).collect();
        if ids.len() != log.len() || !ids.is_subset(&committed) {
            return Err("an event counts twice, or was made up".to_owned());
        }

        let mut fold = Fold::default();
        for confirmed in &log {
            fold.event(&confirmed.event, Some(confirmed.version));
        }
        let tables = fold.tables();
        let truth = digest(tables);
        for (number, device) in surviving() {
            if device.digest() != truth {
                return Err(format!("device {number}: other tables than the server"));
            }
        }

        // Stock by plain addition over the log.
        for product in PRODUCTS {
            let mut sum = None;
            for confirmed in &log {
                let moved: Vec<(_, i64)> = match confirmed.event.record() {
                    Ok(Record::Sale(sale)) => sale.lines.iter().map(|l| (l.product, -l.quantity.0)).collect(),
                    Ok(Record::SupplierReceipt(r)) => {
                        r.lines.iter().map(|l| (l.product, l.quantity.0)).collect()
                    }
                    _ => continue,
                };
                for (_, quantity) in moved.into_iter().filter(|(moved, _)| *moved == product) {
                    sum = Some(sum.unwrap_or(0) + quantity);
                }
            }
            let index = tables.product(product).ok_or("a product is missing")?;
            let shelf = tables.on_hand(tables.shop(SHOP), index).map(|quantity| quantity.0);
            if shelf.unwrap_or(0) != sum.unwrap_or(0) {
                return Err(format!("{product}: shelf {shelf:?}, sum {sum:?}"));
            }
        }
        Ok(())
    }
}
