//! Signs a request with the signature in its headers.
//!
//! Run with `cargo run -p examples --example sign_request`.

use std::error::Error;

use sigv4::{Credentials, Signer};

fn main() -> Result<(), Box<dyn Error>> {
    let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    // Good for one region and one service, day after day: keep it.
    let signer = Signer::new(credentials, "us-east-1", "iam")?;

    let request = http::Request::post("https://iam.amazonaws.com/")
        .header("content-type", "application/x-www-form-urlencoded; charset=utf-8")
        .body("Action=ListAccessKeys&Version=2010-05-08")?;
    let request = signer.sign(request)?;

    println!("send these headers with the request:");
    for (name, value) in request.headers() {
        println!("{name}: {}", value.to_str()?);
    }
    Ok(())
}
