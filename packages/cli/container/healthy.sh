# Is what runs in this container ready? `sh healthy.sh PROBE…`, with the probes of healthy.js. Until it is, an answer is
# waited for, so that whoever depends on it starts at once. From then on an answer takes its time: with every question
# the engine starts processes, and nine containers that are asked every few seconds keep half a core busy.
set -eu
ready=/tmp/ready
[ ! -e "$ready" ] || { sleep 20; exec node packages/cli/container/healthy.js "$@"; }
node packages/cli/container/healthy.js --wait "$@"
: >"$ready"
