//! The crate's verifier, called with a request as it is received.

use sigv4::verify_rules::{
    ContentSha256Rule, DeclaredPayload, ExpiresRule, PayloadLiterals, PayloadRule,
    PresignedPayload, UnnormalizedPath,
};
use sigv4::{
    Body, Evidence, PresentedSignature, Request, SessionToken, Timestamp, VerifyError, VerifyRules,
    VerifyingKey,
};

use crate::reference::{self, Form, Input};
use crate::signer;

/// A request as it is received.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) method: Vec<u8>,
    pub(crate) target: Vec<u8>,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

/// What the verifier has on file for the access key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OnFile<'a> {
    pub(crate) secret_access_key: &'a str,
    pub(crate) session_token: Option<&'a str>,
}

impl Received {
    /// What is sent for an input: with the signature in its headers or in its
    /// target.
    pub(crate) fn new(
        input: &Input,
        authorization: Option<&str>,
        signed_target: Option<&[u8]>,
    ) -> Self {
        let mut headers = input.headers.clone();
        if let Some(authorization) = authorization {
            headers.extend(added_headers(input, authorization));
        }
        Self {
            method: input.method.clone().into_bytes(),
            target: signed_target.unwrap_or(&input.target).to_vec(),
            headers,
            body: input.body.clone(),
        }
    }

    /// Verifies the request, with its body or with what the caller says of it.
    pub(crate) fn verify(
        &self,
        body: Option<Body<'_>>,
        on_file: OnFile<'_>,
        rules: &VerifyRules<'_>,
        now: Timestamp,
    ) -> Result<(), String> {
        let request = Request::new(&self.method, &self.target, self.headers.as_slice());
        let presented = PresentedSignature::parse(&request).map_err(reason)?;
        // The cheap checks come before the key, which is derived for the
        // scope that was presented; where there is none, for any.
        let scope = presented.scope(rules).unwrap_or_else(|_| some_scope(now));
        let key = VerifyingKey::derive(on_file.secret_access_key, &scope);
        let key = key.map_err(|error| format!("{error:?}"))?;
        let body = body.unwrap_or(Body::Bytes(&self.body));
        let evidence = Evidence { key: &key, session_token: on_file.session_token, body, now };
        presented.verify(&request, &evidence, rules).map(|_| ()).map_err(reason)
    }

    /// The canonical request and the string to sign, as the verifier rebuilds
    /// them; nothing if it cannot.
    pub(crate) fn stages(
        &self,
        body: Option<Body<'_>>,
        rules: &VerifyRules<'_>,
    ) -> Option<(Vec<u8>, Vec<u8>)> {
        let request = Request::new(&self.method, &self.target, self.headers.as_slice());
        let presented = PresentedSignature::parse(&request).ok()?;
        let body = body.unwrap_or(Body::Bytes(&self.body));
        let (mut canonical, mut string) = (vec![0; 1 << 16], vec![0; 1 << 10]);
        let canonical =
            presented.canonical_request(&request, &body, rules, &mut canonical).ok()??;
        let string = presented.string_to_sign(canonical, rules, &mut string).ok()??;
        Some((canonical.to_vec(), string.to_vec()))
    }

    /// All that a verifier looks at, spelled in one way only.
    pub(crate) fn content(&self, input: &Input) -> impl PartialEq + use<> {
        let authorization = self.headers.iter().find(|(name, _)| name == "authorization");
        let content = Input {
            form: Form::Query,
            target: self.target.clone(),
            headers: self.headers.clone(),
            body: self.body.clone(),
            ..input.clone()
        };
        (self.method.clone(), reference::canonical_content(&content), authorization.cloned())
    }
}

/// A server that demands what the input says of how it is signed.
pub(crate) fn rules(input: &Input) -> VerifyRules<'_> {
    let is_unsigned = input.payload.as_deref() == Some("UNSIGNED-PAYLOAD");
    let presigned_default =
        if is_unsigned { PresignedPayload::Unsigned } else { PresignedPayload::Hashed };
    let session_token =
        if input.omit_session_token { SessionToken::Unsigned } else { SessionToken::Signed };
    VerifyRules {
        path: signer::path_rules(input),
        expires: if input.expires.is_some() { ExpiresRule::Enforced } else { ExpiresRule::Ignored },
        payload: PayloadRule::Declared(DeclaredPayload {
            literals: PayloadLiterals::Allow,
            presigned_default,
            header: ContentSha256Rule::Optional,
        }),
        session_token,
        // What is signed is looked at, not what is served.
        unnormalized_path: UnnormalizedPath::Accept,
        session_token_name: signer::token_name(input),
        ..VerifyRules::strict(&input.region, &input.service)
    }
}

/// The headers that go with a signature in header form, as the specification
/// names them.
pub(crate) fn added_headers(input: &Input, authorization: &str) -> Vec<(String, Vec<u8>)> {
    if input.form == Form::Query {
        return Vec::new();
    }
    let payload_line = reference::payload_line(input);
    let token = input.session_token.as_ref().filter(|token| !token.is_empty());
    let headers = [
        Some(("x-amz-date", input.timestamp.as_str())),
        token.map(|token| (input.token_name.header(), token.as_str())),
        input.sign_body.then_some(("x-amz-content-sha256", payload_line.as_str())),
        Some(("authorization", authorization)),
    ];
    headers.into_iter().flatten().map(|(name, value)| (name.to_owned(), value.into())).collect()
}

fn some_scope(now: Timestamp) -> sigv4::CredentialScope {
    sigv4::CredentialScope::new(now.date(), "region", "service").expect("a valid scope")
}

/// The `Debug` text of an error, without the error around it.
fn reason(error: VerifyError) -> String {
    match error {
        VerifyError::Request(error) => format!("{error:?}"),
        error => format!("{error:?}"),
    }
}
