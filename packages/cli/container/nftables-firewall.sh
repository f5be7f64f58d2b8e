# The routing firewall of the profile `nftables`: the kernel forwards what was opened from the LAN to the server, and
# drops the rest. Interfaces are found by their addresses: their names depend on the order of the networks. The rules
# are in a table of their own: flushing all rules would take away the container's name resolution.
set -eu

address_of() { set -- $(getent ahostsv4 "$1"); echo "${1:-}"; }
interface_of() { set -- $(ip -o -4 addr show to "$1/32"); echo "$2"; }
interface_towards() { set -- $(ip -o route get "$1"); echo "$3"; }

lan_address=$(address_of gateway)
lan=$(interface_of "$lan_address")

load_rules() {
  wan=$(interface_towards "$1")
  nft -f - <<RULES
table ip postern
delete table ip postern
table ip postern {
  chain to-server {
    type nat hook prerouting priority dstnat;
    iifname "$lan" ip daddr $lan_address tcp dport 8443 dnat to $1:8443
  }
  chain from-site {
    type nat hook postrouting priority srcnat;
    oifname "$wan" masquerade
  }
  chain forward {
    type filter hook forward priority filter; policy drop;
    ct state established,related counter accept
    iifname "$lan" oifname "$wan" ip daddr $1 tcp dport 8443 ct state new counter accept
    iifname "$wan" counter drop
  }
  chain input {
    type filter hook input priority filter; policy drop;
    iifname "lo" accept
    ct state established,related accept
    iifname "$wan" counter drop
  }
}
RULES
  echo "Firewall: $lan_address:8443 ($lan) leads to $1:8443 ($wan)"
}

trap 'exit 0' TERM INT
known=
while :; do
  server=$(address_of uplink || true)
  # A server that was made anew has another address.
  if [ -n "$server" ] && [ "$server" != "$known" ]; then
    load_rules "$server"
    known=$server
  fi
  sleep 2 &
  wait $!
done
