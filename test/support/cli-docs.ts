/** What docs/cli.md and docs/server/cli.md say that follows from the definitions of the commands: forms, arguments, options, exit codes. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TARWARDEN } from '../../packages/cli/src/command-line/tarwarden.ts';
import { TARWARDEN_SERVER } from '../../packages/server/src/commands/commands.ts';
import {
  allCommands,
  type Described,
  type CommandLineProgram,
} from '../../packages/guard/src/command-line/definition.ts';
import { helpCommand } from '../../packages/guard/src/command-line/help.ts';
import { argumentRows, optionRows, usageLines, type TableRow } from './command-tables.ts';

/** A page for each program. */
export const cliPages: readonly (readonly [string, CommandLineProgram])[] = [
  ['docs/cli.md', TARWARDEN],
  ['docs/server/cli.md', TARWARDEN_SERVER],
];

export const cliPagePath = (page: string): string =>
  fileURLToPath(new URL(`../../${page}`, import.meta.url));

/** A generated part, between lines that name it. */
const PART = /(?<=^<!-- pnpm cli-docs: ([a-z0-9]+) -->\n)[^]*?(?=^<!-- end -->$)/gm;

/** The page as it should be. Each command has exactly one part in it, `commands` is the list of all, and `options` has the common options. */
export async function generatedCliPage(name: string, program: CommandLineProgram): Promise<string> {
  const commands = await allCommands(program);
  const parts = new Map(commands.map((one) => [one.name, partOf(one)]));
  parts.set('commands', listOf(commands));
  parts.set(
    'options',
    table('option', optionRows(helpCommand(program.name), 'common').map(withCode)),
  );
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
  const rows = commands.map((one): [string, string] => [code(usageLines(one)[0]!), one.summary]);
  return table('command', rows);
}

function partOf(definition: Described): string {
  const forms = usageLines(definition).map((usage) => `    ${usage}`);
  const tables = [
    table('argument', argumentRows(definition).map(withCode)),
    table('option', optionRows(definition, 'own').map(withCode)),
    table('exit code', Object.entries(definition.exitCodes)),
  ];
  return [forms.join('\n'), ...tables.filter((text) => text !== '')].join('\n\n');
}

function withCode([term, text]: TableRow): TableRow {
  return [code(term), text];
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
