//! Cases of kind `events`: a request, and the events that follow it.

use serde::Deserialize;
use serde_json::{Value, json};
use sigv4::events::{EventDate, EventSigner};
use sigv4::{Expires, Request, Signature};

use super::{Context, Form, HttpRequest, Result};

#[derive(Deserialize)]
pub(super) struct EventsCase {
    form: Form,
    ctx: Context,
    req: HttpRequest,
    events: Vec<Event>,
}

#[derive(Deserialize)]
struct Event {
    date_ms: i64,
    payload_hex: String,
}

pub(super) fn sign(case: &EventsCase) -> Result<Value> {
    let seed = seed(case)?;
    let mut signer = EventSigner::new(&seed);
    let (mut signatures, mut frames) = (Vec::new(), Vec::new());
    for event in &case.events {
        let date = EventDate::from_unix_milliseconds(event.date_ms)?;
        let payload = hex::decode(&event.payload_hex)?;
        // A stream may go on past midnight, and then with another key.
        let key = case.ctx.key(date.timestamp())?;
        let signed = signer.sign(&key, date, &payload)?;
        signatures.push(signed.signature().to_string());
        frames.push(hex::encode([signed.head(), payload.as_slice(), signed.tail()].concat()));
    }
    Ok(json!({
        "seed_signature": seed.to_string(),
        "signatures": signatures,
        "frames_hex": frames,
    }))
}

/// The signature of the request.
fn seed(case: &EventsCase) -> Result<Signature> {
    let context = &case.ctx;
    let timestamp = context.timestamp()?;
    let (key, rules) = (context.key(timestamp)?, context.rules());
    let instant = key.at(timestamp)?;
    let headers = case.req.signed_headers();
    let request = Request::new(&case.req.method, &case.req.target, &headers);
    let body = hex::decode(&case.req.body_hex)?;
    let payload = context.payload(&body)?;
    Ok(match case.form {
        Form::Header => {
            let mut buffer = vec![0; instant.authorization_len(&request, payload, &rules)?];
            *instant.sign(&request, payload, &rules, &mut buffer)?.signature()
        }
        Form::Query => {
            let expires = context.expires.map(Expires::from_seconds).transpose()?;
            let len = instant.presigned_len(&request, payload, expires, &rules)?;
            let mut buffer = vec![0; len];
            *instant.presign(&request, payload, expires, &rules, &mut buffer)?.signature()
        }
    })
}
