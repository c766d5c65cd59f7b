//! Feature `sigv4a`: the elliptic curve needs no heap either.

use sigv4::chunks::Chunking;
use sigv4::sigv4a::{self, CHUNK_HEADER_LEN_MAX, RegionSet, Signature, SigningKey, VerifyingKey};
use sigv4::{Body, Evidence, Payload, PresentedSignature, Request, SigningRules, VerifyRules};

use crate::cases::{BODY, CREDENTIALS, EXPIRES, REGION, SECRET, SERVICE, now};
use crate::without_allocation;

#[test]
fn deriving_a_key_pair() {
    let id = CREDENTIALS.access_key_id();
    let derived = without_allocation(|| VerifyingKey::derive(id, SECRET).unwrap());
    let key =
        without_allocation(|| SigningKey::derive(&CREDENTIALS, RegionSet::ALL, SERVICE).unwrap());
    assert_eq!(key.verifying_key(), derived);
    let read = without_allocation(|| VerifyingKey::from_sec1_bytes(&derived.to_sec1_bytes()));
    assert_eq!(read, Ok(derived));
}

#[test]
fn signing_and_verifying() {
    let key = SigningKey::derive(&CREDENTIALS, RegionSet::ALL, SERVICE).unwrap();
    let headers = [("Host", "example.com")];
    let request = Request::new("POST", "/a?b=c", headers.as_slice());
    let (payload, rules) = (Payload::Bytes(BODY), SigningRules::STANDARD);
    let (mut out, mut query) = ([0; 1024], [0; 1024]);
    let (signed, presigned) = without_allocation(|| {
        let instant = key.at(now());
        assert!(instant.sign(&request, payload, &rules, &mut [0; 9]).is_err());
        let presigned = instant.presign(&request, payload, EXPIRES, &rules, &mut query);
        (instant.sign(&request, payload, &rules, &mut out).unwrap(), presigned.unwrap())
    });
    let all: Vec<_> = signed.headers().chain(headers).collect();
    assert_verifies(Request::new("POST", "/a?b=c", all.as_slice()), &key.verifying_key());
    assert_verifies(
        Request::new("POST", presigned.target(), headers.as_slice()),
        &key.verifying_key(),
    );
}

#[test]
fn chunks() {
    let key = SigningKey::derive(&CREDENTIALS, RegionSet::ALL, "s3").unwrap();
    let headers = [("Host", "example.com"), ("X-Amz-Decoded-Content-Length", "3")];
    let request = Request::new("PUT", "/", headers.as_slice());
    let (instant, chunking) = (key.at(now()), Chunking::Signed);
    let (payload, mut out) = (Payload::Literal(chunking.literal::<Signature>()), [0; 1024]);
    let signed = instant.sign(&request, payload, &SigningRules::S3, &mut out).unwrap();
    let mut wire = Vec::with_capacity(1024);
    without_allocation(|| {
        let mut signer = instant.chunk_signer(chunking, signed.signature());
        wire.extend_from_slice(signer.chunk(b"abc", &mut [0; CHUNK_HEADER_LEN_MAX]).unwrap());
        wire.extend_from_slice(b"abc\r\n");
        wire.extend_from_slice(signer.finish::<[(&str, &str)]>(&[], &mut [0; 256]).unwrap());
    });
    let all: Vec<_> = signed.headers().chain(headers).collect();
    let request = Request::new("PUT", "/", all.as_slice());
    let (rules, key) = (VerifyRules::s3(REGION), &key.verifying_key());
    let (session_token, body) = (CREDENTIALS.session_token(), Body::Bytes(b"".as_slice()));
    let evidence = Evidence { key, session_token, body, now: now() };
    without_allocation(|| {
        let presented = PresentedSignature::parse(&request).unwrap();
        let presented = sigv4a::PresentedSignature::new(&presented, &rules).unwrap();
        let verified = presented.verify(&request, &evidence, &rules).unwrap();
        let mut decoder = verified.chunk_decoder(&request, key).unwrap();
        let consumed = decoder.decode(&wire).unwrap().consumed;
        assert!(decoder.decode(&wire[consumed..]).is_ok());
        assert_eq!(decoder.finish(), Ok(()));
    });
}

fn assert_verifies(request: Request<'_, [(&str, &str)]>, key: &VerifyingKey) {
    let rules = VerifyRules::strict(REGION, SERVICE);
    let evidence = |body| {
        let session_token = CREDENTIALS.session_token();
        Evidence { key, session_token, body: Body::Bytes(body), now: now() }
    };
    without_allocation(|| {
        let presented = PresentedSignature::parse(&request).unwrap();
        let presented = sigv4a::PresentedSignature::new(&presented, &rules).unwrap();
        assert!(presented.verify(&request, &evidence(BODY), &rules).is_ok());
        assert!(presented.verify(&request, &evidence(b"another"), &rules).is_err());
    });
}
