//! Feature `signer`: when a provider is asked for credentials, and what its
//! answers come to.

use std::fmt;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use sigv4::{CredentialProvider, KeyError, OwnedCredentials, Signer, SignerError, Timestamp};
use tokio::sync::Semaphore;

const MARGIN: i64 = 300;
const RETRY: i64 = 10;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(1_440_938_160 + seconds).unwrap()
}

/// Answers, once it is let, with what it was told to answer.
struct Service {
    asked: AtomicUsize,
    answers: Semaphore,
    answer: Mutex<Result<OwnedCredentials, Outage>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Outage;

impl fmt::Display for Outage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the service does not answer")
    }
}

impl std::error::Error for Outage {}

impl Service {
    fn new() -> Self {
        let answer = Mutex::new(Err(Outage));
        Self { asked: AtomicUsize::new(0), answers: Semaphore::new(0), answer }
    }

    fn will_answer(&self, answer: Result<OwnedCredentials, Outage>) {
        *self.answer.lock().unwrap() = answer;
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

/// What a signer asks: a closure that captures a handle.
fn provider(service: &Arc<Service>) -> impl CredentialProvider + 'static {
    let service = Arc::clone(service);
    move |_: Timestamp| {
        let service = Arc::clone(&service);
        async move {
            service.asked.fetch_add(1, Ordering::Relaxed);
            service.answers.acquire().await.unwrap().forget();
            service.answer.lock().unwrap().clone()
        }
    }
}

fn until(id: &str, seconds: i64) -> OwnedCredentials {
    OwnedCredentials::new(id, "secret").with_session_token("token").with_expiration(at(seconds))
}

fn signer(service: &Arc<Service>) -> Signer {
    Signer::with_provider(provider(service), "us-east-1", "s3").unwrap()
}

/// The access key that signs at a time, if any does.
fn id(signer: &Signer, seconds: i64) -> Result<String, SignerError> {
    Ok(signer.key_for(at(seconds))?.credentials().access_key_id().to_owned())
}

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// What a future comes to that has nothing to wait for.
fn ready<F: Future>(future: F) -> F::Output {
    match poll(pin!(future)) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits"),
    }
}

#[test]
fn nothing_is_signed_before_the_provider_has_answered() {
    let service = Arc::new(Service::new());
    let signer = signer(&service);
    assert!(matches!(id(&signer, 0), Err(SignerError::NoCredentials)));
    service.will_answer(Ok(until("ASIAFIRST", 3600)));
    service.answers.add_permits(1);
    ready(signer.ready_at(at(0))).unwrap();
    assert_eq!(id(&signer, 0).unwrap(), "ASIAFIRST");
    for seconds in [0, 1, 3600 - MARGIN - 1] {
        ready(signer.ready_at(at(seconds))).unwrap();
    }
    assert_eq!(service.asked(), 1, "good ones are not asked for again");
}

#[test]
fn one_asks_and_all_who_have_nothing_wait_for_the_answer() {
    let service = Arc::new(Service::new());
    let signer = signer(&service);
    service.will_answer(Ok(until("ASIAFIRST", 3600)));
    {
        let mut waiting: Vec<_> = (0..10).map(|_| Box::pin(signer.ready_at(at(0)))).collect();
        assert!(waiting.iter_mut().all(|ready| poll(ready.as_mut()).is_pending()));
        assert_eq!(service.asked(), 1);
        service.answers.add_permits(1);
        for ready in &mut waiting {
            assert!(matches!(poll(ready.as_mut()), Poll::Ready(Ok(_))));
        }
    }
    assert_eq!(service.asked(), 1);
    assert_eq!(id(&signer, 0).unwrap(), "ASIAFIRST");
}

#[test]
fn all_who_waited_for_a_failure_get_it_and_who_comes_later_asks_again() {
    let service = Arc::new(Service::new());
    let signer = signer(&service);
    let mut waiting: Vec<_> = (0..10).map(|_| Box::pin(signer.ready_at(at(0)))).collect();
    assert!(waiting.iter_mut().all(|ready| poll(ready.as_mut()).is_pending()));
    service.answers.add_permits(1);
    for ready in &mut waiting {
        let Poll::Ready(Err(SignerError::Provider(error))) = poll(ready.as_mut()) else {
            panic!("no failure");
        };
        assert_eq!(error.downcast_ref(), Some(&Outage));
    }
    assert_eq!(service.asked(), 1);
    service.answers.add_permits(1);
    let refused = ready(signer.ready_at(at(0))).unwrap_err();
    assert_eq!(refused.to_string(), Outage.to_string());
    assert_eq!(service.asked(), 2);
}

#[test]
fn a_caller_who_gives_up_leaves_the_asking_to_the_next() {
    let service = Arc::new(Service::new());
    let signer = signer(&service);
    service.will_answer(Ok(until("ASIAFIRST", 3600)));
    let mut gone = Box::pin(signer.ready_at(at(0)));
    let mut stays = Box::pin(signer.ready_at(at(0)));
    assert!(poll(gone.as_mut()).is_pending() && poll(stays.as_mut()).is_pending());
    drop(gone);
    service.answers.add_permits(1);
    assert!(matches!(poll(stays.as_mut()), Poll::Ready(Ok(_))));
    assert_eq!(service.asked(), 2);
}

