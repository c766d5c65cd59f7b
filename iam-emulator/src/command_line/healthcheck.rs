//! `iam-emulator healthcheck`: asks a running emulator whether it is ready.

use std::error::Error;
use std::time::Duration;

use bytes::Bytes;
use clap::Args;
use http::header::HOST;
use http::{Request, StatusCode};
use http_body_util::Empty;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::runtime;
use tokio::time::timeout;

use super::Failure;
use super::endpoint::Endpoint;

/// How long the emulator has to answer before it counts as not healthy.
const HEALTHCHECK_TIMEOUT: Duration = Duration::from_secs(5);

#[derive(Args, Debug)]
pub(super) struct HealthcheckOptions {
    /// Endpoint of the emulator
    #[arg(long, value_name = "URL", default_value = Endpoint::DEFAULT, env = "IAM_EMULATOR_ENDPOINT")]
    endpoint: Endpoint,
}

pub(super) fn healthcheck(options: &HealthcheckOptions) -> Result<(), Failure> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Run(format!("cannot start the asynchronous runtime: {error}")))?;
    let answered =
        runtime.block_on(async { timeout(HEALTHCHECK_TIMEOUT, status(&options.endpoint)).await });
    // A name that is still being resolved on another thread is not waited for.
    runtime.shutdown_background();
    let reason = match answered {
        Ok(Ok(StatusCode::OK)) => return Ok(()),
        Ok(Ok(status)) => format!("it answered {status}"),
        Ok(Err(error)) => error.to_string(),
        Err(_) => format!("no answer within {} s", HEALTHCHECK_TIMEOUT.as_secs()),
    };
    Err(Failure::Run(format!(
        "{} is not healthy: {reason}",
        options.endpoint
    )))
}

async fn status(endpoint: &Endpoint) -> Result<StatusCode, Box<dyn Error>> {
    let stream = TcpStream::connect(endpoint.socket()).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let request = Request::get("/_emulator/health")
        .header(HOST, endpoint.authority())
        .body(Empty::<Bytes>::new())?;
    tokio::select! {
        response = sender.send_request(request) => Ok(response?.status()),
        ended = connection => Err(ended.map_or_else(Into::into, |()| "it closed the connection".into())),
    }
}
