//! Inputs 17 to 19 and their neighbours: the signature that is presented.

use sigv4::{RequestError, VerifyError, VerifyRules};

use super::message::{EMPTY_SHA256, EXPIRES_SECONDS, Message, SIGNED_AT, signed_at, strict};

#[test]
fn input_17_repeated_parameters_are_kept_unless_they_belong_to_the_signature() {
    for form in [Message::signed, Message::presigned] {
        let repeated = form(&Message::to("/?a=2&a=1&a=2&a")).unwrap();
        assert!(repeated.verified().is_ok());
        let fewer = repeated.retargeted(|target| target.replacen("a=2", "a=3", 1));
        assert_eq!(fewer.verified(), Err(VerifyError::SignatureMismatch));
    }
    let presigned = Message::to("/").presigned().unwrap();
    for (parameter, name) in [
        ("X-Amz-Algorithm", "X-Amz-Algorithm"),
        ("X-Amz-Credential", "Credential"),
        ("X-Amz-Date", "X-Amz-Date"),
        ("X-Amz-Expires", "X-Amz-Expires"),
        ("X-Amz-SignedHeaders", "SignedHeaders"),
        ("X-Amz-Signature", "Signature"),
    ] {
        for spelling in [parameter.to_owned(), parameter.replace('-', "%2d")] {
            let doubled = presigned.clone().retargeted(|target| format!("{target}&{spelling}=v"));
            assert_eq!(doubled.verified(), Err(VerifyError::Duplicate { name }), "{spelling}");
        }
    }
    for name in ["x-amz-signature", "X-AMZ-CREDENTIAL"] {
        let other_case = presigned.clone().retargeted(|target| format!("{target}&{name}=v"));
        assert_eq!(other_case.verified(), Err(VerifyError::SignatureMismatch), "{name}");
    }
    let other_case = Message::to("/?x-amz-signature=v").presigned().unwrap();
    assert!(other_case.verified().is_ok(), "a parameter of the application");
}

#[test]
fn input_18_the_list_of_signed_headers_is_held_to_its_form() {
    let signed = Message::to("/").with("X-Custom", "v").signed().unwrap();
    let list = "host;x-amz-date;x-custom";
    assert!(signed.header("authorization").contains(list));
    let many = "a;".repeat(32 * 1024);
    let absent: String = (0..8192).map(|n| format!("a{n:05};")).collect();
    for (other, error) in [
        ("x-amz-date;host;x-custom", VerifyError::MalformedSignedHeaders),
        ("Host;x-amz-date;x-custom", VerifyError::MalformedSignedHeaders),
        ("host;host;x-amz-date;x-custom", VerifyError::MalformedSignedHeaders),
        ("host;x-amz-date;x-custom;", VerifyError::MalformedSignedHeaders),
        (";host;x-amz-date;x-custom", VerifyError::MalformedSignedHeaders),
        ("host;;x-amz-date;x-custom", VerifyError::MalformedSignedHeaders),
        ("", VerifyError::MalformedSignedHeaders),
        // The list ends at the blank, and what follows is a part without an equal sign.
        ("host;x amz;x-custom", VerifyError::MalformedAuthorization),
        ("x-amz-date;x-custom", VerifyError::HostNotSigned),
        ("host;x-custom", VerifyError::UnsignedAmzHeader),
        ("absent;host;x-amz-date", VerifyError::SignedHeaderAbsent),
        ("host;x-amz-date;x-custom;z", VerifyError::SignedHeaderAbsent),
        ("host;x-amz-date", VerifyError::SignatureMismatch),
        (&format!("{many}host"), VerifyError::MalformedSignedHeaders),
        (&format!("{absent}host;x-amz-date"), VerifyError::SignedHeaderAbsent),
    ] {
        let spoilt = signed.clone().reauthorized(|value| value.replace(list, other));
        let shown = &other[..other.len().min(64)];
        assert_eq!(spoilt.verified(), Err(error), "{shown}");
    }
}

#[test]
fn input_19_the_parts_of_an_authorization_header_are_those_five() {
    let signed = Message::to("/").signed().unwrap();
    let refused = |find: &str, replacement: &str| {
        let spoilt = signed.clone().reauthorized(|value| {
            assert!(value.contains(find), "{find}");
            value.replace(find, replacement)
        });
        spoilt.verified().unwrap_err()
    };
    let missing = |name| VerifyError::Missing { name };
    let repeated = |name| VerifyError::Duplicate { name };
    for (find, replacement, error) in [
        ("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1", VerifyError::UnsupportedAlgorithm),
        ("AWS4-HMAC-SHA256", "aws4-hmac-sha256", VerifyError::UnsupportedAlgorithm),
        ("AWS4-HMAC-SHA256 ", "", VerifyError::UnsupportedAlgorithm),
        ("AWS4-HMAC-SHA256", "Bearer", VerifyError::UnsupportedAlgorithm),
        ("Credential=", "Credentials=", VerifyError::UnknownAuthorizationPart),
        ("Signature=", "signature=", VerifyError::UnknownAuthorizationPart),
        ("Credential=", "Extra=1, Credential=", VerifyError::UnknownAuthorizationPart),
        ("Credential=", ", Credential=", VerifyError::MalformedAuthorization),
        ("Signature=", "Signature", VerifyError::MalformedAuthorization),
        ("SignedHeaders=host;x-amz-date, ", "", missing("SignedHeaders")),
        ("Signature=", "Credential=a, Signature=", repeated("Credential")),
        ("Signature=", "Signature=a, Signature=", repeated("Signature")),
        ("/aws4_request", "", VerifyError::MalformedCredential),
        ("/us-east-1/service/aws4_request", "", VerifyError::MalformedCredential),
        ("AKIDEXAMPLE", "", VerifyError::MalformedCredential),
        ("aws4_request", "aws4", VerifyError::WrongTerminator),
        ("us-east-1", "us-east-2", VerifyError::WrongRegion),
        ("/service/", "/s3/", VerifyError::WrongService),
        ("20150830/", "20150831/", VerifyError::ScopeDateMismatch),
    ] {
        assert_eq!(refused(find, replacement), error, "{find} -> {replacement}");
    }
    for value in ["AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 ", "AWS4-HMAC-SHA256\t \t"] {
        let spoilt = signed.clone().reauthorized(|_| value.to_owned());
        assert_eq!(spoilt.verified(), Err(missing("Credential")), "{value:?}");
    }
    let twice = signed.clone().with("Authorization", signed.header("authorization"));
    assert_eq!(twice.verified(), Err(repeated("Authorization")));
}

