//! Feature `signer`: the right key for every moment, and never one of credentials
//! that were replaced.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use sigv4::{
    Credentials, KeyError, OwnedCredentials, Payload, Request, SignError, Signature, Signer,
    SignerError, SigningInstant, SigningKey, SigningRules, Timestamp,
};

const ID: &str = "ASIAEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const TOKEN: &str = "FwoGZXIvYXdzEXAMPLE//////////wEaDEXAMPLE==";
const DAY: i64 = 86_400;

fn now() -> Timestamp {
    Timestamp::parse(b"20150830T235959Z").unwrap()
}

fn after(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(now().unix_seconds() + seconds).unwrap()
}

fn signer(credentials: OwnedCredentials) -> Signer {
    Signer::new(credentials, "us-east-1", "iam").unwrap()
}

fn by_instant(instant: &SigningInstant<'_>) -> Signature {
    let headers = [("Host", "iam.amazonaws.com")];
    let request = Request::new("GET", "/", &headers);
    let rules = SigningRules::STANDARD;
    *instant.sign(&request, Payload::EMPTY, &rules, &mut [0; 512]).unwrap().signature()
}

fn by_signer(signer: &Signer, now: Timestamp) -> Result<Signature, SignerError> {
    Ok(by_instant(&signer.key_for(now)?.at(now)?))
}

fn by_hand(credentials: &Credentials<'_>, now: Timestamp) -> Signature {
    let key = SigningKey::derive(credentials, now.date(), "us-east-1", "iam").unwrap();
    by_instant(&key.at(now).unwrap())
}

#[test]
fn signs_as_a_key_derived_by_hand_whatever_the_clock_does() {
    let borrowed = Credentials::new(ID, SECRET).with_session_token(TOKEN);
    let signer = signer(borrowed.into());
    // Over midnight, back, on by a day and a year, and back again.
    for seconds in [0, 1, 2, -1, 0, 1, DAY, 1, 365 * DAY, 0, -DAY, DAY, 1, 0] {
        let now = after(seconds);
        assert_eq!(by_signer(&signer, now).unwrap(), by_hand(&borrowed, now), "{now}");
    }
}

#[test]
fn a_key_is_one_of_its_day() {
    let signer = signer(OwnedCredentials::new(ID, SECRET));
    let key = signer.key_for(now()).unwrap();
    assert!(key.at(after(-10)).is_ok());
    let refused = key.at(after(1)).unwrap_err();
    assert_eq!(refused, SignError::WrongDay { key: now().date(), timestamp: after(1) });
    assert_eq!(key.credentials().access_key_id(), ID);
    assert_eq!((signer.region(), signer.service()), ("us-east-1", "iam"));
    assert_eq!(signer.rules(), &SigningRules::STANDARD);
}

#[test]
fn what_cannot_be_signed_with_is_refused_when_it_is_given() {
    let good = || OwnedCredentials::new(ID, SECRET);
    let new = |credentials, region, service| {
        Signer::new(credentials, region, service).map(|_| ()).unwrap_err()
    };
    assert_eq!(new(OwnedCredentials::new("", SECRET), "r", "s"), KeyError::EmptyAccessKeyId);
    assert_eq!(new(good(), "", "s"), KeyError::EmptyRegion);
    assert_eq!(new(good(), "a/b", "s"), KeyError::InvalidRegion);
    assert_eq!(new(good(), "r", ""), KeyError::EmptyService);

    let signer = signer(good());
    let refused = signer.set_credentials(OwnedCredentials::new(ID, "")).unwrap_err();
    assert_eq!(refused, KeyError::EmptySecretAccessKey);
    let kept = by_signer(&signer, now()).unwrap();
    assert_eq!(kept, by_hand(&Credentials::new(ID, SECRET), now()));
}

#[test]
fn expired_credentials_are_an_error_and_never_a_signature() {
    let expiration = after(1);
    let signer = signer(OwnedCredentials::new(ID, SECRET).with_expiration(expiration));
    assert!(by_signer(&signer, now()).is_ok());
    for late in [after(1), after(2), after(DAY)] {
        match by_signer(&signer, late).unwrap_err() {
            SignerError::Expired { expiration: named, now } => {
                assert_eq!((named, now), (expiration, late));
            }
            other => panic!("{other}"),
        }
    }
    assert!(by_signer(&signer, now()).is_ok(), "a clock that steps back");
}

