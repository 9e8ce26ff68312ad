# What scripts/counts counts: a line with `count` for each scenario. Sourced after counts-inputs.sh.

# count SCENARIO BEFORE [ARGUMENT...]: adds what `wt ARGUMENT...` costs, each time after the function BEFORE, to the table
# `measured`. It runs twice: under strace for its system calls, and under valgrind for its instructions in user space,
# which needs neither privileges nor counters in the processor. On one processor, so that no threads race for work and wait
# for each other.
count() {
    local scenario=$1 before=$2
    shift 2
    [[ $scenario =~ $only ]] || return 0
    say "counting $scenario"
    "$before"
    run "$scenario" strace -f -y -qq -e signal=none -o "$place/log/trace" "$place/bin/wt" "$@"
    awk -v scenario="$scenario" -f "$root/scripts/counts-calls.awk" "$place/log/trace" "$place/log/trace" >>"$measured"
    "$before"
    run "$scenario" valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null \
        --log-file="$place/log/valgrind" "$place/bin/wt" "$@"
    awk -v scenario="$scenario" '/ I +refs:/ { gsub(",", "", $NF); print scenario, "instructions", $NF }' \
        "$place/log/valgrind" >>"$measured"
}

run() {
    local scenario=$1 status=0
    shift
    hermetic taskset -c "$processor" "$@" >"$place/log/output" 2>"$place/log/errors" </dev/null || status=$?
    [ "$status" = 0 ] || {
        tail -n 30 "$place/log/errors" >&2
        fail "$scenario: status $status"
    }
}

nothing() { :; }

# The worktree `one` beside the repository `here` is not there.
without_one() {
    # What wt deletes behind it may not be gone yet.
    hermetic wt empty-trash -C "$here"
    [ ! -d "$here.one" ] || hermetic git -C "$here" worktree remove --force "$here.one"
    hermetic git -C "$here" branch --quiet -D one 2>/dev/null || true
}

# It is there, as git makes it.
cold_one() {
    without_one
    hermetic git -C "$here" worktree add --quiet -b one "$here.one"
    age "$here.one"
}

# It is there, and warm.
warm_one() {
    without_one
    hermetic wt new --quiet one -C "$here" >/dev/null
    age "$here.one"
}

# wanted SCENARIO...: whether one of these is to be counted.
wanted() {
    local scenario
    for scenario in "$@"; do
        if [[ $scenario =~ $only ]]; then return 0; fi
    done
    return 1
}

# Counts what shows worktrees, of which a repository has one and then twenty.
count_looking() {
    local n table
    count start nothing --version
    wanted list-1 list-20 complete || return 0
    make_files many 50
    here=$place/many/repository
    count list-1 nothing list -C "$here"
    for ((n = 1; n < 20; n++)); do
        hermetic git -C "$here" worktree add --quiet -b "branch-$n" "$here.$n"
        # Every second one is ahead.
        if [ $((n % 2)) = 1 ]; then
            echo "$n" >"$here.$n/d0/e0/f$n.txt"
            hermetic git -C "$here.$n" commit --quiet --all --message "$n"
        fi
        age "$here.$n"
    done
    count list-20 nothing list -C "$here"

    # The script in the shell says what it hands over at a TAB.
    table=$(hermetic bash -c 'eval "$(wt shell bash --completions)"
        command() { printf "%s" "$4" >&3; }
        __wt_complete wt b wt 3>&1')
    count complete nothing __complete bash "$table" "wt -C $here switch b" b
}

# Counts checkouts.
count_files() {
    local n
    for n in 200 2000; do
        wanted "new-files-$n" || continue
        make_files "files-$n" "$n"
        here=$place/files-$n/repository
        count "new-files-$n" without_one new --no-seed one -C "$here"
    done
}

# count_units LAYOUT SIGN SETTING...: counts what needs a build, in this layout of the build directory, which these settings
# make and the directory SIGN shows.
count_units() {
    local layout=$1 sign=$2 n scenarios
    shift 2
    for n in "$small" "$large"; do
        scenarios=("new-$layout-$n")
        [ "$layout" != legacy ] || scenarios+=("seed-$n" "rm-$n")
        [ "$layout-$n" != "legacy-$large" ] || scenarios+=("rm-wait-$n" "clean-$n")
        wanted "${scenarios[@]}" || continue
        make_registry
        make_workspace "$layout-$n" "$n" "$@"
        here=$place/$layout-$n/repository
        if ! compgen -G "$here/target/debug/$sign" >/dev/null; then
            printf "skipped %s this cargo does not make the $layout layout\n" "${scenarios[@]}" >>"$measured"
            continue
        fi
        count "new-$layout-$n" without_one new one -C "$here"
        [ "$layout" = legacy ] || continue
        count "seed-$n" cold_one seed -C "$here.one"
        count "rm-$n" warm_one rm one -C "$here"
        [ "$n" = "$large" ] || continue
        count "rm-wait-$n" warm_one rm --wait one -C "$here"
        count "clean-$n" warm_one clean --yes --wait one -C "$here"
    done
}
