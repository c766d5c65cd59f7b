//! How much a request and a key may hold; the limits of a satellite stand in its room.

/// Most headers a request may hold, those that are not signed included.
///
/// What signing adds counts when the request is verified, so that a signer had
/// better stay four below.
pub const HEADERS_MAX: usize = 1_024;

/// Most query parameters a request may hold.
///
/// What presigning adds counts when the request is verified, so that a signer
/// had better stay eight below.
pub const QUERY_PARAMETERS_MAX: usize = 1_024;

/// Most segments that a path may keep when it has to be normalised, that is,
/// when it holds a `.`, `..` or empty segment.
pub const PATH_SEGMENTS_MAX: usize = 1_024;

/// Longest access key id in bytes, IAM's own limit.
pub(crate) const ACCESS_KEY_ID_LEN_MAX: usize = 128;

/// Longest region name in bytes. The longest of AWS has 14.
pub(crate) const REGION_LEN_MAX: usize = 64;

/// Longest service name in bytes.
pub(crate) const SERVICE_LEN_MAX: usize = 64;
