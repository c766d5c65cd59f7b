//! Whatever is signed is accepted by a form that meets it, and by no other.

use proptest::prelude::*;
use proptest::sample::Index;
use sigv4::post_policy::{
    PostCondition, PostEvidence, PostPolicy, PresentedPolicy, SubmittedForm, Upload,
};
use sigv4::{Credentials, Expires, SigningKey, Timestamp, VerifyRules, VerifyingKey};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// A policy of one condition on each of some fields, and a form that meets it.
#[derive(Clone, Debug)]
struct Input {
    /// Name, value, and how much of it the policy states; all, if nothing.
    fields: Vec<(String, String, Option<Index>)>,
    bucket: String,
    content_length: u64,
}

fn inputs() -> impl Strategy<Value = Input> {
    // Numbered, so that no name is there twice, nor one that means something.
    let field = (r"\PC{0,8}", r"\PC{0,20}", any::<Option<Index>>());
    (prop::collection::vec(field, 0..6), r"\PC{0,20}", any::<u64>()).prop_map(
        |(fields, bucket, content_length)| Input {
            fields: (0..)
                .zip(fields)
                .map(|(n, (name, value, prefix))| (format!("{n}{name}"), value, prefix))
                .collect(),
            bucket,
            content_length,
        },
    )
}

impl Input {
    fn conditions(&self) -> Vec<PostCondition<'_>> {
        let fields = self.fields.iter().map(|(field, value, prefix)| match prefix {
            None => PostCondition::Equals { field, value },
            Some(at) => {
                let ends: Vec<_> = value.char_indices().map(|(at, _)| at).collect();
                let end = if ends.is_empty() { 0 } else { *at.get(&ends) };
                PostCondition::StartsWith { field, prefix: &value[..end] }
            }
        });
        let (min, max) = (self.content_length / 2, self.content_length);
        let bucket = PostCondition::Equals { field: "bucket", value: &self.bucket };
        let key = PostCondition::Equals { field: "key", value: "a" };
        fields.chain([bucket, key, PostCondition::ContentLengthRange { min, max }]).collect()
    }

    fn signed(&self) -> Vec<(String, Vec<u8>)> {
        let credentials = Credentials::new("AKIDEXAMPLE", SECRET);
        let key = SigningKey::derive(&credentials, now().date(), "us-east-1", "s3").unwrap();
        let conditions = self.conditions();
        let policy = PostPolicy { expires: Expires::MIN, conditions: &conditions };
        let instant = key.at(now()).unwrap();
        let mut out = vec![0; instant.post_policy_len(&policy)];
        let form = instant.sign_post_form(&policy, &mut out).unwrap();
        let own = self.fields.iter().map(|(name, value, _)| (name.clone(), value.clone().into()));
        let others = form.fields().chain([("key", "a")]);
        own.chain(others.map(|(name, value)| (name.to_owned(), value.into()))).collect()
    }

    fn is_accepted(&self, fields: &[(String, Vec<u8>)], upload: &Upload<'_>) -> bool {
        let rules = VerifyRules::s3("us-east-1");
        let mut buffer = vec![0; PresentedPolicy::DECODED_LEN_MAX];
        let mut verify = || {
            let presented = SubmittedForm::parse(fields).ok()?;
            let key = VerifyingKey::derive(SECRET, &presented.scope(&rules).ok()?).ok()?;
            let evidence = PostEvidence { key: &key, session_token: None, now: now() };
            presented.verify(upload, &evidence, &rules, &mut buffer).ok().map(|_| ())
        };
        verify().is_some()
    }

    fn upload(&self) -> Upload<'_> {
        Upload { bucket: &self.bucket, content_length: self.content_length }
    }
}

fn now() -> Timestamp {
    Timestamp::from_unix_seconds(1_451_347_200).unwrap()
}

proptest! {
    #[test]
    fn a_form_that_meets_its_policy_is_accepted(input in inputs()) {
        prop_assert!(input.is_accepted(&input.signed(), &input.upload()));
    }

    #[test]
    fn no_flipped_bit_of_a_signed_field_is_accepted(
        input in inputs(),
        field in any::<Index>(),
        at in any::<Index>(),
        bit in 0..8_u8,
    ) {
        let mut fields = input.signed();
        let field = field.index(fields.len());
        let stated = match input.fields.get(field) {
            // Behind a prefix a value is free.
            Some((_, value, Some(_))) => {
                let conditions = input.conditions();
                let PostCondition::StartsWith { prefix, .. } = conditions[field] else {
                    panic!("{value}");
                };
                prefix.len()
            }
            _ => fields[field].1.len(),
        };
        let value = &mut fields[field].1;
        if stated > 0 {
            value[at.index(stated)] ^= 1 << bit;
            prop_assert!(!input.is_accepted(&fields, &input.upload()));
        }
    }

    #[test]
    fn a_field_more_or_less_is_not_accepted(input in inputs(), field in any::<Index>()) {
        let fields = input.signed();
        let mut more = fields.clone();
        more.push(("acl".to_owned(), Vec::new()));
        prop_assert!(!input.is_accepted(&more, &input.upload()));
        let mut less = fields.clone();
        less.remove(field.index(fields.len()));
        prop_assert!(!input.is_accepted(&less, &input.upload()));
    }

    #[test]
    fn another_bucket_or_length_is_not_accepted(input in inputs(), other in r"\PC{0,20}") {
        let fields = input.signed();
        let elsewhere = Upload { bucket: &other, ..input.upload() };
        prop_assert_eq!(input.is_accepted(&fields, &elsewhere), other == input.bucket);
        if let Some(content_length) = input.content_length.checked_add(1) {
            let longer = Upload { content_length, ..input.upload() };
            prop_assert!(!input.is_accepted(&fields, &longer));
        }
        if let Some(content_length) = (input.content_length / 2).checked_sub(1) {
            let shorter = Upload { content_length, ..input.upload() };
            prop_assert!(!input.is_accepted(&fields, &shorter));
        }
    }
}
