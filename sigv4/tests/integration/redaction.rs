//! `Debug` and errors show no secret, token, signature or signed target.

use sigv4::chunks::Chunking;
use sigv4::post_policy::{PostCondition, PostEvidence, PostPolicy, PresentedPolicy, SubmittedForm};
use sigv4::tokens::RdsToken;
use sigv4::{
    Body, Credentials, Evidence, Expires, Payload, PresentedSignature, Request, SigningKey,
    SigningRules, Timestamp, VerifyRules, VerifyingKey,
};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const TOKEN: &str = "FwoGZXIvYXdzEXAMPLE//////////wEaDEXAMPLE==";

/// Fails if `shown` holds the secret, the token or `signature` in plain,
/// base64 or hexadecimal, or a piece of twelve characters of one.
fn assert_silent(shown: &str, signature: &str) {
    for sensitive in [SECRET, TOKEN, signature] {
        for piece in sensitive.as_bytes().windows(12) {
            let plain = String::from_utf8_lossy(piece);
            assert!(!shown.contains(&*plain), "{plain} in {shown}");
            let bytes = hex::encode(piece);
            assert!(!shown.contains(&bytes), "{plain} as hexadecimal in {shown}");
            // The way `Debug` shows bytes.
            let list = piece.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
            assert!(!shown.contains(&list), "{plain} as a list in {shown}");
        }
    }
}

#[test]
fn nothing_that_debug_shows_is_sensitive() {
    let now = Timestamp::parse(b"20150830T123600Z").unwrap();
    let credentials = Credentials::new("ASIAEXAMPLE", SECRET).with_session_token(TOKEN);
    let key = SigningKey::derive(&credentials, now.date(), "us-east-1", "iam").unwrap();
    let instant = key.at(now).unwrap();
    let headers = [("Host", "iam.amazonaws.com")];
    let request = Request::new("GET", "/", &headers);
    let (mut buffer, mut presigned, mut prepared) = ([0; 512], [0; 1024], [0; 512]);
    let rules = SigningRules::STANDARD;
    let signed = instant.sign(&request, Payload::EMPTY, &rules, &mut buffer).unwrap();
    let signature = signed.signature().to_string();
    let presigned =
        instant.presign(&request, Payload::EMPTY, None, &rules, &mut presigned).unwrap();

    let mut prepared = instant.prepare(&request, &SigningRules::S3, &mut prepared).unwrap();
    let shown_prepared = format!("{prepared:?}");
    let signed_prepared = prepared.sign(Payload::EMPTY);
    let shown_prepared = format!("{shown_prepared} {signed_prepared:?}");
    let prepared_signature = signed_prepared.signature().to_string();

    let all: Vec<(String, String)> =
        signed.headers().chain(headers).map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
    let sent = Request::new("GET", "/", all.as_slice());
    let presented = PresentedSignature::parse(&sent).unwrap();
    let verify_rules = VerifyRules::iam("iam");
    let scope = presented.scope(&verify_rules).unwrap();
    let verifying = VerifyingKey::derive(SECRET, &scope).unwrap();
    let evidence =
        Evidence { key: &verifying, session_token: Some(TOKEN), body: Body::Bytes(b""), now };
    let verified = presented.verify(&sent, &evidence, &verify_rules);
    let chunk_signer = instant.chunk_signer(Chunking::Signed, signed.signature());
    assert!(verified.is_ok());
    let wrong = VerifyingKey::derive("another", &scope).unwrap();
    let refused = presented.verify(&sent, &Evidence { key: &wrong, ..evidence }, &verify_rules);

    let shown = [
        format!("{credentials:?} {key:?} {instant:?} {verifying:?} {scope:?}"),
        shown_prepared,
        format!("{signed:?} {presigned:?} {:?} {request:?} {sent:?}", signed.signature()),
        format!("{presented:?} {evidence:?} {:?}", presented.credential(&verify_rules)),
        format!("{:?} {:?}", presented.session_token(&verify_rules), verified),
        format!("{refused:?} {}", refused.unwrap_err()),
        format!("{chunk_signer:?} {:?}", chunk_signer.signature()),
    ];
    for shown in shown {
        assert_silent(&shown, &signature);
        assert_silent(&shown, &presigned.signature().to_string());
        assert_silent(&shown, &prepared_signature);
        assert!(!shown.is_empty());
    }
}

