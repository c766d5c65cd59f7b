//! Line 2: the canonical URI.

use crate::bytes::encode::{self, reserved};
use crate::bytes::scan;
use crate::bytes::sink::Sink;
use crate::error::RequestError;
use crate::limits::PATH_SEGMENTS_MAX;
use crate::rules::{PathEncoding, PathRules, RawPlus};

/// A path on the wire, and how it is to be read.
#[derive(Clone, Copy)]
pub(crate) struct Path<'a> {
    wire: &'a [u8],
    rules: PathRules,
    /// Whether the canonical form is what is on the wire; it nearly always is.
    is_canonical: bool,
}

impl<'a> Path<'a> {
    /// A path in which nothing is ever escaped.
    #[inline(always)]
    pub(crate) fn plain(wire: &'a [u8], rules: PathRules) -> Self {
        Self { wire, rules, is_canonical: wire.len() <= 1 || !needs_normalizing(wire, rules) }
    }

    /// Checks what has to be decoded; `plus` says what a raw `+` means there.
    #[inline(always)]
    pub(crate) fn new(
        wire: &'a [u8],
        rules: PathRules,
        plus: RawPlus,
    ) -> Result<Self, RequestError> {
        let wire = if wire.is_empty() { b"/" } else { wire };
        if wire.len() == 1 {
            return Ok(Self::plain(wire, rules));
        }
        let is_encoded = match rules.encoding {
            PathEncoding::Twice => is_plain(wire),
            PathEncoding::Once => is_plain(wire) || is_encoded_once(wire, plus)?,
            PathEncoding::AsSent => !scan::any(wire, |byte| unsendable(byte) > 0),
        };
        Ok(Self { wire, rules, is_canonical: is_encoded && !needs_normalizing(wire, rules) })
    }

    /// Writes the canonical URI.
    #[inline(always)]
    pub(crate) fn write_to(&self, sink: &mut impl Sink) -> Result<(), RequestError> {
        if self.is_canonical {
            sink.write(self.wire);
        } else if needs_normalizing(self.wire, self.rules) {
            write_normalized(sink, self.wire, self.rules.encoding)?;
        } else {
            write_encoded(sink, self.wire, self.rules.encoding);
        }
        Ok(())
    }

    /// Writes the path of a target that is made here.
    #[inline(always)]
    pub(crate) fn write_target(&self, sink: &mut impl Sink) -> Result<(), RequestError> {
        // The canonical path is a spelling of the one that was given, unless it is
        // encoded twice: on the wire it would be encoded once more and be another.
        match self.rules.encoding {
            PathEncoding::Twice => {
                sink.write(self.wire);
                Ok(())
            }
            PathEncoding::Once | PathEncoding::AsSent => self.write_to(sink),
        }
    }
}

/// Whether nothing in a path is ever escaped.
#[inline(always)]
pub(crate) fn is_plain(path: &[u8]) -> bool {
    // Hyphen, dot, slash and digits stand in a row.
    const ROW: u8 = b'9' - b'-' + 1;
    let is_plain = |byte: u8| {
        ((byte | 0x20).wrapping_sub(b'a') < 26)
            | (byte.wrapping_sub(b'-') < ROW)
            | (byte == b'_')
            | (byte == b'~')
    };
    !scan::any(path, |byte| !is_plain(byte))
}

/// Whether a path is encoded strictly, every escape needed and in upper case.
fn is_encoded_once(path: &[u8], plus: RawPlus) -> Result<bool, RequestError> {
    if let Some(position) = encode::malformed_escape(path) {
        return Err(RequestError::MalformedEscape { position });
    }
    if plus == RawPlus::Refuse {
        refuse_plus(path, 0)?;
    }
    Ok(path.split(|&byte| byte == b'/').all(encode::has_only_needed_escapes))
}

/// Fails for a raw `+` in `text`, which begins at a place in the target.
#[inline]
pub(crate) fn refuse_plus(text: &[u8], begin: usize) -> Result<(), RequestError> {
    match scan::position(text, |byte| byte == b'+') {
        Some(at) => Err(RequestError::AmbiguousPlus { position: begin + at }),
        None => Ok(()),
    }
}

