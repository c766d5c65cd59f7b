//! Properties of paths of objects and of presigned URLs, on random texts.
//!
//! A presigned URL is what is sent: the naive reference signs what arrives of it, and comes to the
//! same signature. `PROPTEST_CASES=100000` looks longer.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use sigv4::SignError;
use sigv4::objects::ObjectPath;

proptest! {
    #[test]
    fn a_path_is_the_key_and_holds_nothing_else(key in any::<String>()) {
        check_path(&key)?;
    }

    #[test]
    fn a_path_of_nasty_pieces_is_the_key(key in nasty_text()) {
        check_path(&key)?;
    }
}

fn check_path(key: &str) -> Result<(), TestCaseError> {
    let path = ObjectPath::new(key);
    let shown = path.to_string();
    let escaped = shown.strip_prefix('/').expect("a slash");
    let mut decoded = Vec::new();
    let mut rest = escaped.as_bytes();
    while let [byte, tail @ ..] = rest {
        rest = match byte {
            b'%' => {
                let digits = str::from_utf8(&tail[..2]).expect("ASCII");
                prop_assert!(!digits.bytes().any(|digit| digit.is_ascii_lowercase()), "{}", shown);
                let byte = u8::from_str_radix(digits, 16).expect("hexadecimal");
                let is_plain = byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
                prop_assert!(!is_plain, "{} needs no escape", byte);
                decoded.push(byte);
                &tail[2..]
            }
            _ => {
                let is_plain = byte.is_ascii_alphanumeric() || b"-._~/".contains(byte);
                prop_assert!(is_plain, "{} needs an escape", byte);
                decoded.push(*byte);
                tail
            }
        };
    }
    prop_assert_eq!(decoded, key.as_bytes());

    let len = path.encoded_len();
    prop_assert_eq!(len, shown.len());
    let mut exact = vec![0; len];
    prop_assert_eq!(path.write_to(&mut exact), Ok(&*shown));
    let mut longer = vec![0; len + 7];
    prop_assert_eq!(path.write_to(&mut longer), Ok(&*shown));
    let too_small = SignError::BufferTooSmall { needed: len, available: len - 1 };
    let mut short = vec![0; len - 1];
    prop_assert_eq!(path.write_to(&mut short), Err(too_small));
    Ok(())
}

/// Texts of pieces that mean something in a path, a URL or a query.
fn nasty_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => select(SENDABLE).prop_map(str::to_owned),
        1 => select(REFUSED).prop_map(str::to_owned),
        1 => "[a-z]{0,9}",
    ];
    vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// Pieces that a URL may hold.
const SENDABLE: &[&str] = &[
    "/",
    "//",
    ".",
    "..",
    "/./",
    "/../",
    "%2F",
    "%2f",
    "%2e",
    "%7E",
    " ",
    "?",
    "&",
    "=",
    "@",
    ":",
    "://",
    "\\",
    "a",
    "B",
    "~",
    "*",
    "'",
    "(",
    ")",
    "!",
    "ü",
    "😀",
    "[",
    "]",
    "|",
    "^",
    "`",
    "{",
    "}",
    "<",
    ">",
    "\"",
    "host",
    "x-amz-date=1",
    "X-Amz-Datum=1",
];

/// Pieces that it is refused for, if not by the rules of every service.
const REFUSED: &[&str] =
    &["%", "%zz", "+", "#", "\0", "\r\n", "\t", "\u{7f}", "X-Amz-Signature=", "?X-Amz-Date"];

#[cfg(feature = "signer")]
mod presigned {
    use std::time::Duration;

    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;
    use sigv4::objects::ObjectPath;
    use sigv4::{Bucket, OwnedCredentials, Signer, SigningRules, Timestamp};

    use super::{SENDABLE, nasty_text};
    use crate::reference::{self, Encoding, Form, Input, TokenName, target_parts};

    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    const EXPIRES: Duration = Duration::from_secs(900);

    fn now() -> Timestamp {
        Timestamp::parse(b"20150830T123600Z").unwrap()
    }

    fn signer(service: &str) -> Signer {
        let credentials = OwnedCredentials::new("AKIDEXAMPLE", SECRET);
        Signer::new(credentials, "us-east-1", service).unwrap()
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>(), method in any::<String>()) {
            for service in ["s3", "sts"] {
                let _ = signer(service).presign_at(&method, &text, EXPIRES, now());
                check(&signer(service), "GET", &text)?;
            }
        }

        #[test]
        fn a_url_is_signed_as_it_arrives(url in url(), is_s3 in any::<bool>()) {
            check(&signer(if is_s3 { "s3" } else { "sts" }), "GET", &url)?;
        }

        /// However odd key and parameter are: the host is the endpoint's, the path is the key's, and
        /// the parameter is one.
        #[test]
        fn a_key_stays_in_its_bucket(
            name in "[a-z][a-z0-9]{0,9}",
            key in nasty_text().prop_map(|key| if key.is_empty() { "/".to_owned() } else { key }),
            parameter in (nasty_text(), nasty_text()),
            is_path_style in any::<bool>(),
        ) {
            let endpoint = "https://s3.example.com:8443/base";
            let bucket = if is_path_style {
                Bucket::path_style(endpoint, &name)
            } else {
                Bucket::virtual_hosted(endpoint, &name)
            };
            let bucket = bucket.unwrap();
            let request = bucket.get(&key).with_parameter(&parameter.0, &parameter.1);
            let url = request.url().unwrap();
            let path = ObjectPath::new(&key);
            let address = if is_path_style {
                format!("https://s3.example.com:8443/base/{name}{path}")
            } else {
                format!("https://{name}.s3.example.com:8443/base{path}")
            };
            let (before, parameters) = target_parts(url.as_bytes());
            prop_assert_eq!(String::from_utf8(before).unwrap(), &*address);
            let parameter = (parameter.0.into_bytes(), parameter.1.into_bytes());
            prop_assert_eq!(&parameters, &[parameter]);
            // A name of the signature's own is refused.
            if let Ok(presigned) = request.presign_at(&signer("s3"), EXPIRES, now()) {
                prop_assert!(presigned.starts_with(&format!("{address}?")), "{}", presigned);
            }
            check(&signer("s3"), "GET", &url)?;
        }

