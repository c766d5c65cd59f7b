//! The built command: what it prints, where it listens, and how it ends.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};

use rustix::process::Signal;

use crate::process::{self, Process, run};
use crate::raw_http::{RawHttp, ask, get};

#[test]
fn serving_is_the_default_and_says_where() {
    for arguments in [vec![], vec!["serve"]] {
        let process = match arguments[..] {
            [] => Process::start(["--listen", "127.0.0.1:0"], &[]),
            _ => Process::start(["serve", "--listen", "127.0.0.1:0"], &[]),
        };
        let address = process.ready();
        assert_eq!(address.ip(), Ipv4Addr::LOCALHOST);
        assert_ne!(address.port(), 0);
        assert_eq!(process.line(), format!("export AWS_ENDPOINT_URL_IAM=http://{address}\n"));
        assert_eq!(ask(address, get("/_emulator/health")).status, 200);
    }
}

#[test]
fn what_follows_is_ready_to_paste_into_a_shell() {
    let (process, address) =
        Process::serve(["--root-access-key-id", "AKIDROOT", "--root-secret-access-key", "-s'$x"]);
    process.signal(Signal::TERM);
    assert_eq!(
        process.finish().stdout,
        format!(
            "export AWS_ENDPOINT_URL_IAM=http://{address}\n\
             export AWS_ENDPOINT_URL_STS=http://{address}\n\
             export AWS_REGION=us-east-1\n\
             export AWS_DEFAULT_REGION=us-east-1\n\
             export AWS_ACCESS_KEY_ID=AKIDROOT\n\
             export AWS_SECRET_ACCESS_KEY='-s'\\''$x'\n\
             export AWS_SESSION_TOKEN=\n"
        )
    );
}

#[test]
fn each_signal_to_stop_ends_it_with_0_and_closes_the_port() {
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let (process, address) = Process::serve([]);
        // A client that keeps its connection open does not hold the stop up.
        let mut idle = RawHttp::connect(address);
        idle.send(get("/_emulator/health"));
        assert_eq!(idle.answer().status, 200);
        process.signal(signal);
        let finished = process.finish();
        assert_eq!(finished.code(), Some(0), "{finished:?}");
        idle.assert_closed();
        assert!(TcpStream::connect(address).is_err());
    }
}

#[test]
fn a_request_under_way_is_answered_before_it_ends() {
    let (process, address) = Process::serve([]);
    let mut under_way = RawHttp::connect(address);
    under_way.send("POST /other HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    assert_eq!(under_way.answer_head().status, 100);
    let mut idle = RawHttp::connect(address);
    idle.send(get("/other"));
    assert_eq!(idle.answer().status, 404);
    process.signal(Signal::TERM);
    // The idle connection is closed when the stop has begun.
    idle.assert_closed();
    under_way.send("a=b");
    assert_eq!(under_way.answer().status, 404);
    assert_eq!(process.finish().code(), Some(0));
}

#[test]
fn the_port_file_is_there_while_it_serves() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("port");
    let (process, address) = Process::serve(["--port-file", path.to_str().unwrap()]);
    assert_eq!(fs::read_to_string(&path).unwrap(), format!("{}\n", address.port()));
    process.signal(Signal::TERM);
    assert_eq!(process.finish().code(), Some(0));
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[test]
fn a_port_file_that_cannot_be_written_ends_it_with_1() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("missing/port");
    let finished = run(["--listen", "127.0.0.1:0", "--port-file", path.to_str().unwrap()], &[]);
    assert_eq!((finished.code(), finished.stdout.as_str()), (Some(1), ""));
    assert!(finished.stderr.contains("cannot write the port file"), "{}", finished.stderr);
}

#[test]
fn a_port_in_use_is_named_and_ends_it_with_1() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let finished = run(["--listen", &address], &[]);
    assert_eq!((finished.code(), finished.stdout.as_str()), (Some(1), ""));
    let expected =
        format!("iam-emulator: cannot listen on {address}: the address is already in use\n");
    assert_eq!(finished.stderr, expected);
}

