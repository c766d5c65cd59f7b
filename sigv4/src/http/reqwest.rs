//! Feature `reqwest`: requests of reqwest, signed as it will send them.

use core::mem;
use std::string::ToString;

use ::http::Request;
use ::reqwest::{Body, Url};

use crate::expires::Expires;
use crate::http::signable::{bytes, presigned_payload};
use crate::http::{HttpSignError, SignableHead, SignableRequest, in_place};
use crate::key::instant::SigningInstant;
use crate::payload::Payload;
use crate::rules::SigningRules;

impl SignableHead for ::reqwest::Request {
    fn sign_head(
        &mut self,
        instant: &SigningInstant<'_>,
        payload: Payload<'_>,
        rules: &SigningRules<'_>,
    ) -> Result<(), HttpSignError> {
        change_head(self, |head, _| {
            in_place::sign(instant, head, payload, rules).map(|changes| changes.apply(head))
        })?;
        Ok(())
    }
}

impl SignableRequest for ::reqwest::Request {
    fn sign_whole(
        &mut self,
        instant: &SigningInstant<'_>,
        rules: &SigningRules<'_>,
    ) -> Result<(), HttpSignError> {
        change_head(self, |head, body| {
            let payload = bytes(body)?;
            in_place::sign(instant, head, payload, rules).map(|changes| changes.apply(head))
        })?;
        Ok(())
    }

    fn presign_whole(
        &mut self,
        instant: &SigningInstant<'_>,
        expires: Expires,
        rules: &SigningRules<'_>,
    ) -> Result<(), HttpSignError> {
        let uri = change_head(self, |head, body| {
            let payload = presigned_payload(rules, body)?;
            let changes = in_place::presign(instant, head, payload, Some(expires), rules)?;
            changes.apply(head);
            Ok(head.uri().to_string())
        })?;
        *self.url_mut() = Url::parse(&uri).map_err(|_| HttpSignError::InvalidUri)?;
        Ok(())
    }
}

/// Shows the head as reqwest hands it to hyper, its headers to be changed in place, and the
/// body if it is there. If that is signed, the URL loses its user and password, which hyper would
/// send in HTTP/2.
fn change_head<T>(
    request: &mut ::reqwest::Request,
    change: impl FnOnce(&mut Request<()>, Option<&[u8]>) -> Result<T, HttpSignError>,
) -> Result<T, HttpSignError> {
    if !request.url().has_host() {
        // `mailto:a@b` would be read as a host with a user.
        return Err(HttpSignError::InvalidUri);
    }
    let mut head = Request::new(());
    *head.method_mut() = request.method().clone();
    *head.uri_mut() = request.url().as_str().parse()?;
    *head.version_mut() = request.version();
    *head.headers_mut() = mem::take(request.headers_mut());
    let body = request.body().map_or(Some(b"".as_slice()), Body::as_bytes);
    let changed = change(&mut head, body);
    *request.headers_mut() = mem::take(head.headers_mut());
    if changed.is_ok() {
        remove_user(request.url_mut());
    }
    changed
}

fn remove_user(url: &mut Url) {
    if !url.username().is_empty() || url.password().is_some() {
        // What has a user has a host, and can go without the user.
        let _ = url.set_username("").and_then(|()| url.set_password(None));
    }
}
