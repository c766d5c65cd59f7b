//! Line 2: the canonical URI.

use crate::bytes::encode::{self, is_unreserved};
use crate::bytes::scan;
use crate::bytes::sink::Sink;
use crate::error::RequestError;
use crate::limits::PATH_SEGMENTS_MAX;
use crate::rules::PathRules;

/// A path on the wire, and how it is to be read.
#[derive(Clone, Copy)]
pub(crate) struct Path<'a> {
    wire: &'a [u8],
    rules: PathRules,
    /// Whether the canonical form is what is on the wire; it nearly always is.
    is_canonical: bool,
}

impl<'a> Path<'a> {
    /// `has_no_space` spares looking for one, if that is known.
    #[inline(always)]
    pub(crate) fn new(wire: &'a [u8], rules: PathRules, has_no_space: bool) -> Self {
        let is_canonical = match wire {
            b"" | b"/" => true,
            _ if rules == PathRules::S3 && has_no_space => true,
            _ => !needs_escape(wire, rules) && !needs_normalizing(wire, rules),
        };
        Self { wire: if wire.is_empty() { b"/" } else { wire }, rules, is_canonical }
    }

    /// Writes the canonical URI.
    #[inline(always)]
    pub(crate) fn write_to(&self, sink: &mut impl Sink) -> Result<(), RequestError> {
        if self.is_canonical {
            sink.write(self.wire);
        } else if needs_normalizing(self.wire, self.rules) {
            write_normalized(sink, self.wire, self.rules)?;
        } else {
            write_encoded(sink, self.wire, self.rules);
        }
        Ok(())
    }

    /// Writes the path as it goes on the wire.
    #[inline(always)]
    pub(crate) fn write_wire(&self, sink: &mut impl Sink) {
        // The canonical form of a raw space is one escape. An escape on the wire
        // would be encoded again, and be another path than the one that is signed.
        if self.is_canonical || self.rules.double_encode {
            sink.write(self.wire);
        } else {
            write_spaces_escaped(sink, self.wire);
        }
    }
}

#[inline(never)]
fn write_encoded(sink: &mut impl Sink, path: &[u8], rules: PathRules) {
    if rules.double_encode {
        encode::write_percent_encoded(sink, path, Some(b'/'));
    } else {
        write_spaces_escaped(sink, path);
    }
}

/// No raw space can stand on the wire: what is meant is its escape.
#[inline(never)]
fn write_spaces_escaped(sink: &mut impl Sink, path: &[u8]) {
    let mut rest = path;
    while let Some(at) = scan::position(rest, |byte| byte == b' ') {
        sink.write(&rest[..at]);
        sink.write(b"%20");
        rest = &rest[at + 1..];
    }
    sink.write(rest);
}

#[inline(always)]
fn needs_escape(path: &[u8], rules: PathRules) -> bool {
    if rules.double_encode {
        scan::any(path, |byte| !is_unreserved(byte) & (byte != b'/'))
    } else {
        scan::any(path, |byte| byte == b' ')
    }
}

/// Whether it has to be normalised and a segment is empty (the one behind a
/// final slash excepted), `.` or `..`.
#[inline(always)]
fn needs_normalizing(path: &[u8], rules: PathRules) -> bool {
    // All of them show as `//` or `/.`, which names such as `/.well-known` share.
    rules.normalize
        && path.windows(2).any(|pair| pair == b"//" || pair == b"/.")
        && path
            .split(|&byte| byte == b'/')
            .skip(1)
            .any(|segment| matches!(segment, b"" | b"." | b".."))
}

/// Segments that survive form a stack; it holds where each one begins.
#[inline(never)]
fn write_normalized(
    sink: &mut impl Sink,
    path: &[u8],
    rules: PathRules,
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
        write_encoded(sink, segment.unwrap_or_default(), rules);
    }
    if depth == 0 || path.ends_with(b"/") {
        sink.write(b"/");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::String;

    fn canonical(path: &str, rules: PathRules) -> String {
        let mut bytes = [0; 64];
        let mut buffer = crate::bytes::sink::Buffer::new(&mut bytes);
        Path::new(path.as_bytes(), rules, false).write_to(&mut buffer).unwrap();
        String::from_utf8(buffer.finish().unwrap().to_vec()).unwrap()
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
            assert_eq!(canonical(path, PathRules::STANDARD), expected, "{path}");
        }
    }

    #[test]
    fn s3_paths_are_copied() {
        for path in ["/a/../b", "//a", "/a%20b", "/a+b:c@d"] {
            assert_eq!(canonical(path, PathRules::S3), path);
        }
        assert_eq!(canonical("/a b", PathRules::S3), "/a%20b");
    }

    #[test]
    fn a_path_keeps_at_most_the_stated_number_of_segments() {
        let mut count = crate::bytes::sink::Count::default();
        let at_limit = std::format!("/{}", "/a".repeat(PATH_SEGMENTS_MAX));
        let path = Path::new(at_limit.as_bytes(), PathRules::STANDARD, false);
        assert_eq!(path.write_to(&mut count), Ok(()));
        let over = std::format!("{at_limit}/a");
        let result = Path::new(over.as_bytes(), PathRules::STANDARD, false).write_to(&mut count);
        assert_eq!(result, Err(RequestError::TooManyPathSegments));
    }
}
