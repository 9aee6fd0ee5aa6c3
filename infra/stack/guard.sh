#!/bin/sh
# Stops the servers of a local stack when the process that started them is gone, however it ended.
# Its standard input is a pipe from that process and ends with it. $1: file of lines "signal pid startedAs name".
cat > /dev/null

started_as() {
  if [ -r "/proc/$1/stat" ]; then
    set -- $(sed 's/.*) //' "/proc/$1/stat")
    [ "$1" = Z ] || echo "${20}"
  elif [ "$(uname)" != Linux ]; then
    ps -o lstart= -p "$1" | sed 's/^ *//; s/ *$//; s/ /_/g'
  fi
}

alive() { [ "$(started_as "$1")" = "$2" ]; }

while read -r signal pid started name; do
  alive "$pid" "$started" || continue
  kill -s "$signal" "$pid"
  tries=0
  while alive "$pid" "$started" && [ "$tries" -lt 75 ]; do
    sleep 0.2
    tries=$((tries + 1))
  done
  if alive "$pid" "$started"; then kill -s KILL "$pid"; fi
done < "$1"
