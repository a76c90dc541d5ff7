# The Debian packages that Handslag needs, for Debian 12 and 13; sourced by quickstart.sh and tests/run.sh.
#
# packages_for build   what compiles and runs it
# packages_for tests   what the tests need besides
# packages_for full    what tests/run.sh --full needs besides
#
# Java and npm are taken as the machine has them, from wherever; their packages are named only when they are missing.

debian_codename() { (. /etc/os-release && printf '%s' "${VERSION_CODENAME:-unknown}"); }

packages_for() {
  local boost=libboost-locale-dev llvm=16 tcti=libtss2-tcti-swtpm0
  case "$(debian_codename)" in
    bookworm) boost="libboost1.81-dev libboost-locale1.81-dev" ;;
    trixie) llvm=19 tcti=libtss2-tcti-swtpm0t64 ;;
  esac
  case "$1" in
    build)
      printf '%s ' ca-certificates g++ cmake ninja-build ccache pkg-config gettext $boost \
        libsdl2-dev libx11-dev libimgui-dev libsqlite3-dev libhpdf-dev libqpdf-dev libssl-dev nlohmann-json3-dev \
        libtomlplusplus-dev libcli11-dev libspdlog-dev libcmark-dev libcurl4-openssl-dev libp11-dev \
        libpqxx-dev libqrencode-dev libutf8proc-dev librsvg2-dev libcairo2-dev libpng-dev libespeak-ng-dev libcups2-dev \
        fonts-noto-core icc-profiles-free ;;
    tests)
      printf '%s ' git doctest-dev libbenchmark-dev poppler-utils qpdf openssl libnss3-tools mupdf-tools \
        xvfb xauth xdotool x11-xkb-utils xserver-xorg-core xserver-xorg-video-dummy x11-xserver-utils \
        imagemagick xxd cups softhsm2 strace sway xwayland wtype \
        swtpm tpm2-tools tpm2-openssl $tcti postgresql \
        libpdfbox2-java libbcpkix-java libactivation-java libjaxb-api-java
      command -v javac >/dev/null || printf 'default-jdk-headless ' ;;
    full)
      printf '%s ' "clang-$llvm" "clang-tidy-$llvm" "libclang-rt-$llvm-dev"
      command -v npm >/dev/null || printf 'nodejs npm ' ;;
  esac
}

say() { printf '\n== %s\n' "$*"; }

# Installs those that are missing, and only then asks apt (and sudo) for anything.
install_packages() {
  local missing=() name sudo=
  for name in "$@"; do
    dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed || missing+=("$name")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  if ! command -v apt-get >/dev/null; then
    echo "Handslag builds on Debian 12 and 13. These packages are missing: ${missing[*]}" >&2
    return 1
  fi
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "Run as root, or install: ${missing[*]}" >&2; return 1; }
    sudo=sudo
  fi
  say "Installing ${#missing[@]} packages"
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
