/** The examples in the READMEs of the packages run as they are. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, it, vi } from 'vitest';
import { freshFolder } from '../support/fresh-folder.ts';
import { repository } from '../support/managers.ts';
import { tgz } from '../support/pkg.ts';

const before = process.cwd();
let folder: string;

freshFolder((made) => {
  folder = made;
  writeFileSync(join(folder, 'left-pad-1.3.0.tgz'), tgz({ name: 'left-pad', version: '1.3.0' }));
  // Without the policy of whoever runs the test.
  vi.stubEnv('XDG_CONFIG_HOME', folder);
  process.chdir(folder);
});
afterEach(() => process.chdir(before));

/** Runs the example of a README; what it printed. */
async function run(name: string): Promise<string> {
  const text = readFileSync(join(repository, `packages/${name}/README.md`), 'utf8');
  const [, example] = /^```ts\n([^]*?)^```$/m.exec(text) ?? [];
  if (example === undefined) throw new RangeError(`${name} has no example`);
  const printed: unknown[] = [];
  vi.spyOn(console, 'log').mockImplementation((...values) => void printed.push(...values));
  const file = join(folder, 'example.ts');
  writeFileSync(file, example);
  await import(/* @vite-ignore */ pathToFileURL(file).href);
  return printed.join('\n');
}

it.each([
  ['core', /^accept$/],
  ['doctor', /^0 holes$/],
  ['guard', /^unpacked$/],
  ['audit', /^0\n1$/],
  ['clients', /^yarn-classic\nleft-pad\n0$/],
  ['npm-wrapper', /--require \/opt\/tarwarden\/preload\.cjs/],
  ['yarn-classic-wrapper', /^--require \/opt\/tarwarden\/yarn-classic\/preload\.cjs --require /],
])('%s', async (name, printed) => {
  expect(await run(name)).toMatch(printed);
});
