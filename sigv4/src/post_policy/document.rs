//! The policy that a form presents: decoded, read and shown, but not applied.

use core::fmt;
use core::iter;

use crate::bytes::base64;
use crate::post_policy::error::PolicyError;
use crate::post_policy::json::{Cursor, Fault, JsonText};
use crate::time::Timestamp;

/// A policy as a form presents it, found well-formed.
///
/// Decode it only once its signature holds: see
/// [`SubmittedForm::check_signature`](crate::post_policy::SubmittedForm::check_signature).
#[derive(Clone, Copy)]
pub struct PresentedPolicy<'p> {
    expiration: Timestamp,
    /// The inside of the list, as it is written.
    conditions: &'p str,
}

impl<'p> PresentedPolicy<'p> {
    /// Longest policy in bytes of Base64: S3 takes no more for all the fields
    /// before the file.
    pub const LEN_MAX: usize = 20_480;

    /// Bytes of a buffer that is enough for every policy.
    pub const DECODED_LEN_MAX: usize = base64::decoded_len_max(Self::LEN_MAX);

    /// Decodes the value of the field `policy` into `buffer`, and reads it.
    ///
    /// # Errors
    ///
    /// A [`PolicyError`] if it is too long for S3 or for the buffer, or no policy.
    pub fn decode(base64: &[u8], buffer: &'p mut [u8]) -> Result<Self, PolicyError> {
        let len = base64.len();
        if len > Self::LEN_MAX {
            return Err(PolicyError::TooLong { len });
        }
        let (needed, available) = (base64::decoded_len_max(len), buffer.len());
        if needed > available {
            return Err(PolicyError::BufferTooSmall { needed, available });
        }
        Self::parse(base64::decode(base64, buffer).ok_or(PolicyError::NotBase64)?)
    }

    fn parse(json: &'p [u8]) -> Result<Self, PolicyError> {
        let text = core::str::from_utf8(json)
            .map_err(|error| PolicyError::NotJson { position: error.valid_up_to() })?;
        let mut cursor = Cursor::new(text);
        let (mut expiration, mut conditions) = (None, None);
        let position = |cursor: &Cursor<'_>| text.len() - cursor.rest().len();
        let not_json = |cursor: &Cursor<'_>| PolicyError::NotJson { position: position(cursor) };
        cursor.expect(b'{').map_err(|_| not_json(&cursor))?;
        let mut has_more = !cursor.take(b'}');
        while has_more {
            cursor.peek();
            let at = position(&cursor);
            let name = cursor.string().map_err(|_| not_json(&cursor))?;
            cursor.expect(b':').map_err(|_| not_json(&cursor))?;
            if name.bytes().eq(*b"expiration") && expiration.is_none() {
                expiration = Some(read_expiration(&mut cursor).map_err(|fault| match fault {
                    Fault::Syntax => not_json(&cursor),
                    Fault::Shape => PolicyError::InvalidExpiration,
                })?);
            } else if name.bytes().eq(*b"conditions") && conditions.is_none() {
                conditions = Some(read_conditions(&mut cursor).map_err(|error| match error {
                    (Some(index), Fault::Shape) => PolicyError::InvalidCondition { index },
                    (None, Fault::Shape) => PolicyError::MissingConditions,
                    (_, Fault::Syntax) => not_json(&cursor),
                })?);
            } else {
                return Err(PolicyError::UnexpectedMember { position: at });
            }
            has_more = cursor.take(b',');
            if !has_more {
                cursor.expect(b'}').map_err(|_| not_json(&cursor))?;
            }
        }
        cursor.finish().map_err(|_| not_json(&cursor))?;
        Ok(Self {
            expiration: expiration.ok_or(PolicyError::MissingExpiration)?,
            conditions: conditions.ok_or(PolicyError::MissingConditions)?,
        })
    }

    /// The last second at which the policy is good.
    #[must_use]
    pub const fn expiration(&self) -> Timestamp {
        self.expiration
    }

