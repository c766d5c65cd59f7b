//! What clients can make the server hold: a body however it is cut, and all bodies together.

use std::fs;

use crate::process::Process;
use crate::raw_http::{RawHttp, ask, get};

/// Bytes of each body in single bytes: enough to show what they cost, and not to take long.
const LEN: usize = 200 * 1024;

/// A request whose body comes in frames of one byte each, but for its end.
fn in_single_bytes(len: usize) -> Vec<u8> {
    let mut request =
        b"POST /other HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    request.extend(b"1\r\nx\r\n".repeat(len));
    request
}

/// The most that a process has had resident, in bytes.
#[cfg(target_os = "linux")]
fn most_resident(process: &Process) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.split_whitespace().next().unwrap().parse::<usize>().unwrap() * 1024
}

#[cfg(target_os = "linux")]
#[test]
fn bodies_in_single_bytes_cost_no_more_than_twice_their_length() {
    let (process, address) = Process::serve([]);
    assert_eq!(ask(address, get("/other")).status, 404);
    let before = most_resident(&process);
    let mut clients: Vec<_> = (0..4).map(|_| RawHttp::connect(address)).collect();
    for client in &mut clients {
        client.send(in_single_bytes(LEN));
    }
    for client in &mut clients {
        client.send("0\r\n\r\n");
        assert_eq!(client.answer().status, 404);
    }
    let grown = most_resident(&process) - before;
    // Twice, and what sockets and the allocator hold besides.
    let allowed = 4 * 2 * LEN + 6 * 1024 * 1024;
    assert!(grown <= allowed, "{grown} bytes for four bodies of {LEN}");
}

#[test]
fn what_does_not_fit_beside_the_others_is_refused_at_once_and_fits_again_later() {
    let (_process, address) = Process::serve(["--body-memory", "1000000"]);
    let head = |len: usize| {
        format!("POST /other HTTP/1.1\r\nhost: localhost\r\ncontent-length: {len}\r\n\r\n")
    };
    let whole = || [head(600_000).into_bytes(), vec![b'x'; 600_000]].concat();
    // A body that is not yet whole is held, once it has been read. Of two that are read at the
    // same time either may be the one that does not fit.
    let held = (0..100).find_map(|_| {
        let mut slow = RawHttp::connect(address);
        slow.send(head(600_001));
        slow.send(vec![b'x'; 600_000]);
        (0..3).any(|_| ask(address, whole()).status == 503).then_some(slow)
    });
    let mut slow = held.expect("some body is held");
    assert_eq!(ask(address, get("/other")).status, 404, "without a body there is room");
    slow.send("x");
    assert_eq!(slow.answer().status, 404);
    assert_eq!(ask(address, whole()).status, 404, "what it held was given back");
}
