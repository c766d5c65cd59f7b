#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

mod auth;
mod configuration;
mod emulator;
mod error;
mod id;
mod operation;
mod policy;
mod protocol;
mod secret;
mod service;
mod state;

pub use configuration::{
    Configuration, ConfigurationError, ROOT_CREDENTIAL_BYTES_MAX, RegionCheck,
};
pub use emulator::{AccessKeyCredentials, Emulator};
pub use error::{ApiError, ErrorCode};
pub use protocol::BODY_BYTES_MAX;
pub use state::{ACCESS_KEYS_PER_OWNER_MAX, USERS_PER_ACCOUNT_MAX};
