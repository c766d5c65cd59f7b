//! What of a request may be shown.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use zeroize::Zeroizing;

use crate::canonical::query;
use crate::explain::reading::Reading;
use crate::explain::scene::Scene;
use crate::names::header;
use crate::verify::PresentedSignature;

/// Takes out of texts what no explanation may show: pieces of the secret, of
/// session tokens and of the signature wherever they stand, and what stands
/// behind the names of credentials. Both are found by how they [read](Reading):
/// whoever signs, sends or pastes a text chooses its spelling.
pub(crate) struct Redaction {
    /// Pieces of what is secret, sorted.
    pieces: Zeroizing<Vec<Piece>>,
    /// The lengths that there are among them.
    lens: Vec<usize>,
}

impl Redaction {
    pub(crate) fn new(scene: &Scene<'_>, presented: &PresentedSignature<'_>) -> Self {
        let credentials = &scene.view.credentials;
        let mut secrets = Vec::from([
            Reading::new(credentials.secret_access_key().trim_ascii().as_bytes()),
            Reading::new(credentials.session_token().unwrap_or_default().as_bytes()),
        ]);
        let headers = scene.headers.iter().copied();
        let parameters = query::pieces(scene.target.query).map(query::split);
        for (name, value) in headers.chain(parameters) {
            if Reading::new(name).is_any_of(&SECRETS) {
                secrets.push(Reading::new(value.trim_ascii()));
            }
        }
        // A shorter one is none, and what it holds may stand anywhere.
        let signature = presented.signature(&scene.view.rules);
        let signature = signature.map(|text| text.bytes().collect::<Vec<_>>()).unwrap_or_default();
        if signature.len() >= Piece::LEN_MAX {
            secrets.push(Reading::new(&signature));
        }
        let count = secrets.iter().map(|secret| secret.bytes.len()).sum();
        let mut pieces = Zeroizing::new(Vec::with_capacity(count));
        for secret in secrets.iter().filter(|secret| !secret.bytes.is_empty()) {
            let len = secret.bytes.len().min(Piece::LEN_MAX);
            pieces.extend(secret.bytes.windows(len).map(Piece::new));
        }
        pieces.sort_unstable();
        pieces.dedup();
        let lens = pieces.chunk_by(|one, other| one.len == other.len);
        let lens = lens.filter_map(|pieces| pieces.first()).map(|piece| piece.len).collect();
        Self { pieces, lens }
    }

    /// A text that is safe to show, whatever stands in it.
    pub(crate) fn show(&self, text: &[u8]) -> String {
        let reading = Reading::new(text);
        let mut bytes: Vec<_> = text.iter().map(|byte| (*byte, Shown::Yes)).collect();
        self.hide_pieces(&reading, &mut bytes);
        hide_values(&reading, &mut bytes);
        let mut shown = String::new();
        for run in bytes.chunk_by(|(_, one), (_, other)| one == other) {
            if let Some((_, Shown::No)) = run.first() {
                shown.push_str(REDACTED);
            } else {
                let run: Vec<u8> = run.iter().map(|(byte, _)| *byte).collect();
                shown.extend(String::from_utf8_lossy(&run).chars().map(visible));
            }
        }
        shown
    }

    /// The value of the header with this name.
    pub(crate) fn show_header(&self, name: &[u8], value: &[u8]) -> String {
        let name = Reading::new(name);
        if name.is_any_of(&SECRETS) || name.is_any_of(&CREDENTIALS) {
            return format!("{REDACTED}, {} bytes", value.len());
        }
        self.show(value)
    }

    fn hide_pieces(&self, reading: &Reading, bytes: &mut [(u8, Shown)]) {
        for &len in &self.lens {
            for (at, window) in reading.bytes.windows(len).enumerate() {
                if self.pieces.binary_search(&Piece::new(window)).is_ok() {
                    hide(&mut bytes[reading.begin(at)..reading.begin(at + len)]);
                }
            }
        }
    }
}

/// Hides what stands behind the name of a credential and an equals sign, up to
/// the next parameter, or behind a colon, up to the end of the line.
fn hide_values(reading: &Reading, bytes: &mut [(u8, Shown)]) {
    let mut places = reading.places_behind(&SECRETS);
    places.extend(reading.places_behind(&CREDENTIALS));
    places.sort_unstable();
    let mut hidden = 0;
    for place in places {
        let behind = &reading.bytes[place..];
        let skipped = behind.iter().take_while(|byte| b" \t\"'".contains(byte)).count();
        let Some(&separator @ (b'=' | b':')) = behind.get(skipped) else { continue };
        // Names may stand in what is hidden, which is passed over once.
        let begin = hidden.max(reading.begin(place + skipped + 1));
        let value = &mut bytes[begin..];
        // Only what stands there plainly ends it: an escape may belong to it.
        let ends = |byte: u8| byte.is_ascii_control() || (byte == b'&' && separator == b'=');
        let len = value.iter().position(|(byte, _)| ends(*byte)).unwrap_or(value.len());
        hide(&mut value[..len]);
        hidden = begin + len;
    }
}

fn hide(bytes: &mut [(u8, Shown)]) {
    bytes.iter_mut().for_each(|(_, shown)| *shown = Shown::No);
}

fn visible(character: char) -> String {
    if character.is_control() {
        character.escape_default().to_string()
    } else {
        character.to_string()
    }
}

/// Whether a byte of a text is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Yes,
    No,
}

/// Some consecutive bytes of a secret, or all of it if it is shorter.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Piece {
    len: usize,
    bytes: [u8; Self::LEN_MAX],
}

impl Piece {
    /// Texts that share as many bytes with a secret as this share them for a
    /// reason: a line break that a log put into it, or an end that was cut off.
    const LEN_MAX: usize = 12;

    fn new(bytes: &[u8]) -> Self {
        let mut piece = Self { len: bytes.len(), ..Self::default() };
        piece.bytes.iter_mut().zip(bytes).for_each(|(own, byte)| *own = *byte);
        piece
    }
}

impl zeroize::DefaultIsZeroes for Piece {}

/// Stands where something is not shown.
const REDACTED: &str = "[redacted]";

/// Headers and parameters whose values are hidden wherever these stand: session
/// tokens, and keys of the data.
const SECRETS: [&str; 4] = [
    header::SECURITY_TOKEN,
    header::S3_SESSION_TOKEN,
    "x-amz-copy-source-server-side-encryption-customer-key",
    "x-amz-server-side-encryption-customer-key",
];

/// Headers and parameters whose values are hidden where they stand.
const CREDENTIALS: [&str; 5] =
    [header::AUTHORIZATION, "cookie", "proxy-authorization", "signature", "x-amz-signature"];
