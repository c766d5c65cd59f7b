//! A bucket at an endpoint.

use std::format;
use std::string::String;

use crate::objects::{BucketError, ObjectRequest};
use crate::signer::url::Url;
use crate::tokens;

/// A bucket at an endpoint: of AWS, or of any system that speaks S3's protocol.
///
/// It makes requests for its objects; each is a method, a URL and headers, to be presigned or to be
/// sent signed. The region to sign for is the [`Signer`](crate::Signer)'s: that of AWS,
/// `auto` for Cloudflare R2, and for most other systems any.
///
/// ```
/// use std::time::Duration;
///
/// use sigv4::{Bucket, OwnedCredentials, Signer};
///
/// let credentials = OwnedCredentials::new("minioadmin", "minioadmin");
/// let signer = Signer::new(credentials, "us-east-1", "s3")?;
/// let bucket = Bucket::path_style("http://127.0.0.1:9000", "photos")?;
///
/// let upload = bucket.put("2026/duck.jpg").with_header("content-type", "image/jpeg");
/// let url = upload.presign(&signer, Duration::from_secs(900))?;
/// let page = bucket.list().with_parameter("prefix", "2026/");
/// let url = page.presign(&signer, Duration::from_secs(60))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// The URL of an object without its path: no slash at its end.
    base: String,
    is_path_style: bool,
}

impl Bucket {
    /// The most bytes that the name of a bucket may have; AWS allows 63 today, and had 255.
    pub const NAME_LEN_MAX: usize = 255;

    /// A bucket of AWS in this region: `https://name.s3.region.amazonaws.com`, or the domain of
    /// the partition that the region lies in.
    ///
    /// A name that is no label of a host in lower case stands in the path, as with the SDKs; so does one
    /// with a dot, because the certificate of AWS covers names without one.
    ///
    /// # Errors
    ///
    /// [`BucketError::Name`] and [`BucketError::Region`].
    pub fn aws(name: &str, region: &str) -> Result<Self, BucketError> {
        let may_stand =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if region.is_empty() || !region.bytes().all(may_stand) {
            return Err(BucketError::Region);
        }
        let endpoint = format!("https://s3.{region}.{}", tokens::domain_of(region));
        // Nor do the SDKs put a name before the host that is shorter than AWS gives.
        if name.len() < 3 || !is_label(name) {
            return Self::path_style(&endpoint, name);
        }
        Self::virtual_hosted(&endpoint, name)
    }

    /// A bucket whose name stands first in the path, as MinIO, Ceph and others have it by default:
    /// `http://localhost:9000/name`. The endpoint may have a path of its own.
    ///
    /// # Errors
    ///
    /// [`BucketError::Name`], and those of the endpoint.
    pub fn path_style(endpoint: &str, name: &str) -> Result<Self, BucketError> {
        let url = checked(endpoint, name)?;
        let path = url.target().trim_end_matches('/');
        Ok(Self { base: format!("{}{path}/{name}", url.origin()), is_path_style: true })
    }

    /// A bucket whose name stands before the host: `https://name.s3.example.com` for the endpoint
    /// `https://s3.example.com`.
    ///
    /// # Errors
    ///
    /// [`BucketError::Name`], also for a name that no host can have: the host of `Photos` would be that
    /// of `photos`. Those of the endpoint, and [`BucketError::EndpointIsAddress`].
    pub fn virtual_hosted(endpoint: &str, name: &str) -> Result<Self, BucketError> {
        let url = checked(endpoint, name)?;
        if url.host_is_address() {
            return Err(BucketError::EndpointIsAddress);
        }
        if !name.split('.').all(is_label) {
            return Err(BucketError::Name);
        }
        let (scheme, host) = (url.scheme(), url.host());
        let path = url.target().trim_end_matches('/');
        Ok(Self { base: format!("{scheme}://{name}.{host}{path}"), is_path_style: false })
    }

    /// Fetches an object (`GetObject`).
    #[must_use]
    pub fn get<'a>(&'a self, key: &'a str) -> ObjectRequest<'a> {
        ObjectRequest::of_object("GET", self, key)
    }

