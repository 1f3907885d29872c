#!/usr/bin/env bash
# The dashboard as it runs for many, tried on one machine without containers: several app processes behind nginx, with
# PostgreSQL and S3 storage as their common store (a DuckLake), and a sign-in for trying.
#
#   deploy/run-cluster.sh start [PART...]    start everything, or these parts
#   deploy/run-cluster.sh stop [PART...]     stop in order; uploads that are being accepted are finished first
#   deploy/run-cluster.sh restart [PART...]
#   deploy/run-cluster.sh kill PART...       stop without warning, as a crash would
#   deploy/run-cluster.sh status             what runs, and what each replica says of itself
#   deploy/run-cluster.sh env                the settings of a replica, for "eval" before a command line command
#   deploy/run-cluster.sh remove             stop, and delete all that was made
#
# Parts: postgres, s3, sign-in, app-1, app-2, ... , nginx. Everything listens on 127.0.0.1 only.
#
#   CLUSTER_HOME          folder for all that is made      .cluster in the project
#   CLUSTER_PORT          nginx: the address to open       8600
#   CLUSTER_APPS          how many app processes           3
#   CLUSTER_STORE         ducklake or postgres             ducklake
#   CLUSTER_PICTURES      1: pictures by Chromium in each  0
#   POSTGRES_BIN          folder of PostgreSQL's programs  looked for
# The other ports follow CLUSTER_PORT: +1, +2, ... app processes; +11 PostgreSQL, +12 S3, +13 sign-in.
#
# Needs Debian's (or Ubuntu's) postgresql and nginx, and "make setup-dev". For production see docs/DEPLOY.md.
set -euo pipefail

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
home=${CLUSTER_HOME:-$project/.cluster}
port=${CLUSTER_PORT:-8600}
apps=${CLUSTER_APPS:-3}
store=${CLUSTER_STORE:-ducklake}
python=$project/.venv/bin/python
postgres_port=$((port + 11)) s3_port=$((port + 12)) sign_in_port=$((port + 13))

# What is started here must not hold open what the caller has open, such as a lock.
for descriptor in {3..19}; do eval "exec $descriptor>&-"; done

fail() { echo "run-cluster: $*" >&2; exit 1; }

[ "$apps" -ge 1 ] 2>/dev/null && [ "$apps" -le 9 ] || fail "CLUSTER_APPS must be 1 to 9; it is “$apps”."
[ "$store" = ducklake ] || [ "$store" = postgres ] || fail "CLUSTER_STORE must be ducklake or postgres; it is “$store”."

all_parts() {
  echo postgres
  if [ "$store" = ducklake ]; then echo s3; fi
  echo sign-in
  for number in $(seq "$apps"); do echo "app-$number"; done
  echo nginx
}

# --- what is needed ---------------------------------------------------------------------------------------------------

find_programs() {
  [ -x "$python" ] || fail "there is no $python yet: run “make setup-dev” first."
  "$python" -c 'import duckdb_extension_ducklake, moto, oidc_provider_mock' 2>/dev/null ||
    fail "packages for development are missing: run “make setup-dev” first."
  nginx=$(command -v nginx || echo /usr/sbin/nginx)
  [ -x "$nginx" ] || fail "nginx is not installed. On Debian and Ubuntu: apt-get install nginx-light"
  postgres_bin=$("$python" "$project/tests/store/find_postgres.py" | sed -n 's/^PostgreSQL: //p') ||
    fail "PostgreSQL is not installed. On Debian and Ubuntu: apt-get install postgresql"
}

