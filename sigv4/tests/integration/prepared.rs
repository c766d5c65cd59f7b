//! What a caller of prepared requests may rely on, besides equal signatures.
//!
//! That the signatures are those of requests signed one by one is in `suite.rs`
//! and `properties.rs`.

use sigv4::{
    Credentials, Payload, PreparedRequest, Request, RequestError, SignError, SigningKey,
    SigningRules, Timestamp,
};

const TOKEN: &str = "FwoGZXIvYXdzEXAMPLE//////////wEaDEXAMPLE==";
const HEADERS: [(&str, &str); 2] = [("Host", "example.com"), ("Content-Type", "text/plain")];

fn now() -> Timestamp {
    Timestamp::from_unix_seconds(1_440_938_160).unwrap()
}

fn key() -> SigningKey<'static> {
    let credentials = Credentials::new("AKIDEXAMPLE", "secret").with_session_token(TOKEN);
    SigningKey::derive(&credentials, now().date(), "us-east-1", "service").unwrap()
}

#[test]
fn the_stated_length_is_enough_and_one_byte_less_is_not() {
    let (key, request) = (key(), Request::new("POST", "/a?b=c", &HEADERS));
    let instant = key.at(now()).unwrap();
    for rules in [SigningRules::STANDARD, SigningRules::S3] {
        let needed = instant.prepared_len(&request, &rules).unwrap();
        let mut buffer = vec![7; needed];
        assert!(instant.prepare(&request, &rules, &mut buffer).is_ok());
        let short = &mut buffer[..needed - 1];
        let refused = instant.prepare(&request, &rules, short).err();
        assert_eq!(refused, Some(SignError::BufferTooSmall { needed, available: needed - 1 }));
        assert!(short.iter().all(|&byte| byte == 0), "nothing half-done is left behind");
    }
    let standard = instant.prepared_len(&request, &SigningRules::STANDARD).unwrap();
    let authorization =
        instant.authorization_len(&request, Payload::EMPTY, &SigningRules::STANDARD).unwrap();
    assert_eq!(standard, authorization, "only a declared payload needs more");
}

#[test]
fn a_prepared_request_needs_neither_its_request_nor_its_instant() {
    fn prepare<'a>(key: &'a SigningKey<'_>, buffer: &'a mut [u8]) -> PreparedRequest<'a> {
        let (target, headers) = (String::from("/a"), Vec::from(HEADERS));
        let request = Request::new("POST", &target, headers.as_slice());
        key.at(now()).unwrap().prepare(&request, &SigningRules::S3, buffer).unwrap()
    }
    let (key, mut buffer, mut out) = (key(), [0; 1024], [0; 1024]);
    let mut prepared = prepare(&key, &mut buffer);
    assert_eq!(prepared.timestamp(), now());
    let (request, payload) = (Request::new("POST", "/a", &HEADERS), Payload::Bytes(b"body"));
    let alone = key.at(now()).unwrap();
    let alone = alone.sign(&request, payload, &SigningRules::S3, &mut out).unwrap();
    let signed = prepared.sign(payload);
    assert!(signed.headers().eq(alone.headers()));
}

#[test]
fn what_could_not_be_signed_cannot_be_prepared() {
    let key = key();
    let instant = key.at(now()).unwrap();
    let refused = |target: &str, extra: (&str, &str), rules: &SigningRules<'_>| {
        let headers = [HEADERS[0], extra];
        let request = Request::new("POST", target, &headers);
        let mut buffer = [0; 1024];
        let refused = instant.prepare(&request, rules, &mut buffer).err();
        assert_eq!(instant.prepared_len(&request, rules).err(), refused);
        assert!(refused.is_none() || buffer == [0; 1024]);
        refused
    };
    let (standard, s3) = (&SigningRules::STANDARD, &SigningRules::S3);
    let other = ("Accept", "*/*");
    assert_eq!([refused("/", other, standard), refused("/", other, s3)], [None, None]);
    let position = 1;
    assert_eq!(
        refused("/\0", other, standard),
        Some(SignError::Request(RequestError::InvalidTarget { position }))
    );
    assert_eq!(
        refused("/", ("Accept", "\0"), standard),
        Some(SignError::Request(RequestError::InvalidHeaderValue { index: 1 }))
    );
    assert_eq!(
        refused("/", ("X-Amz-Date", "now"), standard),
        Some(SignError::HeaderAlreadyPresent { name: "x-amz-date" })
    );
    let declared = ("X-Amz-Content-SHA256", "UNSIGNED-PAYLOAD");
    assert_eq!(refused("/", declared, standard), Some(SignError::ContentSha256Mismatch));
    let name = "x-amz-content-sha256";
    assert_eq!(refused("/", declared, s3), Some(SignError::HeaderAlreadyPresent { name }));
}
