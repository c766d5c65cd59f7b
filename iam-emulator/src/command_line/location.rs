//! Where a running emulator is, as the commands that ask one are told.

use std::path::{Path, PathBuf};

use clap::parser::ValueSource;
use clap::{ArgMatches, Args};

use super::endpoint::Endpoint;
use super::{Failure, port_file};

#[derive(Args, Debug)]
pub(super) struct LocationOptions {
    /// Endpoint of the emulator [default: http://127.0.0.1:4566]
    #[arg(long, value_name = "URL", env = "IAM_EMULATOR_ENDPOINT")]
    endpoint: Option<Endpoint>,
    /// Port file of the emulator, in place of the endpoint
    #[arg(long, value_name = "PATH", env = "IAM_EMULATOR_PORT_FILE")]
    port_file: Option<PathBuf>,
}

impl LocationOptions {
    /// The endpoint that was given, or that the port file tells.
    pub(super) fn endpoint(&self, given: &ArgMatches) -> Result<Endpoint, Failure> {
        match self.locate(given)? {
            Location::Endpoint(endpoint) => Ok(endpoint),
            Location::PortFile(path) => read_port_file(path),
        }
    }

    /// Chooses between the two ways to say where the emulator is.
    ///
    /// An option wins over a variable, whichever of the two it is; clap's own
    /// conflicts do not tell options from variables.
    fn locate(&self, given: &ArgMatches) -> Result<Location<'_>, Failure> {
        let is_option = |id| given.value_source(id) == Some(ValueSource::CommandLine);
        match (&self.endpoint, &self.port_file) {
            (Some(_), Some(_)) if is_option("endpoint") && is_option("port_file") => {
                Err(Failure::Usage("give --endpoint or --port-file, not both".to_owned()))
            }
            (Some(_), Some(path)) if is_option("port_file") => Ok(Location::PortFile(path)),
            (Some(endpoint), _) => Ok(Location::Endpoint(endpoint.clone())),
            (None, Some(path)) => Ok(Location::PortFile(path)),
            (None, None) => Endpoint::DEFAULT
                .parse()
                .map(Location::Endpoint)
                .map_err(|reason: &str| Failure::Usage(reason.to_owned())),
        }
    }
}

enum Location<'a> {
    Endpoint(Endpoint),
    PortFile(&'a Path),
}

fn read_port_file(path: &Path) -> Result<Endpoint, Failure> {
    port_file::read(path).map(|port| Endpoint::of(([127, 0, 0, 1], port).into())).map_err(|error| {
        Failure::Run(format!("cannot read the port file {}: {error}", path.display()))
    })
}
