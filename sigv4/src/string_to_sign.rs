//! The string to sign: four lines, of which the last names the request.

use crate::encode;
use crate::scope::CredentialScope;
use crate::sink::Sink;
use crate::time::Timestamp;

/// The only algorithm of Signature Version 4 with a shared secret.
pub const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// The first three lines.
#[inline]
pub(crate) fn write_head(sink: &mut impl Sink, timestamp: Timestamp, scope: &CredentialScope) {
    sink.write(ALGORITHM.as_bytes());
    sink.write(b"\n");
    sink.write(timestamp.as_bytes());
    sink.write(b"\n");
    scope.write_to(sink, b"/");
    sink.write(b"\n");
}

/// All four lines.
pub(crate) fn write(
    sink: &mut impl Sink,
    timestamp: Timestamp,
    scope: &CredentialScope,
    canonical_request: &[u8; 32],
) {
    write_head(sink, timestamp, scope);
    sink.write(&encode::hex(canonical_request));
}
