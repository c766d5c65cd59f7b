//! What a signing key is made of: everything that is constant for a day.

use core::fmt;

use crate::bytes::encode::PercentEncoding;
use crate::bytes::scan;
use crate::bytes::sink::{Buffer, Sink};
use crate::bytes::wipe::wipe;
use crate::credentials::Credentials;
use crate::error::{KeyError, SignError};
use crate::key::SigningKey;
use crate::key::instant::SigningInstant;
use crate::key::string_to_sign::Template;
use crate::names::SessionTokenName;
use crate::scope::{CredentialScope, Scope};
use crate::sha256::hmac::HmacKey;
use crate::time::{Date, Timestamp};

/// The parts of a signing key that are derived. They own what they hold, so that
/// they can be kept beside the credentials they come from.
#[derive(Clone)]
pub(crate) struct DerivedKey {
    pub(crate) scope: CredentialScope,
    pub(crate) key: HmacKey,
    pub(crate) string_to_sign: Template,
    pub(crate) credential: Credential,
    pub(crate) encoded_token: EncodedToken,
    pub(crate) session_token_name: SessionTokenName,
}

impl DerivedKey {
    pub(crate) fn new(
        credentials: &Credentials<'_>,
        date: Date,
        region: &str,
        service: &str,
    ) -> Result<Self, KeyError> {
        check_credentials(credentials)?;
        if region.is_empty() {
            return Err(KeyError::EmptyRegion);
        }
        let scope = CredentialScope::new(date, region, service)?;
        Ok(Self {
            scope,
            key: derive(credentials.secret_access_key(), &scope),
            string_to_sign: Template::new(&scope),
            credential: Credential::new(credentials.access_key_id(), &scope),
            encoded_token: EncodedToken::new(credentials.session_token().unwrap_or_default()),
            session_token_name: credentials.session_token_name(),
        })
    }

    /// Fixes the second to sign in; `session_token` is the one that this was made
    /// of, empty if there is none.
    #[inline]
    pub(crate) fn at<'k>(
        &'k self,
        timestamp: Timestamp,
        session_token: &'k str,
    ) -> Result<SigningInstant<'k>, SignError> {
        if timestamp.date() != self.scope.date() {
            return Err(SignError::WrongDay { key: self.scope.date(), timestamp });
        }
        Ok(SigningInstant::new(self, session_token, timestamp))
    }
}

/// Shows the credential: access key id and scope.
impl fmt::Debug for DerivedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DerivedKey")
            .field("credential", &self.credential.as_str())
            .finish_non_exhaustive()
    }
}

/// `id/date/region/service/aws4_request`, as it stands in a header, with what
/// goes before and behind it, and in a query: each signing writes one or the
/// other.
#[derive(Clone)]
pub(crate) struct Credential {
    algorithm: &'static str,
    in_header: [u8; Self::IN_HEADER_LEN_MAX],
    in_header_len: usize,
    in_query: [u8; Self::IN_QUERY_LEN_MAX],
    /// Nothing if id, region or service hold anything that needs an escape; the
    /// credential is then encoded as it is written.
    in_query_len: Option<usize>,
}

impl Credential {
    const LEN_MAX: usize = SigningKey::ACCESS_KEY_ID_LEN_MAX + 1 + CredentialScope::LEN_MAX;

    /// Longest name of an algorithm in bytes.
    const ALGORITHM_LEN_MAX: usize = "AWS4-ECDSA-P256-SHA256".len();

    const BEFORE: &str = " Credential=";

    const BEHIND: &str = ", SignedHeaders=";

    const IN_HEADER_LEN_MAX: usize =
        Self::ALGORITHM_LEN_MAX + Self::BEFORE.len() + Self::LEN_MAX + Self::BEHIND.len();

    const ALGORITHM_IN_QUERY: &str = "&X-Amz-Algorithm=";

    const BEFORE_IN_QUERY: &str = "&X-Amz-Credential=";

    const BEHIND_IN_QUERY: &str = "&X-Amz-Date=";

    /// Each of the four slashes takes two bytes more.
    const IN_QUERY_LEN_MAX: usize = Self::ALGORITHM_IN_QUERY.len()
        + Self::ALGORITHM_LEN_MAX
        + Self::BEFORE_IN_QUERY.len()
        + Self::LEN_MAX
        + 8
        + Self::BEHIND_IN_QUERY.len();

    pub(crate) fn new<S: Scope>(access_key_id: &str, scope: &S) -> Self {
        let mut in_header = [0; Self::IN_HEADER_LEN_MAX];
        let mut buffer = Buffer::new(&mut in_header);
        buffer.write(S::ALGORITHM.as_bytes());
        buffer.write(Self::BEFORE.as_bytes());
        buffer.write(access_key_id.as_bytes());
        buffer.write(b"/");
        scope.write_to(&mut buffer);
        buffer.write(Self::BEHIND.as_bytes());
        let in_header_len = buffer.finish().map_or(0, <[u8]>::len);
        let mut credential = Self {
            algorithm: S::ALGORITHM,
            in_header,
            in_header_len,
            in_query: [0; Self::IN_QUERY_LEN_MAX],
            in_query_len: None,
        };
        let mut in_query = [0; Self::IN_QUERY_LEN_MAX];
        let mut buffer = Buffer::new(&mut in_query);
        buffer.write(Self::ALGORITHM_IN_QUERY.as_bytes());
        buffer.write(S::ALGORITHM.as_bytes());
        buffer.write(Self::BEFORE_IN_QUERY.as_bytes());
        PercentEncoding(&mut buffer).write(credential.as_bytes());
        buffer.write(Self::BEHIND_IN_QUERY.as_bytes());
        credential.in_query_len = buffer.finish().map(<[u8]>::len).ok();
        credential.in_query = in_query;
        credential
    }

