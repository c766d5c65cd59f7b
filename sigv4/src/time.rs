//! Timestamps and days in the two formats that Signature Version 4 writes; the system's
//! clock is read in one place, for those who ask for it.

use core::fmt;

/// Seconds in a day; UTC as Unix counts it has no leap seconds.
const SECONDS_PER_DAY: i64 = 86_400;

/// One second of UTC, in the years 0000 to 9999.
///
/// Holds both the Unix time and the 16 bytes `YYYYMMDDTHHMMSSZ`, formatted
/// once, so that the day in the credential scope can never differ from the
/// day of the timestamp.
///
/// ```
/// let timestamp = sigv4::Timestamp::from_unix_seconds(1_440_938_160)?;
/// assert_eq!(timestamp.as_str(), "20150830T123600Z");
/// assert_eq!(timestamp.date().as_str(), "20150830");
/// # Ok::<(), sigv4::TimestampError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    unix_seconds: i64,
    text: [u8; Self::LEN],
}

impl Timestamp {
    /// Length of the text in bytes.
    pub const LEN: usize = 16;

    /// 0000-01-01T00:00:00Z, the first second that four digits can name.
    pub const UNIX_SECONDS_MIN: i64 = -62_167_219_200;

    /// 9999-12-31T23:59:59Z, the last second that four digits can name.
    pub const UNIX_SECONDS_MAX: i64 = 253_402_300_799;

    /// What the system's clock shows, without the fraction of its second.
    ///
    /// A clock outside the years 0000 to 9999 counts as the first or last second inside. Not there
    /// in a browser (`wasm32-unknown-unknown`), where `std` has no clock: take
    /// [`from_unix_seconds`](Self::from_unix_seconds) of what JavaScript's has.
    #[cfg(all(feature = "std", not(all(target_family = "wasm", target_os = "unknown"))))]
    #[must_use]
    pub fn now() -> Self {
        Self::nearest_to(std::time::SystemTime::now())
    }

    /// A time, or the first or last that four digits can name.
    #[cfg(feature = "std")]
    pub(crate) fn nearest_to(time: std::time::SystemTime) -> Self {
        let is_past = time < std::time::UNIX_EPOCH;
        let end = if is_past { Self::UNIX_SECONDS_MIN } else { Self::UNIX_SECONDS_MAX };
        Self::try_from(time).or(Self::from_unix_seconds(end)).expect("the ends are inside")
    }

    /// The second that lies `unix_seconds` after 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    ///
    /// [`TimestampError::OutOfRange`] outside the years 0000 to 9999.
    pub const fn from_unix_seconds(unix_seconds: i64) -> Result<Self, TimestampError> {
        if unix_seconds < Self::UNIX_SECONDS_MIN || unix_seconds > Self::UNIX_SECONDS_MAX {
            return Err(TimestampError::OutOfRange);
        }
        let (year, month, day) = civil_from_days(unix_seconds.div_euclid(SECONDS_PER_DAY));
        let second = unix_seconds.rem_euclid(SECONDS_PER_DAY);
        let date = pairs_of_digits([year / 100, year % 100, month, day]);
        let time = pairs_of_digits([second / 3600, second / 60 % 60, second % 60, 0]);
        let [y1, y2, y3, y4, mo1, mo2, d1, d2] = date;
        let [h1, h2, m1, m2, s1, s2, ..] = time;
        let text = [y1, y2, y3, y4, mo1, mo2, d1, d2, b'T', h1, h2, m1, m2, s1, s2, b'Z'];
        Ok(Self { unix_seconds, text })
    }

    /// Reads the basic format `YYYYMMDDTHHMMSSZ`, strictly: 16 bytes, a date that
    /// exists, hours 00 to 23, minutes and seconds 00 to 59 (no leap second).
    ///
    /// # Errors
    ///
    /// [`TimestampError::Malformed`] for anything else.
    pub fn parse(text: &[u8]) -> Result<Self, TimestampError> {
        let Ok(text) = <&[u8; Self::LEN]>::try_from(text) else {
            return Err(TimestampError::Malformed);
        };
        let &[y1, y2, y3, y4, mo1, mo2, d1, d2, b'T', h1, h2, m1, m2, s1, s2, b'Z'] = text else {
            return Err(TimestampError::Malformed);
        };
        let date = Date([y1, y2, y3, y4, mo1, mo2, d1, d2]);
        let unix_seconds = unix_seconds(date, [h1, h2, m1, m2, s1, s2])?;
        Ok(Self { unix_seconds, text: *text })
    }

