//! Both layers with SigV4a: with each other, and with what others signed.

use std::convert::Infallible;
use std::future;
use std::sync::Arc;

use http::{HeaderValue, Request, StatusCode};
use http_body_util::BodyExt;
use sigv4::body::ChunkedUpload;
use sigv4::chunks::Chunking;
use sigv4::sigv4a::RegionSet;
use sigv4::tower::{AccessKeys, BodySigning, SigningLayer, VerifiedScope, VerifyingLayer};
use sigv4::{
    FoldedLines, OwnedCredentials, PayloadLiteral, Signer, SigningRules, Timestamp, VerifyRules,
};
use tower::{Layer, ServiceExt};

use super::exchange::{
    Arrived, Handler, ID, Pieces, credentials, now, put, ready, received, signed, signing,
    verifying,
};
use crate::cases::multi_region::load;
use crate::reference::Input;
use crate::signer::rules;
use crate::sigv4a::chunks::published::{Published, published};
use crate::sigv4a::data;
use crate::verifier::Received;

const DATA: [u8; 7_000] = [b'a'; 7_000];

/// A client's layer whose signatures are good in these regions.
fn signing_for(regions: &'static str) -> SigningLayer {
    signing(SigningRules::S3).with_region_set(RegionSet::new(regions).unwrap())
}

fn in_chunks(chunking: Chunking) -> BodySigning {
    BodySigning::Chunked(ChunkedUpload { chunking, chunk_len: 3_000, ..ChunkedUpload::SIGNED })
}

fn admitted<K: AccessKeys + 'static>(
    layer: &VerifyingLayer<K>,
    request: Request<Pieces>,
) -> Result<Arrived, (StatusCode, String)> {
    let handler = Handler::default();
    let response = ready(layer.layer(handler.service()).oneshot(request)).unwrap();
    let (head, body) = response.into_parts();
    let body = String::from_utf8(ready(body.collect()).unwrap().to_bytes().into()).unwrap();
    handler.arrived().pop().ok_or((head.status, body))
}

/// The code that a request is refused with.
fn refused<K: AccessKeys + 'static>(
    layer: &VerifyingLayer<K>,
    request: Request<Pieces>,
) -> (u16, String) {
    let (status, body) = admitted(layer, request).unwrap_err();
    let code = body.split("Code>").nth(1).unwrap().trim_end_matches("</").to_owned();
    (status.as_u16(), code)
}

#[test]
fn what_one_layer_signs_the_other_lets_pass() {
    let cases = [
        (BodySigning::default(), None),
        (BodySigning::Unsigned, Some(PayloadLiteral::Unsigned)),
        (in_chunks(Chunking::Signed), Some(PayloadLiteral::StreamingEcdsa)),
        (in_chunks(Chunking::SignedWithTrailers), Some(PayloadLiteral::StreamingEcdsaTrailer)),
        (in_chunks(Chunking::UnsignedWithTrailers), Some(PayloadLiteral::StreamingUnsignedTrailer)),
    ];
    let layer = verifying(VerifyRules::s3("us-east-1")).with_multi_region();
    for (setting, payload) in cases {
        for data in [DATA.as_slice(), b""] {
            let sent =
                signed(&signing_for("us-*,eu-west-1"), put(Pieces::of(data, 700), Some(setting)));
            assert_eq!(sent.head.headers["x-amz-region-set"], "us-*,eu-west-1");
            let arrived = admitted(&layer, received(sent)).unwrap();
            assert_eq!(arrived.body.as_ref().unwrap(), data);
            let identity = arrived.identity();
            assert_eq!((identity.access_key_id.as_str(), identity.timestamp), (ID, now()));
            assert_eq!(identity.scope.to_string(), "20150830/s3/aws4_request (us-*,eu-west-1)");
            let scope = &identity.scope;
            assert_eq!((scope.date(), scope.service()), (now().date(), "s3"));
            assert!(scope.includes("us-west-2") && !scope.includes("eu-west-2"));
            assert!(matches!(scope, VerifiedScope::MultiRegion { .. }));
            if !data.is_empty() {
                assert_eq!(identity.payload, payload);
            }
        }
    }
}

#[test]
fn both_algorithms_pass_where_both_are_asked_for() {
    let layer = verifying(VerifyRules::s3("us-east-1")).with_multi_region();
    for setting in [BodySigning::default(), in_chunks(Chunking::Signed)] {
        let sent = signed(&signing(SigningRules::S3), put(Pieces::of(&DATA, 700), Some(setting)));
        let arrived = admitted(&layer, received(sent)).unwrap();
        assert_eq!(arrived.body.as_ref().unwrap(), DATA.as_slice());
        let scope = &arrived.identity().scope;
        assert_eq!(scope.to_string(), "20150830/us-east-1/s3/aws4_request");
        assert!(scope.includes("us-east-1") && !scope.includes("us-east-2"));
    }
}

