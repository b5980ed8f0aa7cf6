//! Who may do what: one matrix for server and app.

use serde::{Deserialize, Serialize};

/// What a person is in the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Owns the business.
    Owner,
    /// Runs one or more shops.
    Manager,
    /// Sells.
    Cashier,
    /// Reads only.
    Accountant,
}

/// What can be allowed or refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Ring up a sale or a return.
    Sell,
    /// See purchase cost and margin.
    SeeCost,
    /// Receive, count, adjust or move stock.
    MoveStock,
    /// Change a price or a product.
    EditProduct,
    /// Bring in a file.
    Import,
    /// Place an order with a supplier.
    Order,
    /// See customers' names and numbers.
    SeeCustomers,
    /// See reports, forecasts and suggestions.
    SeeReports,
    /// Add shops, people and devices, or revoke them.
    Administer,
    /// Erase a person's data or other records.
    Erase,
    /// Set how much a customer may owe, give beyond it, write a debt off; sell at any price, and allow that to others.
    Forgive,
    /// Take goods back without the receipt they were sold on.
    ReturnUnseen,
}

impl Role {
    /// Whether the role allows the action.
    pub fn may(self, action: Action) -> bool {
        use Action::*;
        match self {
            Self::Owner => true,
            Self::Manager => !matches!(action, Administer | Erase | Forgive),
            Self::Cashier => matches!(action, Sell | SeeCustomers),
            Self::Accountant => matches!(action, SeeCost | SeeReports | SeeCustomers),
        }
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn a_cashier_sells_but_never_sees_cost() {
        assert!(Role::Cashier.may(Action::Sell));
        for refused in
            [Action::SeeCost, Action::EditProduct, Action::Import, Action::Administer, Action::Erase]
        {
            assert!(!Role::Cashier.may(refused));
        }
        assert!(!Role::Manager.may(Action::Erase) && Role::Owner.may(Action::Erase));
        assert!(!Role::Manager.may(Action::Forgive) && Role::Owner.may(Action::Forgive));
        assert!(!Role::Accountant.may(Action::Sell));
    }
}
