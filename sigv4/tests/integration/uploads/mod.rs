//! Feature `checksums`: what clients upload in chunks, and the checksums behind it. The cases
//! are `testdata/sigv4/uploads`.

mod captured;
mod checksums;
#[cfg(feature = "tower")]
mod layer;
#[cfg(feature = "http-body")]
mod sent;

use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<T> {
    #[serde(rename = "about")]
    _about: String,
    context: Option<Context>,
    case: Vec<T>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Context {
    access_key_id: String,
    secret_access_key: String,
    region: String,
}

fn read<T: DeserializeOwned>(name: &str) -> File<T> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/sigv4/uploads").join(name);
    toml::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}
