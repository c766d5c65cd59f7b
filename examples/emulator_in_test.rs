//! How to use the emulator in a test: one for each test, a user's key, a clock to turn.
//!
//! Run the tests with `cargo test -p examples --example emulator_in_test`, and the program
//! that they test with `cargo run -p examples --example emulator_in_test`.

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
    let root = emulator.root_credentials();
    let credentials = Credentials::new(root.access_key_id(), root.secret_access_key());
    print!("{}", who_am_i(emulator.endpoint_url(), &credentials).await?);
    Ok(())
}

/// The code under test: asks STS whose key this is.
async fn who_am_i(
    endpoint_url: &str,
    credentials: &Credentials<'_>,
) -> Result<String, Box<dyn Error>> {
    let signer = Signer::new(*credentials, "us-east-1", "sts")?;
    let request = Request::post(endpoint_url)
        .header("content-type", "application/x-www-form-urlencoded")
        .body("Action=GetCallerIdentity&Version=2011-06-15")?;
    let request = signer.sign(request)?.map(Full::<Bytes>::from);

    let client = Client::builder(TokioExecutor::new()).build_http();
    let answer = client.request(request).await?.into_body().collect().await?.to_bytes();
    Ok(String::from_utf8(answer.into())?)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn a_users_key_is_the_users() {
        let emulator = IamEmulator::start().await.unwrap();
        let alice = emulator.create_user_with_key("alice").unwrap();
        let credentials = Credentials::new(alice.access_key_id(), alice.secret_access_key());
        let answer = who_am_i(emulator.endpoint_url(), &credentials).await.unwrap();
        assert!(answer.contains("<Arn>arn:aws:iam::123456789012:user/alice</Arn>"), "{answer}");
    }

    #[tokio::test]
    async fn a_wrong_secret_is_refused() {
        let emulator = IamEmulator::start().await.unwrap();
        let alice = emulator.create_user_with_key("alice").unwrap();
        let credentials = Credentials::new(alice.access_key_id(), "notTheSecret");
        let answer = who_am_i(emulator.endpoint_url(), &credentials).await.unwrap();
        assert!(answer.contains("<Code>SignatureDoesNotMatch</Code>"), "{answer}");
    }

    #[tokio::test]
    async fn a_clock_sixteen_minutes_off_is_refused() {
        let emulator = IamEmulator::start().await.unwrap();
        let alice = emulator.create_user_with_key("alice").unwrap();
        let credentials = Credentials::new(alice.access_key_id(), alice.secret_access_key());
        emulator.clock().advance(Duration::from_secs(16 * 60));
        let answer = who_am_i(emulator.endpoint_url(), &credentials).await.unwrap();
        assert!(answer.contains("<Message>Signature expired: "), "{answer}");
    }
}
