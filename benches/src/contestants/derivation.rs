//! What is paid once: for a day the key, for a second the instant.

use std::hint::black_box;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sigv4::{CredentialScope, SigningKey, Timestamp, VerifyingKey};

use crate::contestant::{Contestant, Role};
use crate::floor::{self, Floor};
use crate::workload::{self, REGION, SECRET_ACCESS_KEY, UNIX_SECONDS, Workload};

/// Compressions of one derivation: four MACs of four each.
const DERIVATION_BLOCKS: usize = 16;

/// Deriving a key, beside its compressions and the `hmac` crate.
#[must_use]
pub fn of_key<'w>(workload: &'w Workload, key: &'w SigningKey<'w>) -> Vec<Contestant<'w>> {
    check(workload, key);
    let floor = Floor::of_blocks(DERIVATION_BLOCKS);
    let date = workload::date();
    let scope = *key.scope();
    vec![
        Contestant::new("16 compressions", Role::Floor, 0, move || black_box(&floor).compress()),
        Contestant::new("18 compressions in order", Role::Values, 0, || {
            floor::derive_in_order(black_box(&[0x5a; 64]))
        }),
        Contestant::new("SigningKey::derive", Role::Values, 0, move || {
            let credentials = black_box(workload.credentials());
            SigningKey::derive(&credentials, date, REGION, workload.service)
                .map(|key| key.scope().date())
        }),
        Contestant::new("VerifyingKey::derive", Role::Values, 0, move || {
            VerifyingKey::derive(black_box(SECRET_ACCESS_KEY), &scope).map(|key| key.scope().date())
        }),
        Contestant::new("the hmac crate", Role::Values, 0, move || {
            by_hmac(black_box(SECRET_ACCESS_KEY), &scope)
        }),
    ]
}

/// Fixing the second, beside its one compression.
#[must_use]
pub fn of_instant<'w>(key: &'w SigningKey<'w>) -> Vec<Contestant<'w>> {
    let floor = Floor::of_blocks(1);
    let timestamp = workload::timestamp();
    let mut seconds = (UNIX_SECONDS..UNIX_SECONDS + 3_600).cycle();
    vec![
        Contestant::new("1 compression", Role::Floor, 0, move || black_box(&floor).compress()),
        Contestant::new("SigningKey::at", Role::Values, 0, move || {
            key.at(black_box(timestamp)).map(|instant| instant.timestamp())
        }),
        Contestant::new("Timestamp::from_unix_seconds", Role::Values, 0, move || {
            Timestamp::from_unix_seconds(seconds.next().unwrap_or(UNIX_SECONDS))
        }),
    ]
}

/// The derivation as the specification writes it.
fn by_hmac(secret_access_key: &str, scope: &CredentialScope) -> [u8; 32] {
    let mac = |key: &[u8], message: &str| -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
        mac.update(message.as_bytes());
        mac.finalize().into_bytes().into()
    };
    let mut secret = [0; 64];
    let end = 4 + secret_access_key.len();
    secret[..4].copy_from_slice(b"AWS4");
    secret[4..end].copy_from_slice(secret_access_key.as_bytes());
    let date = mac(&secret[..end], scope.date().as_str());
    let region = mac(&date, scope.region());
    let service = mac(&region, scope.service());
    mac(&service, "aws4_request")
}

/// A key cannot be looked at, so a signature is compared.
fn check(workload: &Workload, key: &SigningKey<'_>) {
    let instant = key.at(workload::timestamp()).expect("the key's day");
    let canonical_request = workload.canonical_request(&instant);
    let mut out = [0; 256];
    let string_to_sign = instant.string_to_sign(&canonical_request, &mut out).expect("short");
    let mut mac = Hmac::<Sha256>::new_from_slice(&by_hmac(SECRET_ACCESS_KEY, key.scope()))
        .expect("a key of any length");
    mac.update(string_to_sign);
    let expected: [u8; 32] = mac.finalize().into_bytes().into();
    assert_eq!(super::sigv4::signature(workload, &instant).as_bytes(), &expected);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_instants_are_derived_without_the_heap() {
        for workload in workload::all() {
            let key = workload.key();
            for mut contestant in of_key(&workload, &key).into_iter().chain(of_instant(&key)) {
                assert_eq!(contestant.run(1).allocations, 0, "{contestant:?}");
            }
        }
    }
}
