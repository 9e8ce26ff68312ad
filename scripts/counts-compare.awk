# Compares two tables of scripts/counts, says what differs by more than it may, and is a function of these two files only.
# usage: awk [-v wanted=above] -f counts-compare.awk STORED MEASURED
#
# With `wanted=above` it prints only the names of the scenarios that have a count above what it may be, a line for each.
#
# A table has these lines, in any order, and comments that begin with #:
#   SCENARIO NAME COUNT                 what was counted
#   version PROGRAM VALUE               what it was counted with
#   skipped SCENARIO WHY...             what could not be counted (in MEASURED)
# and STORED has the rules, too, with regular expressions for SCENARIOS and NAMES:
#   depends SCENARIOS NAMES PROGRAM...  counts that cannot be compared when one of these versions differs
#   tolerance NAMES PERCENT MORE        a count may be above the stored one by so much percent and so many more; the
#                                       last line that fits is the one that holds
#
# Else the status is 1 when a count is above what it may be, or a scenario is in one table only; else 3 when something was
# not compared; else 0. A count that is as far below is told, and no failure.

# Whether the counts of this name in this scenario can be compared; else `why` says why not.
function comparable(scenario, name,    d, v, parts, n) {
    for (d = 1; d <= dependences; d++) {
        n = split(dependence[d], parts, " ")
        if (scenario !~ ("^(" parts[2] ")$") || name !~ ("^(" parts[3] ")$")) continue
        for (v = 4; v <= n; v++) if (version[1, parts[v]] != version[2, parts[v]]) {
            why = parts[v] " is " told(version[2, parts[v]]) " here, and was " told(version[1, parts[v]])
            return 0
        }
    }
    return 1
}

function told(value) { return value == "" ? "unknown" : value }

# How far a count of this name may be from `stored`.
function allowance(name, stored,    t, allowed) {
    allowed = 0
    for (t = 1; t <= tolerances; t++) if (name ~ ("^(" tolerated[t] ")$")) allowed = stored * percent[t] / 100 + more[t]
    return allowed
}

function row(scenario, name, stored, now) {
    return sprintf("  %-16s %-18s %12d %12d %+12d %9s\n", scenario, name, stored, now, now - stored, \
        stored ? sprintf("%+.2f%%", 100 * (now - stored) / stored) : "new")
}

FNR == 1 { file++ }
/^[ \t]*(#|$)/ { next }
$1 == "version" { value = $0; sub(/^ *[^ ]+ +[^ ]+ */, "", value); version[file, $2] = value; next }
$1 == "depends" { if (file == 1) dependence[++dependences] = $0; next }
$1 == "tolerance" { if (file == 1) { tolerated[++tolerances] = $2; percent[tolerances] = $3; more[tolerances] = $4 }; next }
$1 == "skipped" { scenario = $2; sub(/^ *[^ ]+ +[^ ]+ */, ""); skipped[scenario] = $0; next }
NF != 3 || $3 !~ /^[0-9]+$/ { printf "not a line of such a table: %s\n", $0; wrong = 1; exit 1 }
{
    count[file, $1, $2] = $3
    has[file, $1] = 1
    if (!($1 in number)) { number[$1] = ++scenarios; scenario_of[scenarios] = $1 }
    if (!(($1, $2) in seen)) { seen[$1, $2]; names[$1] = names[$1] " " $2 }
}

END {
    if (wrong) exit 1
    for (s = 1; s <= scenarios; s++) {
        scenario = scenario_of[s]
        if (!has[2, scenario] && scenario in skipped) continue
        if (!has[2, scenario]) { missing = missing "  " scenario "\n"; continue }
        if (!has[1, scenario]) { fresh = fresh "  " scenario "\n"; continue }
        n = split(names[scenario], list, " ")
        for (i = 1; i <= n; i++) {
            name = list[i]
            if (!comparable(scenario, name)) {
                if (!(why in reasons)) { reasons[why]; others = others "  " why "\n" }
                left++
                continue
            }
            stored = count[1, scenario, name] + 0
            now = count[2, scenario, name] + 0
            allowed = allowance(name, stored)
            compared++
            if (now > stored + allowed) {
                above = above row(scenario, name, stored, now)
                if (wanted == "above" && !(scenario in listed)) { listed[scenario]; print scenario }
            }
            if (now < stored - allowed) below = below row(scenario, name, stored, now)
        }
    }
    if (wanted == "above") exit 0
    for (scenario in skipped) uncounted = uncounted "  " scenario ": " skipped[scenario] "\n"

    heading = sprintf("  %-16s %-18s %12s %12s %12s\n", "scenario", "", "stored", "now", "change")
    if (below != "") printf "below what is stored; better, so record it:\n%s%s", heading, below
    if (above != "") printf "ABOVE what is stored, by more than is tolerated:\n%s%s", heading, above
    if (fresh != "") printf "NOT STORED yet:\n%s", fresh
    if (missing != "") printf "stored, but NOT COUNTED any more:\n%s", missing
    if (uncounted != "") printf "NOT COUNTED:\n%s", uncounted
    if (others != "") printf "NOT COMPARED, %d counts, since\n%s", left, others
    printf "%d counts compared\n", compared
    if (above fresh missing != "") exit 1
    # Nothing compared is nothing shown.
    exit uncounted others != "" || !compared ? 3 : 0
}
