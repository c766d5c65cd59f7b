//! Feature `signer`: a presigned URL from the text of one.
//!
//! What others presign is in `testdata/sigv4`: the cases of `urls.toml` have the text that an
//! application has, and what clients send of it. Where they cannot say, the naive
//! reference signer does.

mod refused;

use std::sync::LazyLock;
use std::time::Duration;

use sigv4::{OwnedCredentials, PathEncoding, Signer, SignerError, SigningRules, Timestamp};

use crate::cases::signing::{self, Case};
use crate::reference::{self, Encoding, Form, Input, Parameter, TokenName, target_parts};
use crate::signer::{front_door, now};

static CASES: LazyLock<Vec<Case>> = LazyLock::new(signing::load_all);

/// The cases that have a URL.
fn urls() -> impl Iterator<Item = (&'static Case, &'static str)> {
    let of_query = CASES.iter().filter(|case| case.input.form == Form::Query);
    of_query.filter_map(|case| Some((case, case.url.as_deref()?)))
}

fn host(input: &Input) -> &str {
    let (_, value) = input.headers.iter().find(|(name, _)| name == "Host").expect("a host");
    str::from_utf8(value).unwrap()
}

fn presign(case: &Case, url: &str) -> Result<String, SignerError> {
    let input = &case.input;
    let expires = Duration::from_secs(input.expires.expect("an expiry").into());
    front_door(input, case.lines).presign_at(&*input.method, url, expires, now(input))
}

/// Scheme and host, the path, and the parameters, decoded and in order.
fn parts(url: &str) -> (&str, Vec<u8>, Vec<Parameter>) {
    let host_at = url.find("://").unwrap() + "://".len();
    let host_len = url[host_at..].find('/').unwrap();
    let (origin, target) = url.split_at(host_at + host_len);
    let (path, parameters) = target_parts(target.as_bytes());
    (origin, path, parameters)
}

#[test]
fn are_presigned_as_by_others() {
    assert!(urls().count() >= 50);
    for (case, url) in urls() {
        let made = presign(case, url).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        let scheme = url.split("://").next().unwrap().to_ascii_lowercase();
        let origin = format!("{scheme}://{}", host(&case.input));
        let expected = case.expected.signed_target.as_deref().unwrap();
        let (path, parameters) = target_parts(expected);
        assert_eq!(parts(&made), (&*origin, path, parameters), "{}", case.name);
    }
}

/// Every other case of a presigned request that a URL can say: no header but the host, and of
/// the body what goes without saying.
#[test]
fn are_presigned_like_requests() {
    let mut count = 0;
    for case in CASES.iter().filter(|case| case.input.form == Form::Query) {
        let input = &case.input;
        let Ok(target) = str::from_utf8(&input.target) else { continue };
        let payload = match input.encoding {
            Encoding::Once => Some("UNSIGNED-PAYLOAD"),
            Encoding::Twice | Encoding::AsSent => None,
        };
        let is_sayable = input.headers.len() == 1
            && input.body.is_empty()
            && input.payload.as_deref() == payload
            && input.expires.is_some()
            && case.url.is_none()
            // Which `presign` escapes for all who get the URL.
            && target.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_sayable {
            continue;
        }
        let url = format!("https://{}{target}", host(input));
        let made = presign(case, &url).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        let (path, parameters) = target_parts(case.expected.signed_target.as_deref().unwrap());
        let origin = format!("https://{}", host(input));
        assert_eq!(parts(&made), (&*origin, path, parameters), "{}", case.name);
        count += 1;
    }
    assert!(count >= 28, "only {count} cases");
}

/// Whoever parses a presigned URL sends what was signed.
#[cfg(feature = "reqwest")]
#[test]
fn are_not_changed_by_those_who_open_them() {
    for (case, url) in urls().filter(|(_, url)| url.starts_with("http")) {
        let made = presign(case, url).unwrap();
        let opened = reqwest::Url::parse(&made).unwrap();
        // Who opens URLs of objects with such segments is told so by `to_reqwest`.
        let has_dots = made.contains("/../") || made.contains("/./");
        assert_eq!(opened.as_str() == made, !has_dots, "{}: {opened}", case.name);
    }
}

/// What the cases say that clients send, a client says too.
#[cfg(feature = "reqwest")]
#[test]
fn are_read_as_clients_read_them() {
    // Of these it sends another path, so that what is sent depends on who opens the URL: dot
    // segments are resolved, and a blank at the end is cut off. The marks it sends are part of those
    // that are escaped, since the URL is to be the same for all.
    let others =
        ["url-blank-last", "url-marks", "url-marks-standard", "url-dots", "url-dots-standard"];
    for (case, url) in urls().filter(|(_, url)| !url.starts_with("ws")) {
        let read = reqwest::Url::parse(url).unwrap();
        let port = read.port().map_or(String::new(), |port| format!(":{port}"));
        let host_read = format!("{}{port}", read.host_str().unwrap());
        assert_eq!(host_read, host(&case.input), "{}", case.name);
        let query = read.query().map_or(String::new(), |query| format!("?{query}"));
        let target = format!("{}{query}", read.path());
        let is_same = target_parts(target.as_bytes()) == target_parts(&case.input.target);
        assert_eq!(is_same, !others.contains(&&*case.name), "{}: {target}", case.name);
    }
}

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

