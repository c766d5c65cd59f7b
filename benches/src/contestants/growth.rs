//! Requests that grow: by headers, by query parameters, by bytes of the body.

use std::hint::black_box;

use sigv4::{Payload, Request, SigningKey, SigningRules};

use crate::contestant::{Contestant, Role};
use crate::workload::{self, Workload};

/// What a request grows by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Growth {
    /// Headers of about 50 bytes each.
    Headers,
    /// Query parameters of about 25 bytes each.
    Parameters,
    /// Bytes of a body that is hashed.
    Bytes,
}

impl Growth {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Headers, Self::Parameters, Self::Bytes];

    /// What the plots call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Headers => "headers",
            Self::Parameters => "parameters",
            Self::Bytes => "bytes",
        }
    }

    /// The sizes that are measured, up to the limits of the signer.
    #[must_use]
    pub const fn sizes(self) -> &'static [usize] {
        match self {
            Self::Headers | Self::Parameters => &[1, 3, 10, 30, 100, 300, 1_000],
            Self::Bytes => &[64, 1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20],
        }
    }

    /// Signing a request that is a workload but for `size` headers,
    /// parameters or bytes more.
    #[must_use]
    pub fn sign<'w>(
        self,
        workload: &'w Workload,
        key: &'w SigningKey<'w>,
        size: usize,
    ) -> Contestant<'w> {
        let mut headers = workload.headers.clone();
        let mut target = workload.target.clone();
        let mut body = Vec::new();
        match self {
            Self::Headers => headers.extend((0..size).map(|n| shuffled(n, size)).map(|n| {
                (format!("X-Amz-Meta-Item-{n:04}"), format!("the value of header {n:08}"))
            })),
            Self::Parameters => {
                let pairs: Vec<_> = (0..size)
                    .map(|n| format!("item-{n:04}=value%20{n:08}", n = shuffled(n, size)))
                    .collect();
                target = format!("{target}?{}", pairs.join("&"));
            }
            Self::Bytes => body.resize(size, 0x5a),
        }
        let instant = key.at(workload::timestamp()).expect("the key's day");
        let mut buffer = vec![0; 64 * 1_024];
        let mut job = move || {
            let request = black_box(Request::new(&workload.method, &target, headers.as_slice()));
            let signed =
                instant.sign(&request, Payload::Bytes(&body), &SigningRules::STANDARD, &mut buffer);
            *signed.expect("within the limits").signature()
        };
        job();
        Contestant::new("sigv4", Role::Values, 0, job)
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
    fn every_size_is_signed_without_the_heap() {
        let workload = &workload::all()[4];
        let key = workload.key();
        for growth in Growth::ALL {
            for &size in growth.sizes() {
                let mut contestant = growth.sign(workload, &key, size);
                assert_eq!(contestant.run(1).allocations, 0, "{size} {}", growth.name());
            }
        }
    }

    #[test]
    fn shuffling_loses_no_number() {
        for size in [1, 3, 10, 1_000] {
            let mut numbers: Vec<_> = (0..size).map(|n| shuffled(n, size)).collect();
            numbers.sort_unstable();
            assert!(numbers.into_iter().eq(0..size));
        }
    }
}
