//! Many requests at once, hashed side by side; what is signed of each is what `sign`
//! signs of one.
//!
//! Each stage of sixteen requests is done before the next one begins: bodies,
//! canonical requests, strings to sign, outer hashes. So there are always
//! independent strands of compressions to keep the processor busy.

mod lanes;

use core::fmt;
use core::mem;

use crate::bytes::sink::Buffer;
use crate::canonical::Named;
use crate::error::SignError;
use crate::expires::Expires;
use crate::key::instant::SigningInstant;
use crate::payload::Payload;
use crate::request::{Headers, Request};
use crate::rules::SigningRules;
use crate::sign::batch::lanes::{LANES, Lane, Lanes};
use crate::sign::header::{self, SignedRequest};
use crate::sign::query::{self, PresignedRequest};
use crate::signature::Signature;

/// One of many requests to presign, for [`SigningInstant::presign_batch`].
pub struct PresignJob<'a, 'b, H: ?Sized> {
    /// What to presign.
    pub request: Request<'a, H>,
    /// What the signature says about the body.
    pub payload: Payload<'a>,
    /// How long the request is good for, if that is not the service's choice.
    pub expires: Option<Expires>,
    /// Where the target goes.
    pub out: &'b mut [u8],
}

/// One of many requests to sign, for [`SigningInstant::sign_batch`].
pub struct SignJob<'a, 'b, H: ?Sized> {
    /// What to sign.
    pub request: Request<'a, H>,
    /// What the signature says about the body.
    pub payload: Payload<'a>,
    /// Where the value of `Authorization` goes.
    pub out: &'b mut [u8],
}

impl<'k> SigningInstant<'k> {
    /// Presigns many requests, each as [`presign`](Self::presign) would, in less
    /// time than one by one.
    ///
    /// `each` is given the results in the order of the jobs. A job that fails
    /// leaves the others alone; its buffer holds zeroes where it had been
    /// written. Jobs may differ in everything but the instant and the rules;
    /// they gain most where their lengths do not differ much. Any number of
    /// jobs takes the same 30 KiB of stack, and no memory besides.
    ///
    /// ```
    /// use sigv4::{Credentials, Expires, Payload, PresignJob, Request, SigningKey, SigningRules};
    /// # use sigv4::Timestamp;
    /// # let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    /// # let now = Timestamp::from_unix_seconds(1_440_938_160)?;
    /// let key = SigningKey::derive(&credentials, now.date(), "eu-central-1", "s3")?;
    /// let headers = [("Host", "photos.s3.eu-central-1.amazonaws.com")];
    /// let paths = ["/duck.jpg", "/goose.jpg", "/swan.jpg"];
    /// let expires = Some(Expires::from_seconds(900)?);
    ///
    /// let mut buffer = [0; 3 * 512];
    /// let jobs = paths.iter().zip(buffer.chunks_mut(512)).map(|(path, out)| PresignJob {
    ///     request: Request::new("GET", path, &headers),
    ///     payload: Payload::UNSIGNED,
    ///     expires,
    ///     out,
    /// });
    /// let mut paths = paths.iter();
    /// key.at(now)?.presign_batch(jobs, &SigningRules::S3, |presigned| {
    ///     let path = paths.next().expect("one result for each job");
    ///     match presigned {
    ///         Ok(presigned) => assert!(presigned.target().starts_with(path.as_bytes())),
    ///         Err(error) => panic!("{path}: {error}"),
    ///     }
    /// });
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn presign_batch<'a, 'b, H: Headers + ?Sized + 'a>(
        &self,
        jobs: impl IntoIterator<Item = PresignJob<'a, 'b, H>>,
        rules: &SigningRules<'_>,
        each: impl FnMut(Result<PresignedRequest<'b>, SignError>),
    ) {
        let begin = |job: &mut PresignJob<'a, 'b, H>, lane: &mut Lane, begun: &mut _| {
            let PresignJob { request, payload, expires, out } = job;
            query::with_query(self, request, *payload, *expires, rules, |canonical| {
                let mut out = Buffer::new(mem::take(out));
                let query = query::write_unsigned_target(self, &mut out, canonical, rules)?;
                lane.gather(|hash| canonical.with_query(&query).write_to(hash))?;
                *begun = Some(out);
                Ok(())
            })
        };
        let finish =
            |_: &PresignJob<'a, 'b, H>, out, signature| query::finish(self, out, signature, rules);
        self.run(jobs.into_iter(), begin, finish, each);
    }

