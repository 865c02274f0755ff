// @module-tag postgresql
// @module-tag redis
/* Data that an older version has left, and data that was backed up and restored with the commands of docs/server/backup-and-upgrade.md. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readPinnedKeys, verdictAmong } from '@tarwarden/host/signed-verdicts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { envelopesOf, Ledger } from '../../../packages/server/src/sweep/ledger/ledger.ts';
import { openStorage } from '../../../packages/server/src/verdict-server/storage.ts';
import { repository } from '../../support/managers.ts';
import { postgresPrograms } from '../../support/requirements.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { startPostgres, startRedis, type Server } from '../../support/servers.ts';
import { fill } from '../sweep/ledger-rows.ts';
import { tarwarden } from '../sweep/support.ts';

const fixture = (name: string): string =>
  readFileSync(join(repository, 'test/fixtures/server', name), 'utf8');

interface OldVerdicts {
  readonly key: string;
  /** By path below the folder. */
  readonly files: Readonly<Record<string, string>>;
}

const verdicts = JSON.parse(fixture('verdicts-1.json')) as OldVerdicts;

let folder: string;
let sandbox: Sandbox;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tarwarden-old-'));
  sandbox = makeSandbox();
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  sandbox.dispose();
});

const page = readFileSync(join(repository, 'docs/server/backup-and-upgrade.md'), 'utf8');

/** Runs a command of the page with other addresses and files. @throws Error if it fails, or if the page has no such command. */
function run(command: string, replaced: Readonly<Record<string, string>>): void {
  if (!page.includes(`\n${command}\n`)) throw new Error(`not on the page: ${command}`);
  const [program = '', ...args] = command.split(' ').map((word) => {
    const found = Object.entries(replaced).find(([placeholder]) => word.includes(placeholder));
    return found === undefined ? word : word.replace(...found);
  });
  const path = `${postgresPrograms()}:${process.env['PATH']}`;
  execFileSync(program, args, { env: { ...process.env, PATH: path }, stdio: 'pipe' });
}

