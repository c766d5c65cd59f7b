//! The whole life of an access key: created, used, rotated, deactivated, deleted.
//!
//! Run with `cargo run --release -p examples --example rotate_access_key`.
//!
//! Everything happens in this process and nothing is simulated on the way: each
//! request is signed by `sigv4`, sent over HTTP by hyper, and verified by
//! `iam-emulator`. What must be refused is tried too. The program fails if any
//! step is answered otherwise than expected.

use std::error::Error;

use http::Request;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use iam_emulator::IamEmulator;
use sigv4::{Credentials, Signer, Timestamp};
use time::Duration;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let emulator = IamEmulator::start().await?;
    println!("IAM and STS listen on {}\n", emulator.endpoint_url());
    let root = emulator.root_credentials();
    let root = Key::new(root.access_key_id(), root.secret_access_key());
    let mut story = Story::new(&emulator);

    let (arn, key_id, last_used) = (["Arn"], ["AccessKeyId"], ["LastUsedDate", "ServiceName"]);

    let alice = [("UserName", "alice")];
    let create_key = root.call("CreateAccessKey", &alice);
    story.accepts("create the user alice", root.call("CreateUser", &alice), &arn).await?;
    let first = story.accepts("create her first key", create_key, &key_id).await?.key()?;
    story.accepts("use it: who am I?", first.who_am_i(), &arn).await?;

    let second = story.accepts("create her second key", create_key, &key_id).await?.key()?;
    story.refuses("create a third", create_key, 409, "LimitExceeded").await?;
    story.accepts("switch to the second key", second.who_am_i(), &arn).await?;

    let inactive = [alice[0], ("AccessKeyId", &first.id), ("Status", "Inactive")];
    let deactivate = root.call("UpdateAccessKey", &inactive);
    story.accepts("deactivate the first key", deactivate, &[]).await?;
    story.refuses("use the first key", first.who_am_i(), 403, "InvalidClientTokenId").await?;
    story.refuses("create a third now", create_key, 409, "LimitExceeded").await?;

    let [first_id, second_id] = [&first, &second].map(|key| [("AccessKeyId", key.id.as_str())]);
    let first_use = root.call("GetAccessKeyLastUsed", &first_id);
    story.accepts("last use of the first key", first_use, &last_used).await?;
    let second_use = root.call("GetAccessKeyLastUsed", &second_id);
    story.accepts("last use of the second key", second_use, &last_used).await?;

    let first_key = [alice[0], first_id[0]];
    story.accepts("delete the first key", root.call("DeleteAccessKey", &first_key), &[]).await?;
    let list_keys = root.call("ListAccessKeys", &alice);
    let list = story.accepts("list her keys", list_keys, &key_id).await?;
    let is_alone = list.body.matches("<member>").count() == 1;
    if !is_alone || list.element("AccessKeyId") != Some(&second.id) {
        return Err("the second key should be the only one left".into());
    }

    let forged = Key::new(&second.id, "not-the-secret-of-this-key");
    let wrong_secret = forged.who_am_i();
    story.refuses("sign with a wrong secret", wrong_secret, 403, "SignatureDoesNotMatch").await?;
    let late = second.who_am_i().with_clock_off_by(-Duration::minutes(16));
    story.refuses("sign 16 minutes in the past", late, 403, "SignatureDoesNotMatch").await?;

    let delete_user = root.call("DeleteUser", &alice);
    story.refuses("delete alice, not her key", delete_user, 409, "DeleteConflict").await?;
    let second_key = [alice[0], second_id[0]];
    story.accepts("delete the second key", root.call("DeleteAccessKey", &second_key), &[]).await?;
    story.accepts("delete alice", delete_user, &[]).await?;
    story.refuses("look for her", root.call("GetUser", &alice), 404, "NoSuchEntity").await?;
    println!("\nAll {} steps went as they should.", story.steps);
    Ok(())
}

/// An access key. Has no `Debug`, because it holds the secret.
struct Key {
    id: String,
    secret: String,
}

impl Key {
    fn new(id: &str, secret: &str) -> Self {
        Self { id: id.to_owned(), secret: secret.to_owned() }
    }

    fn call<'a>(&'a self, action: &'a str, parameters: &'a [(&'a str, &'a str)]) -> Call<'a> {
        Call { key: self, action, parameters, clock_offset: Duration::ZERO }
    }

    /// Any use of a key would do; this one needs no permission.
    fn who_am_i(&self) -> Call<'_> {
        self.call("GetCallerIdentity", &[])
    }
}

