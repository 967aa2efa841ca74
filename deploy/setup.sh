#!/bin/sh
# Installs what the course needs and does not find, and says so before doing it.
#
#   setup.sh python LOCK   .venv with the packages of LOCK and this repository
#   setup.sh broker        a RabbitMQ, unless one already serves
#   setup.sh programs      the programs that the tests drive
#   setup.sh env           .env with the password of the compose broker
#   setup.sh moved         forgets what was installed for another folder
set -eu
cd "$(dirname "$0")/.."

say() { printf '→ %s\n' "$*"; }
fail() { printf '\n%s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif [ -t 0 ]; then sudo "$@"
    else sudo -n "$@"  # nobody is there to type a password
    fi
}

may_install() {
    has apt-get || return 1
    [ "$(id -u)" != 0 ] || return 0
    has sudo && { [ -t 0 ] || sudo -n true 2>/dev/null; }
}

apt_install() {
    may_install || return 1
    if [ "$(id -u)" = 0 ]; then say "J’installe par apt : $*"
    else say "J’installe par « sudo apt-get » : $*"
    fi
    [ -n "${apt_updated:-}" ] || as_root apt-get update -qq && apt_updated=yes
    if output=$(as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -qq -y --no-install-recommends "$@" 2>&1); then return; fi
    printf '%s\n' "$output" >&2
    return 1
}

# Debian starts a server as soon as it is installed; the course starts its own, private ones.
leave_stopped() {
    [ ! -d /run/systemd/system ] || as_root systemctl disable --quiet --now "$1"
}

find_python() {
    for python in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if has "$python" && "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            return
        fi
    done
    fail "Il faut Python 3.11 ou plus récent ; je n’en trouve pas.
Installez-le, ou donnez-en le chemin : make lab PYTHON=/chemin/vers/python3.12"
}

# A company's proxy that signs for itself has put its certificate among the system's.
trust_system_certificates() {
    export UV_SYSTEM_CERTS=1
    bundle=/etc/ssl/certs/ca-certificates.crt
    [ -n "${PIP_CERT:-}" ] || [ ! -e "$bundle" ] || export PIP_CERT=$bundle
}

# What pip would say of `index-url`: its variables and files, the last of which wins.
pip_says() {
    .venv/bin/python -m pip config list 2>/dev/null |
        sed -n "s/^\(global\|install\|:env:\)\.$1='\(.*\)'\$/\2/p" | tail -n 1 | sed 's/\\n/ /g'
}

# uv reads neither pip's variables nor its files; a company's mirror is often nowhere else.
use_pip_indexes() {
    index=$(pip_says index-url) extra=$(usable $(pip_says extra-index-url))
    trusted=$(pip_says trusted-host)
    [ -z "$index" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$index}"
    [ -z "$trusted" ] || export UV_INSECURE_HOST="${UV_INSECURE_HOST:-$trusted}"
    # Of several indexes pip takes the best version, uv the first that knows the name.
    [ -z "$extra" ] || export UV_INDEX="${UV_INDEX:-$extra}" UV_INDEX_STRATEGY=unsafe-best-match
}

# pip passes over a folder that is not there; uv stops.
usable() {
    for url; do
        case $url in file://*) [ -d "${url#file://}" ] || continue ;; esac
        printf '%s ' "$url"
    done
}

# Scripts and the course's own path name the folder that .venv was made in.
is_elsewheres() {
    made=$(sed -n 's/^command = .* //p' .venv/pyvenv.cfg 2>/dev/null)
    [ -n "$made" ] && [ "$made" != "$PWD/.venv" ]
}

forget_elsewheres() {
    ! is_elsewheres || rm -f .venv/.lab .venv/.test
}

