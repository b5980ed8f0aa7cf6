//! What a record must hold beyond its shape: sums that agree, numbers that a shop can have, names that resolve.
//!
//! Checked by the server on arrival and by the app before it commits. A record that fails is put aside whole;
//! nothing in it is mended. Figures of an import are checked when its segments are read.

use super::{
    Approval, ApprovalStep, Closing, Commission, CreditKind, CreditLimit, DENOMINATIONS, InteractionKind,
    Payment, PaymentMethod, Record, SaleLine, Service,
};
use crate::{
    id::ShopId,
    money::Paisa,
    quantity::Quantity,
    role::{Action, Role},
};
use serde_json::Value;

/// What is wrong with a record, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: expected {expected}")]
pub struct RecordFault {
    /// The field, as a path such as `lines[2].amount`.
    pub field: String,
    /// What it should be.
    pub expected: String,
}

fn check(holds: bool, field: impl Into<String>, expected: impl Into<String>) -> Result<(), RecordFault> {
    if holds { Ok(()) } else { Err(RecordFault { field: field.into(), expected: expected.into() }) }
}

impl Record {
    /// Checks the record's figures.
    pub fn validate(&self) -> Result<(), RecordFault> {
        match self {
            Self::Sale(sale) => sold(&sale.lines, &sale.payments),
            Self::Return(back) => {
                sold(&back.lines, &back.payments)?;
                let paired = back.of_lines.is_empty() || back.of_lines.len() == back.lines.len();
                check(paired, "of_lines", "a line of the sale for each line, or none")
            }
            Self::Quotation(quotation) => sale_lines(&quotation.lines).map(|_| ()),
            Self::Price(price) => check(price.price >= Paisa::ZERO, "price", "zero or more"),
            Self::Product(product) => {
                let sound = product.fields.open.is_none() || product.fields.is_plain_open();
                check(sound, "fields", "of an open item nothing but kind, name and category")
            }
            Self::Approval(approval) => approved(approval),
            Self::TradeIn(trade) => check(trade.value >= Paisa::ZERO, "value", "zero or more"),
            Self::Unit(unit) => {
                check(unit.cost.is_none_or(|cost| cost >= Paisa::ZERO), "cost", "zero or more")?;
                let percent = unit.battery_health_percent.is_none_or(|health| health <= 100);
                check(percent, "battery_health_percent", "0 to 100")
            }
            Self::Shop(shop) => {
                check(!shop.name.trim().is_empty(), "name", "a name")?;
                check(!shop.code.trim().is_empty(), "code", "a short code for receipt numbers")?;
                check(shop.zone.offset_minutes.abs() <= 14 * 60, "zone", "minutes east of UTC, at most 840")?;
                let percent = shop.bargaining.as_ref().map_or(0, |rules| rules.cashier_percent);
                check(percent <= 100, "bargaining.cashier_percent", "0 to 100")
            }
            Self::Transfer(transfer) => check(transfer.from != transfer.to, "to", "another shop than `from`"),
            Self::Count(count) => {
                for (index, line) in count.lines.iter().enumerate() {
                    check(line.counted >= Quantity::ZERO, format!("lines[{index}].counted"), "zero or more")?;
                }
                Ok(())
            }
            Self::CalendarCorrection(correction) => {
                check((1..=12).contains(&correction.hijri_month), "hijri_month", "1 to 12")
            }
            Self::CustomerMerge(merge) => {
                check(merge.into != merge.from, "from", "another customer than `into`")
            }
            Self::Customer(customer) => {
                let sound = !matches!(customer.limit, Some(CreditLimit::Upto(limit)) if limit < Paisa::ZERO);
                check(sound, "limit", "zero or more")
            }
            Self::CreditEntry(entry) => {
                use PaymentMethod::{Credit, Instalment, TradeIn};
                check(entry.amount != Paisa::ZERO, "amount", "not zero")?;
                let moves_money = !matches!(entry.method, Some(Credit | Instalment | TradeIn));
                check(moves_money, "method", "one by which money changes hands")?;
                let is_plain = entry.kind == CreditKind::Plain;
                check(
                    is_plain || entry.method.is_none(),
                    "method",
                    "none: no money moves with such an entry",
                )?;
                let comes_back = entry.kind == CreditKind::Returned;
                check(!comes_back || entry.sale.is_some(), "sale", "the sale whose goods came back")
            }
            Self::Interaction(it) => {
                let named =
                    it.product.is_some() || it.text.as_ref().is_some_and(|text| !text.trim().is_empty());
                let asks = it.kind == InteractionKind::NotInStock;
                check(named || !asks, "text", "what was asked for, where no product is named")
            }
            Self::FeedRow(row) => row.fault().map_or(Ok(()), |expected| check(false, "value", expected)),
            Self::InstalmentPlan(plan) => {
                check(!plan.parts.is_empty(), "parts", "at least one part")?;
                check(plan.parts.iter().all(|part| part.amount > Paisa::ZERO), "parts", "amounts above zero")
            }
            Self::Expense(it) => {
                check(!it.category.trim().is_empty(), "category", "what it was for")?;
                amount("amount", it.amount, if it.undoes.is_some() { -1 } else { 1 })
            }
            Self::CashMovement(it) => amount("amount", it.amount, it.amount.0.signum()),
            Self::Service(it) => service(it),
            Self::Member(it) => {
                check(it.role != Role::Owner, "role", "manager, cashier or accountant")?;
                let sound = match it.commission {
                    None => true,
                    Some(Commission::OfSales(share) | Commission::OfMargin(share)) => {
                        (1..=10_000).contains(&share)
                    }
                    Some(Commission::PerPhone(each)) => (1..MOST).contains(&each.0),
                };
                check(sound, "commission", "1 to 10,000 hundredths of a percent, or an amount above zero")
            }
            Self::Closing(it) => closing(it),
            Self::PredictionIssued(issued) => predictions(issued),
            Self::Import(import) => imported(import),
            _ => Ok(()),
        }
    }

