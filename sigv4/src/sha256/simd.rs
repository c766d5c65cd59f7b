//! The compression function on several strands at once, with vector
//! instructions of x86-64: the only file with `unsafe`.
//!
//! There are two ways. SHA-NI works on one strand, each instruction waiting for
//! the one before, so that the rounds of a few strands are interleaved. AVX-512
//! does the same round of sixteen strands in plain arithmetic, a strand to a
//! lane, which is quicker from some ten strands on. What a processor has is
//! asked at run time, as `sha2` asks. Its `compress256` does what is left over,
//! and is the oracle in the tests.

#![expect(unsafe_code, reason = "instructions that not every processor has")]
#![expect(clippy::incompatible_msrv, reason = "the README says what the feature needs")]

use core::arch::x86_64::*;

use crate::sha256::interleave::{Block, Strand};
use crate::sha256::{BLOCK_LEN, State};

cpufeatures::new!(sha_ni, "sha", "sse4.1");
cpufeatures::new!(avx512, "avx512f", "avx512bw");

/// Strands that AVX-512 works on: a register has so many lanes of 32 bits.
const LANES: usize = 16;

/// From so many strands on, sixteen lanes of which some are idle beat SHA-NI.
const LANES_WORTHWHILE: usize = 10;

/// Compresses the next `count` blocks of the strands, and returns those that it
/// left alone, because there was one only or the processor lacks instructions.
#[inline]
pub(crate) fn compress<'c, 'a>(
    mut strands: &'c mut [Strand<'a>],
    count: usize,
) -> &'c mut [Strand<'a>] {
    while strands.len() >= LANES_WORTHWHILE && avx512::get() {
        let lanes;
        (lanes, strands) = strands.split_at_mut(strands.len().min(LANES));
        // SAFETY: the processor was just asked for AVX-512F and AVX-512BW.
        unsafe { compress_in_lanes(lanes, count) };
    }
    while strands.len() > 1 && sha_ni::get() {
        // SAFETY: the processor was just asked for SHA-NI and SSE4.1.
        strands = unsafe {
            match strands.len() {
                2 => interleave::<2>(strands, count),
                // Five are three and two, rather than four and a lonely one.
                3 | 5 => interleave::<3>(strands, count),
                _ => interleave::<4>(strands, count),
            }
        };
    }
    strands
}

/// Compresses `count` blocks of the first `N` strands, and returns the others.
#[target_feature(enable = "sha,sse4.1")]
fn interleave<'c, 'a, const N: usize>(
    strands: &'c mut [Strand<'a>],
    count: usize,
) -> &'c mut [Strand<'a>] {
    let (strands, others) = strands.split_at_mut(N);
    let mut states = [Halves { abef: _mm_setzero_si128(), cdgh: _mm_setzero_si128() }; N];
    let mut blocks = [[].as_slice(); N];
    for lane in 0..N {
        states[lane] = Halves::load(strands[lane].state);
        blocks[lane] = strands[lane].next(count);
    }
    for at in 0..count {
        take_in(&mut states, blocks.map(|blocks| &blocks[at]));
    }
    for (strand, state) in strands.iter_mut().zip(states) {
        state.store(strand.state);
    }
    others
}

/// One block into each state.
#[inline]
#[target_feature(enable = "sha,sse4.1")]
fn take_in<const N: usize>(states: &mut [Halves; N], blocks: [&Block; N]) {
    let before = *states;
    let mut words = [[_mm_setzero_si128(); 4]; N];
    for (group, constants) in K[0].iter().enumerate() {
        for lane in 0..N {
            words[lane][group] = load_words(blocks[lane], group);
            states[lane].four_rounds(words[lane][group], constants);
        }
    }
    for constants in &K[1..] {
        for (group, constants) in constants.iter().enumerate() {
            for lane in 0..N {
                words[lane][group] = next_words(&words[lane], group);
                states[lane].four_rounds(words[lane][group], constants);
            }
        }
    }
    for lane in 0..N {
        states[lane].add(&before[lane]);
    }
}