#[test]
fn sigv4a_is_refused_unless_it_is_asked_for() {
    let sent = signed(&signing_for("*"), put(Pieces::of(&DATA, 700), None));
    let layer = verifying(VerifyRules::s3("us-east-1"));
    assert_eq!(refused(&layer, received(sent)), (400, "InvalidArgument".to_owned()));
}

#[test]
fn whatever_was_not_signed_so_is_refused() {
    type Edit = fn(&mut Request<Pieces>);
    fn set(request: &mut Request<Pieces>, name: &'static str, value: &str) {
        request.headers_mut().insert(name, HeaderValue::from_str(value).unwrap());
    }
    fn edit_authorization(request: &mut Request<Pieces>, from: &str, to: &str) {
        let value = request.headers()["authorization"].to_str().unwrap().replacen(from, to, 1);
        set(request, "authorization", &value);
    }
    let cases: [(u16, &str, Edit); 10] = [
        (403, "SignatureDoesNotMatch", |request| set(request, "x-amz-region-set", "us-east-1,*")),
        (400, "AuthorizationHeaderMalformed", |request| set(request, "x-amz-region-set", "eu-*")),
        (400, "AuthorizationHeaderMalformed", |request| set(request, "x-amz-region-set", "us-*,")),
        (403, "AccessDenied", |request| {
            edit_authorization(request, ";x-amz-region-set", "");
        }),
        (400, "AuthorizationHeaderMalformed", |request| {
            edit_authorization(request, "Signature=30", "Signature=31");
        }),
        (400, "AuthorizationHeaderMalformed", |request| {
            edit_authorization(request, "/s3/", "/us-east-1/s3/");
        }),
        (400, "AuthorizationHeaderMalformed", |request| {
            edit_authorization(request, "AWS4-ECDSA-P256-SHA256", "AWS4-HMAC-SHA256");
        }),
        (403, "SignatureDoesNotMatch", |request| set(request, "content-type", "text/html")),
        (403, "InvalidAccessKeyId", |request| edit_authorization(request, ID, "ASIAANOTHER")),
        (400, "InvalidToken", |request| set(request, "x-amz-security-token", "another")),
    ];
    let layer = verifying(VerifyRules::s3("us-east-1")).with_multi_region();
    for (index, (status, code, edit)) in cases.into_iter().enumerate() {
        let sent = signed(&signing_for("us-*"), put(Pieces::of(&DATA, 700), None));
        let mut request = received(sent);
        edit(&mut request);
        assert_eq!(refused(&layer, request), (status, code.to_owned()), "{index}");
    }
}

#[test]
fn a_chunk_that_was_changed_ends_the_body_in_an_error() {
    let layer = verifying(VerifyRules::s3("us-east-1")).with_multi_region();
    let chunked = Some(in_chunks(Chunking::Signed));
    let sent = signed(&signing_for("*"), put(Pieces::of(&DATA, 700), chunked));
    let mut wire = sent.body.clone().unwrap().to_vec();
    let at = wire.iter().rposition(|byte| *byte == b'a').unwrap();
    let at = wire[..=at].windows(10).rposition(|part| part == [b'a'; 10]).unwrap();
    wire[at] = b'b';
    let arrived = admitted(&layer, received(sent).map(|_| Pieces::of(&wire, 50))).unwrap();
    let error = arrived.body.unwrap_err();
    assert!(error.contains("signature of chunk 2"), "{error}");
}

#[test]
fn a_literal_of_the_other_algorithm_is_refused() {
    let layer = verifying(VerifyRules::s3("us-east-1")).with_multi_region();
    let owned = credentials();
    let credentials = owned.as_credentials();
    let mut request = put(Pieces::of(&DATA, 700), None);
    request.headers_mut().insert("x-amz-decoded-content-length", HeaderValue::from(7_000));
    let key = sigv4::SigningKey::derive(&credentials, now().date(), "us-east-1", "s3").unwrap();
    let payload = sigv4::Payload::Literal(PayloadLiteral::StreamingEcdsa);
    key.at(now()).unwrap().sign_http(&mut request, payload, &SigningRules::S3).unwrap();
    assert_eq!(refused(&layer, request.clone()), (400, "InvalidRequest".to_owned()));

    let key = sigv4::sigv4a::SigningKey::derive(&credentials, RegionSet::ALL, "s3").unwrap();
    let payload = sigv4::Payload::Literal(PayloadLiteral::StreamingHmac);
    key.at(now()).sign_http(&mut request, payload, &SigningRules::S3).unwrap();
    assert_eq!(refused(&layer, request), (400, "InvalidRequest".to_owned()));
}

/// A layer for one case, whose time and key are those of the case.
fn layer_of(
    credentials: OwnedCredentials,
    rules: VerifyRules<'static>,
    timestamp: &str,
) -> VerifyingLayer<impl AccessKeys + use<>> {
    let now = Timestamp::parse(timestamp.as_bytes()).unwrap();
    let keys = move |id: String| {
        let found = Some(credentials.clone()).filter(|known| known.access_key_id() == id);
        future::ready(Ok::<_, Infallible>(found))
    };
    VerifyingLayer::new(keys, rules).with_clock(move || now).with_multi_region()
}

