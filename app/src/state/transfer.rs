//! Goods go from one shop to another.

use super::{AppState, Problem};
use crate::effect::{clock, journal::Draft};
use dukandar_core::{
    id::DocumentId,
    inventory::transfer::TransferSuggestion,
    quantity::Quantity,
    record::{StockLine, Transfer, TransferLeg},
    sync::event::Stream,
    time::Timestamp,
};

impl AppState {
    /// Writes down that goods went and came, both ends in one commit: from then on they count where they are needed.
    pub async fn transfer(self, it: &TransferSuggestion) -> Result<(), Problem> {
        if it.quantity <= Quantity::ZERO {
            return Err(Problem::Invalid { field: "quantity", expected: "at least one piece" });
        }
        let at = clock::now();
        let line = StockLine {
            product: it.product,
            units: it.units.clone(),
            quantity: it.quantity,
            unit_cost: None,
        };
        let out = Transfer {
            id: DocumentId::fresh(at.0.unsigned_abs(), &mut clock::entropy()),
            from: it.from,
            to: it.to,
            leg: TransferLeg::Out,
            lines: vec![line],
            at,
        };
        // Whoever sorts by time finds a piece sent before it has come.
        let came = Transfer { leg: TransferLeg::In, at: Timestamp(at.0 + 1), ..out.clone() };
        let drafts = vec![
            Draft::new(Stream::Shop(it.from), "transfer", &out)?,
            Draft::new(Stream::Shop(it.to), "transfer", &came)?,
        ];
        self.write(drafts).await
    }
}
