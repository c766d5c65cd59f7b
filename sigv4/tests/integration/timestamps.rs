//! Timestamps from and to other crates' types, as features allow.

use sigv4::{Timestamp, TimestampError};

#[cfg(feature = "std")]
#[test]
fn system_time_loses_the_fraction_of_its_second_on_both_sides_of_the_epoch() {
    use std::time::{Duration, UNIX_EPOCH};

    let after = UNIX_EPOCH + Duration::from_millis(1_440_938_160_999);
    assert_eq!(Timestamp::try_from(after).unwrap().as_str(), "20150830T123600Z");
    let before = UNIX_EPOCH - Duration::from_millis(1);
    assert_eq!(Timestamp::try_from(before).unwrap().as_str(), "19691231T235959Z");
    let whole = UNIX_EPOCH - Duration::from_secs(1);
    assert_eq!(Timestamp::try_from(whole).unwrap().as_str(), "19691231T235959Z");
    let far = UNIX_EPOCH + Duration::from_secs(253_402_300_800);
    assert_eq!(Timestamp::try_from(far), Err(TimestampError::OutOfRange));
}

/// However long the test takes: the clock of the system has shown as much before, and has not gone
/// beyond it afterwards.
#[cfg(feature = "std")]
#[test]
fn now_is_what_the_clock_of_the_system_shows() {
    use std::time::SystemTime;

    let clock = || Timestamp::try_from(SystemTime::now()).unwrap();
    let (before, now, after) = (clock(), Timestamp::now(), clock());
    assert!((before..=after).contains(&now), "{before} {now} {after}");
}

#[cfg(feature = "time")]
#[test]
fn offset_date_time_goes_in_and_out_as_utc() {
    use time::{OffsetDateTime, UtcOffset};

    let moment = OffsetDateTime::from_unix_timestamp(1_440_938_160).unwrap();
    let elsewhere = moment.to_offset(UtcOffset::from_hms(5, 30, 0).unwrap());
    let timestamp = Timestamp::try_from(elsewhere).unwrap();
    assert_eq!(timestamp.as_str(), "20150830T123600Z");
    assert_eq!(OffsetDateTime::from(timestamp), moment);
    for end in [Timestamp::UNIX_SECONDS_MIN, Timestamp::UNIX_SECONDS_MAX] {
        let timestamp = Timestamp::from_unix_seconds(end).unwrap();
        assert_eq!(OffsetDateTime::from(timestamp).unix_timestamp(), end);
    }
    let outside = OffsetDateTime::from_unix_timestamp(Timestamp::UNIX_SECONDS_MIN - 1).unwrap();
    assert_eq!(Timestamp::try_from(outside), Err(TimestampError::OutOfRange));
}
