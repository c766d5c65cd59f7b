//! What to change, for each reason to refuse a request.

use crate::error::RequestError;
use crate::verify::VerifyError;

impl VerifyError {
    /// One sentence that tells the developer of the client what to change.
    #[must_use]
    pub const fn advice(&self) -> &'static str {
        match self {
            Self::Request(error) => error.advice(),
            Self::UnnormalizedPath => UNNORMALIZED_PATH,
            Self::NoSignature => NO_SIGNATURE,
            Self::BothForms => BOTH_FORMS,
            Self::UnsupportedAlgorithm => ALGORITHM,
            Self::MalformedAuthorization | Self::UnknownAuthorizationPart => AUTHORIZATION,
            Self::Duplicate { .. } => DUPLICATE,
            Self::Missing { .. } => MISSING,
            Self::MalformedCredential => CREDENTIAL,
            Self::MalformedDate => DATE,
            Self::Expired { .. } => EXPIRED,
            Self::NotYetValid { .. } => NOT_YET_VALID,
            Self::InvalidExpires => EXPIRES,
            Self::WrongRegion => REGION,
            Self::WrongService => SERVICE,
            Self::WrongTerminator => TERMINATOR,
            Self::ScopeDateMismatch => SCOPE_DATE,
            Self::InvalidScope => SCOPE,
            Self::MalformedRegionSet => REGION_SET,
            Self::RegionSetNotSigned => REGION_SET_NOT_SIGNED,
            Self::RegionNotInSet => REGION_NOT_IN_SET,
            Self::MalformedSignedHeaders => SIGNED_HEADERS,
            Self::HostNotSigned => HOST_NOT_SIGNED,
            Self::DateNotSigned => DATE_NOT_SIGNED,
            Self::SignedHeaderAbsent => SIGNED_HEADER_ABSENT,
            Self::UnsignedAmzHeader => UNSIGNED_AMZ_HEADER,
            Self::MissingSessionToken => MISSING_SESSION_TOKEN,
            Self::UnexpectedSessionToken => UNEXPECTED_SESSION_TOKEN,
            Self::SessionTokenMismatch => OTHER_SESSION_TOKEN,
            Self::MalformedContentSha256 => CONTENT_SHA256,
            Self::PayloadNotCovered => PAYLOAD_NOT_COVERED,
            Self::PayloadMismatch => PAYLOAD,
            Self::MalformedSignature => SIGNATURE,
            Self::KeyScopeMismatch => KEY_SCOPE,
            Self::SignatureMismatch => SIGNATURE_MISMATCH,
        }
    }
}

impl RequestError {
    const fn advice(self) -> &'static str {
        match self {
            Self::InvalidMethod => METHOD,
            Self::InvalidTarget { .. } | Self::TargetNotOriginForm => TARGET,
            Self::MalformedEscape { .. } => ESCAPE,
            Self::AmbiguousPlus { .. } => PLUS,
            Self::TooManyPathSegments | Self::TooManyParameters | Self::TooManyHeaders => TOO_MANY,
            Self::InvalidHeaderName { .. } => HEADER_NAME,
            Self::InvalidHeaderValue { .. } => HEADER_VALUE,
            Self::MissingHost | Self::DuplicateHost => HOST,
        }
    }
}

const UNNORMALIZED_PATH: &str = "Send the path without `.`, `..` and empty segments: they are not signed, so that the service could serve another path than the signed one.";
const NO_SIGNATURE: &str = "Sign the request; if it was signed, look for what removes its Authorization header or its query on the way.";
const BOTH_FORMS: &str = "Send either an Authorization header or a presigned URL, not both.";
const ALGORITHM: &str =
    "Begin the Authorization header, or X-Amz-Algorithm, with AWS4-HMAC-SHA256.";
const AUTHORIZATION: &str =
    "Write `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…` and no other parts.";
