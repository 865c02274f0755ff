import { PROGRAM_OPTIONS, type Completed, type CompletedOption } from './model.ts';

export function fish(commands: readonly Completed[]): string {
  return `# Completion of tarwarden for fish.
function __tarwarden_first
    test (count (commandline -opc)) -eq 1
end
function __tarwarden_is
    set -l words (commandline -opc)
    test (count $words) -ge 2 -a "$words[2]" = $argv[1]
end
# Before the manager's command.
function __tarwarden_own
    set -l words (commandline -opc) (commandline -ct)
    __tarwarden_is $argv[1]; and string match -q -- '-*' $words[3]
end
# Completions of the program that comes behind ours.
function __tarwarden_manager
    set -l words (commandline -opc)
    complete -C (string join ' ' -- (string escape -- $words[2..]) (commandline -ct))
end
complete -c tarwarden -f
${PROGRAM_OPTIONS.map((option) => optionOf('__tarwarden_first', option)).join('\n')}
${commands.map(({ name, summary }) => line('__tarwarden_first', `-a ${name} -d ${fishWord(summary)}`)).join('\n')}
${commands.flatMap(linesOf).join('\n')}
`;
}

function linesOf({ name, options, words, paths, isManager }: Completed): string[] {
  const inCommand = `'__tarwarden_is ${name}'`;
  if (isManager)
    return [
      ...options.map((option) => optionOf(`'__tarwarden_own ${name}'`, option)),
      line(inCommand, "-a '(__tarwarden_manager)'"),
    ];
  const lines = options.map((option) => optionOf(inCommand, option));
  if (words.length > 0) return [...lines, line(inCommand, `-a ${fishWord(words.join(' '))}`)];
  if (paths === 'files') return [...lines, line(inCommand, '-F')];
  if (paths === 'folders') return [...lines, line(inCommand, "-a '(__fish_complete_directories)'")];
  return lines;
}

function optionOf(condition: string, { name, summary, value, choices }: CompletedOption): string {
  const takes =
    value === undefined
      ? ''
      : ` -x${choices.length > 0 ? ` -a ${fishWord(choices.join(' '))}` : ''}`;
  return line(condition, `-l ${name.slice(2)}${takes} -d ${fishWord(summary)}`);
}

function line(condition: string, completion: string): string {
  return `complete -c tarwarden -n ${condition} ${completion}`;
}

/** A word in single quotes. fish has two escapes in them, unlike other shells. */
export function fishWord(text: string): string {
  return `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`;
}
