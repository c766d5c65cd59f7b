//! MSK: what Kafka clients send by SASL/OAUTHBEARER.

use crate::credentials::Credentials;
use crate::time::Timestamp;
use crate::tokens::error::TokenError;
use crate::tokens::name;
use crate::tokens::presigning::{Encoding, Presigning, ServiceToken};

/// The bearer token with which a Kafka client logs in to an MSK cluster by IAM;
/// good for 15 minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MskToken<'a> {
    /// The region of the cluster.
    pub region: &'a str,
    /// What the client calls itself, unsigned; nothing means
    /// [`MskToken::USER_AGENT`].
    pub user_agent: Option<&'a str>,
}

impl MskToken<'_> {
    /// This crate with its version.
    pub const USER_AGENT: &'static str = concat!("sigv4/", env!("CARGO_PKG_VERSION"));

    /// Writes the token into `out`: the URL in Base64.
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
        let mut request = Presigning::new(self.region, "kafka-cluster", "/");
        // One domain everywhere: no client makes it depend on the partition.
        name::write_host_in(&mut request.authority, "kafka", self.region, "amazonaws.com")?;
        request.parameter("Action", "kafka-cluster:Connect");
        request.unsigned_parameter =
            Some(("User-Agent", self.user_agent.unwrap_or(Self::USER_AGENT)));
        request.encoding = Encoding::Base64 { prefix: "" };
        request.sign(credentials, now, out)
    }
}
