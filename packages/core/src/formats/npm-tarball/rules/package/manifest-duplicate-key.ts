import { duplicateKeys, type DuplicateKey } from '../../../../metadata/duplicate-keys.ts';
import { isRecord } from '../../../../metadata/manifest.ts';
import { INSTALL_SCRIPTS } from '../../../../metadata/npm-declared.ts';
import { MAX_FINDINGS_PER_RULE } from '../../../../limits.ts';
import { quote } from '../../../../text/printable.ts';
import type { MetadataRule } from '../../../../rules/rule.ts';

/** Keys that decide about the identity, the dependencies and the commands of a package. Real packages have none of these twice. */
const FIELDS: ReadonlySet<string> = new Set([
  'name',
  'version',
  'bin',
  'directories',
  'dependencies',
  'optionalDependencies',
  'peerDependencies',
  'peerDependenciesMeta',
  'bundleDependencies',
  'bundledDependencies',
  'os',
  'cpu',
  'libc',
]);

/** Scripts that a manager runs when it installs the package. The others are for the author of the package. */
const RUN_SCRIPTS: readonly string[] = [...INSTALL_SCRIPTS, 'prepare'];

function counts(key: string, within: string | undefined): boolean {
  if (within === 'scripts') return RUN_SCRIPTS.includes(key);
  return within === undefined ? key === 'scripts' || FIELDS.has(key) : FIELDS.has(within);
}

/** Real packages have two `scripts` keys (mime@1.3.4). They matter only if the install scripts in them differ. */
class Scripts {
  /** The first `scripts`, parsed once: there may be thousands of second ones, of two bytes each. */
  #first: unknown;

  differ({ first, other }: DuplicateKey): boolean {
    this.#first ??= JSON.parse(first);
    const [a, b] = [this.#first, JSON.parse(other) as unknown];
    if (!isRecord(a) || !isRecord(b)) return true;
    return RUN_SCRIPTS.some((script) => a[script] !== b[script]);
  }
}

export const manifestDuplicateKey: MetadataRule = {
  kind: 'metadata',
  id: 'manifest-duplicate-key',
  level: 'error',
  summary: 'package.json has the same key twice with different values',
  advice: {
    forUsers:
      'Do not install it: managers use the last value, but a reviewer may have read the first.',
    forPublishers: 'Take one of the two out of package.json and publish it again.',
  },
  check: (npm, report) => {
    const { manifest } = npm;
    if (!manifest?.ok) return;
    const scripts = new Scripts();
    let reported = 0;
    for (const found of duplicateKeys(manifest.text, counts)) {
      const { key, within, first, other } = found;
      if (key === 'scripts' && within === undefined && !scripts.differ(found)) continue;
      const name = within === undefined ? quote(key) : `${quote(key)} of ${quote(within)}`;
      report(`${name}: ${quote(first)}, then ${quote(other)}`, npm.manifestEntries.at(-1));
      reported += 1;
      if (reported > MAX_FINDINGS_PER_RULE) return;
    }
  },
};
