import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { engineOf } from '../../../packages/pnpm-hook/src/engine.ts';
import { networkSettings } from '../../../packages/pnpm-hook/src/settings/network-settings.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

let directory: string;
freshFolder((made) => (directory = made));

describe('networkSettings', () => {
  it('reads the configuration of pnpm 10', () => {
    const settings = networkSettings({
      registries: { default: 'https://one.example/', '@s': 'https://two.example/' },
      rawConfig: { '//one.example/:_authToken': 'token', 'user-agent': 'x' },
      ca: ['PEM'],
      httpsProxy: 'http://proxy.example',
      noProxy: true,
      strictSsl: false,
      fetchRetries: 3,
      userAgent: 'pnpm/10.34.8',
    });
    expect(settings).toMatchObject({
      registry: 'https://one.example/',
      scopes: { '@s': 'https://two.example/' },
      byPlace: { '//one.example/:_authToken': 'token' },
      ca: ['PEM'],
      httpsProxy: 'http://proxy.example',
      noProxy: '*',
      strictSsl: false,
      retries: 3,
      userAgent: 'tarwarden pnpm/10.34.8',
    });
    expect(settings.byPlace).not.toHaveProperty('user-agent');
  });

  it('reads the configuration of pnpm 11 and 12, authorities by file', () => {
    const cafile = join(directory, 'ca.pem');
    writeFileSync(cafile, 'PEM');
    const settings = networkSettings({
      registriesByScope: { default: 'https://one.example/' },
      authConfig: { cafile, '//one.example/:_auth': 'basic' },
    });
    expect(settings).toMatchObject({ ca: ['PEM'], byPlace: { '//one.example/:_auth': 'basic' } });
  });

  it('does not go on without the authorities that were asked for', () => {
    const authConfig = { cafile: join(directory, 'missing.pem') };
    expect(() => networkSettings({ authConfig })).toThrow('ENOENT');
  });

  it.skipIf(process.platform === 'win32')('asks a token helper', () => {
    const helper = join(directory, 'helper');
    writeFileSync(helper, '#!/bin/sh\necho "Bearer from-helper"\n');
    chmodSync(helper, 0o755);
    const configByUri = { '//one.example/': { '@': { tokenHelper: [helper] } } };
    expect(networkSettings({ configByUri }).byPlace).toEqual({
      '//one.example/:_authToken': 'from-helper',
    });
  });
});

describe('engineOf', () => {
  it.each(['pnpm/10.34.8 npm/?', 'pnpm/11.28.10'])('knows %s', (userAgent) => {
    expect(engineOf({ userAgent }).major).toBe(Number(userAgent.slice(5, 7)));
  });

  it.each([
    '',
    'pnpm/9.15.0',
    'pnpm/13.0.0',
    'pnpm/12.15.0',
    'pnpm/12.21.0',
    'npm/11.0.0',
    'x pnpm/10.0.0',
  ])('refuses %j in this process', (userAgent) => {
    expect(() => engineOf({ userAgent })).toThrow('nothing is installed unguarded');
  });

  it.each(['pacquet', '@pnpm/pacquet'])('refuses %s beside pnpm 11', (name) => {
    const config = { userAgent: 'pnpm/11.28.10', configDependencies: { [name]: '1.0.0' } };
    expect(() => engineOf(config)).toThrow(name);
  });
});
