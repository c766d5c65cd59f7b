//! Feature `provider`: what may be a provider, and where a signer with one may be kept.

use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use std::{fmt, io, thread};

use sigv4::signer::{BoxedProvider, ProviderError};
use sigv4::{CredentialProvider, OwnedCredentials, Signer, SignerError, Timestamp};

fn now() -> Timestamp {
    Timestamp::parse(b"20150830T123600Z").unwrap()
}

fn credentials(id: &str) -> OwnedCredentials {
    let expiration = Timestamp::from_unix_seconds(now().unix_seconds() + 3_600).unwrap();
    OwnedCredentials::new(id, "secret").with_session_token("token").with_expiration(expiration)
}

fn ready<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits"),
    }
}

/// Whose credentials sign, once the provider was asked.
fn signs_as(provider: impl CredentialProvider + 'static) -> Result<String, SignerError> {
    let signer = Signer::with_provider(provider, "us-east-1", "s3").unwrap();
    let signer = ready(signer.ready_at(now()))?;
    let url = signer.presign_at("GET", "https://h/a", Duration::from_secs(900), now())?;
    let id = url.split("X-Amz-Credential=").nth(1).unwrap().split('%').next().unwrap();
    assert!(url.contains("X-Amz-Security-Token=token&"));
    Ok(id.to_owned())
}

/// A provider of its own type, with something to borrow from.
struct Named {
    id: String,
    asked: AtomicUsize,
}

impl Named {
    fn new(id: &str) -> Self {
        Self { id: id.to_owned(), asked: AtomicUsize::new(0) }
    }
}

impl CredentialProvider for Named {
    type Error = ProviderError;

    async fn credentials(&self, _: Timestamp) -> Result<OwnedCredentials, ProviderError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        Ok(credentials(&self.id))
    }
}

#[test]
fn a_type_a_box_and_a_shared_one_are_providers() {
    assert_eq!(signs_as(Named::new("ASIATYPE")).unwrap(), "ASIATYPE");
    let boxed = BoxedProvider::new(Named::new("ASIABOX"));
    assert_eq!(signs_as(boxed).unwrap(), "ASIABOX");
    let named = Arc::new(Named::new("ASIASHARED"));
    let shared = Arc::clone(&named);
    for asked in 1..=3 {
        assert_eq!(signs_as(Arc::clone(&shared)).unwrap(), "ASIASHARED");
        assert_eq!(named.asked.load(Ordering::Relaxed), asked);
    }
    // One of several, chosen at run time, of which each may be another type.
    let closure = |_| async { Ok::<_, io::Error>(credentials("ASIACLOSURE")) };
    let several = [BoxedProvider::new(shared), BoxedProvider::new(closure)];
    let ids = several.map(|provider| signs_as(provider).unwrap());
    assert_eq!(ids, ["ASIASHARED", "ASIACLOSURE"]);
}

#[test]
fn a_closure_may_capture_a_handle_and_is_told_the_time() {
    let times = Arc::new(Mutex::new(Vec::new()));
    let handle = Arc::clone(&times);
    let provider = move |now: Timestamp| {
        let handle = Arc::clone(&handle);
        async move {
            handle.lock().unwrap().push(now);
            Ok::<_, SignerError>(credentials("ASIACLOSURE"))
        }
    };
    assert_eq!(signs_as(provider).unwrap(), "ASIACLOSURE");
    assert_eq!(*times.lock().unwrap(), [now()]);
}

#[derive(Debug, PartialEq, Eq)]
struct Outage(u8);

impl fmt::Display for Outage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "outage {}", self.0)
    }
}

impl std::error::Error for Outage {}

/// The error that a provider failed with.
fn failure(provider: impl CredentialProvider + 'static) -> SignerError {
    signs_as(provider).unwrap_err()
}

#[test]
fn an_error_may_be_a_text_or_any_error() {
    let of_string = |_| async { Err(String::from("no lease")) };
    assert_eq!(failure(of_string).to_string(), "no lease");
    let of_text = |_| async { Err("no lease") };
    assert_eq!(failure(of_text).to_string(), "no lease");
    let of_box = |_| async { Err(ProviderError::from("no lease")) };
    assert_eq!(failure(of_box).to_string(), "no lease");
    let of_io = |_| async { Err(io::Error::other(Outage(1))) };
    assert_eq!(failure(of_io).to_string(), "outage 1");
    let of_type = |_| async { Err(Outage(2)) };
    let error = failure(of_type);
    let SignerError::Provider(inner) = &error else { panic!("{error}") };
    assert_eq!(inner.downcast_ref(), Some(&Outage(2)));
    let source = std::error::Error::source(&error).unwrap();
    assert_eq!(source.downcast_ref(), Some(&Outage(2)));
}

