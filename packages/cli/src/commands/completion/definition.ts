import type { Described } from '@tarwarden/host/command-line';

export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

export const completion: Described = {
  name: 'completion',
  summary: 'print what completes the command line in a shell',
  group: 'Set-up',
  description: [
    'Prints a script for a shell, which completes commands, options, their values, rule ids and paths. Behind npm, pnpm and the other managers, bash (with bash-completion), zsh and fish complete what they would complete for the manager itself.',
    'The script holds all of it and starts nothing: write it again after an upgrade.',
  ],
  examples: [
    'eval "$(tarwarden completion bash)"             # in ~/.bashrc',
    'eval "$(tarwarden completion zsh)"              # in ~/.zshrc, after compinit',
    'tarwarden completion fish | source               # in config.fish',
    'tarwarden completion powershell | Out-String | Invoke-Expression',
  ],
  arguments: [{ syntax: '<shell>', description: 'the shell', choices: SHELLS }],
  options: {},
  exitCodes: [
    ['0', 'printed'],
    ['2', 'wrong usage'],
  ],
};