install_python() {
    find_python
    if is_elsewheres; then
        say "Ce dossier a été copié ou déplacé : je refais son environnement Python .venv."
        rm -rf .venv
    fi
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        also=""
        rabbitmq_anywhere || also=" Il manquera aussi RabbitMQ : installez rabbitmq-server."
        apt_install "$package" ||
            fail "Il manque à $python le module « venv » : installez $package.$also"
    fi
    trust_system_certificates
    if [ ! -x .venv/bin/uv ]; then
        say "Je crée l’environnement Python .venv (une seule fois)."
        "$python" -m venv .venv
        .venv/bin/python -m pip install --quiet --disable-pip-version-check uv
    fi
    say "J’installe les paquets Python de $1."
    use_pip_indexes
    export UV_PYTHON=.venv/bin/python
    .venv/bin/uv pip install --quiet --compile-bytecode --requirement "$1"
    .venv/bin/uv pip install --quiet --no-deps --editable .
    mkdir -p .venv/etc/jupyter/labconfig
    cp deploy/page_config.json .venv/etc/jupyter/labconfig/ # asks nobody about Jupyter's news
}

rabbitmq_anywhere() {
    [ -n "${RABBITMQ_URL:-}" ] || has rabbitmq-server || [ -d /usr/lib/rabbitmq/lib ] || has docker
}

rabbitmq_installed() {
    .venv/bin/python -c 'import sys
from workbook.broker.installation import find_installation
sys.exit(find_installation() is None)'
}

docker_answers() { has docker && docker compose version >/dev/null 2>&1 && docker info >/dev/null 2>&1; }

compose_broker_runs() {
    [ -e .env ] && docker_answers && [ -n "$(docker compose ps --status running -q rabbitmq)" ]
}

mark() { ! has "$1" || printf '  ← présent sur cette machine'; }

install_broker() {
    if [ -n "${RABBITMQ_URL:-}" ] || rabbitmq_installed || compose_broker_runs; then return; fi
    if apt_install rabbitmq-server; then leave_stopped rabbitmq-server; return; fi
    if docker_answers; then
        say "Docker répond : RabbitMQ sera son conteneur."
        [ -e .env ] || write_env
        docker compose up --detach --wait rabbitmq && return
    fi
    fail "Il manque RabbitMQ, et je ne peux pas l’installer ici par apt. Trois voies, au choix :
  conda     conda env create -f environment.yml && conda activate workbook$(mark conda)
  Homebrew  brew install rabbitmq$(mark brew)
  Docker    make env && docker compose up -d --wait rabbitmq$(mark docker)
Puis relancez la même commande."
}

install_programs() {
    # One package at a time: what one distribution lacks must not cost the others.
    for package in $(.venv/bin/python tests/programs.py); do
        if apt_install "$package"; then
            case $package in
                rabbitmq-server | postgresql | prometheus) leave_stopped "$package" ;;
                nginx-light) leave_stopped nginx ;;
            esac
        else
            say "Je ne peux pas installer $package ici : ses tests seront nommés à la fin."
        fi
    done
}

write_env() {
    [ ! -e .env ] || { say "Le fichier .env existe déjà, je n’y touche pas."; return; }
    (
        umask 077
        password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
        printf 'RABBITMQ_PASSWORD=%s\nCOURSE_UID=%s\nCOURSE_GID=%s\n' \
            "$password" "$(id -u)" "$(id -g)" >.env
    )
    if has docker && docker volume inspect workbook_rabbitmq-data >/dev/null 2>&1; then
        say "Docker garde déjà un RabbitMQ du cours, dont le mot de passe est celui d’un autre .env :
  recopiez ici cet autre fichier, ou repartez de rien par « docker compose down -v »."
    fi
    say "J’ai écrit .env (mot de passe de RabbitMQ, lisible par vous seul)."
}

case ${1:-} in
    python) install_python "$2" ;;
    broker) install_broker ;;
    programs) install_programs ;;
    env) write_env ;;
    moved) forget_elsewheres ;;
    *) fail "Usage : setup.sh python LOCK | broker | programs | env | moved" ;;
esac
