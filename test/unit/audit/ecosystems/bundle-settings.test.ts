import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BundleSettings } from '../../../../packages/audit/src/ecosystems/gems/bundle-settings.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

let home: string;
freshFolder((made) => {
  home = made;
  mkdirSync(join(home, '.bundle'));
});

const basic = (user: string): string => `Basic ${Buffer.from(user).toString('base64')}`;
function settings(config = '', env: Record<string, string> = {}): BundleSettings {
  writeFileSync(join(home, '.bundle/config'), config);
  return new BundleSettings({ HOME: home, ...env });
}

describe('a credential of Bundler', () => {
  it('for a host goes to that by https at its usual port alone', () => {
    const own = settings('', { BUNDLE_GEMS__MY___HOST__TEST: 'me:secret' });
    const sent = (url: string): string | undefined => own.authorizationFor(new URL(url));
    expect(sent('https://gems.my-host.test/x')).toBe(basic('me:secret'));
    for (const url of [
      'http://gems.my-host.test/',
      'https://gems.my-host.test:8443/',
      'https://x.gems.my-host.test/',
      'https://my-host.test/',
      'https://gems.my-host.test.evil.test/',
    ])
      expect(sent(url)).toBeUndefined();
  });

  it('for an address goes to what is below it', () => {
    const own = settings('---\nBUNDLE_HTTP://H__TEST:81/PRIVATE/: "me:secret"\n');
    const sent = (url: string): string | undefined => own.authorizationFor(new URL(url));
    expect(own.sources).toEqual(['http://h.test:81/private/']);
    expect(sent('http://h.test:81/private/gems/a.gem')).toBe(basic('me:secret'));
    expect(sent('http://h.test:81/gems/a.gem')).toBeUndefined();
    expect(sent('http://h.test/private/gems/a.gem')).toBeUndefined();
  });

  it('is none of its other settings', () => {
    const own = settings(
      '---\nBUNDLE_PATH: "a"\nBUNDLE_MIRROR__ALL: "https://m.test"\nBUNDLE_BUILD__X: "b"\n',
    );
    for (const host of ['path', 'mirror.all', 'build.x']) {
      expect(own.namesHost(host)).toBe(false);
      expect(own.authorizationFor(new URL(`https://${host}/`))).toBeUndefined();
    }
  });

  it('may be in an address of ~/.gemrc', () => {
    writeFileSync(join(home, '.gemrc'), '---\n:sources:\n- https://me:p%40ss@h.test/\n');
    expect(settings().authorizationFor(new URL('https://h.test/gems/a.gem'))).toBe(
      basic('me:p@ss'),
    );
  });
});

describe('mirrors of Bundler', () => {
  it('are asked instead, one for all before one for a source', () => {
    const one = 'BUNDLE_MIRROR__HTTPS://RUBYGEMS__ORG/: "https://m.test/gems"\n';
    const all = 'BUNDLE_MIRROR__ALL: "https://all.test"\n';
    expect(settings(`---\n${one}`).mirrorOf('https://rubygems.org')).toBe('https://m.test/gems/');
    expect(settings(`---\n${one}${all}`).mirrorOf('https://rubygems.org/')).toBe(
      'https://all.test/',
    );
    expect(settings(`---\n${all}`).mirrorOf('https://h.test/')).toBe('https://all.test/');
    expect(settings().mirrorOf('https://h.test/')).toBe('https://h.test/');
  });
});

it('a configuration with which Bundler ends is an error', () => {
  expect(() => settings('- a').get('path')).toThrow('config is not what its client writes');
});
