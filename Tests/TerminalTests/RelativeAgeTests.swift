import ChildProcess
import Terminal
import Testing

struct RelativeAgeTests {
    @Test(
        arguments: [
            (-1, "in the future"), (0, "0 seconds ago"), (1, "1 second ago"), (3 * 3600, "3 hours ago"),
            (2 * 86_400, "2 days ago"), (Int64.max, "292471208678 years ago"), (Int64.min, "in the future"),
        ] as [(Int64, String)])
    func words(_ seconds: Int64, _ text: String) {
        #expect(RelativeAge(seconds: seconds).description == text)
    }

    @Test func fromTwoTimes() {
        #expect(RelativeAge(of: 1000, at: 1060).seconds == 60)
        #expect(RelativeAge(of: .min, at: 1).seconds == .max)
        #expect(RelativeAge(of: .max, at: -2).seconds == .min)
    }

    /// Around every threshold of `show_date_relative`, the words are those of the installed git.
    @Test func asGitSaysIt() throws {
        let minute = 60
        let hour = 60 * minute
        let day = 24 * hour
        let edges = [
            0, 1, 2, 89, 90, 91, 119, 149, 150, 89 * minute, 89 * minute + 29, 89 * minute + 30, 90 * minute,
            2 * hour + 29 * minute, 2 * hour + 30 * minute, 35 * hour, 35 * hour + 29 * minute + 29,
            35 * hour + 29 * minute + 30, 36 * hour, 13 * day, 13 * day + 11 * hour, 13 * day + 12 * hour, 14 * day,
            17 * day, 18 * day, 69 * day, 70 * day, 74 * day, 75 * day, 364 * day, 365 * day, 379 * day, 380 * day,
            381 * day, 396 * day, 729 * day, 730 * day, 1000 * day, 1824 * day, 1825 * day, 2007 * day, 2008 * day,
            10_000 * day,
        ]
        let then = 1_000_000_000
        let repository = try run("mktemp", ["-d"])
        defer { _ = try? run("rm", ["-r", repository]) }
        _ = try run("git", ["-C", repository, "init", "--quiet"])
        _ = try run(
            "git",
            [
                "-C", repository, "-c", "user.name=n", "-c", "user.email=e", "commit", "--quiet", "--allow-empty",
                "--message=m",
            ],
            ["GIT_COMMITTER_DATE": "\(then) +0000"])
        for age in edges {
            // git's own tests set its clock by this variable (`get_time` in date.c).
            let words = try run(
                "git", ["-C", repository, "log", "-1", "--format=%cr"], ["GIT_TEST_DATE_NOW": "\(then + age)"])
            #expect(RelativeAge(seconds: Int64(age)).description == words, "\(age) seconds")
        }
    }
}

/// The first line of what a program prints.
private func run(_ program: String, _ arguments: [String], _ extra: [String: String] = [:]) throws -> String {
    let environment = [
        "PATH": "/usr/local/bin:/usr/bin:/bin", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null",
    ].merging(extra) { $1 }
    let outcome = try ChildProcess(program, arguments, environment: environment).run()
    try #require(outcome.status == 0, "\(program) \(arguments): \(outcome.errorText)")
    return String(outcome.text.prefix { $0 != "\n" })
}
