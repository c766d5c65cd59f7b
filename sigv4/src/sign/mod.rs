//! Signing: what is added to a request, in its headers or in its query; what a
//! signature covers is `canonical`, what makes it is `key`.

pub(crate) mod batch;
pub(crate) mod header;
pub(crate) mod prepare;
pub(crate) mod query;
pub(crate) mod select;
pub(crate) mod signatory;
