//! The examples AWS publishes, end to end.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sigv4::post_policy::{PostEvidence, PresentedPolicy, SubmittedForm, Upload};
use sigv4::{
    Credentials, Expires, Payload, Request, SigningKey, SigningRules, Timestamp, VerifyRules,
    VerifyingKey,
};

const IAM_SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const S3_SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const S3_HOST: (&str, &str) = ("Host", "examplebucket.s3.amazonaws.com");

#[test]
fn iam_list_users() {
    let credentials = Credentials::new("AKIDEXAMPLE", IAM_SECRET);
    let now = Timestamp::parse(b"20150830T123600Z").unwrap();
    let key = SigningKey::derive(&credentials, now.date(), "us-east-1", "iam").unwrap();
    let headers = [
        ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
        ("Host", "iam.amazonaws.com"),
    ];
    let request = Request::new("GET", "/?Action=ListUsers&Version=2010-05-08", &headers);
    let mut buffer = [0; 512];
    let instant = key.at(now).unwrap();
    let signed =
        instant.sign(&request, Payload::Bytes(b""), &SigningRules::STANDARD, &mut buffer).unwrap();
    assert_eq!(
        signed.authorization(),
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, \
         SignedHeaders=content-type;host;x-amz-date, \
         Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
    );
}

#[test]
fn s3_header_form() {
    let body = b"Welcome to Amazon S3.".as_slice();
    let put = [
        S3_HOST,
        ("Date", "Fri, 24 May 2013 00:00:00 GMT"),
        ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
    ];
    type Case<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a [u8], &'a str);
    let cases: [Case<'_>; 4] = [
        (
            "GET",
            "/test.txt",
            &[S3_HOST, ("Range", "bytes=0-9")],
            b"",
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
        (
            "PUT",
            "/test%24file.text",
            &put,
            body,
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        ),
        (
            "GET",
            "/?lifecycle",
            &[S3_HOST],
            b"",
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        ),
        (
            "GET",
            "/?max-keys=2&prefix=J",
            &[S3_HOST],
            b"",
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        ),
    ];
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", S3_SECRET);
    let now = Timestamp::parse(b"20130524T000000Z").unwrap();
    let key = SigningKey::derive(&credentials, now.date(), "us-east-1", "s3").unwrap();
    let instant = key.at(now).unwrap();
    for (method, target, headers, body, expected) in cases {
        let mut buffer = [0; 512];
        let request = Request::new(method, target, headers);
        let signed =
            instant.sign(&request, Payload::Bytes(body), &SigningRules::S3, &mut buffer).unwrap();
        assert_eq!(signed.signature().to_string(), expected, "{method} {target}");
    }
}

#[test]
fn s3_presigned() {
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", S3_SECRET);
    let now = Timestamp::parse(b"20130524T000000Z").unwrap();
    let key = SigningKey::derive(&credentials, now.date(), "us-east-1", "s3").unwrap();
    let headers = [S3_HOST];
    let request = Request::new("GET", "/test.txt", &headers);
    let expires = Some(Expires::from_seconds(86_400).unwrap());
    let mut buffer = [0; 512];
    let instant = key.at(now).unwrap();
    let presigned = instant
        .presign(&request, Payload::UNSIGNED, expires, &SigningRules::S3, &mut buffer)
        .unwrap();
    assert_eq!(
        presigned.to_str().unwrap(),
        "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&\
         X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&\
         X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&\
         X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
    );
}

/// The policy of "Example: Browser-Based Upload using HTTP POST", whose lines
/// end with a carriage return and a line feed.
const POST_POLICY: &str = r#"{ "expiration": "2015-12-30T12:00:00.000Z",
  "conditions": [
    {"bucket": "sigv4examplebucket"},
    ["starts-with", "$key", "user/user1/"],
    {"acl": "public-read"},
    {"success_action_redirect": "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"},
    ["starts-with", "$Content-Type", "image/"],
    {"x-amz-meta-uuid": "14365123651274"},
    {"x-amz-server-side-encryption": "AES256"},
    ["starts-with", "$x-amz-meta-tag", ""],

    {"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"},
    {"x-amz-algorithm": "AWS4-HMAC-SHA256"},
    {"x-amz-date": "20151229T000000Z" }
  ]
}"#;

#[test]
fn s3_post_policy() {
    let policy = POST_POLICY.replace('\n', "\r\n");
    assert_eq!(policy.len(), 648);
    let policy = STANDARD.encode(policy);
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", S3_SECRET);
    let now = Timestamp::parse(b"20151229T000000Z").unwrap();
    let key = SigningKey::derive(&credentials, now.date(), "us-east-1", "s3").unwrap();
    let signature = key.at(now).unwrap().sign_post_policy(policy.as_bytes()).to_string();
    assert_eq!(signature, "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e");

    // The form of the same page, the file name filled in.
    let fields = [
        ("key", "user/user1/photo.jpg"),
        ("acl", "public-read"),
        (
            "success_action_redirect",
            "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html",
        ),
        ("Content-Type", "image/jpeg"),
        ("x-amz-meta-uuid", "14365123651274"),
        ("x-amz-server-side-encryption", "AES256"),
        ("X-Amz-Credential", "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"),
        ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
        ("X-Amz-Date", "20151229T000000Z"),
        ("x-amz-meta-tag", ""),
        ("Policy", &policy),
        ("X-Amz-Signature", &signature),
    ];
    let rules = VerifyRules::s3("us-east-1");
    let presented = SubmittedForm::parse(fields.as_slice()).unwrap();
    let key = VerifyingKey::derive(S3_SECRET, &presented.scope(&rules).unwrap()).unwrap();
    let evidence = PostEvidence { key: &key, session_token: None, now };
    let upload = Upload { bucket: "sigv4examplebucket", content_length: 1 };
    let mut buffer = [0; PresentedPolicy::DECODED_LEN_MAX];
    assert!(presented.verify(&upload, &evidence, &rules, &mut buffer).is_ok());
}
