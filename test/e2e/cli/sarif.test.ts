import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Log } from 'sarif';
import { beforeEach, describe, expect, it } from 'vitest';
import { symlink } from '../../support/attacks/links.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { repository } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { makePlace } from './sandbox.ts';

/**
 * Microsoft's validator, with the rules for GitHub. It takes 104 MB, so who wants to run it installs
 * `@microsoft/sarif-multitool-linux` anywhere and names its program here.
 */
const MULTITOOL = process.env['TARWARDEN_SARIF_MULTITOOL'];

const clean = tgz({ name: 'clean', version: '1.0.0' });
const integrityOf = (bytes: Buffer): string =>
  `sha512-${createHash('sha512').update(bytes).digest('base64')}`;

const place = freshEach(() => makePlace());
beforeEach(() => {
  place.put('vendor/clean.tgz', clean);
  place.put('vendor/bad.tgz', symlink.build({ name: 'bad', version: '1.0.0' }));
});

describe('scan --reporter sarif', () => {
  it('prints one log, with paths from the root of the repository', async () => {
    const { code, stdout } = await place.run(
      ['scan', '--reporter', 'sarif', 'bad.tgz', 'clean.tgz'],
      { cwd: join(place.root, 'vendor') },
    );
    expect(code).toBe(1);
    const [run] = (JSON.parse(stdout) as Log).runs;
    expect(run!.invocations).toEqual([{ executionSuccessful: true }]);
    expect(run!.results).toMatchObject([
      {
        ruleId: 'symlink',
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'vendor/bad.tgz', uriBaseId: '%SRCROOT%' },
              region: { startLine: 1 },
            },
          },
        ],
      },
    ]);
  });

  it('exits with 2 for what could not be inspected, and says so in the log', async () => {
    const { code, stdout } = await place.run(['scan', '--reporter', 'sarif', 'missing.tgz']);
    expect(code).toBe(2);
    const [invocation] = (JSON.parse(stdout) as Log).runs[0]!.invocations!;
    expect(invocation!.executionSuccessful).toBe(false);
  });
});

const lock = (
  ...packages: readonly (readonly [
    name: string,
    version: string,
    resolved: string,
    integrity?: string,
  ])[]
) =>
  JSON.stringify({
    lockfileVersion: 3,
    packages: Object.fromEntries(
      packages.map(([name, version, resolved, integrity]) => [
        `node_modules/${name}`,
        { version, resolved, integrity },
      ]),
    ),
  });
const CLOSED = 'http://127.0.0.1:9';
/** Of a npm that has no registry. */
const NPMRC = `registry=${CLOSED}/\nfetch-retries=0\n`;

/** What each command may say: that it found something, that it could not look, and that there is nothing. */
const outputs: readonly {
  readonly name: string;
  readonly args: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly code: number;
  readonly results: boolean;
  readonly successful: boolean;
}[] = [
  {
    name: 'scan, of a rejected archive and of one that is missing',
    args: ['scan', 'vendor', 'missing.tgz'],
    code: 1,
    results: true,
    successful: false,
  },
  {
    name: 'scan, of one that is accepted',
    args: ['scan', 'vendor/clean.tgz'],
    code: 0,
    results: false,
    successful: true,
  },
  {
    name: 'audit, of a rejected archive, a foreign host and one that cannot be had',
    args: ['audit'],
    files: {
      '.npmrc': NPMRC,
      'package-lock.json': lock(
        ['bad', '1.0.0', 'file:vendor/bad.tgz'],
        ['far', '1.0.0', 'http://127.0.0.2:9/far/-/far-1.0.0.tgz'],
      ),
    },
    code: 1,
    results: true,
    successful: false,
  },
  {
    name: 'audit, of a lockfile that cannot be read',
    args: ['audit'],
    files: { 'package-lock.json': '{"lockfileVersion":99}' },
    code: 2,
    results: false,
    successful: false,
  },
  {
    name: 'audit, of what is accepted',
    args: ['audit'],
    files: {
      '.npmrc': NPMRC,
      'package-lock.json': lock(['clean', '1.0.0', 'file:vendor/clean.tgz', integrityOf(clean)]),
    },
    code: 0,
    results: false,
    successful: true,
  },
];

describe('a log', () => {
  it.each(outputs)(
    'of $name is valid by the schema',
    async ({ args, files, code, results, successful }) => {
      const { log, ...result } = await logOf(args, files);
      expect({ code: result.code, errors: schemaErrors(log) }).toEqual({ code, errors: [] });
      const [run] = log.runs;
      expect(run!.results!.length > 0).toBe(results);
      expect(run!.invocations![0]!.executionSuccessful).toBe(successful);
    },
  );

  it.skipIf(MULTITOOL === undefined).each(outputs)(
    'of $name is valid for the multitool (skipped unless TARWARDEN_SARIF_MULTITOOL names its program)',
    async ({ args, files }) => {
      const { log } = await logOf(args, files);
      expect(validationErrors(JSON.stringify(log))).toEqual([]);
    },
  );

  it.skipIf(MULTITOOL === undefined)('that is wrong is seen by the multitool', async () => {
    // It ends with 0 whatever it finds.
    const { log } = await logOf(['scan', 'vendor']);
    delete log.runs[0]!.results![0]!.locations;
    expect(validationErrors(JSON.stringify(log))).not.toEqual([]);
  });
});

async function logOf(
  [command, ...args]: readonly string[],
  files: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; log: Log }> {
  for (const [path, text] of Object.entries(files)) place.put(path, text);
  const { code, stdout, stderr } = await place.run([command!, '--reporter', 'sarif', ...args], {
    // Of this machine's programs, doctor would say what it finds.
    env: { PATH: join(place.root, 'bin') },
  });
  if (stdout === '') throw new Error(stderr);
  return { code, log: JSON.parse(stdout) as Log };
}

const isLog = new Ajv2020({ strict: false, validateFormats: false }).compile(
  JSON.parse(
    readFileSync(join(repository, 'test/fixtures/sarif-2.1.0.schema.json'), 'utf8'),
  ) as object,
);

function schemaErrors(log: Log): unknown[] {
  return isLog(log) ? [] : (isLog.errors ?? []);
}

function validationErrors(text: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'tarwarden-sarif-'));
  try {
    place.put('log.sarif', Buffer.from(text));
    const output = join(folder, 'out.sarif');
    const log = join(place.root, 'log.sarif');
    const args = ['validate', log, '--rule-kind', 'Sarif;Ghas', '-o', output];
    const { status } = spawnSync(MULTITOOL!, args, { encoding: 'utf8' });
    expect(status).toBe(0);
    const found = (JSON.parse(readFileSync(output, 'utf8')) as Log).runs.flatMap(
      (run) => run.results ?? [],
    );
    return found
      .filter(({ level }) => level === 'error')
      .map(({ ruleId, message }) => `${ruleId}: ${JSON.stringify(message)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
