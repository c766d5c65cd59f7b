//! Whatever is rendered shows neither secret, key, token nor signature.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sigv4::explain::{Mistake, ServerView};
use sigv4::{Body, Credentials, PresentedSignature, Request, Timestamp, VerifyRules};

use super::cases::{CASES, Case};

/// Fails if `shown` holds a piece of twelve bytes of anything sensitive, in
/// plain, percent-encoded, in hexadecimal digits or as a list of numbers.
fn assert_silent(shown: &str, sensitive: &[Vec<u8>]) {
    for text in sensitive {
        for piece in text.windows(12) {
            let plain = String::from_utf8_lossy(piece).into_owned();
            let bytes = hex::encode(piece);
            let escaped: String = piece
                .iter()
                .map(|byte| match char::from(*byte) {
                    plain if plain.is_ascii_alphanumeric() => plain.to_string(),
                    _ => format!("%{byte:02X}"),
                })
                .collect();
            let list = piece.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
            for spelling in [plain, bytes, escaped, list] {
                assert!(!shown.contains(&spelling), "{spelling} in {shown}");
            }
        }
    }
}

/// The secret, the tokens, the keys of the derivation, and the signature that
/// would be right.
fn sensitive(case: &Case) -> Vec<Vec<u8>> {
    let mut sensitive: Vec<_> =
        case.sensitive().iter().map(|text| text.as_bytes().to_vec()).collect();
    let request = Request::new(&case.method, &case.target, case.headers.as_slice());
    let rules = case.rules();
    let presented = PresentedSignature::parse(&request).unwrap();
    // What is presented is in the request, but it is a credential.
    let signature = presented.signature(&rules).unwrap().to_string();
    sensitive.push(signature.into_bytes());
    let credential = presented.credential(&rules).unwrap();
    let mut key = format!("AWS4{}", case.secret).into_bytes();
    for part in [credential.date, credential.region, credential.service, credential.terminator] {
        key = mac(&key, part.to_string().as_bytes());
        sensitive.push(key.clone());
    }
    // Where the reason is another one, the right signature cannot be told.
    let (mut canonical, mut string) = (vec![0; 1 << 14], vec![0; 1 << 10]);
    let canonical = presented.canonical_request(&request, &case.body(), &rules, &mut canonical);
    if let Ok(canonical) = canonical {
        let canonical = canonical.unwrap();
        if let Ok(string) = presented.string_to_sign(canonical, &rules, &mut string) {
            let expected = mac(&key, string.unwrap());
            sensitive.extend([hex::encode(&expected).into_bytes(), expected]);
        }
    }
    sensitive
}

fn mac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

#[test]
fn no_explanation_shows_what_is_sensitive() {
    let mut with_expected = 0;
    for case in CASES.iter() {
        let explanation = case.explain();
        let shown = format!("{explanation} {explanation:?}");
        let sensitive = sensitive(case);
        assert_silent(&shown, &sensitive);
        with_expected += usize::from(sensitive.len() >= 8);
    }
    // Secret, presented signature, four keys, and the right signature twice.
    assert!(with_expected >= 120, "the right signature of {with_expected} is known");
}

#[test]
fn what_a_client_puts_in_the_wrong_place_is_not_shown() {
    const TOKEN: &str = "FwoGZXIvYXdzEXAMPLE//////////wEaDEXAMPLE==";
    let silent = [SECRET, TOKEN].map(|text| text.as_bytes().to_vec());
    let authorization = |id: &str| {
        let signature = "0".repeat(64);
        format!(
            "AWS4-HMAC-SHA256 Credential={id}/20150830/us-east-1/service/aws4_request, \
             SignedHeaders=host;x-amz-date;x-amz-security-token;x-note, Signature={signature}"
        )
    };
    let encoded = "wJalrXUtnFEMI%2FK7MDENG%2BbPxRfiCYEXAMPLEKEY";
    // The secret as the id, in a header, in the path and, encoded, in the query.
    let headers = [
        ("host", "example.com".to_owned()),
        ("x-amz-date", "20150830T123600Z".to_owned()),
        ("x-amz-security-token", TOKEN.to_owned()),
        ("x-note", format!("key {SECRET}")),
        ("authorization", authorization(SECRET)),
    ];
    let target = format!("/{encoded}?X-Amz-Security-Token={encoded}&b={encoded}");
    let request = Request::new("GET", &target, headers.as_slice());
    let now = Timestamp::parse(b"20150830T123600Z").unwrap();
    let other = format!(
        "GET\n/{SECRET}\nx-amz-security-token={TOKEN}\nhost:{SECRET}\nx-amz-date:1\n\
         x-amz-security-token:{TOKEN}2\nx-note:{TOKEN}\n\nhost\n{SECRET}"
    );
    for (token, other_text) in
        [(None, None), (Some(TOKEN), None), (Some(TOKEN), Some(other.as_str()))]
    {
        let credentials =
            Credentials::new("AKIDEXAMPLE", SECRET).with_session_token(token.unwrap_or_default());
        let rules = VerifyRules::strict("us-east-1", "service");
        let view =
            ServerView { other_text, ..ServerView::new(credentials, Body::Bytes(b""), now, rules) };
        let explanation = view.explain(&request).unwrap();
        assert_silent(&format!("{explanation} {explanation:?} {view:?}"), &silent);
        assert!(explanation.mistakes().contains(&Mistake::OtherAccessKey), "{explanation}");
        assert_eq!(explanation.comparison().is_some(), other_text.is_some());
    }
}

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// The token of somebody else, which is not on file: only its name tells what it is.
const STRANGE_TOKEN: &str = "IQoJb3JpZ2luX2VjEXAMPLE0strange0token";

