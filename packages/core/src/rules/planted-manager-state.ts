import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

// npm's hidden lockfile, pnpm's and Yarn's records of what they installed, Plug'n'Play's loader.
const STATE =
  /(?:^|\/)(?:node_modules\/(?:\.package-lock\.json|\.modules\.yaml|\.yarn-state\.yml|\.yarn-integrity|\.pnpm\/lock\.yaml)|\.pnp\.c?js|\.pnp\.data\.json|\.pnp\.loader\.mjs)$/i;

export const plantedManagerState: Rule<'planted-manager-state'> = defineRule({
  id: 'planted-manager-state',
  level: 'error',
  summary: 'The entry plants state that a package manager trusts',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
  entry: {
    traits: Trait.TrustedName,
    check: (entry) => (STATE.test(entry.path) ? quote(entry.path) : undefined),
  },
});
