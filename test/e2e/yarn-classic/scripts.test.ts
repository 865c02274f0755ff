/** Scripts that Yarn 1 starts: what they call is guarded as well. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { freshEach } from '../../support/fresh-each.ts';
import { managerFolder } from '../../support/managers.ts';
import {
  closeBench,
  duplicate,
  expectRefused,
  guarded,
  installedIn,
  makeBench,
  must,
  PROJECT,
  publish,
  SUBJECT,
  unguarded,
} from './guarded.ts';

const bench = freshEach(() => makeBench(), closeBench);
beforeEach(() => publish(bench, duplicate(bench)));

const classic = (...path: string[]): string => join(managerFolder('yarn-1'), ...path);
const rc = (...lines: string[]): void =>
  bench.sandbox.write({ '.yarnrc': `${lines.join('\n')}\n` });

describe('a script', () => {
  const go = (): string => `yarn add ${SUBJECT} --registry ${bench.registry.url}`;

  test('is guarded where .yarnrc sets its NODE_OPTIONS', async () => {
    rc('env:', '  NODE_OPTIONS "--no-warnings"');
    const scripts = { go: go(), show: 'echo "[$NODE_OPTIONS]"' };
    bench.sandbox.write({ 'package.json': { ...PROJECT, scripts } });
    expect((await must(guarded(bench, ['run', 'show']))).stdout).toMatch(
      /\[--require \S*yarn-classic\/preload\.cjs --require \S*preload\.cjs --no-warnings\]/,
    );
    expectRefused(bench, await guarded(bench, ['run', 'go']));
  });

  test('that clears the variable is guarded: its yarn is the one that runs it', async () => {
    const scripts = { go: `NODE_OPTIONS= ${go()}` };
    bench.sandbox.write({ 'package.json': { ...PROJECT, scripts } });
    expectRefused(bench, await guarded(bench, ['run', 'go']));
    await must(unguarded(bench, ['run', 'go']));
  });

  test('that clears the variable, and names a Yarn by its path, is not', async () => {
    const yarn = `NODE_OPTIONS= node ${classic('bin/yarn.js')}`;
    const scripts = { go: `${yarn} add ${SUBJECT} --registry ${bench.registry.url}` };
    bench.sandbox.write({ 'package.json': { ...PROJECT, scripts } });
    await must(guarded(bench, ['run', 'go']));
    expect(existsSync(installedIn(bench))).toBe(true);
  });

  test('that hides the failure of what it starts does not hide the refusal', async () => {
    bench.sandbox.write({ 'package.json': { ...PROJECT, scripts: { go: `${go()} || true` } } });
    const result = await guarded(bench, ['run', 'go']);
    expectRefused(bench, result);
    expect(result.stderr).toContain('a package was refused');
  });
});
