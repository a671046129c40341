# A cluster of real processes on this machine; read by the launcher. Nothing is started again by itself.
# State: $cluster/id, $cluster/node-N/{settings,pid,node.log,data}.

cluster=${JOFKA_CLUSTER:-$home/.jofka/cluster}

# One launcher at a time changes a cluster: two would start the same nodes twice. The lock names its holder, so that one
# that was left by a launcher that was killed is taken over.
lock_cluster() {
  mkdir -p "$(dirname "$cluster")"
  tries=0
  until mkdir "$cluster.lock" 2>/dev/null; do
    holder=$(cat "$cluster.lock/pid" 2>/dev/null || true)
    if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null; then
      rm -rf "$cluster.lock"
      continue
    fi
    tries=$((tries + 1))
    [ "$tries" -lt 50 ] || die "another launcher (pid ${holder:-unknown}) works on the cluster in $cluster; wait for it, or remove $cluster.lock if there is none"
    sleep 0.1
  done
  printf '%s\n' "$$" >"$cluster.lock/pid"
  trap 'rm -rf "$cluster.lock"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

node_folder() {
  [ -d "$cluster" ] || die "there is no cluster in $cluster; ./jofka up --nodes 3 makes one"
  case $1 in ''|*[!0-9]*) die "'$1' is not a node id" ;; esac
  [ -f "$cluster/node-$1/settings" ] || die "there is no node $1; the nodes are: $(node_ids | tr '\n' ' ')"
  printf '%s\n' "$cluster/node-$1"
}

node_ids() {
  for folder in "$cluster"/node-*; do
    [ ! -f "$folder/settings" ] || printf '%s\n' "${folder##*/node-}"
  done | sort -n
}

# When the process was started, so that a pid which the system has given to another process is never signalled.
started_at() { ps -o lstart= -p "$1" 2>/dev/null | tr -s ' ' '_'; }

# Prints the pid of node $1 while it lives.
node_pid() {
  [ -r "$cluster/node-$1/pid" ] || return 0
  read -r pid began <"$cluster/node-$1/pid"
  if [ -n "$began" ] && [ "$(started_at "$pid")" = "$began" ]; then printf '%s\n' "$pid"; fi
}

setting() { sed -n "s/^-D$2=//p" "$cluster/node-$1/settings" | tail -n 1; }

node_state() {
  pid=$(node_pid "$1")
  if [ -z "$pid" ]; then printf 'down\n'; return 0; fi
  case $(ps -o stat= -p "$pid" 2>/dev/null) in T*) printf 'paused\n'; return 0 ;; esac
  if curl -sf --max-time 1 -o /dev/null "http://127.0.0.1:$(setting "$1" server.port)/health/ready" 2>/dev/null; then
    printf 'ready\n'
  else
    printf 'starting\n'
  fi
}

start_node() {
  folder=$(node_folder "$1") || exit 1
  [ -z "$(node_pid "$1")" ] || die "node $1 runs already (pid $(node_pid "$1"))"
  cache=
  [ ! -f "$dist/node.aot" ] || cache="-XX:AOTCache=$dist/node.aot -Xlog:disable -Xlog:all=error:stderr"
  # shellcheck disable=SC2046,SC2086
  (cd "$folder" && exec setsid nohup "$JAVA_HOME/bin/java" $cache $(jvm_options) ${JOFKA_OPTS:-} \
      $(cat "$folder/settings") -jar "$dist/jofka-node.jar" >>"$folder/node.log" 2>&1 </dev/null) &
  pid=$!
  printf '%s %s\n' "$pid" "$(started_at "$pid")" >"$folder/pid"
}

# Whether somebody listens at a port of this machine (7: the connection was refused).
port_taken() {
  code=0
  curl -s --max-time 1 -o /dev/null "http://127.0.0.1:$1/" 2>/dev/null || code=$?
  [ "$code" -ne 7 ]
}

