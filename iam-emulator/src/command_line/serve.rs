//! `iam-emulator serve`: listens, says where, and serves until it is told to stop.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process;
use std::sync::Arc;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use iam_emulator::server::limits::BODY_MEMORY_DEFAULT;
use iam_emulator::server::{Server, ServerOptions};
use iam_emulator::{Clock, Configuration, ConfigurationError, Emulator, RegionCheck};
use tokio::runtime;

use super::client_environment::{
    EnvironmentFormat, RootCredentialsOptions, Services, client_environment,
};
use super::endpoint::Endpoint;
use super::log::{self, LogFormat, LogLevel};
use super::port_file::PortFile;
use super::{Failure, print};

// No `Debug`: it holds the root secret.
#[derive(Args)]
pub(super) struct ServeOptions {
    /// Address to listen on; port 0 takes a free port
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1:4566",
        env = "IAM_EMULATOR_LISTEN"
    )]
    listen: SocketAddr,
    /// File to write the port to; it is there for as long as requests are accepted
    #[arg(long, value_name = "PATH", env = "IAM_EMULATOR_PORT_FILE")]
    port_file: Option<PathBuf>,
    /// Account that everything belongs to, twelve digits
    #[arg(
        long,
        value_name = "ID",
        default_value = "123456789012",
        env = "IAM_EMULATOR_ACCOUNT_ID"
    )]
    account_id: String,
    #[command(flatten)]
    root: RootCredentialsOptions,
    /// Regions that a request may be signed for; strict is us-east-1 only
    #[arg(
        long,
        value_name = "CHECK",
        default_value_t = RegionCheck::Any,
        value_parser = PossibleValuesParser::new(["any", "strict"]).try_map(|check| check.parse::<RegionCheck>()),
        env = "IAM_EMULATOR_REGION_CHECK"
    )]
    region_check: RegionCheck,
    /// Name of a host that is answered on a loopback address, beside localhost and addresses; may be repeated
    #[arg(long, value_name = "NAME", env = "IAM_EMULATOR_ALLOW_HOST", value_delimiter = ',')]
    allow_host: Vec<String>,
    /// Origin whose pages may send requests from a browser, such as https://app.example; may be repeated
    #[arg(long, value_name = "ORIGIN", env = "IAM_EMULATOR_ALLOW_ORIGIN", value_delimiter = ',')]
    allow_origin: Vec<String>,
    /// Memory for the bodies of all requests together, in bytes; beyond it 503 is answered
    #[arg(long, value_name = "BYTES", default_value_t = BODY_MEMORY_DEFAULT, env = "IAM_EMULATOR_BODY_MEMORY")]
    body_memory: usize,
    /// How to write the log, which goes to standard error
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = LogFormat::Text, env = "IAM_EMULATOR_LOG_FORMAT")]
    log_format: LogFormat,
    /// How much to log
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = LogLevel::Info, env = "IAM_EMULATOR_LOG_LEVEL")]
    log_level: LogLevel,
}

pub(super) fn serve(options: ServeOptions) -> Result<(), Failure> {
    log::start(options.log_format, options.log_level);
    let emulator = Emulator::new(options.configuration()).map_err(|error| match error {
        ConfigurationError::NoRandomness => Failure::Run(error.to_string()),
        _ => Failure::Usage(error.to_string()),
    })?;
    runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Run(format!("cannot start the asynchronous runtime: {error}")))?
        .block_on(listen_and_serve(options, emulator))
}

impl ServeOptions {
    fn configuration(&self) -> Configuration {
        Configuration {
            account_id: self.account_id.clone(),
            root_access_key_id: self.root.root_access_key_id.clone(),
            root_secret_access_key: self.root.root_secret_access_key.clone(),
            region_check: self.region_check,
        }
    }
}

async fn listen_and_serve(options: ServeOptions, emulator: Emulator) -> Result<(), Failure> {
    let ServeOptions { listen, port_file, root, .. } = options;
    let server_options = ServerOptions {
        allowed_hosts: options.allow_host,
        allowed_origins: options.allow_origin,
        body_memory: options.body_memory,
    };
    let server = Server::bind(listen, Arc::new(emulator), Clock::new(), server_options)
        .await
        .map_err(|error| Failure::Run(format!("cannot listen on {listen}: {}", reason(&error))))?;
    let address = server.local_address();
    if !address.ip().is_loopback() {
        tracing::warn!(%address, "listening beyond this machine: whoever reaches the port may try the root key");
    }
    // From here on a signal ends the process in order.
    let signal =
        stop_signal().map_err(|error| Failure::Run(format!("cannot wait for signals: {error}")))?;
    let port_file = port_file
        .map(|path| {
            let shown = path.display().to_string();
            PortFile::write(path, address.port()).map_err(|error| {
                Failure::Run(format!("cannot write the port file {shown}: {error}"))
            })
        })
        .transpose()?;
    announce(&Endpoint::of(address), &root)?;
    drop(root);
    tracing::info!(%address, "ready");
    server
        .serve_until(async {
            let signal = signal.await;
            tracing::info!(signal, "stopping");
            drop(port_file);
        })
        .await;
    tracing::info!("stopped");
    Ok(())
}

/// The first lines on standard output: where it listens, then lines to paste into a shell.
///
/// This is the only place where the emulator prints the root secret unasked.
fn announce(endpoint: &Endpoint, root: &RootCredentialsOptions) -> Result<(), Failure> {
    let environment =
        client_environment(endpoint, root, Services::IamAndSts, EnvironmentFormat::Sh);
    print(format!("Ready. {endpoint}\n{environment}").as_bytes())
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => "the address is already in use".to_owned(),
        _ => error.to_string(),
    }
}

/// Takes over SIGTERM, SIGINT and SIGHUP at once; the future says which of them came. The next one
/// ends the process without waiting for anything.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = &'static str>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    Ok(async move {
        let mut next = async move || {
            tokio::select! {
                _ = terminate.recv() => ("SIGTERM", SignalKind::terminate()),
                _ = interrupt.recv() => ("SIGINT", SignalKind::interrupt()),
                _ = hang_up.recv() => ("SIGHUP", SignalKind::hangup()),
            }
        };
        let (name, _) = next().await;
        tokio::spawn(async move {
            let (name, kind) = next().await;
            tracing::warn!(signal = name, "ending at once");
            // As a shell counts a process that a signal ended.
            process::exit(128 + kind.as_raw_value());
        });
        name
    })
}

/// Takes over Ctrl-C, which is what this platform has.
#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = &'static str>> {
    Ok(async {
        // Without a handler nothing can be waited for, and the process ends by force.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        "Ctrl-C"
    })
}
