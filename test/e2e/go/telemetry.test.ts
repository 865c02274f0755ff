/** The process that go leaves behind for its telemetry: it would fetch a module past the guard. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { guarded, MODULE, useGoBench } from '../../support/go/bench.ts';

const SIDECAR_MODULE = 'golang.org/x/telemetry/config@v0.99.0';

describe('the telemetry of go, switched on', { tags: ['go'] }, () => {
  const bench = useGoBench();
  let folder: string;
  beforeEach(() => {
    bench.proxy.publish({ module: MODULE }, { module: SIDECAR_MODULE });
    folder = join(bench.sandbox.env['XDG_CONFIG_HOME']!, 'go/telemetry');
    bench.sandbox.write({ mode: 'on 2020-01-01' }, folder);
  });

  test.each([
    [['build', './...']],
    [['env', 'GOPROXY']],
    [['env', '-w', 'GOSUMDB=off']],
    [['clean', '-modcache']],
    [['version']],
  ])('starts no process that fetches by itself: go %s', async (args) => {
    expect(await guarded(bench, args)).toMatchObject({ code: 0 });
    // It counts. What go writes before it starts that process is not there.
    expect(existsSync(join(folder, 'local'))).toBe(true);
    expect(readdirSync(join(folder, 'local'))).not.toContain('upload.token');
    expect(bench.proxy.asked.filter((path) => path.includes('telemetry'))).toEqual([]);
  });
});
