/** The manual page of a program, from the definitions of its commands. */
import { helpCommand } from '../../packages/guard/src/command-line/help.ts';
import {
  allCommands,
  type CommandLineProgram,
  type Described,
} from '../../packages/guard/src/command-line/definition.ts';
import { argumentRows, optionRows, usageLines, type TableRow } from './command-tables.ts';

/** Variables that decide about colour. docs/configuration.md has the others. */
const COLOUR_VARIABLES: readonly TableRow[] = [
  ['NO_COLOR', 'If this variable is set and not empty, the output has no colour.'],
  [
    'FORCE_COLOR',
    'If this variable is set, the output has colour. With the values 0 and false, it has no colour.',
  ],
];

/** A page in roff, with the macros of man(7). It has no date, so that the same definitions always give the same bytes. */
export async function manPage(program: CommandLineProgram): Promise<string> {
  const { name, version, description, firstScreen, exitCodes } = program;
  const help = helpCommand(name);
  const commands = [...(await allCommands(program)), help];
  return [
    `.TH ${name.toUpperCase()} 1 "" "${name} ${version}" "User Commands"`,
    // Ragged right and without hyphens, so that options and commands are never broken.
    '.ad l',
    '.nh',
    '.SH NAME',
    `${escaped(name)} \\- ${escaped(description.replace(/\.$/, ''))}`,
    '.SH SYNOPSIS',
    `\\fB${escaped(name)}\\fR <command> [argument...]`,
    '.SH DESCRIPTION',
    escaped(`${firstScreen.use}.`),
    '.SH COMMON OPTIONS',
    'Each command has these options, except the commands that run a package manager.',
    ...rowLines(optionRows(help, 'common')),
    '.SH COMMANDS',
    ...commands.flatMap(commandLines),
    '.SH EXIT STATUS',
    ...rowLines(Object.entries(exitCodes)),
    ...(name === 'tarwarden' ? ['.SH ENVIRONMENT', ...rowLines(COLOUR_VARIABLES)] : []),
    '.SH SEE ALSO',
    escaped(`"${name} help" prints the address of the documentation.`),
    '',
  ].join('\n');
}

function commandLines(definition: Described): string[] {
  const { name, description, examples, exitCodes } = definition;
  return [
    `.SS ${escaped(name)}`,
    // Without a request for a paragraph, which a heading brings already.
    ...literalLines(usageLines(definition)).slice(1),
    ...description.flatMap((paragraph) => ['.PP', escaped(paragraph)]),
    ...titledRows('Arguments', argumentRows(definition)),
    ...titledRows('Options', optionRows(definition, 'own')),
    ...titledRows('Exit codes', Object.entries(exitCodes)),
    '.PP',
    'Examples:',
    ...literalLines(examples),
  ];
}

function titledRows(title: string, rows: readonly TableRow[]): string[] {
  return rows.length === 0 ? [] : ['.PP', `${title}:`, ...rowLines(rows)];
}

function rowLines(rows: readonly TableRow[]): string[] {
  return rows.flatMap(([term, text]) => ['.TP', `\\fB${escaped(term)}\\fR`, escaped(text)]);
}

/** Lines that keep their breaks and are not filled. */
function literalLines(lines: readonly string[]): string[] {
  return ['.PP', '.RS 4', '.nf', ...lines.map(escaped), '.fi', '.RE'];
}

/** One line of text in which roff sees no request, no escape and no typographic hyphen or quotation mark. */
function escaped(text: string): string {
  const plain = text
    .replaceAll(/\s+/g, ' ')
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('…', '...')
    .replaceAll(/['’]/g, '\\(aq')
    .replaceAll('`', '\\(ga')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti');
  return plain.startsWith('.') ? `\\&${plain}` : plain;
}
