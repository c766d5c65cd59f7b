//! Signature Version 4A, for requests that are good in several regions: what differs
//! from Signature Version 4, and nothing that does not.
//!
//! The scope of a SigV4a signature names no region; the request itself says in
//! which ones it is good ([`RegionSet`]). Multi-Region Access Points of S3 and
//! global endpoints of EventBridge want it. The signature is ECDSA on the curve
//! P-256, and the key pair is derived from the same id and secret, once for all
//! days, regions and services. Who verifies needs the public key alone, which
//! can sign nothing.
//!
//! The names are those of Signature Version 4, and so are the stages: what is
//! canonical there is canonical here.
//!
//! # Sign
//!
//! ```
//! use sigv4::sigv4a::{RegionSet, SigningKey};
//! use sigv4::{Credentials, Payload, Request, SigningRules, Timestamp};
//!
//! let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
//! let regions = RegionSet::new("us-east-1,eu-*")?;
//! let key = SigningKey::derive(&credentials, regions, "s3")?; // good for as long as the secret is
//!
//! let headers = [("Host", "mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com")];
//! let request = Request::new("GET", "/duck.jpg", &headers);
//! let mut buffer = [0; 512];
//! let instant = key.at(Timestamp::from_unix_seconds(1_440_938_160)?);
//! let signed = instant.sign(&request, Payload::EMPTY, &SigningRules::S3, &mut buffer)?;
//! for (name, value) in signed.headers() {
//!     println!("{name}: {value}"); // send these along
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A body that goes out in chunks, each signed, is begun with
//! [`SigningInstant::chunk_signer`] and received by what [`Verified::chunk_decoder`] begins.
//!
//! # Verify
//!
//! ```
//! use sigv4::sigv4a::{self, VerifyingKey};
//! use sigv4::{Body, Evidence, PresentedSignature, Request, Timestamp, VerifyError, VerifyRules};
//!
//! fn accept(
//!     request: &Request<'_, [(&str, &str)]>,
//!     body: &[u8],
//!     now: Timestamp,
//!     public_key_of: impl Fn(&str) -> Option<VerifyingKey>,
//! ) -> Result<(), Box<dyn std::error::Error>> {
//!     let rules = VerifyRules::strict("eu-central-1", "orders");
//!     let presented = PresentedSignature::parse(request)?;
//!     let presented = sigv4a::PresentedSignature::new(&presented, &rules)?;
//!     let id = presented.credential(&rules)?.access_key_id.to_string();
//!     let key = public_key_of(&id).ok_or("unknown access key")?;
//!     let evidence = Evidence { key: &key, session_token: None, body: Body::Bytes(body), now };
//!     presented.verify(request, &evidence, &rules)?;
//!     Ok(())
//! }
//! ```

mod chunks;
mod instant;
pub(crate) mod key;
mod presented;
mod public_key;
mod region_set;
mod scope;
mod signature;
mod verify;

pub use chunks::{CHUNK_HEADER_LEN_MAX, ChunkDecoder, ChunkSigner};
pub use instant::SigningInstant;
pub use key::SigningKey;
pub use presented::{PresentedCredential, PresentedSignature};
pub use public_key::{PublicKeyError, VerifyingKey};
pub use region_set::{RegionSet, RegionSetError};
pub use scope::ALGORITHM;
pub use signature::Signature;
pub use verify::Verified;

/// A signature of SigV4a and the headers that carry it.
pub type SignedRequest<'b> = crate::sign::header::SignedRequest<'b, Signature>;

/// A target that carries its signature of SigV4a.
pub type PresignedRequest<'b> = crate::sign::query::PresignedRequest<'b, Signature>;

/// What a request signed with SigV4a is held against.
pub type Evidence<'a> = crate::verify::Evidence<'a, VerifyingKey>;