/// 1 for a byte that cannot stand in a target as it is, else 0.
const fn unsendable(byte: u8) -> u8 {
    scan::equals(byte, b' ') | byte >> 7
}

/// Writes the key of an object as a path: its slashes stay, all else that is reserved is
/// escaped.
pub(crate) fn write_key(sink: &mut impl Sink, key: &[u8]) {
    write_encoded(sink, key, PathEncoding::Twice);
}

#[inline(never)]
fn write_encoded(sink: &mut impl Sink, path: &[u8], encoding: PathEncoding) {
    match encoding {
        PathEncoding::Twice => {
            let mark = |byte| reserved(byte).min(1 - scan::equals(byte, b'/'));
            encode::write_escaped(sink, path, mark);
        }
        PathEncoding::Once => {
            // Slashes are taken out first, so that an escaped one is not among them.
            let mut separator = b"".as_slice();
            for segment in path.split(|&byte| byte == b'/') {
                sink.write(separator);
                encode::encoded_anew(segment).for_each(|byte| sink.write_byte(byte));
                separator = b"/";
            }
        }
        PathEncoding::AsSent => encode::write_escaped(sink, path, unsendable),
    }
}

/// Whether it has to be normalised and a segment is empty (the one behind a
/// final slash excepted), `.` or `..`.
#[inline(always)]
pub(crate) fn needs_normalizing(path: &[u8], rules: PathRules) -> bool {
    // All of them show as `//` or `/.`, which names such as `/.well-known` share.
    rules.normalize
        && path.windows(2).any(|pair| pair == b"//" || pair == b"/.")
        && path
            .split(|&byte| byte == b'/')
            .skip(1)
            .any(|segment| matches!(segment, b"" | b"." | b".."))
}

