//! Identifiers and secrets from one seed: unpredictable in production,
//! repeatable in tests.

use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chacha20::{
    ChaCha20Rng,
    rand_core::{Rng as _, SeedableRng as _},
};
use time::OffsetDateTime;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{account::AccountId, secret::Secret, service::HOME_REGION};

/// The 32 bytes that everything random in an emulator is made from.
///
/// Each draw takes a ChaCha20 stream of its own. What the n-th creation gets
/// therefore depends on n only, not on how many requests came between, and
/// drawing for requests needs no lock.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Seed(Zeroizing<[u8; 32]>);

impl Seed {
    /// A seed from the operating system.
    pub(crate) fn from_system() -> Result<Self, getrandom::Error> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(bytes.as_mut_slice())?;
        Ok(Self(bytes))
    }

    /// A seed that tests can repeat.
    pub(crate) fn from_number(number: u64) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        bytes[..8].copy_from_slice(&number.to_le_bytes());
        Self(bytes)
    }

    /// The key under which markers are authenticated: one block of the hash,
    /// for which HMAC has no case of its own.
    pub(crate) fn marker_key(&self) -> Zeroizing<[u8; 64]> {
        let mut key = Zeroizing::new([0; 64]);
        self.stream(MARKER_KEY_STREAM).fill_bytes(key.as_mut_slice());
        key
    }

    fn stream(&self, number: u64) -> ChaCha20Rng {
        let mut generator = ChaCha20Rng::from_seed(*self.0);
        generator.set_stream(number);
        generator
    }
}

/// Draws what outlives a request: entity ids and secrets.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct EntityIds {
    seed: Seed,
    drawn: u64,
}

impl EntityIds {
    pub(crate) fn new(seed: Seed) -> Self {
        Self { seed, drawn: 0 }
    }

    /// `AKIA` and 16 base32 digits that hold the account id.
    pub(crate) fn access_key_id(&mut self, account: AccountId) -> String {
        let value = account_bits(account, self.next().next_u64());
        base32("AKIA", value, 16)
    }

    /// Forty characters of the base64 alphabet: 30 random bytes.
    pub(crate) fn secret_access_key(&mut self) -> Secret {
        let mut bytes = Zeroizing::new([0; 30]);
        self.next().fill_bytes(bytes.as_mut_slice());
        Secret::new(STANDARD.encode(bytes.as_slice()))
    }

    /// `AIDA` and 17 base32 digits, of which the first 16 hold the account id.
    pub(crate) fn user_id(&mut self, account: AccountId) -> String {
        let mut generator = self.next();
        let value = account_bits(account, generator.next_u64());
        base32("AIDA", (value << 5) | u128::from(generator.next_u64() & 31), 17)
    }

    fn next(&mut self) -> ChaCha20Rng {
        self.drawn += 1;
        self.seed.stream(self.drawn)
    }
}

impl fmt::Debug for EntityIds {
    /// Without the seed: whoever knows it knows every secret to come.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EntityIds").field("drawn", &self.drawn).finish_non_exhaustive()
    }
}

/// Draws what names one request.
pub(crate) struct RequestIds {
    seed: Seed,
    drawn: AtomicU64,
}

impl RequestIds {
    pub(crate) fn new(seed: Seed) -> Self {
        Self { seed, drawn: AtomicU64::new(0) }
    }

    pub(crate) fn next(&self, now: OffsetDateTime) -> RequestId {
        let number = self.drawn.fetch_add(1, Ordering::Relaxed);
        let mut generator = self.seed.stream(FIRST_REQUEST_STREAM | number);
        let mut bytes = [0; 16];
        generator.fill_bytes(&mut bytes);
        let uuid = uuid::Builder::from_random_bytes(bytes).into_uuid();
        RequestId { uuid, extended: extended_request_id(now, generator.next_u64()) }
    }
}

/// The names of one request in its answer.
pub(crate) struct RequestId {
    /// `x-amzn-RequestId`, and the `RequestId` element.
    pub(crate) uuid: Uuid,
    /// `x-amz-sts-extended-request-id`, which only STS sends.
    pub(crate) extended: String,
}

/// Base64 of region, a letter, milliseconds, a letter and eight characters.
fn extended_request_id(now: OffsetDateTime, random: u64) -> String {
    let milliseconds = now.unix_timestamp_nanos() / 1_000_000;
    let random = STANDARD.encode(&random.to_be_bytes()[..6]);
    STANDARD.encode(format!("1:{HOME_REGION}:S:{milliseconds}:R:{random}"))
}

