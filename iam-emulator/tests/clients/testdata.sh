#!/usr/bin/env bash
# Asks every generator of test data whether its files still are what the signers
# outside say. Prints a step for each.
#
#     testdata.sh PYTHON FOLDER

set -Eeuo pipefail

python=$1
folder=$2
status=0

while read -r generator; do
    name=$(dirname "${generator#"$folder/"}")
    # Nothing of what the clients are told: no endpoint, region or credentials.
    if message=$(env -i PATH="$PATH" LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 \
        "$python" "$generator" --check 2>&1); then
        echo "ok - $name is as the signers make it"
    else
        echo "not ok - $name is as the signers make it: $(tail -n 1 <<<"$message")"
        status=1
    fi
done < <(find "$folder" -name generate.py -not -path "*/.venv/*" | sort)
exit "$status"
