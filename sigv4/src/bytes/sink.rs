//! Where the stages of signing write themselves to.

use core::mem;

/// A consumer of bytes that cannot fail.
///
/// Every stage has one serialiser, generic over the sink: what is hashed, what
/// is emitted and what a test prints come from the same function.
pub(crate) trait Sink {
    /// Takes `bytes`, in order.
    fn write(&mut self, bytes: &[u8]);

    /// Takes the first `len` of at most [`FRONT_LEN_MAX`] bytes: a copy of a fixed
    /// length, where there is room for it, is quicker than one of the right length.
    #[inline(always)]
    fn write_front<const N: usize>(&mut self, bytes: &[u8; N], len: usize) {
        self.write(&bytes[..len]);
    }

    /// Takes note that something is to stand here which is not known yet. Where
    /// that can happen, the sink is one that does.
    #[inline(always)]
    fn leave_open(&mut self) {}

    /// Takes one byte.
    #[inline(always)]
    fn write_byte(&mut self, byte: u8) {
        self.write(&[byte]);
    }
}

/// Most bytes that are copied where fewer are meant.
pub(crate) const FRONT_LEN_MAX: usize = 32;

/// A sink that knows how much it was given.
pub(crate) trait Measure {
    /// Bytes taken so far.
    fn len(&self) -> usize;
}

/// The caller's buffer.
///
/// Goes on counting past its end, so that the caller can be told how many bytes
/// the output needs. Unless it is finished, dropping it zeroes what was
/// written: nothing half-done is ever visible.
pub(crate) struct Buffer<'b> {
    bytes: &'b mut [u8],
    written: usize,
}

impl<'b> Buffer<'b> {
    pub(crate) fn new(bytes: &'b mut [u8]) -> Self {
        Self { bytes, written: 0 }
    }

    /// What was written, as far as it fitted.
    pub(crate) fn written(&self) -> &[u8] {
        self.bytes.get(..self.written).unwrap_or(self.bytes)
    }

    /// Fails unless everything written and `more` bytes behind it fit.
    pub(crate) fn require(&self, more: usize) -> Result<(), BufferTooSmall> {
        let (needed, available) = (self.written.saturating_add(more), self.bytes.len());
        if needed > available { Err(BufferTooSmall { needed, available }) } else { Ok(()) }
    }

    /// The finished output, if it fits.
    pub(crate) fn finish(self) -> Result<&'b [u8], BufferTooSmall> {
        self.finish_mut().map(|bytes| &*bytes)
    }

    /// The finished output, if it fits, of which a part is to be written anew later.
    pub(crate) fn finish_mut(mut self) -> Result<&'b mut [u8], BufferTooSmall> {
        self.require(0)?;
        let bytes = mem::take(&mut self.bytes);
        Ok(&mut bytes[..self.written])
    }
}

impl Drop for Buffer<'_> {
    fn drop(&mut self) {
        let end = (self.written + FRONT_LEN_MAX).min(self.bytes.len());
        self.bytes[..end].fill(0);
    }
}

impl Sink for Buffer<'_> {
    #[inline(always)]
    fn write(&mut self, bytes: &[u8]) {
        if let Some(target) = part_mut(self.bytes, self.written, bytes.len()) {
            copy(target, bytes);
        }
        self.written = self.written.saturating_add(bytes.len());
    }

    #[inline(always)]
    fn write_front<const N: usize>(&mut self, bytes: &[u8; N], len: usize) {
        match part_mut(self.bytes, self.written, N) {
            Some(target) => {
                target.copy_from_slice(bytes);
                self.written += len;
            }
            None => self.write(&bytes[..len]),
        }
    }
}

/// The `len` bytes behind the first `begin`. Two steps, not a range, so that
/// the compiler knows the length of what it gets.
#[inline(always)]
pub(crate) fn part_mut(bytes: &mut [u8], begin: usize, len: usize) -> Option<&mut [u8]> {
    bytes.get_mut(begin..)?.get_mut(..len)
}

impl Measure for Buffer<'_> {
    /// Those that did not fit included.
    #[inline(always)]
    fn len(&self) -> usize {
        self.written
    }
}

/// Copies `source` to a target of the same length.
///
/// Most of what a signature is made of is a few bytes long, for which a call of
/// the C library costs more than the copy. Two pieces of a fixed length, which
/// may overlap, cover every length between that and its double.
#[inline(always)]
pub(crate) fn copy(target: &mut [u8], source: &[u8]) {
    match source.len() {
        0 => {}
        1..4 => copy_few(target, source),
        4..=8 => copy_ends::<4>(target, source),
        9..=16 => copy_ends::<8>(target, source),
        17..=32 => copy_ends::<16>(target, source),
        33..=64 => copy_ends::<32>(target, source),
        65..=128 => copy_ends::<64>(target, source),
        _ => target.copy_from_slice(source),
    }
}

/// Copies one to three bytes: the first, the middle and the last. A loop over
/// them would be compiled to a call again.
#[inline(always)]
fn copy_few(target: &mut [u8], source: &[u8]) {
    if let (&[first, ..], &[.., last]) = (source, source) {
        let middle = source.len() / 2;
        (target[0], target[middle], target[source.len() - 1]) = (first, source[middle], last);
    }
}

#[inline(always)]
fn copy_ends<const N: usize>(target: &mut [u8], source: &[u8]) {
    if let (Some(target), Some(source)) = (target.first_chunk_mut::<N>(), source.first_chunk()) {
        *target = *source;
    }
    if let (Some(target), Some(source)) = (target.last_chunk_mut::<N>(), source.last_chunk()) {
        *target = *source;
    }
}

/// Counts bytes and keeps none.
#[derive(Default)]
pub(crate) struct Count(usize);

impl Sink for Count {
    #[inline(always)]
    fn write(&mut self, bytes: &[u8]) {
        self.0 = self.0.saturating_add(bytes.len());
    }
}

impl Measure for Count {
    fn len(&self) -> usize {
        self.0
    }
}

/// The output does not fit into the caller's buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BufferTooSmall {
    pub(crate) needed: usize,
    pub(crate) available: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_buffer_says_what_it_lacks_and_shows_nothing() {
        let mut bytes = [7; 4];
        let mut buffer = Buffer::new(&mut bytes);
        buffer.write(b"abc");
        buffer.write(b"de");
        assert_eq!(buffer.finish(), Err(BufferTooSmall { needed: 5, available: 4 }));
        assert_eq!(bytes, [0; 4]);
    }

    #[test]
    fn copies_of_every_length_are_whole() {
        let source: [u8; 200] = core::array::from_fn(|n| u8::try_from(n).unwrap() + 1);
        for len in 0..=source.len() {
            let mut target = [0; 201];
            copy(&mut target[..len], &source[..len]);
            assert_eq!(target[..len], source[..len]);
            assert_eq!(target[len], 0);
        }
    }

    #[test]
    fn a_buffer_that_fits_exactly_is_enough() {
        let mut bytes = [7; 5];
        let mut buffer = Buffer::new(&mut bytes);
        buffer.write(b"abc");
        buffer.write(b"de");
        assert_eq!(buffer.finish(), Ok(b"abcde".as_slice()));
    }
}