# PostgreSQL does not run as root: its own account does it then.
as_postgres() {
  if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

prepare() {
  find_programs
  mkdir -p "$home"
  chmod 711 "$home"
  mkdir -p -m 700 "$home/nginx" "$home/s3"
  mkdir -p -m 755 "$home/logs" "$home/pids"
  if [ "$(id -u)" = 0 ]; then
    mkdir -p -m 700 "$home/postgres"
    chown postgres "$home/postgres"
    as_postgres test -x "$home/postgres" || fail "as root, PostgreSQL runs under the account postgres, which cannot reach $home.
Name another folder: CLUSTER_HOME=/var/tmp/cluster $0 start"
  fi
  if [ ! -f "$home/settings" ]; then
    (umask 077; for name in postgres_password s3_secret cookie_secret metrics_token; do
      echo "$name=$("$python" -c 'import secrets; print(secrets.token_urlsafe(36))')"; done > "$home/settings")
  fi
  . "$home/settings"
  (umask 077; cat > "$home/secrets.toml" <<END
[auth]
redirect_uri = "http://127.0.0.1:$port/oauth2callback"
cookie_secret = "$cookie_secret"
client_id = "dashboard"
client_secret = "trial"
server_metadata_url = "http://127.0.0.1:$sign_in_port/.well-known/openid-configuration"

[access]
browsing = "open"

[[access.people]]
issuer = "http://127.0.0.1:$sign_in_port"
subject = "officer"
name = "Olu Officer"
role = "officer"
authorities = "all"

[[access.people]]
issuer = "http://127.0.0.1:$sign_in_port"
subject = "administrator"
name = "Ada Administrator"
role = "administrator"
END
  )
}

# --- processes --------------------------------------------------------------------------------------------------------

# Whether the process that was started for a part still is that one, and no other that has its number now.
is_running() {
  local pid began
  [ -f "$home/pids/$1" ] || return 1
  read -r pid began < "$home/pids/$1"
  [ -n "$began" ] && [ "$(start_of "$pid")" = "$began" ]
}

start_of() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

note_pid() { echo "$2 $(start_of "$2")" > "$home/pids/$1"; }

launch() {
  local name=$1
  shift
  setsid "$@" >> "$home/logs/$name.log" 2>&1 < /dev/null &
  note_pid "$name" $!
}

answers() { "$python" - "$1" <<'END'
import sys, urllib.request, urllib.error
try:
    urllib.request.urlopen(sys.argv[1], timeout=5).read()
except urllib.error.HTTPError as error:
    sys.exit(error.code >= 500)
except OSError:
    sys.exit(1)
END
}

wait_for() {
  local name=$1 address=$2
  for _ in $(seq 400); do
    if answers "$address"; then return; fi
    is_running "$name" || fail "$name did not start. The end of its log:
$(tail -n 15 "$home/logs/$name.log")"
    sleep 0.25
  done
  fail "$name does not answer after two minutes. Its log: $home/logs/$name.log"
}

# The settings of a replica, one NAME=value a line.
replica_settings() {
  . "$home/settings"
  local database="dbname=uploads host=127.0.0.1 port=$postgres_port user=dashboard"
  if [ "$store" = ducklake ]; then
    echo "STORE_URL=ducklake:postgres:$database (DATA_PATH 's3://uploads/store/')"
  else
    echo "STORE_URL=postgres:$database"
  fi
  echo "PGPASSWORD=$postgres_password"
  echo "AWS_ACCESS_KEY_ID=trial"
  echo "AWS_SECRET_ACCESS_KEY=$s3_secret"
  echo "AWS_ENDPOINT_URL=http://127.0.0.1:$s3_port"
  echo "AWS_REGION=us-east-1"
  echo "STREAMLIT_SECRETS_FILES=$home/secrets.toml"
  echo "CARELEAVERS_METRICS_TOKEN=$metrics_token"
  echo "CARELEAVERS_KEPT=$home/kept"
  echo "CARELEAVERS_LOG=json"
  [ "${CLUSTER_PICTURES:-0}" = 1 ] || echo "CARELEAVERS_BROWSER=none"
}

with_settings() {
  local lines
  mapfile -t lines < <(replica_settings)
  env "${lines[@]}" "$@"
}

start_postgres() {
  local data=$home/postgres/data log=$home/postgres/log
  if [ ! -f "$data/PG_VERSION" ]; then
    local file=$home/postgres/password
    . "$home/settings"
    mkdir -p -m 700 "$home/postgres"
    as_postgres bash -c "umask 077; cat > '$file'" <<< "$postgres_password"
    as_postgres "$postgres_bin/initdb" --auth=scram-sha-256 --username=dashboard --pwfile="$file" \
      --no-locale --encoding=UTF8 -D "$data" > /dev/null
    as_postgres rm "$file"
    as_postgres bash -c "cat >> '$data/postgresql.conf'" <<END
listen_addresses = '127.0.0.1'
port = $postgres_port
unix_socket_directories = ''
max_connections = 100
END
  fi
  # The port may be another one this time.
  as_postgres "$postgres_bin/pg_ctl" -D "$data" -s -w -l "$log" -o "-p $postgres_port" start ||
    fail "PostgreSQL did not start. The end of its log:
$(tail -n 15 "$log")"
  note_pid postgres "$(head -n 1 "$data/postmaster.pid")"
  . "$home/settings"
  export PGPASSWORD=$postgres_password
  local psql=("$postgres_bin/psql" -h 127.0.0.1 -p "$postgres_port" -U dashboard -d postgres -qtA)
  [ -n "$("${psql[@]}" -c "SELECT 1 FROM pg_database WHERE datname = 'uploads'")" ] ||
    "${psql[@]}" -c "CREATE DATABASE uploads"
}

start_s3() {
  . "$home/settings"
  AWS_ACCESS_KEY_ID=trial AWS_SECRET_ACCESS_KEY=$s3_secret \
    launch s3 "$python" "$project/deploy/trial_services.py" s3 "$s3_port" "$home/s3"
  wait_for s3 "http://127.0.0.1:$s3_port/"
}

start_sign_in() {
  launch sign-in "$python" "$project/deploy/trial_services.py" sign-in "$sign_in_port"
  wait_for sign-in "http://127.0.0.1:$sign_in_port/.well-known/openid-configuration"
}

start_app() {
  local number=${1#app-}
  cd "$project"
  local lines
  mapfile -t lines < <(replica_settings)
  launch "$1" env "${lines[@]}" "$project/.venv/bin/streamlit" run app.py \
    --server.address 127.0.0.1 --server.port $((port + number))
}

wait_for_app() { wait_for "$1" "http://127.0.0.1:$((port + ${1#app-}))/readyz"; }

start_nginx() {
  local folder=$home/nginx account=""
  if [ "$(id -u)" = 0 ]; then
    # Its workers give up root.
    account="user www-data;"
    chown www-data "$folder"
  fi
  {
    cat <<END
$account
pid $folder/pid;
error_log $home/logs/nginx-errors.log;
worker_processes 2;
worker_rlimit_nofile 8192;
events { worker_connections 4096; }
http {
    include $project/deploy/nginx/shared.conf;
    access_log $home/logs/nginx.log dashboard;
    client_body_temp_path $folder/body;
    proxy_temp_path $folder/proxy;
    fastcgi_temp_path $folder/fastcgi;
    scgi_temp_path $folder/scgi;
    uwsgi_temp_path $folder/uwsgi;
    proxy_cache_path $folder/cache keys_zone=dashboard_static:2m max_size=200m inactive=7d;
    upstream dashboard {
        hash \$dashboard_visitor consistent;
END
    for number in $(seq "$apps"); do
      echo "        server 127.0.0.1:$((port + number)) max_fails=2 fail_timeout=5s;"
    done
    cat <<END
        keepalive 64;
    }
    server {
        listen 127.0.0.1:$port;
        include $project/deploy/nginx/locations.conf;
    }
}
END
  } > "$folder/nginx.conf"
  "$nginx" -q -t -c "$folder/nginx.conf" -e "$home/logs/nginx-errors.log" 2>> "$home/logs/nginx-errors.log" ||
    fail "nginx refuses its configuration: $(tail -n 3 "$home/logs/nginx-errors.log")"
  launch nginx "$nginx" -c "$folder/nginx.conf" -e "$home/logs/nginx-errors.log" -g "daemon off;"
  wait_for nginx "http://127.0.0.1:$port/livez"
}

start() {
  prepare
  local waiting=() name
  for name in "$@"; do
    if is_running "$name"; then continue; fi
    case $name in
      app-1) start_app app-1; if [ $# -gt 1 ]; then wait_for_app app-1; else waiting+=(app-1); fi ;; # it makes the tables
      app-*) start_app "$name"; waiting+=("$name") ;;
      nginx) for each in "${waiting[@]}"; do wait_for_app "$each"; done; waiting=(); start_nginx ;;
      *) "start_${name//-/_}" ;;
    esac
    echo "$name started"
  done
  for name in "${waiting[@]}"; do wait_for_app "$name"; done
}

