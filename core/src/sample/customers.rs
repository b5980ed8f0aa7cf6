//! The sample's customers: a few come every fortnight, most once. Who they are is sealed under keys of their own.
//!
//! How often someone comes is gamma-distributed over people (shape 0.55: heterogeneous), for as long as they
//! stay: regulars for good, others until an exponential end.

use super::{
    journal::{Journal, at},
    people::{AREAS, FAMILIES, MEN, WOMEN},
    season::gamma,
};
use crate::{
    id::CustomerId,
    privacy::seal::SecretKey,
    record::{Customer, Person, PersonKey, Record},
    rng::Rng,
    sync::event::Stream,
    time::{Day, Period},
};

/// How many there are.
pub const CUSTOMERS: usize = 900;

/// One customer.
pub struct Buyer {
    /// Their id.
    pub id: CustomerId,
    /// Known well enough for udhaar.
    pub regular: bool,
    branch: usize,
    pull: f64,
    from: Day,
    to: Day,
}

/// All of them, with the odds of who stands at the till now.
pub struct Customers {
    /// Every customer.
    pub buyers: Vec<Buyer>,
    /// By branch: running sum of pull and position in `buyers`.
    odds: [Vec<(f64, usize)>; 2],
}

impl Customers {
    /// Makes and writes the customers.
    pub fn meet(journal: &mut Journal, rng: &mut Rng, period: Period, tenant_key: &SecretKey) -> Self {
        let days = (period.to.0 - period.from.0) as usize;
        let mut buyers = Vec::with_capacity(CUSTOMERS);
        for number in 0..CUSTOMERS {
            let branch = usize::from(rng.chance(0.42));
            let regular = rng.chance(0.16);
            let from = match rng.chance(0.3) {
                true => period.from,
                false => Day(period.from.0 + rng.below(days - 1) as i32),
            };
            let stays = if regular && rng.chance(0.7) {
                days as f64
            } else {
                -(1.0 - rng.uniform()).ln() * if regular { 240.0 } else { 90.0 }
            };
            let pull = gamma(rng, 0.55) * if regular { 4.0 } else { 1.0 } + 0.03;
            let id = journal.id();
            let key_id = journal.id();
            let key = SecretKey::fresh(rng);
            let wrapped = tenant_key.wrap(key_id, &key, rng);
            // Names are plain text: sealing them cannot fail.
            let sealed = key.seal(key_id, &person(rng, number, branch), rng).ok();
            let written = at(from, 10 * 60 + (number % 60) as i64);
            journal.push(
                Stream::Tenant,
                written,
                Record::PersonKey(PersonKey { id: key_id, wrapped: Some(wrapped), wrapped_sha256: None }),
            );
            let code = Some(format!("C-{:04}", number + 1));
            let customer = Customer { id, code, person: sealed, limit: None, base_version: None };
            journal.push(Stream::Tenant, written, Record::Customer(customer));
            buyers.push(Buyer { id, regular, branch, pull, from, to: Day(from.0 + stays as i32) });
        }
        Self { buyers, odds: [Vec::new(), Vec::new()] }
    }

    /// Brings the odds up to a day.
    pub fn turn_to(&mut self, day: Day) {
        for (branch, odds) in self.odds.iter_mut().enumerate() {
            let mut sum = 0.0;
            odds.clear();
            for (index, buyer) in self.buyers.iter().enumerate() {
                if buyer.branch == branch && buyer.from <= day && day <= buyer.to {
                    sum += buyer.pull;
                    odds.push((sum, index));
                }
            }
        }
    }

    /// Who stands at the till of a branch.
    pub fn draw(&self, branch: usize, rng: &mut Rng) -> Option<&Buyer> {
        let odds = &self.odds[branch];
        let mark = rng.uniform() * odds.last()?.0;
        let found = odds.partition_point(|&(sum, _)| sum <= mark).min(odds.len() - 1);
        Some(&self.buyers[odds[found].1])
    }
}

/// Names in Latin or Urdu script. The numbers stand in 0399, which no operator has been given.
fn person(rng: &mut Rng, number: usize, branch: usize) -> Person {
    let given = match rng.chance(0.22) {
        true => WOMEN[rng.below(WOMEN.len())],
        false => MEN[rng.below(MEN.len())],
    };
    let family = FAMILIES[rng.below(FAMILIES.len())];
    let area = AREAS[branch][rng.below(AREAS[branch].len())];
    let urdu = rng.chance(0.3);
    let pick = |pair: (&'static str, &'static str)| if urdu { pair.1 } else { pair.0 };
    Person {
        name: Some(format!("{} {}", pick(given), pick(family))),
        phones: vec![format!("0399{:07}", 1_000_000 + number * 7_919 % 8_000_000)],
        cnic: None,
        address: Some(pick(area).to_owned()),
        picture: None,
        pin: None,
    }
}