# A port that another program has is told before anything is started.
check_ports() {
  taken=
  for id in "$@"; do
    peer=$(setting "$id" jofka.peer.port)
    for port in "$(setting "$id" server.port)" "$(setting "$id" jofka.kafka.port)" "$peer" $((peer + 1)); do
      if port_taken "$port"; then taken="$taken $port (node $id)"; fi
    done
  done
  [ -z "$taken" ] || die "these ports are taken by other programs:$taken.
       ./jofka up --rest-port, --kafka-port and --peer-port choose others for a new cluster (./jofka down --wipe removes this one)"
}

# Waits until all nodes given are ready; says why when one has ended.
await_ready() {
  tries=0
  for id in "$@"; do
    while [ "$(node_state "$id")" != ready ]; do
      [ -n "$(node_pid "$id")" ] || {
        tail -n 5 "$cluster/node-$id/node.log" >&2
        die "node $id has ended; its whole log is $cluster/node-$id/node.log"
      }
      tries=$((tries + 1))
      [ "$tries" -lt 1800 ] || die "node $id is not ready after three minutes; see $cluster/node-$id/node.log"
      sleep 0.1
    done
  done
}

signal_node() {
  pid=$(node_pid "$2")
  [ -n "$pid" ] || die "node $2 does not run"
  kill -"$1" "$pid" || die "node $2 (pid $pid) cannot be signalled"
}

stop_node() {
  pid=$(node_pid "$1")
  if [ -z "$pid" ]; then say "node $1 does not run"; return 0; fi
  kill -CONT "$pid" 2>/dev/null || true
  kill -TERM "$pid" 2>/dev/null || true
  tries=0
  while [ -n "$(node_pid "$1")" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || die "node $1 (pid $pid) does not end; ./jofka kill $1 ends it at once, nothing acknowledged is lost"
    sleep 0.1
  done
}

print_status() {
  printf '%-5s %-11s %-9s %-8s %-24s %s\n' node role state pid rest kafka
  for id in $(node_ids); do
    pid=$(node_pid "$id")
    printf '%-5s %-11s %-9s %-8s %-24s %s\n' "$id" "$(setting "$id" server.roles)" "$(node_state "$id")" "${pid:--}" \
        "http://127.0.0.1:$(setting "$id" server.port)" "127.0.0.1:$(setting "$id" jofka.kafka.port)"
  done
}

# Writes the settings of one node: id, role, its place (for the ports), peers, more settings.
write_node() {
  folder="$cluster/node-$1"
  mkdir -p "$folder"
  {
    printf -- '-Dserver.node-id=%s\n-Dserver.roles=%s\n' "$1" "$2"
    printf -- '-Dserver.port=%s\n' $((base + 10 * $3))
    printf -- '-Djofka.kafka.port=%s\n' $((kafka_base + 10 * $3))
    printf -- '-Djofka.peer.port=%s\n' $((peer_base + 10 * $3))
    printf -- '-Dserver.cluster.peers=%s\n-Djofka.cluster.id=%s\n' "$4" "$(cat "$cluster/id")"
    printf -- '-Djofka.data-dir=%s/data\n' "$folder"
    [ -z "$5" ] || printf '%s\n' "$5" | tr ' ' '\n'
  } >"$folder/settings"
}

# Makes the nodes of a new cluster; $1 nodes with both roles, or $2 controllers and $3 brokers.
make_cluster() {
  mkdir -p "$cluster"
  printf 'local-%s\n' "$(od -An -N6 -tx1 /dev/urandom | tr -d ' \n')" >"$cluster/id"
  voters=$1
  first=1
  role=both
  if [ "$1" = 0 ]; then voters=$2 first=101 role=controller; fi
  case $voters in 1|3|5) ;; *) die "a cluster has 1, 3 or 5 controllers, not $voters" ;; esac
  peers=
  place=0
  while [ "$place" -lt "$voters" ]; do
    peers="$peers${peers:+,}$((first + place))@127.0.0.1:$((peer_base + 10 * place))"
    place=$((place + 1))
  done
  place=0
  while [ "$place" -lt "$voters" ]; do
    write_node $((first + place)) "$role" "$place" "$peers" "$4"
    place=$((place + 1))
  done
  broker=1
  while [ "$1" = 0 ] && [ "$broker" -le "$3" ]; do
    write_node "$broker" broker "$place" "$peers" "$4"
    place=$((place + 1)) broker=$((broker + 1))
  done
}

