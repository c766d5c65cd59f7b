//! What a naive reader finds of a signature, held against what the verifier found.

use sigv4::verify_rules::{Duplicates, ExpiresRule, KeyIdSlashes};
use sigv4::{
    Form, PresentedCredential, PresentedSignature, PresentedText, VerifyError, VerifyRules,
};

/// Every text that stood under each name, decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    pub algorithm: Vec<Vec<u8>>,
    pub credential: Vec<Vec<u8>>,
    pub signed_headers: Vec<Vec<u8>>,
    pub signature: Vec<Vec<u8>>,
    pub date: Vec<Vec<u8>>,
    pub expires: Vec<Vec<u8>>,
    /// Under either name.
    pub session_token: Vec<Vec<u8>>,
    /// Whether one stood under the name of S3 Express, which no rules here want.
    pub has_s3_session_token: bool,
    pub content_sha256: Vec<Vec<u8>>,
}

impl Parts {
    /// Compares under each rule for what is repeated.
    pub fn assert_found(&self, presented: &PresentedSignature<'_>) {
        let strict = VerifyRules::strict("us-east-1", "iam");
        for (duplicates, key_id_slashes) in [
            (Duplicates::Refuse, KeyIdSlashes::Allow),
            (Duplicates::First, KeyIdSlashes::Refuse),
            (Duplicates::Last, KeyIdSlashes::Allow),
        ] {
            let rules = VerifyRules {
                header_duplicates: duplicates,
                query_duplicates: duplicates,
                key_id_slashes,
                ..strict
            };
            self.assert_found_by(&rules, presented);
        }
    }

    fn assert_found_by(&self, rules: &VerifyRules<'_>, presented: &PresentedSignature<'_>) {
        let counts = |texts: &[Vec<u8>]| match rules.query_duplicates {
            Duplicates::Last => texts.last().cloned(),
            _ => texts.first().cloned(),
        };
        let found = |text: Option<PresentedText<'_>>| text.map(decoded);
        assert_eq!(found(presented.algorithm(rules)), counts(&self.algorithm));
        assert_eq!(found(presented.credential_text(rules)), counts(&self.credential));
        assert_eq!(found(presented.signed_headers(rules)), counts(&self.signed_headers));
        assert_eq!(found(presented.signature(rules)), counts(&self.signature));
        assert_eq!(found(presented.date(rules)), counts(&self.date));
        let token = counts(&self.session_token).filter(|_| !self.has_s3_session_token);
        assert_eq!(found(presented.session_token(rules)), token);

        assert_eq!(presented.check_duplicates(rules), self.duplicates(rules));
        let is_known = counts(&self.algorithm).is_some_and(|text| text == b"AWS4-HMAC-SHA256");
        let algorithm = if is_known { Ok(()) } else { Err(VerifyError::UnsupportedAlgorithm) };
        assert_eq!(presented.check_algorithm(rules), algorithm);
        assert_eq!(presented.check_complete(rules), self.complete(presented.form(), rules));
        let expires = presented.expires(rules).map(|expires| expires.seconds());
        assert_eq!(expires, seconds(counts(&self.expires)));
        let credential = presented.credential(rules).map(pieces_of);
        assert_eq!(credential, pieces(counts(&self.credential), rules));
        if let Ok(scope) = presented.scope(rules) {
            let [_, date, region, service, _] = credential.expect("the scope is a part of it");
            assert_eq!(scope.date().as_str().as_bytes(), date);
            assert_eq!([scope.region(), scope.service()].map(str::as_bytes), [region, service]);
        }
    }

    fn duplicates(&self, rules: &VerifyRules<'_>) -> Result<(), VerifyError> {
        let named = [
            (&self.algorithm, "X-Amz-Algorithm"),
            (&self.credential, "Credential"),
            (&self.signed_headers, "SignedHeaders"),
            (&self.signature, "Signature"),
            (&self.date, "X-Amz-Date"),
            (&self.expires, "X-Amz-Expires"),
            (&self.session_token, "X-Amz-Security-Token"),
            (&self.content_sha256, "X-Amz-Content-Sha256"),
        ];
        match named.into_iter().find(|(texts, _)| texts.len() > 1) {
            Some((_, name)) if rules.query_duplicates == Duplicates::Refuse => {
                Err(VerifyError::Duplicate { name })
            }
            _ => Ok(()),
        }
    }

    fn complete(&self, form: Form, rules: &VerifyRules<'_>) -> Result<(), VerifyError> {
        let mut needed = vec![
            (&self.credential, "Credential"),
            (&self.signature, "Signature"),
            (&self.signed_headers, "SignedHeaders"),
            (&self.date, "X-Amz-Date"),
        ];
        if form == Form::Query && rules.expires == ExpiresRule::Enforced {
            needed.push((&self.expires, "X-Amz-Expires"));
        }
        match needed.into_iter().find(|(texts, _)| texts.is_empty()) {
            Some((_, name)) => Err(VerifyError::Missing { name }),
            None => Ok(()),
        }
    }
}

fn seconds(text: Option<Vec<u8>>) -> Result<u32, VerifyError> {
    let text = text.ok_or(VerifyError::Missing { name: "X-Amz-Expires" })?;
    let is_number = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    let significant: Vec<u8> = text.into_iter().skip_while(|&digit| digit == b'0').collect();
    // What has more digits is too much as well.
    let number = String::from_utf8(significant).ok().and_then(|digits| digits.parse().ok());
    match number {
        Some(seconds @ 1..=604_800) if is_number => Ok(seconds),
        _ => Err(VerifyError::InvalidExpires),
    }
}

/// The five pieces of a credential: the id may hold slashes, where it may.
fn pieces(text: Option<Vec<u8>>, rules: &VerifyRules<'_>) -> Result<[Vec<u8>; 5], VerifyError> {
    let text = text.ok_or(VerifyError::Missing { name: "Credential" })?;
    let split: Vec<&[u8]> = text.split(|&byte| byte == b'/').collect();
    let (id, scope) = split.split_at(split.len().saturating_sub(4));
    let (id, scope) = (id.join(&b'/'), <[&[u8]; 4]>::try_from(scope));
    let has_slash = rules.key_id_slashes == KeyIdSlashes::Refuse && id.contains(&b'/');
    let is_id = (1..=128).contains(&id.len())
        && id.iter().all(|&byte| byte.is_ascii_graphic() && byte != b',');
    match scope {
        Ok([date, region, service, end]) if is_id && !has_slash => {
            Ok([id, date.to_vec(), region.to_vec(), service.to_vec(), end.to_vec()])
        }
        _ => Err(VerifyError::MalformedCredential),
    }
}

fn pieces_of(credential: PresentedCredential<'_>) -> [Vec<u8>; 5] {
    let PresentedCredential { access_key_id, date, region, service, terminator } = credential;
    [access_key_id, date, region, service, terminator].map(decoded)
}

fn decoded(text: PresentedText<'_>) -> Vec<u8> {
    let bytes: Vec<u8> = text.bytes().collect();
    // However it is looked at, it is the same.
    assert!(text == *bytes.as_slice());
    let mut buffer = vec![0; bytes.len()];
    assert_eq!(text.decode_into(&mut buffer), core::str::from_utf8(&bytes).ok());
    assert_eq!(text.to_string().chars().count(), bytes.len());
    bytes
}
