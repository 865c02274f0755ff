/** Every way in which a module reaches go: a hostile one is refused on each, and a clean one passes. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  guarded,
  MODULE,
  SUBJECT,
  unpackedAt,
  VERSION,
  useGoBench,
  type Bench,
} from '../../support/go/bench.ts';
import { goAttacks } from '../../support/attacks/go-zip.ts';
import { goSum, moduleZip } from '../../support/go/module-zip.ts';
import { fileProxy } from '../../support/go/proxy.ts';

const hostile = goAttacks.find(({ name }) => name === 'symlink')!.bytes;

/** What go.sum says of zips. Of go.mod files, which go reads before, it may say more. */
function sumsOf({ sandbox }: Bench): string[] {
  const file = join(sandbox.project, 'go.sum');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  return lines.filter((line) => line !== '' && !line.includes('/go.mod '));
}

interface Road {
  readonly args?: readonly string[];
  readonly env?: (bench: Bench) => NodeJS.ProcessEnv;
  /** What the project needs for it. */
  readonly before?: (bench: Bench, zip: Uint8Array) => void;
}

const replaced = `module example.org/project

go 1.21

require example.org/asked v1.0.0

replace example.org/asked => ${SUBJECT} ${VERSION}
`;

const roads: Readonly<Record<string, Road>> = {
  'mod download': { args: ['mod', 'download'] },
  build: { args: ['build', './...'] },
  run: { args: ['run', '.'] },
  get: { args: ['get', MODULE] },
  'get, at its newest': { args: ['get', `${SUBJECT}@latest`] },
  'mod tidy': { args: ['mod', 'tidy'] },
  'mod vendor, pinned by go.sum': {
    args: ['mod', 'vendor'],
    before: ({ sandbox }, zip) => sandbox.write({ 'go.sum': goSum(MODULE, zip) }),
  },
  'build, pinned by go.sum': {
    args: ['build', './...'],
    env: () => ({ GOFLAGS: '' }),
    before: ({ sandbox }, zip) => sandbox.write({ 'go.sum': goSum(MODULE, zip) }),
  },
  test: { args: ['test', './...'] },
  'list of packages': { args: ['list', '-deps', './...'] },
  replace: {
    args: ['mod', 'download', 'example.org/asked'],
    before: ({ sandbox }) => sandbox.write({ 'go.mod': replaced }),
  },
  workspace: {
    args: ['build', './...'],
    before: ({ sandbox }) => sandbox.write({ 'go.work': 'go 1.21\n\nuse .\n' }),
    env: () => ({ GOFLAGS: '' }),
  },
  'list with a comma': { env: ({ proxy }) => ({ GOPROXY: `${proxy.url}/none,${proxy.url}` }) },
  'list with a bar': {
    env: ({ proxy }) => ({ GOPROXY: `http://127.0.0.1:1|${proxy.url}|direct` }),
  },
  'a file: proxy': { env: ({ proxy, sandbox }) => ({ GOPROXY: fileProxy(proxy, sandbox.root) }) },
  'go env -w': {
    env: ({ proxy, sandbox }) => {
      sandbox.write({ 'go/env': `GOPROXY=${proxy.url}\n` }, sandbox.env['XDG_CONFIG_HOME']);
      return { GOPROXY: undefined };
    },
  },
};

describe('go', { tags: ['go'] }, () => {
  const bench = useGoBench();

  describe.each(Object.entries(roads))('%s', (_name, { args = ['mod', 'download'], ...road }) => {
    test('refuses a hostile module', async () => {
      bench.proxy.publish({ module: MODULE, zip: hostile });
      road.before?.(bench, hostile);
      const sums = sumsOf(bench);
      const manifest = readFileSync(join(bench.sandbox.project, 'go.mod'), 'utf8');
      const { code, stderr } = await guarded(bench, args, { env: road.env?.(bench) ?? {} });
      expect(code).toBe(1);
      expect(stderr).toContain(`tarwarden: refused ${MODULE}: this archive is not safe to unpack`);
      expect(stderr).toContain('error    symlink');
      expect(existsSync(unpackedAt(bench))).toBe(false);
      expect(sumsOf(bench)).toEqual(sums);
      expect(readFileSync(join(bench.sandbox.project, 'go.mod'), 'utf8')).toBe(manifest);
      bench.sandbox.assertSentinelUntouched();
    });

    test('passes a clean one', async () => {
      bench.proxy.publish({ module: MODULE });
      road.before?.(bench, moduleZip({ module: MODULE }));
      const { code, stderr } = await guarded(bench, args, { env: road.env?.(bench) ?? {} });
      expect(`${code} ${stderr}`).toMatch(/^0 /);
      expect(existsSync(unpackedAt(bench))).toBe(true);
      expect(stderr).not.toContain('tarwarden');
    });
  });

  test.each(['install', 'run'])('%s of a program by its version', async (command) => {
    const program = {
      'go.mod': `module ${SUBJECT}\n\ngo 1.21\n`,
      'main.go': 'package main\n\nfunc main() { println("ran") }\n',
    };
    bench.proxy.publish({ module: MODULE, zip: hostile });
    const refused = await guarded(bench, [command, MODULE]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`refused ${MODULE}`);
    bench.proxy.publish({ module: MODULE, files: program });
    const passed = await guarded(bench, [command, MODULE], { env: { GOFLAGS: '' } });
    expect(`${passed.code} ${passed.stderr}`).toMatch(command === 'run' ? /ran\n$/ : /^0 /);
  });
});
