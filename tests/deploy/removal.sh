#!/bin/bash
# What an operator sees after the server of trial.sh has started again. Then take the site off it, as the guide says.
# shellcheck source=tests/deploy/trial_functions.sh
. /root/trial_functions.sh "$1"
pledge=/pledges/$(in_database "SELECT slug FROM pledges_pledge LIMIT 1")/
answers() { [ "$(status "https://$host/healthz")" = 200 ]; }
eventually answers
before=$(in_database "SELECT count(*) FROM pledges_signature")
is "$(status "https://$host$pledge")" 200
is "$(sign after-a-reboot)" 302
is "$(in_database "SELECT count(*) FROM pledges_signature")" $((before + 1))
is "$(systemctl is-active campaign-hub-web.socket campaign-hub-{web,mail,news,counts}.service campaign-hub-backup.timer | sort -u)" active

sudo() { if [ "$1" = -u ]; then (cd / && setpriv --reuid="$2" --regid="$2" --init-groups "${@:3}"); else "$@"; fi; }
sed -n '/^## Take it off/,/^## The/s/^    //p' /source/docs/operators/by-hand.md >/tmp/commands
cat /tmp/commands
# shellcheck source=/dev/null
. /tmp/commands
is "$(find / -xdev -name '*campaign*hub*' ! -path '/source/*' ! -path '/var/log/campaign-hub-*.log')" ""
is "$(getent passwd | grep campaign-hub || true)" ""
is "$(su postgres -c "psql -AtXc \"SELECT rolname FROM pg_roles WHERE rolname ~ '^campaign'\"")" ""
nginx -t
