//! How long a presigned request is good for, in seconds; whether it still is, `verify`
//! decides.

use core::fmt;
use core::time::Duration;

use crate::time::Timestamp;

/// How long a presigned request is good for: 1 second to 7 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Expires(u32);

impl Expires {
    /// One second.
    pub const MIN: Self = Self(1);

    /// 604,800 seconds, seven days, the limit of S3.
    pub const MAX: Self = Self(604_800);

    /// A whole number of seconds, 1 to 604,800.
    ///
    /// # Errors
    ///
    /// [`ExpiresError`] outside this range.
    pub const fn from_seconds(seconds: u32) -> Result<Self, ExpiresError> {
        if seconds < Self::MIN.0 || seconds > Self::MAX.0 {
            return Err(ExpiresError { seconds });
        }
        Ok(Self(seconds))
    }

    /// The number of seconds.
    #[must_use]
    pub const fn seconds(self) -> u32 {
        self.0
    }

    /// The last second at which what begins then is good. Past the year 9999 the
    /// last that can be written is near enough.
    pub(crate) fn end(self, begin: Timestamp) -> Timestamp {
        let end = begin.unix_seconds() + i64::from(self.0);
        Timestamp::from_unix_seconds(end.min(Timestamp::UNIX_SECONDS_MAX)).unwrap_or(begin)
    }
}

impl TryFrom<Duration> for Expires {
    type Error = ExpiresError;

    /// Cuts off the fraction of the second.
    fn try_from(duration: Duration) -> Result<Self, ExpiresError> {
        Self::from_seconds(u32::try_from(duration.as_secs()).unwrap_or(u32::MAX))
    }
}

/// The expiry lies outside 1 to 604,800 seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpiresError {
    /// What was asked for, in seconds; `u32::MAX` for anything above.
    pub seconds: u32,
}

impl fmt::Display for ExpiresError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (min, max) = (Expires::MIN.0, Expires::MAX.0);
        write!(f, "an expiry of {} seconds lies outside {min} to {max}", self.seconds)
    }
}

impl core::error::Error for ExpiresError {}
