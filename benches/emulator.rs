//! The emulator beside bare axum: both as processes on this machine, one load on each by turns.
//!
//! Run with `cargo build --release -p iam-emulator --bin iam-emulator`, then
//! `cargo bench -p benches --bench emulator`.

use std::io;
use std::path::{Path, PathBuf};

use benches::report;
use benches::service::load::Load;
use benches::service::requests::Requests;
use benches::service::server::Server;
use benches::service::{LoadRow, StandingRow};

/// Connections that ask at once.
const CONNECTIONS: usize = 16;

/// Rounds, in each of which every server has its turn.
const ROUNDS: usize = 9;

/// Requests of a turn, on each connection. Users are made by a fresh emulator each time, and an
/// account has room for 5,000.
const REQUESTS: usize = 250;

/// Users with two keys that are made to weigh one.
const USERS: usize = 2_000;

/// How often the start of a process is timed.
const STARTS: usize = 15;

fn main() -> io::Result<()> {
    if std::env::args().any(|argument| argument == "--list" || argument == "--test") {
        return Ok(());
    }
    let axum = Contestant { name: "bare axum", program: env!("CARGO_BIN_EXE_bare_axum").into() };
    let emulator = Contestant { name: "iam-emulator", program: emulator()? };
    let mut rows = Vec::new();
    for workload in ["GetCallerIdentity", "ListAccessKeys", "CreateUser"] {
        rows.extend(race(workload, [&axum, &emulator])?);
    }
    report::conclude("emulator", &rows)?;
    report::conclude("emulator-standing", &[standing(&axum)?, standing(&emulator)?])
}

struct Contestant {
    name: &'static str,
    program: PathBuf,
}

impl Contestant {
    fn start(&self) -> io::Result<Server> {
        let arguments: &[_] = if self.keeps_users() {
            &["--listen", "127.0.0.1:0", "--log-level", "error"]
        } else {
            &[]
        };
        Server::start(&self.program, arguments)
    }

    fn keeps_users(&self) -> bool {
        self.name == "iam-emulator"
    }
}

/// The command, built beside this bench.
fn emulator() -> io::Result<PathBuf> {
    let bench = std::env::current_exe()?;
    let folder = bench.parent().and_then(Path::parent).unwrap_or(Path::new("."));
    let program = folder.join("iam-emulator");
    if program.exists() {
        return Ok(program);
    }
    let build = "cargo build --release -p iam-emulator --bin iam-emulator";
    Err(io::Error::other(format!("{} is missing: {build}", program.display())))
}

/// Lets every server work by turns; of each the turn with the median ratio to bare axum's.
fn race(workload: &str, contestants: [&Contestant; 2]) -> io::Result<Vec<LoadRow>> {
    let mut rounds = Vec::new();
    // The first is for whatever is read from disk.
    turn(workload, contestants[1])?;
    for _ in 0..ROUNDS {
        let loads = [turn(workload, contestants[0])?, turn(workload, contestants[1])?];
        let ratio = loads[1].per_second() / loads[0].per_second();
        rounds.push((ratio, loads));
    }
    rounds.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let (ratio, loads) = rounds.swap_remove(ROUNDS / 2);
    let row = |(contestant, (load, ratio)): (&Contestant, (&Load, f64))| LoadRow {
        workload: workload.to_owned(),
        server: contestant.name.to_owned(),
        per_second: load.per_second(),
        ratio,
        p50: load.percentile(0.5),
        p99: load.percentile(0.99),
    };
    let loads = loads.iter().zip([1.0, ratio]);
    Ok(contestants.into_iter().zip(loads).map(row).collect())
}

/// One turn of a fresh server.
fn turn(workload: &str, contestant: &Contestant) -> io::Result<Load> {
    let server = contestant.start()?;
    let requests = Requests::to(server.address);
    let prepare = |parameters: &str| {
        let request = requests.iam(parameters);
        Load::run(server.address, vec![std::iter::once(request)])
    };
    if workload == "ListAccessKeys" {
        prepare("Action=CreateUser&UserName=alice")?;
        prepare("Action=CreateAccessKey&UserName=alice")?;
        prepare("Action=CreateAccessKey&UserName=alice")?;
    }
    let source = |connection: usize| -> Vec<_> {
        (0..REQUESTS)
            .map(|number| match workload {
                "GetCallerIdentity" => requests.sts("Action=GetCallerIdentity"),
                "ListAccessKeys" => requests.iam("Action=ListAccessKeys&UserName=alice"),
                _ => requests.iam(&format!("Action=CreateUser&UserName=u{connection}.{number}")),
            })
            .collect()
    };
    // Signed beforehand: the load is not to wait for its own signatures.
    let sources = (0..CONNECTIONS).map(|connection| source(connection).into_iter()).collect();
    Load::run(server.address, sources)
}

/// What a server costs without any load.
fn standing(contestant: &Contestant) -> io::Result<StandingRow> {
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        starts.push(contestant.start()?.ready.as_secs_f64() * 1e3);
    }
    starts.sort_by(f64::total_cmp);
    let server = contestant.start()?;
    let idle = server.resident_kilobytes()?;
    let user = contestant.keeps_users().then(|| weigh_user(&server)).transpose()?;
    Ok(StandingRow {
        server: contestant.name.to_owned(),
        ready: starts[STARTS / 2],
        idle: idle / 1024.0,
        user,
    })
}

/// Kilobytes that a user with two keys takes.
fn weigh_user(server: &Server) -> io::Result<f64> {
    let requests = Requests::to(server.address);
    let send = |begin: usize, end: usize| {
        let calls = (begin..end).flat_map(|number| {
            let key = requests.iam(&format!("Action=CreateAccessKey&UserName=user{number}"));
            [requests.iam(&format!("Action=CreateUser&UserName=user{number}")), key.clone(), key]
        });
        Load::run(server.address, vec![calls.collect::<Vec<_>>().into_iter()])
    };
    // What the first requests leave behind is not the users'.
    send(0, 100)?;
    let before = server.resident_kilobytes()?;
    send(100, 100 + USERS)?;
    Ok((server.resident_kilobytes()? - before) / USERS as f64)
}
