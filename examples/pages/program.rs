//! A Rust block as a program, and how it is run.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::manifest::Manifest;
use crate::page::{Block, Page};
use crate::rules;

/// A block that runs for longer has failed.
pub(crate) const RUN_TIME_MAX: Duration = Duration::from_secs(60);

/// A block with what it is compiled with.
pub(crate) struct Program<'a> {
    pub(crate) page: &'a Page,
    pub(crate) block: &'a Block,
    pub(crate) manifest: &'a Manifest,
}

/// The Rust blocks of a page.
pub(crate) fn programs(page: &Page) -> impl Iterator<Item = Program<'_>> {
    let blocks = page.blocks.iter().filter(|block| rules::is_rust(&block.info));
    blocks.filter_map(move |block| {
        block.manifest.as_ref().map(|manifest| Program { page, block, manifest })
    })
}

impl Program<'_> {
    pub(crate) fn name(&self) -> String {
        format!("{}_line_{}", self.page.stem(), self.block.line)
    }

    /// Its place in the fresh crate.
    pub(crate) fn file(&self) -> String {
        let folder = if self.is_test() { "tests" } else { "src/bin" };
        format!("{folder}/{}.rs", self.name())
    }

    /// The block as a whole file, in which each line has the number it has on
    /// the page: `fn main` is where the fence is.
    pub(crate) fn source(&self) -> String {
        let Block { line, text, .. } = self.block;
        let lines_before = "\n".repeat(line - 1);
        if self.is_test() || text.contains("fn main") {
            format!("{lines_before}\n{text}")
        } else {
            format!("{lines_before}fn main() {{\n{text}}}\n")
        }
    }

    /// Whether it has functions that only a test binary calls.
    pub(crate) fn is_test(&self) -> bool {
        self.block.text.lines().any(|line| {
            let attribute = line.trim_start().strip_prefix("#[");
            let name = attribute.and_then(|rest| rest.split(['(', ']']).next());
            name.is_some_and(|name| name == "test" || name.ends_with("::test"))
        })
    }

    pub(crate) fn is_run(&self) -> bool {
        self.block.info == "rust"
    }

    /// What the compiler or the program says, with the page as the file.
    pub(crate) fn on_page(&self, message: &str) -> String {
        message.replace(&self.file(), &self.page.name)
    }
}

/// Runs what was built. Returns what is wrong, if anything is.
pub(crate) fn run(executable: &Path, folder: &Path, time_max: Duration) -> Option<String> {
    let mut child = Command::new(executable)
        .current_dir(folder)
        // It says where, and a message of a test is to be read.
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("what was built can be started");
    // Both end when the program does.
    let (sender, ended) = mpsc::channel();
    let stdout = child.stdout.take().map(|stdout| collect(stdout, sender.clone()));
    let stderr = child.stderr.take().map(|stderr| collect(stderr, sender));
    if ended.recv_timeout(time_max).is_err() || ended.recv_timeout(time_max).is_err() {
        child.kill().expect("a child may be killed");
        child.wait().expect("a child can be waited for");
        return Some(format!("runs for more than {} seconds", time_max.as_secs_f32()));
    }
    let status = child.wait().expect("a child can be waited for");
    let output =
        [stdout, stderr].into_iter().flatten().map(|thread| thread.join().unwrap_or_default());
    (!status.success()).then(|| format!("{status}\n{}", output.collect::<String>()))
}

fn collect(
    mut output: impl Read + Send + 'static,
    ended: mpsc::Sender<()>,
) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before an error is good enough for a message.
        let _ = output.read_to_end(&mut bytes);
        let _ = ended.send(());
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
