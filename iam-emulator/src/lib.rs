#![forbid(unsafe_code)]
// Its programs are compiled as they are shown by a test of the package `examples`.
#![cfg_attr(not(doctest), doc = include_str!("../README.md"))]
#![allow(clippy::test_attr_in_doctest, reason = "the page shows whole tests, which that test runs")]

mod account;
mod arrival;
mod auth;
mod authorize;
mod clock;
mod configuration;
mod emulator;
mod error;
mod iam_emulator;
mod id;
mod operation;
mod policy;
mod protocol;
mod record;
mod secret;
pub mod server;
mod service;
mod state;

pub use arrival::{Arrival, Delivery, Reply};
pub use clock::Clock;
pub use configuration::{
    Configuration, ConfigurationError, ROOT_CREDENTIAL_BYTES_MAX, RegionCheck,
};
pub use emulator::{AccessKeyCredentials, Emulator};
pub use error::{ApiError, ErrorCode};
pub use iam_emulator::{IamEmulator, IamEmulatorBuilder, StartError};
pub use protocol::BODY_BYTES_MAX;
pub use record::Record;
pub use state::{ACCESS_KEYS_PER_OWNER_MAX, USERS_PER_ACCOUNT_MAX};
