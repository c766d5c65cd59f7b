//! Whole answers, to the byte, for the requests under `testdata/iam`.
//!
//! `testdata/iam/README.md` describes the files. A golden file is rewritten
//! only on demand, and is then to be read before it is committed:
//!
//! ```text
//! UPDATE_GOLDEN=1 cargo test -p iam-emulator --test integration golden
//! ```

use std::{
    collections::HashMap,
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use http::Request;
use time::Duration;

use crate::client::{self, Answer, Client};

#[test]
fn answers_are_golden() {
    let update = env::var_os("UPDATE_GOLDEN").is_some();
    let cases = cases();
    assert!(cases.len() > 50, "the cases are found");
    let mut failures = String::new();
    for case in cases {
        let answer = render(&Scene::of(&case).play());
        let golden = case.join("response.txt");
        if update {
            fs::write(&golden, &answer).unwrap();
        }
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        if expected != answer {
            let case = case.display();
            writeln!(failures, "{case}\n--- expected\n{expected}\n--- got\n{answer}").unwrap();
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

/// A fresh account and the keys that the set-up creates in it.
struct Scene {
    root: Client,
    keys: HashMap<String, Vec<Client>>,
    seconds: i64,
    case: PathBuf,
}

impl Scene {
    fn of(case: &Path) -> Self {
        Self { root: Client::root(), keys: HashMap::new(), seconds: 0, case: case.to_owned() }
    }

    /// Carries out the set-up, then the request.
    fn play(mut self) -> Answer {
        if let Ok(setup) = fs::read_to_string(self.case.join("setup.txt")) {
            for line in setup.lines().filter(|line| !line.is_empty()) {
                self.set_up(line);
            }
        }
        let text = fs::read_to_string(self.case.join("request.txt")).unwrap();
        let (signer, request) = text.split_once('\n').unwrap();
        let request = parse_request(&self.expand(request));
        let root = self.at_this_time(&self.root);
        if signer == "nobody" {
            return root.send(request);
        }
        let service = match request.headers()["host"].to_str().unwrap() {
            host if host.starts_with("sts.") => "sts",
            _ => "iam",
        };
        let client = self.signer(signer);
        client.send(client.sign(request, service))
    }

    /// `signer Action name=value …`, which must succeed.
    fn set_up(&mut self, line: &str) {
        let line = self.expand(line);
        let mut words = line.split(' ');
        let signer = self.signer(words.next().unwrap());
        let action = words.next().unwrap();
        let parameters: Vec<_> = words.map(|word| word.split_once('=').unwrap()).collect();
        if action == "GetCallerIdentity" {
            signer.sts(action).succeeded();
        } else if action == "CreateAccessKey" {
            let owner = match parameters.as_slice() {
                [("UserName", name)] => (*name).to_owned(),
                _ => "root".to_owned(),
            };
            let key = signer.create_key(&parameters);
            self.keys.entry(owner).or_default().push(key);
        } else {
            signer.iam(action, &parameters).succeeded();
        }
        self.seconds += 1;
    }

    /// `root` signs with the bootstrap key, `alice` with her first key, and
    /// `alice.2` with her second.
    fn signer(&self, name: &str) -> Client {
        if name == "root" {
            return self.at_this_time(&self.root);
        }
        self.at_this_time(self.key(name))
    }

    fn key(&self, name: &str) -> &Client {
        let (owner, number) = name.split_once('.').unwrap_or((name, "1"));
        &self.keys[owner][number.parse::<usize>().unwrap() - 1]
    }

    /// Puts key ids in the place of `{alice.1}`.
    fn expand(&self, text: &str) -> String {
        let mut expanded = text.to_owned();
        for (owner, keys) in &self.keys {
            for (index, key) in keys.iter().enumerate() {
                let name = format!("{{{owner}.{}}}", index + 1);
                expanded = expanded.replace(&name, &key.access_key_id);
            }
        }
        expanded
    }

    fn at_this_time(&self, client: &Client) -> Client {
        let passed = client::START + Duration::seconds(self.seconds) - client.now;
        client.after(passed)
    }
}

/// A head, an empty line and a body without its last line break.
fn parse_request(text: &str) -> Request<Vec<u8>> {
    let (head, body) = text.split_once("\n\n").unwrap_or((text.trim_end(), ""));
    let mut lines = head.lines();
    let mut request_line = lines.next().unwrap().split(' ');
    let mut request =
        Request::builder().method(request_line.next().unwrap()).uri(request_line.next().unwrap());
    for line in lines {
        let (name, value) = line.split_once(": ").unwrap();
        request = request.header(name, value);
    }
    let body = body.strip_suffix('\n').unwrap_or(body);
    request.body(body.as_bytes().to_vec()).unwrap()
}

/// Status line, headers by name, an empty line and the body as it is.
fn render(answer: &Answer) -> String {
    let mut text = format!("HTTP/1.1 {}\n", answer.status);
    let mut headers: Vec<_> = answer
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {}\n", value.to_str().unwrap()))
        .collect();
    headers.sort();
    text.push_str(&headers.concat());
    text.push('\n');
    text.push_str(&answer.body);
    text
}

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/iam");
    let mut cases: Vec<_> = folders(&root).iter().flat_map(|group| folders(group)).collect();
    cases.sort();
    cases
}

fn folders(path: &Path) -> Vec<PathBuf> {
    fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect()
}