#[test]
fn bad_usage_ends_it_with_2() {
    let check = |finished: process::Finished| {
        assert_eq!(
            (finished.code(), finished.stdout.as_str()),
            (Some(2), ""),
            "{}",
            finished.stderr
        );
        assert_ne!(finished.stderr, "");
    };
    check(run(["--unknown"], &[]));
    check(run(["--listen", "4566"], &[]));
    check(run(["--region-check", "maybe"], &[]));
    check(run(["--log-format", "xml"], &[]));
    let free = [("IAM_EMULATOR_LISTEN", "127.0.0.1:0")];
    check(run(["--account-id", "1234"], &free));
    check(run(["--root-access-key-id", "a/b"], &free));
    check(run(["--root-secret-access-key", ""], &free));
    check(run(["serve", "operand"], &[]));
    check(run(["unknown"], &[]));
    check(run(["env", "--endpoint", "ftp://localhost"], &[]));
    check(run(["env", "--endpoint", "http://localhost", "--port-file", "port"], &[]));
    check(run(["healthcheck", "--endpoint", "localhost"], &[]));
    check(run(["completions"], &[]));
    check(run([], &[("IAM_EMULATOR_LISTEN", "nowhere")]));
    // These belong to a later version, and are not quietly accepted.
    check(run(["--seed", "file"], &[]));
    check(run(["--state", "file"], &[]));
    check(run(["--no-control"], &[]));
    check(run(["run", "--", "true"], &[]));
}

#[test]
fn an_option_wins_over_its_variable() {
    let variables = [
        ("IAM_EMULATOR_LISTEN", "127.0.0.1:0"),
        ("IAM_EMULATOR_ROOT_ACCESS_KEY_ID", "FROMVARIABLE"),
        ("IAM_EMULATOR_ROOT_SECRET_ACCESS_KEY", "fromVariable"),
        ("IAM_EMULATOR_LOG_LEVEL", "error"),
        ("IAM_EMULATOR_LOG_FORMAT", "json"),
        ("IAM_EMULATOR_REGION_CHECK", "strict"),
        ("IAM_EMULATOR_ACCOUNT_ID", "000000000007"),
    ];
    let process = Process::start(["--root-access-key-id", "FROMOPTION"], &variables);
    process.ready();
    process.signal(Signal::TERM);
    let finished = process.finish();
    assert!(finished.stdout.contains("AWS_ACCESS_KEY_ID=FROMOPTION\n"), "{}", finished.stdout);
    assert!(
        finished.stdout.contains("AWS_SECRET_ACCESS_KEY=fromVariable\n"),
        "{}",
        finished.stdout
    );
    assert_eq!(finished.stderr, "");
}

#[test]
fn help_does_not_show_the_secret_of_the_environment() {
    let variables = [("IAM_EMULATOR_ROOT_SECRET_ACCESS_KEY", "uncommonSecret")];
    for arguments in [["--help"], ["-h"]] {
        let finished = run(arguments, &variables);
        assert_eq!(finished.code(), Some(0));
        assert!(finished.stdout.contains("IAM_EMULATOR_ROOT_SECRET_ACCESS_KEY"));
        assert!(!finished.stdout.contains("uncommonSecret"));
    }
}

#[test]
fn listening_beyond_the_machine_is_warned_of() {
    let process = Process::start(["--listen", "0.0.0.0:0", "--log-format", "json"], &[]);
    let address = process.ready();
    assert_eq!(address.ip(), Ipv4Addr::LOCALHOST);
    assert_eq!(ask(address, get("/_emulator/health")).status, 200);
    process.signal(Signal::TERM);
    let events = json_lines(&process.finish().stderr);
    assert!(events.iter().any(|event| event["level"] == "WARN"), "{events:?}");

    let (process, _) = Process::serve(["--log-format", "json"]);
    process.signal(Signal::TERM);
    let events = json_lines(&process.finish().stderr);
    assert!(events.iter().all(|event| event["level"] == "INFO"), "{events:?}");
}

