//! Many requests of mixed lengths: one by one, and as a batch.

use std::cell::Cell;
use std::hint::black_box;

use ::sigv4::{PresignJob, SignJob, Signature, SigningInstant, SigningKey};

use crate::contestant::{Contestant, Role};
use crate::contestants::sigv4;
use crate::floor::Floor;
use crate::sent::Agreement;
use crate::workload::{self, Form, Workload};

/// Requests of one batch.
pub const BATCH_LEN: usize = 32;

/// Bytes of each request's own part of the buffer.
const ROOM: usize = 1_280;

/// The ways of signing many requests that are like a workload but for the
/// length of the object's key or of the body. All figures are those of one.
#[must_use]
pub fn ways<'w>(workload: &Workload, key: &'w SigningKey<'w>) -> Vec<Contestant<'w>> {
    let instant = key.at(workload::timestamp()).expect("the key's day");
    let requests = workload.of_mixed_lengths(BATCH_LEN);
    check(&requests, &instant);
    let floor = Floor::of_all(&requests, &instant);
    let in_turns = floor.clone().in_turns();
    let (singles, one) = (requests.clone(), instant.clone());
    let mut buffer = vec![0; BATCH_LEN * ROOM];
    let mut other = buffer.clone();
    let ways = [
        Contestant::new("floor", Role::Floor, 0, move || black_box(&floor).compress()),
        Contestant::new("compressions in turns", Role::Values, 0, move || black_box(&in_turns)()),
        Contestant::new("sigv4, one by one", Role::Values, 0, move || {
            let pairs = black_box(&singles).iter().zip(other.chunks_mut(ROOM));
            pairs.map(|(request, out)| sigv4::sign(request, &one, out)).last()
        }),
        Contestant::new(BATCH, Role::Values, 0, move || {
            let mut last = None;
            sign_all(black_box(&requests), &instant, &mut buffer, |_, signature| {
                last = Some(signature);
            });
            last
        }),
    ];
    ways.map(|contestant| contestant.of_many(BATCH_LEN as u64)).into()
}

/// What the table calls a batch, by the code that hashes it.
const BATCH: &str = if cfg!(feature = "simd") { "sigv4, batch, simd" } else { "sigv4, batch" };

/// Signs all requests, and gives each signature with its place.
fn sign_all(
    requests: &[Workload],
    instant: &SigningInstant<'_>,
    buffer: &mut [u8],
    mut each: impl FnMut(usize, Signature),
) {
    let Some(first) = requests.first() else { return };
    let (rules, expires) = (first.rules(), Some(workload::expires()));
    let pairs = requests.iter().zip(buffer.chunks_mut(ROOM));
    let at = Cell::new(0);
    let mut take = |signature: Result<Signature, ::sigv4::SignError>| {
        each(at.replace(at.get() + 1), signature.expect("the workload can be signed"));
    };
    match first.form {
        Form::Header => {
            let jobs = pairs.map(|(request, out)| SignJob {
                request: request.request(),
                payload: request.payload(),
                out,
            });
            instant
                .sign_batch(jobs, &rules, |signed| take(signed.map(|signed| *signed.signature())));
        }
        Form::Query => {
            let jobs = pairs.map(|(request, out)| PresignJob {
                request: request.request(),
                payload: request.payload(),
                expires,
                out,
            });
            instant.presign_batch(jobs, &rules, |signed| {
                take(signed.map(|signed| *signed.signature()));
            });
        }
    }
}

/// Panics unless a batch signs each request as signing it alone does, and that
/// is right.
fn check(requests: &[Workload], instant: &SigningInstant<'_>) {
    let mut signed = 0;
    let mut buffer = vec![0; BATCH_LEN * ROOM];
    sign_all(requests, instant, &mut buffer, |at, signature| {
        let request = &requests[at];
        sigv4::sent(request, instant).check("one of many", request, Agreement::SameSignature);
        assert_eq!(signature, sigv4::signature(request, instant), "request {at} of a batch");
        signed += 1;
    });
    assert_eq!(signed, requests.len());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_mixed_and_stay_near_the_workload() {
        for workload in workload::all() {
            let key = workload.key();
            let instant = key.at(workload::timestamp()).unwrap();
            let requests = workload.of_mixed_lengths(BATCH_LEN);
            let blocks = |request: &Workload| Floor::of_all([request], &instant).blocks();
            let least = requests.iter().map(blocks).min().unwrap();
            let most = requests.iter().map(blocks).max().unwrap();
            assert!(least < most, "{}", workload.name);
            let all = Floor::of_all(&requests, &instant).blocks();
            assert!(all.abs_diff(BATCH_LEN * workload.blocks) <= BATCH_LEN, "{}", workload.name);
        }
    }

    #[test]
    fn a_batch_is_signed_without_the_heap() {
        for workload in workload::all() {
            let key = workload.key();
            for mut contestant in ways(&workload, &key) {
                assert_eq!(contestant.run(1).allocations, 0, "{contestant:?}");
            }
        }
    }
}