/// The next four words of the message schedule (FIPS 180-4 §6.2.2), to take the
/// place of the oldest four.
#[inline]
#[target_feature(enable = "sha,sse4.1")]
fn next_words(words: &[__m128i; 4], oldest: usize) -> __m128i {
    let [w0, w4, w8, w12] = [0, 1, 2, 3].map(|group| words[(oldest + group) % 4]);
    let w9 = _mm_alignr_epi8(w12, w8, 4);
    _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(w0, w4), w9), w12)
}

/// Four words of a block, the `group`-th four.
#[inline]
#[target_feature(enable = "sse4.1")]
fn load_words(block: &Block, group: usize) -> __m128i {
    let quads = block.as_chunks::<8>().0;
    let [low, high] = [0, 1].map(|half| i64::from_le_bytes(quads[2 * group + half]));
    let reverse = _mm_set_epi64x(0x0c0d_0e0f_0809_0a0b, 0x0405_0607_0001_0203);
    _mm_shuffle_epi8(_mm_set_epi64x(high, low), reverse)
}

/// A state in two registers, as SHA-NI wants it; named from the top word down.
#[derive(Clone, Copy)]
struct Halves {
    abef: __m128i,
    cdgh: __m128i,
}

impl Halves {
    #[inline]
    #[target_feature(enable = "sse4.1")]
    fn load(state: &State) -> Self {
        let [a, b, c, d, e, f, g, h] = state.map(u32::cast_signed);
        // Read as they lie, then shuffled: two loads instead of eight.
        let cdab = _mm_shuffle_epi32(_mm_set_epi32(d, c, b, a), 0xb1);
        let efgh = _mm_shuffle_epi32(_mm_set_epi32(h, g, f, e), 0x1b);
        Self { abef: _mm_alignr_epi8(cdab, efgh, 8), cdgh: _mm_blend_epi16(efgh, cdab, 0xf0) }
    }

    #[inline]
    #[target_feature(enable = "sse4.1")]
    fn store(self, state: &mut State) {
        let feba = _mm_shuffle_epi32(self.abef, 0x1b);
        let dchg = _mm_shuffle_epi32(self.cdgh, 0xb1);
        let dcba = _mm_blend_epi16(feba, dchg, 0xf0);
        let hgfe = _mm_alignr_epi8(dchg, feba, 8);
        store_words([dcba, hgfe], state);
    }

    #[inline]
    #[target_feature(enable = "sha,sse4.1")]
    fn four_rounds(&mut self, words: __m128i, constants: &[u32; 4]) {
        let [k0, k1, k2, k3] = constants.map(u32::cast_signed);
        let sums = _mm_add_epi32(words, _mm_set_epi32(k3, k2, k1, k0));
        self.cdgh = _mm_sha256rnds2_epu32(self.cdgh, self.abef, sums);
        // The instruction does two rounds, on the lower two words.
        let upper = _mm_shuffle_epi32(sums, 0x0e);
        self.abef = _mm_sha256rnds2_epu32(self.abef, self.cdgh, upper);
    }

    #[inline]
    #[target_feature(enable = "sse4.1")]
    fn add(&mut self, before: &Self) {
        self.abef = _mm_add_epi32(self.abef, before.abef);
        self.cdgh = _mm_add_epi32(self.cdgh, before.cdgh);
    }
}

