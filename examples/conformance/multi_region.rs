//! Cases of kind `sigv4a`: requests that are good in several regions.

use serde_json::{Value, json};
use sigv4::sigv4a::{RegionSet, SigningInstant, SigningKey, VerifyingKey};
use sigv4::{Expires, Request, SignError};

use super::{Form, Result, SignCase, grown};

pub(super) fn sign(case: &SignCase) -> Result<Value> {
    let context = &case.ctx;
    let regions = RegionSet::new(&context.region)?;
    let key = SigningKey::derive(&context.credentials(), regions, &context.service)?;
    let instant = key.at(context.timestamp()?);
    let (canonical, signature) = signed(case, &instant)?;
    let string_to_sign = grown(|buffer| Ok(instant.string_to_sign(&canonical, buffer)?.len()))?;
    Ok(json!({
        "canonical_request": String::from_utf8_lossy(&canonical),
        "string_to_sign": String::from_utf8_lossy(&string_to_sign),
        "public_key": public_key(&key.verifying_key()),
        "signature": signature,
    }))
}

/// The canonical request of a case, and its signature.
fn signed(case: &SignCase, instant: &SigningInstant<'_>) -> Result<(Vec<u8>, String)> {
    let rules = case.ctx.rules();
    let headers = case.req.signed_headers();
    let request = Request::new(&case.req.method, &case.req.target, &headers);
    let body = hex::decode(&case.req.body_hex)?;
    let payload = case.ctx.payload(&body)?;
    Ok(match case.form {
        Form::Header => {
            let canonical = grown(|buffer| {
                Ok(instant.canonical_request(&request, payload, &rules, buffer)?.len())
            })?;
            let mut buffer = vec![0; instant.authorization_len_max(&request, payload, &rules)?];
            let signed = instant.sign(&request, payload, &rules, &mut buffer)?;
            (canonical, signed.signature().to_string())
        }
        Form::Query => {
            let expires = case.ctx.expires.map(Expires::from_seconds).transpose()?;
            let canonical = grown(|buffer| {
                let canonical = instant
                    .presigned_canonical_request(&request, payload, expires, &rules, buffer)?;
                Ok::<_, SignError>(canonical.len())
            })?;
            let len_max = instant.presigned_len_max(&request, payload, expires, &rules)?;
            let mut buffer = vec![0; len_max];
            let signed = instant.presign(&request, payload, expires, &rules, &mut buffer)?;
            (canonical, signed.signature().to_string())
        }
    })
}

/// Its two coordinates.
pub(super) fn public_key(key: &VerifyingKey) -> Value {
    let point = key.to_sec1_bytes();
    json!({ "x": hex::encode(&point[1..33]), "y": hex::encode(&point[33..]) })
}
