import { describe, expect, it } from 'vitest';
import {
  npmrcWithoutSecrets,
  scriptEnvironment,
} from '../../../packages/confine/src/environment.ts';

describe('the environment of scripts', () => {
  it.each([
    'NPM_TOKEN',
    'NODE_AUTH_TOKEN',
    'YARN_NPM_AUTH_TOKEN',
    'YARN_NPM_AUTH_IDENT',
    'GITHUB_TOKEN',
    'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
    'AWS_SECRET_ACCESS_KEY',
    'SSH_AUTH_SOCK',
    'DBUS_SESSION_BUS_ADDRESS',
    'DATABASE_URL',
    'ANYTHING_ELSE',
    'npm_config_//registry.example/:_authToken',
    'npm_config__auth',
    'npm_config__authToken',
    'npm_config__password',
    'npm_config_otp',
    'npm_config_key',
    'pnpm_config__auth_token',
    'npm_config_https_proxy',
    'COREPACK_NPM_TOKEN',
    'COREPACK_NPM_USERNAME',
    'COREPACK_NPM_PASSWORD',
    'CCACHE_REMOTE_STORAGE',
    'TARWARDEN_INSPECTOR_TOKEN',
  ])('is without %s', (name) => {
    expect(scriptEnvironment({ [name]: 'x' }, [])).toEqual({ env: {}, withheld: [name] });
  });

  it.each([
    'PATH',
    'HOME',
    'LC_ALL',
    'CI',
    'CXXFLAGS',
    'NODE_OPTIONS',
    'PKG_CONFIG_PATH',
    'PUPPETEER_SKIP_DOWNLOAD',
    'SHARP_IGNORE_GLOBAL_LIBVIPS_SKIP_X',
    'npm_config_cache',
    'npm_config_build_from_source',
    'npm_config_userconfig',
    'YARN_CACHE_FOLDER',
    'COREPACK_HOME',
    'CCACHE_DIR',
  ])('has %s', (name) => {
    expect(scriptEnvironment({ [name]: 'x' }, [])).toEqual({ env: { [name]: 'x' }, withheld: [] });
  });

  it('is without an address that signs somebody in, whatever its name', () => {
    const env = { npm_config_mirror: 'https://me:secret@mirror.example/' };
    expect(scriptEnvironment(env, []).env).toEqual({});
  });

  it('has what the user lets pass', () => {
    expect(scriptEnvironment({ SECRET: 'x' }, ['SECRET']).env).toEqual({ SECRET: 'x' });
  });
});

it('keeps of an .npmrc what signs nobody in', () => {
  const text = [
    '; a comment',
    'cache=/x',
    '//registry.example/:_authToken=secret',
    '_auth=secret',
    'key="-----BEGIN PRIVATE KEY-----"',
    'cert = x',
    'registry=https://me:secret@registry.example/',
    'script-shell = /bin/bash',
    '@scope:registry=https://registry.example/',
    '@scope:registry=https://me:secret@registry.example/',
    '@scope:token=secret',
    'email=me@example.org',
    'omit[]=dev',
  ].join('\n');
  expect(npmrcWithoutSecrets(text)).toBe(
    'cache=/x\nscript-shell = /bin/bash\n@scope:registry=https://registry.example/\nomit[]=dev',
  );
});
