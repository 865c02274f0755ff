import { shellWord } from '@tarwarden/core/text';
import { PROGRAM_OPTIONS, type Completed, type CompletedOption } from './model.ts';

/** The script of zsh. It can be sourced after compinit, or be the file `_tarwarden` in a folder of fpath. */
export function zsh(commands: readonly Completed[]): string {
  return `#compdef tarwarden
# Completion of tarwarden for zsh.
_tarwarden() {
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    ${shellWord(`${name}:${summary}`)}`).join('\n')}
  )
  if ((CURRENT == 2)); then
    if [[ $PREFIX == -* ]]; then
      _arguments ${PROGRAM_OPTIONS.map(specOf).join(' ')}
    else
      _describe -t commands command commands
    fi
    return
  fi
  shift words
  ((CURRENT--))
  case $words[1] in
${commands.map(caseOf).join('\n')}
  esac
}
if [[ $funcstack[1] == _tarwarden ]]; then _tarwarden "$@"; else compdef _tarwarden tarwarden; fi
`;
}

function caseOf(command: Completed): string {
  const { name, options, words, paths, isManager } = command;
  const specs = options.map(specOf);
  if (isManager) return `    ${name}) ${managerOf(options, specs)} ;;`;
  if (words.length > 0) specs.push(`'*:argument:(${words.join(' ')})'`);
  else if (paths !== undefined) specs.push(`'*:path:_files${paths === 'folders' ? ' -/' : ''}'`);
  return `    ${name}) _arguments -S ${specs.join(' ')} ;;`;
}

/** Completes our options before the manager's command. From there on, zsh completes as for the manager. */
function managerOf(options: readonly CompletedOption[], specs: readonly string[]): string {
  if (options.length === 0) return '_normal';
  const ownOptions = options.map(({ name }) => `$words[2] == ${name}`).join(' || ');
  return `if [[ (CURRENT -eq 2 && $PREFIX == -*) || (CURRENT -gt 2 && (${ownOptions})) ]]; then _arguments ${specs.join(' ')}; else _normal; fi`;
}

function specOf({ name, summary, value, choices, multiple }: CompletedOption): string {
  const explained = `[${summary.replaceAll(/[\\[\]]/g, String.raw`\$&`)}]`;
  if (value === undefined) return shellWord(`${name}${explained}`);
  const many = multiple ? '*' : '';
  const action = choices.length > 0 ? `(${choices.join(' ')})` : ' ';
  return shellWord(`${many}${name}=${explained}:${value}:${action}`);
}
