/** The options that mean the same everywhere, held against the definitions of all commands. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TARWARDEN } from '../../../packages/cli/src/command-line/tarwarden.ts';
import { TARWARDEN_SERVER } from '../../../packages/server/src/commands/commands.ts';
import {
  optionsOf,
  allCommands,
  isPassedOn,
  type Described,
} from '../../../packages/guard/src/command-line/definition.ts';
import { documentationOf, firstScreen } from '../../../packages/guard/src/command-line/help.ts';
import { parse } from '../../../packages/guard/src/command-line/parse.ts';

const PROGRAMS = [TARWARDEN, TARWARDEN_SERVER];
const guard = await allCommands(TARWARDEN);
const server = await allCommands(TARWARDEN_SERVER);
const own = [...guard, ...server].filter((command) => !isPassedOn(command));

/** Commands that print no data, and why. */
const WITHOUT_DATA: ReadonlySet<string> = new Set([
  // They change files, and print what they did.
  'setup',
  'init',
  'shims',
  // Its output is a script.
  'completion',
  // Its output is NDJSON alone.
  'sweep',
  // They serve until they are stopped.
  'gateway',
  'verdicts of tarwarden-server',
]);
const label = ({ name, program }: Described): string =>
  name === 'verdicts' && program !== undefined ? `${name} of ${program}` : name;
const printData = own.filter((command) => !WITHOUT_DATA.has(label(command)));

