//! Reads `testdata/sigv4/post_policy`, and puts forms together.

use std::fs;
use std::path::PathBuf;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use sigv4::{Credentials, SigningKey, Timestamp};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CaseFile<C> {
    pub(crate) about: String,
    pub(crate) context: Context,
    pub(crate) case: Vec<C>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Context {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    pub(crate) region: String,
    timestamp: String,
    /// What the script writes into the policies; it is not looked at here.
    #[serde(default, rename = "expiration")]
    _expiration: String,
    #[serde(default)]
    pub(crate) bucket: String,
    #[serde(default)]
    pub(crate) content_length: u64,
}

impl<C: DeserializeOwned> CaseFile<C> {
    pub(crate) fn read(name: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../testdata/sigv4/post_policy");
        let text = fs::read_to_string(path.join(name)).unwrap();
        let file: Self = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!file.about.is_empty() && !file.case.is_empty(), "{name}");
        file
    }
}

impl Context {
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::parse(self.timestamp.as_bytes()).unwrap()
    }

    pub(crate) fn credentials(&self) -> Credentials<'_> {
        Credentials::new(&self.access_key_id, &self.secret_access_key)
    }

    pub(crate) fn key<'a>(&self, credentials: &Credentials<'a>) -> SigningKey<'a> {
        SigningKey::derive(credentials, self.now().date(), &self.region, "s3").unwrap()
    }

    /// The fields of the signature of a policy that was signed elsewhere.
    pub(crate) fn signature_fields(&self, policy: &str, signature: &str) -> Vec<(String, String)> {
        let (id, timestamp, region) = (&self.access_key_id, &self.timestamp, &self.region);
        let credential = format!("{id}/{}/{region}/s3/aws4_request", &timestamp[..8]);
        let fields = [
            ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
            ("X-Amz-Credential", &credential),
            ("x-amz-date", timestamp),
            ("Policy", policy),
            ("x-amz-signature", signature),
        ];
        fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
    }
}
