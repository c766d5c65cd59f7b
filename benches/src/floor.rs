//! The floor: the SHA-256 compressions that no signer can avoid, and nothing else.

use std::slice;

use sha2::block_api::compress256;
use sigv4::SigningInstant;

use crate::workload::Workload;

/// Bytes in one SHA-256 block.
const BLOCK_LEN: usize = 64;

type Block = [u8; BLOCK_LEN];

/// The padded messages of one signing with a known key: body, canonical
/// request, string to sign, and the outer block of its MAC. The pads of the key
/// are midstates, and cost nothing.
#[derive(Clone, Debug)]
pub struct Floor {
    messages: Vec<Vec<Block>>,
}

impl Floor {
    /// The messages of a workload, which have as many blocks as it says.
    #[must_use]
    pub fn new(workload: &Workload, instant: &SigningInstant<'_>) -> Self {
        let floor = Self::of_all([workload], instant);
        assert_eq!(floor.blocks(), workload.blocks, "blocks of {}", workload.name);
        floor
    }

    /// The messages of many requests, one after the other.
    #[must_use]
    pub fn of_all<'w>(
        requests: impl IntoIterator<Item = &'w Workload>,
        instant: &SigningInstant<'_>,
    ) -> Self {
        let messages = requests.into_iter().flat_map(|request| messages(request, instant));
        Self { messages: messages.collect() }
    }

    /// So many blocks in one message.
    #[must_use]
    pub fn of_blocks(blocks: usize) -> Self {
        Self { messages: vec![vec![[0x5a; BLOCK_LEN]; blocks]] }
    }

    /// How many blocks are compressed.
    #[must_use]
    pub fn blocks(&self) -> usize {
        self.messages.iter().map(Vec::len).sum()
    }

    /// Compresses every message, each from a state of its own.
    ///
    /// No message waits for the digest of the one before it, as in a signing it
    /// must: the processor may overlap where they meet. The floor is thus a
    /// little lower than any order of the same work can reach.
    #[must_use]
    pub fn compress(&self) -> [u32; 8] {
        let mut sum = [0; 8];
        for blocks in &self.messages {
            let mut state = INITIAL_STATE;
            compress256(&mut state, blocks);
            for (sum, word) in sum.iter_mut().zip(state) {
                *sum ^= word;
            }
        }
        sum
    }

    /// What remains of them with the instant reused, in the order that a signing
    /// has to keep: each message waits for the digest of the one before it, body
    /// and canonical request take turns as far as that goes. Nothing is
    /// formatted or checked.
    pub fn in_signing_order(self) -> impl Fn() -> [u32; 8] {
        self.in_order(|_| INITIAL_STATE, with_digest)
    }

    /// What remains in that order if each digest is written as the 64 hexadecimal
    /// digits that the next message holds, and so is the signature. No signer in safe
    /// code can be quicker: it has to write at least these between compressions.
    pub fn in_signing_order_as_text(self) -> impl Fn() -> Block {
        let in_order = self.in_order(|_| INITIAL_STATE, |state, _| text(state));
        move || text(&in_order())
    }

    /// The compressions in the order of a verification, which knows no instant: it
    /// begins with the block of the string to sign that waits for nothing.
    pub fn in_verifying_order(self) -> impl Fn() -> [u32; 8] {
        let midstate = |first: &Block| {
            let mut state = INITIAL_STATE;
            compress256(&mut state, slice::from_ref(first));
            state
        };
        self.in_order(midstate, with_digest)
    }

    /// `midstate` makes of the first block of the string to sign the state in which
    /// the second one finds the MAC; `write` puts the digest of one message into a
    /// block of the next, but for the outer block, which holds its bytes in any case.
    fn in_order(
        self,
        midstate: impl Fn(&Block) -> [u32; 8],
        write: impl Fn(&[u32; 8], &Block) -> Block,
    ) -> impl Fn() -> [u32; 8] {
        let mut messages = self.messages.into_iter();
        // Only S3 leaves the body out.
        let body = if messages.len() == 4 { messages.next() } else { None }.unwrap_or_default();
        let [canonical_request, string_to_sign, outer] =
            [(); 3].map(|()| messages.next().expect("a signing hashes three messages at least"));
        move || {
            let midstate = midstate(&string_to_sign[0]);
            let [mut state, mut body_state] = [INITIAL_STATE; 2];
            // The digest of the body is the last line, in one of the last two blocks.
            let (early, late) = canonical_request.split_at(canonical_request.len() - 2);
            let turns = early.len().min(body.len());
            for (block, beside) in early.iter().zip(&body) {
                compress256(&mut state, slice::from_ref(block));
                compress256(&mut body_state, slice::from_ref(beside));
            }
            compress256(&mut body_state, &body[turns..]);
            compress256(&mut state, &early[turns..]);
            compress256(&mut state, &[write(&body_state, &late[0]), late[1]]);
            let line = write(&state, &string_to_sign[1]);
            state = midstate;
            compress256(&mut state, &[line]);
            compress256(&mut state, &string_to_sign[2..]);
            let inner = with_digest(&state, &outer[0]);
            state = INITIAL_STATE;
            compress256(&mut state, &[inner]);
            compress256(&mut state, &outer[1..]);
            state
        }
    }

    /// All compressions, two messages of about the same length at a time,
    /// block by block in turns: what safe code gains at most from many requests.
    pub fn in_turns(mut self) -> impl Fn() -> [u32; 8] {
        self.messages.sort_by_key(Vec::len);
        move || {
            let mut sum = [0; 8];
            for pair in self.messages.chunks(2) {
                let (one, other) = (&pair[0], pair.get(1).map_or(&[][..], Vec::as_slice));
                let mut states = [INITIAL_STATE; 2];
                for (block, beside) in one.iter().zip(other) {
                    compress256(&mut states[0], slice::from_ref(block));
                    compress256(&mut states[1], slice::from_ref(beside));
                }
                compress256(&mut states[0], one.get(other.len()..).unwrap_or_default());
                compress256(&mut states[1], other.get(one.len()..).unwrap_or_default());
                for (state, _) in states.iter().zip(pair) {
                    for (sum, word) in sum.iter_mut().zip(state) {
                        *sum ^= word;
                    }
                }
            }
            sum
        }
    }
}

