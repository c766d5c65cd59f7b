//! Signing: from a policy to the fields of a form.

use core::fmt;

use crate::bytes::base64::Variant;
use crate::bytes::sink::{Buffer, BufferTooSmall, Count, Measure, Sink};
use crate::expires::Expires;
use crate::key::instant::SigningInstant;
use crate::names::ALGORITHM;
use crate::post_policy::condition::{self, PostCondition};
use crate::post_policy::error::PostSignError;
use crate::post_policy::field;
use crate::signature::Signature;
use crate::time::Timestamp;

/// What whoever holds a signed form may upload, and for how long.
///
/// ```
/// use sigv4::post_policy::{PostCondition, PostPolicy};
/// use sigv4::{Credentials, Expires, SigningKey, Timestamp};
///
/// let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
/// let now = Timestamp::from_unix_seconds(1_451_347_200)?;
/// let key = SigningKey::derive(&credentials, now.date(), "us-east-1", "s3")?;
/// let policy = PostPolicy {
///     expires: Expires::from_seconds(3_600)?,
///     conditions: &[
///         PostCondition::Equals { field: "bucket", value: "examplebucket" },
///         PostCondition::StartsWith { field: "key", prefix: "user/eric/" },
///         PostCondition::StartsWith { field: "Content-Type", prefix: "image/" },
///         PostCondition::ContentLengthRange { min: 1, max: 10 << 20 },
///     ],
/// };
/// let mut buffer = [0; 1024];
/// let form = key.at(now)?.sign_post_form(&policy, &mut buffer)?;
/// for (name, value) in form.fields() {
///     println!(r#"<input type="hidden" name="{name}" value="{value}">"#);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct PostPolicy<'a> {
    /// How long after it is signed the form may be sent.
    pub expires: Expires,
    /// What it has to hold. Those on the fields of the signature are added.
    pub conditions: &'a [PostCondition<'a>],
}

impl<'k> SigningInstant<'k> {
    /// Signs a policy for an upload by `POST`, as browsers send it to S3, and
    /// writes it into `out` in Base64.
    ///
    /// The form is then sent with the fields that [`PostForm::fields`] lists, a
    /// field for each condition but those on `bucket` and the length, and the
    /// file last. [`post_policy_len`](Self::post_policy_len) tells the length of
    /// the Base64 text beforehand. The policy's end is cut at the year 9999.
    ///
    /// # Errors
    ///
    /// A [`PostSignError`] if no form could meet a condition, if one is on a
    /// field that signing makes, if the bucket or the key has none, or if `out` is too short.
    pub fn sign_post_form<'b>(
        &self,
        policy: &PostPolicy<'_>,
        out: &'b mut [u8],
    ) -> Result<PostForm<'b>, PostSignError>
    where
        'k: 'b,
    {
        condition::check_all(policy.conditions)?;
        let len = self.json_len(policy);
        let (needed, available) = (Variant::Standard.encoded_len(len), out.len());
        let out = out.get_mut(..needed).ok_or(BufferTooSmall { needed, available })?;
        let mut json = Buffer::new(&mut out[needed - len..]);
        self.write_json(policy, &mut json);
        json.finish()?;
        Variant::Standard.encode_in_place(out, len);
        let signature = self.sign_post_policy(out);
        Ok(PostForm {
            policy: out,
            credential: self.key.credential.as_bytes(),
            timestamp: self.timestamp(),
            session_token: self.session_token(),
            signature,
            signature_hex: signature.to_hex(),
        })
    }

    /// Bytes that the Base64 text of a policy will have. Costs no hashing.
    #[must_use]
    pub fn post_policy_len(&self, policy: &PostPolicy<'_>) -> usize {
        Variant::Standard.encoded_len(self.json_len(policy))
    }

    /// The signature of a policy that was written elsewhere: of its Base64 text,
    /// as the form's field `policy` holds it.
    #[must_use]
    pub fn sign_post_policy(&self, base64: &[u8]) -> Signature {
        Signature::new(self.key.key.mac(base64))
    }

    fn json_len(&self, policy: &PostPolicy<'_>) -> usize {
        let mut count = Count::default();
        self.write_json(policy, &mut count);
        count.len()
    }

    fn write_json(&self, policy: &PostPolicy<'_>, sink: &mut impl Sink) {
        sink.write(b"{\"expiration\": \"");
        write_extended(sink, policy.expires.end(self.timestamp()));
        sink.write(b"\", \"conditions\": [");
        for condition in policy.conditions {
            condition.write_to(sink);
            sink.write(b", ");
        }
        let credential = ascii(self.key.credential.as_bytes());
        condition::write_equals(sink, field::ALGORITHM, ALGORITHM);
        for (name, value) in [
            (field::CREDENTIAL, Some(credential)),
            (field::DATE, Some(self.string_to_sign.timestamp.as_str())),
            (field::SESSION_TOKEN, self.session_token()),
        ] {
            if let Some(value) = value {
                sink.write(b", ");
                condition::write_equals(sink, name, value);
            }
        }
        sink.write(b"]}");
    }
}

/// A signed policy with the form fields that carry it.
#[derive(Clone, Copy)]
pub struct PostForm<'b> {
    policy: &'b [u8],
    credential: &'b [u8],
    timestamp: Timestamp,
    session_token: Option<&'b str>,
    signature: Signature,
    signature_hex: [u8; Signature::HEX_LEN],
}

impl PostForm<'_> {
    /// The fields to send before the file, names in lower case:
    /// `x-amz-algorithm`, `x-amz-credential`, `x-amz-date`,
    /// `x-amz-security-token` where it applies, `policy` and `x-amz-signature`.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            Some((field::ALGORITHM, ALGORITHM)),
            Some((field::CREDENTIAL, self.credential())),
            Some((field::DATE, self.timestamp.as_str())),
            self.session_token.map(|token| (field::SESSION_TOKEN, token)),
            Some((field::POLICY, self.policy())),
            Some((field::SIGNATURE, ascii(&self.signature_hex))),
        ]
        .into_iter()
        .flatten()
    }

    /// The value of `policy`: Base64.
    #[must_use]
    pub fn policy(&self) -> &str {
        ascii(self.policy)
    }

    /// The value of `x-amz-credential`.
    #[must_use]
    pub fn credential(&self) -> &str {
        ascii(self.credential)
    }

    /// The signature alone.
    #[must_use]
    pub const fn signature(&self) -> &Signature {
        &self.signature
    }
}

/// Shows no more than the time: the form is a bearer credential.
impl fmt::Debug for PostForm<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostForm").field("timestamp", &self.timestamp).finish_non_exhaustive()
    }
}

/// `YYYY-MM-DDTHH:MM:SSZ`
fn write_extended(sink: &mut impl Sink, timestamp: Timestamp) {
    let [year @ .., mo1, mo2, d1, d2, _, h1, h2, mi1, mi2, s1, s2, _] = *timestamp.as_bytes();
    let year: [u8; 4] = year;
    sink.write(&year);
    sink.write(&[b'-', mo1, mo2, b'-', d1, d2, b'T', h1, h2, b':', mi1, mi2, b':', s1, s2, b'Z']);
}

/// Text made of Base64, digits or a credential: all visible ASCII.
fn ascii(bytes: &[u8]) -> &str {
    core::str::from_utf8(bytes).unwrap_or_default()
}