/// The ten bytes behind 16 digits of an id, from the top: one set bit, the account id in 40 bits,
/// and 39 random bits.
fn account_bits(account: AccountId, random: u64) -> u128 {
    let random = u128::from(random >> (64 - ID_RANDOM_BITS));
    (1 << 79) | (u128::from(account.number()) << ID_RANDOM_BITS) | random
}

/// `prefix` and the lowest `digits` base32 digits of `value`, highest first.
fn base32(prefix: &str, value: u128, digits: u32) -> String {
    let mut text = String::with_capacity(prefix.len() + digits as usize);
    text.push_str(prefix);
    for digit in (0..digits).rev() {
        let index = (value >> (5 * digit)) & 31;
        text.push(char::from(BASE32_ALPHABET[index as usize]));
    }
    text
}

const BASE32_ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const ID_RANDOM_BITS: u32 = 39;

// Entities take the streams from 1 on, requests those of the upper half, and
// the marker key the one that neither reaches.
const MARKER_KEY_STREAM: u64 = 0;
const FIRST_REQUEST_STREAM: u64 = 1 << 63;

#[cfg(test)]
mod tests {
    use super::*;

    /// The published reading: base32 to ten bytes, the first six as an integer.
    fn account_of(key_id: &str) -> u64 {
        let bits = key_id.bytes().skip(4).take(16).fold(0_u128, |bits, digit| {
            let index = BASE32_ALPHABET.iter().position(|&byte| byte == digit);
            (bits << 5) | index.unwrap() as u128
        });
        let first_six_bytes = (bits >> 32) as u64;
        (first_six_bytes & 0x7fff_ffff_ff80) >> 7
    }

    #[test]
    fn the_reader_of_this_test_agrees_with_published_ids() {
        for (key_id, account) in [
            ("ASIAY34FZKBOKMUTVV7A", 609_629_065_308),
            ("AKIATZ2X44NMCEQW46PL", 261_640_479_576),
            ("AKIAUT5AMCC2VINIQAMK", 317_627_044_021),
            ("AKIARZPUZDIKAAAAAAAA", 123_456_789_012),
            ("ASIAQAAAAAAAGMKEM7X5", 0),
        ] {
            assert_eq!(account_of(key_id), account, "{key_id}");
        }
    }

    #[test]
    fn access_key_ids_hold_their_account() {
        let mut ids = EntityIds::new(Seed::from_number(1));
        for digits in ["000000000000", "000000000001", "123456789012", "999999999999"] {
            let account = AccountId::parse(digits).unwrap();
            for _ in 0..100 {
                let id = ids.access_key_id(account);
                assert_eq!(id.len(), 20);
                assert!(id.starts_with("AKIA"));
                assert!(matches!(id.as_bytes()[4], b'Q'..=b'Z' | b'2'..=b'7'));
                assert_eq!(account_of(&id), account.number(), "{id}");
            }
        }
    }

    #[test]
    fn secrets_and_user_ids_have_their_form() {
        let mut ids = EntityIds::new(Seed::from_system().unwrap());
        let secret = ids.secret_access_key();
        assert_eq!(secret.expose().len(), 40);
        assert_eq!(STANDARD.decode(secret.expose()).unwrap().len(), 30);
        let account = AccountId::parse("123456789012").unwrap();
        let user_id = ids.user_id(account);
        assert_eq!(user_id.len(), 21);
        assert!(user_id.starts_with("AIDARZPUZDIK"), "{user_id}");
        assert_eq!(account_of(&user_id), account.number());
        assert!(user_id.bytes().all(|byte| BASE32_ALPHABET.contains(&byte)));
    }

    #[test]
    fn one_seed_repeats_and_two_differ() {
        let draw = |number| {
            let mut ids = EntityIds::new(Seed::from_number(number));
            let account = AccountId::parse("123456789012").unwrap();
            [ids.user_id(account), ids.user_id(account)]
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        assert_ne!(draw(7)[0], draw(7)[1]);
    }

    #[test]
    fn request_ids_are_version_4_and_the_extended_form_names_the_time() {
        let ids = RequestIds::new(Seed::from_number(7));
        let first = ids.next(OffsetDateTime::UNIX_EPOCH);
        assert_eq!(first.uuid.get_version_num(), 4);
        assert_ne!(first.uuid, ids.next(OffsetDateTime::UNIX_EPOCH).uuid);
        let text = STANDARD.decode(first.extended).unwrap();
        assert!(text.starts_with(b"1:us-east-1:S:0:R:"));
        assert_eq!(text.len(), b"1:us-east-1:S:0:R:".len() + 8);
    }
}