    /// Reads the extended format `YYYY-MM-DDTHH:MM:SSZ`, which some services
    /// accept in `X-Amz-Date`.
    ///
    /// # Errors
    ///
    /// [`TimestampError::Malformed`] for anything else.
    pub fn parse_extended(text: &[u8]) -> Result<Self, TimestampError> {
        let &[
            y1,
            y2,
            y3,
            y4,
            b'-',
            mo1,
            mo2,
            b'-',
            d1,
            d2,
            b'T',
            h1,
            h2,
            b':',
            m1,
            m2,
            b':',
            s1,
            s2,
            b'Z',
        ] = text
        else {
            return Err(TimestampError::Malformed);
        };
        let date = Date([y1, y2, y3, y4, mo1, mo2, d1, d2]);
        Self::from_unix_seconds(unix_seconds(date, [h1, h2, m1, m2, s1, s2])?)
    }

    /// Reads the date of an HTTP `Date` header, `Sun, 06 Nov 1994 08:49:37 GMT`
    /// (RFC 9110 §5.6.7, the one format that may be sent).
    ///
    /// # Errors
    ///
    /// [`TimestampError::Malformed`] for anything else, also for a day of the
    /// week that the date does not fall on.
    pub fn parse_http_date(text: &[u8]) -> Result<Self, TimestampError> {
        let &[
            w1,
            w2,
            w3,
            b',',
            b' ',
            d1,
            d2,
            b' ',
            mo1,
            mo2,
            mo3,
            b' ',
            y1,
            y2,
            y3,
            y4,
            b' ',
            h1,
            h2,
            b':',
            m1,
            m2,
            b':',
            s1,
            s2,
            b' ',
            b'G',
            b'M',
            b'T',
        ] = text
        else {
            return Err(TimestampError::Malformed);
        };
        let month =
            MONTH_NAMES.iter().zip(MONTH_DIGITS).find(|(name, _)| ***name == [mo1, mo2, mo3]);
        let Some((_, [n1, n2])) = month else {
            return Err(TimestampError::Malformed);
        };
        let date = Date([y1, y2, y3, y4, *n1, *n2, d1, d2]);
        // 1970-01-01 was a Thursday, the fifth name of a week that starts on Sunday.
        let weekday = (date.days_since_epoch()? + 4).rem_euclid(7);
        if !(0i64..).zip(WEEKDAY_NAMES).any(|(n, name)| n == weekday && **name == [w1, w2, w3]) {
            return Err(TimestampError::Malformed);
        }
        Self::from_unix_seconds(unix_seconds(date, [h1, h2, m1, m2, s1, s2])?)
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn unix_seconds(&self) -> i64 {
        self.unix_seconds
    }

    /// The UTC day this second lies in.
    #[must_use]
    pub const fn date(&self) -> Date {
        let [y1, y2, y3, y4, m1, m2, d1, d2, ..] = self.text;
        Date([y1, y2, y3, y4, m1, m2, d1, d2])
    }

    /// The text, `YYYYMMDDTHHMMSSZ`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        ascii(&self.text)
    }

    /// The text as bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.text
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({self})")
    }
}

/// One UTC day, in the years 0000 to 9999: the first part of a credential scope.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date([u8; Self::LEN]);

impl Date {
    /// Length of the text in bytes.
    pub const LEN: usize = 8;

    /// The first of January 1970.
    #[cfg(feature = "signer")]
    pub(crate) const EPOCH: Self = Self(*b"19700101");

    /// Reads `YYYYMMDD`, strictly: eight digits and a day that exists.
    ///
    /// # Errors
    ///
    /// [`TimestampError::Malformed`] for anything else.
    pub fn parse(text: &[u8]) -> Result<Self, TimestampError> {
        let date = Self(text.try_into().map_err(|_| TimestampError::Malformed)?);
        date.days_since_epoch()?;
        Ok(date)
    }

