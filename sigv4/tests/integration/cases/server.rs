//! What a verifier is told: a preset, and what differs from it.

use serde::Deserialize;
use sigv4::verify_rules::{
    ContentSha256Rule, DateRule, DeclaredPayload, Duplicates, ExpiresRule, KeyIdSlashes,
    PayloadLiterals, PayloadRule, PresignedPayload, Unsigned,
};
use sigv4::{SessionToken, SessionTokenName, VerifyRules};

use crate::reference::Input;
use crate::verifier::OnFile;

/// A `[server]` table with a case's and a check's own values over it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Server {
    preset: Preset,
    /// `*` stands for any.
    region: String,
    service: String,
    clock_skew_seconds: Option<u32>,
    expires: Option<Expires>,
    payload: Option<Payload>,
    unsigned_amz_headers: Option<Choice>,
    header_duplicates: Option<Which>,
    query_duplicates: Option<Which>,
    date: Option<Date>,
    key_id_slashes: Option<Choice>,
    signed_token: Option<bool>,
    /// On file for the access key; the signer's own if it is not given.
    secret_access_key: Option<String>,
    /// On file for the access key; none if it is not given.
    session_token: Option<String>,
    /// The token's header, if it is not the ordinary one.
    session_token_name: Option<String>,
}

impl Server {
    /// The server with the signer's secret on file, unless it has another.
    pub(super) fn or_credentials_of(mut self, input: &Input) -> Self {
        self.secret_access_key.get_or_insert_with(|| input.secret_access_key.clone());
        self
    }

    pub(crate) fn on_file(&self) -> OnFile<'_> {
        OnFile {
            secret_access_key: self.secret_access_key.as_deref().unwrap_or_default(),
            session_token: self.session_token.as_deref(),
        }
    }

    pub(crate) fn rules(&self) -> VerifyRules<'_> {
        let preset = match self.preset {
            Preset::Strict => VerifyRules::strict(&self.region, &self.service),
            Preset::S3 => VerifyRules::s3(&self.region),
            Preset::Iam => VerifyRules::iam(&self.service),
        };
        let or = |choice: &Option<Choice>, preset| {
            choice.as_ref().map_or(preset, |choice| *choice == Choice::Allow)
        };
        VerifyRules {
            service: &self.service,
            region: Some(self.region.as_str()).filter(|region| *region != "*"),
            clock_skew_seconds: self.clock_skew_seconds.unwrap_or(preset.clock_skew_seconds),
            expires: match self.expires {
                None => preset.expires,
                Some(Expires::Enforced) => ExpiresRule::Enforced,
                Some(Expires::Ignored) => ExpiresRule::Ignored,
            },
            payload: self.payload.map_or(preset.payload, Payload::rule),
            unsigned_amz_headers: if or(
                &self.unsigned_amz_headers,
                preset.unsigned_amz_headers == Unsigned::Allow,
            ) {
                Unsigned::Allow
            } else {
                Unsigned::Refuse
            },
            header_duplicates: self.header_duplicates.map_or(preset.header_duplicates, Which::rule),
            query_duplicates: self.query_duplicates.map_or(preset.query_duplicates, Which::rule),
            date: self.date.map_or(preset.date, Date::rule),
            key_id_slashes: if or(
                &self.key_id_slashes,
                preset.key_id_slashes == KeyIdSlashes::Allow,
            ) {
                KeyIdSlashes::Allow
            } else {
                KeyIdSlashes::Refuse
            },
            session_token_name: match self.session_token_name.as_deref() {
                None => preset.session_token_name,
                Some("x-amz-s3session-token") => SessionTokenName::S3Session,
                Some(other) => panic!("{other} is no name of a session token"),
            },
            session_token: match self.signed_token {
                None => preset.session_token,
                Some(true) => SessionToken::Signed,
                Some(false) => SessionToken::Unsigned,
            },
            ..preset
        }
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Preset {
    Strict,
    S3,
    Iam,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Expires {
    Enforced,
    Ignored,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Choice {
    Allow,
    Refuse,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Payload {
    Declared,
    DeclaredHash,
    AlwaysHashed,
}

impl Payload {
    fn rule(self) -> PayloadRule {
        let literals = match self {
            Self::AlwaysHashed => return PayloadRule::AlwaysHashed,
            Self::Declared => PayloadLiterals::Allow,
            Self::DeclaredHash => PayloadLiterals::Refuse,
        };
        PayloadRule::Declared(DeclaredPayload {
            literals,
            presigned_default: PresignedPayload::Hashed,
            header: ContentSha256Rule::Optional,
        })
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Which {
    Refuse,
    First,
    Last,
}

impl Which {
    fn rule(self) -> Duplicates {
        match self {
            Self::Refuse => Duplicates::Refuse,
            Self::First => Duplicates::First,
            Self::Last => Duplicates::Last,
        }
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Date {
    AmzOnly,
    Either,
    Lenient,
}

impl Date {
    fn rule(self) -> DateRule {
        match self {
            Self::AmzOnly => DateRule::Header,
            Self::Either => DateRule::HeaderOrDate,
            Self::Lenient => DateRule::HeaderOrDateLenient,
        }
    }
}
