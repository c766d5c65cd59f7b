//! Uploads a file in signed chunks as a client, and receives it as a server,
//! which shows no chunk before its signature holds, and no end before the checksum does.
//!
//! Run with `cargo run -p examples --example upload_in_chunks`.

use std::error::Error;

use sigv4::chunks::{
    CHUNK_END, CHUNK_HEADER_LEN_MAX, Checksum, ChecksumAlgorithm, ChunkEvent, Chunking,
};
use sigv4::{
    Body, Credentials, Evidence, Payload, PresentedSignature, Request, Signature, SigningKey,
    SigningRules, Timestamp, VerifyRules, VerifyingKey,
};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const CHUNK_LEN: usize = 64 * 1024;

type Headers = Vec<(String, String)>;

fn main() -> Result<(), Box<dyn Error>> {
    let now = Timestamp::parse(b"20261121T120000Z")?;
    let file: Vec<u8> = (0..=250).cycle().take(150_000).collect();
    let (headers, mut wire) = send(&file, now)?;
    println!("{} bytes became {} on the wire", file.len(), wire.len());
    println!("as sent:            {:?}", receive(&headers, &wire, now).map(|file| file.len()));
    println!("the end cut off:    {:?}", refusal(receive(&headers, &wire[..140_000], now)));
    wire[100_000] ^= 1;
    println!("one bit changed:    {:?}", refusal(receive(&headers, &wire, now)));
    Ok(())
}

/// The client: signs the request, and then each chunk as it goes out.
fn send(file: &[u8], now: Timestamp) -> Result<(Headers, Vec<u8>), Box<dyn Error>> {
    let chunking = Chunking::SignedWithTrailers;
    // Any checksum that S3 knows; its length is known before its value.
    let algorithm = ChecksumAlgorithm::Crc64Nvme;
    let lengths = [(algorithm.trailer(), algorithm.value_len())];
    let len =
        chunking.encoded_len::<Signature>(file.len().try_into()?, CHUNK_LEN.try_into()?, &lengths);
    let mut headers: Headers = [
        ("host", "bucket.s3.amazonaws.com".to_owned()),
        ("content-encoding", "aws-chunked".to_owned()),
        ("content-length", len.ok_or("the file is too long")?.to_string()),
        ("x-amz-decoded-content-length", file.len().to_string()),
        ("x-amz-trailer", algorithm.trailer().to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();

    let credentials = Credentials::new("AKIDEXAMPLE", SECRET);
    let key = SigningKey::derive(&credentials, now.date(), "us-east-1", "s3")?;
    let instant = key.at(now)?;
    let payload = Payload::Literal(chunking.literal::<Signature>());
    let (request, mut buffer) = (Request::new("PUT", "/film", &headers), [0; 1024]);
    let signed = instant.sign(&request, payload, &SigningRules::S3, &mut buffer)?;

    let mut signer = instant.chunk_signer(chunking, signed.signature());
    let (mut wire, mut checksum) = (Vec::new(), Checksum::new(algorithm));
    for data in file.chunks(CHUNK_LEN) {
        wire.extend_from_slice(signer.chunk(data, &mut [0; CHUNK_HEADER_LEN_MAX])?);
        wire.extend_from_slice(data);
        checksum.update(data);
        wire.extend_from_slice(CHUNK_END);
    }
    let checksum = checksum.finish();
    let trailers = [(algorithm.trailer(), checksum.as_str())];
    wire.extend_from_slice(signer.finish(&trailers, &mut [0; 512])?);
    headers.extend(signed.headers().map(|(name, value)| (name.to_owned(), value.to_owned())));
    Ok((headers, wire))
}

/// The server: verifies the request, and then each chunk as it comes in.
fn receive(headers: &Headers, wire: &[u8], now: Timestamp) -> Result<Vec<u8>, Box<dyn Error>> {
    let request = Request::new("PUT", "/film", headers);
    let rules = VerifyRules::s3("us-east-1");
    let presented = PresentedSignature::parse(&request)?;
    let key = VerifyingKey::derive(SECRET, &presented.scope(&rules)?)?;
    let evidence = Evidence { key: &key, session_token: None, body: Body::Bytes(b""), now };
    let verified = presented.verify(&request, &evidence, &rules)?;

    let mut decoder = verified.chunk_decoder(&request, &key)?;
    let (mut file, mut buffer) = (Vec::new(), Vec::new());
    // As a socket hands it over: in pieces that have nothing to do with chunks.
    for piece in wire.chunks(1_460) {
        buffer.extend_from_slice(piece);
        loop {
            let decoded = decoder.decode(&buffer)?;
            let consumed = decoded.consumed;
            let is_incomplete = match decoded.event {
                ChunkEvent::Data(data) => {
                    file.extend_from_slice(data);
                    false
                }
                ChunkEvent::End(_) => false,
                ChunkEvent::Incomplete { .. } => true,
            };
            buffer.drain(..consumed);
            if is_incomplete {
                break;
            }
        }
    }
    decoder.finish()?;
    Ok(file)
}

fn refusal<T>(result: Result<T, Box<dyn Error>>) -> String {
    result.err().map_or_else(|| "accepted".to_owned(), |error| error.to_string())
}
