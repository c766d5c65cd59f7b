//! Says why a request is refused: reads it from a file, as it went over the
//! wire, and prints the cause, the lines that differ and what to change.
//!
//! The access key comes from the environment (`AWS_ACCESS_KEY_ID`,
//! `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`). Run with the sample request,
//! whose key is that of AWS's documentation:
//!
//! ```sh
//! AWS_ACCESS_KEY_ID=AKIDEXAMPLE \
//! AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY \
//! cargo run -p examples --example explain_mismatch -- testdata/explain/sample.http \
//!     --region eu-central-1 --service execute-api --now 20150830T123600Z
//! ```

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use clap::{Parser, ValueEnum};
use sigv4::explain::{EXPLAIN_STEPS_MAX, ServerView};
use sigv4::{Body, Credentials, HEADERS_MAX, Request, Timestamp, VerifyRules};

/// Says why a signed request is refused.
#[derive(Parser)]
struct Arguments {
    /// The request as it went over the wire: request line, headers, an empty line, the body.
    request: PathBuf,
    /// The region that the service is in.
    #[arg(long)]
    region: String,
    /// The signing name of the service.
    #[arg(long)]
    service: String,
    /// The rules by which the service verifies; those of S3 and IAM if it is one of them.
    #[arg(long)]
    rules: Option<Rules>,
    /// The time by the server's clock, as YYYYMMDDTHHMMSSZ; the time now if it is not given.
    #[arg(long)]
    now: Option<String>,
    /// Another host under which clients may reach the service; may be repeated.
    #[arg(long = "host")]
    hosts: Vec<String>,
    /// The path and query as they may stand on another hop; may be repeated.
    #[arg(long = "target")]
    targets: Vec<String>,
    /// A file with the client's canonical request or string to sign, or with the
    /// error answer of the service.
    #[arg(long)]
    compare: Option<PathBuf>,
    /// Most steps that the search takes, each the work of hashing 64 bytes.
    #[arg(long, default_value_t = EXPLAIN_STEPS_MAX)]
    steps: usize,
}

#[derive(Clone, Copy, ValueEnum)]
enum Rules {
    Strict,
    S3,
    Iam,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let file = fs::read(&arguments.request)?;
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut parsed = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(head) = parsed.parse(&file)? else {
        return Err("the file ends before the headers do: is the empty line missing?".into());
    };
    let headers: Vec<_> = parsed.headers.iter().map(|header| (header.name, header.value)).collect();
    let (method, target) = (parsed.method.unwrap_or_default(), parsed.path.unwrap_or_default());
    let request = Request::new(method, target, headers.as_slice());
    let body = body_of(&headers, &file[head..])?;

    let id = variable("AWS_ACCESS_KEY_ID")?;
    let secret = variable("AWS_SECRET_ACCESS_KEY")?;
    let token = env::var("AWS_SESSION_TOKEN").unwrap_or_default();
    let now = match &arguments.now {
        Some(now) => Timestamp::parse(now.as_bytes())?,
        None => Timestamp::now(),
    };
    let hosts: Vec<_> = arguments.hosts.iter().map(String::as_str).collect();
    let targets: Vec<_> = arguments.targets.iter().map(String::as_str).collect();
    let other_text = arguments.compare.as_ref().map(fs::read_to_string).transpose()?;
    let view = ServerView {
        hosts: &hosts,
        targets: &targets,
        other_text: other_text.as_deref(),
        steps_max: arguments.steps,
        ..ServerView::new(
            Credentials::new(&id, &secret).with_session_token(&token),
            Body::Bytes(body),
            now,
            arguments.verify_rules(),
        )
    };
    print!("{}", view.explain(&request)?);
    Ok(())
}

impl Arguments {
    fn verify_rules(&self) -> VerifyRules<'_> {
        let rules = self.rules.unwrap_or(match self.service.as_str() {
            "s3" => Rules::S3,
            "iam" | "sts" => Rules::Iam,
            _ => Rules::Strict,
        });
        match rules {
            Rules::Strict => VerifyRules::strict(&self.region, &self.service),
            Rules::S3 => VerifyRules { service: &self.service, ..VerifyRules::s3(&self.region) },
            Rules::Iam => VerifyRules::iam(&self.service),
        }
    }
}

/// What `Content-Length` says is the body, since editors end a file with a line
/// break; all that is there without it.
fn body_of<'f>(headers: &[(&str, &[u8])], rest: &'f [u8]) -> Result<&'f [u8], Box<dyn Error>> {
    let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let Some((_, length)) = length else { return Ok(rest) };
    let length: usize = str::from_utf8(length)?.trim().parse()?;
    rest.get(..length).ok_or_else(|| "the body is shorter than Content-Length says".into())
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|error| format!("{name}: {error}"))
}
