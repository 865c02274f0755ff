import { isRecord } from '../../../../metadata/manifest.ts';
import { INSTALL_SCRIPTS } from '../../../../metadata/npm-declared.ts';
import { quote } from '../../../../text/printable.ts';
import type { MetadataRule } from '../../../../rules/rule.ts';

export const installScript: MetadataRule = {
  kind: 'metadata',
  id: 'install-script',
  level: 'note',
  summary: 'The package runs a script of its own when it is installed',
  advice: {
    forUsers:
      'Read the script, and the file that it starts, before you let your package manager run it. npm, pnpm, Yarn and bun have settings that name the packages that may run scripts.',
    forPublishers:
      'Publish without the script if you can. For compiled files, make one package for each platform, and name these packages in `optionalDependencies`.',
  },
  check: ({ manifest, manifestEntries, tree }, report) => {
    if (!manifest?.ok) return;
    const { scripts } = manifest.json;
    const found = isRecord(scripts)
      ? INSTALL_SCRIPTS.flatMap((name) => {
          const text = scripts[name];
          return typeof text === 'string' && text !== '' ? [{ name, text }] : [];
        })
      : [];
    for (const { name, text } of found)
      report(`${quote(name)} is ${quote(text)}`, manifestEntries.at(-1));
    // Managers then run node-gyp. `gypfile: false` keeps only npm from that.
    const gyp = tree.files.places.get('binding.gyp');
    if (
      gyp !== undefined &&
      gyp.kind !== 'directory' &&
      found.every(({ name }) => name === 'postinstall')
    )
      report('node-gyp builds what "binding.gyp" describes', gyp.entry);
  },
};