/// Segments that survive are kept on a stack, which holds where each one begins.
#[inline(never)]
fn write_normalized(
    sink: &mut impl Sink,
    path: &[u8],
    encoding: PathEncoding,
) -> Result<(), RequestError> {
    let mut stack = [0usize; PATH_SEGMENTS_MAX];
    let mut depth = 0usize;
    let mut begin = 0;
    for segment in path.split(|&byte| byte == b'/') {
        match segment {
            b"" | b"." => {}
            // Above the root there is nothing to leave.
            b".." => depth = depth.saturating_sub(1),
            _ => {
                *stack.get_mut(depth).ok_or(RequestError::TooManyPathSegments)? = begin;
                depth += 1;
            }
        }
        begin += segment.len() + 1;
    }
    for &begin in &stack[..depth] {
        sink.write(b"/");
        let segment = path[begin..].split(|&byte| byte == b'/').next();
        write_encoded(sink, segment.unwrap_or_default(), encoding);
    }
    if depth == 0 || path.ends_with(b"/") {
        sink.write(b"/");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::sink::{Buffer, Count};
    use std::string::String;

    const AS_SENT: PathRules = PathRules { normalize: false, encoding: PathEncoding::AsSent };

    fn canonical(path: &[u8], rules: PathRules) -> String {
        let mut bytes = [0; 64];
        let mut buffer = Buffer::new(&mut bytes);
        Path::new(path, rules, RawPlus::Space).unwrap().write_to(&mut buffer).unwrap();
        String::from_utf8(buffer.finish().unwrap().to_vec()).unwrap()
    }

    fn target(path: &str, rules: PathRules) -> String {
        let mut bytes = [0; 64];
        let mut buffer = Buffer::new(&mut bytes);
        let path = Path::new(path.as_bytes(), rules, RawPlus::Space).unwrap();
        path.write_target(&mut buffer).unwrap();
        String::from_utf8(buffer.finish().unwrap().to_vec()).unwrap()
    }

    #[test]
    fn plain_is_what_is_unreserved_and_the_slash() {
        for byte in 0..=u8::MAX {
            let expected = encode::is_unreserved(byte) || byte == b'/';
            assert_eq!(is_plain(&[byte]), expected, "{byte}");
        }
    }

    #[test]
    fn normalising_follows_the_specification() {
        let cases = [
            ("", "/"),
            ("/", "/"),
            ("//", "/"),
            ("/./", "/"),
            ("/..", "/"),
            ("/../..", "/"),
            ("/a", "/a"),
            ("/a/", "/a/"),
            ("//a//b//", "/a/b/"),
            ("/a/./b", "/a/b"),
            ("/a/../b", "/b"),
            ("/a/b/..", "/a"),
            ("/a/b/../", "/a/"),
            ("/a/.", "/a"),
            ("/../a/../../b", "/b"),
            ("/a/../../b/c/..", "/b"),
            ("/.well-known/x", "/.well-known/x"),
            ("/...", "/..."),
            ("/%2E%2E/a", "/%252E%252E/a"),
            ("/a%2Fb", "/a%252Fb"),
            ("/a b", "/a%20b"),
            ("/~*", "/~%2A"),
        ];
        for (path, expected) in cases {
            assert_eq!(canonical(path.as_bytes(), PathRules::STANDARD), expected, "{path}");
            let is_normal = !needs_normalizing(path.as_bytes(), PathRules::STANDARD);
            let segments = |path: &str| path.matches('/').count();
            let is_shorter = segments(expected) < segments(path) || path.contains("/..");
            assert_eq!(is_normal, !is_shorter || path == "/...", "{path}");
        }
    }

    #[test]
    fn s3_paths_are_decoded_and_encoded_strictly() {
        let cases: [(&[u8], &str); 12] = [
            (b"/a/../b", "/a/../b"),
            (b"//a", "//a"),
            (b"/a%20b", "/a%20b"),
            (b"/a b", "/a%20b"),
            (b"/a+b", "/a%20b"),
            (b"/a=b/c:@", "/a%3Db/c%3A%40"),
            (b"/a%3db%3Dc", "/a%3Db%3Dc"),
            (b"/%7E%41*", "/~A%2A"),
            (b"/a%2Fb%2fc", "/a%2Fb%2Fc"),
            (b"/%25%32%46", "/%252F"),
            ("/rübe".as_bytes(), "/r%C3%BCbe"),
            (b"/\xff", "/%FF"),
        ];
        for (path, expected) in cases {
            assert_eq!(canonical(path, PathRules::S3), expected);
            assert_eq!(canonical(expected.as_bytes(), PathRules::S3), expected);
        }
        for (path, position) in [("/a%zz", 2), ("/a%", 2), ("/%4", 1)] {
            let result = Path::new(path.as_bytes(), PathRules::S3, RawPlus::Space);
            assert_eq!(result.err(), Some(RequestError::MalformedEscape { position }), "{path}");
        }
        let refused = Path::new(b"/a=+", PathRules::S3, RawPlus::Refuse).err();
        assert_eq!(refused, Some(RequestError::AmbiguousPlus { position: 3 }));
    }

    #[test]
    fn what_cannot_be_sent_is_escaped_and_nothing_else() {
        for path in ["/a/../b", "//a", "/a%20b", "/a+b:c@d%zz"] {
            assert_eq!(canonical(path.as_bytes(), AS_SENT), path);
        }
        assert_eq!(canonical("/a ü".as_bytes(), AS_SENT), "/a%20%C3%BC");
    }

    #[test]
    fn the_target_is_the_canonical_path_unless_that_is_encoded_twice() {
        assert_eq!(target("/a=b%2fc d", PathRules::S3), "/a%3Db%2Fc%20d");
        assert_eq!(target("/a=b%2fc d", AS_SENT), "/a=b%2fc%20d");
        assert_eq!(target("/a=b%2fc", PathRules::STANDARD), "/a=b%2fc");
    }

    #[test]
    fn a_path_keeps_at_most_the_stated_number_of_segments() {
        let write = |path: &str| {
            let path = Path::new(path.as_bytes(), PathRules::STANDARD, RawPlus::Space)?;
            path.write_to(&mut Count::default())
        };
        let at_limit = std::format!("/{}", "/a".repeat(PATH_SEGMENTS_MAX));
        assert_eq!(write(&at_limit), Ok(()));
        let over = std::format!("{at_limit}/a");
        assert_eq!(write(&over), Err(RequestError::TooManyPathSegments));
    }
}
