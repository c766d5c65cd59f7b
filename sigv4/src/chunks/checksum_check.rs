//! The announced checksum of a body, compared at its end where it can be.

use crate::chunks::announced::AnnouncedChecksum;
#[cfg(feature = "checksums")]
use crate::chunks::checksum::{Checksum, ChecksumValue};
use crate::chunks::coverage::TrailingChecksum;
use crate::chunks::error::ChunkError;
use crate::chunks::trailers::Trailers;

/// What compares the data of a body with the checksum behind it.
#[derive(Clone)]
pub(crate) struct ChecksumCheck {
    coverage: TrailingChecksum,
    /// Nothing where there is nothing to compare.
    #[cfg(feature = "checksums")]
    checksum: Option<Checksum>,
}

#[cfg(feature = "checksums")]
impl ChecksumCheck {
    pub(crate) fn new(announced: AnnouncedChecksum) -> Self {
        let (coverage, checksum) = match announced {
            AnnouncedChecksum::None => (TrailingChecksum::Absent, None),
            AnnouncedChecksum::Unknown => (TrailingChecksum::NotChecked, None),
            AnnouncedChecksum::Known(algorithm) => {
                (TrailingChecksum::Checked(algorithm), Some(Checksum::new(algorithm)))
            }
        };
        Self { coverage, checksum }
    }

    /// Goes on with data of the body, decoded.
    pub(crate) fn update(&mut self, data: &[u8]) {
        if let Some(checksum) = &mut self.checksum {
            checksum.update(data);
        }
    }

    /// Fails unless the checksum among the trailers is that of the data.
    pub(crate) fn finish(&mut self, trailers: &Trailers<'_>) -> Result<(), ChunkError> {
        let Some(checksum) = self.checksum.take() else {
            return Ok(());
        };
        let algorithm = checksum.algorithm();
        let value = trailers.get(algorithm.trailer()).ok_or(ChunkError::MissingTrailer)?;
        let value = ChecksumValue::parse(algorithm, value)
            .ok_or(ChunkError::MalformedChecksum { algorithm })?;
        if value == checksum.finish() {
            Ok(())
        } else {
            Err(ChunkError::ChecksumMismatch { algorithm })
        }
    }
}

#[cfg(not(feature = "checksums"))]
impl ChecksumCheck {
    pub(crate) const fn new(announced: AnnouncedChecksum) -> Self {
        let coverage = match announced {
            AnnouncedChecksum::None => TrailingChecksum::Absent,
            AnnouncedChecksum::Unknown | AnnouncedChecksum::Known(_) => {
                TrailingChecksum::NotChecked
            }
        };
        Self { coverage }
    }

    pub(crate) const fn update(&self, _data: &[u8]) {}

    pub(crate) const fn finish(&self, _trailers: &Trailers<'_>) -> Result<(), ChunkError> {
        Ok(())
    }
}

impl ChecksumCheck {
    /// What is compared.
    pub(crate) const fn coverage(&self) -> TrailingChecksum {
        self.coverage
    }
}
