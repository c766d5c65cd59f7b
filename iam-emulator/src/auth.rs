//! Authentication. Until the verifier is there nobody is let in.

use http::Request;
use time::OffsetDateTime;

use crate::{
    configuration::RegionCheck,
    error::{ApiError, ErrorCode},
    secret::Secret,
    service::Service,
    state::KeyUse,
};

pub(crate) struct Presentation<'a> {
    _body: &'a [u8],
}

pub(crate) struct Expectation {
    pub(crate) service: Service,
    pub(crate) region_check: RegionCheck,
    pub(crate) now: OffsetDateTime,
}

pub(crate) struct Authenticated {
    pub(crate) access_key_id: String,
    pub(crate) key_use: KeyUse,
}

impl<'a> Presentation<'a> {
    pub(crate) fn read<B: AsRef<[u8]>>(request: &'a Request<B>) -> Self {
        Self {
            _body: request.body().as_ref(),
        }
    }

    pub(crate) fn service(&self) -> Option<Service> {
        None
    }

    pub(crate) fn authenticate(
        &self,
        _: &Expectation,
        _: impl FnOnce(&str) -> Option<Secret>,
    ) -> Result<Authenticated, ApiError> {
        Err(ApiError::new(ErrorCode::SignatureDoesNotMatch, "not yet"))
    }
}
