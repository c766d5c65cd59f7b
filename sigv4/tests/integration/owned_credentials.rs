//! Credentials that own their strings sign as borrowed ones do.

use sigv4::{Credentials, KeyError, OwnedCredentials, Payload, Request, SigningKey, SigningRules};
use sigv4::{SignError, Timestamp};

const ID: &str = "ASIAEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const TOKEN: &str = "FwoGZXIvYXdzEXAMPLE//////////wEaDEXAMPLE==";

fn now() -> Timestamp {
    Timestamp::parse(b"20150830T123600Z").unwrap()
}

fn authorization(credentials: &Credentials<'_>) -> Result<String, SignError> {
    let key = SigningKey::derive(credentials, now().date(), "us-east-1", "iam").unwrap();
    let headers = [("Host", "iam.amazonaws.com")];
    let request = Request::new("GET", "/", &headers);
    let mut buffer = [0; 512];
    let (instant, rules) = (key.at(now())?, SigningRules::STANDARD);
    let signed = instant.sign(&request, Payload::EMPTY, &rules, &mut buffer)?;
    Ok(format!("{:?} {}", signed.x_amz_security_token(), signed.authorization()))
}

#[test]
fn the_signature_is_that_of_the_borrowed_credentials() {
    let long_term = Credentials::new(ID, SECRET);
    for borrowed in [long_term, long_term.with_session_token(TOKEN)] {
        let owned = OwnedCredentials::from(borrowed);
        let signed = authorization(&owned.as_credentials()).unwrap();
        assert_eq!(signed, authorization(&borrowed).unwrap());
        assert_eq!(owned.session_token(), borrowed.session_token());
        assert_eq!(owned.access_key_id(), ID);
        let built = OwnedCredentials::new(ID, SECRET.to_owned());
        let built = built.with_session_token(borrowed.session_token().unwrap_or_default());
        assert_eq!(authorization(&built.clone().as_credentials()).unwrap(), signed);
    }
}

#[test]
fn they_expire_in_the_second_that_is_named() {
    let at = |seconds| Timestamp::from_unix_seconds(now().unix_seconds() + seconds).unwrap();
    let forever = OwnedCredentials::new(ID, SECRET);
    assert_eq!(forever.expiration(), None);
    assert!(!forever.is_expired(at(1_000_000_000)));
    let temporary = forever.with_expiration(now());
    assert_eq!(temporary.expiration(), Some(now()));
    assert!(!temporary.is_expired(at(-1)));
    assert!(temporary.is_expired(now()) && temporary.is_expired(at(1)));
}

#[test]
fn what_they_are_made_of_is_checked_when_a_key_is_derived() {
    let broken = OwnedCredentials::new(ID, format!("{SECRET}\n"));
    let refused =
        SigningKey::derive(&broken.as_credentials(), now().date(), "us-east-1", "iam").unwrap_err();
    assert_eq!(refused, KeyError::SecretEndsWithLineBreak);
}
