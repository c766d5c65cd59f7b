//! RDS and Aurora: a token in place of the database user's password.

use crate::credentials::Credentials;
use crate::time::Timestamp;
use crate::tokens::error::TokenError;
use crate::tokens::name;
use crate::tokens::presigning::{Presigning, ServiceToken};

/// The password with which a database user of RDS or Aurora logs in by IAM
/// ("IAM database authentication"); good for 15 minutes.
///
/// ```
/// use sigv4::tokens::RdsToken;
/// use sigv4::{Credentials, Timestamp};
///
/// let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
/// let now = Timestamp::from_unix_seconds(1_440_938_160)?;
/// let host = "orders.123456789012.us-east-1.rds.amazonaws.com";
/// let token = RdsToken { region: "us-east-1", host, port: 5432, user: "app" };
/// let mut buffer = [0; 1024];
/// let password = token.sign(&credentials, now, &mut buffer)?;
/// assert!(password.as_str().starts_with(&format!("{host}:5432/?Action=connect&DBUser=app&")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RdsToken<'a> {
    /// The region of the database.
    pub region: &'a str,
    /// The endpoint of the instance, cluster or proxy, whose name the server
    /// expects, not one that stands for it.
    pub host: &'a str,
    /// The port of the database.
    pub port: u16,
    /// The database user.
    pub user: &'a str,
}

impl RdsToken<'_> {
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
        let mut request = Presigning::new(self.region, "rds-db", "/");
        name::write_host(&mut request.authority, self.host)?;
        request.port(self.port, 443);
        request.parameter("Action", "connect");
        request.parameter("DBUser", name::not_empty(self.user, "database user")?);
        request.sign(credentials, now, out)
    }
}