        #[test]
        fn no_bucket_panics(endpoint in prop_oneof![url(), any::<String>()], name in any::<String>()) {
            let name_of_host = "a.b-c";
            for name in [&*name, name_of_host] {
                let _ = Bucket::aws(name, &endpoint);
                let buckets =
                    [Bucket::path_style(&endpoint, name), Bucket::virtual_hosted(&endpoint, name)];
                for bucket in buckets.into_iter().flatten() {
                    let _ = bucket.get(&endpoint).presign_at(&signer("s3"), EXPIRES, now());
                    check(&signer("s3"), "GET", &bucket.get("a/../b").url().unwrap())?;
                }
            }
        }
    }

    /// A presigned URL holds only what every client sends as it is, and the signature that the
    /// reference makes of what arrives.
    fn check(signer: &Signer, method: &str, text: &str) -> Result<(), TestCaseError> {
        let Ok(url) = signer.presign_at(method, text, EXPIRES, now()) else { return Ok(()) };
        let is_sent = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
        prop_assert!(url.bytes().all(is_sent), "{}", url);
        let (scheme, rest) = url.split_once("://").unwrap();
        prop_assert!(["http", "https", "ws", "wss"].contains(&scheme), "{}", url);
        let (host, _) = rest.split_at(rest.find('/').unwrap());
        prop_assert!(
            !host.bytes().any(|byte| byte.is_ascii_uppercase() || byte == b'@'),
            "{}",
            url
        );
        let target = &rest[host.len()..];
        let (path, query) = target.split_once('?').unwrap();
        let is_theirs = |piece: &&str| !MADE.iter().any(|name| piece.starts_with(name));
        let theirs: Vec<&str> = query.split('&').filter(is_theirs).collect();
        let is_s3 = *signer.rules() == SigningRules::S3;
        let input = Input {
            access_key_id: "AKIDEXAMPLE".into(),
            secret_access_key: SECRET.into(),
            session_token: None,
            token_name: TokenName::Ordinary,
            region: "us-east-1".into(),
            service: signer.service().into(),
            timestamp: "20150830T123600Z".into(),
            normalize: !is_s3,
            encoding: if is_s3 { Encoding::Once } else { Encoding::Twice },
            sign_body: false,
            payload: is_s3.then(|| "UNSIGNED-PAYLOAD".into()),
            omit_session_token: false,
            expires: Some(900),
            form: Form::Query,
            method: method.into(),
            target: format!("{path}?{}", theirs.join("&")).into_bytes(),
            headers: vec![("host".into(), host.as_bytes().to_vec())],
            body: Vec::new(),
        };
        let expected = reference::sign(&input).signed_target.unwrap();
        prop_assert_eq!(target_parts(target.as_bytes()), target_parts(&expected));
        #[cfg(feature = "reqwest")]
        if ["http", "https"].contains(&scheme) && !has_dots(path) {
            prop_assert_eq!(reqwest::Url::parse(&url).map(String::from), Ok(url));
        }
        Ok(())
    }

    /// The parameters that presigning adds.
    const MADE: [&str; 6] = [
        "X-Amz-Algorithm=",
        "X-Amz-Credential=",
        "X-Amz-Date=",
        "X-Amz-Expires=",
        "X-Amz-SignedHeaders=",
        "X-Amz-Signature=",
    ];

    /// Whether a URL parser would resolve something.
    #[cfg(feature = "reqwest")]
    fn has_dots(path: &str) -> bool {
        let path = path.to_ascii_lowercase().replace("%2e", ".");
        path.split('/').any(|segment| matches!(segment, "." | ".."))
    }

    /// URLs most of which are such, and some that are signed.
    fn url() -> impl Strategy<Value = String> {
        const HOSTS: &[&str] = &[
            "h",
            "H.Example",
            "h:443",
            "h:80",
            "h:0",
            "h:08443",
            "h:",
            "[::1]",
            "[::A]:9000",
            "[0:0::1]",
            "[2001:DB8:0:0:1:0:0:1]:9000",
            "[::ffff:127.0.0.1]",
            "127.0.0.1:9000",
            "a_b-c.d",
            "h.",
            "xn--bcher-kva.example",
        ];
        const NO_HOSTS: &[&str] = &["h:65536", "127.1", "user@h", "", "ü", "h h", "h\\", "[h]"];
        let scheme = prop_oneof![
            9 => select(&["https://", "http://", "HTTPS://", "wss://"][..]),
            1 => select(&["ftp://", "", "https:"][..]),
        ];
        let host = prop_oneof![9 => select(HOSTS), 1 => select(NO_HOSTS)];
        let sendable = || vec(select(SENDABLE), 0..12).prop_map(|pieces| pieces.concat());
        let rest = prop_oneof![
            4 => sendable().prop_map(|text| format!("/{text}")),
            2 => (sendable(), sendable()).prop_map(|(path, query)| format!("/{path}?{query}")),
            1 => nasty_text().prop_map(|text| format!("/{text}")),
            1 => nasty_text(),
        ];
        (scheme, host, rest).prop_map(|(scheme, host, rest)| format!("{scheme}{host}{rest}"))
    }
}
