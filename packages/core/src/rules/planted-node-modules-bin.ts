import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

// The package's own folder of commands or a bundled dependency's, which run-script puts on PATH. One in a fixture
// or a template (ember-cli ships such) is on nobody's.
const COMMANDS =
  /^(?:\.\/)*[^/]+\/(?:\.\/)*(?:node_modules\/(?:@[^/]+\/)?[^/]+\/)*node_modules\/\.bin(?:\/|$)/i;

export const plantedNodeModulesBin: Rule<'planted-node-modules-bin'> = defineRule({
  id: 'planted-node-modules-bin',
  level: 'error',
  summary: 'The entry plants a command in node_modules/.bin, which scripts run by name',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
  entry: {
    traits: Trait.TrustedName,
    check: (entry) => (COMMANDS.test(entry.path) ? quote(entry.path) : undefined),
  },
});
