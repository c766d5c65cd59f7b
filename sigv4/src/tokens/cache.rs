//! ElastiCache and MemoryDB: a token in place of a Valkey or Redis password.

use crate::credentials::Credentials;
use crate::time::Timestamp;
use crate::tokens::error::TokenError;
use crate::tokens::name;
use crate::tokens::presigning::{Presigning, ServiceToken};

/// The password with which a user logs in to an ElastiCache cache by IAM; good
/// for 15 minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ElastiCacheToken<'a> {
    /// The region of the cache.
    pub region: &'a str,
    /// The name of the cache or the id of the replication group, not its
    /// endpoint; written in lower case.
    pub cache: &'a str,
    /// What kind of cache it is.
    pub kind: CacheKind,
    /// The id of the user.
    pub user: &'a str,
}

/// What kind of cache a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CacheKind {
    /// A cluster of nodes: a replication group.
    NodeBased,
    /// A serverless cache.
    Serverless,
}

impl ElastiCacheToken<'_> {
    /// Writes the token into `out`: the URL without its scheme.
    ///
    /// # Errors
    ///
    /// A [`TokenError`] if a parameter cannot be used or `out` is too short; with
    /// a session token, allow for its length twice.
    pub fn sign<'b>(
        &self,
        credentials: &Credentials<'_>,
        now: Timestamp,
        out: &'b mut [u8],
    ) -> Result<ServiceToken<'b>, TokenError> {
        let mut request = connect(self.region, "elasticache", self.cache, self.user)?;
        if self.kind == CacheKind::Serverless {
            request.parameter("ResourceType", "ServerlessCache");
        }
        request.sign(credentials, now, out)
    }
}

/// The password with which a user logs in to a MemoryDB cluster by IAM; good for
/// 15 minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryDbToken<'a> {
    /// The region of the cluster.
    pub region: &'a str,
    /// The name of the cluster, not its endpoint; written in lower case.
    pub cluster: &'a str,
    /// The name of the user.
    pub user: &'a str,
}

impl MemoryDbToken<'_> {
    /// Writes the token into `out`: the URL without its scheme.
    ///
    /// # Errors
    ///
    /// A [`TokenError`] if a parameter cannot be used or `out` is too short; with
    /// a session token, allow for its length twice.
    pub fn sign<'b>(
        &self,
        credentials: &Credentials<'_>,
        now: Timestamp,
        out: &'b mut [u8],
    ) -> Result<ServiceToken<'b>, TokenError> {
        connect(self.region, "memorydb", self.cluster, self.user)?.sign(credentials, now, out)
    }
}

/// The cache's name takes the place of the host.
fn connect<'a>(
    region: &'a str,
    service: &'static str,
    cache: &str,
    user: &str,
) -> Result<Presigning<'a>, TokenError> {
    let mut request = Presigning::new(region, service, "/");
    name::write_host(&mut request.authority, cache)?;
    request.parameter("Action", "connect");
    request.parameter("User", name::not_empty(user, "user")?);
    Ok(request)
}
