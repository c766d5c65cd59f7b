//! Objects: what reqwest cannot send of a key is an error, and all else arrives.

use reqwest::Url;
use sigv4::objects::{ObjectError, ObjectPath};
use sigv4::{Bucket, FoldedLines};

use super::{arrived, inputs};
use crate::signer::{front_door, now};
use crate::wire::Arrived;

fn bucket() -> Bucket {
    Bucket::path_style("http://orders.example", "examplebucket").unwrap()
}

fn sent(key: &str) -> Result<Arrived, ObjectError> {
    let [input, _] = inputs();
    let request = bucket().put(key).with_header("content-type", "text/plain").to_reqwest("data")?;
    let signer = front_door(input, FoldedLines::Refuse);
    let arrived = arrived(|_| signer.sign_at(request, now(input)).unwrap());
    assert_eq!(arrived.value("authorization"), arrived.signed_again(input), "{key}");
    assert_eq!(arrived.body, b"data");
    Ok(arrived)
}

#[test]
fn a_key_arrives_as_it_is() {
    let keys = [
        "a",
        "rübe+1.jpg",
        "a?b",
        "100%.txt",
        "a//b",
        "/leading",
        "a/",
        "a b",
        "~tilde",
        "a=b&c",
        "%2F",
        "%2e%2e/a",
        "a/%2e%2e/b",
        "a/%2E",
        "😀",
        "*'()!",
        "a:b@c",
        "a\\b",
        "a#b",
        "...",
        "a/.../b",
        ".a",
        "a.",
        "..a/b..",
        "http://evil.example/",
        "a\r\nb",
        " ",
        "|^[]`{}<>\"",
    ];
    for key in keys {
        let arrived = sent(key).unwrap_or_else(|error| panic!("{key}: {error}"));
        let path = format!("/examplebucket{}", ObjectPath::new(key));
        assert_eq!(arrived.target, path.as_bytes(), "{key}");
    }
}

#[test]
fn a_key_that_reqwest_would_make_another_of_is_refused() {
    let bucket = bucket();
    for key in ["a/../b", "..", ".", "a/.", "a/..", "./a", "../a", "a/./b", "/..", "//../a", "../"]
    {
        let refused = sent(key).unwrap_err();
        assert!(matches!(refused, ObjectError::PathRewritten), "{key}: {refused:?}");
        // As a request of the `http` crate it can be sent, and become a URL.
        let request = bucket.put(key).to_http(()).unwrap();
        let path = format!("/examplebucket{}", ObjectPath::new(key));
        assert_eq!(request.uri().path(), path, "{key}");
        let rewritten = Url::parse(&bucket.put(key).url().unwrap()).unwrap();
        assert_ne!(rewritten.path(), path, "{key}");
    }
}

#[test]
fn all_that_a_request_has_is_in_it() {
    let bucket = bucket();
    let request = bucket
        .upload_part("a b", "id+/=", 7)
        .with_parameter("a'b", "ü&=")
        .with_header("Content-Type", "text/plain")
        .with_header("x-amz-meta-a", "1")
        .with_header("x-amz-meta-a", "2");
    let made = request.to_reqwest("data").unwrap();
    assert_eq!(made.method(), "PUT");
    assert_eq!(made.url().as_str(), request.url().unwrap());
    assert_eq!(made.headers().get_all("x-amz-meta-a").iter().count(), 2);
    assert_eq!(made.headers()["content-type"], "text/plain");
    assert_eq!(made.body().unwrap().as_bytes(), Some(b"data".as_slice()));

    for (name, value) in [("a b", "c"), ("", "c"), ("a", "b\r\nc"), ("a", "b\0")] {
        let refused = bucket.put("a").with_header(name, value).to_reqwest("").unwrap_err();
        assert!(matches!(refused, ObjectError::Header), "{name:?}: {refused:?}");
    }
    let long = "a".repeat(65_534);
    let refused = bucket.put(&long).to_reqwest("").unwrap_err();
    assert!(matches!(refused, ObjectError::UrlTooLong), "{refused:?}");
    assert!(matches!(bucket.put("").to_reqwest("").unwrap_err(), ObjectError::EmptyKey));
    let refused = bucket.upload_part("a", "id", 0).to_reqwest("").unwrap_err();
    assert!(matches!(refused, ObjectError::PartNumber { number: 0 }), "{refused:?}");
}
