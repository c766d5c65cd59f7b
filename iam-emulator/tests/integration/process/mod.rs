//! The built command as a child process, every wait for it bounded.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

/// How long a test waits for a line or an exit before it fails; on a busy machine, generous.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running `iam-emulator`, killed when dropped.
pub(crate) struct Process {
    child: Child,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
}

/// How a process ended and what it had not been asked for before.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Finished {
    pub(crate) fn code(&self) -> Option<i32> {
        self.status.code()
    }
}

impl Process {
    /// Starts the command with these arguments and variables, and no others.
    pub(crate) fn start<const N: usize>(arguments: [&str; N], variables: &[(&str, &str)]) -> Self {
        Self::start_with_stdout(arguments, variables, Stdio::piped())
    }

    /// Starts the command with a standard output of the test's choice.
    pub(crate) fn start_with_stdout<const N: usize>(
        arguments: [&str; N],
        variables: &[(&str, &str)],
        stdout: Stdio,
    ) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_iam-emulator"))
            .args(arguments)
            .env_clear()
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(stdout)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = child.stdout.take().map_or_else(|| channel().1, lines);
        let stderr = lines(child.stderr.take().unwrap());
        Self { child, stdout, stderr }
    }

    /// Starts a server on a free port and waits until it says where.
    pub(crate) fn serve<const N: usize>(arguments: [&str; N]) -> (Self, SocketAddr) {
        let process = Self::start(arguments, &[("IAM_EMULATOR_LISTEN", "127.0.0.1:0")]);
        let address = process.ready();
        (process, address)
    }

    /// Reads the first line of a server, which says where it listens.
    pub(crate) fn ready(&self) -> SocketAddr {
        let line = self.line();
        let address = line.strip_prefix("Ready. http://").unwrap_or_else(|| panic!("{line:?}"));
        address.trim_end().parse().unwrap()
    }

    /// Reads the next line of standard output.
    pub(crate) fn line(&self) -> String {
        self.stdout.recv_timeout(PATIENCE).unwrap()
    }

    /// The process's number.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal to the process.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits until the process has ended by itself.
    pub(crate) fn finish(mut self) -> Finished {
        // Both pipes end when the process does.
        let stdout = rest(&self.stdout);
        let stderr = rest(&self.stderr);
        Finished { status: self.child.wait().unwrap(), stdout, stderr }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already, which is as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs the command to its end.
pub(crate) fn run<const N: usize>(arguments: [&str; N], variables: &[(&str, &str)]) -> Finished {
    Process::start(arguments, variables).finish()
}

/// Reads lines on a thread of their own, so that waiting for one can end.
fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        loop {
            let mut line = Vec::new();
            match pipe.read_until(b'\n', &mut line) {
                Ok(1..) => {}
                Ok(0) | Err(_) => return,
            }
            if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                return;
            }
        }
    });
    receiver
}

fn rest(lines: &Receiver<String>) -> String {
    let mut rest = String::new();
    loop {
        match lines.recv_timeout(PATIENCE) {
            Ok(line) => rest.push_str(&line),
            Err(RecvTimeoutError::Disconnected) => return rest,
            Err(RecvTimeoutError::Timeout) => panic!("still running after: {rest}"),
        }
    }
}
