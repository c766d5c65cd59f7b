"""The life of an access key, told by boto3.

Expects the environment that `../run` sets: AWS_ENDPOINT_URL, a region and the
root key. Prints one line per step, named as in `../lifecycle.txt`.
"""

import contextlib
import datetime
import sys
import urllib.request

import boto3
import botocore.auth
from botocore.exceptions import ClientError

USER = "boto3-client"
ACCOUNT = "123456789012"


@contextlib.contextmanager
def step(name):
    """Reports the steps inside as one line; a failure ends the run."""
    try:
        yield
    except Exception as error:
        print(f"not ok - {name}: {type(error).__name__}: {error}", flush=True)
        sys.exit(1)
    print(f"ok - {name}", flush=True)


@contextlib.contextmanager
def refusal(code, message=""):
    """Demands that the call inside is refused with `code` and a text that has `message`."""
    try:
        yield
    except ClientError as error:
        found = error.response["Error"]
        assert found["Code"] == code, f"expected {code}, got {error}"
        assert message in found.get("Message", ""), f"expected {message!r} in {error}"
    else:
        raise AssertionError(f"expected a refusal with {code}")


@contextlib.contextmanager
def clock_off_by(**offset):
    """Moves botocore's clock: its signers take the time from one function."""
    real = botocore.auth.get_current_datetime
    botocore.auth.get_current_datetime = lambda **options: real(**options) + datetime.timedelta(**offset)
    try:
        yield
    finally:
        botocore.auth.get_current_datetime = real


def sts_for(key, secret=None):
    return boto3.client(
        "sts",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=secret or key["SecretAccessKey"],
    )


def altered(secret):
    """The secret with its last character exchanged for another."""
    return secret[:-1] + ("A" if secret[-1] != "A" else "B")


def main():
    iam = boto3.client("iam")
    user_arn = f"arn:aws:iam::{ACCOUNT}:user/{USER}"

    with step("identify as the account's root"):
        identity = boto3.client("sts").get_caller_identity()
        assert identity["Arn"] == f"arn:aws:iam::{ACCOUNT}:root", identity
        assert identity["Account"] == ACCOUNT, identity

    with step("create the user"):
        user = iam.create_user(UserName=USER)["User"]
        assert user["Arn"] == user_arn and user["Path"] == "/", user
        assert iam.get_user(UserName=USER)["User"] == user

    key = create_keys(iam)
    list_keys(iam, key)
    use_key(iam, key, user_arn)
    refuse_wrong_signatures(key)
    deactivate_and_reactivate(iam, key, user_arn)
    clean_up(iam, key)


def create_keys(iam):
    with step("create two keys"):
        first, second = (iam.create_access_key(UserName=USER)["AccessKey"] for _ in range(2))
        for key in first, second:
            assert key["UserName"] == USER and key["Status"] == "Active", key["AccessKeyId"]
            assert len(key["AccessKeyId"]) == 20 and key["AccessKeyId"].startswith("AKIA")
            assert len(key["SecretAccessKey"]) == 40
        assert first["AccessKeyId"] != second["AccessKeyId"]

    with step("refuse a third key with LimitExceeded"):
        with refusal("LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2"):
            iam.create_access_key(UserName=USER)
    return first


def list_keys(iam, key):
    with step("list the keys in two pages"):
        paginator = iam.get_paginator("list_access_keys")
        pages = list(paginator.paginate(UserName=USER, PaginationConfig={"PageSize": 1}))
        assert [len(page["AccessKeyMetadata"]) for page in pages] == [1, 1], pages
        assert [page["IsTruncated"] for page in pages] == [True, False], pages
        listed = [page["AccessKeyMetadata"][0] for page in pages]
        assert key["AccessKeyId"] in {entry["AccessKeyId"] for entry in listed}
        whole = iam.list_access_keys(UserName=USER)
        assert whole["AccessKeyMetadata"] == listed and whole["IsTruncated"] is False, whole
        assert "Marker" not in whole, whole


def use_key(iam, key, user_arn):
    with step("use the new key"):
        assert sts_for(key).get_caller_identity()["Arn"] == user_arn

    with step("use the new key in a presigned URL"):
        url = sts_for(key).generate_presigned_url("get_caller_identity", ExpiresIn=60, HttpMethod="GET")
        with urllib.request.urlopen(url, timeout=10) as response:
            assert user_arn in response.read().decode()

    with step("report the key's last use"):
        last_used = iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])
        assert last_used["UserName"] == USER, last_used
        assert last_used["AccessKeyLastUsed"]["ServiceName"] == "sts", last_used


def refuse_wrong_signatures(key):
    with step("refuse a wrong secret with SignatureDoesNotMatch"):
        with refusal("SignatureDoesNotMatch", "does not match the signature you provided"):
            sts_for(key, altered(key["SecretAccessKey"])).get_caller_identity()

    with step("refuse a clock 16 minutes slow with SignatureDoesNotMatch"):
        with clock_off_by(minutes=-16), refusal("SignatureDoesNotMatch", "Signature expired"):
            sts_for(key).get_caller_identity()

    with step("refuse a clock 16 minutes fast with SignatureDoesNotMatch"):
        with clock_off_by(minutes=16), refusal("SignatureDoesNotMatch", "Signature not yet current"):
            sts_for(key).get_caller_identity()

    with step("accept a clock 14 minutes off"):
        for minutes in -14, 14:
            with clock_off_by(minutes=minutes):
                sts_for(key).get_caller_identity()


def deactivate_and_reactivate(iam, key, user_arn):
    with step("deactivate the key"):
        iam.update_access_key(UserName=USER, AccessKeyId=key["AccessKeyId"], Status="Inactive")
        listed = iam.list_access_keys(UserName=USER)["AccessKeyMetadata"]
        status = {entry["AccessKeyId"]: entry["Status"] for entry in listed}
        assert status.pop(key["AccessKeyId"]) == "Inactive" and list(status.values()) == ["Active"]

    with step("refuse the inactive key with InvalidClientTokenId"):
        with refusal("InvalidClientTokenId", "The security token included in the request is invalid."):
            sts_for(key).get_caller_identity()

    with step("reactivate the key and use it again"):
        iam.update_access_key(UserName=USER, AccessKeyId=key["AccessKeyId"], Status="Active")
        assert sts_for(key).get_caller_identity()["Arn"] == user_arn


def clean_up(iam, key):
    with step("refuse to delete the user with DeleteConflict while keys remain"):
        with refusal("DeleteConflict", "Cannot delete entity, must delete access keys first."):
            iam.delete_user(UserName=USER)

    with step("delete the keys"):
        for entry in iam.list_access_keys(UserName=USER)["AccessKeyMetadata"]:
            iam.delete_access_key(UserName=USER, AccessKeyId=entry["AccessKeyId"])
        assert iam.list_access_keys(UserName=USER)["AccessKeyMetadata"] == []

    with step("refuse the deleted key with InvalidClientTokenId"):
        with refusal("InvalidClientTokenId"):
            sts_for(key).get_caller_identity()

    with step("delete the user"):
        iam.delete_user(UserName=USER)
        with refusal("NoSuchEntity", f"The user with name {USER} cannot be found."):
            iam.get_user(UserName=USER)


if __name__ == "__main__":
    main()
