//! What signing refuses, and how much room it wants.

use sigv4::sigv4a::{RegionSet, Signature, SigningKey};
use sigv4::{
    Credentials, KeyError, Payload, Request, RequestError, SignError, SigningRules, Timestamp,
};

const RULES: SigningRules<'static> = SigningRules::STANDARD;

fn with_key<R>(then: impl FnOnce(&SigningKey<'_>) -> R) -> R {
    let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    then(&SigningKey::derive(&credentials, RegionSet::ALL, "orders").unwrap())
}

fn now() -> Timestamp {
    Timestamp::parse(b"20150830T123600Z").unwrap()
}

#[test]
fn what_signing_makes_must_not_be_there_yet() {
    with_key(|key| {
        let (instant, mut out) = (key.at(now()), [0; 1024]);
        let host = ("Host", "example.com");
        let headers = [host, ("X-Amz-Region-Set", "us-east-1")];
        let request = Request::new("GET", "/", &headers);
        let refused = SignError::HeaderAlreadyPresent { name: "x-amz-region-set" };
        let payload = Payload::EMPTY;
        assert_eq!(instant.sign(&request, payload, &RULES, &mut out).unwrap_err(), refused);
        assert_eq!(
            instant.authorization_len_max(&request, Payload::EMPTY, &RULES).unwrap_err(),
            refused
        );
        assert_eq!(
            instant.canonical_request(&request, payload, &RULES, &mut out).unwrap_err(),
            refused
        );
        let presigned = instant.presign(&request, payload, None, &RULES, &mut out);
        assert_eq!(presigned.unwrap_err(), refused);
        let len = instant.presigned_len_max(&request, payload, None, &RULES);
        assert_eq!(len.unwrap_err(), refused);

        let headers = [host];
        for target in ["/?X-Amz-Region-Set=a", "/?X-Amz-Region%2dSet=a"] {
            let request = Request::new("GET", target, &headers);
            let refused = SignError::ParameterAlreadyPresent { name: "X-Amz-Region-Set" };
            let presigned = instant.presign(&request, payload, None, &RULES, &mut out);
            assert_eq!(presigned.unwrap_err(), refused);
            // In header form it is a parameter like any other.
            assert!(instant.sign(&request, payload, &RULES, &mut out).is_ok());
        }
        let request = Request::new::<_, _>("GET", "/", &[] as &[(&str, &str)]);
        let refused = SignError::Request(RequestError::MissingHost);
        assert_eq!(instant.sign(&request, payload, &RULES, &mut out).unwrap_err(), refused);
    });
}

#[test]
fn room_for_the_longest_signature_is_wanted_and_enough() {
    with_key(|key| {
        let instant = key.at(now());
        let headers = [("Host", "example.com")];
        let mut lens = [0; 2];
        for number in 0..40 {
            let target = format!("/?number={number}");
            let request = Request::new("GET", &target, &headers);
            let len_max = instant.authorization_len_max(&request, Payload::EMPTY, &RULES).unwrap();
            let mut out = vec![7; len_max];
            let signed = instant.sign(&request, Payload::EMPTY, &RULES, &mut out).unwrap();
            let unused = Signature::HEX_LEN_MAX - signed.signature().to_string().len();
            assert_eq!(signed.authorization().len(), len_max - unused);
            lens[usize::from(unused > 2)] += 1;
            let short = SignError::BufferTooSmall { needed: len_max, available: len_max - 1 };
            let mut out = vec![7; len_max - 1];
            let refused = instant.sign(&request, Payload::EMPTY, &RULES, &mut out);
            assert_eq!(refused.unwrap_err(), short);
            assert!(out.iter().all(is_untouched_or_zero));

            let len_max =
                instant.presigned_len_max(&request, Payload::EMPTY, None, &RULES).unwrap();
            let mut out = vec![7; len_max];
            let presigned =
                instant.presign(&request, Payload::EMPTY, None, &RULES, &mut out).unwrap();
            let unused = Signature::HEX_LEN_MAX - presigned.signature().to_string().len();
            assert_eq!(presigned.target().len(), len_max - unused);
            let mut out = vec![7; len_max - 1];
            let refused = instant.presign(&request, Payload::EMPTY, None, &RULES, &mut out);
            let short = SignError::BufferTooSmall { needed: len_max, available: len_max - 1 };
            assert_eq!(refused.unwrap_err(), short);
            assert!(out.iter().all(is_untouched_or_zero));
        }
        assert!(lens.iter().all(|count| *count > 0), "only signatures of one length: {lens:?}");
    });
}

#[test]
fn the_added_headers_are_listed() {
    let credentials = Credentials::new("AKID", "secret").with_session_token("token");
    let regions = RegionSet::new("a,b").unwrap();
    let key = SigningKey::derive(&credentials, regions, "s3").unwrap();
    let headers = [("Host", "example.com")];
    let request = Request::new("GET", "/", &headers);
    let mut out = [0; 512];
    let instant = key.at(now());
    let signed = instant.sign(&request, Payload::UNSIGNED, &SigningRules::S3, &mut out).unwrap();
    let names: Vec<_> = signed.headers().map(|(name, _)| name).collect();
    let expected = [
        "x-amz-date",
        "x-amz-security-token",
        "x-amz-content-sha256",
        "x-amz-region-set",
        "authorization",
    ];
    assert_eq!(names, expected);
    assert_eq!(signed.x_amz_region_set(), Some("a,b"));
    assert_eq!(signed.x_amz_content_sha256(), Some("UNSIGNED-PAYLOAD"));
}

#[test]
fn what_no_key_can_be_derived_from_is_refused() {
    let derive = |id, secret, service| {
        let credentials = Credentials::new(id, secret);
        SigningKey::derive(&credentials, RegionSet::ALL, service).map(|_| ())
    };
    assert_eq!(derive("", "secret", "s3"), Err(KeyError::EmptyAccessKeyId));
    assert_eq!(derive("A,B", "secret", "s3"), Err(KeyError::InvalidAccessKeyId));
    assert_eq!(derive("AKID", "", "s3"), Err(KeyError::EmptySecretAccessKey));
    assert_eq!(derive("AKID", "secret\n", "s3"), Err(KeyError::SecretEndsWithLineBreak));
    assert_eq!(derive("AKID", "secret", ""), Err(KeyError::EmptyService));
    assert_eq!(derive("AKID", "secret", "a/b"), Err(KeyError::InvalidService));
    let long = "s".repeat(65);
    assert_eq!(derive("AKID", "secret", &long), Err(KeyError::ServiceTooLong { len: 65 }));
    let long = "A".repeat(129);
    assert_eq!(derive(&long, "secret", "s3"), Err(KeyError::AccessKeyIdTooLong { len: 129 }));
    let credentials = Credentials::new("AKID", "secret").with_session_token("to ken");
    let refused = SigningKey::derive(&credentials, RegionSet::ALL, "s3").unwrap_err();
    assert_eq!(refused, KeyError::InvalidSessionToken);
}

/// What is left of a buffer that was filled with sevens.
fn is_untouched_or_zero(byte: &u8) -> bool {
    matches!(byte, 0 | 7)
}
