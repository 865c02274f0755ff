import { describe, expect, it } from 'vitest';
import { settingsIn } from '../../../../packages/server/src/verdaccio/settings.ts';

describe('settings', () => {
  it.each([
    [undefined, { hideRefused: false, logLevel: 'info' }],
    [{}, { hideRefused: false, logLevel: 'info' }],
    [{ middlewares: { tarwarden: null } }, { hideRefused: false, logLevel: 'info' }],
    // What verdaccio mixes into a plugin's own settings.
    [
      { hide_refused: true, middlewares: {} },
      { hideRefused: false, logLevel: 'info' },
    ],
    [
      { middlewares: { tarwarden: { hide_refused: true, log_level: 'warn' } } },
      { hideRefused: true, logLevel: 'warn' },
    ],
  ])('of %j are %j', (config, settings) => {
    expect(settingsIn(config)).toEqual(settings);
  });

  it.each([
    [{ middlewares: { tarwarden: [] } }, /list of settings/],
    [{ middlewares: { tarwarden: true } }, /list of settings/],
    [{ middlewares: { tarwarden: { hideRefused: true } } }, /no setting "hideRefused"/],
    [{ middlewares: { tarwarden: { hide_refused: 'yes' } } }, /true or false/],
    [{ middlewares: { tarwarden: { log_level: 'all' } } }, /log_level is one of/],
    [{ experiments: { tarball_url_redirect: 'https://x' } }, /past the guard/],
    [{ tarball_url_redirect: () => 'https://x' }, /past the guard/],
  ])('%j is wrong', (config, message) => {
    expect(() => settingsIn(config)).toThrow(message);
  });
});