/// Compresses `count` blocks of at most sixteen strands.
#[target_feature(enable = "avx512f,avx512bw")]
fn compress_in_lanes(strands: &mut [Strand<'_>], count: usize) {
    let mut rows = [_mm512_setzero_si512(); LANES];
    // Idle lanes do what the first does, and are forgotten.
    let mut blocks = [strands[0].blocks; LANES];
    for (lane, strand) in strands.iter_mut().enumerate() {
        rows[lane] = load_state(strand.state);
        blocks[lane] = strand.next(count);
    }
    let [a, b, c, d, e, f, g, h, ..] = transpose(rows);
    let mut state = [a, b, c, d, e, f, g, h];
    for at in 0..count {
        take_in_lanes(&mut state, transpose(load_blocks(&blocks, at)));
    }
    let mut columns = [_mm512_setzero_si512(); LANES];
    columns[..8].copy_from_slice(&state);
    for (strand, row) in strands.iter_mut().zip(transpose(columns)) {
        store_state(row, strand.state);
    }
}

/// One block into each lane of a state.
#[inline]
#[target_feature(enable = "avx512f")]
fn take_in_lanes(state: &mut [__m512i; 8], mut words: [__m512i; 16]) {
    let before = *state;
    sixteen_rounds(state, &words, &K[0]);
    for constants in &K[1..] {
        // Written out four by four: in a loop of sixteen they would not stay in registers.
        extend::<0>(&mut words);
        extend::<4>(&mut words);
        extend::<8>(&mut words);
        extend::<12>(&mut words);
        sixteen_rounds(state, &words, constants);
    }
    for (word, before) in state.iter_mut().zip(before) {
        *word = _mm512_add_epi32(*word, before);
    }
}

/// Four words of the message schedule (FIPS 180-4 §6.2.2), in the place of the
/// oldest four, which begin at `AT`.
#[inline]
#[target_feature(enable = "avx512f")]
fn extend<const AT: usize>(words: &mut [__m512i; 16]) {
    for at in AT..AT + 4 {
        let [w1, w9, w14] = [1, 9, 14].map(|ahead| words[(at + ahead) % 16]);
        let sigma0 =
            xor3(_mm512_ror_epi32(w1, 7), _mm512_ror_epi32(w1, 18), _mm512_srli_epi32(w1, 3));
        let sigma1 =
            xor3(_mm512_ror_epi32(w14, 17), _mm512_ror_epi32(w14, 19), _mm512_srli_epi32(w14, 10));
        let sum = _mm512_add_epi32(words[at], w9);
        words[at] = _mm512_add_epi32(sum, _mm512_add_epi32(sigma0, sigma1));
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn sixteen_rounds(state: &mut [__m512i; 8], words: &[__m512i; 16], constants: &[[u32; 4]; 4]) {
    four_rounds::<0>(state, words, &constants[0]);
    four_rounds::<4>(state, words, &constants[1]);
    four_rounds::<8>(state, words, &constants[2]);
    four_rounds::<12>(state, words, &constants[3]);
}

/// Four rounds (FIPS 180-4 §6.2.2, step 3), with the words from `AT` on.
#[inline]
#[target_feature(enable = "avx512f")]
fn four_rounds<const AT: usize>(
    state: &mut [__m512i; 8],
    words: &[__m512i; 16],
    constants: &[u32; 4],
) {
    for (at, constant) in constants.iter().enumerate() {
        let [a, b, c, d, e, f, g, h] = *state;
        let sum1 = xor3(_mm512_ror_epi32(e, 6), _mm512_ror_epi32(e, 11), _mm512_ror_epi32(e, 25));
        let choice = _mm512_ternarylogic_epi32(e, f, g, 0xca);
        let word = _mm512_add_epi32(words[AT + at], _mm512_set1_epi32(constant.cast_signed()));
        let t1 = _mm512_add_epi32(_mm512_add_epi32(_mm512_add_epi32(h, word), choice), sum1);
        let sum0 = xor3(_mm512_ror_epi32(a, 2), _mm512_ror_epi32(a, 13), _mm512_ror_epi32(a, 22));
        let majority = _mm512_ternarylogic_epi32(a, b, c, 0xe8);
        let t2 = _mm512_add_epi32(sum0, majority);
        *state = [_mm512_add_epi32(t1, t2), a, b, c, _mm512_add_epi32(d, t1), e, f, g];
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn xor3(a: __m512i, b: __m512i, c: __m512i) -> __m512i {
    _mm512_ternarylogic_epi32(a, b, c, 0x96)
}

/// Rows of sixteen words to columns.
#[inline]
#[target_feature(enable = "avx512f")]
fn transpose(rows: [__m512i; 16]) -> [__m512i; 16] {
    // Within quarters of registers first: rows of four words, by fours.
    let mut fours = rows;
    for at in [0, 4, 8, 12] {
        let low02 = _mm512_unpacklo_epi32(rows[at], rows[at + 1]);
        let high02 = _mm512_unpackhi_epi32(rows[at], rows[at + 1]);
        let low24 = _mm512_unpacklo_epi32(rows[at + 2], rows[at + 3]);
        let high24 = _mm512_unpackhi_epi32(rows[at + 2], rows[at + 3]);
        fours[at] = _mm512_unpacklo_epi64(low02, low24);
        fours[at + 1] = _mm512_unpackhi_epi64(low02, low24);
        fours[at + 2] = _mm512_unpacklo_epi64(high02, high24);
        fours[at + 3] = _mm512_unpackhi_epi64(high02, high24);
    }
    // Then the quarters themselves.
    let mut columns = fours;
    for at in 0..4 {
        let even04 = _mm512_shuffle_i32x4(fours[at], fours[at + 4], 0x88);
        let even48 = _mm512_shuffle_i32x4(fours[at + 8], fours[at + 12], 0x88);
        let odd04 = _mm512_shuffle_i32x4(fours[at], fours[at + 4], 0xdd);
        let odd48 = _mm512_shuffle_i32x4(fours[at + 8], fours[at + 12], 0xdd);
        columns[at] = _mm512_shuffle_i32x4(even04, even48, 0x88);
        columns[at + 4] = _mm512_shuffle_i32x4(odd04, odd48, 0x88);
        columns[at + 8] = _mm512_shuffle_i32x4(even04, even48, 0xdd);
        columns[at + 12] = _mm512_shuffle_i32x4(odd04, odd48, 0xdd);
    }
    columns
}

/// The words of the `at`-th block of each lane.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn load_blocks(blocks: &[&[Block]; LANES], at: usize) -> [__m512i; LANES] {
    let mut rows = [_mm512_setzero_si512(); LANES];
    for (row, blocks) in rows.iter_mut().zip(blocks) {
        *row = load_block(&blocks[at]);
    }
    rows
}

/// The words of a block.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn load_block(block: &Block) -> __m512i {
    let mut quads = [0; BLOCK_LEN / 8];
    for (quad, bytes) in quads.iter_mut().zip(block.as_chunks().0) {
        *quad = i64::from_le_bytes(*bytes);
    }
    let [a, b, c, d, e, f, g, h] = quads;
    let reverse = _mm_set_epi64x(0x0c0d_0e0f_0809_0a0b, 0x0405_0607_0001_0203);
    let reverse = _mm512_broadcast_i32x4(reverse);
    _mm512_shuffle_epi8(_mm512_set_epi64(h, g, f, e, d, c, b, a), reverse)
}

/// The words of a state, and zeroes.
#[inline]
#[target_feature(enable = "avx512f")]
fn load_state(state: &State) -> __m512i {
    let [a, b, c, d, e, f, g, h] = state.map(u32::cast_signed);
    _mm512_zextsi256_si512(_mm256_set_epi32(h, g, f, e, d, c, b, a))
}

#[inline]
#[target_feature(enable = "avx512f")]
fn store_state(row: __m512i, state: &mut State) {
    let row = _mm512_castsi512_si256(row);
    store_words([_mm256_castsi256_si128(row), _mm256_extracti128_si256(row, 1)], state);
}

/// Writes a state, its first word lowest.
#[inline]
#[target_feature(enable = "sse4.1")]
fn store_words(halves: [__m128i; 2], state: &mut State) {
    for (words, half) in state.as_chunks_mut().0.iter_mut().zip(halves) {
        *words = [
            _mm_extract_epi32(half, 0).cast_unsigned(),
            _mm_extract_epi32(half, 1).cast_unsigned(),
            _mm_extract_epi32(half, 2).cast_unsigned(),
            _mm_extract_epi32(half, 3).cast_unsigned(),
        ];
    }
}

/// The constants of the rounds (FIPS 180-4 §4.2.2), sixteen rounds to a row.
static K: [[[u32; 4]; 4]; 4] = [
    [
        [0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5],
        [0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5],
        [0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3],
        [0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174],
    ],
    [
        [0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc],
        [0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da],
        [0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7],
        [0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967],
    ],
    [
        [0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13],
        [0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85],
        [0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3],
        [0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070],
    ],
    [
        [0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5],
        [0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3],
        [0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208],
        [0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2],
    ],
];
