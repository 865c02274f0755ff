/* Lockfiles for the tests: real ones, each written by the manager that it is named after, and what is short to say of a result. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLockfile, type Lockfile } from '@tarwarden/clients/lockfiles';
import { repository } from '../../../support/managers.ts';

/** All of them lock one project: a registry's packages, an alias, a tarball by URL and by path, a folder, a workspace. */
export function fixture(name: string): string {
  return readFileSync(join(repository, 'test/fixtures/lockfiles', name), 'utf8');
}

/** `name@version type`, in order. */
export function listed({ packages }: Lockfile): string[] {
  return packages.map(({ name, version, source }) => `${name}@${version} ${source.type}`);
}

export function problemsOf(fileName: string, text: string): string[] {
  return readLockfile(fileName, text).problems.map(({ line, message }) => `${line}: ${message}`);
}

/** Registry packages that each lockfile of the fixtures has. */
export const REGISTRY: readonly string[] = [
  '@sindresorhus/is@4.6.0 registry',
  'has-flag@4.0.0 registry',
  'is-number@6.0.0 registry',
  'is-odd@3.0.1 registry',
  'left-pad@1.3.0 registry',
  'ms@2.0.0 registry',
  'ms@2.1.3 registry',
  'supports-color@8.1.1 registry',
];
