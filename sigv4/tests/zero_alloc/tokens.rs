//! Tokens of services.

use sigv4::tokens::{
    CacheKind, DsqlRole, DsqlToken, EksToken, ElastiCacheToken, IotUrl, MemoryDbToken, MskToken,
    RdsToken, TokenError, TranscribeUrl,
};

use crate::cases::{CREDENTIALS, now};
use crate::without_allocation;

#[test]
fn service_tokens() {
    let credentials = &CREDENTIALS.with_session_token("token");
    let (region, host, user, now) = ("us-east-1", "host", "user", now());
    type Make<'a> = &'a dyn Fn(&mut [u8]) -> Result<usize, TokenError>;
    let makers: [Make<'_>; 8] = [
        &|out| {
            let token = RdsToken { region, host, port: 5432, user };
            token.sign(credentials, now, out).map(|token| token.as_str().len())
        },
        &|out| {
            let token = DsqlToken { region, host, role: DsqlRole::Admin, expires: None };
            token.sign(credentials, now, out).map(|token| token.as_str().len())
        },
        &|out| {
            let token = ElastiCacheToken { region, cache: host, kind: CacheKind::Serverless, user };
            token.sign(credentials, now, out).map(|token| token.as_str().len())
        },
        &|out| {
            let token = MemoryDbToken { region, cluster: host, user };
            token.sign(credentials, now, out).map(|token| token.as_str().len())
        },
        &|out| {
            let token = MskToken { region, user_agent: None };
            token.sign(credentials, now, out).map(|token| token.as_str().len())
        },
        &|out| {
            let token = EksToken { region, cluster: "a", sts_host: None };
            token.sign(credentials, now, out).map(|token| token.as_str().len())
        },
        &|out| {
            let token = IotUrl { region, host, expires: None };
            token.sign(credentials, now, out).map(|token| token.as_str().len())
        },
        &|out| {
            let token = TranscribeUrl {
                region,
                language_code: None,
                media_encoding: "pcm",
                sample_rate: 16_000,
                options: &[("identify-language", "true")],
                expires: None,
            };
            token.sign(credentials, now, out).map(|token| token.as_str().len())
        },
    ];
    let mut out = vec![0; 4096];
    for make in makers {
        let len = without_allocation(|| make(&mut out)).unwrap();
        let short = without_allocation(|| make(&mut out[..len - 1])).unwrap_err();
        assert_eq!(short, TokenError::BufferTooSmall { needed: len, available: len - 1 });
    }
}
