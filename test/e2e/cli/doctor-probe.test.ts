/** `tarwarden doctor --probe`, as it is built, on real managers and on a library with a planted hole. */
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { freshEach } from '../../support/fresh-each.ts';
import { runtimeFolder } from '../../support/managers.ts';
import { NAIVE_TAR } from '../../unit/doctor/naive-tar.ts';
import { makePlace } from './sandbox.ts';

const place = freshEach(() => makePlace());
let project: string;
let bin: string;
beforeEach(() => {
  [project, bin] = [join(place.root, 'project'), join(place.root, 'bin')];
  for (const folder of [join(project, '.git'), bin]) mkdirSync(folder, { recursive: true });
});

interface Line {
  readonly type: 'hole' | 'probe' | 'problem' | 'summary';
  readonly title?: string;
}

/** Runs doctor in the project, with a PATH of one folder. */
async function doctor(args: readonly string[]): Promise<{ code: number | null; lines: Line[] }> {
  const { code, stdout } = await place.run(['doctor', '--reporter', 'ndjson', ...args], {
    env: { PATH: bin },
    cwd: project,
  });
  const lines = stdout.trimEnd().split('\n');
  return { code, lines: lines.map((line) => JSON.parse(line) as Line) };
}

describe.skipIf(process.platform === 'win32')('--probe', () => {
  it('finds a library with a hole that no record knows', async () => {
    place.put('project/node_modules/tar/package.json', '{"name":"tar","version":"99.0.0"}');
    place.put('project/node_modules/tar/index.js', NAIVE_TAR);
    const { code, stdout } = await place.run(['doctor', '--probe'], {
      env: { PATH: bin },
      cwd: project,
    });
    expect(stdout).toContain('  tar 99.0.0  ');
    expect(stdout).toMatch(
      /WROTE OUTSIDE its folder, by a path with "\.\."; .*a hard link with "\.\."\n/,
    );
    expect(stdout).toContain('no known hole\n');
    expect(code).toBe(1);
  });

  it.each([
    ['npm-12', 'npm', 'bin/npm-cli.js'],
    ['pnpm-10', 'pnpm', 'bin/pnpm.cjs'],
    ['yarn-1', 'yarn', 'bin/yarn.js'],
  ])('sees that %s keeps everything inside', async (name, command, file) => {
    symlinkSync(join(runtimeFolder(name), file), join(bin, command));
    symlinkSync(process.execPath, join(bin, 'node'));
    const { code, lines } = await doctor(['--probe']);
    const tried = lines.filter(({ type, title }) => type === 'probe' && title?.startsWith(command));
    expect(tried).toMatchObject([{ tried: true, escaped: [], links: [] }]);
    expect(code).toBe(0);
  });

  it.each(['yarn-3', 'yarn-4'])('sees that %s writes nothing outside', async (name) => {
    symlinkSync(join(runtimeFolder(name), 'bin/yarn.js'), join(bin, 'yarn'));
    symlinkSync(process.execPath, join(bin, 'node'));
    const { lines } = await doctor(['--probe']);
    const tried = lines.filter(({ title }) => title?.startsWith('yarn') === true);
    expect(tried).toMatchObject([{ tried: true, escaped: [] }]);
  });

  const SYSTEM = [
    ['/usr/bin/python3', /^pip .* \((?:wheel|sdist)\)$/, 2],
    ['/usr/bin/ruby', /^RubyGems /, 1],
    ['/usr/bin/go', /^go /, 1],
  ] as const;

  it.each(SYSTEM.filter(([file]) => existsSync(file)))(
    'sees that what comes with %s writes nothing outside',
    async (file, title, count) => {
      symlinkSync(file, join(bin, file.slice('/usr/bin/'.length)));
      const { lines } = await doctor(['--probe']);
      const tried = lines.filter((one) => title.test(one.title ?? ''));
      expect(tried).toHaveLength(count);
      for (const one of tried) expect(one).toMatchObject({ tried: true, escaped: [] });
    },
  );
});
