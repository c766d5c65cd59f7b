//! Feature `signer`: presigned URLs of objects, against the client of botocore.
//!
//! The cases are `testdata/sigv4/objects/cases.toml`.

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use serde::Deserialize;
use sigv4::objects::{BucketError, ObjectError, ObjectRequest, PART_NUMBER_MAX};
use sigv4::signer::UrlError;
use sigv4::{
    Bucket, ExpiresError, OwnedCredentials, RequestError, SignError, Signer, SignerError, Timestamp,
};

use crate::reference::{Parameter, target_parts};

static FILE: LazyLock<CaseFile> = LazyLock::new(|| {
    let path =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../testdata/sigv4/objects/cases.toml");
    toml::from_str(&fs::read_to_string(path).unwrap()).unwrap_or_else(|error| panic!("{error}"))
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    about: String,
    context: Context,
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Context {
    access_key_id: String,
    secret_access_key: String,
    timestamp: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    rule: String,
    source: String,
    /// Why the address is not botocore's.
    differs: Option<String>,
    address: Option<String>,
    style: Style,
    endpoint: Option<String>,
    region: String,
    session_token: Option<String>,
    operation: String,
    bucket: String,
    key: Option<String>,
    upload_id: Option<String>,
    part_number: Option<u32>,
    #[serde(default)]
    parameters: Vec<(String, String)>,
    #[serde(default)]
    headers: Vec<(String, String)>,
    expires: u64,
    url: String,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Style {
    Aws,
    Virtual,
    Path,
}

impl Case {
    fn bucket(&self) -> Bucket {
        let endpoint = self.endpoint.as_deref().unwrap_or_default();
        let bucket = match self.style {
            Style::Aws => Bucket::aws(&self.bucket, &self.region),
            Style::Virtual => Bucket::virtual_hosted(endpoint, &self.bucket),
            Style::Path => Bucket::path_style(endpoint, &self.bucket),
        };
        bucket.unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    fn signer(&self) -> Signer {
        let Context { access_key_id, secret_access_key, .. } = &FILE.context;
        let credentials = OwnedCredentials::new(access_key_id, secret_access_key)
            .with_session_token(self.session_token.clone().unwrap_or_default());
        Signer::new(credentials, &self.region, "s3").unwrap()
    }

    fn request<'a>(&'a self, bucket: &'a Bucket) -> ObjectRequest<'a> {
        let key = self.key.as_deref().unwrap_or_default();
        let upload_id = self.upload_id.as_deref().unwrap_or_default();
        let mut request = match &*self.operation {
            "get_object" => bucket.get(key),
            "put_object" => bucket.put(key),
            "head_object" => bucket.head(key),
            "delete_object" => bucket.delete(key),
            "list_objects_v2" => bucket.list(),
            "create_multipart_upload" => bucket.create_multipart_upload(key),
            "upload_part" => bucket.upload_part(key, upload_id, self.part_number.unwrap()),
            "complete_multipart_upload" => bucket.complete_multipart_upload(key, upload_id),
            "abort_multipart_upload" => bucket.abort_multipart_upload(key, upload_id),
            "list_parts" => bucket.list_parts(key, upload_id),
            "list_multipart_uploads" => bucket.list_multipart_uploads(),
            operation => panic!("{}: the operation {operation} is not known", self.name),
        };
        for (name, value) in &self.parameters {
            request = request.with_parameter(name, value);
        }
        for (name, value) in &self.headers {
            request = request.with_header(name, value);
        }
        request
    }
}

fn now() -> Timestamp {
    Timestamp::parse(FILE.context.timestamp.as_bytes()).unwrap()
}

/// What stands before the query, and the parameters, decoded and in order.
fn parts(url: &str) -> (String, Vec<Parameter>) {
    let (address, parameters) = target_parts(url.as_bytes());
    (String::from_utf8(address).unwrap(), parameters)
}

#[test]
fn are_presigned_as_by_botocore() {
    assert!(!FILE.about.is_empty() && FILE.case.len() >= 110);
    for case in &FILE.case {
        let bucket = case.bucket();
        let request = case.request(&bucket);
        let expires = Duration::from_secs(case.expires);
        let made = request.presign_at(&case.signer(), expires, now());
        let made = made.unwrap_or_else(|error| panic!("{}: {error}", case.name));
        let (mut address, parameters) = parts(&case.url);
        if let (Some(ours), Some(_)) = (&case.address, &case.differs) {
            address.clone_from(ours);
        }
        let what = format!("{} ({}): {}", case.name, case.source, case.rule);
        assert_eq!(parts(&made), (address, parameters), "{what}");
    }
}

/// A signature says nothing of itself; the rest of a presigned URL is the request's.
#[test]
fn are_the_same_requests_before_they_are_signed() {
    for case in &FILE.case {
        let bucket = case.bucket();
        let request = case.request(&bucket);
        let (mut address, mut parameters) = parts(&case.url);
        address = case.address.clone().unwrap_or(address);
        parameters.retain(|(name, _)| !name.starts_with(b"X-Amz-"));
        assert_eq!(parts(&request.url().unwrap()), (address, parameters), "{}", case.name);
        assert!(request.headers().eq(case.headers.iter().map(|(n, v)| (&**n, &**v))));
    }
}

/// Neither does the case of a method: botocore signs it, and these are the ones.
#[test]
fn have_the_methods_of_their_operations() {
    let bucket = Bucket::aws("examplebucket", "eu-central-1").unwrap();
    let methods = [
        (bucket.get("a"), "GET"),
        (bucket.put("a"), "PUT"),
        (bucket.head("a"), "HEAD"),
        (bucket.delete("a"), "DELETE"),
        (bucket.list(), "GET"),
        (bucket.create_multipart_upload("a"), "POST"),
        (bucket.upload_part("a", "id", 1), "PUT"),
        (bucket.complete_multipart_upload("a", "id"), "POST"),
        (bucket.abort_multipart_upload("a", "id"), "DELETE"),
        (bucket.list_parts("a", "id"), "GET"),
        (bucket.list_multipart_uploads(), "GET"),
    ];
    for (request, method) in methods {
        assert_eq!(request.method(), method);
    }
}

#[test]
fn what_names_no_bucket_is_refused() {
    let longest = "a".repeat(Bucket::NAME_LEN_MAX);
    let too_long = format!("{longest}a");
    let names =
        ["", ".", "..", "a/b", "a b", "a?b", "a#b", "a@b", "a:b", "a\\b", "ü", "a%2Fb", "a\n"];
    for name in names.into_iter().chain([&*too_long]) {
        let by_style = [
            Bucket::aws(name, "eu-central-1"),
            Bucket::path_style("https://s3.example.com", name),
            Bucket::virtual_hosted("https://s3.example.com", name),
        ];
        for bucket in by_style {
            assert_eq!(bucket.unwrap_err(), BucketError::Name, "{name:?}");
        }
    }
    // In a path any name may stand that a bucket can have; before a host, one of a host.
    let of_no_host = ["A", "Photos", "a_b", "-a", "a-", ".a", "a.", "a..b", "a.-b", &longest];
    for name in of_no_host {
        assert!(Bucket::path_style("https://s3.example.com", name).is_ok(), "{name}");
        let refused = Bucket::virtual_hosted("https://s3.example.com", name).unwrap_err();
        assert_eq!(refused, BucketError::Name, "{name}");
    }
    for name in ["a", "a-b", "a.b-c.d", "1", "xn--a", &longest[..63]] {
        assert!(Bucket::virtual_hosted("https://s3.example.com", name).is_ok(), "{name}");
    }
}

#[test]
fn what_names_no_region_is_refused() {
    for region in ["", "EU-CENTRAL-1", "eu central", "eu.central", "eu/central", "a@b", "é", "*"] {
        let refused = Bucket::aws("examplebucket", region).unwrap_err();
        assert_eq!(refused, BucketError::Region, "{region}");
    }
    assert!(Bucket::aws("examplebucket", "eu-central-1").is_ok());
}

#[test]
fn what_is_no_endpoint_is_refused() {
    let endpoints = [
        ("https://s3.example.com?a", BucketError::EndpointQuery),
        ("https://s3.example.com/?", BucketError::EndpointQuery),
        ("https://s3.example.com/#a", BucketError::Endpoint(UrlError::Fragment)),
        ("https://user@s3.example.com", BucketError::Endpoint(UrlError::UserInformation)),
        ("s3.example.com", BucketError::Endpoint(UrlError::Scheme)),
        ("s3://bucket", BucketError::Endpoint(UrlError::Scheme)),
        ("https://", BucketError::Endpoint(UrlError::Host)),
        ("https://s3.example.com:65536", BucketError::Endpoint(UrlError::Port)),
    ];
    for (endpoint, error) in endpoints {
        assert_eq!(Bucket::path_style(endpoint, "a").unwrap_err(), error, "{endpoint}");
        assert_eq!(Bucket::virtual_hosted(endpoint, "a").unwrap_err(), error, "{endpoint}");
    }
    for endpoint in ["http://127.0.0.1", "https://127.0.0.1:9000", "http://[::1]", "http://[::1]:1"]
    {
        assert!(Bucket::path_style(endpoint, "a").is_ok(), "{endpoint}");
        let refused = Bucket::virtual_hosted(endpoint, "a").unwrap_err();
        assert_eq!(refused, BucketError::EndpointIsAddress, "{endpoint}");
    }
    assert!(Bucket::virtual_hosted("http://127.0.0.1.example", "a").is_ok());
}

#[test]
fn an_empty_key_and_a_part_that_cannot_be_are_refused() {
    let bucket = Bucket::path_style("http://127.0.0.1:9000", "examplebucket").unwrap();
    let of_empty_key = [
        bucket.get(""),
        bucket.put(""),
        bucket.head(""),
        bucket.delete(""),
        bucket.create_multipart_upload(""),
        bucket.upload_part("", "id", 1),
        bucket.complete_multipart_upload("", "id"),
        bucket.abort_multipart_upload("", "id"),
        bucket.list_parts("", "id"),
    ];
    for request in of_empty_key {
        assert!(matches!(request.url(), Err(ObjectError::EmptyKey)), "{request:?}");
    }
    for number in [0, PART_NUMBER_MAX + 1, u32::MAX] {
        match bucket.upload_part("a", "id", number).url() {
            Err(ObjectError::PartNumber { number: named }) => assert_eq!(named, number),
            other => panic!("{other:?}"),
        }
    }
    for number in [1, PART_NUMBER_MAX] {
        assert!(bucket.upload_part("a", "id", number).url().is_ok());
    }
}

#[test]
fn what_cannot_be_presigned_says_why() {
    let case = &FILE.case[0];
    let (bucket, signer) = (case.bucket(), case.signer());
    let presign = |request: ObjectRequest<'_>, seconds| match request.presign_at(
        &signer,
        Duration::from_secs(seconds),
        now(),
    ) {
        Err(ObjectError::Signer(error)) => error,
        other => panic!("{other:?}"),
    };
    for seconds in [0, 604_801] {
        let error = presign(bucket.get("a"), seconds);
        let SignerError::Expires(ExpiresError { seconds: named }) = error else {
            panic!("{error}")
        };
        assert_eq!(u64::from(named), seconds);
    }
    let refused = |request: ObjectRequest<'_>, error: RequestError| {
        let made = presign(request, 1);
        assert!(
            matches!(made, SignerError::Sign(SignError::Request(made)) if made == error),
            "{made:?}"
        );
    };
    refused(bucket.get("a").with_header("host", "evil.example"), RequestError::DuplicateHost);
    let value = bucket.put("a").with_header("content-type", "a\r\nx-amz-acl: public-read");
    let error = presign(value, 1);
    assert!(matches!(error, SignerError::Sign(SignError::Request(_))), "{error:?}");
    let name = bucket.put("a").with_header("content type", "a");
    let error = presign(name, 1);
    assert!(matches!(error, SignerError::Sign(SignError::Request(_))), "{error:?}");
    let signature = bucket.get("a").with_parameter("X-Amz-Signature", "0");
    let error = presign(signature, 1);
    assert!(matches!(error, SignerError::Sign(_)), "{error:?}");
}
