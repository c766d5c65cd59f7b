//! `iam-emulator healthcheck`: asks a running emulator whether it is ready.

use std::error::Error;
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use clap::{ArgMatches, Args};
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
use super::location::LocationOptions;

/// How long the emulator has to answer before it counts as not healthy.
const HEALTHCHECK_TIMEOUT: Duration = Duration::from_secs(5);

#[derive(Args, Debug)]
pub(super) struct HealthcheckOptions {
    #[command(flatten)]
    location: LocationOptions,
    /// How long to wait until it is ready, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 0, env = "IAM_EMULATOR_WAIT")]
    wait: u64,
}

/// How long it takes between one question and the next while it is waited for.
const ASK_AGAIN_AFTER: Duration = Duration::from_millis(20);

pub(super) fn healthcheck(options: &HealthcheckOptions, given: &ArgMatches) -> Result<(), Failure> {
    let deadline = Instant::now() + Duration::from_secs(options.wait);
    loop {
        // The port file may not be there yet, either.
        let asked = options.location.endpoint(given).and_then(|endpoint| ask(&endpoint));
        match asked {
            Err(Failure::Run(_)) if Instant::now() < deadline => thread::sleep(ASK_AGAIN_AFTER),
            asked => return asked,
        }
    }
}

/// Fails unless an emulator answers that it is ready.
pub(super) fn ask(endpoint: &Endpoint) -> Result<(), Failure> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Run(format!("cannot start the asynchronous runtime: {error}")))?;
    let checked = runtime.block_on(check(endpoint));
    // A name that is still being resolved on another thread is not waited for.
    runtime.shutdown_background();
    checked.map_err(|reason| Failure::Run(format!("{endpoint} is not healthy: {reason}")))
}

/// Asks once; the error says what was amiss.
async fn check(endpoint: &Endpoint) -> Result<(), String> {
    match timeout(HEALTHCHECK_TIMEOUT, status(endpoint)).await {
        Ok(Ok(StatusCode::OK)) => Ok(()),
        Ok(Ok(status)) => Err(format!("it answered {status}")),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("no answer within {} s", HEALTHCHECK_TIMEOUT.as_secs())),
    }
}

async fn status(endpoint: &Endpoint) -> Result<StatusCode, Box<dyn Error>> {
    let stream = TcpStream::connect(endpoint.socket()).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let request = Request::get("/_emulator/health")
        .header(HOST, endpoint.authority())
        .body(Empty::<Bytes>::new())?;
    // The connection works on a task of its own; when it fails, so does the request.
    tokio::spawn(connection);
    Ok(sender.send_request(request).await?.status())
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    async fn listen() -> (TcpListener, Endpoint) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = Endpoint::of(listener.local_addr().unwrap());
        (listener, endpoint)
    }

    /// Accepts one connection, answers it with `bytes`, and closes it.
    async fn check_against(bytes: &'static [u8]) -> Result<(), String> {
        let (listener, endpoint) = listen().await;
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 1024];
            let length = stream.read(&mut request).await.unwrap();
            assert!(
                request[..length]
                    .starts_with(b"GET /_emulator/health HTTP/1.1\r\nhost: 127.0.0.1:")
            );
            stream.write_all(bytes).await.unwrap();
        });
        let checked = check(&endpoint).await;
        server.await.unwrap();
        checked
    }

    #[tokio::test]
    async fn only_status_200_is_healthy() {
        assert_eq!(check_against(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await, Ok(()));
        let refused =
            check_against(b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n").await;
        assert_eq!(refused, Err("it answered 503 Service Unavailable".to_owned()));
        assert!(check_against(b"SSH-2.0-OpenSSH\r\n").await.is_err());
        assert!(check_against(b"").await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_does_not_answer_is_not_waited_for() {
        // The backlog accepts the connection; nobody ever reads from it.
        let (_listener, endpoint) = listen().await;
        assert_eq!(check(&endpoint).await, Err("no answer within 5 s".to_owned()));
    }
}
