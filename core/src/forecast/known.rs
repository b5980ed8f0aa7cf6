//! The calendar's columns as models take them.

use super::Regressor;
use crate::{calendar::Calendar, time::Day};

impl Calendar {
    /// Known columns for a history of `history_days` that begins on `from`, and for `horizon_days` after it: holiday,
    /// promotion, payday week, Ramadan, Eid season and other events, each 0 or 1. What did not vary within the
    /// history is left out.
    pub fn regressors(&self, from: Day, history_days: usize, horizon_days: usize) -> Vec<Regressor> {
        let columns = self.columns(from, history_days + horizon_days, history_days);
        columns.into_iter().map(|(name, values)| Regressor { name: name.to_owned(), values }).collect()
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::forecast::check_regressors;

    #[test]
    fn regressors_are_as_long_as_models_demand() {
        let regressors = Calendar::default().regressors(Day(20_000), 60, 28);
        assert_eq!(regressors.len(), 1, "payday weeks only");
        assert_eq!(check_regressors(&regressors, 60, 28), Ok(()));
        assert!(check_regressors(&regressors, 60, 29).is_err());
    }
}
