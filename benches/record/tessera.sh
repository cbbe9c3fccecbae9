#!/usr/bin/env bash
# Tessera's tools against our log: its hammer writes 10,000 entries to a served log and reads them at random meanwhile, its fsck
# derives the root again from what is served, and must find a flipped bit. Go and Tessera come as Debian packages,
# with what Tessera is built from, into a folder of their own (dpkg -x: 300 MB to fetch, 3 GB unpacked); nothing of the machine is changed.
#
#   cargo build --release && benches/record/tessera.sh [FOLDER FOR THE TOOLS]
set -euo pipefail
cd "$(dirname "$0")/../.."
truceline=$(realpath "${TRUCELINE:-target/release/truceline}")
tools=${1:-${TMPDIR:-/tmp}/truceline-tessera}
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

if [ ! -x "$tools/fsck" ] || [ ! -x "$tools/hammer" ]; then
    mkdir -p "$tools"/{lists/partial,cache/archives/partial,root,packages}
    tools=$(realpath "$tools")
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian sid main" \
        > "$tools/sources.list"
    cat > "$tools/apt.conf" <<CONF
Dir::State::lists "$tools/lists";
Dir::Cache "$tools/cache";
Dir::Etc::sourcelist "$tools/sources.list";
Dir::Etc::sourceparts "-";
APT::Sandbox::User "root";
CONF
    apt-get -c "$tools/apt.conf" update -q
    # All that the source of Tessera asks for; lipgloss is asked for by bubbletea, whose package does not say so.
    packages=$(apt-cache -c "$tools/apt.conf" depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks \
        --no-replaces --no-enhances golang-github-transparency-dev-tessera-dev golang-github-charmbracelet-lipgloss-dev golang-go \
        | grep -E '^golang' | sort -u)
    # shellcheck disable=SC2086
    (cd "$tools/packages" && apt-get -c "$tools/apt.conf" download -q $packages)
    for package in "$tools"/packages/*.deb; do dpkg -x "$package" "$tools/root"; done
    mkdir -p "$tools/go"
    ln -sfn "$tools/root/usr/share/gocode/src" "$tools/go/src"
    goroot=$(echo "$tools"/root/usr/lib/go-1.*)
    for tool in cmd/fsck internal/hammer; do
        GOROOT=$goroot GOPATH=$tools/go GOCACHE=$tools/cache/go GO111MODULE=off \
            "$goroot/bin/go" build -o "$tools/$(basename "$tool")" "github.com/transparency-dev/tessera/$tool"
    done
fi

fsck() { timeout 120 "$tools/fsck" -storage_url "$1" -public_key "$work/key" -N 4 -ui=false 2>&1 | cut -c1-200; }

"$truceline" --version
"$truceline" record init "$work/log" --origin example.org/hammered --alone > /dev/null
grep -m1 '^example.org/hammered+[0-9a-f]*+A' "$work/log/keys/log.pub" | tr -d '\n' > "$work/key"
head -c 24 /dev/urandom | base64 > "$work/token"
port=$((20000 + RANDOM % 20000))
"$truceline" record serve "$work/log" --listen "127.0.0.1:$port" --token "$work/token" --rate 5000 --kib 8192 \
    > "$work/serve.log" 2>&1 & server=$!
for _ in $(seq 100); do curl -sf "http://127.0.0.1:$port/checkpoint" > /dev/null && break; sleep 0.1; done
timeout 180 "$tools/hammer" -log_public_key "$(cat "$work/key")" -log_url "http://127.0.0.1:$port/" \
    -bearer_token_write "$(cat "$work/token")" -num_writers 200 -max_write_ops 600 -max_read_ops 400 \
    -leaf_write_goal 10000 -max_runtime 150s -show_ui=false -logtostderr -v=1 > "$work/hammer.log" 2>&1 \
    || { tail -5 "$work/hammer.log"; echo "the hammer failed"; exit 1; }
tail -1 "$work/hammer.log"
if grep -E '^[EF]' "$work/hammer.log"; then echo "the hammer found errors"; exit 1; fi
fsck "http://127.0.0.1:$port/" | tee "$work/served"
grep -q 'Successfully' "$work/served" || { echo "fsck does not derive the root of what is served"; exit 1; }
kill "$server"; wait "$server" 2>/dev/null || true; server=

# As a folder, whole and with one bit of one entry flipped.
fsck "file://$work/log/" > "$work/folder"
grep -q 'Successfully' "$work/folder" || { cat "$work/folder"; echo "fsck does not derive the root of the folder"; exit 1; }
python3 - "$work/log/tile/entries/007" <<'PY'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[1000] ^= 1
open(sys.argv[1], "wb").write(data)
PY
fsck "file://$work/log/" > "$work/flipped"
grep -q 'fsck failed' "$work/flipped" || { echo "fsck misses a flipped bit"; exit 1; }
echo "a flipped bit in an entry: $(grep -o 'fsck failed: failed: tile/[0-9/]*' "$work/flipped")"