describe('a ledger of PostgreSQL', () => {
  let server: Server;
  const open: Ledger[] = [];
  const opened = async (url: string): Promise<Ledger> => {
    const ledger = await Ledger.open(url, () => undefined);
    open.push(ledger);
    return ledger;
  };
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterEach(async () => {
    for (const ledger of open.splice(0)) await ledger.close();
  });
  afterAll(async () => server.close());

  /** A database in the server with the ledger of version 0.1.0. */
  async function databaseNamed(name: string): Promise<string> {
    const first = await opened(server.url);
    await first.pool.query(`create database ${name}`);
    const url = server.url.replace(/sweep$/, name);
    const psql = join(postgresPrograms()!, 'psql');
    const options = ['--quiet', '--set', 'ON_ERROR_STOP=1', '--dbname', url];
    execFileSync(psql, options, {
      input: fixture('ledger-1.sql'),
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    return url;
  }

  const COUNTS = `select (select count(*)::int from tarwarden_sweep.verdict) as verdicts,
    (select count(*)::int from tarwarden_sweep.not_inspected) as failed`;

  it('of an older version is read, continued and written', async () => {
    const ledger = await opened(await databaseNamed('old'));
    expect(await ledger.tasks('default', '', 10)).toMatchObject([
      { kind: 'package', name: 'waiting' },
    ]);
    expect(await ledger.cursor('feed:http://registry.example.com')).toBe('41-abc');
    const envelopes: string[] = [];
    for await (const envelope of envelopesOf(ledger)) envelopes.push(envelope);
    expect(envelopes.toSorted()).toEqual(Object.values(verdicts.files).toSorted());
    await fill(ledger, [{ name: 'new' }]);
    expect((await ledger.pool.query(COUNTS)).rows).toEqual([{ verdicts: 3, failed: 1 }]);
  });

  it('that was dumped and restored gives the same answers', async () => {
    const url = await databaseNamed('dumped');
    const dump = join(folder, 'ledger.dump');
    run('pg_dump --format=custom --file=ledger.dump postgres://pg.example.com/tarwarden', {
      'ledger.dump': dump,
      'postgres://pg.example.com/tarwarden': url,
    });
    const first = await opened(server.url);
    await first.pool.query('create database restored');
    const restored = server.url.replace(/sweep$/, 'restored');
    run(
      'pg_restore --no-owner --exit-on-error --dbname=postgres://pg.example.com/restored ledger.dump',
      {
        'postgres://pg.example.com/restored': restored,
        'ledger.dump': dump,
      },
    );
    const [before, after] = [await opened(url), await opened(restored)];
    for (const table of [
      'verdict',
      'occurrence',
      'envelope',
      'not_inspected',
      'task',
      'cursor',
      'migration',
    ]) {
      const rows = `select * from tarwarden_sweep.${table} order by 1, 2`.replace(
        /, 2$/,
        table === 'migration' ? '' : ', 2',
      );
      expect((await after.pool.query(rows)).rows).toEqual((await before.pool.query(rows)).rows);
    }
    const report = async (ledger: string) =>
      tarwarden(sandbox, ['sweep', 'report', '--ledger', ledger, '--reporter', 'json']);
    const [old, own] = [await report(url), await report(restored)];
    expect(own).toMatchObject({ code: 0, stdout: old.stdout });
  });

  it('of a newer version is refused in one sentence, and stays as it is', async () => {
    const url = await databaseNamed('newer');
    const ledger = await opened(server.url.replace(/sweep$/, 'newer'));
    await ledger.pool.query('insert into tarwarden_sweep.migration values (999)');
    const { code, stdout, stderr } = await tarwarden(sandbox, ['sweep', 'report', '--ledger', url]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('the ledger was made by a newer version of tarwarden');
    expect(stderr).not.toMatch(/\n\s+at /);
    expect((await ledger.pool.query(COUNTS)).rows).toEqual([{ verdicts: 2, failed: 1 }]);
  });
});

describe('signed verdicts of an older version', () => {
  const { key, files } = verdicts;
  const trust = { keys: readPinnedKeys([{ key }], 'verdicts'), today: '2026-12-01' };

  /** The statuses of all, as a storage has them. */
  async function statuses(address: string): Promise<(string | undefined)[]> {
    const storage = await openStorage(address, {});
    try {
      return await Promise.all(
        Object.keys(files).map(async (path) => {
          const asked = /\/([0-9a-f]{64})/.exec(path)![1]!;
          return (await verdictAmong(await storage.get(asked), asked, trust))?.verdict.status;
        }),
      );
    } finally {
      await storage.close();
    }
  }
  const wanted = Object.keys(files).map((path) => (path.endsWith('.reject') ? 'reject' : 'accept'));

  it('are read in a folder, and in a copy of it', async () => {
    const old = join(folder, 'verdicts');
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(old, path)), { recursive: true });
      writeFileSync(join(old, path), text);
    }
    expect(wanted.toSorted()).toEqual(['accept', 'reject']);
    expect(await statuses(old)).toEqual(wanted);
    const archive = join(folder, 'verdicts.tar');
    run('tar --create --file=verdicts.tar --directory=/var/lib/tarwarden/verdicts .', {
      '--directory=/var/lib/tarwarden/verdicts': `--directory=${old}`,
      'verdicts.tar': archive,
    });
    const copy = join(folder, 'copy');
    mkdirSync(copy);
    execFileSync('tar', ['--extract', `--file=${archive}`, `--directory=${copy}`]);
    cpSync(copy, old, { recursive: true });
    expect(await statuses(copy)).toEqual(wanted);
  });

  it('are read in a Redis that was started with a snapshot of another one', async () => {
    const first = await startRedis();
    const snapshot = join(folder, 'verdicts.rdb');
    try {
      for (const [path, text] of Object.entries(files))
        execFileSync(
          'redis-cli',
          ['-u', first.url, '-x', 'set', `tarwarden:${path.replace('/', ':')}`],
          {
            input: text,
          },
        );
      // Redis waits for five seconds whether other programs want a snapshot as well.
      const hurry = ['config', 'set', 'repl-diskless-sync-delay', '0'];
      execFileSync('redis-cli', ['-u', first.url, ...hurry], { stdio: 'ignore' });
      run('redis-cli -u redis://redis.example.com --rdb verdicts.rdb', {
        'redis://redis.example.com': first.url,
        'verdicts.rdb': snapshot,
      });
    } finally {
      await first.close();
    }
    const second = await startRedis(snapshot);
    try {
      expect(await statuses(second.url)).toEqual(wanted);
    } finally {
      await second.close();
    }
  });
});
