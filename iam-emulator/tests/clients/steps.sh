# How the clients that are shell scripts report their steps: sourced, never run.
#
# `step NAME` closes the step before it with "ok" and opens the next one;
# `steps_done` closes the last. A script that ends before that, by `fail` or by
# any failing command, prints "not ok" for the step it was in.

set -Eeuo pipefail

current_step=""
failure=""
trap 'failure=${failure:-"line $LINENO: $BASH_COMMAND"}' ERR
trap '[[ -z $current_step ]] || echo "not ok - $current_step: $failure"' EXIT

step() {
    steps_done
    current_step=$1
}

steps_done() {
    if [[ -n $current_step ]]; then
        echo "ok - $current_step"
    fi
    current_step=""
}

fail() {
    failure=${*//$'\n'/ }
    exit 1
}

# equal EXPECTED FOUND
equal() {
    [[ $1 == "$2" ]] || fail "expected '$1', found '$2'"
}

# The secret with its last character exchanged for another.
altered() {
    case $1 in
        *A) echo "${1%A}B" ;;
        *) echo "${1%?}A" ;;
    esac
}
