// The life of an access key, told by the AWS SDK for JavaScript v3.
//
// Expects the environment that `../run` sets: AWS_ENDPOINT_URL, a region, the
// root key, and NODE_PATH naming the installed packages (they lie outside the
// repository, so this is a CommonJS file: `import` ignores NODE_PATH).
// Prints one line per step, named as in `../lifecycle.txt`.
"use strict";

const assert = require("node:assert/strict");
const {
  IAMClient,
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  GetAccessKeyLastUsedCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  UpdateAccessKeyCommand,
  paginateListAccessKeys,
} = require("@aws-sdk/client-iam");
const { STSClient, GetCallerIdentityCommand } = require("@aws-sdk/client-sts");

const USER = "javascript-sdk";
const ACCOUNT = "123456789012";
const USER_ARN = `arn:aws:iam::${ACCOUNT}:user/${USER}`;
const MINUTE_MS = 60_000;

async function main() {
  const iam = new IAMClient({ maxAttempts: 1 });

  await step("identify as the account's root", async () => {
    const identity = await whoAmI(new STSClient({ maxAttempts: 1 }));
    assert.equal(identity.Arn, `arn:aws:iam::${ACCOUNT}:root`);
    assert.equal(identity.Account, ACCOUNT);
  });

  await step("create the user", async () => {
    const { User } = await iam.send(new CreateUserCommand({ UserName: USER }));
    assert.equal(User.Arn, USER_ARN);
    const found = await iam.send(new GetUserCommand({ UserName: USER }));
    assert.deepEqual(found.User, User);
  });

  const key = await createKeys(iam);
  await listAndUse(iam, key);
  await refuseWrongSignatures(key);
  await deactivateAndReactivate(iam, key);
  await cleanUp(iam, key);
}

async function createKeys(iam) {
  const keys = [];
  await step("create two keys", async () => {
    for (let count = 0; count < 2; count += 1) {
      const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: USER }));
      assert.equal(AccessKey.Status, "Active");
      assert.match(AccessKey.AccessKeyId, /^AKIA[A-Z2-7]{16}$/);
      keys.push(AccessKey);
    }
    assert.notEqual(keys[0].AccessKeyId, keys[1].AccessKeyId);
  });

  await step("refuse a third key with LimitExceeded", () =>
    refused(
      iam.send(new CreateAccessKeyCommand({ UserName: USER })),
      "LimitExceededException",
      "Cannot exceed quota for AccessKeysPerUser: 2",
    ));
  return keys[0];
}

async function listAndUse(iam, key) {
  await step("list the keys in two pages", async () => {
    const pages = [];
    for await (const page of paginateListAccessKeys({ client: iam, pageSize: 1 }, { UserName: USER })) {
      pages.push(page);
    }
    assert.deepEqual(pages.map((page) => page.AccessKeyMetadata.length), [1, 1]);
    assert.deepEqual(pages.map((page) => page.IsTruncated), [true, false]);
    const whole = await iam.send(new ListAccessKeysCommand({ UserName: USER }));
    assert.deepEqual(whole.AccessKeyMetadata, pages.flatMap((page) => page.AccessKeyMetadata));
    assert.equal(whole.IsTruncated, false);
  });

  await step("use the new key", async () => {
    assert.equal((await whoAmI(stsFor(key))).Arn, USER_ARN);
  });

  await step("report the key's last use", async () => {
    const report = await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: key.AccessKeyId }));
    assert.equal(report.UserName, USER);
    assert.equal(report.AccessKeyLastUsed.ServiceName, "sts");
    assert.ok(report.AccessKeyLastUsed.LastUsedDate instanceof Date);
  });
}

