//! Task + Tables → Answer: the one door for the worker, the command line and the tests.
//!
//! A task carries everything it needs beside the tables: the day it is asked for, the shop, the seed. Of a shop
//! whose sales ended long ago it is answered as of their end ([`demand::effective_day`]), and the answer says so.

use crate::{
    bargain::{self, Approvals},
    customer::{
        khata::{self, KhataList, Ledger},
        rfm::{self, CustomerList, CustomerProfile, RfmAnswer},
    },
    demand::{
        self, Batch, DemandForecast, Forecasts,
        study::{Piece, Studies},
    },
    id::{CustomerId, ProductId, ShopId},
    insight::{
        accuracy::{self, Accuracy},
        aggregate,
        anomalies::{self, AnomaliesAnswer},
        branches::{self, BranchesAhead},
        catalog::{self, Catalog},
        day::{self, DayAnswer},
        next_month::{self, NextMonth},
        opening::{self, OpeningAnswer},
        report::{self, Report},
        staff::{self, StaffAnswer},
        today::{self, Today},
        unit::{self, UnitAsk, UnitsAnswer},
    },
    inventory::{
        abc::{self, AbcAnswer},
        asked::{self, AskedAnswer},
        plan::{
            limits::Limits,
            run::{Prepared, ReorderRun},
            touched::Touched,
        },
        reorder::{self, ReorderPlan, Scope},
        transfer::{self, TransferPlan},
    },
    table::{Tables, context::Context, day::MemberRow},
    time::{Day, Period, Timestamp},
};
use serde::{Deserialize, Serialize};

/// A question. `shop: None` means all shops together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Task {
    /// The first screen.
    Today {
        /// Which shop.
        shop: Option<ShopId>,
        /// Now.
        now: Timestamp,
    },
    /// The products as the till and the stock list show them.
    Catalog {
        /// Which shop.
        shop: Option<ShopId>,
        /// Now: prices and ages as of then.
        now: Timestamp,
    },
    /// The sales report.
    Report {
        /// Which shop.
        shop: Option<ShopId>,
        /// Which days.
        period: Period,
    },
    /// Daily demand ahead.
    Forecast {
        /// Which shop.
        shop: Option<ShopId>,
        /// Which product; none for revenue of the whole shop.
        product: Option<ProductId>,
        /// The first forecast day; the history ends the day before.
        today: Day,
        /// How many days.
        horizon_days: u16,
    },
    /// RFM scores and segments of everyone: grid and counts.
    Rfm {
        /// Which shop.
        shop: Option<ShopId>,
        /// As of.
        today: Day,
    },
    /// Customers of a segment or cell.
    Customers {
        /// Which shop.
        shop: Option<ShopId>,
        /// As of.
        today: Day,
        /// Segment by its name, or all.
        segment: Option<crate::customer::rfm::Segment>,
        /// Recency and frequency score, or all.
        cell: Option<(u8, u8)>,
        /// Skip this many.
        offset: u32,
        /// Give at most this many.
        limit: u32,
    },
    /// One customer.
    Customer {
        /// Who.
        customer: CustomerId,
        /// As of.
        today: Day,
    },
    /// What to order.
    Reorder {
        /// Which shop.
        shop: Option<ShopId>,
        /// As of.
        today: Day,
        /// Most money and room for it, and suppliers' least orders.
        limits: Limits,
    },
    /// What was entered of the shop's days: holidays, promotions, advertising, price tiers, the weekend.
    Context,
    /// What each branch is expected to sell in the next month.
    Branches {
        /// Now.
        now: Timestamp,
    },
    /// What shop and products are expected to sell in the next month, and who says so.
    NextMonth {
        /// Which shop.
        shop: Option<ShopId>,
        /// The first day of it.
        today: Day,
    },
    /// How good the forecasts have been on the shop's own past.
    Accuracy {
        /// Which shop.
        shop: Option<ShopId>,
        /// As of.
        today: Day,
    },
    /// Plain aggregations over all lines, for benchmarks and checks.
    Aggregate(aggregate::Aggregation),
    /// Who owes, and how much.
    Khata {
        /// Which shop.
        shop: Option<ShopId>,
        /// As of.
        today: Day,
        /// Give at most this many.
        limit: u32,
    },
    /// One customer's khata, entry by entry.
    Ledger {
        /// Which shop.
        shop: Option<ShopId>,
        /// Who.
        customer: CustomerId,
        /// As of.
        today: Day,
    },
    /// Questions to the owner that are still of use.
    Approvals {
        /// Which shop.
        shop: Option<ShopId>,
        /// Now.
        now: Timestamp,
    },
    /// What was asked for and not there.
    Asked {
        /// Which shop.
        shop: Option<ShopId>,
        /// The last day that counts.
        today: Day,
    },
    /// What the books began with.
    Opening {
        /// Which shop.
        shop: ShopId,
    },
    /// The drawer, the day's money, past closings.
    Day {
        /// Which shop.
        shop: ShopId,
        /// Now.
        now: Timestamp,
    },
    /// The people of the business.
    Team,
    /// What each of them sold and earned, and when they came, today and in this month.
    Staff {
        /// Which shop.
        shop: ShopId,
        /// Now.
        now: Timestamp,
    },
    /// Pieces by IMEI: where they are and what became of them.
    Units {
        /// Which shop's stock.
        shop: Option<ShopId>,
        /// Which pieces.
        ask: UnitAsk,
        /// As of.
        today: Day,
    },
    /// Products in their classes, with what to do about each.
    Abc {
        /// Which shop.
        shop: Option<ShopId>,
        /// As of.
        today: Day,
        /// Only this one's row, beside the whole grid.
        product: Option<ProductId>,
    },
    /// What should go from one shop to another before anything is bought.
    Transfers {
        /// As of.
        today: Day,
    },
    /// What was not like the rest and nobody has settled.
    Anomalies {
        /// Which shop.
        shop: Option<ShopId>,
        /// The first day that is not over.
        today: Day,
    },
}

