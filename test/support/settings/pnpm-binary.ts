/**
 * The settings that pnpm 12 takes in pnpm-workspace.yaml. Candidates are every word of its changelog, and every piece of
 * the text in the program where names of settings lie without separators; pnpm itself says which it does not recognise.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeSandbox, type Sandbox } from '../sandbox.ts';

/** Where to look in the program: before and after the first place of a name. */
const WINDOWS: readonly (readonly [name: string, before: number, after: number])[] = [
  ['ignorePnpmfile', 1500, 1000],
  ['bootConfig', 100, 2600],
];

/** Longer than any name, with room. */
const MAX_LENGTH = 40;

/** Names asked for at a time: pnpm's answer to more takes longer. */
const BATCH = 4000;

/** Every setting that the pnpm of `folder` does something with, among `others` and what its program holds. */
export function settingsOfPnpm12(folder: string, others: readonly string[]): string[] {
  const program = join(folder, 'pnpm');
  const found = new Set(others);
  const text = readFileSync(program).toString('latin1');
  for (const [name, before, after] of WINDOWS) {
    const at = text.indexOf(name);
    if (at < 0) throw new RangeError(`pnpm 12 does not hold ${name}`);
    for (const piece of pieces(text.slice(at - before, at + after))) found.add(piece);
  }
  const changelog = readFileSync(join(folder, 'CHANGELOG.md'), 'utf8');
  for (const [word] of changelog.matchAll(/\b[a-z][A-Za-z]{1,39}\b/g)) found.add(word);
  const sandbox = makeSandbox();
  try {
    const all = [...found];
    const known: string[] = [];
    for (let at = 0; at < all.length; at += BATCH)
      known.push(...ask(program, sandbox, all.slice(at, at + BATCH)));
    return known;
  } finally {
    sandbox.dispose();
  }
}

function pieces(text: string): string[] {
  const found: string[] = [];
  for (const [word] of text.matchAll(/[A-Za-z]+/g))
    for (let from = 0; from < word.length; from++) {
      if (!/[a-z]/.test(word.charAt(from))) continue;
      const last = Math.min(word.length, from + MAX_LENGTH);
      for (let to = from + 2; to <= last; to++) found.push(word.slice(from, to));
    }
  return found;
}

/** Of these names, the ones that pnpm knows: it warns of the others, and rejects an empty map where it wants another type. */
function ask(program: string, sandbox: Sandbox, names: readonly string[]): string[] {
  const known: string[] = [];
  let left = names;
  for (;;) {
    const lines = left.map((name) => `"${name}": {}\n`);
    writeFileSync(join(sandbox.project, 'pnpm-workspace.yaml'), lines.join(''));
    const { status, stdout, stderr } = spawnSync(program, ['root'], {
      cwd: sandbox.project,
      env: sandbox.env,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      timeout: 60_000,
    });
    const said = `${stdout}\n${stderr}`;
    if (status === 0) {
      const unknown = new Set(unrecognised(said));
      return [...known, ...left.filter((name) => !unknown.has(name))];
    }
    const line = Number(/line\s+(\d+)\s+column/.exec(said)?.[1] ?? '0');
    const wrong = left[line - 1];
    if (wrong === undefined) throw new Error(`pnpm 12 does not answer: ${said.slice(0, 500)}`);
    known.push(wrong);
    left = left.filter((name) => name !== wrong);
  }
}

/** The names of the warning, each perhaps with a similar one in brackets behind it. */
function unrecognised(text: string): string[] {
  const list =
    /not recognized by this version of pnpm and were ignored: (.*)/.exec(text)?.[1] ?? '';
  return [...list.matchAll(/(?:^|, )"([^"]+)"/g)].map(([, name = '']) => name);
}
