import { Trait } from '../../../../containers/entry.ts';
import { insideModules, isNamed } from '../../../../tree/modules-folders.ts';
import { quote } from '../../../../text/printable.ts';
import type { EntryRule } from '../../../../rules/rule.ts';

export const plantedNodeModulesBin: EntryRule = {
  kind: 'entry',
  id: 'planted-node-modules-bin',
  level: 'error',
  summary: 'The entry plants a command in node_modules/.bin, which scripts run by name',
  advice: {
    forUsers:
      'Do not install it: the planted command runs instead of the real one, even if install scripts are off.',
    forPublishers: 'Leave `.bin` out of bundled dependencies: managers create it.',
  },
  traits: Trait.TrustedName | Trait.NonAscii,
  check: (entry) => (isCommandFolder(entry.path) ? quote(entry.path) : undefined),
};

/**
 * Whether run-script puts the folder on PATH: the package's own folder of commands, or that of a bundled dependency. A folder in a
 * fixture or a template is never on PATH (ember-cli has such).
 */
function isCommandFolder(path: string): boolean {
  for (const [folder] of insideModules(path)) if (isNamed(folder, '.bin')) return true;
  return false;
}