#[test]
fn a_new_secret_under_the_same_id_counts_at_once() {
    let signer = signer(OwnedCredentials::new(ID, "the first secret"));
    let before = by_signer(&signer, now()).unwrap();
    let kept = signer.key_for(now()).unwrap();
    signer.set_credentials(OwnedCredentials::new(ID, SECRET)).unwrap();
    let expected = by_hand(&Credentials::new(ID, SECRET), now());
    assert_ne!(before, expected);
    assert_eq!(by_signer(&signer, now()).unwrap(), expected);
    assert_eq!(by_instant(&kept.at(now()).unwrap()), before, "it stays what it is");

    let expired = OwnedCredentials::new(ID, SECRET).with_expiration(now());
    signer.set_credentials(expired).unwrap();
    assert!(matches!(by_signer(&signer, now()), Err(SignerError::Expired { .. })));
}

/// One thread changes the secret again and again; the others note which change
/// has returned, sign on either side of midnight, and look which secret it was.
#[test]
fn no_thread_signs_with_a_secret_that_was_replaced() {
    const CHANGES: usize = 300;
    let secret = |n: usize| format!("secret number {n}");
    let times = [now(), after(1), after(DAY + 1)];
    let mut made_with = HashMap::new();
    for n in 0..=CHANGES {
        for now in times {
            let signature = by_hand(&Credentials::new(ID, &secret(n)), now);
            made_with.insert(*signature.as_bytes(), n);
        }
    }
    let signer = signer(OwnedCredentials::new(ID, secret(0)));
    let changed = AtomicUsize::new(0);
    let (signer, changed, made_with) = (&signer, &changed, &made_with);
    thread::scope(|scope| {
        for thread in 0..3 {
            scope.spawn(move || {
                let mut seen = 0;
                for turn in thread.. {
                    let least = changed.load(Ordering::SeqCst);
                    let signature = by_signer(signer, times[turn % times.len()]).unwrap();
                    let n = made_with[signature.as_bytes()];
                    assert!(n >= least, "signed with {n} after {least} had returned");
                    assert!(n >= seen, "signed with {n} after {seen}");
                    seen = n;
                    if least == CHANGES {
                        break;
                    }
                }
            });
        }
        for n in 1..=CHANGES {
            signer.set_credentials(OwnedCredentials::new(ID, secret(n))).unwrap();
            changed.store(n, Ordering::SeqCst);
            thread::yield_now();
        }
    });
}

#[test]
fn it_is_shared_between_threads_and_shows_nothing() {
    fn is_shared<T: Send + Sync>(_: &T) {}
    let credentials = OwnedCredentials::new(ID, SECRET).with_session_token(TOKEN);
    let signer = signer(credentials);
    let key = signer.key_for(now()).unwrap();
    is_shared(&signer);
    is_shared(&key);
    let shown = format!("{signer:?} {key:?} {:?}", signer.key_for(now()));
    for piece in [SECRET, TOKEN].iter().flat_map(|secret| secret.as_bytes().windows(8)) {
        assert!(!shown.contains(str::from_utf8(piece).unwrap()), "{shown}");
    }
    assert!(shown.contains("us-east-1"));
}

#[cfg(feature = "http")]
#[test]
fn requests_of_the_http_crate_are_signed_in_place() {
    let signer = signer(OwnedCredentials::new(ID, SECRET));
    let mut request = http::Request::get("https://iam.amazonaws.com/").body(()).unwrap();
    signer.sign_with_at(&mut request, Payload::EMPTY, now()).unwrap();
    let expected = by_signer(&signer, now()).unwrap().to_string();
    assert!(request.headers()["authorization"].to_str().unwrap().ends_with(&expected));
    let mut nameless = http::Request::get("/").body(()).unwrap();
    let refused = signer.sign_with_at(&mut nameless, Payload::EMPTY, now()).unwrap_err();
    assert!(matches!(refused, sigv4::HttpSignError::Sign(_)), "{refused}");
}