    /// Signs many requests in their headers, each as [`sign`](Self::sign) would,
    /// in less time than one by one.
    ///
    /// Their bodies are hashed side by side too. For the rest see
    /// [`presign_batch`](Self::presign_batch).
    pub fn sign_batch<'a, 'b, H: Headers + ?Sized + 'a>(
        &self,
        jobs: impl IntoIterator<Item = SignJob<'a, 'b, H>>,
        rules: &SigningRules<'_>,
        each: impl FnMut(Result<SignedRequest<'b>, SignError>),
    ) where
        'k: 'b,
    {
        let begin = |job: &mut SignJob<'a, 'b, H>, lane: &mut Lane, begun: &mut _| {
            let SignJob { request, payload, out } = job;
            let line = header::payload_line(*payload, rules);
            header::with_canonical_request(self, request, &line, rules, |canonical| {
                let mut out = Buffer::new(mem::take(out));
                let names =
                    header::write_unsigned_authorization(self, &mut out, canonical.headers)?;
                let headers = Named { headers: canonical.headers, names };
                lane.gather(|hash| canonical.with_headers(&headers).write_to(hash))?;
                *begun = Some(out);
                Ok(())
            })
        };
        let finish = |job: &SignJob<'a, 'b, H>, out, signature| {
            header::finish(self, out, signature, header::declared(&job.payload, rules))
        };
        self.run(jobs.into_iter(), begin, finish, each);
    }

    /// Takes as many jobs at a time as there are lanes. `begin` writes all of a
    /// job but the signature, and its canonical request into a lane; `finish`
    /// writes the signature.
    fn run<'a, 'b, J: Job<'a>, S>(
        &self,
        jobs: impl Iterator<Item = J>,
        begin: impl Fn(&mut J, &mut Lane, &mut Option<Buffer<'b>>) -> Result<(), SignError>,
        finish: impl Fn(&J, Buffer<'b>, Signature) -> Result<S, SignError>,
        mut each: impl FnMut(Result<S, SignError>),
    ) {
        let mut lanes = Lanes::new();
        let mut jobs = jobs.fuse();
        let mut chunk = [const { None }; LANES];
        let mut begun = [const { None }; LANES];
        let mut errors = [None; LANES];
        loop {
            chunk.iter_mut().for_each(|slot| *slot = jobs.next());
            if chunk[0].is_none() {
                return;
            }
            hash_bodies(&mut chunk, &mut lanes);
            for (at, lane) in lanes.iter_mut().enumerate() {
                let Some(job) = &mut chunk[at] else { break };
                // Results are not moved about, which would cost more than some of the steps.
                errors[at] = begin(job, lane, &mut begun[at]).err();
            }
            lanes.sign(&self.string_to_sign);
            for (at, lane) in lanes.iter_mut().enumerate() {
                if let (Some(job), Some(out)) = (&chunk[at], begun[at].take()) {
                    each(finish(job, out, lane.signature()));
                } else if let Some(error) = errors[at].take() {
                    each(Err(error));
                }
            }
        }
    }
}

/// Hashes the bodies of jobs side by side, so that none has to hash its own.
fn hash_bodies<'a, J: Job<'a>>(chunk: &mut [Option<J>; LANES], lanes: &mut Lanes) {
    let bodies = chunk.each_mut().map(|job| match job.as_mut().map(Job::payload) {
        Some(Payload::Bytes(body)) => *body,
        _ => &[],
    });
    if bodies.iter().all(|body| body.is_empty()) {
        return;
    }
    let hashes = lanes.sha256(bodies);
    for ((job, body), hash) in chunk.iter_mut().zip(bodies).zip(hashes) {
        if let Some(job) = job
            && !body.is_empty()
        {
            *job.payload() = Payload::Sha256(hash);
        }
    }
}

/// A job of either kind.
trait Job<'a> {
    fn payload(&mut self) -> &mut Payload<'a>;
}

impl<'a, H: ?Sized> Job<'a> for PresignJob<'a, '_, H> {
    fn payload(&mut self) -> &mut Payload<'a> {
        &mut self.payload
    }
}

impl<'a, H: ?Sized> Job<'a> for SignJob<'a, '_, H> {
    fn payload(&mut self) -> &mut Payload<'a> {
        &mut self.payload
    }
}

/// Shows no more of the request than the request itself does.
impl<H: ?Sized> fmt::Debug for PresignJob<'_, '_, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PresignJob")
            .field("request", &self.request)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// Shows no more of the request than the request itself does.
impl<H: ?Sized> fmt::Debug for SignJob<'_, '_, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignJob").field("request", &self.request).finish_non_exhaustive()
    }
}