/** The operands of the first example of a command. */
function operandsOf(command: Described): string[] {
  const [, args = ''] = /^\S+ \S+([^|)>#]*)/.exec(command.examples[0]) ?? [];
  const parsed = parse(
    command,
    args.split(' ').filter((word) => word !== ''),
  );
  return 'operands' in parsed ? [...parsed.operands] : [];
}

function reporterIn(command: Described, args: readonly string[]): unknown {
  const parsed = parse(command, args);
  return 'values' in parsed ? (parsed.values as { reporter?: unknown }).reporter : undefined;
}

describe.each(printData.map((command) => [label(command), command] as const))(
  '%s prints data, and',
  (_, command) => {
    const operands = operandsOf(command);

    it('has --reporter with text and json, and --json', () => {
      const { reporter, json } = optionsOf(command);
      expect(reporter?.choices?.slice(0, 2)).toEqual(['text', 'json']);
      expect(reporter?.default).toBe('text');
      expect(json?.value).toBeUndefined();
    });

    it.each([
      [[], 'text'],
      [['--json'], 'json'],
      [['--json', '--json'], 'json'],
      [['--json', '--reporter', 'json'], 'json'],
      [['--reporter=json', '--json'], 'json'],
      [['--reporter', 'text', '--reporter', 'json', '--json'], 'json'],
    ])('with %j uses the reporter %s', (options, reporter) => {
      expect(reporterIn(command, [...options, ...operands])).toBe(reporter);
      expect(reporterIn(command, [...operands, ...options])).toBe(reporter);
    });

    it.each([
      [['--json', '--reporter', 'text'], 'leave one of them out'],
      [['--reporter=text', '--json'], 'leave one of them out'],
      [['--json=false'], "option '--json' takes no value"],
      [['--json='], "option '--json' takes no value"],
      [['--no-json'], "unknown option '--no-json'"],
      [['--jso'], "unknown option '--jso' (did you mean --json?)"],
      [['--quiet=1'], "option '--quiet' takes no value"],
    ])('refuses %j', (options, message) => {
      const mistake = (): unknown => parse(command, [...options, ...operands]);
      expect(mistake).toThrow(message);
      expect(mistake).toThrow(expect.objectContaining({ name: 'UsageError' }));
    });

    it('keeps JSON under --quiet', () => {
      const parsed = parse(command, [...operands, '--quiet', '--json']);
      expect(parsed).toMatchObject({ isQuiet: true, isReport: false });
    });
  },
);

describe('the common options', () => {
  it.each(own.map((command) => [label(command), command] as const))('are at %s', (_, command) => {
    const colours = command.program === undefined ? ['color', 'no-color'] : [];
    expect(Object.keys(optionsOf(command))).toEqual(
      expect.arrayContaining(['quiet', ...colours, ...Object.keys(command.options)]),
    );
    expect(Object.keys(command.options)).not.toContain('quiet');
    expect(Object.keys(command.options)).not.toContain('color');
    expect('json' in command.options).toBe('reporter' in command.options);
  });

  it('are not at the commands that run a package manager, whose options they may be', () => {
    for (const command of guard.filter(isPassedOn))
      expect(optionsOf(command)).toEqual(command.options);
  });

  it('leave words behind "--" alone', () => {
    const scan = guard.find(({ name }) => name === 'scan')!;
    expect(parse(scan, ['--', '--json', '--quiet'])).toMatchObject({
      values: { reporter: 'text' },
      operands: ['--json', '--quiet'],
      isQuiet: false,
    });
  });

  it.each([
    ['scan', ['x'], true],
    ['scan', ['--json', 'x'], false],
    ['scan', ['--reporter', 'sarif', 'x'], false],
    ['allow', ['--list'], false],
    ['allow', ['list', '--yes'], true],
    ['allow', ['--list', '--yes'], false],
    // It may ask a question about what it prints.
    ['allow', ['list'], false],
    ['allow', ['--approve'], false],
    ['rules', [], false],
    ['completion', ['bash'], false],
    ['verify', [], true],
  ])('let --quiet hold back what %s %j prints: %j', (name, args, isReport) => {
    const command = guard.find((candidate) => candidate.name === name)!;
    expect(parse(command, [...args, '--quiet'])).toMatchObject({ isQuiet: true, isReport });
  });
});

describe.each(PROGRAMS)('the first screen of $name', (program) => {
  const definitions = program === TARWARDEN ? guard : server;
  const lines = firstScreen(program, definitions, 'https://git.example/t#readme').split('\n');

  it('has 24 lines of 80 columns', () => {
    expect(lines.at(-1)).toBe('');
    expect(lines.length - 1).toBeLessThanOrEqual(24);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it('has the commands that people need first, in their order', () => {
    const listed = definitions
      .filter((command) => command.firstScreen !== undefined)
      .toSorted((first, second) => first.firstScreen! - second.firstScreen!);
    const rows = listed.map(({ name, summary }) => `${name} ${summary}`);
    const shown = lines.map((line) => line.trim().replaceAll(/\s+/g, ' '));
    expect(shown.filter((line) => rows.includes(line))).toEqual(rows);
    expect(new Set(listed.map((command) => command.firstScreen)).size).toBe(listed.length);
  });

  it('names every package manager that it runs', () => {
    const managers = definitions.filter(isPassedOn).map(({ name }) => name);
    const words = new Set(lines.flatMap((line) => line.trim().split(' ')));
    expect(managers.filter((name) => !words.has(name))).toEqual([]);
  });

  it('names the address of the documentation', () => {
    expect(lines.join('\n')).toContain('https://git.example/t#readme');
  });

  it('finds that address in the installed package, and in a checkout its pages', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tarwarden-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const main = pathToFileURL(join(folder, 'bin/tarwarden.js')).href;
    expect(documentationOf(main)).toBe('docs/README.md in the repository');
    writeFileSync(join(folder, 'package.json'), '{"homepage":"https://owner.invalid/t#readme"}');
    expect(documentationOf(main)).toBe('docs/README.md in the repository');
    writeFileSync(join(folder, 'package.json'), '{"homepage":"https://git.example/t#readme"}');
    expect(documentationOf(main)).toBe('https://git.example/t#readme');
  });

  it('has an example that parses', () => {
    const [, name = '', args = ''] = /^\S+ (\S+)([^#]*)/.exec(program.firstScreen.example) ?? [];
    const command = definitions.find((candidate) => candidate.name === name)!;
    expect(() => parse(command, args.split(' ').filter(Boolean))).not.toThrow();
  });
});
