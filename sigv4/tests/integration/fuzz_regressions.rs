//! Replays the seeds of the fuzz targets, and every input that once failed.
//!
//! The properties are those that the targets in `fuzz/` look for a
//! counterexample to.
#![allow(unreachable_pub)] // The properties are a library there.

#[path = "../../../fuzz/src/authorization.rs"]
mod authorization;
#[path = "../../../fuzz/src/canonical_path.rs"]
mod canonical_path;
#[path = "../../../fuzz/src/canonical_query.rs"]
mod canonical_query;
#[path = "../../../fuzz/src/chunks.rs"]
mod chunks;
#[cfg(feature = "credentials")]
#[path = "../../../fuzz/src/default_chain.rs"]
mod default_chain;
#[cfg(feature = "events")]
#[path = "../../../fuzz/src/events.rs"]
mod events;
#[cfg(feature = "explain")]
#[path = "../../../fuzz/src/explain.rs"]
mod explain;
#[cfg(feature = "credentials")]
#[path = "../../../fuzz/src/naive_shared_file.rs"]
mod naive_shared_file;
#[path = "../../../fuzz/src/post_policy.rs"]
mod post_policy;
#[path = "../../../fuzz/src/presented_parts.rs"]
mod presented_parts;
#[path = "../../../fuzz/src/presigned_query.rs"]
mod presigned_query;
#[cfg(feature = "signer")]
#[path = "../../../fuzz/src/presigned_url.rs"]
mod presigned_url;
#[path = "../../../fuzz/src/raw_request.rs"]
mod raw_request;
#[cfg(feature = "sigv4a")]
#[path = "../../../fuzz/src/region_set.rs"]
mod region_set;
#[path = "../../../fuzz/src/sign.rs"]
mod sign;
#[path = "../../../fuzz/src/verify.rs"]
mod verify;

#[path = "../../../fuzz/src/replay.rs"]
mod replay;

#[test]
fn signing() {
    replay::all("sign", sign::check);
}

#[test]
fn verifying() {
    replay::all("verify", verify::check);
}

#[test]
fn authorization_headers() {
    replay::all("authorization", authorization::check);
}

#[test]
fn presigned_queries() {
    replay::all("presigned_query", presigned_query::check);
}

#[cfg(feature = "signer")]
#[test]
fn presigned_urls() {
    replay::all("presigned_url", presigned_url::check);
}

#[cfg(feature = "credentials")]
#[test]
fn shared_files() {
    replay::all("default_chain", default_chain::check);
}

#[test]
fn canonical_paths() {
    replay::all("canonical_path", canonical_path::check);
}

#[test]
fn canonical_queries() {
    replay::all("canonical_query", canonical_query::check);
}

#[test]
fn bodies_in_chunks() {
    replay::all("chunks", chunks::check);
}

#[cfg(feature = "events")]
#[test]
fn event_streams() {
    replay::all("events", events::check);
}

#[cfg(feature = "explain")]
#[test]
fn explanations() {
    replay::all("explain", explain::check);
}

#[cfg(feature = "sigv4a")]
#[test]
fn region_sets() {
    replay::all("region_set", region_set::check);
}

#[test]
fn post_policies() {
    replay::all("post_policy", post_policy::check);
}
