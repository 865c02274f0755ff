import { Trait } from '../archive/entry.ts';
import { insideModules, isNamed } from '../package/modules-folders.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const plantedNodeModulesBin: Rule<'planted-node-modules-bin'> = defineRule({
  id: 'planted-node-modules-bin',
  level: 'error',
  summary: 'The entry plants a command in node_modules/.bin, which scripts run by name',
  remedy:
    'Do not install it: the planted command runs in place of the real one, also where install scripts are off. As its publisher, leave `.bin` out of bundled dependencies; managers make it anew.',
  entry: {
    traits: Trait.TrustedName | Trait.NonAscii,
    check: (entry) => (isCommandFolder(entry.path) ? quote(entry.path) : undefined),
  },
});

/**
 * The package's own folder of commands or a bundled dependency's, which run-script puts on PATH. One in a
 * fixture or a template (ember-cli ships such) is on nobody's.
 */
function isCommandFolder(path: string): boolean {
  for (const [folder] of insideModules(path)) if (isNamed(folder, '.bin')) return true;
  return false;
}
