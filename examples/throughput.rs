//! How many requests this machine signs and verifies in a second, and how far
//! that is from SHA-256 alone.
//!
//! Run with `cargo run --release -p examples --example throughput`. It takes
//! about ten seconds; another number of them can be given behind `--`.

use std::error::Error;
use std::hint::black_box;
use std::num::NonZero;
use std::sync::Barrier;
use std::time::{Duration, Instant};
use std::{env, thread};

use comfy_table::{CellAlignment, Table, presets};
use indicatif::{ProgressBar, ProgressStyle};
use sha2::block_api::compress256;
use sigv4::{
    Body, Credentials, Evidence, Expires, Payload, PresentedSignature, Request, SignError,
    Signature, SigningInstant, SigningKey, SigningRules, Timestamp, Verified, VerifyError,
    VerifyRules, VerifyingKey,
};

/// Seconds that all takes, if nobody says otherwise.
const SECONDS: f64 = 10.0;
const SECONDS_MAX: f64 = 3_600.0;

fn main() -> Result<(), Box<dyn Error>> {
    let seconds = seconds()?;
    if cfg!(debug_assertions) {
        eprintln!("This is a debug build, and slow: run it with --release.");
    }
    let token = "IQoJb3JpZ2luX2VjEJr+/".repeat(34);
    let tasks = [
        Task::put_item("headers", "")?,
        Task::put_item("headers, session token", &token)?,
        Task::get_object("presigned", "")?,
        Task::get_object("presigned, session token", &token)?,
    ];
    let mut stopwatch = Stopwatch::new(tasks.len() * MEASUREMENTS, seconds)?;
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY);
    let cores = format!("{} cores", stopwatch.cores);
    table.set_header(["", "one core", &cores, "one takes", "SHA-256 alone"]);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    for task in &tasks {
        table.add_rows(task.measure(&mut stopwatch)?);
    }
    stopwatch.bar.finish_and_clear();
    println!("{table}");
    println!(
        "The last column says how many times the bare SHA-256 compressions of the request it takes."
    );
    Ok(())
}

/// The argument, if there is one.
fn seconds() -> Result<f64, String> {
    let Some(argument) = env::args().nth(1) else { return Ok(SECONDS) };
    let seconds = argument.parse().ok().filter(|seconds| (0.0..=SECONDS_MAX).contains(seconds));
    seconds.ok_or_else(|| format!("{argument} is not a number of seconds up to {SECONDS_MAX}"))
}

/// A request as an application has it, and what is demanded of its signature.
struct Task<'a> {
    name: &'static str,
    form: Form,
    request: Request<'a, [(&'static str, &'static str)]>,
    body: &'static [u8],
    payload: Payload<'a>,
    service: &'static str,
    session_token: &'a str,
    rules: SigningRules<'static>,
    verify_rules: VerifyRules<'static>,
}

/// Where the signature goes.
enum Form {
    Headers,
    Query(Expires),
}

/// A request as it is sent: signed.
struct Sent {
    target: String,
    headers: Vec<(String, String)>,
}

const ACCESS_KEY_ID: &str = "AKIDEXAMPLE";
const SECRET_ACCESS_KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const REGION: &str = "us-east-1";
const NOW: &[u8] = b"20261121T120000Z";

/// Room for all that signing makes.
const BUFFER_LEN: usize = 2_048;

impl<'a> Task<'a> {
    /// DynamoDB's PutItem, its body hashed.
    fn put_item(name: &'static str, session_token: &'a str) -> Result<Self, Box<dyn Error>> {
        const BODY: &[u8] = &[b'x'; 352];
        Ok(Self {
            name,
            form: Form::Headers,
            request: Request::new(
                "POST",
                "/",
                &[
                    ("X-Amz-Target", "DynamoDB_20120810.PutItem"),
                    ("Host", "dynamodb.us-east-1.amazonaws.com"),
                    ("Content-Type", "application/x-amz-json-1.0"),
                ],
            ),
            body: BODY,
            payload: Payload::Bytes(BODY),
            service: "dynamodb",
            session_token,
            rules: SigningRules::STANDARD,
            verify_rules: VerifyRules::strict(REGION, "dynamodb"),
        })
    }

