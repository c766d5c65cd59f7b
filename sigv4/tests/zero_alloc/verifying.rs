//! What a server does with a request.

use sigv4::{Body, CredentialScope, Evidence, PresentedSignature, Timestamp, VerifyingKey};

use crate::cases::{BODY, Case, OUT_LEN, REGION, SECRET, SERVICE, now, presented_cases, strict};
use crate::without_allocation;

#[test]
fn deriving_a_verifying_key() {
    let scope = without_allocation(|| CredentialScope::new(now().date(), REGION, SERVICE)).unwrap();
    assert!(without_allocation(|| VerifyingKey::derive("secret", &scope)).is_ok());
    assert!(without_allocation(|| VerifyingKey::derive("", &scope)).is_err());
    assert!(without_allocation(|| CredentialScope::new(now().date(), "a b", "")).is_err());
}

#[test]
fn parsing_what_is_presented() {
    for case in presented_cases() {
        let presented = without_allocation(|| PresentedSignature::parse(&case.request()).is_ok());
        assert!(presented, "{}", case.name);
    }
    for refused in [Case::few(), Case::few().with("authorization", "").targeting("/?a=%")] {
        let request = refused.request();
        assert!(without_allocation(|| PresentedSignature::parse(&request)).is_err());
    }
}

#[test]
fn each_check() {
    for case in presented_cases() {
        let request = case.request();
        let presented = PresentedSignature::parse(&request).unwrap();
        let (rules, token) = (&strict(), case.token.as_str());
        let token = Some(token).filter(|token| !token.is_empty());
        let key = VerifyingKey::derive(SECRET, &presented.scope(rules).unwrap()).unwrap();
        let mut out = vec![0; OUT_LEN];
        let passed = without_allocation(|| {
            presented.check_duplicates(rules)?;
            presented.check_algorithm(rules)?;
            presented.check_syntax()?;
            presented.check_complete(rules)?;
            presented.check_host_signed(rules)?;
            presented.timestamp(rules)?;
            presented.check_time(rules, now())?;
            presented.credential(rules)?;
            presented.scope(rules)?;
            presented.scope_mismatch(rules)?;
            presented.check_scope(rules)?;
            presented.check_session_token(token, rules)?;
            presented.check_signed_headers(&request, rules)?;
            let body = Body::Bytes(BODY);
            let canonical = presented.canonical_request(&request, &body, rules, &mut out)?;
            presented.string_to_sign(canonical.unwrap_or_default(), rules, &mut [0; 256])?;
            presented.check_signature(&request, &body, &key, rules)
        });
        assert_eq!(passed, Ok(None), "{}", case.name);
    }
}

#[test]
fn verifying_both_forms() {
    for case in presented_cases() {
        let request = case.request();
        let rules = &strict();
        let scope = PresentedSignature::parse(&request).unwrap().scope(rules).unwrap();
        let [key, other_key] =
            [SECRET, "other"].map(|secret| VerifyingKey::derive(secret, &scope).unwrap());
        let verify = |key: &VerifyingKey, body: &[u8], now: Timestamp| {
            let session_token = Some(case.token.as_str()).filter(|token| !token.is_empty());
            let evidence = Evidence { key, session_token, body: Body::Bytes(body), now };
            PresentedSignature::parse(&request)?.verify(&request, &evidence, rules)
        };
        let late = Timestamp::from_unix_seconds(now().unix_seconds() + 8 * 86_400).unwrap();
        assert!(without_allocation(|| verify(&key, BODY, now())).is_ok(), "{}", case.name);
        assert!(without_allocation(|| verify(&other_key, BODY, now())).is_err());
        assert!(without_allocation(|| verify(&key, b"other", now())).is_err());
        assert!(without_allocation(|| verify(&key, BODY, late)).is_err());
    }
}

#[test]
fn refused_signatures() {
    let signed = Case::few().signed();
    let (_, authorization) = signed.headers.last().unwrap().clone();
    for (find, replacement) in [
        ("AWS4-HMAC-SHA256", "Bearer"),
        ("/aws4_request", ""),
        ("host;", ""),
        ("SignedHeaders=", "SignedHeaders=absent;"),
        ("Signature=", "Signature=0"),
        ("Credential=", "Extra=1, Credential="),
    ] {
        let mut spoilt = signed.clone();
        spoilt.headers.last_mut().unwrap().1 = authorization.replace(find, replacement);
        let request = spoilt.request();
        let scope = CredentialScope::new(now().date(), REGION, SERVICE).unwrap();
        let key = VerifyingKey::derive(SECRET, &scope).unwrap();
        let body = Body::Bytes(BODY);
        let evidence = Evidence { key: &key, session_token: None, body, now: now() };
        let result = without_allocation(|| {
            PresentedSignature::parse(&request)?.verify(&request, &evidence, &strict())
        });
        assert!(result.is_err(), "{find}");
    }
}
