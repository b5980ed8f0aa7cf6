//! Core's facts and refusals as sentences. Core never makes a sentence; here every fact has one in each language.

use crate::{
    effect::storage::StorageError,
    message::Failure,
    plain::{Lang, Locale, outlook::MODELS},
    state::Problem,
};
use dukandar_core::{
    customer::rfm::Segment,
    forecast::panel::Choice,
    import::Field,
    inventory::reorder::Urgency,
    money::Currency,
    reason::Reason,
    record::PaymentMethod,
    reject::{Reject, RejectReason},
};
use dukandar_server::api::ApiError;

impl Lang {
    /// One fact.
    pub fn reason(self, reason: &Reason, currency: Currency) -> String {
        let t = &self.t().reason;
        let days = |days: f64| self.number(days.max(0.0).round(), 0);
        match reason {
            Reason::SellsPerWeek { units } => self.fill(t.sells, &[&self.number(*units, 1)]),
            Reason::RunsOutInDays { lo, mid, hi: Some(hi) } => {
                self.fill(t.runs_out, &[&days(*mid), &days(*lo), &days(*hi)])
            }
            Reason::RunsOutInDays { lo, mid, hi: None } => {
                self.fill(t.runs_out_open, &[&days(*mid), &days(*lo)])
            }
            Reason::OutOfStock => t.out.to_owned(),
            Reason::SupplierTakesDays { days: lead, learned } => {
                self.fill(if *learned { t.supplier_learned } else { t.supplier_assumed }, &[&days(*lead)])
            }
            Reason::OnOrder { units } => self.fill(t.on_order, &[&self.number(*units, 1)]),
            Reason::NoSaleForDays { days } => self.plural(t.no_sale, u64::from(*days)),
            Reason::TiedUp { amount } => self.fill(t.tied_up, &[&self.money(*amount, currency)]),
            Reason::StockUnknown => t.stock_unknown.to_owned(),
            Reason::TooLittleData { more_days } => self.plural(t.too_little, u64::from(*more_days)),
            Reason::UnusualSales { day, actual, expected } => {
                let form = if actual >= expected { t.unusual_more } else { t.unusual_less };
                let amounts = [self.rough(*actual, currency), self.rough(*expected, currency)];
                self.fill(form, &[&self.date(*day), &amounts[0], &amounts[1]])
            }
            Reason::LastBoughtDays { days, usual_gap_days: Some(gap) } => {
                let gap = self.plural(self.t().common.days, u64::from(*gap));
                self.fill(t.last_bought_usual, &[&self.whole(i64::from(*days)), &gap])
            }
            Reason::LastBoughtDays { days, usual_gap_days: None } => {
                self.plural(t.last_bought, u64::from(*days))
            }
            Reason::Owes { amount, since } => {
                self.fill(t.owes, &[&self.money(*amount, currency), &self.date(*since)])
            }
            Reason::JudgedByAlike { products } => self.plural(t.judged_by_alike, u64::from(*products)),
            Reason::LifeEnds { units_left } => {
                self.fill(t.life_ends, &[&self.whole(units_left.round() as i64)])
            }
            Reason::BudgetCut { units } => self.fill(t.budget_cut, &[&self.number(*units, 1)]),
            Reason::SalesShifted { since, before, now } => {
                let amounts = [self.rough(*before, currency), self.rough(*now, currency)];
                self.fill(self.unusual().shifted, &[&self.date(*since), &amounts[0], &amounts[1]])
            }
            Reason::UnusualPieces { day, actual, expected } => {
                let pieces = [self.number(*actual, 1), self.number(*expected, 1)];
                self.fill(self.unusual().pieces, &[&self.date(*day), &pieces[0], &pieces[1]])
            }
            Reason::PiecesShifted { since, before, now } => {
                let pieces = [self.number(*before, 1), self.number(*now, 1)];
                self.fill(self.unusual().pace, &[&self.date(*since), &pieces[0], &pieces[1]])
            }
            Reason::CountedOff { counted, book } => {
                self.fill(self.unusual().counted, &[&self.number(*counted, 1), &self.number(*book, 1)])
            }
            Reason::PriceOff { price, usual } => {
                let amounts = [self.money(*price, currency), self.money(*usual, currency)];
                self.fill(self.unusual().price, &[&amounts[0], &amounts[1]])
            }
            Reason::DiscountsOff { share, usual } => {
                self.fill(self.unusual().discounts, &[&self.percent(*share), &self.percent(*usual)])
            }
            Reason::DrawerOff { counted, expected } => {
                let amounts = [self.money(*counted, currency), self.money(*expected, currency)];
                self.fill(self.unusual().drawer, &[&amounts[0], &amounts[1]])
            }
            _ => {
                let told = self.class_reason(reason, currency);
                told.or_else(|| self.plan_reason(reason, currency)).unwrap_or_default()
            }
        }
    }