    /// The beginning of an `Authorization` value, up to the names of the signed headers.
    #[inline]
    pub(crate) fn in_header(&self) -> &[u8] {
        &self.in_header[..self.in_header_len]
    }

    /// As a field of a POST form holds it.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        let begin = self.algorithm.len() + Self::BEFORE.len();
        &self.in_header[begin..self.in_header_len - Self::BEHIND.len()]
    }

    /// The algorithm it is for.
    pub(crate) const fn algorithm(&self) -> &'static str {
        self.algorithm
    }

    fn as_str(&self) -> &str {
        // The parts are visible ASCII.
        core::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// The parameters of a presigned query from the algorithm to the date,
    /// whose value follows. The first begins with `&`.
    #[inline(always)]
    pub(crate) fn in_query(&self) -> Option<&[u8]> {
        self.in_query_len.map(|len| &self.in_query[..len])
    }

    /// As it stands in a query.
    pub(crate) fn write_encoded(&self, sink: &mut impl Sink) {
        PercentEncoding(sink).write(self.as_bytes());
    }
}

/// A session token as it stands in a query: encoding hundreds of characters
/// would otherwise be the better part of each presigning.
#[derive(Clone)]
pub(crate) struct EncodedToken {
    bytes: [u8; Self::LEN_MAX],
    /// Nothing if the token is longer; it is then encoded as it is written.
    len: Option<usize>,
}

impl EncodedToken {
    /// Tokens of AWS have some 400 to 1,200 characters, few of which need an escape.
    const LEN_MAX: usize = 1_536;

    pub(crate) fn new(token: &str) -> Self {
        let mut bytes = [0; Self::LEN_MAX];
        let mut buffer = Buffer::new(&mut bytes);
        PercentEncoding(&mut buffer).write(token.as_bytes());
        let len = buffer.finish().map(<[u8]>::len).ok();
        Self { bytes, len }
    }

    /// Writes `token`, the one this was made of.
    #[inline]
    pub(crate) fn write_to(&self, sink: &mut impl Sink, token: &str) {
        match self.len {
            Some(len) => sink.write(&self.bytes[..len]),
            None => PercentEncoding(sink).write(token.as_bytes()),
        }
    }
}

impl Drop for EncodedToken {
    fn drop(&mut self) {
        wipe(&mut self.bytes[..self.len.unwrap_or_default()]);
    }
}

/// The four HMACs of the specification: date, region, service, terminator.
pub(crate) fn derive(secret_access_key: &str, scope: &CredentialScope) -> HmacKey {
    const {
        assert!(CredentialScope::REGION_LEN_MAX <= HmacKey::DERIVATION_MESSAGE_LEN_MAX);
        assert!(CredentialScope::SERVICE_LEN_MAX <= HmacKey::DERIVATION_MESSAGE_LEN_MAX);
    }
    HmacKey::new(&[b"AWS4", secret_access_key.as_bytes()]).derive(scope.parts())
}

/// Fails unless keys can be derived from these.
pub(crate) fn check_credentials(credentials: &Credentials<'_>) -> Result<(), KeyError> {
    check_access_key_id(credentials.access_key_id())?;
    check_secret(credentials.secret_access_key())?;
    match credentials.session_token() {
        Some(token) if scan::any(token.as_bytes(), |byte| !byte.is_ascii_graphic()) => {
            Err(KeyError::InvalidSessionToken)
        }
        _ => Ok(()),
    }
}

pub(crate) fn check_access_key_id(id: &str) -> Result<(), KeyError> {
    match id.len() {
        0 => Err(KeyError::EmptyAccessKeyId),
        len if len > SigningKey::ACCESS_KEY_ID_LEN_MAX => Err(KeyError::AccessKeyIdTooLong { len }),
        _ if is_no_access_key_id(id.as_bytes()) => Err(KeyError::InvalidAccessKeyId),
        _ => Ok(()),
    }
}

/// Whether there is a byte that no access key id holds, signed with or presented:
/// one that is not visible ASCII, or a comma, which would end the id early. Some
/// systems put slashes into their ids.
#[inline(always)]
pub(crate) fn is_no_access_key_id(text: &[u8]) -> bool {
    let (words, _) = text.as_chunks();
    let Some(last) = text.last_chunk() else {
        let is_odd = |byte: u8| !byte.is_ascii_graphic() || byte == b',';
        return text.iter().any(|&byte| is_odd(byte));
    };
    // The last word overlaps those before.
    words.iter().fold(odd_bytes(last), |odd, word| odd | odd_bytes(word)) != 0
}

/// The top bit of each byte that is odd in an id.
#[inline(always)]
const fn odd_bytes(word: &[u8; 8]) -> u64 {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const TOPS: u64 = ONES * 0x80;
    let word = u64::from_ne_bytes(*word);
    // With the top bits set apart no sum carries into the next byte.
    let low = word & !TOPS;
    let from_visible = low + ONES * (0x80 - 0x21);
    // Of these bytes, delete alone is one below the top.
    let from_delete = low + ONES;
    let no_comma = (low ^ u64::from_ne_bytes([b','; 8])) + ONES * 0x7f;
    (word | from_delete | !(from_visible & no_comma)) & TOPS
}

pub(crate) fn check_secret(secret: &str) -> Result<(), KeyError> {
    if secret.is_empty() {
        return Err(KeyError::EmptySecretAccessKey);
    }
    if secret.ends_with(['\n', '\r']) {
        return Err(KeyError::SecretEndsWithLineBreak);
    }
    Ok(())
}
