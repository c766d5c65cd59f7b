//! Tokens and URLs that are presigned requests in disguise (passwords for databases
//! and caches, bearer tokens for clusters, WebSocket addresses); a request that is sent
//! as one is presigned by [`SigningInstant`](crate::SigningInstant).

mod cache;
mod dsql;
mod eks;
mod error;
mod iot;
mod msk;
mod name;
mod presigning;
mod rds;
mod transcribe;

pub use cache::{CacheKind, ElastiCacheToken, MemoryDbToken};
pub use dsql::{DsqlRole, DsqlToken};
pub use eks::EksToken;
pub use error::TokenError;
pub use iot::IotUrl;
pub use msk::MskToken;
pub use presigning::ServiceToken;
pub use rds::RdsToken;
pub use transcribe::TranscribeUrl;

#[cfg(feature = "signer")]
pub(crate) use name::domain_of;

use crate::expires::Expires;

/// Fifteen minutes, which most of these services allow a token at the most.
const FIFTEEN_MINUTES: Expires = expires(900);

const fn expires(seconds: u32) -> Expires {
    match Expires::from_seconds(seconds) {
        Ok(expires) => expires,
        Err(_) => Expires::MAX,
    }
}
