//! What to change, for each reason to refuse a request.

use crate::verify::VerifyError;

impl VerifyError {
    /// One sentence that tells the developer of the client what to change.
    #[must_use]
    pub const fn advice(&self) -> &'static str {
        match self {
            Self::MissingSessionToken
            | Self::UnexpectedSessionToken
            | Self::SessionTokenMismatch
            | Self::KeyScopeMismatch
            | Self::SignatureMismatch => self.advice_on_key(),
            Self::Expired { .. }
            | Self::NotYetValid { .. }
            | Self::InvalidExpires
            | Self::MalformedDate
            | Self::ScopeDateMismatch
            | Self::WrongRegion
            | Self::WrongService
            | Self::WrongTerminator
            | Self::MalformedRegionSet
            | Self::RegionSetNotSigned
            | Self::RegionNotInSet
            | Self::InvalidScope => self.advice_on_scope(),
            Self::MalformedSignedHeaders
            | Self::HostNotSigned
            | Self::DateNotSigned
            | Self::SignedHeaderAbsent
            | Self::UnsignedAmzHeader
            | Self::MalformedContentSha256
            | Self::PayloadNotCovered
            | Self::PayloadMismatch => self.advice_on_content(),
            _ => self.advice_on_syntax(),
        }
    }

    const fn advice_on_syntax(&self) -> &'static str {
        match self {
            Self::NoSignature => {
                "Sign the request; if it was signed, look for what removes its Authorization header or its query on the way."
            }
            Self::BothForms => "Send either an Authorization header or a presigned URL, not both.",
            Self::UnsupportedAlgorithm => {
                "Begin the Authorization header, or X-Amz-Algorithm, with AWS4-HMAC-SHA256."
            }
            Self::MalformedAuthorization | Self::UnknownAuthorizationPart => {
                "Write `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…` and no other parts."
            }
            Self::Duplicate { .. } => {
                "Send each part of the signature once; remove those of an earlier signing before signing again."
            }
            Self::Missing { .. } => {
                "Send all parts of the signature, and let nothing remove them on the way."
            }
            Self::MalformedCredential => {
                "Write the credential as `id/YYYYMMDD/region/service/aws4_request`, its slashes as %2F in a query, and look for line breaks and other strays in the id."
            }
            Self::MalformedSignature => "Write the signature as 64 lower-case hexadecimal digits.",
            _ => {
                "Send a request that is well-formed: see the HTTP specification for methods, targets and headers."
            }
        }
    }

    const fn advice_on_scope(&self) -> &'static str {
        match self {
            Self::Expired { .. } => {
                "Sign shortly before sending, with a clock that is right and in UTC, and sign anew for each retry."
            }
            Self::NotYetValid { .. } => {
                "Set the client's clock: it is ahead, or its time is not in UTC."
            }
            Self::InvalidExpires => "Write X-Amz-Expires as a number of seconds from 1 to 604800.",
            Self::MalformedDate => "Write X-Amz-Date as YYYYMMDDTHHMMSSZ, in UTC.",
            Self::ScopeDateMismatch => {
                "Begin the scope with the day of X-Amz-Date, in UTC: read the clock once, and derive the key anew each day."
            }
            Self::WrongRegion => "Configure the client with the region of the service it calls.",
            Self::WrongService => {
                "Sign for the signing name of the service, which need not be the one in its host."
            }
            Self::WrongTerminator => "End the scope with aws4_request.",
            Self::MalformedRegionSet => {
                "Write X-Amz-Region-Set as names of regions with commas between them, and no spaces."
            }
            Self::RegionSetNotSigned => "Sign the header x-amz-region-set.",
            Self::RegionNotInSet => {
                "Add the region of the service to the region set, or sign for `*`."
            }
            _ => {
                "Write region and service as the service names them, without slashes, commas and spaces."
            }
        }
    }

    const fn advice_on_content(&self) -> &'static str {
        match self {
            Self::MalformedSignedHeaders => {
                "List the names of the signed headers in lower case, sorted, each once, with `;` between them."
            }
            Self::HostNotSigned => "Sign the Host header, or :authority in HTTP/2, as `host`.",
            Self::DateNotSigned => "Sign the header with the date.",
            Self::SignedHeaderAbsent => {
                "Send every header that was signed; leave those out of the signature that proxies remove."
            }
            Self::UnsignedAmzHeader => {
                "Sign every header whose name begins with x-amz-, and add them before signing."
            }
            Self::MalformedContentSha256 => {
                "Write x-amz-content-sha256 as 64 lower-case hexadecimal digits, or as one of the known literals."
            }
            Self::PayloadNotCovered => {
                "Sign the hash of the body: this service does not accept a literal in its place."
            }
            _ => "Hash the very bytes that are sent, after everything that changes the body.",
        }
    }

    const fn advice_on_key(&self) -> &'static str {
        match self {
            Self::MissingSessionToken => {
                "Send the session token that belongs to the temporary access key, as X-Amz-Security-Token."
            }
            Self::UnexpectedSessionToken => {
                "Send no session token with a permanent access key; look for a stale AWS_SESSION_TOKEN."
            }
            Self::SessionTokenMismatch => {
                "Take id, secret and session token from the same set of temporary credentials."
            }
            Self::KeyScopeMismatch => {
                "Derive the verifying key for the scope that the request presents."
            }
            _ => "Sign what is sent, with the secret access key that belongs to the id.",
        }
    }
}
