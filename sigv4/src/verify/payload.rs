//! The last line of the canonical request: what is declared about the body.

use crate::payload::{Payload, PayloadHash, PayloadLine, PayloadLiteral};
use crate::sha256;
use crate::signature::Signature;
use crate::verify::error::VerifyError;
use crate::verify::parse::{Form, PresentedSignature};
use crate::verify::part::name;
use crate::verify::rules::{
    ContentSha256Rule, DeclaredPayload, PayloadLiterals, PayloadRule, PresignedPayload, VerifyRules,
};

/// The body that came with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body<'a> {
    /// The whole of it.
    Bytes(&'a [u8]),
    /// Its SHA-256, computed by the caller while reading it.
    Sha256([u8; 32]),
}

impl<'a> Body<'a> {
    #[inline(always)]
    fn line(self) -> PayloadLine<'a> {
        match self {
            Self::Bytes(body) => Payload::Bytes(body).line(),
            Self::Sha256(digest) => Payload::Sha256(digest).line(),
        }
    }

    pub(crate) fn sha256(&self) -> [u8; 32] {
        match self {
            Self::Bytes(body) => sha256::digest(body),
            Self::Sha256(digest) => *digest,
        }
    }
}

/// What can be said of the last line before there is a body.
#[cfg(feature = "tower")]
pub(crate) enum Declared {
    /// This hash, which the body must have.
    Sha256([u8; 32]),
    /// A literal, or something that will be refused.
    Literal,
    /// Nothing: the hash of the body.
    Nothing,
}

impl PresentedSignature<'_> {
    /// What the request declares, as far as [`payload`](Self::payload) heeds it.
    #[cfg(feature = "tower")]
    pub(crate) fn declared(&self, rules: &VerifyRules<'_>) -> Declared {
        let PayloadRule::Declared(declared) = rules.payload else { return Declared::Nothing };
        match self.part(&self.content_sha256, rules) {
            Some(text) => text.parse_hex().map_or(Declared::Literal, Declared::Sha256),
            None => match self.undeclared_payload(&Body::Bytes(b""), declared) {
                Ok((_, None)) => Declared::Nothing,
                Ok((_, Some(_))) | Err(_) => Declared::Literal,
            },
        }
    }

    /// The last line, and the literal it is, if it is one.
    #[inline(always)]
    pub(crate) fn payload<'b>(
        &self,
        body: &Body<'b>,
        rules: &VerifyRules<'_>,
    ) -> Result<(PayloadLine<'b>, Option<PayloadLiteral>), VerifyError> {
        let PayloadRule::Declared(declared) = rules.payload else {
            return Ok((body.line(), None));
        };
        let Some(text) = self.part(&self.content_sha256, rules) else {
            return self.undeclared_payload(body, declared);
        };
        if let Some(digest) = text.parse_hex() {
            return if digest == body.sha256() {
                Ok((PayloadLine::Known(PayloadHash::of(&digest)), None))
            } else {
                Err(VerifyError::PayloadMismatch)
            };
        }
        let mut buffer = [0; Signature::HEX_LEN];
        let literal =
            text.decode_into(&mut buffer).and_then(|text| PayloadLiteral::parse(text.as_bytes()));
        match (literal, declared.literals) {
            (None, _) => Err(VerifyError::MalformedContentSha256),
            (Some(_), PayloadLiterals::Refuse) => Err(VerifyError::PayloadNotCovered),
            (Some(literal), PayloadLiterals::Allow) => {
                Ok((PayloadLine::Known(PayloadHash::Literal(literal)), Some(literal)))
            }
        }
    }

    #[inline(always)]
    fn undeclared_payload<'b>(
        &self,
        body: &Body<'b>,
        declared: DeclaredPayload,
    ) -> Result<(PayloadLine<'b>, Option<PayloadLiteral>), VerifyError> {
        match (self.form, declared.header, declared.presigned_default) {
            (Form::Header, ContentSha256Rule::Required, _) => {
                Err(VerifyError::Missing { name: name::CONTENT_SHA256 })
            }
            (Form::Query, _, PresignedPayload::Unsigned) => {
                let literal = PayloadLiteral::Unsigned;
                Ok((PayloadLine::Known(PayloadHash::Literal(literal)), Some(literal)))
            }
            _ => Ok((body.line(), None)),
        }
    }
}
