// Writes the manual of a wt that was built: wt.1, and a page for each command.
// usage: wt-manual <wt> <directory> <date>

import ChildProcess
import FileTree
import Foundation
import SystemPackage

let words = CommandLine.arguments.dropFirst()
guard words.count == 3 else {
    FileHandle.standardError.write(Data("usage: wt-manual <wt> <directory> <date>\n".utf8))
    exit(64)
}
let (program, directory, date) = (words[1], FilePath(words[2]), words[3])
do {
    let manual = try Manual(ofProgram: program, date: date)
    try makeDirectories(directory)
    for page in manual.pages {
        try Data(page.text.utf8).write(to: URL(fileURLWithPath: directory.appending(page.name).string))
    }
} catch {
    FileHandle.standardError.write(Data("wt-manual: \(error)\n".utf8))
    exit(1)
}
