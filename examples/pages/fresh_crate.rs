//! The fresh crate that somebody pastes into.

use std::collections::{BTreeMap, HashMap};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde::Deserialize;

use crate::failure::Failure;
use crate::lock;
use crate::program::{self, Program};
use crate::repository;

/// Compiles each program with its own dependencies and runs it, in a folder
/// below the build folder that no other test uses.
pub(crate) fn compile(
    folder: &str,
    programs: Vec<Program<'_>>,
    run_time_max: Duration,
) -> Vec<Failure> {
    let folder = build_folder().join(folder);
    let mut by_manifest = BTreeMap::<&str, Vec<Program<'_>>>::new();
    for program in programs {
        by_manifest.entry(&program.manifest.text).or_default().push(program);
    }
    let crates: Vec<_> =
        by_manifest.into_values().map(|programs| FreshCrate::new(&folder, programs)).collect();
    let files: HashMap<_, _> = crates.iter().flat_map(FreshCrate::files).collect();
    write_exactly(&folder, &files);
    crates.iter().flat_map(|fresh_crate| fresh_crate.compile(run_time_max)).collect()
}

/// Programs with the same dependencies, never none.
struct FreshCrate<'a> {
    name: String,
    folder: PathBuf,
    programs: Vec<Program<'a>>,
}

impl<'a> FreshCrate<'a> {
    fn new(folder: &Path, programs: Vec<Program<'a>>) -> Self {
        let Program { page, manifest, .. } = programs[0];
        let name = format!("{}_line_{}", page.stem(), manifest.line);
        Self { folder: folder.join(&name), name, programs }
    }

    fn files(&self) -> Vec<(PathBuf, String)> {
        let mut files = vec![
            (self.folder.join("Cargo.toml"), self.manifest()),
            // Cargo takes the versions from here, and drops what is not needed.
            (self.folder.join("Cargo.lock"), workspace_lock()),
        ];
        let sources = self
            .programs
            .iter()
            .map(|program| (self.folder.join(program.file()), program.source()));
        files.extend(sources);
        files
    }

