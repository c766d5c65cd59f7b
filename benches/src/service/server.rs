//! A server in a process of its own, which ends with the value that stands for it.

use std::fs;
use std::io::{self, BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::load::Connection;

/// A running server.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// How long it took from the start of the process to its first answer.
    pub ready: Duration,
}

impl Server {
    /// Starts a program that says `Ready. http://ADDRESS` in its first line, on a free port.
    ///
    /// # Errors
    ///
    /// If it cannot be started or does not say so.
    pub fn start(program: &Path, arguments: &[&str]) -> io::Result<Self> {
        let begin = Instant::now();
        let mut child =
            Command::new(program).args(arguments).stdout(Stdio::piped()).spawn().map_err(
                |error| io::Error::new(error.kind(), format!("{}: {error}", program.display())),
            )?;
        let stdout = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let address =
            line.trim_end().strip_prefix("Ready. http://").and_then(|url| url.parse().ok());
        let address: SocketAddr = address.ok_or_else(|| io::Error::other(line.clone()))?;
        let mut server = Self { child, address, ready: Duration::ZERO };
        let health = format!("GET /_emulator/health HTTP/1.1\r\nhost: {address}\r\n\r\n");
        Connection::open(address)?.ask(health.as_bytes())?;
        server.ready = begin.elapsed();
        Ok(server)
    }

    /// Kilobytes that are resident.
    ///
    /// # Errors
    ///
    /// Where the system does not tell.
    pub fn resident_kilobytes(&self) -> io::Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        number.ok_or_else(|| io::Error::other("no VmRSS"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended by itself if it cannot be ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