    /// The shop whose log the record belongs to; none for what concerns the business as a whole.
    pub fn shop(&self) -> Option<ShopId> {
        match self {
            Self::Import(record) => Some(record.shop),
            Self::Sale(record) => Some(record.shop),
            Self::Return(record) => Some(record.shop),
            Self::TradeIn(record) => Some(record.shop),
            Self::Quotation(record) => Some(record.shop),
            Self::PurchaseOrder(record) => Some(record.shop),
            Self::SupplierReceipt(record) => Some(record.shop),
            Self::SupplierBill(record) => Some(record.shop),
            Self::SupplierPayment(record) => Some(record.shop),
            Self::Count(record) => Some(record.shop),
            Self::Adjustment(record) => Some(record.shop),
            Self::Unit(record) => Some(record.shop),
            Self::Interaction(record) => Some(record.shop),
            Self::CreditEntry(record) => Some(record.shop),
            Self::Feedback(record) => Some(record.shop),
            Self::Expense(record) => Some(record.shop),
            Self::Closing(record) => Some(record.shop),
            Self::CashMovement(record) => Some(record.shop),
            Self::StaffAct(record) => Some(record.shop),
            Self::RepairJob(record) => Some(record.shop),
            Self::Service(record) => Some(record.shop),
            Self::Recommendation(record) => Some(record.shop),
            Self::Approval(record) => Some(record.shop),
            Self::Transfer(record) => Some(match record.leg {
                super::TransferLeg::Out => record.from,
                super::TransferLeg::In => record.to,
            }),
            _ => None,
        }
    }

