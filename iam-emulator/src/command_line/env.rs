//! `iam-emulator env`: what a client of a running emulator needs.

use std::path::{Path, PathBuf};

use clap::parser::ValueSource;
use clap::{ArgMatches, Args};

use super::client_environment::{EnvironmentFormat, RootCredentialsOptions, client_environment};
use super::endpoint::Endpoint;
use super::{Failure, port_file, print};

// No `Debug`: it holds the root secret.
#[derive(Args)]
pub(super) struct EnvOptions {
    /// Endpoint of the emulator [default: http://127.0.0.1:4566]
    #[arg(long, value_name = "URL", env = "IAM_EMULATOR_ENDPOINT")]
    endpoint: Option<Endpoint>,
    /// Port file of the emulator, in place of the endpoint
    #[arg(long, value_name = "PATH", env = "IAM_EMULATOR_PORT_FILE")]
    port_file: Option<PathBuf>,
    /// How to write the variables
    #[arg(long, value_enum, default_value_t = EnvironmentFormat::Sh, env = "IAM_EMULATOR_FORMAT")]
    format: EnvironmentFormat,
    #[command(flatten)]
    root: RootCredentialsOptions,
}

pub(super) fn env(options: EnvOptions, given: &ArgMatches) -> Result<(), Failure> {
    let EnvOptions { endpoint, port_file, format, root } = options;
    let endpoint = match locate(endpoint, port_file, given)? {
        Location::Endpoint(endpoint) => endpoint,
        Location::PortFile(path) => read_port_file(&path)?,
    };
    print(client_environment(&endpoint, &root, format).as_bytes())
}

enum Location {
    Endpoint(Endpoint),
    PortFile(PathBuf),
}

/// Chooses between the two ways to say where the emulator is.
///
/// An option wins over a variable, whichever of the two it is; clap's own
/// conflicts do not tell options from variables.
fn locate(
    endpoint: Option<Endpoint>,
    port_file: Option<PathBuf>,
    given: &ArgMatches,
) -> Result<Location, Failure> {
    let is_option = |id| given.value_source(id) == Some(ValueSource::CommandLine);
    match (endpoint, port_file) {
        (Some(_), Some(_)) if is_option("endpoint") && is_option("port_file") => {
            Err(Failure::Usage("give --endpoint or --port-file, not both".to_owned()))
        }
        (Some(_), Some(path)) if is_option("port_file") => Ok(Location::PortFile(path)),
        (Some(endpoint), _) => Ok(Location::Endpoint(endpoint)),
        (None, Some(path)) => Ok(Location::PortFile(path)),
        (None, None) => Endpoint::DEFAULT
            .parse()
            .map(Location::Endpoint)
            .map_err(|reason: &str| Failure::Usage(reason.to_owned())),
    }
}

fn read_port_file(path: &Path) -> Result<Endpoint, Failure> {
    port_file::read(path).map(|port| Endpoint::of(([127, 0, 0, 1], port).into())).map_err(|error| {
        Failure::Run(format!("cannot read the port file {}: {error}", path.display()))
    })
}
