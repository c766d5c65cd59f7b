//! The `iam-emulator` command: reads its arguments and hands over to one of its subcommands.
#![forbid(unsafe_code)]

use std::process::ExitCode;

mod command_line;

fn main() -> ExitCode {
    command_line::run()
}