    /// What the writer must be allowed to do.
    pub fn action(&self) -> Action {
        match self {
            Self::Shop(_)
            | Self::Device(_)
            | Self::Grant(_)
            | Self::Member(_)
            | Self::CalendarCorrection(_) => Action::Administer,
            // Hours are corrected by the owner.
            Self::StaffAct(act) if act.taken_back => Action::Administer,
            Self::Erase(_) => Action::Erase,
            Self::CreditEntry(entry) if entry.kind == CreditKind::WriteOff => Action::Forgive,
            Self::Customer(customer) if customer.limit.is_some() => Action::Forgive,
            Self::Return(back) if back.original.is_none() => Action::ReturnUnseen,
            Self::Import(_) => Action::Import,
            // Whoever sells may ask; the answer is the owner's.
            Self::Approval(Approval { step: ApprovalStep::Asked(_), .. }) => Action::Sell,
            Self::Approval(_) => Action::Forgive,
            // The till makes what an open item needs; its id is held by the journal.
            Self::Product(product) if product.fields.open.is_some() => Action::Sell,
            Self::Product(_) | Self::Price(_) | Self::Fit(_) | Self::PriceDecision(_) => Action::EditProduct,
            Self::PurchaseOrder(_)
            | Self::Supplier(_)
            | Self::SupplierBill(_)
            | Self::SupplierPayment(_)
            | Self::OrderDecision(_) => Action::Order,
            Self::SupplierReceipt(_) | Self::Count(_) | Self::Adjustment(_) | Self::Transfer(_) => {
                Action::MoveStock
            }
            // Everyone who sees a figure may leave a trace of having seen it.
            Self::PredictionIssued(_) | Self::PredictionOutcome(_) => Action::SeeReports,
            Self::Sale(_)
            | Self::Return(_)
            | Self::TradeIn(_)
            | Self::Quotation(_)
            | Self::Unit(_)
            | Self::Customer(_)
            | Self::PersonKey(_)
            | Self::CustomerMerge(_)
            | Self::Household(_)
            | Self::Interaction(_)
            | Self::CreditEntry(_)
            | Self::InstalmentPlan(_)
            | Self::Feedback(_)
            | Self::Expense(_)
            | Self::Closing(_)
            | Self::CashMovement(_)
            | Self::StaffAct(_)
            | Self::RepairJob(_)
            | Self::Service(_)
            | Self::CompetitorPrice(_)
            | Self::FeedRow(_)
            | Self::CampaignContact(_)
            | Self::Recommendation(_) => Action::Sell,
        }
    }
}

/// More than a shop ever holds: a slip of the finger, and far from what 64 bits can add up.
const MOST: i64 = 100_000_000_000_000;

/// An amount of the sign that it must have, and not zero.
fn amount(field: &str, amount: Paisa, sign: i64) -> Result<(), RecordFault> {
    let expected = if sign < 0 { "less than zero" } else { "more than zero, less than a trillion rupees" };
    check(amount.0.signum() == sign && sign != 0 && amount.0.abs() < MOST, field, expected)
}

fn service(it: &Service) -> Result<(), RecordFault> {
    let sign = if it.undoes.is_some() { -1 } else { 1 };
    amount("amount", it.amount, it.kind.sign() * sign)?;
    let (commission, fee) = (it.commission.0 * sign, it.fee.0 * sign);
    check((0..MOST).contains(&commission), "commission", "zero or more")?;
    check((0..=commission).contains(&fee), "fee", "a part of the commission")
}

fn closing(it: &Closing) -> Result<(), RecordFault> {
    check((0..MOST).contains(&it.counted.0), "counted", "zero or more")?;
    let known = it.denominations.keys().all(|note| DENOMINATIONS.contains(note));
    check(known, "denominations", format!("notes and coins of {DENOMINATIONS:?}"))?;
    let sum: i128 =
        it.denominations.iter().map(|(&note, &pieces)| i128::from(note) * i128::from(pieces)).sum();
    let agrees = it.denominations.is_empty() || sum * 100 == i128::from(it.counted.0);
    check(agrees, "denominations", format!("{} paisa in all, as counted; found {sum} rupees", it.counted.0))
}

fn sold(lines: &[SaleLine], payments: &[Payment]) -> Result<(), RecordFault> {
    let total = sale_lines(lines)?;
    for (index, payment) in payments.iter().enumerate() {
        let enough = payment.tendered.is_none_or(|tendered| tendered >= payment.amount);
        check(enough, format!("payments[{index}].tendered"), "as much as the amount, or more")?;
    }
    let paid: i128 = payments.iter().map(|payment| i128::from(payment.amount.0)).sum();
    check(paid == total, "payments", format!("{total} paisa in all, as the lines say; found {paid}"))
}

/// Checks each line and gives the sum of their amounts.
fn sale_lines(lines: &[SaleLine]) -> Result<i128, RecordFault> {
    check(!lines.is_empty(), "lines", "at least one line")?;
    let mut total = 0i128;
    for (index, line) in lines.iter().enumerate() {
        let field = |name: &str| format!("lines[{index}].{name}");
        check(line.quantity > Quantity::ZERO, field("quantity"), "more than zero")?;
        check(line.unit_price >= Paisa::ZERO, field("unit_price"), "zero or more")?;
        check(line.discount >= Paisa::ZERO, field("discount"), "zero or more")?;
        check(line.unit_cost.is_none_or(|cost| cost >= Paisa::ZERO), field("unit_cost"), "zero or more")?;
        let expected =
            line.quantity.times(line.unit_price).and_then(|gross| gross.0.checked_sub(line.discount.0));
        check(
            expected == Some(line.amount.0),
            field("amount"),
            format!("quantity × unit_price − discount = {expected:?} paisa, found {}", line.amount.0),
        )?;
        total += i128::from(line.amount.0);
    }
    // Sums of receipts must fit the columns they are added in.
    check(i64::try_from(total).is_ok(), "lines", "a sum that fits 64 bits")?;
    Ok(total)
}

