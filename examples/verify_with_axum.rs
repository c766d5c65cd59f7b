//! An axum server behind a layer that verifies, and a hyper client behind one that
//! signs, in one process.
//!
//! Run with `cargo run -p examples --example verify_with_axum`, and its test with
//! `cargo test -p examples --example verify_with_axum`.

use std::collections::HashMap;
use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::routing::put;
use axum::{Extension, Router};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use sigv4::body::ChunkedUpload;
use sigv4::tower::{BodySigning, SigningLayer, VerifiedIdentity, VerifyingLayer};
use sigv4::{OwnedCredentials, Signer, VerifyRules};
use tokio::net::TcpListener;
use tower::{Layer, ServiceExt};

const ID: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = serve().await?;
    let film = Full::from("a film that is too long to be hashed before it is sent");
    let request = Request::put(format!("http://{address}/films/1")).body(film)?;
    let response = send(request, OwnedCredentials::new(ID, SECRET)).await?;
    println!("{}", response.status());
    println!("{}", String::from_utf8(response.into_body().collect().await?.to_bytes().into())?);
    Ok(())
}

/// Where the secrets are: a database that is asked over a connection, for example.
struct Database {
    secrets: HashMap<String, String>,
}

impl Database {
    async fn find(&self, id: &str) -> io::Result<Option<OwnedCredentials>> {
        Ok(self.secrets.get(id).map(|secret| OwnedCredentials::new(id, secret)))
    }
}

/// The server: whoever gets as far as the handler is who they say they are.
async fn serve() -> io::Result<SocketAddr> {
    let secrets = HashMap::from([(ID.to_owned(), SECRET.to_owned())]);
    let database = Arc::new(Database { secrets });
    // A handle for each request. `async move |id: String| database.find(&id).await` would lend
    // its only one to a future that the layer must be able to keep, and does not compile.
    let keys = move |id: String| {
        let database = Arc::clone(&database);
        async move { database.find(&id).await }
    };
    let router = Router::new()
        .route("/films/{number}", put(store))
        .layer(VerifyingLayer::new(keys, VerifyRules::s3("us-east-1")));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(axum::serve(listener, router).into_future());
    Ok(address)
}

async fn store(Extension(identity): Extension<VerifiedIdentity>, film: String) -> String {
    format!("{} uploads {} bytes", identity.access_key_id, film.len())
}

/// The client: the body goes out in chunks, each of which is signed as it passes.
async fn send(
    request: Request<Full<axum::body::Bytes>>,
    credentials: OwnedCredentials,
) -> Result<Response<Incoming>, Box<dyn Error>> {
    let signer = Arc::new(Signer::new(credentials, "us-east-1", "s3")?);
    let body = BodySigning::Chunked(ChunkedUpload::SIGNED);
    let client = Client::builder(TokioExecutor::new()).build_http();
    let client = SigningLayer::new(signer).with_body(body).layer(client);
    Ok(client.oneshot(request).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_has_the_secret_is_let_in_and_others_are_told_why_not() {
        let address = serve().await.unwrap();
        for (secret, status, text) in [
            (SECRET, 200, "AKIDEXAMPLE uploads 4 bytes"),
            ("another", 403, "<Code>SignatureDoesNotMatch</Code>"),
        ] {
            let request = Request::put(format!("http://{address}/films/1"));
            let request = request.body(Full::from("film")).unwrap();
            let response = send(request, OwnedCredentials::new(ID, secret)).await.unwrap();
            assert_eq!(response.status(), status);
            let answer = response.into_body().collect().await.unwrap().to_bytes();
            assert!(String::from_utf8_lossy(&answer).contains(text), "{answer:?}");
        }
    }
}
