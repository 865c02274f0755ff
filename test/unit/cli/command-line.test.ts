import { describe, expect, it } from 'vitest';
import { TARWARDEN } from '../../../packages/cli/src/command-line/tarwarden.ts';
import { TARWARDEN_SERVER } from '../../../packages/server/src/commands/commands.ts';
import {
  allCommands,
  isPassedOn,
  type Described,
  optionsOf,
} from '../../../packages/guard/src/command-line/definition.ts';
import { helpOf, overview, parse } from '../../../packages/guard/src/command-line/parse.ts';
import { npm, PRINT_ENV_OPTIONS } from '../../../packages/cli/src/commands/clients/definition.ts';
import { definition as explain } from '../../../packages/cli/src/commands/explain/definition.ts';
import { definition as scan } from '../../../packages/cli/src/commands/scan/definition.ts';
import { definition as shims } from '../../../packages/cli/src/commands/shims/definition.ts';
import { definition as verify } from '../../../packages/cli/src/commands/verify/definition.ts';

const commands = await allCommands(TARWARDEN);
const ofServer = await allCommands(TARWARDEN_SERVER);
const help = (first: string): string => overview(first, TARWARDEN, commands);

const programOf = ({ program }: Described): string => program ?? 'tarwarden';

describe('the definition of', () => {
  it('each command is found by its name', () => {
    expect(commands.map(({ name }) => name)).toEqual(Object.keys(TARWARDEN.commands));
    expect(ofServer.map(({ name }) => name)).toEqual(Object.keys(TARWARDEN_SERVER.commands));
  });

  it.each([
    [TARWARDEN, commands],
    [TARWARDEN_SERVER, ofServer],
  ])('each command of $name has the code that its definition asks for', (program, definitions) => {
    const names = (wanted: boolean): string[] =>
      definitions.filter((command) => isPassedOn(command) === wanted).map(({ name }) => name);
    expect(Object.keys(program.passedOn).toSorted()).toEqual(names(true).toSorted());
    expect(Object.keys(program.runs).toSorted()).toEqual(names(false).toSorted());
  });

  it('each command of the server names its program', () => {
    const programs = [...commands, ...ofServer].map(({ program }) => program);
    expect(programs).toEqual([
      ...commands.map(() => undefined),
      ...ofServer.map(() => 'tarwarden-server'),
    ]);
  });

  it.each([...commands, ...ofServer])(
    '$name gives a help with all of it, in 80 columns',
    (command) => {
      const text = helpOf(command);
      expect(text.startsWith(`Usage: ${programOf(command)} ${command.name} `)).toBe(true);
      const plain = text.replaceAll(/\s+/g, ' ');
      for (const [name, { description, choices = [] }] of Object.entries(optionsOf(command))) {
        expect(plain).toContain(` --${name} `);
        expect(plain).toContain(description);
        for (const choice of choices) expect(plain).toContain(JSON.stringify(choice));
      }
      for (const { description } of command.arguments) expect(plain).toContain(description);
      for (const [codes, meaning] of Object.entries(command.exitCodes))
        expect(plain).toContain(`${codes} ${meaning}`);
      expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
      expect(text).toMatch(/[^\n]\n$/);
    },
  );

  it.each([...commands, ...ofServer])(
    '$name has examples, which its help shows and its parser takes',
    (command) => {
      const text = helpOf(command);
      const typed = command.examples.filter((line) =>
        new RegExp(`\\b${programOf(command)} ${command.name}(?![\\w-])`).test(line),
      );
      expect(typed).not.toEqual([]);
      expect(text).toContain(`\nExamples:\n  ${command.examples.join('\n  ')}\n\nExit codes:\n`);
      if (isPassedOn(command)) return;
      for (const line of typed) {
        const [, args = ''] = /tarwarden\S* \S+([^|)>#]*)/.exec(line) ?? [];
        const words = args.split(' ').filter((word) => word !== '');
        expect(() => parse(command, words)).not.toThrow();
      }
    },
  );
});

describe('overview', () => {
  it('lists every command with its summary, and exit codes', () => {
    const text = help('--help');
    const lines = text.split('\n').map((line) => line.trim().replaceAll(/\s{2,}/g, '  '));
    for (const { name, summary } of commands) expect(lines).toContain(`${name}  ${summary}`);
    expect(text).toContain('Exit codes:\n  0  ');
    expect(lines).toContain('help  show the help of a command, or list all commands');
  });

  it.each([
    ['scna', "unknown command 'scna' (did you mean scan?)"],
    ['constructor', "unknown command 'constructor'"],
    ['', "unknown command ''"],
    ['--verison', "unknown option '--verison' (did you mean --version?)"],
    ['-x', "unknown option '-x' before the command; write options after it"],
    ['--json', "unknown option '--json' before the command; write options after it"],
    ['--', 'name a command'],
    ['\u001B[2J\nx', String.raw`unknown command '\x1b[2J\nx'`],
    ["x'\n(Did you mean y?)", String.raw`unknown command 'x'\n(Did you mean y?)'`],
  ])('refuses %j', (first, message) => {
    const mistake = { name: 'UsageError', message, command: undefined };
    expect(() => help(first)).toThrow(expect.objectContaining(mistake));
  });
});

describe('parse', () => {
  it('gives what is not named its default, or nothing', () => {
    expect(parse(scan, ['a', '-', '--', '--links'])).toMatchObject({
      values: { reporter: 'text' },
      operands: ['a', '-', '--links'],
    });
  });

  it('takes options before, between and behind operands, the last of a kind', () => {
    const args = ['--links=contained', 'a', '--reporter', 'json', 'b', '--reporter', 'ndjson'];
    expect(parse(scan, args)).toMatchObject({
      values: { reporter: 'ndjson', links: 'contained' },
      operands: ['a', 'b'],
    });
  });

  it.each([
    [['--color'], true],
    [['--no-color'], false],
    [['--color', '--no-color'], false],
    [['--no-color', '--color'], false],
    [[], undefined],
  ])('of %j paints: %j', (flags, color) => {
    const parsed = parse(explain, [...flags, 'file']);
    expect('values' in parsed && parsed.values.color).toBe(color);
  });

  it('collects an option that may be repeated, and nothing behind its value', () => {
    const parsed = parse(shims, ['--manager', 'npm', 'dir', '--manager=pnpx']);
    expect(parsed).toMatchObject({ values: { manager: ['npm', 'pnpx'] }, operands: ['dir'] });
  });

  it('reads a name of two words by that name', () => {
    const parsed = parse({ ...npm, options: PRINT_ENV_OPTIONS }, ['--print-env']);
    expect(parsed).toMatchObject({ values: { 'print-env': true, shell: 'posix' }, operands: [] });
  });

  it.each([[['--help']], [['-h']], [['a', '--reporter', 'json', '--help']]])(
    'answers %j with the help',
    (args) => {
      expect(parse(scan, args)).toEqual({ help: helpOf(scan) });
    },
  );

  it.each<[Described, string[], string]>([
    [scan, [], "missing required argument 'path'"],
    [scan, ['--reportr', 'x'], "unknown option '--reportr' (did you mean --reporter?)"],
    [scan, ['--colr', 'x'], "unknown option '--colr' (did you mean --color?)"],
    [scan, ['--version'], "unknown option '--version'"],
    [scan, ['-x'], "unknown option '-x'"],
    [scan, ['--__proto__', 'x'], "unknown option '--__proto__'"],
    [scan, ['x', '--reporter'], "option '--reporter <reporter>' argument missing"],
    [
      scan,
      ['--reporter', 'jsn', 'x'],
      "option '--reporter <reporter>' argument 'jsn' is invalid. Allowed choices are text, json, ndjson, sarif.",
    ],
    [scan, ['--color=yes', 'x'], "option '--color' takes no value"],
    [
      scan,
      ['--format', '\u001B]8;;x\u0007', 'x'],
      String.raw`option '--format <format>' argument '\x1b]8;;x\x07' is invalid. Allowed choices are npm, sdist, wheel, gem, gomod, yarn-zip.`,
    ],
    [explain, ['a', 'b'], 'too many arguments. Expected 1 argument but got 2.'],
    [verify, ['npm'], 'too many arguments. Expected 0 arguments but got 1.'],
    [
      verify,
      ['--manager', 'npm', '--manager', 'pnmp'],
      "option '--manager <name>' argument 'pnmp' is invalid. Allowed choices are npm, npx, pnpm, yarn, bun, go, pip, pip3, python, python3, gem, bundle.",
    ],
  ])('%$: refuses a mistake in a line', (command, args, message) => {
    const mistake = (): unknown => parse(command, args);
    expect(mistake).toThrow(expect.objectContaining({ name: 'UsageError', message }));
    expect(mistake).toThrow(expect.objectContaining({ command: command.name }));
  });

  it('shows the beginning of a long mistake', () => {
    const mistake = (): unknown => parse(scan, [`--${'x'.repeat(100_000)}`]);
    expect(mistake).toThrow(/^unknown option '--x{380,400}…$/);
  });
});
