//! Makes URLs that fetch and store an S3 object for fifteen minutes.
//!
//! Run with `cargo run -p examples --example presign_url [KEY]`.

use std::env;
use std::error::Error;
use std::time::Duration;

use sigv4::{Bucket, Credentials, Signer};

const FIFTEEN_MINUTES: Duration = Duration::from_secs(15 * 60);

fn main() -> Result<(), Box<dyn Error>> {
    let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    let signer = Signer::new(credentials, "eu-central-1", "s3")?;
    let bucket = Bucket::aws("examplebucket", "eu-central-1")?;

    // Whatever the key holds: it is encoded once, here.
    let key = env::args().nth(1).unwrap_or_else(|| "photos/rübe+1.jpg".to_owned());
    let download = bucket.get(&key).with_parameter("response-content-disposition", "attachment");
    println!("curl -OJ '{}'", download.presign(&signer, FIFTEEN_MINUTES)?);

    // Whoever uploads has to send the header as it is here.
    let upload = bucket.put(&key).with_header("content-type", "image/jpeg");
    let url = upload.presign(&signer, FIFTEEN_MINUTES)?;
    println!("curl -T duck.jpg -H 'content-type: image/jpeg' '{url}'");
    Ok(())
}
