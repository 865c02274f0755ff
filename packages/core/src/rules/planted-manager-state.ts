import { Trait } from '../archive/entry.ts';
import { foldedComponents } from '../package/package-path.ts';
import { isShortNameOf } from '../package/short-name.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

// npm's hidden lockfile, pnpm's and Yarn's records of what they installed.
const IN_NODE_MODULES = [
  '.package-lock.json',
  '.modules.yaml',
  '.yarn-state.yml',
  '.yarn-integrity',
];
// Plug'n'Play's loader and its data.
const ANYWHERE = ['.pnp.cjs', '.pnp.js', '.pnp.data.json', '.pnp.loader.mjs'];

export const plantedManagerState: Rule<'planted-manager-state'> = defineRule({
  id: 'planted-manager-state',
  level: 'error',
  summary: 'The entry plants state that a package manager trusts',
  remedy:
    'Do not install it: your package manager would believe what the file says is installed, or load its code. As its publisher, leave the state of node_modules and `.pnp.*` out of what you pack.',
  entry: {
    traits: Trait.TrustedName | Trait.NonAscii,
    check: (entry) => {
      const [name = '', folder = ''] = foldedComponents(entry.path).toReversed();
      const planted =
        isOneOf(name, ANYWHERE) ||
        (isOneOf(folder, ['node_modules']) && isOneOf(name, IN_NODE_MODULES));
      return planted ? quote(entry.path) : undefined;
    },
  },
});

function isOneOf(name: string, trusted: readonly string[]): boolean {
  return trusted.some((one) => name === one || isShortNameOf(name, one));
}
