//! The emulator reads forms as they were written, and nothing behind a
//! parameter changes it.

use http::{Request, Response, StatusCode};
use iam_emulator::{Arrival, Configuration, Emulator};
use sigv4::{Credentials, Payload, SigningKey, SigningRules, Timestamp};
use time::OffsetDateTime;

/// Creates a user with a form that `input` follows, at a path made of it.
pub fn check(input: &[u8]) {
    let visible = input.iter().filter(|byte| byte.is_ascii_graphic() && **byte != b'/');
    let path: String = visible.take(500).map(|&byte| char::from(byte)).collect();
    let path = if path.is_empty() { "/".to_owned() } else { format!("/{path}/") };
    let form = format!("Action=CreateUser&Version=2010-05-08&UserName=a&Path={}&", escaped(&path));

    let emulator = Emulator::with_seed(Configuration::default(), 1).expect("a valid configuration");
    let answer = send(&emulator, &[form.as_bytes(), input].concat());
    if has_malformed_escape(input) {
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        assert!(text(&answer).contains("<Code>MalformedQueryString</Code>"), "{}", text(&answer));
        // Refused, so nothing was created.
        assert_eq!(send(&emulator, form.as_bytes()).status(), StatusCode::OK);
    } else if !names_tags(input) {
        // The first of each name counts, whatever comes behind it.
        let expected = path.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        assert_eq!(answer.status(), StatusCode::OK, "{}", text(&answer));
        assert!(text(&answer).contains(&format!("<Path>{expected}</Path>")), "{}", text(&answer));
        let again = send(&emulator, form.as_bytes());
        assert_eq!(again.status(), StatusCode::CONFLICT, "{}", text(&again));
    }
    // The input alone is any form: it is answered, and never as a failure here.
    assert!(!send(&emulator, input).status().is_server_error());
}

/// Signs a form as the root and posts it.
fn send(emulator: &Emulator, form: &[u8]) -> Response<impl AsRef<[u8]> + use<>> {
    let now = OffsetDateTime::UNIX_EPOCH;
    let root = emulator.root_credentials();
    let credentials = Credentials::new(root.access_key_id(), root.secret_access_key());
    let timestamp = Timestamp::from_unix_seconds(now.unix_timestamp()).expect("a valid time");
    let key = SigningKey::derive(&credentials, timestamp.date(), "us-east-1", "iam");
    let key = key.expect("a valid key");
    let headers = [("host", "localhost"), ("content-type", "application/x-www-form-urlencoded")];
    let unsigned = sigv4::Request::new("POST", "/", &headers);
    let mut authorization = [0; 512];
    let instant = key.at(timestamp).expect("the day of the key");
    let (payload, rules) = (Payload::Bytes(form), SigningRules::STANDARD);
    let signed = instant.sign(&unsigned, payload, &rules, &mut authorization);
    let signed = signed.expect("a valid request");
    let mut request = Request::post("/");
    for (name, value) in headers.into_iter().chain(signed.headers()) {
        request = request.header(name, value);
    }
    let arrival = Arrival::at(now);
    emulator.handle(&request.body(form).expect("a valid request"), arrival).response
}

fn text(answer: &Response<impl AsRef<[u8]>>) -> String {
    String::from_utf8_lossy(answer.body().as_ref()).into_owned()
}

/// Every other byte escaped, so that both spellings are read.
fn escaped(text: &str) -> String {
    let escape = |(index, byte): (usize, u8)| {
        if byte.is_ascii_alphanumeric() && index % 2 == 0 {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02x}")
        }
    };
    text.bytes().enumerate().map(escape).collect()
}

/// Whether a form may hold tags, which a user gets or is refused for.
fn names_tags(form: &[u8]) -> bool {
    form.split(|&byte| byte == b'&').any(|pair| {
        let name = pair.split(|&byte| byte == b'=').next().unwrap_or_default();
        name.starts_with(b"Tags") || name.contains(&b'%')
    })
}

fn has_malformed_escape(form: &[u8]) -> bool {
    form.iter().enumerate().filter(|(_, byte)| **byte == b'%').any(|(at, _)| {
        let digits = form.get(at + 1..at + 3);
        !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}
