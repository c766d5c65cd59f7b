//! The signature of a form: each part of it refused where it is not right.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sigv4::post_policy::{
    POST_FIELDS_MAX, PolicyError, PostCondition, PostEvidence, PostPolicy, PostVerifyError,
    PresentedPolicy, SubmittedForm, Upload,
};
use sigv4::{Credentials, Expires, SigningKey, Timestamp, VerifyError, VerifyRules, VerifyingKey};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const TOKEN: &str = "AQoDYXdzEPT//////////wEXAMPLE+==";

type Fields = Vec<(String, String)>;

/// What a form needs at least.
const BOUND: [PostCondition<'_>; 2] = [
    PostCondition::Equals { field: "bucket", value: "examplebucket" },
    PostCondition::StartsWith { field: "key", prefix: "user/" },
];

/// A form that would be accepted.
fn signed(token: &str) -> Fields {
    signed_for(token, &BOUND)
}

fn signed_for(token: &str, conditions: &[PostCondition<'_>]) -> Fields {
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", SECRET).with_session_token(token);
    let key = SigningKey::derive(&credentials, now().date(), "us-east-1", "s3").unwrap();
    let policy = PostPolicy { expires: Expires::MAX, conditions };
    let mut out = [0; 1024];
    let form = key.at(now()).unwrap().sign_post_form(&policy, &mut out).unwrap();
    let fields = form.fields().chain([("key", "user/a")]);
    fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn now() -> Timestamp {
    Timestamp::parse(b"20151229T000000Z").unwrap()
}

fn later(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(now().unix_seconds() + seconds).unwrap()
}

fn verify(fields: &Fields, token: Option<&str>, now: Timestamp) -> Result<(), PostVerifyError> {
    verify_by(&VerifyRules::s3("us-east-1"), SECRET, fields, token, now)
}

fn verify_by(
    rules: &VerifyRules<'_>,
    secret: &str,
    fields: &Fields,
    session_token: Option<&str>,
    now: Timestamp,
) -> Result<(), PostVerifyError> {
    let presented = SubmittedForm::parse(fields.as_slice())?;
    let key = VerifyingKey::derive(secret, &presented.scope(rules)?).unwrap();
    let evidence = PostEvidence { key: &key, session_token, now };
    let upload = Upload { bucket: "examplebucket", content_length: 0 };
    presented.verify(&upload, &evidence, rules, &mut [0; 4096]).map(|_| ())
}

fn with(fields: &Fields, name: &str, value: &str) -> Fields {
    let mut fields = fields.clone();
    fields.iter_mut().find(|(other, _)| other == name).unwrap().1 = value.to_owned();
    fields
}

fn refused(error: VerifyError) -> Result<(), PostVerifyError> {
    Err(PostVerifyError::Signature(error))
}

#[test]
fn every_field_is_needed_once() {
    let fields = signed(TOKEN);
    assert_eq!(verify(&fields, Some(TOKEN), now()), Ok(()));
    for name in ["policy", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature"] {
        let without: Fields = fields.iter().filter(|(other, _)| other != name).cloned().collect();
        let missing = VerifyError::Missing { name };
        assert_eq!(verify(&without, Some(TOKEN), now()), refused(missing));
        let mut twice = fields.clone();
        twice.push((name.to_ascii_uppercase(), String::new()));
        assert_eq!(verify(&twice, Some(TOKEN), now()), refused(VerifyError::Duplicate { name }));
    }
}

#[test]
fn each_part_must_be_right() {
    let fields = signed("");
    let check = |name: &str, value: &str, error: VerifyError| {
        assert_eq!(verify(&with(&fields, name, value), None, now()), refused(error), "{value}");
    };
    check("x-amz-algorithm", "AWS4-HMAC-SHA1", VerifyError::UnsupportedAlgorithm);
    for credential in ["", "id/20151229/us-east-1/s3", "/20151229/us-east-1/s3/aws4_request"] {
        check("x-amz-credential", credential, VerifyError::MalformedCredential);
    }
    let long_id = format!("{}/20151229/us-east-1/s3/aws4_request", "a".repeat(129));
    check("x-amz-credential", &long_id, VerifyError::MalformedCredential);
    for (credential, error) in [
        ("id/20151229/us-west-2/s3/aws4_request", VerifyError::WrongRegion),
        ("id/20151229/us-east-1/iam/aws4_request", VerifyError::WrongService),
        ("id/20151229/us-east-1/s3/aws4", VerifyError::WrongTerminator),
        ("id/20151228/us-east-1/s3/aws4_request", VerifyError::ScopeDateMismatch),
        ("id/20150229/us-east-1/s3/aws4_request", VerifyError::ScopeDateMismatch),
        ("id/20151229/us east 1/s3/aws4_request", VerifyError::InvalidScope),
    ] {
        check("x-amz-credential", credential, error);
    }
    check("x-amz-date", "2015-12-29T00:00:00Z", VerifyError::MalformedDate);
    let signature = &fields.iter().find(|(name, _)| name == "x-amz-signature").unwrap().1;
    for odd in ["", &signature[1..], &signature.to_ascii_uppercase(), &format!("{signature}0")] {
        check("x-amz-signature", odd, VerifyError::MalformedSignature);
    }
    check("x-amz-signature", &"0".repeat(64), VerifyError::SignatureMismatch);
    check("policy", "e30=", VerifyError::SignatureMismatch);
    let other = verify_by(&VerifyRules::s3("us-east-1"), "other", &fields, None, now());
    assert_eq!(other, refused(VerifyError::SignatureMismatch));
}

#[test]
fn slashes_in_ids_are_a_matter_of_the_rules() {
    let credentials = Credentials::new("a/b", SECRET);
    let key = SigningKey::derive(&credentials, now().date(), "us-east-1", "s3").unwrap();
    let policy = PostPolicy { expires: Expires::MAX, conditions: &BOUND };
    let mut out = [0; 1024];
    let form = key.at(now()).unwrap().sign_post_form(&policy, &mut out).unwrap();
    let fields = form.fields().chain([("key", "user/a")]);
    let fields: Fields = fields.map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
    assert_eq!(verify(&fields, None, now()), Ok(()));
    let rules = VerifyRules {
        key_id_slashes: sigv4::verify_rules::KeyIdSlashes::Refuse,
        ..VerifyRules::s3("us-east-1")
    };
    let malformed = refused(VerifyError::MalformedCredential);
    assert_eq!(verify_by(&rules, SECRET, &fields, None, now()), malformed);
}

#[test]
fn a_form_is_good_from_its_date_less_the_skew_for_seven_days() {
    let fields = signed("");
    let timestamp = now();
    for seconds in [-900, 0, 604_800] {
        assert_eq!(verify(&fields, None, later(seconds)), Ok(()), "{seconds}");
    }
    let early = VerifyError::NotYetValid { timestamp, now: later(-901) };
    assert_eq!(verify(&fields, None, later(-901)), refused(early));
    let late = VerifyError::Expired { timestamp, now: later(604_801) };
    assert_eq!(verify(&fields, None, later(604_801)), refused(late));
}

#[test]
fn the_session_token_belongs_to_the_key() {
    let (plain, temporary) = (signed(""), signed(TOKEN));
    let other = Some("AQoDYXdzEPT//////////wEXAMPLE+=0");
    for (fields, token, error) in [
        (&plain, Some(TOKEN), VerifyError::MissingSessionToken),
        (&temporary, None, VerifyError::UnexpectedSessionToken),
        (&temporary, other, VerifyError::SessionTokenMismatch),
        (&temporary, Some("AQo"), VerifyError::SessionTokenMismatch),
    ] {
        assert_eq!(verify(fields, token, now()), refused(error));
    }
}

#[test]
fn a_key_of_another_scope_is_no_key() {
    let fields = signed("");
    let rules = VerifyRules { region: None, ..VerifyRules::s3("") };
    let presented = SubmittedForm::parse(fields.as_slice()).unwrap();
    let scope = sigv4::CredentialScope::new(now().date(), "us-west-2", "s3").unwrap();
    let key = VerifyingKey::derive(SECRET, &scope).unwrap();
    let evidence = PostEvidence { key: &key, session_token: None, now: now() };
    let refused = presented.check_signature(&evidence, &rules);
    assert_eq!(refused, Err(VerifyError::KeyScopeMismatch));
}

#[test]
fn a_form_has_at_most_the_stated_number_of_fields() {
    let mut fields = signed("");
    let ignored = ("x-ignore-this".to_owned(), String::new());
    fields.resize(POST_FIELDS_MAX, ignored.clone());
    assert_eq!(verify(&fields, None, now()), Ok(()));
    let mut buffer = [0; 4096];
    let policy = &fields.iter().find(|(name, _)| name == "policy").unwrap().1;
    let policy = PresentedPolicy::decode(policy.as_bytes(), &mut buffer).unwrap();
    let upload = Upload { bucket: "examplebucket", content_length: 0 };
    assert_eq!(policy.check(fields.as_slice(), &upload, now()), Ok(()));
    fields.push(ignored);
    assert_eq!(verify(&fields, None, now()), Err(PostVerifyError::TooManyFields));
    let refused = policy.check(fields.as_slice(), &upload, now());
    assert_eq!(refused, Err(PostVerifyError::TooManyFields));
}

#[test]
fn nothing_that_debug_shows_is_sensitive() {
    let fields = signed(TOKEN);
    let presented = SubmittedForm::parse(fields.as_slice()).unwrap();
    let mut buffer = [0; 4096];
    let policy = PresentedPolicy::decode(presented.policy(), &mut buffer).unwrap();
    let conditions: Vec<_> = policy.conditions().collect();
    let shown = format!("{presented:?} {policy:?} {conditions:?} {:?}", presented.session_token());
    for (name, value) in &fields {
        let is_public = ["x-amz-algorithm", "x-amz-date", "key"].contains(&&**name);
        assert!(is_public || !shown.contains(value), "{name} in {shown}");
    }
    assert!(shown.contains("20160105T000000Z") && shown.contains("x-amz-security-token"));
}

/// The fields of "POST Object", and some that no document knows.
const OPEN: [&str; 22] = [
    "acl",
    "AWSAccessKeyId",
    "Cache-Control",
    "Content-Disposition",
    "Content-Encoding",
    "Content-Type",
    "Expires",
    "redirect",
    "signature",
    "submit",
    "success_action_redirect",
    "success_action_status",
    "tagging",
    "x-amz-checksum-algorithm",
    "x-amz-checksum-sha256",
    "x-amz-meta-a",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-customer-key",
    "x-amz-storage-class",
    "x-amz-website-redirect-location",
    "x-amz-content-sha256",
    "x-ignored",
];

#[test]
fn a_field_that_the_policy_leaves_open_is_refused() {
    let with_field = |mut fields: Fields, name: &str| {
        fields.push((name.to_owned(), "a".to_owned()));
        verify(&fields, None, now())
    };
    for field in OPEN {
        let index = signed("").len();
        let open = Err(PostVerifyError::Policy(PolicyError::ExtraField { index }));
        assert_eq!(with_field(signed(""), field), open, "{field}");
        let bound = PostCondition::StartsWith { field, prefix: "" };
        let conditions = [BOUND[0], BOUND[1], bound];
        assert_eq!(with_field(signed_for("", &conditions), field), Ok(()), "{field}");
    }
    for exempt in ["file", "x-ignore-a", "X-Ignore-"] {
        assert_eq!(with_field(signed(""), exempt), Ok(()), "{exempt}");
    }
}

/// Those of the signature are fields like any other, if somebody else writes the
/// policy.
#[test]
fn a_policy_covers_the_fields_of_its_own_signature() {
    let fields = signed(TOKEN);
    let at = fields.iter().position(|(name, _)| name == "policy").unwrap();
    let json = STANDARD.decode(&fields[at].1).unwrap();
    let json = String::from_utf8(json).unwrap();
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", SECRET).with_session_token(TOKEN);
    let key = SigningKey::derive(&credentials, now().date(), "us-east-1", "s3").unwrap();
    for name in ["x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-security-token"] {
        // The condition now is on a field that may be there or not.
        let other = json.replace(&format!("\"{name}\": \""), "\"x-ignore-a\": \"");
        assert_ne!(other, json);
        let policy = STANDARD.encode(other);
        let signature = key.at(now()).unwrap().sign_post_policy(policy.as_bytes());
        let mut changed = with(&fields, "policy", &policy);
        let value = fields.iter().find(|(other, _)| other == name).unwrap().1.clone();
        changed = with(&changed, "x-amz-signature", &signature.to_string());
        changed.push(("x-ignore-a".to_owned(), value));
        let index = fields.iter().position(|(other, _)| other == name).unwrap();
        let open = Err(PostVerifyError::Policy(PolicyError::ExtraField { index }));
        assert_eq!(verify(&changed, Some(TOKEN), now()), open, "{name}");
    }
}
