//! When credentials of the environment expire.

use crate::time::Timestamp;

/// Reads a time of RFC 3339, `2015-08-30T13:36:00Z` or with an offset such as
/// `+00:00`; the fraction of a second is cut off.
///
/// The crate `time` would do it and bring five crates along; this is two more
/// than [`Timestamp::parse_extended`] knows, a fraction and an offset.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let (local, rest) = text.split_at_checked(LOCAL_LEN)?;
    let rest = match rest.strip_prefix('.') {
        Some(fraction) => {
            let behind = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            (behind.len() < fraction.len()).then_some(behind)?
        }
        None => rest,
    };
    let offset = match rest {
        "Z" => 0,
        _ => offset_seconds(rest)?,
    };
    let mut utc = [b'Z'; LOCAL_LEN + 1];
    utc[..LOCAL_LEN].copy_from_slice(local.as_bytes());
    let local = Timestamp::parse_extended(&utc).ok()?;
    Timestamp::from_unix_seconds(local.unix_seconds() - offset).ok()
}

/// `+hh:mm` or `-hh:mm`, east of Greenwich.
fn offset_seconds(text: &str) -> Option<i64> {
    let &[sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] = text.as_bytes() else {
        return None;
    };
    let number = |tens: u8, ones: u8| {
        let digits = tens.is_ascii_digit() && ones.is_ascii_digit();
        digits.then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
    };
    let (hours, minutes) = (number(h1, h2)?, number(m1, m2)?);
    if hours > 23 || minutes > 59 {
        return None;
    }
    let seconds = hours * 3_600 + minutes * 60;
    Some(if sign == b'-' { -seconds } else { seconds })
}

/// `YYYY-MM-DDTHH:MM:SS`.
const LOCAL_LEN: usize = 19;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_rfc_3339() {
        let noon = Timestamp::parse(b"20150830T120000Z").unwrap();
        for text in [
            "2015-08-30T12:00:00Z",
            "2015-08-30T12:00:00.5Z",
            "2015-08-30T12:00:00+00:00",
            "2015-08-30T14:00:00.000001+02:00",
            "2015-08-29T23:30:00-12:30",
        ] {
            assert_eq!(parse(text), Some(noon), "{text}");
        }
        for text in [
            "",
            "2015-08-30",
            "2015-08-30T12:00:00",
            "2015-08-30T12:00:00z",
            "2015-08-30T12:00:00.Z",
            "2015-08-30T12:00:00ZZ",
            "2015-08-30T12:00:00+0000",
            "2015-08-30T12:00:00+24:00",
            "2015-08-30T12:00:00+00:60",
            "2015-08-30T12:00:00+0\u{660}:0",
            "2015-02-30T12:00:00Z",
            "2015-08-30T12:00:0\u{e9}Z",
            "0000-01-01T00:00:00+00:01",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
