// The scripts of `completion`. Each holds the same table, and walks the words before the cursor in the same way:
// past options and their values to a command, and to a place among its words.
/** Whose Tab it is. */
export type ShellName = 'bash' | 'zsh' | 'fish';

/** A row of the table: where it may stand, what, and a word about it. */
export type Row = readonly [where: string, value: string, note: string];

const BASH = (table: string) => `# Tab for orderlab in bash, made by: orderlab completion bash
_orderlab_under() {
  local where value _
  while IFS='|' read -r where value _; do
    [[ $where == "$1" || $where == "$2" ]] && printf '%s\\n' "$value"
  done <<'ROWS'
${table}
ROWS
}

_orderlab() {
  local IFS=$' \\t\\n' line=\${COMP_LINE:0:COMP_POINT} command='' place=0 open='' before='' at word last value
  local -a words wanted
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  local end=$((\${#words[@]} - 1))
  local typed=\${words[end]}
  for ((at = 1; at < end; at++)); do
    word=\${words[at]}
    if [[ -n $open ]]; then
      open=''
    elif [[ $word == -* ]]; then
      [[ $'\\n'$(_orderlab_under takes "$command takes")$'\\n' == *$'\\n'"$word"$'\\n'* ]] && open=$word
    elif [[ -z $command ]]; then
      command=$word
    else
      place=$((place + 1))
    fi
  done
  last=$(_orderlab_under "$command last")
  [[ -n $last && $place -gt $last ]] && place=$last
  [[ -z $open && $typed == --*=* ]] && open=\${typed%%=*} before=\${typed%%=*}= typed=\${typed#*=}
  if [[ -n $open ]]; then
    wanted=("$open" "$command $open")
  elif [[ $typed == -* ]]; then
    wanted=(options "$command options")
  elif [[ -z $command ]]; then
    wanted=(commands)
  else
    wanted=("$command $place")
  fi
  COMPREPLY=()
  while IFS= read -r value; do
    if [[ $value == '<file>' ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r value; do COMPREPLY+=("$before$value"); done < <(compgen -f -- "$typed")
    elif [[ -n $value && $value == "$typed"* ]]; then
      COMPREPLY+=("$before$value")
    fi
  done < <(_orderlab_under "\${wanted[@]}")
  # Where bash takes = and : for the end of a word, what stands before them is there already.
  local whole=$before$typed
  if [[ $COMP_WORDBREAKS == *[=:]* && \${#COMPREPLY[@]} -gt 0 ]]; then
    whole=\${whole%"\${whole##*[=:]}"}
    COMPREPLY=("\${COMPREPLY[@]#"$whole"}")
  fi
}

complete -F _orderlab orderlab
`;

const ZSH = (table: string) => `#compdef orderlab
# Tab for orderlab in zsh, made by: orderlab completion zsh
_orderlab_under() {
  local row
  while IFS= read -r row; do
    [[ \${row%%\\|*} == "$1" || \${row%%\\|*} == "$2" ]] && print -r -- "\${row#*\\|}"
  done <<'ROWS'
${table}
ROWS
}

_orderlab() {
  local command='' open='' word last row value
  local -i place=0 at files=0
  local -a wanted offered
  for ((at = 2; at < CURRENT; at++)); do
    word=\${words[at]}
    if [[ -n $open ]]; then
      open=''
    elif [[ $word == -* ]]; then
      [[ $'\\n'"$(_orderlab_under takes "$command takes")" == *$'\\n'"$word"'|'* ]] && open=$word
    elif [[ -z $command ]]; then
      command=$word
    else
      place=place+1
    fi
  done
  last=$(_orderlab_under "$command last")
  [[ -n $last && $place -gt \${last%%\\|*} ]] && place=\${last%%\\|*}
  [[ -z $open && $PREFIX == --*=* ]] && open=\${PREFIX%%=*} && compset -P '*='
  if [[ -n $open ]]; then
    wanted=("$open" "$command $open")
  elif [[ $PREFIX == -* ]]; then
    wanted=(options "$command options")
  elif [[ -z $command ]]; then
    wanted=(commands)
  else
    wanted=("$command $place")
  fi
  for row in "\${(@f)$(_orderlab_under "\${wanted[@]}")}"; do
    value=\${row%%\\|*}
    if [[ $value == '<file>' ]]; then
      files=1
    elif [[ -n $value ]]; then
      offered+=("\${value//:/\\\\:}:\${row#*\\|}")
    fi
  done
  (( $#offered )) && _describe orderlab offered
  (( files )) && _files
}

if [[ $funcstack[1] == _orderlab ]]; then
  _orderlab "$@"
else
  compdef _orderlab orderlab
fi
`;

const FISH = (table: string) => `# Tab for orderlab in fish, made by: orderlab completion fish
set -g __orderlab_rows (string split \\n -- '${table.replaceAll(/[\\']/g, '\\$&')}')

function __orderlab_under
    for where in $argv
        string replace -rf -- '^'(string escape --style=regex -- $where)'\\|' '' $__orderlab_rows
    end
end

function __orderlab_offers
    set -l command ''
    set -l open ''
    set -l place 0
    set -l before ''
    set -l typed (commandline -ct)
    for word in (commandline -opc)[2..-1]
        if test -n "$open"
            set open ''
        else if string match -q -- '-*' $word
            if contains -- $word (__orderlab_under takes "$command takes" | string replace -r '\\|.*' '')
                set open $word
            end
        else if test -z "$command"
            set command $word
        else
            set place (math $place + 1)
        end
    end
    set -l last (__orderlab_under "$command last" | string replace -r '\\|.*' '')
    if test -n "$last"; and test $place -gt $last
        set place $last
    end
    if test -z "$open"; and string match -qr -- '^--.*=' "$typed"
        set open (string replace -r '=.*' '' -- $typed)
        set before $open=
        set typed (string replace -r '^[^=]*=' '' -- $typed)
    end
    set -l wanted "$command $place"
    if test -n "$open"
        set wanted $open "$command $open"
    else if string match -q -- '-*' "$typed"
        set wanted options "$command options"
    else if test -z "$command"
        set wanted commands
    end
    for row in (__orderlab_under $wanted)
        if string match -q -- '<file>*' $row
            for path in (__fish_complete_path "$typed")
                echo $before$path
            end
        else
            echo $before(string replace '|' \\t -- $row)
        end
    end
end

complete -c orderlab -f -a '(__orderlab_offers)'
`;

function tabled(script: (table: string) => string): (rows: readonly Row[]) => string {
  return (rows) => script(rows.map((row) => row.join('|')).join('\n'));
}

/** A script for each shell that can be had. */
/** What writes the script of each shell. */
export const SCRIPTS: Readonly<Record<ShellName, (rows: readonly Row[]) => string>> = {
  bash: tabled(BASH),
  zsh: tabled(ZSH),
  fish: tabled(FISH),
};
