#!/bin/sh
# Fits y = a x to five points by gradient descent, in awk; each epoch is a line on epochal's channel.
a=0
for epoch in $(seq "$EPOCHAL_EPOCHS"); do
  set -- $(awk -v a="$a" -v rate="$1" '
    { error = a * $1 - $2; loss += error * error / 5; slope += 2 * error * $1 / 5 }
    END { printf "%.17g %.17g", a - rate * slope, loss }' points.txt) "$1"
  a=$1
  echo "{\"epoch\": $epoch, \"train.loss\": $2, \"a\": $a, \"samples\": 5}" >&"$EPOCHAL_FD"
  shift 2
done