/// The compressions of one derivation that ends in a key ready to sign: the
/// midstates of its two pads. Each waits for the digest of the one before; only
/// the two pads of a key do not wait for each other.
///
/// They are 18: two for the pads of the secret, and four for each of the four
/// MACs, one over its message, one over that digest, and the two pads of the next
/// key.
#[must_use]
pub fn derive_in_order(secret: &[u8; BLOCK_LEN]) -> [[u32; 8]; 2] {
    let midstates = |pads: [Block; 2]| {
        pads.map(|pad| {
            let mut state = INITIAL_STATE;
            compress256(&mut state, slice::from_ref(&pad));
            state
        })
    };
    let mut key = midstates([*secret; 2]);
    for _ in 0..4 {
        let [inner, outer] = &mut key;
        compress256(inner, slice::from_ref(secret));
        compress256(outer, slice::from_ref(&with_digest(inner, secret)));
        key = midstates([with_digest(outer, secret); 2]);
    }
    key
}

/// A block that begins with a digest.
fn with_digest(state: &[u32; 8], block: &Block) -> Block {
    let mut block = *block;
    for (target, word) in block.as_chunks_mut().0.iter_mut().zip(state) {
        *target = word.to_be_bytes();
    }
    block
}

/// A digest as 64 lower-case hexadecimal digits, which are as long as a block.
fn text(state: &[u32; 8]) -> Block {
    let bytes = state.map(u32::to_be_bytes);
    let mut digits = [0; BLOCK_LEN];
    for (pair, byte) in digits.as_chunks_mut().0.iter_mut().zip(bytes.as_flattened()) {
        *pair = [byte >> 4, byte & 15]
            .map(|nibble| nibble + if nibble < 10 { b'0' } else { b'a' - 10 });
    }
    digits
}

/// The padded messages of one request, taken from the signer's own stages.
fn messages(workload: &Workload, instant: &SigningInstant<'_>) -> Vec<Vec<Block>> {
    let canonical_request = workload.canonical_request(instant);
    let mut out = [0; 256];
    let string_to_sign = instant
        .string_to_sign(&canonical_request, &mut out)
        .expect("the string to sign is shorter than the buffer");
    // S3's payload is unsigned; of all others the body is hashed.
    let body = (!workload.is_s3()).then_some(workload.body.as_slice());
    let messages = body.into_iter().chain([&canonical_request, string_to_sign, &[0; 32]]);
    messages.map(padded).collect()
}

/// FIPS 180-4 §5.3.3.
const INITIAL_STATE: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// FIPS 180-4 §5.1.1.
fn padded(message: &[u8]) -> Vec<Block> {
    let mut bytes = message.to_vec();
    bytes.push(0x80);
    bytes.resize((message.len() + 9).next_multiple_of(BLOCK_LEN) - 8, 0);
    bytes.extend_from_slice(&(message.len() as u64 * 8).to_be_bytes());
    bytes.as_chunks().0.to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload;

    #[test]
    fn every_workload_has_the_blocks_it_says() {
        for workload in workload::all() {
            let key = workload.key();
            let instant = key.at(workload::timestamp()).unwrap();
            assert_eq!(Floor::new(&workload, &instant).blocks(), workload.blocks);
        }
    }

    #[test]
    fn turns_do_not_change_what_is_compressed() {
        let workload = &workload::all()[0];
        let key = workload.key();
        let instant = key.at(workload::timestamp()).unwrap();
        let floor = Floor::of_all(&workload.of_mixed_lengths(5), &instant);
        assert_eq!(floor.compress(), floor.clone().in_turns()());
    }

    #[test]
    fn digests_are_written_as_the_signer_writes_them() {
        let state = core::array::from_fn(|n| 0x0123_4567_u32.rotate_left(4 * n as u32));
        let expected: String = state.iter().map(|word| format!("{word:08x}")).collect();
        assert_eq!(text(&state), expected.as_bytes());
    }

    #[test]
    fn the_compressions_are_those_of_sha_256() {
        use sha2::Digest;
        for length in [0, 55, 56, 64, 300] {
            let message = vec![7; length];
            let floor = Floor { messages: vec![padded(&message)] };
            let digest: [u8; 32] = sha2::Sha256::digest(&message).into();
            let words = floor.compress().map(u32::to_be_bytes);
            assert_eq!(words.as_flattened(), digest);
        }
    }
}
