import { describe, expect, it } from 'vitest';
import { isKnownRuntime } from '../../../packages/pnpm-hook/src/settings/runtimes.ts';

const integrity = 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';
const binary = (url: string, more: object = {}) => ({
  type: 'binary',
  archive: 'tarball',
  bin: { node: 'bin/node' },
  integrity,
  url,
  ...more,
});
const DENO = 'https://github.com/denoland/deno/releases/download/';
const BUN = 'https://github.com/oven-sh/bun/releases/download/';
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
      'deno@runtime:2.10.11+abc.1',
      'https://github.com/denoland/deno/releases/download/v2.10.11+abc.1/deno-x86_64-pc-windows-msvc.zip',
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
    ['one path', { bin: 'bin/node' }],
    ['a prefix', { prefix: 'node-v22.1.0-linux-x64' }],
    ['sha384', { integrity: `sha384-${'A'.repeat(64)}` }],
    ['sha512', { integrity: `sha512-${'A'.repeat(86)}==` }],
  ])('knows an archive with %s', (_, more) => {
    expect(isKnownRuntime('node@runtime:22.1.0', binary(node, more))).toBe(true);
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
    [
      'the host in the path of another',
      'node@runtime:22.1.0',
      binary(node.replace('', 'https://evil.example/')),
    ],
    ['another file there', 'node@runtime:22.1.0', binary(node.replace('node-v22.1.0', 'other'))],
    ['another kind of file', 'node@runtime:22.1.0', binary(node.replace('.tar.gz', '.msi'))],
    ['more after the suffix', 'node@runtime:22.1.0', binary(`${node}.exe`)],
    ["another version's folder", 'node@runtime:22.1.0', binary(node.replace('/v22', '/v21'))],
    [
      'an unofficial build that is not for musl',
      'node@runtime:22.1.0',
      binary(node.replace('nodejs', 'unofficial-builds.nodejs')),
    ],
    ['a name before the name', 'evil-node@runtime:22.1.0', binary(node)],
    ['no version', 'evil', binary(node.replaceAll('v22.1.0', 'v'))],
    ['no type', 'node@runtime:22.1.0', binary(node, { type: undefined })],
    ['no URL', 'node@runtime:22.1.0', binary(node, { url: undefined })],
    ['no integrity', 'node@runtime:22.1.0', binary(node, { integrity: undefined })],
    ['a weak integrity', 'node@runtime:22.1.0', binary(node, { integrity: 'sha1-x' })],
    [
      'a weak one before',
      'node@runtime:22.1.0',
      binary(node, { integrity: `sha1-x ${integrity}` }),
    ],
    ['a weak one after', 'node@runtime:22.1.0', binary(node, { integrity: `${integrity} sha1-x` })],
    ['a list of them', 'node@runtime:22.1.0', binary(node, { integrity: [integrity] })],
    ['no bin', 'node@runtime:22.1.0', binary(node, { bin: undefined })],
    ['a bin that is null', 'node@runtime:22.1.0', binary(node, { bin: null })],
    ['a bin that is a number', 'node@runtime:22.1.0', binary(node, { bin: { node: 1 } })],
    ['a prefix that is a list', 'node@runtime:22.1.0', binary(node, { prefix: ['x'] })],
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
      'a version that climbs',
      'deno@runtime:2.1.0/../../../../../evil/deno/releases/download/v2.1.0',
      binary(
        `${DENO}v2.1.0/../../../../../evil/deno/releases/download/v2.1.0/deno-x86_64-unknown-linux-gnu.zip`,
      ),
    ],
    [
      'a version with something before it',
      'deno@runtime:x/../../../../../evil/deno/releases/download/v2.1.0',
      binary(
        `${DENO}vx/../../../../../evil/deno/releases/download/v2.1.0/deno-x86_64-unknown-linux-gnu.zip`,
      ),
    ],
    [
      "a fork's release of Deno",
      'deno@runtime:2.1.0',
      binary('https://github.com/evil/deno/releases/download/v2.1.0/deno-x86_64-unknown.zip'),
    ],
    ['another file of Deno', 'deno@runtime:2.1.0', binary(`${DENO}v2.1.0/denort-x86_64.zip`)],
    ['a word before Deno', 'deno@runtime:2.1.0', binary(`${DENO}v2.1.0/x-deno-x86_64.zip`)],
    ['more after Deno', 'deno@runtime:2.1.0', binary(`${DENO}v2.1.0/deno-x86_64.zip.exe`)],
    ['a word before Bun', 'bun@runtime:1.2.0', binary(`${BUN}bun-v1.2.0/x-bun-linux-x64.zip`)],
    ['more after Bun', 'bun@runtime:1.2.0', binary(`${BUN}bun-v1.2.0/bun-linux-x64.zip.exe`)],
    [
      "a fork's release of Bun",
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
    const other = url.replace('mirror.example', 'other.example');
    expect(isKnownRuntime('node@runtime:22.1.0', binary(other), mirrors)).toBe(false);
    const slash = { release: 'https://mirror.example/node/' };
    expect(isKnownRuntime('node@runtime:22.1.0', binary(url), slash)).toBe(true);
  });
});
