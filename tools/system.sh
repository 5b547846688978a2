#!/usr/bin/env bash
# Programs from outside Python that the whole test run uses: PostgreSQL, Chromium, fonts.
# As root with apt they are installed; otherwise this says what is missing and what that skips.
# Never fails: a machine without them still runs everything else.
set -euo pipefail

loud() { printf '\n*** %s\n' "$*"; }

has_postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null; }
has_chromium() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }
has_fonts() { compgen -G '/usr/share/fonts/*/noto/NotoSans-Regular.*' >/dev/null || { command -v fc-list >/dev/null && fc-list | grep -qi 'noto sans'; }; }

missing=()
has_postgres || missing+=(postgresql)
has_chromium || missing+=(chromium)
has_fonts || missing+=(fonts-noto-core)
if [ ${#missing[@]} -eq 0 ]; then
    echo "system: PostgreSQL, Chromium and fonts are here"
    exit 0
fi

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "system: installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    # The tests start their own private cluster: do not let the package start one of its own.
    if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        mkdir -p /etc/postgresql-common
        echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
    fi
    apt-get update -qq </dev/null || loud "apt-get update failed; trying with the lists at hand"
    for package in "${missing[@]}"; do
        apt-get install -y -qq --no-install-recommends -o Dpkg::Options::=--force-confold \
            "$package" </dev/null >/dev/null || loud "apt-get could not install $package"
    done
fi

has_postgres || loud "PostgreSQL is missing (Debian: apt install postgresql): the PostgreSQL suites will be SKIPPED"
has_chromium || loud "Chromium is missing (Debian: apt install chromium): the browser suite will be SKIPPED"
has_fonts || loud "Noto Sans is missing (Debian: apt install fonts-noto-core): screenshots will use another font"
