//! Texts that are not presigned, each beside one that is.

use std::time::Duration;

use sigv4::signer::UrlError;
use sigv4::{ExpiresError, QUERY_PARAMETERS_MAX, RequestError, SignError, SignerError};

use super::{QUARTER, at, signer};

/// A text that is no URL, why, and one beside it that is.
const NO_URLS: [(&str, UrlError, &str); 36] = [
    ("", UrlError::Scheme, "https://h"),
    ("h/a", UrlError::Scheme, "http://h/a"),
    ("/a", UrlError::Scheme, "http://h/a"),
    ("//h/a", UrlError::Scheme, "http://h/a"),
    ("ftp://h/a", UrlError::Scheme, "http://h/a"),
    ("s3://bucket/key", UrlError::Scheme, "https://bucket/key"),
    ("file:///etc/passwd", UrlError::Scheme, "https://h/etc/passwd"),
    ("https:/h/a", UrlError::Scheme, "https://h/a"),
    ("https:h/a", UrlError::Scheme, "https://h/a"),
    (" https://h/a", UrlError::Scheme, "https://h/a"),
    ("https ://h/a", UrlError::Scheme, "https://h/a"),
    ("httpsx://h/a", UrlError::Scheme, "https://h/a"),
    ("://h/a", UrlError::Scheme, "https://h/a"),
    ("https://", UrlError::Host, "https://h"),
    ("https:///a", UrlError::Host, "https://h/a"),
    ("https://?a=b", UrlError::Host, "https://h?a=b"),
    ("https://:443/a", UrlError::Host, "https://h:443/a"),
    ("https://h h/a", UrlError::Host, "https://hh/a"),
    ("https://h\\@h/a", UrlError::UserInformation, "https://h/a"),
    ("https://h\\h/a", UrlError::Host, "https://h/a"),
    ("https://bücher.example/a", UrlError::Host, "https://xn--bcher-kva.example/a"),
    ("https://h%2eh/a", UrlError::Host, "https://h.h/a"),
    ("https://[::1/a", UrlError::Host, "https://[::1]/a"),
    ("https://[::g]/a", UrlError::Host, "https://[::1]/a"),
    ("https://[::1]x/a", UrlError::Host, "https://[::1]:1/a"),
    ("https://::1/a", UrlError::Host, "https://[::1]/a"),
    ("http://127.1/a", UrlError::Host, "http://127.0.0.1/a"),
    ("http://0x7f000001/a", UrlError::Host, "http://0x7f000001.example/a"),
    ("http://127.0.0.256/a", UrlError::Host, "http://127.0.0.255/a"),
    ("https://h:65536/a", UrlError::Port, "https://h:65535/a"),
    ("https://h:-1/a", UrlError::Port, "https://h:1/a"),
    ("https://h:+1/a", UrlError::Port, "https://h:1/a"),
    ("https://h:8o/a", UrlError::Port, "https://h:80/a"),
    ("https://user:password@h/a", UrlError::UserInformation, "https://h/user:password@h/a"),
    ("https://h/a#b", UrlError::Fragment, "https://h/a%23b"),
    ("https://h#", UrlError::Fragment, "https://h/"),
];

#[test]
fn what_is_no_url_is_refused() {
    let signer = signer("s3");
    for (text, expected, neighbour) in NO_URLS {
        match signer.presign_at("GET", text, QUARTER, at()) {
            Err(SignerError::Url(error)) => assert_eq!(error, expected, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
        signer.presign_at("GET", neighbour, QUARTER, at()).unwrap();
    }
}

/// What is refused for its target or method, why, and a neighbour that is not. The rules are S3's.
#[test]
fn what_cannot_be_signed_is_refused() {
    let signer = signer("s3");
    let signature = "0".repeat(64);
    let presigned = signer.presign_at("GET", "https://h/a", QUARTER, at()).unwrap();
    let signed = format!("https://h/a?X-Amz-Signature={signature}");
    let escaped = format!("https://h/a?X%2DAmz-Signature={signature}");
    let other = format!("https://h/a?x-amz-signature={signature}");
    let made = |name| SignError::ParameterAlreadyPresent { name };
    let malformed = |position| RequestError::MalformedEscape { position }.into();
    let invalid = |position| RequestError::InvalidTarget { position }.into();
    let refused: [(&str, &str, SignError, &str); 13] = [
        ("GET", &presigned, made("X-Amz-Algorithm"), "https://h/a?"),
        ("GET", &signed, made("X-Amz-Signature"), &other),
        ("GET", &escaped, made("X-Amz-Signature"), &other),
        (
            "GET",
            "https://h/a+b",
            RequestError::AmbiguousPlus { position: 2 }.into(),
            "https://h/?+",
        ),
        ("GET", "https://h/a%zz", malformed(2), "https://h/a%7A"),
        ("GET", "https://h/a%", malformed(2), "https://h/a%25"),
        ("GET", "https://h/a?b=%f", malformed(5), "https://h/a?b=%0f"),
        ("GET", "https://h/a\tb", invalid(2), "https://h/a%09b"),
        ("GET", "https://h/a\r\nHost: evil", invalid(2), "https://h/a%0D%0AHost"),
        ("GET", "https://h/a\0", invalid(2), "https://h/a%00"),
        ("", "https://h/a", RequestError::InvalidMethod.into(), "https://h/a"),
        ("GET /", "https://h/a", RequestError::InvalidMethod.into(), "https://h/a"),
        ("GÉT", "https://h/a", RequestError::InvalidMethod.into(), "https://h/a"),
    ];
    for (method, url, expected, neighbour) in refused {
        match signer.presign_at(method, url, QUARTER, at()) {
            Err(SignerError::Sign(error)) => assert_eq!(error, expected, "{method} {url}"),
            other => panic!("{method} {url}: {other:?}"),
        }
        signer.presign_at("GET", neighbour, QUARTER, at()).unwrap();
    }
    // Elsewhere nobody decodes a path, but a query has its limit.
    let standard = super::signer("execute-api");
    standard.presign_at("GET", "https://h/a%zz+", QUARTER, at()).unwrap();
    let many = |count| format!("https://h/?{}", "a&".repeat(count));
    standard.presign_at("GET", &many(QUERY_PARAMETERS_MAX), QUARTER, at()).unwrap();
    let refused = standard.presign_at("GET", &many(QUERY_PARAMETERS_MAX + 1), QUARTER, at());
    let expected = SignError::Request(RequestError::TooManyParameters);
    assert!(matches!(refused, Err(SignerError::Sign(error)) if error == expected));
}

#[test]
fn they_are_good_for_one_second_to_seven_days() {
    let signer = signer("s3");
    let presign = |expires| signer.presign_at("GET", "https://h/a", expires, at());
    let refused = [
        (Duration::ZERO, 0),
        (Duration::from_millis(999), 0),
        (Duration::from_secs(604_801), 604_801),
        (Duration::from_secs(1 << 32), u32::MAX),
        (Duration::MAX, u32::MAX),
    ];
    for (expires, seconds) in refused {
        match presign(expires) {
            Err(SignerError::Expires(error)) => assert_eq!(error, ExpiresError { seconds }),
            other => panic!("{other:?}"),
        }
    }
    // The fraction of a second is cut off.
    for (expires, seconds) in [
        (Duration::from_secs(1), 1),
        (Duration::from_millis(1_999), 1),
        (Duration::from_secs(604_800), 604_800),
        (Duration::new(604_800, 999_999_999), 604_800),
    ] {
        let url = presign(expires).unwrap();
        assert!(url.contains(&format!("&X-Amz-Expires={seconds}&")), "{url}");
    }
}
