//! The names that tokens are made of: hosts, and what goes into a query.

use crate::bytes::sink::Sink;
use crate::tokens::error::TokenError;

/// Writes a host, or what stands in its place, in lower case: names of hosts do
/// not tell cases apart, and clients write it so.
pub(super) fn write_host(sink: &mut impl Sink, host: &str) -> Result<(), TokenError> {
    /// RFC 1035 §2.3.4.
    const LEN_MAX: usize = 253;
    let is_ipv6 = |inside: &str| {
        inside.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'))
    };
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let is_valid = match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(inside) => !inside.is_empty() && is_ipv6(inside),
        None => !host.is_empty() && host.bytes().all(is_name),
    };
    if !is_valid || host.len() > LEN_MAX {
        return Err(TokenError::InvalidHost);
    }
    host.bytes().for_each(|byte| sink.write_byte(byte.to_ascii_lowercase()));
    Ok(())
}

/// Writes `service.region.domain`, the domain being that of the region's partition.
pub(super) fn write_regional_host(
    sink: &mut impl Sink,
    service: &str,
    region: &str,
) -> Result<(), TokenError> {
    write_host_in(sink, service, region, domain_of(region))
}

/// Writes `service.region.domain`.
pub(super) fn write_host_in(
    sink: &mut impl Sink,
    service: &str,
    region: &str,
    domain: &str,
) -> Result<(), TokenError> {
    sink.write(service.as_bytes());
    sink.write(b".");
    write_host(sink, region)?;
    sink.write(b".");
    sink.write(domain.as_bytes());
    Ok(())
}

/// The domain of the partition that a region lies in.
pub(crate) fn domain_of(region: &str) -> &'static str {
    const DOMAINS: [(&str, &str); 6] = [
        ("cn-", "amazonaws.com.cn"),
        ("eusc-", "amazonaws.eu"),
        ("us-iso-", "c2s.ic.gov"),
        ("us-isob-", "sc2s.sgov.gov"),
        ("us-isof-", "csp.hci.ic.gov"),
        ("eu-isoe-", "cloud.adc-e.uk"),
    ];
    let known = DOMAINS.iter().find(|(prefix, _)| region.starts_with(prefix));
    known.map_or("amazonaws.com", |(_, domain)| domain)
}

/// The name, unless it is empty.
pub(super) fn not_empty<'a>(name: &'a str, what: &'static str) -> Result<&'a str, TokenError> {
    if name.is_empty() { Err(TokenError::InvalidName { what }) } else { Ok(name) }
}

/// The name, unless it is empty or holds a byte that is not visible ASCII.
pub(super) fn for_header<'a>(name: &'a str, what: &'static str) -> Result<&'a str, TokenError> {
    not_empty(name, what)
        .ok()
        .filter(|name| name.bytes().all(|byte| byte.is_ascii_graphic()))
        .ok_or(TokenError::InvalidName { what })
}
