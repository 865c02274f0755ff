import { describe, expect, it } from 'vitest';
import { gemsAskedBy } from '../../../../packages/server/src/gateway/rubygems/requests.ts';

describe('what RubyGems and Bundler ask for', () => {
  it.each([
    ['/versions', 'names'],
    ['/names', 'names'],
    ['/info/rack', 'info'],
    ['/info/a_b.c-d', 'info'],
    ['/specs.4.8.gz', 'list'],
    ['/latest_specs.4.8.gz', 'list'],
    ['/prerelease_specs.4.8.gz?x', 'list'],
    ['/quick/Marshal.4.8/rack-3.0.gemspec.rz', 'gemspec'],
    ['/gems/rack-3.0.gem', 'gem'],
    ['/gems/nokogiri-1.18.0-x86_64-linux-gnu.gem', 'gem'],
  ])('%s is %s', (target, kind) => {
    expect(gemsAskedBy(target)).toMatchObject({ kind, path: target.replace(/\?.*/, '') });
  });

  it.each([
    '/',
    '/specs.4.8',
    '/Marshal.4.8.Z',
    '/info/',
    '/info/..',
    '/info/%2e%2e',
    '/info/a/b',
    '/gems/',
    '/gems/.gem',
    '/gems/../x.gem',
    '/gems/..%2fx.gem',
    '/gems/%61-1.0.gem',
    '/gems/a-1.0.gem/',
    '/gems//a-1.0.gem',
    '//gems/a-1.0.gem',
    '/gems/a-1.0.gem;x',
    String.raw`/gems/a\b.gem`,
    '/quick/Marshal.4.8/../a.gemspec.rz',
    '/quick/Marshal.4.9/a-1.0.gemspec.rz',
    '/quick/a-1.0.gemspec.rz',
    '/api/v1/gems',
    '/api/v1/dependencies?gems=rack',
    '/downloads/a-1.0.gem',
    'http://elsewhere.example/gems/a-1.0.gem',
  ])('%s is nothing', (target) => {
    expect(gemsAskedBy(target)).toEqual({ kind: 'nothing' });
  });
});
