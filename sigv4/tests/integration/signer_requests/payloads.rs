//! Bodies of every type, and what is said of a body that is not there.

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderValue, Request, Uri};
use sha2::{Digest, Sha256};
use sigv4::{HttpSignError, Payload, PayloadLiteral, SignableBody, SigningRules, UnsignedPayload};

use super::{Opaque, authorization, authorization_of, expected, now, put, signers};
use crate::reference::Input;

/// The signature over a body of any type.
fn signed<B: SignableBody>(body: B) -> [String; 2] {
    let request = &mut Request::put("https://h/a%20b?c=d").body(body).unwrap();
    signers().map(|signer| {
        let signed = signer.sign_at(&mut *request, now()).unwrap();
        let authorization = authorization(signed.headers()).to_owned();
        request.headers_mut().clear();
        authorization
    })
}

fn of_bytes(body: &[u8]) -> [String; 2] {
    signers().map(|signer| authorization_of(&expected(&signer, "PUT", "/a%20b?c=d", body)))
}

#[test]
fn a_body_of_any_type_is_its_bytes() {
    let (text, bytes) = ("data", b"data".as_slice());
    let (borrowed, owned): (&&str, &String) = (&text, &String::from(text));
    let of_data = of_bytes(bytes);
    let all = [
        signed(text),
        signed(borrowed),
        signed(String::from(text)),
        signed(owned),
        signed(Box::<str>::from(text)),
        signed(Cow::from(text)),
        signed(Cow::<str>::from(String::from(text))),
        signed(bytes),
        signed(*b"data"),
        signed(b"data"),
        signed(bytes.to_vec()),
        signed(Box::<[u8]>::from(bytes)),
        signed(Cow::from(bytes)),
        signed(Cow::<[u8]>::from(bytes.to_vec())),
        signed(Bytes::from_static(b"data")),
        signed(Some(text)),
        signed(Some(Some(bytes.to_vec()))),
        signed(Box::new(Some(text))),
        signed::<Box<dyn SignableBody>>(Box::new(text)),
        signed::<&dyn SignableBody>(&text),
    ];
    for (at, made) in all.into_iter().enumerate() {
        assert_eq!(made, of_data, "{at}");
    }
    let of_nothing = of_bytes(b"");
    let empty = [
        signed(()),
        signed(None::<()>),
        signed(None::<Vec<u8>>),
        signed(Some(())),
        signed(""),
        signed(Vec::new()),
        signed([0; 0]),
        signed(Bytes::new()),
    ];
    for (at, made) in empty.into_iter().enumerate() {
        assert_eq!(made, of_nothing, "{at}");
    }
    assert_ne!(of_data, of_nothing);
    // Bytes that are no text.
    assert_eq!(signed([0, 255, 128]), of_bytes(&[0, 255, 128]));
}

/// A body of which nothing is known yet.
struct Stream;

impl SignableBody for Stream {
    fn as_bytes(&self) -> Option<&[u8]> {
        None
    }
}

#[test]
fn a_stream_is_an_error_and_nothing_is_changed() {
    for signer in signers() {
        for wrapped in [false, true] {
            let mut request = put().map(|_| Some(Stream).filter(|_| !wrapped));
            request.headers_mut().insert("authorization", HeaderValue::from_static("Basic a"));
            let before = (request.uri().clone(), request.headers().clone());
            let signed = signer.sign_at(&mut request, now());
            if wrapped {
                signed.unwrap();
                continue;
            }
            assert!(matches!(signed, Err(HttpSignError::BodyIsStream)));
            assert_eq!((request.uri().clone(), request.headers().clone()), before);
        }
    }
}

#[test]
fn a_hash_is_as_good_as_the_bytes() {
    for signer in signers() {
        let hash = Payload::Sha256(Sha256::digest(b"data").into());
        let by_hash = signer.sign_with_at(put().map(|_| Opaque), hash, now()).unwrap();
        let by_bytes = signer.sign_at(put(), now()).unwrap();
        assert_eq!(by_hash.headers(), by_bytes.headers());
        // Bytes that are not yet the body.
        let other = signer.sign_with_at(put(), Payload::Bytes(b"other"), now()).unwrap();
        let expected = expected(&signer, "PUT", "/a%20b?c=d", b"other");
        assert_eq!(authorization(other.headers()), authorization_of(&expected));
        assert_eq!(*other.body(), "data");
    }
}

/// A literal means nothing unless the other side is told.
#[test]
fn a_payload_that_is_no_hash_is_declared_for_every_service() {
    let literals = [
        PayloadLiteral::Unsigned,
        PayloadLiteral::StreamingUnsignedTrailer,
        PayloadLiteral::StreamingHmac,
        PayloadLiteral::StreamingHmacTrailer,
    ];
    for signer in signers() {
        for literal in literals {
            let payload = Payload::Literal(literal);
            let mut signed = signer.sign_with_at(put(), payload, now()).unwrap();
            let declared = signed.headers()["x-amz-content-sha256"].to_str().unwrap();
            assert_eq!(declared, literal.as_str());
            let plain = expected(&signer, "PUT", "/a%20b?c=d", b"");
            let expected = Input { sign_body: true, payload: Some(declared.into()), ..plain };
            assert_eq!(authorization(signed.headers()), authorization_of(&expected));
            // Said again, it is not said twice.
            let before = signed.headers().clone();
            signer.sign_with_at(&mut signed, payload, now()).unwrap();
            assert_eq!(signed.headers(), &before);
        }
    }
}

#[test]
fn what_no_signature_covers_goes_over_tls_unless_the_rules_say_otherwise() {
    for signer in signers() {
        let mut plain = put();
        *plain.uri_mut() = Uri::from_static("http://h/a%20b?c=d");
        for literal in [PayloadLiteral::Unsigned, PayloadLiteral::StreamingUnsignedTrailer] {
            let payload = Payload::Literal(literal);
            let refused = signer.sign_with_at(&mut plain, payload, now());
            assert!(matches!(refused, Err(HttpSignError::UnsignedPayloadOverHttp)));
            assert!(plain.headers().is_empty());
        }
        signer.sign_at(&mut plain, now()).unwrap();
        plain.headers_mut().clear();
        let rules = *signer.rules();
        let any = SigningRules { unsigned_payload: UnsignedPayload::AnyScheme, ..rules };
        let signer = signer.with_rules(any);
        let by_http = signer.sign_with_at(plain, Payload::UNSIGNED, now()).unwrap();
        let by_https = signer.sign_with_at(put(), Payload::UNSIGNED, now()).unwrap();
        assert_eq!(by_http.headers(), by_https.headers());
    }
}
