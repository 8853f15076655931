# shellcheck shell=bash disable=SC2034 # the programs that read this use the variables
# What `install`, `upgrade` and `hub` share. HUB_ROOT is a folder that takes the place of / in tests.

shopt -s inherit_errexit
root=${HUB_ROOT:-}
base=$root/srv/campaign-hub
current=$base/current
env_file=$root/etc/campaign-hub.env
owner_file=$root/etc/campaign-hub-owner.env
units=$root/etc/systemd/system
backups=$root/var/lib/campaign-hub-backups
archive_settings=$root/etc/campaign-hub-archive.env
socket=$root/run/campaign-hub/web.sock
nginx_conf=$root/etc/nginx/conf.d/campaign-hub.conf
workers=(campaign-hub-mail.service campaign-hub-news.service campaign-hub-counts.service)

say() { printf '%s\n' "$@"; }
die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}
need_root() { [ "$(id -u)" = 0 ] || die "run this as root, with sudo for instance."; }
has_systemd() { [ -d "$root/run/systemd/system" ]; }
as_postgres() { (cd / && setpriv --reuid=postgres --regid=postgres --init-groups "$@"); }
git_here() { git --git-dir="$base/repository.git" "$@"; }

# fetch_source: a repository in somebody's home folder belongs to them, which Git wouldn't accept from root.
fetch_source() {
  local config
  config=$(mktemp)
  printf '[include]\npath = ~/.gitconfig\n[safe]\ndirectory = *\n' >"$config"
  GIT_CONFIG_GLOBAL=$config git_here fetch --quiet --force --tags origin '+refs/heads/*:refs/heads/*' || {
    rm "$config"
    die "there is no Git repository to be had at $(git_here config remote.origin.url)."
  }
  rm "$config"
}

# as_user USER FILE... -- COMMAND...: run a command as a user, with the variables of the files and no others.
as_user() {
  # shellcheck disable=SC2016 # the inner shell expands them
  env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
    ${TERM:+TERM="$TERM"} bash -c '
      umask 0077
      set -a
      while [ "$1" != -- ]; do . "$1" || exit 1; shift; done
      set +a
      shift
      exec setpriv --reuid="$0" --regid="$0" --init-groups --no-new-privs "$@"
    ' "$@"
}

# Both run a command with the environment of a release (its folder), as the services do.
as_site() {
  local release=$1
  shift
  as_user campaign-hub "$release/deploy/defaults.env" "$env_file" -- "$@"
}
as_owner() {
  local release=$1
  shift
  as_user campaign-hub-owner "$release/deploy/defaults.env" "$env_file" "$owner_file" -- "$@"
}

# release_of LINK: the folder of the release that a link in $base leads to.
release_of() { readlink -e "$base/$1" || die "there is no $1 release in $base. Run deploy/install first."; }

# build COMMIT: make the folder of a release, with its own packages and static files, and print the folder's name. One
# that is complete is left as it is; the remains of one that failed are removed first.
build() {
  local release=$base/releases/$1
  if [ ! -e "$release/.complete" ]; then
    rm -rf "$release"
    mkdir -p "$release"
    git_here archive "$1" | tar -x -C "$release"
    # Debian's own Python, because the site's user couldn't run one in root's home folder. The packages include those
    # for S3 and Sentry, so that a change of the configuration never needs another package.
    /usr/bin/python3 -m venv "$release/.venv"
    "$release/.venv/bin/python" -m pip install --quiet --disable-pip-version-check \
      -r "$release/requirements-s3.txt" -r "$release/requirements-sentry.txt" >&2
    "$release/.venv/bin/python" -m compileall -q "$release/campaign" "$release/pledges" "$release/actions"
    collect_static "$release"
    chmod -R u=rwX,go=rX "$release"
    touch "$release/.complete"
  fi
  say "$release"
}

# collect_static RELEASE: as the site's user, into a folder that then belongs to root again.
collect_static() {
  local files=$1/var/static
  mkdir -p "$files"
  chown campaign-hub: "$files"
  (cd "$1" && as_site "$1" .venv/bin/python manage.py collectstatic --noinput --verbosity 0) >&2
  chown -R root: "$1/var"
  (cd "$files" && find . -type f ! -name staticfiles.json) >"$1/var/static.files"
}

# lend_static FROM TO: let one release also serve the static files of another, for pages that browsers and nginx still
# have. Only files that FROM collected itself: otherwise they would pile up from release to release.
lend_static() {
  tar -c -C "$1/var/static" -T "$1/var/static.files" | tar -x -C "$2/var/static" --skip-old-files
}

