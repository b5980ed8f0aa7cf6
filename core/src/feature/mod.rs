//! Named feature sets with their versions: the inputs that models read and that `feature_store` keeps.
//!
//! A set's name ends in its version. Whoever changes what a value means makes a new version, so that a stored
//! row can always be read as what it was.

pub mod availability;
pub mod behaviour;
pub mod customer;
pub mod demand;
pub mod sales;

/// Recency, frequency and monetary value of a customer: [`customer::RfmFeatures`].
pub const RFM: &str = "rfm_v1";

/// The seed's seven customer features: [`customer::SegmentFeatures`].
pub const SEGMENT: &str = "segment_v1";

/// The seed's behavioural features: [`behaviour::Behaviour`].
pub const BEHAVIOUR: &str = "behavioral_v1";

/// The history that a forecast rests on: [`demand::SeriesFeatures`].
pub const SERIES: &str = "series_v1";

/// What a reorder suggestion rests on: [`demand::DemandFeatures`].
pub const DEMAND: &str = "demand_v1";

/// On which days a shelf was empty: [`availability::ShelfDay`].
pub const AVAILABILITY: &str = "availability_v1";

/// The seed's sales features, by their names: [`sales::SalesFeatures`].
pub const SALES: &str = "sales_v1";

/// The eight inputs of the seed's demand forecaster: [`sales::DemandInputs`].
pub const DEMAND_INPUTS: &str = "demand_inputs_v1";

/// Lags and rolling means by calendar day: [`sales::LagFeatures`].
pub const LAGS: &str = "lags_v1";
