//! Lines 4 and 5, the headers, as clients get them wrong or proxies change them.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::rc::Rc;
use alloc::vec::Vec;

use crate::canonical::query::split_once;
use crate::explain::canonical_text::HeaderLine;
use crate::explain::draft::Draft;
use crate::explain::mistakes::ONE_BY_ONE_MAX;
use crate::explain::scene::Scene;
use crate::names::header;

/// The drafts with each of these hosts in place of the draft's own.
fn with_hosts(draft: &Draft, hosts: impl IntoIterator<Item = Vec<u8>>) -> Vec<Draft> {
    let place = draft.text.headers.iter().position(|line| line.name == b"host");
    let hosts = hosts.into_iter();
    hosts.filter_map(|host| draft.with_header(place?, host)).collect()
}

/// The draft's host, and its port if it has one.
fn host_and_port(draft: &Draft) -> (&[u8], Option<&[u8]>) {
    let host = draft.text.header(b"host").unwrap_or_default();
    let colon = host.iter().rposition(|&byte| byte == b':');
    // A colon inside brackets belongs to an IPv6 address.
    match colon.filter(|at| !host[*at..].contains(&b']')) {
        Some(at) => (&host[..at], Some(&host[at + 1..])),
        None => (host, None),
    }
}

pub(super) fn host_port(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let (host, port) = host_and_port(draft);
    let ports: [&[u8]; 4] = [b"443", b"80", b"8443", b"8080"];
    let forwarded = scene.values_of(b"x-forwarded-port");
    let with_port = ports.into_iter().chain(forwarded).map(|port| [host, b":", port].concat());
    with_hosts(draft, port.map(|_| host.to_vec()).into_iter().chain(with_port))
}

pub(super) fn host_case(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    with_hosts(draft, draft.text.header(b"host").map(<[u8]>::to_ascii_lowercase))
}

pub(super) fn other_host(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let (host, port) = host_and_port(draft);
    let mut hosts: Vec<Vec<u8>> =
        scene.view.hosts.iter().map(|host| host.as_bytes().to_vec()).collect();
    for name in [&b"x-forwarded-host"[..], b"x-original-host"] {
        hosts.extend(scene.values_of(name).into_iter().map(<[u8]>::to_vec));
    }
    let (service, region) = (scene.view.rules.service, scene.view.rules.region.unwrap_or_default());
    hosts.push(format!("{service}.amazonaws.com").into_bytes());
    hosts.push(format!("{service}.{region}.amazonaws.com").into_bytes());
    // The host without the bucket that is its first label.
    hosts.extend(split_once(host, b'.').map(|(_, rest)| rest.to_vec()));
    hosts.extend([&b"localhost"[..], b"127.0.0.1"].map(<[u8]>::to_vec));
    // A proxy that listens on a port of its own may have kept or dropped it.
    let with_port: Vec<_> = port
        .into_iter()
        .flat_map(|port| hosts.iter().map(|host| [host, &b":"[..], port].concat()))
        .collect();
    with_hosts(draft, hosts.into_iter().chain(with_port))
}

pub(super) fn spaces_kept(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let sent = |reduce: &dyn Fn(&[u8]) -> Vec<u8>| {
        let mut draft = draft.clone();
        for line in &mut draft.text.headers {
            let values = scene.values_of(&line.name.to_ascii_lowercase());
            let value = values.into_iter().map(reduce).collect::<Vec<_>>().join(&b',');
            if value != line.value {
                *line = HeaderLine::new(line.name.as_slice(), value);
            }
        }
        draft
    };
    let fold_spaces = |value: &[u8]| {
        let words = value.trim_ascii().split(|&byte| byte == b' ');
        words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(&b' ')
    };
    let mut drafts = Vec::from([
        sent(&|value| value.trim_ascii().to_vec()),
        sent(&|value| value.to_vec()),
        sent(&fold_spaces),
    ]);
    // Servers drop the space around values; it may have been there.
    for (at, line) in draft.text.headers.iter().enumerate().take(ONE_BY_ONE_MAX) {
        drafts.extend(draft.with_header(at, [&line.value, &b" "[..]].concat()));
        drafts.extend(draft.with_header(at, [b" ", line.value.as_slice()].concat()));
    }
    drafts
}

pub(super) fn repeats_joined_otherwise(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (at, line) in draft.text.headers.iter().enumerate().take(ONE_BY_ONE_MAX) {
        let values = scene.values_of(&line.name.to_ascii_lowercase());
        let values: Vec<_> = values.into_iter().map(<[u8]>::trim_ascii).collect();
        let [first, .., last] = values.as_slice() else { continue };
        let mut sorted = values.clone();
        sorted.sort_unstable();
        let joined = [
            values.join(&b", "[..]),
            values.join(&b"; "[..]),
            values.join(&b' '),
            sorted.join(&b','),
            first.to_vec(),
            last.to_vec(),
        ];
        drafts.extend(joined.into_iter().filter_map(|value| draft.with_header(at, value)));
        // A line for each value in place of one for all of them.
        let mut apart = draft.clone();
        let lines = values.iter().map(|value| HeaderLine::new(line.name.as_slice(), *value));
        apart.text.headers.splice(at..=at, lines);
        drafts.push(apart);
    }
    drafts
}

