//! Signs the requests of a hyper client just before they are sent.
//!
//! Run with `cargo run -p examples --example sign_with_hyper`. It calls an
//! emulator in its own process; against AWS the code is the same.

use std::error::Error;

use http::Request;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use iam_emulator::IamEmulator;
use sigv4::{Credentials, Signer};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let emulator = IamEmulator::start().await?;
    let alice = emulator.create_user_with_key("alice")?;
    let credentials = Credentials::new(alice.access_key_id(), alice.secret_access_key());
    let signer = Signer::new(credentials, "us-east-1", "sts")?;

    let request = Request::post(emulator.endpoint_url())
        .header("content-type", "application/x-www-form-urlencoded")
        .body("Action=GetCallerIdentity&Version=2011-06-15")?;
    // Sign last: nothing may change a signed header after this. `host` is
    // signed as hyper will send it, with the port.
    let request = signer.sign(request)?.map(Full::<Bytes>::from);

    let client = Client::builder(TokioExecutor::new()).build_http();
    let response = client.request(request).await?;
    println!("{}", response.status());
    let answer = response.into_body().collect().await?.to_bytes();
    println!("{}", String::from_utf8_lossy(&answer));
    Ok(())
}