/// The answer to the task of the same name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "each variant is its struct, documented there")]
pub enum Answer {
    Today(Box<Today>),
    Catalog(Catalog),
    Report(Box<Report>),
    Forecast(Box<DemandForecast>),
    Rfm(Box<RfmAnswer>),
    Customers(CustomerList),
    Customer(Box<CustomerProfile>),
    Reorder(Box<ReorderPlan>),
    Context(Context),
    Branches(BranchesAhead),
    NextMonth(Box<NextMonth>),
    Accuracy(Box<Accuracy>),
    Aggregate(aggregate::Aggregate),
    Khata(Box<KhataList>),
    Ledger(Box<Ledger>),
    Approvals(Approvals),
    Asked(Box<AskedAnswer>),
    Opening(Box<OpeningAnswer>),
    Day(Box<DayAnswer>),
    Team(Vec<MemberRow>),
    Staff(Box<StaffAnswer>),
    Units(Box<UnitsAnswer>),
    Abc(Box<AbcAnswer>),
    Transfers(Box<TransferPlan>),
    Anomalies(Box<AnomaliesAnswer>),
}

/// Why a task has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum TaskError {
    /// The shop is not in the tables.
    #[error("shop {0} does not exist here")]
    UnknownShop(ShopId),
    /// The product is not in the tables.
    #[error("product {0} does not exist here")]
    UnknownProduct(ProductId),
    /// The customer is not in the tables.
    #[error("customer {0} does not exist here")]
    UnknownCustomer(CustomerId),
}

