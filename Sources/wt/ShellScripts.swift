// bash 3.2, which macOS has, knows neither BASHPID nor `local -`; there RANDOM starts anew in each subshell.
//
// `builtin cd`, since others define functions of that name. Nothing here is evaluated twice: a path is data. Errors are
// caught (`||`), so that a shell with `set -e` lives on. What is there before wt runs, or is not the user's own, was
// written by somebody else, and neither obeyed nor removed.
let posixFunction = #"""
    function wt {
        local wt_file wt_go wt_before=$PWD wt_status=0
        if [ -O "${XDG_RUNTIME_DIR-}" ] && [ -w "$XDG_RUNTIME_DIR" ]; then
            wt_file=$XDG_RUNTIME_DIR
        else
            wt_file=$HOME/.cache
        fi
        wt_file=$wt_file/wt-go.WT_PROCESS.$RANDOM$RANDOM$RANDOM
        if [ -e "$wt_file" ] || [ -h "$wt_file" ]; then
            WT_PROGRAM "$@"
            return
        fi
        WT_GO_FILE=$wt_file WT_OLDPWD=${OLDPWD-} WT_WENT_TO=${__wt_went_to-} WT_CAME_FROM=${__wt_came_from-} \
            WT_PROGRAM "$@" || wt_status=$?
        if [ ! -f "$wt_file" ] || [ -h "$wt_file" ] || [ ! -O "$wt_file" ]; then return "$wt_status"; fi
        if IFS= read -r -d '' wt_go <"$wt_file"; then
            if builtin cd -- "$wt_go"; then
                __wt_went_to=$PWD
                if [ -d "$wt_before" ]; then __wt_came_from=$wt_before; fi
            else
                wt_status=1
            fi
        fi
        command rm -f -- "$wt_file"
        return "$wt_status"
    }

    """#

let fishFunction = #"""
    function wt --description 'git worktrees that come with a warm cargo build directory'
        # fish has no subshell that could go somewhere by itself.
        if status is-command-substitution
            WT_PROGRAM $argv
            return
        end
        set -l wt_directory $HOME/.cache
        test -O "$XDG_RUNTIME_DIR"; and test -w "$XDG_RUNTIME_DIR"; and set wt_directory $XDG_RUNTIME_DIR
        set -l wt_file $wt_directory/wt-go.$fish_pid.(random)(random)(random)
        if test -e $wt_file; or test -L $wt_file
            WT_PROGRAM $argv
            return
        end
        set -l wt_before $PWD
        begin
            set -lx WT_GO_FILE $wt_file
            set -lx WT_OLDPWD "$dirprev[-1]"
            set -lx WT_WENT_TO "$__wt_went_to"
            set -lx WT_CAME_FROM "$__wt_came_from"
            WT_PROGRAM $argv
        end
        set -l wt_status $status
        test -f $wt_file; and test -O $wt_file; and not test -L $wt_file; or return $wt_status
        if read --null --local wt_go <$wt_file
            if cd $wt_go
                set -g __wt_went_to $PWD
                test -d "$wt_before"; and set -g __wt_came_from $wt_before
            else
                set wt_status 1
            end
        end
        command rm -f -- $wt_file
        return $wt_status
    end

    """#

// The words come quoted. A program that prints all at once is read faster than by `read`, line by line. Without
// globbing, since a name may look like a pattern.
let bashCompletions = #"""
    function __wt_complete {
        local IFS=$'\n' wt_flags=$-
        set -f
        # shellcheck disable=SC2207
        COMPREPLY=($(WT_PROGRAM __complete bash WT_TABLE "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null))
        if [ "${COMPREPLY[0]-}" = :directories ]; then
            type compopt >/dev/null 2>&1 && compopt -o filenames
            # shellcheck disable=SC2207
            COMPREPLY=($(compgen -d -- "$2"))
        fi
        case $wt_flags in *f*) ;; *) set +f ;; esac
    }
    complete -F __wt_complete wt

    """#

let zshCompletions = #"""
    function _wt {
        local -a wt_lines
        local wt_output wt_word=$PREFIX
        wt_output=$(WT_PROGRAM __complete zsh WT_TABLE "${(@Q)words[2,CURRENT-1]}" "${(Q)wt_word}" 2>/dev/null)
        wt_lines=("${(@f)wt_output}")
        [[ $PREFIX == --*=* ]] && compset -P '*='
        case $wt_lines[1] in
            names) compadd -- "${(@)wt_lines[2,-1]}" ;;
            described) wt_lines=("${(@)wt_lines[2,-1]}"); _describe -t wt wt wt_lines ;;
            directories) _files -/ ;;
            *) return 1 ;;
        esac
    }
    if [[ ${funcstack[1]-} == _wt ]]; then
        _wt "$@"
    elif (( ${+functions[compdef]} )); then
        compdef _wt wt
    fi

    """#

let fishCompletions = #"""
    function __wt_complete
        set -l wt_words (commandline -opc)
        set -l wt_word (commandline -ct)
        set -l wt_lines (WT_PROGRAM __complete fish WT_TABLE $wt_words[2..-1] "$wt_word" 2>/dev/null)
        if test "$wt_lines[1]" = :directories
            __fish_complete_directories "$wt_word"
        else
            printf '%s\n' $wt_lines
        end
    end
    complete --command wt --no-files --arguments '(__wt_complete)'

    """#
