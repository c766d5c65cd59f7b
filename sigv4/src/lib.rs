#![no_std]
// With feature `simd`, one file holds some; the workspace denies it elsewhere.
#![cfg_attr(not(all(feature = "simd", target_arch = "x86_64")), forbid(unsafe_code))]
#![deny(clippy::as_conversions)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

#[cfg(feature = "explain")]
extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

#[cfg(feature = "aws-credential-types")]
mod aws_credential_types;
mod base64;
mod batch;
mod canonical;
mod chains;
mod chunks;
mod collect;
mod credentials;
mod decimal;
#[cfg(feature = "credentials")]
mod default_chain;
mod derived_key;
mod encode;
mod error;
#[cfg(feature = "events")]
mod events;
#[cfg(feature = "explain")]
mod explain;
mod hash;
mod hmac;
#[cfg(feature = "http")]
mod http;
#[cfg(feature = "http-body")]
mod http_body;
mod instant;
mod key;
mod order;
#[cfg(feature = "std")]
mod owned_credentials;
mod payload;
mod post_policy;
mod prepare;
mod presign;
mod request;
mod rules;
mod scan;
mod scope;
mod sign;
mod signatory;
mod signature;
#[cfg(feature = "signer")]
mod signer;
#[cfg(feature = "sigv4a")]
pub mod sigv4a;
#[cfg(all(feature = "simd", target_arch = "x86_64"))]
mod simd;
mod sink;
mod string_to_sign;
mod time;
mod tokens;
#[cfg(feature = "tower")]
mod tower;
mod verify;
mod wipe;

#[cfg(feature = "aws-credential-types")]
pub use aws_credential_types::AwsCredentialProvider;
pub use batch::{PresignJob, SignJob};
pub use canonical::headers::{FoldedLines, HEADERS_MAX};
pub use canonical::path::{PATH_SEGMENTS_MAX, PathRules};
pub use canonical::query::QUERY_PARAMETERS_MAX;
pub use chunks::{
    CHUNK_END, CHUNK_HEADER_LEN_MAX, CHUNK_LEN_MAX, ChunkDecoder, ChunkError, ChunkEvent,
    ChunkSignError, ChunkSigner, Chunking, DECODED_LENGTH_HEADER, Decoded, TRAILER_HEADER,
    TRAILER_NAMES_LEN_MAX, TRAILERS_LEN_MAX, TRAILERS_MAX, Trailers,
};
pub use credentials::Credentials;
#[cfg(feature = "credentials")]
pub use default_chain::{
    CredentialsError, CredentialsSource, Environment, FileFault, LoadedCredentials,
    MisnamedSection, ProcessEnvironment, SHARED_FILE_LEN_MAX, SHARED_FILE_LINE_LEN_MAX,
    SHARED_FILE_SECTIONS_MAX, Setting, UnsupportedSource, ValueFault, default_chain, load_profile,
};
pub use error::{KeyError, RequestError, SignError};
#[cfg(feature = "events")]
pub use events::{
    EVENT_PAYLOAD_LEN_MAX, EventDate, EventError, EventFrame, EventSignError, EventSigner,
    EventVerifier, SignedEvent,
};
#[cfg(feature = "explain")]
pub use explain::{
    Comparison, Difference, EXPLAIN_CANDIDATES_MAX, EXPLAIN_REQUEST_LEN_MAX, Explanation, Item,
    Mistake, ServerView, SignatureFinding,
};
#[cfg(feature = "http")]
pub use http::{HttpRequest, HttpSignError, HttpView};
#[cfg(feature = "http-body")]
pub use http_body::{
    BodySignError, ChunkedUpload, SignedBody, SignedBodyError, VerifiedBody, VerifiedBodyError,
};
pub use instant::SigningInstant;
pub use key::{SigningKey, VerifyingKey};
#[cfg(feature = "std")]
pub use owned_credentials::OwnedCredentials;
pub use payload::{Payload, PayloadLiteral};
pub use post_policy::{
    POST_FIELDS_MAX, PolicyError, PostCondition, PostEvidence, PostForm, PostPolicy, PostSignError,
    PostVerifyError, PresentedCondition, PresentedForm, PresentedPolicy, Upload,
};
pub use prepare::PreparedRequest;
pub use presign::{Expires, ExpiresError, PresignedRequest};
pub use request::{Headers, Request};
pub use rules::{ContentSha256, HeaderSelection, SKIPPED_HEADERS, SessionToken, SigningRules};
pub use scope::CredentialScope;
pub use sign::SignedRequest;
pub use signature::Signature;
#[cfg(feature = "signer")]
pub use signer::{
    CredentialProvider, FixedCredentials, FixedCredentialsError, RefreshError, Signer, SignerError,
    SignerKey,
};
pub use string_to_sign::ALGORITHM;
pub use time::{Date, Timestamp, TimestampError};
pub use tokens::{
    CacheKind, DsqlRole, DsqlToken, EksToken, ElastiCacheToken, IotUrl, MemoryDbToken, MskToken,
    RdsToken, ServiceToken, TokenError, TranscribeUrl,
};
#[cfg(feature = "tower")]
pub use tower::{
    AccessKeys, BodySigning, LayerBody, Refusal, RefusalResponse, SigningBody, SigningLayer,
    SigningService, SigningServiceError, VerifiedIdentity, VerifyingBody, VerifyingLayer,
    VerifyingService, XmlRefusals,
};
pub use verify::{
    Body, ContentSha256Rule, DateRule, DeclaredPayload, Duplicates, Evidence, ExpiresRule, Form,
    KeyIdSlashes, PayloadLiterals, PayloadRule, Presented, PresentedCredential, PresentedText,
    PresignedPayload, ScopeMismatch, Unsigned, Verified, VerifyError, VerifyRules,
};

#[cfg(all(any(doc, doctest), feature = "http", feature = "signer", feature = "credentials"))]
#[doc = include_str!("../MIGRATING.md")]
pub mod migrating {}