fn signer(service: &str) -> Signer {
    let credentials = OwnedCredentials::new("AKIDEXAMPLE", SECRET);
    Signer::new(credentials, "us-east-1", service).unwrap()
}

fn at() -> Timestamp {
    Timestamp::parse(b"20150830T123600Z").unwrap()
}

const QUARTER: Duration = Duration::from_secs(900);

#[test]
fn a_method_may_be_a_text_or_one_of_the_http_crate() {
    let signer = signer("s3");
    let presign = |method: &str| signer.presign_at(method, "https://h/a", QUARTER, at()).unwrap();
    let put = presign("PUT");
    assert_ne!(put, presign("put"), "it is signed as it is");
    assert_ne!(put, presign("GET"));
    let owned = String::from("PUT");
    assert_eq!(put, signer.presign_at(&owned, "https://h/a", QUARTER, at()).unwrap());
    #[cfg(feature = "http")]
    for method in [http::Method::PUT, http::Method::from_bytes(b"PUT").unwrap()] {
        let made = signer.presign_at(&method, "https://h/a", QUARTER, at()).unwrap();
        assert_eq!(made, put);
        assert_eq!(signer.presign_at(method, "https://h/a", QUARTER, at()).unwrap(), put);
    }
}

/// No buffer is too short, whatever the token and the target.
#[test]
fn long_ones_equal_those_of_the_reference() {
    for token_len in [0, 1, 1_500, 2_000, 2_048, 10_000, 100_000] {
        for path_len in [0, 1_000, 2_000, 2_048, 20_000] {
            for (service, encoding) in [("s3", Encoding::Once), ("sts", Encoding::Twice)] {
                let target =
                    format!("/{}", "é/".chars().cycle().take(path_len).collect::<String>());
                let token: String = "Fwo/+=".chars().cycle().take(token_len).collect();
                let input = input(service, encoding, &token, &target);
                let expected = reference::sign(&input).signed_target.unwrap();
                let credentials = OwnedCredentials::new("AKIDEXAMPLE", SECRET);
                let credentials = credentials.with_session_token(token);
                let signer = Signer::new(credentials, "us-east-1", service).unwrap();
                let url = format!("https://h{target}");
                let made = signer.presign_at("GET", &url, QUARTER, at()).unwrap();
                let (origin, path, parameters) = parts(&made);
                assert_eq!((path, parameters), target_parts(&expected), "{token_len} {path_len}");
                assert_eq!(origin, "https://h");
            }
        }
    }
}

/// What the reference is given for a URL: its target as clients send it.
fn input(service: &str, encoding: Encoding, token: &str, target: &str) -> Input {
    let escape = |character: char| match character {
        'é' => "%C3%A9".to_owned(),
        other => other.to_string(),
    };
    Input {
        access_key_id: "AKIDEXAMPLE".into(),
        secret_access_key: SECRET.into(),
        session_token: Some(token.into()),
        token_name: TokenName::Ordinary,
        region: "us-east-1".into(),
        service: service.into(),
        timestamp: "20150830T123600Z".into(),
        normalize: encoding == Encoding::Twice,
        encoding,
        sign_body: false,
        payload: (encoding == Encoding::Once).then(|| "UNSIGNED-PAYLOAD".into()),
        omit_session_token: false,
        expires: Some(900),
        form: Form::Query,
        method: "GET".into(),
        target: target.chars().map(escape).collect::<String>().into_bytes(),
        headers: vec![("Host".into(), b"h".into())],
        body: Vec::new(),
    }
}

/// S3 wants nothing said of a body, and others that it is empty; the rules decide, not the name.
#[test]
fn of_the_body_is_said_what_the_rules_want() {
    let url = "https://h/a";
    let presign = |signer: Signer| signer.presign_at("GET", url, QUARTER, at()).unwrap();
    let by_name = presign(signer("s3"));
    assert_eq!(by_name, presign(signer("s3").with_rules(SigningRules::S3)));
    let by_rules = presign(signer("s3").with_rules(SigningRules::STANDARD));
    assert_ne!(by_name, by_rules);
    for (encoding, rules) in [
        (Encoding::Once, SigningRules::S3),
        (Encoding::Twice, SigningRules::STANDARD),
        (Encoding::Twice, SigningRules::STANDARD_WITH_CONTENT_SHA256),
    ] {
        assert_eq!(rules.path.encoding == PathEncoding::Once, encoding == Encoding::Once);
        let expected = reference::sign(&input("ourstore", encoding, "", "/a")).signature;
        let made = presign(signer("ourstore").with_rules(rules));
        assert!(made.ends_with(&format!("&X-Amz-Signature={expected}")), "{rules:?}");
    }
}

/// The clock that nobody names is the system's.
#[test]
fn the_time_is_now() {
    let made = || signer("s3").presign("GET", "https://h/a", QUARTER).unwrap();
    let (before, url, after) = (Timestamp::now(), made(), Timestamp::now());
    let date = url.split("X-Amz-Date=").nth(1).unwrap().split('&').next().unwrap();
    let date = Timestamp::parse(date.as_bytes()).unwrap();
    assert!((before..=after).contains(&date), "{before} {date} {after}");
}
