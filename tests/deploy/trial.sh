#!/bin/bash
# What an operator does on a new server with Debian: test_installer.py runs it. Any failure ends it.
# shellcheck source=tests/deploy/trial_functions.sh
. /root/trial_functions.sh "$1"
install() { /source/deploy/install --from /source "$@"; }
keys() { sha256sum /etc/campaign-hub.env /etc/campaign-hub-owner.env /etc/ssl/campaign-hub/privkey.pem; }

# visitors FILE: sign and read without a pause until the file FILE.stop exists. Note each status, and what curl says in /tmp/notes.FILE.
visitors() {
  local turn=0
  set +x
  until [ -e "$1.stop" ]; do
    turn=$((turn + 1))
    { sign "$1.$turn" | sed 's/^302$/signed/' || echo refused; status "https://$host/healthz" || echo refused; } >>"/tmp/$1" 2>>"/tmp/notes.$1"
  done
}

refuse install
refuse install --host "$host"
install --host "$host" --self-signed --ref main
before=$(keys)
echo "DEFAULT_FROM_EMAIL='Our campaign <hello@$host>'" >>/etc/campaign-hub.env
edited=$(keys)
[ "$before" != "$edited" ]
install --host "$host" --self-signed --ref main
is "$(keys)" "$edited"

nginx -t
for unit in /etc/systemd/system/campaign-hub-*.{service,socket,timer}; do
  systemd-analyze verify "${unit/@/@$(basename "$(readlink -e /srv/campaign-hub/current)")}"
done
is "$(systemctl is-enabled campaign-hub-web.socket campaign-hub-retention.timer | sort -u)" enabled
is "$(in_database "SELECT string_agg(rolname || rolsuper || rolcreatedb || rolcreaterole, ' ' ORDER BY rolname) FROM pg_roles WHERE rolname ~ '^campaign'")" \
  "campaign_hubfalsefalsefalse campaign_hub_ownerfalsefalsefalse"
is "$(in_database "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")" campaign_hub_owner
refuse hub manage shell -c "from django.db import connection as c; c.cursor().execute('ALTER TABLE audit_auditentry DISABLE TRIGGER ALL')"

cd /tmp
hub manage check --deploy --fail-level WARNING
hub manage migrate --check
refuse hub manage no_such_command
refuse su nobody -s /bin/sh -c "hub status"
hub status || true

# Every service works in its sandbox, those of the timers too. One that is killed starts again. The log can be read.
is "$(systemctl --failed --plain --no-legend 'campaign-hub*')" ""
for unit in /etc/systemd/system/timers.target.wants/campaign-hub-*.timer; do
  name=$(basename "$unit" .timer)
  [ "$name" = campaign-hub-data ] || systemctl start "$name.service" # which needs the internet
done
has_restarted() { [ "$(systemctl show --value --property NRestarts "$1")" = 1 ] && systemctl --quiet is-active "$1"; }
for name in web mail news counts; do
  systemctl kill --signal=KILL "campaign-hub-$name.service"
  eventually has_restarted "campaign-hub-$name.service"
done
hub logs --output cat | grep '^Finished campaign-hub-retention.service'

pledge=/pledges/$(in_database "SELECT slug FROM pledges_pledge LIMIT 1")/
is "$(status "https://$host$pledge")" 200
is "$(sign once)" 302
is "$(in_database "SELECT count(*) FROM pledges_signature")" 1
css=$(visit "https://$host/" | grep -o '/static/[^"]*hub\.[0-9a-f]*\.css' | head -n 1)
is "$(status "https://$host$css")" 200
visit --compressed -D /tmp/headers "https://$host/accounts/login/" | grep csrfmiddlewaretoken
refuse grep -i '^content-encoding' /tmp/headers

# Upgrade and go back while people sign.
for number in 1 2 3 4; do visitors "visitor$number" & done
first=$(readlink -e /srv/campaign-hub/current)
before=$(nginx_workers)
hub upgrade next
second=$(readlink -e /srv/campaign-hub/current)
[ "$first" != "$second" ]
is "$(status "https://$host$css")" 200
is "$(systemctl is-enabled campaign-hub-next.timer)" enabled
newer=$(sed -n 's/.*"hub\.css": "\([^"]*\)".*/\1/p' "$second/var/static/staticfiles.json")
is "$(status "https://$host/static/$newer")" 200
hub rollback
[ ! -e /etc/systemd/system/campaign-hub-next.timer ] && [ ! -e /etc/systemd/system/timers.target.wants/campaign-hub-next.timer ]
is "$(readlink -e /srv/campaign-hub/current)" "$first"
is "$(status "https://$host/static/$newer")" 200
is "$(nginx_workers)" "$before"
for number in 1 2 3 4; do touch "visitor$number.stop"; done
wait
sort /tmp/visitor? | uniq -c
sort -g -k2 /tmp/notes.* | tail -n 1 # the slowest
grep -hv '^0 ' /tmp/notes.* || true # no answer
is "$(sort -u /tmp/visitor? | tr '\n' ' ')" "200 signed "
signed=$(($(cat /tmp/visitor? | grep -c signed) + 1))
is "$(in_database "SELECT count(*) FROM pledges_signature")" "$signed"

