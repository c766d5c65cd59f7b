//! Starting many, stopping one: what becomes of ports, connections and requests under way.

use std::future::pending;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread;

use iam_emulator::server::{Server, ServerOptions};
use iam_emulator::{Clock, Configuration, Emulator, IamEmulator};
use tokio::runtime;
use tokio::sync::oneshot;

use crate::raw_http::{RawHttp, ask, get};

#[tokio::test]
async fn dropping_an_emulator_closes_its_port_and_its_connections() {
    let emulator = IamEmulator::start().await.unwrap();
    let address = emulator.address();
    let mut idle = RawHttp::connect(address);
    let mut half = RawHttp::connect(address);
    half.send("GET / HTTP/1.1\r\n");
    assert_eq!(ask(address, get("/other")).status, 404);
    drop(emulator);
    idle.assert_closed();
    half.assert_closed();
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn an_emulator_outlives_the_runtime_it_was_started_from() {
    let runtime = runtime::Builder::new_current_thread().build().unwrap();
    let emulator = runtime.block_on(IamEmulator::start()).unwrap();
    drop(runtime);
    assert_eq!(ask(emulator.address(), get("/other")).status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_starts_from_a_threaded_runtime_too() {
    let emulator = IamEmulator::start().await.unwrap();
    assert_eq!(ask(emulator.address(), get("/other")).status, 404);
}

#[tokio::test]
async fn a_hundred_emulators_share_nothing() {
    let mut emulators = Vec::new();
    for index in 0..100_u64 {
        let account_id = format!("{index:012}");
        emulators.push(IamEmulator::builder().account_id(account_id).start().await.unwrap());
    }
    let mut key_ids = std::collections::BTreeSet::new();
    for emulator in &emulators {
        assert_eq!(ask(emulator.address(), get("/other")).status, 404);
        // One name is free in each, and each makes its own key.
        let key = emulator.create_user_with_key("alice").unwrap();
        assert!(key_ids.insert(key.access_key_id().to_owned()));
    }
}

#[tokio::test]
async fn an_invalid_configuration_does_not_start() {
    let error = IamEmulator::builder().account_id("1234").start().await.unwrap_err();
    assert_eq!(error.to_string(), "the emulator's configuration is invalid");
    assert!(std::error::Error::source(&error).is_some());
}

#[test]
fn nothing_shown_holds_the_root_secret() {
    let secret = "uncommonSecret";
    let builder = IamEmulator::builder().root_credentials("root", secret);
    assert!(!format!("{builder:?}").contains(secret));
    let runtime = runtime::Builder::new_current_thread().build().unwrap();
    let emulator = runtime.block_on(builder.start()).unwrap();
    assert!(!format!("{emulator:?}").contains(secret));
    assert!(!format!("{:?}", emulator.root_credentials()).contains(secret));
    assert_eq!(emulator.root_credentials().secret_access_key(), secret);
}

#[test]
fn a_graceful_stop_finishes_the_request_under_way() {
    let server = Running::start();
    let mut under_way = RawHttp::connect(server.address);
    under_way.send("POST /other HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n");
    // The interim answer shows that the server is in the middle of this request.
    assert_eq!(under_way.answer_head().status, 100);
    let mut silent = RawHttp::connect(server.address);
    let mut idle = RawHttp::connect(server.address);
    idle.send(get("/other"));
    assert_eq!(idle.answer().status, 404);

    server.stop.send(()).unwrap();
    idle.assert_closed();
    silent.assert_closed();
    assert!(TcpStream::connect(server.address).is_err(), "the port is closed before the drain");
    under_way.send("0123456789");
    assert_eq!(under_way.answer().status, 404);
    under_way.assert_closed();
    server.thread.join().unwrap();
}

/// A server on a thread of its own, which ends when the server has drained.
struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    thread: thread::JoinHandle<()>,
}

impl Running {
    fn start() -> Self {
        let (started, starting) = oneshot::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = thread::spawn(move || {
            let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let emulator = Arc::new(Emulator::new(Configuration::default()).unwrap());
                let server = Server::bind(
                    ([127, 0, 0, 1], 0).into(),
                    emulator,
                    Clock::new(),
                    ServerOptions::default(),
                )
                .await
                .unwrap();
                started.send(server.local_address()).unwrap();
                server
                    .serve_until(async {
                        if stopped.await.is_err() {
                            pending::<()>().await;
                        }
                    })
                    .await;
            });
        });
        Self { address: starting.blocking_recv().unwrap(), stop, thread }
    }
}