    /// The text, `YYYYMMDD`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        ascii(&self.0)
    }

    /// The text as bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.0
    }

    /// Fails for a day that does not exist.
    #[inline]
    fn days_since_epoch(self) -> Result<i64, TimestampError> {
        let [century, year, month, day] =
            numbers_of_pairs(self.0).ok_or(TimestampError::Malformed)?;
        let year = century * 100 + year;
        if day < 1 || day > days_in_month(year, month) {
            return Err(TimestampError::Malformed);
        }
        Ok(days_from_civil(year, month, day))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Date({self})")
    }
}

/// Why a time could not be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimestampError {
    /// The time lies outside the years 0000 to 9999.
    OutOfRange,
    /// The text is not a timestamp of the expected format, or names no real time.
    Malformed,
}

impl fmt::Display for TimestampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OutOfRange => "the time lies outside the years 0000 to 9999",
            Self::Malformed => "the text is not a timestamp, or names a time that does not exist",
        })
    }
}

impl core::error::Error for TimestampError {}

#[cfg(feature = "std")]
impl TryFrom<std::time::SystemTime> for Timestamp {
    type Error = TimestampError;

    /// Cuts off the fraction of the second, also before 1970.
    fn try_from(time: std::time::SystemTime) -> Result<Self, TimestampError> {
        let seconds = match time.duration_since(std::time::UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_secs()).ok(),
            Err(before) => {
                let before = before.duration();
                let whole = i64::try_from(before.as_secs()).ok();
                whole.map(|seconds| -seconds - i64::from(before.subsec_nanos() > 0))
            }
        };
        Self::from_unix_seconds(seconds.ok_or(TimestampError::OutOfRange)?)
    }
}

#[cfg(feature = "time")]
impl TryFrom<time::OffsetDateTime> for Timestamp {
    type Error = TimestampError;

    /// Converts to UTC and cuts off the fraction of the second.
    fn try_from(time: time::OffsetDateTime) -> Result<Self, TimestampError> {
        Self::from_unix_seconds(time.unix_timestamp())
    }
}

#[cfg(feature = "time")]
impl From<Timestamp> for time::OffsetDateTime {
    fn from(timestamp: Timestamp) -> Self {
        // The years 0000 to 9999 are inside the range of `OffsetDateTime`.
        Self::from_unix_timestamp(timestamp.unix_seconds).unwrap_or(Self::UNIX_EPOCH)
    }
}

const MONTH_NAMES: &[&[u8; 3]] = &[
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];
const MONTH_DIGITS: &[[u8; 2]] = &[
    *b"01", *b"02", *b"03", *b"04", *b"05", *b"06", *b"07", *b"08", *b"09", *b"10", *b"11", *b"12",
];
const WEEKDAY_NAMES: &[&[u8; 3]] = &[b"Sun", b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat"];

/// Days since 1970-01-01 of a date in the proleptic Gregorian calendar.
///
/// Counts in years that begin in March, so that the leap day comes last: the
/// days before a month are then a linear function of its number.
const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    // One era on, so that nothing is negative: dividing by a constant is then
    // one multiplication.
    let (year, month_from_march) =
        if month <= 2 { (year + 399, month + 9) } else { (year + 400, month - 3) };
    let (year, month_from_march) = (year.cast_unsigned(), month_from_march.cast_unsigned());
    let leap_days = year / 4 - year / 100 + year / 400;
    let days_before_month = (153 * month_from_march + 2) / 5;
    (year * 365 + leap_days + days_before_month).cast_signed() + day
        - 1
        - DAYS_PER_ERA
        - DAYS_FROM_MARCH_0000_TO_EPOCH
}

/// The inverse of [`days_from_civil`].
const fn civil_from_days(days: i64) -> (i64, i64, i64) {
    // One era on, so that nothing is negative from the year 0000 on: dividing
    // by a constant is then one multiplication.
    let days = (days + DAYS_FROM_MARCH_0000_TO_EPOCH + DAYS_PER_ERA).cast_unsigned();
    let era = days / DAYS_PER_ERA.cast_unsigned();
    let day_of_era = days % DAYS_PER_ERA.cast_unsigned();
    // 1,460, 36,524 and 146,096 are the last days of 4, 100 and 400 years.
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = (era * 400 + year_of_era).cast_signed() - 400;
    let (month, day) = (month.cast_signed(), day.cast_signed());
    (if month <= 2 { year + 1 } else { year }, month, day)
}

