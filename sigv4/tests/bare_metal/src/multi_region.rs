//! Feature `sigv4a`.

use sigv4::sigv4a::{self, RegionSet, SigningKey};
use sigv4::{
    Body, Credentials, Evidence, Expires, Payload, PresentedSignature, Request, SigningRules,
    Timestamp, VerifyRules,
};

pub(super) fn holds(unix_seconds: i64) -> Option<()> {
    let now = Timestamp::from_unix_seconds(unix_seconds).ok()?;
    let credentials = Credentials::new("AKIDEXAMPLE", super::SECRET);
    let key = SigningKey::derive(&credentials, RegionSet::ALL, "iam").ok()?;
    let headers = [("Host", "iam.amazonaws.com")];
    let request = Request::new("GET", "/", &headers);
    let (payload, expires) = (Payload::EMPTY, Expires::from_seconds(900).ok());
    let mut buffer = [0; 512];
    let instant = key.at(now);
    let rules = SigningRules::STANDARD;
    let presigned = instant.presign(&request, payload, expires, &rules, &mut buffer).ok()?;

    let request = Request::new("GET", presigned.target(), &headers);
    let rules = VerifyRules::strict("us-east-1", "iam");
    let presented = PresentedSignature::parse(&request).ok()?;
    let presented = sigv4a::PresentedSignature::new(&presented, &rules).ok()?;
    let key = key.verifying_key();
    let evidence = Evidence { key: &key, session_token: None, body: Body::Bytes(b""), now };
    presented.verify(&request, &evidence, &rules).ok()?;
    Some(())
}
