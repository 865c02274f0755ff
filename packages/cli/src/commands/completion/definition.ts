import type { Described } from '@tarwarden/guard/command-line';

export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

export const definition = {
  name: 'completion',
  summary: 'print a script that lets a shell complete tarwarden',
  group: 'Set-up',
  printsData: true,
  description: [
    'Prints a script for a shell. With this script, the shell completes the commands of tarwarden, their options and values, rule ids and paths. After "tarwarden npm" and the other package managers, bash (with bash-completion), zsh and fish complete as they do for the package manager itself.',
    'The script contains all words and starts no program. Print it again after an upgrade of tarwarden.',
  ],
  examples: [
    'eval "$(tarwarden completion bash)"             # in ~/.bashrc',
    'eval "$(tarwarden completion zsh)"              # in ~/.zshrc, after compinit',
    'tarwarden completion fish | source               # in config.fish',
    'tarwarden completion powershell | Out-String | Invoke-Expression',
  ],
  arguments: [
    { syntax: '<shell>', description: 'the shell that runs the script', choices: SHELLS },
  ],
  options: {},
  exitCodes: {
    '0': 'the script was printed',
    '2': 'the command line is wrong',
  },
} as const satisfies Described;
