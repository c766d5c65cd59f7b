//! Inputs 1 to 5 and 8 to 11: the request itself.

use sigv4::{
    FoldedLines, HEADERS_MAX, Payload, QUERY_PARAMETERS_MAX, RawPlus, RequestError, SignError,
    SigningRules, VerifyError,
};

use super::message::{CREDENTIALS, EMPTY_SHA256, Message, RULES, instant, signing_key};

#[test]
fn input_01_header_values_beyond_ascii_are_signed_as_they_are() {
    let value = b"caf\xc3\xa9 \xff\x80\xa0";
    let message = Message::to("/").with("X-Amz-Meta-Name", value);
    let canonical = message.canonical_request().unwrap();
    let line = [b"\nx-amz-meta-name:".as_slice(), value, b"\n"].concat();
    assert!(canonical.windows(line.len()).any(|window| window == line));

    let signed = message.signed().unwrap();
    assert!(signed.verified().is_ok());
    // A lossy reader would take both for U+FFFD.
    let other =
        signed.without("x-amz-meta-name").with("X-Amz-Meta-Name", b"caf\xc3\xa9 \xfe\x80\xa0");
    assert_eq!(other.verified(), Err(VerifyError::SignatureMismatch));
}

#[test]
fn input_02_line_breaks_and_zero_bytes_in_header_values_are_refused() {
    for value in ["a\rb", "a\nb", "a\r\nX-Injected: b", "a\0b", "a\r\n b", "\n", "a\r\n"] {
        let error = RequestError::InvalidHeaderValue { index: 1 };
        let message = Message::to("/").with("X-Custom", value);
        assert_eq!(message.sign_errors(), [Some(error.into()); 2], "{value:?}");

        let signed = Message::to("/").with("X-Custom", "ab").signed().unwrap();
        let spoilt = signed.without("x-custom").with("X-Custom", value);
        let index = spoilt.headers.len() - 1;
        let error = RequestError::InvalidHeaderValue { index };
        assert_eq!(spoilt.verified(), Err(VerifyError::Request(error)), "{value:?}");
    }
}

#[test]
fn input_02_folded_lines_are_unfolded_on_request_alone() {
    let unfold = SigningRules { folded_lines: FoldedLines::Unfold, ..RULES };
    let canonical = |value: &str| {
        let message = Message::to("/").with("X-Custom", value);
        let (key, mut out) = (signing_key(&CREDENTIALS), [0; 1024]);
        let made = instant(&key).canonical_request(
            &message.request(),
            Payload::EMPTY,
            &unfold,
            &mut out,
        )?;
        Ok(String::from_utf8_lossy(made).into_owned())
    };
    for folded in ["a\r\n b", "a\n\tb", "a \r\n \r\n  b"] {
        assert!(canonical(folded).unwrap().contains("\nx-custom:a b\n"), "{folded:?}");
    }
    for not_folded in ["a\r\nb", "a\nb", "a\rb", "a\0b", "a\r\n", "a\r\r\n b"] {
        let error = RequestError::InvalidHeaderValue { index: 1 };
        assert_eq!(canonical(not_folded), Err(SignError::Request(error)), "{not_folded:?}");
    }
}

#[test]
fn input_03_header_names_are_tokens_in_any_case() {
    for name in ["", " ", "X Custom", "X-Custom:", "X;Custom", "X\r\nY", "Caf\u{e9}", "X\0", "a/b"]
    {
        let error = RequestError::InvalidHeaderName { index: 1 };
        let message = Message::to("/").with(name, "v");
        assert_eq!(message.sign_errors(), [Some(error.into()); 2], "{name:?}");

        let spoilt = Message::to("/").signed().unwrap().with(name, "v");
        let error = RequestError::InvalidHeaderName { index: spoilt.headers.len() - 1 };
        assert_eq!(spoilt.verified(), Err(VerifyError::Request(error)), "{name:?}");
    }
    let upper = Message::to("/").with("X-CUSTOM!#$%&'*+-.^_`|~", "v").signed().unwrap();
    assert!(upper.header("authorization").contains(";x-custom!#$%&'*+-.^_`|~,"));
    assert!(upper.verified().is_ok());
}

#[test]
fn input_04_there_is_one_host() {
    let signed = Message::to("/").signed().unwrap();
    let cases = [
        (
            Message::to("/").without("host"),
            signed.clone().without("host"),
            RequestError::MissingHost,
        ),
        (Message::to("/").with("HOST", "b"), signed.with("HOST", "b"), RequestError::DuplicateHost),
    ];
    for (unsigned, spoilt, error) in cases {
        assert_eq!(unsigned.sign_errors(), [Some(error.into()); 2]);
        assert_eq!(spoilt.verified(), Err(VerifyError::Request(error)));
    }
}