stop_one() {
  local name=$1 pid began
  is_running "$name" || return 0
  read -r pid began < "$home/pids/$name"
  case $name in
    postgres) kill -INT "$pid" ;; # "fast": open transactions are rolled back
    nginx) kill -QUIT "$pid" ;;
    *) kill -TERM "$pid" ;;
  esac
  for _ in $(seq 200); do
    if ! is_running "$name"; then rm -f "$home/pids/$name"; echo "$name stopped"; return; fi
    # nginx waits for websockets, which last as long as a page is open.
    if [ "$name" = nginx ] && [ "$_" = 20 ]; then kill -TERM "$pid"; fi
    sleep 0.2
  done
  fail "$name (process $pid) has not stopped after 40 seconds. Its log: $home/logs/$name.log"
}

kill_one() {
  local pid began
  is_running "$1" || fail "$1 is not running."
  read -r pid began < "$home/pids/$1"
  kill -KILL "$pid"
  echo "$1 killed"
}

status() {
  local name pid began said ok=0
  for name in $(all_parts); do
    if ! is_running "$name"; then echo "$name: not running"; ok=1; continue; fi
    read -r pid began < "$home/pids/$name"
    said=""
    case $name in
      app-*) said=", port $((port + ${name#app-})), $("$python" -c '