    /// Stores an object (`PutObject`).
    #[must_use]
    pub fn put<'a>(&'a self, key: &'a str) -> ObjectRequest<'a> {
        ObjectRequest::of_object("PUT", self, key)
    }

    /// Asks for the headers of an object (`HeadObject`).
    #[must_use]
    pub fn head<'a>(&'a self, key: &'a str) -> ObjectRequest<'a> {
        ObjectRequest::of_object("HEAD", self, key)
    }

    /// Deletes an object (`DeleteObject`).
    #[must_use]
    pub fn delete<'a>(&'a self, key: &'a str) -> ObjectRequest<'a> {
        ObjectRequest::of_object("DELETE", self, key)
    }

    /// Lists objects (`ListObjectsV2`); the parameters `prefix`, `delimiter`, `max-keys`,
    /// `start-after` and `continuation-token` say which.
    #[must_use]
    pub fn list(&self) -> ObjectRequest<'_> {
        ObjectRequest::of_bucket("GET", self).with_parameter("list-type", "2")
    }

    /// Begins an upload in parts (`CreateMultipartUpload`); the answer holds its id.
    #[must_use]
    pub fn create_multipart_upload<'a>(&'a self, key: &'a str) -> ObjectRequest<'a> {
        ObjectRequest::of_object("POST", self, key).with_parameter("uploads", "")
    }

    /// Stores a part of an upload (`UploadPart`), whose number is 1 to
    /// [`PART_NUMBER_MAX`](crate::objects::PART_NUMBER_MAX).
    #[must_use]
    pub fn upload_part<'a>(
        &'a self,
        key: &'a str,
        upload_id: &str,
        part_number: u32,
    ) -> ObjectRequest<'a> {
        ObjectRequest::of_object("PUT", self, key)
            .with_part_number(part_number)
            .with_parameter("uploadId", upload_id)
    }

    /// Makes an object of the parts (`CompleteMultipartUpload`), which the body names.
    #[must_use]
    pub fn complete_multipart_upload<'a>(
        &'a self,
        key: &'a str,
        upload_id: &str,
    ) -> ObjectRequest<'a> {
        ObjectRequest::of_object("POST", self, key).with_parameter("uploadId", upload_id)
    }

    /// Gives an upload up and its parts with it (`AbortMultipartUpload`).
    #[must_use]
    pub fn abort_multipart_upload<'a>(
        &'a self,
        key: &'a str,
        upload_id: &str,
    ) -> ObjectRequest<'a> {
        ObjectRequest::of_object("DELETE", self, key).with_parameter("uploadId", upload_id)
    }

    /// Lists the parts of an upload (`ListParts`).
    #[must_use]
    pub fn list_parts<'a>(&'a self, key: &'a str, upload_id: &str) -> ObjectRequest<'a> {
        ObjectRequest::of_object("GET", self, key).with_parameter("uploadId", upload_id)
    }

    /// Lists the uploads that are under way (`ListMultipartUploads`).
    #[must_use]
    pub fn list_multipart_uploads(&self) -> ObjectRequest<'_> {
        ObjectRequest::of_bucket("GET", self).with_parameter("uploads", "")
    }

    /// Where paths of objects are appended.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// The path of the bucket itself, behind the base.
    pub(super) const fn own_path(&self) -> &'static str {
        if self.is_path_style { "" } else { "/" }
    }
}

/// The endpoint, taken apart, if it and the name can be used.
fn checked<'a>(endpoint: &'a str, name: &str) -> Result<Url<'a>, BucketError> {
    let may_stand = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    let is_valid = (1..=Bucket::NAME_LEN_MAX).contains(&name.len())
        && name.bytes().all(may_stand)
        && !matches!(name, "." | "..");
    if !is_valid {
        return Err(BucketError::Name);
    }
    let url = Url::parse(endpoint)?;
    if url.target().contains('?') {
        return Err(BucketError::EndpointQuery);
    }
    Ok(url)
}

/// Whether a name, or a part of one between dots, is a label of a host in its only spelling.
fn is_label(label: &str) -> bool {
    let may_stand = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=LABEL_LEN_MAX).contains(&label.len())
        && label.bytes().all(may_stand)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// The most bytes of a label (RFC 1035 §2.3.4).
const LABEL_LEN_MAX: usize = 63;