#[test]
fn the_log_tells_of_requests_without_their_query() {
    let (process, address) = Process::serve(["--log-level", "debug", "--log-format", "json"]);
    assert_eq!(ask(address, get("/other?X-Amz-Signature=0123abcd")).status, 404);
    process.signal(Signal::TERM);
    let stderr = process.finish().stderr;
    let events = json_lines(&stderr);
    let answered = events.iter().find(|event| event["fields"]["message"] == "answered").unwrap();
    assert_eq!(answered["fields"]["path"], "/other");
    assert_eq!(answered["fields"]["status"], 404);
    assert!(!stderr.contains("0123abcd"), "{stderr}");
}

#[test]
fn standard_output_that_cannot_be_written_ends_it_with_1() {
    // Writing to this device fails, as to a full disk.
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let finished =
        Process::start_with_stdout(["--listen", "127.0.0.1:0"], &[], full.into()).finish();
    assert_eq!(finished.code(), Some(1));
    assert!(finished.stderr.contains("cannot write to standard output"), "{}", finished.stderr);
}

#[test]
fn env_says_what_a_client_needs() {
    let finished = run(["env"], &[]);
    assert_eq!(finished.code(), Some(0));
    assert!(
        finished.stdout.starts_with(
            "export AWS_ENDPOINT_URL_IAM=http://127.0.0.1:4566\n\
             export AWS_ENDPOINT_URL_STS=http://127.0.0.1:4566\n"
        ),
        "{}",
        finished.stdout
    );
    assert!(finished.stdout.contains("export AWS_ACCESS_KEY_ID=test\n"), "{}", finished.stdout);

    let emulator = "http://emulator:8080";
    let arguments = ["env", "--all-services", "--endpoint", emulator, "--format", "dotenv"];
    let finished = run(arguments, &[]);
    assert!(
        finished
            .stdout
            .starts_with("AWS_ENDPOINT_URL=http://emulator:8080\nAWS_REGION=us-east-1\n")
    );

    let variables =
        [("IAM_EMULATOR_ROOT_SECRET_ACCESS_KEY", "a\"b"), ("IAM_EMULATOR_FORMAT", "json")];
    let finished = run(["env", "--root-access-key-id", "AKIDROOT"], &variables);
    let object: serde_json::Value = serde_json::from_str(&finished.stdout).unwrap();
    assert_eq!(object["AWS_ACCESS_KEY_ID"], "AKIDROOT");
    assert_eq!(object["AWS_SECRET_ACCESS_KEY"], "a\"b");
}

#[test]
fn env_finds_the_emulator_by_its_port_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("port");
    let path = path.to_str().unwrap();
    let (_process, address) = Process::serve(["--port-file", path]);
    let expected = format!("export AWS_ENDPOINT_URL_IAM=http://{address}\n");

    let by_option = run(["env", "--port-file", path], &[]);
    assert!(by_option.stdout.starts_with(&expected), "{by_option:?}");
    let by_variable = run(["env"], &[("IAM_EMULATOR_PORT_FILE", path)]);
    assert!(by_variable.stdout.starts_with(&expected), "{by_variable:?}");
    // Whichever is an option wins over the other as a variable.
    let over_endpoint =
        run(["env", "--port-file", path], &[("IAM_EMULATOR_ENDPOINT", "http://emulator")]);
    assert!(over_endpoint.stdout.starts_with(&expected), "{over_endpoint:?}");
    let over_port_file =
        run(["env", "--endpoint", "http://emulator:1"], &[("IAM_EMULATOR_PORT_FILE", path)]);
    assert!(
        over_port_file.stdout.starts_with("export AWS_ENDPOINT_URL_IAM=http://emulator:1\n"),
        "{over_port_file:?}"
    );

    let missing = directory.path().join("missing");
    let finished = run(["env", "--port-file", missing.to_str().unwrap()], &[]);
    assert_eq!((finished.code(), finished.stdout.as_str()), (Some(1), ""));
}