#[test]
fn input_19_a_signature_is_64_lower_case_digits() {
    let signed = Message::to("/").signed().unwrap();
    let (_, signature) = signed.header("authorization").split_once("Signature=").unwrap();
    let upper = signature.to_uppercase();
    assert_ne!(upper, signature, "there is a letter in it");
    for malformed in [
        "",
        &signature[..63],
        &format!("{signature}0"),
        &upper,
        &signature.replace(|_| true, "g"),
        &format!("{} ", &signature[..62]),
        &format!("0x{}", &signature[..62]),
    ] {
        let spoilt = signed.clone().reauthorized(|value| value.replace(signature, malformed));
        assert_eq!(spoilt.verified(), Err(VerifyError::MalformedSignature), "{malformed}");
        let presigned = Message::to("/").presigned().unwrap();
        let own = presigned_signature(&presigned);
        let spoilt = presigned.retargeted(|target| target.replace(&own, malformed.trim_end()));
        assert_eq!(spoilt.verified(), Err(VerifyError::MalformedSignature), "{malformed}");
    }
    // Each digit counts: nothing is cut short before it is compared.
    for at in 0..64 {
        let digit = if signature.as_bytes()[at] == b'0' { "1" } else { "0" };
        let mut other = signature.to_owned();
        other.replace_range(at..=at, digit);
        let spoilt = signed.clone().reauthorized(|value| value.replace(signature, &other));
        assert_eq!(spoilt.verified(), Err(VerifyError::SignatureMismatch), "digit {at}");
    }
}

/// The signature in the target of a presigned message.
fn presigned_signature(message: &Message) -> String {
    let target = String::from_utf8(message.target.clone()).unwrap();
    target.split_once("X-Amz-Signature=").unwrap().1.to_owned()
}

#[test]
fn input_19_ids_hold_slashes_only_where_the_rules_allow_it() {
    let slashes = sigv4::Credentials::new("team/AKID/EXAMPLE", "secret");
    let signed = Message::to("/").signed_with(&slashes).unwrap();
    // Read as an id with slashes; the secret on file is another one.
    assert_eq!(signed.verified(), Err(VerifyError::SignatureMismatch));
    let exactly_five =
        VerifyRules { key_id_slashes: sigv4::verify_rules::KeyIdSlashes::Refuse, ..strict() };
    let refusal = signed.verified_with(None, signed_at(), &exactly_five);
    assert_eq!(refusal, Err(VerifyError::MalformedCredential));
}

#[test]
fn also_the_clock_skew_and_the_expiry_are_inclusive() {
    let signed = Message::to("/").signed().unwrap();
    let presigned = Message::to("/").presigned().unwrap();
    let is_expired = |result| matches!(result, Err(VerifyError::Expired { .. }));
    let is_early = |result| matches!(result, Err(VerifyError::NotYetValid { .. }));
    assert!(signed.verified_at(SIGNED_AT + 900).is_ok());
    assert!(is_expired(signed.verified_at(SIGNED_AT + 901)));
    let end = SIGNED_AT + i64::from(EXPIRES_SECONDS);
    assert!(presigned.verified_at(end).is_ok());
    assert!(is_expired(presigned.verified_at(end + 1)));
    for message in [signed, presigned] {
        assert!(message.verified_at(SIGNED_AT - 900).is_ok());
        assert!(is_early(message.verified_at(SIGNED_AT - 901)));
    }
}

#[test]
fn also_a_declared_hash_has_lower_case_digits() {
    let declared = Message::to("/").with("X-Amz-Content-Sha256", EMPTY_SHA256).signed().unwrap();
    assert!(declared.verified().is_ok());
    let upper = declared
        .without("x-amz-content-sha256")
        .with("X-Amz-Content-Sha256", EMPTY_SHA256.to_uppercase());
    assert_eq!(upper.verified(), Err(VerifyError::MalformedContentSha256));
}

#[test]
fn also_two_signatures_are_one_too_many() {
    let signed = Message::to("/").signed().unwrap();
    let presigned = Message::to("/").presigned().unwrap();
    let both = Message { target: presigned.target, ..signed };
    assert_eq!(both.verified(), Err(VerifyError::BothForms));
}

#[test]
fn also_targets_that_are_no_path_are_refused() {
    for target in ["*", "http://h/p?q", "example.com:443", "a"] {
        let error = RequestError::TargetNotOriginForm;
        assert_eq!(Message::to(target).sign_errors(), [Some(error.into()); 2], "{target}");
        let spoilt = Message::to("/").signed().unwrap().retargeted(|_| target.to_owned());
        assert_eq!(spoilt.verified(), Err(VerifyError::Request(error)), "{target}");
    }
}
