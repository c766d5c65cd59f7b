//! Every signer that takes part. Each asserts that it signs right before it
//! may be timed.

#[cfg(feature = "peers")]
mod aws_sign_v4;
#[cfg(feature = "peers")]
mod aws_sigv4;
pub mod batch;
pub mod chunks;
pub mod derivation;
mod front_door;
pub mod growth;
#[cfg(feature = "peers")]
mod minio;
#[cfg(feature = "peers")]
mod object_store;
#[cfg(feature = "peers")]
mod ready;
#[cfg(feature = "peers")]
mod reqsign;
#[cfg(feature = "peers")]
mod rusty_s3;
mod sigv4;
pub mod verifier;

use std::hint::black_box;

use ::sigv4::SigningKey;

pub use self::sigv4::{instant_reused, signature};
use crate::contestant::{Contestant, Role};
use crate::floor::Floor;
use crate::workload::{self, Workload};

/// The floor, and `sigv4` in each of its ways.
#[must_use]
pub fn own<'w>(workload: &'w Workload, key: &'w SigningKey<'w>) -> Vec<Contestant<'w>> {
    let mut contestants = vec![
        floor(workload, key),
        in_signing_order(workload, key),
        in_signing_order_as_text(workload, key),
    ];
    contestants.extend(sigv4::ways(workload, key));
    contestants.extend(front_door::ways(workload));
    contestants
}

/// The floor, `sigv4`, and with feature `peers` the other signers.
#[must_use]
pub fn all<'w>(workload: &'w Workload, key: &'w SigningKey<'w>) -> Vec<Contestant<'w>> {
    #[cfg_attr(not(feature = "peers"), expect(unused_mut, reason = "only peers are added"))]
    let mut contestants = own(workload, key);
    #[cfg(feature = "peers")]
    {
        contestants.extend(aws_sigv4::ways(workload));
        contestants.extend(reqsign::ways(workload));
        contestants.extend(object_store::ways(workload));
        contestants.extend(rusty_s3::ways(workload));
        contestants.extend(minio::ways(workload));
        contestants.extend(aws_sign_v4::ways(workload));
    }
    contestants
}

/// The compressions alone.
#[must_use]
pub fn floor<'w>(workload: &'w Workload, key: &'w SigningKey<'w>) -> Contestant<'w> {
    let instant = key.at(workload::timestamp()).expect("the key's day");
    let floor = Floor::new(workload, &instant);
    Contestant::new("floor", Role::Floor, 0, move || black_box(&floor).compress())
}

/// The compressions of one signing, each waiting for those it depends on.
fn in_signing_order<'w>(workload: &'w Workload, key: &'w SigningKey<'w>) -> Contestant<'w> {
    let instant = key.at(workload::timestamp()).expect("the key's day");
    let in_order = Floor::new(workload, &instant).in_signing_order();
    Contestant::new("compressions in order", Role::Floor, 0, move || black_box(&in_order)())
}

/// The compressions of one signing in their order, and what has to be written
/// between them at least.
fn in_signing_order_as_text<'w>(workload: &'w Workload, key: &'w SigningKey<'w>) -> Contestant<'w> {
    let instant = key.at(workload::timestamp()).expect("the key's day");
    let in_order = Floor::new(workload, &instant).in_signing_order_as_text();
    let name = "compressions in order, digests as text";
    Contestant::new(name, Role::Floor, 0, move || black_box(&in_order)())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_contestants_sign_right() {
        for workload in workload::all() {
            let key = workload.key();
            for mut contestant in all(&workload, &key) {
                let bytes = contestant.bytes;
                assert!(bytes > 0 || contestant.role == Role::Floor, "{contestant:?}");
                contestant.run(20);
            }
        }
    }

    #[test]
    fn the_verifier_accepts_every_workload_without_the_heap() {
        for workload in workload::all() {
            let key = workload.key();
            for mut contestant in verifier::ways(&workload, &key) {
                assert_eq!(contestant.run(1).allocations, 0, "{contestant:?}");
            }
        }
    }

    #[test]
    fn sigv4_signs_without_the_heap() {
        for workload in workload::all() {
            let key = workload.key();
            let ways = sigv4::ways(&workload, &key).into_iter();
            for mut contestant in ways.chain(front_door::ways(&workload)) {
                let allocations = contestant.run(1).allocations;
                assert_eq!(allocations == 0, contestant.role == Role::Values, "{contestant:?}");
            }
        }
    }
}
