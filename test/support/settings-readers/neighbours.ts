/** Code that the subjects of pip, RubyGems, Bundler, go and netrc share. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientContext, type SettingsLayer, type ClientContext } from '@tarwarden/clients/settings';
import { putFiles } from '../put-file.ts';
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
function textFor(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value, (_, inner: unknown) =>
    inner instanceof Map ? Object.fromEntries(inner) : inner,
  );
}

interface Answers {
  readonly client: Answer | undefined;
  readonly ours: Answer;
}

/** Writes cases to folders, and gives for each what the client says and what we say. */
export async function answersTo(
  cases: readonly SettingsCase[],
  subject: SettingsSubject,
): Promise<readonly Answers[]> {
  const root = mkdtempSync(join(tmpdir(), 'tarwarden-settings-'));
  try {
    const all = cases.map((made, index): WrittenCase => {
      const folder = join(root, String(index));
      for (const name of ['home', 'project']) mkdirSync(join(folder, name), { recursive: true });
      putFiles(folder, made.files);
      return { ...made, folder };
    });
    const answers = await subject.ask(all);
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
      return { client: shown(answers[index]), ours: shown(subject.read(written))! };
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
