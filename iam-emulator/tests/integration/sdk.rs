//! The AWS SDK for Rust as a client.
//!
//! The other SDKs tell the same story in `tests/clients/`. Here the emulator's
//! clock stands still and the client is given one beside it, so every refusal
//! for the time is exact. Retries are off: a refusal must be the first answer.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::time::SystemTime;

use aws_sdk_iam::config::retry::RetryConfig;
use aws_sdk_iam::config::{BehaviorVersion, Credentials, Region, SharedCredentialsProvider};
use aws_sdk_iam::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_iam::types::{AccessKey, StatusType};
use aws_sdk_sts::operation::get_caller_identity::GetCallerIdentityError;
use aws_smithy_async::time::StaticTimeSource;
use aws_types::SdkConfig;
use iam_emulator::{Clock, IamEmulator};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

const NOW: OffsetDateTime = datetime!(2026-11-21 12:00 UTC);
const USER: &str = "rust-sdk";
const ROOT_ARN: &str = "arn:aws:iam::123456789012:root";
const USER_ARN: &str = "arn:aws:iam::123456789012:user/rust-sdk";
const SKEW_MAX: Duration = Duration::minutes(15);

#[tokio::test]
async fn the_root_key_is_the_account_itself() {
    let account = Account::start().await;
    let identity = account.sts(account.root(), NOW).get_caller_identity().send().await.unwrap();
    assert_eq!(identity.arn(), Some(ROOT_ARN));
    assert_eq!(identity.user_id(), Some("123456789012"));
    assert_eq!(identity.account(), Some("123456789012"));
}

#[tokio::test]
async fn a_user_has_at_most_two_keys() {
    let account = Account::start().await;
    let (first, second) = account.user_with_two_keys().await;
    assert_ne!(first.access_key_id(), second.access_key_id());
    assert_eq!(first.status(), &StatusType::Active);

    let third = account.iam().create_access_key().user_name(USER).send();
    let error = third.await.unwrap_err();
    assert!(error.as_service_error().unwrap().is_limit_exceeded_exception());
    assert_refused(error, "LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2");
}

#[tokio::test]
async fn the_paginator_walks_two_pages() {
    let account = Account::start().await;
    let (first, second) = account.user_with_two_keys().await;

    let mut pages =
        account.iam().list_access_keys().user_name(USER).into_paginator().page_size(1).send();
    let (mut listed, mut truncated) = (BTreeSet::new(), Vec::new());
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        assert_eq!(page.access_key_metadata().len(), 1);
        listed.extend(page.access_key_metadata()[0].access_key_id().map(str::to_owned));
        truncated.push(page.is_truncated());
    }
    assert_eq!(truncated, [true, false]);
    let created = [first.access_key_id().to_owned(), second.access_key_id().to_owned()];
    assert_eq!(listed, BTreeSet::from(created));
}

#[tokio::test]
async fn a_new_key_works_and_its_use_is_reported() {
    let account = Account::start().await;
    let (key, _) = account.user_with_two_keys().await;
    assert_eq!(account.caller_arn(&key, NOW).await.unwrap(), USER_ARN);

    let report = account
        .iam()
        .get_access_key_last_used()
        .access_key_id(key.access_key_id())
        .send()
        .await
        .unwrap();
    assert_eq!(report.user_name(), Some(USER));
    let last_used = report.access_key_last_used().unwrap();
    assert_eq!(last_used.service_name(), "sts");
    assert_eq!(last_used.last_used_date().unwrap().secs(), NOW.unix_timestamp());
}

#[tokio::test]
async fn a_wrong_secret_is_refused() {
    let account = Account::start().await;
    let (mut key, _) = account.user_with_two_keys().await;
    key.secret_access_key.push('x');
    assert_refused(
        account.caller_arn(&key, NOW).await.unwrap_err(),
        "SignatureDoesNotMatch",
        "does not match the signature you provided",
    );
}

#[tokio::test]
async fn a_clock_is_accepted_up_to_fifteen_minutes_off() {
    let account = Account::start().await;
    let (key, _) = account.user_with_two_keys().await;
    for accepted in [NOW - SKEW_MAX, NOW + SKEW_MAX] {
        assert_eq!(account.caller_arn(&key, accepted).await.unwrap(), USER_ARN);
    }
    for (refused, message) in [
        (NOW - SKEW_MAX - Duration::SECOND, "Signature expired"),
        (NOW - Duration::minutes(16), "Signature expired"),
        (NOW + SKEW_MAX + Duration::SECOND, "Signature not yet current"),
        (NOW + Duration::minutes(16), "Signature not yet current"),
    ] {
        let error = account.caller_arn(&key, refused).await.unwrap_err();
        assert_refused(error, "SignatureDoesNotMatch", message);
    }
}

