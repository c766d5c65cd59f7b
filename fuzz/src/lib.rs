//! The properties that the fuzz targets look for a counterexample to.
//!
//! Each module has one function, `check`, which panics on one. The main
//! workspace includes these files to replay the seeds on stable, as parts of a
//! larger test: what they share they call by `super`, not by `crate`.

pub mod authorization;
pub mod canonical_path;
pub mod canonical_query;
pub mod chunks;
pub mod default_chain;
pub mod events;
pub mod explain;
pub mod naive_shared_file;
pub mod post_policy;
pub mod presented_parts;
pub mod presigned_query;
pub mod presigned_url;
pub mod query_form;
pub mod raw_request;
pub mod region_set;
pub mod sign;
pub mod verify;
