//! The secret access key, as configurations garble it.

use alloc::vec::Vec;

use zeroize::Zeroizing;

use crate::bytes::base64;
use crate::explain::draft::Draft;
use crate::explain::escapes;
use crate::explain::scene::Scene;

/// The drafts with each of these secrets, which are zeroed afterwards.
fn with<const N: usize>(draft: &Draft, secrets: [Vec<u8>; N]) -> Vec<Draft> {
    let secrets = secrets.map(Zeroizing::new);
    let differ = secrets.iter().filter(|secret| **secret != draft.key.secret);
    let drafts = differ.map(|secret| {
        let mut changed = draft.clone();
        changed.key = draft.key.with_secret(secret);
        changed
    });
    drafts.collect()
}

pub(super) fn white_space(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let secret = draft.key.secret.as_slice();
    let around = [
        ("", "\n"),
        ("", "\r\n"),
        ("", "\r"),
        ("", " "),
        (" ", ""),
        (" ", " "),
        ("", "\t"),
        ("\t", ""),
    ];
    let drafts = around
        .map(|(front, back)| with(draft, [[front.as_bytes(), secret, back.as_bytes()].concat()]));
    // The verifier's own may be the one that has it.
    [drafts.concat(), with(draft, [secret.trim_ascii().to_vec()])].concat()
}

pub(super) fn quoted(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let secret = draft.key.secret.as_slice();
    let within = |front: &[u8], back: &[u8]| [front, secret, back].concat();
    with(
        draft,
        [
            within(b"\"", b"\""),
            within(b"'", b"'"),
            within(b"`", b"`"),
            within(b"<", b">"),
            within(b"\"", b""),
            within(b"", b"\""),
            within(b"\"", b"\"\n"),
        ],
    )
}

pub(super) fn percent_encoded(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let secret = draft.key.secret.as_slice();
    let encoded = escapes::encode(secret, b"");
    let lower = escapes::in_lower_case(&encoded);
    let slashes_kept = escapes::encode(secret, b"/");
    let spaces = escapes::substitute(secret, b"+", b" ");
    with(draft, [encoded, lower, slashes_kept, spaces, escapes::decode_all(secret)])
}

pub(super) fn in_base64(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let secret = draft.key.secret.as_slice();
    let line = Zeroizing::new([secret, b"\n"].concat());
    let mut buffer = Zeroizing::new([0].repeat(base64::decoded_len_max(secret.len())));
    let decoded = base64::decode(secret, &mut buffer).unwrap_or(secret).to_vec();
    with(draft, [escapes::base64(secret), escapes::base64(&line), decoded])
}

pub(super) fn escaped(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let secret = draft.key.secret.as_slice();
    let slashes = escapes::substitute(secret, b"/", b"\\/");
    let both = escapes::substitute(&slashes, b"+", b"\\+");
    with(draft, [slashes, both, escapes::substitute(secret, b"\\", b"")])
}

pub(super) fn cut(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let secret = draft.key.secret.as_slice();
    let mut drafts = Vec::new();
    for &byte in b"/+#=$ " {
        let first = secret.iter().position(|&own| own == byte).unwrap_or(secret.len());
        let last = secret.iter().rposition(|&own| own == byte).unwrap_or(secret.len());
        let mut without = secret.to_vec();
        without.retain(|&own| own != byte);
        drafts.extend(with(draft, [secret[..first].to_vec(), secret[..last].to_vec(), without]));
    }
    let shorter = secret.split_last().map_or(secret, |(_, rest)| rest);
    let later = secret.split_first().map_or(secret, |(_, rest)| rest);
    drafts.extend(with(draft, [shorter.to_vec(), later.to_vec(), Vec::new()]));
    drafts
}

pub(super) fn other_case(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let secret = draft.key.secret.as_slice();
    with(draft, [secret.to_ascii_lowercase(), secret.to_ascii_uppercase()])
}

pub(super) fn key_id(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    with(draft, [scene.view.credentials.access_key_id().as_bytes().to_vec()])
}