    /// A URL that fetches an object from S3.
    fn get_object(name: &'static str, session_token: &'a str) -> Result<Self, Box<dyn Error>> {
        Ok(Self {
            name,
            form: Form::Query(Expires::from_seconds(900)?),
            request: Request::new(
                "GET",
                "/photos/2026/11/21/duck-in-the-harbor.jpg",
                &[("Host", "examplebucket.s3.us-east-1.amazonaws.com")],
            ),
            body: b"",
            payload: Payload::UNSIGNED,
            service: "s3",
            session_token,
            rules: SigningRules::S3,
            verify_rules: VerifyRules::s3(REGION),
        })
    }

    /// The table's rows of this task: signing and verifying.
    fn measure(&self, stopwatch: &mut Stopwatch) -> Result<[[String; 5]; 2], Box<dyn Error>> {
        let now = Timestamp::parse(NOW)?;
        let credentials = Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY)
            .with_session_token(self.session_token);
        let key = SigningKey::derive(&credentials, now.date(), REGION, self.service)?;
        let instant = key.at(now)?;
        let sent = self.sent(&instant)?;
        let known = VerifyingKey::derive(SECRET_ACCESS_KEY, key.scope())?;
        self.verify(&sent, &known, now)?;

        let messages = self.messages(&instant)?;
        let floor = |_: &mut [u8]| {
            compress(black_box(&messages));
        };
        let sign = |buffer: &mut [u8]| {
            black_box(self.sign(&instant, buffer).is_ok());
        };
        let verify = |_: &mut [u8]| {
            black_box(self.verify(&sent, &known, now).is_ok());
        };
        let floor = stopwatch.per_second(format!("SHA-256, {}", self.name), 1, &floor);
        let verbs: [(&str, Job<'_>); 2] = [("sign", &sign), ("verify", &verify)];
        Ok(verbs.map(|(verb, job)| {
            let name = format!("{verb}, {}", self.name);
            let [one, all] = [1, stopwatch.cores]
                .map(|threads| stopwatch.per_second(name.clone(), threads, job));
            let millions = |per_second: f64| format!("{:.3} M/s", per_second / 1e6);
            let (nanoseconds, of_floor) = (1e9 / one, floor / one);
            [
                name,
                millions(one),
                millions(all),
                format!("{nanoseconds:.0} ns"),
                format!("{of_floor:.2} ×"),
            ]
        }))
    }

    /// One signing, its output complete in `out`.
    fn sign(&self, instant: &SigningInstant<'_>, out: &mut [u8]) -> Result<Signature, SignError> {
        let (request, payload, rules) = (black_box(&self.request), self.payload, &self.rules);
        Ok(match self.form {
            Form::Headers => *instant.sign(request, payload, rules, out)?.signature(),
            Form::Query(expires) => {
                *instant.presign(request, payload, Some(expires), rules, out)?.signature()
            }
        })
    }

    /// The request as a server receives it.
    fn sent(&self, instant: &SigningInstant<'_>) -> Result<Sent, Box<dyn Error>> {
        let (request, payload, rules) = (&self.request, self.payload, &self.rules);
        let mut out = [0; BUFFER_LEN];
        let mut target = String::from_utf8(request.target().to_vec())?;
        let mut headers = request.headers().to_vec();
        let signed;
        match self.form {
            Form::Headers => {
                signed = instant.sign(request, payload, rules, &mut out)?;
                headers.extend(signed.headers());
            }
            Form::Query(expires) => {
                let presigned =
                    instant.presign(request, payload, Some(expires), rules, &mut out)?;
                target = presigned.to_str()?.to_owned();
            }
        }
        let headers = headers.into_iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
        Ok(Sent { target, headers })
    }

    /// Both phases of a verification.
    fn verify(
        &self,
        sent: &Sent,
        key: &VerifyingKey,
        now: Timestamp,
    ) -> Result<Verified, VerifyError> {
        let headers = sent.headers.as_slice();
        let request = Request::new(self.request.method(), &sent.target, headers);
        let session_token = Some(self.session_token).filter(|token| !token.is_empty());
        let evidence = Evidence { key, session_token, body: Body::Bytes(self.body), now };
        PresentedSignature::parse(black_box(&request))?.verify(
            &request,
            &evidence,
            &self.verify_rules,
        )
    }

    /// The padded messages that have to be hashed with a known key: the body,
    /// the canonical request, the string to sign, and the outer block of its MAC.
    fn messages(&self, instant: &SigningInstant<'_>) -> Result<Vec<Vec<Block>>, SignError> {
        let (request, payload, rules) = (&self.request, self.payload, &self.rules);
        let (mut canonical, mut string_to_sign) = ([0; BUFFER_LEN], [0; 256]);
        let canonical = match self.form {
            Form::Headers => instant.canonical_request(request, payload, rules, &mut canonical)?,
            Form::Query(expires) => instant.presigned_canonical_request(
                request,
                payload,
                Some(expires),
                rules,
                &mut canonical,
            )?,
        };
        let string_to_sign = instant.string_to_sign(canonical, &mut string_to_sign)?;
        // A payload that is not signed is not hashed.
        let body = Some(self.body).filter(|body| !body.is_empty());
        let messages = body.into_iter().chain([canonical, string_to_sign, &[0; 32]]);
        Ok(messages.map(padded).collect())
    }
}

type Block = [u8; 64];

/// FIPS 180-4 §5.1.1.
fn padded(message: &[u8]) -> Vec<Block> {
    let mut bytes = message.to_vec();
    bytes.push(0x80);
    bytes.resize((message.len() + 9).next_multiple_of(64) - 8, 0);
    bytes.extend_from_slice(&(message.len() as u64 * 8).to_be_bytes());
    bytes.as_chunks().0.to_vec()
}

/// Compresses every message, each from a state of its own, as if none had to
/// wait for the digest of the one before.
fn compress(messages: &[Vec<Block>]) {
    for blocks in messages {
        let mut state = [0; 8];
        compress256(&mut state, blocks);
        black_box(state);
    }
}

/// Measurements of one task: the floor, and two verbs on one core and on all.
const MEASUREMENTS: usize = 5;

/// Does something once; there is a buffer to write to.
type Job<'j> = &'j (dyn Fn(&mut [u8]) + Sync);

/// Measures for a part of the time each, and shows how far it is.
struct Stopwatch {
    bar: ProgressBar,
    time: Duration,
    cores: usize,
}

/// Length of one stretch. The best of many counts: whatever else the machine
/// does is then left out.
const STRETCH: Duration = Duration::from_millis(2);

/// Stretches of the same threads, so that each finds a core of its own.
const STRETCHES: usize = 10;

impl Stopwatch {
    fn new(measurements: usize, seconds: f64) -> Result<Self, Box<dyn Error>> {
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len}  {msg}")?;
        Ok(Self {
            bar: ProgressBar::new(measurements as u64).with_style(style),
            time: Duration::from_secs_f64(seconds / measurements as f64),
            cores: thread::available_parallelism().map_or(1, NonZero::get),
        })
    }

