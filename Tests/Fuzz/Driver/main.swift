import CLibFuzzer
import Glibc

// WT_FUZZ_TARGET=<target> wt-fuzz [libFuzzer's arguments], or alone for the names of all targets. Not an argument, since
// libFuzzer starts itself again in some of its modes, with arguments of its own.
guard let name = getenv("WT_FUZZ_TARGET") else {
    for target in FuzzTarget.all { print(target.name) }
    exit(0)
}
guard ChosenTarget.choose(String(cString: name)) else {
    print("there is no target \(String(cString: name))")
    exit(64)
}
var (count, arguments) = (CommandLine.argc, CommandLine.unsafeArgv)
exit(LLVMFuzzerRunDriver(&count, &arguments, giveBytes))
