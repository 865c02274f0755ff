/** What docs/cli.md and docs/server/cli.md say that follows from the definitions of the commands: forms, arguments, options, exit codes. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TARWARDEN } from '../../packages/cli/src/command-line/tarwarden.ts';
import { TARWARDEN_SERVER } from '../../packages/server/src/commands/commands.ts';
import {
  allCommands,
  type Described,
  type CommandLineProgram,
} from '../../packages/host/src/command-line/definition.ts';
import { commandOf } from '../../packages/host/src/command-line/program.ts';

/** A page for each program. */
export const cliPages: readonly (readonly [string, CommandLineProgram])[] = [
  ['docs/cli.md', TARWARDEN],
  ['docs/server/cli.md', TARWARDEN_SERVER],
];

export const cliPagePath = (page: string): string =>
  fileURLToPath(new URL(`../../${page}`, import.meta.url));

/** A generated part, between lines that name it. */
const PART = /(?<=^<!-- pnpm cli-docs: ([a-z0-9]+) -->\n)[^]*?(?=^<!-- end -->$)/gm;

/** The page as it should be. Each command has exactly one part in it, and `commands` is the list of all. */
export async function generatedCliPage(name: string, program: CommandLineProgram): Promise<string> {
  const commands = await allCommands(program);
  const parts = new Map(commands.map((one) => [one.name, partOf(one)]));
  parts.set('commands', listOf(commands));
  const page = readFileSync(cliPagePath(name), 'utf8').replaceAll(PART, (_, part: string) => {
    const text = parts.get(part);
    if (text === undefined) throw new Error(`${name}: no command "${part}", or a second part`);
    parts.delete(part);
    return `\n${text}\n\n`;
  });
  if (parts.size > 0) throw new Error(`${name}: no part for ${[...parts.keys()].join(', ')}`);
  return page;
}

function listOf(commands: readonly Described[]): string {
  const rows = commands.map((one): [string, string] => [code(usageOf(one)[0]!), one.summary]);
  return table('command', rows);
}

function partOf(definition: Described): string {
  const command = commandOf(definition);
  const help = command.createHelp();
  const forms = usageOf(definition).map((usage) => `    ${usage}`);
  const argumentRows = help
    .visibleArguments(command)
    .map((one): [string, string] => [code(one.name()), help.argumentDescription(one)]);
  const optionRows = help
    .visibleOptions(command)
    .filter((one) => one.long !== '--help')
    .map((one): [string, string] => [code(help.optionTerm(one)), help.optionDescription(one)]);
  const tables = [
    table('argument', argumentRows),
    table('option', optionRows),
    table('exit code', definition.exitCodes),
  ];
  return [forms.join('\n'), ...tables.filter((one) => one !== '')].join('\n\n');
}

function usageOf(definition: Described): string[] {
  const command = commandOf(definition);
  return command
    .createHelp()
    .commandUsage(command)
    .split('\n')
    .map((line) => line.trim());
}

function table(heading: string, rows: readonly (readonly [string, string])[]): string {
  if (rows.length === 0) return '';
  const lines = rows.map(([term, text]) => `| ${term} | ${plain(text)} |`);
  return [`| ${heading} | |`, '| --- | --- |', ...lines].join('\n');
}

const code = (text: string): string => `\`${text}\``;

/** Text in which Markdown sees nothing of its own. */
function plain(text: string): string {
  return text.replaceAll(/[*_<|]/g, String.raw`\$&`);
}
