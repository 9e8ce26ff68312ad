extension ListJSON {
    /// What `wt list --json` prints, as JSON Schema (draft 2020-12). A field that is not required is left out where there
    /// is nothing to say. New fields can come without a new version; tests hold real output against this.
    static let schema = #"""
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "wt list --json",
          "description": "Every worktree of a repository: the main one first, the others by path or as --sort says. A field that is not required is left out where there is nothing to say.",
          "type": "object",
          "additionalProperties": false,
          "required": ["version", "worktrees"],
          "properties": {
            "version": {
              "description": "Changes when a field changes its meaning or goes away.",
              "const": 1
            },
            "defaultBranch": {
              "description": "The short name of the branch that work is merged into: what refs/remotes/origin/HEAD names, else the main worktree's branch, else init.defaultBranch, main or master.",
              "type": "string"
            },
            "worktrees": {
              "type": "array",
              "items": { "$ref": "#/$defs/worktree" }
            },
            "branches": {
              "description": "With --branches: local branches that no worktree has checked out, by name.",
              "type": "array",
              "items": { "$ref": "#/$defs/branch" }
            }
          },
          "$defs": {
            "worktree": {
              "type": "object",
              "additionalProperties": false,
              "required": ["path", "isMain", "isCurrent", "isBare", "isDetached", "operations"],
              "properties": {
                "path": { "description": "Absolute.", "type": "string" },
                "branch": { "description": "The short name of the branch that is checked out.", "type": "string" },
                "commit": { "$ref": "#/$defs/commit" },
                "isMain": { "type": "boolean" },
                "isCurrent": { "description": "Whether the current directory, or that of -C, is in it.", "type": "boolean" },
                "isBare": { "description": "Whether this is a bare repository in the place of the main worktree.", "type": "boolean" },
                "isDetached": { "type": "boolean" },
                "isClean": {
                  "description": "Whether all counts of status are 0. Left out with status where the directory is gone or git cannot say.",
                  "type": "boolean"
                },
                "status": {
                  "description": "Numbers of paths, as git status counts them; an untracked directory counts once.",
                  "type": "object",
                  "additionalProperties": false,
                  "required": ["staged", "modified", "untracked", "conflicted"],
                  "properties": {
                    "staged": { "$ref": "#/$defs/count" },
                    "modified": { "$ref": "#/$defs/count" },
                    "untracked": { "$ref": "#/$defs/count" },
                    "conflicted": { "$ref": "#/$defs/count" }
                  }
                },
                "statusFailure": { "description": "Why git cannot tell the status.", "type": "string" },
                "operations": {
                  "description": "What git has begun there and waits for the user to end.",
                  "type": "array",
                  "items": { "enum": ["rebase", "am", "merge", "cherry-pick", "revert", "bisect", "notes merge"] }
                },
                "locked": { "description": "The reason of the lock, empty when none was given.", "type": "string" },
                "prunable": { "description": "Why git worktree prune would take it away, in git's words.", "type": "string" },
                "upstream": { "$ref": "#/$defs/upstream" },
                "fromDefaultBranch": { "$ref": "#/$defs/divergence" },
                "merged": { "$ref": "#/$defs/merged" },
                "cache": {
                  "description": "What its build directories take. Left out with --no-size, and where they cannot be read.",
                  "type": "object",
                  "additionalProperties": false,
                  "required": ["bytesExclusive", "bytesExclusiveIsUpperBound", "bytesTotal"],
                  "properties": {
                    "bytesExclusive": {
                      "description": "What removing the worktree would free of them: blocks of files all of whose hard links lie inside it.",
                      "$ref": "#/$defs/count"
                    },
                    "bytesExclusiveIsUpperBound": {
                      "description": "Whether the file system can share blocks between files (reflinks), so that less may be freed.",
                      "type": "boolean"
                    },
                    "bytesTotal": {
                      "description": "Bytes on disk, each file counted once, as du counts.",
                      "$ref": "#/$defs/count"
                    }
                  }
                },
                "lastUse": {
                  "description": "When it was last used, in seconds since the epoch: the latest mtime of git's files of it, its root and, without --no-size, its build directories.",
                  "type": "integer"
                }
              }
            },
            "branch": {
              "type": "object",
              "additionalProperties": false,
              "required": ["branch", "commit"],
              "properties": {
                "branch": { "description": "The short name.", "type": "string" },
                "commit": { "$ref": "#/$defs/commit" },
                "upstream": { "$ref": "#/$defs/upstream" },
                "fromDefaultBranch": { "$ref": "#/$defs/divergence" },
                "merged": { "$ref": "#/$defs/merged" }
              }
            },
            "commit": { "description": "40 hexadecimal digits, or 64.", "type": "string" },
            "count": { "type": "integer", "minimum": 0 },
            "upstream": {
              "description": "What the branch follows (branch.<name>.remote and branch.<name>.merge).",
              "type": "object",
              "additionalProperties": false,
              "required": ["name", "isGone"],
              "properties": {
                "name": { "description": "For example origin/main.", "type": "string" },
                "isGone": { "description": "Whether there is no such branch (any more).", "type": "boolean" },
                "ahead": { "$ref": "#/$defs/count" },
                "behind": { "$ref": "#/$defs/count" }
              }
            },
            "divergence": {
              "description": "How far it is from the default branch, or where that is only at a remote, from there. Left out for the default branch itself.",
              "type": "object",
              "additionalProperties": false,
              "required": ["ahead", "behind"],
              "properties": {
                "ahead": { "$ref": "#/$defs/count" },
                "behind": { "$ref": "#/$defs/count" }
              }
            },
            "merged": {
              "description": "What has all its work. Left out for the default branch itself, and where the work is nowhere else or that cannot be proven.",
              "type": "object",
              "additionalProperties": false,
              "required": ["into", "how"],
              "properties": {
                "into": { "description": "The default branch, or what that follows.", "type": "string" },
                "how": {
                  "description": "ancestor: it has the commit. sameTree: it has the same files. patches: it has each patch, rebased or picked. squashed: one commit of it is all the changes together.",
                  "enum": ["ancestor", "sameTree", "patches", "squashed"]
                }
              }
            }
          }
        }
        """#
}
