//! Signs with the credentials that the AWS CLI would take, and prints a command
//! that asks AWS whose they are.
//!
//! Run with `cargo run -p examples --example sign_with_profile [PROFILE]`. What it
//! prints holds a signature, good for 15 minutes, and the session token if there is one.

use std::env;
use std::error::Error;
use std::process::ExitCode;
use std::time::SystemTime;

use sigv4::default_chain::{ProcessEnvironment, default_chain, load_profile};
use sigv4::{Payload, Request, SigningKey, SigningRules, Timestamp};

fn main() -> ExitCode {
    match print_command() {
        Ok(()) => ExitCode::SUCCESS,
        // The file, the line, and what to do.
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn print_command() -> Result<(), Box<dyn Error>> {
    let found = match env::args().nth(1) {
        Some(profile) => load_profile(&ProcessEnvironment, &profile)?,
        None => default_chain(&ProcessEnvironment)?,
    };
    let now = Timestamp::try_from(SystemTime::now())?;
    if found.credentials.is_expired(now) {
        return Err(format!("the credentials of {} have expired", found.source).into());
    }
    let region = found.region.as_deref().unwrap_or("us-east-1");
    eprintln!("{} of {}, for {region}", found.credentials.access_key_id(), found.source);

    let credentials = found.credentials.as_credentials();
    let key = SigningKey::derive(&credentials, now.date(), region, "sts")?;
    let host = format!("sts.{region}.amazonaws.com");
    let headers = [("Host", host.as_str())];
    let target = "/?Action=GetCallerIdentity&Version=2011-06-15";
    let request = Request::new("GET", target, &headers);
    let mut buffer = [0; 512];
    let instant = key.at(now)?;
    let signed = instant.sign(&request, Payload::EMPTY, &SigningRules::STANDARD, &mut buffer)?;

    print!("curl 'https://{host}{target}'");
    for (name, value) in signed.headers() {
        print!(" -H '{name}: {value}'");
    }
    println!();
    Ok(())
}