# migrate RELEASE: with the owner's address of the database, in a unit of its own. Its log says what went wrong.
migrate() {
  local commit=${1##*/}
  if has_systemd; then
    systemctl start "campaign-hub-migrate@$commit.service"
  else
    as_owner "$1" "$1/deploy/migrate"
  fi
}

# switch_to RELEASE: make it the current one, at a stroke; the one before becomes the previous one.
switch_to() {
  local before
  before=$(readlink -e "$current" || true)
  if [ -n "$before" ] && [ "$before" != "$1" ]; then link "$before" previous; fi
  link "$1" current
}
link() {
  ln -sfn "$1" "$base/$2.new"
  mv -T "$base/$2.new" "$base/$2"
}

# starting_units RELEASE: print the units of a release that start by themselves, one a line.
starting_units() { (cd "$1/deploy/systemd" && grep -l -d skip '^\[Install\]' campaign-hub-*.*); }
only_in() { comm -23 <(starting_units "$1") <(starting_units "$2"); }

# install_units RELEASE [BEFORE]: copy its units, remove those that only the release BEFORE has, and reload systemd.
install_units() {
  local unit
  mkdir -p "$units"
  cp -r "$1/deploy/systemd/." "$units/"
  for unit in $(only_in "${2:-$1}" "$1"); do
    ! has_systemd || systemctl stop "$unit"
    systemctl disable --quiet "$unit"
    rm "$units/$unit"
  done
  ! has_systemd || systemctl daemon-reload
}

# start_new_units RELEASE BEFORE: enable and start the units that the release BEFORE lacks.
start_new_units() {
  local unit
  for unit in $(only_in "$1" "$2"); do
    systemctl enable --quiet "$unit"
    ! has_systemd || systemctl start "$unit"
  done
}

# install_nginx RELEASE: write nginx's configuration from the release's, unless somebody has edited the one in place.
install_nginx() {
  local wanted name kept=$base/nginx.sha256
  name=$(host_name)
  wanted=$(mktemp)
  mkdir -p "$root/var/cache/nginx" # which Debian's nginx lacks
  # shellcheck disable=SC2001 # a regular expression
  sed -e "s#/etc/letsencrypt/live/campaign\.example#$(certificate "$name")#" -e "s/campaign\.example/$name/g" \
    "$1/deploy/nginx.conf" >"$wanted"
  [ -e /proc/net/if_inet6 ] || sed -i '/listen \[::\]/d' "$wanted"
  if [ -e "$nginx_conf" ] && ! sha256sum --check --status "$kept" 2>/dev/null; then
    install -m 644 "$wanted" "$nginx_conf.new"
    say "$nginx_conf has been edited, so it is left alone. This version's is $nginx_conf.new: compare them."
  else
    install -D -m 644 "$wanted" "$nginx_conf"
    sha256sum "$nginx_conf" >"$kept"
  fi
  rm "$wanted"
}

# password ROLE: the password (of the "owner" or the "site") that `install` made, or nothing for another database.
password() {
  local file=$env_file ours='postgres://campaign_hub[a-z_]*:([A-Za-z0-9_-]*)@127\.0\.0\.1:[0-9]*/campaign_hub'
  [ "$1" = site ] || file=$owner_file
  sed -nE "s#^DATABASE_URL=$ours\$#\1#p" "$file"
}

# The name of the site, and the folder of its certificate: certbot's, or else one that we have signed ourselves.
# shellcheck source=/dev/null
host_name() { (. "$env_file" && name=${SITE_URL#https://} && printf '%s' "${name%%[/:]*}"); }
certificate() {
  if [ -e "$root/etc/letsencrypt/live/$1/fullchain.pem" ]; then
    printf '%s' "/etc/letsencrypt/live/$1"
  else
    printf '%s' /etc/ssl/campaign-hub
  fi
}

# restart_all: visitors notice nothing, because the socket keeps their connections until the new process accepts them.
# The news worker may need minutes to end, as it waits for the mail server's answers; nothing need wait for it.
restart_all() {
  local unit
  has_systemd || { say "systemd isn't running here, so nothing is started."; return 0; }
  systemctl restart campaign-hub-web.service
  for unit in "${workers[@]}"; do systemctl --no-block try-restart "$unit"; done
}

# archive_folder: the folder of the archived log, or nothing.
# shellcheck source=/dev/null
archive_folder() { [ ! -e "$archive_settings" ] || (. "$archive_settings" && printf '%s' "$ARCHIVE"); }

ready() { curl -sS --max-time 10 --unix-socket "$socket" -H "Host: $(host_name)" http://localhost/readyz; }

# wait_until_ready: at most a minute. Mail that is stuck is no reason to call a release broken.
wait_until_ready() {
  local answer
  has_systemd || return 0
  for _ in $(seq 30); do
    answer=$(ready 2>/dev/null || true)
    if grep -q '"database": true' <<<"$answer" && grep -q '"migrated": true' <<<"$answer" &&
      grep -q '"hash_key": true' <<<"$answer" && grep -q '"static": true' <<<"$answer"; then
      return 0
    fi
    sleep 2
  done
  return 1
}
