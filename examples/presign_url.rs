//! Makes a URL that fetches an S3 object for fifteen minutes.
//!
//! Run with `cargo run -p examples --example presign_url`.

use std::error::Error;
use std::time::SystemTime;

use sigv4::{Credentials, Expires, Payload, Request, SigningKey, SigningRules, Timestamp};

fn main() -> Result<(), Box<dyn Error>> {
    let credentials =
        Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    let now = Timestamp::try_from(SystemTime::now())?;
    let key = SigningKey::derive(&credentials, now.date(), "eu-central-1", "s3")?;

    // Whoever opens the URL sends the host and nothing else that is signed.
    let host = "examplebucket.s3.eu-central-1.amazonaws.com";
    let headers = [("Host", host)];
    let request =
        Request::new("GET", "/photos/duck.jpg?response-content-type=image%2Fjpeg", &headers);

    let instant = key.at(now)?;
    let expires = Some(Expires::from_seconds(15 * 60)?);
    let (payload, rules) = (Payload::UNSIGNED, SigningRules::S3);

    // The size is known beforehand.
    let mut buffer = vec![0; instant.presigned_len(&request, payload, expires, &rules)?];
    let presigned = instant.presign(&request, payload, expires, &rules, &mut buffer)?;
    println!("https://{host}{}", presigned.to_str()?);
    Ok(())
}