async function refuseWrongSignatures(key) {
  await step("refuse a wrong secret with SignatureDoesNotMatch", () =>
    refused(
      whoAmI(stsFor({ ...key, SecretAccessKey: altered(key.SecretAccessKey) })),
      "SignatureDoesNotMatch",
      "does not match the signature you provided",
    ));

  for (const [direction, sign, message] of [
    ["slow", -1, "Signature expired"],
    ["fast", 1, "Signature not yet current"],
  ]) {
    await step(`refuse a clock 16 minutes ${direction} with SignatureDoesNotMatch`, async () => {
      const sts = stsFor(key, { systemClockOffset: sign * 16 * MINUTE_MS });
      await refused(whoAmI(sts), "SignatureDoesNotMatch", message);
      // The SDK has now read the Date header of the refusal and corrected its
      // clock, as it does with AWS: the same client is accepted.
      assert.equal((await whoAmI(sts)).Arn, USER_ARN);
    });
  }

  await step("accept a clock 14 minutes off", async () => {
    for (const sign of [-1, 1]) {
      await whoAmI(stsFor(key, { systemClockOffset: sign * 14 * MINUTE_MS }));
    }
  });
}

async function deactivateAndReactivate(iam, key) {
  await step("deactivate the key", async () => {
    await setStatus(iam, key, "Inactive");
    const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName: USER }));
    const listed = AccessKeyMetadata.find((entry) => entry.AccessKeyId === key.AccessKeyId);
    assert.equal(listed.Status, "Inactive");
  });

  await step("refuse the inactive key with InvalidClientTokenId", () =>
    refused(whoAmI(stsFor(key)), "InvalidClientTokenId", "The security token included in the request is invalid."));

  await step("reactivate the key and use it again", async () => {
    await setStatus(iam, key, "Active");
    assert.equal((await whoAmI(stsFor(key))).Arn, USER_ARN);
  });
}

async function cleanUp(iam, key) {
  await step("refuse to delete the user with DeleteConflict while keys remain", () =>
    refused(
      iam.send(new DeleteUserCommand({ UserName: USER })),
      "DeleteConflictException",
      "Cannot delete entity, must delete access keys first.",
    ));

  await step("delete the keys", async () => {
    const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName: USER }));
    for (const { AccessKeyId } of AccessKeyMetadata) {
      await iam.send(new DeleteAccessKeyCommand({ UserName: USER, AccessKeyId }));
    }
    const left = await iam.send(new ListAccessKeysCommand({ UserName: USER }));
    assert.equal((left.AccessKeyMetadata ?? []).length, 0);
  });

  await step("refuse the deleted key with InvalidClientTokenId", () =>
    refused(whoAmI(stsFor(key)), "InvalidClientTokenId"));

  await step("delete the user", async () => {
    await iam.send(new DeleteUserCommand({ UserName: USER }));
    await refused(
      iam.send(new GetUserCommand({ UserName: USER })),
      "NoSuchEntityException",
      `The user with name ${USER} cannot be found.`,
    );
  });
}

function stsFor(key, options = {}) {
  const credentials = { accessKeyId: key.AccessKeyId, secretAccessKey: key.SecretAccessKey };
  return new STSClient({ maxAttempts: 1, credentials, ...options });
}

function whoAmI(sts) {
  return sts.send(new GetCallerIdentityCommand({}));
}

function setStatus(iam, key, Status) {
  return iam.send(new UpdateAccessKeyCommand({ UserName: USER, AccessKeyId: key.AccessKeyId, Status }));
}

/** The secret with its last character exchanged for another. */
function altered(secret) {
  return secret.slice(0, -1) + (secret.endsWith("A") ? "B" : "A");
}

/** Demands that `call` is refused with the error named `name` (modelled errors carry the suffix "Exception"). */
async function refused(call, name, message = "") {
  await assert.rejects(call, (error) => {
    assert.equal(error.name, name);
    assert.ok(error.message.includes(message), error.message);
    return true;
  });
}

/** Reports `body` as one line; a failure ends the run. */
async function step(name, body) {
  try {
    await body();
  } catch (error) {
    console.log(`not ok - ${name}: ${String(error.message).replaceAll("\n", " ")}`);
    process.exit(1);
  }
  console.log(`ok - ${name}`);
}

main();
