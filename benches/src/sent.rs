//! A request as a contestant would send it, and the check that it is signed right.

use sigv4::verify_rules::{
    ContentSha256Rule, DeclaredPayload, PayloadLiterals, PayloadRule, PresignedPayload,
};
use sigv4::{Body, Evidence, PresentedSignature, Request, VerifyRules};

use crate::contestants;
use crate::workload::{self, Form, Workload};

/// A signed request: all that differs from the workload's.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Path and query.
    pub target: String,
    /// All headers.
    pub headers: Vec<(String, String)>,
}

/// How far a contestant agrees with the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// It makes the same signature.
    SameSignature,
    /// It signs other headers, or in a second of its own choice; the verifier
    /// accepts what it signs.
    Verifies,
}

impl Sent {
    /// A request with `headers` added to the workload's.
    pub fn with_headers<N: AsRef<str>, V: AsRef<str>>(
        workload: &Workload,
        headers: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let added =
            headers.into_iter().map(|(n, v)| (n.as_ref().to_owned(), v.as_ref().to_owned()));
        let headers = workload.headers.iter().cloned().chain(added).collect();
        Self { target: workload.target.clone(), headers }
    }

    /// A presigned request.
    #[must_use]
    pub fn presigned(workload: &Workload, target: &str) -> Self {
        Self { target: target.to_owned(), headers: workload.headers.clone() }
    }

    /// A presigned request, from its whole URL.
    #[must_use]
    pub fn url(workload: &Workload, url: &str) -> Self {
        let origin = format!("https://{}", workload.host);
        let target = url.strip_prefix(&origin).expect("the URL begins with the workload's host");
        Self::presigned(workload, target)
    }

    /// A request of the `http` crate.
    #[must_use]
    pub fn http(workload: &Workload, uri: &http::Uri, headers: &http::HeaderMap) -> Self {
        let mut list: Vec<_> = headers
            .iter()
            .map(|(name, value)| {
                (name.as_str().to_owned(), value.to_str().expect("a text").to_owned())
            })
            .collect();
        if !headers.contains_key(http::header::HOST) {
            list.push(("host".to_owned(), workload.host.clone()));
        }
        let target = uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        Self { target: target.to_owned(), headers: list }
    }

    /// Bytes that signing made: its headers, or the target.
    #[must_use]
    pub fn bytes(&self, workload: &Workload) -> usize {
        if workload.form == Form::Query {
            return self.target.len();
        }
        let is_new = |name: &str| {
            !workload.headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name))
        };
        self.headers
            .iter()
            .filter(|(name, _)| is_new(name))
            .map(|(name, value)| name.len() + value.len())
            .sum()
    }

    /// Panics unless the request is signed right.
    pub fn check(&self, who: &str, workload: &Workload, agreement: Agreement) {
        let request = Request::new(&workload.method, &self.target, self.headers.as_slice());
        let presented = PresentedSignature::parse(&request)
            .unwrap_or_else(|error| panic!("{who} on {}: {error}", workload.name));
        let rules = lenient(workload);
        let scope = presented.scope(&rules).expect("a complete scope");
        let now = presented.timestamp(&rules).expect("a timestamp");
        let evidence = Evidence {
            key: &workload.verifying_key(&scope),
            session_token: workload.session_token(),
            body: Body::Bytes(&workload.body),
            now,
        };
        if let Err(error) = presented.verify(&request, &evidence, &rules) {
            panic!("{who} on {}: {error}", workload.name);
        }
        if agreement == Agreement::SameSignature {
            let mut buffer = [0; 64];
            let signature = presented.signature(&rules).expect("a signature");
            let signature = signature.decode_into(&mut buffer).expect("64 digits");
            assert_eq!(signature, expected(workload), "{who} on {}", workload.name);
        }
    }
}

/// What a server accepts that does not mind which headers its clients choose to
/// sign, nor whether they sign the body.
fn lenient(workload: &Workload) -> VerifyRules<'static> {
    let presigned_default =
        if workload.is_s3() { PresignedPayload::Unsigned } else { PresignedPayload::Hashed };
    VerifyRules {
        payload: PayloadRule::Declared(DeclaredPayload {
            literals: PayloadLiterals::Allow,
            presigned_default,
            header: ContentSha256Rule::Optional,
        }),
        ..workload.verify_rules()
    }
}

/// The signature of `sigv4`: the tests of that crate hold it against vectors
/// and other implementations, here the contestants are held against it.
fn expected(workload: &Workload) -> String {
    let key = workload.key();
    let instant = key.at(workload::timestamp()).expect("the key's day");
    contestants::signature(workload, &instant).to_string()
}
