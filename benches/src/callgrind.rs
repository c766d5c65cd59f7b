//! Counts instructions under callgrind, those of SHA-256's compression left out.
//!
//! Valgrind's processor has no SHA extensions, so compression runs in software
//! there and would drown everything else; what remains is the same on every
//! run. One process counts all contestants.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::process::{self, Command};
use std::{env, fs};

use crate::contestant::{Contestant, Role};

/// Set in the process that callgrind watches.
const WATCHED: &str = "BENCH_UNDER_CALLGRIND";

/// Runs of each contestant, whose mean is taken: enough for what comes once in
/// a stretch, the look at the clock, to vanish.
const RUNS: u64 = 256;

/// More than the floor takes outside compression, and less than one block takes
/// in software.
const FLOOR_MAX: u64 = 1_000;

/// Instructions of each contestant for one request, in their order.
///
/// Starts the calling program again, under callgrind; there it has to come to
/// this call with the same contestants, and ends in it.
///
/// # Errors
///
/// If valgrind cannot be started, or has not collected what it should.
pub fn count(contestants: &mut [Contestant<'_>]) -> io::Result<Vec<u64>> {
    if env::var_os(WATCHED).is_some() {
        watched(&mut Contestant::nothing());
        contestants.iter_mut().for_each(watched);
        process::exit(0);
    }
    let folder = tempfile::tempdir()?;
    let dumps = folder.path().join("dump");
    watch(&dumps)?;
    // Callgrind numbers its dumps from one, and the first is of nothing.
    let dump = |number: usize| collected(&dumps.with_extension(number.to_string()));
    let nothing = dump(1)?;
    let mut counts = Vec::new();
    for (at, contestant) in contestants.iter().enumerate() {
        let requests = RUNS * contestant.requests;
        let count = (dump(at + 2)?.saturating_sub(nothing) + requests / 2) / requests;
        if count == 0 || contestant.role == Role::Floor && count > FLOOR_MAX {
            let what = format!("{count} instructions for {:?}", contestant.name);
            return Err(io::Error::new(ErrorKind::InvalidData, what));
        }
        counts.push(count);
    }
    Ok(counts)
}

/// Runs a contestant; callgrind dumps what it has collected when this returns.
#[inline(never)]
fn watched(contestant: &mut Contestant<'_>) {
    contestant.run(RUNS);
}

/// Runs this program under callgrind, which writes a dump for each contestant.
fn watch(dumps: &Path) -> io::Result<()> {
    let output = Command::new("valgrind")
        .arg("--tool=callgrind")
        .arg(format!("--callgrind-out-file={}", dumps.display()))
        .arg("--zero-before=benches::callgrind::watched")
        .arg("--dump-after=benches::callgrind::watched")
        // Nothing is collected at first. To enter or to leave any of these turns
        // that over: a contestant's own work is collected, but not the making of
        // its input, and not what it compresses.
        .arg("--toggle-collect=*::Cost*::of*")
        .arg("--toggle-collect=*::sha256::compress256*")
        .arg(env::current_exe()?)
        .args(env::args_os().skip(1))
        .env(WATCHED, "1")
        .output()
        .map_err(|error| {
            io::Error::new(error.kind(), format!("valgrind cannot be started: {error}"))
        })?;
    if output.status.success() {
        return Ok(());
    }
    Err(io::Error::other(String::from_utf8_lossy(&output.stderr)))
}

/// The instructions that a dump has collected; that there are none is an error.
fn collected(dump: &Path) -> io::Result<u64> {
    let text = fs::read_to_string(dump)?;
    let count = text.lines().find_map(|line| line.strip_prefix("summary: "));
    let count = count.and_then(|count| count.parse().ok()).filter(|&count| count > 0);
    count.ok_or_else(|| io::Error::new(ErrorKind::InvalidData, "callgrind has collected nothing"))
}
