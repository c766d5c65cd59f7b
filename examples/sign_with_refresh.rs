//! Signs with credentials that a provider leases for a while, and leases anew before
//! they expire.
//!
//! Run with `cargo run -p examples --example sign_with_refresh`.

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use sigv4::{OwnedCredentials, Signer, Timestamp};

/// What leases credentials: a client of STS or of a vault, for example.
#[derive(Default)]
struct Vault {
    leases: AtomicU32,
}

impl Vault {
    /// Credentials for an hour.
    async fn lease(&self, now: Timestamp) -> io::Result<OwnedCredentials> {
        let number = self.leases.fetch_add(1, Ordering::Relaxed);
        let expiration = Timestamp::from_unix_seconds(now.unix_seconds() + 3_600);
        Ok(OwnedCredentials::new(format!("ASIALEASE{number}"), "wJalrXUtnFEMI/K7MDENG")
            .with_session_token("FwoGZXIvYXdzEXAMPLE")
            .with_expiration(expiration.map_err(io::Error::other)?))
    }
}

/// The state of an application: its type says nothing of the provider.
struct Application {
    signer: Signer,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let vault = Arc::new(Vault::default());
    // A handle for each future. `async move |now: Timestamp| vault.lease(now).await` would lend
    // its only one to a future that the signer keeps, and does not compile.
    let provider = move |now: Timestamp| {
        let vault = Arc::clone(&vault);
        async move { vault.lease(now).await }
    };
    let application =
        Application { signer: Signer::with_provider(provider, "eu-central-1", "s3")? };

    // A day, seen from the signer's clock; an application leaves the time out.
    let begin = Timestamp::now().unix_seconds();
    for minutes in [0, 1, 54, 56, 24 * 60] {
        let now = Timestamp::from_unix_seconds(begin + minutes * 60)?;
        let url = "https://examplebucket.s3.eu-central-1.amazonaws.com/";
        let request = http::Request::get(url).body(())?;
        let request = application.signer.sign_when_ready_at(request, now).await?;
        let authorization = request.headers()["authorization"].to_str()?;
        let id = authorization.split(['=', '/']).nth(1).unwrap_or_default();
        println!("after {minutes:4} minutes: signed with {id}");
    }
    Ok(())
}
