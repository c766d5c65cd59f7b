//! Signs what a `reqwest::Client` sends.
//!
//! Run with `cargo run -p examples --example sign_with_reqwest`, and its test with
//! `cargo test -p examples --example sign_with_reqwest`. It calls an emulator in its own
//! process; against AWS the code is the same.

use std::error::Error;

use iam_emulator::IamEmulator;
use reqwest::Client;
use sigv4::{Credentials, Signer};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let emulator = IamEmulator::start().await?;
    let alice = emulator.create_user_with_key("alice")?;
    let credentials = Credentials::new(alice.access_key_id(), alice.secret_access_key());
    println!("{}", who_am_i(emulator.endpoint_url(), credentials).await?);
    Ok(())
}

async fn who_am_i(url: &str, credentials: Credentials<'_>) -> Result<String, Box<dyn Error>> {
    let signer = Signer::new(credentials, "us-east-1", "sts")?;
    // Redirected by reqwest itself, a request would carry the old signature.
    let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;

    let request = client
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded")
        .body("Action=GetCallerIdentity&Version=2011-06-15")
        .build()?;
    Ok(client.execute(signer.sign(request)?).await?.text().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_service_knows_who_calls() {
        let emulator = IamEmulator::start().await.unwrap();
        let alice = emulator.create_user_with_key("alice").unwrap();
        let credentials = Credentials::new(alice.access_key_id(), alice.secret_access_key());
        let answer = who_am_i(emulator.endpoint_url(), credentials).await.unwrap();
        assert!(answer.contains("<Arn>arn:aws:iam::123456789012:user/alice</Arn>"), "{answer}");
        let wrong = Credentials::new(alice.access_key_id(), "another");
        let answer = who_am_i(emulator.endpoint_url(), wrong).await.unwrap();
        assert!(answer.contains("<Code>SignatureDoesNotMatch</Code>"), "{answer}");
    }
}
