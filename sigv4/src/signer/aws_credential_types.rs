//! Feature `aws-credential-types`: the providers of the official AWS SDK feed a `Signer`.

use ::aws_credential_types::Credentials;
use ::aws_credential_types::provider::ProvideCredentials;
use ::aws_credential_types::provider::error::CredentialsError;

use crate::credentials::owned::OwnedCredentials;
use crate::signer::CredentialProvider;
use crate::time::Timestamp;

/// A provider of the AWS SDK for Rust, as one that a [`Signer`](crate::Signer) asks.
///
/// Any [`ProvideCredentials`] will do: the SDK's default chain with its roles, IAM
/// Identity Center, processes, containers and instances is, with the crate
/// `aws-config`, `aws_config::load_defaults(version).await.credentials_provider()`. The signer keeps
/// what it answers until shortly before it expires, so the provider needs no cache. The providers
/// that send requests need the runtime that the SDK needs, which is tokio.
///
/// ```
/// use std::time::Duration;
///
/// use aws_credential_types::Credentials;
/// use aws_credential_types::provider::SharedCredentialsProvider;
/// use sigv4::Signer;
/// use sigv4::signer::AwsCredentialProvider;
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// // In an application, what `credentials_provider()` of the SDK's configuration gives.
/// let credentials = Credentials::new("AKIDEXAMPLE", "wJalr", None, None, "example");
/// let provider = AwsCredentialProvider::new(SharedCredentialsProvider::new(credentials));
///
/// let signer = Signer::with_provider(provider, "us-east-1", "s3")?;
/// let url = "https://examplebucket.s3.amazonaws.com/test.txt";
/// let presigned = signer.ready().await?.presign("GET", url, Duration::from_secs(900))?;
/// # assert!(presigned.contains("AKIDEXAMPLE"));
/// # Ok(())
/// # }
/// # let run = std::pin::pin!(run());
/// # let mut context = std::task::Context::from_waker(std::task::Waker::noop());
/// # assert!(matches!(run.poll(&mut context), std::task::Poll::Ready(Ok(()))));
/// ```
#[derive(Clone, Debug)]
pub struct AwsCredentialProvider<P> {
    provider: P,
}

impl<P: ProvideCredentials> AwsCredentialProvider<P> {
    /// Asks `provider`, each time it is asked.
    pub const fn new(provider: P) -> Self {
        Self { provider }
    }
}

impl<P: ProvideCredentials> CredentialProvider for AwsCredentialProvider<P> {
    type Error = CredentialsError;

    async fn credentials(&self, _now: Timestamp) -> Result<OwnedCredentials, CredentialsError> {
        self.provider.provide_credentials().await.map(|credentials| (&credentials).into())
    }
}

/// Copies id, secret and session token. The fraction of the second in which they expire is
/// cut off; a time outside the years 0000 to 9999 becomes the last or first that is inside.
///
/// ```
/// let sdk = aws_credential_types::Credentials::new("AKIDEXAMPLE", "wJalr", None, None, "example");
/// let credentials = sigv4::OwnedCredentials::from(&sdk);
/// assert_eq!(credentials.access_key_id(), "AKIDEXAMPLE");
/// ```
impl From<&Credentials> for OwnedCredentials {
    fn from(credentials: &Credentials) -> Self {
        let owned = Self::new(credentials.access_key_id(), credentials.secret_access_key())
            .with_session_token(credentials.session_token().unwrap_or_default());
        match credentials.expiry() {
            Some(expiry) => owned.with_expiration(Timestamp::nearest_to(expiry)),
            None => owned,
        }
    }
}
