//! Public keys in all their forms, and what `Debug` shows.

use sigv4::sigv4a::{PublicKeyError, RegionSet, SigningKey, VerifyingKey};
use sigv4::{Credentials, Expires, Payload, Request, SigningRules, Timestamp};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

#[test]
fn a_public_key_is_read_in_every_form() {
    let key = VerifyingKey::derive("AKIDEXAMPLE", SECRET).unwrap();
    let bytes = key.to_sec1_bytes();
    let (x, y) = (bytes[1..33].try_into().unwrap(), bytes[33..].try_into().unwrap());
    // The y of this one is even.
    let compressed = [&[2], &bytes[1..33]].concat();
    for read in [
        VerifyingKey::from_sec1_bytes(&bytes),
        VerifyingKey::from_sec1_bytes(&compressed),
        VerifyingKey::from_coordinates(x, y),
    ] {
        assert_eq!(read, Ok(key));
    }
    let credentials = Credentials::new("AKIDEXAMPLE", SECRET);
    let signing = SigningKey::derive(&credentials, RegionSet::ALL, "s3").unwrap();
    assert_eq!(signing.verifying_key(), key);
}

#[test]
fn what_is_no_point_of_the_curve_is_refused() {
    let key = VerifyingKey::derive("AKIDEXAMPLE", SECRET).unwrap();
    let bytes = key.to_sec1_bytes();
    let mut off_curve = bytes;
    off_curve[64] ^= 1;
    let no_x = [&[2], [0xff; 32].as_slice()].concat();
    for refused in [b"".as_slice(), &[0], &bytes[..64], &bytes[1..], &off_curve, &no_x] {
        assert_eq!(VerifyingKey::from_sec1_bytes(refused), Err(PublicKeyError), "{refused:?}");
    }
    assert_eq!(VerifyingKey::from_coordinates(&[0; 32], &[0; 32]), Err(PublicKeyError));
}

#[test]
fn debug_shows_no_secret_and_no_signature() {
    let credentials = Credentials::new("AKIDEXAMPLE", SECRET).with_session_token("FwoGZXIvYXdz");
    let key = SigningKey::derive(&credentials, RegionSet::ALL, "s3").unwrap();
    let now = Timestamp::parse(b"20150830T123600Z").unwrap();
    let instant = key.at(now);
    let headers = [("Host", "example.com")];
    let request = Request::new("GET", "/", &headers);
    let (mut out, mut query) = ([0; 512], [0; 1024]);
    let (payload, rules) = (Payload::UNSIGNED, SigningRules::S3);
    let signed = instant.sign(&request, payload, &rules, &mut out).unwrap();
    let expires = Some(Expires::MAX);
    let presigned = instant.presign(&request, payload, expires, &rules, &mut query).unwrap();
    let shown = format!(
        "{key:?} {instant:?} {signed:?} {presigned:?} {:?} {:?}",
        signed.signature(),
        key.verifying_key(),
    );
    // The private key of these credentials, as the test of its derivation has it.
    let private = "7efc8c0e65a324242818c5a50c891c6060b6a00717b7ba3cbe3c5d765be9259c";
    for secret in [
        SECRET,
        "FwoGZXIvYXdz",
        private,
        &signed.signature().to_string(),
        &presigned.signature().to_string(),
    ] {
        for piece in secret.as_bytes().windows(12) {
            let piece = std::str::from_utf8(piece).unwrap();
            assert!(!shown.contains(piece), "{piece} in {shown}");
        }
    }
    assert!(shown.contains("AKIDEXAMPLE") && shown.contains("RegionSet(*)"));
}
