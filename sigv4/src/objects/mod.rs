//! Objects in a bucket of S3 or of what speaks its protocol: from a key to a path, to a URL and to
//! a presigned one. URLs only; nothing here reads what a service answers.
//!
//! ```
//! # #[cfg(feature = "signer")] {
//! use std::time::Duration;
//!
//! use sigv4::objects::Bucket;
//! use sigv4::{OwnedCredentials, Signer};
//!
//! let credentials = OwnedCredentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
//! let signer = Signer::new(credentials, "eu-central-1", "s3")?;
//! let bucket = Bucket::aws("examplebucket", "eu-central-1")?;
//! let url = bucket.get("photos/rübe+1.jpg").presign(&signer, Duration::from_secs(900))?;
//! assert!(url.starts_with(
//!     "https://examplebucket.s3.eu-central-1.amazonaws.com/photos/r%C3%BCbe%2B1.jpg?X-Amz-"
//! ));
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(feature = "signer")]
mod bucket;
#[cfg(feature = "signer")]
mod error;
mod path;
#[cfg(feature = "signer")]
mod request;

#[cfg(feature = "signer")]
pub use bucket::Bucket;
#[cfg(feature = "signer")]
pub use error::{BucketError, ObjectError};
pub use path::ObjectPath;
#[cfg(feature = "signer")]
pub use request::{ObjectRequest, PART_NUMBER_MAX};
