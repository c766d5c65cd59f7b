//! What a client really sends, read from a socket, and signed again by the naive
//! reference signer.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::reference::{self, Input};

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Arrived {
    pub(crate) method: String,
    pub(crate) target: Vec<u8>,
    /// In their order, names in lower case.
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

impl Arrived {
    /// All values of a header.
    pub(crate) fn values(&self, name: &str) -> Vec<&str> {
        let named = self.headers.iter().filter(|(other, _)| other == name);
        named.map(|(_, value)| str::from_utf8(value).expect("a value is text")).collect()
    }

    /// The one value of a header.
    pub(crate) fn value(&self, name: &str) -> &str {
        match *self.values(name) {
            [value] => value,
            ref values => panic!("{name}: {values:?}"),
        }
    }

    /// What the reference makes of that which arrived, with the credentials, scope, time and
    /// switches of `signer`. Signed are the headers that the signature says; those that
    /// must be among them are.
    pub(crate) fn signed_again(&self, signer: &Input) -> String {
        let authorization = self.value("authorization");
        let signed = authorization.split("SignedHeaders=").nth(1).expect("names of headers");
        let signed: Vec<&str> = signed.split(',').next().unwrap_or_default().split(';').collect();
        let must_be = |name: &str| {
            let is_made = name.starts_with("x-amz-");
            is_made || ["host", "content-type", "content-md5", "range"].contains(&name)
        };
        for (name, _) in self.headers.iter().filter(|(name, _)| must_be(name)) {
            assert!(signed.contains(&&**name), "{name} is not signed: {authorization}");
        }
        // The reference adds these itself.
        let made = ["x-amz-date", "x-amz-security-token", "x-amz-content-sha256"];
        let headers = self
            .headers
            .iter()
            .filter(|(name, _)| signed.contains(&&**name) && !made.contains(&&**name));
        let input = Input {
            method: self.method.clone(),
            target: self.target.clone(),
            headers: headers.cloned().collect(),
            body: self.body.clone(),
            ..signer.clone()
        };
        reference::sign(&input).authorization.expect("in a header")
    }
}

/// A listener on a free port of this machine, and the port.
pub(crate) async fn listen() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

/// Takes one request and answers that there is nothing to say.
pub(crate) async fn receive(listener: TcpListener) -> Arrived {
    answer(&listener, "204 No Content").await
}

/// Takes one request, answers with a status and what may follow it, and ends the connection.
pub(crate) async fn answer(listener: &TcpListener, status: &str) -> Arrived {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let mut arrived = parse(&head);
    arrived.body = body(&mut stream, &arrived).await;
    let end = "Content-Length: 0\r\nConnection: close\r\n\r\n";
    stream.write_all(format!("HTTP/1.1 {status}\r\n{end}").as_bytes()).await.unwrap();
    arrived
}

fn parse(head: &[u8]) -> Arrived {
    let mut lines = head.split(|&byte| byte == b'\n').map(|line| line.trim_ascii_end());
    let line = lines.next().unwrap_or_default();
    let line = line.strip_suffix(b" HTTP/1.1").expect("HTTP/1.1");
    let at = line.iter().position(|&byte| byte == b' ').expect("a method and a target");
    let headers = lines.filter(|line| !line.is_empty()).map(|line| {
        let at = line.iter().position(|&byte| byte == b':').expect("a name and a value");
        let name = str::from_utf8(&line[..at]).expect("a name is ASCII").to_ascii_lowercase();
        (name, line[at + 1..].trim_ascii_start().to_vec())
    });
    Arrived {
        method: String::from_utf8(line[..at].to_vec()).expect("a method is ASCII"),
        target: line[at + 1..].to_vec(),
        headers: headers.collect(),
        body: Vec::new(),
    }
}

async fn body(stream: &mut TcpStream, arrived: &Arrived) -> Vec<u8> {
    if !arrived.values("transfer-encoding").is_empty() {
        return chunks(stream).await;
    }
    let len = arrived.values("content-length").first().map_or(0, |len| len.parse().unwrap());
    let mut body = vec![0; len];
    stream.read_exact(&mut body).await.unwrap();
    body
}

/// The data of a body in HTTP's own chunks.
async fn chunks(stream: &mut TcpStream) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let mut line = Vec::new();
        while !line.ends_with(b"\r\n") {
            line.push(stream.read_u8().await.unwrap());
        }
        let len = usize::from_str_radix(str::from_utf8(&line).unwrap().trim(), 16).unwrap();
        let mut chunk = vec![0; len + 2];
        stream.read_exact(&mut chunk).await.unwrap();
        body.extend(&chunk[..len]);
        if len == 0 {
            return body;
        }
    }
}
