#![no_std]
// With feature `simd`, one file holds some; the workspace denies it elsewhere.
#![cfg_attr(not(all(feature = "simd", target_arch = "x86_64")), forbid(unsafe_code))]
#![deny(clippy::as_conversions)]
#![cfg_attr(docsrs, feature(doc_cfg))]
// A guide from tasks to calls, whose links need what they lead to. The programs of the page behind it
// are compiled as they are shown by a test of the package `examples`.
#![cfg_attr(
    all(
        feature = "aws-credential-types",
        feature = "credentials",
        feature = "events",
        feature = "explain",
        feature = "reqwest",
        feature = "sigv4a",
        feature = "tower"
    ),
    doc = include_str!("tasks.md")
)]
#![cfg_attr(not(doctest), doc = include_str!("../README.md"))]

#[cfg(feature = "explain")]
extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

mod bytes;
mod canonical;
pub mod chunks;
mod credentials;
mod error;
#[cfg(feature = "events")]
pub mod events;
mod expires;
#[cfg(feature = "explain")]
pub mod explain;
#[cfg(feature = "http")]
mod http;
mod key;
mod limits;
mod names;
pub mod objects;
mod payload;
pub mod post_policy;
mod request;
mod rules;
mod scope;
mod sha256;
mod sign;
mod signature;
#[cfg(feature = "signer")]
pub mod signer;
#[cfg(feature = "sigv4a")]
pub mod sigv4a;
mod time;
pub mod tokens;
mod verify;

pub use credentials::Credentials;
#[cfg(feature = "credentials")]
pub use credentials::default_chain;
#[cfg(feature = "std")]
pub use credentials::owned::OwnedCredentials;
pub use error::{KeyError, RequestError, SignError};
pub use expires::{Expires, ExpiresError};
#[cfg(feature = "http-body")]
pub use http::body;
#[cfg(feature = "tower")]
pub use http::tower;
#[cfg(feature = "http")]
pub use http::{HttpRequest, HttpSignError, HttpView};
#[cfg(all(feature = "http", feature = "signer"))]
pub use http::{SignableBody, SignableHead, SignableRequest};
pub use key::instant::SigningInstant;
pub use key::{SigningKey, VerifyingKey};
pub use limits::{HEADERS_MAX, PATH_SEGMENTS_MAX, QUERY_PARAMETERS_MAX};
pub use names::{ALGORITHM, SKIPPED_HEADERS, SessionTokenName};
#[cfg(feature = "signer")]
pub use objects::Bucket;
pub use payload::{Payload, PayloadLiteral};
pub use request::{Headers, Request};
pub use rules::{
    ContentSha256, FoldedLines, HeaderSelection, PathEncoding, PathRules, RawPlus, SessionToken,
    SigningRules, UnsignedPayload,
};
pub use scope::CredentialScope;
pub use sign::batch::{PresignJob, SignJob};
pub use sign::header::SignedRequest;
pub use sign::prepare::PreparedRequest;
pub use sign::query::PresignedRequest;
pub use signature::Signature;
#[cfg(feature = "provider")]
pub use signer::CredentialProvider;
#[cfg(feature = "signer")]
pub use signer::{Signer, SignerError};
pub use time::{Date, Timestamp, TimestampError};
pub use verify::rules as verify_rules;
pub use verify::{
    Body, Evidence, Form, PresentedCredential, PresentedSignature, PresentedText, ScopeMismatch,
    Verified, VerifyError, VerifyRules,
};

#[cfg(all(doc, not(doctest), feature = "credentials", feature = "tower"))]
#[doc = include_str!("../MIGRATING.md")]
pub mod migrating {}
