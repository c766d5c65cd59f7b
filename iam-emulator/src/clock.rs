//! The time the emulator lives in: the system's by default, a test's on request.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use time::OffsetDateTime;

/// The clock that an emulator reads, which a test may advance, set and freeze.
///
/// It starts as the system clock. Clones share one time: advancing any of them
/// advances all. Nothing else in this crate reads the system's time.
///
/// ```
/// use std::time::Duration;
/// use iam_emulator::Clock;
///
/// let clock = Clock::new();
/// clock.freeze();
/// let before = clock.now();
/// clock.advance(Duration::from_secs(16 * 60));
/// assert_eq!(clock.now() - before, Duration::from_secs(16 * 60));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Clock {
    reading: Arc<Mutex<Reading>>,
}

impl Clock {
    /// A clock that runs with the system's.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A clock that stands still at `now` until it is advanced, set or resumed.
    #[must_use]
    pub fn frozen_at(now: OffsetDateTime) -> Self {
        Self { reading: Arc::new(Mutex::new(Reading::Frozen(now))) }
    }

    /// The present time of this clock.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        self.reading().now()
    }

    /// Moves the clock forward; one that runs goes on running from there.
    ///
    /// It stops at the end of the calendar (the year 9999) rather than fail.
    pub fn advance(&self, by: Duration) {
        let by = time::Duration::try_from(by).unwrap_or(time::Duration::MAX);
        let mut reading = self.reading();
        *reading = match *reading {
            Reading::Running { offset } => Reading::Running { offset: offset.saturating_add(by) },
            Reading::Frozen(now) => Reading::Frozen(now.saturating_add(by)),
        };
    }

    /// Sets the clock, forward or back; one that runs goes on running from there.
    pub fn set(&self, now: OffsetDateTime) {
        let mut reading = self.reading();
        *reading = match *reading {
            Reading::Running { .. } => Reading::running_from(now),
            Reading::Frozen(_) => Reading::Frozen(now),
        };
    }

    /// Stops the clock where it is.
    pub fn freeze(&self) {
        let mut reading = self.reading();
        *reading = Reading::Frozen(reading.now());
    }

    /// Lets a frozen clock run again from where it stands.
    pub fn resume(&self) {
        let mut reading = self.reading();
        *reading = Reading::running_from(reading.now());
    }

    /// Every change is one assignment, so a poisoned lock still holds a whole reading.
    fn reading(&self) -> MutexGuard<'_, Reading> {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Clone, Copy, Debug)]
enum Reading {
    Running { offset: time::Duration },
    Frozen(OffsetDateTime),
}

impl Reading {
    fn running_from(now: OffsetDateTime) -> Self {
        Self::Running { offset: now - system_now() }
    }

    fn now(self) -> OffsetDateTime {
        match self {
            Self::Running { offset } => system_now().saturating_add(offset),
            Self::Frozen(now) => now,
        }
    }
}

impl Default for Reading {
    fn default() -> Self {
        Self::Running { offset: time::Duration::ZERO }
    }
}

fn system_now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOON: OffsetDateTime = datetime!(2026-11-21 12:00 UTC);

    #[test]
    fn a_frozen_clock_moves_only_when_told() {
        let clock = Clock::frozen_at(NOON);
        assert_eq!(clock.now(), NOON);
        clock.advance(Duration::from_secs(90));
        assert_eq!(clock.now(), datetime!(2026-11-21 12:01:30 UTC));
        clock.set(datetime!(2020-01-01 0:00 UTC));
        assert_eq!(clock.now(), datetime!(2020-01-01 0:00 UTC));
    }

    #[test]
    fn a_running_clock_keeps_its_offset_to_the_system() {
        let clock = Clock::new();
        let before = system_now();
        clock.advance(Duration::from_secs(3600));
        let now = clock.now();
        let after = system_now();
        assert!(
            before + Duration::from_secs(3600) <= now && now <= after + Duration::from_secs(3600)
        );
    }

    #[test]
    fn setting_a_running_clock_leaves_it_running() {
        let clock = Clock::new();
        let before = system_now();
        clock.set(NOON);
        let now = clock.now();
        assert!(now >= NOON && now - NOON <= system_now() - before);
    }

    #[test]
    fn freezing_and_resuming_lose_no_time() {
        let clock = Clock::frozen_at(NOON);
        let before = system_now();
        clock.resume();
        clock.freeze();
        let frozen = clock.now();
        assert!(frozen >= NOON && frozen - NOON <= system_now() - before);
        assert_eq!(clock.now(), frozen);
    }

    #[test]
    fn clones_share_one_time() {
        let clock = Clock::frozen_at(NOON);
        clock.clone().advance(Duration::from_secs(1));
        assert_eq!(clock.now(), NOON + Duration::from_secs(1));
    }

    #[test]
    fn the_calendar_ends_without_a_panic() {
        let clock = Clock::frozen_at(NOON);
        clock.advance(Duration::MAX);
        assert_eq!(clock.now().year(), 9999);
        let clock = Clock::new();
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert_eq!(clock.now().year(), 9999);
    }
}