#[tokio::test]
async fn an_inactive_key_is_refused_until_it_is_active_again() {
    let account = Account::start().await;
    let (key, _) = account.user_with_two_keys().await;

    account.set_status(&key, StatusType::Inactive).await;
    assert_refused(
        account.caller_arn(&key, NOW).await.unwrap_err(),
        "InvalidClientTokenId",
        "The security token included in the request is invalid.",
    );
    account.set_status(&key, StatusType::Active).await;
    assert_eq!(account.caller_arn(&key, NOW).await.unwrap(), USER_ARN);
}

#[tokio::test]
async fn a_user_is_deleted_after_its_keys() {
    let account = Account::start().await;
    let (first, second) = account.user_with_two_keys().await;
    let iam = account.iam();

    let error = iam.delete_user().user_name(USER).send().await.unwrap_err();
    assert!(error.as_service_error().unwrap().is_delete_conflict_exception());
    assert_refused(error, "DeleteConflict", "Cannot delete entity, must delete access keys first.");

    for key in [&first, &second] {
        let deletion = iam.delete_access_key().user_name(USER);
        deletion.access_key_id(key.access_key_id()).send().await.unwrap();
    }
    assert_refused(account.caller_arn(&first, NOW).await.unwrap_err(), "InvalidClientTokenId", "");

    iam.delete_user().user_name(USER).send().await.unwrap();
    let error = iam.get_user().user_name(USER).send().await.unwrap_err();
    assert!(error.as_service_error().unwrap().is_no_such_entity_exception());
    assert_refused(error, "NoSuchEntity", "The user with name rust-sdk cannot be found.");
}

#[tokio::test]
async fn a_key_made_in_the_process_works_over_the_wire() {
    let account = Account::start().await;
    let alice = account.emulator.create_user_with_key("alice").unwrap();
    let identity = account
        .sts(credentials(alice.access_key_id(), alice.secret_access_key()), NOW)
        .get_caller_identity()
        .send()
        .await
        .unwrap();
    assert_eq!(identity.arn(), Some("arn:aws:iam::123456789012:user/alice"));
}

/// An emulator of its own for each test, its clock standing at [`NOW`], and SDK clients for it.
struct Account {
    emulator: IamEmulator,
}

impl Account {
    async fn start() -> Self {
        let clock = Clock::frozen_at(NOW);
        let emulator = IamEmulator::builder().clock(clock).start().await.unwrap();
        Self { emulator }
    }

    fn root(&self) -> Credentials {
        let root = self.emulator.root_credentials();
        credentials(root.access_key_id(), root.secret_access_key())
    }

    fn iam(&self) -> aws_sdk_iam::Client {
        aws_sdk_iam::Client::new(&self.sdk_config(self.root(), NOW))
    }

    fn sts(&self, credentials: Credentials, now: OffsetDateTime) -> aws_sdk_sts::Client {
        aws_sdk_sts::Client::new(&self.sdk_config(credentials, now))
    }

    fn sdk_config(&self, credentials: Credentials, now: OffsetDateTime) -> SdkConfig {
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .endpoint_url(self.emulator.endpoint_url())
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .region(Region::from_static("us-east-1"))
            .retry_config(RetryConfig::disabled())
            .time_source(StaticTimeSource::new(SystemTime::from(now)))
            .build()
    }

    async fn user_with_two_keys(&self) -> (AccessKey, AccessKey) {
        let iam = self.iam();
        let created = iam.create_user().user_name(USER).send().await.unwrap();
        assert_eq!(created.user().unwrap().arn(), USER_ARN);
        let create_key = || async {
            let answer = iam.create_access_key().user_name(USER).send().await;
            answer.unwrap().access_key.unwrap()
        };
        (create_key().await, create_key().await)
    }

    /// Who the emulator says this key is, asked by a client whose clock shows `now`.
    async fn caller_arn(
        &self,
        key: &AccessKey,
        now: OffsetDateTime,
    ) -> Result<String, SdkError<GetCallerIdentityError>> {
        let credentials = credentials(key.access_key_id(), key.secret_access_key());
        let answer = self.sts(credentials, now).get_caller_identity().send().await?;
        Ok(answer.arn().unwrap().to_owned())
    }

    async fn set_status(&self, key: &AccessKey, status: StatusType) {
        let update = self.iam().update_access_key().user_name(USER).status(status);
        update.access_key_id(key.access_key_id()).send().await.unwrap();
    }
}

fn credentials(access_key_id: &str, secret_access_key: &str) -> Credentials {
    Credentials::new(access_key_id, secret_access_key, None, None, "test")
}

/// The service answered with this code and a message that has this text.
#[track_caller]
fn assert_refused<E>(error: SdkError<E>, code: &str, text: &str)
where
    E: ProvideErrorMetadata + Debug,
{
    let refusal = error.as_service_error().expect("an answer of the service");
    assert_eq!(refusal.code(), Some(code));
    let message = refusal.message().unwrap_or_default();
    assert!(message.contains(text), "{message}");
}
