import { PROGRAM_OPTIONS, type Completed, type CompletedOption } from './model.ts';

/** The script of bash, also of 3.2 without `compopt`. For a manager, it calls bash-completion if that is loaded. */
export function bash(commands: readonly Completed[]): string {
  const first = [...commands.map(({ name }) => name), ...namesOf(PROGRAM_OPTIONS)];
  const plain = commands
    .filter(({ options, isManager }) => isManager && options.length === 0)
    .map(({ name }) => name);
  return `# Completion of tarwarden for bash.
_tarwarden() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} words=
  COMPREPLY=()
  # bash makes three words of --name=value.
  if [[ $cur == = ]]; then cur=; elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  if ((COMP_CWORD == 1)); then
    words='${first.join(' ')}'
  else
    case \${COMP_WORDS[1]} in
${commands
  .filter(({ options, isManager }) => !isManager || options.length > 0)
  .map(caseOf)
  .join('\n')}
${plain.length === 0 ? '' : `      ${plain.join(' | ')}) _tarwarden_manager; return ;;\n`}    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
_tarwarden_paths() {
  compopt -o "$1" 2>/dev/null && return
  local IFS=$'\\n'
  COMPREPLY=($(compgen "$2" -- "$cur"))
}
_tarwarden_manager() {
  local offset
  for offset in _comp_command_offset _command_offset; do
    declare -F "$offset" >/dev/null && { "$offset" 1; return; }
  done
  _tarwarden_paths default -f
}
complete -F _tarwarden tarwarden
`;
}

function caseOf(command: Completed): string {
  return `      ${command.name})
        case $prev in
${[...command.options.flatMap((option) => valuesOf(command, option)), restOf(command)].join('\n')}
        esac
        ;;`;
}

/** The words that may follow an option with a value. A manager may have an option of the same name. */
function valuesOf({ isManager }: Completed, { name, value, choices }: CompletedOption): string[] {
  if (value === undefined) return [];
  const guard = isManager ? `[[ \${COMP_WORDS[2]} == -* ]] && ` : '';
  return [`          ${name}) ${guard}words='${choices.join(' ')}' ;;`];
}

function restOf({ options, words, paths, isManager }: Completed): string {
  const names = namesOf(options).join(' ');
  const last = isManager ? '_tarwarden_manager; return' : pathsOf(paths, words);
  const test = isManager ? '((COMP_CWORD == 2)) && [[ $cur == -* ]]' : '[[ $cur == -* ]]';
  return `          *) if ${test}; then words='${names}'; else ${last}; fi ;;`;
}

function pathsOf(paths: Completed['paths'], words: readonly string[]): string {
  if (paths === 'files') return '_tarwarden_paths default -f; return';
  if (paths === 'folders') return '_tarwarden_paths dirnames -d; return';
  return `words='${words.join(' ')}'`;
}

function namesOf(options: readonly CompletedOption[]): string[] {
  return options.map(({ name }) => name);
}