#[test]
fn forms_and_tokens_are_not_shown() {
    let now = Timestamp::parse(b"20150830T123600Z").unwrap();
    let credentials = Credentials::new("ASIAEXAMPLE", SECRET).with_session_token(TOKEN);
    let key = SigningKey::derive(&credentials, now.date(), "us-east-1", "s3").unwrap();
    let conditions = ["bucket", "key"].map(|field| PostCondition::Equals { field, value: "a" });
    let policy = PostPolicy { expires: Expires::MAX, conditions: &conditions };
    let (mut out, mut buffer) = ([0; 1024], [0; 1024]);
    let form = key.at(now).unwrap().sign_post_form(&policy, &mut out).unwrap();
    let fields: Vec<_> = form.fields().collect();
    let presented = SubmittedForm::parse(fields.as_slice()).unwrap();
    let decoded = PresentedPolicy::decode(presented.policy(), &mut buffer).unwrap();
    let conditions: Vec<_> = decoded.conditions().collect();
    let scope = presented.scope(&VerifyRules::s3("us-east-1")).unwrap();
    let key = VerifyingKey::derive(SECRET, &scope).unwrap();
    let evidence = PostEvidence { key: &key, session_token: Some(TOKEN), now };
    let shown = format!("{form:?} {presented:?} {decoded:?} {conditions:?} {evidence:?}");
    assert_silent(&shown, &form.signature().to_string());
    assert_silent(&shown, form.policy());

    let rds = RdsToken { region: "us-east-1", host: "db", port: 5432, user: "app" };
    let mut out = [0; 1024];
    let token = rds.sign(&credentials, now, &mut out).unwrap();
    assert_silent(&format!("{rds:?} {token:?}"), token.as_str());
}

#[test]
fn errors_of_keys_show_no_secret() {
    let now = Timestamp::parse(b"20150830T123600Z").unwrap();
    for (id, secret, token, region) in [
        ("AKIDEXAMPLE", format!("{SECRET}\n"), TOKEN.to_owned(), "us-east-1"),
        ("AKIDEXAMPLE", SECRET.to_owned(), format!("{TOKEN}\n"), "us-east-1"),
        ("", SECRET.to_owned(), TOKEN.to_owned(), "us-east-1"),
        ("AKIDEXAMPLE", SECRET.to_owned(), TOKEN.to_owned(), ""),
    ] {
        let credentials = Credentials::new(id, &secret).with_session_token(&token);
        let refused = SigningKey::derive(&credentials, now.date(), region, "iam").unwrap_err();
        assert_silent(&format!("{refused:?} {refused}"), "");
    }
}

#[cfg(feature = "std")]
#[test]
fn credentials_that_own_their_strings_do_not_show_them() {
    let now = Timestamp::parse(b"20150830T123600Z").unwrap();
    let owned = sigv4::OwnedCredentials::new("ASIAEXAMPLE", SECRET).with_session_token(TOKEN);
    let shown = format!("{:?}", owned.with_expiration(now));
    assert_silent(&shown, "");
    assert!(shown.contains("ASIAEXAMPLE") && shown.contains("20150830T123600Z"), "{shown}");
}

/// What the front door holds, makes and refuses with.
#[cfg(feature = "signer")]
mod front_door {
    use std::time::Duration;

    use sigv4::objects::ObjectError;
    use sigv4::{Bucket, KeyError, OwnedCredentials, SignerError, Timestamp};

    use super::{SECRET, TOKEN, assert_silent};

    const QUARTER: Duration = Duration::from_secs(900);

    fn now() -> Timestamp {
        Timestamp::parse(b"20150830T123600Z").unwrap()
    }

    fn signer() -> sigv4::Signer {
        let credentials = OwnedCredentials::new("ASIAEXAMPLE", SECRET).with_session_token(TOKEN);
        sigv4::Signer::new(credentials, "us-east-1", "s3").unwrap()
    }

    fn signature(url: &str) -> &str {
        url.split("X-Amz-Signature=").nth(1).unwrap().split('&').next().unwrap()
    }

    #[test]
    fn a_signer_and_what_it_presigns_are_not_shown() {
        let signer = signer();
        let bucket = Bucket::aws("examplebucket", "us-east-1").unwrap();
        // An application may have a secret of its own in a parameter or header.
        let request = bucket.put("key").with_parameter("a", SECRET).with_header("x-amz-b", TOKEN);
        let url = request.presign_at(&signer, QUARTER, now()).unwrap();
        let held = signer.key_for(now()).unwrap();
        let instant = held.at(now()).unwrap();
        let shown = format!("{signer:?} {signer:#?} {request:?} {bucket:?} {held:?} {instant:?}");
        assert_silent(&shown, signature(&url));
        for said in ["us-east-1", "s3", "PUT", "key", "examplebucket"] {
            assert!(shown.contains(said), "{said} in {shown}");
        }
    }

