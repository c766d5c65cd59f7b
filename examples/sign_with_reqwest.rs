//! Signs what a `reqwest::Client` sends.
//!
//! Run with `cargo run -p examples --example sign_with_reqwest`, and its test with
//! `cargo test -p examples --example sign_with_reqwest`. It calls an emulator in its own
//! process; against AWS the code is the same.

use std::error::Error;
use std::sync::Arc;

use http::Request;
use iam_emulator::IamEmulator;
use reqwest::{Body, Client, Response};
use sigv4::tower::{SigningBody, SigningLayer};
use sigv4::{OwnedCredentials, Signer, SigningRules};
use tower::{Layer, Service, ServiceExt, service_fn};

type BoxError = Box<dyn Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let emulator = IamEmulator::start().await?;
    let alice = emulator.create_user_with_key("alice")?;
    let credentials = OwnedCredentials::new(alice.access_key_id(), alice.secret_access_key());
    println!("{}", who_am_i(emulator.endpoint_url(), credentials).await?);
    Ok(())
}

async fn who_am_i(endpoint_url: &str, credentials: OwnedCredentials) -> Result<String, BoxError> {
    let signer = Arc::new(Signer::new(credentials, "us-east-1", "sts")?);
    // Redirected by reqwest itself, a request would carry the old signature.
    let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    let client = SigningLayer::new(signer).layer(service(client));

    let request = Request::post(endpoint_url)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from("Action=GetCallerIdentity&Version=2011-06-15"))?;
    Ok(client.oneshot(request).await?.text().await?)
}

/// The client as a service of requests of the `http` crate, which reqwest converts
/// to its own.
fn service(
    client: Client,
) -> impl Service<Request<SigningBody<Body>>, Response = Response, Error = reqwest::Error, Future: Send>
+ Clone {
    service_fn(move |request: Request<SigningBody<Body>>| {
        let client = client.clone();
        async move { client.execute(request.map(Body::wrap).try_into()?).await }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_service_knows_who_calls() {
        let emulator = IamEmulator::start().await.unwrap();
        let alice = emulator.create_user_with_key("alice").unwrap();
        let credentials = OwnedCredentials::new(alice.access_key_id(), alice.secret_access_key());
        let answer = who_am_i(emulator.endpoint_url(), credentials).await.unwrap();
        assert!(answer.contains("<Arn>arn:aws:iam::123456789012:user/alice</Arn>"), "{answer}");
        let wrong = OwnedCredentials::new(alice.access_key_id(), "another");
        let answer = who_am_i(emulator.endpoint_url(), wrong).await.unwrap();
        assert!(answer.contains("<Code>SignatureDoesNotMatch</Code>"), "{answer}");
    }
}
