//! Amazon Transcribe: streaming over WebSocket.

use crate::credentials::Credentials;
use crate::expires::Expires;
use crate::time::Timestamp;
use crate::tokens::error::TokenError;
use crate::tokens::name;
use crate::tokens::presigning::{Encoding, Presigning, ServiceToken};

/// The URL under which Amazon Transcribe takes a stream of audio over WebSocket.
///
/// The messages that follow are signed one by one, the first of them chained to
/// [`ServiceToken::signature`].
///
/// ```
/// use sigv4::tokens::TranscribeUrl;
/// use sigv4::{Credentials, Timestamp};
///
/// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
/// let now = Timestamp::from_unix_seconds(1_440_938_160)?;
/// let url = TranscribeUrl {
///     region: "us-west-2",
///     language_code: Some("en-US"),
///     media_encoding: "flac",
///     sample_rate: 16_000,
///     options: &[("show-speaker-label", "true")],
///     expires: None,
/// };
/// let mut buffer = [0; 1024];
/// let url = url.sign(&credentials, now, &mut buffer)?;
/// assert!(url.as_str().starts_with("wss://transcribestreaming.us-west-2.amazonaws.com:8443/"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TranscribeUrl<'a> {
    /// The region to transcribe in.
    pub region: &'a str,
    /// The language that is spoken; nothing where an option asks to identify it.
    pub language_code: Option<&'a str>,
    /// `pcm`, `ogg-opus` or `flac`.
    pub media_encoding: &'a str,
    /// Samples a second.
    pub sample_rate: u32,
    /// Other parameters of the request, as they are before they are encoded.
    pub options: &'a [(&'a str, &'a str)],
    /// How long the URL is good for connecting, at most and by default
    /// [`TranscribeUrl::EXPIRES`].
    pub expires: Option<Expires>,
}

impl TranscribeUrl<'_> {
    /// Five minutes, the most that the service accepts.
    pub const EXPIRES: Expires = super::expires(300);

    /// Writes the URL into `out`.
    ///
    /// # Errors
    ///
    /// A [`TokenError`] if a parameter cannot be used or `out` is too short; with
    /// a session token, allow for its length twice.
    pub fn sign<'b>(
        &self,
        credentials: &Credentials<'_>,
        now: Timestamp,
        out: &'b mut [u8],
    ) -> Result<ServiceToken<'b>, TokenError> {
        let expires = self.expires.unwrap_or(Self::EXPIRES);
        if expires > Self::EXPIRES {
            let (seconds, max) = (expires.seconds(), Self::EXPIRES.seconds());
            return Err(TokenError::ExpiresTooLong { seconds, max });
        }
        let mut request =
            Presigning::new(self.region, "transcribe", "/stream-transcription-websocket");
        name::write_regional_host(&mut request.authority, "transcribestreaming", self.region)?;
        request.port(8443, 443);
        if let Some(code) = self.language_code {
            request.parameter("language-code", name::not_empty(code, "language code")?);
        }
        let encoding = name::not_empty(self.media_encoding, "media encoding")?;
        request.parameter("media-encoding", encoding);
        request.number("sample-rate", self.sample_rate);
        for (name, value) in self.options {
            request.parameter(name, value);
        }
        request.expires = Some(expires);
        request.encoding = Encoding::Url { scheme: "wss://" };
        request.sign(credentials, now, out)
    }
}
