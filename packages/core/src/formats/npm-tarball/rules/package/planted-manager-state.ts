import { Trait } from '../../../../containers/entry.ts';
import { insideModules, isNamed } from '../../../../tree/modules-folders.ts';
import { foldedComponents } from '../../../../tree/package-path.ts';
import { quote } from '../../../../text/printable.ts';
import type { EntryRule } from '../../../../rules/rule.ts';

/** State files of npm, pnpm and Yarn about installed packages, by their path in a `node_modules` that the manager reads. */
const IN_NODE_MODULES: readonly (readonly string[])[] = [
  ['.package-lock.json'],
  ['.modules.yaml'],
  ['.pnpm', 'lock.yaml'],
  ['.pnpm-workspace-state.json'],
  ['.pnpm-workspace-state-v1.json'],
  ['.yarn-state.yml'],
  ['.yarn-integrity'],
];
// Plug'n'Play's loader and its data.
const ANYWHERE = ['.pnp.cjs', '.pnp.js', '.pnp.data.json', '.pnp.loader.mjs'];

export const plantedManagerState: EntryRule = {
  kind: 'entry',
  id: 'planted-manager-state',
  level: 'error',
  summary: 'The entry plants state that a package manager trusts',
  advice: {
    forUsers:
      'Do not install it: your package manager would believe this file about the packages that are installed, or run code from it.',
    forPublishers: 'Leave the state of node_modules and `.pnp.*` out of what you pack.',
  },
  traits: Trait.TrustedName | Trait.NonAscii,
  check: (entry) => (isPlanted(entry.path) ? quote(entry.path) : undefined),
};

function isPlanted(path: string): boolean {
  const name = foldedComponents(path).at(-1);
  if (ANYWHERE.some((trusted) => isNamed(name, trusted))) return true;
  for (const inside of insideModules(path)) {
    if (IN_NODE_MODULES.some((state) => isPath(inside, state))) return true;
  }
  return false;
}

function isPath(parts: readonly string[], path: readonly string[]): boolean {
  return parts.length === path.length && path.every((name, at) => isNamed(parts[at], name));
}
