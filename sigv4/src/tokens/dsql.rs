//! Aurora DSQL: a token in place of a password.

use crate::credentials::Credentials;
use crate::expires::Expires;
use crate::time::Timestamp;
use crate::tokens::error::TokenError;
use crate::tokens::name;
use crate::tokens::presigning::{Presigning, ServiceToken};

/// The password with which one logs in to an Aurora DSQL cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DsqlToken<'a> {
    /// The region of the cluster.
    pub region: &'a str,
    /// The endpoint of the cluster.
    pub host: &'a str,
    /// As whom one logs in.
    pub role: DsqlRole,
    /// How long the token is good; nothing means [`DsqlToken::EXPIRES`].
    pub expires: Option<Expires>,
}

/// As whom one logs in to Aurora DSQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DsqlRole {
    /// The role `admin`: the action `DbConnectAdmin`.
    Admin,
    /// A role of one's own: the action `DbConnect`.
    Custom,
}

impl DsqlToken<'_> {
    /// Fifteen minutes.
    pub const EXPIRES: Expires = super::FIFTEEN_MINUTES;

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
        let mut request = Presigning::new(self.region, "dsql", "/");
        name::write_host(&mut request.authority, self.host)?;
        request.parameter(
            "Action",
            match self.role {
                DsqlRole::Admin => "DbConnectAdmin",
                DsqlRole::Custom => "DbConnect",
            },
        );
        request.expires = Some(self.expires.unwrap_or(Self::EXPIRES));
        request.sign(credentials, now, out)
    }
}
