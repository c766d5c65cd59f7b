//! Cases of S3 POST policies.

use serde::Deserialize;
use serde_json::{Value, json};
use sigv4::{Credentials, SigningKey, Timestamp};

use crate::{Context, Result};

/// A case of kind `s3-post`.
#[derive(Deserialize)]
pub(crate) struct PostCase {
    ctx: Context,
    inputs: Inputs,
}

#[derive(Deserialize)]
struct Inputs {
    policy_base64: String,
}

pub(crate) fn sign(case: &PostCase) -> Result<Value> {
    let context = &case.ctx;
    let credentials = Credentials::new(&context.access_key_id, &context.secret_access_key);
    let now = Timestamp::parse(context.timestamp.as_bytes())?;
    let key = SigningKey::derive(&credentials, now.date(), &context.region, &context.service)?;
    let signature = key.at(now)?.sign_post_policy(case.inputs.policy_base64.as_bytes());
    Ok(json!({ "signature": signature.to_string() }))
}