    /// The conditions, in the order of the policy.
    pub fn conditions(&self) -> impl Iterator<Item = PresentedCondition<'p>> + use<'p> {
        let mut cursor = Cursor::new(self.conditions);
        iter::from_fn(move || {
            cursor.peek()?;
            // The whole list was read before.
            let condition = PresentedCondition::read(&mut cursor).ok();
            cursor.take(b',');
            condition
        })
    }
}

/// Shows the expiration alone: the conditions may hold a session token.
impl fmt::Debug for PresentedPolicy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PresentedPolicy")
            .field("expiration", &self.expiration)
            .finish_non_exhaustive()
    }
}

/// One condition of a [`PresentedPolicy`].
///
/// `Display` writes it as S3 does when it is not met,
/// `["eq", "$acl", "public-read"]`, whichever way it was written; one on
/// `x-amz-security-token` holds a session token.
#[derive(Clone, Copy)]
pub struct PresentedCondition<'p> {
    pub(super) test: Test<'p>,
}

#[derive(Clone, Copy)]
pub(super) enum Test<'p> {
    Equals { field: FieldName<'p>, value: JsonText<'p> },
    StartsWith { field: FieldName<'p>, prefix: JsonText<'p> },
    ContentLengthRange { min: Bound<'p>, max: Bound<'p> },
}

/// The field that a condition is on.
#[derive(Clone, Copy)]
pub(super) enum FieldName<'p> {
    /// A member of an object: the name.
    Plain(JsonText<'p>),
    /// A member of a list: the name behind a `$`. Without, no field is meant.
    Dollar(JsonText<'p>),
}

/// One end of a range of lengths.
#[derive(Clone, Copy)]
pub(super) enum Bound<'p> {
    Number(&'p str),
    /// S3 takes a number in quotes, too.
    Text(JsonText<'p>),
}

impl<'p> PresentedCondition<'p> {
    fn read(cursor: &mut Cursor<'p>) -> Result<Self, Fault> {
        let (test, close) = if cursor.take(b'{') {
            if cursor.peek() == Some(b'}') {
                return Err(Fault::Shape);
            }
            let field = FieldName::Plain(cursor.string()?);
            cursor.expect(b':')?;
            (Test::Equals { field, value: cursor.string()? }, b'}')
        } else {
            cursor.expect(b'[')?;
            (Self::read_list(cursor)?, b']')
        };
        cursor.expect(close)?;
        Ok(Self { test })
    }

    fn read_list(cursor: &mut Cursor<'p>) -> Result<Test<'p>, Fault> {
        if cursor.peek() == Some(b']') {
            return Err(Fault::Shape);
        }
        let operation = cursor.string()?;
        let is = |name: &[u8]| operation.bytes().eq(name.iter().copied());
        next_item(cursor)?;
        if is(b"content-length-range") {
            let min = Bound::read(cursor)?;
            next_item(cursor)?;
            return Ok(Test::ContentLengthRange { min, max: Bound::read(cursor)? });
        }
        let field = FieldName::Dollar(cursor.string()?);
        next_item(cursor)?;
        let value = cursor.string()?;
        if is(b"eq") {
            Ok(Test::Equals { field, value })
        } else if is(b"starts-with") {
            Ok(Test::StartsWith { field, prefix: value })
        } else {
            Err(Fault::Shape)
        }
    }
}

impl fmt::Display for PresentedCondition<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.test {
            Test::Equals { field, value } => {
                write!(f, "[\"eq\", {field}, \"{}\"]", value.as_written())
            }
            Test::StartsWith { field, prefix } => {
                write!(f, "[\"starts-with\", {field}, \"{}\"]", prefix.as_written())
            }
            Test::ContentLengthRange { min, max } => {
                write!(f, "[\"content-length-range\", {min}, {max}]")
            }
        }
    }
}

/// Shows the field alone: the value may be a session token.
impl fmt::Debug for PresentedCondition<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.test {
            Test::Equals { field, .. } => write!(f, "PresentedCondition(eq {field})"),
            Test::StartsWith { field, .. } => write!(f, "PresentedCondition(starts-with {field})"),
            Test::ContentLengthRange { .. } => f.write_str("PresentedCondition(range)"),
        }
    }
}

