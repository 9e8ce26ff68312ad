# Of two tables of scripts/counts, the least of each count, in the order of the second. A scenario that is only in the
# second stays as it is; what one of the two did not count is 0 there, which is left out.
# usage: awk -f counts-least.awk AGAIN COUNTED

FNR == 1 { file++ }
$1 == "version" || $1 == "skipped" { if (file == 2) print; next }
file == 1 { again[$1]; count[$1, $2] = $3; next }
!($1 in again) { print; next }
($1, $2) in count { print $1, $2, count[$1, $2] + 0 < $3 + 0 ? count[$1, $2] : $3 }
