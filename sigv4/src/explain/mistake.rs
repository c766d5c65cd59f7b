//! The mistakes that signers are known to make, each with what to change.

use core::fmt;

/// Makes the enum and its two sentences from one table.
macro_rules! mistakes {
    ($($name:ident: $what:literal, $advice:literal;)*) => {
        /// A mistake in signing that explains a signature, or a change to the
        /// request after it was signed.
        ///
        /// `Display` says what happened, [`advice`](Self::advice) what to change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Mistake {
            $(#[doc = concat!($what, ".")] $name,)*
        }

        impl Mistake {
            /// One sentence that tells the developer what to change.
            #[must_use]
            pub const fn advice(self) -> &'static str {
                match self { $(Self::$name => $advice,)* }
            }

            const fn what(self) -> &'static str {
                match self { $(Self::$name => $what,)* }
            }
        }
    };
}

mistakes! {
    OtherAccessKey:
        "the request was signed with another access key than the one it is held against",
        "Look up the secret of the access key id that the credential names.";
    LocalTime:
        "the timestamp is off by a time zone's offset",
        "Take the time in UTC: the Z at the end of X-Amz-Date means it.";
    SignatureInUpperCase:
        "the signature was written in upper case",
        "Write the signature in lower-case hexadecimal digits.";
    SignatureInBase64:
        "the signature was written in Base64",
        "Write the signature in lower-case hexadecimal digits.";

    PathEncodedTwice:
        "the path was percent-encoded once more than the service does",
        "Encode the path once less for the canonical request: for S3 once in all, for all others once more than it is sent.";
    PathNotEncodedAgain:
        "the path was signed as it is sent, not percent-encoded again",
        "Percent-encode the path that is sent once more for the canonical request, as all services but S3 do.";
    PathNotNormalized:
        "dot segments or empty segments were left in the path",
        "Remove `.`, `..` and empty segments from the path for the canonical request, as all services but S3 do.";
    PathNormalized:
        "dot segments or empty segments were removed from the path",
        "Leave `.`, `..` and `//` in the path: for S3 they are a part of the object's key.";
    OtherPathRules:
        "the path was signed by the rules of S3 for a service that has the others, or the other way round",
        "Choose the path rules of the service: for S3 the path is encoded once and not normalised, for all others it is normalised and encoded again.";
    PathDecoded:
        "the path was signed with its escapes decoded",
        "Do not decode the path before signing it.";
    PathHexInLowerCase:
        "the escapes in the path have lower-case hexadecimal digits",
        "Write percent escapes in upper case, %2F rather than %2f.";
    PathAsSent:
        "the path was signed as it is sent, though it is not encoded strictly there",
        "Escape every byte of the object's key but A-Z a-z 0-9 - . _ ~ and /, and sign the path so, however it is sent: S3 decodes it and encodes it strictly.";
    PathPlusEscaped:
        "a `+` in the path was signed as %2B, where the service reads a space",
        "Send %2B for a plus sign in an object's key and %20 for a space: S3 reads a raw `+` as a space.";
    PathEncodedOtherwise:
        "the path was percent-encoded by another set of characters",
        "Escape every byte of the path but A-Z a-z 0-9 - . _ ~ and /; no encoder of HTML forms or of JavaScript does just that.";
    PathTrailingSlash:
        "the path was signed with a slash at its end where it is sent without, or the other way round",
        "Sign the path as it is sent, or keep whatever is in between from adding and removing slashes.";
    PathHoldsQuery:
        "the query was signed as a part of the path",
        "Split the target at its first `?`; the path and the query have a line each.";
    PathPrefix:
        "the path was signed without what stands at its beginning, or with the bucket before it",
        "Sign the path as the service receives it; look for a proxy or a base URL that adds or removes a prefix.";
    TargetOfAnotherHop:
        "the target was signed as it stands on another hop",
        "Sign the path and query that the verifier sees, or let the proxy pass on the target as it was.";

    QueryNotSorted:
        "the query parameters were not sorted",
        "Sort the parameters by their encoded names, then by their encoded values.";
    QueryAsSent:
        "the query was signed as it is sent",
        "Decode each parameter, encode it strictly, and sort them all for the canonical request.";
    QuerySortedOtherwise:
        "the query parameters were sorted in another order",
        "Sort by the bytes of the encoded names, then by those of the encoded values; neither joined, nor decoded, nor without regard to case.";
    QueryPlusForSpace:
        "a space in the query was encoded as `+`",
        "Encode a space as %20 in the canonical query, also where it is sent as `+`.";
    QueryPlusEscaped:
        "a `+` in the query was signed as %2B, where the service reads a space",
        "Send %2B for a plus sign and %20 for a space; a raw `+` is a space, and is signed as %20.";
    QueryHexInLowerCase:
        "the escapes in the query have lower-case hexadecimal digits",
        "Write percent escapes in upper case, %2F rather than %2f.";
    QueryEncodedOtherwise:
        "the query was percent-encoded by another set of characters",
        "Escape every byte but A-Z a-z 0-9 - . _ ~ in names and values; no encoder of HTML forms or of JavaScript does just that.";
    QueryEncodedTwice:
        "the query was percent-encoded twice",
        "Encode each name and value once; give the signer the decoded ones if it encodes them.";
    QueryDecoded:
        "the query was signed with its escapes decoded",
        "Percent-encode each name and value of the canonical query.";
    QueryEqualsSignLeftOut:
        "a parameter without a value was signed without its equals sign",
        "Write `name=` for a parameter without a value.";
    QueryParametersDropped:
        "empty or repeated parameters were left out of the signature",
        "Sign every parameter, empty and repeated ones included.";
    QueryLeftOut:
        "the query was left out of the signature",
        "Sign the query: its line is empty only if there is none.";
    QueryParameterAdded:
        "a parameter was added to the query after signing",
        "Add every parameter before signing, and keep proxies from adding any.";
    ExpiresChanged:
        "X-Amz-Expires was changed after signing",
        "Presign again with the other life: it is covered by the signature.";
    TokenNotSigned:
        "the session token was left out of the signature",
        "Add the session token before signing.";
    TokenSigned:
        "the session token was signed where the service wants it added later",
        "Add the session token after signing, as AWS IoT wants it over WebSocket.";

    HostPort:
        "the host was signed with a port with which it is not sent, or the other way round",
        "Sign the Host header as it is sent; HTTP clients leave out the default port and no other.";
    HostCase:
        "the host was signed in another case than it is sent in",
        "Sign the Host header as it is sent, or write it in lower case in both places.";
    OtherHost:
        "the request was signed for another host",
        "Sign the host that the verifier sees; behind a proxy, pass on the Host header as it was.";
    HeaderSpacesKept:
        "the spaces in or around a header's value were kept",
        "Trim each header's value and fold every run of spaces in it to one.";
    HeaderRepeatsJoinedOtherwise:
        "the values of a repeated header were joined otherwise",
        "Join the values of a repeated header in their order, with a comma and no space.";
    HeaderNamesNotInLowerCase:
        "the names of the headers were not written in lower case",
        "Write the names of the canonical headers in lower case.";
    HeadersNotSorted:
        "the headers were not sorted",
        "Sort the canonical headers by their names in lower case.";
    HeaderCaseChanged:
        "a header's value was signed in lower case",
        "Leave the case of header values alone; only names are lower-cased.";
    HeaderNotListed:
        "a header was signed that the list of signed headers does not name",
        "Send the very list of signed headers that the canonical request holds.";
    HeaderLeftOut:
        "a header that the list of signed headers names was left out, or was added later under that name",
        "Write a line for each name in the list of signed headers, and list no header that is set after signing.";
    HeaderChangedOnTheWay:
        "a header was changed after signing",
        "Sign the value that is sent, and leave headers that HTTP stacks and proxies rewrite out of the signed ones.";

    EmptyLineLeftOut:
        "the empty line behind the canonical headers is missing",
        "End each header line with a line break, and add one more before the signed headers.";
    LineBreakAtEnd:
        "the canonical request ends with a line break",
        "Write nothing behind the payload's hash.";
    CarriageReturns:
        "the lines of the canonical request end with CR LF",
        "End lines with LF alone, whatever the platform's line break is.";
    SpaceBehindColon:
        "the canonical headers have a space behind the colon",
        "Write `name:value` without a space.";

    EmptyBodyHashed:
        "the hash of an empty body was signed",
        "Hash the body that is sent, after it is complete.";
    PayloadLiteralSigned:
        "a literal was signed in place of the body's hash",
        "Sign the hash of the body; only S3 and a few others accept UNSIGNED-PAYLOAD and its like.";
    BodyHashedForLiteral:
        "the body's hash was signed where a literal has to be",
        "Sign the literal that the request declares; a presigned S3 request that declares nothing has UNSIGNED-PAYLOAD.";
    BodyLineBreak:
        "the body was hashed with or without a line break at its end, or with other line breaks",
        "Hash the very bytes that are sent; look for an editor, a template or `echo` that adds a line break.";
    PayloadHashInUpperCase:
        "the body's hash was written in upper case",
        "Write the payload's hash in lower-case hexadecimal digits.";
    PayloadHashInBase64:
        "the body's hash was written in Base64",
        "Write the payload's hash in lower-case hexadecimal digits.";
    PayloadHashedTwice:
        "the body's hash was hashed once more",
        "Give the signer either the body or its hash, whichever it asks for.";
    BodyNotHashed:
        "the body itself stands in place of its hash",
        "Write the SHA-256 of the body in the last line.";
    PayloadLeftOut:
        "the line with the body's hash is empty",
        "Write the SHA-256 of the body in the last line, also of an empty body.";

    MethodCase:
        "the method was signed in another case than it is sent in",
        "Write the method in upper case in both places.";
    MethodChanged:
        "another method was signed than the one that is sent",
        "Sign the method that is sent; look for a proxy or a redirect that changes it.";

    TimestampDiffers:
        "the string to sign holds another time than the request",
        "Read the clock once, and use that time for the header, the scope and the string to sign.";
    TimestampFormat:
        "the string to sign holds the time in another format",
        "Write the time as YYYYMMDDTHHMMSSZ.";
    ScopeHoldsKeyId:
        "the scope in the string to sign begins with the access key id",
        "Begin the scope with the date; only the credential begins with the access key id.";
    OtherDate:
        "another day was signed than the one in the credential",
        "Take the day of the timestamp, in UTC, for the scope and for the key; derive the key anew each day.";
    CanonicalRequestNotHashed:
        "the string to sign holds the canonical request itself",
        "Write the SHA-256 of the canonical request in the last line of the string to sign.";
    RequestHashInUpperCase:
        "the hash of the canonical request was written in upper case",
        "Write the hash of the canonical request in lower-case hexadecimal digits.";
    LineBreakAtEndOfStringToSign:
        "the string to sign ends with a line break",
        "Write nothing behind the hash of the canonical request.";
    OtherRegion:
        "another region was signed than the one in the credential",
        "Use one region for the credential, the string to sign and the key.";
    OtherService:
        "another service was signed than the one in the credential",
        "Use one service name, the service's signing name, for the credential, the string to sign and the key.";
    OtherTerminator:
        "another end of the scope was signed than the one in the credential",
        "End the scope with aws4_request in the credential, the string to sign and the key.";

    KeyStepLeftOut:
        "a step of the key's derivation was left out",
        "Derive the key in four steps: date, region, service, aws4_request.";
    KeyStepsInOtherOrder:
        "the steps of the key's derivation were taken in another order",
        "Derive the key in this order: date, region, service, aws4_request.";
    KeyDateFormat:
        "the key was derived with the date in another format",
        "Derive the key with the date as YYYYMMDD.";
    KeyInHexadecimal:
        "a key of the derivation was used as hexadecimal text",
        "Use the raw bytes of each HMAC as the next key; only the signature is written in hexadecimal digits.";
    HmacArgumentsSwapped:
        "the key and the message of HMAC were swapped",
        "Check the order of the arguments of the HMAC function.";
    SecretPrefixLeftOut:
        "`AWS4` is missing before the secret access key",
        "Begin the derivation with the secret access key and `AWS4` before it.";
    SecretWhiteSpace:
        "the secret access key was used with white space around it",
        "Trim the secret access key where it is read; files and environment variables often end with a line break.";
    SecretQuoted:
        "the secret access key was used with quotes around it",
        "Remove the quotes around the secret access key; container environment files do not strip them.";
    SecretPercentEncoded:
        "the secret access key was used percent-encoded, or with its plus signs decoded to spaces",
        "Use the secret access key as it was issued, neither URL-encoded nor URL-decoded.";
    SecretInBase64:
        "the secret access key was used in Base64, or decoded from it",
        "Use the secret access key as it was issued; decode what a Kubernetes secret holds, and nothing else.";
    SecretEscaped:
        "the secret access key was used with backslashes in it",
        "Use the secret access key as it was issued; its slashes and plus signs need no escape.";
    SecretCut:
        "the secret access key was cut short",
        "Copy the whole secret access key; quote it where `/`, `+` or `#` have a meaning.";
    SecretCase:
        "the secret access key was used in another case",
        "Use the secret access key as it was issued: its case matters.";
    KeyIdAsSecret:
        "the access key id was used as the secret access key",
        "Give the signer the id and the secret in the right order.";
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what())
    }
}
