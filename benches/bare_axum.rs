//! A server on axum that reads a request and answers it, and does nothing else: what the
//! emulator is measured beside.

use std::net::Ipv4Addr;

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;

/// As long as an answer to GetCallerIdentity.
const ANSWER: &str =
    "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">
  <GetCallerIdentityResult>
    <Arn>arn:aws:iam::123456789012:root</Arn>
    <UserId>123456789012</UserId>
    <Account>123456789012</Account>
  </GetCallerIdentityResult>
  <ResponseMetadata>
    <RequestId>8491d649-dddd-4e36-ad2d-417fe0f51969</RequestId>
  </ResponseMetadata>
</GetCallerIdentityResponse>
";

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("Ready. http://{}", listener.local_addr()?);
    axum::serve(listener, Router::new().fallback(answer)).await
}

async fn answer(_: Bytes) -> Response {
    ([(CONTENT_TYPE, "text/xml")], ANSWER).into_response()
}
