//! What is signed equals what botocore signs.

use serde::Deserialize;
use sigv4::post_policy::{
    PostCondition, PostEvidence, PostPolicy, PostSignError, PresentedPolicy, SubmittedForm, Upload,
};
use sigv4::{Expires, Timestamp, VerifyRules, VerifyingKey};

use super::files::CaseFile;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    rule: String,
    #[serde(default)]
    session_token: String,
    expires: u32,
    bucket: String,
    key: String,
    conditions: Vec<(String, String, String)>,
    policy_json: String,
    policy_base64: String,
    signature: String,
}

impl Case {
    /// The conditions, with those that botocore adds.
    fn conditions(&self) -> Vec<PostCondition<'_>> {
        let stated = self.conditions.iter().map(|(operation, field, value)| match &**operation {
            "equals" => PostCondition::Equals { field, value },
            "starts-with" => PostCondition::StartsWith { field, prefix: value },
            "content-length-range" => PostCondition::ContentLengthRange {
                min: field.parse().unwrap(),
                max: value.parse().unwrap(),
            },
            _ => panic!("{}: {operation}", self.name),
        });
        let added = [("bucket", &*self.bucket), ("key", &*self.key)]
            .map(|(field, value)| PostCondition::Equals { field, value });
        stated.chain(added).collect()
    }
}

#[test]
fn forms_equal_those_of_botocore() {
    let file = CaseFile::<Case>::read("forms.toml");
    for case in &file.case {
        let what = format!("{}: {}", case.name, case.rule);
        let credentials = file.context.credentials().with_session_token(&case.session_token);
        let key = file.context.key(&credentials);
        let instant = key.at(file.context.now()).unwrap();
        let conditions = case.conditions();
        let expires = Expires::from_seconds(case.expires).unwrap();
        let policy = PostPolicy { expires, conditions: &conditions };
        assert_eq!(instant.post_policy_len(&policy), case.policy_base64.len(), "{what}");

        let mut out = vec![0; case.policy_base64.len()];
        let form = instant.sign_post_form(&policy, &mut out).unwrap();
        assert_eq!(form.policy(), case.policy_base64, "{what}: {}", case.policy_json);
        assert_eq!(form.signature().to_string(), case.signature, "{what}");
        let signed = instant.sign_post_policy(case.policy_base64.as_bytes());
        assert_eq!(signed.to_string(), case.signature, "{what}");

        let mut names: Vec<_> = form.fields().map(|(name, _)| name).collect();
        let has_token = !case.session_token.is_empty();
        assert_eq!(names.contains(&"x-amz-security-token"), has_token, "{what}");
        names.retain(|name| *name != "x-amz-security-token");
        let expected =
            ["x-amz-algorithm", "x-amz-credential", "x-amz-date", "policy", "x-amz-signature"];
        assert_eq!(names, expected, "{what}");
    }
}

#[test]
fn a_form_that_botocore_signed_is_accepted() {
    let file = CaseFile::<Case>::read("forms.toml");
    for case in &file.case {
        let context = &file.context;
        let mut fields = context.signature_fields(&case.policy_base64, &case.signature);
        fields.push(("key".to_owned(), case.key.clone()));
        for (operation, name, value) in &case.conditions {
            if operation != "content-length-range" {
                fields.push((name.clone(), value.clone()));
            }
        }
        let session_token = Some(&*case.session_token).filter(|token| !token.is_empty());
        if let Some(token) = session_token {
            fields.push(("X-Amz-Security-Token".to_owned(), token.to_owned()));
        }
        let rules = VerifyRules::s3(&context.region);
        let presented = SubmittedForm::parse(fields.as_slice()).unwrap();
        let scope = presented.scope(&rules).unwrap();
        let key = VerifyingKey::derive(&context.secret_access_key, &scope).unwrap();
        let evidence = PostEvidence { key: &key, session_token, now: context.now() };
        let upload = Upload { bucket: &case.bucket, content_length: 1_048_576 };
        let mut buffer = vec![0; PresentedPolicy::DECODED_LEN_MAX];
        let policy = presented.verify(&upload, &evidence, &rules, &mut buffer);
        let expiration =
            policy.unwrap_or_else(|error| panic!("{}: {error}", case.name)).expiration();
        let life = expiration.unix_seconds() - context.now().unix_seconds();
        assert_eq!(life, i64::from(case.expires), "{}", case.name);
    }
}

/// What a form needs at least.
const BOUND: [PostCondition<'_>; 2] = [
    PostCondition::Equals { field: "bucket", value: "a" },
    PostCondition::StartsWith { field: "key", prefix: "" },
];

