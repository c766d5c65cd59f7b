//! The sums of `testdata/sigv4/uploads/checksums.toml`.

use serde::Deserialize;
use sigv4::chunks::{Checksum, ChecksumAlgorithm, ChecksumValue};

use super::{File, read};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    pub(super) name: String,
    pattern: String,
    len: usize,
    crc32: String,
    crc32c: String,
    crc64nvme: String,
    sha1: String,
    sha256: String,
}

impl Case {
    pub(super) fn all() -> Vec<Self> {
        let file: File<Self> = read("checksums.toml");
        assert!(file.context.is_none() && file.case.len() >= 8);
        file.case
    }

    pub(super) fn data(&self) -> Vec<u8> {
        self.pattern.bytes().cycle().take(self.len).collect()
    }

    pub(super) fn value(&self, algorithm: ChecksumAlgorithm) -> &str {
        match algorithm {
            ChecksumAlgorithm::Crc32 => &self.crc32,
            ChecksumAlgorithm::Crc32c => &self.crc32c,
            ChecksumAlgorithm::Crc64Nvme => &self.crc64nvme,
            ChecksumAlgorithm::Sha1 => &self.sha1,
            ChecksumAlgorithm::Sha256 => &self.sha256,
            other => panic!("{other:?} has no sums"),
        }
    }
}

fn sum<'d>(
    algorithm: ChecksumAlgorithm,
    pieces: impl IntoIterator<Item = &'d [u8]>,
) -> ChecksumValue {
    let mut checksum = Checksum::new(algorithm);
    assert_eq!(checksum.algorithm(), algorithm);
    pieces.into_iter().for_each(|piece| checksum.update(piece));
    checksum.finish()
}

#[test]
fn sums_are_those_of_others_however_the_data_comes() {
    for case in Case::all() {
        let data = case.data();
        for algorithm in ChecksumAlgorithm::ALL {
            let expected = case.value(algorithm);
            assert_eq!(expected.len(), algorithm.value_len());
            for piece in [1, 7, 64, 65_536] {
                let value = sum(algorithm, data.chunks(piece));
                assert_eq!(value.as_str(), expected, "{} {algorithm:?} {piece}", case.name);
                assert_eq!(value.algorithm(), algorithm);
                assert_eq!(ChecksumValue::parse(algorithm, expected.as_bytes()), Some(value));
            }
            if let [first, rest @ ..] = data.as_slice() {
                let value = sum(algorithm, [&[first ^ 1], rest]);
                assert_ne!(value.as_str(), expected, "{} {algorithm:?}", case.name);
                assert_ne!(ChecksumValue::parse(algorithm, expected.as_bytes()), Some(value));
            }
        }
    }
}

#[test]
fn a_value_has_one_spelling_and_the_length_of_its_kind() {
    for algorithm in ChecksumAlgorithm::ALL {
        let whole = sum(algorithm, [b"a".as_slice()]).to_string();
        let (cut, padded) = (&whole[..whole.len() - 1], format!("{whole}="));
        let (spaced, url) = (format!(" {whole}"), whole.replace(['+', '/'], "-"));
        let (longer, double) = (format!("AAAA{whole}"), format!("{whole}{whole}"));
        for other in [cut, &padded, &spaced, &longer, &double, "", "0x12345678", "AAAA"] {
            assert_eq!(ChecksumValue::parse(algorithm, other.as_bytes()), None, "{other}");
        }
        assert!(url == whole || ChecksumValue::parse(algorithm, url.as_bytes()).is_none());
    }
    // Bits that are left over at the end.
    assert!(ChecksumValue::parse(ChecksumAlgorithm::Crc32, b"AAAAAA==").is_some());
    assert!(ChecksumValue::parse(ChecksumAlgorithm::Crc32, b"AAAAAB==").is_none());
}

#[test]
fn a_trailer_has_the_name_of_one_algorithm() {
    for algorithm in ChecksumAlgorithm::ALL {
        let name = algorithm.trailer();
        assert_eq!(ChecksumAlgorithm::of_trailer(name.as_bytes()), Some(algorithm));
        let upper = name.to_ascii_uppercase();
        assert_eq!(ChecksumAlgorithm::of_trailer(upper.as_bytes()), Some(algorithm));
        let longer = format!("{name}x");
        assert_eq!(ChecksumAlgorithm::of_trailer(longer.as_bytes()), None);
    }
    for other in ["", "crc32", "x-amz-checksum-", "x-amz-checksum-sha512", "x-amz-checksum-crc64"] {
        assert_eq!(ChecksumAlgorithm::of_trailer(other.as_bytes()), None);
    }
}
