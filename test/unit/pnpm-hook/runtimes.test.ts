import { describe, expect, it } from 'vitest';
import { isKnownRuntime } from '../../../packages/pnpm-hook/src/runtimes.ts';

const integrity = 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';
const binary = (url: string, more: object = {}) => ({
  type: 'binary',
  archive: 'tarball',
  bin: { node: 'bin/node' },
  integrity,
  url,
  ...more,
});
const node = 'https://nodejs.org/download/release/v22.1.0/node-v22.1.0-linux-x64.tar.gz';

describe('isKnownRuntime', () => {
  it.each([
    ['node@runtime:22.1.0', node],
    [
      'node@runtime:22.1.0',
      'https://unofficial-builds.nodejs.org/download/release/v22.1.0/node-v22.1.0-linux-x64-musl.tar.gz',
    ],
    [
      'node@runtime:23.0.0-rc.1',
      'https://nodejs.org/download/rc/v23.0.0-rc.1/node-v23.0.0-rc.1-win-x64.zip',
    ],
    [
      'deno@runtime:2.1.0',
      'https://github.com/denoland/deno/releases/download/v2.1.0/deno-x86_64-unknown-linux-gnu.zip',
    ],
    [
      'bun@runtime:1.2.0',
      'https://github.com/oven-sh/bun/releases/download/bun-v1.2.0/bun-linux-x64-musl.zip',
    ],
  ])('knows %s from %s', (id, url) => {
    expect(isKnownRuntime(id, binary(url))).toBe(true);
    const variants = [{ resolution: binary(url) }];
    expect(isKnownRuntime(id, { type: 'variations', variants })).toBe(true);
  });

  it.each([
    ['another name', 'evil@runtime:22.1.0', binary(node)],
    ['no runtime', 'node@22.1.0', binary(node)],
    ['another version', 'node@runtime:22.2.0', binary(node)],
    ['another host', 'node@runtime:22.1.0', binary(node.replace('nodejs.org', 'nodejs.org.evil'))],
    ['a user in the URL', 'node@runtime:22.1.0', binary(node.replace('//', '//nodejs.org@evil/'))],
    ['a plain protocol', 'node@runtime:22.1.0', binary(node.replace('https', 'http'))],
    [
      'a path that climbs',
      'node@runtime:22.1.0',
      binary('https://nodejs.org/download/release/../../x/v22.1.0/node-v22.1.0-linux-x64.tar.gz'),
    ],
    ['a query', 'node@runtime:22.1.0', binary(`${node}?x=.tar.gz`)],
    ['no integrity', 'node@runtime:22.1.0', binary(node, { integrity: undefined })],
    ['a weak integrity', 'node@runtime:22.1.0', binary(node, { integrity: 'sha1-x' })],
    ['a bin outside', 'node@runtime:22.1.0', binary(node, { bin: { node: '../../x' } })],
    ['a bin name outside', 'node@runtime:22.1.0', binary(node, { bin: { '../x': 'bin/node' } })],
    ['a prefix outside', 'node@runtime:22.1.0', binary(node, { prefix: '..' })],
    ['no variant', 'node@runtime:22.1.0', { type: 'variations', variants: [] }],
    [
      'one variant of several',
      'node@runtime:22.1.0',
      {
        type: 'variations',
        variants: [{ resolution: binary(node) }, { resolution: binary('https://evil/') }],
      },
    ],
    [
      "a fork's release",
      'bun@runtime:1.2.0',
      binary('https://github.com/evil/bun/releases/download/bun-v1.2.0/bun-linux-x64.zip'),
    ],
  ])('does not know %s', (_, id, resolution) => {
    expect(isKnownRuntime(id, resolution)).toBe(false);
  });

  it("takes Node from the user's mirror", () => {
    const url = 'https://mirror.example/node/v22.1.0/node-v22.1.0-linux-x64.tar.gz';
    const mirrors = { release: 'https://mirror.example/node' };
    expect(isKnownRuntime('node@runtime:22.1.0', binary(url), mirrors)).toBe(true);
    expect(isKnownRuntime('node@runtime:22.1.0', binary(url))).toBe(false);
  });
});
