//! A load on a server of this machine: some connections, each asking as soon as it is answered.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

/// How long an answer may take before the load fails.
const PATIENCE: Duration = Duration::from_secs(10);

/// One connection, kept alive.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What a load came to.
#[derive(Debug)]
pub struct Load {
    /// From the first request to the last answer.
    pub elapsed: Duration,
    /// The time that each answer took, the shortest first.
    pub latencies: Vec<Duration>,
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    ///
    /// The system's.
    pub fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { stream, buffer: Vec::new() })
    }

    /// Sends a request and reads the whole answer.
    ///
    /// # Errors
    ///
    /// If the server fails, or answers otherwise than with 200.
    pub fn ask(&mut self, request: &[u8]) -> io::Result<&[u8]> {
        self.stream.write_all(request)?;
        self.buffer.clear();
        let body = loop {
            self.read()?;
            if let Some(end) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let head = String::from_utf8_lossy(&self.buffer[..body]).to_ascii_lowercase();
        if !head.starts_with("http/1.1 200 ") {
            return Err(io::Error::other(String::from_utf8_lossy(&self.buffer).into_owned()));
        }
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.and_then(|length| length.parse().ok()).unwrap_or_default();
        while self.buffer.len() < body + length {
            self.read()?;
        }
        Ok(&self.buffer[body..])
    }

    fn read(&mut self) -> io::Result<()> {
        let mut bytes = [0; 16 * 1024];
        match self.stream.read(&mut bytes)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                self.buffer.extend_from_slice(&bytes[..read]);
                Ok(())
            }
        }
    }
}

impl Load {
    /// Has so many connections ask at once, each what its own source of requests gives, until
    /// that has no more.
    ///
    /// # Errors
    ///
    /// The first of any connection.
    pub fn run<I>(address: SocketAddr, sources: Vec<I>) -> io::Result<Self>
    where
        I: Iterator<Item = Vec<u8>> + Send,
    {
        let barrier = Barrier::new(sources.len());
        let ask_all = |requests: I| -> io::Result<(Instant, Vec<Duration>)> {
            let connection = Connection::open(address);
            barrier.wait();
            let mut connection = connection?;
            let (begin, mut latencies) = (Instant::now(), Vec::new());
            for request in requests {
                let asked = Instant::now();
                connection.ask(&request)?;
                latencies.push(asked.elapsed());
            }
            Ok((begin, latencies))
        };
        let results: Vec<_> = thread::scope(|scope| {
            let workers: Vec<_> =
                sources.into_iter().map(|source| scope.spawn(|| ask_all(source))).collect();
            workers.into_iter().map(|worker| worker.join().expect("no panic")).collect()
        });
        let end = Instant::now();
        let (mut begin, mut latencies) = (end, Vec::new());
        for result in results {
            let (begun, mut own) = result?;
            begin = begin.min(begun);
            latencies.append(&mut own);
        }
        latencies.sort_unstable();
        Ok(Self { elapsed: end - begin, latencies })
    }

    /// Requests answered in a second.
    #[must_use]
    pub fn per_second(&self) -> f64 {
        self.latencies.len() as f64 / self.elapsed.as_secs_f64()
    }

    /// Microseconds within which this part of all requests was answered.
    #[must_use]
    pub fn percentile(&self, part: f64) -> f64 {
        let last = self.latencies.len().saturating_sub(1);
        let index = (last as f64 * part).round() as usize;
        self.latencies.get(index).map_or(0.0, |latency| latency.as_secs_f64() * 1e6)
    }
}
