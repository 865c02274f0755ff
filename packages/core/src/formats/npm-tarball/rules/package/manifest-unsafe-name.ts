import { isRecord, unsafeName, unsafePackageName } from '../../../../metadata/manifest.ts';
import { quote } from '../../../../text/printable.ts';
import type { MetadataRule } from '../../../../rules/rule.ts';

const MAPS = ['dependencies', 'optionalDependencies', 'peerDependencies'] as const;
const LISTS = ['bundleDependencies', 'bundledDependencies'] as const;

const LENIENT: ReadonlySet<string> = new Set(['version', 'devDependencies']);

/** Every name that a manager joins to a path, with its field. */
function* names(
  json: Readonly<Record<string, unknown>>,
): Generator<readonly [field: string, name: string]> {
  for (const field of ['name', 'version'] as const) {
    const value = json[field];
    if (typeof value === 'string') yield [field, value];
  }
  // devDependencies of a dependency are not installed, and old packages have odd names here. So only names that climb count.
  const dev = json['devDependencies'];
  if (isRecord(dev)) for (const name of Object.keys(dev)) yield ['devDependencies', name];
  for (const field of MAPS) {
    const map = json[field];
    if (isRecord(map)) for (const name of Object.keys(map)) yield [field, name];
  }
  for (const field of LISTS) {
    const list = json[field];
    if (Array.isArray(list))
      for (const name of list) if (typeof name === 'string') yield [field, name];
    if (isRecord(list)) for (const name of Object.keys(list)) yield [field, name];
  }
}

export const manifestUnsafeName: MetadataRule = {
  kind: 'metadata',
  id: 'manifest-unsafe-name',
  level: 'error',
  summary: 'A name in package.json leads out of its folder when it becomes part of a path',
  advice: {
    forUsers:
      'Do not install it: managers add the name to the path of node_modules, and it leads into another package or out of the folder.',
    forPublishers: 'Use names that `npm publish` accepts.',
  },
  check: (npm, report) => {
    const { manifest } = npm;
    if (!manifest?.ok) return;
    for (const [field, name] of names(manifest.json)) {
      const why = LENIENT.has(field) ? unsafeName(name) : unsafePackageName(name);
      if (why !== undefined) report(`${field} ${quote(name)}: ${why}`, npm.manifestEntries.at(-1));
    }
  },
};
