//! What a request would do.

use serde::{Deserialize, Serialize};

use crate::Refusal;
use domain::{CustomerId, Golden, Shown};

/// The effect of a request that was not carried out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PreviewView {
    /// One line: `merge 1+2 into C17; C902 is not a match`.
    pub effect: String,
    /// The golden values of the first surviving customer afterwards.
    pub customer: Option<CustomerId>,
    /// See `customer`.
    pub golden: Golden<Shown>,
    /// Why it would be refused, if so.
    pub refusal: Option<Refusal>,
}
