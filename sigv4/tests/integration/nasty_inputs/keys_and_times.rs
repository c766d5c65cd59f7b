//! Inputs 6, 7 and 12 to 16: keys, times, expiries and buffers.

use sigv4::{
    CredentialScope, Credentials, Date, Expires, ExpiresError, KeyError, Payload, SignError,
    SigningKey, Timestamp, TimestampError, VerifyError, VerifyRules, VerifyingKey,
};

use super::message::{
    CREDENTIALS, Message, REGION, RULES, SERVICE, instant, signed_at, signing_key, strict,
};

#[test]
fn input_06_an_expiry_is_one_second_to_seven_days() {
    for seconds in [0, 604_801, u32::MAX] {
        assert_eq!(Expires::from_seconds(seconds), Err(ExpiresError { seconds }));
    }
    assert_eq!(Expires::from_seconds(1), Ok(Expires::MIN));
    assert_eq!(Expires::from_seconds(604_800), Ok(Expires::MAX));

    let presigned = Message::to("/").presigned().unwrap();
    for text in [
        "0",
        "604801",
        "4294967295",
        "4294967296",
        "99999999999999999999",
        "-1",
        "%2B60",
        "+60",
        "",
        "6e1",
        "60.0",
        "%2060",
        "0x10",
        "\u{661}",
    ] {
        let refused = presigned
            .clone()
            .retargeted(|target| target.replace("Expires=3600", &format!("Expires={text}")));
        assert_eq!(refused.verified(), Err(VerifyError::InvalidExpires), "{text}");
    }
    let altered = presigned.retargeted(|target| target.replace("Expires=3600", "Expires=604800"));
    assert_eq!(altered.verified(), Err(VerifyError::SignatureMismatch));
}

#[test]
fn input_07_times_that_do_not_exist_are_errors() {
    for seconds in [i64::MIN, -62_167_219_201, 253_402_300_800, i64::MAX] {
        assert_eq!(Timestamp::from_unix_seconds(seconds), Err(TimestampError::OutOfRange));
    }
    assert_eq!(Timestamp::from_unix_seconds(-1).unwrap().as_str(), "19691231T235959Z");

    let signed = Message::to("/").signed().unwrap();
    for text in [
        "20150230T000000Z",
        "20150229T000000Z",
        "20151301T000000Z",
        "20150800T000000Z",
        "20161231T235960Z",
        "20150830T240000Z",
        "100000830T123600Z",
        "-0010830T123600Z",
        "20150830T123600",
        "20150830T123600z",
        "20150830 123600Z",
        "2015083\u{661}T123600Z",
        "",
    ] {
        assert_eq!(Timestamp::parse(text.as_bytes()), Err(TimestampError::Malformed), "{text}");
        let spoilt = signed.clone().without("x-amz-date").with("X-Amz-Date", text);
        assert_eq!(spoilt.verified(), Err(VerifyError::MalformedDate), "{text}");
    }
    for text in ["20150230", "2015083", "2015083O", "201508300", ""] {
        assert_eq!(Date::parse(text.as_bytes()), Err(TimestampError::Malformed), "{text}");
        let spoilt =
            signed.clone().reauthorized(|value| value.replace("/20150830/", &format!("/{text}/")));
        assert_eq!(spoilt.verified(), Err(VerifyError::ScopeDateMismatch), "{text}");
    }
}

