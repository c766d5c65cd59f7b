//! Feature `signer`: what follows the derivation of a day's key.

use sigv4::{OwnedCredentials, Payload, Request, Signer};

use crate::cases::{CREDENTIALS, REGION, SERVICE, now};
use crate::without_allocation;

#[test]
fn signing_through_a_signer() {
    let credentials = OwnedCredentials::from(CREDENTIALS);
    let signer = Signer::new(credentials, REGION, SERVICE).unwrap();
    let headers = [("Host", "example.com")];
    let request = Request::new("GET", "/", &headers);
    let sign = || {
        let key = signer.key_for(now()).unwrap();
        let instant = key.at(now()).unwrap();
        let mut out = [0; 512];
        *instant.sign(&request, Payload::EMPTY, signer.rules(), &mut out).unwrap().signature()
    };
    // The first derives the key, and the thread's place to note what it reads.
    let first = sign();
    for _ in 0..3 {
        assert_eq!(without_allocation(sign), first);
    }
}
