//! Signs a request that is good in several regions (SigV4a), and verifies it in
//! one of them with the public key alone.
//!
//! Run with `cargo run -p examples --example sign_multi_region`.

use std::error::Error;

use sigv4::sigv4a::{self, RegionSet, SigningKey, VerifyingKey};
use sigv4::{
    Body, Credentials, Evidence, Payload, PresentedSignature, Request, SigningRules, Timestamp,
    VerifyRules,
};

fn main() -> Result<(), Box<dyn Error>> {
    let now = Timestamp::now();
    let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    let regions = RegionSet::new("us-east-1,eu-*")?;
    // Good for every day, so derive it once.
    let key = SigningKey::derive(&credentials, regions, "orders")?;
    // What a server needs to have on file; it can sign nothing.
    let on_file = key.verifying_key().to_sec1_bytes();

    let host = ("host", "orders.example.com");
    let headers = [host];
    let request = Request::new("POST", "/orders?page=2", &headers);
    let body = br#"{"quantity":3}"#;
    let mut buffer = [0; 512];
    let instant = key.at(now);
    let signed =
        instant.sign(&request, Payload::Bytes(body), &SigningRules::STANDARD, &mut buffer)?;
    let sent: Vec<_> = signed.headers().chain([host]).collect();
    for (name, value) in &sent {
        println!("{name}: {value}");
    }

    let key = VerifyingKey::from_sec1_bytes(&on_file)?;
    for region in ["eu-central-1", "ap-south-1"] {
        let verdict = verify(&sent, body, &key, region, now);
        println!(
            "in {region}: {}",
            verdict.map_or_else(|error| error.to_string(), |()| "accepted".into())
        );
    }
    Ok(())
}

/// What a server in one region does.
fn verify(
    headers: &[(&str, &str)],
    body: &[u8],
    key: &VerifyingKey,
    region: &str,
    now: Timestamp,
) -> Result<(), sigv4::VerifyError> {
    let request = Request::new("POST", "/orders?page=2", headers);
    let rules = VerifyRules::strict(region, "orders");
    let presented = PresentedSignature::parse(&request)?;
    let presented = sigv4a::PresentedSignature::new(&presented, &rules)?;
    let evidence = Evidence { key, session_token: None, body: Body::Bytes(body), now };
    presented.verify(&request, &evidence, &rules)?;
    Ok(())
}