up_cluster() {
  nodes=0 controllers=0 brokers=0 more=
  base=8080 kafka_base=9092 peer_base=9190
  while [ $# -gt 0 ]; do
    case $1 in
      --nodes|--controllers|--brokers)
        case ${2:-} in ''|*[!0-9]*|0) die "$1 needs a number" ;; esac
        case $1 in --nodes) nodes=$2 ;; --controllers) controllers=$2 ;; --brokers) brokers=$2 ;; esac
        shift 2 ;;
      --rest-port|--kafka-port|--peer-port)
        case ${2:-} in ''|*[!0-9]*|0) die "$1 needs a port" ;; esac
        [ "$2" -le 65000 ] || die "$1 must be at most 65000, since every node takes the next ten"
        case $1 in --rest-port) base=$2 ;; --kafka-port) kafka_base=$2 ;; --peer-port) peer_base=$2 ;; esac
        shift 2 ;;
      *=*) more="$more${more:+ }-D$1"; shift ;;
      *) usage >&2; die "'$1' is neither an option nor of the form key=value" ;;
    esac
  done
  if [ "$nodes" -gt 0 ] && [ $((controllers + brokers)) -gt 0 ]; then die "--nodes does not go with --controllers and --brokers"; fi
  if [ "$nodes" = 0 ] && { [ "$controllers" = 0 ] || [ "$brokers" = 0 ]; }; then die "--controllers and --brokers go together"; fi
  if [ -f "$cluster/id" ]; then
    have=$(node_ids | wc -l)
    want=$((nodes + controllers + brokers))
    [ "$have" -eq "$want" ] || die "the cluster in $cluster has $have nodes, not $want; ./jofka down --wipe removes it"
    [ -z "$more" ] && [ "$base $kafka_base $peer_base" = "8080 9092 9190" ] ||
      say "note: the cluster exists; settings and ports are those of its first start"
  else
    make_cluster "$nodes" "$controllers" "$brokers" "$more"
  fi
  JOFKA_HEAP=${JOFKA_HEAP:-512m}
  missing=
  for id in $(node_ids); do [ -n "$(node_pid "$id")" ] || missing="$missing $id"; done
  # shellcheck disable=SC2086
  check_ports $missing
  for id in $missing; do start_node "$id"; done
  # shellcheck disable=SC2046
  await_ready $(node_ids)
  print_status
}

down_cluster() {
  [ -f "$cluster/id" ] || die "there is no cluster in $cluster"
  # all are told at once: who is last has nobody to hand over to
  for id in $(node_ids); do
    pid=$(node_pid "$id")
    [ -z "$pid" ] || { kill -CONT "$pid"; kill -TERM "$pid"; } 2>/dev/null || true
  done
  for id in $(node_ids); do [ -z "$(node_pid "$id")" ] || stop_node "$id"; done
  case ${1:-} in
    '') ;;
    --wipe) rm -rf "$cluster" ;;
    *) die "'$1' is not an option of down" ;;
  esac
}

cluster_command() {
  verb=$1
  shift
  [ "$verb" = status ] || lock_cluster
  case $verb in
    status) [ -f "$cluster/id" ] || die "there is no cluster in $cluster; ./jofka up --nodes 3 makes one"; print_status ;;
    down) down_cluster "$@" ;;
    stop)
      if [ $# -eq 0 ]; then down_cluster; else node_folder "$1" >/dev/null; stop_node "$1"; fi ;;
    start) node_folder "${1:-}" >/dev/null; start_node "$1"; await_ready "$1" ;;
    restart) node_folder "${1:-}" >/dev/null; stop_node "$1"; start_node "$1"; await_ready "$1" ;;
    kill) node_folder "${1:-}" >/dev/null; signal_node KILL "$1" ;;
    pause) node_folder "${1:-}" >/dev/null; signal_node STOP "$1" ;;
    resume) node_folder "${1:-}" >/dev/null; signal_node CONT "$1" ;;
  esac
}
