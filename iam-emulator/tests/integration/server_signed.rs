//! Signed requests over real sockets: one after another, all at once, and over HTTP/2.

use std::collections::BTreeMap;
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use iam_emulator::{AccessKeyCredentials, IamEmulator};

use crate::raw_http::{Answer, RawHttp, ask};
use crate::signed_http::{Signer, element};

#[tokio::test]
async fn the_root_key_and_a_users_key_say_who_they_are() {
    let emulator = IamEmulator::start().await.unwrap();
    let alice = emulator.create_user_with_key("alice").unwrap();
    for (key, arn) in [
        (emulator.root_credentials(), "arn:aws:iam::123456789012:root"),
        (alice, "arn:aws:iam::123456789012:user/alice"),
    ] {
        let answer = call(&emulator, &key, "GetCallerIdentity", "");
        assert_eq!((answer.status, element(&answer.text(), "Arn").as_deref()), (200, Some(arn)));
    }
}

#[tokio::test]
async fn a_request_signed_at_another_time_is_refused() {
    let emulator = IamEmulator::start().await.unwrap();
    let root = emulator.root_credentials();
    let request = signer(&emulator, &root).post("ListUsers", "");
    assert_eq!(ask(emulator.address(), &request).status, 200);
    emulator.clock().advance(Duration::from_secs(16 * 60));
    let answer = ask(emulator.address(), &request);
    assert_eq!((answer.status, code(&answer).as_str()), (403, "SignatureDoesNotMatch"));
    let message = element(&answer.text(), "Message").unwrap();
    assert!(message.starts_with("Signature expired: "), "{message}");
    // Whoever signs by the emulator's clock is let in again.
    assert_eq!(call(&emulator, &root, "ListUsers", "").status, 200);
}

#[tokio::test]
async fn of_a_hundred_keys_created_at_once_two_succeed() {
    const CLIENTS: usize = 100;
    let emulator = IamEmulator::start().await.unwrap();
    let root = emulator.root_credentials();
    assert_eq!(call(&emulator, &root, "CreateUser", "&UserName=alice").status, 200);
    let request = signer(&emulator, &root).post("CreateAccessKey", "&UserName=alice");
    let at_once = Barrier::new(CLIENTS);
    let answers: Vec<Answer> = thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                scope.spawn(|| {
                    let mut connection = RawHttp::connect(emulator.address());
                    at_once.wait();
                    connection.send(&request);
                    connection.answer()
                })
            })
            .collect();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    });
    let mut counts = BTreeMap::new();
    for answer in &answers {
        *counts.entry((answer.status, code(answer))).or_insert(0) += 1;
    }
    let expected = [((200, String::new()), 2), ((409, "LimitExceeded".to_owned()), 98)];
    assert_eq!(counts, BTreeMap::from(expected));

    let mut created: Vec<_> =
        answers.iter().filter_map(|answer| element(&answer.text(), "AccessKeyId")).collect();
    let listed = call(&emulator, &root, "ListAccessKeys", "&UserName=alice").text();
    let mut listed: Vec<_> =
        listed.split("<member>").filter_map(|member| element(member, "AccessKeyId")).collect();
    created.sort();
    listed.sort();
    assert_eq!(created, listed);
}

#[tokio::test]
async fn over_http2_the_authority_is_the_signed_host() {
    let emulator = IamEmulator::start().await.unwrap();
    let root = emulator.root_credentials();
    let signer = signer(&emulator, &root);
    let target = "/?Action=GetCallerIdentity&Version=2011-06-15";
    for (signed_host, status) in [(emulator.address().to_string(), 200), ("other".to_owned(), 403)]
    {
        let signed = signer.sign("GET", target, &[("host", signed_host)], "sts", b"");
        let mut request = http::Request::get(format!("{}{target}", emulator.endpoint_url()));
        for (name, value) in signed {
            request = request.header(name, value);
        }
        let stream = tokio::net::TcpStream::connect(emulator.address()).await.unwrap();
        let handshake =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
        let (mut sender, connection) = handshake.await.unwrap();
        tokio::spawn(connection);
        let response = sender
            .send_request(request.body(Full::<bytes::Bytes>::default()).unwrap())
            .await
            .unwrap();
        assert_eq!(response.status(), status);
        response.into_body().collect().await.unwrap();
    }
}

fn signer<'a>(emulator: &IamEmulator, key: &'a AccessKeyCredentials) -> Signer<'a> {
    Signer {
        access_key_id: key.access_key_id(),
        secret_access_key: key.secret_access_key(),
        host: emulator.address(),
        now: emulator.clock().now(),
    }
}

fn call(
    emulator: &IamEmulator,
    key: &AccessKeyCredentials,
    action: &str,
    parameters: &str,
) -> Answer {
    ask(emulator.address(), signer(emulator, key).post(action, parameters))
}

/// The error code of an answer, empty for a success.
fn code(answer: &Answer) -> String {
    element(&answer.text(), "Code").unwrap_or_default()
}