pub(super) fn not_sorted(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let first = |line: &Rc<HeaderLine>| scene.first_of(&line.name.to_ascii_lowercase());
    let mut as_sent = draft.clone();
    as_sent.text.headers.sort_by_cached_key(|line| first(line).map(|(at, _)| at));
    // Others sort the names before they lower their case.
    let mut by_case = draft.clone();
    by_case.text.headers.sort_by_cached_key(|line| first(line).map(|(_, name)| name));
    let listed = [&as_sent, &by_case].map(Draft::with_headers_listed);
    [as_sent, by_case].into_iter().chain(listed).collect()
}

pub(super) fn names_not_in_lower_case(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let mut as_sent = draft.clone();
    for line in &mut as_sent.text.headers {
        let wire = scene.first_of(&line.name.to_ascii_lowercase());
        if let Some((_, name)) = wire.filter(|(_, name)| *name != line.name) {
            *line = HeaderLine::new(name, line.value.as_slice());
        }
    }
    let mut sorted = as_sent.clone();
    sorted.text.headers.sort();
    let listed = [&as_sent, &sorted].map(Draft::with_headers_listed);
    [as_sent, sorted].into_iter().chain(listed).collect()
}

pub(super) fn in_lower_case(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let mut all = draft.clone();
    let mut drafts = Vec::new();
    for (at, line) in draft.text.headers.iter().enumerate().take(ONE_BY_ONE_MAX) {
        if line.value.iter().any(u8::is_ascii_uppercase) {
            let lower = line.value.to_ascii_lowercase();
            all.text.headers[at] = HeaderLine::new(line.name.as_slice(), lower);
            drafts.extend(draft.with_header(at, line.value.to_ascii_lowercase()));
        }
    }
    drafts.push(all);
    drafts
}

pub(super) fn not_listed(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let lines = draft.text.headers.iter();
    let listed: BTreeSet<_> = lines.map(|line| line.name.to_ascii_lowercase()).collect();
    let unlisted = scene.headers.iter().filter(|(name, _)| {
        !listed.contains(&name.to_ascii_lowercase())
            && !name.eq_ignore_ascii_case(header::AUTHORIZATION.as_bytes())
    });
    let mut drafts = Vec::new();
    for (name, value) in unlisted.take(ONE_BY_ONE_MAX) {
        let mut unnamed = draft.clone();
        let line = HeaderLine::new(name.to_ascii_lowercase(), value.trim_ascii());
        unnamed.text.headers.push(line);
        unnamed.text.headers.sort();
        drafts.extend([unnamed.with_headers_listed(), unnamed]);
    }
    drafts
}

pub(super) fn line_left_out(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for at in 0..draft.text.headers.len().min(ONE_BY_ONE_MAX) {
        let mut without = draft.clone();
        without.text.headers.remove(at);
        drafts.extend(draft.with_header(at, b""));
        drafts.extend([without.with_headers_listed(), without]);
    }
    drafts
}

pub(super) fn changed_on_the_way(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (at, line) in draft.text.headers.iter().enumerate().take(ONE_BY_ONE_MAX) {
        let HeaderLine { name, value } = &**line;
        let known = REWRITTEN.iter().filter(|(rewritten, _)| rewritten.as_bytes() == name);
        let known = known.flat_map(|(_, values)| values.iter());
        let mut values: Vec<_> = known.map(|value| value.as_bytes().to_vec()).collect();
        if name == b"content-length" {
            values.extend(scene.body().map(|body| format!("{}", body.len()).into_bytes()));
        }
        // A parameter was appended, or one was taken off.
        if let Some((before, _)) = split_once(value, b';') {
            values.push(before.trim_ascii().to_vec());
        }
        if name == b"content-type" {
            let charsets =
                ["; charset=utf-8", "; charset=UTF-8", ";charset=utf-8", ";charset=UTF-8"];
            values.extend(charsets.map(|charset| [value, charset.as_bytes()].concat()));
        }
        drafts.extend(values.into_iter().filter_map(|value| draft.with_header(at, value)));
    }
    drafts
}

/// Headers that HTTP stacks and proxies set, and what stands there without them.
const REWRITTEN: &[(&str, &[&str])] = &[
    ("accept", &["*/*", "application/json"]),
    ("accept-encoding", &["identity", "gzip", "gzip, deflate", "gzip, deflate, br", "deflate"]),
    ("connection", &["keep-alive", "Keep-Alive", "close"]),
    ("content-length", &["0"]),
    (
        "content-type",
        &[
            "application/json",
            "application/octet-stream",
            "application/x-amz-json-1.0",
            "application/x-amz-json-1.1",
            "application/x-www-form-urlencoded",
            "application/xml",
            "binary/octet-stream",
            "text/plain",
        ],
    ),
    ("expect", &["100-continue"]),
    ("te", &["trailers"]),
    ("transfer-encoding", &["chunked", "identity"]),
];