#[test]
fn credentials_are_renewed_before_they_expire_while_others_go_on() {
    let service = Arc::new(Service::new());
    let signer = signer(&service);
    service.will_answer(Ok(until("ASIAFIRST", 3600)));
    service.answers.add_permits(1);
    ready(signer.ready_at(at(0))).unwrap();

    service.will_answer(Ok(until("ASIASECOND", 7200)));
    let soon = 3600 - MARGIN;
    let mut asks = pin!(signer.ready_at(at(soon)));
    assert!(poll(asks.as_mut()).is_pending());
    ready(signer.ready_at(at(soon))).unwrap();
    assert_eq!(id(&signer, soon).unwrap(), "ASIAFIRST");
    service.answers.add_permits(1);
    assert!(poll(asks).is_ready());
    assert_eq!(id(&signer, soon).unwrap(), "ASIASECOND");
    assert_eq!(service.asked(), 2);
}

#[test]
fn a_provider_that_fails_is_left_alone_for_a_while_and_what_is_good_signs() {
    let service = Arc::new(Service::new());
    let signer = signer(&service);
    service.will_answer(Ok(until("ASIAFIRST", 3600)));
    service.answers.add_permits(100);
    ready(signer.ready_at(at(0))).unwrap();

    service.will_answer(Err(Outage));
    let soon = 3600 - MARGIN;
    for (seconds, asked) in [(0, 2), (1, 2), (RETRY - 1, 2), (RETRY, 3), (RETRY + 1, 3)] {
        ready(signer.ready_at(at(soon + seconds))).unwrap();
        assert_eq!(service.asked(), asked, "after {seconds} s");
        assert_eq!(id(&signer, soon + seconds).unwrap(), "ASIAFIRST");
    }
    // An answer that is no use is a failure too.
    service.will_answer(Ok(until("ASIAEXPIRED", soon)));
    ready(signer.ready_at(at(soon + 2 * RETRY))).unwrap();
    service.will_answer(Ok(OwnedCredentials::new("", "secret")));
    ready(signer.ready_at(at(soon + 3 * RETRY))).unwrap();
    assert_eq!(service.asked(), 5);
    assert_eq!(id(&signer, soon + 3 * RETRY).unwrap(), "ASIAFIRST");

    // Once they have expired, every failure counts.
    let refused = ready(signer.ready_at(at(3600))).unwrap_err();
    assert!(matches!(refused, SignerError::Key(KeyError::EmptyAccessKeyId)), "{refused}");
    service.will_answer(Ok(until("ASIAEXPIRED", 3600)));
    let refused = ready(signer.ready_at(at(3600))).unwrap_err();
    assert!(matches!(refused, SignerError::Expired { .. }), "{refused}");
    assert!(matches!(id(&signer, 3600), Err(SignerError::Expired { .. })));
    service.will_answer(Ok(until("ASIASECOND", 7200)));
    ready(signer.ready_at(at(3600))).unwrap();
    assert_eq!(id(&signer, 3600).unwrap(), "ASIASECOND");
}

#[test]
fn a_forced_refresh_is_of_an_answer_asked_for_after_the_call() {
    let service = Arc::new(Service::new());
    let signer = signer(&service);
    service.will_answer(Ok(until("ASIAOLD", 3600)));
    let mut under_way = pin!(signer.ready_at(at(0)));
    assert!(poll(under_way.as_mut()).is_pending());
    let mut forced = pin!(signer.refresh_at(at(0)));
    assert!(poll(forced.as_mut()).is_pending());
    service.answers.add_permits(1);
    assert!(poll(under_way).is_ready());
    assert!(poll(forced.as_mut()).is_pending());
    service.will_answer(Ok(until("ASIANEW", 3600)));
    service.answers.add_permits(1);
    assert!(matches!(poll(forced), Poll::Ready(Ok(_))));
    assert_eq!(id(&signer, 0).unwrap(), "ASIANEW");
    assert_eq!(service.asked(), 2);
}

#[test]
fn functions_are_providers_and_fixed_credentials_have_none() {
    async fn provider(_: Timestamp) -> Result<OwnedCredentials, Outage> {
        Ok(until("ASIAFUNCTION", 3600))
    }
    fn is_send(future: impl Future + Send) {
        drop(future);
    }
    let signer = Signer::with_provider(provider, "us-east-1", "s3").unwrap();
    is_send(signer.ready_at(at(0)));
    is_send(signer.refresh_at(at(0)));
    ready(signer.ready_at(at(0))).unwrap();
    assert_eq!(signer.key_for(at(0)).unwrap().credentials().access_key_id(), "ASIAFUNCTION");

    let fixed = Signer::new(until("ASIAFIXED", 10), "us-east-1", "s3").unwrap();
    ready(fixed.ready_at(at(9))).unwrap();
    let refused = ready(fixed.ready_at(at(10))).unwrap_err();
    assert!(matches!(refused, SignerError::Expired { .. }), "{refused}");
    let refused = ready(fixed.refresh_at(at(9))).unwrap_err();
    assert!(matches!(refused, SignerError::NoProvider), "{refused}");
}