impl FieldName<'_> {
    /// Whether a form field of this name is meant, in any case.
    pub(super) fn is(&self, name: &[u8]) -> bool {
        let equals = |text: &mut dyn Iterator<Item = u8>| {
            text.map(|byte| byte.to_ascii_lowercase())
                .eq(name.iter().map(|byte| byte.to_ascii_lowercase()))
        };
        match self {
            Self::Plain(text) => equals(&mut text.bytes()),
            Self::Dollar(text) => {
                let mut bytes = text.bytes();
                bytes.next() == Some(b'$') && equals(&mut bytes)
            }
        }
    }
}

/// As it stands in a list.
impl fmt::Display for FieldName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(name) => write!(f, "\"${}\"", name.as_written()),
            Self::Dollar(text) => write!(f, "\"{}\"", text.as_written()),
        }
    }
}

impl<'p> Bound<'p> {
    fn read(cursor: &mut Cursor<'p>) -> Result<Self, Fault> {
        if cursor.peek() == Some(b'"') {
            Ok(Self::Text(cursor.string()?))
        } else {
            Ok(Self::Number(cursor.digits()?))
        }
    }

    /// The number; nothing if it is none. One past any length counts as the longest.
    pub(super) fn value(&self) -> Option<u64> {
        let digits = match self {
            Self::Number(digits) => digits,
            Self::Text(text) => text.as_written(),
        };
        if digits.is_empty() {
            return None;
        }
        digits.bytes().try_fold(0u64, |number, byte| {
            let digit = byte.checked_sub(b'0').filter(|digit| *digit <= 9)?;
            Some(number.saturating_mul(10).saturating_add(u64::from(digit)))
        })
    }
}

impl fmt::Display for Bound<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(digits) => f.write_str(digits),
            Self::Text(text) => write!(f, "\"{}\"", text.as_written()),
        }
    }
}

/// Takes the comma between two items; a list that ends here is too short.
fn next_item(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    if cursor.peek() == Some(b']') { Err(Fault::Shape) } else { cursor.expect(b',') }
}

/// `YYYY-MM-DDTHH:MM:SSZ`, with or without a fraction of the second.
fn read_expiration(cursor: &mut Cursor<'_>) -> Result<Timestamp, Fault> {
    const SECONDS_END: usize = 19;
    let written = cursor.string()?.as_written().as_bytes();
    let (seconds, behind) = written.split_at_checked(SECONDS_END).ok_or(Fault::Shape)?;
    match behind {
        b"Z" => {}
        [b'.', digits @ .., b'Z']
            if !digits.is_empty() && digits.iter().all(u8::is_ascii_digit) => {}
        _ => return Err(Fault::Shape),
    }
    let mut text = [b'Z'; SECONDS_END + 1];
    text[..SECONDS_END].copy_from_slice(seconds);
    Timestamp::parse_extended(&text).map_err(|_| Fault::Shape)
}

/// Reads the list of conditions, and returns what stands between its brackets;
/// else which condition is at fault, if it is one.
fn read_conditions<'p>(cursor: &mut Cursor<'p>) -> Result<&'p str, (Option<usize>, Fault)> {
    cursor.expect(b'[').map_err(|fault| (None, fault))?;
    let begin = cursor.rest();
    let inside = |cursor: &Cursor<'p>| &begin[..begin.len() - cursor.rest().len()];
    if cursor.peek() == Some(b']') {
        let list = inside(cursor);
        cursor.take(b']');
        return Ok(list);
    }
    for index in 0.. {
        let at_fault = |fault| (Some(index), fault);
        PresentedCondition::read(cursor).map_err(at_fault)?;
        if cursor.peek() == Some(b']') {
            break;
        }
        cursor.expect(b',').map_err(|_| at_fault(Fault::Syntax))?;
    }
    let list = inside(cursor);
    cursor.take(b']');
    Ok(list)
}