    /// What is pasted, and what a page cannot say.
    fn manifest(&self) -> String {
        let Self { name, programs, .. } = self;
        let pasted = &programs[0].manifest.text;
        let patches: String = repository::PACKAGES
            .iter()
            .map(|(package, folder)| (package, repository::root().join(folder)))
            .map(|(package, folder)| format!("{package} = {{ path = {folder:?} }}\n"))
            .collect();
        format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             {pasted}\n\
             [workspace]\n\n\
             [patch.crates-io]\n{patches}"
        )
    }

    fn compile(&self, run_time_max: Duration) -> Vec<Failure> {
        let messages = match self.lock().and_then(|()| self.build()) {
            Ok(messages) => messages,
            Err(error) => {
                let Program { page, manifest, .. } = &self.programs[0];
                return vec![Failure::new(page, manifest.line, error)];
            }
        };
        let failed = |program: &Program<'_>| {
            let error = self.run(program, &messages, run_time_max)?;
            Some(Failure::new(program.page, program.block.line, program.on_page(&error)))
        };
        self.programs.iter().filter_map(failed).collect()
    }

    /// Lets Cargo take what is needed from the workspace's lock file. It must
    /// find everything there: nothing else would hold a version, and who has
    /// built the workspace might not have the package.
    fn lock(&self) -> Result<(), String> {
        // The registry would only be asked for what is not in the lock file,
        // and for our own packages.
        let mut cargo = self.cargo(&["update", "--quiet", "--workspace", "--offline"]);
        let output = cargo.output().expect("Cargo can be started");
        if !output.status.success() {
            let error = String::from_utf8_lossy(&output.stderr);
            return Err(format!(
                "Cargo cannot make it of the workspace's Cargo.lock alone:\n{error}"
            ));
        }
        let lock = repository::read(&self.folder.join("Cargo.lock"));
        match lock::strangers(&lock, &workspace_lock(), &self.name).join(", ") {
            strangers if strangers.is_empty() => Ok(()),
            strangers => Err(format!(
                "not in the workspace's Cargo.lock: {strangers}; let a package of the workspace depend on it"
            )),
        }
    }

    /// What Cargo says of the programs, or why it did not come to them.
    fn build(&self) -> Result<Vec<Message>, String> {
        let mut cargo = self.cargo(&["build", "--locked", "--keep-going", "--message-format=json"]);
        cargo.arg("--target-dir").arg(build_folder());
        if self.programs.iter().any(|program| !program.is_test()) {
            cargo.arg("--bins");
        }
        if self.programs.iter().any(Program::is_test) {
            cargo.args(["--test", "*"]);
        }
        let output = cargo.output().expect("Cargo can be started");
        let lines = String::from_utf8_lossy(&output.stdout);
        let messages = lines.lines().filter_map(|line| serde_json::from_str::<Message>(line).ok());
        let names: Vec<_> = self.programs.iter().map(Program::name).collect();
        let (own, others): (Vec<_>, Vec<_>) =
            messages.partition(|message| names.contains(&message.target.name));
        let is_explained = own.iter().any(|message| message.error().is_some());
        if output.status.success() || is_explained {
            return Ok(own);
        }
        let errors: String = others.iter().filter_map(Message::error).collect();
        Err(errors + &String::from_utf8_lossy(&output.stderr))
    }

    fn cargo(&self, arguments: &[&str]) -> Command {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo
            .args(arguments)
            .current_dir(&self.folder)
            // Nobody debugs these, and nobody edits them between two runs.
            .env("CARGO_PROFILE_DEV_DEBUG", "none")
            .env("CARGO_INCREMENTAL", "0");
        cargo
    }

    /// What is wrong with a program, if anything is.
    fn run(
        &self,
        program: &Program<'_>,
        messages: &[Message],
        time_max: Duration,
    ) -> Option<String> {
        let name = program.name();
        let of_program = || messages.iter().filter(|message| message.target.name == name);
        let errors: String = of_program().filter_map(Message::error).collect();
        match of_program().find_map(|message| message.executable.as_deref()) {
            _ if !errors.is_empty() => Some(errors),
            None => Some("was not built".to_owned()),
            Some(executable) if program.is_run() => {
                program::run(executable, &self.folder, time_max)
            }
            Some(_) => None,
        }
    }
}

/// A line of Cargo's output. Other lines have no target.
#[derive(Deserialize)]
struct Message {
    target: Target,
    executable: Option<PathBuf>,
    message: Option<Diagnostic>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

#[derive(Deserialize)]
struct Diagnostic {
    level: String,
    rendered: String,
}

impl Message {
    fn error(&self) -> Option<&str> {
        let message = self.message.as_ref().filter(|message| message.level == "error")?;
        (!message.rendered.starts_with("error: aborting due to")).then_some(&message.rendered)
    }
}

/// In the build folder of the workspace, wherever that is.
fn build_folder() -> PathBuf {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    temporary.parent().expect("it lies in the build folder").join("pages")
}

fn workspace_lock() -> String {
    repository::read(&repository::root().join("Cargo.lock"))
}

/// Makes these the only files of the folder. What is the same stays as it is,
/// so that Cargo does not build it again.
fn write_exactly(folder: &Path, files: &HashMap<PathBuf, String>) {
    fs::create_dir_all(folder).expect("the build folder can be written");
    for stranger in repository::files_below(folder).iter().filter(|file| !files.contains_key(*file))
    {
        fs::remove_file(stranger).expect("the build folder can be written");
    }
    for (file, text) in files {
        if fs::read_to_string(file).is_ok_and(|found| found == *text) {
            continue;
        }
        let parent = file.parent().expect("it lies in a folder");
        fs::create_dir_all(parent).expect("the build folder can be written");
        fs::write(file, text).expect("the build folder can be written");
    }
}
