//! Signs a request in the engine room: no heap, no clock, the caller's buffer.
//!
//! Run with `cargo run -p examples --example sign_without_heap`.

use std::error::Error;

use sigv4::{Credentials, Payload, Request, SigningKey, SigningRules, Timestamp};

fn main() -> Result<(), Box<dyn Error>> {
    let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    let now = Timestamp::now();

    // Good for one UTC day, one region, one service: keep it.
    let key = SigningKey::derive(&credentials, now.date(), "us-east-1", "iam")?;

    let body = b"Action=ListAccessKeys&Version=2010-05-08";
    let headers = [
        ("Host", "iam.amazonaws.com"),
        ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
    ];
    let request = Request::new("POST", "/", &headers);

    let mut buffer = [0; 8_192];
    let instant = key.at(now)?;
    let signed =
        instant.sign(&request, Payload::Bytes(body), &SigningRules::STANDARD, &mut buffer)?;

    println!("send these headers with the request:");
    for (name, value) in signed.headers() {
        println!("{name}: {value}");
    }
    Ok(())
}
