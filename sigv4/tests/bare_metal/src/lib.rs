//! Signs, presigns and verifies where there is no operating system.
//!
//! Building this is the test: a static library must bring all it needs. Were
//! `std` linked, its panic handler would stand beside the one here; were
//! `alloc` linked, the global allocator would be missing.
#![no_std]

use core::panic::PanicInfo;

use sigv4::{
    Body, Credentials, Evidence, Expires, Payload, PresentedSignature, PresignJob, Request,
    SigningKey, SigningRules, Timestamp, VerifyRules, VerifyingKey,
};

/// Signs and verifies one request in each form; 1 if both hold.
///
/// Exported, so that all of it is compiled and kept.
#[unsafe(no_mangle)]
pub extern "C" fn sigv4_signs_and_verifies(unix_seconds: i64) -> u8 {
    u8::from(holds(unix_seconds).is_some())
}

fn holds(unix_seconds: i64) -> Option<()> {
    let now = Timestamp::from_unix_seconds(unix_seconds).ok()?;
    let credentials = Credentials::new("AKIDEXAMPLE", SECRET);
    let key = SigningKey::derive(&credentials, now.date(), "us-east-1", "iam").ok()?;
    let instant = key.at(now).ok()?;
    let (payload, rules) = (Payload::Bytes(b""), SigningRules::STANDARD);

    let headers = [("Host", "iam.amazonaws.com")];
    let request = Request::new("GET", "/?Action=ListUsers&Version=2010-05-08", &headers);
    let mut buffer = [0; 512];
    let signed = instant.sign(&request, payload, &rules, &mut buffer).ok()?;
    let headers = [
        ("Host", "iam.amazonaws.com"),
        ("X-Amz-Date", signed.x_amz_date()),
        ("Authorization", signed.authorization()),
    ];
    verify(&Request::new("GET", request.target(), &headers), now)?;

    let mut buffer = [0; 512];
    let expires = Expires::from_seconds(900).ok();
    let presigned = instant.presign(&request, payload, expires, &rules, &mut buffer).ok()?;
    verify(&Request::new("GET", presigned.target(), request.headers()), now)?;

    let mut buffers = [[0; 512]; 20];
    let jobs = buffers.iter_mut().map(|out| PresignJob { request, payload, expires, out });
    let mut targets = [None; 20];
    let mut slots = targets.iter_mut();
    instant.presign_batch(jobs, &rules, |made| {
        if let (Some(slot), Ok(made)) = (slots.next(), made) {
            *slot = Some(made.target());
        }
    });
    targets
        .into_iter()
        .try_for_each(|target| verify(&Request::new("GET", target?, request.headers()), now))
}

fn verify<const LEN: usize>(
    request: &Request<'_, [(&str, &str); LEN]>,
    now: Timestamp,
) -> Option<()> {
    let rules = VerifyRules::strict("us-east-1", "iam");
    let presented = PresentedSignature::parse(request).ok()?;
    let key = VerifyingKey::derive(SECRET, &presented.scope(&rules).ok()?).ok()?;
    let evidence = Evidence { key: &key, session_token: None, body: Body::Bytes(b""), now };
    presented.verify(request, &evidence, &rules).ok()?;
    Some(())
}

/// Signs one request in its query with an elliptic curve; 1 if it verifies.
#[cfg(feature = "sigv4a")]
#[unsafe(no_mangle)]
pub extern "C" fn sigv4a_signs_and_verifies(unix_seconds: i64) -> u8 {
    u8::from(multi_region::holds(unix_seconds).is_some())
}

#[cfg(feature = "sigv4a")]
mod multi_region;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {
        core::hint::spin_loop();
    }
}
