//! The machine on which figures were measured, in one sentence.

use std::num::NonZero;
use std::process::Command;
use std::time::SystemTime;
use std::{fs, thread};

use sigv4::Timestamp;

/// The day, the processor as the system names it, and the compiler.
#[must_use]
pub fn describe() -> String {
    let day = day().unwrap_or_else(|| "an unknown day".to_owned());
    let processor = processor().unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let sha = if has_sha_extensions() { "with" } else { "without" };
    let rustc = compiler().unwrap_or_else(|| "an unknown compiler".to_owned());
    format!("{day}, “{processor}”, {sha} SHA extensions, {cores} cores, {rustc}")
}

/// `2026-11-22`.
fn day() -> Option<String> {
    let timestamp = Timestamp::try_from(SystemTime::now()).ok()?;
    let date = timestamp.date();
    let digits = date.as_str();
    Some(format!("{}-{}-{}", digits.get(..4)?, digits.get(4..6)?, digits.get(6..)?))
}

fn processor() -> Option<String> {
    let known = fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = known.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// `rustc 1.95.0`: the compiler that cargo would call.
fn compiler() -> Option<String> {
    let output = Command::new("rustc").arg("--version").output().ok()?;
    let version = String::from_utf8(output.stdout).ok()?;
    Some(version.split(' ').take(2).collect::<Vec<_>>().join(" "))
}

#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
fn has_sha_extensions() -> bool {
    std::arch::is_x86_feature_detected!("sha")
}

#[cfg(target_arch = "aarch64")]
fn has_sha_extensions() -> bool {
    std::arch::is_aarch64_feature_detected!("sha2")
}

#[cfg(not(any(target_arch = "x86", target_arch = "x86_64", target_arch = "aarch64")))]
fn has_sha_extensions() -> bool {
    false
}
