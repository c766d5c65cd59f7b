//! The command line: which subcommands there are, and how each ends.

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use clap_complete::Shell;

use self::env::EnvOptions;
use self::healthcheck::HealthcheckOptions;
use self::serve::ServeOptions;

mod client_environment;
mod endpoint;
mod env;
mod healthcheck;
mod location;
mod log;
mod port_file;
mod serve;

/// Runs the command that the process was started with.
pub(crate) fn run() -> ExitCode {
    // `get_matches` answers `--help` and bad usage (status 2) itself.
    let matches = CommandLine::command().get_matches();
    let command_line = CommandLine::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let served = match command_line.command {
        None => serve::serve(command_line.serve),
        Some(Command::Serve(options)) => serve::serve(options),
        Some(Command::Env(options)) => {
            let given = matches.subcommand_matches("env").unwrap_or(&matches);
            env::env(options, given)
        }
        Some(Command::Healthcheck(options)) => {
            let given = matches.subcommand_matches("healthcheck").unwrap_or(&matches);
            healthcheck::healthcheck(&options, given)
        }
        Some(Command::Completions { shell }) => completions(shell),
    };
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Nowhere is left to report that standard error cannot be written.
            let _ = writeln!(io::stderr(), "iam-emulator: {failure}");
            failure.exit_code()
        }
    }
}

/// An offline, in-memory AWS IAM and STS that verifies every signature
///
/// Without a subcommand it serves. Each option has an environment variable; an option on the command line wins.
#[derive(Parser)]
#[command(name = "iam-emulator", version, args_conflicts_with_subcommands = true)]
struct CommandLine {
    #[command(flatten)]
    serve: ServeOptions,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve IAM and STS until SIGTERM or SIGINT (the default)
    Serve(ServeOptions),
    /// Print the environment that a client of a running emulator needs
    Env(EnvOptions),
    /// Exit 0 if an emulator answers that it is ready, 1 if not
    Healthcheck(HealthcheckOptions),
    /// Print the completion script for a shell
    Completions {
        /// The shell to complete in
        shell: Shell,
    },
}

/// Why the command did not do what it was told; what it says goes to standard error.
#[derive(Debug)]
enum Failure {
    /// The options contradict each other or name something impossible: status 2, as for any bad usage.
    Usage(String),
    /// The machine or the other side did not play along: status 1.
    Run(String),
}

impl Failure {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::Run(_) => ExitCode::from(1),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) | Self::Run(message) => f.write_str(message),
        }
    }
}

fn completions(shell: Shell) -> Result<(), Failure> {
    // The generator panics when its writer fails, so it writes to memory.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut CommandLine::command(), "iam-emulator", &mut script);
    print(&script)
}

/// Writes to standard output, which may be a pipe that has been closed.
fn print(text: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(text)
        .and_then(|()| stdout.flush())
        .map_err(|error| Failure::Run(format!("cannot write to standard output: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        CommandLine::command().debug_assert();
    }
}
