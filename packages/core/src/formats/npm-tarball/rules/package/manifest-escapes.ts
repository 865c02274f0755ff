import { MAX_SHRINKWRAP_BYTES, MAX_SHRINKWRAP_VALUES } from '../../../../limits.ts';
import { hasMoreValues } from '../../../../metadata/json-values.ts';
import {
  isRecord,
  unsafeName,
  unsafePackageName,
  unsafePath,
} from '../../../../metadata/manifest.ts';
import { parseShrinkwrap, placesOutside } from '../../../../metadata/shrinkwrap.ts';
import type { MetadataRule } from '../../../../rules/rule.ts';
import { advice, withCodes } from '../../../../rules/table-rows.ts';
import { quote } from '../../../../text/printable.ts';
import { checkManifest } from './check-manifest.ts';

const escapes = withCodes({
  id: 'manifest-escapes',
  level: 'error',
  summary:
    "A name or a path in package.json or in the package's own lockfile leads out of the package",
  advice: advice(
    'Do not install it: managers would run, link or replace a file that does not belong to the package, or make it executable.',
    'Name files and folders of the package, give commands plain names, and use names that `npm publish` accepts. Write npm-shrinkwrap.json with npm, without `file:` dependencies outside the package.',
  ),
});

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
  ...escapes(
    'manifest-unsafe-name',
    'A name in package.json leads out of its folder when it becomes part of a path',
  ),
  ...checkManifest(({ manifest }, report) => {
    for (const [field, name] of names(manifest.json)) {
      const reason = LENIENT.has(field) ? unsafeName(name) : unsafePackageName(name);
      if (reason !== undefined) report(`${field} ${quote(name)}: ${reason}`);
    }
  }),
};

export const binEscapes: MetadataRule = {
  ...escapes(
    'bin-escapes',
    'A command of the package leads out of the package, or out of the folder of commands',
  ),
  ...checkManifest(({ npm }, report) => {
    for (const { name, target, unsafe } of npm.bins) {
      const badName = unsafeName(name);
      if (badName !== undefined) report(`the name ${quote(name)}: ${badName}`);
      const badTarget = target.startsWith('/') ? 'it is absolute' : unsafe;
      if (badTarget !== undefined) report(`the target ${quote(target)}: ${badTarget}`);
    }
  }),
};

export const manEscapes: MetadataRule = {
  ...escapes('man-escapes', 'The path of a manual page leads out of the package'),
  ...checkManifest(({ manifest }, report) => {
    for (const path of [manifest.json['man']].flat()) {
      const reason = typeof path === 'string' ? unsafePath(path) : undefined;
      if (reason !== undefined) report(`${quote(String(path))}: ${reason}`);
    }
  }),
};

export const shrinkwrapEscapes: MetadataRule = {
  ...escapes('shrinkwrap-escapes', "The package's own lockfile contains paths outside the package"),
  kind: 'metadata',
  check: (npm, report) => {
    const { shrinkwrap } = npm;
    if (shrinkwrap === undefined) return;
    const { entry, bytes } = shrinkwrap;
    if (bytes === undefined) {
      report(
        `it has ${entry.size} bytes, and no more than ${MAX_SHRINKWRAP_BYTES} are read`,
        entry,
      );
      return;
    }
    if (hasMoreValues(bytes, MAX_SHRINKWRAP_VALUES)) {
      report(`it has more than ${MAX_SHRINKWRAP_VALUES} values, and is not read`, entry);
      return;
    }
    const lock = parseShrinkwrap(bytes);
    if (lock === undefined && bytes.includes('<<<<<<<'))
      report('it holds the marks of a merge conflict, which npm resolves by itself', entry);
    for (const detail of placesOutside(lock)) report(detail, entry);
  },
};

export const directoriesEscape: MetadataRule = {
  ...escapes('directories-escape', 'A folder that package.json names leads out of the package'),
  ...checkManifest(({ manifest }, report) => {
    const { directories } = manifest.json;
    for (const [name, path] of isRecord(directories) ? Object.entries(directories) : []) {
      const reason = typeof path === 'string' ? unsafePath(path) : undefined;
      if (reason !== undefined) report(`${name} ${quote(String(path))}: ${reason}`);
    }
  }),
};
