#!/usr/bin/env bash
# The life of an access key, told by the AWS CLI.
#
# Expects the environment that ../run sets (AWS_ENDPOINT_URL, a region, the root
# key) and `aws` and `faketime` on the path. Prints one line per step, named as
# in ../lifecycle.txt.

# shellcheck source-path=SCRIPTDIR source=../steps.sh
source "$(dirname "$0")/../steps.sh"

user=aws-cli
account=123456789012
user_arn=arn:aws:iam::$account:user/$user

# as KEY_ID SECRET COMMAND…: runs the command with this key.
as() {
    AWS_ACCESS_KEY_ID=$1 AWS_SECRET_ACCESS_KEY=$2 "${@:3}"
}

whoami_arn() {
    aws sts get-caller-identity --query Arn --output text
}

# refused CODE TEXT COMMAND…: the command fails with this code and a message that has the text.
refused() {
    local output
    if output=$("${@:3}" 2>&1); then
        fail "expected a refusal with $1, found success"
    fi
    [[ $output == *"An error occurred ($1) when calling"*"$2"* ]] || fail "expected $1, found: $output"
}

step "identify as the account's root"
equal "arn:aws:iam::$account:root" "$(whoami_arn)"

step "create the user"
equal "$user_arn" "$(aws iam create-user --user-name "$user" --query User.Arn --output text)"
equal "$user_arn" "$(aws iam get-user --user-name "$user" --query User.Arn --output text)"

step "create two keys"
create_key=(aws iam create-access-key --user-name "$user" --output text
    --query 'AccessKey.[AccessKeyId,SecretAccessKey,Status]')
created=$("${create_key[@]}")
read -r key_id secret status <<<"$created"
created=$("${create_key[@]}")
read -r other_key_id _ other_status <<<"$created"
equal "Active Active" "$status $other_status"
[[ $key_id =~ ^AKIA[A-Z2-7]{16}$ && $key_id != "$other_key_id" ]] || fail "key ids $key_id and $other_key_id"

step "refuse a third key with LimitExceeded"
refused LimitExceeded "Cannot exceed quota for AccessKeysPerUser: 2" "${create_key[@]}"

step "list the keys in two pages"
# --page-size asks the service for one key at a time; --max-items stops after the first page.
# The token to go on with comes in the JSON output alone.
list_page=(aws iam list-access-keys --user-name "$user" --page-size 1 --max-items 1 --output json
    --query '[AccessKeyMetadata[0].AccessKeyId, NextToken]')
page=$("${list_page[@]}")
read -r first_id token <<<"$(tr -d '[]",\n' <<<"$page")"
page=$("${list_page[@]}" --starting-token "$token")
read -r second_id token <<<"$(tr -d '[]",\n' <<<"$page")"
equal null "$token"
equal "$(printf '%s\n' "$key_id" "$other_key_id" | sort)" "$(printf '%s\n' "$first_id" "$second_id" | sort)"

step "use the new key"
equal "$user_arn" "$(as "$key_id" "$secret" whoami_arn)"

step "report the key's last use"
equal "$user"$'\t'sts "$(aws iam get-access-key-last-used --access-key-id "$key_id" --output text \
    --query '[UserName, AccessKeyLastUsed.ServiceName]')"

step "refuse a wrong secret with SignatureDoesNotMatch"
refused SignatureDoesNotMatch "does not match the signature you provided" \
    as "$key_id" "$(altered "$secret")" whoami_arn

step "refuse a clock 16 minutes slow with SignatureDoesNotMatch"
refused SignatureDoesNotMatch "Signature expired" \
    as "$key_id" "$secret" faketime -f -16m aws sts get-caller-identity

step "refuse a clock 16 minutes fast with SignatureDoesNotMatch"
refused SignatureDoesNotMatch "Signature not yet current" \
    as "$key_id" "$secret" faketime -f +16m aws sts get-caller-identity

step "accept a clock 14 minutes off"
for offset in -14m +14m; do
    as "$key_id" "$secret" faketime -f $offset aws sts get-caller-identity >/dev/null
done

step "deactivate the key"
aws iam update-access-key --user-name "$user" --access-key-id "$key_id" --status Inactive
equal Inactive "$(aws iam list-access-keys --user-name "$user" --output text \
    --query "AccessKeyMetadata[?AccessKeyId=='$key_id'].Status")"

step "refuse the inactive key with InvalidClientTokenId"
refused InvalidClientTokenId "The security token included in the request is invalid." \
    as "$key_id" "$secret" whoami_arn

step "reactivate the key and use it again"
aws iam update-access-key --user-name "$user" --access-key-id "$key_id" --status Active
equal "$user_arn" "$(as "$key_id" "$secret" whoami_arn)"

step "refuse to delete the user with DeleteConflict while keys remain"
refused DeleteConflict "Cannot delete entity, must delete access keys first." \
    aws iam delete-user --user-name "$user"

step "delete the keys"
for id in "$key_id" "$other_key_id"; do
    aws iam delete-access-key --user-name "$user" --access-key-id "$id"
done
equal 0 "$(aws iam list-access-keys --user-name "$user" --query 'length(AccessKeyMetadata)' --output text)"

step "refuse the deleted key with InvalidClientTokenId"
refused InvalidClientTokenId "" as "$key_id" "$secret" whoami_arn

step "delete the user"
aws iam delete-user --user-name "$user"
refused NoSuchEntity "The user with name $user cannot be found." aws iam get-user --user-name "$user"

steps_done