/// A call of one operation, signed with one key.
#[derive(Clone, Copy)]
struct Call<'a> {
    key: &'a Key,
    action: &'a str,
    parameters: &'a [(&'a str, &'a str)],
    clock_offset: Duration,
}

impl Call<'_> {
    fn with_clock_off_by(self, clock_offset: Duration) -> Self {
        Self { clock_offset, ..self }
    }

    /// The request, signed as an AWS SDK would at this moment.
    fn signed(&self, emulator: &IamEmulator) -> Result<Request<Full<Bytes>>, Box<dyn Error>> {
        let (service, version) = match self.action {
            "GetCallerIdentity" => ("sts", "2011-06-15"),
            _ => ("iam", "2010-05-08"),
        };
        let mut body = format!("Action={}&Version={version}", self.action);
        for (name, value) in self.parameters {
            // Names, ids and states: nothing that a form has to escape.
            body.push_str(&format!("&{name}={value}"));
        }
        let request = Request::post(emulator.endpoint_url())
            .header("content-type", "application/x-www-form-urlencoded; charset=utf-8")
            .body(body)?;

        let now = Timestamp::try_from(emulator.clock().now() + self.clock_offset)?;
        let credentials = Credentials::new(&self.key.id, &self.key.secret);
        let signer = Signer::new(credentials, "us-east-1", service)?;
        Ok(signer.sign_at(request, now)?.map(Full::from))
    }
}

/// Tells what happens, step by step, and stops where it is not what should.
struct Story<'a> {
    emulator: &'a IamEmulator,
    http: Client<HttpConnector, Full<Bytes>>,
    steps: usize,
}

impl<'a> Story<'a> {
    fn new(emulator: &'a IamEmulator) -> Self {
        let http = Client::builder(TokioExecutor::new()).build_http();
        Self { emulator, http, steps: 0 }
    }

    /// A step that must succeed; prints the elements of the answer named `shown`.
    async fn accepts(
        &mut self,
        what: &str,
        call: Call<'_>,
        shown: &[&str],
    ) -> Result<Answer, Box<dyn Error>> {
        let answer = self.send(call).await?;
        if answer.status != 200 {
            return Err(format!("{what}: expected success, got {answer}").into());
        }
        let texts: Option<Vec<_>> = shown.iter().map(|name| answer.element(name)).collect();
        let texts = texts.ok_or(format!("{what}: the answer holds no {shown:?}"))?;
        self.tell(what, &format!("ok   {}", texts.join("  ")));
        Ok(answer)
    }

    /// A step that must be refused with this status and code.
    async fn refuses(
        &mut self,
        what: &str,
        call: Call<'_>,
        status: u16,
        code: &str,
    ) -> Result<(), Box<dyn Error>> {
        let answer = self.send(call).await?;
        if answer.status != status || answer.element("Code") != Some(code) {
            return Err(format!("{what}: expected {status} {code}, got {answer}").into());
        }
        self.tell(what, &format!("{status}  {code}, as expected"));
        Ok(())
    }

    async fn send(&self, call: Call<'_>) -> Result<Answer, Box<dyn Error>> {
        let response = self.http.request(call.signed(self.emulator)?).await?;
        let status = response.status().as_u16();
        let body = response.into_body().collect().await?.to_bytes();
        Ok(Answer { status, body: String::from_utf8(body.to_vec())? })
    }

    fn tell(&mut self, what: &str, outcome: &str) {
        self.steps += 1;
        println!("{:2}  {what:<28}  {}", self.steps, outcome.trim_end());
    }
}

/// What the service answered.
struct Answer {
    status: u16,
    body: String,
}

impl Answer {
    /// The text of the first XML element with this name.
    fn element(&self, name: &str) -> Option<&str> {
        let (_, behind) = self.body.split_once(&format!("<{name}>"))?;
        Some(behind.split_once(&format!("</{name}>"))?.0)
    }

    /// The key in the answer of `CreateAccessKey`, the only one that shows the secret.
    fn key(&self) -> Result<Key, Box<dyn Error>> {
        let id = self.element("AccessKeyId").ok_or("the answer has no AccessKeyId")?;
        let secret = self.element("SecretAccessKey").ok_or("the answer has no SecretAccessKey")?;
        Ok(Key::new(id, secret))
    }
}

/// Status and error code: a whole answer may hold a secret.
impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.status, self.element("Code").unwrap_or_default())
    }
}
