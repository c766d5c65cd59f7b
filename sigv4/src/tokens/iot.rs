//! AWS IoT Core: MQTT over WebSocket.

use crate::credentials::Credentials;
use crate::expires::Expires;
use crate::rules::SessionToken;
use crate::time::Timestamp;
use crate::tokens::error::TokenError;
use crate::tokens::name;
use crate::tokens::presigning::{Encoding, Presigning, ServiceToken};

/// The URL under which AWS IoT Core speaks MQTT over WebSocket.
///
/// Unlike any other service it wants a session token behind the signature,
/// unsigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IotUrl<'a> {
    /// The region of the endpoint.
    pub region: &'a str,
    /// The account's endpoint for device data.
    pub host: &'a str,
    /// How long the URL is good for connecting; nothing leaves it to the service.
    pub expires: Option<Expires>,
}

impl IotUrl<'_> {
    /// Writes the URL into `out`: `wss://host/mqtt?…`.
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
        let mut request = Presigning::new(self.region, "iotdevicegateway", "/mqtt");
        name::write_host(&mut request.authority, self.host)?;
        request.expires = self.expires;
        request.session_token = SessionToken::Unsigned;
        request.encoding = Encoding::Url { scheme: "wss://" };
        request.sign(credentials, now, out)
    }
}