#[test]
fn what_awscrt_signed_passes() {
    let mut passed = 0;
    for case in load() {
        let (name, expected) = (&case.name, &case.expected);
        let input: &Input = Box::leak(Box::new(case.input.clone()));
        let target = expected.signed_target.as_deref().map(str::as_bytes);
        let Received { method, target, headers, body } =
            Received::new(input, expected.authorization.as_deref(), target);
        let mut request = Request::builder().method(method.as_slice()).uri(target.as_slice());
        for (name, value) in &headers {
            request = request.header(name, value.as_slice());
        }
        if expected.authorization.is_some() {
            request = request.header("x-amz-region-set", &input.region);
        }
        // Not every target is one of the `http` crate.
        let Ok(request) = request.body(Pieces::of(&body, 100)) else { continue };
        let layer = layer_of(credentials_of(input), data::rules(input), &input.timestamp);
        let arrived = admitted(&layer, request).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        let VerifiedScope::MultiRegion { region_set, service, .. } = &arrived.identity().scope
        else {
            panic!("{name}: {:?}", arrived.identity());
        };
        assert_eq!((region_set, service), (&input.region, &input.service), "{name}");
        passed += 1;
    }
    assert!(passed >= 20, "only {passed}");
}

#[test]
fn the_layer_signs_what_awscrt_signs() {
    let mut compared = 0;
    for case in load() {
        let (name, expected) = (&case.name, &case.expected);
        let input: &Input = Box::leak(Box::new(case.input.clone()));
        let setting = match input.payload.as_deref() {
            None => BodySigning::default(),
            Some("UNSIGNED-PAYLOAD") => BodySigning::Unsigned,
            Some(_) => continue,
        };
        let Some(authorization) = &expected.authorization else { continue };
        let mut request = Request::builder().method(&*input.method).uri(input.target.as_slice());
        for (name, value) in &input.headers {
            request = request.header(name, value.as_slice());
        }
        let Ok(request) = request.body(Pieces::of(&input.body, 100)) else { continue };
        let rules = rules(input, FoldedLines::Refuse);
        let signer = Signer::new(credentials_of(input), "us-east-1", &input.service).unwrap();
        let now = Timestamp::parse(input.timestamp.as_bytes()).unwrap();
        let layer = SigningLayer::new(Arc::new(signer.with_rules(rules))).with_clock(move || now);
        let layer = layer.with_region_set(RegionSet::new(&input.region).unwrap());
        let sent = signed(&layer.with_body(setting), request);
        // But for the nonce, which is another each time there.
        let authorization =
            authorization.replace(&expected.signature, &expected.deterministic_signature);
        assert_eq!(sent.head.headers["authorization"], authorization, "{name}");
        compared += 1;
    }
    assert!(compared >= 12, "only {compared}");
}

fn credentials_of(input: &Input) -> OwnedCredentials {
    let credentials = OwnedCredentials::new(&input.access_key_id, &input.secret_access_key);
    match input.session_token.as_deref().filter(|token| !token.is_empty()) {
        Some(token) => credentials.with_session_token(token),
        None => credentials,
    }
}

#[test]
fn bodies_in_chunks_that_others_signed_pass() {
    for case in published() {
        let Published { name, target, headers, wire, body, context } = case;
        let mut request = Request::put(target);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let mut credentials =
            OwnedCredentials::new(&context.access_key_id, &context.secret_access_key);
        if !context.session_token.is_empty() {
            credentials = credentials.with_session_token(&context.session_token);
        }
        let rules = VerifyRules { region: None, ..VerifyRules::s3("") };
        let layer = layer_of(credentials, rules, &context.timestamp);
        let sent = |wire: &[u8]| Pieces::of(wire, 1_000);
        let request = request.body(sent(&wire)).unwrap();
        let arrived = admitted(&layer, request.clone()).unwrap();
        assert_eq!(arrived.body.unwrap(), body, "{name}");
        let cut = request.map(|_| sent(&wire[..wire.len() - 1]));
        assert!(admitted(&layer, cut).unwrap().body.is_err(), "{name}");
    }
}

#[test]
fn the_regions_of_a_layer_outlive_its_credentials() {
    let signer = Signer::new(credentials(), "us-east-1", "s3").unwrap();
    let signer = Arc::new(signer);
    let client = SigningLayer::new(Arc::clone(&signer)).with_clock(now);
    let client = client.with_region_set(RegionSet::ALL);
    let layer = |credentials| layer_of(credentials, VerifyRules::s3("us-east-1"), now().as_str());
    for credentials in [credentials(), OwnedCredentials::new("AKIDANOTHER", "another")] {
        signer.set_credentials(credentials.clone()).unwrap();
        // The pair of keys that was derived first is kept, and goes with its credentials.
        for _ in 0..2 {
            let sent = signed(&client, put(Pieces::of(&DATA, 700), None));
            assert!(admitted(&layer(credentials.clone()), received(sent)).is_ok());
        }
    }
}
