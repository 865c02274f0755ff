/* Lockfiles of the same packages, as each manager writes them. */
import { createHash } from 'node:crypto';

import type { Offer } from './offers.ts';

/** A lockfile by its name. */
export type Files = Readonly<Record<string, string>>;

export function packageLock(offers: readonly Offer[], registry: string): Files {
  const entries = offers.map(({ key, path, version, integrity }) => [
    key,
    { version, resolved: registry + path, integrity },
  ]);
  const packages = { '': {}, ...Object.fromEntries(entries) };
  return { 'package-lock.json': JSON.stringify({ lockfileVersion: 3, packages }, null, 2) };
}

export function pnpmLock(offers: readonly Offer[]): Files {
  const entries = offers.map(
    ({ name, version, integrity }) =>
      `  '${name}@${version}':\n    resolution: {integrity: ${integrity}}\n`,
  );
  return {
    'pnpm-lock.yaml': `lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n\npackages:\n\n${entries.join('\n')}`,
  };
}

export function yarnClassicLock(offers: readonly Offer[], registry: string): Files {
  const entries = offers.map(
    ({ name, version, integrity, path }) =>
      `"${name}@${version}":\n  version "${version}"\n  resolved "${registry}${path}"\n  integrity ${integrity}\n`,
  );
  return { 'yarn.lock': `# yarn lockfile v1\n\n\n${entries.join('\n')}` };
}

/** The checksum would be that of a zip, which no cache has: what it is does not matter. */
export function yarnLock(offers: readonly Offer[]): Files {
  const entries = offers.map(({ name, version, bytes }) => {
    const checksum = createHash('sha512').update(bytes).digest('hex');
    return `"${name}@npm:${version}":\n  version: ${version}\n  resolution: "${name}@npm:${version}"\n  checksum: 10c0/${checksum}\n  languageName: node\n  linkType: hard\n`;
  });
  const head = '__metadata:\n  version: 8\n  cacheKey: 10c0\n';
  return { 'yarn.lock': `${head}\n${entries.join('\n')}` };
}

export function bunLock(offers: readonly Offer[]): Files {
  const entries = offers.map(({ name, version, integrity }) => [
    name,
    [`${name}@${version}`, '', {}, integrity],
  ]);
  const packages = Object.fromEntries(entries) as Record<string, unknown>;
  const workspaces = { '': { name: 'app' } };
  return { 'bun.lock': JSON.stringify({ lockfileVersion: 1, workspaces, packages }, null, 2) };
}
