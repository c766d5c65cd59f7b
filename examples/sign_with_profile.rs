//! Signs with the credentials that the AWS CLI would take, and prints a command
//! that asks AWS whose they are.
//!
//! Run with `cargo run -p examples --example sign_with_profile [PROFILE]`. What it
//! prints holds a signature, good for 15 minutes, and the session token if there is one.

use std::env;
use std::error::Error;
use std::process::ExitCode;

use sigv4::Signer;
use sigv4::default_chain::{ProcessEnvironment, default_chain, load_profile};

fn main() -> ExitCode {
    match print_command() {
        Ok(()) => ExitCode::SUCCESS,
        // The file, the line, and what to do; or when the credentials expired.
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
    let region = found.region.as_deref().unwrap_or("us-east-1");
    eprintln!("{} of {}, for {region}", found.credentials.access_key_id(), found.source);
    let signer = Signer::new(found.credentials, region, "sts")?;

    let url =
        format!("https://sts.{region}.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15");
    let request = signer.sign(http::Request::get(&url).body(())?)?;

    print!("curl '{url}'");
    for (name, value) in request.headers() {
        print!(" -H '{name}: {}'", value.to_str()?);
    }
    println!();
    Ok(())
}
