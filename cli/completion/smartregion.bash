# SPDX-License-Identifier: MIT
# Completion of smartregion(1) for bash: verbs, options and their values, names of methods and frameworks, files.

# Column $2 (a number) of the csv that "smartregion $1" writes, each value once.
_smartregion_column()
{
    "${COMP_WORDS[0]}" "$1" --format csv --quiet 2>/dev/null | cut -d, -f"$2" | tail -n +2 | sort -u
}

# One list out of "smartregion version": frameworks, presets, steps.
_smartregion_list()
{
    "${COMP_WORDS[0]}" version 2>/dev/null | sed -n "s/^$1 *//p"
}

_smartregion_words()
{
    local IFS=$' \t\n'
    COMPREPLY+=($(compgen -W "$1" -- "$current"))
}

_smartregion_files()
{
    local IFS=$'\n'
    compopt -o filenames 2>/dev/null
    COMPREPLY+=($(compgen -f -- "$current"))
}

# Options of a verb, as its help lists them.
_smartregion_options()
{
    "${COMP_WORDS[0]}" help $1 2>/dev/null | sed -n 's/^ *\(-[a-zA-Z], \)\{0,1\}\(--[a-z-]*\).*/\2/p'
}

_smartregion()
{
    local verbs="score steps weights audit explain compare select stability robust whatif target sobol check fit framework methods plan portfolio trend version help"
    local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" verb="" i
    COMPREPLY=()

    # bash splits --name=value at the sign
    if [[ $current == "=" ]]; then
        current=""
    elif [[ $previous == "=" && COMP_CWORD -ge 2 ]]; then
        previous="${COMP_WORDS[COMP_CWORD-2]}"
    fi
    for ((i = 1; i < COMP_CWORD; ++i)); do
        if [[ " $verbs " == *" ${COMP_WORDS[i]} "* ]]; then
            verb="${COMP_WORDS[i]}"
            break
        fi
    done

    case $previous in
    -f | --framework) _smartregion_words "$(_smartregion_list frameworks)"; _smartregion_files; return ;;
    -p | --plan) _smartregion_words "$(_smartregion_list presets)"; _smartregion_files; return ;;
    -m | --model | -o | --output | --save-data | --costs | --changes | --regions) _smartregion_files; return ;;
    -F | --format) _smartregion_words "table csv json"; return ;;
    --after) _smartregion_words "raw denominate impute treat normalise"; return ;;
    --lang) _smartregion_words "en vi"; return ;;
    --against) _smartregion_words "median peers5 top7 target"; return ;;
    --funnel) _smartregion_words "icf"; _smartregion_files; return ;;
    --ballots) _smartregion_files; return ;;
    --ballot-rule) _smartregion_words "borda mean_rank median_rank copeland kemeny"; return ;;
    --incomplete) _smartregion_words "share abstain"; return ;;
    --estimator) _smartregion_words "auto azzini saltelli jansen exact"; return ;;
    --retain) _smartregion_words "kaiser share"; return ;;
    --level) _smartregion_words "indicator criterion region all"; return ;;
    --section) _smartregion_words "rows summary reversals"; return ;;
    --number-format) _smartregion_words "plain en vi"; return ;;
    --top) _smartregion_words "all"; return ;;
    --set)
        compopt -o nospace 2>/dev/null
        _smartregion_words "$(_smartregion_list steps | tr ' ' '\n' | sed 's/$/.method=/')"
        return ;;
    --column)
        compopt -o nospace 2>/dev/null
        _smartregion_words "region= period= name= parent= population= weight="
        return ;;
    -r | --spec) _smartregion_files; return ;;
    --nodes) _smartregion_words "criteria index inner all"; return ;;
    --outputs) _smartregion_words "scores pairwise weights all score top7"; return ;;
    --as-of | --draws | --first | --resamples | --period | --threads | --bottom | --highlight | --seed | --region | --budget | \
        --from | --to | --reference | --group | --target | --stage | --gate | --tie-break | --year | --pair | --rank | \
        --score | --decimals | --fix | --change)
        return ;;
    esac

    if [[ $current == -* ]]; then
        _smartregion_words "$(_smartregion_options $verb)"
        return
    fi
    case $verb in
    "") _smartregion_words "$verbs" ;;
    help) _smartregion_words "$verbs" ;;
    framework) _smartregion_words "$(_smartregion_list frameworks)"; _smartregion_files ;;
    methods) _smartregion_words "$(_smartregion_column methods 1) $(_smartregion_column methods 2)" ;;
    plan | version) ;;
    *) _smartregion_files ;;
    esac
}

complete -F _smartregion smartregion
