//! An emulator with its own socket, for a test to start and drop.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use tokio::runtime;
use tokio::sync::oneshot;

use crate::server::{Server, ServerOptions};
use crate::{
    AccessKeyCredentials, ApiError, Clock, Configuration, ConfigurationError, Emulator, RegionCheck,
};

/// A running emulator: its own state, its own free port, stopped when dropped.
///
/// It serves from a thread of its own, so it answers whatever the caller's
/// runtime does meanwhile: a test on a `current_thread` runtime may block on an
/// HTTP call or on a child process. Start one per test; hundreds may run in one
/// process at once.
///
/// ```
/// use std::time::Duration;
/// use iam_emulator::IamEmulator;
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let emulator = IamEmulator::start().await?;
/// let alice = emulator.create_user_with_key("alice")?;
/// println!("{} {}", emulator.endpoint_url(), alice.access_key_id());
/// // Requests signed now are refused as too old.
/// emulator.clock().advance(Duration::from_secs(16 * 60));
/// # Ok(())
/// # }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(example()).unwrap();
/// ```
pub struct IamEmulator {
    emulator: Arc<Emulator>,
    clock: Clock,
    endpoint_url: String,
    server: ServerThread,
}

impl IamEmulator {
    /// Starts an emulator with the default configuration on a free port of `127.0.0.1`.
    ///
    /// # Errors
    ///
    /// When the operating system gives no port or no thread.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// An emulator to configure before it starts.
    pub fn builder() -> IamEmulatorBuilder {
        IamEmulatorBuilder::default()
    }

    /// Where it listens, such as `http://127.0.0.1:40123`: the endpoint URL of an SDK.
    #[must_use]
    pub fn endpoint_url(&self) -> &str {
        &self.endpoint_url
    }

    /// The address it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.server.address
    }

    /// The key that signs as the root of the account.
    #[must_use]
    pub fn root_credentials(&self) -> AccessKeyCredentials {
        self.emulator.root_credentials()
    }

    /// Creates a user and an access key for it, as `CreateUser` and `CreateAccessKey` would.
    ///
    /// # Errors
    ///
    /// What those operations answer: the name is invalid or taken, or a limit is reached.
    pub fn create_user_with_key(&self, user_name: &str) -> Result<AccessKeyCredentials, ApiError> {
        self.emulator.create_user_with_key(user_name, self.clock.now())
    }

    /// The clock it lives by, to advance, set or freeze.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The emulator itself, to ask without a socket.
    #[must_use]
    pub fn emulator(&self) -> &Emulator {
        &self.emulator
    }
}

impl fmt::Debug for IamEmulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IamEmulator")
            .field("endpoint_url", &self.endpoint_url)
            .field("clock", &self.clock)
            .finish_non_exhaustive()
    }
}

/// What to decide about an [`IamEmulator`] before it starts.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct IamEmulatorBuilder {
    configuration: Configuration,
    clock: Clock,
}

impl IamEmulatorBuilder {
    /// The account, twelve digits; `123456789012` otherwise.
    pub fn account_id(mut self, account_id: impl Into<String>) -> Self {
        self.configuration.account_id = account_id.into();
        self
    }

    /// The key that signs as the root of the account; `test` and `test` otherwise.
    pub fn root_credentials(
        mut self,
        access_key_id: impl Into<String>,
        secret_access_key: impl Into<String>,
    ) -> Self {
        self.configuration.root_access_key_id = access_key_id.into();
        self.configuration.root_secret_access_key = secret_access_key.into();
        self
    }

    /// Which regions a request may be signed for; any otherwise.
    pub fn region_check(mut self, region_check: RegionCheck) -> Self {
        self.configuration.region_check = region_check;
        self
    }

    /// The clock to live by; one that runs with the system's otherwise.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Starts the emulator on a free port of `127.0.0.1`.
    ///
    /// It answers once this returns. Any executor may await it.
    ///
    /// # Errors
    ///
    /// When the configuration is invalid, or the operating system gives no port or no thread.
    pub async fn start(self) -> Result<IamEmulator, StartError> {
        let emulator =
            Arc::new(Emulator::new(self.configuration).map_err(StartError::Configuration)?);
        let server = ServerThread::start(Arc::clone(&emulator), self.clock.clone()).await?;
        let endpoint_url = format!("http://{}", server.address);
        Ok(IamEmulator { emulator, clock: self.clock, endpoint_url, server })
    }
}

/// Why an [`IamEmulator`] did not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// The configuration is invalid.
    Configuration(ConfigurationError),
    /// The operating system gave no port, no thread or no event queue.
    Io(io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Configuration(_) => f.write_str("the emulator's configuration is invalid"),
            Self::Io(_) => f.write_str("the emulator could not open its socket"),
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Configuration(error) => Some(error),
            Self::Io(error) => Some(error),
        }
    }
}

/// The thread that serves one emulator; dropping it closes the port and waits until it is closed.
struct ServerThread {
    address: SocketAddr,
    /// Never sent on: the thread stops when it is dropped.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl ServerThread {
    async fn start(emulator: Arc<Emulator>, clock: Clock) -> Result<Self, StartError> {
        let (started, starting) = oneshot::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new()
            .name("iam-emulator".to_owned())
            .spawn(move || serve(emulator, clock, started, stopped))
            .map_err(StartError::Io)?;
        let gone = || io::Error::other("the server's thread ended before it listened");
        let address = starting.await.map_err(|_| gone()).flatten().map_err(StartError::Io)?;
        Ok(Self { address, stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for ServerThread {
    fn drop(&mut self) {
        drop(self.stop.take());
        // The thread only has to notice; it drops its sockets without waiting
        // for any client. A panic in it has been reported by its own hook.
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A server on a free port of this machine.
async fn bound(emulator: Arc<Emulator>, clock: Clock) -> io::Result<Server> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    Server::bind(address, emulator, clock, ServerOptions::default()).await
}

/// The life of the thread: listen, say where, and serve until `stopped` hangs up.
fn serve(
    emulator: Arc<Emulator>,
    clock: Clock,
    started: oneshot::Sender<io::Result<SocketAddr>>,
    stopped: oneshot::Receiver<()>,
) {
    let runtime = match runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            // Nobody waits if the start was given up meanwhile.
            let _ = started.send(Err(error));
            return;
        }
    };
    runtime.block_on(async {
        match bound(emulator, clock).await {
            Err(error) => {
                let _ = started.send(Err(error));
            }
            Ok(server) => {
                if started.send(Ok(server.local_address())).is_ok() {
                    tokio::select! {
                        () = server.serve_until(std::future::pending()) => {}
                        _ = stopped => {}
                    }
                }
            }
        }
    });
}
