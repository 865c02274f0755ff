/* config.yaml of pnpm 11 and newer, and pnpm-workspace.yaml, in the words of .npmrc. Credentials have files of their own. */
import { mappingIn, textIn, yaml } from './documents.ts';
import type { Entries } from './settings.ts';

/** @throws TarwardenError where it is not YAML. */
export function pnpmYamlEntries(text: string, path: string): Entries {
  const settings = yaml(text, path);
  const { default: own, ...scopes } = mappingIn(settings, 'registries');
  return [
    ...RENAMED.map(([name, key]) => [key, textIn(settings, name)] as const),
    ...(own === undefined ? [] : [['registry', own] as const]),
    ...Object.entries(scopes).map(([scope, url]) => [`${scope}:registry`, url] as const),
  ];
}

const RENAMED = [
  ['registry', 'registry'],
  ['storeDir', 'store-dir'],
  ['httpProxy', 'http-proxy'],
  ['httpsProxy', 'https-proxy'],
  ['noProxy', 'noproxy'],
  ['cafile', 'cafile'],
  ['strictSsl', 'strict-ssl'],
] as const;
