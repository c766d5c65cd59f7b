//! What happened to one request: what the log tells, and what is kept of it.

use std::{borrow::Cow, net::IpAddr};

use time::OffsetDateTime;
use uuid::Uuid;

use crate::error::ApiError;

/// The most bytes of an action's name that are kept, should a client send a longer one.
const ACTION_BYTES_MAX: usize = 128;

/// What happened to one request. It holds no secret, no token and no signature.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Record {
    /// The id in the answer.
    pub request_id: Uuid,
    /// When it had come.
    pub time: OffsetDateTime,
    /// Where it came from.
    pub source: IpAddr,
    /// Whether it came over TLS.
    pub is_tls: bool,
    /// The service that answered, `iam` or `sts`; none if no service was reached.
    pub service: Option<&'static str>,
    /// The operation, as the request names it; of a name that no operation has, the first 128 bytes.
    pub action: Option<Cow<'static, str>>,
    /// Whether AWS has the operation and the emulator has not.
    pub is_missing: bool,
    /// Whether the operation changes nothing; unknown for one that does not exist.
    pub read_only: Option<bool>,
    /// The access key that the request names, whether it signed or not.
    pub access_key_id: Option<String>,
    /// The ARN of who signed; none unless the signature holds.
    pub caller_arn: Option<String>,
    /// The status code of the answer.
    pub status: u16,
    /// Why it was refused, as the client was told.
    pub error: Option<ApiError>,
}

/// An action's name, cut to what is kept.
pub(crate) fn kept_action(action: &str) -> Cow<'static, str> {
    let end =
        (0..=ACTION_BYTES_MAX.min(action.len())).rev().find(|&end| action.is_char_boundary(end));
    Cow::Owned(action[..end.unwrap_or_default()].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_between_characters() {
        assert_eq!(kept_action("GetUser"), "GetUser");
        assert_eq!(kept_action(&"a".repeat(1_000)).len(), 128);
        let cut = kept_action(&"\u{e9}".repeat(1_000));
        assert_eq!(cut.len(), 128);
        assert_eq!(kept_action(&format!("a{}", "\u{e9}".repeat(1_000))).len(), 127);
    }
}