    /// All facts of a decision in one line.
    pub fn reasons(self, reasons: &[Reason], currency: Currency) -> String {
        let parts: Vec<String> = reasons.iter().map(|reason| self.reason(reason, currency)).collect();
        parts.join(" · ")
    }

    /// What was expected where something was refused.
    pub fn expected(self, reason: RejectReason) -> &'static str {
        let (t, files) = (&self.t().reject, &self.t().receive.files);
        match reason {
            RejectReason::EmptyFile => t.empty_file,
            RejectReason::NotUtf8 => t.not_utf8,
            RejectReason::NotText => t.not_text,
            RejectReason::TooLarge => t.too_large,
            RejectReason::MissingColumn => t.missing_column,
            RejectReason::WrongFieldCount => t.wrong_field_count,
            RejectReason::UnclosedQuote => t.unclosed_quote,
            RejectReason::HalfRow => t.half_row,
            RejectReason::NotANumber => t.not_a_number,
            RejectReason::OutOfRange => t.out_of_range,
            RejectReason::NotADate => t.not_a_date,
            RejectReason::MixedDateOrder => t.mixed_date_order,
            RejectReason::NegativePrice => t.negative_price,
            RejectReason::Empty => t.empty,
            RejectReason::DuplicateRow => t.duplicate_row,
            RejectReason::ContradictsReceipt => t.contradicts_receipt,
            RejectReason::UnknownReference => t.unknown_reference,
            RejectReason::UnknownKind => t.unknown_kind,
            RejectReason::Malformed => t.malformed,
            RejectReason::OldWorkbook => files.old,
            RejectReason::LockedWorkbook => files.locked,
            RejectReason::BrokenWorkbook => files.broken,
            RejectReason::Pdf => files.pdf,
        }
    }

    /// Where something was refused: line and column, or the file as a whole.
    pub fn place(self, reject: &Reject) -> String {
        let t = &self.t().import;
        let line = match reject.line {
            0 => t.whole_file.to_owned(),
            line => format!("{} {}", t.line, self.whole(line as i64)),
        };
        match &reject.column {
            Some(column) => format!("{line} · {} \u{2068}{column}\u{2069}", t.column),
            None => line,
        }
    }

    /// What an imported column holds.
    pub fn field(self, field: Field) -> &'static str {
        // The catalogue lists the fields in core's order.
        self.t().import.fields[field as usize]
    }

    /// A segment's name.
    pub fn segment(self, segment: Segment) -> &'static str {
        self.t().segment.names[segment_index(segment)]
    }

    /// What to do about a segment.
    pub fn advice(self, segment: Segment) -> &'static str {
        self.t().segment.advice[segment_index(segment)]
    }

    /// How urgent, in words.
    pub fn urgency(self, urgency: Urgency) -> &'static str {
        let t = &self.t().today;
        match urgency {
            Urgency::High => t.urgent,
            Urgency::Medium => t.soon,
            Urgency::Low => t.later,
        }
    }

    /// The forecasting model that won, by its name in the lab.
    pub fn model(self, name: &str) -> &str {
        let t = &self.t().outlook;
        let place = MODELS.iter().position(|model| *model == name);
        match place {
            Some(place) => t.models[place],
            None if name == "average" => t.average_of,
            None => name,
        }
    }

    /// Which models speak and how much of the forecast is each one's, the largest first.
    pub fn voices(self, voices: &[(String, f64)]) -> String {
        let t = &self.t().outlook;
        let named =
            |(name, share): &(String, f64)| self.fill("{0} {1}", &[self.model(name), &self.percent(*share)]);
        // Isolates alone do not tell which way a line runs; a right-to-left mark before them does.
        let mark = if self.locale == Locale::Urdu { "\u{200f}" } else { "" };
        let list = |voices: &[(String, f64)]| -> String {
            mark.to_owned() + &voices.iter().map(named).collect::<Vec<_>>().join(" · ")
        };
        match voices {
            [] => String::new(),
            [(name, _)] => self.fill(t.speaks, &[self.model(name)]),
            [(name, share), others @ ..] if *share > 0.5 => {
                self.fill(t.speaks_mostly, &[self.model(name), &self.percent(*share), &list(others)])
            }
            _ => self.fill(t.speaks_together, &[&list(voices)]),
        }
    }

    /// Why one method of those that learn from all products speaks for this one.
    pub fn choice(self, choice: &Choice) -> Option<String> {
        let t = &self.t().outlook;
        let usual = self.model(choice.by_default.name());
        let others = choice.errors.iter().filter(|(model, _)| *model != choice.by_default);
        let (other, error) = others.min_by(|one, other| one.1.total_cmp(&other.1))?;
        let (other, apart) = (self.model(other.name()), self.percent((error - 1.0).abs()));
        Some(match choice.model == choice.by_default {
            false => self.fill(t.unusual, &[usual, self.model(choice.model.name()), &apart]),
            true if *error < 1.0 => self.fill(t.usual_near, &[usual, other]),
            true => self.fill(t.usual, &[usual, other, &apart]),
        })
    }

    /// How a part of a bill was paid.
    pub fn method(self, method: PaymentMethod) -> &'static str {
        let names = &self.t().receipt.methods;
        match method {
            PaymentMethod::Cash => names[0],
            PaymentMethod::Card => names[1],
            PaymentMethod::JazzCash => names[2],
            PaymentMethod::Easypaisa => names[3],
            PaymentMethod::Bank => names[4],
            PaymentMethod::Credit => names[5],
            PaymentMethod::Instalment => names[6],
            PaymentMethod::TradeIn => names[7],
        }
    }

    /// Why an action did not succeed.
    pub fn problem(self, problem: &Problem) -> String {
        let t = &self.t().trouble;
        match problem {
            Problem::Storage(error) => self.storage_error(error),
            Problem::Worker(failure) => self.failure(failure),
            Problem::Server(error) => self.api_error(error),
            Problem::Invalid { field, expected } => self.fill(t.invalid, &[field, expected]),
            Problem::BelowAllowed { names } => self.fill(self.t().bargain.refused, &[names]),
            Problem::OtherBusiness => t.other_business.to_owned(),
            Problem::NoShop => t.no_shop.to_owned(),
            Problem::Locked => self.t().counter.locked_page.to_owned(),
            Problem::NotAllowed => t.forbidden.to_owned(),
            Problem::NoCrypto => self.t().counter.no_crypto.to_owned(),
        }
    }

    fn storage_error(self, error: &StorageError) -> String {
        let t = &self.t().trouble;
        match error {
            StorageError::Full => t.storage_full.to_owned(),
            StorageError::Unavailable => t.storage_unavailable.to_owned(),
            StorageError::Blocked => t.storage_blocked.to_owned(),
            StorageError::Outdated => t.storage_outdated.to_owned(),
            StorageError::Refused(detail) | StorageError::Damaged(detail) => self.fill(t.other, &[detail]),
        }
    }

    fn failure(self, failure: &Failure) -> String {
        let t = &self.t().trouble;
        match failure {
            Failure::Task(_) => t.not_here.to_owned(),
            Failure::Storage(error) => self.storage_error(error),
            Failure::File(reject) => {
                let place = self.place(reject);
                format!("{place}: {}", self.expected(reject.reason))
            }
            Failure::Unreadable(detail) => self.fill(t.file_unreadable, &[detail]),
            Failure::Cancelled => self.t().import.cancelled.to_owned(),
            Failure::Busy => t.busy.to_owned(),
            Failure::Crashed => t.worker_down.to_owned(),
            Failure::NotOpen => t.no_shop.to_owned(),
        }
    }

    /// Why a call to the server failed.
    pub fn api_error(self, error: &ApiError) -> String {
        let t = &self.t().trouble;
        match error {
            ApiError::Unauthorized => t.unauthorized.to_owned(),
            ApiError::WrongPassword => t.wrong_password.to_owned(),
            ApiError::Forbidden { .. } => t.forbidden.to_owned(),
            ApiError::DeviceRevoked => t.device_revoked.to_owned(),
            ApiError::NotFound { .. } => t.not_found.to_owned(),
            ApiError::LoginTaken => t.login_taken.to_owned(),
            ApiError::TenantTaken => t.tenant_taken.to_owned(),
            ApiError::TooMany { retry_after_s } => {
                self.fill(t.too_many, &[&self.whole(i64::from(*retry_after_s))])
            }
            ApiError::Invalid { field, expected } => self.fill(t.invalid, &[field, expected]),
            ApiError::TooLarge { .. } => t.too_large.to_owned(),
            ApiError::OtherProtocol { .. } => t.other_protocol.to_owned(),
            ApiError::Unavailable => t.unavailable.to_owned(),
            ApiError::Internal => t.internal.to_owned(),
            ApiError::Offline { .. } => t.offline.to_owned(),
            ApiError::Unreadable { .. } => t.unreadable.to_owned(),
        }
    }
}

/// Position in the order of core's `Segment`.
pub fn segment_index(segment: Segment) -> usize {
    match segment {
        Segment::Champions => 0,
        Segment::LoyalCustomers => 1,
        Segment::PotentialLoyalists => 2,
        Segment::NewCustomers => 3,
        Segment::Promising => 4,
        Segment::CustomersNeedingAttention => 5,
        Segment::AtRisk => 6,
        Segment::Lost => 7,
    }
}