#[test]
fn input_12_a_short_buffer_is_told_what_is_needed_and_shows_nothing() {
    let (message, key) = (Message::to("/a?b=c"), signing_key(&CREDENTIALS));
    let (instant, request) = (instant(&key), message.request());
    let expires = Some(Expires::MAX);
    let sign = |out: &mut [u8]| {
        instant.sign(&request, Payload::EMPTY, &RULES, out).map(|made| made.authorization().len())
    };
    let presign = |out: &mut [u8]| {
        let made = instant.presign(&request, Payload::EMPTY, expires, &RULES, out);
        made.map(|made| made.target().len())
    };
    let canonical = |out: &mut [u8]| {
        instant.canonical_request(&request, Payload::EMPTY, &RULES, out).map(<[u8]>::len)
    };
    let string_to_sign = |out: &mut [u8]| instant.string_to_sign(b"GET", out).map(<[u8]>::len);
    type Operation<'a> = &'a dyn Fn(&mut [u8]) -> Result<usize, SignError>;
    let operations: [Operation<'_>; 4] = [&sign, &presign, &canonical, &string_to_sign];
    for (index, operation) in operations.into_iter().enumerate() {
        let needed = operation(&mut [0; 1024]).unwrap();
        for available in 0..needed {
            let mut out = vec![0xaa; available];
            let error = SignError::BufferTooSmall { needed, available };
            assert_eq!(operation(&mut out), Err(error), "operation {index}");
            let zeroes = out.iter().take_while(|&&byte| byte == 0).count();
            assert!(out[zeroes..].iter().all(|&byte| byte == 0xaa), "{index}: {available}");
        }
        assert_eq!(operation(&mut vec![0; needed]), Ok(needed));
    }
}

#[test]
fn input_13_nothing_to_sign_with_is_an_error() {
    for (id, secret, region, service, error) in [
        ("", "s", "r", "v", KeyError::EmptyAccessKeyId),
        ("k", "", "r", "v", KeyError::EmptySecretAccessKey),
        ("k", "s", "", "v", KeyError::EmptyRegion),
        ("k", "s", "r", "", KeyError::EmptyService),
    ] {
        let credentials = Credentials::new(id, secret);
        let made = SigningKey::derive(&credentials, signed_at().date(), region, service);
        assert_eq!(made.unwrap_err(), error);
    }
}

#[test]
fn input_13_an_empty_token_is_none_and_an_empty_region_can_be_verified() {
    let message = Message::to("/");
    let signed = message.signed_with(&CREDENTIALS.with_session_token("")).unwrap();
    assert_eq!(signed.header("authorization"), message.signed().unwrap().header("authorization"));

    let scope = CredentialScope::new(signed_at().date(), "", SERVICE).unwrap();
    assert!(VerifyingKey::derive("secret", &scope).is_ok());
    let any_region = VerifyRules { region: None, ..strict() };
    let moved = signed.reauthorized(|value| value.replace("/us-east-1/", "//"));
    let refusal = moved.verified_with(None, signed_at(), &any_region);
    assert_eq!(refusal, Err(VerifyError::SignatureMismatch), "read, and signed for another region");
}

#[test]
fn input_14_what_would_change_the_structure_of_a_credential_is_refused() {
    let derive = |id: &str, region: &str, service: &str| {
        let credentials = Credentials::new(id, "secret");
        SigningKey::derive(&credentials, signed_at().date(), region, service).err()
    };
    for spoilt in ["a/b", "a,b", "a b", "a\nb", "a\0", " a", "a\t", "\u{e9}", "a\u{7f}"] {
        assert_eq!(derive("AKID", spoilt, SERVICE), Some(KeyError::InvalidRegion), "{spoilt:?}");
        assert_eq!(derive("AKID", REGION, spoilt), Some(KeyError::InvalidService), "{spoilt:?}");
        let id = (spoilt != "a/b").then_some(KeyError::InvalidAccessKeyId);
        assert_eq!(derive(spoilt, REGION, SERVICE), id, "{spoilt:?}");
    }
    let long = "a".repeat(129);
    assert_eq!(derive(&long, REGION, SERVICE), Some(KeyError::AccessKeyIdTooLong { len: 129 }));
    let long = "a".repeat(65);
    assert_eq!(derive("AKID", &long, SERVICE), Some(KeyError::RegionTooLong { len: 65 }));
    assert_eq!(derive("AKID", REGION, &long), Some(KeyError::ServiceTooLong { len: 65 }));
}

#[test]
fn input_15_secrets_may_be_anything_but_carelessly_copied() {
    let date = signed_at().date();
    let scope = CredentialScope::new(date, REGION, SERVICE).unwrap();
    for secret in ["secret\n", "secret\r\n", "secret\r", "\n"] {
        let credentials = Credentials::new("AKID", secret);
        let error = SigningKey::derive(&credentials, date, REGION, SERVICE).unwrap_err();
        assert_eq!(error, KeyError::SecretEndsWithLineBreak, "{secret:?}");
        assert!(error.to_string().contains("line break"), "the message names the cause");
        assert!(
            !error.to_string().contains("secret\n") && !format!("{error:?}").contains("secret\n")
        );
        assert_eq!(VerifyingKey::derive(secret, &scope).unwrap_err(), error);
    }
    // The longest prefix of `AWS4` and secret that is not hashed first has 64 bytes.
    for secret in
        ["s".repeat(60), "s".repeat(61), "s".repeat(1000), "gehe\u{ef}m\u{1f511}".to_owned()]
    {
        let credentials = Credentials::new("AKID", &secret);
        let made = SigningKey::derive(&credentials, date, REGION, SERVICE).unwrap();
        let other = format!("{secret}s");
        let other = SigningKey::derive(&Credentials::new("AKID", &other), date, REGION, SERVICE);
        let (message, mut one, mut two) = (Message::to("/"), [0; 512], [0; 512]);
        let request = message.request();
        let sign = |key: &SigningKey<'_>, out: &mut [u8]| {
            *instant(key).sign(&request, Payload::EMPTY, &RULES, out).unwrap().signature()
        };
        assert_ne!(sign(&made, &mut one), sign(&other.unwrap(), &mut two));
    }
}

#[test]
fn input_16_tokens_are_encoded_strictly_and_may_be_long() {
    let long = "IQoJb3JpZ2luX2VjE+/=".repeat(205);
    for token in ["a+b/c==", long.as_str()] {
        let credentials = CREDENTIALS.with_session_token(token);
        let signed = Message::to("/").signed_with(&credentials).unwrap();
        assert_eq!(signed.header("x-amz-security-token"), token);
        let encoded = token.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
        let presigned = Message::to("/").presigned_with(&credentials).unwrap();
        let target = String::from_utf8(presigned.target.clone()).unwrap();
        assert!(target.contains(&format!("&X-Amz-Security-Token={encoded}&")), "{target}");

        for message in [signed, presigned] {
            let verified = |token| message.verified_with(token, signed_at(), &strict());
            assert!(verified(Some(token)).is_ok());
            assert_eq!(verified(None), Err(VerifyError::UnexpectedSessionToken));
            assert_eq!(verified(Some("a")), Err(VerifyError::SessionTokenMismatch));
            let other = format!("{}b", &token[..token.len() - 1]);
            assert_eq!(verified(Some(&other)), Err(VerifyError::SessionTokenMismatch));
        }
    }
    let broken = CREDENTIALS.with_session_token("a\nb");
    let made = SigningKey::derive(&broken, signed_at().date(), REGION, SERVICE);
    assert_eq!(made.unwrap_err(), KeyError::InvalidSessionToken);
}
