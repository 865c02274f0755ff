import { npmGuardEnvironment } from '@tarwarden/npm-wrapper';
import { describe, expect, test } from 'vitest';

describe('guardEnvironment', () => {
  test('sets NODE_OPTIONS, and the npm option only where the user did', () => {
    const preloadPath = '/g.cjs';
    expect(npmGuardEnvironment({ env: {}, preloadPath })).toEqual({
      NODE_OPTIONS: '--require /g.cjs',
    });
    const env = { NODE_OPTIONS: '--a', npm_config_node_options: '--b' };
    expect(npmGuardEnvironment({ env, preloadPath })).toEqual({
      NODE_OPTIONS: '--require /g.cjs --a',
      npm_config_node_options: '--require /g.cjs --b',
    });
  });
});
