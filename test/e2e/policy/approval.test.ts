/** A repository proposes an exception for its own hostile archive: it counts once the user has approved exactly that one. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { exceptionHash } from '@tarwarden/core/policy';
import type { Exception } from '@tarwarden/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { allow, approveAll } from '../../support/approval.ts';
import type { Result } from '../../support/execute.ts';
import { clients, propose, type HostileRepository } from './clients.ts';
import { plain } from './world.ts';

const hashOf = (fields: object): string => exceptionHash(fields as Exception);

describe.each(clients)('$name', ({ name, make }) => {
  let repository: HostileRepository;
  beforeEach(async () => {
    repository = await make();
  });
  afterEach(() => repository.dispose());

  const expectRefusal = async (...hashes: readonly string[]): Promise<void> => {
    const result = await repository.install();
    expect(result).not.toMatchObject({ code: 0 });
    expect(repository.landed()).toBe(false);
    for (const hash of hashes) expect(plain(result)).toContain(hash);
    if (hashes.length > 0) expect(plain(result)).toContain('tarwarden allow --approve');
  };
  const expectInstall = async (): Promise<Result> => {
    const result = await repository.install();
    expect(result).toMatchObject({ code: 0 });
    const { package: excepted, rule } = repository.exceptions[0]!;
    const said = `exception used: ${excepted}: ${rule}`;
    expect(plain(result)).toContain(said);
    expect(plain(result)).toContain(
      'until 2999-01-01, proposed by the repository, approved by you; reason: looked at',
    );
    return result;
  };

  test("refuses the repository's own exception, installs it once approved, and prints it each time", async () => {
    const { exceptions, cwd } = repository;
    propose(cwd, exceptions);
    await expectRefusal(...exceptions.map(hashOf));
    await approveAll(repository);
    await expectInstall();
    expect(repository.landed()).toBe(true);
    repository.uninstall();
    await expectInstall();
    expect(repository.landed()).toBe(true);
  });

  test('refuses it in a project that does not propose it, with caches of one that does', async () => {
    const { exceptions, cwd } = repository;
    propose(cwd, exceptions);
    await approveAll(repository);
    await expectInstall();
    repository.uninstall();
    rmSync(join(cwd, 'tarwarden.json'));
    const { code } = await repository.install();
    expect(code).not.toBe(0);
    // What the first project put into the cache of Go's modules stays there.
    if (name !== 'go') expect(repository.landed()).toBe(false);
  });

  test('wants a new approval once the reason has changed', async () => {
    const { exceptions, cwd } = repository;
    propose(cwd, exceptions);
    await approveAll(repository);
    const changed = exceptions.map((one) => ({ ...one, reason: 'looked at!' }));
    propose(cwd, changed);
    await expectRefusal(...changed.map(hashOf));
    const { code } = await allow(repository, '--approve', ...changed.map(hashOf));
    expect(code).toBe(0);
    expect(await repository.install()).toMatchObject({ code: 0 });
  });
});