import sys, urllib.request, urllib.error
try:
    print(urllib.request.urlopen(sys.argv[1], timeout=5).read().decode().strip())
except urllib.error.HTTPError as error:
    print(error.read().decode().strip())
except OSError as error:
    print("does not answer")' "http://127.0.0.1:$((port + ${name#app-}))/readyz")" ;;
      postgres) said=", port $postgres_port" ;;
      s3) said=", port $s3_port" ;;
      sign-in) said=", port $sign_in_port" ;;
      nginx) said=", http://127.0.0.1:$port" ;;
    esac
    echo "$name: running, process $pid$said"
  done
  return $ok
}

# --- the command ------------------------------------------------------------------------------------------------------

check_parts() {
  local name parts
  # Not by a pipe into grep: it ends at the part it looks for, and on a busy machine all_parts then fails for want of a reader.
  parts=$(all_parts)
  for name in "$@"; do
    [[ $'\n'$parts$'\n' == *$'\n'"$name"$'\n'* ]] || fail "there is no part “$name”. There are: ${parts//$'\n'/ }"
  done
}

command=${1:-help}
shift || true
case $command in
  start | stop | restart) check_parts "$@"; [ $# -gt 0 ] && parts=("$@") || mapfile -t parts < <(all_parts) ;;
esac
case $command in
  start)
    start "${parts[@]}"
    echo "The dashboard: http://127.0.0.1:$port  (sign in as “officer” or “administrator” to upload). Logs: $home/logs"
    ;;
  stop) for ((i = ${#parts[@]} - 1; i >= 0; i--)); do stop_one "${parts[i]}"; done ;;
  restart)
    # One after the other, so that the others serve meanwhile.
    prepare
    for name in "${parts[@]}"; do stop_one "$name"; start "$name"; done
    ;;
  kill) [ $# -gt 0 ] || fail "name the parts to kill."; check_parts "$@"; for name in "$@"; do kill_one "$name"; done ;;
  status) status ;;
  env)
    [ -f "$home/settings" ] || fail "start the cluster first."
    replica_settings | while IFS= read -r line; do printf 'export %s=%q\n' "${line%%=*}" "${line#*=}"; done
    ;;
  remove)
    for name in $(all_parts | tac); do stop_one "$name"; done
    [ -f "$home/settings" ] || fail "$home was not made by this script."
    rm -rf "$home"
    ;;
  *) sed -n 's/^# \{0,1\}//p' "${BASH_SOURCE[0]}" | sed -n '2,26p' ;;
esac
