//! What an emulator is told before its first request.

use std::{error::Error, fmt, str::FromStr};

use crate::account::AccountId;

/// The longest root access key id and root secret access key, in bytes.
pub const ROOT_CREDENTIAL_BYTES_MAX: usize = 128;

/// The account, its bootstrap credentials and how strictly scopes are read.
///
/// ```
/// use iam_emulator::{Configuration, RegionCheck};
///
/// let configuration = Configuration {
///     account_id: "000000000042".to_owned(),
///     region_check: RegionCheck::Strict,
///     ..Configuration::default()
/// };
/// assert_eq!(configuration.root_access_key_id, "test");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Configuration {
    /// Twelve decimal digits; `123456789012` by default.
    pub account_id: String,
    /// The access key id that signs as the account root; `test` by default.
    ///
    /// One to [`ROOT_CREDENTIAL_BYTES_MAX`] letters, digits and `_ - .`. It
    /// is configuration: no operation lists, counts, changes or deletes it.
    pub root_access_key_id: String,
    /// The secret that belongs to it; `test` by default.
    ///
    /// One to [`ROOT_CREDENTIAL_BYTES_MAX`] printable ASCII characters.
    pub root_secret_access_key: String,
    /// Which regions a credential scope may name.
    pub region_check: RegionCheck,
}

impl Configuration {
    /// Checks every field and reads the account id.
    pub(crate) fn validate(&self) -> Result<AccountId, ConfigurationError> {
        let account = AccountId::parse(&self.account_id).ok_or(ConfigurationError::AccountId)?;
        let key_id = self.root_access_key_id.as_bytes();
        if !has_root_credential_length(key_id) || !key_id.iter().all(is_access_key_id_byte) {
            return Err(ConfigurationError::RootAccessKeyId);
        }
        let secret = self.root_secret_access_key.as_bytes();
        if !has_root_credential_length(secret) || !secret.iter().all(u8::is_ascii_graphic) {
            return Err(ConfigurationError::RootSecretAccessKey);
        }
        Ok(account)
    }
}

impl Default for Configuration {
    fn default() -> Self {
        Self {
            account_id: "123456789012".to_owned(),
            root_access_key_id: "test".to_owned(),
            root_secret_access_key: "test".to_owned(),
            region_check: RegionCheck::Any,
        }
    }
}

impl fmt::Debug for Configuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Configuration")
            .field("account_id", &self.account_id)
            .field("root_access_key_id", &self.root_access_key_id)
            .field("root_secret_access_key", &"[redacted]")
            .field("region_check", &self.region_check)
            .finish()
    }
}

/// Which regions a credential scope may name.
///
/// With a custom endpoint the SDKs sign with the client's own region, some
/// with an empty one, so that a check as strict as AWS's refuses clients that
/// work there. The default accepts any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RegionCheck {
    /// Any region, also the empty one.
    #[default]
    Any,
    /// Only `us-east-1`, where IAM and the global STS endpoint live.
    Strict,
}

impl fmt::Display for RegionCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Any => "any",
            Self::Strict => "strict",
        })
    }
}

impl FromStr for RegionCheck {
    type Err = ConfigurationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "any" => Ok(Self::Any),
            "strict" => Ok(Self::Strict),
            _ => Err(ConfigurationError::RegionCheck),
        }
    }
}

/// Why an emulator cannot be made from a [`Configuration`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigurationError {
    /// The account id is not twelve decimal digits.
    AccountId,
    /// The root access key id is empty, too long or has other characters.
    RootAccessKeyId,
    /// The root secret access key is empty, too long or not printable ASCII.
    RootSecretAccessKey,
    /// The region check is neither `any` nor `strict`.
    RegionCheck,
    /// The operating system gave no random bytes to make secrets from.
    NoRandomness,
}

impl fmt::Display for ConfigurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AccountId => "the account id must be twelve decimal digits",
            Self::RootAccessKeyId => {
                "the root access key id must be 1 to 128 letters, digits, '_', '-' or '.'"
            }
            Self::RootSecretAccessKey => {
                "the root secret access key must be 1 to 128 printable ASCII characters"
            }
            Self::RegionCheck => "the region check must be 'any' or 'strict'",
            Self::NoRandomness => "the operating system gave no random bytes",
        })
    }
}

impl Error for ConfigurationError {}

fn has_root_credential_length(bytes: &[u8]) -> bool {
    (1..=ROOT_CREDENTIAL_BYTES_MAX).contains(&bytes.len())
}

/// Anything else would need quoting in `Credential=ID/date/…, SignedHeaders=…`.
fn is_access_key_id_byte(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-.".contains(byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_valid_and_each_field_is_checked() {
        let base = Configuration::default();
        assert_eq!(base.validate().unwrap().to_string(), "123456789012");
        for account_id in ["", "12345678901", "1234567890123", "12345678901a"] {
            let configuration = Configuration { account_id: account_id.to_owned(), ..base.clone() };
            let refused = configuration.validate().unwrap_err();
            assert_eq!(refused, ConfigurationError::AccountId, "{account_id:?}");
        }
        for root_access_key_id in ["", "a/b", "a,b", "a b", &"a".repeat(129)] {
            let configuration =
                Configuration { root_access_key_id: root_access_key_id.to_owned(), ..base.clone() };
            let refused = configuration.validate().unwrap_err();
            assert_eq!(refused, ConfigurationError::RootAccessKeyId);
        }
        for root_secret_access_key in ["", "a b", "ä", &"a".repeat(129)] {
            let configuration = Configuration {
                root_secret_access_key: root_secret_access_key.to_owned(),
                ..base.clone()
            };
            let refused = configuration.validate().unwrap_err();
            assert_eq!(refused, ConfigurationError::RootSecretAccessKey);
        }
    }

    #[test]
    fn a_region_check_reads_what_it_shows() {
        for check in [RegionCheck::Any, RegionCheck::Strict] {
            assert_eq!(check.to_string().parse(), Ok(check));
        }
        assert_eq!("Any".parse::<RegionCheck>(), Err(ConfigurationError::RegionCheck));
    }
}