    /// Whatever it is that cannot be presigned, or a presigned URL that is presigned again.
    #[test]
    fn a_refusal_shows_neither_text_nor_signature() {
        let signer = signer();
        let url = signer.presign_at("GET", "https://h/a", QUARTER, now()).unwrap();
        let signature = signature(&url);
        let with_user = format!("https://{SECRET}:{TOKEN}@h/a");
        let in_host = format!("https://{SECRET}/");
        let in_port = format!("https://h:{TOKEN}/");
        let in_fragment = format!("https://h/#{SECRET}");
        let in_query = format!("https://h/?a={SECRET}%zz");
        let texts = [&*url, SECRET, &with_user, &in_host, &in_port, &in_fragment, &in_query];
        for text in texts {
            let error = signer.presign_at("GET", text, QUARTER, now()).unwrap_err();
            assert_silent(&format!("{error:?} {error}"), signature);
            let object = ObjectError::from(error);
            assert_silent(&format!("{object:?} {object}"), signature);
            if let Err(error) = Bucket::path_style(text, TOKEN) {
                assert_silent(&format!("{error:?} {error}"), signature);
            }
        }
        let error = signer.presign_at(SECRET, "https://h/a", QUARTER, now()).map(drop);
        assert_silent(&format!("{error:?}"), signature);
        let bucket = Bucket::aws(SECRET, "us-east-1").map(drop);
        assert_silent(&format!("{bucket:?} {:?}", Bucket::aws("a", TOKEN)), signature);
    }

    #[test]
    fn errors_of_credentials_show_none() {
        let signer = signer();
        let broken = OwnedCredentials::new("ASIAEXAMPLE", format!("{SECRET}\n"));
        let refused: KeyError = signer.set_credentials(broken).unwrap_err();
        let over = OwnedCredentials::new("ASIAEXAMPLE", SECRET).with_session_token(TOKEN);
        signer.set_credentials(over.with_expiration(now())).unwrap();
        let expired = signer.key_for(now()).unwrap_err();
        for error in [SignerError::from(refused), expired] {
            assert_silent(&format!("{error:?} {error}"), "");
        }
    }

    #[cfg(feature = "provider")]
    #[test]
    fn a_provider_is_not_shown() {
        let secret = SECRET.to_owned();
        let provider = move |_: Timestamp| {
            let credentials = OwnedCredentials::new("ASIAEXAMPLE", &*secret);
            async move { Ok::<_, std::io::Error>(credentials.with_session_token(TOKEN)) }
        };
        let signer = sigv4::Signer::with_provider(provider, "us-east-1", "s3").unwrap();
        let early = signer.key_for(now()).unwrap_err();
        let ready = std::pin::pin!(signer.ready_at(now()));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(ready.poll(&mut context).is_ready());
        let shown = format!("{signer:?} {early:?} {early} {:?}", signer.key_for(now()));
        assert_silent(&shown, "");
    }

    /// What is made secret in a request stays so in the types of others.
    #[cfg(feature = "http")]
    #[test]
    fn a_signed_request_does_not_show_it() {
        let request = http::Request::put("https://h/a").body(()).unwrap();
        let signed = signer().sign_at(request, now()).unwrap();
        let authorization = signed.headers()["authorization"].to_str().unwrap();
        let signature = authorization.rsplit("Signature=").next().unwrap();
        assert_silent(&format!("{signed:?}"), signature);
        #[cfg(feature = "reqwest")]
        {
            let request = reqwest::Request::try_from(signed.map(|()| "")).unwrap();
            let signature = signature_of(&request);
            assert_silent(&format!("{request:?}"), &signature);
            let signed = signer().sign_at(request, now()).unwrap();
            assert_silent(&format!("{signed:?}"), &signature);
        }
    }

    #[cfg(feature = "reqwest")]
    fn signature_of(request: &reqwest::Request) -> String {
        let authorization = request.headers()["authorization"].to_str().unwrap();
        authorization.rsplit("Signature=").next().unwrap().to_owned()
    }

    #[cfg(feature = "http")]
    #[test]
    fn errors_of_requests_show_nothing() {
        let signer = signer();
        let request = |uri: &str| http::Request::get(uri).body(()).unwrap();
        let url = signer.presign_at("GET", "https://h/a", QUARTER, now()).unwrap();
        let signature = signature(&url);
        let refused = [
            signer.sign_at(request(&format!("https://h/?a={SECRET}%zz")), now()).unwrap_err(),
            signer.sign_at(request(&url), now()).unwrap_err(),
            signer.presign_http_at(request("https://h/"), Duration::ZERO, now()).unwrap_err(),
        ];
        for error in refused {
            assert_silent(&format!("{error:?} {error}"), signature);
        }
    }
}
