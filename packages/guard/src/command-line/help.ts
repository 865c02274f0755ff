import { readFileSync } from 'node:fs';
import { isPassedOn, type CommandLineProgram, type Described } from './definition.ts';

export const HELP_OPTIONS = {
  all: { description: 'list all commands' },
} as const;

export function helpCommand(program: CommandLineProgram['name']): Described<typeof HELP_OPTIONS> {
  return {
    name: 'help',
    ...(program === 'tarwarden-server' && { program }),
    summary: 'show the help of a command, or list all commands',
    group: 'Reference',
    description: [
      `Without a command, prints the first screen, which lists the commands that you need first. "${program} NAME --help" prints the same as "${program} help NAME".`,
    ],
    examples: [`${program} help --all`],
    printsData: true,
    arguments: [{ syntax: '[command]', description: 'the command whose help to print' }],
    options: HELP_OPTIONS,
    exitCodes: {
      '0': 'the help was printed',
      '2': 'there is no such command, or wrong usage',
    },
  };
}

/**
 * Address of the documentation: the `homepage` of the installed package. A checkout has none. Until the owner has filled in the address
 * of the repository, it ends in `.invalid`, and leads nowhere.
 */
export function documentationOf(mainUrl: string): string {
  const pages = 'docs/README.md in the repository';
  try {
    const text = readFileSync(new URL('../package.json', mainUrl), 'utf8');
    const { homepage = '' } = JSON.parse(text) as { homepage?: string };
    return new URL(homepage).hostname.endsWith('.invalid') ? pages : homepage;
  } catch {
    return pages;
  }
}

/**
 * The help of a program on one screen of 24 lines and 80 columns: how to use it, the commands that people need first, and where to
 * read on. It is plain text, so that the first thing that people see does not wait for the parser.
 */
export function firstScreen(
  { name, description, firstScreen: { use, example }, exitCodes }: CommandLineProgram,
  definitions: readonly Described[],
  documentation: string,
): string {
  const firstCommands = definitions
    .filter((command) => command.firstScreen !== undefined)
    .toSorted((first, second) => first.firstScreen! - second.firstScreen!);
  const width = Math.max(...firstCommands.map((command) => command.name.length));
  const guarded = definitions.filter(isPassedOn).map((command) => command.name);
  return [
    `${name} ${description}`,
    '',
    use,
    ...(guarded.length === 0 ? [] : [`  for ${guarded.join(' ')}`]),
    '',
    'Commands that you need first:',
    ...firstCommands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    '',
    `Example: ${example}`,
    '',
    'Exit codes:',
    ...Object.entries(exitCodes).map(([code, meaning]) => `  ${code}  ${meaning}`),
    '',
    `All commands:   ${name} help --all`,
    `One command:    ${name} help COMMAND`,
    `Documentation:  ${documentation}`,
    '',
  ].join('\n');
}
