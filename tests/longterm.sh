#!/usr/bin/env bash
# The ladder as staff climb it, with a TSA, an OCSP responder and CRLs that openssl's own command line makes:
#
#   bash tests/longterm.sh BIN_DIR [OUT_DIR]
#
# For P-256 and RSA-3072: B-B -> B-T -> B-LT -> B-LTA -> renewed, each level read by handslag verify and then by everybody
# whom tests/certificates.sh asks; then servers that are down, endless or wrong, a revocation, and a renewal of the issuing
# CA. The revocation lists are published by handslag-server. OUT_DIR keeps the files.
set -euo pipefail

tests=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$(realpath "${1:?usage: longterm.sh BIN_DIR [OUT_DIR]}")
work=$(mktemp -d)
servers=()
cleanup() { [ ${#servers[@]} = 0 ] || kill "${servers[@]}" 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT
out=${2:-$work/out}
mkdir -p "$out" "$work/tsa/www"
out=$(realpath "$out")
cd "$work"
unset http_proxy HTTP_PROXY
export no_proxy=127.0.0.1

fail() { echo "longterm.sh: $*" >&2; exit 1; }
# expect CODE WORDS COMMAND...: its exit code, and words that it must say
expect() {
  local code=$1 words=$2 got=0
  shift 2
  "$@" >said 2>&1 || got=$?
  [ "$got" = "$code" ] || { cat said >&2; fail "exit $got instead of $code: $*"; }
  grep -qF -- "$words" said || { cat said >&2; fail "does not say '$words': $*"; }
}
quietly() { "$@" >said 2>&1 || { cat said >&2; fail "$*"; }; }

# --- The TSA's own PKI, made by openssl ---------------------------------------------------------------------------------
cd tsa
key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key" 2>/dev/null; }
cat >profiles.cnf <<'X'
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[tsa_certificate]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
authorityInfoAccess = OCSP;URI:http://127.0.0.1:@PORT@/ocsp
[ocsp]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = OCSPSigning
1.3.6.1.5.5.7.48.1.5 = ASN1:NULL
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
X
"$bin/tsa_server" "$PWD" >port &
servers+=($!)
for _ in $(seq 200); do [ -s port ] && break; sleep 0.1; done
port=$(cat port)
[ -n "$port" ] || fail "the test server does not start"
sed -i "s/@PORT@/$port/" profiles.cnf
here=http://127.0.0.1:$port
key ocsp-ca; openssl req -x509 -new -key ocsp-ca.key -subj '/C=SE/CN=Prov-TSA rot' -days 7300 -config profiles.cnf \
  -extensions root -out ocsp-ca.pem
issue() { # NAME PROFILE DAYS
  key "$1"
  openssl req -new -key "$1.key" -subj "/C=SE/CN=Prov $1" -config profiles.cnf -out "$1.csr"
  openssl x509 -req -in "$1.csr" -CA ocsp-ca.pem -CAkey ocsp-ca.key -CAcreateserial -extfile profiles.cnf -extensions "$2" \
    -sha256 -days "$3" -out "$1.pem" 2>/dev/null
}
issue tsa tsa_certificate 1000
issue ocsp ocsp 1000
printf 'V\t%s\t\t%s\tunknown\t/CN=tsa\n' "$(date -u -d '+1000 days' +%y%m%d%H%M%SZ)" \
  "$(openssl x509 -in tsa.pem -noout -serial | cut -d= -f2)" >index.txt
echo 01 >serial
cat >openssl.cnf <<'X'
[tsa]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
signer_key = tsa.key
certs = ocsp-ca.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
X
cd ..

# --- The municipality's CA and two seals ---------------------------------------------------------------------------------
echo 'mossa granit kajak ljung' >secret
handslag() { "$bin/handslag" "$@"; }
# The lists' address must be known before the CA is made: a port that is free now, and that nobody is given by chance.
free_port() {
  local port
  while port=$((20000 + RANDOM % 12000)); (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
  echo "$port"
}
crl_port=$(free_port)
lists=http://127.0.0.1:$crl_port/crl
quietly handslag ca create ca --municipality 'Strandköpings kommun' --number 212000-0142 --crl-base "$lists" \
  --passphrase-file secret
quietly handslag ca crl ca --passphrase-file secret
publish() { handslag_server crl publish ca; }
handslag_server() { "$bin/handslag-server" --dir town "$@"; }
expect 0 'issuing.crl: published' publish
"$bin/handslag-server" --dir town --listen 127.0.0.1 --port 0 --crl-port "$crl_port" 2>serving &
servers+=($!)
for _ in $(seq 300); do grep -q serving serving && break; sleep 0.1; done
grep -q serving serving || { cat serving >&2; fail "handslag-server does not start"; }
quietly handslag key create --name 'surfplatta A' -o p256 --passphrase-file secret
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out rsa.key 2>/dev/null
openssl req -new -key rsa.key -subj /CN=x -config tsa/profiles.cnf -out rsa.csr
for kind in p256 rsa; do
  quietly handslag ca issue ca $kind.csr --name "surfplatta $kind" --years 3 -o $kind.crt --passphrase-file secret
  quietly "$bin/seal_sample" "$out/$kind-bb.pdf" $kind.key $kind.crt "$([ $kind = rsa ] || cat secret)"
done

# --- Up the ladder ----------------------------------------------------------------------------------------------------
trust=(--trust ca/root.crt --trust-tsa tsa/ocsp-ca.pem)
extend() { handslag extend "$1" "${trust[@]}" --tsa "$here/tsa" "${@:2}"; }
verify() { expect "$1" "$2" handslag verify "${trust[@]}" "${@:3}"; }
for kind in p256 rsa; do
  verify 0 'PAdES B-B' "$out/$kind-bb.pdf"
  expect 0 'PAdES B-T' extend "$out/$kind-bb.pdf" --level T -o "$out/$kind-bt.pdf"
  expect 0 'PAdES B-LT' extend "$out/$kind-bt.pdf" --level LT -o "$out/$kind-blt.pdf"
  expect 0 'PAdES B-LTA' extend "$out/$kind-blt.pdf" -o "$out/$kind-blta.pdf"
  expect 0 'nothing to do' extend "$out/$kind-blta.pdf"
  expect 0 'nothing to do' extend "$out/$kind-blta.pdf" --level T
  expect 0 'PAdES B-LTA' extend "$out/$kind-blta.pdf" --renew -o "$out/$kind-renewed.pdf"
  verify 0 'PAdES B-T' "$out/$kind-bt.pdf"
  for level in blt blta renewed; do verify 0 'checked as of' "$out/$kind-$level.pdf"; done
  cmp -n "$(stat -c %s "$out/$kind-blta.pdf")" "$out/$kind-blta.pdf" "$out/$kind-renewed.pdf" || fail "$kind: renewing touched"
done

# --- What the others say of each level ---------------------------------------------------------------------------------
cat ca/root.crt tsa/ocsp-ca.pem >all-ca.pem
bash "$tests/certificates.sh" "$out" all-ca.pem

# --- Servers that are down, endless or wrong: a level at most, never the file --------------------------------------------
cp "$out/p256-bb.pdf" x.pdf
before=$(sha256sum <x.pdf)
try() { expect 2 "$1" handslag extend x.pdf "${trust[@]}" --tsa "$2"; }
try 'HTTP status 503' "$here/down"
try 'kB' "$here/endless"
try 'cannot be reached' http://127.0.0.1:9/
try 'not an address' file:///etc/passwd
cp ca/root.crl tsa/www/
try 'not a timestamp response' "$here/root.crl"
try '405' "$lists/root.crl"
[ "$before" = "$(sha256sum <x.pdf)" ] || fail "the file changed although no TSA answered"
expect 2 'no chain to a trusted CA' handslag extend x.pdf --trust ca/root.crt --tsa "$here/tsa" --level T
[ "$before" = "$(sha256sum <x.pdf)" ] || fail "the file changed for a TSA that nobody trusts"
mv town/crl/issuing.crl hidden.crl
expect 1 'no revocation data for' handslag extend x.pdf "${trust[@]}" --tsa "$here/moved"
verify 0 'PAdES B-T' x.pdf
expect 0 'PAdES B-LTA' handslag extend x.pdf "${trust[@]}" --tsa "$here/tsa" --crl hidden.crl
mv hidden.crl town/crl/issuing.crl

# --- Revoked afterwards: what is proven to be older stays ------------------------------------------------------------------
serial=$(openssl x509 -in p256.crt -noout -serial | cut -d= -f2 | tr 'A-F' 'a-f')
sleep 1
quietly handslag ca revoke ca "$serial" --reason key-compromise --passphrase-file secret
expect 1 'was revoked on' handslag verify "${trust[@]}" --crl ca/issuing.crl "$out/p256-bb.pdf"
expect 0 'was revoked later' handslag verify "${trust[@]}" --crl ca/issuing.crl "$out/p256-blta.pdf"
expect 0 'issuing.crl: published' publish
cp "$out/p256-bb.pdf" late.pdf
expect 1 'was revoked on' extend late.pdf  # the list is fetched from our own server now

# --- The issuing CA is renewed: with its key, and with a new one ------------------------------------------------------------
mkdir safe
mv ca/root.key safe/
expect 0 'renewed for 10 years' handslag ca renew-issuing ca --root-key safe/root.key --passphrase-file secret
expect 0 'renewed for 9 years' handslag ca renew-issuing ca --root-key safe/root.key --years 9 --new-key --passphrase-file secret
quietly handslag ca issue ca p256.csr --name 'surfplatta ny' --years 3 -o new.crt --passphrase-file secret
quietly "$bin/seal_sample" new.pdf p256.key new.crt "$(cat secret)"
quietly handslag ca crl ca --passphrase-file secret
expect 0 'issuing-2.crl: published' publish
expect 0 'PAdES B-LTA' extend new.pdf
verify 0 'checked as of' new.pdf "$out/rsa-blta.pdf"
expect 0 'issuing-2.crl: lasts until' handslag ca crl ca --days 2 --passphrase-file secret
expect 0 'EXPIRES SOON' handslag ca show ca
expect 0 'REVOKED' handslag ca show ca
echo "longterm.sh: all levels, P-256 and RSA-3072"
