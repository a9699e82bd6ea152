#!/bin/sh
# Starts Prometheus with ops/prometheus.yml and what the environment says. Prometheus expands no variables in its
# configuration, so a copy is written with them. Arguments go to Prometheus: --storage.tsdb.path=… and the like.
#
#   GUILDWIRE_WORKER_TARGET, GUILDWIRE_HUB_TARGET   host:port; worker:3001 and hub:3000 without
#   PROMETHEUS_ENVIRONMENT                          the label `environment`; production without
#   PROMETHEUS_REMOTE_WRITE_URL                     where samples are sent besides; nowhere without
#   PROMETHEUS_REMOTE_WRITE_USERNAME, _PASSWORD     for basic authentication
#   PROMETHEUS_REMOTE_WRITE_TOKEN                   for a bearer token, instead
#   PROMETHEUS_ALERTMANAGER_TARGET                  host:port of an Alertmanager; none without
#
# Plain sh without anything but cat, sed, cp and rm: the image of Prometheus has no more.
set -eu
# The copy and the secrets beside it are for this user alone.
umask 077
here=$(cd "$(dirname "$0")" && pwd)
# systemd makes a directory and removes it again where the unit says RuntimeDirectory=.
written=${RUNTIME_DIRECTORY:-$(mktemp -d)}
rm -f "$written/token" "$written/password"
config="$written/prometheus.yml"

refuse() {
  echo "prometheus.sh: $1" >&2
  exit 78
}

# A word for YAML and for sed: nothing that means something to either.
plain() {
  case "$2" in
    "" | *[!A-Za-z0-9._:/-]*) refuse "$1 may have letters, digits and . _ : / - only" ;;
  esac
  printf %s "$2"
}

quoted() {
  printf "'%s'" "$(printf %s "$1" | sed "s/'/''/g")"
}

worker=$(plain GUILDWIRE_WORKER_TARGET "${GUILDWIRE_WORKER_TARGET:-worker:3001}")
hub=$(plain GUILDWIRE_HUB_TARGET "${GUILDWIRE_HUB_TARGET:-hub:3000}")
environment=$(plain PROMETHEUS_ENVIRONMENT "${PROMETHEUS_ENVIRONMENT:-production}")

cp "$here/alerts.yml" "$written/alerts.yml"
sed -e "s|\"worker:3001\"|\"$worker\"|" -e "s|\"hub:3000\"|\"$hub\"|" \
  -e "s|^    environment: .*|    environment: $environment|" "$here/prometheus.yml" >"$config"

if [ -n "${PROMETHEUS_ALERTMANAGER_TARGET:-}" ]; then
  alertmanager=$(plain PROMETHEUS_ALERTMANAGER_TARGET "$PROMETHEUS_ALERTMANAGER_TARGET")
  cat >>"$config" <<YAML

alerting:
  alertmanagers:
    - static_configs:
        - targets: ["$alertmanager"]
YAML
fi

if [ -n "${PROMETHEUS_REMOTE_WRITE_URL:-}" ]; then
  cat >>"$config" <<YAML

remote_write:
  - url: $(quoted "$PROMETHEUS_REMOTE_WRITE_URL")
YAML
  if [ -n "${PROMETHEUS_REMOTE_WRITE_TOKEN:-}" ]; then
    printf %s "$PROMETHEUS_REMOTE_WRITE_TOKEN" >"$written/token"
    cat >>"$config" <<YAML
    authorization:
      credentials_file: $(quoted "$written/token")
YAML
  elif [ -n "${PROMETHEUS_REMOTE_WRITE_USERNAME:-}" ]; then
    printf %s "${PROMETHEUS_REMOTE_WRITE_PASSWORD:-}" >"$written/password"
    cat >>"$config" <<YAML
    basic_auth:
      username: $(quoted "$PROMETHEUS_REMOTE_WRITE_USERNAME")
      password_file: $(quoted "$written/password")
YAML
  fi
fi

# What is running needs no secret in its environment.
unset PROMETHEUS_REMOTE_WRITE_TOKEN PROMETHEUS_REMOTE_WRITE_PASSWORD
exec prometheus --config.file="$config" "$@"