# nginx is reloaded if a version changes its configuration.
echo "# Another version." >>"$second/deploy/nginx.conf"
hub upgrade next
is "$(tail -n 1 /etc/nginx/conf.d/campaign-hub.conf)" "# Another version."
has_reloaded() { [ "$(nginx_workers)" != "$before" ]; }
eventually has_reloaded
hub rollback
refuse grep "Another version" /etc/nginx/conf.d/campaign-hub.conf
is "$(status "https://$host/healthz")" 200

# A version that can't start, and one that doesn't exist, change nothing.
refuse hub upgrade no-such-version
refuse hub upgrade broken
is "$(readlink -e /srv/campaign-hub/current)" "$first"
is "$(status "https://$host/healthz")" 200

# A restored backup is without the signatures that came later.
count() { in_database "SELECT count(*) FROM pledges_signature"; }
backup=$(hub backup)
is "$(sign later)" 302
hub restore "$backup"
is "$(count)" "$signed"
is "$(status "https://$host$pledge")" 200
is "$(sign again)" 302
refuse hub restore /etc/hostname
is "$(count)" $((signed + 1))

# An encrypted backup can be restored by somebody with the key, and nobody else.
age-keygen -o /root/key.txt
age-keygen -o /root/other.txt
echo "BACKUP_RECIPIENT=$(age-keygen -y /root/key.txt)" >>/etc/campaign-hub.env
hub restart
mkdir -p /var/lib/campaign-hub/media/abc
echo picture >/var/lib/campaign-hub/media/abc/480.webp
chown -R campaign-hub: /var/lib/campaign-hub/media
backup=$(hub backup)
is "$(head -c 21 "$backup")" age-encryption.org/v1
is "$(sign third)" 302
rm /var/lib/campaign-hub/media/abc/480.webp
refuse hub restore "$backup"
refuse hub restore --key /root/other.txt "$backup"
is "$(status "https://$host/healthz")" 200
hub restore --key /dev/stdin "$backup" "${backup%.dump.age}.erasures.age" </root/key.txt
is "$(count)" $((signed + 1))
is "$(cat /var/lib/campaign-hub/media/abc/480.webp)" picture

# Back to a moment for which there is no backup. A moment too late changes nothing.
hub archive on
is "$(sign fourth)" 302
sleep 2
moment=$(date -u -Is)
sleep 2
is "$(sign fifth)" 302
refuse hub recover --key /root/key.txt --to "2 hours"
is "$(count)" $((signed + 3))
hub recover --key /root/key.txt --to "$moment"
is "$(count)" $((signed + 2))
is "$(sign sixth)" 302
(hub status || true) | grep "archived log: last piece" # no mail server runs here
systemctl start campaign-hub-archive.service

# With a damaged piece, the latest moment can't be reached. The command says which can, and changes nothing.
sleep 2
is "$(sign seventh)" 302
piece=$(in_database "SELECT pg_walfile_name(pg_switch_wal())").gz.age
piece=$(echo /var/lib/campaign-hub-archive/*/log)/$piece
eventually test -e "$piece"
is "$(sign eighth)" 302
truncate -s -1 "$piece"
refuse hub recover --key /root/key.txt --to latest 2>/tmp/said
cat /tmp/said
grep "is damaged: ${piece##*/}" /tmp/said
is "$(count)" $((signed + 5))
is "$(status "https://$host/healthz")" 200
hub recover --key /root/key.txt --to "$(sed -n 's/.*--to "\(.*\)"/\1/p' /tmp/said)"
[ "$(count)" = $((signed + 3)) ] || is "$(count)" $((signed + 4))
is "$(find /dev/shm /var/tmp -name 'rewind.*')" ""
hub archive off
is "$(in_database "SHOW archive_mode")" off
(hub status || true) | grep "archived log: none"
is "$(status "https://$host/healthz")" 200
