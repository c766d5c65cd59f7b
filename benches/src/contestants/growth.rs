//! Requests that grow: by headers, by query parameters, by bytes of the body.

use ::sigv4::SigningKey;

use crate::contestant::Contestant;
use crate::contestants::{sigv4, verifier};
use crate::workload::{self, Workload};

/// What a request grows by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Growth {
    /// Headers, about 45 bytes each.
    Headers(Names),
    /// Query parameters, about 30 bytes each.
    Parameters(Names),
    /// Bytes of a body that is hashed.
    Bytes,
}

/// What the names of headers or parameters have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// They are short, and differ in their first bytes.
    Short,
    /// They begin alike, as those of user metadata do, which sorting has to
    /// look past.
    Alike,
}

impl Growth {
    /// All there are.
    pub const ALL: [Self; 5] = [
        Self::Headers(Names::Short),
        Self::Headers(Names::Alike),
        Self::Parameters(Names::Short),
        Self::Parameters(Names::Alike),
        Self::Bytes,
    ];

    /// What the tables and plots call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Headers(Names::Short) => "headers, short names",
            Self::Headers(Names::Alike) => "headers, x-amz-meta-…",
            Self::Parameters(Names::Short) => "parameters, short names",
            Self::Parameters(Names::Alike) => "parameters, x-amz-meta-…",
            Self::Bytes => "bytes",
        }
    }

    /// The sizes that are measured, up to the limits of the signer.
    #[must_use]
    pub const fn sizes(self) -> &'static [usize] {
        match self {
            Self::Headers(_) | Self::Parameters(_) => &[1, 10, 30, 100, 200, 300, 500, 700, 1_000],
            Self::Bytes => {
                &[64, 1 << 10, 1 << 14, 1 << 16, 1 << 17, 1 << 18, 1 << 19, 3 << 18, 1 << 20]
            }
        }
    }

    /// The workload with `size` headers, parameters or bytes more.
    #[must_use]
    pub fn grown(self, workload: &Workload, size: usize) -> Workload {
        let mut grown = workload.clone();
        let numbers = (0..size).map(|n| shuffled(n, size));
        match self {
            Self::Headers(names) => grown
                .headers
                .extend(numbers.map(|n| (names.header(n), format!("the value of header {n:08}")))),
            Self::Parameters(names) => {
                let pairs: Vec<_> =
                    numbers.map(|n| format!("{}=value%20{n:08}", names.parameter(n))).collect();
                grown.target = format!("{}?{}", workload.target, pairs.join("&"));
            }
            Self::Bytes => grown.body = vec![0x5a; size],
        }
        grown
    }

    /// Signing the grown workload.
    #[must_use]
    pub fn sign<'w>(
        self,
        workload: &Workload,
        key: &'w SigningKey<'w>,
        size: usize,
    ) -> Contestant<'w> {
        let instant = key.at(workload::timestamp()).expect("the key's day");
        sigv4::reused("sign", self.grown(workload, size), instant)
    }

    /// Verifying the grown workload.
    #[must_use]
    pub fn verify<'w>(
        self,
        workload: &Workload,
        key: &'w SigningKey<'w>,
        size: usize,
    ) -> Contestant<'w> {
        verifier::key_known("verify", self.grown(workload, size), key)
    }
}

impl Names {
    fn header(self, n: usize) -> String {
        match self {
            Self::Short => format!("{n:04}-Note"),
            Self::Alike => format!("X-Amz-Meta-Note-{n:04}"),
        }
    }

    fn parameter(self, n: usize) -> String {
        self.header(n).to_ascii_lowercase()
    }
}

/// The numbers below `size` in an order without pattern: multiplying by a
/// prime that does not divide `size` is a permutation.
const fn shuffled(n: usize, size: usize) -> usize {
    n * 7_919 % size
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_is_signed_and_verified_without_the_heap() {
        let workload = &workload::all()[4];
        let key = workload.key();
        for growth in Growth::ALL {
            for &size in growth.sizes() {
                let sign = growth.sign(workload, &key, size);
                let verify = growth.verify(workload, &key, size);
                for mut contestant in [sign, verify] {
                    assert_eq!(contestant.run(1).allocations, 0, "{size} {}", growth.name());
                }
            }
        }
    }

    #[test]
    fn shuffling_loses_no_number() {
        for size in [1, 3, 10, 700, 1_000] {
            let mut numbers: Vec<_> = (0..size).map(|n| shuffled(n, size)).collect();
            numbers.sort_unstable();
            assert!(numbers.into_iter().eq(0..size));
        }
    }
}
