//! The log: this program's own events, on standard error.

use std::io::{self, IsTerminal};

use clap::ValueEnum;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, registry};

/// How events are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    /// One line of text for each event
    Text,
    /// One JSON object on a line for each event
    Json,
}

/// Which events are written: these and all graver ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum LogLevel {
    /// Nothing but failures
    Error,
    /// What may not be what you want
    Warn,
    /// Start and stop
    Info,
    /// Every request: method, path and status
    Debug,
    /// Everything
    Trace,
}

impl From<LogLevel> for LevelFilter {
    fn from(level: LogLevel) -> Self {
        match level {
            LogLevel::Error => Self::ERROR,
            LogLevel::Warn => Self::WARN,
            LogLevel::Info => Self::INFO,
            LogLevel::Debug => Self::DEBUG,
            LogLevel::Trace => Self::TRACE,
        }
    }
}

/// Starts logging for the rest of the process.
pub(super) fn start(format: LogFormat, level: LogLevel) {
    // Only this program's events, at any level: the HTTP libraries would write
    // request headers, and with them signatures.
    let own = Targets::new().with_target(env!("CARGO_CRATE_NAME"), level);
    let stderr = fmt::layer().with_writer(io::stderr);
    match format {
        LogFormat::Text => {
            registry().with(stderr.with_ansi(io::stderr().is_terminal()).with_filter(own)).init();
        }
        LogFormat::Json => registry().with(stderr.json().with_filter(own)).init(),
    }
}