/// As an application keeps it: no type of a provider in sight.
struct State {
    signer: Signer,
}

#[test]
fn a_signer_in_a_struct_is_shared_by_threads() {
    let named = Arc::new(Named::new("ASIASHARED"));
    let shared = Arc::clone(&named);
    let signer = Signer::with_provider(shared, "us-east-1", "s3").unwrap();
    let state = Arc::new(State { signer });
    let presign = |state: &State| {
        let signer = ready(state.signer.ready_at(now())).unwrap();
        signer.presign_at("GET", "https://h/a", Duration::from_secs(900), now()).unwrap()
    };
    let expected = presign(&state);
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let state = Arc::clone(&state);
            thread::spawn(move || (0..50).map(|_| presign(&state)).collect::<Vec<_>>())
        })
        .collect();
    for thread in threads {
        assert!(thread.join().unwrap().iter().all(|url| *url == expected));
    }
    assert_eq!(named.asked.load(Ordering::Relaxed), 1);
}

#[test]
fn signers_and_their_errors_go_between_threads() {
    fn goes<T: Send + Sync + 'static>() {}
    fn is_copied<T: Clone + std::error::Error + Send + Sync + 'static>() {}
    goes::<Signer>();
    goes::<State>();
    goes::<BoxedProvider>();
    is_copied::<SignerError>();
    is_copied::<sigv4::objects::ObjectError>();
    is_copied::<sigv4::objects::BucketError>();
    is_copied::<sigv4::signer::UrlError>();
    #[cfg(feature = "http")]
    goes::<sigv4::HttpSignError>();
}

/// The futures, too: a runtime may move them.
#[test]
fn what_waits_goes_between_threads() {
    fn goes<F: Future + Send>(future: F) -> F {
        future
    }
    let signer = Signer::with_provider(Named::new("ASIAFIRST"), "us-east-1", "s3").unwrap();
    ready(goes(signer.ready_at(now()))).unwrap();
    ready(goes(signer.refresh_at(now()))).unwrap();
    drop(goes(signer.ready()));
    drop(goes(signer.refresh()));
    #[cfg(feature = "http")]
    {
        let request = http::Request::get("https://h/a").body(vec![0]).unwrap();
        drop(goes(signer.sign_when_ready_at(request.clone(), now())));
        drop(goes(signer.sign_when_ready(request)));
    }
    #[cfg(feature = "reqwest")]
    {
        let url = reqwest::Url::parse("https://h/a").unwrap();
        let request = reqwest::Request::new(reqwest::Method::GET, url);
        drop(goes(signer.sign_when_ready(request)));
    }
}

#[cfg(feature = "http")]
mod requests {
    use http::Request;
    use sigv4::{HttpSignError, Signer, SignerError};

    use super::{Named, Outage, now, ready};

    fn get() -> Request<()> {
        Request::get("https://h/a").body(()).unwrap()
    }

    /// Ready and signed in one: the same as one after the other.
    #[test]
    fn a_request_is_signed_once_there_are_credentials() {
        let signer = Signer::with_provider(Named::new("ASIAFIRST"), "us-east-1", "s3").unwrap();
        let mut request = get();
        let early = signer.sign_at(&mut request, now()).unwrap_err();
        assert!(matches!(early, HttpSignError::Signer(SignerError::NoCredentials)), "{early}");
        assert!(request.headers().is_empty());
        let signed = ready(signer.sign_when_ready_at(get(), now())).unwrap();
        assert_eq!(signed.headers(), signer.sign_at(get(), now()).unwrap().headers());
        ready(signer.sign_when_ready_at(&mut request, now())).unwrap();
        assert_eq!(signed.headers(), request.headers());
        let fixed = Signer::new(super::credentials("ASIAFIRST"), "us-east-1", "s3").unwrap();
        let by_fixed = ready(fixed.sign_when_ready_at(get(), now())).unwrap();
        assert_eq!(by_fixed.headers(), signed.headers());
    }

    #[test]
    fn a_provider_that_fails_leaves_the_request_alone() {
        let signer = Signer::with_provider(|_| async { Err(Outage(3)) }, "us-east-1", "s3");
        let (signer, mut request) = (signer.unwrap(), get());
        let refused = ready(signer.sign_when_ready_at(&mut request, now())).unwrap_err();
        assert!(matches!(refused, HttpSignError::Signer(SignerError::Provider(_))), "{refused}");
        assert!(request.headers().is_empty());
        let refused = ready(signer.sign_when_ready(&mut request)).unwrap_err();
        assert_eq!(refused.to_string(), "outage 3");
    }
}
