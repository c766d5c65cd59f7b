//! Whatever is rendered shows neither secret, key, token nor signature.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sigv4::explain::{Mistake, ServerView};
use sigv4::{Body, Credentials, Presented, Request, Timestamp, VerifyRules};

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
            for form in [plain, bytes, escaped, list] {
                assert!(!shown.contains(&form), "{form} in {shown}");
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
    let presented = Presented::parse(&request).unwrap();
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
    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
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
