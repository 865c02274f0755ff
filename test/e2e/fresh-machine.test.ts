/** The quick suite needs Node, npm and git alone: with nothing else on the PATH, each of its files is still collected. */
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { execute } from '../support/execute.ts';
import { repository } from '../support/managers.ts';
import { findProgram, TOOLS } from '../support/programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'tarwarden-fresh-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(process.platform === 'win32')(
  'collects every file without other programs',
  async () => {
    for (const name of ['node', 'npm', 'npx', ...TOOLS]) {
      const found = name === 'node' ? process.execPath : findProgram(name);
      if (found !== undefined) symlinkSync(found, join(folder, name));
    }
    const list = join(folder, 'list.json');
    const projects = ['pure', 'unit', 'smoke'].flatMap((name) => ['--project', name]);
    const vitest = join(repository, 'node_modules/vitest/vitest.mjs');
    const { code, stdout, stderr } = await execute(
      process.execPath,
      // Files that share what they import are collected in a fifth of the time, and need the same programs.
      [vitest, 'list', ...projects, '--no-isolate', `--json=${list}`],
      {
        cwd: repository,
        env: { PATH: folder, HOME: folder, TMPDIR: folder, CI: '1' },
        timeout: 280_000,
      },
    );
    expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
    const tests = JSON.parse(readFileSync(list, 'utf8')) as readonly { readonly file: string }[];
    const files = new Set(tests.map(({ file }) => file.slice(repository.length + 1)));
    // One that needs no program, and one of the real clients that npm installs.
    expect(files).toContain('test/unit/guard/source-key.test.ts');
    expect(files).toContain('test/e2e/verify/npm.test.ts');
  },
);
