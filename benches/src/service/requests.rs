//! Requests in bytes, signed.

use std::net::SocketAddr;

use sigv4::{Credentials, Signer};

/// The bootstrap key of an emulator that was told nothing else.
const ROOT: Credentials<'_> = Credentials::new("test", "test");

/// Signs what one server is sent.
#[derive(Debug)]
pub struct Requests {
    address: SocketAddr,
    iam: Signer,
    sts: Signer,
}

impl Requests {
    /// For the server at this address.
    #[must_use]
    pub fn to(address: SocketAddr) -> Self {
        let signer = |service| Signer::new(ROOT, "us-east-1", service).expect("valid");
        Self { address, iam: signer("iam"), sts: signer("sts") }
    }

    /// A call of IAM.
    #[must_use]
    pub fn iam(&self, parameters: &str) -> Vec<u8> {
        self.signed(&self.iam, &format!("{parameters}&Version=2010-05-08"))
    }

    /// A call of STS.
    #[must_use]
    pub fn sts(&self, parameters: &str) -> Vec<u8> {
        self.signed(&self.sts, &format!("{parameters}&Version=2011-06-15"))
    }

    fn signed(&self, signer: &Signer, form: &str) -> Vec<u8> {
        let host = self.address.to_string();
        let request = http::Request::post("/")
            .header("host", &host)
            .header("content-type", "application/x-www-form-urlencoded; charset=utf-8")
            .header("content-length", form.len())
            .body(form)
            .expect("a valid request");
        let request = signer.sign(request).expect("it can be signed");
        let mut bytes = b"POST / HTTP/1.1\r\n".to_vec();
        for (name, value) in request.headers() {
            bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
        }
        bytes.extend(b"\r\n");
        bytes.extend(form.as_bytes());
        bytes
    }
}
