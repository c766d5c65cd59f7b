//! The axum router: health pages, and everything else to the emulator.

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use super::emulator_service::EmulatorService;
use super::health;
use crate::{Clock, Emulator};

/// An axum `Router` that answers for `emulator` at the times that `clock` tells.
///
/// `/_emulator/health` and `/_localstack/health` answer for themselves. Every
/// other request goes to [`Emulator::handle`] as it came: target, headers and
/// body undecoded. The router needs no socket; a test may call it directly:
///
/// ```
/// use std::sync::Arc;
/// use iam_emulator::{Clock, Configuration, Emulator, server};
/// use tower_service::Service;
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let emulator = Arc::new(Emulator::new(Configuration::default())?);
/// let mut router = server::router(emulator, Clock::new());
/// let request = http::Request::get("/_emulator/health").body(String::new())?;
/// let response = router.call(request).await?;
/// assert_eq!(response.status(), 200);
/// # Ok(())
/// # }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(example()).unwrap();
/// ```
pub fn router(emulator: Arc<Emulator>, clock: Clock) -> Router {
    around(EmulatorService::new(emulator, clock))
}

pub(super) fn around(service: EmulatorService) -> Router {
    health::PATHS
        .into_iter()
        .fold(Router::new(), |router, path| router.route(path, get(health::health)))
        .fallback_service(service)
}
