#!/usr/bin/env bash
# The life of an access key, told by `curl --aws-sigv4`.
#
# Expects the environment that ../run sets (AWS_ENDPOINT_URL, the root key) and
# `curl` and `faketime` on the path: of a given X-Amz-Date, curl 7.88 makes two.
# Every call is a POST form, because curl signs a query string as it stands,
# without sorting it. Prints one line per step, named as in ../lifecycle.txt.

# shellcheck source-path=SCRIPTDIR source=../steps.sh
source "$(dirname "$0")/../steps.sh"

user=curl-client
account=123456789012
user_arn=arn:aws:iam::$account:user/$user

# The caller's key, and what to run curl by: nothing, or faketime with an offset.
key_id=$AWS_ACCESS_KEY_ID
secret=$AWS_SECRET_ACCESS_KEY
clock=()

# What the last call answered.
status=""
body=""

# post SERVICE VERSION ACTION [NAME=VALUE…]: one signed call; sets `status` and `body`.
post() {
    local service=$1 parameters=(--data-urlencode "Version=$2" --data-urlencode "Action=$3") parameter
    for parameter in "${@:4}"; do
        parameters+=(--data-urlencode "$parameter")
    done
    # The key goes in by a configuration on standard input: arguments show in the process list.
    body=$(printf 'user = "%s:%s"\n' "$key_id" "$secret" |
        "${clock[@]}" curl --config - --silent --show-error --max-time 10 --write-out '\n%{http_code}' \
            --aws-sigv4 "aws:amz:us-east-1:$service" "${parameters[@]}" "$AWS_ENDPOINT_URL/")
    status=${body##*$'\n'}
    body=${body%$'\n'*}
}

iam() {
    post iam 2010-05-08 "$@"
}

get_caller_identity() {
    post sts 2011-06-15 GetCallerIdentity
}

# The texts of every element of this name in the last answer, one a line.
elements() {
    grep --only-matching "<$1>[^<]*</$1>" <<<"$body" | sed -e "s,^<$1>,," -e "s,</$1>\$,," || true
}

accepted() {
    [[ $status == 200 ]] || fail "status $status: $body"
}

# refused STATUS CODE [TEXT]: how the last call must have been answered.
refused() {
    equal "$1 Sender $2" "$status $(elements Type) $(elements Code)"
    [[ $(elements Message) == *"${3-}"* ]] || fail "expected '$3' in: $(elements Message)"
}

# as_key ID SECRET COMMAND…: runs the command with this key, then returns to the root's.
as_key() {
    local root_id=$key_id root_secret=$secret
    key_id=$1 secret=$2
    "${@:3}"
    key_id=$root_id secret=$root_secret
}

# clock_off_by OFFSET COMMAND…: runs the command with curl's clock this far off.
clock_off_by() {
    clock=(faketime -f "$1")
    "${@:2}"
    clock=()
}

step "identify as the account's root"
get_caller_identity
accepted
equal "arn:aws:iam::$account:root $account" "$(elements Arn) $(elements Account)"

step "create the user"
iam CreateUser UserName="$user"
accepted
equal "$user_arn" "$(elements Arn)"

step "create two keys"
iam CreateAccessKey UserName="$user"
accepted
new_id=$(elements AccessKeyId) new_secret=$(elements SecretAccessKey)
iam CreateAccessKey UserName="$user"
accepted
other_id=$(elements AccessKeyId)
[[ $new_id =~ ^AKIA[A-Z2-7]{16}$ && $new_id != "$other_id" ]] || fail "key ids $new_id and $other_id"

step "refuse a third key with LimitExceeded"
iam CreateAccessKey UserName="$user"
refused 409 LimitExceeded "Cannot exceed quota for AccessKeysPerUser: 2"

step "list the keys in two pages"
iam ListAccessKeys UserName="$user" MaxItems=1
accepted
first_id=$(elements AccessKeyId)
equal true "$(elements IsTruncated)"
iam ListAccessKeys UserName="$user" MaxItems=1 Marker="$(elements Marker)"
accepted
equal false "$(elements IsTruncated)"
equal "" "$(elements Marker)"
equal "$(printf '%s\n' "$new_id" "$other_id" | sort)" "$(printf '%s\n' "$first_id" "$(elements AccessKeyId)" | sort)"

step "use the new key"
as_key "$new_id" "$new_secret" get_caller_identity
accepted
equal "$user_arn" "$(elements Arn)"

step "report the key's last use"
iam GetAccessKeyLastUsed AccessKeyId="$new_id"
accepted
equal "$user sts" "$(elements UserName) $(elements ServiceName)"

step "refuse a wrong secret with SignatureDoesNotMatch"
as_key "$new_id" "$(altered "$new_secret")" get_caller_identity
refused 403 SignatureDoesNotMatch "does not match the signature you provided"

step "refuse a clock 16 minutes slow with SignatureDoesNotMatch"
clock_off_by -16m as_key "$new_id" "$new_secret" get_caller_identity
refused 403 SignatureDoesNotMatch "Signature expired"

step "refuse a clock 16 minutes fast with SignatureDoesNotMatch"
clock_off_by +16m as_key "$new_id" "$new_secret" get_caller_identity
refused 403 SignatureDoesNotMatch "Signature not yet current"

step "accept a clock 14 minutes off"
for offset in -14m +14m; do
    clock_off_by $offset as_key "$new_id" "$new_secret" get_caller_identity
    accepted
done

step "deactivate the key"
iam UpdateAccessKey UserName="$user" AccessKeyId="$new_id" Status=Inactive
accepted
iam ListAccessKeys UserName="$user"
equal $'Active\nInactive' "$(elements Status | sort)"

step "refuse the inactive key with InvalidClientTokenId"
as_key "$new_id" "$new_secret" get_caller_identity
refused 403 InvalidClientTokenId "The security token included in the request is invalid."

step "reactivate the key and use it again"
iam UpdateAccessKey UserName="$user" AccessKeyId="$new_id" Status=Active
accepted
as_key "$new_id" "$new_secret" get_caller_identity
accepted
equal "$user_arn" "$(elements Arn)"

step "refuse to delete the user with DeleteConflict while keys remain"
iam DeleteUser UserName="$user"
refused 409 DeleteConflict "Cannot delete entity, must delete access keys first."

step "delete the keys"
for id in "$new_id" "$other_id"; do
    iam DeleteAccessKey UserName="$user" AccessKeyId="$id"
    accepted
done
iam ListAccessKeys UserName="$user"
accepted
equal "" "$(elements AccessKeyId)"

step "refuse the deleted key with InvalidClientTokenId"
as_key "$new_id" "$new_secret" get_caller_identity
refused 403 InvalidClientTokenId

step "delete the user"
iam DeleteUser UserName="$user"
accepted
iam GetUser UserName="$user"
refused 404 NoSuchEntity "The user with name $user cannot be found."

steps_done
