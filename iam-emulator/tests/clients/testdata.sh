#!/usr/bin/env bash
# Asks every generator of test data whether its files still are what the signers
# outside say, and whether the conformance program answers its cases as they do.
# Prints a step for each.
#
#     testdata.sh PYTHON FOLDER CONFORMANCE

set -Eeuo pipefail

python=$1
folder=$2
conformance=$3
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0

main() {
    local generator name
    while read -r generator; do
        name=$(dirname "${generator#"$folder/"}")
        step "$name is as the signers make it" generate --check
        if grep --quiet -e conformance "$generator"; then
            step "$name is answered as the signers do" answer
        fi
    done < <(find "$folder" -name generate.py -not -path "*/.venv/*" | sort)
    exit "$status"
}

# Nothing of what the clients are told: no endpoint, region or credentials.
generate() {
    env -i PATH="$PATH" LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 "$python" "$generator" "$@"
}

answer() {
    generate --conformance >"$scratch/cases" || return
    "$conformance" <"$scratch/cases" >"$scratch/answers" || return
    generate --compare "$scratch/answers"
}

# step WHAT COMMAND…: how many of what, if the command says so.
step() {
    local said
    if said=$("${@:2}" 2>&1); then
        said=$(tail -n 1 <<<"$said")
        echo "ok - $1${said:+ ($said)}"
    else
        echo "not ok - $1: $(tail -n 2 <<<"$said" | tr '\n' ' ')"
        status=1
    fi
}

main