#[test]
fn a_policy_that_is_good_for_any_bucket_is_not_made() {
    let file = CaseFile::<Case>::read("forms.toml");
    let credentials = file.context.credentials();
    let key = file.context.key(&credentials);
    let instant = key.at(file.context.now()).unwrap();
    let sign = |conditions: &[PostCondition<'_>]| {
        let policy = PostPolicy { expires: Expires::MIN, conditions };
        instant.sign_post_form(&policy, &mut [0; 1024]).map(|_| ())
    };
    let equals = |field| PostCondition::Equals { field, value: "a" };
    let begins = |field, prefix| PostCondition::StartsWith { field, prefix };
    let range = PostCondition::ContentLengthRange { min: 0, max: 1 };
    let missing = |field| Err(PostSignError::MissingCondition { field });
    for (conditions, expected) in [
        (vec![equals("bucket"), equals("key")], Ok(())),
        (vec![range, begins("KEY", ""), equals("Bucket")], Ok(())),
        (vec![begins("bucket", "a"), equals("bucket"), equals("key")], Ok(())),
        (vec![], missing("bucket")),
        (vec![equals("key"), range], missing("bucket")),
        (vec![begins("bucket", ""), equals("key")], missing("bucket")),
        (vec![begins("bucket", "a"), equals("key")], missing("bucket")),
        (vec![equals("bucket-name"), equals("key")], missing("bucket")),
        (vec![equals("bucket")], missing("key")),
        (vec![equals("bucket"), equals("x-amz-meta-key"), range], missing("key")),
    ] {
        let made = sign(&conditions);
        assert_eq!(made, expected, "{conditions:?}");
        if let Err(error) = made {
            assert!(error.to_string().contains(if conditions.contains(&equals("bucket")) {
                "key"
            } else {
                "bucket"
            }));
        }
    }
}

#[test]
fn a_policy_no_form_could_meet_is_refused() {
    let file = CaseFile::<Case>::read("forms.toml");
    let credentials = file.context.credentials();
    let key = file.context.key(&credentials);
    let instant = key.at(file.context.now()).unwrap();
    let [bucket, key_is] = BOUND;
    let sign = |condition: PostCondition<'_>| {
        let policy = PostPolicy { expires: Expires::MIN, conditions: &[bucket, condition, key_is] };
        let mut out = [7; 1024];
        instant.sign_post_form(&policy, &mut out).map(|form| form.policy().len())
    };
    for field in ["", "$key"] {
        let refused = Err(PostSignError::InvalidField { index: 1 });
        assert_eq!(sign(PostCondition::StartsWith { field, prefix: "a" }), refused, "{field}");
        assert_eq!(sign(PostCondition::Equals { field, value: "a" }), refused, "{field}");
    }
    for field in ["x-amz-date", "X-Amz-Security-Token", "policy", "x-amz-signature"] {
        let refused = sign(PostCondition::StartsWith { field, prefix: "" }).unwrap_err();
        let PostSignError::SignatureField { name } = refused else { panic!("{refused}") };
        assert!(name.eq_ignore_ascii_case(field) && refused.to_string().contains(name));
    }
    let empty = Err(PostSignError::EmptyRange { index: 1 });
    assert_eq!(sign(PostCondition::ContentLengthRange { min: 2, max: 1 }), empty);
    assert!(sign(PostCondition::ContentLengthRange { min: 1, max: 1 }).is_ok());
}

#[test]
fn a_buffer_that_is_too_short_stays_as_it_is() {
    let file = CaseFile::<Case>::read("forms.toml");
    let credentials = file.context.credentials();
    let key = file.context.key(&credentials);
    let instant = key.at(file.context.now()).unwrap();
    let policy = PostPolicy { expires: Expires::MIN, conditions: &BOUND };
    let needed = instant.post_policy_len(&policy);
    for available in [0, 1, needed - 1] {
        let mut out = vec![7; available];
        let error = instant.sign_post_form(&policy, &mut out).unwrap_err();
        assert_eq!(error, PostSignError::BufferTooSmall { needed, available });
        assert!(out.iter().all(|byte| *byte == 7));
    }
}

#[test]
fn the_end_of_a_policy_is_cut_at_the_last_second_that_can_be_written() {
    let file = CaseFile::<Case>::read("forms.toml");
    let credentials = file.context.credentials();
    let last = Timestamp::from_unix_seconds(Timestamp::UNIX_SECONDS_MAX).unwrap();
    let key = sigv4::SigningKey::derive(&credentials, last.date(), "us-east-1", "s3").unwrap();
    let mut out = [0; 1024];
    let policy = PostPolicy { expires: Expires::MAX, conditions: &BOUND };
    let form = key.at(last).unwrap().sign_post_form(&policy, &mut out).unwrap();
    let mut buffer = [0; 1024];
    let presented = PresentedPolicy::decode(form.policy().as_bytes(), &mut buffer).unwrap();
    assert_eq!(presented.expiration(), last);
}
