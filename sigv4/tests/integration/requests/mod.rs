//! Random requests to sign.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::reference::{Encoding, Form, Input, TokenName};
use crate::verifier::Received;

/// Requests that both signers accept, in both forms and with every switch.
pub(crate) fn well_formed() -> impl Strategy<Value = Input> {
    (credentials(), scope(), switches(), message()).prop_map(
        |((access_key_id, secret_access_key, session_token), scope, switches, message)| {
            let (region, service, timestamp) = scope;
            let (normalize, encoding, sign_body, omit_session_token, payload, expires, form) =
                switches;
            let (session_token, token_name) = session_token;
            let (method, mut target, headers, body) = message;
            if encoding == Encoding::Once {
                target = readable_once(&target);
            }
            Input {
                access_key_id,
                secret_access_key,
                session_token,
                token_name,
                region,
                service,
                timestamp,
                normalize,
                encoding,
                sign_body,
                payload,
                omit_session_token,
                expires,
                form,
                method,
                target,
                headers,
                body,
            }
        },
    )
}

/// Requests that a verifier can verify: a literal payload is declared, or is
/// the one that goes without saying in a presigned request.
pub(crate) fn verifiable() -> impl Strategy<Value = Input> {
    well_formed().prop_map(|mut input| {
        if input.form == Form::Query {
            input.payload = input.payload.map(|_| "UNSIGNED-PAYLOAD".to_owned());
        } else {
            input.sign_body |= input.payload.is_some();
        }
        input
    })
}

/// Requests of which any part may be any bytes.
pub(crate) fn anything() -> impl Strategy<Value = Input> {
    let parts = (".{0,20}", ".{0,80}", option::of(".{0,40}"), ".{0,20}", ".{0,20}", any::<u32>());
    let message = (".{0,5}", bytes(0..64), vec((".{0,10}", bytes(0..24)), 0..8));
    (well_formed(), any::<u8>(), parts, message).prop_map(|(mut input, spoilt, parts, message)| {
        let (access_key_id, secret, token, region, service, expires) = parts;
        let (method, target, headers) = message;
        match spoilt % 10 {
            0 => input.access_key_id = access_key_id,
            1 => input.secret_access_key = secret,
            2 => input.session_token = token,
            3 => input.region = region,
            4 => input.service = service,
            5 => input.expires = Some(expires),
            6 => input.method = method,
            7 => input.target = target,
            8 => input.headers = headers,
            _ => input.headers.extend(headers),
        }
        input
    })
}

fn credentials() -> impl Strategy<Value = (String, String, (Option<String>, TokenName))> {
    let token_name = select(&[TokenName::Ordinary, TokenName::S3Express]);
    ("[!-+--~]{1,128}", "[ -~é]{1,100}", (option::of("[!-~]{0,300}"), token_name))
}

fn scope() -> impl Strategy<Value = (String, String, String)> {
    let day = (1970..=9999_u32, 1..=12_u32, 1..=28_u32);
    let time = (0..24_u32, 0..60_u32, 0..60_u32);
    let timestamp = (day, time).prop_map(|((year, month, day), (hour, minute, second))| {
        format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
    });
    ("[a-z0-9-]{1,24}", "[a-z0-9-]{1,24}", timestamp)
}

type Switches = (bool, Encoding, bool, bool, Option<String>, Option<u32>, Form);

fn switches() -> impl Strategy<Value = Switches> {
    const LITERALS: &[&str] = &[
        "UNSIGNED-PAYLOAD",
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    ];
    let payload = option::of(select(LITERALS).prop_map(str::to_owned));
    let form = select(&[Form::Header, Form::Query]);
    let flag = any::<bool>;
    let encoding = select(&[Encoding::Twice, Encoding::Once, Encoding::AsSent]);
    (flag(), encoding, flag(), flag(), payload, option::of(1..=604_800_u32), form)
}

type Message = (String, Vec<u8>, Vec<(String, Vec<u8>)>, Vec<u8>);

fn message() -> impl Strategy<Value = Message> {
    ("[A-Z]{1,7}", target(), headers(), bytes(0..200))
}

/// A target with dot segments, escapes, reserved characters and raw bytes.
fn target() -> impl Strategy<Value = Vec<u8>> {
    (vec(path_piece(), 0..8), option::of(vec(query_piece(), 0..8))).prop_map(|(path, query)| {
        let mut target = b"/".to_vec();
        target.extend(path.concat());
        if let Some(query) = query {
            target.push(b'?');
            target.extend(query.concat());
        }
        target
    })
}

