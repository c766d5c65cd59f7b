//! HTTP around [`Emulator`](crate::Emulator): a service, a router and a server on a socket.
//!
//! This is the only folder that knows axum. Three ways in, from the inside out:
//!
//! * [`EmulatorService`] is a `tower` service over any body type: it collects
//!   the body, reads the clock and calls [`Emulator::handle`](crate::Emulator::handle);
//! * [`router()`] is an axum `Router` that adds the health pages, to mount or to
//!   call without a socket;
//! * [`Server`] accepts connections for such a router, with the limits and
//!   timeouts of [`limits`].

mod access;
mod body;
mod connection;
mod emulator_service;
mod health;
pub mod limits;
mod listener;
mod refusal;
mod router;

pub use emulator_service::{EmulatorService, Peer};
pub use listener::{Server, ServerOptions};
pub use router::router;
