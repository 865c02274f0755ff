import { expect, it } from 'vitest';
import { keptSecret } from '../../../packages/confine/src/clients/yarn.ts';

it.each([
  ['npmAuthToken: secret', 'npmAuthToken'],
  ['"npmAuthIdent": "a:b"', 'npmAuthIdent'],
  ['npmRegistries:\n  "//x":\n    npmAuthIdent: "a:b"', 'npmAuthIdent'],
  ['npmScopes: {acme: {npmAuthToken: secret}}', 'npmAuthToken'],
  ['{"npmRegistries": {"//x": {"npmAuthToken": "secret"}}}', 'npmAuthToken'],
  ['? npmAuthToken\n: secret', 'npmAuthToken'],
  ['npmAuthToken: >-\n  secret', 'npmAuthToken'],
  ['npmAuthToken: |\n  secret\n', 'npmAuthToken'],
  ['npmScopes: {a: {npmAuthToken: 1234}}', 'npmAuthToken'],
  ['npmAuthToken: "${TOKEN-secret}"', 'npmAuthToken'],
  ['npmAuthToken: secret\nnpmAuthToken: "${TOKEN-}"', 'npmAuthToken'],
  ['httpProxy: "http://me:secret@proxy.example:3128"', 'an address with a password'],
  [
    'networkSettings: {"*": {httpsProxy: "http://secret@proxy.example"}}',
    'an address with a password',
  ],
  ['npmRegistries: {"https://me:secret@x": {npmAlwaysAuth: true}}', 'an address with a password'],
])('finds what signs in: %j', (text, name) => {
  expect(keptSecret(text)).toBe(name);
});

it.each([
  '',
  'npmAuthToken: "${TOKEN-}"',
  'npmScopes: {acme: {npmAuthToken: "${TOKEN:-}"}}',
  'npmAuthToken: ""',
  'httpProxy: "http://proxy.example:3128"',
  'httpProxy: "http://${NAME-}:${SECRET-}@proxy.example"',
  'npmRegistryServer: "https://registry.example/@scope/"',
  'npmAlwaysAuth: true\nnodeLinker: node-modules',
  'a: &a {b: *a}',
  ': not: yaml: [',
])('is silent about %j', (text) => {
  expect(keptSecret(text)).toBeUndefined();
});