fn approved(approval: &Approval) -> Result<(), RecordFault> {
    let ApprovalStep::Asked(lines) = &approval.step else { return Ok(()) };
    check(!lines.is_empty(), "step.lines", "at least one line")?;
    let sound = lines.iter().all(|line| line.quantity > Quantity::ZERO && (0..MOST).contains(&line.amount.0));
    check(sound, "step.lines", "quantities above zero, amounts of zero or more")
}

fn predictions(issued: &super::PredictionIssued) -> Result<(), RecordFault> {
    for (index, prediction) in issued.predictions.iter().enumerate() {
        let field = |name: &str| format!("predictions[{index}].{name}");
        check(prediction.model_id == issued.model.id, field("model_id"), "the id of `model`")?;
        let entity = prediction.entity_id.as_deref().is_none_or(|id| uuid::Uuid::parse_str(id).is_ok());
        check(entity, field("entity_id"), "a UUID")?;
        let score = prediction.confidence_score.is_none_or(|score| (0.0..=1.0).contains(&score));
        check(score, field("confidence_score"), "0 to 1")?;
    }
    for (index, row) in issued.features.iter().enumerate() {
        let entity = uuid::Uuid::parse_str(&row.entity_id).is_ok();
        check(entity, format!("features[{index}].entity_id"), "a UUID")?;
    }
    Ok(())
}

fn imported(import: &super::Import) -> Result<(), RecordFault> {
    let rejected: u128 = import.rejected.values().map(|&count| u128::from(count)).sum();
    let counted = u128::from(import.kept) + rejected;
    check(
        counted == u128::from(import.rows),
        "rows",
        format!("kept + rejected = {counted}, found {}", import.rows),
    )?;
    check(is_hash(&import.file_sha256), "file_sha256", "64 hexadecimal digits")?;
    for (index, segment) in import.segments.iter().enumerate() {
        check(is_hash(&segment.hash), format!("segments[{index}].hash"), "64 lower-case hexadecimal digits")?;
    }
    Ok(())
}

