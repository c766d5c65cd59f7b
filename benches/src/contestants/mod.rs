//! Every signer that takes part. Each asserts that it signs right before it
//! may be timed.

#[cfg(feature = "peers")]
mod aws_sigv4;
mod sigv4;

use ::sigv4::SigningKey;

use crate::contestant::{Contestant, Role};
use crate::floor::Floor;
use crate::workload::{self, Workload};

/// The floor, `sigv4` in each of its ways, and with feature `peers` the others.
///
/// # Panics
///
/// If a contestant does not sign as it says.
#[must_use]
pub fn all<'w>(workload: &'w Workload, key: &'w SigningKey<'w>) -> Vec<Contestant<'w>> {
    let mut contestants = vec![floor(workload, key)];
    contestants.extend(sigv4::ways(workload, key));
    #[cfg(feature = "peers")]
    {
        contestants.extend(aws_sigv4::ways(workload));
    }
    contestants
}

/// The compressions alone.
///
/// # Panics
///
/// If they are not as many as the workload says.
#[must_use]
pub fn floor<'w>(workload: &'w Workload, key: &'w SigningKey<'w>) -> Contestant<'w> {
    let instant = key.at(workload::timestamp()).expect("the key's day");
    let floor = Floor::new(workload, &instant);
    Contestant::new("floor", Role::Floor, 0, move || floor.compress())
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
    fn sigv4_signs_without_the_heap() {
        for workload in workload::all() {
            let key = workload.key();
            for mut contestant in sigv4::ways(&workload, &key) {
                let allocations = contestant.run(1).allocations;
                assert_eq!(allocations == 0, contestant.role == Role::Values, "{contestant:?}");
            }
        }
    }
}