    /// How often in a second so many threads together do a job.
    fn per_second(&mut self, what: String, threads: usize, job: Job<'_>) -> f64 {
        self.bar.set_message(what);
        let start = Instant::now();
        let mut runs = 1;
        while least(1, runs, 1, job) < STRETCH {
            runs *= 2;
        }
        let mut time = least(threads, runs, STRETCHES, job);
        while start.elapsed() < self.time {
            time = time.min(least(threads, runs, STRETCHES, job));
        }
        self.bar.inc(1);
        threads as f64 * f64::from(runs) / time.as_secs_f64()
    }
}

/// The time of so many runs on each thread, all at once: that of the slowest
/// thread, in the best of so many stretches.
fn least(threads: usize, runs: u32, stretches: usize, job: Job<'_>) -> Duration {
    let barrier = Barrier::new(threads);
    let work = || {
        let mut buffer = [0; BUFFER_LEN];
        let stretch = |_| {
            barrier.wait();
            let start = Instant::now();
            (0..runs).for_each(|_| job(&mut buffer));
            start.elapsed()
        };
        (0..stretches).map(stretch).collect::<Vec<_>>()
    };
    let times: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().expect("no job panics")).collect()
    });
    let slowest = |stretch: usize| times.iter().map(|times| times[stretch]).max();
    (0..stretches).filter_map(slowest).min().unwrap_or_default()
}