/// Days in 400 Gregorian years.
const DAYS_PER_ERA: i64 = 146_097;
const DAYS_FROM_MARCH_0000_TO_EPOCH: i64 = 719_468;

/// Four numbers below 100 as two decimal digits each.
///
/// Works on all of them at once, each in a lane of 16 bits, and never stores a
/// single digit, which whoever copies the text would have to wait for.
const fn pairs_of_digits(numbers: [i64; 4]) -> [u8; 8] {
    const LANES: i64 = 0x0001_0001_0001_0001;
    let [a, b, c, d] = numbers;
    let lanes = a | (b << 16) | (c << 32) | (d << 48);
    // A tenth of each: 103 / 1024 is near enough below 100, and the product
    // stays within its lane.
    let tens = ((lanes * 103) >> 10) & (LANES * 0xf);
    let ones = lanes - tens * 10;
    (tens | (ones << 8) | (LANES * 0x3030)).to_le_bytes()
}

/// When the time of a day is that is written as six digits.
#[inline]
fn unix_seconds(date: Date, time: [u8; 6]) -> Result<i64, TimestampError> {
    let [h1, h2, m1, m2, s1, s2] = time;
    match numbers_of_pairs([h1, h2, m1, m2, s1, s2, b'0', b'0']) {
        Some([hour @ 0..24, minute @ 0..60, second @ 0..60, _]) => {
            let second_of_day = hour * 3600 + minute * 60 + second;
            Ok(date.days_since_epoch()? * SECONDS_PER_DAY + second_of_day)
        }
        _ => Err(TimestampError::Malformed),
    }
}

/// The four numbers that two decimal digits each write, all read at once.
#[inline]
fn numbers_of_pairs(digits: [u8; 8]) -> Option<[i64; 4]> {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    let digits = u64::from_le_bytes(digits);
    // A digit is 0x30 to 0x39: its high half is 3, and still is with 6 added.
    let has_threes = |bytes: u64| bytes & (ONES * 0xf0) == ONES * 0x30;
    if !has_threes(digits) || !has_threes(digits.wrapping_add(ONES * 6)) {
        return None;
    }
    let digits = digits & (ONES * 0x0f);
    // The tens stand in the lower byte of each pair.
    let [a, _, b, _, c, _, d, _] = (digits * 10 + (digits >> 8)).to_le_bytes();
    Some([a, b, c, d].map(i64::from))
}

/// How many days a month has; none if there is no such month.
#[inline]
const fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 0,
    }
}

