//! All that a process prints while each operation succeeds and fails: no secret is in it.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use rustix::process::Signal;
use time::OffsetDateTime;

use crate::process::Process;
use crate::raw_http::ask;
use crate::signed_http::{Signer, element};

const ROOT_KEY_ID: &str = "AKIDROOTOFTHETEST";
const ROOT_SECRET: &str = "rootSecret/WithSome+Characters/0123456789";

/// What the root asks in turn, and the error code of each answer; `KEY1` and
/// `KEY2` stand for the keys created before.
const STEPS: [(&str, &str, &str); 23] = [
    ("GetCallerIdentity", "", ""),
    ("CreateUser", "&UserName=alice", ""),
    ("CreateUser", "&UserName=alice", "EntityAlreadyExists"),
    ("CreateAccessKey", "&UserName=alice", ""),
    ("CreateAccessKey", "&UserName=alice", ""),
    ("CreateAccessKey", "&UserName=alice", "LimitExceeded"),
    ("GetUser", "&UserName=alice", ""),
    ("GetUser", "&UserName=nobody", "NoSuchEntity"),
    ("ListUsers", "", ""),
    ("ListUsers", "&MaxItems=0", "ValidationError"),
    ("ListAccessKeys", "&UserName=alice", ""),
    ("ListAccessKeys", "&UserName=nobody", "NoSuchEntity"),
    ("GetAccessKeyLastUsed", "&AccessKeyId=KEY1", ""),
    ("GetAccessKeyLastUsed", "&AccessKeyId=AKIAIOSFODNN7EXAMPLE", "AccessDenied"),
    ("UpdateUser", "&UserName=alice&NewUserName=carol", ""),
    ("UpdateUser", "&UserName=alice&NewUserName=carol", "NoSuchEntity"),
    ("UpdateAccessKey", "&UserName=carol&AccessKeyId=KEY1&Status=Inactive", ""),
    ("UpdateAccessKey", "&UserName=carol&AccessKeyId=KEY1&Status=Odd", "ValidationError"),
    ("DeleteUser", "&UserName=carol", "DeleteConflict"),
    ("DeleteAccessKey", "&UserName=carol&AccessKeyId=KEY1", ""),
    ("DeleteAccessKey", "&UserName=carol&AccessKeyId=KEY1", "NoSuchEntity"),
    ("DeleteAccessKey", "&UserName=carol&AccessKeyId=KEY2", ""),
    ("DeleteUser", "&UserName=carol", ""),
];

#[test]
fn no_secret_is_in_anything_the_process_prints() {
    for format in ["text", "json"] {
        let (process, address) = Process::serve([
            "--log-level",
            "trace",
            "--log-format",
            format,
            "--root-access-key-id",
            ROOT_KEY_ID,
            "--root-secret-access-key",
            ROOT_SECRET,
        ]);
        let mut conversation = Conversation::new(address);
        for (action, parameters, expected) in STEPS {
            conversation.step(action, parameters, expected);
        }
        process.signal(Signal::TERM);
        let finished = process.finish();
        assert_eq!(finished.code(), Some(0));

        let announced = format!("export AWS_SECRET_ACCESS_KEY={ROOT_SECRET}\n");
        assert!(is_in(&finished.stdout, ROOT_SECRET), "the search finds what is there");
        let output = finished.stdout.replace(&announced, "") + &finished.stderr;
        // One event at least for each request and its forgery.
        assert!(finished.stderr.lines().count() > 2 * STEPS.len(), "{output}");
        assert_eq!(conversation.secrets.len(), 4, "the root's, two keys', and a forger's");
        for secret in &conversation.secrets {
            assert!(!is_in(&output, secret), "{secret} is in {output}");
        }
        for signature in &conversation.signatures {
            assert!(!is_in(&output, signature), "{signature} is in {output}");
        }
    }
}

#[test]
fn the_search_finds_a_secret_in_each_encoding() {
    let hidden = format!("x{ROOT_SECRET}yz");
    assert!(is_in(&hidden, ROOT_SECRET));
    assert!(is_in(&hex::encode(&hidden), ROOT_SECRET));
    assert!(is_in(&hex::encode_upper(&hidden), ROOT_SECRET));
    for before in ["", "a", "ab", "abc"] {
        let hidden = format!("{before}{ROOT_SECRET}yz");
        assert!(is_in(&STANDARD_NO_PAD.encode(&hidden), ROOT_SECRET), "{before:?}");
        assert!(is_in(&URL_SAFE_NO_PAD.encode(&hidden), ROOT_SECRET), "{before:?}");
    }
    assert!(!is_in("rootSecret", ROOT_SECRET));
}

/// What was said to one emulator, and what must not be repeated.
struct Conversation {
    address: SocketAddr,
    key_ids: Vec<String>,
    secrets: BTreeSet<String>,
    signatures: BTreeSet<String>,
}

impl Conversation {
    fn new(address: SocketAddr) -> Self {
        Self {
            address,
            key_ids: Vec::new(),
            secrets: BTreeSet::from([ROOT_SECRET.to_owned()]),
            signatures: BTreeSet::new(),
        }
    }

    /// Asks with a wrong secret, then with the right one.
    fn step(&mut self, action: &str, parameters: &str, expected: &str) {
        let mut parameters = parameters.to_owned();
        for (index, key_id) in self.key_ids.iter().enumerate() {
            parameters = parameters.replace(&format!("KEY{}", index + 1), key_id);
        }
        self.secrets.insert("theSecretOfAForger".to_owned());
        let forged = self.ask("theSecretOfAForger", action, &parameters);
        assert_eq!(element(&forged, "Code").as_deref(), Some("SignatureDoesNotMatch"), "{forged}");
        let text = self.ask(ROOT_SECRET, action, &parameters);
        assert_eq!(element(&text, "Code").unwrap_or_default(), expected, "{action}: {text}");

        let secret = element(&text, "SecretAccessKey");
        assert_eq!(secret.is_some(), action == "CreateAccessKey" && expected.is_empty());
        // The answer may show the new secret, once, and no other.
        for known in &self.secrets {
            assert!(!is_in(&text, known) && !is_in(&forged, known), "{known} is in {text}{forged}");
        }
        self.secrets.extend(secret);
        if action == "CreateAccessKey" {
            self.key_ids.extend(element(&text, "AccessKeyId"));
        }
    }

    fn ask(&mut self, secret_access_key: &str, action: &str, parameters: &str) -> String {
        let signer = Signer {
            access_key_id: ROOT_KEY_ID,
            secret_access_key,
            host: self.address,
            now: OffsetDateTime::now_utc(),
        };
        let request = signer.post(action, parameters);
        let (_, signature) = request.split_once("Signature=").unwrap();
        self.signatures.insert(signature.lines().next().unwrap().to_owned());
        ask(self.address, request).text()
    }
}

/// Whether `text` holds `secret` in plain, in hex or in base64.
fn is_in(text: &str, secret: &str) -> bool {
    let plain_or_hex = [secret.to_owned(), hex::encode(secret), hex::encode_upper(secret)];
    let base64 = [STANDARD_NO_PAD, URL_SAFE_NO_PAD].into_iter().flat_map(|engine| {
        // What stands before it decides how its bytes fall into groups of three;
        // the characters at either end also depend on its neighbours.
        (0..3).map(move |before| {
            let encoded = engine.encode([&vec![0; before], secret.as_bytes()].concat());
            encoded[(before * 8).div_ceil(6)..encoded.len() - 1].to_owned()
        })
    });
    plain_or_hex.into_iter().chain(base64).any(|form| text.contains(&form))
}
