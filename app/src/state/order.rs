//! Ordering: a suggestion that is taken, changed or refused becomes records, and goods that arrive close the order.

use super::{AppState, Problem, units::pieces_drafts};
use crate::effect::{clock, journal::Draft, storage::StorageError};
use dukandar_core::{
    id::{DocumentId, ProductId, SupplierId},
    insight::{predictions::reorder_id, unit::Piece},
    inventory::open_order::OpenOrder,
    money::Paisa,
    quantity::Quantity,
    record::{OrderDecision, PurchaseOrder, StockLine, SupplierReceipt},
    sync::event::Stream,
    time::Day,
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// The answer to one suggestion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// For what.
    pub product: ProductId,
    /// Who delivered it last, if known.
    pub supplier: Option<SupplierId>,
    /// Pieces as suggested.
    pub suggested: Quantity,
    /// Pieces as decided; zero refuses.
    pub decided: Quantity,
    /// What one costs, if known.
    pub unit_cost: Option<Paisa>,
}

/// What came of one product of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Came {
    /// Of what.
    pub product: ProductId,
    /// How many.
    pub quantity: Quantity,
    /// Those whose numbers were read, at most as many.
    pub pieces: Vec<Piece>,
}

impl AppState {
    /// Writes what was decided on the suggestions of `today`: an order for each supplier, and a decision for each
    /// suggestion, all in one commit. Returns the orders.
    pub async fn place_order(
        self,
        today: Day,
        decisions: Vec<Decision>,
    ) -> Result<Vec<PurchaseOrder>, Problem> {
        let asked = self.shop.get_untracked();
        let shop = untrack(|| self.writing_shop()).ok_or(Problem::NoShop)?.id;
        // Predictions that spoke of all shops are kept in the first one's log.
        let first = self.shops.with_untracked(|shops| shops.first().map(|row| row.id)).unwrap_or(shop);
        let (at, mut rng) = (clock::now(), clock::entropy());
        let mut orders: BTreeMap<Option<SupplierId>, PurchaseOrder> = BTreeMap::new();
        let mut drafts = Vec::new();
        for Decision { product, supplier, suggested, decided, unit_cost } in decisions {
            let order = (decided > Quantity::ZERO).then(|| {
                let order = orders.entry(supplier).or_insert_with(|| PurchaseOrder {
                    id: DocumentId::fresh(at.0.unsigned_abs(), &mut rng),
                    shop,
                    supplier,
                    lines: Vec::new(),
                    at,
                    expected: None,
                });
                order.lines.push(StockLine { product, units: Vec::new(), quantity: decided, unit_cost });
                order.id
            });
            let prediction = reorder_id(asked.unwrap_or(first), asked.is_none(), today, product);
            let decision = OrderDecision { prediction, product, suggested, decided, order, at };
            drafts.push(Draft::new(Stream::Shop(shop), "order_decision", &decision)?);
        }
        let orders: Vec<PurchaseOrder> = orders.into_values().collect();
        let mut all = orders.iter().map(order_draft).collect::<Result<Vec<_>, _>>()?;
        all.append(&mut drafts);
        self.write(all).await?;
        Ok(orders)
    }

    /// Orders one product that no suggestion spoke of.
    pub async fn order_one(
        self,
        product: ProductId,
        supplier: Option<SupplierId>,
        quantity: Quantity,
        unit_cost: Option<Paisa>,
    ) -> Result<PurchaseOrder, Problem> {
        let shop = untrack(|| self.writing_shop()).ok_or(Problem::NoShop)?.id;
        let at = clock::now();
        let id = DocumentId::fresh(at.0.unsigned_abs(), &mut clock::entropy());
        let lines = vec![StockLine { product, units: Vec::new(), quantity, unit_cost }];
        let order = PurchaseOrder { id, shop, supplier, lines, at, expected: None };
        self.write(vec![order_draft(&order)?]).await?;
        Ok(order)
    }

    /// Takes back what an order still lacks: a further record of it with the same goods, negative.
    pub async fn take_back_orders(self, orders: Vec<PurchaseOrder>) -> Result<(), Problem> {
        let at = clock::now();
        let drafts = orders.into_iter().map(|order| {
            let lines = order.lines.into_iter();
            let lines = lines.map(|line| StockLine { quantity: -line.quantity, ..line }).collect();
            order_draft(&PurchaseOrder { at, lines, ..order })
        });
        let drafts = drafts.collect::<Result<_, _>>()?;
        self.write(drafts).await
    }

    /// Goods of an order have come: they lie on the shelf from now on, and those whose numbers were read are in the
    /// books by them, all in one commit.
    pub async fn receive(self, order: &OpenOrder, came: Vec<Came>) -> Result<(), Problem> {
        let at = clock::now();
        let (mut drafts, mut lines) = (Vec::new(), Vec::new());
        for Came { product, quantity, pieces } in came.into_iter().filter(|it| it.quantity > Quantity::ZERO) {
            if Quantity::pieces(pieces.len() as i64) > quantity {
                return Err(Problem::Invalid { field: "imeis", expected: "no more IMEIs than pieces" });
            }
            let Some(line) = order.lines.iter().find(|line| line.product == product) else { continue };
            let unit_cost = line.unit_cost;
            let pieces = pieces.into_iter().map(|piece| Piece { shop: order.shop, cost: unit_cost, ..piece });
            let units = pieces_drafts(pieces, at, &mut drafts)?;
            lines.push(StockLine { product, units, quantity, unit_cost });
        }
        if lines.is_empty() {
            return Err(Problem::Invalid { field: "quantity", expected: "at least one piece" });
        }
        let receipt = SupplierReceipt {
            id: DocumentId::fresh(at.0.unsigned_abs(), &mut clock::entropy()),
            order: Some(order.id),
            shop: order.shop,
            supplier: order.supplier,
            lines,
            at,
        };
        drafts.push(Draft::new(Stream::Shop(order.shop), "supplier_receipt", &receipt)?);
        self.write(drafts).await
    }
}

fn order_draft(order: &PurchaseOrder) -> Result<Draft, StorageError> {
    Draft::new(Stream::Shop(order.shop), "purchase_order", order)
}