#[test]
fn env_checks_on_demand_that_something_answers() {
    let (process, address) = Process::serve([]);
    let endpoint = format!("http://{address}");
    assert_eq!(run(["env", "--check", "--endpoint", &endpoint], &[]).code(), Some(0));
    process.signal(Signal::TERM);
    process.finish();
    let gone = run(["env", "--check", "--endpoint", &endpoint], &[]);
    assert_eq!((gone.code(), gone.stdout.as_str()), (Some(1), ""));
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let (process, address) = Process::serve([]);
    // A request under way, which a stop waits for.
    let mut slow = RawHttp::connect(address);
    slow.send("POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\n");
    process.signal(Signal::TERM);
    while TcpStream::connect(address).is_ok() {}
    process.signal(Signal::INT);
    let finished = process.finish();
    assert_eq!(finished.code(), Some(128 + 2), "{finished:?}");
}

#[test]
fn names_and_origins_are_answered_where_they_are_allowed() {
    let arguments =
        ["--allow-host", "emulator.test,other.test", "--allow-origin", "https://app.test"];
    let (_process, address) = Process::serve(arguments);
    let get = |host: &str, more: &str| {
        format!("GET /_emulator/health HTTP/1.1\r\nhost: {host}\r\n{more}\r\n")
    };
    for (host, more, status) in [
        ("localhost", "", 200),
        ("other.test", "", 200),
        ("evil.test", "", 421),
        ("localhost", "origin: https://app.test\r\nsec-fetch-site: cross-site\r\n", 200),
        ("localhost", "origin: https://evil.test\r\n", 403),
        ("localhost", "sec-fetch-site: cross-site\r\n", 403),
    ] {
        assert_eq!(ask(address, get(host, more)).status, status, "{host} {more}");
    }
}

#[test]
fn the_variables_of_serving_do_not_disturb_the_other_commands() {
    let variables = [("IAM_EMULATOR_LISTEN", "127.0.0.1:0"), ("IAM_EMULATOR_ACCOUNT_ID", "1")];
    assert_eq!(run(["env"], &variables).code(), Some(0));
    assert_eq!(run(["completions", "bash"], &variables).code(), Some(0));
}

#[test]
fn healthcheck_tells_by_its_exit_status() {
    let (process, address) = Process::serve([]);
    let endpoint = format!("http://{address}");
    let healthy = run(["healthcheck", "--endpoint", &endpoint], &[]);
    assert_eq!(
        (healthy.code(), healthy.stdout.as_str(), healthy.stderr.as_str()),
        (Some(0), "", "")
    );
    assert_eq!(run(["healthcheck"], &[("IAM_EMULATOR_ENDPOINT", &endpoint)]).code(), Some(0));
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("port");
    fs::write(&path, format!("{}\n", address.port())).unwrap();
    let by_file = run(["healthcheck", "--port-file", path.to_str().unwrap()], &[]);
    assert_eq!(by_file.code(), Some(0), "{by_file:?}");
    process.signal(Signal::TERM);
    process.finish();
    let gone = run(["healthcheck", "--endpoint", &endpoint], &[]);
    assert_eq!(gone.code(), Some(1));
    assert!(gone.stderr.contains(&endpoint), "{}", gone.stderr);
}

#[test]
fn completions_are_printed_for_each_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let finished = run(["completions", shell], &[]);
        assert_eq!(finished.code(), Some(0));
        assert!(finished.stdout.contains("healthcheck"), "{shell}");
    }
}

#[test]
fn two_emulators_run_side_by_side() {
    let servers: [(Process, SocketAddr); 2] = [Process::serve([]), Process::serve([])];
    assert_ne!(servers[0].1, servers[1].1);
    for (_, address) in &servers {
        assert_eq!(ask(*address, get("/other")).status, 404);
    }
}

fn json_lines(text: &str) -> Vec<serde_json::Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
