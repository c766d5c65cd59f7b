//! `iam-emulator env`: what a client of a running emulator needs.

use clap::{ArgMatches, Args};

use super::client_environment::{
    EnvironmentFormat, RootCredentialsOptions, Services, client_environment,
};
use super::location::LocationOptions;
use super::{Failure, healthcheck, print};

// No `Debug`: it holds the root secret.
#[derive(Args)]
pub(super) struct EnvOptions {
    #[command(flatten)]
    location: LocationOptions,
    /// How to write the variables
    #[arg(long, value_enum, default_value_t = EnvironmentFormat::Sh, env = "IAM_EMULATOR_FORMAT")]
    format: EnvironmentFormat,
    /// Send the calls to every service here, not those to IAM and STS alone
    #[arg(long, env = "IAM_EMULATOR_ALL_SERVICES")]
    all_services: bool,
    /// Fail unless an emulator answers there that it is ready
    #[arg(long, env = "IAM_EMULATOR_CHECK")]
    check: bool,
    #[command(flatten)]
    root: RootCredentialsOptions,
}

pub(super) fn env(options: EnvOptions, given: &ArgMatches) -> Result<(), Failure> {
    let EnvOptions { location, format, all_services, check, root } = options;
    let endpoint = location.endpoint(given)?;
    if check {
        healthcheck::ask(&endpoint)?;
    }
    let services = if all_services { Services::All } else { Services::IamAndSts };
    print(client_environment(&endpoint, &root, services, format).as_bytes())
}
