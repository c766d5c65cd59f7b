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

/// A fresh account, and the answers of the set-up that were given a name.
struct Scene {
    root: Client,
    answers: HashMap<String, Answer>,
    seconds: i64,
    case: PathBuf,
}

impl Scene {
    fn of(case: &Path) -> Self {
        Self { root: Client::root(), answers: HashMap::new(), seconds: 0, case: case.to_owned() }
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
        if signer == "nobody" {
            return self.at_this_time(&self.root).send(request);
        }
        let service = match request.headers()["host"].to_str().unwrap() {
            host if host.starts_with("sts.") => "sts",
            _ => "iam",
        };
        let client = self.signer(signer);
        client.send(client.sign(request, service))
    }

    /// `[name =] signer [sts:]Action parameter=value …`, which must succeed. What is answered goes
    /// by the name from then on.
    fn set_up(&mut self, line: &str) {
        let line = self.expand(line);
        let (name, line) = match line.split_once(" = ") {
            Some((name, line)) => (Some(name), line),
            None => (None, line.as_str()),
        };
        let mut words = line.split(' ');
        let signer = self.signer(words.next().unwrap());
        let action = words.next().unwrap();
        let parameters: Vec<_> = words.map(|word| word.split_once('=').unwrap()).collect();
        let answer = match action.strip_prefix("sts:") {
            Some(action) => signer.sts(action, &parameters),
            None => signer.iam(action, &parameters),
        };
        let answer = answer.succeeded();
        if let Some(name) = name {
            self.answers.insert(name.to_owned(), answer);
        }
        self.seconds += 1;
    }

    /// `root` signs with the bootstrap key, any other name with the key in the answer of this name.
    fn signer(&self, name: &str) -> Client {
        let root = self.at_this_time(&self.root);
        if name == "root" {
            return root;
        }
        let key = &self.answers[name];
        let text = |element| key.text(element).expect("the answer holds a key");
        root.with_key(&text("AccessKeyId"), &text("SecretAccessKey"))
    }

    /// Puts what stands in an answer's element in the place of `{name.Element}`.
    fn expand(&self, text: &str) -> String {
        let mut expanded = String::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('{') {
            expanded.push_str(before);
            let value = behind.split_once('}').and_then(|(place, after)| {
                let (name, element) = place.split_once('.')?;
                Some((self.answers.get(name)?.text(element)?, after))
            });
            match value {
                Some((value, after)) => {
                    expanded.push_str(&value);
                    rest = after;
                }
                None => {
                    expanded.push('{');
                    rest = behind;
                }
            }
        }
        expanded + rest
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
