//! Uploads by `POST`, signed and verified.

use std::fmt::Write as _;

use sigv4::post_policy::{
    PostCondition, PostEvidence, PostPolicy, PresentedPolicy, SubmittedForm, Upload,
};
use sigv4::{CredentialScope, Expires, SigningKey, VerifyRules, VerifyingKey};

use crate::cases::{CREDENTIALS, REGION, SECRET, now};
use crate::without_allocation;

#[test]
fn post_policies() {
    let credentials = CREDENTIALS.with_session_token("token");
    let key = SigningKey::derive(&credentials, now().date(), REGION, "s3").unwrap();
    let policy = PostPolicy {
        expires: Expires::MAX,
        conditions: &[
            PostCondition::Equals { field: "bucket", value: "bucket" },
            PostCondition::StartsWith { field: "key", prefix: "\"é\"" },
            PostCondition::ContentLengthRange { min: 0, max: 1 },
        ],
    };
    let (mut out, mut text) = ([0; 1024], String::with_capacity(1024));
    let form = without_allocation(|| {
        let instant = key.at(now())?;
        assert!(instant.post_policy_len(&policy) < out.len());
        Ok::<_, sigv4::SignError>(instant.sign_post_form(&policy, &mut out))
    });
    let form = form.unwrap().unwrap();
    let mut fields: Vec<_> = form.fields().collect();
    fields.push(("key", "\"é\"/a"));
    let rules = VerifyRules::s3(REGION);
    let scope = CredentialScope::new(now().date(), REGION, "s3").unwrap();
    let verifying = VerifyingKey::derive(SECRET, &scope).unwrap();
    let evidence = PostEvidence { key: &verifying, session_token: Some("token"), now: now() };
    let mut buffer = [0; PresentedPolicy::DECODED_LEN_MAX];
    for (bucket, is_accepted) in [("bucket", true), ("other", false)] {
        let verdict = without_allocation(|| {
            let presented = SubmittedForm::parse(fields.as_slice())?;
            presented.scope(&rules)?;
            let upload = Upload { bucket, content_length: 1 };
            presented.verify(&upload, &evidence, &rules, &mut buffer)
        });
        assert_eq!(verdict.is_ok(), is_accepted);
        without_allocation(|| match verdict {
            Ok(policy) => policy.conditions().try_for_each(|condition| write!(text, "{condition}")),
            Err(error) => write!(text, "{error} {error:?}"),
        })
        .unwrap();
    }
    assert!(text.contains("content-length-range") && text.contains("not met"), "{text}");
}
