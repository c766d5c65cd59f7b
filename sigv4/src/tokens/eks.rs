//! EKS: the bearer token that `aws eks get-token` makes.

use crate::credentials::Credentials;
use crate::expires::Expires;
use crate::time::Timestamp;
use crate::tokens::error::TokenError;
use crate::tokens::name;
use crate::tokens::presigning::{Encoding, Presigning, ServiceToken};

/// The bearer token for the Kubernetes API of an EKS cluster.
///
/// The cluster takes it for 15 minutes after it was signed, whatever the
/// presigned URL inside says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EksToken<'a> {
    /// The region whose STS is asked who the caller is: that of the cluster.
    pub region: &'a str,
    /// The name of the cluster, or its id where it is an Outpost's.
    pub cluster: &'a str,
    /// The host of STS; nothing means that of the region.
    pub sts_host: Option<&'a str>,
}

impl EksToken<'_> {
    /// What the URL inside says: one minute.
    pub const EXPIRES: Expires = super::expires(60);

    /// Writes the token into `out`: `k8s-aws-v1.` and the URL in Base64.
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
        let mut request = Presigning::new(self.region, "sts", "/");
        match self.sts_host {
            Some(host) => name::write_host(&mut request.authority, host)?,
            None => name::write_regional_host(&mut request.authority, "sts", self.region)?,
        }
        request.parameter("Action", "GetCallerIdentity");
        request.parameter("Version", "2011-06-15");
        request.header =
            Some(("x-k8s-aws-id", name::for_header(self.cluster, "name of the cluster")?));
        request.expires = Some(Self::EXPIRES);
        request.good_for = Some(super::FIFTEEN_MINUTES);
        request.encoding = Encoding::Base64 { prefix: "k8s-aws-v1." };
        request.sign(credentials, now, out)
    }
}
