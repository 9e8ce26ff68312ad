# From what `strace -f -y` writes to what scripts/counts compares: a line "SCENARIO NAME COUNT" for each system call that wt
# makes, in all threads and in children that have not started another program yet; one with "calls" for their sum; and
# one with "starts:PROGRAM" for each program that it starts. What such a program does is not counted, since its version
# decides that. A second wt, which deletes behind the first, counts as such a program. Left out is how often wt asks pipes
# for what programs print: it depends on when they print it, and was what differed from run to run.
# usage: awk -v scenario=NAME -f counts-calls.awk TRACE TRACE      (it is read twice)

{
    pid = $1
    sub(/^[0-9]+ +/, "")
}

# First, who was made by whom: a child can be at work before the call that made it has returned.
NR == FNR {
    if (/^(<\.\.\. )?(clone3?|v?fork)[ (].* = [0-9]+$/) maker[$NF] = pid
    next
}

!(pid in owner) { owner[pid] = pid in maker ? owner[maker[pid]] : "wt" }

/^(poll|(read|ioctl)\([0-9]+<pipe:)/ { next }

/^[a-z_0-9]+\(/ && owner[pid] == "wt" {
    name = $0
    sub(/\(.*/, "", name)
    count[name]++
    count["calls"]++
}

/^execve\(/ {
    split($0, part, "\"")
    path[pid] = part[2]
}

# A program was started. The first one is wt itself, which strace starts.
/^(execve\(|<\.\.\. execve resumed).* = 0$/ {
    name = path[pid]
    sub(/.*\//, "", name)
    if (name == "exe") name = "wt"
    if (started++) {
        if (owner[pid] == "wt") count["starts:" name]++
        owner[pid] = "another"
    }
}

END { for (name in count) print scenario, name, count[name] }