const DUPLICATE: &str = "Send each part of the signature once; remove those of an earlier signing before signing again.";
const MISSING: &str = "Send all parts of the signature, and let nothing remove them on the way.";
const CREDENTIAL: &str = "Write the credential as `id/YYYYMMDD/region/service/aws4_request`, its slashes as %2F in a query, and look for line breaks and other strays in the id.";
const DATE: &str = "Write X-Amz-Date as YYYYMMDDTHHMMSSZ, in UTC.";
const EXPIRED: &str = "Sign shortly before sending, with a clock that is right and in UTC, and sign anew for each retry.";
const NOT_YET_VALID: &str = "Set the client's clock: it is ahead, or its time is not in UTC.";
const EXPIRES: &str = "Write X-Amz-Expires as a number of seconds from 1 to 604800.";
const REGION: &str = "Configure the client with the region of the service it calls.";
const SERVICE: &str =
    "Sign for the signing name of the service, which need not be the one in its host.";
const TERMINATOR: &str = "End the scope with aws4_request.";
const SCOPE_DATE: &str = "Begin the scope with the day of X-Amz-Date, in UTC: read the clock once, and derive the key anew each day.";
const SCOPE: &str =
    "Write region and service as the service names them, without slashes, commas and spaces.";
const REGION_SET: &str =
    "Write X-Amz-Region-Set as names of regions with commas between them, and no spaces.";
const REGION_SET_NOT_SIGNED: &str = "Sign the header x-amz-region-set.";
const REGION_NOT_IN_SET: &str = "Add the region of the service to the region set, or sign for `*`.";
const SIGNED_HEADERS: &str =
    "List the names of the signed headers in lower case, sorted, each once, with `;` between them.";
const HOST_NOT_SIGNED: &str = "Sign the Host header, or :authority in HTTP/2, as `host`.";
const DATE_NOT_SIGNED: &str = "Sign the header with the date.";
const SIGNED_HEADER_ABSENT: &str =
    "Send every header that was signed; leave those out of the signature that proxies remove.";
const UNSIGNED_AMZ_HEADER: &str =
    "Sign every header whose name begins with x-amz-, and add them before signing.";
const MISSING_SESSION_TOKEN: &str =
    "Send the session token that belongs to the temporary access key, as X-Amz-Security-Token.";
const UNEXPECTED_SESSION_TOKEN: &str =
    "Send no session token with a permanent access key; look for a stale AWS_SESSION_TOKEN.";
const OTHER_SESSION_TOKEN: &str =
    "Take id, secret and session token from the same set of temporary credentials.";
const CONTENT_SHA256: &str = "Write x-amz-content-sha256 as 64 lower-case hexadecimal digits, or as one of the known literals.";
const PAYLOAD_NOT_COVERED: &str =
    "Sign the hash of the body: this service does not accept a literal in its place.";
const PAYLOAD: &str = "Hash the very bytes that are sent, after everything that changes the body.";
const SIGNATURE: &str = "Write the signature as 64 lower-case hexadecimal digits.";
const KEY_SCOPE: &str = "Derive the verifying key for the scope that the request presents.";
const SIGNATURE_MISMATCH: &str =
    "Sign what is sent, with the secret access key that belongs to the id.";

const METHOD: &str = "Send a method that is an HTTP token, as GET or PUT.";
const TARGET: &str =
    "Send a path and a query as the target, without control characters and without a fragment.";
const ESCAPE: &str = "Write two hexadecimal digits behind every `%`, and %25 for a percent sign.";
const PLUS: &str = "Write %20 for a space and %2B for a plus sign.";
const TOO_MANY: &str = "Send fewer headers, parameters or segments of the path.";
const HEADER_NAME: &str = "Send headers whose names are HTTP tokens.";
const HEADER_VALUE: &str = "Send each header in one line, without zero bytes.";
const HOST: &str = "Send one Host header, or :authority in HTTP/2.";