fn explain(target: &str, headers: &[(&str, &str)], other_text: Option<&str>) -> String {
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
         SignedHeaders=host;x-amz-date, Signature={}",
        "0123456789abcdef".repeat(4)
    );
    let mut headers = headers.to_vec();
    headers.push(("host", "example.com"));
    headers.push(("x-amz-date", "20150830T123600Z"));
    headers.push(("authorization", &authorization));
    let now = Timestamp::parse(b"20150830T123600Z").unwrap();
    let rules = VerifyRules::iam("service");
    let credentials = Credentials::new("AKIDEXAMPLE", SECRET);
    let view = ServerView {
        other_text,
        steps_max: 1_000,
        ..ServerView::new(credentials, Body::Bytes(b""), now, rules)
    };
    let explanation = view.explain(&Request::new("GET", target, headers.as_slice())).unwrap();
    assert!(explanation.comparison().is_some() || other_text.is_none());
    format!("{explanation} {explanation:?} {view:?}")
}

#[test]
fn a_token_is_hidden_however_its_name_is_spelled() {
    let names = [
        "X-Amz-Security-Token",
        "x-amz-security-token",
        "X-Amz-Security%2DToken",
        "X-Amz-Security%2dToken",
        "%58-Amz-Security-Token",
        "%2558-%41mz-Security-Token",
        "%25252558-Amz-Security-Token",
        "%%35%38-Amz-Security-Token",
        "X-Amz-S3session-Token",
        "X-Amz-S3session%2DToken",
        "X-Amz-%53ignature",
        "Signature",
        "X-Amz-Server-Side-Encryption-Customer-Key",
    ];
    for name in names {
        for text in [
            format!("GET\n/\na=1&{name}={STRANGE_TOKEN}&z=2\nhost:example.com\n\nhost\nabc"),
            format!("GET\n/?{name}={STRANGE_TOKEN}\n\nhost:example.com\n\nhost\nabc"),
            format!("GET\n/%3F{name}%3D{STRANGE_TOKEN}%26\n\nhost:example.com\n\nhost\nabc"),
            format!("GET\n/\n\nhost:example.com\n{name}:{STRANGE_TOKEN}\n\nhost\nabc"),
            format!("GET\n/\n\nhost:example.com\n{name} : {STRANGE_TOKEN}\n\nhost\nabc"),
            // No canonical request, but the request itself.
            format!("GET / HTTP/1.1\nhost: h\n{name}: {STRANGE_TOKEN}\nx: 1\n\nhost\nabc"),
            format!("GET /?{name}={STRANGE_TOKEN} HTTP/1.1\nhost: h\na: b\nx: 1\n\nhost\nabc"),
            format!("AWS4-HMAC-SHA256 {name}={STRANGE_TOKEN}\n1\n2\n3"),
        ] {
            let shown = explain("/", &[], Some(&text));
            assert_silent(&shown, &[STRANGE_TOKEN.into()]);
            assert!(shown.contains("[redacted]"), "{text}\n{shown}");
        }
    }
}

#[test]
fn a_name_that_merely_resembles_hides_nothing() {
    for name in [
        "X-Amz-Security-Tokens",
        "My-X-Amz-Security-Token",
        "X-Amz-Security_Token",
        "X-Amz-Security-Toke",
        "X-Amz-Security%252DToke",
        "X-Amz-SignedHeaders",
        "X-Amz-Server-Side-Encryption-Customer-Key-MD5",
    ] {
        let text = format!(
            "GET\n/{name}\na=1&{name}=v4lue&z=2\nhost:example.com\n{name}:v4lue\n\n\
             host;{name}\nabc"
        );
        let shown = explain("/", &[], Some(&text));
        assert!(!shown.contains("redacted"), "{name}: {shown}");
        assert_eq!(shown.matches("v4lue").count(), 4, "{name}: {shown}");
    }
    // A list names what it does not hold.
    let text = "GET\n/\n\nhost:h\nx-amz-security-token:t\n\nhost;x-amz-security-token\nabc";
    let shown = explain("/", &[], Some(text));
    assert!(shown.contains("there: host;x-amz-security-token\n"), "{shown}");
    assert!(shown.contains("there: [redacted], 1 bytes\n"), "{shown}");
}

#[test]
fn a_token_is_hidden_wherever_pieces_of_it_stand() {
    let (front, back) = STRANGE_TOKEN.split_at(STRANGE_TOKEN.len() / 2);
    let encoded: String = STRANGE_TOKEN.bytes().map(|byte| format!("%25{byte:02x}")).collect();
    // Of these the request itself tells that they are tokens.
    let target = format!("/?X-Amz-S3session%2DToken={STRANGE_TOKEN}");
    let header = [("x-amz-s3session-token", STRANGE_TOKEN)];
    for (target, headers) in [(target.as_str(), [].as_slice()), ("/", header.as_slice())] {
        for text in [
            format!("GET\n/{STRANGE_TOKEN}\na={front}\nhost:{back}\n\nhost\n{STRANGE_TOKEN}"),
            format!("GET\n/{encoded}\n{}\nx:a\n\nhost\nabc", STRANGE_TOKEN.to_lowercase()),
            // A log broke the line.
            format!("GET\n/\n\nhost:h\nx-note:{front}\n{back}\nhost\nabc"),
        ] {
            let shown = explain(target, headers, Some(&text)).to_lowercase();
            assert_silent(&shown, &[STRANGE_TOKEN.to_lowercase().into()]);
        }
    }
    // A line that was broken behind the name of a token of which nothing is known.
    let text = format!("GET\n/\n\nhost:h\nx-amz-security-token:{front}\n{back}0XYZ0\nhost\nabc");
    assert_silent(&explain("/", &[], Some(&text)), &[STRANGE_TOKEN.into()]);
}
