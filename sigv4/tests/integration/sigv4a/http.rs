//! Requests of the `http` crate, signed in place and verified with the public key.

use http::Request;
use sigv4::sigv4a::{self, RegionSet, SigningKey, VerifyingKey};
use sigv4::{
    Body, Credentials, Evidence, Expires, HttpView, Payload, PresentedSignature, SigningRules,
    Timestamp, VerifyError, VerifyRules,
};

fn now() -> Timestamp {
    Timestamp::parse(b"20150830T123600Z").unwrap()
}

fn key(regions: &str) -> SigningKey<'_> {
    let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
        .with_session_token("token");
    SigningKey::derive(&credentials, RegionSet::new(regions).unwrap(), "s3").unwrap()
}

fn request() -> Request<()> {
    Request::get("https://bucket.example.com:443/a%20key?list&x=1").body(()).unwrap()
}

fn verify(request: &Request<()>, key: &VerifyingKey, region: &str) -> Result<(), VerifyError> {
    let rules = VerifyRules::s3(region);
    let view = HttpView::new(request);
    let request = view.request();
    let presented = PresentedSignature::parse(&request)?;
    let presented = sigv4a::PresentedSignature::new(&presented, &rules)?;
    let evidence =
        Evidence { key, session_token: Some("token"), body: Body::Bytes(b""), now: now() };
    presented.verify(&request, &evidence, &rules).map(|_| ())
}

#[test]
fn a_signed_request_verifies_and_can_be_signed_anew() {
    let (europe, america) = (key("eu-*"), key("us-east-1,us-west-2"));
    let public = europe.verifying_key();
    let mut request = request();
    europe.at(now()).sign_http(&mut request, Payload::EMPTY, &SigningRules::S3).unwrap();
    verify(&request, &public, "eu-central-1").unwrap();
    assert_eq!(verify(&request, &public, "us-east-1"), Err(VerifyError::RegionNotInSet));
    assert!(request.headers()["authorization"].is_sensitive());

    // The regions of the first signing do not stay beside those of the second.
    america.at(now()).sign_http(&mut request, Payload::EMPTY, &SigningRules::S3).unwrap();
    assert_eq!(request.headers().get_all("x-amz-region-set").iter().count(), 1);
    verify(&request, &public, "us-east-1").unwrap();
    *request.uri_mut() = "https://bucket.example.com/another".parse().unwrap();
    assert_eq!(verify(&request, &public, "us-east-1"), Err(VerifyError::SignatureMismatch));
}

#[test]
fn a_presigned_request_verifies_and_can_be_presigned_anew() {
    let (europe, america) = (key("eu-*"), key("us-*"));
    let public = europe.verifying_key();
    let expires = Some(Expires::from_seconds(900).unwrap());
    let (payload, rules) = (Payload::UNSIGNED, SigningRules::S3);
    let mut request = request();
    europe.at(now()).sign_http(&mut request, Payload::EMPTY, &SigningRules::STANDARD).unwrap();
    europe.at(now()).presign_http(&mut request, payload, expires, &rules).unwrap();
    assert!(request.headers().is_empty(), "the headers of a signing make way");
    verify(&request, &public, "eu-central-1").unwrap();

    america.at(now()).presign_http(&mut request, payload, expires, &rules).unwrap();
    let query = request.uri().query().unwrap();
    assert_eq!(query.matches("X-Amz-Region-Set=").count(), 1, "{query}");
    verify(&request, &public, "us-west-1").unwrap();
}

#[test]
fn a_refused_request_is_left_as_it_was() {
    let mut request = request();
    *request.uri_mut() = "/no-host".parse().unwrap();
    let key = key("*");
    key.at(now()).sign_http(&mut request, Payload::EMPTY, &SigningRules::S3).unwrap_err();
    assert!(request.headers().is_empty());
}