/// The target with what is ambiguous in a path of S3 written so that it is not: a
/// plus sign, and a percent sign that begins no escape.
fn readable_once(target: &[u8]) -> Vec<u8> {
    let path_len = target.iter().position(|&byte| byte == b'?').unwrap_or(target.len());
    let (path, query) = target.split_at(path_len);
    let mut readable = Vec::new();
    for (at, &byte) in path.iter().enumerate() {
        let digits = path.get(at + 1..at + 3).unwrap_or_default();
        let begins_escape = digits.len() == 2 && digits.iter().all(u8::is_ascii_hexdigit);
        match byte {
            b'+' => readable.extend(b"%2B"),
            b'%' if !begins_escape => readable.extend(b"%25"),
            _ => readable.push(byte),
        }
    }
    [&readable, query].concat()
}

fn path_piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        3 => select(&["/", "//", ".", "..", "/./", "/../", "%2F", "%2f", "%7e", "%", "%zz", " ", ":/", "~", "*"]).prop_map(Vec::from),
        3 => "[a-zA-Z0-9._~!$&'()*+,;=:@-]{1,6}".prop_map(Vec::from),
        1 => vec(0x80..=0xff_u8, 1..4),
    ]
}

fn query_piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => select(&["&", "=", "a", "b", "A", "aa", "a-", "a%20", "%61", "%7C", "?", "+", " ", "/", "%2B"]).prop_map(Vec::from),
        2 => any::<u8>().prop_map(|byte| format!("%{byte:02x}").into_bytes()),
        2 => "[a-zA-Z0-9._~!$'()*+,;:@/?|-]{1,6}".prop_map(Vec::from),
        1 => vec(0x80..=0xff_u8, 1..4),
        1 => select(&["X-Amz-Target", "X-Amz-Zeta", "X", "X-Amz-Cr"]).prop_map(Vec::from),
    ]
}

/// Few names in any case, so that they repeat; a host at any place.
fn headers() -> impl Strategy<Value = Vec<(String, Vec<u8>)>> {
    const NAMES: &[&str] = &[
        "a",
        "b",
        "a-b",
        "A_B",
        "Content-Type",
        "X-Amz-Meta-A",
        "x-amz-meta-a",
        "User-Agent",
        "Connection",
        "TE",
        "Sec-WebSocket-Key",
        "Date",
        "Cookie",
        "x-amzn-trace-id",
        "Zeta",
    ];
    let name =
        prop_oneof![select(NAMES).prop_map(str::to_owned), "[a-zA-Z0-9!#$%&'*+.^_`|~-]{1,12}"];
    let name = name.prop_filter("signing adds it", |name| {
        const MADE: &[&str] = &[
            "host",
            "authorization",
            "x-amz-date",
            "x-amz-security-token",
            "x-amz-content-sha256",
        ];
        !MADE.contains(&name.to_ascii_lowercase().as_str())
    });
    (vec((name, header_value()), 0..24), "[a-z0-9.:\\[\\]-]{1,24}", any::<Index>()).prop_map(
        |(mut headers, host, at)| {
            let at = at.index(headers.len() + 1);
            headers.insert(at, ("Host".into(), host.into_bytes()));
            headers
        },
    )
}

fn header_value() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        select(&[" ", "  ", "\t", ",", "\"", "a", "b  c", "\u{a0}", "\u{b}"]).prop_map(Vec::from),
        "[ -~]{0,8}".prop_map(Vec::from),
        vec(0x80..=0xff_u8, 0..3),
    ];
    vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn bytes(len: std::ops::Range<usize>) -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), len)
}

/// Flips a bit of the method, the target, the body or a header; false if there is none.
pub(crate) fn flip(received: &mut Received, part: u8, at: Index, bit: u8) -> bool {
    let bytes = match part {
        0 => &mut received.method,
        1 => &mut received.target,
        2 => &mut received.body,
        _ => {
            let header = at.index(received.headers.len());
            &mut received.headers[header].1
        }
    };
    if bytes.is_empty() {
        return false;
    }
    *at.get_mut(bytes) ^= 1 << bit;
    true
}
