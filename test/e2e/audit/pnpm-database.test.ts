/** `tarwarden audit --cache` on stores of pnpm 11 and 12, whose index is a database that newer Nodes read. */
import { readdirSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { symlink } from '../../support/attacks/links.ts';
import { execute } from '../../support/execute.ts';
import { freshAll } from '../../support/fresh-each.ts';
import { available, nodePath, run, type ManagerName } from '../../support/managers.ts';
import { startRegistry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { tree } from '../../support/tree.ts';
import { audited, auditedBy, type Audited } from './audited.ts';

const registry = freshAll(() =>
  startRegistry({
    packages: [
      { name: 'a' },
      { name: '@scope/b' },
      { name: 'evil', tgz: symlink.build({ name: 'evil', version: '1.0.0' }) },
    ],
  }),
);
let sandbox: Sandbox;

afterEach(() => sandbox.dispose());

async function filled(manager: ManagerName, ...names: string[]): Promise<void> {
  const dependencies = Object.fromEntries(names.map((name) => [name, '1.0.0']));
  sandbox = makeSandbox({
    registry: registry.url,
    project: { 'package.json': { name: 'app', version: '1.0.0', dependencies } },
  });
  const args = ['install', '--ignore-scripts'];
  const installed = await run(manager, args, { sandbox, env: { CI: undefined } });
  expect(installed).toMatchObject({ code: 0 });
}

const store = (): string => join(sandbox.pnpmStore, 'v11');
const cacheAudit = async (): Promise<Audited> => auditedBy('node-24', sandbox, '--cache');

/** Runs SQL in the index, as somebody would who poisons it. */
async function sql(...statements: string[]): Promise<void> {
  const code = `const { DatabaseSync } = require('node:sqlite');
const database = new DatabaseSync(process.argv[1]);
for (const one of process.argv.slice(2)) database.exec(one);
database.exec('pragma wal_checkpoint(truncate)');
database.close();`;
  const argv = ['-e', code, join(store(), 'index.db'), ...statements];
  const changed = await execute(nodePath('node-24'), argv, { cwd: store(), env: process.env });
  expect(changed).toMatchObject({ code: 0 });
}

/** SHA-512 of `index.js`, as the index has it. */
const DIGEST = createHash('sha512').update('module.exports = 1\n').digest('hex');

const hexOf = (text: string): string => Buffer.from(text).toString('hex');

/** Changes bytes in every row of a package. */
function changing(name: string, from: string, to: string): string {
  const data = `unhex(replace(hex(data), upper('${hexOf(from)}'), upper('${hexOf(to)}')))`;
  return `update package_index set data = ${data} where key like '%${name}@1.0.0'`;
}

async function poisoned(): Promise<string> {
  const { code, packages } = await cacheAudit();
  const rejected = packages.filter(({ status }) => status === 'reject');
  expect(rejected.map((one) => one.package?.name)).toEqual(['a']);
  expect(code).toBe(1);
  const checks = rejected[0]?.checks.filter(({ level }) => level === 'error') ?? [];
  expect(new Set(checks.map(({ id }) => id))).toEqual(new Set(['cache-mismatch']));
  return checks.map(({ message }) => message).join('\n');
}

const managers: ManagerName[] = ['pnpm-11', 'pnpm-12'];

describe.each(managers)('the store of %s', (manager) => {
  const isMissing = !available(manager, 'node-24').ok;

  it.skipIf(isMissing)('that is clean is accepted, and nothing in it is changed', async () => {
    await filled(manager, 'a', '@scope/b');
    const before = tree(sandbox.pnpmStore);
    const found = await cacheAudit();
    expect(found.with('reject', 'error')).toEqual([]);
    expect(found.with('accept').toSorted()).toEqual(['@scope/b@1.0.0', 'a@1.0.0']);
    expect(found.packages.flatMap(({ checks }) => checks)).toEqual([]);
    expect(found.code).toBe(0);
    expect(found.stderr).not.toContain('ExperimentalWarning');
    expect(tree(sandbox.pnpmStore)).toEqual(before);
  });

  it.skipIf(isMissing)('has a hostile archive that it was made of named', async () => {
    await filled(manager, 'a', 'evil');
    const found = await cacheAudit();
    expect(found.with('reject')).toEqual(['evil@1.0.0']);
    expect(found.code).toBe(1);
  });

  it.skipIf(isMissing)('has a file named whose content was changed', async () => {
    await filled(manager, 'a');
    const file = readdirSync(join(store(), 'files'), { recursive: true, encoding: 'utf8' })
      .map((name) => join(store(), 'files', name))
      .find((name) => name.endsWith(DIGEST.slice(2)));
    writeFileSync(file!, 'stolen()');
    expect(await poisoned()).toMatch(/a file of pnpm’s store .* changed "index.js"/);
  });

  it.skipIf(isMissing)('has a file named that its index has by another name', async () => {
    await filled(manager, 'a');
    await sql(changing('a', 'index.js', 'inDex.js'));
    expect(await poisoned()).toMatch(/missing "index.js"; added "inDex.js"/);
  });

  it.skipIf(isMissing)('has a file named that its index leads to other content for', async () => {
    await filled(manager, 'a');
    await sql(changing('a', DIGEST, '0'.repeat(128)));
    expect(await poisoned()).toMatch(/index of pnpm’s store .* changed "index.js"/);
  });

  it.skipIf(isMissing)('has an index named that is not one', async () => {
    await filled(manager, 'a');
    await sql("update package_index set data = x'c1'");
    expect(await poisoned()).toContain('it cannot be read');
  });

  it.skipIf(isMissing)(
    'has the index of one package named that is filed as that of another',
    async () => {
      await filled(manager, 'a', '@scope/b');
      await sql(
        "update package_index set data = (select data from package_index where key like '%@scope/b@1.0.0')",
      );
      expect(await poisoned()).toContain('it is that of another package');
    },
  );

  it.skipIf(isMissing)(
    'is not inspected where it is read in a form that is not known',
    async () => {
      await filled(manager, 'a');
      await sql(
        'alter table package_index rename to rows',
        'create view package_index as with recursive n(i) as (select 1 union all select i + 1 from n) select i as key, i as data from n where 0',
      );
      const { code, packages } = await cacheAudit();
      expect(packages.map(({ error }) => error?.message)).toEqual([
        'the index of this store has a form that is not known',
      ]);
      expect(code).toBe(2);
    },
  );

  it.skipIf(isMissing)('is not inspected where the index is not a database', async () => {
    await filled(manager, 'a');
    writeFileSync(join(store(), 'index.db'), 'no database, but as long as one would have to be');
    const { code, packages } = await cacheAudit();
    expect(packages[0]?.error?.message).toContain('the index of this store cannot be read');
    expect(code).toBe(2);
  });

  it('is read by each version of Node', async () => {
    await filled(manager, 'evil');
    const { code, packages } = await audited(sandbox, '--cache');
    expect(packages.some(({ status }) => status === 'reject')).toBe(true);
    expect(code).toBe(1);
  });
});

it.skipIf(!available('pnpm-12').ok)(
  'a tar’s integrity of pnpm 12 that leads to other files is named',
  async () => {
    await filled('pnpm-12', 'a', '@scope/b');
    await sql(
      "update package_index_alias set target = (select key from package_index where key like '%\ta@1.0.0')",
    );
    expect(await poisoned()).toContain('filed under the integrity of other content');
  },
);
