#!/usr/bin/env bash
# Others' tools against our log: litewitness (Filippo Valsorda's witness, Debian package torchwood) must cosign its heads as
# it grows, and refuse a fork of it. The tool goes into a folder of its own (dpkg -x); nothing of the machine is changed.
#
#   cargo build --release && benches/record/third-party.sh [FOLDER FOR THE TOOL]
set -euo pipefail
cd "$(dirname "$0")/../.."
truceline=${TRUCELINE:-target/release/truceline}
tools=${1:-${TMPDIR:-/tmp}/truceline-third-party}
work=$(mktemp -d)
pids=()
trap 'for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; rm -rf "$work"' EXIT

if [ ! -x "$tools/root/usr/bin/litewitness" ]; then
    mkdir -p "$tools"/{lists/partial,cache/archives/partial,root}
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
    (cd "$tools" && apt-get -c "$tools/apt.conf" download torchwood && dpkg -x torchwood_*.deb root)
fi
bin=$tools/root/usr/bin

# The witness, with a key in an agent of its own.
ssh-keygen -q -t ed25519 -N '' -f "$work/key"
ssh-agent -D -a "$work/agent" >/dev/null & pids+=($!)
for _ in $(seq 50); do [ -S "$work/agent" ] && break; sleep 0.1; done
SSH_AUTH_SOCK=$work/agent ssh-add -q "$work/key"
fingerprint=$(ssh-keygen -lf "$work/key.pub" | awk '{print $2}')
port=$((20000 + RANDOM % 20000))
"$bin/litewitness" -db "$work/w.db" -ssh-agent "$work/agent" -key "$fingerprint" -name witness.example/lite \
    -listen "127.0.0.1:$port" > "$work/litewitness.log" 2>&1 & pids+=($!)
for _ in $(seq 100); do grep -q "witness.example/lite+" "$work/litewitness.log" 2>/dev/null && break; sleep 0.1; done
vkey=$(grep -ohE 'witness\.example/lite\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+' "$work/litewitness.log" | head -1)
[ -n "$vkey" ] || vkey=$(curl -s "http://127.0.0.1:$port/" | grep -ohE 'witness\.example/lite\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+' | head -1)
[ -n "$vkey" ] || { echo "litewitness did not tell its key:"; cat "$work/litewitness.log"; exit 1; }

# Our log, which asks it at each head.
"$truceline" --quiet record init "$work/r" --origin log.example/third-party
"$bin/witnessctl" add-log -db "$work/w.db" -origin log.example/third-party
head -1 "$work/r/keys/log.pub" > "$work/ed25519.pub"
"$bin/witnessctl" add-key -db "$work/w.db" -origin log.example/third-party -key "$(cat "$work/ed25519.pub")"
sed -i '/^quorum/d' "$work/r/policy"
printf 'witness lite %s http://127.0.0.1:%s\nquorum lite\n' "$vkey" "$port" >> "$work/r/policy"

"$truceline" record checkpoint "$work/r" > "$work/head-0"
cp -r "$work/r" "$work/fork"
echo 0123456789abcdef0123 > "$work/token"
"$truceline" record serve "$work/r" --token "$work/token" --listen 127.0.0.1:0 --interval 200 > "$work/url" &
server=$!; pids+=($server)
for _ in $(seq 100); do [ -s "$work/url" ] && break; sleep 0.1; done
url=$(cat "$work/url")
cosigned=0
for more in 1 7 250 300; do
    for n in $(seq "$more"); do
        last=$(curl -sf -H "Authorization: Bearer 0123456789abcdef0123" --data-binary "$more $n" "$url/add")
    done
    for _ in $(seq 200); do
        curl -sf "$url/checkpoint" > "$work/head"
        [ "$(sed -n 2p "$work/head")" -gt "$last" ] && grep -q "witness.example/lite" "$work/head" && break
        sleep 0.1
    done
    size=$(sed -n 2p "$work/head")
    grep -q -- "— witness.example/lite " "$work/head" || { echo "not cosigned at $size:"; cat "$work/head"; exit 1; }
    [ "$size" -gt "$last" ] || { echo "no head over leaf $last"; exit 1; }
    echo "litewitness cosigned our head of $size leaves"
    cosigned=$((cosigned + 1))
done
kill "$server"; wait "$server" 2>/dev/null || true

# The same log goes on from an older copy, whose keys sign as validly: another history of the same log. Our writer asks the
# witness at the start; a writer that did not is refused by the witness.
if "$truceline" record checkpoint "$work/fork" > /dev/null 2> "$work/refused"; then
    echo "our writer went on from an old copy although its witness knows more"; exit 1
fi
echo "our writer refuses to go on from an old copy: $(head -1 "$work/refused")"
grep -v '^witness\|^quorum' "$work/fork/policy" > "$work/policy"; echo "quorum none" >> "$work/policy"
cp "$work/fork/policy" "$work/asks"; cp "$work/policy" "$work/fork/policy"
"$truceline" record serve "$work/fork" --token "$work/token" --listen 127.0.0.1:0 --interval 200 > "$work/url2" &
server=$!; pids+=($server)
for _ in $(seq 100); do [ -s "$work/url2" ] && break; sleep 0.1; done
url=$(cat "$work/url2")
while :; do
    last=$(curl -sf -H "Authorization: Bearer 0123456789abcdef0123" --data-binary "fork $RANDOM" "$url/add")
    [ "$last" -ge $((size - 1)) ] && break
done
for _ in $(seq 100); do curl -sf "$url/checkpoint" > "$work/forked"; [ "$(sed -n 2p "$work/forked")" -ge "$size" ] && break; sleep 0.1; done
status=$( { printf 'old %s\n\n' "$size"; cat "$work/forked"; } | curl -s -o "$work/said" -w '%{http_code}' --data-binary @- "http://127.0.0.1:$port/add-checkpoint")
case $status in
    409|422) echo "litewitness refuses the fork of $(sed -n 2p "$work/forked") leaves: $status" ;;
    *) echo "litewitness answered $status to a fork: $(cat "$work/said")"; exit 1 ;;
esac
echo "third parties: $cosigned heads cosigned as the log grew, one fork refused"