#[test]
fn input_05_what_signing_makes_must_not_be_there_already() {
    for name in ["authorization", "x-amz-date", "x-amz-security-token"] {
        for spelling in [name.to_owned(), name.to_uppercase()] {
            let message = Message::to("/").with(&spelling, "v");
            let error = Some(SignError::HeaderAlreadyPresent { name });
            assert_eq!(message.sign_errors(), [error; 2], "{spelling}");
        }
    }
    // Where signing declares the payload, a declaration made beforehand would be
    // signed as a second value; elsewhere it is the caller's to make.
    let message = Message::to("/").with("X-Amz-Content-Sha256", EMPTY_SHA256);
    let key = signing_key(&CREDENTIALS);
    let mut out = [0; 512];
    let request = message.request();
    let declared = instant(&key).sign(&request, Payload::EMPTY, &SigningRules::S3, &mut out);
    let name = "x-amz-content-sha256";
    assert_eq!(declared.unwrap_err(), SignError::HeaderAlreadyPresent { name });
    assert!(message.signed().unwrap().verified().is_ok());
    let parameters = [
        ("X-Amz-Algorithm", true),
        ("X-Amz-Signature", true),
        ("X-Amz-Credential", false),
        ("X-Amz-Date", false),
        ("X-Amz-Expires", false),
        ("X-Amz-Security-Token", false),
        ("X-Amz-SignedHeaders", false),
    ];
    for (name, marks_query_form) in parameters {
        for spelling in [name.to_owned(), name.replace('-', "%2D"), name.replace('X', "%58")] {
            let message = Message::to(format!("/?a=b&{spelling}=v"));
            let error = Some(SignError::ParameterAlreadyPresent { name });
            let expected = [error.filter(|_| marks_query_form), error];
            assert_eq!(message.sign_errors(), expected, "{spelling}");
        }
    }
    let other_case = Message::to("/?x-amz-signature=v");
    assert_eq!(other_case.sign_errors(), [None, None], "names in a query have a case");
}

#[test]
fn input_08_control_characters_and_fragments_do_not_belong_in_a_target() {
    for byte in (0..b' ').chain([0x7f, b'#']) {
        for start in [b"/a".as_slice(), b"/?a"] {
            let target = [start, &[byte], b"b"].concat();
            let error = RequestError::InvalidTarget { position: start.len() };
            assert_eq!(Message::to(&target).sign_errors(), [Some(error.into()); 2], "{byte}");
            let mut spoilt = Message::to("/").signed().unwrap();
            spoilt.target = target;
            assert_eq!(spoilt.verified(), Err(VerifyError::Request(error)), "{byte}");
        }
    }
}

#[test]
fn input_08_spaces_and_raw_bytes_in_a_target_are_encoded() {
    let canonical = |rules: &SigningRules<'_>| {
        let message = Message::to(b"/a b\xc3\xa9?c d=\xff".as_slice());
        let (key, mut out) = (signing_key(&CREDENTIALS), [0; 1024]);
        let made = instant(&key)
            .canonical_request(&message.request(), Payload::EMPTY, rules, &mut out)
            .unwrap();
        made.to_vec()
    };
    assert!(canonical(&RULES).starts_with(b"GET\n/a%20b%C3%A9\nc%20d=%FF\n"));
    assert!(canonical(&SigningRules::S3).starts_with(b"GET\n/a%20b%C3%A9\nc%20d=%FF\n"));
}

#[test]
fn a_raw_plus_is_a_space_in_a_query_unless_it_is_to_be_refused() {
    let sign = |target: &str, raw_plus: RawPlus| {
        let rules = SigningRules { raw_plus, ..SigningRules::S3 };
        let (key, mut out) = (signing_key(&CREDENTIALS), [0; 1024]);
        let message = Message::to(target);
        let made = instant(&key).sign(&message.request(), Payload::EMPTY, &rules, &mut out);
        made.map(|signed| signed.signature().to_string())
    };
    for (plus, space) in [("/?a=b+c", "/?a=b%20c"), ("/k?a+=+&b", "/k?a%20=%20&b")] {
        assert_eq!(sign(plus, RawPlus::Space), sign(space, RawPlus::Space));
        let position = plus.find('+').unwrap();
        let error = SignError::Request(RequestError::AmbiguousPlus { position });
        assert_eq!(sign(plus, RawPlus::Refuse), Err(error));
        assert!(sign(space, RawPlus::Refuse).is_ok());
    }
    assert!(sign("/?a=b%2Bc", RawPlus::Refuse).is_ok());
    // In a path nobody knows what it means, whatever the rules.
    let error = SignError::Request(RequestError::AmbiguousPlus { position: 2 });
    for raw_plus in [RawPlus::Space, RawPlus::Refuse] {
        assert_eq!(sign("/a+b", raw_plus), Err(error));
    }
}

