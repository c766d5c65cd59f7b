//! The health pages that tools poll before they start.

use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;

/// The paths that answer; the second is the one that tools written for LocalStack poll.
pub(super) const PATHS: [&str; 2] = ["/_emulator/health", "/_localstack/health"];

/// Answers 200: the emulator has nothing to load, so it is ready once it can answer.
pub(super) async fn health() -> Response {
    ([(CONTENT_TYPE, "application/json")], BODY).into_response()
}

/// `services` is where tools written for LocalStack look.
const BODY: &str = concat!(
    r#"{"status":"ready","version":""#,
    env!("CARGO_PKG_VERSION"),
    r#"","services":{"iam":"running","sts":"running"}}"#,
    "\n"
);
