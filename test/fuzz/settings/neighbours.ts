/** Code that the subjects of pip, RubyGems, Bundler, go and netrc share. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientContext, type SettingsLayer, type ClientContext } from '@tarwarden/settings';
import { putFiles } from '../../support/put-file.ts';
import type { Random } from '../random.ts';
import type { Answer, SettingsCase, SettingsSubject, WrittenCase } from './subject.ts';

/** The environment of a case. `@` at the beginning of a value, and behind a colon, is the case's folder. */
export function environmentOf({ env, folder }: WrittenCase): Record<string, string> {
  const own = Object.entries(env).map(([name, value]) => [
    name,
    value.replaceAll(/(?<=^|:)@/g, folder),
  ]);
  return { HOME: join(folder, 'home'), ...Object.fromEntries(own) };
}

export function whereIs(written: WrittenCase): ClientContext {
  const env = { PATH: process.env['PATH'] ?? '', ...environmentOf(written) };
  return clientContext({ folder: join(written.folder, 'project'), env });
}

/** Starts a program that reads all cases as JSON and prints all answers. */
export function askAll(
  program: string,
  args: readonly string[],
  cases: readonly WrittenCase[],
): readonly Answer[] {
  const input = JSON.stringify(
    cases.map((written) => ({
      env: environmentOf(written),
      folder: written.folder,
      project: join(written.folder, 'project'),
    })),
  );
  const stdout = execFileSync(program, args, {
    input,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
    maxBuffer: 1 << 28,
  });
  return JSON.parse(stdout) as readonly Answer[];
}

/** Starts a program for one case. Undefined if it fails. */
export async function askOne(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Record<string, string> },
): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, args, { ...options, encoding: 'utf8' }, (error, stdout) =>
      resolve(error === null ? stdout : undefined),
    );
  });
}

/** All settings of layers, each from the strongest that has it. */
export function inForce(layers: readonly SettingsLayer[]): Answer {
  if (layers.some(({ unreadable }) => unreadable !== undefined)) return 'refused';
  const entries = layers.toReversed().flatMap(({ values }) => [...values]);
  return Object.fromEntries(entries.map(([name, value]) => [name, textFor(value)]));
}

/** A value as JSON, with its names in order. A text stays as it is. */
export function textFor(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value, (_, inner: unknown) =>
    inner instanceof Map ? Object.fromEntries(inner) : inner,
  );
}

/** Lines of a file: most are ordinary, some are odd, with any end of line. */
export function lines(random: Random, line: (at: number) => string): string {
  const count = 1 + random.int(9);
  const end = random.pick(['\n', '\n', '\n', '\r\n', '\r']);
  const all = Array.from(
    { length: count },
    (_, at) => line(at) + (random.chance(20) ? '\r' : '') + end,
  );
  return (random.chance(40) ? '\uFEFF' : '') + all.join('');
}

/** Pieces of text that some reader treats in its own way. */
export function oddText(random: Random): string {
  const pieces = [
    'https://a.test/',
    'x',
    '"',
    "'",
    '#',
    ' # y',
    ';',
    '=',
    ':',
    ': ',
    ' ',
    '\t',
    '%',
    '%(x)s',
    '${HOME}',
    '\\',
    '\\u0041',
    '\u00A0',
    '\u0085',
    '\u2028',
    '\u001C',
    'false',
    '1',
    '[]',
    '- ',
    '&a ',
    '*a',
    '__',
    '-',
    '.',
    '~',
    ',',
  ];
  return Array.from({ length: 1 + random.int(4) }, () => random.pick(pieces)).join('');
}

export interface Answers {
  readonly client: Answer | undefined;
  readonly ours: Answer;
}

/** Writes cases to folders, and gives for each what the client says and what we say. */
export async function answersTo(
  cases: readonly SettingsCase[],
  { ask, read }: Pick<SettingsSubject, 'ask' | 'read'>,
): Promise<readonly Answers[]> {
  const root = mkdtempSync(join(tmpdir(), 'tarwarden-settings-'));
  try {
    const all = cases.map((made, index): WrittenCase => {
      const folder = join(root, String(index));
      for (const name of ['home', 'project']) mkdirSync(join(folder, name), { recursive: true });
      putFiles(folder, made.files);
      return { ...made, folder };
    });
    const answers = await ask(all);
    return all.map((written, index) => {
      const shown = (answer: Answer | undefined): Answer | undefined =>
        answer === undefined || answer === 'refused'
          ? answer
          : Object.fromEntries(
              Object.entries(answer).map(([name, value]) => [
                name,
                value.replaceAll(written.folder, '@'),
              ]),
            );
      return { client: shown(answers[index]), ours: shown(read(written))! };
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
