//! The cases of `testdata/explain/cases.toml`, and what is found of them.

use std::fs;
use std::path::PathBuf;
use std::sync::{LazyLock, OnceLock};

use serde::Deserialize;
use sigv4::explain::{Explanation, ServerView, SignatureFinding};
use sigv4::{Body, Credentials, Request, SessionToken, Timestamp, VerifyRules};

pub(crate) static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../testdata/explain/cases.toml");
    let file: CaseFile = toml::from_str(&fs::read_to_string(path).unwrap())
        .unwrap_or_else(|error| panic!("{error}"));
    assert!(!file.about.is_empty());
    file.case.into_iter().map(|case| Case::new(case, &file.context)).collect()
});

/// A request with mistakes, and what there is to find.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) rule: String,
    refusal: Option<String>,
    finds: Vec<String>,
    differs: Vec<String>,
    pub(crate) signature: SignatureFinding,
    pub(crate) secret: String,
    token_sent: Option<String>,
    /// What the server has on file.
    token: Option<String>,
    server: String,
    region: String,
    service: String,
    now: Timestamp,
    hosts: Vec<String>,
    targets: Vec<String>,
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    body: String,
    explanation: OnceLock<Explanation>,
}

/// The refusal, the mistakes, what differs, and what is known of the signature.
type Outcome = (Option<String>, Vec<String>, Vec<String>, SignatureFinding);

impl Case {
    fn new(case: CaseOfFile, context: &Context) -> Self {
        let or = |own: Option<String>, context: &str| own.unwrap_or_else(|| context.to_owned());
        let signature = match case.signature.as_deref() {
            None => SignatureFinding::HoldsWithMistakes,
            Some("Holds") => SignatureFinding::Holds,
            Some("Unexplained") => SignatureFinding::Unexplained,
            Some("CutShort") => SignatureFinding::CutShort,
            Some("NotExamined") => SignatureFinding::NotExamined,
            Some(other) => panic!("{}: what is {other}?", case.name),
        };
        let now = or(case.now.or(case.timestamp), &context.timestamp);
        assert!(!case.makes.iter().any(String::is_empty));
        Self {
            signature,
            refusal: match case.refusal.as_deref() {
                None => Some("SignatureMismatch".to_owned()),
                Some("") => None,
                Some(refusal) => Some(refusal.to_owned()),
            },
            finds: case.finds,
            differs: case.differs,
            secret: context.secret_access_key.clone(),
            token: case.on_file.or(case.session_token.clone()),
            token_sent: case.session_token,
            server: or(case.server, &context.server),
            region: or(case.region, &context.region),
            service: or(case.service, &context.service),
            now: Timestamp::parse(now.as_bytes()).unwrap(),
            hosts: case.hosts,
            targets: case.targets,
            method: case.sent_method,
            target: case.sent_target,
            headers: case.sent_headers,
            body: case.sent_body,
            explanation: OnceLock::new(),
            name: case.name,
            rule: case.rule,
        }
    }

    pub(crate) fn expected(&self) -> Outcome {
        (self.refusal.clone(), self.finds.clone(), self.differs.clone(), self.signature)
    }

    pub(crate) fn found(&self) -> Outcome {
        let explanation = self.explain();
        let name = |debug: String| debug.split([' ', '(']).next().unwrap_or_default().to_owned();
        (
            explanation.refusal().map(|error| name(format!("{error:?}"))),
            explanation.mistakes().iter().map(|mistake| format!("{mistake:?}")).collect(),
            explanation.differences().iter().map(|found| found.item.to_string()).collect(),
            explanation.signature(),
        )
    }

    /// Made once, since many tests look at it.
    pub(crate) fn explain(&self) -> &Explanation {
        self.explanation.get_or_init(|| self.explain_by(|view| view))
    }

    /// Explains the request to a server that knows something else as well.
    pub(crate) fn explain_by<'a>(
        &'a self,
        change: impl FnOnce(ServerView<'a>) -> ServerView<'a>,
    ) -> Explanation {
        let hosts: Vec<_> = self.hosts.iter().map(String::as_str).collect();
        let targets: Vec<_> = self.targets.iter().map(String::as_str).collect();
        let mut credentials = Credentials::new("AKIDEXAMPLE", &self.secret);
        if let Some(token) = &self.token {
            credentials = credentials.with_session_token(token);
        }
        let view = ServerView::new(credentials, self.body(), self.now, self.rules());
        let view = change(view);
        let view = ServerView { hosts: &hosts, targets: &targets, ..view };
        let request = Request::new(&self.method, &self.target, self.headers.as_slice());
        view.explain(&request).unwrap()
    }

    pub(crate) fn body(&self) -> Body<'_> {
        Body::Bytes(self.body.as_bytes())
    }

    pub(crate) fn rules(&self) -> VerifyRules<'_> {
        match self.server.as_str() {
            "strict" => VerifyRules::strict(&self.region, &self.service),
            "strict in us-east-1" => VerifyRules::strict("us-east-1", &self.service),
            "strict for orders" => VerifyRules::strict(&self.region, "orders"),
            "s3" => VerifyRules::s3(&self.region),
            "iam" => VerifyRules::iam(&self.service),
            "iot" => VerifyRules {
                session_token: SessionToken::Unsigned,
                ..VerifyRules::strict(&self.region, &self.service)
            },
            other => panic!("{}: what server is {other}?", self.name),
        }
    }

    /// What no explanation may show.
    pub(crate) fn sensitive(&self) -> Vec<&str> {
        let tokens = self.token.iter().chain(&self.token_sent);
        tokens.map(String::as_str).chain([self.secret.as_str()]).collect()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    about: String,
    context: Context,
    case: Vec<CaseOfFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Context {
    #[serde(rename = "access_key_id")]
    _access_key_id: String,
    secret_access_key: String,
    timestamp: String,
    region: String,
    service: String,
    #[serde(rename = "signer")]
    _signer: String,
    server: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseOfFile {
    name: String,
    rule: String,
    makes: Vec<String>,
    refusal: Option<String>,
    finds: Vec<String>,
    differs: Vec<String>,
    signature: Option<String>,
    #[serde(rename = "signer")]
    _signer: Option<String>,
    timestamp: Option<String>,
    region: Option<String>,
    service: Option<String>,
    server: Option<String>,
    session_token: Option<String>,
    now: Option<String>,
    on_file: Option<String>,
    #[serde(default)]
    hosts: Vec<String>,
    #[serde(default)]
    targets: Vec<String>,
    #[serde(rename = "method")]
    _method: String,
    #[serde(rename = "target")]
    _target: String,
    #[serde(rename = "headers")]
    _headers: Vec<(String, String)>,
    #[serde(rename = "body")]
    _body: Option<String>,
    sent_method: String,
    sent_target: String,
    sent_headers: Vec<(String, String)>,
    sent_body: String,
}