/// The series that a task looks ahead of, where they are so many that they are better made before, one by one; those
/// of a task that looks ahead of one series, or of none, are none.
pub fn works(task: &Task, tables: &Tables) -> Batch {
    let (id, asked) = match *task {
        Task::Today { shop, now } => (shop, Ok(now)),
        Task::Reorder { shop, today, .. } | Task::NextMonth { shop, today } => (shop, Err(today)),
        _ => return Batch::default(),
    };
    let shop = id.and_then(|id| tables.shop(id));
    if shop.is_none() && id.is_some() {
        return Batch::default();
    }
    let today = match asked {
        Ok(now) => demand::effective_today(tables, shop, now),
        Err(today) => demand::effective_day(tables, shop, today),
    };
    demand::works(tables, shop, today)
}

/// The long work that a task rests on, in pieces; none of any other task.
pub fn pieces(task: &Task, tables: &Tables) -> Vec<Piece> {
    let as_of = |id: Option<ShopId>, today: Day| {
        let shop = id.and_then(|id| tables.shop(id));
        (shop.is_some() || id.is_none()).then(|| (shop, demand::effective_day(tables, shop, today)))
    };
    let made = match *task {
        Task::NextMonth { shop, today } => {
            as_of(shop, today).map(|(shop, today)| next_month::pieces(tables, shop, today))
        }
        Task::Accuracy { shop, today } => {
            as_of(shop, today).map(|(shop, today)| accuracy::pieces(tables, shop, today))
        }
        _ => None,
    };
    made.unwrap_or_default()
}

/// What a reorder task finds before any limit, so that other limits are planned without another look. What `before`
/// found of the same shop is taken over, but of the products touched since. None of any other task.
pub fn prepare(
    task: &Task,
    tables: &Tables,
    known: &Forecasts,
    before: Option<(&Prepared, &Touched)>,
) -> Result<Option<Prepared>, TaskError> {
    let Task::Reorder { shop, today, .. } = *task else { return Ok(None) };
    let shop = match shop {
        None => None,
        Some(id) => Some(tables.shop(id).ok_or(TaskError::UnknownShop(id))?),
    };
    let today = demand::effective_day(tables, shop, today);
    let mut run = ReorderRun::new(tables, shop, today, Scope::Selling, known);
    if let Some((before, touched)) = before {
        run = run.again(before, touched);
    }
    run.step(0..run.len());
    Ok(Some(run.finish()))
}

/// Answers a task. Equal tasks on equal tables give equal answers, on any machine.
pub fn run(task: &Task, tables: &Tables) -> Result<Answer, TaskError> {
    run_with(task, tables, &Forecasts::default())
}

/// The same with forecasts that were made before: those that still hold are not made again, so that the answer is
/// the same and comes sooner. Long work is done now.
pub fn run_with(task: &Task, tables: &Tables, known: &Forecasts) -> Result<Answer, TaskError> {
    run_studied(task, tables, known, &Studies::of(&pieces(task, tables)))
}

