#!/bin/bash
# What both parts of the trial need. test_installer.py gives them the site's name.
set -euxo pipefail
shopt -s inherit_errexit
host=$1
visit() { curl -sk --max-time 60 --resolve "$host:443:127.0.0.1" "$@"; }
# status OPTIONS: print the status of an answer and, to standard error, curl's exit code, the seconds, and curl's error.
status() { visit -o /dev/null -w '%{http_code}\n%{stderr}%{exitcode} %{time_total} %{errormsg}\n' "$@"; }
is() { [ "$1" = "$2" ] || { echo "expected $2, got $1"; exit 1; }; }
refuse() { if "$@"; then echo "this should have failed: $*"; exit 1; fi; }
# eventually COMMAND: try it once a second, for a minute.
eventually() { for _ in $(seq 60); do ! "$@" || return 0; sleep 1; done; "$@"; }
# nginx_workers: print the processes that answer new connections.
nginx_workers() { pgrep -f '^nginx: worker process$' | tr '\n' ' '; }
in_database() { su postgres -c "psql -AtX -d campaign_hub -c \"$1\""; }
# sign NAME: sign the pledge at $pledge, which each part looks up.
# shellcheck disable=SC2154
sign() {
  status "https://$host$pledge" -H 'Sec-Fetch-Site: same-origin' -d name=Ruth -d "email=ruth.$1@example.org" \
    -d country=GB -d postcode=NW37UX -d kind=person -d visibility=private -d agree=on
}