fn ascii(text: &[u8]) -> &str {
    // Only digits, `T` and `Z` are ever stored.
    core::str::from_utf8(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calendar_round_trips_every_day_of_ten_thousand_years() {
        let first = Timestamp::UNIX_SECONDS_MIN / SECONDS_PER_DAY;
        let mut previous = None;
        for days in first..=Timestamp::UNIX_SECONDS_MAX / SECONDS_PER_DAY {
            let (year, month, day) = civil_from_days(days);
            assert_eq!(days_from_civil(year, month, day), days);
            assert!(Some((year, month, day)) > previous, "days are in order");
            previous = Some((year, month, day));
        }
        assert_eq!(previous, Some((9999, 12, 31)));
        assert_eq!(civil_from_days(first), (0, 1, 1));
    }

    #[test]
    fn the_text_shows_the_numbers_of_every_part() {
        // A prime number of seconds, so that all of them change.
        let step = usize::try_from(7_919_993).unwrap();
        let mut previous = std::string::String::new();
        for seconds in (Timestamp::UNIX_SECONDS_MIN..Timestamp::UNIX_SECONDS_MAX).step_by(step) {
            let (year, month, day) = civil_from_days(seconds.div_euclid(SECONDS_PER_DAY));
            let second = seconds.rem_euclid(SECONDS_PER_DAY);
            let [hour, minute, second] = [second / 3600, second / 60 % 60, second % 60];
            let text = std::format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z");
            assert_eq!(Timestamp::from_unix_seconds(seconds).unwrap().as_str(), text);
            assert!(text > previous);
            previous = text;
        }
    }

    #[test]
    fn a_date_is_read_if_its_day_exists() {
        for year in [0, 1, 4, 100, 400, 1900, 1999, 2000, 2015, 2016, 2100, 9996, 9999] {
            for (month, day) in (0..100).flat_map(|month| (0..100).map(move |day| (month, day))) {
                let read = Date::parse(std::format!("{year:04}{month:02}{day:02}").as_bytes());
                let exists = (1..=12).contains(&month)
                    && civil_from_days(days_from_civil(year, month, day)) == (year, month, day);
                assert_eq!(read.is_ok(), exists, "{year}-{month}-{day}");
            }
        }
    }

    #[test]
    fn the_ends_of_the_range_are_accepted_and_their_neighbours_refused() {
        let first = Timestamp::from_unix_seconds(Timestamp::UNIX_SECONDS_MIN);
        assert_eq!(first.unwrap().as_str(), "00000101T000000Z");
        let last = Timestamp::from_unix_seconds(Timestamp::UNIX_SECONDS_MAX);
        assert_eq!(last.unwrap().as_str(), "99991231T235959Z");
        for outside in
            [Timestamp::UNIX_SECONDS_MIN - 1, Timestamp::UNIX_SECONDS_MAX + 1, i64::MIN, i64::MAX]
        {
            assert_eq!(Timestamp::from_unix_seconds(outside), Err(TimestampError::OutOfRange));
        }
    }

    #[cfg(feature = "std")]
    #[test]
    fn a_clock_outside_shows_the_first_or_last_second_inside() {
        use std::time::{Duration, SystemTime, UNIX_EPOCH};

        let after = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        let before = |seconds| UNIX_EPOCH - Duration::from_secs(seconds);
        let far = Duration::from_secs(1 << 60);
        let cases: [(SystemTime, &str); 9] = [
            (UNIX_EPOCH, "19700101T000000Z"),
            (after(1_440_938_160), "20150830T123600Z"),
            (before(1), "19691231T235959Z"),
            (after(253_402_300_799), "99991231T235959Z"),
            (after(253_402_300_800), "99991231T235959Z"),
            (UNIX_EPOCH + far, "99991231T235959Z"),
            (before(62_167_219_200), "00000101T000000Z"),
            (before(62_167_219_201), "00000101T000000Z"),
            (UNIX_EPOCH - far, "00000101T000000Z"),
        ];
        for (time, expected) in cases {
            assert_eq!(Timestamp::nearest_to(time).as_str(), expected);
        }
    }

    #[test]
    fn parsing_is_strict() {
        let parsed = Timestamp::parse(b"20240229T235959Z").unwrap();
        assert_eq!(parsed.unix_seconds(), 1_709_251_199);
        let refused: &[&[u8]] = &[
            b"",
            b"20230229T000000Z",
            b"20150830T123660Z",
            b"20150830T240000Z",
            b"20150830T126000Z",
            b"20151330T000000Z",
            b"20150800T000000Z",
            b"20150830T123600z",
            b"20150830 123600Z",
            b"2015083OT123600Z",
            b"20150830T123600Z ",
            b"+0150830T123600Z",
            b"2015-08-30T12:36:00Z",
        ];
        for text in refused {
            assert_eq!(Timestamp::parse(text), Err(TimestampError::Malformed), "{text:?}");
        }
    }

    #[test]
    fn the_other_formats_name_the_same_second() {
        let basic = Timestamp::parse(b"19941106T084937Z");
        assert_eq!(Timestamp::parse_extended(b"1994-11-06T08:49:37Z"), basic);
        assert_eq!(Timestamp::parse_http_date(b"Sun, 06 Nov 1994 08:49:37 GMT"), basic);
        assert!(Timestamp::parse_http_date(b"Mon, 06 Nov 1994 08:49:37 GMT").is_err());
        assert!(Timestamp::parse_http_date(b"Sun, 06 Nov 1994 08:49:37 UTC").is_err());
        assert!(Timestamp::parse_extended(b"1994-02-30T08:49:37Z").is_err());
    }
}