/// The same with long work that was done before; what of it is missing stays out of the answer.
pub fn run_studied(
    task: &Task,
    tables: &Tables,
    known: &Forecasts,
    studies: &Studies,
) -> Result<Answer, TaskError> {
    let shop = |id: Option<ShopId>| match id {
        None => Ok(None),
        Some(id) => tables.shop(id).map(Some).ok_or(TaskError::UnknownShop(id)),
    };
    let as_of = |id: Option<ShopId>, today: Day| {
        let shop = shop(id)?;
        Ok((shop, demand::effective_day(tables, shop, today)))
    };
    Ok(match *task {
        Task::Today { shop: id, now } => {
            Answer::Today(Box::new(today::answer(tables, shop(id)?, now, known)))
        }
        Task::Catalog { shop: id, now } => Answer::Catalog(catalog::answer(tables, shop(id)?, now)),
        Task::Report { shop: id, period } => {
            Answer::Report(Box::new(report::answer(tables, shop(id)?, period)))
        }
        Task::Forecast { shop: id, product, today, horizon_days } => {
            let product = match product {
                None => None,
                Some(id) => Some(tables.product(id).ok_or(TaskError::UnknownProduct(id))?),
            };
            let (shop, today) = as_of(id, today)?;
            let forecast = demand::forecast(tables, shop, product, today, horizon_days, known);
            Answer::Forecast(Box::new(forecast))
        }
        Task::Rfm { shop, today } => {
            let (shop, today) = as_of(shop, today)?;
            Answer::Rfm(Box::new(rfm::answer(tables, shop, today)))
        }
        Task::Customers { shop, today, segment, cell, offset, limit } => {
            let filter = rfm::ListFilter { segment, cell, offset, limit };
            let (shop, today) = as_of(shop, today)?;
            Answer::Customers(rfm::list(tables, shop, today, filter))
        }
        Task::Customer { customer, today } => {
            let position = tables.customer(customer).ok_or(TaskError::UnknownCustomer(customer))?;
            let (_, today) = as_of(None, today)?;
            Answer::Customer(Box::new(rfm::profile(tables, position, today)))
        }
        Task::Reorder { shop, today, ref limits } => {
            let (shop, today) = as_of(shop, today)?;
            Answer::Reorder(Box::new(reorder::answer(tables, shop, today, limits, known)))
        }
        Task::Branches { now } => Answer::Branches(branches::answer(tables, now, known)),
        Task::NextMonth { shop, today } => {
            let (shop, today) = as_of(shop, today)?;
            Answer::NextMonth(Box::new(next_month::answer(tables, shop, today, known, studies)))
        }
        Task::Accuracy { shop, today } => {
            let (shop, today) = as_of(shop, today)?;
            Answer::Accuracy(Box::new(accuracy::answer(tables, shop, today, studies)))
        }
        Task::Khata { shop: id, today, limit } => {
            Answer::Khata(Box::new(khata::list(tables, shop(id)?, today, limit)))
        }
        Task::Ledger { shop: id, customer, today } => {
            Answer::Ledger(Box::new(khata::ledger(tables, shop(id)?, customer, today)))
        }
        Task::Asked { shop: id, today } => Answer::Asked(Box::new(asked::answer(tables, shop(id)?, today))),
        Task::Opening { shop } => {
            let position = tables.shop(shop).ok_or(TaskError::UnknownShop(shop))?;
            Answer::Opening(Box::new(opening::answer(tables, position)))
        }
        Task::Day { shop, now } => {
            let position = tables.shop(shop).ok_or(TaskError::UnknownShop(shop))?;
            Answer::Day(Box::new(day::answer(tables, position, now)))
        }
        Task::Team => Answer::Team(tables.day.members.clone()),
        Task::Staff { shop, now } => {
            let position = tables.shop(shop).ok_or(TaskError::UnknownShop(shop))?;
            Answer::Staff(Box::new(staff::answer(tables, position, now)))
        }
        Task::Approvals { shop: id, now } => Answer::Approvals(bargain::approvals(tables, shop(id)?, now)),
        Task::Units { shop: id, ref ask, today } => {
            Answer::Units(Box::new(unit::answer(tables, shop(id)?, ask, today)))
        }
        Task::Abc { shop, today, product } => {
            let product = match product {
                None => None,
                Some(id) => Some(tables.product(id).ok_or(TaskError::UnknownProduct(id))?),
            };
            let (shop, today) = as_of(shop, today)?;
            Answer::Abc(Box::new(abc::answer(tables, shop, today, product)))
        }
        Task::Transfers { today } => {
            let (_, today) = as_of(None, today)?;
            Answer::Transfers(Box::new(transfer::answer(tables, today, known)))
        }
        Task::Anomalies { shop, today } => {
            let (shop, today) = as_of(shop, today)?;
            Answer::Anomalies(Box::new(anomalies::answer(tables, shop, today)))
        }
        Task::Context => Answer::Context(tables.context.clone()),
        Task::Aggregate(aggregation) => Answer::Aggregate(aggregate::aggregate(tables, aggregation)),
    })
}
