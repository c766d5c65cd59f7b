//! Feature `aws-credential-types`: credentials and providers of the AWS SDK.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_credential_types::Credentials as SdkCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use sigv4::signer::AwsCredentialProvider;
use sigv4::{
    Credentials, OwnedCredentials, Payload, Request, Signer, SignerError, SigningKey, SigningRules,
    Timestamp,
};

const ID: &str = "ASIAEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const TOKEN: &str = "FwoGZXIvYXdzEXAMPLE//////////wEaDEXAMPLE==";
const NOW: i64 = 1_440_938_160;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(NOW + seconds).unwrap()
}

fn system_time(seconds: i64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(u64::try_from(NOW + seconds).unwrap())
}

/// What a future of a provider that needs not wait is at once.
fn done<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the provider does not answer at once"),
    }
}

fn signed(key: &SigningKey<'_>) -> String {
    let headers = [("Host", "iam.amazonaws.com")];
    let request = Request::new("GET", "/", &headers);
    let mut buffer = [0; 512];
    let instant = key.at(at(0)).unwrap();
    let signed = instant.sign(&request, Payload::EMPTY, &SigningRules::STANDARD, &mut buffer);
    let signed = signed.unwrap();
    format!("{} {:?}", signed.authorization(), signed.x_amz_security_token())
}

fn expected(credentials: &Credentials<'_>) -> String {
    signed(&SigningKey::derive(credentials, at(0).date(), "us-east-1", "iam").unwrap())
}

fn signer<P: ProvideCredentials + 'static>(provider: P) -> Signer {
    let provider = AwsCredentialProvider::new(provider);
    Signer::with_provider(provider, "us-east-1", "iam").unwrap()
}

#[test]
fn static_credentials_sign_as_what_they_are_made_of() {
    let long_term = Credentials::new(ID, SECRET);
    for credentials in [long_term, long_term.with_session_token(TOKEN)] {
        let token = credentials.session_token().map(str::to_owned);
        let sdk = SdkCredentials::new(ID, SECRET, token, None, "test");
        let owned = OwnedCredentials::from(&sdk);
        assert_eq!(owned.expiration(), None);
        let converted = expected(&owned.as_credentials());
        assert_eq!(converted, expected(&credentials));

        let signer = signer(SharedCredentialsProvider::new(sdk));
        assert!(matches!(signer.key_for(at(0)), Err(SignerError::NoCredentials)));
        done(signer.ready_at(at(0))).unwrap();
        let key = signer.key_for(at(0)).unwrap();
        assert_eq!(key.credentials().access_key_id(), ID);
        let headers = [("Host", "iam.amazonaws.com")];
        let request = Request::new("GET", "/", &headers);
        let mut buffer = [0; 512];
        let instant = key.at(at(0)).unwrap();
        let signed = instant.sign(&request, Payload::EMPTY, signer.rules(), &mut buffer).unwrap();
        let signed = format!("{} {:?}", signed.authorization(), signed.x_amz_security_token());
        assert_eq!(signed, expected(&credentials));
    }
}

/// Answers with a key that has another id each time, and lives as long as it is told.
#[derive(Debug)]
struct Rotating {
    asked: AtomicI64,
    /// Seconds after which each expires.
    life: i64,
}

impl ProvideCredentials for Rotating {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let asked = self.asked.fetch_add(1, Ordering::Relaxed) + 1;
        let expiry = system_time(asked * self.life);
        let id = format!("ASIA{asked}");
        let token = Some(TOKEN.to_owned());
        let credentials = SdkCredentials::new(id, SECRET, token, Some(expiry), "test");
        future::ProvideCredentials::ready(Ok(credentials))
    }
}

#[test]
fn credentials_that_expire_are_asked_for_again() {
    let provider: Arc<dyn ProvideCredentials> =
        Arc::new(Rotating { asked: AtomicI64::new(0), life: 3_600 });
    let signer = signer(SharedCredentialsProvider::from(provider));
    let margin = 300;
    for (seconds, id) in [
        (0, "ASIA1"),
        (3_600 - margin - 1, "ASIA1"),
        (3_600 - margin, "ASIA2"),
        (3_600, "ASIA2"),
        // Nobody asked while they were about to expire, nor afterwards.
        (7_200, "ASIA3"),
    ] {
        done(signer.ready_at(at(seconds))).unwrap();
        let key = signer.key_for(at(seconds)).unwrap();
        assert_eq!(key.credentials().access_key_id(), id, "after {seconds} seconds");
    }
    let expired = signer.key_for(at(10_800)).unwrap_err();
    assert!(matches!(expired, SignerError::Expired { .. }), "{expired}");
}

#[test]
fn credentials_that_come_expired_sign_nothing() {
    let signer = signer(Rotating { asked: AtomicI64::new(0), life: -1 });
    let refused = done(signer.ready_at(at(0))).unwrap_err();
    assert!(matches!(refused, SignerError::Expired { .. }), "{refused}");
    assert!(matches!(signer.key_for(at(0)), Err(SignerError::NoCredentials)));
}

#[derive(Debug)]
struct Nowhere;

impl ProvideCredentials for Nowhere {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::ready(Err(CredentialsError::not_loaded("nothing is set")))
    }
}

#[test]
fn a_provider_that_has_none_says_why() {
    let refused = done(signer(Nowhere).ready_at(at(0))).unwrap_err();
    let SignerError::Provider(error) = &refused else { panic!("{refused:?}") };
    let error = error.downcast_ref();
    assert!(matches!(error, Some(CredentialsError::CredentialsNotLoaded(_))), "{error:?}");
    let source = std::error::Error::source(&refused).unwrap().source().unwrap();
    assert_eq!(source.to_string(), "nothing is set");
}

#[test]
fn the_expiration_is_the_second_it_lies_in() {
    let expiring = |expiry| {
        let sdk = SdkCredentials::new(ID, SECRET, None, Some(expiry), "test");
        OwnedCredentials::from(&sdk).expiration().unwrap().unix_seconds()
    };
    assert_eq!(expiring(system_time(0) + Duration::from_millis(999)), NOW);
    let beyond = Duration::from_secs(400_000_000_000);
    assert_eq!(expiring(UNIX_EPOCH + beyond), Timestamp::UNIX_SECONDS_MAX);
    if let Some(before) = UNIX_EPOCH.checked_sub(beyond) {
        assert_eq!(expiring(before), Timestamp::UNIX_SECONDS_MIN);
    }
}

#[test]
fn debug_shows_no_secret() {
    let sdk = SdkCredentials::new(ID, SECRET, Some(TOKEN.to_owned()), None, "test");
    let signer = signer(SharedCredentialsProvider::new(sdk.clone()));
    done(signer.ready_at(at(0))).unwrap();
    let owned = OwnedCredentials::from(&sdk);
    let shown = format!("{:?} {signer:?} {owned:?}", AwsCredentialProvider::new(sdk));
    for piece in [SECRET, TOKEN] {
        assert!(!shown.contains(&piece[..12]), "{shown}");
    }
}
