//! What a server says to uploads whose signature holds.

use serde::Deserialize;
use sigv4::post_policy::{
    PolicyError, PostEvidence, PostVerifyError, PresentedPolicy, SubmittedForm, Upload,
};
use sigv4::{Timestamp, VerifyRules, VerifyingKey};

use super::files::{CaseFile, Context};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    rule: String,
    /// One of these two the script signs.
    conditions: Option<String>,
    #[serde(default, rename = "policy")]
    _policy: Option<String>,
    fields: Vec<(String, String)>,
    /// Whether the script adds no condition on the bucket, nor on a key.
    #[serde(default)]
    unbound: bool,
    bucket: Option<String>,
    content_length: Option<u64>,
    now: Option<String>,
    verdict: String,
    /// The condition that fails, as S3 shows it.
    shown: Option<String>,
    policy_base64: String,
    signature: String,
}

impl Case {
    fn verify(&self, context: &Context) -> Result<(), PostVerifyError> {
        let mut fields = self.fields.clone();
        if !self.names_key() {
            fields.push(("key".to_owned(), "a".to_owned()));
        }
        fields.extend(context.signature_fields(&self.policy_base64, &self.signature));
        let now = self.now.as_ref().map(|now| Timestamp::parse(now.as_bytes()).unwrap());
        let rules = VerifyRules::s3(&context.region);
        let presented = SubmittedForm::parse(fields.as_slice())?;
        let key = VerifyingKey::derive(&context.secret_access_key, &presented.scope(&rules)?);
        let evidence = PostEvidence {
            key: &key.unwrap(),
            session_token: None,
            now: now.unwrap_or(context.now()),
        };
        presented.check_signature(&evidence, &rules).expect("the signature holds");
        let upload = Upload {
            bucket: self.bucket.as_ref().unwrap_or(&context.bucket),
            content_length: self.content_length.unwrap_or(context.content_length),
        };
        let mut buffer = vec![0; PresentedPolicy::DECODED_LEN_MAX];
        presented.verify(&upload, &evidence, &rules, &mut buffer)?;
        Ok(())
    }

    /// Whether the case is about keys; else the script adds a condition for any.
    fn names_key(&self) -> bool {
        let conditions = self.conditions.as_deref().unwrap_or("\"key\"").to_lowercase();
        let in_conditions = ["\"key\"", "\"$key\""].iter().any(|name| conditions.contains(name));
        let in_fields = self.fields.iter().any(|(name, _)| name.eq_ignore_ascii_case("key"));
        self.unbound || in_conditions || in_fields
    }

    /// The condition at fault, as it is shown.
    fn shown(&self, index: usize) -> String {
        let mut buffer = vec![0; PresentedPolicy::DECODED_LEN_MAX];
        let policy = PresentedPolicy::decode(self.policy_base64.as_bytes(), &mut buffer).unwrap();
        policy.conditions().nth(index).unwrap().to_string()
    }
}

#[test]
fn get_the_verdict_they_deserve() {
    let file = CaseFile::<Case>::read("uploads.toml");
    assert!(file.case.len() > 90);
    for case in &file.case {
        let what = format!("{}: {}", case.name, case.rule);
        let verdict = case.verify(&file.context);
        match verdict {
            Ok(()) => assert_eq!("accept", case.verdict, "{what}"),
            Err(PostVerifyError::Policy(error)) => {
                let text = format!("{error:?}");
                // Where the reader stops in what is no JSON is not worth stating.
                let text = if case.verdict.contains('{') {
                    text
                } else {
                    text.split(' ').next().unwrap().to_owned()
                };
                assert_eq!(text, case.verdict, "{what}");
                assert!(!error.to_string().is_empty());
            }
            Err(error) => panic!("{what}: {error}"),
        }
        if let Some(shown) = &case.shown {
            let Err(PostVerifyError::Policy(PolicyError::ConditionFailed { index })) = verdict
            else {
                panic!("{what}: no condition failed")
            };
            assert_eq!(&case.shown(index), shown, "{what}");
        }
    }
}

#[test]
fn a_policy_is_not_read_beyond_its_limits() {
    let mut buffer = vec![0; PresentedPolicy::DECODED_LEN_MAX];
    let longest = b"A".repeat(PresentedPolicy::LEN_MAX);
    let decoded = PresentedPolicy::decode(&longest, &mut buffer).unwrap_err();
    assert_eq!(decoded, PolicyError::NotJson { position: 0 });
    let longer = b"A".repeat(PresentedPolicy::LEN_MAX + 4);
    let too_long = PolicyError::TooLong { len: PresentedPolicy::LEN_MAX + 4 };
    assert_eq!(PresentedPolicy::decode(&longer, &mut buffer).unwrap_err(), too_long);
    let too_small = PolicyError::BufferTooSmall { needed: 6, available: 5 };
    assert_eq!(PresentedPolicy::decode(b"AAAAAAAA", &mut [0; 5]).unwrap_err(), too_small);
    for text in ["A", "!!!!", "AAAA\n", "AA==AAAA"] {
        let refused = PresentedPolicy::decode(text.as_bytes(), &mut buffer).unwrap_err();
        assert_eq!(refused, PolicyError::NotBase64, "{text:?}");
    }
}
