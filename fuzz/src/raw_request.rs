//! A request in the readable form of the seeds.

use sigv4::Request;

/// `METHOD target`, a line for each header, an empty line, the body.
///
/// Lines end with LF alone, so that a CR may be anywhere. Every input is one.
#[derive(Clone)]
pub struct RawRequest<'a> {
    pub method: &'a [u8],
    pub target: &'a [u8],
    pub headers: Vec<(&'a [u8], &'a [u8])>,
    pub body: &'a [u8],
}

impl<'a> RawRequest<'a> {
    pub fn read(input: &'a [u8]) -> Self {
        let (line, mut rest) = split(input, b'\n');
        let (method, target) = split(line, b' ');
        let mut headers = Vec::new();
        while let (line @ [_, ..], behind) = split(rest, b'\n') {
            headers.push(split(line, b':'));
            rest = behind;
        }
        let (_, body) = split(rest, b'\n');
        Self { method, target, headers, body }
    }

    pub fn request(&self) -> Request<'_, [(&'a [u8], &'a [u8])]> {
        Request::new(self.method, self.target, self.headers.as_slice())
    }
}

/// What stands before and behind the first `separator`.
fn split(bytes: &[u8], separator: u8) -> (&[u8], &[u8]) {
    match bytes.iter().position(|&byte| byte == separator) {
        Some(at) => (&bytes[..at], &bytes[at + 1..]),
        None => (bytes, b""),
    }
}