#[test]
fn input_09_malformed_escapes_in_a_query_are_refused() {
    for query in ["%zz", "a=%", "a=%4", "a=%4&b", "%g1=", "a=%%41", "a=%+1", "a=%\u{e9}"] {
        let position = 2 + query.find('%').unwrap();
        let error = RequestError::MalformedEscape { position };
        let target = format!("/?{query}");
        assert_eq!(Message::to(&target).sign_errors(), [Some(error.into()); 2], "{query}");
        let spoilt = Message::to("/").signed().unwrap().retargeted(|_| target);
        assert_eq!(spoilt.verified(), Err(VerifyError::Request(error)), "{query}");
    }
}

#[test]
fn input_10_escapes_that_are_not_utf8_are_bytes_like_any_other() {
    for (query, canonical) in [
        ("a=%FF", "a=%FF"),
        ("a=%ff%fe", "a=%FF%FE"),
        // Two ways to write a slash that UTF-8 forbids.
        ("a=%C0%AF", "a=%C0%AF"),
        ("a=%e0%80%af", "a=%E0%80%AF"),
        // Half of a surrogate pair.
        ("%ed%a0%80=b", "%ED%A0%80=b"),
        ("a=%00", "a=%00"),
    ] {
        let message = Message::to(format!("/?{query}"));
        let made = message.canonical_request().unwrap();
        assert!(made.starts_with(format!("GET\n/\n{canonical}\n").as_bytes()), "{query}");
        assert!(message.signed().unwrap().verified().is_ok(), "{query}");
        assert!(message.presigned().unwrap().verified().is_ok(), "{query}");
    }
}

/// Past the limits the answer is an error, and it comes before any sorting: with
/// a sort in quadratic time this test would take minutes.
#[test]
fn input_11_ten_thousand_headers_or_parameters_are_refused() {
    let headers = (0..10_000).fold(Message::to("/"), |message, n| message.with(name(n), "v"));
    let error = RequestError::TooManyHeaders;
    assert_eq!(headers.sign_errors(), [Some(error.into()); 2]);
    let signed = Message::to("/").signed().unwrap();
    let spoilt = Message { headers: [signed.headers, headers.headers].concat(), ..signed };
    assert_eq!(spoilt.verified(), Err(VerifyError::Request(error)));

    let query: Vec<_> = (0..10_000).map(name).collect();
    let target = format!("/?{}", query.join("&"));
    let error = RequestError::TooManyParameters;
    assert_eq!(Message::to(&target).sign_errors(), [Some(error.into()); 2]);
    let spoilt = Message::to("/").signed().unwrap().retargeted(|_| target);
    assert_eq!(spoilt.verified(), Err(VerifyError::Request(error)));
}

/// Names that differ only behind 1 KB are the worst a sort by name can meet.
#[test]
fn input_11_names_that_begin_alike_are_sorted_up_to_the_limits() {
    // `host`, `x-amz-date` and `authorization` count as well when verifying.
    let headers = (0..HEADERS_MAX - 3)
        .rev()
        .fold(Message::to("/"), |message, number| message.with(name(number), "v"));
    let signed = headers.signed().unwrap();
    assert_eq!(signed.headers.len(), HEADERS_MAX);
    assert!(signed.verified().is_ok());
    let names = signed.header("authorization").split("SignedHeaders=").nth(1).unwrap();
    let names: Vec<_> = names.split(", ").next().unwrap().split(';').collect();
    assert!(names.is_sorted() && names.len() == HEADERS_MAX - 1);

    let query: Vec<_> = (0..QUERY_PARAMETERS_MAX).rev().map(name).collect();
    let message = Message::to(format!("/?{}", query.join("&")));
    assert!(message.signed().unwrap().verified().is_ok());
    let reversed: Vec<_> = query.iter().rev().map(String::as_str).collect();
    let sorted = Message::to(format!("/?{}", reversed.join("&")));
    let authorization =
        |message: &Message| message.signed().unwrap().header("authorization").to_owned();
    assert_eq!(authorization(&message), authorization(&sorted));
}

/// The `number`-th of many long names.
fn name(number: usize) -> String {
    format!("x-{}{number:05}", "a".repeat(if number < HEADERS_MAX { 1024 } else { 64 }))
}
