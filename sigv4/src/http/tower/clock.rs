//! What time it is.

use std::sync::Arc;
use std::time::SystemTime;

use crate::time::{Timestamp, TimestampError};

/// The system's clock, or one that the caller provides.
#[derive(Clone, Default)]
pub(crate) struct Clock(Option<Arc<dyn Fn() -> Timestamp + Send + Sync>>);

impl Clock {
    pub(crate) fn new(clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(clock)))
    }

    pub(crate) fn now(&self) -> Result<Timestamp, TimestampError> {
        match &self.0 {
            Some(clock) => Ok(clock()),
            None => SystemTime::now().try_into(),
        }
    }
}