/// Whether this is a SHA-256 as this house writes it: 64 lower-case hexadecimal digits.
pub fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether any text in the value holds a NUL character, which no SQL text column keeps.
pub fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(holds_nul),
        Value::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || holds_nul(value)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::{
        id::{DocumentId, ProductId, SaleId},
        record::{PaymentMethod, Sale, ServiceKind},
        time::{Timestamp, Zone},
    };

    fn sale() -> Sale {
        let line = SaleLine {
            product: ProductId::from_u128(1),
            units: vec![],
            quantity: Quantity::pieces(2),
            unit_price: Paisa::rupees(1_500),
            discount: Paisa::rupees(100),
            amount: Paisa::rupees(2_900),
            unit_cost: None,
        };
        Sale {
            id: SaleId::from_u128(2),
            shop: ShopId::from_u128(3),
            number: "HC-1-1".to_owned(),
            at: Timestamp(0),
            zone: Zone::KARACHI,
            customer: None,
            staff: None,
            lines: vec![line],
            payments: vec![Payment {
                method: PaymentMethod::Cash,
                amount: Paisa::rupees(2_900),
                tendered: None,
            }],
            approval: None,
        }
    }

    fn fault_after(change: impl FnOnce(&mut Sale)) -> String {
        let mut sale = sale();
        change(&mut sale);
        Record::Sale(sale).validate().err().map(|fault| fault.field).unwrap_or_default()
    }

    #[test]
    fn a_sale_adds_up_or_is_refused_with_its_field() {
        assert_eq!(fault_after(|_| ()), "");
        assert_eq!(fault_after(|sale| sale.lines[0].amount.0 += 1), "lines[0].amount");
        assert_eq!(fault_after(|sale| sale.payments[0].amount.0 += 1), "payments");
        assert_eq!(fault_after(|sale| sale.payments.clear()), "payments");
        assert_eq!(fault_after(|sale| sale.payments[0].tendered = Some(Paisa::rupees(3_000))), "");
        assert_eq!(
            fault_after(|sale| sale.payments[0].tendered = Some(Paisa::rupees(2_899))),
            "payments[0].tendered"
        );
        assert_eq!(fault_after(|sale| sale.lines.clear()), "lines");
        assert_eq!(fault_after(|sale| sale.lines[0].quantity = Quantity(-1_000)), "lines[0].quantity");
        assert_eq!(fault_after(|sale| sale.lines[0].unit_price = Paisa(i64::MAX)), "lines[0].amount");
    }

    fn fault_of(record: Record) -> String {
        record.validate().err().map(|fault| fault.field).unwrap_or_default()
    }

    #[test]
    fn a_service_has_the_sign_of_its_kind_and_the_other_where_it_takes_one_back() {
        let service = |kind, rupees, commission, fee, undoes: Option<u128>| {
            fault_of(Record::Service(Service {
                id: DocumentId::from_u128(1),
                shop: ShopId::from_u128(3),
                kind,
                customer: None,
                amount: Paisa::rupees(rupees),
                commission: Paisa::rupees(commission),
                at: Timestamp(0),
                wallet: None,
                fee: Paisa::rupees(fee),
                paid: None,
                undoes: undoes.map(DocumentId::from_u128),
            }))
        };
        use ServiceKind::*;
        for (kind, sign) in [(Easyload, 1), (WalletIn, 1), (WalletOut, -1), (TopUp, -1)] {
            assert_eq!(service(kind, 500 * sign, 10, 10, None), "");
            assert_eq!(service(kind, -500 * sign, 10, 0, None), "amount");
            assert_eq!(service(kind, -500 * sign, -10, -10, Some(9)), "");
            assert_eq!(service(kind, 500 * sign, 10, 0, Some(9)), "amount");
            assert_eq!(service(kind, 0, 10, 0, None), "amount");
        }
        assert_eq!(service(Easyload, 500, -1, 0, None), "commission");
        assert_eq!(service(Easyload, 500, 10, 11, None), "fee");
        assert_eq!(service(Easyload, 2_000_000_000_000, 0, 0, None), "amount");
    }

    #[test]
    fn a_count_is_the_sum_of_its_notes() {
        let count = |notes: &[(u32, u32)], counted| {
            let counted = Paisa(counted);
            let it = Closing { denominations: notes.iter().copied().collect(), counted, ..closing() };
            fault_of(Record::Closing(it))
        };
        assert_eq!(count(&[(5_000, 3), (75, 1), (1, 4)], 1_507_900), "");
        assert_eq!(count(&[], 1_507_950), "", "a count without notes, of an older device");
        assert_eq!(count(&[(5_000, 3)], 1_500_001), "denominations");
        assert_eq!(count(&[(10_000, 1)], 1_000_000), "denominations");
        assert_eq!(count(&[(5_000, u32::MAX)], 0), "denominations");
        assert_eq!(count(&[], -1), "counted");
    }

    fn closing() -> Closing {
        Closing {
            id: DocumentId::from_u128(1),
            shop: ShopId::from_u128(3),
            day: crate::time::Day(0),
            expected: Paisa::ZERO,
            denominations: Default::default(),
            counted: Paisa::ZERO,
            staff: None,
            at: Timestamp(0),
            opening: false,
            since: None,
            sums: None,
            floats: Default::default(),
            note: String::new(),
        }
    }

    #[test]
    fn what_older_devices_wrote_keeps_its_bytes() {
        let old = r#"{"amount":-500,"at":7,"commission":5,"customer":null,"id":"00000000-0000-0000-0000-000000000001","kind":"wallet_out","shop":"00000000-0000-0000-0000-000000000002"}"#;
        let value: Value = serde_json::from_str(old).unwrap();
        let service: Service = Record::decode_as("service", 1, value.clone()).unwrap();
        assert_eq!(serde_json::to_value(&service).unwrap(), value);
        let closing = serde_json::to_value(closing()).unwrap();
        let fields: Vec<&str> = closing.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(fields, ["at", "counted", "day", "denominations", "expected", "id", "shop", "staff"]);
    }

    #[test]
    fn nul_is_found_at_any_depth() {
        assert!(holds_nul(&serde_json::json!({ "a": [{ "b": "x\0" }] })));
        assert!(holds_nul(&serde_json::json!({ "a\0": 1 })));
        assert!(!holds_nul(&serde_json::json!({ "a": "\\u0000" })));
    }
}
