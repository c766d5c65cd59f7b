//! Verifies signed requests as a server does: one good one, and what can be
//! wrong with it.
//!
//! Run with `cargo run -p examples --example verify_request`.

use std::collections::HashMap;
use std::error::Error;

use sigv4::{
    Body, Credentials, Evidence, Payload, PresentedSignature, Request, SigningKey, SigningRules,
    Timestamp, VerifyRules, VerifyingKey,
};

/// The requests of a server, its clock and the secrets it has on file.
struct Server {
    rules: VerifyRules<'static>,
    secrets: HashMap<String, String>,
}

impl Server {
    fn accept(
        &self,
        headers: &[(String, String)],
        body: &[u8],
        now: Timestamp,
    ) -> Result<String, Box<dyn Error>> {
        let request = Request::new("POST", "/orders?dry-run=true", headers);

        // Phase one needs no secret: it finds out whose key is claimed.
        let presented = PresentedSignature::parse(&request)?;
        let access_key_id = presented.credential(&self.rules)?.access_key_id.to_string();
        let secret = self.secrets.get(&access_key_id).ok_or("the access key is unknown")?;

        // Phase two runs every check, the signature last.
        let key = VerifyingKey::derive(secret, &presented.scope(&self.rules)?)?;
        let evidence = Evidence { key: &key, session_token: None, body: Body::Bytes(body), now };
        presented.verify(&request, &evidence, &self.rules)?;
        Ok(access_key_id)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let (id, secret) = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    let server = Server {
        rules: VerifyRules::strict("eu-central-1", "orders"),
        secrets: HashMap::from([(id.to_owned(), secret.to_owned())]),
    };

    let now = Timestamp::parse(b"20261121T120000Z")?;
    let body = br#"{"item":"duck","count":3}"#;
    let mut headers = vec![("host".to_owned(), "orders.example".to_owned())];
    sign(&mut headers, body, &Credentials::new(id, secret), now)?;

    println!("as sent:          {:?}", server.accept(&headers, body, now));
    println!("another body:     {:?}", refusal(server.accept(&headers, b"{}", now)));
    let later = Timestamp::parse(b"20261121T121501Z")?;
    println!("15:01 later:      {:?}", refusal(server.accept(&headers, body, later)));
    headers.push(("x-amz-meta-added".to_owned(), "on the way".to_owned()));
    println!("one header more:  {:?}", refusal(server.accept(&headers, body, now)));
    Ok(())
}

fn sign(
    headers: &mut Vec<(String, String)>,
    body: &[u8],
    credentials: &Credentials<'_>,
    now: Timestamp,
) -> Result<(), Box<dyn Error>> {
    let key = SigningKey::derive(credentials, now.date(), "eu-central-1", "orders")?;
    let mut buffer = [0; 512];
    let request = Request::new("POST", "/orders?dry-run=true", headers.as_slice());
    let instant = key.at(now)?;
    let signed =
        instant.sign(&request, Payload::Bytes(body), &SigningRules::STANDARD, &mut buffer)?;
    let added: Vec<_> = signed.headers().map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
    headers.extend(added);
    Ok(())
}

fn refusal(result: Result<String, Box<dyn Error>>) -> String {
    match result {
        Ok(id) => format!("accepted for {id}, which should not be"),
        Err(error) => format!("refused: {error}"),
    }
}
